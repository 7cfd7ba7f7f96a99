"""A storage as an `fsspec` filesystem: what pandas, pyarrow, zarr and others take.

Paths are those of the storage, `s3://` at their beginning included; local ones are made absolute.
Files that are written appear whole when they are closed, one by one.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from brevettiai.io.path import is_address, text_of

if TYPE_CHECKING:
    from brevettiai.io.local import FileEntry
    from brevettiai.io.storage import Storage

    # What is used of fsspec, which has no types.
    class AbstractBufferedFile:
        size: int

        def __init__(self, fs: object, path: str, **options: Any) -> None: ...

    class AbstractFileSystem:
        def __init__(self) -> None: ...
        def open(self, path: Any, mode: str = "rb", **options: Any) -> IO[Any]: ...
        def find(self, path: Any, **options: Any) -> Any: ...
        def expand_path(self, path: Any, **options: Any) -> list[str]: ...
        def get_file(self, rpath: Any, lpath: Any, **options: Any) -> None: ...
        def mv(self, path1: Any, path2: Any, **options: Any) -> None: ...

else:
    try:
        from fsspec.spec import AbstractBufferedFile, AbstractFileSystem
    except ImportError as error:
        text = "the filesystem of a storage needs fsspec: pip install 'brevetti[fsspec]'"
        raise ImportError(text) from error

Info = dict[str, Any]
"""What fsspec says of a path: name, size, type, and here mtime and ETag."""


class StorageFileSystem(AbstractFileSystem):
    """The files of a storage, with its credentials.

    There are no transactions over several files, and no appending to files on S3.
    """

    protocol = "brevettiai"
    cachable = False
    root_marker = ""

    def __init__(self, storage: Storage) -> None:
        super().__init__()
        self.storage = storage

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:
        if isinstance(path, list):
            return [cls._strip_protocol(each) for each in path]  # pyright: ignore[reportUnknownVariableType]
        text = text_of(path)
        if is_address(text):
            return text.rstrip("/")
        return os.path.abspath(text).replace(os.sep, "/")

    @classmethod
    def _parent(cls, path: Any) -> str:
        text: str = cls._strip_protocol(path)
        if not is_address(text):
            return os.path.dirname(text)
        scheme, _, rest = text.partition("://")
        return f"{scheme}://{rest.rpartition('/')[0] or rest}"

    def unstrip_protocol(self, name: str) -> str:
        return name

    def open(self, path: Any, mode: str = "rb", **options: Any) -> IO[Any]:
        if mode in ("w", "wt") and options.keys() <= {"encoding"}:
            # fsspec would put half a file in place where an exception leaves a `with` block.
            return self.storage.open(path, "w", **options)
        if options.get("compression") and "r" not in mode:
            # What fsspec wraps around it does not close it.
            text = "open it without, and wrap it: `with fs.open(path, 'wb') as file, gzip.open(file"
            raise NotImplementedError(
                f"no compression of what is written: {text}, 'wb') as packed`"
            )
        return super().open(path, mode, **options)

    def _open(
        self,
        path: str,
        mode: str = "rb",
        block_size: int | None = None,
        autocommit: bool = True,
        cache_options: Any = None,
        **options: Any,
    ) -> Any:
        if not autocommit:
            raise NotImplementedError("there are no transactions: each file appears by itself")
        if mode == "rb" and is_address(path):
            return _RemoteFile(self, path, block_size, cache_options, **options)
        if mode == "xb":
            if self.storage.exists(path):
                raise FileExistsError(errno.EEXIST, "File exists", path)
            mode = "wb"
        if mode not in ("rb", "wb", "ab"):
            raise ValueError(f"mode {mode!r} is not one of rb, wb, xb, ab")
        return self.storage.open(path, mode)  # type: ignore[call-overload]

    def ls(self, path: Any, detail: bool = True, **_: Any) -> list[Any]:
        path = self._strip_protocol(path)
        try:
            found = [
                _info(f"{path.rstrip('/')}/{entry.name}", entry)
                for entry in self.storage.scandir(path)
            ]
        except NotADirectoryError:
            found = [self.info(path)]
        return found if detail else [info["name"] for info in found]

    def info(self, path: Any, **_: Any) -> Info:
        path = self._strip_protocol(path)
        return _info(path, self.storage.stat(path))

    def find(
        self,
        path: Any,
        maxdepth: int | None = None,
        withdirs: bool = False,
        detail: bool = False,
        **options: Any,
    ) -> Any:
        path = self._strip_protocol(path)
        if maxdepth is not None or not is_address(path):
            return super().find(
                path, maxdepth=maxdepth, withdirs=withdirs, detail=detail, **options
            )
        found: dict[str, Info] = {}
        for entry in self.storage.files(path):
            found[f"{path}/{entry.name}"] = _info(f"{path}/{entry.name}", entry)
            above = entry.name.rpartition("/")[0] if withdirs else ""
            while above and f"{path}/{above}" not in found:
                found[f"{path}/{above}"] = _folder(f"{path}/{above}")
                above = above.rpartition("/")[0]
        if found and withdirs:
            found[path] = _folder(path)
        if not found and self.storage.isfile(path):
            found[path] = self.info(path)
        return {name: found[name] for name in sorted(found)} if detail else sorted(found)

    def exists(self, path: Any, **_: Any) -> bool:
        return self.storage.exists(self._strip_protocol(path))

    def isfile(self, path: Any) -> bool:
        return self.storage.isfile(self._strip_protocol(path))

    def isdir(self, path: Any) -> bool:
        return self.storage.isdir(self._strip_protocol(path))

    def modified(self, path: Any) -> datetime | None:
        return self.storage.stat(self._strip_protocol(path)).modified

    def ukey(self, path: Any) -> str:
        return self.storage.stat(self._strip_protocol(path)).etag

    def cat_file(
        self, path: Any, start: int | None = None, end: int | None = None, **_: Any
    ) -> bytes:
        return self.storage.read_file(self._strip_protocol(path), start or 0, end)

    def cat_ranges(
        self,
        paths: Sequence[Any],
        starts: int | Sequence[int | None] | None,
        ends: int | Sequence[int | None] | None,
        max_gap: int | None = None,
        on_error: str = "return",
        **_: Any,
    ) -> list[Any]:
        first = starts if isinstance(starts, Sequence) else [starts] * len(paths)
        last = ends if isinstance(ends, Sequence) else [ends] * len(paths)
        if not len(paths) == len(first) == len(last):
            raise ValueError("there must be as many starts and ends as paths")

        def read(path: Any, start: int | None, end: int | None) -> Any:
            try:
                return self.cat_file(path, start, end)
            except Exception as error:
                if on_error != "return":
                    raise
                return error

        with ThreadPoolExecutor(self.storage.settings.threads) as pool:
            return list(pool.map(read, paths, first, last))

    def pipe_file(self, path: Any, value: bytes, mode: str = "overwrite", **_: Any) -> None:
        path = self._strip_protocol(path)
        if mode == "create" and self.storage.exists(path):
            raise FileExistsError(errno.EEXIST, "File exists", path)
        self.storage.write_file(path, value)

    def get_file(self, rpath: Any, lpath: Any, callback: Any = None, **options: Any) -> None:
        if not isinstance(lpath, (str, os.PathLike)):
            super().get_file(rpath, lpath, **options)
        else:
            self._copy(rpath, lpath, callback)  # pyright: ignore[reportUnknownArgumentType]

    def put_file(
        self, lpath: Any, rpath: Any, callback: Any = None, mode: str = "overwrite", **_: Any
    ) -> None:
        if mode == "create" and self.exists(rpath):
            raise FileExistsError(errno.EEXIST, "File exists", rpath)
        self._copy(lpath, rpath, callback)

    def cp_file(self, path1: Any, path2: Any, **_: Any) -> None:
        self._copy(path1, path2)

    def _copy(self, source: Any, target: Any, callback: Any = None) -> None:
        source, target = self._strip_protocol(source), self._strip_protocol(target)
        known = self.storage.stat(source)
        if known.is_folder:  # What is in it is copied for itself.
            self.storage.make_dirs(target)
            return
        if callback is not None:
            callback.set_size(known.size)
        self.storage.copy(source, target)
        if callback is not None:
            callback.relative_update(known.size)

    def mv(self, path1: Any, path2: Any, **options: Any) -> None:
        plain = isinstance(path1, (str, os.PathLike)) and not str(path2).endswith("/")
        if plain and not self.isdir(path2) and self.exists(path1):
            self.storage.move(self._strip_protocol(path1), self._strip_protocol(path2))
        else:
            super().mv(path1, path2, **options)

    def rm_file(self, path: Any) -> None:
        self.rm(path)

    def rm(self, path: Any, recursive: bool = False, maxdepth: int | None = None) -> None:
        for each in self.expand_path(path):
            if self.isdir(each) and not recursive:
                raise IsADirectoryError(errno.EISDIR, "Is a folder: say recursive=True", each)
            self.storage.remove(each)

    def rmdir(self, path: Any) -> None:
        path = self._strip_protocol(path)
        if self.storage.scandir(path):
            raise OSError(errno.ENOTEMPTY, "Folder is not empty", path)
        self.storage.remove(path)

    def mkdir(self, path: Any, create_parents: bool = True, **_: Any) -> None:
        self.makedirs(path)

    def makedirs(self, path: Any, exist_ok: bool = False) -> None:
        path = self._strip_protocol(path)
        if not exist_ok and self.storage.exists(path):
            raise FileExistsError(errno.EEXIST, "File exists", path)
        self.storage.make_dirs(path)


class _RemoteFile(AbstractBufferedFile):
    """One version of a file that is not local, read by ranges ahead of who reads it."""

    def __init__(
        self,
        fs: StorageFileSystem,
        path: str,
        block_size: int | None,
        cache_options: Any,
        **options: Any,
    ) -> None:
        known = fs.storage.stat(path)
        if known.is_folder:
            raise IsADirectoryError(errno.EISDIR, "Is a folder", path)
        self._storage, self._path, self._etag = fs.storage, path, known.etag
        super().__init__(
            fs,
            path,
            mode="rb",
            block_size=block_size,
            cache_options=cache_options,
            size=known.size,
            **options,
        )

    def _fetch_range(self, start: int, end: int) -> bytes:
        end = min(end, self.size)
        return self._storage.read_file(self._path, start, end, etag=self._etag)


def _info(path: str, entry: FileEntry) -> Info:
    return {
        "name": path,
        "size": entry.size,
        "type": "directory" if entry.is_folder else "file",
        "mtime": entry.modified,
        "ETag": entry.etag,
    }


def _folder(path: str) -> Info:
    return {"name": path, "size": 0, "type": "directory", "mtime": None, "ETag": ""}
