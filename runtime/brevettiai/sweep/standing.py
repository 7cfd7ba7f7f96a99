"""Where a sweep stands: how many runs ended how, and which are the best."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from brevettiai.sweep.goals import Goal, best_of
from brevettiai.sweep.progress import Progress
from brevettiai.sweep.rows import Row


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
