"""How much memory a run holds: its process, and all that this has started."""

from __future__ import annotations

import time
from contextlib import suppress

import psutil

_OFTEN, _SELDOM = 0.2, 1.0
"""Seconds between two looks, with a limit and without."""
_SHARE = 0.05
"""The part of the time that looking may take."""


class MemoryWatch:
    """Looks at the memory of a run from time to time.

    Memory that processes share counts once, where the system tells it.

    Attributes:
        most: the most that was seen, in bytes.
        next: when the next look is due, by the monotonic clock.
    """

    def __init__(self, process: int, limit: int | None) -> None:
        self.most = 0
        self._limit = limit
        self._interval = _SELDOM if limit is None else _OFTEN
        self.next = time.monotonic() + self._interval
        self._process: psutil.Process | None = None
        with suppress(psutil.Error):
            self._process = psutil.Process(process)

    def is_over(self) -> bool:
        """Look; whether it is more than the limit."""
        began = time.monotonic()
        held = self._held()
        now = time.monotonic()
        self.next = now + max(self._interval, (now - began) / _SHARE)
        self.most = max(self.most, held)
        return self._limit is not None and held > self._limit

    def _held(self) -> int:
        if self._process is None:
            return 0
        try:
            all_of_it = [self._process, *self._process.children(recursive=True)]
        except psutil.Error:
            return 0
        held = sum(map(_resident, all_of_it))
        if len(all_of_it) == 1 and (self._limit is None or held <= self._limit):
            return held
        return sum(map(_own, all_of_it))


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _own(process: psutil.Process) -> int:
    """What a process holds, with its share of what it has in common with others."""
    try:
        full = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(full, "pss", 0) or full.rss)


def kill_tree(process: int) -> None:
    """Kill a process and all that it has started, on systems without process groups."""
    with suppress(psutil.Error):
        top = psutil.Process(process)
        for each in [top, *top.children(recursive=True)]:
            with suppress(psutil.Error):
                each.kill()
