"""Many files at once: a bounded number of threads, a bounded queue, every failure remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Semaphore
from typing import TypeVar

from brevettiai.io.errors import TransferError

Item = TypeVar("Item")

# A tree whose files fail one after the other (no space, no permission) is not tried to its end.
_GIVE_UP = 20


def transfer(
    items: Iterable[Item], work: Callable[[Item], None], name: Callable[[Item], str], threads: int
) -> int:
    """Do `work` for every item in threads, and return how many were done.

    Memory stays bounded: items are drawn as the work proceeds. After twenty failures no new work
    is begun. A report of failures calls items by their `name`.
    """
    failures: list[tuple[str, Exception]] = []
    queued = Semaphore(4 * threads)
    begun = left = 0
    items = iter(items)

    def do(item: Item) -> None:
        try:
            work(item)
        except Exception as error:
            failures.append((name(item), error))
        finally:
            queued.release()

    with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="brevettiai-io") as pool:
        for item in items:
            queued.acquire()
            if len(failures) >= _GIVE_UP:
                left = 1
                with suppress(OSError):  # What failed is told, and not that listing fails too.
                    for _ in items:
                        left += 1
                break
            pool.submit(do, item)
            begun += 1
    done = begun - len(failures)
    if failures:
        raise TransferError(failures, done, left)
    return done
