"""Alternatives of a type by the JSON types of their values, and what msgspec makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..json_values import json_type
from ..model.shapes import ALL_TYPES
from ..model.types import (
    AnyType,
    Branch,
    ClassKey,
    ClassType,
    ListType,
    LiteralType,
    MapType,
    ScalarType,
    Type,
    UnionType,
)

_JSON_TYPES = {
    "None": frozenset(["null"]),
    "bool": frozenset(["boolean"]),
    "int": frozenset(["integer"]),
    "float": frozenset(["number", "integer"]),
    "str": frozenset(["string"]),
}
_SCALARS = {"null": "None", "boolean": "bool", "integer": "int", "string": "str"}
_ANY_MAP = MapType(AnyType())


def json_types(kind: Type) -> frozenset[str]:
    """The JSON types of the values of a type."""
    if isinstance(kind, ScalarType):
        return _JSON_TYPES[kind.name]
    if isinstance(kind, LiteralType):
        return frozenset(json_type(value) for value in kind.values)
    if isinstance(kind, ListType):
        return frozenset(["array"])
    if isinstance(kind, (ClassType, MapType)):
        return frozenset(["object"])
    if isinstance(kind, UnionType):
        return frozenset[str]().union(*(json_types(branch.type) for branch in kind.branches))
    return ALL_TYPES


def limited_kind(kind: Type) -> str:
    """The kind of limits that apply to values of a type that is no union, or ""."""
    if isinstance(kind, ScalarType):
        return {"int": "number", "float": "number", "str": "string"}.get(kind.name, "")
    if isinstance(kind, ListType):
        return "array"
    return "object" if isinstance(kind, MapType) else ""


#: The key and the constant by which msgspec knows the objects of a class.
Tags = Mapping[ClassKey, tuple[str, str]]


def distinct_by_kind(kind: Type, tags: Tags) -> Type:
    """`kind` with alternatives that msgspec can tell apart: one of each JSON type.

    Classes may stand beside each other if each one has a tag of its own.
    """
    if isinstance(kind, LiteralType):
        return _without_unknown(kind)
    if not isinstance(kind, UnionType):
        return kind
    branches = [
        Branch(inner, branch.shape)
        for branch in kind.branches
        for inner in flat(_without_unknown(branch.type))
    ]
    kept = _scalars_apart(branches)
    for group, replacement in (("array", ListType(AnyType())), ("object", _ANY_MAP)):
        members = [branch for branch in kept if group in json_types(branch.type)]
        if len(members) < 2 or (group == "object" and _are_tagged(members, kind.tag, tags)):
            continue
        kept = [branch for branch in kept if branch not in members]
        kept.insert(0, Branch(replacement, ()))
        kind = replace(kind, tag=None, tags=()) if group == "object" else kind
    if len(kept) == 1:
        return kept[0].type
    if [branch.type for branch in kept] == [branch.type for branch in kind.branches]:
        return kind
    return replace(kind, branches=tuple(kept))


def without_large(kind: Type) -> Type:
    """A type without constants of more than 64 bits, which no library takes."""
    return _without(kind, _is_large)


def without_patterns(kind: Type) -> Type:
    """A type that is no map of which a key says what its value is, which no library knows."""
    return _ANY_MAP if isinstance(kind, MapType) and kind.patterns else kind


def _without_unknown(kind: Type) -> Type:
    """A type without these and `Literal[True]`, which msgspec does not know."""
    return _without(kind, lambda value: isinstance(value, bool) or _is_large(value))


def _is_large(value: Any) -> bool:
    return isinstance(value, int) and not -(2**63) <= value < 2**63


def _without(kind: Type, is_unknown: Callable[[Any], bool]) -> Type:
    """A type with all values of the class of a constant, where that is unknown."""
    if not isinstance(kind, LiteralType) or not any(map(is_unknown, kind.values)):
        return kind
    names = {type(value).__name__ for value in kind.values if is_unknown(value)}
    others = tuple(value for value in kind.values if type(value).__name__ not in names)
    parts: list[Type] = [LiteralType(others)] if others else []
    parts += map(ScalarType, sorted(names))
    return parts[0] if len(parts) == 1 else UnionType(tuple(Branch(each, ()) for each in parts))


def flat(kind: Type) -> Iterable[Type]:
    """The alternatives of a type; itself where it has none."""
    return (branch.type for branch in kind.branches) if isinstance(kind, UnionType) else (kind,)


def _scalars_apart(branches: list[Branch]) -> list[Branch]:
    """Branches in which no JSON type comes twice among scalars and constants."""
    kept: list[Branch] = []
    for branch in branches:
        others = [b for b in branches if b is not branch and _is_scalar(b.type)]
        taken = frozenset[str]().union(*(json_types(b.type) for b in others))
        if isinstance(branch.type, LiteralType) and json_types(branch.type) & taken:
            kept += [
                Branch(ScalarType(_SCALARS[name]), ())
                for name in sorted(json_types(branch.type))
                if not any(_holds(b.type, name) for b in [*others, *kept])
            ]
        else:
            kept.append(branch)
    return kept


def _is_scalar(kind: Type) -> bool:
    """Whether a type must be told from others like it: types of Python are tried one by one."""
    return isinstance(kind, (ScalarType, LiteralType)) and not kind.python


def _holds(kind: Type, name: str) -> bool:
    return isinstance(kind, ScalarType) and name in json_types(kind) and not kind.python


def _are_tagged(members: Iterable[Branch], tag: str | None, tags: Tags) -> bool:
    return tag is not None and all(
        isinstance(member.type, ClassType) and tags.get(member.type.key, ("", ""))[0] == tag
        for member in members
    )


def tags_of(kinds: Iterable[Type]) -> dict[ClassKey, tuple[str, str]]:
    """The tags of all classes that stand beside others somewhere and can have one."""
    unions = [union for kind in kinds for union in _unions_in(kind)]
    found: dict[ClassKey, tuple[str, str]] = {}
    for union in unions:
        classes = [b.type.key for b in union.branches if isinstance(b.type, ClassType)]
        if len(classes) < 2:
            continue
        single = (
            union.tag is not None
            and can_be_name(union.tag)
            and all(len(values) == 1 for values in union.tags)
        )
        tags = [(union.tag or "", values[0]) for values in union.tags] if single else []
        agree = len(tags) == len(classes) and all(
            found.get(cls, tag) == tag for cls, tag in zip(classes, tags, strict=True)
        )
        if agree:
            found.update(zip(classes, tags, strict=True))
    return found


def can_be_name(key: str) -> bool:
    """Whether msgspec can have `key` as the name of a field or tag in configs."""
    return not any(character in '\\"' or character < " " for character in key)


def _unions_in(kind: Type) -> Iterable[UnionType]:
    if isinstance(kind, UnionType):
        yield kind
        for branch in kind.branches:
            yield from _unions_in(branch.type)
    elif isinstance(kind, ListType):
        for item in (*kind.prefix, kind.item):
            yield from _unions_in(item)
    elif isinstance(kind, MapType):
        yield from _unions_in(kind.value)
