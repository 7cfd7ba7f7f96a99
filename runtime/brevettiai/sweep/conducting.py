"""A sweep from what was asked for to what came out of it: all that its parts do, in order."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TextIO

from brevettiai.io import Storage
from brevettiai.messages.words import listed
from brevettiai.search.spaces import Space
from brevettiai.sweep.command_line import SweepFlags
from brevettiai.sweep.definition import Definition, begin_or_join, read_definition, secrets_in
from brevettiai.sweep.errors import SweepError
from brevettiai.sweep.outcome import Outcome, resume_command, write_best
from brevettiai.sweep.program import Program
from brevettiai.sweep.watching import Watcher, watcher

_NEEDED = ("optuna", "distributed", "psutil", "rich", "cloudpickle")


@dataclass(frozen=True)
class Subject:
    """What is swept.

    Attributes:
        owner: the settings class, or the adapter of one.
        class_name: of the settings class, as `module:Class`.
        settings: those that runs begin from.
        program: what each run does.
        started: how that is started, as `Definition.program` has it.
        given: what the jobs of runs are told of the platform, by the names of their flags.
        exact: whether other layers than flags may say something of settings.
    """

    owner: Any
    class_name: str
    settings: Any = field(repr=False)
    program: Program
    started: str
    given: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    exact: bool = False

    @property
    def digest(self) -> str:
        """That of the schema."""
        return str(self.owner.schema_digest())

    @property
    def public_base(self) -> dict[str, Any]:
        """The config that runs begin from, without secrets."""
        return self._base(hide_secrets=True)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Where it has some, as the names of flags."""
        return secrets_in(self._base(hide_secrets=False), self.public_base)

    def _base(self, *, hide_secrets: bool) -> dict[str, Any]:
        config: dict[str, Any]
        if isinstance(self.owner, type):
            config = self.settings.get_config(hide_secrets=hide_secrets, exclude_defaults=True)
        else:
            config = self.owner.get_config(self.settings, hide_secrets=hide_secrets)
        return config


def require_extra() -> None:
    """Make sure that there is what sweeps need.

    Raises:
        SweepError: something is not installed.
    """
    from importlib.util import find_spec

    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise SweepError(f"a sweep needs {listed(missing)}: pip install 'brevetti[sweep]'")


def conduct(
    flags: SweepFlags,
    subject: Subject,
    *,
    io: Storage,
    folder: str,
    stream: TextIO | None = None,
) -> Outcome:
    """Begin a sweep or go on with it, until it ends; its best settings are in its folder then.

    Args:
        stream: where people see how it goes, by default standard error.

    Raises:
        SweepError: it cannot begin or go on.
        SettingsError: what is to vary cannot.
    """
    from brevettiai.sweep.best import best_of_row
    from brevettiai.sweep.drive import drive
    from brevettiai.sweep.wording import folder_text

    if not io.path.is_address(folder):
        folder = os.path.abspath(folder)  # Runs may be done elsewhere.
    earlier = read_definition(io, folder) if flags.resume else None
    names = (flags.names or ()) if earlier is None else flags.names or earlier.space
    space: Space = subject.owner.search_space(*names, base=subject.settings)
    wanted = _wanted(flags, subject, space, earlier)
    watch = watcher(wanted.goals, folder_text(folder), stream)
    # Nothing is written where nobody is found who does the runs.
    with _storage_told(folder), _closing(_runner(flags, subject, io)) as runner:
        definition = begin_or_join(io, folder, wanted)
        with _told_at_once(watch, definition, folder, flags), watch:
            for name, why in space.left_out.items():
                watch.told(f"{name} does not vary: it {why}")
            result = drive(
                *(definition, folder, space, space.base, runner),
                io=io,
                observer=watch,
                storage_url=flags.storage or "",
                job_dirs=subject.program.begins_job,
            )
        bests = tuple(
            best_of_row(row, space.settings(dict(row.params)), subject.owner, subject.exact)
            for row in result.best
        )
        if bests:
            write_best(io, folder, bests[0])
    return Outcome(result, bests, flags.lasting)


@contextmanager
def _closing(runner: Any) -> Generator[Any]:
    """Close who does the runs: without waiting for these where Ctrl-C came for the second time."""
    try:
        yield runner
    except KeyboardInterrupt:
        runner.close(0)
        raise
    finally:
        runner.close()


@contextmanager
def _storage_told(folder: str) -> Generator[None]:
    """Say what of a sweep's folder cannot be read or written, and that the sweep can go on."""
    try:
        yield
    except OSError as error:
        raise SweepError(
            f"{error.filename or folder}: {error.strerror or error}. That ends the sweep; what is "
            f"recorded stays, and --resume --sweep-dir {folder} goes on when that is mended"
        ) from error


@contextmanager
def _told_at_once(
    watch: Watcher, definition: Definition, folder: str, flags: SweepFlags
) -> Generator[None]:
    """Say how to go on where Ctrl-C, for the second time, ends what would have said it."""
    try:
        yield
    except KeyboardInterrupt:
        if definition.program:
            words = resume_command(definition.program, folder, flags.lasting)
            watch.say(f"Ended at once. Go on with: {words}")
        raise


def _wanted(
    flags: SweepFlags, subject: Subject, space: Space, earlier: Definition | None
) -> Definition:
    """What the flags make of a sweep, over what it was before."""
    from brevettiai.sweep.flags import DEFAULT_RUNS
    from brevettiai.sweep.goals import read_goals

    said: dict[str, Any] = {
        "search": flags.search,
        "prune": flags.prune,
        "seed": flags.seed,
        "runs": flags.runs,
        "retries": flags.retries,
        "goals": read_goals(flags.goals) if flags.goals else None,
        "storage": flags.storage,
    }
    given: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    given |= {
        "base": subject.public_base,
        "secrets": subject.secrets,
        "space": space.names,
        "digest": subject.digest,
    }
    if earlier is not None:
        return replace(earlier, **given)
    runs = DEFAULT_RUNS
    if flags.search == "grid" and flags.runs is None:
        space.point_at(0)  # Says what keeps it from being a grid.
        runs = space.size or runs
    given = {"runs": runs, **given}
    return Definition(program=subject.started, settings=subject.class_name, **given)


def _runner(flags: SweepFlags, subject: Subject, io: Storage) -> Any:
    """Who does the runs."""
    from brevettiai.sweep.needs import Needs

    options: dict[str, Any] = {
        "workers": flags.workers,
        "needs": Needs(flags.cores, flags.memory, flags.gpus),
        "given": subject.given,
        "storage": io,
    }
    if flags.cluster is None:
        from brevettiai.sweep.local_runner import LocalRunner

        return LocalRunner(subject.program, **options)
    from brevettiai.sweep.dask_runner import cluster_runner

    return cluster_runner(flags.cluster, subject.program, **options)
