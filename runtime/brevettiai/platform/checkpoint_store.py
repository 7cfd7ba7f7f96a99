"""The checkpoints among the artifacts of a job: each whole by its manifest, which comes last.

`artifacts/checkpoints/<step>/` holds the files in `data/`, and `manifest.json`, which says what
they are, with their sizes and digests. A folder without a manifest is no checkpoint.
"""

from __future__ import annotations

import errno
import json
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, Literal, TypeAlias

from brevettiai.io import Storage, StorageError
from brevettiai.io.whole import CHUNK
from brevettiai.json_values import json_of
from brevettiai.platform.attempts import now

_log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
DATA = "data"
_ATTEMPTS = 2
"""Of reading a file that is not what was stored: the network may have changed it."""

Mode: TypeAlias = Literal["min", "max"]


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that is stored whole.

    Attributes:
        step: the step of the training that it holds.
        metrics: what was measured there.
        time: when it was stored, in UTC.
        path: the stored file, or the folder of the files.
        files: of each file the size in bytes and the SHA-256, by its name in `path`; by its own
            name where `path` is a file.
        number: 1 for the first checkpoint of the job, one more for each later one.
    """

    step: int
    metrics: Mapping[str, float | None]
    time: str
    path: str
    files: Mapping[str, tuple[int, str]] = field(repr=False)
    number: int
    monitor: str | None = None
    mode: Mode = "min"
    _is_file: bool = field(repr=False, compare=False, default=False)
    _io: Storage = field(repr=False, compare=False, default_factory=Storage)
    _temp_path: Callable[..., str] | None = field(repr=False, compare=False, default=None)

    @property
    def is_file(self) -> bool:
        """Whether it is one file, not a folder."""
        return self._is_file

    @property
    def folder(self) -> str:
        """The folder of its manifest."""
        head = self.path.replace(os.sep, "/").rsplit("/", 2 if self._is_file else 1)[0]
        return self.path[: len(head)]

    def download(self, folder: str | os.PathLike[str]) -> str:
        """Copy the checkpoint into a local folder, and verify it.

        Returns:
            The path of the file there; that of the folder, where the checkpoint is one.

        Raises:
            StorageError: a file is not what was stored; `job.checkpoints()` has earlier ones.
        """
        target = os.fspath(folder)
        for name in self.files:
            place = os.path.join(target, *self._io.path.split_name(name))
            self._copy_verified(name, place)
        return os.path.join(target, *self.files) if self.is_file else target

    def open(self, name: str = "") -> IO[bytes]:
        """Open a file of the checkpoint to read, after it was verified.

        Args:
            name: of the file, where the checkpoint is a folder.

        Raises:
            FileNotFoundError: the checkpoint has no such file.
            StorageError: the file is not what was stored.
        """
        if self.is_file and not name:
            (name,) = self.files
        if name not in self.files:
            raise FileNotFoundError(errno.ENOENT, f"The checkpoint has no file {name!r}", self.path)
        source = self._source(name)
        if not self._io.path.is_address(source):
            if not self._fits(name, source):
                raise self._damaged(name)
            return self._io.open(source, "rb")
        if self._temp_path is None:
            raise ValueError("a checkpoint on S3 is opened through the job that it is of")
        place = self._temp_path("checkpoints", str(self.number), *name.split("/"))
        if not (os.path.isfile(place) and self._fits(name, place)):
            self._copy_verified(name, place)
        return open(place, "rb")

    def _source(self, name: str) -> str:
        return self.path if self.is_file else self._io.path.join(self.path, *name.split("/"))

    def _copy_verified(self, name: str, place: str) -> None:
        for _ in range(_ATTEMPTS):
            self._io.copy(self._source(name), place)
            if self._fits(name, place):
                return
        os.remove(place)
        raise self._damaged(name)

    def _damaged(self, name: str) -> StorageError:
        return StorageError(
            errno.EIO,
            f"The checkpoint of step {self.step} is damaged: its file does not fit its digest; "
            "job.checkpoints() has those before it",
            self._source(name),
        )

    def _fits(self, name: str, place: str) -> bool:
        return described(place) == self.files[name]


def described(path: str) -> tuple[int, str]:
    """The size of a local file in bytes, and its SHA-256."""
    from hashlib import sha256

    digest, size = sha256(), 0
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


class CheckpointStore:
    """The checkpoints of a job, written by one process only.

    Args:
        temp_path: gives paths of local files for checkpoints that are opened.
    """

    def __init__(
        self, io: Storage, job_dir: str, temp_path: Callable[..., str] | None = None
    ) -> None:
        self.folder = io.path.join(job_dir, "artifacts", "checkpoints")
        self._io = io
        self._temp_path = temp_path

    def find(self) -> list[Checkpoint]:
        """The checkpoints that are whole, in the order in which they were stored."""
        found = (self._read(name) for name in self._names())
        return sorted((each for each in found if each), key=lambda each: each.number)

    def _names(self) -> list[str]:
        for _, folders, _ in self._io.walk(self.folder, exclude_hidden=True):
            return list(folders)
        return []

    def _read(self, name: str) -> Checkpoint | None:
        join = self._io.path.join
        path = join(self.folder, name, MANIFEST)
        try:
            said = json_of(self._io.read_file(path))
            files = {
                str(name): (int(size), str(sha)) for name, (size, sha) in said["files"].items()
            }
            parts = [self._io.path.split_name(each) for each in files]  # None leads elsewhere.
            if is_file := bool(said["is_file"]):
                [[_]] = parts
            data = join(self.folder, name, DATA)
            return Checkpoint(
                step=int(said["step"]),
                metrics={k: None if v is None else float(v) for k, v in said["metrics"].items()},
                time=str(said["time"]),
                path=join(data, *files) if is_file else data,
                files=files,
                number=int(said["number"]),
                monitor=said.get("monitor") and str(said["monitor"]),
                mode="max" if said.get("mode") == "max" else "min",
                _is_file=is_file,
                _io=self._io,
                _temp_path=self._temp_path,
            )
        except FileNotFoundError:
            return None
        except (ArithmeticError, ValueError, TypeError, KeyError, AttributeError) as error:
            _log.warning("%s is no manifest of a checkpoint (%.300r): left alone", path, error)
            return None

    def is_complete(self, checkpoint: Checkpoint) -> bool:
        """Whether all files of a checkpoint are there, with their sizes."""
        expected = {name: size for name, (size, _) in checkpoint.files.items()}
        return self._sizes(self._io.path.join(checkpoint.folder, DATA)) == expected

    def _sizes(self, folder: str) -> dict[str, int]:
        return {entry.name: entry.size for entry in self._io.files(folder)}

    def publish(self, snapshot: str) -> bool:
        """Store a local snapshot, whose folder goes; False where it is stored already.

        Args:
            snapshot: a folder with the files in `data/`, and in `manifest.json` the facts.
        """
        import shutil

        join = self._io.path.join
        with open(os.path.join(snapshot, MANIFEST), encoding="utf-8") as file:
            facts: dict[str, Any] = json.load(file)
        data = os.path.join(snapshot, DATA)
        files = {
            name: described(os.path.join(data, *name.split("/"))) for name in self._sizes(data)
        }
        known = self.find()
        is_new = all(each.step != facts["step"] or each.files != files for each in known)
        if is_new:
            number = 1 + max((each.number for each in known), default=0)
            manifest = {**facts, "number": number, "time": now(), "files": files}
            text = json.dumps(manifest, indent=2)
            target = self._new_place(str(facts["step"]))
            if not self._io.path.is_address(target):
                self._io.write_file(os.path.join(snapshot, MANIFEST), text)
                os.rename(snapshot, target)
                return True
            self._io.upload_tree(data, join(target, DATA))
            if self._sizes(join(target, DATA)) != {name: size for name, (size, _) in files.items()}:
                raise StorageError(errno.EIO, "Not all files of the checkpoint arrived", target)
            self._io.write_file(join(target, MANIFEST), text)
        shutil.rmtree(snapshot)
        return is_new

    def _new_place(self, step: str) -> str:
        """A folder that nothing is in: what is stored is never written over."""
        taken, count = set(self._names()), 1
        while True:
            name = step if count == 1 else f"{step}-{count}"
            place = self._io.path.join(self.folder, name)
            if name not in taken:
                return place
            if not self._io.isfile(self._io.path.join(place, MANIFEST)):
                self._io.remove(place)  # Of an attempt to store it that failed.
                return place
            count += 1

    def prune(self, keep: int) -> None:
        """Remove all but the last `keep` checkpoints, and the best one."""
        found = self.find()
        best = best_of(found)
        for checkpoint in found[:-keep]:
            if checkpoint is not best:
                # First it is no checkpoint any more.
                self._io.remove(self._io.path.join(checkpoint.folder, MANIFEST))
                self._io.remove(checkpoint.folder)

    def remove_torn(self) -> None:
        """Remove the folders that have no manifest, which killed processes left."""
        for name in self._names():
            folder = self._io.path.join(self.folder, name)
            if not self._io.isfile(self._io.path.join(folder, MANIFEST)):
                _log.info("%s is no whole checkpoint; it is removed", folder)
                self._io.remove(folder)


def best_of(
    found: Sequence[Checkpoint], monitor: str | None = None, mode: Mode | None = None
) -> Checkpoint | None:
    """The best checkpoint by a metric, the later one of equals; None where none has it.

    Args:
        monitor: the metric; by default the one that the last checkpoint with one names.
        mode: whether the smallest or the largest is best.
    """
    named = next((each for each in reversed(found) if each.monitor), None)
    monitor = monitor or (named.monitor if named else None)
    mode = mode or (named.mode if named and named.monitor == monitor else "min")
    best: Checkpoint | None = None
    for each in found:
        value = each.metrics.get(monitor) if monitor else None
        if value is not None:
            kept = None if best is None else best.metrics.get(monitor or "")
            if kept is None or (value <= kept if mode == "min" else value >= kept):
                best = each
    return best
