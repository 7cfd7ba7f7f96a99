"""Numbers to try of a setting, such that its schema refuses no other where it takes these."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any

from ..json_values import is_array, is_number, is_object
from .numbers import common_multiple
from .space import Numbers

_LIMITING = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "const", "enum")
_MANY = 300
"""How many numbers of a schema, or of a setting without others, are tried."""
_MANY_STEPS = 6
_UNEVEN = 0.3819660112501051
"""Where between two numbers one is that is a multiple of nothing."""


class Turns:
    """Where what a schema says of a number can change: at the numbers in it, and at multiples."""

    def __init__(self, schema: Any) -> None:
        numbers: set[float] = set()
        steps: set[float] = {1.0}  # as integers may be told apart
        for keyword, value in _keywords(schema):
            if keyword in _LIMITING:
                numbers.update(filter(is_number, value if is_array(value) else [value]))
            elif keyword == "multipleOf" and is_number(value) and value > 0:
                steps.add(value)
        self._numbers = sorted(numbers)
        first = sorted(steps)[:_MANY_STEPS]
        self._steps = (*first, *map(common_multiple, combinations(first, 2)))

    def between(self, numbers: Numbers) -> Iterator[float]:
        """Numbers to try between two limits; of very many some are left out."""
        if numbers.size is not None and numbers.size <= _MANY:
            yield from map(numbers.at, range(numbers.size))
            return
        inside = [each for each in self._numbers if numbers.low < each < numbers.high]
        turns = (numbers.low, *inside[:_MANY], numbers.high)
        yield from turns
        for low, high in pairwise(turns):
            yield numbers.nearest(low + (high - low) * _UNEVEN)
            nearest = min(max(0, low), high)
            for step in self._steps:
                grid = Numbers("", (), nearest - nearest % step, high, step=step)
                multiples = (grid.at(index) for index in range(-2, 4))
                yield from (numbers.nearest(each) for each in multiples if low < each < high)


def _keywords(schema: Any) -> Iterator[tuple[str, Any]]:
    """All keys in a schema, wherever they are, with what they hold."""
    ahead = [schema]
    while ahead:
        node = ahead.pop()
        if is_object(node):
            yield from node.items()
            ahead += node.values()
        elif is_array(node):
            ahead += node
