"""What each work takes, beside its peers: `python -m tests.benchmarks [--quick] [--write FILE]`.

Prints a page of Markdown, or writes it, and beside it the picture of growth
(`images/benchmarks.svg`). Competitors take turns in one run; `peers.txt` pins them, and who is not
installed is a row that says so. `--held` shows the budgets of `held.py` instead, and fails where a
ratio of speed is missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import measuring  # noqa: E402, F401  (it puts the checkout on the path)
import plot  # noqa: E402
import table  # noqa: E402
from chapters import WORKS  # noqa: E402
from page import page  # noqa: E402

PICTURE = "images/benchmarks.svg"


def main() -> int:
    if "--held" in sys.argv[1:]:
        import held

        return held.main([word for word in sys.argv[1:] if word != "--held"])
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few turns of small works, no servers")
    parser.add_argument("--only", nargs="+", choices=[work.name for work in WORKS], metavar="WORK")
    parser.add_argument("--write", type=Path, metavar="FILE", help="the page, and its picture")
    parser.add_argument("--held", action="store_true", help="budgets of size and speed instead")
    options = parser.parse_args()
    chapters: list[table.Chapter] = []
    for work in WORKS:
        if work.name not in (options.only or [work.name]) or (options.quick and not work.in_quick):
            continue
        begin, used = time.perf_counter(), _used()
        cases = work.measure(options.quick)
        took = f"{time.perf_counter() - begin:.0f} s, {_used() - used:.0f} s of processors"
        print(f"{work.title}: {took}", file=sys.stderr, flush=True)
        chapters.append(
            table.Chapter(work.name, work.title, work.told, work.unit, work.axis, cases)
        )
    has_picture = options.write is not None and any(map(plot.is_growth, chapters))
    text = page(chapters, PICTURE if has_picture else "")
    if options.write is None:
        print(text)
        return 0
    options.write.write_text(text, encoding="utf-8")
    if has_picture:
        picture = options.write.parent / PICTURE
        picture.parent.mkdir(exist_ok=True)
        picture.write_text(plot.svg(chapters), encoding="utf-8")
    return 0


def _used() -> float:
    """Seconds of processors, of this process and those that it waited for."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    sys.exit(main())
