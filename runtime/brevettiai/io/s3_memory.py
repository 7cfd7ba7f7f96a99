"""Uploading what is in memory, in parts and without a copy of it.

The library that uploads in parts reads a file by its name from many threads, each its own part. Of
an object in memory it would copy all parts that are under way.
"""

from __future__ import annotations

import io
from typing import IO, Any

from s3transfer.utils import OSUtils


class Content(str):
    """Content in the place of a file's name."""

    content: memoryview

    def __new__(cls, content: bytes | memoryview) -> Content:
        named = super().__new__(cls, "content in memory")
        named.content = memoryview(content)
        return named


class Files(OSUtils):
    """The files of the system, and contents."""

    def get_file_size(self, filename: str) -> int:
        if isinstance(filename, Content):
            return filename.content.nbytes
        return super().get_file_size(filename)

    def open(self, filename: str, mode: str) -> IO[Any]:
        if isinstance(filename, Content):
            return io.BufferedReader(_Reader(filename.content))
        return super().open(filename, mode)


class _Reader(io.RawIOBase):
    def __init__(self, content: memoryview) -> None:
        super().__init__()
        self._content = content
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: len(self._content)}
        self._position = base[whence] + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        chunk = self._content[self._position : self._position + len(buffer)]
        buffer[: len(chunk)] = chunk
        self._position += len(chunk)
        return len(chunk)
