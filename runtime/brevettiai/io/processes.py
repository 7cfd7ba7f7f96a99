"""Processes: which of this machine live, and what belongs to one of them alone.

Connections do: what is forked must not read from those of its parent.
"""

from __future__ import annotations

import os
import sys
from typing import Protocol
from weakref import WeakSet


class Connected(Protocol):
    """What has connections, and locks around them."""

    def begin_anew(self) -> None:
        """Forget connections and locks, which are those of another process."""
        ...


_connected: WeakSet[Connected] = WeakSet()
_inherited: frozenset[str] = frozenset()


def belongs_to_process(owner: Connected) -> None:
    """Let `owner` begin anew in every process that this one forks."""
    _connected.add(owner)


def is_inherited(module: str) -> bool:
    """Whether the process that forked this one had loaded a module, whose threads are gone here."""
    return module in _inherited


def _begin_anew() -> None:
    global _inherited
    _inherited = frozenset(sys.modules)
    for owner in _connected:
        owner.begin_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def host() -> str:
    """The name of this machine."""
    import platform

    return platform.node()


def runs(process: int, since: float) -> bool:
    """Whether another process than this one has an id, and has run since before some time.

    Ids are used again, and in a container that is started again soon.

    Args:
        since: in seconds since the epoch; processes that began later are others. That can be told
            on Linux only.
    """
    if os.name != "posix" or process == os.getpid() or process <= 0:
        return False
    try:
        os.kill(process, 0)
    except PermissionError:
        pass
    except (OSError, OverflowError):
        return False
    began = _start_of(process)
    return began is None or began <= since


def _start_of(process: int) -> float | None:
    """When a process began, in whole seconds since the epoch; None where nobody says it.

    One that has ended, which its parent has not heard of, counts as one that is yet to begin.
    """
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as file:
            known = file.read().rpartition(")")[2].split()
        if known[0] == "Z":
            return sys.maxsize
        with open("/proc/stat", encoding="ascii") as file:
            [boot] = [line.split()[1] for line in file if line.startswith("btime ")]
        return int(boot) + int(known[19]) // os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None
