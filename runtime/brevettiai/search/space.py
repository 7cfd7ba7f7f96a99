"""What of settings may vary: parameters, and the points that they span. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Path: TypeAlias = "tuple[str | int, ...]"
Point: TypeAlias = "dict[str, Any]"
"""A value of each parameter that there is at this point, by its name; JSON values."""


@dataclass(frozen=True)
class Numbers:
    """A setting that takes numbers between two limits, which belong to it.

    Attributes:
        name: of the parameter: the setting as flags name it, with the branch of a union that it
            belongs to in brackets, as in `training.optimizer[adam].learning_rate`.
        path: where the setting lies in a config.
        low, high: the limits; ints where `integer`.
        step: the distance between neighbors, counted from `low`; None for any number between.
        log: whether its logarithm is what varies evenly; then `low` is above 0, and there is no
            `step`.
    """

    name: str
    path: Path
    low: float
    high: float
    integer: bool = False
    step: float | None = None
    log: bool = False


@dataclass(frozen=True)
class Choice:
    """One value of a setting, and what there is to choose once it is taken.

    Attributes:
        value: a JSON value; of a union's branch its discriminator's, or that of the whole.
        label: the value as people and flags write it; unique in its setting.
        inside: the parameters that there are only then.
    """

    value: Any
    label: str
    inside: tuple[Parameter, ...] = ()


@dataclass(frozen=True)
class Choices:
    """A setting that takes one of several values. Name and path are as those of `Numbers`."""

    name: str
    path: Path
    choices: tuple[Choice, ...]


Parameter: TypeAlias = "Numbers | Choices"
