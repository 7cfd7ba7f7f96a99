"""A bar that tells how far a run is, at a terminal, while it takes longer than a second."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

#: Runs that take no longer, in seconds, need no bar; and how often it moves.
SOON, OFTEN = 1.0, 0.1


@contextmanager
def progress_bar() -> Generator[Callable[[int, int], None] | None]:
    """What shows how much of how much is done; None where nobody sees it, or `rich` is missing.

    The bar goes when the block ends.
    """
    if not (sys.stderr and sys.stderr.isatty()) or os.environ.get("TERM") == "dumb":
        yield None
        return
    due, bars = time.monotonic() + SOON, list[Any]()

    def show(done: int, total: int) -> None:
        nonlocal due
        if time.monotonic() < due:
            return
        due = time.monotonic() + OFTEN
        if not bars:
            bars.append(_started(total))
        if bars[0]:
            bars[0].update(bars[0].task_ids[0], completed=done, refresh=True)

    try:
        yield show
    finally:
        if bars and bars[0]:
            bars[0].stop()


def _started(total: int) -> Any:
    """A bar of rich; None if that is not installed."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    except ImportError:
        return None
    columns = (TextColumn("generating"), BarColumn(), MofNCompleteColumn(), TextColumn("schemas"))
    # Without a thread of its own, beside which no process could be forked.
    bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
    bar.add_task("", total=total)
    bar.start()
    return bar
