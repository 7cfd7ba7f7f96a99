"""One run of a sweep, and what is heard of it. Values that travel between processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Outcome = Literal["done", "failed", "stopped", "lost"]
"""How an attempt at a run ended. `stopped`: it was asked to; `lost`: with its process or worker."""


@dataclass(frozen=True)
class Run:
    """An attempt at a run, as it is sent to who does it.

    Attributes:
        number: of the run in the sweep, from 0.
        attempt: which attempt at it this is, from 1.
        job_dir: the folder of its job, local or on S3; None for a function.
        config: the settings, with their secrets.
    """

    number: int
    attempt: int
    job_dir: str | None
    config: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Reported:
    """Metrics that a run reported, of an epoch or step."""

    number: int
    step: int
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class Ended:
    """How an attempt at a run ended.

    Attributes:
        metrics: of a job those of its `output.json`, over the last ones that it reported.
        error: what ended it, in words without secrets; "" where nothing did.
        began: in seconds since 1970.
        seconds: how long it took, by the clock.
        worker: the machine and process that did it.
        memory: the most that its processes held, in bytes; 0 where nobody knows.
    """

    number: int
    outcome: Outcome
    metrics: Mapping[str, Any] = field(default_factory=dict[str, Any])
    error: str = ""
    began: float = 0.0
    seconds: float = 0.0
    worker: str = ""
    memory: int = 0


class Runner(Protocol):
    """Who does runs: processes of this machine, or a cluster."""

    @property
    def capacity(self) -> int:
        """How many runs it does at a time, now."""
        ...

    def submit(self, run: Run) -> None:
        """Begin a run as soon as there is room."""

    def stop(self, number: int) -> None:
        """Ask a run to end, as SIGTERM does; it is `stopped` then."""

    def events(self, timeout: float) -> Iterator[Reported | Ended]:
        """What is heard within some seconds: each run that was submitted ends once."""
        ...

    def close(self) -> None:
        """End what still runs, and all processes."""
