"""Models of pydantic and structs of msgspec: the schema is the library's, said in our words."""

from __future__ import annotations

import enum
import typing
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ....json_values import is_array, is_object
from ....model.names import attribute_name
from ....schema.keywords import VALUES
from .hints import ENUMS, RENAMED, SET_TYPES, SETS, union_of

#: What a format says, and the type of Python that attributes have.
_TYPES: Mapping[str, str] = {
    "date-time": "datetime",
    "date": "date",
    "time": "time",
    "duration": "timedelta",
    "uuid": "UUID",
}
_PATHS = ("path", "file-path", "directory-path")
#: Keywords whose values are the user's, not schemas.
_VALUES = VALUES | {"x-presets"}


def refined(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a library with types of Python, and without what says nothing to us."""
    names = {*schema.get("$defs", ())}
    made: dict[str, Any] = _refined(schema, names)
    made.pop("title", None)
    return made


def _refined(schema: Any, names: set[str]) -> Any:
    if is_array(schema):
        return [_refined(item, names) for item in schema]
    if not is_object(schema):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key in ("properties", "$defs", "patternProperties") and is_object(value):
            made[key] = {name: _refined(inner, names) for name, inner in value.items()}
        elif key == "discriminator" and is_object(value):
            continue  # The constants in the alternatives say the same.
        else:
            made[key] = value if key in _VALUES else _refined(value, names)
    if made.get("title") in names:
        del made["title"]
    text_format = made.get("format")
    if made.get("type") == "string" and isinstance(text_format, str):
        if text_format in _TYPES:
            made.setdefault("x-python-type", _TYPES[text_format])
        elif text_format in _PATHS:
            del made["format"]
            made["x-python-type"] = "Path"
    branches = made.get("anyOf")
    if is_array(branches) and all(map(is_object, branches)):
        short = union_of(branches)
        if not short.keys() & (made.keys() - {"anyOf"}):
            at = [*made].index("anyOf")
            rest = [pair for pair in made.items() if pair[0] != "anyOf"]
            made = dict([*rest[:at], *short.items(), *rest[at:]])
    return made


def merged(
    schema: dict[str, Any], inner: Mapping[str, Any], definitions: dict[str, Any]
) -> dict[str, Any]:
    """The schema with what it refers to among `definitions`, under names that are free."""
    names: dict[str, str] = {}
    for name, definition in inner.items():
        free = name
        while free in definitions and definitions[free] != definition:
            free += "_"
        names[f"#/$defs/{name}"] = f"#/$defs/{free}"
        definitions[free] = definition
    for reference in names.values():
        name = reference.rpartition("/")[2]
        definitions[name] = _led(definitions[name], names)
    made: dict[str, Any] = _led(schema, names)
    return made


def _led(schema: Any, names: Mapping[str, str]) -> Any:
    if is_array(schema):
        return [_led(item, names) for item in schema]
    if not is_object(schema):
        return schema
    return {
        key: names.get(value, value)
        if key == "$ref" and isinstance(value, str)
        else (value if key in _VALUES else _led(value, names))
        for key, value in schema.items()
    }


def nested(cls: Any) -> Iterator[type[Any]]:
    """The classes that are in the fields of a class, and in theirs."""
    seen: list[Any] = [cls]
    for found in seen:
        hints: list[Any] = [*_hints(found).values()]
        for hint in hints:
            hints += typing.get_args(hint)
            if hasattr(hint, "__annotations__") and isinstance(hint, type) and hint not in seen:
                seen.append(hint)
                yield hint


def _hints(cls: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(cls)
    except Exception:  # What cannot be resolved here, the library told of.
        return {}


def _changed(hint: Any) -> Iterator[str]:
    """What becomes of objects that have no JSON."""
    kind = typing.get_origin(hint) or hint
    if kind in SET_TYPES:
        yield SETS
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        yield ENUMS.format(kind.__name__)
    elif kind in (Decimal, bytes):
        yield f"values are text or numbers, no objects of {kind.__name__}"
    elif kind is not typing.Literal:
        for inner in typing.get_args(hint):
            yield from _changed(inner)


def unsaid(cls: Any) -> Iterator[tuple[str, str]]:
    """What a model does that no schema says, by the member it does it to."""
    fields: Mapping[str, Any] = getattr(cls, "model_fields", {})
    for name, field in fields.items():
        if field.alias and attribute_name(field.alias) != name:
            yield name, RENAMED.format(attribute_name(field.alias))
    for name, hint in _hints(cls).items():
        yield from ((name, message) for message in _changed(hint))
    decorators = getattr(cls, "__pydantic_decorators__", None)
    if decorators is None:
        return
    kinds = {
        "field_validators": "validator",
        "validators": "validator",
        "field_serializers": "serializer",
    }
    for kind, word in kinds.items():
        for name, found in getattr(decorators, kind, {}).items():
            for member in getattr(found.info, "fields", ()) or ("*",):
                yield member, f"what the {word} {name} does is not in the schema"
    for kind in ("model_validators", "root_validators", "model_serializers"):
        for name in getattr(decorators, kind, {}):
            yield name, "what it does with the whole is not in the schema"
    for name in getattr(decorators, "computed_fields", {}):
        yield name, "is computed, and no setting"
    configured = getattr(cls, "model_config", {})
    for name in ("str_strip_whitespace", "str_to_lower", "str_to_upper"):
        if configured.get(name):
            yield "model_config", f"{name} is not in the schema: texts stay as they are"
