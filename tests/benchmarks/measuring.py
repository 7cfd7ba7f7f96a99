"""What the benchmarks share: the checkout on the path, turns of measuring, tables of ratios.

Machines are noisy, so that times are compared within one run only: the competitors take turns, and
what counts is the ratio of two of them in the same turn. Times are those of a processor, which
others who wait for it do not lengthen.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import statistics
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
#: A turn of an in-process work, in seconds, and of a process.
_TURN, _PROCESS_TURN = 0.003, 0.05
MISSING, SLOW = "not installed", "takes too long"


def installed(name: str) -> ModuleType | None:
    """The module of a peer; None, and a line that says so, where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"  ({name} is not installed: left out)")
        return None


@dataclass(frozen=True)
class Case:
    """One work at one size: what it took of each competitor, turn by turn.

    Turn `i` of one stands beside turn `i` of every other. A text says why one has none. `size` is
    the place of the case on the axis of its chapter, None if it has none there.
    """

    name: str
    found: dict[str, list[float] | str]
    size: float | None = None


#: A work that is done some times over; what one of these took.
Work = Callable[[int], float]


def offered(module: str, make: Callable[[], Work | str]) -> Work | str:
    """What a peer of this module competes with; why it does not, where it cannot."""
    if importlib.util.find_spec(module) is None:
        return MISSING
    try:
        return make()
    except ModuleNotFoundError:  # of what it is fast with
        return MISSING
    except Exception as error:
        return f"fails: {type(error).__name__}"


def called(call: Callable[[], Any]) -> Work:
    """A call in this process, in seconds of its processor; no garbage is collected meanwhile."""
    timer = timeit.Timer(call, timer=time.process_time)
    return lambda number: timer.timeit(number) / number


def ran(once: Callable[[], Spent]) -> Work:
    """A process, in seconds of a processor."""
    return lambda number: sum(once().processor for _ in range(number)) / number


def in_turns(
    works: Mapping[str, Work | str],
    seconds: float,
    turn: float = _TURN,
    least: int = 5,
    *,
    warm: bool = True,
) -> dict[str, list[float] | str]:
    """What each work took, in turns: of each about `seconds` in all, and at least `least` turns.

    The turns are short, so that many of them pass undisturbed, and each round has all competitors,
    in changing order: what slows the machine for a while slows them all. With `warm`, each is done
    once before, which does not count; and once more, as what a first call imports says nothing of
    how many fill a turn.
    """
    found: dict[str, list[float] | str] = {
        name: work if isinstance(work, str) else [] for name, work in works.items()
    }
    numbers = dict.fromkeys(works, 1)

    def take(name: str) -> float:
        work = works[name]
        try:
            return 0.0 if isinstance(work, str) else work(numbers[name])
        except Exception as error:
            found[name] = f"fails: {type(error).__name__}"
            return 0.0

    if warm:
        for name in works:
            took = take(name)
            numbers[name] = max(1, int(turn / max(take(name) if turn else took, 1e-9)))
    used, rounds = 0.0, 0
    while rounds < least or (rounds < 100 and used < seconds * len(works)):
        names = [name for name in works if isinstance(found[name], list)]
        for name in names if rounds % 2 else names[::-1]:
            took, turns = take(name), found[name]
            if isinstance(turns, list):
                turns.append(took)
            used += took * numbers[name]
        rounds += 1
        if not names:
            break
    return found


def effort(quick: bool) -> tuple[float, float, int]:
    """Seconds of each competitor, of each turn, and how many turns at least, of works in here."""
    return (0.01, 0.001, 3) if quick else (0.25, _TURN, 5)


def counted(number: int, what: str) -> str:
    """`1 record`, `1,000 records`."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def too_slow(before: Sequence[Case], name: str, most: float) -> str:
    """`SLOW` where a competitor took more than `most` seconds for the smaller case before."""
    if not before or before[-1].size is None:
        return ""
    took = before[-1].found[name]
    if isinstance(took, str):
        return took if took == SLOW else ""
    return SLOW if statistics.median(took) > most else ""


def over(found: Mapping[str, list[float] | str], bare: str) -> dict[str, list[float] | str]:
    """What each took over the median of what a work that does nothing took."""
    nothing = statistics.median(found[bare])
    return {
        name: took if isinstance(took, str) else [max(each - nothing, 1e-5) for each in took]
        for name, took in found.items()
        if name != bare
    }


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
