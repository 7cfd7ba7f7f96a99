"""The tables of rows that explain refused values: one for each module.

A row is written when something first asks for it. When all are written, equal rows of a module
become one, those that are no longer than a name stand where they are needed, and those that say
nothing nowhere.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from brevettiai.messages.words import LIMITS

from ..json_values import is_object
from ..model.names import Scope
from ..schema.keywords import REFERENCES, holding
from .explain import Child, ExplainingUnit, Row, SchemaValue, row_of
from .literals import Name, literal
from .scope import Site

#: What has a row of its own, and where True is nothing to say.
_APPLYING = (*REFERENCES, *holding("one"))

#: A row of so many characters is told in place.
_SHORT = 24

Place = tuple[ExplainingUnit, Site]


class Explanations:
    """The rows of all modules."""

    def __init__(self) -> None:
        self._rows: dict[Place, Row] = {}
        self._asked: deque[Place] = deque()
        self._scopes: dict[ExplainingUnit, Scope] = {}
        self._names: dict[Place, str] = {}
        #: What stands where a row is meant, and the text of each that is in a table.
        self._references: dict[Place, Any] = {}
        self._texts: dict[Place, str] = {}

    def ask(self, unit: ExplainingUnit, site: Site) -> None:
        """Let the module of `unit` have the row of `site`."""
        place = (unit, site)
        if place not in self._rows:
            scope = self._scopes.setdefault(unit, Scope())
            self._names[place] = scope.claim(unit.place_name(site.node))
            self._rows[place] = {}
            self._asked.append(place)

    def work(self) -> bool:
        """Write the rows that were asked for; whether there were any."""
        was_asked = bool(self._asked)
        while self._asked:
            place = self._asked.popleft()
            self._rows[place] = row_of(*place)
        return was_asked

    def finish(self) -> None:
        """Decide which rows stand in the tables, when all are written."""
        self._references, self._texts = {}, {}
        first: dict[tuple[ExplainingUnit, str], Any] = {}
        for place in self._children_first():
            row = {key: self._final(value) for key, value in self._rows[place].items()}
            row = _without_idle(row)
            text = literal(row)
            # A row in a circle was referred to before, and stays.
            if place not in self._references:
                reference: Any = self._names[place] if row else True
                if row and len(text) <= _SHORT and _is_plain(self._rows[place]):
                    reference = Name(text)
                self._references[place] = first.setdefault((place[0], text), reference)
            if self._references[place] == self._names[place]:
                self._texts[place] = text

    def table(self, unit: ExplainingUnit) -> list[str]:
        """The rows of a module, one a line: `"name": {"keyword": …},`."""
        return [
            f"{literal(self._names[place])}: {self._texts[place]},"
            for place in self._rows
            if place[0] is unit and place in self._texts
        ]

    def reference(self, child: Any) -> str:
        """How rows refer to a row, or the text of one that is in no table."""
        return literal(self._final(child))

    def _final(self, value: Any) -> Any:
        """A value in a row with references to other rows in their place."""
        if isinstance(value, Child):
            place = (value.unit, value.site)
            reference = self._references.setdefault(place, self._names[place])
            is_own = not value.alias or not isinstance(reference, str)
            return reference if is_own else (Name(value.alias), reference)
        if isinstance(value, SchemaValue):
            return Name(value.unit.shared(value.value))
        if isinstance(value, tuple):
            return tuple(map(self._final, value))
        return {k: self._final(v) for k, v in value.items()} if is_object(value) else value

    def _children_first(self) -> Iterator[Place]:
        """Every row after those that it refers to, as far as no circle forbids."""
        seen: set[Place] = set()
        stack = [(place, False) for place in reversed(self._rows)]
        while stack:
            place, is_last = stack.pop()
            if is_last:
                yield place
            elif place not in seen:
                seen.add(place)
                stack.append((place, True))
                stack += [(child, False) for child in _children(self._rows[place])]


def _children(value: Any) -> list[Place]:
    """The rows that a value in a row refers to, the last ones first."""
    if isinstance(value, Child):
        return [(value.unit, value.site)]
    parts: Any = value.values() if is_object(value) else value if isinstance(value, tuple) else ()
    return [child for part in reversed(list(parts)) for child in _children(part)]


def _is_plain(row: Row) -> bool:
    """Whether a row means the same in every module."""
    return all(k in ("type", *LIMITS) and isinstance(v, (str, int, float)) for k, v in row.items())


def _without_idle(row: Row) -> Row:
    """`row` without what says nothing, as the rows that it refers to say nothing."""
    found: Row = {}
    for keyword, value in row.items():
        if is_object(value) and "additionalProperties" not in row:
            value = {name: child for name, child in value.items() if child is not True}
        if keyword == "allOf":
            value = tuple(child for child in value if child is not True)
        if value not in ((), {}) and not (value is True and keyword in _APPLYING):
            found[keyword] = value
    return found
