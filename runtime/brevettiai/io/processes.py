"""Connections belong to one process: what is forked must not read from those of its parent."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class Connected(Protocol):
    """What has connections, and locks around them."""

    def begin_anew(self) -> None:
        """Forget connections and locks, which are those of another process."""
        ...


_connected: WeakSet[Connected] = WeakSet()


def belongs_to_process(owner: Connected) -> None:
    """Let `owner` begin anew in every process that this one forks."""
    _connected.add(owner)


def _begin_anew() -> None:
    for owner in _connected:
        owner.begin_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
