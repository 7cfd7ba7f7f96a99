"""Which of the processes of one job this is: only the first speaks to the platform."""

from __future__ import annotations

import os

RANKS = ("RANK", "SLURM_PROCID", "LOCAL_RANK")
"""Variables in which launchers tell a process its number, the one that counts first first."""


def rank() -> int:
    """The number of this process among those of its job, 0 where nobody gave it one."""
    for name in RANKS:
        if (said := os.environ.get(name, "")).isdecimal():
            return int(said)
    return 0
