"""What a small schema asks for, in words: `be a whole number and be at least 3`.

For messages about schemas whose problems cannot be told one by one: what `not` excludes, what
`contains` looks for, between which alternatives a value stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from brevettiai.messages.words import ARTICLES, counted, either, shown

from ..json_values import is_array
from ..schema.nodes import Node, UnresolvableReference
from ..schema.resolve import Index
from .scope import NOT_ASSERTING

_LONGEST = 60
_MOST_CHOICES = 6


def phrase(index: Index, node: Node) -> str | None:
    """What `node` asks of a value, as a verb phrase, or None if that is not said in short."""
    parts = _parts(index, node, depth=4)
    text = " and ".join(dict.fromkeys(parts)) if parts else ""
    return text if 0 < len(text) <= _LONGEST and text.isprintable() else None


def _parts(index: Index, node: Node, depth: int) -> list[str] | None:
    schema = node.schema
    if isinstance(schema, bool) or not depth:
        return None
    title = schema.get("title")
    if isinstance(title, str) and title:
        return [f"be {title!r}"]
    found: list[str] = []
    asserting = [keyword for keyword in schema if node.has(keyword)]
    for keyword in asserting:
        if keyword in NOT_ASSERTING and keyword != "$ref":
            continue
        if keyword in _SILENT and not _SILENT[keyword].isdisjoint(asserting):
            continue
        if keyword == "$ref":
            part = _target(index, node, depth)
        elif keyword == "allOf":
            part = _all(index, node, depth)
        elif keyword in ("anyOf", "oneOf"):
            part = _any(index, node, keyword, depth)
        elif keyword in _PHRASES:
            part = _PHRASES[keyword](schema)
        else:
            part = None
        if part is None:
            return None
        found += part
    return found


#: Keywords that need not be told beside others.
_SILENT: Mapping[str, frozenset[str]] = {
    "type": frozenset(["const", "enum", "properties", "required"]),
    "minimum": frozenset(["exclusiveMinimum"]),
    "maximum": frozenset(["exclusiveMaximum"]),
    "required": frozenset(["properties"]),
}


def _target(index: Index, node: Node, depth: int) -> list[str] | None:
    try:
        return _parts(index, index.target(node), depth - 1)
    except UnresolvableReference:
        return None


def _all(index: Index, node: Node, depth: int) -> list[str] | None:
    found: list[str] = []
    for position in range(len(node.get("allOf"))):
        parts = _parts(index, index.child(node, "allOf", position), depth - 1)
        if parts is None:
            return None
        found += parts
    return found


def _any(index: Index, node: Node, keyword: str, depth: int) -> list[str] | None:
    found: list[str] = []
    for position in range(len(node.get(keyword))):
        parts = _parts(index, index.child(node, keyword, position), depth - 1)
        if parts is None or len(parts) != 1:
            return None
        found += parts
    return [" or ".join(dict.fromkeys(found))]


def _type(schema: Mapping[str, Any]) -> list[str]:
    names = schema["type"] if is_array(schema["type"]) else [schema["type"]]
    return [f"be {either(ARTICLES[name] for name in names)}"]


def _enum(schema: Mapping[str, Any]) -> list[str] | None:
    values = schema["enum"]
    return [f"be {either(map(shown, values))}"] if 0 < len(values) <= _MOST_CHOICES else None


def _keys(names: list[str]) -> list[str]:
    return [f"have the key {name!r}" for name in names]


def _properties(schema: Mapping[str, Any]) -> list[str] | None:
    """Properties that are constants, and those that are only required."""
    found: list[str] = []
    for name, value in schema["properties"].items():
        if not isinstance(value, dict) or "const" not in value:
            return None
        found.append(f"have {name!r} as {shown(value['const'])}")
    required: list[str] = schema.get("required", [])
    return found + _keys([name for name in required if name not in schema["properties"]])


def _limit(keyword: str, words: str) -> Callable[[Mapping[str, Any]], list[str] | None]:
    def say(schema: Mapping[str, Any]) -> list[str] | None:
        limit = schema[keyword]
        # A Boolean is draft 4's, and speaks of the keyword beside it.
        return None if isinstance(limit, bool) else [f"be {words} {shown(limit)}"]

    return say


def _size(keyword: str, words: str, noun: str) -> Callable[[Mapping[str, Any]], list[str]]:
    return lambda schema: [f"have {words} {counted(int(schema[keyword]), noun)}"]


_PHRASES: Mapping[str, Callable[[Mapping[str, Any]], list[str] | None]] = {
    "type": _type,
    "const": lambda schema: [f"be {shown(schema['const'])}"],
    "enum": _enum,
    "minimum": _limit("minimum", "at least"),
    "maximum": _limit("maximum", "at most"),
    "exclusiveMinimum": _limit("exclusiveMinimum", "more than"),
    "exclusiveMaximum": _limit("exclusiveMaximum", "less than"),
    "multipleOf": _limit("multipleOf", "a multiple of"),
    "minLength": _size("minLength", "at least", "character"),
    "maxLength": _size("maxLength", "at most", "character"),
    "minItems": _size("minItems", "at least", "item"),
    "maxItems": _size("maxItems", "at most", "item"),
    "minProperties": _size("minProperties", "at least", "key"),
    "maxProperties": _size("maxProperties", "at most", "key"),
    "pattern": lambda schema: [f"match the pattern {schema['pattern']}"],
    "required": lambda schema: _keys(schema["required"]),
    "properties": _properties,
    "format": lambda schema: [],
}
