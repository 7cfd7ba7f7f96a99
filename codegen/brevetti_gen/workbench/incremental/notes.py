"""What earlier runs left in a folder, so that a run makes only what is not there already.

A group of schemas determines what is made of it. So where the digest of a group is noted, and its
files are as they were left, another run would only make them again. The notes lie in a folder that
git ignores; without them the next run takes its time, and does the same.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import brevettiai

from ..._version import VERSION
from ...problems import GenerationError
from ...write.seals import digest
from ..telling.whole import write_whole

CACHE = ".brevetti_cache"
_NOTE = "last_run.json"


class Overtaken(Exception):
    """Another process changed files while a run was under way."""


@dataclass
class Note:
    """What is noted of a package.

    Attributes:
        groups: what was made of a group, by the digest of all that it depends on.
        names: the names in a document, by its place.
        files: size, time and digest of what was left at a path.
    """

    folder: Path
    groups: dict[str, Any] = field(default_factory=dict[str, Any])
    names: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    files: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    noted_at: int = 0
    _left: dict[str, bool] = field(default_factory=dict[str, bool])

    def is_as_left(self, path: str) -> bool:
        """Whether the file at `path` is as the last run left it; looked at once."""
        if path not in self._left:
            folder = path.rpartition("/")[0]
            self._left[path] = self._is_own(folder) and self._is_same(path)
        return self._left[path]

    def _is_own(self, folder: str) -> bool:
        """Whether no link leads away on the path to a folder of the package."""
        if not folder:
            return True
        if folder not in self._left:
            is_link = os.path.islink(f"{self.folder}/{folder}")
            self._left[folder] = not is_link and self._is_own(folder.rpartition("/")[0])
        return self._left[folder]

    def _is_same(self, path: str) -> bool:
        # Without pathlib and buffers: for thousands of small files, they cost more than reading.
        name = f"{self.folder}/{path}"
        try:
            size, time, content = self.files[path]
            status = os.stat(name)
            # A file of the very moment of the note could have been changed after it.
            if (status.st_size, status.st_mtime_ns) == (size, time) and time < self.noted_at:
                return True
            with open(name, "rb", buffering=0) as file:
                return digest(file.read()) == str(content)
        except (OSError, KeyError):
            return False

    def confirm(self, paths: Iterable[str]) -> None:
        """Look again, with the lock.

        Raises:
            Overtaken: one is not as it was left any more.
        """
        self._left.clear()
        if not all(map(self.is_as_left, paths)):
            raise Overtaken

    def remember(self, groups: Mapping[str, Any], written: Mapping[str, bytes]) -> None:
        """Note that these are the groups, and files; where that fails, nothing is lost."""
        with suppress(OSError, GenerationError):
            for path, content in written.items():
                status = os.stat(f"{self.folder}/{path}")
                self.files[path] = [status.st_size, status.st_mtime_ns, digest(content)]
            paths = {path for files, *_ in groups.values() for path in files}
            files = {path: self.files[path] for path in sorted(paths)}
            text = json.dumps({"groups": groups, "names": self.names, "files": files})
            note = self.folder / CACHE / _NOTE
            if not os.path.exists(note) or note.read_bytes() != _sealed(text):
                write_whole(note.with_name(".gitignore"), "*\n", makes_folders=True)
                write_whole(note, _sealed(text).decode())


def noted(folder: Path) -> Note:
    """What is noted of the package in `folder`: nothing, where the note is broken."""
    try:
        place = folder / CACHE / _NOTE
        noted_at = place.stat().st_mtime_ns
        content = place.read_bytes()
        text = content.partition(b"\n")[2].decode()
        if content != _sealed(text):
            return Note(folder)
        return Note(folder, **json.loads(text), noted_at=noted_at)
    except (OSError, ValueError):
        return Note(folder)


def _sealed(text: str) -> bytes:
    """The text of a note with a digest, which a broken one and one of another tool has not."""
    return f"{hashlib.sha256(f'{VERSION} {_tool()} {text}'.encode()).hexdigest()}\n{text}".encode()


@cache
def _tool() -> str:
    """A digest of when the tool's files changed: checkouts have one version for a long time."""
    package = Path(__file__).parents[2]
    folders = [package, package.parent.parent / "templates", Path(brevettiai.__file__).parent]
    found: list[tuple[str, int, int, int]] = []
    for folder, inner, names in chain.from_iterable(map(os.walk, folders)):
        inner[:] = sorted(name for name in inner if name != "__pycache__")
        for name in sorted(names):
            status = os.stat(path := f"{folder}/{name}")
            # Installed files can have times of long ago: those of their wheel.
            found.append((path, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
    return hashlib.sha256(repr(found).encode()).hexdigest()
