"""Hostile texts everywhere: `python -m tests.fuzz --cases 1000 --seed 1 --processes 2`.

Every case writes a schema, a form, configs or a project with hostile texts into a folder, runs one
command on it, and looks at what it wrote, printed and did. What fails is made smaller and shown;
the exit code is 1 then.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
sys.dont_write_bytecode = True

from fuzz.sharing import shared  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cases", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--seed", type=int, default=0, help="which; case N of a seed is the same")
    parser.add_argument("--minutes", type=float, help="stop after so many")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--kind", type=_kind, help="of this kind only")
    parser.add_argument("--most", type=int, default=20, help="stop after so many failures (20)")
    cores = len(os.sched_getaffinity(0))
    text = "how many share the cases; by default one for each core that there is"
    parser.add_argument("--processes", type=int, default=cores, help=text)
    options = parser.parse_args()
    until = time.monotonic() + 60 * options.minutes if options.minutes else float("inf")
    counts: Counter[str] = Counter()
    failures: set[str] = set()
    numbers = range(options.first, options.first + options.cases)
    try:
        with closing(shared(options.processes, options.seed, numbers, options.kind)) as found:
            for share in found:
                counts.update(share.counts)
                for sign, text in share.failures.items():
                    if sign not in failures:
                        failures.add(sign)
                        print(text, flush=True)
                if time.monotonic() > until or len(failures) >= options.most:
                    break
    finally:  # Also of a run that is cut off.
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
        print(f"{sum(counts.values())} cases ({kinds}), {len(failures)} failures", flush=True)
    return 1 if failures else 0


def _kind(text: str) -> str:
    from fuzz.commands import KINDS  # Otherwise only those who share the cases need it.

    if text not in KINDS:
        raise argparse.ArgumentTypeError(f"{text!r} is no kind: there are {', '.join(KINDS)}")
    return text


if __name__ == "__main__":
    raise SystemExit(main())
