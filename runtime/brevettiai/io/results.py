"""What operations on many files tell of themselves."""

from __future__ import annotations

from typing import NamedTuple


class Progress(NamedTuple):
    """How far a transfer of many files is, and of how much in all; sizes are in bytes."""

    files: int
    size: int
    all_files: int
    all_size: int


class SyncResult(NamedTuple):
    """What a sync did; files are named as seen from the folder.

    Attributes:
        copied: the files that were new or had changed.
        unchanged: how many were the same already.
        removed: the files that were in the target only.
    """

    copied: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
