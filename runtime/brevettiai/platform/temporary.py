"""The folder of a job's temporary files, held as long as its process lives."""

from __future__ import annotations

import atexit
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Event, Lock, Thread

from brevettiai.io.local import write_whole
from brevettiai.io.locks import machine, open_locked
from brevettiai.platform.leftovers import ABOUT, LOCK, PREFIX, UNSENT, Abandoned, abandoned
from brevettiai.platform.ranks import rank

_WAIT = 5.0
"""For how many seconds the end of a process waits for what it clears away."""


class TempFolder:
    """The folder of a job's temporary files, made by the first call, removed with the process.

    In a copy that comes to another process on the same machine it is the same folder, if it was
    made before.

    Args:
        parent: the folder to make it in, None for the system's folder of temporary files.
        made: its path, if it is there already.

    Attributes:
        parent: as given.
        earlier: the bundles of files that attempts before did not send, oldest first.
        about: what is written into the bundle, for those who send it: which job it is of, and where
            that keeps its files.
        sending: held by who sends a file that was kept.
        clearing: clears away what killed processes left, since `take_over`.
        cleared: whether that is done, but for sending what attempts before did not.
    """

    def __init__(self, job_id: str, parent: str | None, made: str | None = None) -> None:
        self.earlier: list[str] = []
        self.about: Mapping[str, object] = {}
        self.clearing: Thread | None = None
        self._id = job_id
        self.parent = parent
        self.cleared = Event()
        self.sending = Lock()
        self._making = Lock()
        self._made = made if made is not None and os.path.isdir(made) else None
        self._descriptor = -1

    def __call__(self) -> str:
        with self._making:
            if self._made is None:
                self._made = self._make()
                _of_process.append((os.getpid(), self))
            return self._made

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._id, self.parent, self._made)

    def unsent(self) -> str:
        """The bundle of files that should leave the machine: what is in it outlives the process.

        What is sent is removed from it.
        """
        path = self()
        bundle = os.path.join(path, UNSENT, path.rpartition("-")[2])
        if not os.path.isdir(bundle):
            os.makedirs(bundle)
            write_whole(os.path.join(bundle, ABOUT), json.dumps(self.about).encode())
        return bundle

    def bundles(self) -> list[str]:
        """All bundles that are there, also of earlier attempts."""
        if self._made is None:
            return []
        folder = os.path.join(self._made, UNSENT)
        return (
            [os.path.join(folder, name) for name in os.listdir(folder)]
            if os.path.isdir(folder)
            else []
        )

    def take_over(self, also: Callable[[], object]) -> None:
        """Clear away the folders that killed processes left, in the background.

        What attempts before this one did not send becomes `earlier`; what other jobs did not send
        stays, and is told once.

        Args:
            also: clears away something else, in the background too.
        """
        dead: list[Abandoned] = []
        for folder in abandoned(self.parent or tempfile.gettempdir()):
            bundles = folder.bundles()
            if bundles and folder.job_id == self._id and rank() == 0:
                self._take(bundles)
            elif bundles:
                folder.tell()
                os.close(folder.descriptor)
                continue
            dead.append(folder)

        def clear() -> None:
            try:
                for folder in dead:
                    folder.remove()
                also()
            finally:
                self.cleared.set()

        self.clearing = Thread(target=clear, name="brevettiai-clearing", daemon=True)
        self.clearing.start()
        atexit.register(self.clearing.join, _WAIT)

    def _take(self, bundles: list[str]) -> None:
        own = os.path.dirname(self.unsent())
        for bundle in bundles:
            place = os.path.join(own, os.path.basename(bundle))
            with suppress(OSError):
                os.rename(bundle, place)
                self.earlier.append(place)
        self.earlier.sort(key=os.path.getmtime)

    def _make(self) -> str:
        if self.parent is not None:
            os.makedirs(self.parent, exist_ok=True)
        while True:
            made = tempfile.mkdtemp(prefix=f"{PREFIX}{self._id}-", dir=self.parent)
            with suppress(FileNotFoundError):  # An empty folder may be cleared away.
                self._descriptor = open_locked(os.path.join(made, LOCK), os.O_RDWR)
                os.write(self._descriptor, machine().encode())
                return made

    def remove(self) -> None:
        """Remove the folder but for what is unsent."""
        with self._making:
            if self._made is not None:
                Abandoned(self._made, self._descriptor).remove()
            self._made = None


_of_process: list[tuple[int, TempFolder]] = []


# Before jobs ask for it too, so that it comes after they have ended.
@atexit.register
def _remove_all() -> None:
    for owner, folder in _of_process:
        if os.getpid() == owner:  # A forked worker leaves its parent's folder alone.
            folder.remove()
