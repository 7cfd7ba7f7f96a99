"""The field of the form library that shows a setting, from its row in the property table.

Facts of vue-form-generator 2.3: `min`, `max`, `required` and `pattern` enforce nothing by
themselves, a `validator` does; `number` and `integer` check `min` and `max`, `string` checks
lengths, `array` counts items, `regexp` uses `pattern`. Selects offer scalars or `{id, name}`,
radios and checklists scalars or `{value, name}`. JavaScript's numbers hold 53 bits. Labels, helps
and hints are inserted as HTML.
"""

from __future__ import annotations

import html
import json
import math
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple, TypeAlias

from ..json_values import is_array, is_number
from ..messages.structure import content_of
from ..messages.values import bounds, content_text
from .fields import Entry, FormField, form_value, is_json_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..compiled import Field

#: The largest whole number that JavaScript holds exactly.
MAX_SAFE_INTEGER = 2**53 - 1
_LONG_TEXT = 500
_INPUTS = {"email": "email", "uri": "url"}
#: In patterns: what means something else, or nothing, in a JavaScript expression without flag `u`.
_UNICODE_SYNTAX = ("\\p{", "\\P{", "\\u{")
#: Names that the form library, which takes a model for a path, reads as several.
_PATH_SYNTAX = (".", "[", "]")
#: Names that every object of JavaScript has a value for already.
_INHERITED = frozenset(
    """constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf
    __proto__ __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__""".split()
)

#: A value to choose, and its name for people, None if it has none of its own.
Option: TypeAlias = tuple[Any, "str | None"]


def is_form_key(key: str) -> bool:
    """Whether a property's name can be a step of a model's path; digits alone make a list."""
    if not key or key in _INHERITED or (key.isascii() and key.isdigit()):
        return False
    return not any(part in key for part in _PATH_SYNTAX)


def entry_of(row: Field) -> Entry:
    """The field of a setting, or the heading of its class, and how the schema changes it."""
    changed: Mapping[str, Any] = row.x_form or {}
    wanted = wanted_type(changed)
    field = heading(row) if heads_class(row, wanted) else usual_field(row, wanted)
    return Entry(field, changed, row.kinds, row.old_keys, row.secret, row.required)


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


def usual_field(row: Field, wanted: str | None = None) -> FormField:
    """The field of a setting, before the schema changes it; its `model` is the setting's name.

    `wanted` is the `type` of field that the schema's author asks for.
    """
    setting = _Setting.of(row, wanted)
    how = _control(setting)
    if row.secret:
        how = without_values(how, row.kinds, is_secret=True)
    hint, validators = how.pop("hint", None), how.pop("validator", [])
    field: FormField = {**how, "label": _label(row), "model": row.key, **_help(row)}
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
    # The library's `required` would refuse a checklist in which nothing is checked.
    may_be_empty = row.nullable or (field["type"] == "checklist" and not field.get("min"))
    field["required"] = row.required and not may_be_empty
    if field["required"] and field["type"] != "checkbox":
        validators = ["required", *validators]
    if row.read_only:
        # Only text can be read-only in HTML.
        field["readonly" if field["type"] in ("input", "textArea") else "disabled"] = True
    if validators:
        field["validator"] = validators
    return field


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


def _example(setting: _Setting, is_json: bool) -> str | None:
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


def _default(setting: _Setting, field: FormField) -> Any:
    """What an untouched field stands for; what the page shows is what is meant."""
    row, default = setting.row, setting.default
    if default is not None or not row.required or row.filled:
        return default
    if field["type"] == "checkbox":
        return False
    if field["type"] == "checklist" and not field.get("min"):
        return []
    choices = setting.choices
    return choices[0][0] if len(choices) == 1 and not row.nullable else None


# Controls


class _Setting(NamedTuple):
    """What a control is chosen by: a row without null, which an empty field stands for."""

    row: Field
    wanted: str | None
    kinds: tuple[str, ...]
    choices: list[Option]
    default: Any

    @classmethod
    def of(cls, row: Field, wanted: str | None) -> _Setting:
        kinds = tuple(kind for kind in row.kinds if kind != "null")
        text = row.default or row.proposal
        default = None if text is None else json.loads(text)
        return cls(row, wanted, kinds, _named(row.choices, row.choice_names), default)


def _named(values: Sequence[Any], names: Sequence[str | None]) -> list[Option]:
    return [choice for choice in zip_longest(values, names) if choice[0] is not None]


def _control(setting: _Setting) -> FormField:
    """The keys of the field that say how the value is edited, and what the browser checks."""
    choices, kinds, wanted = setting.choices, setting.kinds, setting.wanted
    if wanted == "textArea" and kinds != ("string",):
        return _json_area(setting)
    is_chosen = wanted in ("select", "radios") or any(name is not None for _, name in choices)
    if choices and (kinds != ("boolean",) or is_chosen):
        return _choice_control(setting, choices)
    if kinds == ("boolean",):
        if setting.row.nullable or wanted in ("select", "radios"):
            return _choice_control(setting, [(True, None), (False, None)])
        return {"type": "checkbox"}
    if kinds in (("integer",), ("number",)):
        return _number_control(setting)
    if kinds == ("string",):
        return _text_control(setting)
    items = _named(setting.row.item_choices, setting.row.item_names)
    if kinds == ("array",) and items and _is_plain(items):
        checked = setting.default if is_array(setting.default) else []
        if not any(item in checked[:place] for place, item in enumerate(checked)):
            return _checklist(setting.row, items)
    return _json_area(setting)


