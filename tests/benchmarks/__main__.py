"""All budgets of size and speed beside what is measured: `python -m tests.benchmarks`.

Fails where a ratio of speed is missed (`gate.py`); sizes are held by tests/test_budgets.py, and
times of whole processes depend on the machine, so that they are shown only.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from bench_generator import BUDGET_THOUSAND, thousand  # noqa: E402
from gate import show_ratios  # noqa: E402
from measuring import heading, row  # noqa: E402


def main() -> int:
    from budgets import SIZES  # after `measuring`, which puts the checkout on the path

    heading("size", "measured", "at most", "")
    for budget in SIZES:
        size = budget.measure()
        number = len(size) if isinstance(size, list) else size
        cells = ("no data", "") if number is None else (f"{number:,}", f"{budget.at_most:,}")
        missed = number is not None and number > budget.at_most
        row(budget.what, *cells, "MISSED" if missed else "")
    held = show_ratios()
    heading("time", "measured", "at most", "", "of processors")
    with tempfile.TemporaryDirectory() as folder:
        passed, used = thousand(Path(folder))
    mark = "MISSED" if passed > BUDGET_THOUSAND else ""
    row("1,000 schemas", f"{passed:.1f} s", f"{BUDGET_THOUSAND:g} s", mark, f"{used:.1f} s")
    return not held


if __name__ == "__main__":
    sys.exit(main())
