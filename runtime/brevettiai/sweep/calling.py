"""`sweep`: a sweep from code, in notebooks and scripts, of a job class or of a function."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from brevettiai.json_values import is_array, is_mapping
from brevettiai.sweep.command_line import keyword_of, read_flags
from brevettiai.sweep.errors import SweepWordsError
from brevettiai.sweep.wording import params_text, values_text

if TYPE_CHECKING:
    from brevettiai.sweep.best import Best
    from brevettiai.sweep.conducting import Subject
    from brevettiai.sweep.outcome import Outcome
    from brevettiai.sweep.program import Program


class Sweepable(Protocol):
    """A class that says what there is to sweep of it, as jobs do."""

    def __swept__(self, settings: Any) -> Subject:
        """What is swept, from these settings on: an object, a config, or None for the defaults."""
        ...


class SweepResult:
    """What came out of a sweep.

    Attributes:
        folder: where it lies.
        rows: of each run that ended, by number: its state, metrics, settings that varied and so
            on, as `runs.jsonl` has them.
        interrupted: it was stopped before all runs had ended; `resume=True` goes on.
    """

    def __init__(self, outcome: Outcome) -> None:
        """Results are given by `sweep`."""
        self._outcome = outcome
        self.folder = outcome.result.folder
        self.rows: list[dict[str, Any]] = [row.flat() for row in outcome.result.rows]
        self.interrupted = outcome.result.interrupted

    @property
    def best(self) -> Any:
        """The best settings, of several goals the first of the Pareto front; None without any."""
        return self._best.settings if self._best else None

    @property
    def best_args(self) -> list[str]:
        """The best settings as flags, without secrets."""
        return [*self._best.args] if self._best else []

    @property
    def best_metrics(self) -> dict[str, float]:
        """The metrics of the best run."""
        return dict(self._best.row.metrics) if self._best else {}

    @property
    def front(self) -> list[Any]:
        """Of several goals, the settings of the runs that no other one is better than in all."""
        return [best.settings for best in self._outcome.bests]

    def to_pandas(self) -> Any:
        """The rows as a `DataFrame` of pandas, which has to be installed."""
        from importlib import import_module

        return import_module("pandas").DataFrame(self.rows)

    @property
    def _best(self) -> Best | None:
        return self._outcome.bests[0] if self._outcome.bests else None

    def __repr__(self) -> str:
        best = self._best
        text = f"<sweep of {len(self.rows)} runs in {self.folder}"
        if best is not None:
            values = values_text(self._outcome.result.definition.goals, best.row.values)
            text += f": best {values} with {params_text(best.row.params)}"
        return f"{text}>"


def sweep(
    program: type | Callable[[Any], Any],
    *names: str,
    goal: str | Sequence[str] | None = None,
    runs: int | None = None,
    settings: Any = None,
    search: str | None = None,
    prune: str | None = None,
    seed: int | None = None,
    folder: str | os.PathLike[str] | None = None,
    resume: bool = False,
    storage: str | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    cores: int | None = None,
    memory: str | None = None,
    gpus: int | None = None,
    retries: int | None = None,
    reuse: bool = False,
    quiet: bool = False,
) -> SweepResult:
    """Run a job or a function many times, each time with other values of some settings.

    Each run is a process of its own, but for `reuse`. The other arguments are those of the flags of
    `--sweep`, see `docs/sweeps.md`. In the main thread Ctrl-C ends a sweep tidily, and its result
    is given.

    Args:
        program: a job class, or a function of settings that returns metrics by name or one number,
            which is the metric `value`; `brevettiai.sweep.report` tells those of its steps.
        names: what may vary, as `training.epochs`, `training.*` or `training.epochs=5..20`; without
            any, what the schema marks with `x-search`.
        goal: `"min loss"`, several in a list; of a function that returns a number `"min"` will do.
        settings: what the runs begin from: an object of the settings class, or a config. A function
            says the class by the annotation of its argument, or it is that of the object.
        search: `tpe`, `random`, `quasi` or `grid`.
        prune: `none`, `median`, `halving` or `hyperband`.
        folder: of the sweep, also on S3; by default `sweeps/<time>-<id>`.
        resume: go on with the sweep in the folder.
        cluster: address of a Dask scheduler; by default the processors of this machine.
        memory: of a run, as `"4GB"`.
        reuse: on Linux, let a process that has done a run of a function without fault do the next
            one as well: for runs of milliseconds, which leave nothing behind that the next could
            find.
        quiet: show nothing.

    Raises:
        SweepError: the sweep cannot begin or go on; SettingsError where that is for the settings.
    """
    from brevettiai.io import Storage
    from brevettiai.sweep.conducting import conduct, require_extra
    from brevettiai.sweep.definition import read_definition

    require_extra()
    goals = [goal] if isinstance(goal, str) else [*(goal or ())]
    if not hasattr(program, "__swept__"):
        goals = [f"{each} value" if each in ("min", "max") else each for each in goals]
    said = {
        "sweep": list(names) or None,
        "goal": goals or None,
        "runs": runs,
        "search": search,
        "prune": prune,
        "sweep-seed": seed,
        "sweep-dir": folder,
        "resume": resume or None,
        "sweep-storage": storage,
        "workers": workers,
        "cluster": cluster,
        "run-cores": cores,
        "run-memory": memory,
        "run-gpus": gpus,
        "retries": retries,
    }
    flags = read_flags({name: _texts(value) for name, value in said.items() if value is not None})
    if flags.problems:
        # Of flags the problems are; here they were arguments.
        raise SweepWordsError("; ".join(keyword_of(str(each)) for each in flags.problems))
    io = Storage()
    if flags.resume and settings is None:
        settings = read_definition(io, str(flags.folder)).base
    subject = _subject(program, settings)
    if reuse:
        subject = replace(subject, program=_reusing(subject.program))
    place = flags.folder or os.path.join("sweeps", _new_name())
    with open(os.devnull, "w", newline="") as nowhere:
        stream = nowhere if quiet else sys.stdout
        outcome = conduct(flags, subject, io=io, folder=place, stream=stream)
    return SweepResult(outcome)


def _reusing(program: Program) -> Program:
    """The same where a process does several runs.

    Raises:
        SweepWordsError: it is a job.
    """
    if program.begins_job:
        raise SweepWordsError(
            f"reuse is for functions, and {program.name} is a job: each has a process of its own"
        )
    return replace(program, reuses=True)


def _texts(value: Any) -> list[str]:
    return list(map(str, value if is_array(value) else [value]))


def _subject(program: Any, settings: Any) -> Subject:
    """What is swept.

    Raises:
        TypeError: that is no job class, nor a function that says its settings.
        SettingsError: the settings do not fit their class.
    """
    if hasattr(program, "__swept__"):
        jobs: Sweepable = program
        return jobs.__swept__(settings)
    from brevettiai.adapters import owner_of
    from brevettiai.messages.hidden import secrets_between
    from brevettiai.sweep.best import configs_of
    from brevettiai.sweep.conducting import Subject
    from brevettiai.sweep.program import Program

    cls = _class_of(program, settings)
    owner = owner_of(cls)
    if settings is None or is_mapping(settings):
        settings = owner.from_config(dict(settings or {}))
    secrets = secrets_between(*configs_of(settings, owner))
    return Subject(
        owner=owner,
        class_name=f"{cls.__module__}:{cls.__qualname__}",
        settings=settings,
        program=Program.of_function(program, owner.from_config, secrets),
        started="",
    )


def _class_of(function: Any, settings: Any) -> type:
    import inspect

    if not callable(function):
        raise TypeError(f"a sweep is of a job class or of a function, not of {function!r}")
    if settings is not None and not is_mapping(settings):
        return settings.__class__  # type: ignore[no-any-return]
    known = inspect.get_annotations(function, eval_str=True)
    known.pop("return", None)
    found = next(iter(known.values()), None)
    if not isinstance(found, type):
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(
            f"{name} does not say its settings class: annotate its argument, as in "
            "`def train(settings: Training)`, or give an object as settings="
        )
    return found


def _new_name() -> str:
    return f"{time.strftime('%Y-%m-%dT%H%M%S')}-{os.urandom(4).hex()}"
