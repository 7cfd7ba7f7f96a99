"""Proposes by TPE: what ended runs tell, of which it sees a bounded number."""

from __future__ import annotations

import warnings
from typing import Any

from optuna.exceptions import ExperimentalWarning
from optuna.samplers import TPESampler
from optuna.study import Study
from optuna.trial import FrozenTrial, Trial, TrialState, create_trial

from brevettiai.search.spaces import Space
from brevettiai.sweep.definition import Definition
from brevettiai.sweep.goals import best_of
from brevettiai.sweep.proposing import Proposal, Proposer

_ALL = 500
"""Up to so many ended runs TPE sees them all. Its time grows with them, to 0.2 s a proposal at
10,000."""
_WINDOW = 250
"""How many it sees of more. Of fewer it would take less than 25 for the good ones, which finds
clearly less."""
_FORGET = 50
"""How many more it sees before the old ones are left out again."""
_MOST_IDLE = 500
"""How many that tell nothing, as they were refused or failed, before the view is made anew."""
_BEST = 25
"""How many of the best of all it keeps in view; the others are the latest."""
_FRONT = 100
"""The same of several goals."""


class TpeProposer(Proposer):
    """Proposes by what ended runs tell, of which it keeps a bounded number in view.

    What it sees of them depends on nothing else, so that it is the same after a resume.
    """

    def __init__(self, definition: Definition, space: Space, base: Any) -> None:
        super().__init__(definition, space, base)
        self._ended: dict[int, FrozenTrial] = {}
        self._running: dict[int, FrozenTrial] = {}
        self._view: Study | None = None
        self._idle = 0
        self._places: dict[int, int] = {}

    def learn(self, trial: FrozenTrial) -> None:
        if not trial.state.is_finished():
            if trial.params and trial.number not in self._running:
                self._add_running(trial)
            return
        self._running.pop(trial.number, None)
        if trial.state == TrialState.FAIL:
            self._tell(trial)
        elif trial.number not in self._ended:
            self._ended[trial.number] = trial
            self._tell(trial)
            if len(self._ended) >= _ALL and len(self._ended) % _FORGET == 0:
                self._view = None

    def propose(self, number: int) -> Proposal:
        proposal = super().propose(number)
        self._running[number] = create_trial(
            state=TrialState.RUNNING,
            params=dict(proposal.params),
            distributions=dict(proposal.distributions),
        )
        return proposal

    def again(self, trial: FrozenTrial) -> Proposal:
        self.learn(trial)
        return super().again(trial)

    def _ask(self, number: int, draw: int) -> Trial:
        if self._view is None or self._idle > _MOST_IDLE:
            self._build()
        assert self._view is not None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            self._view.sampler = TPESampler(
                seed=self._seed(number, draw), multivariate=True, group=True, constant_liar=True
            )
        trial = self._view.ask()
        self._places[number] = trial.number
        return trial

    def _refused(self, trial: Trial) -> None:
        assert self._view is not None
        self._view.tell(trial, state=TrialState.FAIL)
        self._idle += 1

    def _tell(self, trial: FrozenTrial) -> None:
        """Let the view know how a run ended."""
        if self._view is None:
            return
        place = self._places.pop(trial.number, None)
        if place is None:
            if trial.state != TrialState.FAIL:
                self._view.add_trial(_seen(trial))
        elif trial.state == TrialState.PRUNED:
            # Its last value cannot be told of a trial by number: it begins anew, as a whole.
            self._view.tell(place, state=TrialState.FAIL)
            self._view.add_trial(_seen(trial))
        else:
            self._view.tell(place, trial.values, trial.state)
        self._idle += trial.state != TrialState.COMPLETE

    def _add_running(self, trial: FrozenTrial) -> None:
        self._running[trial.number] = trial
        if self._view is not None:
            self._view.add_trial(_seen(trial))
            self._places[trial.number] = len(self._view.get_trials(deepcopy=False)) - 1

    def _build(self) -> None:
        """Make the view: the best of what ended, and the latest."""
        ended = [self._ended[number] for number in sorted(self._ended)]
        rest = len(ended) % _FORGET if len(ended) >= _ALL else len(ended)
        old, new = ended[: len(ended) - rest], ended[len(ended) - rest :]
        self._view, self._places, self._idle = self._study(None), {}, 0
        for trial in [*self._worth_keeping(old), *new]:
            self._view.add_trial(_seen(trial))
        running, self._running = self._running, {}
        for number in sorted(running):
            self._add_running(running[number])

    def _worth_keeping(self, ended: list[FrozenTrial]) -> list[FrozenTrial]:
        whole = [trial for trial in ended if trial.state == TrialState.COMPLETE]
        goals = self._definition.goals
        if len(goals) == 1:
            sign = 1 if goals[0].direction == "min" else -1
            best = sorted(whole, key=lambda trial: sign * trial.values[0])[:_BEST]
        else:
            best = [whole[index] for index in best_of(goals, [t.values for t in whole])][-_FRONT:]
        kept = {trial.number for trial in best}
        latest = [trial for trial in ended if trial.number not in kept][len(kept) - _WINDOW :]
        kept |= {trial.number for trial in latest}
        return [trial for trial in ended if trial.number in kept]


def _seen(trial: FrozenTrial) -> FrozenTrial:
    """What TPE needs of a trial."""
    last = sorted(trial.intermediate_values.items())[-1:]
    return create_trial(
        state=trial.state,
        params=trial.params,
        distributions=trial.distributions,
        values=trial.values,
        intermediate_values=dict(last) if trial.state == TrialState.PRUNED else {},
    )
