"""Asking a job to stop: by signals, and what they do to it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any, NoReturn


class Stop:
    """Whether a job is asked to stop, and by which signal.

    Attributes:
        number: of the signal, 0 where the job is not asked to stop.
        is_raised: the exception for it has been raised.
    """

    def __init__(self) -> None:
        self.number = 0
        self.is_raised = False

    def ask(self, number: int) -> None:
        """Note that the job should stop; the first signal counts."""
        self.number = self.number or number

    def raise_error(self) -> NoReturn:
        """Raise what ends a process with the exit code that belongs to the signal.

        Raises:
            KeyboardInterrupt: for SIGINT.
            SystemExit: for others, with 128 and the signal's number.
        """
        self.is_raised = True
        if self.number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + self.number)


class Signals:
    """Handles signals for a job while it runs.

    Those that somebody handles or ignores already are left alone, and all outside the main thread,
    where Python can handle none. Processes that are forked meanwhile have the handlers of before.

    The first signal of a kind calls `on_stop`. The same again, or the end of the grace period,
    raises the exception, whatever is under way.

    Args:
        names: of the signals; those that the system does not have are left out.
        grace: the seconds that the job has to end by itself, None for any number.
    """

    def __init__(
        self, names: Iterable[str], stop: Stop, on_stop: Callable[[], object], grace: float | None
    ) -> None:
        self.numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
        self._stop = stop
        self._on_stop = on_stop
        self._grace = grace
        self._seen: set[int] = set()
        self._before: dict[int, Any] = {}
        # Its `put` may interrupt anything, itself too.
        self._events: SimpleQueue[int] = SimpleQueue()
        self.finishing = False
        """Whether the first signal should not disturb, as the job is about to end anyway."""

    def install(self) -> None:
        """Begin to handle them."""
        if threading.current_thread() is not threading.main_thread():
            return
        defaults = (signal.SIG_DFL, signal.default_int_handler)
        for number in self.numbers:
            before = signal.getsignal(number)
            if before in defaults:
                self._before[number] = before
                signal.signal(number, self._handle)
        _installed.append(self)
        if self._before and self._grace is not None:
            threading.Thread(target=self._watch, args=(self._grace,), daemon=True).start()

    def restore(self) -> None:
        """Handle them no longer."""
        if self in _installed:
            _installed.remove(self)
        for number, before in self._before.items():
            if signal.getsignal(number) == self._handle:
                signal.signal(number, before)
        self._before = {}
        self._events.put(0)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        is_first = number not in self._seen
        self._seen.add(number)
        self._stop.ask(number)
        self._events.put(number)
        if not is_first:
            self._stop.raise_error()
        if not self.finishing:
            self._on_stop()

    def _watch(self, grace: float) -> None:
        """Send the first signal again when the grace period is over."""
        number = self._events.get()
        if not number:
            return
        until = time.monotonic() + grace
        try:
            while self._events.get(timeout=max(until - time.monotonic(), 0.0)):
                pass  # Another signal.
        except Empty:
            main = threading.main_thread().ident
            if main is not None and hasattr(signal, "pthread_kill"):
                signal.pthread_kill(main, number)
            else:
                import _thread

                _thread.interrupt_main(signal.Signals(number))


_installed: list[Signals] = []
_masks = threading.local()


def _before_fork() -> None:
    """Hold signals back, so that none comes to the new process while it has our handlers."""
    numbers = {number for each in _installed for number in each.numbers}
    _masks.before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers) if numbers else None


def _after_fork() -> None:
    if _masks.before is not None:
        signal.pthread_sigmask(signal.SIG_SETMASK, _masks.before)


def _after_fork_in_child() -> None:
    """The end of a forked process is no business of the job."""
    for each in [*_installed]:
        each.restore()
    _after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork_in_child
    )
