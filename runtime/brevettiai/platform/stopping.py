"""Asking a job to stop: by signals, and what they do to it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any, NoReturn

from brevettiai.io.processes import belongs_to_process


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
        self._numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
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
        for number in self._numbers:
            before = signal.getsignal(number)
            if before in defaults:
                self._before[number] = before
                signal.signal(number, self._handle)
        belongs_to_process(self)
        if self._before and self._grace is not None:
            threading.Thread(target=self._watch, args=(self._grace,), daemon=True).start()

    def restore(self) -> None:
        """Handle them no longer."""
        for number, before in self._before.items():
            if signal.getsignal(number) == self._handle:
                signal.signal(number, before)
        self._before = {}
        self._events.put(0)

    def begin_anew(self) -> None:
        """What a forked process does: its end is no business of the job."""
        if threading.current_thread() is threading.main_thread():
            self.restore()

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
        try:
            while self._events.get(timeout=grace):
                pass  # Others in the meantime do not make it longer.
        except Empty:
            main = threading.main_thread().ident
            if main is not None and hasattr(signal, "pthread_kill"):
                signal.pthread_kill(main, number)
            else:
                import _thread

                _thread.interrupt_main(signal.Signals(number))
