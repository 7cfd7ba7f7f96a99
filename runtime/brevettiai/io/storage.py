"""The storage of a job: file operations on any path, by the path's prefix.

`s3://bucket/key` is an object on S3; every other path is a local one. Both back ends have the same
methods, and hold to what `Storage` says.
"""

from __future__ import annotations

import errno
import os
from functools import partial
from io import TextIOWrapper
from tempfile import gettempdir
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias, overload

from brevettiai.io import path as _path
from brevettiai.io.cache import ReadCache
from brevettiai.io.errors import StorageError
from brevettiai.io.local import LocalFolders
from brevettiai.io.processes import belongs_to_process
from brevettiai.io.settings import StorageSettings
from brevettiai.io.whole import CHUNK, WholeBinaryWriter, WholeTextWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO, Literal

    from brevettiai.io.local import FileEntry
    from brevettiai.io.s3 import S3Buckets
    from brevettiai.io.s3_credentials import CredentialsSource

    Backend: TypeAlias = LocalFolders | S3Buckets

Path: TypeAlias = str | os.PathLike[str]

#: In the folder of a storage.
CACHE, SPOOL = ".read-cache", ".spool"
_MODES = ("r", "rb", "w", "wb", "rt", "wt")


class PathFunctions:
    """Functions on paths of any storage, see `brevettiai.io.path`."""

    join = staticmethod(_path.join)
    relpath = staticmethod(_path.relpath)
    get_sep = staticmethod(_path.get_sep)
    is_address = staticmethod(_path.is_address)
    split_name = staticmethod(_path.split_name)


