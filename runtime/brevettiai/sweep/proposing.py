"""Proposes what to run: points of the space, by Optuna, and the same again from the same seed."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler, RandomSampler
from optuna.study import Study, StudyDirection
from optuna.trial import FixedTrial, FrozenTrial, Trial

from brevettiai.errors import SettingsError
from brevettiai.search.space import Parameter, Point
from brevettiai.search.spaces import Space
from brevettiai.sweep.definition import Definition
from brevettiai.sweep.errors import SweepError

MOST_REJECTED = 1000
"""So many proposals that are refused in a row end a sweep."""


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


class Proposer:
    """Proposes at random, and is what the others are made of.

    Attributes:
        points: how many there are, once `has` said that there are no more.

    Args:
        base: the config that runs begin from, with its secrets.
    """

    def __init__(self, definition: Definition, space: Space, base: Any) -> None:
        self.points = 0
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
                why = reason(error)
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
        self.points = len(self._found)
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
                why = reason(error)
                self.on_rejected(point, why)
                continue
            # Their distributions are noted as parameters are asked for.
            trial = FixedTrial(self._space.params_of(point))
            self._space.suggest(trial)
            found = Proposal(point, config, trial.params, trial.distributions, rejected)
            self._found.append(found)
            return
        raise _too_many(why)


def reason(error: SettingsError) -> str:
    """Why settings are refused, in one line."""
    told = [str(problem) for problem in error.problems]
    return "; ".join(told[:3]) + (f"; and {len(told) - 3} more" if len(told) > 3 else "")


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


class QuasiSampler(BaseSampler):
    """A point of a scrambled Halton sequence: evenly spread, and known by its index alone.

    Parameters that there are for some choices only have a dimension of their own too.

    Args:
        names: of all parameters of the space, in a fixed order.
        index: of the point in the sequence, from 0.
        seed: of the sequence.
    """

    def __init__(self, names: list[str], index: int, seed: int) -> None:
        self._primes = dict(zip(names, _primes(len(names)), strict=True))
        self._index, self._seed = index, seed

    def infer_relative_search_space(
        self, study: Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        return {}

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        return {}

    def sample_independent(
        self,
        study: Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        base = self._primes[param_name]
        return value_at(param_distribution, _halton(self._index, base, self._seed))


def value_at(distribution: BaseDistribution, share: float) -> Any:
    """The value of a distribution below which a share of it lies, from 0 to less than 1."""
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices[int(share * len(distribution.choices))]
    if not isinstance(distribution, (FloatDistribution, IntDistribution)):
        raise TypeError(f"{distribution} is no distribution of a space")
    low, high = distribution.low, distribution.high
    if not distribution.log:
        if distribution.step is None:
            return min(low + share * (high - low), high)
        count = int((high - low) / distribution.step + 1e-9) + 1
        return _nth(distribution, int(share * count))
    if isinstance(distribution, FloatDistribution):
        value = math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
        return min(max(value, low), high)
    least, most = math.log(low - 0.5), math.log(high + 0.5)
    return min(max(round(math.exp(least + share * (most - least))), low), high)


def _nth(distribution: FloatDistribution | IntDistribution, index: int) -> float:
    value = distribution.low + index * (distribution.step or 1)
    # So that 0.1 + 2 * 0.1 is 0.3.
    return value if isinstance(value, int) else float(f"{value:.12g}")


def _halton(index: int, base: int, seed: int) -> float:
    """An element of the Halton sequence of a base, its digits permuted by seed, base and place."""
    from random import Random

    share, place, scale = 0.0, 0, 1.0
    index += 1
    while scale > 1e-12:
        scale /= base
        digits = list(range(base))
        Random(f"{seed} {base} {place}").shuffle(digits)
        index, digit = divmod(index, base)
        share += digits[digit] * scale
        place += 1
    return min(share, 1.0 - 1e-12)


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % each for each in found):
            found.append(number)
        number += 1
    return found
