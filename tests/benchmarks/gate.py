"""Ratios of speed that must hold, told in a way that noise does not change.

    python tests/benchmarks/gate.py

Ours and a peer are timed in pairs, one right after the other and in changing order, so that what
slows the machine slows both; of many pairs the median ratio counts. A ratio is missed if it stays
more than a tenth below its budget in each of three tries: what passes may be a little slower than
that, what fails is.
"""

from __future__ import annotations

import importlib
import statistics
import sys
import tempfile
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import trees
from bench_objects import BUDGETS, tree_calls
from measuring import Row, generated, installed

MARGIN = 0.1
TRIES = 3
PAIRS = 60
_TURN = 0.003


@dataclass(frozen=True)
class Ratio:
    """How many times as long as ours a peer's call must take."""

    what: str
    at_least: float
    ours: Callable[[], object]
    peer: Callable[[], object]


def median_ratio(ratio: Ratio, pairs: int = PAIRS) -> float:
    """The median over pairs of turns of the peer's time over ours."""
    timers = (timeit.Timer(ratio.ours), timeit.Timer(ratio.peer))
    numbers = [max(1, int(_TURN / timer.timeit(1))) for timer in timers]
    ratios: list[float] = []
    for pair in range(pairs):
        times = [0.0, 0.0]
        for which in (0, 1) if pair % 2 else (1, 0):
            times[which] = timers[which].timeit(numbers[which]) / numbers[which]
        ratios.append(times[1] / times[0])
    return statistics.median(ratios)


def measure(ratio: Ratio) -> Row:
    """The best ratio of as many tries as it takes."""
    best = 0.0
    for _ in range(TRIES):
        best = max(best, median_ratio(ratio))
        if best >= ratio.at_least * (1 - MARGIN):
            break
    return Row(ratio.what, best, ratio.at_least, at_least=True)


def ratios(folder: Path) -> list[Ratio]:
    """The ratios to pydantic on the tree of 22 fields; its package is generated into `folder`."""
    if installed("pydantic") is None:
        return []
    generated({"tree": trees.SCHEMA}, folder, "gate_settings")
    calls = tree_calls(importlib.import_module("gate_settings.tree"))
    return [
        Ratio(
            f"{work}, pydantic over ours", budget, calls[work]["brevetti"], calls[work]["pydantic"]
        )
        for work, budget in BUDGETS.items()
    ]


def rows() -> list[Row]:
    """The ratios beside their budgets."""
    with tempfile.TemporaryDirectory() as folder:
        return [measure(ratio) for ratio in ratios(Path(folder))]


def hold(rows: list[Row]) -> bool:
    """Whether the ratios are not missed by more than noise may do."""
    return all(row.measured >= row.limit * (1 - MARGIN) for row in rows)


def main() -> int:
    measured = rows()
    for row in measured:
        row.show()
    return not hold(measured)


if __name__ == "__main__":
    sys.exit(main())
