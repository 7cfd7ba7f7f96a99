"""The platform's form of a class of another style, and the models that the form edits.

| values | field |
| --- | --- |
| objects of one class | heading, and the fields of the class |
| one of some scalars | select; values that are no text as JSON text |
| truth value, number, text | checkbox, number input, text input |
| list of some scalars | checklist |
| anything else | text area of JSON |

A property's schema may say more, as extra keys: `advanced: true` hides its field until a person
asks for advanced settings, `exclude: true` leaves it out.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any, cast

from .._findings import shown
from .._loading import is_mapping
from ..compiled import Field
from ..interfaces.vue_schema_utils import (
    SchemaBuilder,
    checkbox,
    checklist,
    label,
    number_input,
    select,
    text_area,
    text_input,
)
from ..settings import Problem, SettingsError
from ..utils.module import is_dict, is_list
from ._facts import Described, Nodes, first

Path = tuple[str, ...]


def form_builder(cls: type[Described], namespace: str | None = None) -> SchemaBuilder:
    """The form of a class; `.schema` is the document."""
    presets = {name: form_model(cls, preset) for name, preset in cls.presets().items()}
    builder = SchemaBuilder(presets=presets, namespace=namespace)
    _add_fields(builder, cls, (), ())
    return builder


def _add_fields(
    builder: SchemaBuilder, cls: type[Described], at: Path, above: tuple[type[Described], ...]
) -> None:
    """Add the fields of `cls` below the path `at`; a class inside itself is left out."""
    for field in cls.fields():
        nodes, path = cls.nodes(field.key), (*at, field.key)
        if "." in field.key or _fact(nodes, "exclude"):
            continue
        visible = not _fact(nodes, "advanced")
        if not _has_fields(field):
            builder.add_field({**_control(field, nodes, ".".join(path)), "visible": visible})
            continue
        inner = cast("type[Described]", field.cls)
        if inner not in above:
            builder.add_field(label(_label(field), tag=".".join(path), visible=visible))
            _add_fields(builder, inner, path, (*above, cls))


def _fact(nodes: Nodes, name: str) -> bool:
    """Whether a property's schema has a fact about its field."""
    return first(nodes, name) is True


def _has_fields(field: Field) -> bool:
    """Whether a property is shown as a heading with the fields of its class."""
    return field.cls is not None and "null" not in field.kinds


def _label(field: Field) -> str:
    words = field.key.replace("-", "_").split("_")
    text = field.title or " ".join(word.capitalize() for word in words if word) or field.key
    return html.escape(text)


def _control(field: Field, nodes: Nodes, model: str) -> dict[str, Any]:
    """The field of a property that is no object with fields of its own."""
    title = _label(field)
    facts: dict[str, Any] = {"required": field.required}
    if field.description:
        facts["help"] = html.escape(field.description)
    default = None if field.secret or field.default is None else json.loads(field.default)
    kinds = set(field.kinds) - {"null"}
    if _is_select(field):
        is_json = _is_text_field(field)
        values = [value for value in field.choices if value is not None]
        given = None if default is None and is_json else default
        entry = select(title, model, given, values, json=is_json, **facts)
        return entry if given is not None else {**entry, "default": None}
    if kinds == {"boolean"}:
        return checkbox(title, model, default, **facts)
    if kinds in ({"integer"}, {"number"}, {"integer", "number"}):
        return _number(field, nodes, title, model, default, facts)
    if kinds == {"string"}:
        entry = text_input(title, model, default, **facts)
        return entry if default is not None else {**entry, "default": None}
    items = _item_choices(nodes)
    if kinds == {"array"} and items and not _is_text_field(field):
        return checklist(title, model, default, items, **facts)
    entry = text_area(title, model, default, json=True, **facts)
    if default is None:
        entry["default"] = None
    # The library cuts text at `max`, and shows nothing for the others.
    return {key: value for key, value in entry.items() if key not in ("max", "hint", "placeholder")}


