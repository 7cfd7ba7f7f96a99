"""Cases shared among processes, each of which is replaced now and then."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .running import Runner

#: How many cases are given out at once; after so many of these a process has grown large.
_SHARE = 20
_SHARES = 50
_RUNNER: list[Runner] = []


@dataclass
class Share:
    """What came of some cases.

    Attributes:
        counts: how many there were, by kind.
        failures: what is to be said of those that failed, by what tells them apart.
    """

    counts: Counter[str] = field(default_factory=Counter[str])
    failures: dict[str, str] = field(default_factory=dict[str, str])


def shared(
    processes: int, seed: int, numbers: range, kind: str | None
) -> Generator[Share, None, None]:
    """Run the cases of these numbers, and say what came of them, as it comes."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # Most time is files' else.
    shares = [numbers[n : n + _SHARE] for n in range(0, len(numbers), _SHARE)]
    with (
        tempfile.TemporaryDirectory(prefix="brevetti-fuzz-", dir=memory) as folder,
        multiprocessing.get_context("spawn").Pool(
            min(processes, len(shares)) or 1, _begin, (folder,), maxtasksperchild=_SHARES
        ) as pool,
    ):
        tasks = ((seed, share, kind) for share in shares)
        yield from pool.imap_unordered(_work, tasks)


def _begin(folder: str) -> None:
    # Ctrl-C is for the process that began this one, which then ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.dont_write_bytecode = True  # It would be written outside of what a case may change.
    from .running import Runner

    logging.disable(logging.CRITICAL)
    _RUNNER[:] = [Runner(Path(folder).resolve() / str(os.getpid()))]


def _work(task: tuple[int, range, str | None]) -> Share:
    from .running import case_of
    from .shrinking import smaller, told

    seed, numbers, kind = task
    (runner,) = _RUNNER
    share = Share()
    for number in numbers:
        case = case_of(seed, number, kind)
        share.counts[case.kind] += 1
        faults = runner.faults(case)
        if faults and (sign := runner.sign(faults)) not in share.failures:
            text = told(*smaller(runner, case, faults))
            share.failures[sign] = f"--- seed {seed} case {number}\n{text}"
    return share
