"""The tables of rows that explain refused values: one for each module.

A row is written when something first asks for it. When all are written, equal rows of a module
become one, those that are no longer than a name stand where they are needed, and those that say
nothing nowhere.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from brevettiai.messages.words import LIMITS

from ..graphs import children_first
from ..json_values import is_object
from ..model.names import TakenNames
from ..schema.keywords import REFERENCES, holding
from .explain import Child, Row, SchemaValue, row_of
from .literals import Name, is_tuple, literal
from .scopes import ScopedNode

if TYPE_CHECKING:
    from .program import ModuleCode

#: What has a row of its own, and where True is nothing to say.
_APPLYING = (*REFERENCES, *holding("one"))

#: A row of so many characters is told in place.
_SHORT = 24

#: Whose table a row is in, and what it explains.
Key = tuple["ModuleCode", ScopedNode]


class Explanations:
    """The rows of all modules."""

    def __init__(self) -> None:
        self._rows: dict[Key, Row] = {}
        self._asked: deque[Key] = deque()
        self._taken: dict[ModuleCode, TakenNames] = {}
        self._names: dict[Key, str] = {}
        #: What stands where a row is meant, and the rows that are in tables.
        self._references: dict[Key, Any] = {}
        self._tables: dict[ModuleCode, list[str]] = {}

    def ask(self, code: ModuleCode, scoped: ScopedNode) -> None:
        """Let the module of `code` have the row of `scoped`."""
        key = (code, scoped)
        if key not in self._rows:
            taken = self._taken.setdefault(code, TakenNames())
            self._names[key] = taken.claim(code.place_name(scoped.node))
            self._rows[key] = {}
            self._asked.append(key)

    def work(self) -> bool:
        """Write the rows that were asked for; whether there were any."""
        was_asked = bool(self._asked)
        while self._asked:
            key = self._asked.popleft()
            self._rows[key] = row_of(*key)
        return was_asked

    def finish(self) -> None:
        """Decide which rows stand in the tables, when all are written."""
        self._references, self._tables = {}, {}
        texts: dict[Key, str] = {}
        first: dict[tuple[ModuleCode, str], Any] = {}
        for key in children_first(reversed(self._rows), lambda key: _children(self._rows[key])):
            row = _without_idle(self._final(self._rows[key]))
            text = literal(row)
            # A row in a circle was referred to before, and stays.
            if key not in self._references:
                reference: Any = self._names[key] if row else True
                if row and len(text) <= _SHORT and _is_plain(self._rows[key]):
                    reference = Name(text)
                self._references[key] = first.setdefault((key[0], text), reference)
            if self._references[key] == self._names[key]:
                texts[key] = text
        for key in filter(texts.__contains__, self._rows):
            line = f"{literal(self._names[key])}: {texts[key]},"
            self._tables.setdefault(key[0], []).append(line)

    def table(self, code: ModuleCode) -> list[str]:
        """The rows of a module, one a line: `"name": {"keyword": …},`."""
        shared = {
            f"{name}_{place}": name
            for scoped, place in code.shared_rows.items()
            if isinstance(name := self._references.get((code, scoped)), str)
        }
        lines = [f"{literal(shown)}: {literal(name)}," for shown, name in sorted(shared.items())]
        return self._tables.get(code, []) + lines

    def reference(self, child: Any) -> str:
        """How rows refer to a row, or the text of one that is in no table."""
        return literal(self._final(child))

    def _final(self, value: Any) -> Any:
        """A value in a row with references to other rows in their place."""
        if isinstance(value, Child):
            key = (value.code, value.scoped)
            reference = self._references.setdefault(key, self._names[key])
            is_own = not value.alias or not isinstance(reference, str)
            if is_own:
                return reference
            place = value.code.shared_rows.get(value.scoped, "")
            return Name(value.alias), f"{reference}_{place}" if place else reference
        if isinstance(value, SchemaValue):
            return Name(value.code.shared(value.value))
        if is_tuple(value):
            return tuple(map(self._final, value))
        return {k: self._final(v) for k, v in value.items()} if is_object(value) else value


def _children(value: Any) -> list[Key]:
    """The rows that a value in a row refers to, the last ones first."""
    if isinstance(value, Child):
        return [(value.code, value.scoped)]
    parts = [*value.values()] if is_object(value) else value if is_tuple(value) else ()
    return [child for part in reversed(parts) for child in _children(part)]


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
