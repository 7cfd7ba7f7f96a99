"""Many files at once: bounded threads, a bounded queue, every failure remembered, progress told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Lock, Semaphore
from typing import Any, TypeVar

from brevettiai.io.errors import TransferError
from brevettiai.io.local import FileEntry
from brevettiai.io.results import Progress
from brevettiai.io.threads import StoppingThreads


@contextmanager
def reported(
    entries: Iterable[FileEntry], report: Callable[[Progress], None] | None, title: str
) -> Generator[tuple[Iterable[FileEntry], Callable[[FileEntry], None]]]:
    """The files to transfer, and what to call with each that is done.

    Where nobody looks, files are drawn from the listing as they are transferred.

    Args:
        report: called after each file, by one thread at a time; with None there is a bar where
            `tqdm` is installed and standard error is a terminal.
    """
    bar = _bar(title) if report is None else None
    if report is None and bar is None:
        yield entries, lambda entry: None
        return
    listed = list(entries)
    all_size = sum(entry.size for entry in listed)
    files = size = 0
    lock = Lock()
    if bar is not None:
        bar.reset(total=all_size)

    def done(entry: FileEntry) -> None:
        nonlocal files, size
        with lock:
            files, size = files + 1, size + entry.size
            if bar is not None:
                bar.set_postfix_str(f"{files} of {len(listed)} files", refresh=False)
                bar.update(entry.size)
            elif report is not None:
                report(Progress(files, size, len(listed), all_size))

    try:
        yield listed, done
    finally:
        if bar is not None:
            bar.close()


def _bar(title: str) -> Any:
    """A bar that counts bytes, or None."""
    if sys.stderr is None or not sys.stderr.isatty():
        return None
    try:
        tqdm = import_module("tqdm")
    except ImportError:
        return None
    return tqdm.tqdm(desc=title, unit="B", unit_scale=True, unit_divisor=1024, leave=False)


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
