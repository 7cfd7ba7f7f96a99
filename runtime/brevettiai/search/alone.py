"""What is asked of one setting whatever the others are: for values that are judged on their own.

Of the rows that explain refused values those are read that apply to a place in a config whatever
else is in it. What only holds under conditions, or takes several settings to judge, is not here.
A class of another style is asked itself: what it says at the place of a value is about that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any, Protocol

from ..errors import Problem
from ..json_values import is_array, is_number, is_object
from ..messages.findings import Findings
from ..messages.tables import Rows, Tables
from .space import Numbers, Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..settings import Settings

_Row = tuple[dict[str, Any], Rows]
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_MANY = 300
"""How many values are tried of one setting."""
_MANY_STEPS = 6
_UNEVEN = 0.3819660112501051
"""Where between two numbers one is that is a multiple of nothing."""


class Judge(Protocol):
    """Judges the values at a place of a config."""

    def of_class(self, cls: type[Settings]) -> Judge:
        """The same where objects of a class are, be it as the branch of a union."""

    def holding(self, there: Any) -> Judge:
        """The same where other parts of that place are as they are `there`."""

    def at(self, step: str | int) -> Judge:
        """That of a part."""

    def refusal(self, value: Any) -> str:
        """Why a value is refused whatever the others are, in words; "" where it is not."""


class Alone:
    """The rows that apply to a place, whatever else a config has."""

    def __init__(self, rows: Iterable[_Row] = ()) -> None:
        self._rows: list[_Row] = []
        ahead = list(rows)
        tables = Tables()
        known: set[int] = set()
        while ahead:
            row, table = ahead.pop()
            if id(row) not in known:
                known.add(id(row))
                self._rows.append((row, table))
                also = [row[key] for key in _REFERENCES if key in row] + [*row.get("allOf", ())]
                ahead += [tables.found(child, table) for child in also]

    def of_class(self, cls: type[Settings]) -> Alone:
        tables: Any = cls.__brevetti__.tables
        if not hasattr(tables, "explanations"):
            return self
        return Alone([*self._rows, Tables().found(tables.row, tables.explanations())])

    def holding(self, there: Any) -> Alone:
        return self

    def at(self, step: str | int) -> Alone:
        tables = Tables()
        return Alone(
            tables.found(child, table)
            for row, table in self._rows
            for child in (_of_item(row, step) if isinstance(step, int) else _of_key(row, step))
        )

    def refusal(self, value: Any) -> str:
        for row, table in self._rows:
            findings = Findings(table)
            findings.explain(row, (), value)
            if findings.problems:
                problem: Problem = findings.problems[0]
                return problem.expected
        return ""


class Asked:
    """What a class of another style says of a place, over the base settings."""

    def __init__(self, owner: Any, config: Any, path: Path = ()) -> None:
        self._owner = owner
        self._config = config
        self._path = path

    def of_class(self, cls: type[Settings]) -> Asked:
        return self

    def holding(self, there: Any) -> Asked:
        return Asked(self._owner, _with(self._config, self._path, there), self._path)

    def at(self, step: str | int) -> Asked:
        return Asked(self._owner, self._config, (*self._path, step))

    def refusal(self, value: Any) -> str:
        problems = self._owner.refusals(_with(self._config, self._path, value))
        size = len(self._path)
        return next((str(p.expected) for p in problems if p.path[:size] == self._path), "")


def _with(config: Any, path: Path, value: Any) -> Any:
    """A config with another value at a place; what leads there is made if need be."""
    if not path:
        return value
    step, *rest = path
    if is_array(config) and isinstance(step, int):
        return [
            _with(item, (*rest,), value) if i == step else item for i, item in enumerate(config)
        ]
    parts = config if is_object(config) else {}
    return {**parts, step: _with(parts.get(step), (*rest,), value)}


def _of_key(row: dict[str, Any], key: str) -> Iterator[Any]:
    found = False
    if key in row.get("properties", ()):
        found = True
        yield row["properties"][key]
    for pattern, child in row.get("patternProperties", {}).items():
        if pattern.search(key):
            found = True
            yield child
    if not found and "additionalProperties" in row:
        yield row["additionalProperties"]


def _of_item(row: dict[str, Any], index: int) -> Iterator[Any]:
    first = row.get("prefixItems", ())
    if index < len(first):
        yield first[index]
    elif "items" in row:
        yield row["items"]


def samples(numbers: Numbers, schema: Any) -> list[float]:
    """Numbers between two limits, such that no schema refuses any other where it takes these.

    What a schema says of a number changes only at numbers that stand in it, and with what it is a
    multiple of. Of very many numbers some are left out.
    """
    if numbers.size is not None and numbers.size <= _MANY:
        return [numbers.at(index) for index in range(numbers.size)]
    turns = {number for number in _numbers_in(schema) if numbers.low < number < numbers.high}
    ordered = [numbers.low, *sorted(turns)[:_MANY], numbers.high]
    steps = sorted(_steps_in(schema))[:_MANY_STEPS]
    found = [*ordered]
    for low, high in pairwise(ordered):
        found.append(low + (high - low) * _UNEVEN)
        nearest = min(max(0, low), high)
        for step in (*steps, *map(_common, combinations(steps, 2))):
            grid = Numbers("", (), nearest - nearest % step, high, step=step)
            found += [value for value in map(grid.at, range(-2, 4)) if low < value < high]
    return [*dict.fromkeys(map(numbers.nearest, found))]


def _common(steps: tuple[float, float]) -> float:
    """A number that is a multiple of two."""
    a, b = (Fraction(str(step)) for step in steps)
    return float(a * b)


def _numbers_in(schema: Any) -> set[float]:
    return {
        number
        for keyword, value in _keywords(schema)
        if keyword in _LIMITING
        for number in (value if is_array(value) else [value])
        if is_number(number)
    }


def _steps_in(schema: Any) -> set[float]:
    steps = {v for key, v in _keywords(schema) if key == "multipleOf" and is_number(v) and v > 0}
    return {1.0, *steps}  # as integers may be told apart


_LIMITING = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "const", "enum")


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
