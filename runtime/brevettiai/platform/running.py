"""A job while it runs: what is stored regularly, and what is when it ends, whatever ends it."""

from __future__ import annotations

import atexit
import sys
import threading
import weakref
from typing import TYPE_CHECKING, TypeAlias

from brevettiai.platform.log import job_log

if TYPE_CHECKING:
    from collections.abc import Callable

    from brevettiai.platform.attempts import State
    from brevettiai.platform.life import Life
    from brevettiai.platform.stopping import Signals

_SOON = 30.0
"""Seconds until what could not be stored is tried again, if that is not due before."""


class Running:
    """In a `with` statement: the time in which a job runs.

    Meanwhile signals ask it to stop, and its output is stored regularly.

    Args:
        regularly: what stores it; None in processes that do not.
        end: called at the end, with the exception that leaves the block, if one does.
    """

    def __init__(
        self,
        life: Life,
        signals: Signals,
        regularly: Regularly | None,
        end: Callable[[BaseException | None], object],
    ) -> None:
        self._life = life
        self._signals = signals
        self._regularly = regularly
        self._end = end

    def __enter__(self) -> Running:
        self._life.running = self
        self._signals.install()
        if self._regularly:
            self._regularly.begin()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.finish()
        try:
            if self._regularly:
                self._regularly.end()
            self._end(error)
        finally:
            self._life.running = None
            self._signals.restore()

    def finish(self) -> None:
        """Let the first signal not disturb what follows: the job is about to end."""
        self._signals.finishing = True


def state_after(error: BaseException, stopping: bool) -> State:
    """What state an exception leaves a job in."""
    if stopping or isinstance(error, KeyboardInterrupt):
        return "stopped"
    if isinstance(error, SystemExit) and not error.code:
        return "stopped"
    return "failed"


class Regularly:
    """Stores in the background; what fails is a warning, and tried again.

    Args:
        interval: in seconds.
    """

    def __init__(self, store: Callable[[], object], interval: float) -> None:
        self._store = store
        self._interval = interval
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="job-output", daemon=True)

    def begin(self) -> None:
        """Begin, after one interval."""
        self._thread.start()

    def end(self) -> None:
        """Store no more; wait for what is being stored, which the end of the process would cut."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        pause = self._interval
        while not self._ended.wait(pause):
            pause = self._interval
            try:
                self._store()
            except Exception as error:
                pause = min(self._interval, _SOON)
                job_log.warning(
                    "The output of the job was not stored; that is tried again in %g seconds: %s",
                    *(pause, error),
                )


End: TypeAlias = "Callable[[State, BaseException | None], object]"


def call_at_exit(end: End) -> None:
    """Let a method of a job be called when the process ends, if there is still that job.

    Args:
        end: takes the state, and the exception that ends the process, if one does.
    """
    atexit.register(_call_end, weakref.WeakMethod(end))


def _call_end(reference: weakref.WeakMethod[End]) -> None:
    end = reference()
    if end is not None:
        error = None if _is_interactive() else getattr(sys, "last_value", None)
        end("stopped" if error is None else state_after(error, stopping=False), error)


def _is_interactive() -> bool:
    """Whether exceptions end nothing but what a person typed."""
    return hasattr(sys, "ps1") or "ipykernel" in sys.modules or bool(sys.flags.interactive)
