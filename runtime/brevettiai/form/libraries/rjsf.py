"""Forms for react-jsonschema-form: the schema and the uiSchema of controls.

Facts of RJSF 5 and 6: before it draws, it fills `default`s, `const`s and the first alternative
into the data, makes an absent list an empty one and an absent object one of defaults. So the
schema of what is there says no default, and what may be absent has the first alternative
"Not set", which stands for nothing. It shows texts as text.
"""

from __future__ import annotations

import re
from typing import Any

from .controls import NUMBERS, STRUCTURES, Control, SchemaAndUI

_NOT_SET, _NONE = "Not set", "None"
_HIDDEN: dict[str, Any] = {"ui:widget": "hidden"}
#: In patterns: what an expression with the flag `u` does not know, as validators use it.
_LOOSE = re.compile(
    r"\\(?![dDwWsSbBtnrfvcxukpP0-9^$\\.*+?()\[\]{}|/])|(?<!\\)\{(?!\d+(?:,\d*)?\})|^\]|^\}"
)


def is_loose(pattern: str) -> bool:
    """Whether the validators of forms, which read patterns strictly, may not know this one."""
    return _LOOSE.search(pattern) is not None


def rjsf_of(control: Control) -> SchemaAndUI:
    """The schema and the uiSchema of the form of a class."""
    return _object(control, is_new=False)


def _object(control: Control, *, is_new: bool) -> SchemaAndUI:
    """An object with its parts; `is_new` where it comes into being in the form."""
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    ui: dict[str, Any] = {}
    parts = [part for part in control.parts if part.how != "label"]
    for part in parts:
        schema["properties"][part.key], found = _part(part, is_new=is_new)
        if found:
            ui[part.key] = found
    if required := [part.key for part in parts if part.is_required]:
        schema["required"] = required
    return _with_texts(schema, control), ui


def _part(control: Control, *, is_new: bool) -> SchemaAndUI:
    """A setting, and what there is instead where it is absent or null."""
    if control.how not in STRUCTURES or control.is_section:
        options = [_value(control, is_new=is_new)]
    else:
        options = [_branch(control, branch) for branch in control.parts if control.tag]
        options = options or [_value(control, is_new=True)]
        if control.is_nullable:
            options.insert(0, ({"title": _NONE, "type": "null"}, {}))
        if control.may_be_absent:
            nothing = {"title": _NOT_SET, "type": "string", "maxLength": 0}
            options.insert(0, (nothing, _HIDDEN))
    schema, ui = options[0]
    if len(options) > 1:
        if not control.tag:
            options[-1][0].pop("description", None)  # which is said above
        schema = _with_texts({"anyOf": [each for each, _ in options]}, control)
        ui = {"anyOf": [each for _, each in options]}
        if control.tag:
            schema["discriminator"] = {"propertyName": control.tag}
    if control.hint:
        ui = {**ui, "ui:help": control.hint}
    if control.is_hidden:
        ui = {**ui, **_HIDDEN}
    if control.is_read_only:
        schema["readOnly"] = True
    return schema, ui


def _branch(union: Control, branch: Control) -> SchemaAndUI:
    schema, ui = _object(branch, is_new=True)
    schema["properties"][union.tag] = {"type": "string", "const": branch.key}
    schema["required"] = [*dict.fromkeys([union.tag, *schema.get("required", ())])]
    return schema, {**ui, union.tag: _HIDDEN}


def _value(control: Control, *, is_new: bool) -> SchemaAndUI:
    if control.how == "object":
        return _object(control, is_new=is_new)
    schema, ui = _KINDS.get(control.how, _text)(control)
    schema = _with_texts(schema, control)
    if control.placeholder:
        ui["ui:placeholder"] = control.placeholder
    is_scalar = control.how not in STRUCTURES and isinstance(control.default, (str, int, float))
    if is_new and is_scalar:
        schema["default"] = control.default
    return schema, ui


def _list(control: Control) -> SchemaAndUI:
    (item,) = control.parts
    schema, ui = _part(item, is_new=True)
    return {"type": "array", "items": schema, **control.limits}, {"items": ui} if ui else {}


def _map(control: Control) -> SchemaAndUI:
    (value,) = control.parts
    schema, ui = _part(value, is_new=True)
    found = {"type": "object", "additionalProperties": schema}
    return found, {"additionalProperties": ui} if ui else {}


def _choices(control: Control) -> SchemaAndUI:
    values = [value for value, _ in control.choices]
    schema = {"type": "array", "items": {"enum": values}, "uniqueItems": True, **control.limits}
    return schema, {"ui:widget": "checkboxes", "ui:enumNames": [n for _, n in control.choices]}


def _choice(control: Control) -> SchemaAndUI:
    choices = [*control.choices, *([(None, _NONE)] if control.is_nullable else [])]
    schema: dict[str, Any] = {"enum": [value for value, _ in choices]}
    if all(isinstance(value, str) for value, _ in choices):
        schema["type"] = "string"
    ui: dict[str, Any] = {"ui:widget": "radio" if control.field["type"] == "radios" else "select"}
    return schema, {**ui, "ui:enumNames": [name for _, name in choices]}


def _switch(control: Control) -> SchemaAndUI:
    return {"type": "boolean"}, {}


def _number(control: Control) -> SchemaAndUI:
    kind: Any = [control.how, "null"] if control.is_nullable else control.how
    ui: dict[str, Any] = {}
    if control.is_nullable:
        ui["ui:emptyValue"] = None
        if control.how == "integer":  # others would get steps of 1
            ui["ui:options"] = {"inputType": "number"}
    return {"type": kind, **control.limits}, ui


def _text(control: Control) -> SchemaAndUI:
    schema: dict[str, Any] = {"type": control.text_type}
    ui: dict[str, Any] = {}
    if control.is_secret:
        ui["ui:widget"] = "password"
    elif control.field.get("type") == "textArea":
        ui["ui:widget"] = "textarea"
        ui["ui:options"] = {"rows": control.field.get("rows", 4)}
    if control.how != "json":
        schema |= {key: each for key, each in control.limits.items() if key not in NUMBERS}
        if is_loose(schema.get("pattern", "")):
            del schema["pattern"]
    # An emptied text is one, where such a text can be meant.
    if not {"minLength", "pattern"} & schema.keys():
        ui["ui:emptyValue"] = ""
    return schema, ui


_KINDS = {
    "list": _list,
    "map": _map,
    "choices": _choices,
    "choice": _choice,
    "switch": _switch,
    "number": _number,
    "integer": _number,
}


def _with_texts(schema: dict[str, Any], control: Control) -> dict[str, Any]:
    texts = {"title": control.label, "description": control.help}
    return {**{key: text for key, text in texts.items() if text}, **schema}
