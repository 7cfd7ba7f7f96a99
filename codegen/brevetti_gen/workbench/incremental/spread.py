"""Work on many things, on all cores where that is worth while."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: Called with how much of how much is done.
Progress: TypeAlias = Callable[[int, int], None]

#: After so many seconds of work, as much more is worth the start of other processes.
WORTH = 0.5
#: What the forked processes work with.
_WORK: list[Any] = []


def spread(
    work: Callable[[T], R], items: Sequence[T], sizes: Sequence[int], progress: Progress | None
) -> list[R]:
    """What `work` makes of each of `items`, in their order; `sizes` say how much it is.

    The small ones are begun with. Once it is known how long they take, and that the others take
    longer than other processes take to start, those share in them; where forking is safe: on Linux,
    and nobody else runs in this process.
    """
    order: list[int] = sorted(range(len(items)), key=sizes.__getitem__)
    results: dict[int, R] = {}
    start, total, done, may_fork = time.monotonic(), sum(sizes), 0, True
    while order:
        spent = time.monotonic() - start
        is_worth = done and min(spent, spent * (total - done) / done) >= WORTH
        if may_fork and is_worth and len(order) > 1 and _cores() > 1:
            # What these leave, if one of them is killed, is done here.
            may_fork = False
            found = _forked(work, [(number, items[number]) for number in reversed(order)])
        else:
            found = iter([(order[0], work(items[order[0]]))])
        for number, result in found:
            results[number] = result
            done += sizes[number]
            if progress:
                progress(done, total)
        order = [number for number in order if number not in results]
    return [results[number] for number in range(len(items))]


def _cores() -> int:
    """How many processes may share in the work; 1 where forking is not safe."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    multiprocessing = sys.modules.get("multiprocessing")
    if multiprocessing and multiprocessing.current_process().daemon:
        return 1  # these may have no children
    try:
        # Libraries have threads that Python does not know.
        is_alone = len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return 1
    return len(os.sched_getaffinity(0)) if is_alone else 1


def _forked(work: Callable[[T], R], items: Sequence[tuple[int, T]]) -> Iterator[tuple[int, R]]:
    """What `work` makes of items in processes of their own, by number; less if one is killed."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    _WORK[:] = [work, dict(items)]
    others = set(active_children())
    executor = ProcessPoolExecutor(_cores(), get_context("fork"), _begin)
    try:
        # The first of these forks; a Ctrl-C of that moment waits, and is for this process alone.
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            numbers = {executor.submit(_work_on, number): number for number, _ in items}
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
        for future in as_completed(numbers):
            yield numbers[future], future.result()
    except BrokenProcessPool:
        return
    except BaseException:
        for child in set(active_children()) - others:
            child.terminate()
        raise
    finally:
        _WORK.clear()
        executor.shutdown(cancel_futures=True)


def _begin() -> None:
    """Leave Ctrl-C to the process that began it all."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _work_on(number: int) -> Any:
    work, items = _WORK
    return work(items[number])
