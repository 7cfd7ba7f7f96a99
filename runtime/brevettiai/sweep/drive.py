"""Drives a sweep: proposes, hands runs to who does them, and records how they end."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import optuna
from optuna.exceptions import StorageInternalError, UpdateFinishedTrialError
from optuna.trial import FrozenTrial

from brevettiai.errors import SettingsError
from brevettiai.io import Storage
from brevettiai.search.space import Point
from brevettiai.search.spaces import Space
from brevettiai.sweep.definition import Definition
from brevettiai.sweep.drivers import Drivers
from brevettiai.sweep.errors import SweepError, SweepWordsError
from brevettiai.sweep.goals import about_missing, finite, missing_goals, values_of
from brevettiai.sweep.interrupts import Interrupts
from brevettiai.sweep.progress import Observer, Progress, Result, Standing
from brevettiai.sweep.proposing import reason
from brevettiai.sweep.rows import Row, RowFile, State, numbers_in
from brevettiai.sweep.runs import Ended, Reported, Runner
from brevettiai.sweep.searching import proposer_of
from brevettiai.sweep.storages import without_password
from brevettiai.sweep.store import REJECTED, Store, row_of
from brevettiai.sweep.work import Held, Work

_TURN = 0.5
"""Seconds to listen for, before looking around again."""
_LOOK = 2.0
"""Seconds between looks at what others do."""
_LONGEST_STOP = 60.0
"""Seconds that runs have to stop when the sweep ends before they have."""
_STEPS = 128
"""Values of steps that are kept of a run before it is every second one, then every fourth."""
_AT_ONCE = 16
"""Runs that are begun before somebody listens."""
_PRUNED, _ENDING, _TAKEN = "it promises nothing", "the sweep ends", "another driver has it"
"""Why runs are asked to stop."""


def drive(
    definition: Definition,
    folder: str,
    space: Space,
    base: Mapping[str, Any],
    runner: Runner,
    *,
    io: Storage,
    observer: Observer | None = None,
    storage_url: str = "",
    job_dirs: bool = True,
) -> Result:
    """Drive a sweep until all its runs have ended, or somebody asks it to end.

    Several drivers may do so at once, also on different machines; what another one was at when it
    was killed is taken over. In the main thread, the first SIGINT or SIGTERM ends the sweep tidily:
    runs are stopped and may be gone on with later; the second is a KeyboardInterrupt at once. The
    caller closes the runner.

    Args:
        definition: what `begin_or_join` gave for the folder.
        base: the config that runs begin from, with its secrets.
        storage_url: the URL of the definition's database, with its password.
        job_dirs: whether each run has a job dir, `FOLDER/runs/0007`.

    Raises:
        SweepWordsError: the space cannot be searched so.
        SweepError: it cannot go on: a goal is not reported, nothing but rejected proposals comes,
            or its storage does not answer.
    """
    url = storage_url or definition.storage
    sweep = _Sweep(definition, folder, space, base, io, url, job_dirs)
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)  # Not of each study that is made.
    try:
        with Interrupts() as interrupts:
            return _Driver(sweep, runner, observer or Observer(), interrupts).drive()
    except StorageInternalError as error:
        shown = without_password(url)
        raise SweepError(f"the database of the sweep ({shown}) does not answer: {error}") from error
    finally:
        optuna.logging.set_verbosity(verbosity)


@dataclass(frozen=True)
class _Sweep:
    """What is driven. Attributes are as the arguments of `drive`."""

    definition: Definition
    folder: str
    space: Space
    base: Mapping[str, Any]
    io: Storage
    storage_url: str
    job_dirs: bool

    def job_dir(self, number: int) -> str | None:
        """The folder of a run's job."""
        return self.io.path.join(self.folder, "runs", f"{number:04}") if self.job_dirs else None


