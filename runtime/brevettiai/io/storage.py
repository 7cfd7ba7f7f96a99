"""The storage of a job: file operations on any path, by the path's prefix.

`s3://bucket/key` is an object on S3, and a path without a scheme a local one. All back ends, see
`brevettiai.io.backends`, have the same methods, and hold to what `Storage` says.
"""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from functools import partial
from io import TextIOWrapper
from tempfile import gettempdir
from threading import Lock
from typing import TYPE_CHECKING, cast, overload

from brevettiai.io import path as _path
from brevettiai.io.backends import BACKENDS, Backend
from brevettiai.io.cache import ReadCache
from brevettiai.io.errors import StorageError
from brevettiai.io.local import LocalFolders
from brevettiai.io.processes import belongs_to_process
from brevettiai.io.settings import StorageSettings
from brevettiai.io.trees import Path, Trees
from brevettiai.io.whole import CHUNK, WholeBinaryWriter, WholeTextWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from typing import IO, Any, Literal

    from brevettiai.io.filesystem import StorageFileSystem
    from brevettiai.io.local import FileEntry
    from brevettiai.io.s3 import S3Buckets
    from brevettiai.io.s3_credentials import CredentialsSource

#: In the folder of a storage.
CACHE, SPOOL = ".read-cache", ".spool"
_MODES = ("r", "rb", "w", "wb", "a", "ab", "rt", "wt", "at")


class PathFunctions:
    """Functions on paths of any storage, see `brevettiai.io.path`."""

    join = staticmethod(_path.join)
    relpath = staticmethod(_path.relpath)
    get_sep = staticmethod(_path.get_sep)
    is_address = staticmethod(_path.is_address)
    split_name = staticmethod(_path.split_name)
    escape = staticmethod(_path.escape)


