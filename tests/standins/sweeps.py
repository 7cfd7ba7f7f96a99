"""What stands for those who do the runs of a sweep, in one thread, and who watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from brevettiai.io import Storage
from brevettiai.search.space import Point
from brevettiai.sweep.definition import Definition, begin_or_join
from brevettiai.sweep.drive import drive
from brevettiai.sweep.goals import read_goals
from brevettiai.sweep.progress import Observer, Progress, Result
from brevettiai.sweep.rows import Row
from brevettiai.sweep.runs import Ended, Outcome, Reported, Run

#: What a job does: yields metrics of its steps, and returns those that it ends with.
Job = Callable[[Run], Iterator[dict[str, Any]]]


class Lost(Exception):
    """Raised by a job whose worker is lost."""


class StepRunner:
    """Does one step of each run whenever somebody listens, so that all is in a known order."""

    def __init__(self, job: Job, capacity: int = 1) -> None:
        self.capacity = capacity
        self.submitted: list[Run] = []
        self._job = job
        self._active: dict[int, tuple[Iterator[dict[str, Any]], int]] = {}
        self._stopped: set[int] = set()

    def submit(self, run: Run) -> None:
        assert run.number not in self._active
        assert len(self._active) < self.capacity
        self.submitted.append(run)
        self._active[run.number] = (self._job(run), 0)

    def stop(self, number: int) -> None:
        assert number in self._active
        self._stopped.add(number)

    def events(self, timeout: float) -> Iterator[Reported | Ended]:
        if not self._active:
            time.sleep(timeout)
        for number, (job, step) in list(self._active.items()):
            event = self._event(number, job, step)
            if isinstance(event, Ended):
                del self._active[number]
                self._stopped.discard(number)
            yield event

    def _event(self, number: int, job: Iterator[dict[str, Any]], step: int) -> Reported | Ended:
        def ended(outcome: Outcome, metrics: Any = None, error: str = "") -> Ended:
            return Ended(number, outcome, metrics or {}, error, 1e9, 0.5, "here:1", 1 << 20)

        if number in self._stopped:
            return ended("stopped")
        try:
            metrics = next(job)
        except StopIteration as end:
            return ended("done", end.value)
        except Lost:
            return ended("lost")
        except Exception as error:
            return ended("failed", error=f"{type(error).__name__}: {error}")
        self._active[number] = (job, step + 1)
        return Reported(number, step, metrics)

    def close(self) -> None:
        self._active.clear()


@dataclass
class Watcher(Observer):
    """Remembers what it is told."""

    words: list[str] = field(default_factory=list)
    points: dict[int, Point] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    retries: list[tuple[int, str]] = field(default_factory=list)
    last: Progress | None = None

    def began(self, run: Run, point: Point) -> None:
        self.points[run.number] = point

    def ended(self, row: Row, is_best: bool) -> None:
        self.rows.append(row)

    def retried(self, number: int, why: str) -> None:
        self.retries.append((number, why))

    def rejected(self, point: Point, why: str) -> None:
        self.refused.append(why)

    def told(self, words: str) -> None:
        self.words.append(words)

    def progressed(self, progress: Progress) -> None:
        self.last = progress


class Sweep:
    """A sweep over a settings class, in a folder."""

    def __init__(self, cls: Any, folder: str, *names: str, io: Storage | None = None) -> None:
        self.cls, self.folder, self.names = cls, folder, names
        self.io = io or Storage()
        self.space = cls.search_space(*names)

    def definition(self, goal: str = "min loss", runs: int = 10, **others: Any) -> Definition:
        given = {
            "program": "-m examples.train",
            "settings": f"{self.cls.__module__}:{self.cls.__qualname__}",
            "digest": self.cls.schema_digest(),
            "base": {},
            "space": self.names,
            "goals": read_goals(goal),
            "runs": runs,
        }
        return Definition(**{**given, **others})

    def drive(
        self,
        job: Job | StepRunner,
        observer: Observer | None = None,
        storage_url: str = "",
        secrets_too: Any = None,
        **others: Any,
    ) -> Result:
        runner = job if isinstance(job, StepRunner) else StepRunner(job)
        definition = begin_or_join(self.io, self.folder, self.definition(**others))
        return drive(
            definition,
            self.folder,
            self.space,
            definition.base if secrets_too is None else secrets_too,
            runner,
            io=self.io,
            observer=observer,
            storage_url=storage_url,
        )
