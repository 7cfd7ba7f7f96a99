"""Many files at once: a bounded number of threads, a bounded queue, every failure remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Semaphore
from typing import TypeVar

from brevettiai.io.errors import TransferError
from brevettiai.io.threads import StoppingThreads

Item = TypeVar("Item")

# A tree whose files fail one after the other (no space, no permission) is not tried to its end.
_GIVE_UP = 20


def transfer(
    items: Iterable[Item], work: Callable[[Item], None], name: Callable[[Item], str], threads: int
) -> int:
    """Do `work` for every item in threads, and return how many were done.

    Memory stays bounded: items are drawn as the work proceeds. After twenty failures no new work
    is begun. A report of failures calls items by their `name`. An exception such as
    KeyboardInterrupt leaves when all threads have ended, which begin nothing new then.
    """
    failures: list[tuple[str, Exception]] = []
    most_queued = 4 * threads
    queued = Semaphore(most_queued)
    begun = left = 0
    items = iter(items)

    def do(item: Item) -> None:
        try:
            work(item)
        except Exception as error:
            failures.append((name(item), error))
        finally:
            queued.release()

    with StoppingThreads(threads, "brevettiai-io") as pool:
        for item in items:
            queued.acquire()
            if len(failures) >= _GIVE_UP:
                queued.release()
                left = 1
                with suppress(OSError):  # What failed is told, and not that listing fails too.
                    for _ in items:
                        left += 1
                break
            pool.submit(do, item)
            begun += 1
        # All have ended then. (Who joins a thread must not be interrupted.)
        for _ in range(most_queued):
            queued.acquire()
    done = begun - len(failures)
    if failures:
        raise TransferError(failures, done, left)
    return done
