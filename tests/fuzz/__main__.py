"""Hostile texts everywhere: `python -m tests.fuzz --cases 1000 --seed 1`.

Every case writes a schema, a form, configs or a project with hostile texts into a folder, runs one
command on it, and looks at what it wrote, printed and did. What fails is made smaller and shown;
the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
sys.dont_write_bytecode = True

from fuzz.running import Runner, case_of  # noqa: E402
from fuzz.shrinking import smaller, told  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--seed", type=int, default=0, help="which; case N of a seed is the same")
    parser.add_argument("--minutes", type=float, help="stop after so many")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--kind", help="of this kind only")
    parser.add_argument("--most", type=int, default=20, help="stop after so many failures (20)")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    until = time.monotonic() + 60 * options.minutes if options.minutes else float("inf")
    counts: Counter[str] = Counter()
    failures: dict[str, int] = {}
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # Most time is files' else.
    with TemporaryDirectory(prefix="brevetti-fuzz-", dir=memory) as folder:
        runner = Runner(Path(folder).resolve())
        for number in range(options.first, options.first + options.cases):
            if time.monotonic() > until or len(failures) >= options.most:
                break
            case = case_of(options.seed, number, options.kind)
            counts[case.kind] += 1
            faults = runner.faults(case)
            if faults and (sign := runner.sign(faults)) not in failures:
                failures[sign] = number
                print(f"--- seed {options.seed} case {number}", flush=True)
                print(told(*smaller(runner, case, faults)), flush=True)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    print(f"{sum(counts.values())} cases ({kinds}), {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
