"""One row for each run that ended, in `runs.jsonl`; read by people, pandas, and reports."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from brevettiai.json_values import is_object, json_of
from brevettiai.sweep.errors import SweepError
from brevettiai.sweep.goals import Goal, finite

if TYPE_CHECKING:
    from brevettiai.io import Storage

FILE = "runs.jsonl"

State = Literal["done", "pruned", "failed"]

_METRICS, _PARAMS = "metrics.", "params."
_MOST_METRICS = 50
_PAUSE = 60.0
"""Seconds between two writings where a file can only be written whole, at least."""


@dataclass(frozen=True)
class Row:
    """How a run ended, once and for all.

    Attributes:
        run: its number, from 0.
        values: those of the goals, in their order; of a run that was pruned the last reported one,
            of one that failed none.
        metrics: numbers that it reported last, those of the goals among them, by name.
        params: the settings that varied, by the name of the parameter; those that were there.
        attempts: how many there were.
        began: the last attempt, in seconds since 1970.
        seconds: how long that took.
        worker: the machine and process that did it.
        memory: the most that its processes held, in bytes; 0 where nobody knows.
        error: what ended it, without secrets; "" where nothing did.
        job_dir: the folder of its job; None for a function.
    """

    run: int
    state: State
    values: tuple[float, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict[str, float])
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    attempts: int = 1
    began: float = 0.0
    seconds: float = 0.0
    worker: str = ""
    memory: int = 0
    error: str = ""
    job_dir: str | None = None

    def flat(self) -> dict[str, Any]:
        """The row as it is written: `metrics.NAME` and `params.NAME` are columns of their own."""
        return {
            "run": self.run,
            "state": self.state,
            **{_METRICS + name: value for name, value in self.metrics.items()},
            **{_PARAMS + name: value for name, value in self.params.items()},
            **{name: getattr(self, name) for name in _PLAIN},
        }


_PLAIN = ("attempts", "began", "seconds", "worker", "memory", "error", "job_dir")


def numbers_in(metrics: Mapping[str, Any], first: Iterable[str]) -> dict[str, float]:
    """The finite numbers among metrics, at most fifty; some of them first."""
    names = dict.fromkeys([*first, *metrics])
    found = {
        name: metrics[name]
        for name in names
        if name in metrics and finite(metrics[name]) is not None
    }
    return dict(list(found.items())[:_MOST_METRICS])


def read_rows(io: Storage, folder: str) -> list[Row]:
    """The rows of the runs that ended so far, by number; a folder without any has none.

    Raises:
        SweepWordsError: there is no sweep.
    """
    from brevettiai.sweep.definition import read_definition

    goals = read_definition(io, folder).goals
    try:
        content = io.read_file(io.path.join(folder, FILE))
    except FileNotFoundError:
        return []
    rows: dict[int, Row] = {}
    for line in content.split(b"\n"):
        try:
            flat = json_of(line)
        except ValueError:
            continue  # The end of a file that is being written.
        if is_object(flat) and isinstance(flat.get("run"), int):
            rows[flat["run"]] = _read(flat, goals)
    return [rows[number] for number in sorted(rows)]


def _read(flat: dict[str, Any], goals: Iterable[Goal]) -> Row:
    metrics = _part(flat, _METRICS)
    state = cast("State", flat["state"])
    values = () if state == "failed" else tuple(metrics[g.metric] for g in goals)
    plain = {name: flat[name] for name in _PLAIN if name in flat}
    return Row(flat["run"], state, values, metrics, _part(flat, _PARAMS), **plain)


def _part(flat: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name[len(prefix) :]: value for name, value in flat.items() if name.startswith(prefix)}


class RowFile:
    """The file of the rows, which follows what is stored of the runs.

    Args:
        everything: gives all rows that there are.
    """

    def __init__(self, io: Storage, folder: str, everything: Callable[[], Iterable[Row]]) -> None:
        self._io, self._path = io, io.path.join(folder, FILE)
        self._everything = everything
        self._can_append = not io.path.is_address(folder)
        self._is_behind = False
        self._written = time.monotonic()

    def begin(self) -> None:
        """Write all rows anew where nobody else does.

        Raises:
            SweepError: there are some of runs of which nothing is stored any more.
        """
        is_empty = next(iter(self._everything()), None) is None
        if is_empty and self._io.isfile(self._path) and self._io.read_file(self._path):
            raise SweepError(
                f"{self._path} has runs, of which nothing is stored in optuna.log or the database "
                "(--sweep-storage): that was removed, or is another one. Put it back, or begin a "
                "sweep in another folder"
            )
        self.write()

    def add(self, row: Row) -> None:
        """Add a row, or do so later with others."""
        if self._can_append:
            with self._io.open(self._path, "ab") as file:
                file.write(_line(row))
        else:
            self._is_behind = True

    def catch_up(self) -> None:
        """Write what is behind, if it is time."""
        if self._is_behind and time.monotonic() > self._written + _PAUSE:
            self.write()

    def write(self) -> None:
        """Write all rows anew."""
        self._io.write_file(self._path, b"".join(_line(row) for row in self._everything()))
        self._is_behind, self._written = False, time.monotonic()


def _line(row: Row) -> bytes:
    return (json.dumps(row.flat()) + "\n").encode()
