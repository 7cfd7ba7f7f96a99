"""The tables of a class: its fields for command line and forms, its form, its schema."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..json_values import is_number
from ..model.build import annotated
from ..model.shapes import Shapes, json_type
from ..model.types import (
    AnyType,
    ClassType,
    ListType,
    LiteralType,
    MapType,
    Property,
    ScalarType,
    SettingsClass,
    Type,
    UnionType,
)
from ..schema.nodes import Node
from .literals import INDENT, Name, json_text, lines_of, literal
from .unit import ModuleUnit


def fields_function(cls: SettingsClass, shapes: Shapes, unit: ModuleUnit) -> list[str]:
    """`fields_x()`: a `Field` for each property."""
    lines = [f"def fields_{cls.function_name}() -> tuple[Field, ...]:"]
    if not cls.properties:
        return [*lines, f"{INDENT}return ()"]
    lines.append(f"{INDENT}return (")
    for prop in cls.properties:
        arguments = [
            f"{name}={literal(value)}" if name else literal(value)
            for name, value in _field_arguments(prop, shapes, unit)
        ]
        lines.append(f"{INDENT * 2}Field({', '.join(arguments)}),")
    return [*lines, f"{INDENT})"]


def _field_arguments(prop: Property, shapes: Shapes, unit: ModuleUnit) -> Iterable[tuple[str, Any]]:
    yield "", prop.key
    yield "", prop.attribute
    kinds = kinds_of(prop, shapes)
    yield "", kinds
    cls = settings_class(prop.type)
    if cls is not None:
        yield "cls", Name(unit.class_name(cls))
    item_kinds = _item_kinds(prop.type, kinds)
    if item_kinds:
        yield "item_kinds", item_kinds
    if isinstance(prop.type, LiteralType):
        yield "choices", tuple(prop.type.values)
    if prop.required:
        yield "required", True
    if prop.fill is not None and prop.fill.is_default:
        yield "default", json.dumps(prop.fill.value, ensure_ascii=False)
    nodes = list(annotated(shapes, prop.nodes))
    for name in ("title", "description"):
        text = first_text(nodes, name)
        if text:
            yield name, text
    limits = limits_text(nodes)
    if limits:
        yield "limits", limits
    if prop.secret:
        yield "secret", True
    if prop.deprecated:
        yield "deprecated", True
    if prop.old_keys:
        yield "old_keys", prop.old_keys


def kinds_of(prop: Property, shapes: Shapes) -> tuple[str, ...]:
    """The JSON types of a property's values, `integer` only where no other number comes."""
    if prop.unconditional:
        admitted = shapes.admitted(prop.shape)
    else:
        admitted = frozenset[str]().union(*(shapes.admitted([node]) for node in prop.nodes))
        admitted = admitted or shapes.admitted(())
    order = ("object", "array", "string", "integer", "number", "boolean", "null")
    return tuple(
        kind
        for kind in order
        if kind in admitted and not (kind == "integer" and "number" in admitted)
    )


def settings_class(kind: Type) -> SettingsClass | None:
    """The class that all objects of a type are of, if there is exactly one."""
    branches = [b.type for b in kind.branches] if isinstance(kind, UnionType) else [kind]
    objects = [k for k in branches if isinstance(k, (ClassType, MapType, AnyType))]
    if len(objects) == 1 and isinstance(objects[0], ClassType):
        return objects[0].cls
    return None


def _item_kinds(kind: Type, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The JSON types of a list's items, where they are scalars of known types."""
    if isinstance(kind, UnionType):
        lists = [b.type for b in kind.branches if isinstance(b.type, ListType)]
        kind = lists[0] if len(lists) == 1 else kind
    if not isinstance(kind, ListType) or kind.prefix or "array" not in kinds:
        return ()
    return _scalar_kinds(kind.item)


def _scalar_kinds(kind: Type) -> tuple[str, ...]:
    names = {
        "str": "string",
        "int": "integer",
        "float": "number",
        "bool": "boolean",
        "None": "null",
    }
    if isinstance(kind, ScalarType):
        return (names[kind.name],)
    if isinstance(kind, LiteralType):
        return tuple(dict.fromkeys(json_type(value) for value in kind.values))
    if isinstance(kind, UnionType):
        parts = [_scalar_kinds(branch.type) for branch in kind.branches]
        return tuple(dict.fromkeys(k for part in parts for k in part)) if all(parts) else ()
    return ()


def first_text(nodes: Iterable[Node], keyword: str) -> str:
    """The nearest text under an annotation keyword, or ""."""
    for node in nodes:
        text = node.get(keyword)
        if isinstance(text, str) and text.strip():
            return text.strip()
    return ""


def limits_text(nodes: Iterable[Node]) -> str:
    """`0 to 180`, `at least 1`, `more than 0`: the range of numbers, sizes of text and lists."""
    for node in nodes:
        low, high = (
            _limit(node, "minimum", "exclusiveMinimum"),
            _limit(node, "maximum", "exclusiveMaximum"),
        )
        if low or high:
            return _range(low, high)
        for least, most, noun in (
            ("minLength", "maxLength", "character"),
            ("minItems", "maxItems", "item"),
        ):
            sizes = [node.keyword(name) for name in (least, most)]
            if any(size is not None for size in sizes):
                low, high = ((literal(s), False) if s is not None else None for s in sizes)
                last = sizes[1] if sizes[1] is not None else sizes[0]
                return f"{_range(low, high)} {noun}{'' if last == 1 else 's'}"
    return ""


_Limit = tuple[str, bool] | None


def _limit(node: Node, inclusive: str, exclusive: str) -> _Limit:
    """A limit as text, and whether it is excluded."""
    strict, limit = node.keyword(exclusive), node.keyword(inclusive)
    if is_number(strict):
        return literal(strict), True
    return (literal(limit), strict is True) if limit is not None else None


def _range(low: _Limit, high: _Limit) -> str:
    if low and high and not low[1] and not high[1]:
        return f"{low[0]} to {high[0]}"
    parts: list[str] = []
    if low:
        parts.append(f"{'more than' if low[1] else 'at least'} {low[0]}")
    if high:
        parts.append(f"{'less than' if high[1] else 'at most'} {high[0]}")
    return ", ".join(parts)


def schema_function(name: str, schema: Any) -> list[str]:
    """A function that returns the JSON text of a schema."""
    return [f"def {name}() -> str:", f"{INDENT}return {json_text(schema)}"]


def value_function(name: str, hint: str, value: Any) -> list[str]:
    """A function that returns a value of the schema."""
    return [f"def {name}() -> {hint}:", *lines_of(value, "return ", depth=1)]
