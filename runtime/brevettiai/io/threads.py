"""Threads whose work can be stopped: when who waits for it is interrupted, nobody waits on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from typing import Any, TypeVar

Result = TypeVar("Result")

_current: ContextVar[Stop | None] = ContextVar("stop", default=None)


class Stop:
    """Tells the work of one caller, in whatever threads, to stop.

    A stop that is made by work which can be stopped itself is told with that.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told = False
        self._calls: list[Callable[[], object]] = []
        self._outer = _current.get()
        if self._outer:
            self._outer.then(self.tell)

    def tell(self) -> None:
        with self._lock:
            self._told = True
            calls, self._calls = self._calls, []
        for call in calls:
            call()

    def is_told(self) -> bool:
        return self._told

    def then(self, call: Callable[[], object]) -> None:
        """Do something when the stop is told; now, if it was."""
        with self._lock:
            if not self._told:
                self._calls.append(call)
                return
        call()

    def over(self) -> None:
        """The work has ended: nobody has to tell it any more."""
        if self._outer:
            with self._outer._lock:
                if self.tell in self._outer._calls:
                    self._outer._calls.remove(self.tell)

    def run(self, work: Callable[[], Result]) -> Result:
        """Do work that this stops, here and in the threads of `ThreadsOfCaller` that it uses."""
        context = copy_context()
        context.run(_current.set, self)
        return context.run(work)


def is_stopped() -> bool:
    """Whether what this thread does is to stop."""
    stop = _current.get()
    return stop is not None and stop.is_told()


class ThreadsOfCaller(ThreadPoolExecutor):
    """Threads that stop what they do when the caller's work is to stop."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **options: Any) -> Future[Any]:
        return super().submit(copy_context().run, fn, *args, **options)


class StoppingThreads(ThreadPoolExecutor):
    """Threads that stop what they do when an exception leaves the block that they serve."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__(number, name)
        self._stop = Stop()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **options: Any) -> Future[Any]:
        return super().submit(self._stop.run, lambda: fn(*args, **options))

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._stop.tell()
        self.shutdown(cancel_futures=kind is not None)
        self._stop.over()
