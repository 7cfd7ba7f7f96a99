"""Connections belong to one process: what is forked must not read from those of its parent."""

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
