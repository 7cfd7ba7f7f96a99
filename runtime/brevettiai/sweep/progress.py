"""How a sweep goes: what its driver tells those who watch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brevettiai.search.space import Point
    from brevettiai.sweep.definition import Definition
    from brevettiai.sweep.rows import Row
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