class Storage(Trees):
    """File operations on local folders and S3, the same for both.

    Missing files raise FileNotFoundError with the path; other failures are OSErrors that name it.
    Files appear whole or not at all, overwrite what was there, and bring their folders with them.

    Args:
        folder: gives the local folder of what storage keeps: a cache of what is read from S3, and
            files on their way there. None for no cache; these files lie in the system's folder of
            temporary files then.
        settings: how it waits and shares its work; by default as the environment says.
    """

    path = PathFunctions

    def __init__(
        self, folder: Callable[[], str] | None = None, settings: StorageSettings | None = None
    ) -> None:
        self.settings = settings or StorageSettings.from_environment()
        self._local = LocalFolders()
        self._folder = folder
        self._backends: dict[str, Backend] = {}
        self.begin_anew()
        belongs_to_process(self)

    def begin_anew(self) -> None:
        """What a process does that was forked while its parent used this storage."""
        self._lock = Lock()

    def __reduce__(self) -> tuple[object, ...]:
        """A pickle has no connections: other processes make their own, and share the cache."""
        folder = self._folder and self._folder()
        return _unpickled, (type(self), folder, self.settings, self._routes())

    def with_settings(self, **changes: Any) -> Storage:
        """A storage of the same files, with the same credentials and some other settings."""
        from dataclasses import replace

        other = type(self)(self._folder, replace(self.settings, **changes))
        for prefix, source in self._routes():
            other.s3.add_route(prefix, source)
        return other

    @property
    def s3(self) -> S3Buckets:
        """The storage of paths on S3, to give it credentials by prefix (`add_route`)."""
        return cast("S3Buckets", self._backend("s3"))

    def _backend(self, scheme: str) -> Backend:
        with self._lock:
            if scheme not in self._backends:
                share, cache = self.settings.cache_share, None
                if self._folder and share:
                    cache = ReadCache(os.path.join(self._folder(), CACHE), share)
                opened = BACKENDS[scheme](self.settings, self._spool_folder, cache)
                self._backends[scheme] = opened
            return self._backends[scheme]

    def _routes(self) -> list[tuple[str, CredentialsSource]]:
        return self.s3.routes() if "s3" in self._backends else []

    @property
    def fs(self) -> StorageFileSystem:
        """This storage as an `fsspec` filesystem, for libraries that take one.

        Raises:
            ImportError: `fsspec` is not installed, which comes with the extra `fsspec`.
        """
        from brevettiai.io.filesystem import StorageFileSystem

        return StorageFileSystem(self)

    def storage_options(self, path: Path) -> dict[str, Any]:
        """What libraries that open `s3://` paths by themselves take as their `storage_options`.

        They are those of `s3fs`, with the credentials of the moment, which end after an hour or so:
        `fs` has ones that are renewed. Of local paths they are empty.
        """
        backend, where = self._at(path)
        return backend.storage_options(where)

    def _spool_folder(self) -> str:
        """The folder of files on their way to S3, which exists."""
        folder = self.settings.spool_folder
        if folder is None:
            folder = os.path.join(self._folder(), SPOOL) if self._folder else gettempdir()
        os.makedirs(folder, 0o700, exist_ok=True)  # For nobody else: it may hold what is secret.
        return folder

    def read_file(
        self, path: Path, start: int = 0, end: int | None = None, *, etag: str = ""
    ) -> bytes:
        """The content of a file, or as much of it as the slice `[start:end]` of the content is.

        Of a part on S3 only that part is transferred, and not kept in the cache.

        Args:
            etag: of the version to read, as `stat` tells it; another one is a StorageError.
        """
        backend, where = self._at(path)
        if start == 0 and end is None and not etag:
            return backend.read_file(where)
        return backend.read_range(where, start, end, etag)

    def write_file(self, path: Path, content: bytes | bytearray | memoryview | str) -> None:
        """Write a file whole; text is written as UTF-8, its newlines as they are."""
        backend, where = self._at(path)
        backend.write_file(where, content.encode() if isinstance(content, str) else _raw(content))

    def create_file(self, path: Path, content: bytes) -> None:
        """Write a file whole, unless there is one: of all who try at once, one succeeds.

        Some older S3 servers know no conditional writes, and overwrite.

        Raises:
            FileExistsError: there is one, with another content.
        """
        backend, where = self._at(path)
        backend.create_file(where, content)

    @overload
    def open(self, path: Path, mode: Literal["rb", "wb", "ab"]) -> IO[bytes]: ...
    @overload
    def open(
        self,
        path: Path,
        mode: Literal["r", "w", "a", "rt", "wt", "at"] = "r",
        *,
        encoding: str | None = None,
    ) -> IO[str]: ...
    def open(
        self, path: Path, mode: str = "r", *, encoding: str | None = None
    ) -> IO[bytes] | IO[str]:
        """Open a file to read (`r`, `rb`; it can seek), write whole (`w`, `wb`) or append to it.

        A written file appears when it is closed; an exception inside its `with` block leaves what
        was there. To append (`a`, `ab`) writes in place, at the end. Text is UTF-8 unless
        `encoding` says otherwise, newlines stay as they are.

        Raises:
            ValueError: another mode; or appending on S3, which cannot (an OSError too).
        """
        if mode not in _MODES:
            raise ValueError(f"mode {mode!r} is not one of {', '.join(_MODES)}")
        mode = mode.replace("t", "")
        backend, where = self._at(path)
        if mode == "rb":
            return backend.open_to_read(where)
        if mode == "wb":
            return WholeBinaryWriter(backend.destination(where))
        if mode == "ab":
            return backend.open_to_append(where)
        encoding = encoding or "utf-8"
        if mode == "a":
            return TextIOWrapper(backend.open_to_append(where), encoding=encoding, newline="")
        if mode == "r":
            # Newlines are read as they are written.
            return TextIOWrapper(backend.open_to_read(where), encoding=encoding, newline="")
        return WholeTextWriter(backend.destination(where), encoding)

    @contextmanager
    def local_file(self, path: Path, mode: Literal["r", "w", "a"] = "r") -> Generator[str]:
        """The path of a local file that stands for one anywhere, as long as a `with` block lasts.

        It is for libraries that take nothing but the path of a file:

            with job.io.local_file(job.artifact_path("model.keras"), "w") as local:
                model.save(local)

        To read (`r`), it is the file itself where that is local, else a copy. What is written (`w`)
        there appears whole at its place when the block ends; an exception leaves what was there. To
        change it (`a`), it begins as a copy of what is there, or as no file. Its name ends as that
        of the file.

        Raises:
            FileNotFoundError: there is no such file, or the block has written none.
        """
        from brevettiai.io.local_files import local_file

        backend, where = self._at(path)
        if mode == "r" and backend is self._local:
            self._local.stat(where)
            yield where
            return
        if mode not in ("r", "w", "a"):
            raise ValueError(f"mode {mode!r} is not one of r, w, a")
        destination = backend.destination(where)
        with local_file(destination, mode) as local:
            if mode == "r" or (mode == "a" and backend.isfile(where)):
                self._copy_file(where, local)
            yield local

    def exists(self, path: Path) -> bool:
        """Whether there is a file or folder at a path.

        On S3 a folder is there as long as something is in it.
        """
        backend, where = self._at(path)
        return backend.exists(where)

    def isdir(self, path: Path) -> bool:
        """Whether there is a folder at a path."""
        backend, where = self._at(path)
        return backend.isdir(where)

    def isfile(self, path: Path) -> bool:
        """Whether there is a file at a path; a folder is none."""
        backend, where = self._at(path)
        return backend.isfile(where)

    def stat(self, path: Path) -> FileEntry:
        """What is known of a file or folder: size, time, and ETag."""
        backend, where = self._at(path)
        return backend.stat(where)

    def listdir(self, path: Path) -> list[str]:
        """The names of the files and folders in a folder, sorted."""
        return [entry.name for entry in self.scandir(path)]

    def scandir(self, path: Path) -> list[FileEntry]:
        """The files and folders in a folder, by name, with what is known of them.

        Raises:
            FileNotFoundError: there is no such folder; NotADirectoryError if there is a file.
        """
        backend, where = self._at(path)
        return backend.scandir(where)

    def files(self, path: Path) -> Iterator[FileEntry]:
        """Every file below a folder with size, time and ETag, in one listing of S3.

        Names are as seen from the folder: `io.path.join(folder, entry.name)` is the path. An absent
        folder gives nothing.
        """
        backend, where = self._at(path)
        return backend.files(where)

    def glob(self, pattern: Path) -> list[str]:
        """The paths that fit a pattern, sorted: `*`, `?`, `[a-z]`, and `**` for folders in folders.

        It means what it means to `glob.glob(pattern, recursive=True)`: names that begin with a dot
        fit only patterns that do. `io.path.escape` lets a path stand for itself in a pattern.
        """
        backend, where = self._at(pattern)
        return backend.glob(where)

    def walk(
        self, path: Path, exclude_hidden: bool = False
    ) -> Iterator[tuple[str, list[str], list[str]]]:
        """Go through a folder as `os.walk` does: (folder, its folders, its files), top down.

        Names are sorted. Removing names from the list of folders keeps the walk out of them. An
        absent folder gives nothing. Folders without files need not be shown.

        Args:
            exclude_hidden: leave out files and folders whose names start with a dot.
        """
        backend, where = self._at(path)
        for folder, folders, files in backend.walk(where):
            if exclude_hidden:
                folders[:] = [name for name in folders if not name.startswith(".")]
                files[:] = [name for name in files if not name.startswith(".")]
            yield folder, folders, files

    def make_dirs(self, path: Path) -> None:
        """Make a folder and those above it; on S3, which has no folders, there is nothing to do."""
        backend, where = self._at(path)
        backend.make_dirs(where)

    def get_md5(self, path: Path) -> str:
        """The MD5 of a file's content, in hexadecimal."""
        from hashlib import md5

        backend, where = self._at(path)
        known = backend.known_md5(where)
        if known is not None:
            return known
        digest = md5(usedforsecurity=False)
        with backend.open_to_read(where) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def remove(self, path: Path) -> None:
        """Remove a file, or a folder with all that is in it."""
        backend, where = self._at(path)
        backend.remove(where)

    def remove_leftovers(self, folder: Path, age: float = 86_400) -> int:
        """Remove what killed processes left below a folder; the number of things removed.

        Locally these are hidden temporary files (`.brevetti-….part`) of processes of this machine
        that are dead, which their locks tell; where a file system has no locks they stay. On S3
        they are unfinished uploads, which nobody sees and everybody pays for.

        Args:
            age: seconds since an upload to S3 began, at least: a process may be at it still. One
                that is aborted all the same is begun again by the process.
        """
        backend, where = self._at(folder)
        return backend.remove_leftovers(where, age)

    def _at(self, path: Path) -> tuple[Backend, str]:
        """The storage of a path, and the path as text."""
        text = _path.text_of(path)
        if not text:
            raise FileNotFoundError(errno.ENOENT, "The path is empty", text)
        if not _path.is_address(text):
            return self._local, text
        scheme = text.partition("://")[0]
        if scheme not in BACKENDS:
            known = ", ".join(f"{each}://" for each in BACKENDS)
            text_of_error = f"There is no storage for {scheme}://, only {known} and local paths"
            raise StorageError(errno.EINVAL, text_of_error, text)
        return self._backend(scheme), text

    def _copy_file(self, source: str, target: str, size: int | None = None) -> None:
        backend, _ = self._at(source)
        to_backend, _ = self._at(target)
        if backend is to_backend:
            backend.copy_file(source, target)
        elif backend is self._local:
            to_backend.upload_file(source, target)
        elif to_backend is self._local:
            backend.download_file(source, target, size)
        else:
            with to_backend.destination(target) as part:
                backend.download_file(source, part, size)


def _raw(content: bytes | bytearray | memoryview) -> bytes | memoryview:
    """Bytes in a row, without a copy of them where they are; no other objects than buffers."""
    view = memoryview(content)
    if view.nbytes == 0 or not view.c_contiguous:
        return bytes(view)
    return content if isinstance(content, bytes) else view.cast("B")


def _unpickled(
    cls: type[Storage],
    folder: str | None,
    settings: StorageSettings,
    routes: list[tuple[str, CredentialsSource]],
) -> Storage:
    storage = cls(partial(str, folder) if folder else None, settings)
    for prefix, source in routes:
        storage.s3.add_route(prefix, source)
    return storage
