"""The runs of a sweep as they are stored: trials of an Optuna study, whose numbers they have."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, TypeAlias

import optuna
from optuna.exceptions import DuplicatedStudyError, UpdateFinishedTrialError
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState, create_trial

from brevettiai.io import Storage
from brevettiai.sweep.definition import Definition
from brevettiai.sweep.proposing import Proposal
from brevettiai.sweep.rows import Row, State
from brevettiai.sweep.searching import pruner_of
from brevettiai.sweep.storages import open_storage

ATTEMPT = "attempt"
"""The attribute of a trial that tells whose it is: `driver`, `number` of the attempt, `faults`."""
ENDED = "ended"
"""The attribute of a trial with what its row has besides parameters and values."""
REJECTED = "rejected"
"""The attribute of a trial with how many proposals were refused before its own."""

Attempt: TypeAlias = "dict[str, Any]"


class Store:
    """The runs of a sweep.

    Args:
        url: of the database that holds them, "" for the folder.
    """

    def __init__(self, io: Storage, folder: str, definition: Definition, url: str = "") -> None:
        minimize, maximize = StudyDirection.MINIMIZE, StudyDirection.MAXIMIZE
        directions = [minimize if g.direction == "min" else maximize for g in definition.goals]
        self._storage, self.flush = open_storage(io, folder, url)
        try:
            self._study = self._storage.get_study_id_from_name(definition.id)
        except KeyError:
            with suppress(DuplicatedStudyError):  # Another driver may be faster.
                self._storage.create_new_study(directions, definition.id)
            self._study = self._storage.get_study_id_from_name(definition.id)
        self._pruner = pruner_of(definition)
        self._name = definition.id

    def trials(self) -> list[FrozenTrial]:
        """All trials by number; they must not be changed."""
        return self._storage.get_all_trials(self._study, deepcopy=False)

    def trial(self, trial_id: int) -> FrozenTrial:
        """A trial."""
        return self._storage.get_trial(trial_id)

    def trial_id(self, number: int) -> int:
        """What a trial is known by here."""
        return self._storage.get_trial_id_from_study_id_trial_number(self._study, number)

    def create(self, attempt: Attempt) -> tuple[int, int]:
        """Begin a run without parameters; the id of its trial and its number."""
        template = create_trial(state=TrialState.RUNNING, user_attrs={ATTEMPT: attempt})
        trial_id = self._storage.create_new_trial(self._study, template)
        return trial_id, self._storage.get_trial_number_from_id(trial_id)

    def propose(self, trial_id: int, proposal: Proposal) -> None:
        """Give a run its parameters."""
        for name, value in proposal.params.items():
            distribution = proposal.distributions[name]
            internal = distribution.to_internal_repr(value)
            self._storage.set_trial_param(trial_id, name, internal, distribution)
        if proposal.rejected:
            self._storage.set_trial_user_attr(trial_id, REJECTED, proposal.rejected)
        self.flush()

    def begin(self, trial_id: int, attempt: Attempt) -> None:
        """Note whose a run is, which waited, or was another's.

        Raises:
            UpdateFinishedTrialError: it has ended.
        """
        self._storage.set_trial_state_values(trial_id, TrialState.RUNNING)
        self._storage.set_trial_user_attr(trial_id, ATTEMPT, attempt)
        self.flush()

    def report(self, trial_id: int, step: int, value: float) -> bool:
        """Keep a value of the goal; whether the run had better end, as it promises nothing.

        Raises:
            UpdateFinishedTrialError: it has ended.
        """
        self._storage.set_trial_intermediate_value(trial_id, step, value)
        if self._pruner is None:
            return False
        return self._pruner.prune(self._as_study, self.trial(trial_id))

    @cached_property
    def _as_study(self) -> optuna.Study:
        return optuna.load_study(study_name=self._name, storage=self._storage)

    def wait(self, trial_id: int, attempt: Attempt) -> None:
        """Let a run wait for whoever goes on with it, unless it has ended."""
        with suppress(UpdateFinishedTrialError):
            self._storage.set_trial_user_attr(trial_id, ATTEMPT, attempt)
            self._storage.set_trial_state_values(trial_id, TrialState.WAITING)

    def end(self, trial_id: int, row: Row) -> bool:
        """Record how a run ended; False if another driver has done so."""
        facts = {name: getattr(row, name) for name in _FACTS}
        try:
            self._storage.set_trial_user_attr(trial_id, ENDED, facts)
            self._storage.set_trial_state_values(trial_id, _STATES[row.state], row.values or None)
        except UpdateFinishedTrialError:
            return False
        return True


_STATES: dict[State, TrialState] = {
    "done": TrialState.COMPLETE,
    "pruned": TrialState.PRUNED,
    "failed": TrialState.FAIL,
}
_FACTS = ("metrics", "attempts", "began", "seconds", "worker", "memory", "error")


def row_of(trial: FrozenTrial, params: Mapping[str, Any], job_dir: str | None) -> Row:
    """The row of a run that ended."""
    state: State = next(name for name, own in _STATES.items() if own == trial.state)
    facts = trial.user_attrs.get(ENDED, {})
    values = tuple(trial.values or ()) if state != "failed" else ()
    return Row(trial.number, state, values, params=params, job_dir=job_dir, **facts)
