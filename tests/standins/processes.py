"""Processes that tests have started, of any depth, and the end of them."""

from __future__ import annotations

from contextlib import suppress

import psutil


def pids_below(process: int) -> set[int]:
    """The processes that a process has started, and those that these have."""
    return {each.pid for each in psutil.Process(process).children(recursive=True)}


def all_end(processes: set[int]) -> None:
    """Wait until processes have ended."""
    there: list[psutil.Process] = []
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            there.append(psutil.Process(each))
    _, alive = psutil.wait_procs(there, timeout=300)
    assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]
