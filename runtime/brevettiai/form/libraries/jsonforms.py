"""Forms for JSON Forms: the schema and the uischema of controls.

Facts of JSON Forms 3: `default`s of the schema are filled into the data, so the schema says none;
what is not in the data stays absent until somebody fills it in, and an emptied field is absent
again. Its selects store text, whatever they offer. The renderers that all its platforms have edit
lists of texts, of numbers, and of objects of these; for maps, for objects that may be absent, and
for what has parts in parts there are none.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ..fields import is_json_text
from .controls import NUMBERS, STRUCTURES, Control, SchemaAndUI, shown_value
from .rjsf import is_loose

_SIMPLE = frozenset({"text", "lines", "number", "integer", "switch"})


def jsonforms_of(control: Control) -> SchemaAndUI:
    """The schema and the uischema of the form of a class; of `simplified` controls."""
    schema, elements = _object(control, "#")
    return schema, {"type": "VerticalLayout", "elements": elements}


# What there are renderers for


def simplified(control: Control) -> Control:
    """A control whose parts all have a renderer: text of JSON where there is none."""
    is_sure = not (control.is_nullable or control.holds_secrets)
    parts = tuple(part for part in control.parts if part.how != "label")
    if control.is_section:
        return replace(control, parts=tuple(map(simplified, parts)))
    if control.how not in STRUCTURES:
        return control
    if control.how == "list" and is_sure and _is_item(parts[0]):
        return control
    if control.how == "choices" and is_sure and _has_texts(control):
        return control
    is_there = control.how == "union" and is_sure and not control.may_be_absent
    if is_there and all(_is_flat(branch) for branch in parts):
        return control
    return as_json(control)


def as_json(control: Control) -> Control:
    """The control of the JSON text of a value."""
    hint = control.field.get("hint", "") if control.how != "choices" else "JSON: a list"
    return replace(control, how="json", parts=(), hint=str(hint), limits={})


def _is_item(control: Control) -> bool:
    return _is_flat(control if control.how == "object" else replace(control, parts=(control,)))


def _is_flat(control: Control) -> bool:
    return all(
        part.how in _SIMPLE or (part.how == "choice" and _has_texts(part)) for part in control.parts
    )


def _has_texts(control: Control) -> bool:
    return all(isinstance(value, str) for value, _ in control.choices)


# Schema and uischema


def _object(control: Control, scope: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    schema: dict[str, Any] = {"type": "object", "properties": {}}
    elements: list[dict[str, Any]] = []
    for part in control.parts:
        schema["properties"][part.key], element = _part(
            part, f"{scope}/properties/{_step(part.key)}"
        )
        if not part.is_hidden:
            elements.append(element)
    if required := [part.key for part in control.parts if part.is_required]:
        schema["required"] = required
    return _with_texts(schema, control), elements


def _step(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _part(control: Control, scope: str) -> SchemaAndUI:
    if control.how == "object":
        schema, elements = _object(control, scope)
        return schema, _group(control, elements)
    if control.how == "union":
        return _union(control, scope)
    schema = _value(control)
    if control.is_read_only:
        schema["readOnly"] = True
    element: dict[str, Any] = {"type": "Control", "scope": scope}
    options = _options(control)
    return schema, {**element, "options": options} if options else element


def _group(control: Control, elements: list[dict[str, Any]]) -> dict[str, Any]:
    text = [{"type": "Label", "text": control.help}] if control.help else []
    return {"type": "Group", "label": control.label, "elements": [*text, *elements]}


def _union(control: Control, scope: str) -> SchemaAndUI:
    """A choice of the branch, and each branch's fields, of which the chosen ones are shown."""
    tag_scope = f"{scope}/properties/{_step(control.tag)}"
    inside = next((p for p in control.parts[0].parts if p.key == control.tag), control.parts[0])
    names = [{"const": branch.key, "title": branch.label} for branch in control.parts]
    tag = _with_texts({"type": "string", "oneOf": names}, inside)
    branches: list[dict[str, Any]] = []
    elements: list[dict[str, Any]] = [{"type": "Control", "scope": tag_scope}]
    for number, branch in enumerate(control.parts):
        parts = [part for part in branch.parts if part.key != control.tag]
        schema, fields = _object(replace(branch, parts=parts), f"{scope}/oneOf/{number}")
        schema["properties"][control.tag] = {"const": branch.key}
        schema["required"] = [control.tag, *schema.get("required", ())]
        branches.append(schema)
        if fields:
            is_chosen = {"scope": tag_scope, "schema": {"const": branch.key}}
            rule = {"effect": "SHOW", "condition": {**is_chosen, "failWhenUndefined": True}}
            elements.append({**_group(branch, fields), "rule": rule})
    schema = {"type": "object", "properties": {control.tag: tag}, "oneOf": branches}
    return _with_texts(schema, control), _group(control, elements)


