"""Reading an object on S3 as a file: a stream that goes on where it broke, and that can seek."""

from __future__ import annotations

import errno
import io
import os
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    ConnectionClosedError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from brevettiai.io.errors import StorageError
from brevettiai.io.s3_errors import DamagedError, translate
from brevettiai.io.whole import CHUNK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.response import StreamingBody

    from brevettiai.io.s3_retries import Retries

BROKEN_STREAM = (
    ConnectionClosedError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
"""What reading the body of an answer raises when the connection breaks."""

_ATTEMPTS = 4


class ObjectReader(io.RawIOBase):
    """The bytes of one version of an object.

    Where S3 tells a checksum of the whole, a file that is read from its start to its end is
    verified before the last bytes are given: it is read again if nothing was given yet.

    Args:
        answer: to the request for all of it, with the stream already begun.
        open_at: opens a stream of the same version from an offset on; from 0, with its checksum.
        retries: say how long a stream that gives nothing is opened again.
    """

    def __init__(
        self,
        path: str,
        answer: Mapping[str, Any],
        open_at: Callable[[int], StreamingBody],
        retries: Retries,
    ) -> None:
        super().__init__()
        self._path = path
        self._size: int = answer["ContentLength"]
        self._known = {answer[name] for name in answer if name.startswith("Checksum")}
        self._open_at = open_at
        self._retries = retries
        self._position = 0
        self._process = os.getpid()
        self._body: StreamingBody | None = None
        self._checksum: Any = None
        self._use(answer["Body"])

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
            self._go_to(position)
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
            except DamagedError:
                if start or attempt == _ATTEMPTS:
                    raise
                self._go_to(0)

    def _read(self, most: int) -> bytes:
        """The next bytes, at most so many, none at the end; from a new stream where one broke."""
        wanted = min(most, self._size - self._position)
        begun, attempt = time.monotonic(), 0
        while wanted > 0:
            if self._process != os.getpid():
                # The stream is that of the process that forked this one.
                self._body, self._process = None, os.getpid()
            start = self._position
            body = self._body or self._use(self._open_at(start))
            attempt += 1
            try:
                if chunk := body.read(wanted):
                    self._take(chunk)
                    return chunk
                broken: OSError = StorageError(errno.EIO, "S3 sent less than there is", self._path)
            except BROKEN_STREAM as error:
                broken = translate(error, self._path)
            except DamagedError:
                if start or attempt == _ATTEMPTS:
                    raise
                self._go_to(0)
                continue
            self._drop()
            if not self._retries.again(attempt, begun) and attempt >= _ATTEMPTS:
                raise broken
        return b""

    def _use(self, body: StreamingBody) -> StreamingBody:
        self._body = body
        # Streams of a part have no checksum: that of the first stream counts their bytes too.
        self._counts_itself = self._position == 0
        if self._counts_itself and self._known:  # A part may come with the checksum of the whole.
            self._checksum = getattr(body, "_checksum", None)
        return body

    def _take(self, chunk: bytes) -> None:
        self._position += len(chunk)
        if self._checksum is None:
            return
        if not self._counts_itself:
            self._checksum.update(chunk)
        if self._position == self._size and self._checksum.b64digest() not in self._known:
            raise DamagedError(self._path)

    def close(self) -> None:
        if not self.closed:
            self._drop()
        super().close()

    def _go_to(self, position: int) -> None:
        self._drop()
        self._position, self._checksum = position, None

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None