class _Driver:
    """One who drives a sweep."""

    def __init__(
        self,
        sweep: _Sweep,
        runner: Runner,
        observer: Observer,
        interrupts: Interrupts,
    ) -> None:
        definition, io, folder = sweep.definition, sweep.io, sweep.folder
        self._sweep, self._goals = sweep, definition.goals
        self._runner, self._observer, self._interrupts = runner, observer, interrupts
        self._drivers = Drivers(io, folder)
        self._store = Store(io, folder, definition, sweep.storage_url)
        try:
            self._proposer = proposer_of(definition, sweep.space, sweep.base)
        except SettingsError as error:
            raise SweepWordsError(f"--search {definition.search}: {reason(error)}") from None
        self._proposer.on_rejected = self._rejected
        self._work = Work(
            definition.runs, self._store, self._drivers, self._proposer, sweep.job_dir
        )
        self._rows = RowFile(io, folder, self._all_rows)
        self._standing = Standing(self._goals)
        self._held: dict[int, Held] = {}
        self._looked = self._flushed = 0.0
        self._is_ending = False
        self._missing = ""

    def drive(self) -> Result:
        self._drivers.enter()
        try:
            return self._drive()
        except BaseException:
            with suppress(Exception):
                self._give_all_back()
            raise
        finally:
            self._drivers.leave()

    def _drive(self) -> Result:
        self._look()
        self._standing.begin()
        self._standing.rejected = sum(
            trial.user_attrs.get(REJECTED, 0) for trial in self._store.trials()
        )
        if not self._drivers.others():
            self._rows.begin()
        if self._sweep.definition.prune != "none" and len(self._goals) > 1:
            self._observer.told(
                f"--prune {self._sweep.definition.prune}: no runs are pruned, as that takes one "
                f"goal, and there are {len(self._goals)}"
            )
        try:
            self._until_over()
        except SweepError:
            self._end_early()
            raise
        if self._interrupts.count:
            self._end_early()
        is_over = self._is_over()
        if is_over or not self._drivers.others():
            self._rows.write()
        self._observer.progressed(self._progress())
        return Result(
            self._sweep.definition,
            self._sweep.folder,
            tuple(self._all_rows()),
            tuple(self._standing.best),
            self._standing.rejected,
            interrupted=not is_over,
        )

    def _until_over(self) -> None:
        """Do what there is to do, until all runs have ended or somebody asks to end."""
        while not self._interrupts.count:
            self._beat()
            if time.monotonic() > self._looked + _LOOK:
                self._look()
            has_room = self._fill()
            if not self._held and self._is_over():
                return
            self._listen(0.0 if has_room else _TURN)
            if self._missing:
                raise SweepError(self._missing)

    def _fill(self) -> bool:
        """Begin runs where there is room for them; whether there is still room and work."""
        for _ in range(_AT_ONCE):
            if self._interrupts.count or len(self._held) >= self._runner.capacity:
                return False
            held = self._work.next()
            if held is None:
                return False
            self._held[held.run.number] = held
            self._runner.submit(held.run)
            self._observer.began(held.run, held.proposal.point)
        return True

    def _listen(self, seconds: float) -> None:
        begun = time.monotonic()
        heard = False
        for event in self._runner.events(seconds):
            heard = True
            if isinstance(event, Ended):
                self._on_ended(event)
            else:
                self._on_reported(event)
        if not heard and not self._held and time.monotonic() < begun + seconds / 2:
            time.sleep(seconds / 2)  # Where nothing runs, there may be nothing to wait for.
        if time.monotonic() > self._flushed + _LOOK:
            self._flushed = time.monotonic()
            self._store.flush()
            self._rows.catch_up()
        self._observer.progressed(self._progress())

    # What is heard

    def _on_reported(self, reported: Reported) -> None:
        held = self._held.get(reported.number)
        if held is None:
            return
        held.metrics.update(reported.metrics)
        self._observer.reported(reported)
        value = finite(reported.metrics.get(self._goals[0].metric))
        if value is None:
            return
        held.reported, held.value = held.reported + 1, value
        if held.reported % (1 << (held.reported // _STEPS).bit_length()):
            return
        try:
            is_hopeless = self._store.report(held.trial_id, reported.step, held.value)
        except UpdateFinishedTrialError:
            self._stop(held, _TAKEN)
        else:
            if is_hopeless:
                self._stop(held, _PRUNED)

    def _on_ended(self, ended: Ended) -> None:
        held = self._held.pop(ended.number, None)
        if held is None or held.stopping == _TAKEN:
            return
        held.metrics.update(ended.metrics)
        if ended.outcome == "done":
            self._on_done(held, ended)
        elif held.stopping == _PRUNED and ended.outcome != "failed":
            held.metrics[self._goals[0].metric] = held.value
            self._record(held, ended, "pruned", (held.value,))
        elif held.stopping and ended.outcome != "failed":
            self._work.give_back(held)
        else:
            self._on_fault(held, ended)

    def _on_done(self, held: Held, ended: Ended) -> None:
        missing = missing_goals(self._goals, held.metrics)
        if missing:
            error = about_missing(missing, held.metrics)
            if not self._standing.done and not self._missing:
                self._missing = (
                    f"The sweep ends after run {ended.number}, as {error}. Begin another one, in "
                    "a folder of its own, with a goal (--goal) that the job reports"
                )
            self._record(held, ended, "failed", (), error)
            return
        try:
            values = values_of(self._goals, held.metrics)
        except ValueError as error:
            self._record(held, ended, "failed", (), str(error))
        else:
            self._record(held, ended, "done", values)

    def _on_fault(self, held: Held, ended: Ended) -> None:
        """An attempt came to nothing by itself: try again, or not."""
        error = ended.error or f"the run was {ended.outcome}, nobody knows why"
        retries = self._sweep.definition.retries
        if retries is None:
            retries = 0 if ended.outcome == "failed" else 1
        if held.faults >= retries:
            self._record(held, ended, "failed", (), error)
        elif self._is_ending:
            self._work.give_back(held, faults=1)
        elif self._work.again(held):
            self._observer.retried(ended.number, error)

    def _record(
        self,
        held: Held,
        ended: Ended,
        state: State,
        values: tuple[float, ...],
        error: str = "",
    ) -> None:
        """Say once and for all how a run ended."""
        row = Row(
            ended.number,
            state,
            values,
            numbers_in(held.metrics, [goal.metric for goal in self._goals]),
            held.proposal.point,
            held.run.attempt,
            ended.began,
            ended.seconds,
            ended.worker,
            ended.memory,
            error,
            held.run.job_dir,
        )
        if self._store.end(held.trial_id, row):
            self._proposer.learn(self._store.trial(held.trial_id))
            self._rows.add(row)
            self._observer.ended(row, self._standing.add(row))

    def _rejected(self, point: Point, why: str) -> None:
        self._standing.rejected += 1
        self._observer.rejected(point, why)

    # Others, and the end

    def _look(self) -> None:
        """See what others do, and what they left behind."""
        self._looked = time.monotonic()

        def known(number: int) -> bool:
            return number in self._held or self._standing.has(number)

        for trial in self._work.look(known):
            self._standing.add(self._row_of(trial))

    def _beat(self) -> None:
        """Give a sign of life; after a long silence others may have taken runs over."""
        if self._drivers.beat():
            for held in self._held.values():
                if self._drivers.is_claimed(held.run.number, held.run.attempt + 1):
                    self._stop(held, _TAKEN)
                    held.stopping = _TAKEN  # Also where it was to stop already.

    def _stop(self, held: Held, why: str) -> None:
        if not held.stopping:
            held.stopping = why
            self._runner.stop(held.run.number)

    def _end_early(self) -> None:
        """Stop what runs, and let it wait for whoever goes on."""
        self._is_ending = True
        if self._held:
            self._observer.stopping()
        self._work.give_back_ready()
        for held in self._held.values():
            self._stop(held, _ENDING)
        deadline = time.monotonic() + _LONGEST_STOP
        while self._held and time.monotonic() < deadline:
            self._beat()
            self._listen(_TURN)
        self._give_all_back()

    def _give_all_back(self) -> None:
        self._work.give_back_ready()
        while self._held:
            _, held = self._held.popitem()
            if held.stopping != _TAKEN:
                self._work.give_back(held)
        self._store.flush()

    def _is_over(self) -> bool:
        return self._standing.ended(self._work.runs) >= self._work.runs

    def _progress(self) -> Progress:
        return self._standing.progress(self._work.runs, len(self._held), self._work.elsewhere)

    def _all_rows(self) -> Iterator[Row]:
        for trial in self._store.trials():
            if trial.state.is_finished():
                yield self._row_of(trial)

    def _row_of(self, trial: FrozenTrial) -> Row:
        try:
            params = self._proposer.point_of(trial)
        except SettingsError:  # Not all of it was stored, in a database.
            params = trial.params
        return row_of(trial, params, self._sweep.job_dir(trial.number))
