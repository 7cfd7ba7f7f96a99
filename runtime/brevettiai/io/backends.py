"""The back ends of storage: which there are, and what each of them has to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedReader, BufferedWriter

    from brevettiai.io.cache import ReadCache
    from brevettiai.io.local import FileEntry
    from brevettiai.io.settings import StorageSettings
    from brevettiai.io.whole import Destination


class Backend(Protocol):
    """Files at the paths of a scheme, under the contract of `brevettiai.io.Storage`.

    Paths are whole (`s3://bucket/key`). What `Storage` says of a method of the same name holds:
    what is missing is a FileNotFoundError with the path, another failure an OSError that names it,
    and what is written appears whole or not at all.
    """

    def read_file(self, path: str, /) -> bytes: ...

    def read_range(self, path: str, start: int, end: int | None, etag: str, /) -> bytes:
        """A part of a file; an error where `etag` is that of another version, empty for any."""
        ...

    def open_to_read(self, path: str, /) -> BufferedReader: ...
    def open_to_append(self, path: str, /) -> BufferedWriter: ...
    def write_file(self, path: str, content: bytes | memoryview, /) -> None: ...
    def create_file(self, path: str, content: bytes, /) -> None: ...

    def destination(self, path: str, /) -> Destination:
        """A local temporary file, and the step that brings it to the path."""
        ...

    def upload_file(self, local: str, path: str, /) -> None:
        """Write a file from a local one."""
        ...

    def download_file(self, path: str, local: str, size: int | None = None, /) -> None:
        """Write a local file, whole, from a file of that size, if it is known."""
        ...

    def copy_file(self, source: str, target: str, /) -> None: ...
    def move_file(self, source: str, target: str, /) -> None: ...
    def remove(self, path: str, /) -> None: ...

    def remove_files(self, folder: str, paths: list[str], /) -> None:
        """Remove files of a folder, and the folder if nothing else is in it."""
        ...

    def remove_leftovers(self, path: str, age: float, /) -> int: ...
    def exists(self, path: str, /) -> bool: ...
    def isfile(self, path: str, /) -> bool: ...
    def isdir(self, path: str, /) -> bool: ...
    def stat(self, path: str, /) -> FileEntry: ...
    def scandir(self, path: str, /) -> list[FileEntry]: ...
    def files(self, path: str, /) -> Iterator[FileEntry]: ...
    def glob(self, pattern: str, /) -> list[str]: ...
    def walk(self, path: str, /) -> Iterator[tuple[str, list[str], list[str]]]: ...
    def make_dirs(self, path: str, /) -> None: ...

    def storage_options(self, path: str, /) -> dict[str, Any]: ...

    def known_md5(self, path: str, /) -> str | None:
        """The MD5 of a file in hexadecimal where it is known without reading, else None."""
        ...


Opener: TypeAlias = "Callable[[StorageSettings, Callable[[], str], ReadCache | None], Backend]"
"""Gives a back end.

It is called when a path of the back end is first used: with the settings, a function that gives the
local folder of files on their way, and the cache of what is read, None for none.
"""


def _s3(
    settings: StorageSettings, spool_folder: Callable[[], str], cache: ReadCache | None
) -> Backend:
    from brevettiai.io.s3 import S3Buckets

    return S3Buckets(settings, spool_folder, cache)


BACKENDS: dict[str, Opener] = {"s3": _s3}
"""The back ends by the scheme of their paths, which those in local folders do not have."""
