"""The row of a subschema, which explains at run time why a value does not fit.

What a row holds is told in `brevettiai.messages.keywords`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from brevettiai.messages.words import LIMITS

from ..graphs import walked
from ..schema.keywords import LEADING, REFERENCES, about
from ..schema.nodes import Node
from .literals import Name
from .phrases import phrase
from .scopes import ScopedNode

if TYPE_CHECKING:
    from .program import ModuleCode

Row = dict[str, Any]
Entries = Iterator[tuple[str, Any]]

#: How far an explanation looks for names that were perhaps meant.
_MOST_PARTS = 100


@dataclass(frozen=True)
class Child:
    """A row as others refer to it: the module and subschema, and how they call the module."""

    code: ModuleCode
    scoped: ScopedNode
    alias: str = ""


@dataclass(frozen=True)
class SchemaValue:
    """A value of the schema, which checks may have as a constant."""

    code: ModuleCode
    value: Any


def row_of(code: ModuleCode, scoped: ScopedNode) -> Row:
    """The row of `scoped`, with a `Child` for each subschema.

    >>> rows({"type": "integer", "minimum": 3})
    "root": {"type": "integer", "minimum": 3},
    >>> rows({"anyOf": [{"type": "null"}, {"format": "password"}], "minLength": 8})
    "root": {"secret": True, "minLength": 8, "anyOf": ({"type": "null"}, "1")},
    "1": {"secret": True},
    """
    row: Row = {}
    for entries in _ENTRIES if scoped.has_any(_OF_OTHERS) else _ENTRIES[:2]:
        row.update(entries(code, scoped))
    return row


def _secrets(code: ModuleCode, scoped: ScopedNode) -> Entries:
    """Whether it speaks of a secret, and such rows of what is only asked whether it fits.

    >>> rows({"contains": {"format": "password"}})
    "root": {"sought": "contains", "contains": (check_contains, "", 1, None)},
    "contains": {"secret": True},
    """
    hiding, index = scoped.scopes.hiding, scoped.scopes.index
    if scoped.node not in hiding:
        return
    same = walked([scoped.node], lambda n: [*index.in_place(n), *index.parts(n, "propertyNames")])
    if any(part in index.secrets for part in same):
        yield "secret", True
    asked = [scoped.child(keyword) for keyword in ("if", "not") if scoped.has(keyword)]
    yield "may", tuple(code.row(child) for child in asked if child.node in hiding)
    if scoped.has("contains") and scoped.child("contains").node in hiding:
        yield "sought", code.row(scoped.child("contains"))


def _values(code: ModuleCode, scoped: ScopedNode) -> Entries:
    """What is asked of a value itself.

    >>> rows({"enum": ["a", "b"], "maxLength": 1, "pattern": "^a"})
    "root": {"enum": ("a", "b"), "maxLength": 1, "pattern": PATTERN_ROOT},
    >>> rows({"$schema": DRAFT_4, "type": "integer", "minimum": 0, "exclusiveMinimum": True})
    "root": {"type": "plain integer", "exclusiveMinimum": 0},
    """
    node, keywords, types = scoped.node, scoped.keywords, scoped.types
    if "integer" in types and not node.dialect.integral_floats:
        types = tuple("plain integer" if name == "integer" else name for name in types)
    if types:
        yield "type", types[0] if len(types) == 1 else types
    if "const" in keywords:
        yield "const", SchemaValue(code, node.get("const"))
    if "enum" in keywords:
        yield "enum", SchemaValue(code, tuple(node.get("enum")))
    if scoped.has_any(LIMITS):
        yield from node.limits(LIMITS)
    if "pattern" in keywords:
        yield "pattern", Name(code.pattern(scoped, node.get("pattern")))
    if "format" in keywords and code.asserts_format(scoped):
        yield "format", (node.get("format"), node.dialect.format_draft)
    if "x-python-type" in keywords:
        yield "x-python-type", node.get("x-python-type")
    if "uniqueItems" in keywords and node.get("uniqueItems") is True:
        yield "uniqueItems", True


def _in_place(code: ModuleCode, scoped: ScopedNode) -> Entries:
    """What references and alternatives ask.

    >>> rows({"oneOf": [{"type": "null"}, {"title": "some", "minItems": 1}]})
    "root": {"oneOf": (({"type": "null"}, {"minItems": 1}), ("be null", "be 'some'"))},
    >>> rows({"not": {"const": 1}})
    "root": {"not": (check_not, "be 1")},
    >>> rows({"anyOf": [{"const": 1, "title": "One"}, {"const": 2}]})
    "root": {"enum": (1, 2)},
    """
    for keyword in REFERENCES:
        if scoped.has(keyword):
            yield keyword, code.row(scoped.target(keyword))
    if scoped.has("allOf"):
        yield "allOf", _branches(code, scoped, "allOf")
    may_be_enum = not scoped.has("enum")
    for keyword in ("anyOf", "oneOf"):
        if not scoped.has(keyword):
            continue
        constants = scoped.constants(keyword) if may_be_enum else None
        if constants is not None:
            may_be_enum = False
            yield "enum", SchemaValue(code, tuple(constants))
        elif keyword == "anyOf":
            yield keyword, _branches(code, scoped, keyword)
        else:
            phrases = tuple(map(phrase, scoped.children(keyword)))
            yield keyword, (_branches(code, scoped, keyword), phrases if any(phrases) else ())
    if scoped.has("not") and scoped.node.get("not") is not False:
        yield "not", _sought(code, scoped, "not")
    if scoped.has("if") and (scoped.has("then") or scoped.has("else")):
        yield "if", _condition(code, scoped)


def _condition(code: ModuleCode, scoped: ScopedNode) -> tuple[Any, ...]:
    """What `if` decides; where that is that nothing fits, the `if` itself is at fault.

    >>> rows({"if": {"required": ["a"]}, "then": {"minProperties": 2}})
    "root": {"if": (check_if, {"minProperties": 2}, True)},
    >>> rows({"if": {"required": ["a"]}, "then": False})
    "root": {"if": (check_if, {"not": (check_if, "have the key 'a'")}, True)},
    """
    then: Any = code.row(scoped.child("then")) if scoped.has("then") else True
    otherwise = code.row(scoped.child("else")) if scoped.has("else") else True
    test = scoped.child("if")
    if then is False:
        then = {"not": _sought(code, scoped, "if")}
    return Name(code.check(test)), then, otherwise or code.row(test)


def _items(code: ModuleCode, scoped: ScopedNode) -> Entries:
    """What is asked of the items of a list.

    >>> rows({"prefixItems": [True, {"type": "null"}], "items": False})
    "root": {"prefixItems": (True, {"type": "null"}), "items": False},
    >>> rows({"contains": {"type": "null"}, "maxContains": 2})
    "root": {"contains": (check_contains, "be null", 1, 2)},
    """
    keyword, start = scoped.prefix
    if start:
        yield "prefixItems", _branches(code, scoped, keyword)
    if scoped.rest is not None:
        yield "items", code.row(scoped.child(scoped.rest))
    if scoped.has("contains"):
        least = scoped.get("minContains") if scoped.has("minContains") else 1
        yield "contains", (*_sought(code, scoped, "contains"), least, scoped.get("maxContains"))


def _properties(code: ModuleCode, scoped: ScopedNode) -> Entries:
    """What is asked of the properties of an object.

    >>> rows({"properties": {"a": True, "b": {"type": "null"}}, "required": ["a"]})
    "root": {"required": ("a",), "properties": {"b": {"type": "null"}}},
    >>> rows({"properties": {"a": True}, "additionalProperties": False})
    "root": {"properties": {"a": True}, "additionalProperties": False},
    >>> rows({"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"b": {"enum": ["c"]}}})
    "root": {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"b": "b"}},
    "b": {"enum": ("c",)},
    """
    if scoped.required:
        yield "required", tuple(scoped.required)
    for keyword in ("properties", "patternProperties"):
        table = {name: code.row(scoped.child(keyword, name)) for name in scoped.table(keyword)}
        if table and keyword == "properties":
            yield keyword, table
        elif table:
            yield keyword, {Name(code.pattern(scoped, key)): child for key, child in table.items()}
    for keyword in ("additionalProperties", "propertyNames"):
        if scoped.has(keyword):
            yield keyword, code.row(scoped.child(keyword))
    found: dict[str, dict[str, Any]] = {}
    for keyword, name, others in scoped.dependencies():
        needed = code.row(scoped.child(keyword, name)) if others is None else list(others)
        found.setdefault(keyword, {})[name] = needed
    yield from found.items()


def _unevaluated(code: ModuleCode, scoped: ScopedNode) -> Entries:
    """What is asked of the parts that nothing else asks about.

    >>> rows({"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False})
    "root": {"unevaluatedProperties": (mark_root, False, ("a",))},
    """
    for keyword in ("unevaluatedProperties", "unevaluatedItems"):
        if scoped.has(keyword) and scoped.node.get(keyword) is not True:
            child = code.row(scoped.child(keyword))
            names: tuple[str, ...] = ()
            if keyword == "unevaluatedProperties" and child is False:
                names = _declared_names(walked([scoped.node], scoped.scopes.index.in_place))
            elif scoped.child(keyword).node in scoped.scopes.hiding:
                names = _declared_names(code.shapes.applied((scoped.node,)))
            yield keyword, (Name(code.mark_others(scoped)), child, SchemaValue(code, names))


def _branches(code: ModuleCode, scoped: ScopedNode, keyword: str) -> tuple[Any, ...]:
    return tuple(map(code.row, scoped.children(keyword)))


def _sought(code: ModuleCode, scoped: ScopedNode, keyword: str) -> tuple[Any, str]:
    """The check of what `not`, `if` or `contains` look for, and what that asks for in words."""
    child = scoped.child(keyword)
    if child.accepts_all:
        return True, ""
    return Name(code.check(child)), phrase(child)


#: In the order of a row, those first that every schema can have.
_ENTRIES = (_secrets, _values, _in_place, _items, _properties, _unevaluated)
_OF_OTHERS = LEADING.union(about("array"), about("object"))


def _declared_names(parts: Iterable[Node]) -> tuple[str, ...]:
    """The properties that schemas for one value know; not all of many."""
    tables = (part.table("properties") for part in islice(parts, _MOST_PARTS))
    return tuple(islice(dict.fromkeys(chain.from_iterable(tables)), _MOST_PARTS))
