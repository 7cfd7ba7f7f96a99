"""The fields of dataclasses, and the keys of TypedDicts."""

from __future__ import annotations

import dataclasses
import typing
from functools import lru_cache
from typing import Any


@dataclasses.dataclass(frozen=True)
class Member:
    """One field of a dataclass, or one key of a TypedDict; `MISSING` stands for no default."""

    key: str
    attribute: str
    hint: Any
    required: bool
    default: Any
    facts: dict[str, Any]
    #: Whether `None` is no value, but stands for none.
    none_is_absent: bool = False


def is_typed_dict(cls: type[Any]) -> bool:
    """Whether `cls` is a TypedDict, of `typing` or `typing_extensions`."""
    return dict in cls.__mro__ and hasattr(cls, "__required_keys__")


@lru_cache(maxsize=1000)
def members_of(cls: Any) -> list[Member]:
    hints = typing.get_type_hints(cls, include_extras=True)
    if not dataclasses.is_dataclass(cls):
        return [_key(cls, name, hint) for name, hint in hints.items()]
    return [_field(field, hints[field.name]) for field in dataclasses.fields(cls) if field.init]


def _field(field: dataclasses.Field[Any], hint: Any) -> Member:
    default = field.default
    if field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    facts = {
        name: value
        for name, value in field.metadata.items()
        if isinstance(name, str) and name not in ("alias", "nullable")
    }
    required, key = default is dataclasses.MISSING, config_key(field)
    return Member(key, field.name, hint, required, default, facts, none_is_absent(field))


def config_key(field: dataclasses.Field[Any]) -> str:
    return str(field.metadata.get("alias", field.name))


def none_is_absent(field: dataclasses.Field[Any]) -> bool:
    return field.metadata.get("nullable") is False


def _key(cls: Any, name: str, hint: Any) -> Member:
    required = name in cls.__required_keys__
    mark = str(typing.get_origin(hint)).rpartition(".")[2]
    if mark in ("Required", "NotRequired", "ReadOnly"):  # Of `typing` or `typing_extensions`.
        required = required if mark == "ReadOnly" else mark == "Required"
        hint = typing.get_args(hint)[0]
    return Member(name, name, hint, required, dataclasses.MISSING, {})


@lru_cache(maxsize=1000)
def others_of(cls: Any) -> tuple[str, Any] | None:
    """What holds keys beside those of a class, and the hint of their values, if it declares any."""
    if not dataclasses.is_dataclass(cls):
        declares = getattr(cls, "__pydantic_config__", {}).get("extra") == "allow"
        return ("", Any) if declares else None
    held = [
        f.name for f in dataclasses.fields(cls) if not f.init and f.metadata.get("extra") is True
    ]
    if not held:
        return None
    hint = typing.get_type_hints(cls, include_extras=True)[held[0]]
    return held[0], typing.get_args(hint)[1]
