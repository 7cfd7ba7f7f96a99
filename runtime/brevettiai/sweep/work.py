"""What of a sweep there is to do: runs that wait, that a dead driver had, and new ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import FrozenTrial, TrialState

from brevettiai.errors import SettingsError
from brevettiai.sweep.drivers import Drivers
from brevettiai.sweep.proposing import Proposal, Proposer, reason
from brevettiai.sweep.rows import Row
from brevettiai.sweep.runs import Run
from brevettiai.sweep.store import ATTEMPT, Store


@dataclass
class Held:
    """A run that this driver has running, or is about to.

    Attributes:
        trial_id: what the store knows it by.
        faults: how many attempts before came to nothing by themselves.
        metrics: the last that it reported of each.
        reported: how many values of the first goal.
        value: the last of them.
        stopping: why it was asked to stop; "" where it was not.
    """

    trial_id: int
    run: Run
    proposal: Proposal
    faults: int = 0
    metrics: dict[str, Any] = field(default_factory=dict[str, Any])
    reported: int = 0
    value: float = 0.0
    stopping: str = ""


class Work:
    """What there is to do.

    Attributes:
        runs: how many there are in all; fewer than were asked for where a grid has no more.
        elsewhere: how many other drivers had running at the last look.
    """

    def __init__(
        self,
        runs: int,
        store: Store,
        drivers: Drivers,
        proposer: Proposer,
        job_dir: Callable[[int], str | None],
    ) -> None:
        self.runs = runs
        self.elsewhere = 0
        self._store, self._drivers, self._proposer = store, drivers, proposer
        self._job_dir = job_dir
        self._loose: deque[FrozenTrial] = deque()
        self._ready: deque[Held] = deque()
        self._count = 0

    def look(self, known: Callable[[int], bool]) -> list[FrozenTrial]:
        """Look at all runs, and give those that ended and are not known to have.

        Args:
            known: whether one is running here, or known to have ended.
        """
        trials = self._store.trials()
        self._count = len(trials)
        self._loose.clear()
        self.elsewhere = 0
        ended: list[FrozenTrial] = []
        alive: dict[str, bool] = {}
        ready = {held.run.number for held in self._ready}
        for trial in trials:
            if known(trial.number) or trial.number in ready:
                continue
            if trial.state.is_finished():
                self._proposer.learn(trial)
                ended.append(trial)
            elif trial.number < self.runs:
                driver = trial.user_attrs.get(ATTEMPT, {}).get("driver", "")
                if trial.state == TrialState.RUNNING and driver not in alive:
                    alive[driver] = self._drivers.is_alive(driver)
                if trial.state == TrialState.RUNNING and alive[driver]:
                    self.elsewhere += 1
                    self._proposer.learn(trial)
                else:
                    self._loose.append(trial)
        return ended

    def next(self) -> Held | None:
        """The next attempt at a run, which is this driver's; None where there is none now.

        Raises:
            SweepError: too many proposals in a row are no valid settings.
        """
        if self._ready:
            return self._ready.popleft()
        while self._loose:
            held = self._take(self._loose.popleft())
            if held is not None:
                return held
        return self._new()

    def again(self, held: Held) -> bool:
        """Let a run be tried once more; False if another driver does so meanwhile."""
        number = held.run.attempt + 1
        if self._drivers.claim(held.run.number, number) != self._drivers.id:
            return False
        run = replace(held.run, attempt=number)
        attempt = self._attempt(number, held.faults + 1)
        try:
            self._store.begin(held.trial_id, attempt)
        except UpdateFinishedTrialError:
            return False
        self._ready.append(Held(held.trial_id, run, held.proposal, held.faults + 1))
        return True

    def give_back(self, held: Held, faults: int = 0) -> None:
        """Let a run wait for whoever goes on with it."""
        attempt = self._attempt(held.run.attempt, held.faults + faults)
        self._store.wait(held.trial_id, attempt)

    def give_back_ready(self) -> None:
        """Let those wait that were to be tried again."""
        while self._ready:
            self.give_back(self._ready.popleft())

    def _attempt(self, number: int, faults: int = 0) -> dict[str, Any]:
        return {"driver": self._drivers.id, "number": number, "faults": faults}

    def _new(self) -> Held | None:
        if self._count >= self.runs:
            return None
        if not self._has_point(self._count):
            return None
        trial_id, number = self._store.create(self._attempt(1))
        self._count = number + 1
        try:
            # Another driver may have been faster.
            has_point = number < self.runs and self._has_point(number)
            proposal = self._proposer.propose(number) if has_point else None
        except BaseException:
            self._store.wait(trial_id, self._attempt(0))
            raise
        if proposal is None:
            self._store.wait(trial_id, self._attempt(0))
            return None
        self._store.propose(trial_id, proposal)
        return self._held(trial_id, number, 1, proposal)

    def _has_point(self, number: int) -> bool:
        """Whether there is a point for a run; where a grid has no more, no more runs are needed."""
        if self._proposer.has(number):
            return True
        self.runs = min(self.runs, self._proposer.points)
        return False

    def _take(self, trial: FrozenTrial) -> Held | None:
        """Take a run over that nobody has."""
        if not trial.params and not self._has_point(trial.number):
            return None
        last = trial.user_attrs.get(ATTEMPT, {})
        number, faults = int(last.get("number", 0)), int(last.get("faults", 0))
        trial_id = self._store.trial_id(trial.number)
        while True:
            number += 1
            # The first of a run that nobody began needs a claim too: it waits for everybody.
            driver = self._drivers.claim(trial.number, number)
            if driver == self._drivers.id:
                break
            if self._drivers.is_alive(driver):
                return None
        try:
            self._store.begin(trial_id, self._attempt(number, faults))
        except UpdateFinishedTrialError:
            return None
        trial = self._store.trial(trial_id)
        if trial.params:
            try:
                proposal = self._proposer.again(trial)
            except SettingsError as error:
                # Databases store one parameter after the other, and a kill may come in between.
                text = f"what was proposed for it was stored in part: {reason(error)}"
                row = Row(trial.number, "failed", attempts=number, error=text)
                self._store.end(trial_id, row)
                return None
        else:
            proposal = self._proposer.propose(trial.number)
            self._store.propose(trial_id, proposal)
        return self._held(trial_id, trial.number, number, proposal, faults)

    def _held(
        self, trial_id: int, number: int, attempt: int, proposal: Proposal, faults: int = 0
    ) -> Held:
        run = Run(number, attempt, self._job_dir(number), proposal.config)
        return Held(trial_id, run, proposal, faults)
