"""Files that appear whole: written beside their place, put there when they are closed.

Closing a writer of this module puts its file in place; leaving its `with` block by an exception, or
dropping it unclosed, throws the file away.
"""

from __future__ import annotations

import contextlib
import io
import os

from brevettiai.io.locks import keep_lock, machine, open_locked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    File = io.IOBase
else:
    File = object

PART_PREFIX = ".brevetti-"
PART_SUFFIX = ".part"
LOCK_SUFFIX = ".lock"
"""Of a lock beside a temporary file, whose name it follows."""

CHUNK = 1 << 20
"""Of a file that goes through memory piece by piece, in bytes."""


class Destination:
    """Where a file will appear, and the temporary file that is written first.

    In a `with` statement, for those who write the temporary file themselves: it gives the path of
    that file, and puts it in place unless an exception leaves the block. A lock beside it tells
    meanwhile that it belongs to a living process.

    Args:
        part: the temporary file, which does not exist yet.
        target: the path to name in errors.
        put: brings the temporary file to where it belongs.
        mode: permissions of the temporary file, before the umask.
    """

    def __init__(
        self, part: str, target: str, put: Callable[[str], None], mode: int = 0o666
    ) -> None:
        self.part = part
        self.target = target
        self.mode = mode
        self._put = put
        self._lock_path = part + LOCK_SUFFIX
        self._lock: int | None = None

    def open(self, path: str, flags: int) -> int:
        """Create a file for this destination, and hold it; a descriptor of it."""
        try:
            return open_locked(path, flags, self.mode)
        except OSError as error:
            raise type(error)(error.errno, error.strerror, self.target) from None

    def commit(self) -> None:
        """Put the temporary file in place; where that fails, it is gone."""
        try:
            self._put(self.part)
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Remove the temporary file, which may be gone already."""
        with contextlib.suppress(OSError):
            os.remove(self.part)

    def __enter__(self) -> str:
        self._lock = self.open(self._lock_path, os.O_RDWR | os.O_EXCL)
        return self.part

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            if kind is None:
                self.commit()
            else:
                self.discard()
                if isinstance(error, OSError):
                    self.name(error)
        finally:
            if self._lock is not None:
                os.close(self._lock)
                with contextlib.suppress(OSError):
                    os.remove(self._lock_path)

    def name(self, error: OSError) -> None:
        """Let an error that names no file, as that of a full disk, name what cannot be written."""
        if error.filename in (None, self.part) and error.errno is not None:
            folder = os.path.dirname(os.path.abspath(self.part))
            error.filename = self.target
            if folder != os.path.dirname(os.path.abspath(self.target)):
                error.filename, error.filename2 = folder, self.target


def spooled(folder: str, path: str, upload: Callable[[str, str], object]) -> Destination:
    """A temporary file in a local folder, for nobody else, and the step that uploads it."""

    def put(written: str) -> None:
        upload(written, path)
        os.remove(written)

    return Destination(os.path.join(folder, part_name()), path, put, mode=0o600)


def part_name() -> str:
    """A new name for a temporary file; walks of local folders do not show such names."""
    return f"{PART_PREFIX}{machine()}-{os.urandom(6).hex()}{PART_SUFFIX}"


def is_part(name: str) -> bool:
    """Whether a file name is that of a temporary file, or of one that was made for it."""
    return name.startswith(PART_PREFIX) and PART_SUFFIX in name


class _Part(io.FileIO):
    """The temporary file: commits itself when closed, unless discarded before."""

    def __init__(self, destination: Destination) -> None:
        self._destination: Destination | None = destination
        try:
            super().__init__(destination.part, "x", opener=destination.open)
        except OSError:
            self._destination = None
            raise

    def write(self, content: Any) -> int:
        try:
            return super().write(content)
        except OSError as error:
            if self._destination is not None:
                self._destination.name(error)
            raise

    def discard(self) -> None:
        destination, self._destination = self._destination, None
        if destination is not None:
            super().close()
            destination.discard()

    def close(self) -> None:
        if not self.closed:
            destination, self._destination = self._destination, None
            held = None if destination is None else keep_lock(self.fileno())
            try:
                super().close()
                if destination is not None:
                    destination.commit()
            finally:
                if held is not None:
                    os.close(held)


class _Whole(File):
    """What makes a writer of the standard library put its file in place, or throw it away."""

    _part: _Part

    def close(self) -> None:
        """Put the file in its place.

        Raises:
            OSError: it could not be written in full; its place is as before.
        """
        if self.closed:
            return
        try:
            self.flush()
        except BaseException:
            self._part.discard()
            raise
        super().close()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self.close()
        else:
            self._part.discard()

    def __del__(self) -> None:
        if "_part" in vars(self):
            self._part.discard()


class WholeBinaryWriter(_Whole, io.BufferedWriter):
    """A binary file that appears whole when closed."""

    def __init__(self, destination: Destination, buffer_size: int = CHUNK) -> None:
        self._part = _Part(destination)
        super().__init__(self._part, buffer_size)


class WholeTextWriter(_Whole, io.TextIOWrapper):
    """A text file that appears whole when closed; newlines are written as they are given."""

    def __init__(self, destination: Destination, encoding: str) -> None:
        self._part = _Part(destination)
        super().__init__(io.BufferedWriter(self._part, CHUNK), encoding=encoding, newline="")
