"""The fields of the platform's forms, one function per kind of field.

Each gives the field's document. `label` is the text beside the field, `model` the dotted path of
its value in the form model, `default` the value it starts with; further keyword arguments are
facts of the form language (`help`, `visible`, `readonly`, ...) and are added as they are. Texts
are shown to people as HTML by the form library.
"""

from __future__ import annotations

from brevettiai.json_values import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Field = dict[str, Any]


def json_text(value: Any, indent: int | None = None, sort_keys: bool = True) -> str:
    """The JSON text of a value, in which modules are configs and sets are lists."""
    import json

    value = plain(value)
    try:
        return json.dumps(value, indent=indent, sort_keys=sort_keys)
    except TypeError:
        if not sort_keys:
            raise
        return json_text(value, indent, sort_keys=False)  # keys of several types have no order


def _text(value: Any, indent: int | None = None) -> str:
    return value if isinstance(value, str) else json_text(value, indent)


def label(label: str, **facts: Any) -> Field:
    """A heading. The fact `tag` is the path of the object whose fields it heads."""
    return {"type": "label", "label": label, **facts}


def number_input(
    label: str,
    model: str,
    default: float | None,
    required: bool = False,
    min: float | None = 0,
    max: float | None = 100,
    step: float | None = 1,
    **facts: Any,
) -> Field:
    """A number, typed in or counted up and down between `min` and `max` by `step`."""
    kind = {"type": "input", "inputType": "number", "min": min, "max": max, "step": step}
    return _input(kind, label, model, default, required, facts)


def text_input(
    label: str,
    model: str,
    default: Any = "",
    required: bool = False,
    json: bool = False,
    **facts: Any,
) -> Field:
    """A line of text; with `json`, of JSON text. A default that is no text becomes JSON text."""
    kind = {"type": "input", "inputType": "text", "isJson": json}
    return _input(kind, label, model, _text(default), required, facts)


def text_area(
    label: str,
    model: str,
    default: Any,
    required: bool = False,
    hint: str = "",
    max: int = 5000,
    placeholder: str = "",
    rows: int = 4,
    json: bool = False,
    **facts: Any,
) -> Field:
    """Several lines of text, at most `max` characters; with `json`, of JSON text."""
    kind = {
        "type": "textArea",
        "hint": hint,
        "placeholder": placeholder,
        "rows": rows,
        "max": max,
        "isJson": json,
    }
    return _input(kind, label, model, _text(default, indent=2), required, facts)


def checkbox(
    label: str, model: str, default: bool | None, required: bool = False, **facts: Any
) -> Field:
    """A box to tick."""
    return _input({"type": "checkbox"}, label, model, default, required, facts)


def checklist(
    label: str,
    model: str,
    default: Iterable[Any] | None,
    values: Iterable[Any],
    required: bool = False,
    dropdown: bool = True,
    **facts: Any,
) -> Field:
    """Any number of `values`, ticked in a list that drops down or stands open."""
    kind = {"type": "checklist", "listbox": not dropdown, "values": plain(list(values))}
    return _input(kind, label, model, plain(default), required, facts)


def select(
    label: str,
    model: str,
    default: Any,
    values: Iterable[Any],
    required: bool = False,
    json: bool = False,
    **facts: Any,
) -> Field:
    """One of `values`; values that are no text are offered as JSON text, read back with `json`."""
    texts = [_text(value, indent=2) for value in values]
    kind = {"type": "select", "values": texts, "isJson": json}
    return _input(kind, label, model, _text(default, indent=2), required, facts)


def field_classes(
    label: str = "Classes as json list",
    model: str = "classes",
    default: Any = "",
    required: bool = False,
    **kwargs: Any,
) -> Field:
    """The classes of a classifier, a JSON list of names, which the platform fills in."""
    field = text_input(label, model, default, required, json=True)
    return {**field, "kwargs": kwargs, "criterionType": "classes"}


def field_class_mapping(
    label: str = "Class mapping",
    model: str = "class_mapping",
    default: Any = "",
    required: bool = False,
    hint: str = "Json mapping from folder name to class",
    **kwargs: Any,
) -> Field:
    """The mapping from folder names to classes, as JSON, which the platform fills in."""
    field = text_area(label, model, default, required, hint=hint, json=True)
    return {**field, "kwargs": kwargs, "criterionType": "class_mapping"}


def _input(
    kind: Field, label: str, model: str, default: Any, required: bool, facts: Field
) -> Field:
    about = {"label": label, "model": model, "default": default, "required": required}
    return {**kind, **about, **facts}
