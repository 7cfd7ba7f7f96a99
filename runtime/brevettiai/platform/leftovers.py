"""Folders of temporary files: held by a living process, found and emptied when it was killed.

A folder `config-id-<id>-<random>` holds a lock as long as its process lives. What should leave the
machine lies in its bundle, `.unsent/<random>/`, until it has: a folder with such files outlives its
process, and the next attempt of the job on this machine takes them over.
"""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Thread

from brevettiai.io.locks import lock_abandoned, machine, on_this_machine, open_locked
from brevettiai.platform.ranks import rank

_log = logging.getLogger(__name__)

_PREFIX = "config-id-"
_LOCK, _UNSENT, _TOLD = ".lock", ".unsent", ".told"
_WAIT = 10.0
"""For how many seconds the end of a process waits for what it clears away."""


class TempFolder:
    """The folder of a job's temporary files, made by the first call, removed with the process.

    Args:
        parent: the folder to make it in, None for the system's folder of temporary files.

    Attributes:
        earlier: the bundles of files that attempts before did not send, oldest first.
    """

    def __init__(self, job_id: str, parent: str | None) -> None:
        self.earlier: list[str] = []
        self._id = job_id
        self._parent = parent
        self._making = Lock()
        self._made: str | None = None
        self._descriptor = -1
        self._clearing: Thread | None = None

    def __call__(self) -> str:
        with self._making:
            if self._made is None:
                self._made = self._make()
                atexit.register(self._remove, self._made, os.getpid())
            return self._made

    def unsent(self) -> str:
        """The bundle of files that should leave the machine: what is in it outlives the process.

        What is sent is removed from it.
        """
        path = self()
        bundle = os.path.join(path, _UNSENT, path.rpartition("-")[2])
        os.makedirs(bundle, exist_ok=True)
        return bundle

    def take_over(self) -> None:
        """Clear away the folders that killed processes left, in the background.

        What attempts before this one did not send becomes `earlier`; what other jobs did not send
        stays, and is told once.
        """
        dead: list[_Abandoned] = []
        for folder in _abandoned(self._parent or tempfile.gettempdir()):
            bundles = folder.bundles()
            if bundles and folder.job_id == self._id and rank() == 0:
                self._take(bundles)
            elif bundles:
                folder.tell()
                os.close(folder.descriptor)
                continue
            dead.append(folder)
        if dead:
            self._clearing = Thread(target=_clear, args=(dead,), daemon=True)
            self._clearing.start()

    def _take(self, bundles: list[str]) -> None:
        own = os.path.dirname(self.unsent())
        for bundle in bundles:
            place = os.path.join(own, os.path.basename(bundle))
            with suppress(OSError):
                os.rename(bundle, place)
                self.earlier.append(place)
        self.earlier.sort(key=os.path.getmtime)

    def _make(self) -> str:
        if self._parent is not None:
            os.makedirs(self._parent, exist_ok=True)
        while True:
            made = tempfile.mkdtemp(prefix=f"{_PREFIX}{self._id}-", dir=self._parent)
            with suppress(FileNotFoundError):  # An empty folder may be cleared away.
                self._descriptor = open_locked(os.path.join(made, _LOCK), os.O_RDWR)
                os.write(self._descriptor, machine().encode())
                return made

    def _remove(self, folder: str, owner: int) -> None:
        if os.getpid() != owner:  # A forked worker leaves its parent's folder alone.
            return
        if self._clearing is not None:
            self._clearing.join(_WAIT)
        _Abandoned(folder, self._descriptor).remove()


@dataclass(frozen=True)
class _Abandoned:
    """A folder that no living process holds but this one, by its lock."""

    path: str
    descriptor: int

    @property
    def job_id(self) -> str:
        return os.path.basename(self.path).removeprefix(_PREFIX).rpartition("-")[0]

    def bundles(self) -> list[str]:
        """The bundles that have files."""
        return [
            entry.path
            for entry in _entries(os.path.join(self.path, _UNSENT))
            if any(files for _, _, files in os.walk(entry.path))
        ]

    def tell(self) -> None:
        """Say once that a job of another id left files that were not sent."""
        told = os.path.join(self.path, _TOLD)
        with suppress(OSError), open(told, "x"):
            text = "%s has files that job %s did not send: start that job here again, or send them"
            _log.warning(f"{text} by `{command_to_send(self.path)}`", self.path, self.job_id)

    def remove(self) -> None:
        """Remove the folder but for what is unsent, and let go of it."""
        bundles = self.bundles()
        for entry in _entries(self.path):
            if entry.name == _LOCK or (bundles and entry.name in (_UNSENT, _TOLD)):
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                with suppress(OSError):
                    os.remove(entry.path)
        with suppress(OSError):
            os.close(self.descriptor)
            # The lock goes last: a folder without one tells nothing of who it belongs to.
            if [entry.name for entry in _entries(self.path)] == [_LOCK]:
                os.remove(os.path.join(self.path, _LOCK))
                os.rmdir(self.path)


def command_to_send(folder: str) -> str:
    """The command that sends what is unsent in a folder."""
    import shlex

    return f"python -m brevettiai.platform send {shlex.quote(folder)}"


def hold_abandoned(path: str) -> _Abandoned | None:
    """Hold a folder of temporary files, if its process is dead for sure."""
    with suppress(OSError):
        if hasattr(os, "getuid") and os.lstat(path).st_uid != os.getuid():
            return None
        descriptor = lock_abandoned(os.path.join(path, _LOCK))
        if descriptor is None:
            if not os.path.exists(os.path.join(path, _LOCK)):
                os.rmdir(path)  # Killed before it was held; nothing is in it, or it stays.
            return None
        if on_this_machine(os.read(descriptor, 100).decode("ascii", "replace")):
            return _Abandoned(path, descriptor)
        os.close(descriptor)
    return None


def _abandoned(parent: str) -> Iterator[_Abandoned]:
    for entry in _entries(parent):
        if entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False):
            folder = hold_abandoned(entry.path)
            if folder is not None:
                yield folder


def _clear(folders: list[_Abandoned]) -> None:
    for folder in folders:
        folder.remove()


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
