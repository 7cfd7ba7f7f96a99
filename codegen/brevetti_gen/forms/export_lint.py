"""What a form cannot express of a schema."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from brevettiai.form.fields import Entry, is_json_text
from brevettiai.form.models import class_form
from brevettiai.settings import Settings

from ..json_values import is_array, is_object
from ..problems import Problem
from ..schema.keywords import KEYWORDS

#: How grave it is, a message, what to do about it.
_Remark: TypeAlias = tuple[Literal["warning", "note"], str, "str | None"]

#: Keywords by which properties of an object depend on each other.
_CONDITIONS = tuple(
    keyword.name
    for keyword in KEYWORDS.values()
    if keyword.changed_by_fills
    and keyword.beside is None
    and (keyword.kind == "object" or (keyword.in_place and keyword.holds))
)


def inexpressible(cls: type[Settings], name: str) -> list[Problem]:
    """What the form of `cls`, whose schema messages call `name`, cannot express."""
    found = [*_parts(cls, (), (cls,)), *_conditions(cls)]
    return [
        Problem(text, name, severity=severity, hint=hint, code="form-limits")
        for severity, text, hint in found
    ]


def _parts(
    cls: type[Settings], at: tuple[str, ...], above: tuple[type[Settings], ...]
) -> Iterator[_Remark]:
    form = class_form(cls)
    if form.layout:
        return  # imported: the form's author has chosen
    for field in cls.__brevetti__.fields():
        path = (*at, field.key)
        place = ".".join(path)
        entry = form.entries.get(field.key)
        if entry is None:
            hint = "the form library reads dots and brackets in names as paths"
            yield "warning", f"{place!r} has no field: no form can have a field of that name", hint
            continue
        inner = field.cls if field.key in form.nested else None
        if inner is not None and inner in above:
            yield "warning", f"{place} is left out: it contains itself", None
        elif inner is not None:
            yield from _parts(inner, path, (*above, inner))
        elif is_json_text(entry.shown) and not _is_chosen(entry):
            hint = str(entry.shown.get("hint", ""))
            yield "note", f"{place} is edited as JSON text", html.unescape(hint) or None


def _is_chosen(entry: Entry) -> bool:
    """Whether the schema's author has chosen the field by `x-form`."""
    return not {"type", "isJson"}.isdisjoint(entry.changes.get("set", {}))


def _conditions(cls: type[Settings]) -> Iterator[_Remark]:
    """Objects with conditions that only loading checks."""
    found = sorted({keyword for node in _objects(cls.json_schema()) for keyword in node})
    if found:
        what = ", ".join(found)
        hint = "a form that breaks them is refused when it is loaded, with the labels of its fields"
        yield "note", f"conditions between settings ({what}) are not checked by the form", hint


def _objects(schema: Any) -> Iterator[list[str]]:
    """For each schema of an object with properties, its keywords that are conditions."""
    ahead = [schema]
    while ahead:
        node = ahead.pop()
        if is_array(node):
            ahead += node
        elif is_object(node):
            if "properties" in node:
                yield [keyword for keyword in _CONDITIONS if keyword in node]
            inner = {k: v for k, v in node.items() if k not in ("default", "enum", "const")}
            ahead += [v for k, v in inner.items() if not k.startswith("x-")]
