"""Work in forked processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest


def in_children(number: int, work: Callable[[], bool]) -> list[int]:
    """The exit codes of so many forked processes: 0 where the work gives something true."""
    children: list[int] = []
    for _ in range(number):
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(60)
            os._exit(0 if work() else 1)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
