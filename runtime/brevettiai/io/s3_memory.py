"""Uploading what is in memory, in parts and without a copy of it.

The library that uploads in parts reads a file by its name from many threads, each its own part. Of
an object in memory it would copy all parts that are under way.
"""

from __future__ import annotations

import io
from typing import IO, Any, cast

from s3transfer.utils import OSUtils

_MOST = 1 << 16


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
            return cast("IO[bytes]", _Reader(filename.content))
        return super().open(filename, mode)


class _Reader(io.RawIOBase):
    """Gives less than it is asked for, so that many of them take little."""

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

    def read(self, size: int = -1) -> bytes:
        end = self._position + _MOST if size < 0 else self._position + min(size, _MOST)
        chunk = bytes(self._content[self._position : end])
        self._position += len(chunk)
        return chunk
