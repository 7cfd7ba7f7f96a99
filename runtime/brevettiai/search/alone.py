"""What is asked of one setting whatever the others are: for values that are judged on their own.

Of the rows that explain refused values those are read that apply to a place in a config whatever
else is in it. What only holds under conditions, or takes several settings to judge, is not here.
A class of another style is asked itself: what it says at the place of a value is about that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from ..config.dialects import REFERENCES
from ..errors import Problem
from ..json_values import is_array, is_object
from ..messages.findings import Findings
from ..messages.tables import Rows, Tables
from ..messages.values import LIMITS
from .numbers import common_multiple
from .space import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..settings import Settings

_Row = tuple[dict[str, Any], Rows]

_NUMERIC = {"integer", "plain integer", "number"}
#: What may refuse a number that is within the limits.
_REFUSING = {"not", "if", "anyOf", "oneOf", "enum", "const"}


class Judge(Protocol):
    """Judges the values at a place of a config."""

    def of_class(self, cls: type[Settings]) -> Judge:
        """The same where objects of a class are, be it as the branch of a union."""
        ...

    def holding(self, there: Any) -> Judge:
        """The same where other parts of that place are as they are `there`."""
        ...

    def at(self, step: str | int) -> Judge:
        """That of a part."""
        ...

    @property
    def refuses_between(self) -> bool:
        """Whether numbers within all limits may be refused all the same."""
        ...

    def limits(self) -> dict[str, Any]:
        """By keyword what is known of the limits of numbers there."""
        ...

    def refusal(self, value: Any) -> str:
        """Why a value is refused whatever the others are, in words; "" where it is not."""
        ...


class _Known:
    """The tables of modules, each made once."""

    def __init__(self) -> None:
        self.tables = Tables()
        self._rows: dict[Any, Rows] = {}

    def rows_of(self, tables: Any) -> Rows:
        """The rows of the module of a class."""
        if tables.machine not in self._rows:
            self._rows[tables.machine] = tables.explanations()
        return self._rows[tables.machine]


class Alone:
    """The rows that apply to a place, whatever else a config has."""

    def __init__(self, rows: Iterable[_Row] = (), known: _Known | None = None) -> None:
        self._rows: list[_Row] = []
        self._known = known or _Known()
        ahead = list(rows)
        tables = self._known.tables
        seen: set[int] = set()
        while ahead:
            row, table = ahead.pop()
            if id(row) not in seen:
                seen.add(id(row))
                self._rows.append((row, table))
                also = [row[key] for key in REFERENCES if key in row] + [*row.get("allOf", ())]
                ahead += [tables.found(child, table) for child in also]

    def of_class(self, cls: type[Settings]) -> Alone:
        tables: Any = cls.__brevetti__.tables
        if not hasattr(tables, "explanations"):
            return self
        own = self._known.tables.found(tables.row, self._known.rows_of(tables))
        return Alone([*self._rows, own], self._known)

    def holding(self, there: Any) -> Alone:
        return self

    def at(self, step: str | int) -> Alone:
        children = (
            self._known.tables.found(child, table)
            for row, table in self._rows
            for child in (_of_item(row, step) if isinstance(step, int) else _of_key(row, step))
        )
        return Alone(children, self._known)

    @property
    def refuses_between(self) -> bool:
        return any(not _REFUSING.isdisjoint(row) for row, _ in self._rows)

    def limits(self) -> dict[str, Any]:
        found: dict[str, list[Any]] = {}
        for row, table in self._rows:
            alike = [row, *self._only_numbers(row, table)]
            for limits in alike:
                for keyword in LIMITS.keys() & limits.keys():
                    found.setdefault(keyword, []).append(limits[keyword])
        strongest: dict[str, Any] = {"multipleOf": common_multiple}
        return {key: strongest.get(key, LIMITS[key])(limits) for key, limits in found.items()}

    def _only_numbers(self, row: dict[str, Any], table: Rows) -> Iterator[dict[str, Any]]:
        """The limits of the only alternative in a row that takes numbers, as of one beside null."""
        for children in (row.get("anyOf", ()), row.get("oneOf", ((),))[0]):
            each = (Alone([self._known.tables.found(c, table)], self._known) for c in children)
            numeric = [branch for branch in each if branch._takes_numbers()]
            if len(numeric) == 1:
                yield numeric[0].limits()

    def _takes_numbers(self) -> bool:
        types = [row["type"] for row, _ in self._rows if "type" in row]
        known = [set((kinds,) if isinstance(kinds, str) else kinds) for kinds in types]
        has_values = any("enum" in row or "const" in row for row, _ in self._rows)
        return not has_values and all(not _NUMERIC.isdisjoint(kinds) for kinds in known)

    def refusal(self, value: Any) -> str:
        for row, table in self._rows:
            findings = Findings(table, tables=self._known.tables)
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

    @property
    def refuses_between(self) -> bool:
        return True  # by code that nobody can read

    def limits(self) -> dict[str, Any]:
        return {}  # What its schema says is in the row of the setting.

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
