"""The contract of a storage: what `LocalFolders` and `S3Buckets` both do, in the same words.

Everywhere: missing files raise FileNotFoundError with the path; other failures are OSErrors that
name the path; files appear whole or not at all, and overwrite what was there; folders come into
being with their first file.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader
from typing import NamedTuple, Protocol

from brevettiai.io.whole import Destination

CHUNK = 1 << 20
"""Of a file that goes through memory piece by piece, in bytes."""


class FileEntry(NamedTuple):
    """A file of a tree: its name from the tree's top, with `/` between parts, and its bytes."""

    name: str
    size: int


class Backend(Protocol):
    """Operations on paths of one storage."""

    def read_file(self, path: str) -> bytes:
        """The content of a file."""
        ...

    def write_file(self, path: str, content: bytes) -> None:
        """Write a file whole, over what was there."""
        ...

    def open_to_read(self, path: str) -> BufferedReader:
        """A file to read from, which can seek."""
        ...

    def destination(self, path: str) -> Destination:
        """Where a file is to appear at a path."""
        ...

    def copy_file(self, source: str, target: str) -> None:
        """Copy a file within this storage."""
        ...

    def move_file(self, source: str, target: str) -> None:
        """Move a file within this storage."""
        ...

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all that is in it."""
        ...

    def isfile(self, path: str) -> bool:
        """Whether a path is that of a file."""
        ...

    def walk(self, path: str) -> Iterator[tuple[str, list[str], list[str]]]:
        """(folder, its folders, its files), top down, as `os.walk` gives them, names sorted."""
        ...

    def files(self, path: str) -> Iterator[FileEntry]:
        """Every file below a folder."""
        ...

    def make_dirs(self, path: str) -> None:
        """Make a folder, where the storage has folders of their own."""
        ...

    def known_md5(self, path: str) -> str | None:
        """The MD5 of a file's content in hexadecimal, where the storage knows it unread."""
        ...
