"""What the benchmarks share: the checkout on the path, turns of measuring, tables of ratios.

Machines are noisy, so that times are compared within one run only: the competitors take turns,
each time is the least of its turns, and what counts is the ratio of two of them.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
import timeit
from collections.abc import Callable, Mapping, Sequence
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


def least_runs(
    commands: Mapping[str, Sequence[str]], turns: int, folder: Path | None = None
) -> dict[str, float]:
    """The least time in seconds of one process of each command, the checkout on its path.

    Raises:
        RuntimeError: a command failed; with what it wrote.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(SOURCES)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # all competitors have theirs
    least = dict.fromkeys(commands, float("inf"))
    for _ in range(turns):
        for name, command in commands.items():
            begin = time.perf_counter()
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True)
            least[name] = min(least[name], time.perf_counter() - begin)
            if done.returncode:
                raise RuntimeError(f"{name} failed: {done.stderr.decode()}")
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
