"""The row of a subschema, which explains at run time why a value does not fit.

What a row holds is told in `brevettiai.messages.keywords`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from brevettiai.messages.words import LIMITS

from ..schema.keywords import REFERENCES
from ..schema.nodes import Node
from ..schema.resolve import Index
from .frame import Unit
from .keywords import (
    accepts_all,
    alternative_constants,
    dependencies,
    prefix_of,
    required_names,
    rest_of,
    types_of,
)
from .literals import Name
from .phrases import phrase
from .scope import Site

Row = dict[str, Any]
Entries = Iterator[tuple[str, Any]]


#: How far an explanation looks for names that were perhaps meant.
_MOST_PARTS = 100


class ExplainingUnit(Unit, Protocol):
    """A module that has explanations too."""

    def row(self, site: Site) -> Child | bool:
        """The row of `site`; True or False where that is all it says."""
        ...

    def mark_others(self, site: Site) -> str:
        """The name of the marking check of `site` without its `unevaluated*` keywords."""
        ...

    def place_name(self, node: Node) -> str:
        """A short name for a place in a schema."""
        ...

    def shared(self, value: Any) -> str:
        """`value` as source text, or the name of the constant that checks have of it."""
        ...


@dataclass(frozen=True)
class Child:
    """A row as others refer to it: the module and subschema, and how they call the module."""

    unit: ExplainingUnit
    site: Site
    alias: str = ""


@dataclass(frozen=True)
class SchemaValue:
    """A value of the schema, which checks may have as a constant."""

    unit: ExplainingUnit
    value: Any


def row_of(unit: ExplainingUnit, site: Site) -> Row:
    """The row of `site`, with a `Child` for each subschema.

    >>> rows({"type": "integer", "minimum": 3})
    "root": {"type": "integer", "minimum": 3},
    >>> rows({"anyOf": [{"type": "null"}, {"format": "password"}], "minLength": 8})
    "root": {"secret": True, "minLength": 8, "anyOf": ({"type": "null"}, "1")},
    "1": {"secret": True},
    """
    row: Row = {"secret": True} if is_secret(unit.sites.index, site.node) else {}
    for entries in (_values, _in_place, _items, _properties, _unevaluated):
        row.update(entries(unit, site))
    return row


def _values(unit: ExplainingUnit, site: Site) -> Entries:
    """What is asked of a value itself.

    >>> rows({"enum": ["a", "b"], "maxLength": 1, "pattern": "^a"})
    "root": {"enum": ("a", "b"), "maxLength": 1, "pattern": PATTERN_ROOT},
    >>> rows({"$schema": DRAFT_4, "type": "integer", "minimum": 0, "exclusiveMinimum": True})
    "root": {"type": "plain integer", "exclusiveMinimum": 0},
    """
    node = site.node
    types = types_of(site)
    if "integer" in types and not node.dialect.integral_floats:
        types = tuple("plain integer" if name == "integer" else name for name in types)
    if types:
        yield "type", types[0] if len(types) == 1 else types
    if site.has("const"):
        yield "const", SchemaValue(unit, node.get("const"))
    if site.has("enum"):
        yield "enum", SchemaValue(unit, tuple(node.get("enum")))
    for keyword in LIMITS:
        limit = site.get(keyword)
        # A Boolean is draft 4's, and speaks of the keyword beside it.
        exclusive = "exclusive" + keyword.capitalize()
        if limit is not None and not isinstance(limit, bool):
            yield exclusive if site.get(exclusive) is True else keyword, limit
    if site.has("pattern"):
        yield "pattern", Name(unit.pattern(site, node.get("pattern")))
    if site.has("format") and unit.asserts_format(site):
        yield "format", (node.get("format"), node.dialect.format_draft)
    if site.get("uniqueItems") is True:
        yield "uniqueItems", True


def _in_place(unit: ExplainingUnit, site: Site) -> Entries:
    """What references and alternatives ask.

    >>> rows({"oneOf": [{"type": "null"}, {"title": "some", "minItems": 1}]})
    "root": {"oneOf": (({"type": "null"}, {"minItems": 1}), ("be null", "be 'some'"))},
    >>> rows({"not": {"const": 1}})
    "root": {"not": (check_not, "be 1")},
    >>> rows({"anyOf": [{"const": 1, "title": "One"}, {"const": 2}]})
    "root": {"enum": (1, 2)},
    """
    for keyword in REFERENCES:
        if site.has(keyword):
            yield keyword, unit.row(unit.sites.target(site, keyword))
    if site.has("allOf"):
        yield "allOf", _branches(unit, site, "allOf")
    may_be_enum = not site.has("enum")
    for keyword in ("anyOf", "oneOf"):
        if not site.has(keyword):
            continue
        constants = alternative_constants(unit.sites, site, keyword) if may_be_enum else None
        if constants is not None:
            may_be_enum = False
            yield "enum", SchemaValue(unit, tuple(constants))
        elif keyword == "anyOf":
            yield keyword, _branches(unit, site, keyword)
        else:
            branches = _branches(unit, site, keyword)
            nodes = [unit.sites.child(site, keyword, i).node for i in range(len(branches))]
            phrases = tuple(phrase(unit.sites.index, node) for node in nodes)
            yield keyword, (branches, phrases if any(phrases) else ())
    if site.has("not") and site.node.get("not") is not False:
        yield "not", _sought(unit, site, "not")
    if site.has("if") and (site.has("then") or site.has("else")):
        yield "if", _condition(unit, site)


def _condition(unit: ExplainingUnit, site: Site) -> tuple[Any, ...]:
    """What `if` decides; where that is that nothing fits, the `if` itself is at fault.

    >>> rows({"if": {"required": ["a"]}, "then": {"minProperties": 2}})
    "root": {"if": (check_if, {"minProperties": 2}, True)},
    >>> rows({"if": {"required": ["a"]}, "then": False})
    "root": {"if": (check_if, {"not": (check_if, "have the key 'a'")}, True)},
    """
    then = _child(unit, site, "then") if site.has("then") else True
    otherwise = _child(unit, site, "else") if site.has("else") else True
    if then is False:
        then = {"not": _sought(unit, site, "if")}
    return (
        Name(unit.check(unit.sites.child(site, "if"))),
        then,
        otherwise or _child(unit, site, "if"),
    )


def _items(unit: ExplainingUnit, site: Site) -> Entries:
    """What is asked of the items of a list.

    >>> rows({"prefixItems": [True, {"type": "null"}], "items": False})
    "root": {"prefixItems": (True, {"type": "null"}), "items": False},
    >>> rows({"contains": {"type": "null"}, "maxContains": 2})
    "root": {"contains": (check_contains, "be null", 1, 2)},
    """
    keyword, start = prefix_of(site)
    if start:
        yield "prefixItems", _branches(unit, site, keyword)
    rest = rest_of(site)
    if rest is not None:
        yield "items", _child(unit, site, rest)
    if site.has("contains"):
        least = site.get("minContains") if site.has("minContains") else 1
        yield "contains", (*_sought(unit, site, "contains"), least, site.get("maxContains"))


def _properties(unit: ExplainingUnit, site: Site) -> Entries:
    """What is asked of the properties of an object.

    >>> rows({"properties": {"a": True, "b": {"type": "null"}}, "required": ["a"]})
    "root": {"required": ("a",), "properties": {"b": {"type": "null"}}},
    >>> rows({"properties": {"a": True}, "additionalProperties": False})
    "root": {"properties": {"a": True}, "additionalProperties": False},
    >>> rows({"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"b": {"enum": ["c"]}}})
    "root": {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"b": "b"}},
    "b": {"enum": ("c",)},
    """
    required = required_names(site)
    if required:
        yield "required", tuple(required)
    for keyword in ("properties", "patternProperties"):
        table = {name: _child(unit, site, keyword, name) for name in site.table(keyword)}
        if table and keyword == "properties":
            yield keyword, table
        elif table:
            yield keyword, {Name(unit.pattern(site, key)): child for key, child in table.items()}
    for keyword in ("additionalProperties", "propertyNames"):
        if site.has(keyword):
            yield keyword, _child(unit, site, keyword)
    found: dict[str, dict[str, Any]] = {}
    for keyword, name, others in dependencies(site):
        needed = _child(unit, site, keyword, name) if others is None else list(others)
        found.setdefault(keyword, {})[name] = needed
    yield from found.items()


def _unevaluated(unit: ExplainingUnit, site: Site) -> Entries:
    """What is asked of the parts that nothing else asks about.

    >>> rows({"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False})
    "root": {"unevaluatedProperties": (mark_root, False, ("a",))},
    """
    for keyword in ("unevaluatedProperties", "unevaluatedItems"):
        if site.has(keyword) and site.node.get(keyword) is not True:
            child = _child(unit, site, keyword)
            names: tuple[str, ...] = ()
            if keyword == "unevaluatedProperties" and child is False:
                names = _declared_names(unit.sites.index, site.node)
            yield keyword, (Name(unit.mark_others(site)), child, SchemaValue(unit, names))


def _child(unit: ExplainingUnit, site: Site, *path: str | int) -> Any:
    return unit.row(unit.sites.child(site, *path))


def _branches(unit: ExplainingUnit, site: Site, keyword: str) -> tuple[Any, ...]:
    return tuple(_child(unit, site, keyword, i) for i in range(len(site.node.get(keyword))))


def _sought(unit: ExplainingUnit, site: Site, keyword: str) -> tuple[Any, str]:
    """The check of what `not`, `if` or `contains` look for, and what that asks for in words."""
    child = unit.sites.child(site, keyword)
    if accepts_all(child):
        return True, ""
    return Name(unit.check(child)), phrase(unit.sites.index, child.node)


def is_secret(index: Index, node: Node) -> bool:
    """Whether values of `node` must not be shown, as a schema says that may apply to them."""
    return any(
        part.get("writeOnly") is True or part.get("format") == "password"
        for part in _applying(index, node)
    )


def _declared_names(index: Index, node: Node) -> tuple[str, ...]:
    """The properties that `node` knows, whatever the conditions on them are; not all of many."""
    parts = islice(_applying(index, node), _MOST_PARTS)
    names = dict.fromkeys(name for part in parts for name in part.table("properties"))
    return tuple(islice(names, _MOST_PARTS))


def _applying(index: Index, node: Node) -> Iterator[Node]:
    """`node`, and the schemas that it has or refers to for the same value."""
    reached = {node: None}
    queue = deque(reached)
    while queue:
        yield queue[0]
        parts = [part for part in index.in_place(queue.popleft()) if part not in reached]
        reached.update(dict.fromkeys(parts))
        queue += parts
