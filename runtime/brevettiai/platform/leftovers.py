"""Folders of temporary files that killed processes left behind.

A folder `config-id-<id>-<random>` holds a lock as long as its process lives. What should leave the
machine lies in its bundle, `.unsent/<random>/`, until it has: a folder with such files outlives its
process, and the next attempt of the job on this machine takes them over.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from brevettiai.io.locks import lock_abandoned, on_this_machine

_log = logging.getLogger(__name__)

PREFIX = "config-id-"
LOCK, UNSENT = ".lock", ".unsent"
ABOUT = "job.json"
"""In a bundle, which job it is of: no file to send."""
_TOLD = ".told"


@dataclass(frozen=True)
class Abandoned:
    """A folder that no living process holds but this one, by its lock."""

    path: str
    descriptor: int

    @property
    def job_id(self) -> str:
        return os.path.basename(self.path).removeprefix(PREFIX).rpartition("-")[0]

    def bundles(self) -> list[str]:
        """The bundles that have files."""
        return [
            entry.path
            for entry in _entries(os.path.join(self.path, UNSENT))
            if any(set(files) - {ABOUT} for _, _, files in os.walk(entry.path))
        ]

    def tell(self) -> None:
        """Say once that a job of another id left files that were not sent."""
        told = os.path.join(self.path, _TOLD)
        with suppress(OSError), open(told, "xb"):
            text = "%s has files that job %s did not send: start that job here again, or send them"
            _log.warning(f"{text} by `{command_to_send(self.path)}`", self.path, self.job_id)

    def remove(self) -> None:
        """Remove the folder but for what is unsent, and let go of it."""
        bundles = self.bundles()
        for entry in _entries(self.path):
            if entry.name == LOCK or (bundles and entry.name in (UNSENT, _TOLD)):
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                with suppress(OSError):
                    os.remove(entry.path)
        with suppress(OSError):
            os.close(self.descriptor)
            # The lock goes last: a folder without one tells nothing of who it belongs to.
            if [entry.name for entry in _entries(self.path)] == [LOCK]:
                os.remove(os.path.join(self.path, LOCK))
                os.rmdir(self.path)


def command_to_send(folder: str) -> str:
    """The command that sends what is unsent in a folder."""
    import shlex

    return f"python -m brevettiai.platform send {shlex.quote(folder)}"


def hold_abandoned(path: str) -> Abandoned | None:
    """Hold a folder of temporary files, if its process is dead for sure."""
    with suppress(OSError):
        if hasattr(os, "getuid") and os.lstat(path).st_uid != os.getuid():
            return None
        descriptor = lock_abandoned(os.path.join(path, LOCK))
        if descriptor is None:
            if not os.path.exists(os.path.join(path, LOCK)):
                os.rmdir(path)  # Killed before it was held; nothing is in it, or it stays.
            return None
        if on_this_machine(os.read(descriptor, 100).decode("ascii", "replace")):
            return Abandoned(path, descriptor)
        os.close(descriptor)
    return None


def abandoned(parent: str) -> Iterator[Abandoned]:
    """The folders of dead processes in a folder, held."""
    for entry in _entries(parent):
        if entry.name.startswith(PREFIX) and entry.is_dir(follow_symlinks=False):
            folder = hold_abandoned(entry.path)
            if folder is not None:
                yield folder


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []
