"""Whole folders: copied, moved, transferred up and down, or only what differs in them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from brevettiai.io import path as _path
from brevettiai.io.errors import StorageError, TransferError
from brevettiai.io.local import FileEntry, LocalFolders, folds_case
from brevettiai.io.results import Progress, SyncResult
from brevettiai.io.settings import StorageSettings

if TYPE_CHECKING:
    from brevettiai.io.backends import Backend

    Report: TypeAlias = Callable[[Progress], None]

Path: TypeAlias = str | os.PathLike[str]


class Trees:
    """The part of `Storage` that works on folders."""

    settings: StorageSettings
    _local: LocalFolders

    def _at(self, path: Path) -> tuple[Backend, str]:
        raise NotImplementedError

    def _copy_file(self, source: str, target: str, size: int | None = None) -> None:
        raise NotImplementedError

    def copy(self, source: Path, target: Path) -> None:
        """Copy a file to the path `target`, or the content of a folder into the folder `target`.

        Raises:
            TransferError: some files of a folder could not be copied.
        """
        backend, from_path = self._at(source)
        _, to_path = self._at(target)
        if backend.isfile(from_path):
            self._copy_file(from_path, to_path)
        else:
            self._copy_tree(from_path, to_path)

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

    def upload_tree(self, folder: Path, target: Path, *, progress: Report | None = None) -> int:
        """Copy the content of a local folder into the folder `target`; the number of files.

        Args:
            progress: called after each file; without, a bar is shown at a terminal where `tqdm` is
                installed.

        Raises:
            FileNotFoundError: there is no such folder.
            TransferError: some files could not be transferred; the others were.
        """
        return self._copy_tree(folder, target, None, progress, "Upload")

    def download_tree(self, source: Path, folder: Path, *, progress: Report | None = None) -> int:
        """Copy the content of the folder `source` into a local folder; the number of files.

        Names that would leave the folder, or that the system has no file names for, are failures.

        Args:
            progress: as of `upload_tree`.

        Raises:
            FileNotFoundError: there are no files below `source`.
            TransferError: some files could not be transferred; the others were.
        """
        return self._copy_tree(source, folder, None, progress, "Download")

    def sync(
        self, source: Path, target: Path, *, delete: bool = False, progress: Report | None = None
    ) -> SyncResult:
        """Make the folder `target` hold what the folder `source` holds, up, down or locally.

        Only files that are new or have changed are copied. A file is unchanged if its size is the
        same, and its content as the ETag of S3 tells; where that does not tell, as of some large
        and some encrypted files, if it is not newer than the one in the target.

        Args:
            delete: remove the files of the target that are not in the source, once all others are
                copied.
            progress: as of `upload_tree`.

        Raises:
            FileNotFoundError: there is no such source.
            TransferError: some files could not be copied; nothing was removed.
        """
        from_path = _path.text_of(source)
        to_backend, to_path = self._at(target)
        old = {entry.name: entry for entry in to_backend.files(to_path)}
        base, to_base = _with_sep(from_path), _with_sep(to_path)
        new: set[str] = set()
        copied: list[str] = []

        def is_known(entry: FileEntry) -> bool:
            new.add(entry.name)
            known = old.get(entry.name)
            return known is not None and self._is_unchanged(
                base + entry.name, entry, to_base + entry.name, known
            )

        try:
            self._copy_tree(from_path, to_path, copied, progress, "Sync", is_known)
        except TransferError as error:
            raise TransferError(error.failures, len(copied), error.left) from None
        removed = sorted(old.keys() - new) if delete else []
        if removed:
            to_backend.remove_files(to_path, [to_base + name for name in removed])
        names = sorted(path.removeprefix(base) for path in copied)
        return SyncResult(tuple(names), len(new) - len(names), tuple(removed))

    def _is_unchanged(self, path: str, new: FileEntry, to_path: str, old: FileEntry) -> bool:
        """Whether a file need not be copied to where an older copy of it is."""
        from brevettiai.io.sync import fits_etag, is_plain, looks_newer

        if new.size != old.size:
            return False
        backend, to_backend = self._at(path)[0], self._at(to_path)[0]
        if backend is to_backend is self._local:
            from filecmp import cmp

            return cmp(path, to_path, shallow=False)
        if backend is not self._local and to_backend is not self._local:
            if new.etag == old.etag or (is_plain(new.etag) and is_plain(old.etag)):
                return new.etag == old.etag
            return not looks_newer(new, old)
        local, remote, etag = (
            (path, to_path, old.etag) if backend is self._local else (to_path, path, new.etag)
        )
        if fits_etag(local, etag, new.size, self.settings.part_size):
            return True
        if is_plain(etag) and self._at(remote)[0].known_md5(remote) is not None:
            return False
        return not looks_newer(new, old)

    def _copy_tree(
        self,
        source: Path,
        target: Path,
        copied: list[str] | None = None,
        progress: Report | None = None,
        title: str = "Copy",
        is_known: Callable[[FileEntry], bool] = lambda entry: False,
    ) -> int:
        """Copy what is in a folder; the number of files.

        Args:
            copied: gets the paths of the files that were copied.
            title: of the bar that shows the progress.
            is_known: says of which files the target has all already.
        """
        from brevettiai.io.transfer import reported, transfer

        backend, source = self._at(source)
        target = _path.text_of(target)
        base = _with_sep(source)
        if _with_sep(target).startswith(base):
            raise ValueError(f"cannot copy the folder {source} into itself ({target})")

        folds = self._at(target)[0] is self._local and folds_case(target)
        taken: dict[str, str] = {}

        def copy(entry: FileEntry) -> None:
            parts = _path.split_name(entry.name)
            path = base + entry.name
            name = taken.setdefault(entry.name.casefold(), entry.name) if folds else entry.name
            if name != entry.name:
                raise StorageError(errno.EEXIST, f"Is the same name here as that of {name}", path)
            if backend is self._local:
                self._local.require_file(path)
            if not is_known(entry):
                self._copy_file(path, _path.join(target, *parts), entry.size)
                if copied is not None:
                    copied.append(path)
            finished(entry)

        with reported(backend.files(source), progress, title) as (entries, finished):
            done = transfer(entries, copy, lambda entry: base + entry.name, self.settings.threads)
        if not done and not (backend is self._local and os.path.isdir(source)):
            raise FileNotFoundError(errno.ENOENT, "No such file or folder", source)
        return done


def _with_sep(folder: str) -> str:
    sep = _path.get_sep(folder)
    return folder if folder.endswith(sep) else folder + sep
