"""Files that appear whole: written beside their place, put there when they are closed.

A writer of this module writes to a temporary file. Closing it hands that file to `commit`; leaving
its `with` block by an exception, or dropping it unclosed, throws the temporary file away.
"""

from __future__ import annotations

import contextlib
import io
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

PART_PREFIX = ".brevetti-"
PART_SUFFIX = ".part"


_BUFFER = 1 << 20


class Place:
    """Where a file is written, and where it goes.

    Args:
        part: the temporary file, which does not exist yet.
        target: the path to name in errors.
        commit: puts the temporary file in its place; what it raises, closing the file raises.
        mode: permissions of the temporary file, before the umask.
    """

    __slots__ = ("commit", "mode", "part", "target")

    def __init__(
        self, part: str, target: str, commit: Callable[[str], None], mode: int = 0o666
    ) -> None:
        self.part = part
        self.target = target
        self.commit = commit
        self.mode = mode


def part_name() -> str:
    """A new name for a temporary file; walks of local folders do not show such names."""
    return f"{PART_PREFIX}{os.urandom(8).hex()}{PART_SUFFIX}"


def is_part(name: str) -> bool:
    """Whether a file name is that of a temporary file, or of one that was made for it."""
    return name.startswith(PART_PREFIX) and PART_SUFFIX in name


def remove_quietly(path: str) -> None:
    """Remove a file that may be gone already."""
    with contextlib.suppress(OSError):
        os.remove(path)


class _Part(io.FileIO):
    """The temporary file: commits itself when closed, unless discarded before."""

    def __init__(self, place: Place) -> None:
        self._place: Place | None = place
        try:
            super().__init__(
                place.part, "x", opener=lambda path, flags: os.open(path, flags, place.mode)
            )
        except OSError as error:
            self._place = None
            raise type(error)(error.errno, error.strerror, place.target) from None

    def discard(self) -> None:
        if self._place is not None:
            place, self._place = self._place, None
            super().close()
            remove_quietly(place.part)

    def close(self) -> None:
        if self.closed:
            return
        super().close()
        place, self._place = self._place, None
        if place is None:
            return
        try:
            place.commit(place.part)
        except BaseException:
            remove_quietly(place.part)
            raise


class _Whole(io.IOBase):
    """What writers have in common that appear whole when closed."""

    def discard(self) -> None:
        """Forget what was written: nothing is left behind."""
        raise NotImplementedError

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
            self.discard()
            raise
        super().close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def __del__(self) -> None:
        self.discard()


class WholeBinaryWriter(_Whole, io.BufferedWriter):
    """A binary file that appears whole when closed."""

    def __init__(self, place: Place) -> None:
        self._part = _Part(place)
        super().__init__(self._part, _BUFFER)

    def discard(self) -> None:
        """Forget what was written: nothing is left behind."""
        self._part.discard()


class WholeTextWriter(_Whole, io.TextIOWrapper):
    """A text file that appears whole when closed; newlines are written as they are given."""

    def __init__(self, place: Place, encoding: str) -> None:
        self._whole = WholeBinaryWriter(place)
        super().__init__(self._whole, encoding=encoding, newline="")

    def discard(self) -> None:
        """Forget what was written: nothing is left behind."""
        self._whole.discard()
