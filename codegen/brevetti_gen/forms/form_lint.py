"""What is doubtful in a platform form, as the form library will show it.

Facts of vue-form-generator 2.3.4, measured in a browser. Nothing here keeps a form from being
imported: what no setting can hold stays in the form as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from brevettiai.form.describe import is_form_key
from brevettiai.form.fields import dom_id
from brevettiai.messages.words import guess

from ..json_values import is_array, is_object
from ..schema.dialects import Pointer
from .field_values import carries_value, is_box, kind_of, read_choices, validators_of
from .item_fields import lists_of_items
from .untouched import MAX_MODEL_DEPTH, steps_of, value_at

#: A message, where, and what to do about it.
Remark: TypeAlias = tuple[str, Pointer, str | None]

TYPES = frozenset(
    """input textArea checkbox checklist select radios label submit upload switch rangeSlider
    noUiSlider vueMultiSelect dateTimePicker pikaday spectrum cleave masked selectEx image
    googleAddress staticMap""".split()
)
VALIDATORS = frozenset(
    """required number integer double string array date regexp email url creditCard alpha
    alphaNumeric""".split()
)
_LISTED = frozenset(["select", "radios", "checklist"])


def entries_of(form: Mapping[str, Any]) -> Iterator[tuple[Pointer, Any]]:
    """All entries of a form with their pointers, those of groups behind the others."""
    fields, groups = form.get("fields"), form.get("groups")
    for position, entry in enumerate(fields if is_array(fields) else ()):
        yield ("fields", position), entry
    for number, group in enumerate(groups if is_array(groups) else ()):
        inner = group.get("fields") if is_object(group) else None
        for position, entry in enumerate(inner if is_array(inner) else ()):
            yield ("groups", number, "fields", position), entry


def remarks(form: Mapping[str, Any]) -> Iterator[Remark]:
    """What of a form will not work as it stands."""
    yield from _document_remarks(form)
    entries = list(entries_of(form))
    for pointer, entry in entries:
        if is_object(entry):
            yield from field_remarks(pointer, entry)
        else:
            what = "null" if entry is None else "what is no object"
            yield f"{what} among the fields breaks the whole form", pointer, "remove it"
    lists = lists_of_items(form, [entry for _, entry in entries])
    of_items = {entries[number][0] for numbers in lists.values() for number in numbers}
    yield from _text_remarks(form, entries)
    yield from _model_remarks([each for each in entries if each[0] not in of_items])


def improvements(form: Mapping[str, Any], checks: bool = True) -> Iterator[Remark]:
    """What works and could be better: texts taken for HTML, ids, `checks` that nothing makes."""
    taken: dict[str, str] = {}
    unchecked = 0
    for pointer, entry in entries_of(form):
        if not is_object(entry):
            continue
        for key in ("label", "help", "hint"):
            text = entry.get(key)
            if isinstance(text, str) and ("<" in text or "&" in text.replace("&amp;", "")):
                message = f'"{key}" is inserted into the page as HTML'
                yield message, (*pointer, key), "write &lt; and &amp; where text is meant"
        name, label = dom_id(entry), str(entry.get("label", ""))
        if name in taken and carries_value(entry) and "model" in entry:
            message = (
                f"{label!r} and {taken[name]!r} get the same id {name!r} in the page, so a click "
                "on one label can change the other field"
            )
            yield message, pointer, 'give one of them an "id"'
        taken.setdefault(name, label)
        limits = any(entry.get(key) is not None for key in ("min", "max", "required"))
        limited = kind_of(entry) in ("input", "checklist") and limits
        unchecked += bool(limited and not validators_of(entry))
    if unchecked and checks:
        fields = "field has" if unchecked == 1 else "fields have"
        message = f"{unchecked} {fields} limits, but no validator, so the form enforces none"
        hint = 'without "omit": ["validator"] in x-form of the schema, its form checks them'
        yield message, (), hint


def _document_remarks(form: Mapping[str, Any]) -> Iterator[Remark]:
    if not is_array(form.get("fields", [])):
        yield '"fields" is no list, so it shows nothing', ("fields",), None
    groups = form.get("groups", [])
    if not is_array(groups):
        yield '"groups" is no list, so it shows nothing', ("groups",), None
    for number, group in enumerate(groups if is_array(groups) else ()):
        if not is_object(group):
            message = "a group that is no object breaks the whole form"
            yield message, ("groups", number), "remove it"
        elif not is_array(group.get("fields", [])):
            yield '"fields" of a group is no list', ("groups", number, "fields"), None
    presets = form.get("presets")
    if presets is not None and not is_object(presets):
        yield '"presets" is no object of partial form models by name', ("presets",), None


def field_remarks(pointer: Pointer, field: Mapping[str, Any]) -> Iterator[Remark]:
    """What of an entry of a form will not work."""
    kind = kind_of(field)
    if kind not in TYPES:
        what = (
            f"the form library has no type {field['type']!r}"
            if "type" in field
            else "no type is given"
        )
        yield f"{what}: nothing is drawn", (*pointer, "type"), near_type(kind)
    if kind == "input" and not isinstance(field.get("inputType"), str):
        yield 'an input without "inputType" is not drawn', pointer, 'such as "number" or "text"'
    values = field.get("values")
    if kind in _LISTED and not is_array(values):
        yield f'a {kind} without a list of "values" offers nothing', pointer, None
    elif kind in _LISTED and is_array(values):
        yield from _choice_remarks(pointer, field, values)
    for name in validators_of(field):
        if not isinstance(name, str) or name not in VALIDATORS:
            message = f"there is no validator {name!r}: the whole form's validation fails"
            yield message, (*pointer, "validator"), f"there are {', '.join(sorted(VALIDATORS))}"


def _choice_remarks(pointer: Pointer, field: Mapping[str, Any], values: Any) -> Iterator[Remark]:
    kind = kind_of(field)
    options_key, key = ("selectOptions", "id") if kind == "select" else (f"{kind}Options", "value")
    options = field.get(options_key)
    named = is_object(options) and "value" in options
    for number, value in enumerate(values):
        if is_object(value) and not named and key not in value:
            message = f"a choice of a {kind} needs the key {key!r}"
            yield message, (*pointer, "values", number), f'{{"{key}": …, "name": …}}'
    default = field.get("default")
    offered = [value for value, _ in read_choices(field)]
    is_text = isinstance(default, str) and not field.get("isJson")
    if kind == "select" and offered and is_text and default not in offered:
        message = f"the default {default!r} is not among the values, so it is not shown"
        yield message, (*pointer, "default"), None


def _text_remarks(form: Mapping[str, Any], entries: list[tuple[Pointer, Any]]) -> Iterator[Remark]:
    """Texts where a box is ticked or not: to the library each of them is true."""
    presets: Any = form.get("presets")
    for pointer, entry in entries:
        if not is_object(entry) or not is_box(entry):
            continue
        default, steps = entry.get("default"), steps_of(entry.get("model"))
        if isinstance(default, str) and default not in ("", "true"):
            message = f"the default {default!r} is a text: the box is ticked, and the setting true"
            yield message, (*pointer, "default"), "write true or false"
        for name, preset in presets.items() if steps and is_object(presets) else ():
            value = value_at(preset, steps)
            if isinstance(value, str) and value not in ("", "true"):
                message = f"the preset {name!r} has the text {value!r} here: the box is ticked"
                hint = "loading reads what the text says; write true or false"
                yield message, ("presets", name, *steps), hint


def near_type(kind: str) -> str | None:
    """A hint at the type of field that `kind` was meant to be."""
    return guess(kind, sorted(TYPES)) or None


def _model_remarks(entries: list[tuple[Pointer, Any]]) -> Iterator[Remark]:
    """Models that edit no setting of their own."""
    models = [
        (pointer, entry["model"])
        for pointer, entry in entries
        if is_object(entry) and "model" in entry and carries_value(entry)
    ]
    paths = [tuple(model.split(".")) for _, model in models if isinstance(model, str)]
    inner = {p[:length] for p in paths for length in range(1, min(len(p), MAX_MODEL_DEPTH + 1))}
    seen: Counter[str] = Counter()
    for pointer, model in models:
        place = (*pointer, "model")
        if not isinstance(model, str):
            yield '"model" is no text, so the field edits nothing', place, None
            continue
        path = tuple(model.split("."))
        seen[model] += 1
        if len(path) > MAX_MODEL_DEPTH:
            yield f'"model" goes deeper than {MAX_MODEL_DEPTH} levels', place, None
        elif not all(map(is_form_key, path)):
            hint = "names joined by dots, such as image.width"
            yield f"the form library reads the model {model!r} in several ways", place, hint
        elif path in inner:
            message = f"other fields lie inside the model {model!r}: the last edited one wins"
            yield message, place, "give one of them another model"
        elif seen[model] == 2:
            message = f"several fields have the model {model!r}; the setting is that of the first"
            yield message, place, None
