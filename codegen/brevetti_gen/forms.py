"""Forms: a platform form to a JSON Schema, and a class to the entries of its form.

Facts of the form language are those of vue-form-generator 2.3 and of the platform, which adds
`isJson`, `criterionType`, `tag` and `presets`.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from typing import Any

from .build import annotated
from .compile.tables import first_text, kinds_of, settings_class
from .dialects import Pointer
from .json_values import is_array, is_number, is_object
from .model import ListType, LiteralType, Property, SettingsClass
from .problems import Problem
from .read import Document
from .shapes import Shapes, json_type

#: How many objects deep the model of a field may lie. The later steps recurse.
MAX_MODEL_DEPTH = 50
#: The platform's library writes this range to every number, whether or not anyone meant it.
_UNASKED_RANGE = {"min": 0, "max": 100, "step": 1}


def schema_of_form(document: Document) -> tuple[dict[str, Any], list[Problem]]:
    """The JSON Schema of a form, and what could not be read of it."""
    form = document.value
    assert isinstance(form, dict)
    problems: list[Problem] = []
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {},
    }
    problems += [document.problem(text, pointer) for pointer, text in _misshapen(form)]
    if problems:
        return schema, problems
    for pointer, field in _fields(form):
        if is_object(field) and isinstance(field.get("model"), str) and field["model"]:
            message = _place(schema, field["model"].split("."), _property(field))
            if message:
                problems.append(document.problem(message, (*pointer, "model")))
    _name_headings(schema, form)
    presets = form.get("presets")
    if is_object(presets) and presets:
        schema["x-presets"] = {name: _parsed(preset, schema) for name, preset in presets.items()}
    schema["x-form"] = {"document": form}
    return schema, problems


def _fields(form: Mapping[str, Any]) -> list[tuple[Pointer, Any]]:
    """All fields with their pointers, those of groups included."""
    fields = [(("fields", i), field) for i, field in enumerate(form.get("fields") or [])]
    found: list[tuple[Pointer, Any]] = list(fields)
    for g, group in enumerate(form.get("groups") or []):
        if is_object(group):
            inner: list[Any] = group.get("fields") or []
            found += [(("groups", g, "fields", i), field) for i, field in enumerate(inner)]
    return found


def _misshapen(form: Mapping[str, Any]) -> Iterator[tuple[Pointer, str]]:
    """What in a form is not of the kind that every form has there."""
    for key, what in (("fields", "a list of fields"), ("groups", "a list of groups")):
        if not isinstance(form.get(key, []), list):
            yield (key,), f'"{key}" must be {what}'
    groups = form.get("groups", [])
    for position, group in enumerate(groups if is_array(groups) else []):
        if not is_object(group):
            yield ("groups", position), "a group must be an object"
        elif not isinstance(group.get("fields", []), list):
            yield ("groups", position, "fields"), '"fields" must be a list of fields'
    if not isinstance(form.get("presets") or {}, dict):
        yield ("presets",), '"presets" must be an object of partial form models by name'
    try:
        fields = _fields(form)
    except (TypeError, AttributeError):
        return  # told already
    for pointer, field in fields:
        if not is_object(field):
            yield pointer, "a field must be an object"
            continue
        model = field.get("model")
        if model is not None and not isinstance(model, str):
            yield (*pointer, "model"), '"model" must be text, the dotted path of a setting'
        elif model and model.count(".") > MAX_MODEL_DEPTH:
            yield (*pointer, "model"), f'"model" goes deeper than {MAX_MODEL_DEPTH} levels'
        if isinstance(field.get("values"), (str, int, float)):
            yield (*pointer, "values"), '"values" must be a list of choices'


def _place(schema: dict[str, Any], path: list[str], prop: dict[str, Any]) -> str | None:
    """Put `prop` at the dotted `path`; what is in the way, if anything."""
    for step in path[:-1]:
        inner = schema["properties"].setdefault(step, {"type": "object", "properties": {}})
        if "properties" not in inner:
            return f"the model {'.'.join(path)!r} lies inside another field's value"
        schema = inner
    if path[-1] in schema["properties"]:
        return f"another field has the model {'.'.join(path)!r} too"
    schema["properties"][path[-1]] = prop
    return None


def _name_headings(schema: dict[str, Any], form: Mapping[str, Any]) -> None:
    """Labels with a `tag` are the titles of the objects that they head."""
    for _, field in _fields(form):
        if is_object(field) and isinstance(field.get("tag"), str):
            target: Any = schema
            for step in field["tag"].split("."):
                target = target.get("properties", {}).get(step, {})
            if target.get("type") == "object" and isinstance(field.get("label"), str):
                target["title"] = field["label"]


def _property(field: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of one field's value."""
    prop: dict[str, Any] = {}
    label, text = field.get("label"), field.get("help") or field.get("hint")
    if isinstance(label, str) and label:
        prop["title"] = label
    if isinstance(text, str) and text:
        prop["description"] = text
    prop.update(_value_schema(field))
    default = field.get("default")
    if "default" in field and _is_json_field(field) and isinstance(default, str):
        default = _json_or_none(default)
        if default is None:
            return prop
    if default is not None:
        prop["default"] = default
    return prop


