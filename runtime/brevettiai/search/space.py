"""What of settings may vary: parameters, and the points that they span. Frozen values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import Any, TypeAlias

from ..json_values import json_equal

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
        low, high: the limits; ints where `integer`. With a `step`, `high` is some steps above.
        step: the distance between neighbors, counted from `low`; None for any number between, and
            for each integer.
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

    @property
    def size(self) -> int | None:
        """How many values it takes; None where that is any number between the limits."""
        if self.step is None and not self.integer:
            return 1 if self.low == self.high else None
        return 1 + int((_exact(self.high) - _exact(self.low)) // _exact(self.step or 1))

    def at(self, index: int) -> float:
        """The value with so many below it."""
        if self.step is None and not self.integer:
            return self.low
        value = _exact(self.low) + index * _exact(self.step or 1)
        return int(value) if self.integer else float(value)

    def nearest(self, value: float) -> float:
        """The value that is nearest to a number, which may be off by what was rounded."""
        value = min(max(value, self.low), self.high)
        if self.step is None:
            return round(value) if self.integer else float(value)
        return self.at(round((_exact(value) - _exact(self.low)) / _exact(self.step)))


def _exact(value: float) -> Decimal:
    """A number as its decimal notation says: three steps of 0.1 are 0.3."""
    return Decimal(value) if type(value) is int else Decimal(repr(value))


@dataclass(frozen=True)
class Choice:
    """One value of a setting, and what there is to choose once it is taken.

    Attributes:
        value: a JSON value; of a union's branch its discriminator's, or that of the whole.
        label: the value as people and flags write it; unique in its setting.
        inside: the parameters that there are only then.
        is_kind: whether `value` is only a word for values of a kind, of which `inside` has one:
            "number" beside null, or "object" for one with its own settings.
        starts: of the kind "object" the flag's word that makes one where there is none.
    """

    value: Any
    label: str
    inside: tuple[Parameter, ...] = ()
    is_kind: bool = False
    starts: str = ""


@dataclass(frozen=True)
class Choices:
    """A setting that takes one of several values. Name and path are as those of `Numbers`."""

    name: str
    path: Path
    choices: tuple[Choice, ...]

    def chosen(self, value: Any) -> Choice | None:
        """The choice of a value; None where there is none."""
        return next((each for each in self.choices if json_equal(each.value, value)), None)

    def labelled(self, label: str) -> Choice | None:
        """The choice with a label; None where there is none."""
        return next((each for each in self.choices if each.label == label), None)


Parameter: TypeAlias = "Numbers | Choices"


def find(parameters: Iterable[Parameter], point: Point) -> Iterator[Parameter]:
    """The parameters that there are at a point, each before those that depend on it.

    `point` may grow meanwhile: a parameter needs its value only when the next one is asked for.
    """
    for parameter in parameters:
        yield parameter
        if isinstance(parameter, Choices):
            choice = parameter.chosen(point[parameter.name])
            yield from find(choice.inside if choice else (), point)


class Points:
    """The points of some parameters, which vary independently."""

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self._values = [_Values(parameter) for parameter in parameters]
        sizes = [values.size for values in self._values]
        #: How many there are; None without end.
        self.size: int | None = None if None in sizes else prod(size for size in sizes if size)

    def at(self, index: int) -> Point:
        """One of them."""
        found: list[Point] = []
        for values in reversed(self._values):
            assert values.size is not None
            index, inner = divmod(index, values.size)
            found.append(values.at(inner))
        return {name: value for part in reversed(found) for name, value in part.items()}


class _Values:
    """What one parameter can be, with what there is to choose inside."""

    def __init__(self, parameter: Parameter) -> None:
        self._parameter = parameter
        self._inside: list[tuple[Any, Points]] = []
        if isinstance(parameter, Numbers):
            self.size = parameter.size
        else:
            self._inside = [(each.value, Points(each.inside)) for each in parameter.choices]
            sizes = [points.size for _, points in self._inside]
            self.size = None if None in sizes else sum(size for size in sizes if size)

    def at(self, index: int) -> Point:
        name = self._parameter.name
        if isinstance(self._parameter, Numbers):
            return {name: self._parameter.at(index)}
        for value, points in self._inside:
            assert points.size is not None
            if index < points.size:
                return {name: value, **points.at(index)}
            index -= points.size
        raise IndexError(index)
