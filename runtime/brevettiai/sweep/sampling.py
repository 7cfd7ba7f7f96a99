"""Samplers of a sweep that Optuna has not, or not so that a sweep goes on where it was."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler

if TYPE_CHECKING:
    from optuna.study import Study
    from optuna.trial import FrozenTrial


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
