"""Storage in local folders."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timezone
from io import BufferedReader, BufferedWriter
from typing import Any, NamedTuple

from brevettiai.io.errors import StorageError
from brevettiai.io.whole import CHUNK, Destination, WholeBinaryWriter, is_part, part_name


class FileEntry(NamedTuple):
    """A file, or a folder, as it is when it is looked at.

    Attributes:
        name: as seen from the folder that was listed, with `/` between its parts; of a path that
            was asked for by itself, its last part.
        size: in bytes, 0 of a folder.
        modified: when it was written, None where nobody says, as of folders on S3.
        etag: another text means another content; empty where nobody says. It is that of S3, the
            MD5 of what was written in one part; of local files it is made of time and size.
    """

    name: str
    size: int
    modified: datetime | None = None
    etag: str = ""
    is_folder: bool = False


def write_whole(path: str, content: bytes | memoryview, mode: int = 0o666) -> None:
    """Write a file, which appears whole; a new one has the permissions of `mode`."""
    # All is written at once: what is longer than the buffer goes past it.
    with WholeBinaryWriter(destination_of(path, mode), io.DEFAULT_BUFFER_SIZE) as file:
        file.write(content)


def destination_of(path: str, mode: int = 0o666) -> Destination:
    """A temporary file beside `path`, and the step that puts it there.

    The file is written through links, and keeps the permissions of the one it replaces; a new one
    has those of `mode`, before the umask.
    """
    _require_file_place(path)
    # To go through all links takes a while: where only folders are some, the place is theirs.
    place = os.path.realpath(path) if os.path.islink(path) else _absolute(path)
    _make_parents(place)
    part = os.path.join(os.path.dirname(place), part_name())

    def put(written: str) -> None:
        try:
            with suppress(FileNotFoundError):
                os.chmod(written, os.stat(place).st_mode & 0o7777)
            os.replace(written, place)
        except OSError as error:
            raise type(error)(error.errno, error.strerror, path) from None

    return Destination(part, path, put, mode)


class LocalFolders:
    """Files in local folders, under the contract of `brevettiai.io.Storage`."""

    destination = staticmethod(destination_of)
    isfile = staticmethod(os.path.isfile)
    isdir = staticmethod(os.path.isdir)
    exists = staticmethod(os.path.exists)
    write_file = staticmethod(write_whole)

    def read_file(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read()

    def create_file(self, path: str, content: bytes) -> None:
        _require_file_place(path)
        _make_parents(path)
        part = os.path.join(os.path.dirname(path), part_name())
        destination = Destination(part, path, lambda written: _put_new(written, path))
        with WholeBinaryWriter(destination) as file:
            file.write(content)

    def read_range(self, path: str, start: int, end: int | None, etag: str = "") -> bytes:
        with open(path, "rb") as file:
            known = _entry("", os.fstat(file.fileno()))
            if etag and etag != known.etag:
                raise StorageError(errno.ESTALE, "Was replaced while it was read", path)
            first, last, _ = slice(start, end).indices(known.size)
            file.seek(first)
            return file.read(max(0, last - first))

    def open_to_read(self, path: str) -> BufferedReader:
        return open(path, "rb")

    def open_to_append(self, path: str) -> BufferedWriter:
        _require_file_place(path)
        _make_parents(path)
        return open(path, "ab")

    def stat(self, path: str) -> FileEntry:
        name = os.path.basename(os.path.abspath(path))
        return _entry(name, os.stat(path))

    def scandir(self, path: str) -> list[FileEntry]:
        return [_entry(entry.name, _stat(entry)) for entry in _sorted(path)]

    def glob(self, pattern: str) -> list[str]:
        from glob import glob

        found = glob(pattern, recursive=True)
        return sorted({path for path in found if not is_part(os.path.basename(path))})

    def copy_file(self, source: str, target: str) -> None:
        import shutil

        if _same(source, target):
            return
        with open(source, "rb") as content:
            mode = os.fstat(content.fileno()).st_mode & 0o777
            with WholeBinaryWriter(destination_of(target, mode)) as file:
                shutil.copyfileobj(content, file, CHUNK)

    upload_file = copy_file

    def download_file(self, path: str, local: str, size: int | None = None) -> None:
        self.copy_file(path, local)

    def move_file(self, source: str, target: str) -> None:
        if not os.path.lexists(source):
            raise FileNotFoundError(errno.ENOENT, "No such file", source)
        if _same(source, target):
            return
        _require_file_place(target)
        _make_parents(target)
        try:
            os.replace(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # Another disk: the file cannot be renamed across.
            self.copy_file(source, target)
            os.remove(source)

    def move_folder(self, source: str, target: str) -> bool:
        """Rename a folder, or what is in it where the new one exists; False across disks.

        A file of the same name is replaced. Nothing that appears meanwhile is lost: it is moved, or
        stays where it is.
        """
        if not os.path.isdir(source) or _same(source, target):
            return os.path.isdir(source)
        if _is_below(target, source):
            raise ValueError(f"cannot move the folder {source} into itself ({target})")
        _make_parents(target)
        try:
            _merge(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            return False
        return True

    def remove_files(self, folder: str, paths: list[str]) -> None:
        """Remove files of a folder, and the folders in it, and itself, that are empty then."""
        for path in paths:
            os.remove(path)
        for inner, _, _ in os.walk(folder, topdown=False):
            with suppress(OSError):  # What appeared meanwhile stays.
                os.rmdir(inner)

    def require_file(self, path: str) -> None:
        """Refuse what cannot be copied: reading a pipe may never end."""
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise StorageError(errno.EINVAL, "Is no regular file", path)

    def remove(self, path: str) -> None:
        import shutil

        if os.path.isdir(path) and not os.path.islink(path):
            if os.path.dirname(os.path.abspath(path)) == os.path.abspath(path):
                raise PermissionError(errno.EPERM, "Will not remove a whole file system", path)
            shutil.rmtree(path)
        else:
            os.remove(path)

    def walk(self, path: str) -> Iterator[tuple[str, list[str], list[str]]]:
        def on_error(error: OSError) -> None:
            absent = isinstance(error, (FileNotFoundError, NotADirectoryError))
            if not (absent and error.filename == path):  # An absent top gives nothing.
                raise error

        for folder, folders, files in os.walk(path, onerror=on_error):
            folders.sort()
            yield folder, folders, sorted(name for name in files if not is_part(name))

    def files(self, path: str) -> Iterator[FileEntry]:
        """Every file below a folder; links to folders are followed, except back into themselves."""

        def below(folder: str, prefix: str, above: frozenset[str]) -> Iterator[FileEntry]:
            real = os.path.realpath(folder)
            if real in above:
                return
            try:
                entries = _sorted(folder)
            except (FileNotFoundError, NotADirectoryError):
                if prefix:
                    raise
                return  # An absent top gives nothing.
            for entry in entries:
                if entry.is_dir():
                    yield from below(entry.path, f"{prefix}{entry.name}/", above | {real})
                else:
                    yield _entry(prefix + entry.name, _stat(entry))

        return below(path, "", frozenset())

    def make_dirs(self, path: str) -> None:
        os.makedirs(path, exist_ok=True)

    def storage_options(self, path: str) -> dict[str, Any]:
        return {}

    def known_md5(self, path: str) -> None:
        return None

    def remove_leftovers(self, path: str, age: float) -> int:
        from brevettiai.io.leftovers import remove_parts

        return remove_parts(path)


def folds_case(folder: str) -> bool:
    """Whether `A` and `a` are one file in a folder that may not be there yet."""
    from tempfile import NamedTemporaryFile

    place = os.path.realpath(folder)
    while not os.path.isdir(place) and os.path.dirname(place) != place:
        place = os.path.dirname(place)
    with suppress(OSError), NamedTemporaryFile(prefix=part_name(), dir=place) as file:
        return os.path.exists(os.path.join(place, os.path.basename(file.name).upper()))
    return False  # Nothing can be written there.


def _put_new(written: str, place: str) -> None:
    try:
        if os.name == "nt":
            os.rename(written, place)  # Which overwrites nothing there.
            return
        try:
            os.link(written, place)
            os.remove(written)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
                raise
            # A file system without links: the name is taken first.
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            os.replace(written, place)
    except FileExistsError:
        raise FileExistsError(errno.EEXIST, "Exists already", place) from None


def _require_file_place(path: str) -> None:
    if not path:
        raise FileNotFoundError(errno.ENOENT, "The path is empty", path)
    if os.path.isdir(path) or path.endswith(os.sep):
        raise IsADirectoryError(errno.EISDIR, "Is a folder", path)


def _absolute(path: str) -> str:
    return path if os.path.isabs(path) else os.path.join(os.getcwd(), path)


def _make_parents(path: str) -> None:
    parent = os.path.dirname(path)
    if parent and not os.path.isdir(parent):
        os.makedirs(parent, exist_ok=True)


def _same(source: str, target: str) -> bool:
    return os.path.exists(target) and os.path.samefile(source, target)


def _is_below(path: str, folder: str) -> bool:
    real, top = os.path.realpath(path), os.path.realpath(folder)
    return real != top and os.path.commonpath([real, top]) == top


def _merge(source: str, target: str) -> None:
    """Rename a folder to where none may be yet."""
    if not os.path.isdir(target):
        os.rename(source, target)
        return
    for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
        place = os.path.join(target, entry.name)
        if entry.is_dir(follow_symlinks=False):
            _merge(entry.path, place)
        else:
            _require_file_place(place)
            os.replace(entry.path, place)
    with suppress(OSError):  # What appeared meanwhile stays.
        os.rmdir(source)


def _sorted(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted((e for e in entries if not is_part(e.name)), key=lambda entry: entry.name)


def _stat(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except OSError:
        return None  # A dangling link: reading it says so.


def _entry(name: str, known: os.stat_result | None) -> FileEntry:
    if known is None:
        return FileEntry(name, 0)
    modified = datetime.fromtimestamp(known.st_mtime, timezone.utc)
    if stat.S_ISDIR(known.st_mode):
        return FileEntry(name, 0, modified, is_folder=True)
    etag = f"{known.st_ino:x}-{known.st_mtime_ns:x}-{known.st_size:x}"
    return FileEntry(name, known.st_size, modified, etag)
