"""Whether the names that a schema requires are declared by anything that applies beside it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from brevettiai.messages.words import guess

from ...graphs import walked
from ...json_values import is_array, is_object
from ...schema.dialects import Pointer
from ...schema.keywords import DEPENDENCIES, SHAPING, about
from ...schema.nodes import Node
from ...schema.resolve import Index
from .contradictions import Remark

#: What declares names without saying them.
_OPEN = (SHAPING.intersection(about("object")) | {"propertyNames"}) - {"properties"}

#: What requires names.
_REQUIRING = frozenset(["required", *DEPENDENCIES])


class Declared:
    """The properties that schemas declare for the values that others are about."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: dict[frozenset[Node], frozenset[str] | None] = {}

    def unknown_names(self, node: Node) -> Iterator[Remark]:
        """The names in `node` that are required, and declared nowhere."""
        own = node.table("properties")
        names = [(name, at) for name, at in _required(node) if name not in own]
        known = self._beside(node) if names else None
        for turn, (name, at) in enumerate(names):
            if known is not None and name not in known:
                message = f'"{at[0]}" names {name!r}, which is declared nowhere'
                hint = guess(name, sorted(known), turn) or 'declare it under "properties"'
                yield "undeclared-name", message, at, hint

    def _beside(self, node: Node) -> frozenset[str] | None:
        """What is declared for the values of `node`; None where it is not known by name."""
        above = frozenset(walked([node], lambda each: self._around.get(each, ())))
        # Who forbids a name need not declare it.
        if any(each.pointer[-1:] == ("not",) for each in above):
            return None
        # Two schemas of one property of the same name may be about the same values.
        keys = {key for each in above for key in _property_of(each.pointer)}
        tops = frozenset(each for each in above if each not in self._around) or above
        tops = tops.union(*(self._by_property.get(key, ()) for key in keys))
        if tops not in self._known:
            found = set(walked(tops, self._index.in_place))
            is_open = any(each.keyword(word) for each in found for word in _OPEN)
            names = {name for each in found for name in each.table("properties")}
            self._known[tops] = None if is_open else frozenset(names)
        return self._known[tops]

    @cached_property
    def _around(self) -> dict[Node, list[Node]]:
        """The schemas that each one applies in place of, the other way of `Index.in_place`."""
        found: dict[Node, list[Node]] = {}
        for node in self._index.everywhere():
            for inner in self._index.in_place(node):
                found.setdefault(inner, []).append(node)
        return found

    @cached_property
    def _by_property(self) -> dict[str, list[Node]]:
        """The schemas of properties and what is in them, by the name of the property."""
        found: dict[str, list[Node]] = {}
        for node in self._index.everywhere():
            for key in _property_of(node.pointer):
                found.setdefault(key, []).append(node)
        return found


def _required(node: Node) -> Iterator[tuple[str, Pointer]]:
    if node.keywords.isdisjoint(_REQUIRING):
        return
    names = node.keyword("required")
    for place, name in enumerate(names if is_array(names) else ()):
        yield name, ("required", place)
    for keyword in DEPENDENCIES:
        table = node.keyword(keyword)
        for key, listed in table.items() if is_object(table) else ():
            # A schema there may forbid the name.
            if is_array(listed):
                yield key, (keyword, key)
                yield from ((name, (keyword, key, place)) for place, name in enumerate(listed))


def _property_of(pointer: Pointer) -> Iterator[str]:
    """The property that the place of a schema is in, if it is in one."""
    for place in range(len(pointer) - 1, 0, -1):
        if pointer[place - 1] in ("properties", "patternProperties"):
            yield str(pointer[place])
            return
