"""Proposes what to run: points of the space, by Optuna, and the same again from the same seed."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import optuna
from optuna import pruners
from optuna.exceptions import ExperimentalWarning
from optuna.samplers import RandomSampler, TPESampler
from optuna.study import StudyDirection
from optuna.trial import FixedTrial, TrialState, create_trial

from brevettiai.errors import SettingsError
from brevettiai.sweep.errors import SweepError
from brevettiai.sweep.goals import best_of
from brevettiai.sweep.sampling import QuasiSampler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from optuna.distributions import BaseDistribution
    from optuna.pruners import BasePruner
    from optuna.samplers import BaseSampler
    from optuna.study import Study
    from optuna.trial import FrozenTrial, Trial

    from brevettiai.search.space import Parameter, Point
    from brevettiai.search.spaces import Space
    from brevettiai.sweep.definition import Definition

MOST_REJECTED = 1000
"""So many proposals that are refused in a row end a sweep."""

_WINDOW = 200
"""How many ended runs TPE sees at least, once there are more: its time grows with them, to 0.2 s a
proposal at 10,000."""
_FORGET = 100
"""How many more it sees before the old ones are left out again."""
_MOST_IN_VIEW = 1000
"""Refused ones and those that run among them."""
_BEST = 25
"""How many of them are the best of all; TPE takes no more for the good ones."""
_FRONT = 100


@dataclass(frozen=True)
class Proposal:
    """A point to run.

    Attributes:
        config: the settings at the point, with their secrets.
        params: the point as Optuna stores it.
        rejected: how many proposals were refused before it.
    """

    point: Point
    config: Mapping[str, Any]
    params: Mapping[str, Any]
    distributions: Mapping[str, BaseDistribution]
    rejected: int


def pruner_of(definition: Definition) -> BasePruner | None:
    """Who ends runs that promise nothing; None for nobody, as of several goals nobody can."""
    if len(definition.goals) > 1:
        return None
    match definition.prune:
        case "median":
            return pruners.MedianPruner()
        case "halving":
            return pruners.SuccessiveHalvingPruner()
        case "hyperband":
            return pruners.HyperbandPruner()
        case _:
            return None


def proposer_of(definition: Definition, space: Space, base: Any) -> Proposer:
    """Who proposes the points of a sweep."""
    kinds = {"tpe": TpeProposer, "quasi": QuasiProposer, "grid": GridProposer}
    return kinds.get(definition.search, Proposer)(definition, space, base)


class Proposer:
    """Proposes at random, and is what the others are made of.

    Args:
        base: the config that runs begin from, with its secrets.
    """

    def __init__(self, definition: Definition, space: Space, base: Any) -> None:
        self.on_rejected: Callable[[Point, str], None] = lambda point, why: None
        self._definition, self._space, self._base = definition, space, base
        minimize, maximize = StudyDirection.MINIMIZE, StudyDirection.MAXIMIZE
        self._directions = [
            minimize if goal.direction == "min" else maximize for goal in definition.goals
        ]

    def has(self, number: int) -> bool:
        """Whether there is a point for a run."""
        return True

    def propose(self, number: int) -> Proposal:
        """A point for a run that is a valid config.

        Raises:
            SweepError: too many in a row are none.
        """
        why = ""
        for draw in range(MOST_REJECTED):
            trial = self._ask(number, draw)
            point = self._space.suggest(trial)
            try:
                config = self._space.config(point, self._base)
            except SettingsError as error:
                why = str(error)
                self._refused(trial)
                self.on_rejected(point, why)
                continue
            return Proposal(point, config, trial.params, trial.distributions, draw)
        raise _too_many(why)

    def again(self, trial: FrozenTrial) -> Proposal:
        """The point that was proposed for a run."""
        point = self.point_of(trial)
        config = self._space.config(point, self._base)
        return Proposal(point, config, trial.params, trial.distributions, 0)

    def point_of(self, trial: FrozenTrial) -> Point:
        """The point at which a run is."""
        return self._space.point_of(trial.params)

    def learn(self, trial: FrozenTrial) -> None:
        """Hear of a run: one that began elsewhere, or one that ended."""

    def _study(self, sampler: BaseSampler | None) -> Study:
        return optuna.create_study(sampler=sampler, directions=self._directions)

    def _ask(self, number: int, draw: int) -> Trial:
        return self._study(self._sampler(number, draw)).ask()

    def _sampler(self, number: int, draw: int) -> BaseSampler:
        return RandomSampler(self._seed(number, draw))

    def _refused(self, trial: Trial) -> None:
        """Forget a proposal."""

    def _seed(self, number: int, draw: int) -> int:
        """A seed of each proposal for each run, so that all are the same after a resume."""
        words = f"{self._definition.seed} {number} {draw}".encode()
        return int.from_bytes(hashlib.sha256(words).digest()[:4], "big")


class QuasiProposer(Proposer):
    """Proposes what is spread evenly over the space."""

    def _sampler(self, number: int, draw: int) -> BaseSampler:
        names = list(_names(self._space.parameters))
        # What stands in for refused points lies in parts of the sequence that no run reaches.
        return QuasiSampler(names, number + (draw << 24), self._definition.seed)


class GridProposer(Proposer):
    """Proposes all points of a grid, one after the other, and each once."""

    def __init__(self, definition: Definition, space: Space, base: Any) -> None:
        super().__init__(definition, space, base)
        space.point_at(0)  # Which raises where there is no end of points.
        self._size: int = space.size or 0
        self._next = 0
        self._found: list[Proposal] = []

    def has(self, number: int) -> bool:
        while len(self._found) <= number and self._next < self._size:
            self._find()
        return len(self._found) > number

    def propose(self, number: int) -> Proposal:
        if not self.has(number):
            raise IndexError(f"the grid has no valid point {number}")
        return self._found[number]

    def _find(self) -> None:
        """Find the next valid point, if there is one."""
        why = ""
        for rejected in range(MOST_REJECTED):
            if self._next == self._size:
                return
            point = self._space.point_at(self._next)
            self._next += 1
            try:
                config = self._space.config(point, self._base)
            except SettingsError as error:
                why = str(error)
                self.on_rejected(point, why)
                continue
            # Their distributions are noted as parameters are asked for.
            trial = FixedTrial(self._space.params_of(point))
            self._space.suggest(trial)
            found = Proposal(point, config, trial.params, trial.distributions, rejected)
            self._found.append(found)
            return
        raise _too_many(why)


class TpeProposer(Proposer):
    """Proposes by what ended runs tell, of which it keeps a bounded number in view.

    What it sees of them depends on nothing else, so that it is the same after a resume.
    """

    def __init__(self, definition: Definition, space: Space, base: Any) -> None:
        super().__init__(definition, space, base)
        self._ended: dict[int, FrozenTrial] = {}
        self._running: dict[int, FrozenTrial] = {}
        self._view: Study | None = None
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
            if len(self._ended) > _WINDOW and len(self._ended) % _FORGET == 0:
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
        if self._view is None or len(self._view.get_trials(deepcopy=False)) > _MOST_IN_VIEW:
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

    def _add_running(self, trial: FrozenTrial) -> None:
        self._running[trial.number] = trial
        if self._view is not None:
            self._view.add_trial(_seen(trial))
            self._places[trial.number] = len(self._view.get_trials(deepcopy=False)) - 1

    def _build(self) -> None:
        """Make the view: the best of what ended, and the latest."""
        ended = [self._ended[number] for number in sorted(self._ended)]
        rest = len(ended) % _FORGET if len(ended) > _WINDOW else len(ended)
        old, new = ended[: len(ended) - rest], ended[len(ended) - rest :]
        self._view, self._places = self._study(None), {}
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


def _too_many(why: str) -> SweepError:
    return SweepError(
        f"{MOST_REJECTED} proposals in a row are no valid settings, the last one because: {why}. "
        "Narrow what varies (--sweep), or give it other settings to begin from"
    )


def _names(parameters: Sequence[Parameter]) -> Iterator[str]:
    for each in parameters:
        yield each.name
        for choice in getattr(each, "choices", ()):
            yield from _names(choice.inside)
