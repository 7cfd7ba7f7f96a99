"""The points of a space: which parameters there are at one, how many there are, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import prod
from typing import Any

from .space import Choices, Numbers, Parameter, Point


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