def _number(
    field: Field, nodes: Nodes, title: str, model: str, default: Any, facts: dict[str, Any]
) -> dict[str, Any]:
    whole = "number" not in field.kinds
    limits = {"min": _limit(nodes, "minimum"), "max": _limit(nodes, "maximum")}
    entry = number_input(
        title,
        model,
        default,
        step=None,
        **limits,
        validator="integer" if whole else "number",
        **facts,
    )
    entry["step"] = 1 if whole else "any"
    return {key: value for key, value in entry.items() if value is not None or key == "default"}


def _limit(nodes: Nodes, keyword: str) -> Any:
    """A limit of a number, or of the numbers among the alternatives."""
    limit = first(nodes, keyword)
    alternatives = first(nodes, "anyOf")
    if limit is None and is_list(alternatives):
        limits = [node[keyword] for node in alternatives if is_dict(node) and keyword in node]
        limit = limits[0] if len(limits) == 1 else None
    return limit


def _item_choices(nodes: Nodes) -> list[Any]:
    items = first(nodes, "items")
    choices = items.get("enum") if is_dict(items) else None
    return list(choices) if is_list(choices) else []


def _is_select(field: Field) -> bool:
    return (
        bool(field.choices)
        and not field.secret
        and set(field.kinds) - {"null"} != {"boolean"}
        and not any(is_dict(value) or is_list(value) for value in field.choices)
    )


def _is_text_field(field: Field) -> bool:
    """Whether the form holds a value as JSON text."""
    if field.cls is not None:
        return "null" in field.kinds
    if _is_select(field):
        return not all(isinstance(value, str) for value in field.choices if value is not None)
    kinds = set(field.kinds) - {"null"}
    scalars = ({"boolean"}, {"integer"}, {"number"}, {"integer", "number"}, {"string"})
    return kinds not in scalars


# Form models


def form_model(cls: type[Described], config: Mapping[str, Any]) -> dict[str, Any]:
    """The form model of a config: values of JSON fields as text."""
    fields = {field.key: field for field in cls.fields()}
    model: dict[str, Any] = {}
    for key, value in config.items():
        field = fields.get(key)
        if field is not None and _has_fields(field) and is_mapping(value):
            model[key] = form_model(cast("type[Described]", field.cls), value)
        elif field is not None and _is_text_field(field) and not _is_checklist(cls, field):
            model[key] = json.dumps(value, indent=2, ensure_ascii=False)
        else:
            model[key] = value
    return model


def _is_checklist(cls: type[Described], field: Field) -> bool:
    return set(field.kinds) == {"array"} and bool(_item_choices(cls.nodes(field.key)))


def config_of_model(cls: type[Described], model: Mapping[str, Any] | None) -> dict[str, Any]:
    """The config of a form model, not checked yet.

    Raises:
        SettingsError: the text of a JSON field does not parse.
    """
    problems: list[Problem] = []
    config = _config(cls, {} if model is None else model, (), problems)
    if problems:
        raise SettingsError(problems, cls.__name__)
    return cast("dict[str, Any]", config)


def _config(cls: type[Described], model: Any, at: Path, problems: list[Problem]) -> Any:
    if not is_mapping(model):
        return model
    fields = {field.key: field for field in cls.fields()}
    config: dict[str, Any] = {}
    for key, value in model.items():
        field = fields.get(key)
        path = (*at, str(key))
        if field is None:
            config[key] = value
        elif value is None and "null" not in field.kinds:
            continue  # A form has null for what a person left empty.
        elif field.cls is not None and is_mapping(value):
            config[key] = _config(cast("type[Described]", field.cls), value, path, problems)
        elif isinstance(value, str) and _is_text_field(field):
            if value.strip():
                config[key] = _parsed(field, value, path, problems)
        else:
            config[key] = value
    return config


def _parsed(field: Field, text: str, at: Path, problems: list[Problem]) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        if "string" in field.kinds:
            return text
        where = f" in the field {field.title!r}" if field.title else ""
        given = "a hidden value" if field.secret else shown(text)
        problems.append(Problem(at, f"must be JSON{where}: {error}", given))
        return None
