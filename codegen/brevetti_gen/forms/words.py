"""What a JSON text area expects, in words for the people who fill it in."""

from __future__ import annotations

import json

from ..model.types import (
    AnyType,
    ClassType,
    ListType,
    LiteralType,
    MapType,
    Model,
    ScalarType,
    SettingsClass,
    Type,
    UnionType,
)

_SCALARS = {
    "str": ("a text", "texts"),
    "int": ("a whole number", "whole numbers"),
    "float": ("a number", "numbers"),
    "bool": ("true or false", "true or false each"),
    "None": ("null", "nulls"),
}
#: A hint is read in a glance; longer enumerations end in an ellipsis.
_MAX_NAMES = 8
_MAX_BRANCHES = 4


def expected(kind: Type, model: Model) -> str:
    """`JSON: a list of whole numbers`."""
    return f"JSON: {_one(kind, model)}"


def _one(kind: Type, model: Model) -> str:
    if isinstance(kind, ScalarType):
        return _SCALARS[kind.name][0]
    if isinstance(kind, LiteralType):
        return _listed([json.dumps(value, ensure_ascii=False) for value in kind.values])
    if isinstance(kind, ListType):
        if kind.prefix:
            return f"a list of {', '.join(_one(item, model) for item in kind.prefix[:_MAX_NAMES])}"
        return f"a list of {_many(kind.item, model)}"
    if isinstance(kind, MapType):
        return f"an object of {_many(kind.value, model)} by name"
    if isinstance(kind, ClassType):
        return _object(model.of(kind))
    if isinstance(kind, UnionType):
        return _listed([_one(branch.type, model) for branch in kind.branches], _MAX_BRANCHES)
    return "any value"


def _many(kind: Type, model: Model) -> str:
    if isinstance(kind, AnyType):
        return "values"
    if isinstance(kind, ScalarType):
        return _SCALARS[kind.name][1]
    if isinstance(kind, ClassType):
        return _object(model.of(kind)).replace("an object", "objects", 1)
    if isinstance(kind, ListType) and not kind.prefix:
        return f"lists of {_many(kind.item, model)}"
    return f"items, each {_one(kind, model)}"


def _object(cls: SettingsClass) -> str:
    names = [json.dumps(prop.key, ensure_ascii=False) for prop in cls.properties]
    if not names:
        return "an object"
    shown = names[:_MAX_NAMES]
    more = ", …" if len(names) > len(shown) else ""
    return f"an object with {', '.join(shown)}{more}"


def _listed(words: list[str], limit: int = _MAX_NAMES) -> str:
    """`a`, `a or b`, `a, b or c`."""
    words = list(dict.fromkeys(words))
    if len(words) > limit:
        return f"{', '.join(words[:limit])}, …"
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"
