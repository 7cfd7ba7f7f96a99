"""Classes of the other styles, for tests: their fields by name, and how each one reads a config."""

from __future__ import annotations

import dataclasses
import sys
import types
import typing
from collections.abc import Callable
from typing import Any

from brevetti_gen import Report
from brevettiai.integrations.python_types import from_text, text_row

Make = Callable[..., types.ModuleType]
STYLES = ("pydantic", "dataclass", "msgspec", "typeddict")


#: Modules whose structs were used: msgspec 0.22 crashes when such classes are collected.
_KEPT: list[types.ModuleType] = []


def keep(cls: Any) -> None:
    """Keep the module of a class for as long as the tests run."""
    _KEPT.append(sys.modules[cls.__module__])


def lost(report: Report) -> list[str]:
    """The places of what the classes of a style do not hold."""
    return sorted(str(w.pointer) for w in report.warnings if w.code == "style-loss")


class Refused(ValueError):
    """A class did not take a config."""


def attributes(style: str, cls: Any) -> set[str]:
    """The names of a class's attributes; for typed dictionaries those of its keys."""
    if style == "pydantic":
        properties = {name for name, value in vars(cls).items() if isinstance(value, property)}
        named = {
            name for name in cls.model_fields if f"_{name.removeprefix('field_')}" not in properties
        }
        return named | properties
    return set(cls.__annotations__) - {"__presets__", "extra"}


def load(style: str, cls: Any, config: Any) -> Any:
    """An object of a class, made from a config by the library of its style."""
    if style == "pydantic":
        return _loaded_by_pydantic(cls.model_validate, config)
    if style == "msgspec":
        import msgspec
        from brevettiai.integrations.msgspec import dec_hook

        keep(cls)
        try:
            return msgspec.convert(config, cls, dec_hook=dec_hook)
        except msgspec.ValidationError as error:
            raise Refused(str(error)) from error
    if style == "dataclass":
        return of_hint(cls, config)
    from pydantic import TypeAdapter

    adapter = TypeAdapter(cls)
    return _loaded_by_pydantic(lambda value: adapter.validate_python(value, strict=True), config)


def _loaded_by_pydantic(validate: Any, config: Any) -> Any:
    from pydantic import ValidationError

    try:
        return validate(config)
    except ValidationError as error:
        raise Refused(str(error)) from error


def of_hint(hint: Any, value: Any) -> Any:
    """`value` as a standard type hint wants it, dataclasses by the names in their metadata."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return value
    if origin is typing.Annotated and text_row(hint) is not None and isinstance(value, str):
        return from_text(arguments[0], value)
    if origin in (typing.Union, types.UnionType):
        for argument in arguments:
            try:
                return of_hint(argument, value)
            except Refused:
                continue
    elif origin is typing.Literal:
        if any(type(a) is type(value) and a == value for a in arguments):
            return value
    elif origin is list and isinstance(value, list):
        return [of_hint(arguments[0], item) for item in value]
    elif origin is tuple and isinstance(value, list) and len(value) == len(arguments):
        return tuple(map(of_hint, arguments, value))
    elif origin is dict and isinstance(value, dict):
        return {key: of_hint(arguments[1], item) for key, item in value.items()}
    elif dataclasses.is_dataclass(hint) and isinstance(value, dict):
        return _dataclass_of(hint, value)
    elif type(value) in ((int, float) if hint is float else (hint or type(None),)):
        return value
    raise Refused(f"{value!r} is no {hint}")


def _dataclass_of(cls: Any, config: dict[str, Any]) -> Any:
    hints = typing.get_type_hints(cls, include_extras=True)
    names = {
        field.metadata.get("alias", field.name): field.name
        for field in dataclasses.fields(cls)
        if field.init
    }
    given = {names[key]: value for key, value in config.items() if key in names}
    try:
        return cls(**{name: of_hint(hints[name], value) for name, value in given.items()})
    except TypeError as error:
        raise Refused(str(error)) from error
