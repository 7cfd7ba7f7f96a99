"""Schemas, forms and form models of generated classes. Loaded when one is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from ._loading import is_mapping
from .compiled import Field
from .interfaces.vue_schema_utils import SchemaBuilder
from .settings import Problem, Settings, SettingsError

S = TypeVar("S", bound=Settings)


def json_schema(cls: type[Settings]) -> dict[str, Any]:
    """`Settings.json_schema`: the root's document, or references into it."""
    compiled = cls.__brevetti__
    document: dict[str, Any] = json.loads(compiled.schema())
    if not compiled.place:
        return document
    name = compiled.schema_name
    targets = [{"$ref": name + at if at.startswith("#") else at} for at in compiled.place]
    schema: dict[str, Any] = {"$schema": document["$schema"]} if "$schema" in document else {}
    schema.update(targets[0] if len(targets) == 1 else {"allOf": targets})
    identifier = "id" if "draft-04" in str(document.get("$schema")) else "$id"
    older = "draft-0" in str(document.get("$schema"))
    schema["definitions" if older else "$defs"] = {name: {**document, identifier: name}}
    return schema


def builder(cls: type[Settings], namespace: Any = None) -> SchemaBuilder:
    """The builder of the form of `cls`, models and headings below `namespace`."""
    presets = {name: form_model(cls, preset) for name, preset in cls.presets().items()}
    return SchemaBuilder(_entries(cls, (), ()), presets, namespace=namespace)


def _entries(
    cls: type[Settings], at: tuple[str, ...], above: tuple[type[Settings], ...]
) -> list[dict[str, Any]]:
    """The fields of `cls` below the path `at`; a class inside itself is left out."""
    classes = {field.key: field.cls for field in cls.__brevetti__.fields()}
    found: list[dict[str, Any]] = []
    for entry in cls.__brevetti__.form():
        key: str = entry["model"] if "model" in entry else entry["tag"]
        path = (*at, key)
        if "model" in entry:
            found.append({**entry, "model": ".".join(path)})
            continue
        nested = classes.get(key)
        found.append({**entry, "tag": ".".join(path)})
        if nested is not None and nested not in above:
            found += _entries(nested, path, (*above, cls))
    return found


def form_model(cls: type[Settings], config: Mapping[str, Any]) -> dict[str, Any]:
    """The form model of a config."""
    model: dict[str, Any] = _model(cls, config)
    return model


def _model(cls: type[Settings], config: Any) -> Any:
    if not is_mapping(config):
        return config
    fields = {field.key: field for field in cls.__brevetti__.fields()}
    model: dict[str, Any] = {}
    for key, value in config.items():
        field = fields.get(key)
        if field is None:
            model[key] = value
        elif field.cls is not None and is_mapping(value):
            model[key] = _model(field.cls, value)
        elif is_text_field(field):
            model[key] = json.dumps(value, indent=2, ensure_ascii=False)
        else:
            model[key] = value
    return model


def is_text_field(field: Field) -> bool:
    """Whether the form holds the value of `field` as JSON text."""
    if field.cls is not None and "null" not in field.kinds:
        return False
    kinds = set(field.kinds) - {"null"}
    if field.choices:
        return False
    return len(kinds) != 1 or not kinds & {"string", "number", "integer", "boolean"}


def from_model(cls: type[S], settings: Any) -> S:
    """`Settings.from_settings`."""
    return cls.from_config(config_of_model(cls, settings))


def config_of_model(cls: type[Settings], model: Any) -> dict[str, Any]:
    """The config of a form model.

    Raises:
        SettingsError: the text of a JSON field does not parse.
    """
    problems: list[Problem] = []
    config: dict[str, Any] = _config(cls, model if model is not None else {}, (), problems)
    if problems:
        raise SettingsError(problems, cls.__name__)
    return config


def _config(
    cls: type[Settings], model: Any, at: tuple[str | int, ...], problems: list[Problem]
) -> Any:
    if not is_mapping(model):
        return model
    fields = _fields_by_any_name(cls)
    config: dict[str, Any] = {}
    for key, value in model.items():
        field = fields.get(key)
        if field is None:
            config[key] = value
            continue
        path = (*at, key)
        if value is None and "null" not in field.kinds:
            continue
        if field.cls is not None and is_mapping(value):
            config[key] = _config(field.cls, value, path, problems)
        elif isinstance(value, str) and is_text_field(field):
            if value.strip() or ("null" in field.kinds and value):
                config[key] = _parsed(field, value, path, problems)
        else:
            config[key] = value
    return config


def _fields_by_any_name(cls: type[Settings]) -> dict[str, Field]:
    """The fields by key, and by the old keys that stored form models may have."""
    fields = cls.__brevetti__.fields()
    old = {key: field for field in fields for key in field.old_keys}
    return {**old, **{field.key: field for field in fields}}


def _parsed(field: Field, text: str, at: tuple[str | int, ...], problems: list[Problem]) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        if "string" in field.kinds:
            return text
        where = f" in the field {field.title!r}" if field.title else ""
        problems.append(Problem(at, f"must be JSON{where}: {error}", repr(text[:60])))
        return None