def _options(control: Control) -> dict[str, Any]:
    found: dict[str, Any] = {}
    is_area = control.field.get("type") == "textArea"
    if control.is_secret:
        found["format"] = "password"
    elif control.how in ("text", "lines", "json") and (is_area or "inputType" not in control.field):
        found["multi"] = True
    if _is_radio(control):
        found["format"] = "radio"
    if control.placeholder:
        found["placeholder"] = control.placeholder
    if control.help or control.hint:
        found["showUnfocusedDescription"] = True
    return found


def _value(control: Control) -> dict[str, Any]:
    how, schema = control.how, dict[str, Any]()
    if how == "list":
        (item,) = control.parts
        held = _object(item, "#")[0] if item.how == "object" else _value(item)
        schema = {"type": "array", "items": held, **control.limits}
    elif how == "choices":
        schema = {"type": "array", "items": _one_of(control), "uniqueItems": True, **control.limits}
    elif how == "choice":
        schema = _one_of(control)
    elif how == "switch":
        schema = {"type": "boolean"}
    elif how in ("number", "integer"):
        schema = {"type": [how, "null"] if control.is_nullable else how, **control.limits}
    else:
        schema = {"type": control.text_type}
        if how != "json":
            schema |= {key: each for key, each in control.limits.items() if key not in NUMBERS}
            if is_loose(schema.get("pattern", "")):
                del schema["pattern"]
    return _with_texts(schema, control)


def _one_of(control: Control) -> dict[str, Any]:
    choices = _shown_choices(control)
    if all(isinstance(value, str) and value == name for value, name in choices):
        return {"type": "string", "enum": [value for value, _ in choices]}
    schema = {"oneOf": [{"const": value, "title": name} for value, name in choices]}
    is_text = all(isinstance(value, str) for value, _ in choices)
    return {"type": "string", **schema} if is_text else schema


def _is_radio(control: Control) -> bool:
    """Whether choices are radio buttons, which store what they offer.

    So they are where texts would not tell them apart.
    """
    is_told = "string" not in control.kinds or _has_texts(control)
    return control.how == "choice" and (control.field.get("type") == "radios" or not is_told)


def offers_null(control: Control) -> bool:
    """Whether null is one of the choices."""
    is_told = "string" not in control.kinds or is_json_text(control.field) or _is_radio(control)
    return control.how == "choice" and control.is_nullable and is_told


def _shown_choices(control: Control) -> list[tuple[Any, str]]:
    """The choices as selects store them, as texts."""
    found = [*control.choices, *([(None, "None")] if offers_null(control) else [])]
    return [(_stored(control, value), name) for value, name in found]


def _stored(control: Control, value: Any) -> Any:
    is_kept = isinstance(value, str) or _is_radio(control)
    return value if is_kept else json.dumps(value, ensure_ascii=False)


def jsonforms_value(control: Control, value: Any) -> Any:
    """A value as its control has it."""
    shown = shown_value(control, value)
    if control.how != "choice" or (shown is None and not offers_null(control)):
        return shown
    return _stored(control, shown)


def _with_texts(schema: dict[str, Any], control: Control) -> dict[str, Any]:
    help = " ".join(filter(None, (control.help, control.hint)))
    texts = {"title": control.label, "description": help}
    return {**{key: text for key, text in texts.items() if text}, **schema}
