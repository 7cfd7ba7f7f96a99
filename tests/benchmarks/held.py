"""All budgets of size and speed beside what is measured: `python -m tests.benchmarks --held`.

Times of processes are those of a processor, the least of several: they depend on the machine, so
that they are shown only. What fails is a ratio of speed that is missed (`gate.py`); sizes are held
by tests/test_budgets.py.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import bench_command_line
import bench_generator
import bench_large
import bench_startup
import gate
from measuring import Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from budgets import Budget


def main(words: Sequence[str]) -> int:
    from budgets import SCHEMASTORE, shared, sizes  # after `measuring`, for its path

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few turns, and no large inputs")
    parser.add_argument(
        "--schemastore", type=Path, default=shared(*SCHEMASTORE), help="a folder of its schemas"
    )
    options = parser.parse_args(words)
    rows = [_size(budget) for budget in sizes(options.schemastore)]
    ratios = gate.rows()
    rows += ratios
    rows += bench_startup.rows(turns=5 if options.quick else 40)
    rows += bench_command_line.rows(turns=5 if options.quick else 20)
    if not options.quick:
        rows += bench_large.rows()
        rows += bench_generator.rows(options.schemastore)
    for row in rows:
        row.show()
    return not gate.hold(ratios)


def _size(budget: Budget) -> Row:
    size = budget.measure()
    number = len(size) if isinstance(size, list) else size
    return Row(budget.what, number, budget.at_most)
