"""Which of the processes of one job this is: only the first speaks to the platform."""

from __future__ import annotations

import os

_RANKS = ("RANK", "SLURM_PROCID")
"""Variables in which launchers tell a process its number, the one that counts first first."""
_LAUNCH = (
    *("TORCHELASTIC_RUN_ID", "TORCHELASTIC_RESTART_COUNT", "MASTER_ADDR", "MASTER_PORT"),
    *("WORLD_SIZE", "SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_RESTART_COUNT"),
)


def rank() -> int:
    """The number of this process among those of its job, 0 where nobody gave it one.

    `LOCAL_RANK` is the number on one machine. Where it stands alone, `NODE_RANK` or `GROUP_RANK`
    say which machine that is, and `LOCAL_WORLD_SIZE` how many processes each has.
    """
    for name in _RANKS:
        if (said := _number(name)) is not None:
            return said
    node = _number("NODE_RANK") or _number("GROUP_RANK") or 0
    return node * (_number("LOCAL_WORLD_SIZE") or 1) + (_number("LOCAL_RANK") or 0)


def _number(name: str) -> int | None:
    said = os.environ.get(name, "")
    return int(said) if said.isdecimal() else None


def launched_by() -> dict[str, str]:
    """The variables that the processes of one launch have in common, and of no other."""
    return {name: os.environ[name] for name in _LAUNCH if name in os.environ}
