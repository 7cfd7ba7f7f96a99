"""What the platform's form will show badly of a schema, told at its properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from brevettiai.compiled import Field
from brevettiai.form.controls import first_within
from brevettiai.form.describe import is_form_key, words_of
from brevettiai.messages.values import bounds

from ..json_values import is_object
from ..model.fields import field_of, first_text, x_form_of
from ..model.types import Model, Property, SettingsClass
from ..problems import Problem
from ..schema.documents import problem_at
from ..schema.nodes import Node

NAME_HINT = "the form library reads dots and brackets in names as paths"
LIMIT_HINT = "no field leaves out a limit itself: give a step by multipleOf, or a limit that fits"
_SCALARS = frozenset(["string", "integer", "number", "boolean"])


def shown_badly(model: Model) -> Iterator[Problem]:
    """Warnings about the fields of schemas; those of forms are as their authors chose."""
    for module in model.modules:
        if not module.root.document.is_form:
            for cls in module.classes:
                yield from _fields(cls, model)


def reached_limit(row: Field) -> Any:
    """A limit that the field of a number reaches and the number must not; None without one.

    With steps, the last number within the limit stands for it.
    """
    if tuple(kind for kind in row.kinds if kind != "null") != ("number",) or row.choices:
        return None
    multiple = row.limits.get("multipleOf")
    return next(
        (
            limit
            for (limit, is_excluded), sign in zip(bounds(row.limits), (1, -1), strict=True)
            if is_excluded and first_within(limit, True, sign, multiple, is_whole=False) == limit
        ),
        None,
    )


def _fields(cls: SettingsClass, model: Model) -> Iterator[Problem]:
    labels: dict[str, str] = {}
    for prop in cls.properties:
        node = (*prop.nodes, cls.node)[0]
        form = x_form_of(prop.notes).get("set", {})
        changes = form if is_object(form) else {}
        label = str(changes.get("label") or first_text(prop.notes, "title") or words_of(prop.key))
        other = labels.setdefault(label.casefold(), prop.key)
        if other != prop.key:
            text = f"{prop.key!r} and {other!r} have the same label, {label!r}"
            hint = 'give them a "title" of their own'
            yield problem_at(node, "same-label", text, hint, warning=True)
        if not is_form_key(prop.key):
            text = f"no form can have a field of the name {prop.key!r}"
            yield problem_at(node, "form-limits", text, NAME_HINT, warning=True)
        elif not changes.keys() & {"type", "isJson"}:
            yield from _as_json(prop, node, model)
            limit = reached_limit(field_of(prop, model))
            if limit is not None:
                text = f"the field of {prop.key!r} takes {limit}, which loading refuses"
                yield problem_at(node, "form-limits", text, LIMIT_HINT, warning=True)


def _as_json(prop: Property, node: Node, model: Model) -> Iterator[Problem]:
    """Text or something else: in JSON the text stands in quotes, which nobody types."""
    kinds = model.shapes.admitted(prop.shape or prop.nodes) - {"null"}
    has_choices = model.shapes.constants(prop.shape or prop.nodes) is not None
    if kinds <= _SCALARS and "string" in kinds and len(kinds) > 1 and not has_choices:
        text = f"the field of {prop.key!r} takes JSON, so people have to put text in quotes"
        hint = "give it one type"
        yield problem_at(node, "form-json", text, hint, warning=True)
