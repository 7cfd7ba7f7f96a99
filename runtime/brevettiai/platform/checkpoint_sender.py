"""Storing checkpoints in the background: the newest first, and never more than two of them."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable

from brevettiai.platform.checkpoint_store import CheckpointStore

_log = logging.getLogger(__name__)

_PAUSES = (5.0, 300.0)
"""Seconds until what could not be stored is tried again: at first, and at most."""
SPOOL = "checkpoints"
"""The folder of snapshots in a bundle of unsent files."""
TORN = ".part"
"""The end of the name of a snapshot that is not whole."""


class PendingCheckpoint:
    """A checkpoint on its way to its place.

    Attributes:
        step: its step.
    """

    def __init__(self, step: int, snapshot: str | None) -> None:
        self.step = step
        self.snapshot = snapshot
        self._ended = threading.Event()
        self._is_stored = False

    def done(self) -> bool:
        """Whether it is stored, or never will be."""
        return self._ended.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is stored; False where a newer one took its place before it was.

        Raises:
            TimeoutError: it takes longer than so many seconds.
        """
        if not self._ended.wait(timeout):
            raise TimeoutError(f"the checkpoint of step {self.step} is not stored yet")
        return self._is_stored

    def end(self, is_stored: bool) -> None:
        """Note what became of it."""
        self._is_stored = is_stored
        self._ended.set()


class CheckpointSender:
    """Stores snapshots, one after the other, in a thread of its own.

    While one is stored, one more may wait: a newer one takes its place. What fails is a warning,
    and tried again for as long as the process lives.

    Args:
        spool: the local folder of the snapshots.
        ready: waits until what killed processes left is cleared away.

    Attributes:
        told: what the log has said of, as it was not stored when the job ended.
    """

    def __init__(self, store: CheckpointStore, spool: str, ready: Callable[[], object]) -> None:
        self.spool = spool
        self._store = store
        self._ready = ready
        self.told: PendingCheckpoint | None = None
        self._keep: int | None = None
        self._changed = threading.Condition()
        self._waiting: PendingCheckpoint | None = None
        self._sending: PendingCheckpoint | None = None
        self._hurries = False
        self._thread: threading.Thread | None = None

    def add(self, pending: PendingCheckpoint, keep: int | None) -> None:
        """Store a snapshot soon, and keep so many of the last checkpoints then, None for all."""
        with self._changed:
            older, self._waiting, self._keep = self._waiting, pending, keep
            self.told = None
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
        if older is not None:
            self._drop(older)

    def flush(self, timeout: float) -> PendingCheckpoint | None:
        """Wait until all is stored; what is not after so many seconds, the newest one."""
        with self._changed:
            self._hurries = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._newest() is None, timeout)
            self._hurries = False
            return self._newest()

    def give_up(self) -> PendingCheckpoint | None:
        """Try nothing again until there is a new one; what is not stored."""
        with self._changed:
            self.told = self._newest()
            self._changed.notify_all()
            return self.told

    def _newest(self) -> PendingCheckpoint | None:
        return self._waiting or self._sending

    def _drop(self, older: PendingCheckpoint) -> None:
        _log.warning(
            "The checkpoint of step %d was not stored before there was a newer one: "
            "checkpoints are made faster than they can be stored",
            older.step,
        )
        if older.snapshot:
            shutil.rmtree(older.snapshot, ignore_errors=True)
        older.end(False)

    def _run(self) -> None:
        self._ready()
        pause = _PAUSES[0]
        while True:
            with self._changed:
                current = self._waiting
                if self.told is None:
                    self._sending, self._waiting = current, None
                self._changed.notify_all()
                if current is None or self.told is not None:
                    self._thread = None
                    return
            try:
                if current.snapshot:
                    self._store.publish(current.snapshot)
            except Exception as error:
                self._failed(current, error, pause)
                pause = min(2 * pause, _PAUSES[1])
                continue
            pause = _PAUSES[0]
            current.end(True)
            try:
                if self._keep is not None:
                    self._store.prune(self._keep)
            except Exception as error:
                _log.warning("Old checkpoints could not be removed yet: %s", error)

    def _failed(self, current: PendingCheckpoint, error: Exception, pause: float) -> None:
        with self._changed:
            self._sending = None
            newer, self._waiting = self._waiting, self._waiting or current
        if newer is not None:
            self._drop(current)
            return
        pause = 1.0 if self._hurries else pause
        _log.warning(
            "The checkpoint of step %d was not stored; that is tried again in %g seconds: %s",
            *(current.step, pause, error),
        )
        with self._changed:
            hurried = self._hurries
            self._changed.wait_for(
                lambda: (
                    self._waiting is not current or self._hurries > hurried or self.told is not None
                ),
                pause,
            )


def spooled(folder: str) -> list[str]:
    """The snapshots in a spool, oldest first; torn ones, of killed processes, are removed."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    whole: list[str] = []
    for name in names:
        path = os.path.join(folder, name)
        if name.endswith(TORN):
            shutil.rmtree(path, ignore_errors=True)
        else:
            whole.append(path)
    return whole


def snapshot_name(step: int) -> str:
    """The name of a new snapshot, which sorts by time."""
    return f"{time.time_ns()}-{step}"
