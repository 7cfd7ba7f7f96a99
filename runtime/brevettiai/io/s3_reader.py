"""Reading an object on S3 as a file: a stream that goes on where it broke, and that can seek."""

from __future__ import annotations

import errno
import io
import os
from typing import TYPE_CHECKING

from botocore.exceptions import (
    ConnectionClosedError,
    FlexibleChecksumError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from brevettiai.io.errors import StorageError
from brevettiai.io.s3_client import DAMAGED, translate
from brevettiai.io.whole import CHUNK

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.response import StreamingBody

BROKEN_STREAM = (
    ConnectionClosedError,
    FlexibleChecksumError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
"""What reading the body of an answer raises when the connection breaks, or flips bits."""

_ATTEMPTS = 4


class _DamagedError(StorageError):
    """Not what was stored."""


class ObjectReader(io.RawIOBase):
    """The bytes of one version of an object.

    Where S3 tells a checksum of the whole, a file that is read from its start to its end is
    verified before the last bytes are given: it is read again if nothing was given yet.

    Args:
        size: of the object, in bytes.
        body: the stream of all of it, already begun.
        open_at: opens a stream of the same version from an offset on; from 0, one that is verified.
    """

    def __init__(
        self, path: str, size: int, body: StreamingBody, open_at: Callable[[int], StreamingBody]
    ) -> None:
        super().__init__()
        self._path = path
        self._size = size
        self._body: StreamingBody | None = body
        self._open_at = open_at
        self._position = 0
        self._process = os.getpid()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        position = base + offset
        if position < 0:
            raise ValueError(f"cannot seek to {position}, before the start")
        if position != self._position:
            self._drop()
            self._position = position
        return position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def readall(self) -> bytes:
        start, attempt = self._position, 0
        while True:
            attempt += 1
            try:
                return b"".join(iter(lambda: self._read(CHUNK), b""))
            except _DamagedError:
                if start or attempt == _ATTEMPTS:
                    raise
                self._position = start

    def _read(self, most: int) -> bytes:
        """The next bytes, at most so many, none at the end; from a new stream where one broke."""
        wanted = min(most, self._size - self._position)
        attempt = 0
        while wanted > 0:
            attempt += 1
            if self._process != os.getpid():
                # The stream is that of the process that forked this one.
                self._body, self._process = None, os.getpid()
            try:
                if self._body is None:
                    self._body = self._open_at(self._position)
                chunk = self._body.read(wanted)
                if chunk:
                    if self._position + len(chunk) == self._size:
                        self._body.read(1)  # At the end of all of it, that verifies it.
                    self._position += len(chunk)
                    return chunk
                broken: OSError = StorageError(errno.EIO, "S3 sent less than there is", self._path)
            except FlexibleChecksumError:
                broken = _DamagedError(errno.EIO, DAMAGED, self._path)
                if self._position:
                    self._drop()
                    raise broken from None
            except BROKEN_STREAM as error:
                broken = translate(error, self._path)
            self._drop()
            if attempt == _ATTEMPTS:
                raise broken
        return b""

    def close(self) -> None:
        if not self.closed:
            self._drop()
        super().close()

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None
