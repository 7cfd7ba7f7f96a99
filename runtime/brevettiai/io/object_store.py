"""What a back end can do that knows whole files only: the rest of the contract, from five methods.

It is the easy beginning of a back end; whatever its service does better takes the place of a method
here. See `docs/backends.md`.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Callable, Iterator
from typing import Any

from brevettiai.io.cache import ReadCache
from brevettiai.io.errors import StorageError
from brevettiai.io.local import FileEntry, write_whole
from brevettiai.io.s3_glob import glob
from brevettiai.io.s3_walk import Listing, list_folder, walk_folders
from brevettiai.io.settings import StorageSettings
from brevettiai.io.whole import Destination, spooled


class ObjectStore:
    """Files under names that may hold slashes; a folder is there as long as something is in it.

    A back end has to bring `read_file`, `write_file`, `remove_file`, `find` and `below`.

    Args:
        spool_folder: gives the local folder of files that are written until they are closed.
    """

    def __init__(
        self,
        settings: StorageSettings,
        spool_folder: Callable[[], str],
        cache: ReadCache | None = None,
    ) -> None:
        self._settings = settings
        self._spool_folder = spool_folder

    def read_file(self, path: str) -> bytes:
        """The content of a file; a FileNotFoundError where there is none."""
        raise NotImplementedError

    def write_file(self, path: str, content: bytes | memoryview) -> None:
        """Write a file whole."""
        raise NotImplementedError

    def create_file(self, path: str, content: bytes) -> None:
        """Write a file unless there is one; where others do so at once, a back end brings its own.

        Raises:
            FileExistsError: there is one.
        """
        if self.find(path):
            raise FileExistsError(errno.EEXIST, "Exists already", path)
        self.write_file(path, content)

    def remove_file(self, path: str) -> None:
        """Remove a file; one that is not there is gone already."""
        raise NotImplementedError

    def find(self, path: str) -> FileEntry | None:
        """What is known of a file; None where there is none."""
        raise NotImplementedError

    def below(self, folder: str) -> Iterator[FileEntry]:
        """All files below a folder (whose path ends with a slash), in whatever order.

        Their names are as seen from the folder. Nothing where there is no folder.
        """
        raise NotImplementedError

    def read_range(self, path: str, start: int, end: int | None, etag: str = "") -> bytes:
        if etag and self.stat(path).etag != etag:
            raise StorageError(errno.ESTALE, "Was replaced while it was read", path)
        return self.read_file(path)[start:end]

    def open_to_read(self, path: str) -> io.BufferedReader:
        # A reader of bytes in memory reads and seeks as one of a file does.
        return io.BufferedReader(io.BytesIO(self.read_file(path)))

    def open_to_append(self, path: str) -> io.BufferedWriter:
        raise io.UnsupportedOperation(f"{path}: there is no appending to files here")

    def destination(self, path: str) -> Destination:
        if path.endswith("/"):
            raise IsADirectoryError(errno.EISDIR, "Is a folder", path)
        return spooled(self._spool_folder(), path, self.upload_file)

    def upload_file(self, local: str, path: str) -> None:
        with open(local, "rb") as file:
            self.write_file(path, file.read())

    def download_file(self, path: str, local: str, size: int | None = None) -> None:
        write_whole(local, self.read_file(path))

    def copy_file(self, source: str, target: str) -> None:
        content = self.read_file(source)
        if source != target:
            self.write_file(target, content)

    def move_file(self, source: str, target: str) -> None:
        self.copy_file(source, target)
        if source != target:
            self.remove_file(source)

    def remove(self, path: str) -> None:
        if not path.endswith("/") and self.find(path):
            self.remove_file(path)
            return
        folder = _folder(path)
        names = [entry.name for entry in self.below(folder)]
        if not names:
            raise FileNotFoundError(errno.ENOENT, "No such file or folder", path)
        self.remove_files(folder, [folder + name for name in names])

    def remove_files(self, folder: str, paths: list[str]) -> None:
        for path in paths:
            self.remove_file(path)

    def remove_leftovers(self, path: str, age: float) -> int:
        return 0

    def exists(self, path: str) -> bool:
        return self.isfile(path) or self.isdir(path)

    def isfile(self, path: str) -> bool:
        return not path.endswith("/") and self.find(path) is not None

    def isdir(self, path: str) -> bool:
        return any(True for _ in self.below(_folder(path)))

    def stat(self, path: str) -> FileEntry:
        found = None if path.endswith("/") else self.find(path)
        if found is None and self.isdir(path):
            found = FileEntry(path.rstrip("/").rpartition("/")[2], 0, is_folder=True)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, "No such file or folder", path)
        return found

    def scandir(self, path: str) -> list[FileEntry]:
        found = list_folder(self._listing(path), "")
        if found:
            return found
        if self.isfile(path):
            raise NotADirectoryError(errno.ENOTDIR, "Is no folder", path)
        raise FileNotFoundError(errno.ENOENT, "No such folder", path)

    def files(self, path: str) -> Iterator[FileEntry]:
        return iter(sorted(self.below(_folder(path)), key=lambda entry: entry.name))

    def glob(self, pattern: str) -> list[str]:
        scheme, _, rest = pattern.partition("://")
        return glob(self._listing(f"{scheme}://{rest.partition('/')[0]}"), self.exists, pattern)

    def walk(self, path: str) -> Iterator[tuple[str, list[str], list[str]]]:
        return walk_folders(self._listing(path), path, "")

    def make_dirs(self, path: str) -> None:
        """There is nothing to do: files bring their folders with them."""

    def storage_options(self, path: str) -> dict[str, Any]:
        return {}

    def known_md5(self, path: str) -> str | None:
        return None

    def _listing(self, top: str) -> Listing:
        def answers(prefix: str, delimiter: str) -> Iterator[list[FileEntry]]:
            found: dict[FileEntry, None] = {}
            for entry in self.below(_folder(top) + prefix):
                inner, slash, _ = entry.name.partition("/")
                is_inside = delimiter and slash
                found[FileEntry(inner, 0, is_folder=True) if is_inside else entry] = None
            yield [*found]

        return answers


def _folder(path: str) -> str:
    return path.rstrip("/") + "/"
