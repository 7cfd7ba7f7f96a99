"""What the form of a setting implies, and its schema does not say; and what `x-form` only repeats.

The fields are read as the import of forms reads them. What would narrow a schema is a proposal: who
knows the stored configs decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from brevettiai.compiled import Field
from brevettiai.form.describe import heads_class, usual_field, wanted_type
from brevettiai.form.entries import item_rows
from brevettiai.form.fields import FormField, is_same, with_changes

from ..json_values import is_array, is_number, is_object
from ..model.fields import field_of
from ..model.types import Model, Property
from ..problems import Problem
from ..schema.documents import problem_at
from ..schema.keywords import about
from ..schema.nodes import Node
from .field_values import input_kind, kind_of, value_schema

#: By kind of input, the format of what it is for.
_FORMATS = {"email": "email", "url": "uri", "color": "color", "date": "date"}
_MOST_CHARACTERS = 100
_NARROWS = "say it in the schema if all stored configs have it; others would no longer load"


def implied(model: Model, asserts_formats: bool = False) -> Iterator[Problem]:
    """Warnings about settings of schemas with an `x-form`, at theirs or at the root."""
    for module in model.modules:
        if module.root.document.is_form:
            continue
        of_form = is_object(module.root.get("x-form"))
        for cls in module.classes:
            for prop in cls.properties:
                node = next((n for n in prop.notes if is_object(n.get("x-form"))), None)
                if (of_form or node) and prop.nodes and not prop.secret:
                    yield from _of_property(prop, node or prop.nodes[0], model, asserts_formats)


def _of_property(
    prop: Property, node: Node, model: Model, asserts_formats: bool
) -> Iterator[Problem]:
    row = field_of(prop, model)
    changes: Mapping[str, Any] = row.x_form or {}
    if row.secret or item_rows(row) or heads_class(row, wanted_type(changes)):
        return
    usual = usual_field(row, wanted_type(changes))
    shown = with_changes(usual, changes)
    facts = _unsaid(row, node, shown)
    text_format = _format(row, shown)
    if text_format and asserts_formats:
        facts["format"] = text_format
    elif text_format:
        message = f"the form of {prop.key!r} takes texts of the format {text_format!r}"
        hint = f'add "format": "{text_format}", which checks nothing by itself'
        yield problem_at(node, "form-implies", message, hint, warning=True)
    if facts:
        said = json.dumps(facts, ensure_ascii=False)[1:-1]
        if len(said) > _MOST_CHARACTERS:
            said = f"{said[:_MOST_CHARACTERS]}…"
        message = f"the form of {prop.key!r} implies {said}, and the schema takes more"
        yield problem_at(node, "form-implies", message, _NARROWS, warning=True)
    for at in _repeated(row, node.get("x-form"), usual):
        what = f" {at[-1]!r}" if len(at) > 2 else ""
        message = f"x-form of {prop.key!r} repeats what its form has anyhow{what and ':'}{what}"
        yield problem_at(node, "form-repeats", message, "take it out", at=at, warning=True)


def _unsaid(row: Field, node: Node, field: FormField) -> dict[str, Any]:
    """The keywords that a field implies, and the schema of its setting lacks."""
    guess = value_schema(field, [], "limits")
    kinds = {kind for kind in row.kinds if kind != "null"}
    found: dict[str, Any] = {}
    kind = guess.get("type")
    if isinstance(kind, str) and not row.choices and _is_narrower(kind, kinds):
        found["type"] = kind
    limits = [k for k in (*about("number"), *about("string")) if k.startswith(("min", "max"))]
    for keyword in filter(guess.__contains__, limits):
        excluding = f"exclusive{keyword[0].upper()}{keyword[1:]}"
        if not {keyword, excluding} & row.limits.keys():
            found[keyword] = guess[keyword]
    if "pattern" in guess and not row.patterns:
        found["pattern"] = guess["pattern"]
    for keyword in ("enum", "oneOf"):
        if keyword in guess and not row.choices:
            found[keyword] = guess[keyword]
    if kinds == {"array"} and "array" in (kind, "array"):
        found |= _of_items(row, node, field, guess)
    return found


def _is_narrower(kind: str, kinds: set[str]) -> bool:
    fitting = kinds & ({kind, "number"} if kind == "integer" else {kind})
    if kind == "number" and kinds == {"integer"}:
        return False
    return bool(fitting) and kinds != {kind}


def _of_items(row: Field, node: Node, field: FormField, guess: Mapping[str, Any]) -> dict[str, Any]:
    """What a field implies of the items of a list."""
    default = json.loads(row.default or row.proposal or "null")
    items = guess.get("items", {})
    if kind_of(field) == "checklist":
        is_new = bool(items) and not row.item_choices
        once = is_array(default) and len({json.dumps(v) for v in default}) < len(default)
        is_unique = node.keyword("uniqueItems") is True or once
        return ({"items": items} if is_new else {}) | ({} if is_unique else {"uniqueItems": True})
    if row.item_kinds or not is_array(default) or not default:
        return {}
    if all(isinstance(value, str) for value in default):
        return {"items": {"type": "string"}}
    return {"items": {"type": "number"}} if all(map(is_number, default)) else {}


def _format(row: Field, field: FormField) -> str:
    """The format that an input is for, where the schema has none; "" for none."""
    is_text = {*row.kinds} <= {"string", "null"} and kind_of(field) == "input"
    if row.format or row.choices or not is_text or field.get("isJson") is True:
        return ""
    if input_kind(field) == "date" and field.get("format") != "YYYY-MM-DD":
        return ""
    return _FORMATS.get(input_kind(field), "")


def _repeated(row: Field, given: Any, usual: FormField) -> Iterator[tuple[str, ...]]:
    """The places in an `x-form` of what the canonical field has: of one key, or of all."""
    changed = given.get("set") if is_object(given) else None
    if not is_object(changed) or not changed:
        return
    same = [key for key, value in changed.items() if key in usual and is_same(usual[key], value)]
    if "type" in same and usual_field(row) != usual:
        same.remove("type")  # by which the field is another one
    if len(same) < len(changed):
        yield from (("x-form", "set", key) for key in same)
    else:
        yield ("x-form",) if list(given) == ["set"] else ("x-form", "set")
