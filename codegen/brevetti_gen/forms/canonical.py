"""The canonical form of a class: what its schema says, as fields of the form library."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

from brevettiai.form.models import form_value
from brevettiai.form.parts import Entry, clean_residual, is_json_text

from ..json_values import is_array, is_number, is_object
from ..model.build import annotated
from ..model.facts import first_text, kinds_of
from ..model.types import Model, Property, SettingsClass
from .controls import Facts, control, heads_class

#: How many objects deep the model of a field may lie. The later steps recurse.
MAX_MODEL_DEPTH = 50
#: Names that the form library, which takes a model for a path, reads as several.
_PATH_SYNTAX = (".", "[", "]")
#: Names that every object of JavaScript has a value for already.
_INHERITED = frozenset(
    """constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf
    __proto__ __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__""".split()
)


def class_entries(cls: SettingsClass, model: Model) -> dict[str, Entry]:
    """The entries of `cls` by property, without those that no form can hold."""
    return {
        prop.key: property_entry(prop, model) for prop in cls.properties if is_form_key(prop.key)
    }


def is_form_key(key: str) -> bool:
    """Whether a property's name can be a step of a model's path; digits alone make a list."""
    if not key or key in _INHERITED or (key.isascii() and key.isdigit()):
        return False
    return not any(part in key for part in _PATH_SYNTAX)


def property_entry(prop: Property, model: Model) -> Entry:
    """The field of a property, or the heading of its class, and its residual."""
    residual = residual_in_schema(prop, model)
    wanted = residual.get("set", {}).get("type")
    kinds = kinds_of(prop, model.shapes)
    if heads_class(prop, model, wanted if isinstance(wanted, str) else None):
        field = _heading(prop, model)
    else:
        field = canonical_field(prop, model, wanted if isinstance(wanted, str) else None)
    return Entry(field, residual, kinds, prop.old_keys, prop.secret)


def residual_in_schema(prop: Property, model: Model) -> dict[str, Any]:
    """The `x-form` of a property, as far as it is well formed."""
    for node in annotated(model.shapes, prop.nodes):
        given = node.get("x-form")
        if is_object(given):
            return clean_residual(given)
    return {}


def canonical_field(prop: Property, model: Model, wanted: str | None) -> dict[str, Any]:
    """The field of a property; its `model` is the property's name."""
    facts = Facts(prop, model, wanted)
    how = control(facts)
    hint, validators = how.pop("hint", None), how.pop("validator", [])
    field = {**how, "label": label_of(prop, model), "model": prop.key}
    text = first_text(facts.nodes, "description")
    if text:
        field["help"] = escaped(text)
    if prop.deprecated:
        hint = f"Deprecated. {hint}" if hint else "Deprecated"
    if hint:
        field["hint"] = escaped(hint)
    example = _example(facts, is_json_text(field))
    if example:
        field["placeholder"] = example
    default = _default(facts, field)
    if default is not None and not prop.secret:
        field["default"] = form_value(Entry(field, {}, ()), default)
    elif prop.required and prop.nullable and prop.fill is None:
        # An empty field is null; the library's `required` would refuse it.
        field["default"] = "null" if is_json_text(field) else None
    may_be_empty = prop.nullable or _may_be_empty(field)
    field["required"] = prop.required and not may_be_empty
    if field["required"] and field["type"] != "checkbox":
        validators = ["required", *validators]
    if facts.first("readOnly") is True:
        # Only text can be read-only in HTML.
        field["readonly" if field["type"] in ("input", "textArea") else "disabled"] = True
    if validators:
        field["validator"] = validators
    return field


def _may_be_empty(field: Mapping[str, Any]) -> bool:
    """Whether the form library's idea of `required` would refuse what the schema takes."""
    return field["type"] == "checklist" and not field.get("min")


def _default(facts: Facts, field: Mapping[str, Any]) -> Any:
    """What an untouched field stands for; what the page shows is what is meant."""
    prop, default = facts.prop, facts.default
    if default is not None or not prop.required or prop.fill is not None:
        return default
    if field["type"] == "checkbox":
        return False
    if field["type"] == "checklist" and not field.get("min"):
        return []
    choices = facts.choices
    return choices[0].value if len(choices) == 1 and not prop.nullable else None


def _example(facts: Facts, is_json: bool) -> str | None:
    """The first example, as a placeholder."""
    examples = facts.first("examples")
    if not is_array(examples) or not examples or facts.prop.secret:
        return None
    example = examples[0]
    if is_json:
        return json.dumps(example, ensure_ascii=False)
    if isinstance(example, str) and facts.kinds == ("string",) and not facts.choices:
        return example
    if is_number(example) and facts.kinds in (("integer",), ("number",)):
        return json.dumps(example)
    return None


def _heading(prop: Property, model: Model) -> dict[str, Any]:
    field: dict[str, Any] = {"type": "label", "label": label_of(prop, model), "tag": prop.key}
    text = first_text(annotated(model.shapes, prop.nodes), "description")
    if text:
        field["help"] = escaped(text)
    return field


def label_of(prop: Property, model: Model) -> str:
    """The title, else the property's name in words; the form library takes it for HTML."""
    title = first_text(annotated(model.shapes, prop.nodes), "title")
    return escaped(title or words_of(prop.key))


def words_of(key: str) -> str:
    """`learning_rate` → `Learning Rate`."""
    words = key.replace("-", "_").split("_")
    return " ".join(word[0].upper() + word[1:] for word in words if word) or key


def escaped(text: str) -> str:
    """`text` for a place where the form library inserts HTML."""
    return html.escape(text, quote=False)
