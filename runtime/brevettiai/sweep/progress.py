"""How a sweep goes: where it stands, and what its driver tells those who watch."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from brevettiai.sweep.goals import Goal, best_of
from brevettiai.sweep.rows import Row

if TYPE_CHECKING:
    from brevettiai.search.space import Point
    from brevettiai.sweep.definition import Definition
    from brevettiai.sweep.runs import Reported, Run


@dataclass(frozen=True)
class Progress:
    """How a sweep goes, at a moment.

    Attributes:
        runs: how many there are to be.
        done, pruned, failed: how many ended so, by whoever drives the sweep.
        running: how many this driver has running.
        elsewhere: how many other drivers have.
        rejected: how many proposals the settings class refused.
        best: of one goal the best run, of several the Pareto front; empty before one is done.
        seconds: since this driver began.
        seconds_left: what is left of it, as far as one can tell; None while nothing tells.
    """

    runs: int
    done: int = 0
    pruned: int = 0
    failed: int = 0
    running: int = 0
    elsewhere: int = 0
    rejected: int = 0
    best: Sequence[Row] = ()
    seconds: float = 0.0
    seconds_left: float | None = None

    @property
    def ended(self) -> int:
        """How many have ended."""
        return self.done + self.pruned + self.failed


class Observer:
    """Who watches a sweep; this one looks away. Methods are called from the thread that drives."""

    def began(self, run: Run, point: Point) -> None:
        """An attempt at a run was sent to who does it."""

    def reported(self, reported: Reported) -> None:
        """A run reported metrics."""

    def retried(self, number: int, why: str) -> None:
        """An attempt at a run came to nothing, and another one follows."""

    def ended(self, row: Row, is_best: bool) -> None:
        """A run of this driver ended.

        Args:
            is_best: it is better than all before; of several goals, it is in the Pareto front.
        """

    def rejected(self, point: Point, why: str) -> None:
        """The settings class refused a proposal."""

    def told(self, words: str) -> None:
        """Something that people should know, once."""

    def stopping(self) -> None:
        """Somebody asked the sweep to end: runs are being stopped, no others begin."""

    def progressed(self, progress: Progress) -> None:
        """How it goes, after each change and about once a second."""


@dataclass(frozen=True)
class Result:
    """What came out of a sweep.

    Attributes:
        folder: where it lies.
        rows: of all its runs that ended, by whoever drove it, by number.
        best: of one goal the best run, of several the Pareto front by number; empty if none is
            done.
        rejected: how many proposals the settings class refused.
        interrupted: somebody asked it to end before all runs had; with `--resume` it goes on.
    """

    definition: Definition
    folder: str
    rows: Sequence[Row]
    best: Sequence[Row]
    rejected: int = 0
    interrupted: bool = False


class Standing:
    """Where a sweep stands, by the rows of the runs that ended.

    Attributes:
        best: of one goal the best run, of several the Pareto front.
        rejected: how many proposals were refused.
    """

    def __init__(self, goals: Sequence[Goal]) -> None:
        self.best: list[Row] = []
        self.rejected = 0
        self._goals = goals
        self._ended: set[int] = set()
        self._states: Counter[str] = Counter()
        self._began = time.monotonic()
        self._before = 0

    def begin(self) -> None:
        """From now on it is told how long things take."""
        self._began, self._before = time.monotonic(), len(self._ended)

    def has(self, number: int) -> bool:
        """Whether a run has ended."""
        return number in self._ended

    def ended(self, runs: int) -> int:
        """How many of the first runs have ended."""
        return sum(number < runs for number in self._ended)

    @property
    def done(self) -> int:
        """How many runs did what they were to do."""
        return self._states["done"]

    def add(self, row: Row) -> bool:
        """Take a row in; whether its run is the best, or one of them."""
        self._ended.add(row.run)
        self._states[row.state] += 1
        if row.state != "done":
            return False
        # The first of the equally good is the best, whoever ends first.
        rows = sorted([*self.best, row], key=lambda each: each.run)
        self.best = [rows[index] for index in best_of(self._goals, [r.values for r in rows])]
        return row in self.best

    def progress(self, runs: int, running: int, elsewhere: int) -> Progress:
        """Where it stands now."""
        seconds = time.monotonic() - self._began
        ended = len(self._ended)
        left, lately = max(runs - ended, 0), ended - self._before
        return Progress(
            runs=runs,
            done=self._states["done"],
            pruned=self._states["pruned"],
            failed=self._states["failed"],
            running=running,
            elsewhere=elsewhere,
            rejected=self.rejected,
            best=tuple(self.best),
            seconds=seconds,
            seconds_left=0.0 if not left else seconds / lately * left if lately else None,
        )
