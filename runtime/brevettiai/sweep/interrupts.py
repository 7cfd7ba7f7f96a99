"""Ctrl-C and SIGTERM while a sweep is driven: the first is a wish, the second an order."""

from __future__ import annotations

import signal
import threading
from typing import Any

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM") if hasattr(signal, name))


class Interrupts:
    """In a `with` statement, counts the signals that ask this process to end.

    The second one raises KeyboardInterrupt. In other threads than the main one nothing changes.

    Attributes:
        count: how many there were.
    """

    def __init__(self) -> None:
        self.count = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._count)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            # None: it was not set by Python, which then cannot set it again.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def _count(self, number: int, frame: object) -> None:
        self.count += 1
        if self.count > 1:
            raise KeyboardInterrupt
