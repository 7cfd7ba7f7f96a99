"""Tells waiting pages that files have changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

#: Between two looks at the files, in seconds: soon enough for a person, cheap for the machine.
INTERVAL = 0.4


class Watch:
    """Looks at `state` again and again, in a thread of its own, and counts how often it changed."""

    def __init__(self, state: Callable[[], Any], interval: float = INTERVAL) -> None:
        self._state = state
        self._interval = interval
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self.changes = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and the waiting of everyone."""
        self._stopped.set()
        with self._changed:
            self._changed.notify_all()

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    def wait(self, seen: int, timeout: float) -> int:
        """The number of changes, as soon as it is not `seen`, or after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.changes != seen or self.is_stopped, timeout)
            return self.changes

    def _run(self) -> None:
        before = self._state()
        while not self._stopped.wait(self._interval):
            now = self._state()
            if now != before:
                before = now
                with self._changed:
                    self.changes += 1
                    self._changed.notify_all()
