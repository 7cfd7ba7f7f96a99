"""A job while it runs: what is stored regularly, and what is when it ends, whatever ends it."""

from __future__ import annotations

import atexit
import sys
import threading
import weakref
from signal import Signals as Number
from typing import TYPE_CHECKING

from brevettiai.platform.log import job_log
from brevettiai.platform.stopping import Signals

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Literal

    from brevettiai.platform.attempts import State
    from brevettiai.platform.life import JobLife

_SOON = 30.0
"""Seconds until what could not be stored is tried again, if that is not due before."""


class Running:
    """In a `with` statement: the time in which a job runs.

    Meanwhile signals ask it to stop, and its output is stored regularly; when the block is left by
    an exception, its output says so.
    """

    def __init__(self, job: JobLife) -> None:
        self._job = job
        self._regularly = Regularly(job._store_output, job.output_interval)

    def __enter__(self) -> Running:
        job = self._job
        job._life.running = self
        job._begin_again()
        self._signals = Signals(job.stop_signals, job._life.stop, job.on_stop, job.stop_grace)
        self._signals.install()
        if job.is_first:
            self._regularly.begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Literal[False]:
        self.finish()
        self._regularly.end()
        try:
            if error is not None:
                if number := self._job._life.stop.number:
                    job_log.warning("Job %s is stopped by %s", self._job.id, Number(number).name)
                self._job._end(state_after(error, self._job.stopping), error)
            else:
                self._job._store_at_the_end()
        finally:
            self._job._life.running = None
            self._signals.restore()
        return False

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

    def begin(self) -> None:
        """Begin, after one interval."""
        threading.Thread(target=self._run, daemon=True).start()

    def end(self) -> None:
        """Begin with no further one."""
        self._ended.set()

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


_open: list[weakref.ref[JobLife]] = []


def end_with_process(job: JobLife) -> None:
    """Let a job that has not ended before its process does be stored as stopped, or failed."""
    if not _open:
        atexit.register(_end_open)
    _open.append(weakref.ref(job))


def _end_open() -> None:
    error = None if _is_interactive() else getattr(sys, "last_value", None)
    state = "stopped" if error is None else state_after(error, stopping=False)
    for reference in _open:
        job = reference()
        if job is not None and job._is_open():
            job._end(state, error)


def _is_interactive() -> bool:
    """Whether exceptions end nothing but what a person typed."""
    return hasattr(sys, "ps1") or "ipykernel" in sys.modules or bool(sys.flags.interactive)
