"""How much the random tests try."""

from __future__ import annotations

import math

#: The share that is tried in this run: all where the slow tests run too, else what
#: `conftest.py` says.
share = 1.0


def scaled(number: int) -> int:
    """How many of `number` random examples this run tries."""
    return math.ceil(number * share)
