"""The field of the form library that shows a setting, from its row in the property table.

Facts of vue-form-generator 2.3: `required` enforces nothing by itself, a `validator` does. Labels,
helps and hints are inserted as HTML.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..json_values import is_number
from ..messages.structure import content_of
from .controls import LEAST_ROWS, MOST_ROWS, Setting, control, is_fixed
from .examples import Fits, example_of, whole
from .fields import Entry, FormField, form_value, is_json_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..compiled import Field

#: Names that the form library, which takes a model for a path, reads as several.
_PATH_SYNTAX = (".", "[", "]")
#: Names that every object of JavaScript has a value for already.
_INHERITED = frozenset(
    """constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf
    __proto__ __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__""".split()
)


def is_form_key(key: str) -> bool:
    """Whether a property's name can be a step of a model's path; digits alone make a list."""
    if not key or key in _INHERITED or (key.isascii() and key.isdigit()):
        return False
    return not any(part in key for part in _PATH_SYNTAX)


def wanted_type(changed: Mapping[str, Any]) -> str | None:
    """The `type` of field that an `x-form` asks for, if any."""
    wanted = changed.get("set", {}).get("type")
    return wanted if isinstance(wanted, str) else None


def heads_class(row: Field, wanted: str | None = None) -> bool:
    """Whether a setting is shown as a heading with the fields of its class.

    A class that may be absent is JSON text instead: defaults of its fields would make it present.
    """
    is_there = row.cls is not None and (row.required or row.filled)
    return is_there and row.kinds == ("object",) and wanted in (None, "label")


def heading(row: Field) -> FormField:
    """The heading above the fields of a setting's class; its `tag` is the setting's name."""
    return {"type": "label", "label": _label(row), "tag": row.key, **_help(row)}


def usual_field(row: Field, wanted: str | None = None, fits: Fits | None = None) -> FormField:
    """The field of a setting, before the schema changes it; its `model` is the setting's name.

    `wanted` is the `type` of field that the schema's author asks for; `fits` checks examples.
    """
    setting = Setting.of(row, wanted)
    how = control(setting)
    if row.secret:
        how = without_values(how, row.kinds, is_secret=True)
    hint, validators = how.pop("hint", None), how.pop("validator", [])
    field: FormField = {**how, "label": _label(row), "model": row.key, **_help(row)}
    if field["type"] == "textArea" and is_json_text(field) and (text := example_of(row, fits)):
        hint = f"{hint}{EXAMPLE}{text}"
    if row.deprecated:
        hint = f"Deprecated. {hint}" if hint else "Deprecated"
    if hint:
        field["hint"] = _escaped(hint)
    example = _example(setting, is_json_text(field))
    if example is not None:
        field["placeholder"] = example
    default = _default(setting, field)
    if default is not None and not row.secret:
        field["default"] = form_value(Entry(field, {}, ()), default)
    elif row.required and row.nullable and not row.filled:
        # An empty field is null; the library's `required` would refuse it.
        field["default"] = "null" if is_json_text(field) else None
    give_rows(field)
    # The library's `required` would refuse a checklist in which nothing is checked.
    may_be_empty = row.nullable or (field["type"] == "checklist" and not field.get("min"))
    may_be_empty = may_be_empty or is_fixed(setting)
    field["required"] = row.required and not may_be_empty
    if field["required"] and field["type"] != "checkbox":
        validators = ["required", *validators]
    if row.read_only or is_fixed(setting):
        # Only text can be read-only in HTML.
        field["readonly" if field["type"] in ("input", "textArea") else "disabled"] = True
    if validators:
        field["validator"] = validators
    return field


def give_rows(field: FormField) -> None:
    """Let a text area show its whole default, if that is not too long."""
    default = field.get("default")
    if "rows" in field and isinstance(default, str):
        field["rows"] = min(MOST_ROWS, max(LEAST_ROWS, default.count("\n") + 1))


# Texts


def _label(row: Field) -> str:
    return _escaped(row.title or words_of(row.key))


def words_of(key: str) -> str:
    """`learning_rate` → `Learning Rate`."""
    words = key.replace("-", "_").split("_")
    return " ".join(word[0].upper() + word[1:] for word in words if word) or key


def _help(row: Field) -> dict[str, str]:
    return {"help": _escaped(row.description)} if row.description else {}


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _example(setting: Setting, is_json: bool) -> str | None:
    if not setting.row.examples or setting.row.secret:
        return None
    example = setting.row.examples[0]
    if is_json:
        return json.dumps(example, ensure_ascii=False)
    if isinstance(example, str) and setting.kinds == ("string",) and not setting.choices:
        return example or None
    if is_number(example) and setting.kinds in (("integer",), ("number",)):
        return json.dumps(example)
    return None


def _default(setting: Setting, field: FormField) -> Any:
    """What an untouched field stands for; what the page shows is what is meant."""
    row, default = setting.row, setting.default
    if default is not None or not row.required or row.filled:
        return whole(content_of(row), default) if is_json_text(field) else default
    if len(setting.choices) == 1 and not row.nullable:
        return setting.choices[0][0]
    if field["type"] == "checkbox":
        return False
    return [] if field["type"] == "checklist" and not field.get("min") else None


# Secrets


#: What stands before an example in hints.
EXAMPLE = ". Example: "
#: What a field keeps in which a secret is typed.
_OF_SECRETS = ("model", "label", "hint", "help", "id", "readonly", "disabled", "required")
_OF_SECRET_TEXTS = ("min", "max", "maxlength", "pattern", "validator")


def without_values(field: FormField, kinds: Sequence[str], *, is_secret: bool) -> FormField:
    """A field without what the schema says of its value; of a secret, one that hides what is typed.

    Text stays text there, all else is JSON in an input for passwords, but for a checkbox.
    """
    field = {key: value for key, value in field.items() if key not in ("default", "placeholder")}
    if is_json_text(field) and "hint" in field:
        field["hint"] = field["hint"].partition(EXAMPLE)[0]
    if not is_secret or field["type"] == "checkbox":
        return field
    is_text = "string" in kinds and {"string", "null"}.issuperset(kinds)
    kept = (*_OF_SECRETS, *(_OF_SECRET_TEXTS if is_text and "values" not in field else ()))
    hidden: FormField = {"type": "input", "inputType": "password"}
    hidden |= {key: value for key, value in field.items() if key in kept}
    if not is_text:
        hidden["isJson"] = True
    if hidden.get("required"):
        hidden.setdefault("validator", ["required"])
    return hidden
