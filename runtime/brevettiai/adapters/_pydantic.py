"""Pydantic models, and what else a `pydantic.TypeAdapter` takes, as settings classes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import ErrorDetails, SchemaError, SchemaSerializer

from ..classes import config_of
from ..errors import Problem
from ..json_values import class_of, is_array, is_object, plain
from ..messages.findings import Path
from ..messages.words import ARTICLES, either, shown
from ..settings import Settings
from ._style import UNKNOWN, ConfigRefused, Style

_EXPECTED = {
    "missing": "is required",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "finite_number": "must be a finite number",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must match the pattern {pattern}",
    "too_short": "must have at least {min_length} items, not {actual_length}",
    "too_long": "must have at most {max_length} items, not {actual_length}",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
}
#: The JSON types that pydantic asks for, by its errors.
_TYPES = {
    "none_required": "null",
    **dict.fromkeys(("bool_type", "bool_parsing"), "boolean"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "integer"),
    **dict.fromkeys(("float_type", "float_parsing"), "number"),
    "string_type": "string",
    **dict.fromkeys(("list_type", "tuple_type", "set_type"), "array"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "object"),
    "dataclass_type": "object",
}


class PydanticStyle(Style):
    """A pydantic model, or another class that pydantic knows how to validate."""

    def __init__(self, cls: Any) -> None:
        super().__init__(cls)
        self._type: TypeAdapter[Any] = TypeAdapter(cls)

    def json_schema(self) -> dict[str, Any]:
        """The schema that pydantic gives, with the values of default factories."""
        return self._type.json_schema(schema_generator=_SchemaWithDefaults)

    def load(self, config: dict[str, Any]) -> Any:
        """Validate a config as JSON, so that strict models take what JSON has no types for."""
        try:
            return self._type.validate_json(json.dumps(config))
        except ValidationError as error:
            raise ConfigRefused(problems_of(error, config)) from None

    def save(self, settings: Any) -> dict[str, Any]:
        """The JSON that pydantic writes, by alias, with what it hides in `SecretStr`s."""
        dumped = self._type.serializer.to_python(
            settings, mode="json", by_alias=True, warnings=False, fallback=_plain_or_text
        )
        return cast("dict[str, Any]", _revealed(settings, dumped))


def _plain_or_text(value: Any) -> Any:
    """What pydantic has no JSON for: arrays as lists, anything else as its text."""
    given = plain(value)
    return str(value) if given is value else given


class _SchemaWithDefaults(GenerateJsonSchema):
    """The schema as people wrote it, with the values of default factories.

    Titles that pydantic makes of names are left out, and null where it is never written: such an
    attribute is `None` where its key is absent. What JSON has no word for may be anything.
    """

    ignored_warning_kinds = frozenset({"skipped-choice", "non-serializable-default"})  # type: ignore[assignment]

    def get_default_value(self, schema: Any) -> Any:
        factory = schema.get("default_factory")
        if factory is not None and not schema.get("default_factory_takes_data"):
            default = factory()
        else:
            default = super().get_default_value(schema)
        if not (is_array(default) or is_object(default)) or config_of(default) == plain(default):
            return default
        try:  # Only the schema of items knows which texts they were read from.
            inner = SchemaSerializer(schema["schema"])
        except SchemaError:  # It refers to others.
            return default
        return inner.to_python(default, mode="json", warnings=False, fallback=_plain_or_text)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_field_schema(self, schema: Any) -> JsonSchemaValue:
        exclude = schema.get("serialization_exclude_if")
        inner = schema["schema"]
        if exclude is not None and inner["type"] == "default" and inner.get("default", 0) is None:
            inner = inner["schema"]
            is_absent = exclude(None) and inner["type"] == "nullable"
            schema = {**schema, "schema": inner["schema"]} if is_absent else schema
        return super().model_field_schema(schema)

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        return value  # People chose the order of choices, defaults and presets.

    def handle_invalid_for_json_schema(self, schema: Any, error_info: str) -> JsonSchemaValue:
        return {}


def _revealed(value: Any, dumped: Any) -> Any:
    """What was dumped of a value, with secrets in clear, and all that our settings hold."""
    secret = getattr(value, "get_secret_value", None)
    if callable(secret):
        clear = secret()
        return clear.decode() if isinstance(clear, bytes) else clear
    if isinstance(value, Settings):
        return value.get_config()
    if isinstance(value, BaseModel) and is_object(dumped):
        names = {
            info.serialization_alias or info.alias or name: name
            for name, info in type(value).model_fields.items()
        }
        return {
            key: _revealed(_attribute(value, names.get(key, str(key))), item)
            for key, item in dumped.items()
        }
    if is_object(value) and is_object(dumped) and len(value) == len(dumped):
        pairs = zip(value.values(), dumped.items(), strict=True)
        return {key: _revealed(item, inner) for item, (key, inner) in pairs}
    if is_array(value) and is_array(dumped) and len(value) == len(dumped):
        return [_revealed(item, inner) for item, inner in zip(value, dumped, strict=True)]
    if hasattr(class_of(value), "__dataclass_fields__") and is_object(dumped):
        return {
            key: _revealed(getattr(value, str(key), None), item) for key, item in dumped.items()
        }
    return dumped


def _attribute(model: BaseModel, name: str) -> Any:
    """An attribute of a model, without the warning that a deprecated one gives."""
    held = vars(model)
    return held[name] if name in held else getattr(model, name, None)


# Errors


def problems_of(error: ValidationError, config: Any) -> list[Problem]:
    """The problems that pydantic tells, with paths as they are in the config.

    Of a union, the alternatives of another type are forgotten where one comes closer.
    """
    found: dict[Path, list[tuple[ErrorDetails, bool]]] = {}
    for details in error.errors(include_url=False):
        path, is_branch = _place(details, config)
        found.setdefault(path, []).append((details, is_branch))
    return [
        _problem(path, [details for details, _ in told])
        for path, told in found.items()
        if not (
            all(is_branch for _, is_branch in told)
            and any(len(other) > len(path) and other[: len(path)] == path for other in found)
        )
    ]


def _place(details: ErrorDetails, config: Any) -> tuple[Path, bool]:
    """Where in the config an error is, and whether it is about one alternative of several.

    Locations have the tags of alternatives between keys and indices; the config tells them apart.
    """
    path: list[str | int] = []
    value = config
    is_branch = False
    location = details["loc"]
    for position, step in enumerate(location):
        is_missing = details["type"] == "missing" and position == len(location) - 1
        if is_object(value) and (step in value or is_missing):
            value = value.get(step)
        elif is_array(value) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            is_branch = True
            continue
        path.append(step)
    return tuple(path), is_branch


def _problem(path: Path, told: list[ErrorDetails]) -> Problem:
    kinds = [ARTICLES[_TYPES[details["type"]]] for details in told if details["type"] in _TYPES]
    if len(kinds) == len(told):
        return Problem(path, f"must be {either(dict.fromkeys(kinds))}", shown(told[0]["input"]))
    details = next(each for each in told if each["type"] not in _TYPES)
    context: dict[str, Any] = details.get("ctx") or {}
    kind = details["type"]
    if kind == "settings":  # Of one of our own classes, see `_pydantic_schema`.
        return Problem(path, context["expected"], context["given"])
    if kind == "missing":
        return Problem(path, "is required")
    if kind == "extra_forbidden":
        return Problem(path, UNKNOWN)
    text = _EXPECTED.get(kind)
    if text is not None:
        return Problem(path, _filled(text, context), shown(details["input"]))
    return Problem(path, _reworded(details["msg"]), shown(details["input"]))


def _filled(text: str, context: Mapping[str, Any]) -> str:
    values = {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in context.items()
    }
    try:
        return text.format(**values)
    except KeyError:
        return text.partition(" {")[0]


def _reworded(message: str) -> str:
    """`Input should be a valid date` as `must be a valid date`; validators' own words stay."""
    for start in ("Value error, ", "Assertion failed, "):
        message = message.removeprefix(start)
    if message.startswith("Input should "):
        return f"must {message.removeprefix('Input should ')}"
    return message or "does not fit"