class Storage:
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
        self._s3: S3Buckets | None = None
        self.begin_anew()
        belongs_to_process(self)

    def begin_anew(self) -> None:
        """What a process does that was forked while its parent used this storage."""
        self._lock = Lock()

    def __reduce__(self) -> tuple[object, ...]:
        """A pickle has no connections: other processes make their own, and share the cache."""
        folder = self._folder and self._folder()
        routes = self._s3.routes() if self._s3 else []
        return _unpickled, (type(self), folder, self.settings, routes)

    @property
    def s3(self) -> S3Buckets:
        """The storage of `s3://` paths, to give it credentials by prefix (`add_route`)."""
        with self._lock:
            if self._s3 is None:
                from brevettiai.io.s3 import S3Buckets

                share, cache = self.settings.cache_share, None
                if self._folder and share:
                    cache = ReadCache(os.path.join(self._folder(), CACHE), share)
                self._s3 = S3Buckets(self.settings, self._spool_folder, cache)
            return self._s3

    def _spool_folder(self) -> str:
        """The folder of files on their way to S3, which exists."""
        folder = self.settings.spool_folder
        if folder is None:
            folder = os.path.join(self._folder(), SPOOL) if self._folder else gettempdir()
        os.makedirs(folder, exist_ok=True)
        return folder

    def read_file(self, path: Path) -> bytes:
        """The content of a file."""
        backend, where = self._at(path)
        return backend.read_file(where)

    def write_file(self, path: Path, content: bytes | bytearray | memoryview | str) -> None:
        """Write a file whole; text is written as UTF-8, its newlines as they are."""
        backend, where = self._at(path)
        # Through a memoryview, because bytes(5) would be five zeros.
        raw = content.encode() if isinstance(content, str) else bytes(memoryview(content))
        backend.write_file(where, raw)

    @overload
    def open(self, path: Path, mode: Literal["rb", "wb"]) -> IO[bytes]: ...
    @overload
    def open(
        self, path: Path, mode: Literal["r", "w", "rt", "wt"] = "r", *, encoding: str | None = None
    ) -> IO[str]: ...
    def open(
        self, path: Path, mode: str = "r", *, encoding: str | None = None
    ) -> IO[bytes] | IO[str]:
        """Open a file to read (`r`, `rb`; it can seek) or to write whole (`w`, `wb`).

        A written file appears when it is closed; an exception inside its `with` block leaves what
        was there. Text is UTF-8 unless `encoding` says otherwise, newlines stay as they are.

        Raises:
            ValueError: another mode; appending in place is nothing S3 can do.
        """
        if mode not in _MODES:
            raise ValueError(f"mode {mode!r} is not one of {', '.join(_MODES)}")
        mode = mode.replace("t", "")
        backend, where = self._at(path)
        if mode == "rb":
            return backend.open_to_read(where)
        if mode == "wb":
            return WholeBinaryWriter(backend.destination(where))
        encoding = encoding or "utf-8"
        if mode == "r":
            # Newlines are read as they are written.
            return TextIOWrapper(backend.open_to_read(where), encoding=encoding, newline="")
        return WholeTextWriter(backend.destination(where), encoding)

    def isfile(self, path: Path) -> bool:
        """Whether there is a file at a path; a folder is none."""
        backend, where = self._at(path)
        return backend.isfile(where)

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

    def copy(self, source: Path, target: Path) -> None:
        """Copy a file to the path `target`, or the content of a folder into the folder `target`.

        Raises:
            TransferError: some files of a folder could not be copied.
        """
        if self.isfile(source):
            self._copy_file(_path.text_of(source), _path.text_of(target))
        else:
            self._copy_tree(_path.text_of(source), _path.text_of(target))

    def move(self, source: Path, target: Path) -> None:
        """Move a file to the path `target`, or the content of a folder into the folder `target`.

        A local folder is renamed. Of others, all files are copied before these are removed; what
        appears there meanwhile stays.
        """
        backend, from_path = self._at(source)
        to_backend, to_path = self._at(target)
        if not backend.isfile(from_path):
            if backend is to_backend is self._local and self._local.move_folder(from_path, to_path):
                return
            copied: list[str] = []
            self._copy_tree(from_path, to_path, copied)
            backend.remove_files(from_path, copied)
        elif backend is to_backend:
            backend.move_file(from_path, to_path)
        else:
            self._copy_file(from_path, to_path)
            backend.remove(from_path)

    def upload_tree(self, folder: Path, target: Path) -> int:
        """Copy the content of a local folder into the folder `target`; the number of files.

        Raises:
            FileNotFoundError: there is no such folder.
            TransferError: some files could not be transferred; the others were.
        """
        return self._copy_tree(_path.text_of(folder), _path.text_of(target))

    def download_tree(self, source: Path, folder: Path) -> int:
        """Copy the content of the folder `source` into a local folder; the number of files.

        Names that would leave the folder, or that the system has no file names for, are failures.

        Raises:
            FileNotFoundError: there are no files below `source`.
            TransferError: some files could not be transferred; the others were.
        """
        return self._copy_tree(_path.text_of(source), _path.text_of(folder))

    def _at(self, path: Path) -> tuple[Backend, str]:
        """The storage of a path, and the path as text."""
        text = _path.text_of(path)
        if not text:
            raise FileNotFoundError(errno.ENOENT, "The path is empty", text)
        if text.startswith("s3://"):
            return self.s3, text
        if not _path.is_address(text):
            return self._local, text
        scheme = text.partition("://")[0]
        raise StorageError(
            errno.EINVAL, f"There is no storage for {scheme}://, only s3:// and local paths", text
        )

    def _copy_file(self, source: str, target: str, size: int | None = None) -> None:
        backend, _ = self._at(source)
        to_backend, _ = self._at(target)
        if backend is to_backend:
            backend.copy_file(source, target)
        elif backend is self._local:
            self.s3.upload_file(source, target)
        else:
            self.s3.download_file(source, target, size)

    def _copy_tree(self, source: str, target: str, copied: list[str] | None = None) -> int:
        """Copy what is in a folder; the number of files, whose paths `copied` gets."""
        from brevettiai.io.transfer import transfer

        backend, _ = self._at(source)
        base = source if source.endswith(_path.get_sep(source)) else source + _path.get_sep(source)
        if (target + _path.get_sep(target)).startswith(base):
            raise ValueError(f"cannot copy the folder {source} into itself ({target})")

        def copy(entry: FileEntry) -> None:
            parts = _path.split_name(entry.name)
            path = base + entry.name
            if backend is self._local:
                self._local.require_file(path)
            self._copy_file(path, _path.join(target, *parts), entry.size)
            if copied is not None:
                copied.append(path)

        done = transfer(
            backend.files(source), copy, lambda entry: base + entry.name, self.settings.threads
        )
        if not done and not (backend is self._local and os.path.isdir(source)):
            raise FileNotFoundError(errno.ENOENT, "No such file or folder", source)
        return done


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
