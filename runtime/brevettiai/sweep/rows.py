"""One row for each run that ended, in `runs.jsonl`; read by people, pandas, and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from brevettiai.io import Storage

FILE = "runs.jsonl"

State = Literal["done", "pruned", "failed"]


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
        raise NotImplementedError


def read_rows(io: Storage, folder: str) -> list[Row]:
    """The rows of the runs that ended so far, by number; a folder without any has none."""
    raise NotImplementedError
