"""How people see a sweep go: a live table on a terminal, elsewhere a line for each run."""

from __future__ import annotations

import sys
from collections import deque
from typing import TYPE_CHECKING, Any, TextIO

from brevettiai.errors import visible
from brevettiai.sweep.progress import Observer, Progress
from brevettiai.sweep.wording import (
    counts_text,
    duration_text,
    first_line,
    params_text,
    row_text,
    short_names,
    value_text,
    values_text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console, RenderableType

    from brevettiai.search.space import Point
    from brevettiai.sweep.goals import Goal
    from brevettiai.sweep.rows import Row
    from brevettiai.sweep.runs import Reported, Run

_LAST = 5
"""How many of the runs that ended last the table has."""
_RUNNING = 16
"""How many of those that run it has."""
_INKS = {"done": "green", "pruned": "yellow", "failed": "red", "running": "cyan"}


def watcher(goals: Sequence[Goal], folder: str, stream: TextIO | None = None) -> Watcher:
    """Who shows a sweep on a stream, by default on standard error.

    Args:
        folder: the sweep's, to be shown.
    """
    from rich.console import Console

    stream = sys.stderr if stream is None else stream
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    kind = LiveTable if console.is_terminal and not console.is_dumb_terminal else Lines
    return kind(goals, folder, console)


class Watcher(Observer):
    """Shows a sweep in the time of a `with` statement."""

    def __init__(self, goals: Sequence[Goal], folder: str, console: Console) -> None:
        self.goals = goals
        self.folder = folder
        self.console = console
        self.progress = Progress(0)

    def __enter__(self) -> Watcher:
        return self

    def __exit__(self, *_: object) -> None: ...

    def progressed(self, progress: Progress) -> None:
        self.progress = progress

    def say(self, text: str) -> None:
        """Show a line."""
        self.console.print(visible(text), soft_wrap=True)

    def retried(self, number: int, why: str) -> None:
        self.say(f"run {number} is tried again: {first_line(why)}")

    def told(self, words: str) -> None:
        self.say(words)

    def stopping(self) -> None:
        self.say("Stopping: runs are asked to end. Once more ends at once.")


class Lines(Watcher):
    """A line for each run that ended, as for the logs of CI."""

    def __init__(self, goals: Sequence[Goal], folder: str, console: Console) -> None:
        super().__init__(goals, folder, console)
        self._waiting: list[tuple[Row, bool]] = []

    def ended(self, row: Row, is_best: bool) -> None:
        self._waiting.append((row, is_best))

    def progressed(self, progress: Progress) -> None:
        super().progressed(progress)
        first = progress.ended - len(self._waiting) + 1
        for count, (row, is_best) in enumerate(self._waiting, first):
            self.say(f"{row_text(row, self.goals, is_best)} ({count} of {progress.runs})")
        self._waiting.clear()

    def __exit__(self, *_: object) -> None:
        self.progressed(self.progress)


class LiveTable(Watcher):
    """How a sweep goes, on a terminal: the best so far, what runs, and what ended last."""

    def __init__(self, goals: Sequence[Goal], folder: str, console: Console) -> None:
        from rich.live import Live

        super().__init__(goals, folder, console)
        self._running: dict[int, tuple[Point, str]] = {}
        self._last: deque[Row] = deque(maxlen=_LAST)
        self._names: dict[str, str] = {}
        self._live = Live(console=console, get_renderable=self.table, refresh_per_second=4)

    def __enter__(self) -> Watcher:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.clear()  # What was stopped runs no longer.
        self._live.stop()

    def began(self, run: Run, point: Point) -> None:
        self._running[run.number] = (point, "")
        if not self._names.keys() >= point.keys():
            self._names = short_names({**self._names, **point})

    def reported(self, reported: Reported) -> None:
        """Show the metrics of the goals, or the first ones where it has none of them."""
        if reported.number not in self._running:
            return
        wanted = [goal.metric for goal in self.goals if goal.metric in reported.metrics]
        shown = [
            f"{visible(name)} {value_text(float(reported.metrics[name]))}"
            for name in wanted or [*reported.metrics][:2]
        ]
        point, _ = self._running[reported.number]
        self._running[reported.number] = (point, f"{', '.join(shown)} at {reported.step}")

    def retried(self, number: int, why: str) -> None:
        self._running.pop(number, None)
        super().retried(number, why)

    def ended(self, row: Row, is_best: bool) -> None:
        self._running.pop(row.run, None)
        self._last.append(row)

    def table(self) -> RenderableType:
        """What is on the terminal now."""
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        progress = self.progress
        head = Table.grid(padding=(0, 2))
        left = progress.seconds_left
        head.add_row(
            ProgressBar(total=max(progress.runs, 1), completed=progress.ended, width=20),
            Text(f"{progress.ended} of {progress.runs}", style="bold"),
            Text("" if left is None else f"about {duration_text(left)} left"),
        )
        rows = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        rows.add_column("", no_wrap=True, min_width=7)
        rows.add_column("run", justify="right", no_wrap=True, min_width=5)
        rows.add_column("result", no_wrap=True, overflow="ellipsis", min_width=24, max_width=40)
        rows.add_column("settings")  # The one that gives way where there is no room.
        for row in list(progress.best)[:_LAST]:
            self._add(rows, "best", "bold green", row.run, self._result(row), row.params)
        for number, (point, shown) in sorted([*self._running.items()])[:_RUNNING]:
            self._add(rows, "running", _INKS["running"], number, shown, point)
        for row in [*self._last][::-1]:
            self._add(rows, row.state, _INKS[row.state], row.run, self._result(row), row.params)
        counts = Text(f"{counts_text(progress)}   {visible(self.folder)}", style="dim")
        counts.no_wrap, counts.overflow = True, "ellipsis"
        return Group(head, counts, rows)

    def _add(
        self, rows: Any, state: str, ink: str, number: int, result: str, params: Mapping[str, Any]
    ) -> None:
        from rich.text import Text

        settings = Text(params_text(params, self._names), no_wrap=True, overflow="ellipsis")
        rows.add_row(Text(state, style=ink), str(number), Text(result), settings)

    def _result(self, row: Row) -> str:
        return values_text(self.goals, row.values) or first_line(row.error)