def _value_schema(field: Mapping[str, Any]) -> dict[str, Any]:
    kind, inner = field.get("type"), field.get("inputType")
    if field.get("criterionType") == "classes":
        return {"type": "array", "items": {"type": "string"}}
    if field.get("criterionType") == "class_mapping":
        value = {"type": ["string", "array"], "items": {"type": "string"}}
        return {"type": "object", "additionalProperties": value}
    if _is_json_field(field):
        return {}
    if kind in ("checkbox", "switch"):
        return {"type": "boolean"}
    if kind in ("select", "radios"):
        return {"enum": values} if (values := _choices(field)) else {}
    if kind == "checklist":
        items = {"enum": values} if (values := _choices(field)) else {}
        return {"type": "array", "items": items}
    if kind == "input" and inner in ("number", "range"):
        return _number_schema(field)
    if kind in ("input", "textArea"):
        longest = field.get("max") if kind == "textArea" else field.get("maxlength")
        length = len(str(field.get("default") or ""))
        fits = isinstance(longest, int) and longest is not True and length <= longest
        return {"type": "string", **({"maxLength": longest} if fits else {})}
    return {}


def _is_json_field(field: Mapping[str, Any]) -> bool:
    return field.get("isJson") is True


def _number_schema(field: Mapping[str, Any]) -> dict[str, Any]:
    default = field.get("default")
    facts = [field.get(name) for name in ("default", "min", "max", "step")]
    numbers = [fact for fact in facts if is_number(fact)]
    integral = numbers and all(json_type(number) == "integer" for number in numbers)
    schema: dict[str, Any] = {"type": "integer" if integral else "number"}
    if {name: field.get(name) for name in _UNASKED_RANGE} == _UNASKED_RANGE:
        return schema
    for name, keyword, sign in (("min", "minimum", 1), ("max", "maximum", -1)):
        limit = field.get(name)
        if is_number(limit) and not (is_number(default) and (default - limit) * sign < 0):
            schema[keyword] = limit
    return schema


def _choices(field: Mapping[str, Any]) -> list[Any]:
    """The values that a select, radios or checklist offers."""
    found: list[Any] = []
    choices: list[Any] = field.get("values") or []
    for choice in choices:
        value = choice.get("id", choice.get("value")) if is_object(choice) else choice
        if not isinstance(value, (dict, list)) and value not in found:
            found.append(value)
    default = field.get("default")
    extra = default if is_array(default) else [default]
    return found + [v for v in extra if found and v is not None and v not in found]


def _json_or_none(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:
        return None


def _parsed(preset: Any, schema: Any) -> Any:
    """A preset as a partial config: the text of JSON fields parsed."""
    properties = schema.get("properties") if is_object(schema) else None
    if is_object(preset) and is_object(properties):
        return {key: _parsed(value, properties.get(key, {})) for key, value in preset.items()}
    is_json = is_object(schema) and schema.get("type") not in ("string", None)
    if isinstance(preset, str) and (is_json or schema == {} or "type" not in schema):
        parsed = _json_or_none(preset)
        return preset if parsed is None and preset.strip() != "null" else parsed
    return preset


# Export


def form_entries(cls: SettingsClass, shapes: Shapes) -> list[Any]:
    """The form of `cls`: fields with models relative to it, `{"nested": key, …}` for classes."""
    entries: list[Any] = []
    for prop in cls.properties:
        nodes = list(annotated(shapes, prop.nodes))
        label = first_text(nodes, "title") or _label(prop.key)
        if _heads_class(prop):
            entries.append({"type": "label", "label": html.escape(label), "tag": prop.key})
            continue
        field = {**_control(prop, shapes), "label": html.escape(label), "model": prop.key}
        text = first_text(nodes, "description")
        if text:
            field["help"] = html.escape(text)
        default = _default(prop, field)
        if default is not None:
            field["default"] = default
        field["required"] = prop.required
        entries.append(field)
    return entries


def _heads_class(prop: Property) -> bool:
    """Whether a property is shown as a heading with the fields of its class."""
    return settings_class(prop.type) is not None and not prop.nullable


def _label(key: str) -> str:
    return " ".join(word.capitalize() for word in key.replace("-", "_").split("_") if word) or key


def _control(prop: Property, shapes: Shapes) -> dict[str, Any]:
    kinds = tuple(kind for kind in kinds_of(prop, shapes) if kind != "null")
    if isinstance(prop.type, LiteralType) and kinds != ("boolean",):
        values = [value for value in prop.type.values if value is not None]
        return {"type": "select", "values": values}
    if kinds == ("boolean",):
        return {"type": "checkbox"}
    if kinds in (("integer",), ("number",)):
        return _number_control(prop, shapes, kinds[0])
    if kinds == ("string",):
        return {"type": "input", "inputType": "text"}
    if isinstance(prop.type, ListType) and isinstance(prop.type.item, LiteralType):
        return {"type": "checklist", "listBox": False, "values": list(prop.type.item.values)}
    return {"type": "textArea", "rows": 4, "isJson": True}


def _number_control(prop: Property, shapes: Shapes, kind: str) -> dict[str, Any]:
    control: dict[str, Any] = {"type": "input", "inputType": "number"}
    for node in annotated(shapes, prop.nodes):
        for keyword, name in (("minimum", "min"), ("maximum", "max")):
            if name not in control and node.has(keyword):
                control[name] = node.get(keyword)
    control["step"] = 1 if kind == "integer" else "any"
    control["validator"] = "integer" if kind == "integer" else "number"
    return control


def _default(prop: Property, field: Mapping[str, Any]) -> Any:
    if prop.fill is None or not prop.fill.is_default or prop.secret:
        return None
    value = prop.fill.value
    if field.get("isJson") and value is not None:
        return json.dumps(value, indent=2, ensure_ascii=False)
    return value
