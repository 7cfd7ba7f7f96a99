"""What the benchmarks share: the checkout on the path, turns of measuring, tables of ratios.

Machines are noisy, so that times are compared within one run only: the competitors take turns,
each time is the least of its turns, and what counts is the ratio of two of them. Of a process the
time of the processor counts, which others who wait for it do not lengthen.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
SOURCES = [str(CHECKOUT / "codegen"), str(CHECKOUT / "runtime")]
sys.path[:0] = SOURCES
_TURN = 0.003


def installed(name: str) -> ModuleType | None:
    """The module of a peer; None, and a line that says so, where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"  ({name} is not installed: left out)")
        return None


def least_calls(calls: Mapping[str, Callable[[], Any]], seconds: float) -> dict[str, float]:
    """The least time in seconds of one call of each competitor, in turns.

    The turns are short, so that many of them pass undisturbed; each competitor gets about
    `seconds`, at least three turns. As in `timeit`, no garbage is collected meanwhile.
    """
    timers = {name: timeit.Timer(call) for name, call in calls.items()}
    numbers = {name: max(1, int(_TURN / timer.timeit(1))) for name, timer in timers.items()}
    least = dict.fromkeys(calls, float("inf"))
    used = dict.fromkeys(calls, 0.0)
    turn = 0
    while waiting := [name for name in calls if turn < 3 or used[name] < seconds]:
        turn += 1
        for name in waiting:
            passed = timers[name].timeit(numbers[name])
            used[name] += passed
            least[name] = min(least[name], passed / numbers[name])
    return least


@dataclass(frozen=True)
class Spent:
    """What a process took, in seconds of a processor and on the clock, and what it wrote."""

    processor: float
    clock: float
    written: str


def run(
    command: Sequence[str],
    folder: Path | None = None,
    paths: Sequence[str] = (),
    *,
    writes_bytecode: bool = False,
    variables: Mapping[str, str] | None = None,
) -> Spent:
    """Run a command, with `paths` or the checkout on its path, and `variables` for it.

    Raises:
        RuntimeError: it failed; with what it wrote.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths or SOURCES)}
    environment |= variables or {}
    environment["PYTHONDONTWRITEBYTECODE"] = "" if writes_bytecode else "1"
    with tempfile.TemporaryFile() as file:
        begin = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=file, stderr=file)
        _, status, used = os.wait4(process.pid, 0)
        clock = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        file.seek(0)
        written = file.read().decode()
    if process.returncode:
        raise RuntimeError(f"{command} failed: {written}")
    return Spent(used.ru_utime + used.ru_stime, clock, written)


def least_runs(runs: Mapping[str, Callable[[], Spent]], turns: int) -> dict[str, float]:
    """The least time of a processor, in seconds, that each run took in some turns."""
    least = dict.fromkeys(runs, float("inf"))
    for _ in range(turns):
        for name, once in runs.items():
            least[name] = min(least[name], once().processor)
    return least


def generated(schemas: Mapping[str, Any], folder: Path, package: str) -> None:
    """Generate a package of schemas, by module name, into `folder`, to be imported from there."""
    from brevetti_gen import generate

    sources = folder / f"{package}_schemas"
    sources.mkdir()
    for name, schema in schemas.items():
        (sources / f"{name}.json").write_text(json.dumps(schema), encoding="utf-8")
    generate([sources], folder / package)
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def namespace(text: str) -> dict[str, Any]:
    """What the classes of a peer, given as source, define; run as a module of their own."""
    module = ModuleType(f"by_hand_{len(sys.modules)}")
    sys.modules[module.__name__] = module
    exec(compile(text, module.__name__, "exec", dont_inherit=True), vars(module))
    return vars(module)


@dataclass(frozen=True)
class Row:
    """A line of the table of budgets: at most, or at least, so much of a unit."""

    what: str
    measured: float | None
    limit: float | None = None
    unit: str = ""
    at_least: bool = False
    note: str = ""

    @property
    def is_missed(self) -> bool:
        if self.measured is None or self.limit is None:
            return False
        return self.measured < self.limit if self.at_least else self.measured > self.limit

    def show(self) -> None:
        """Print it."""
        word = "at least" if self.at_least else "at most"
        limit = "" if self.limit is None else f"{word} {self.limit:,g}"
        number = "no data" if self.measured is None else _amount(self.measured, self.unit)
        mark = "MISSED" if self.is_missed else ""
        print(f"{self.what:52}  {number:>12}  {limit:>15}  {mark:6}  {self.note}".rstrip())


def _amount(number: float, unit: str) -> str:
    text = f"{number:,}" if number == int(number) else f"{number:,.2f}"
    return f"{text} {unit}".rstrip()


def heading(title: str, *columns: str) -> None:
    """The first line of a table."""
    print(f"{title:34}" + "".join(f"  {column:>16}" for column in columns))


def row(name: str, *cells: str) -> None:
    """One line of a table."""
    print(f"  {name:32}" + "".join(f"  {cell:>16}" for cell in cells))


def verdict(ratio: float, budget: float, *, at_most: bool = False) -> str:
    """`12.3x (budget 10x)`, with a mark where the budget is missed."""
    is_met = ratio <= budget if at_most else ratio >= budget
    word = "at most " if at_most else ""
    return f"{ratio:.2f}x (budget {word}{budget:g}x){'' if is_met else '  MISSED'}"