def _choice_control(setting: _Setting, choices: Sequence[Option]) -> FormField:
    kind = "radios" if setting.wanted == "radios" else "select"
    plain = _is_plain(choices)
    key = "id" if kind == "select" else "value"
    values: list[Any] = []
    for each, name in choices:
        value = each if plain else json.dumps(each, ensure_ascii=False)
        values.append(value if name is None else {key: value, "name": name})
    return {"type": kind, "values": values, **({} if plain else {"isJson": True})}


def _is_plain(choices: Sequence[Option]) -> bool:
    """Whether the form library keeps all of the choices as they are, and apart."""
    texts = {json.dumps(value).strip('"') for value, _ in choices}
    return len(texts) == len(choices) and all(
        isinstance(value, (str, bool)) or (is_number(value) and _is_exact(value))
        for value, _ in choices
    )


def _is_exact(value: Any) -> bool:
    """Whether JavaScript holds a number exactly."""
    return isinstance(value, float) or abs(value) <= MAX_SAFE_INTEGER


def _checklist(row: Field, choices: Sequence[Option]) -> FormField:
    values = [value if name is None else {"value": value, "name": name} for value, name in choices]
    field: FormField = {"type": "checklist", "listBox": True, "values": values}
    least, most = row.limits.get("minItems"), row.limits.get("maxItems")
    if least:
        field["min"] = least
    if most is not None:
        field["max"] = most
    if least or most is not None:
        field["validator"] = ["array"]
    return field


def _number_control(setting: _Setting) -> FormField:
    row, is_whole, default = setting.row, setting.kinds == ("integer",), setting.default
    if is_number(default) and not _is_exact(default):
        return {"type": "input", "inputType": "text", "isJson": True, "hint": "A whole number"}
    field: FormField = {"type": "input", "inputType": "number"}
    low, high = bounds(row.limits)
    asked: list[str] = []
    for name, (limit, is_excluded), sign, words in (
        ("min", low, 1, "more than"),
        ("max", high, -1, "less than"),
    ):
        if limit is not None and is_whole:
            field[name] = _whole_limit(limit, is_excluded, sign)
        elif limit is not None:
            field[name] = limit
            asked += [f"{words} {limit}"] if is_excluded else []
    step = row.limits.get("multipleOf")
    field["step"] = step if step is not None else 1 if is_whole else "any"
    asked += [f"a multiple of {step}"] if step is not None and step != 1 else []
    hint = " and ".join(asked)
    if hint:
        field["hint"] = hint[0].upper() + hint[1:]
    may_be_empty = not row.required and default is None
    # To the library an emptied number is an invalid one: a check costs the way back to none.
    if is_whole or not may_be_empty or "min" in field or "max" in field:
        field["validator"] = ["integer" if is_whole else "number"]
    return field


def _whole_limit(limit: Any, is_excluded: bool, sign: int) -> int:
    """The first whole number within a limit; `sign` is 1 for lower limits, -1 for upper ones."""
    whole: int = math.ceil(limit) if sign > 0 else math.floor(limit)
    return whole + sign if is_excluded and whole == limit else whole


def _text_control(setting: _Setting) -> FormField:
    row, default = setting.row, setting.default
    shortest, longest = row.limits.get("minLength"), row.limits.get("maxLength")
    is_long = setting.wanted == "textArea" or (
        setting.wanted is None
        and ((longest or 0) >= _LONG_TEXT or (isinstance(default, str) and "\n" in default))
    )
    field: FormField
    if is_long:
        field = {"type": "textArea", "rows": 4}
    else:
        field = {"type": "input", "inputType": _INPUTS.get(row.format, "text")}
    if shortest:
        field["min"] = shortest
    if longest is not None:
        field["max"] = longest
        if not is_long:
            field["maxlength"] = longest
    validators = ["string"] if shortest or longest is not None else []
    pattern = next(filter(_is_javascript, row.patterns), None)
    if pattern is not None:
        field["pattern"] = pattern
        validators.append("regexp")
    if validators:
        field["validator"] = validators
    return field


#: What a field keeps in which a secret is typed.
_OF_SECRETS = ("model", "label", "hint", "help", "id", "readonly", "disabled", "required")
_OF_SECRET_TEXTS = ("min", "max", "maxlength", "pattern", "validator")


def without_values(field: FormField, kinds: Sequence[str], *, is_secret: bool) -> FormField:
    """A field without what the schema says of its value; of a secret, one that hides what is typed.

    Text stays text there, all else is JSON in an input for passwords, but for a checkbox.
    """
    field = {key: value for key, value in field.items() if key not in ("default", "placeholder")}
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


def _is_javascript(pattern: str) -> bool:
    """Whether `new RegExp(pattern)` means what the schema means."""
    return pattern.isascii() and not any(syntax in pattern for syntax in _UNICODE_SYNTAX)


def _json_area(setting: _Setting) -> FormField:
    hint = f"JSON: {content_text(content_of(setting.row))}"
    return {"type": "textArea", "rows": 4, "isJson": True, "hint": hint}
