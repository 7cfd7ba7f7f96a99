"""How far a transfer of many files is: for code, or as a bar for who sits at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from importlib import import_module
from threading import Lock
from typing import Any

from brevettiai.io.local import FileEntry
from brevettiai.io.results import Progress


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
