"""What storage raises besides the built-in FileNotFoundError, PermissionError and their kin."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 5


class StorageError(OSError):
    """A storage operation failed; the text names the path, what went wrong, and how to mend it."""


class TransferError(StorageError):
    """Some files of a tree could not be transferred; the others were.

    Attributes:
        failures: (path of the source file, the exception) for every file that failed.
        done: how many files were transferred.
        left: how many were not begun, as too many before them failed.
    """

    def __init__(self, failures: Sequence[tuple[str, Exception]], done: int, left: int = 0) -> None:
        self.failures = list(failures)
        self.done = done
        self.left = left
        never = f", {left} were not begun" if left else ""
        lines = [f"{len(failures)} of the files failed, {done} were transferred{never}:"]
        for path, error in failures[:_SHOWN]:
            lines.append(f"  {path if path.isprintable() else repr(path)}: {error}")
        if len(failures) > _SHOWN:
            lines.append(f"  … and {len(failures) - _SHOWN} more, in .failures")
        super().__init__("\n".join(lines))
