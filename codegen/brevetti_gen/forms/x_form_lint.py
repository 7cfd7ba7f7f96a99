"""What is wrong with the `x-form` of a schema: it would be passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from brevettiai.form.fields import is_outline
from brevettiai.form.placing import FormTooLarge, placed_fields_of
from brevettiai.messages.words import guess

from ..json_values import is_array, is_object
from ..model.fields import field_of, x_form_of
from ..model.types import Model, SettingsClass
from ..problems import Problem
from ..schema.documents import problem_at
from ..schema.nodes import Node
from ..schema.resolve import Index
from ..schema.verdicts import Judge, TooCostly
from .class_forms import form_of_model, layout_in_schema
from .field_values import kind_of, read_choices
from .form_lint import TYPES, field_remarks, near_type

_AT_PROPERTY = ("set", "omit", "order", "items")
_AT_ROOT = ("entries", "document")

#: A message, where below the node, and what to do about it.
_Fault: TypeAlias = tuple[str, tuple[str | int, ...], str | None]


def check_x_form(index: Index) -> list[Problem]:
    """The faults in the shape of every `x-form`, as warnings."""
    return [
        problem_at(node, "x-form", message, hint, at=("x-form", *at), warning=True)
        for node in index.saying("x-form")
        if node.get("x-form") is not None
        for message, at, hint in [
            *_faults(node.get("x-form"), is_root=not node.pointer),
            *_unknown_type(node),
        ]
    ]


def _unknown_type(node: Node) -> Iterator[_Fault]:
    """A type of field that a schema asks for, and the form library has not."""
    if node.document.is_form:
        return  # the import has told it
    given = node.get("x-form")
    changed = given.get("set") if is_object(given) else None
    if is_object(changed) and "type" in changed and kind_of(changed) not in TYPES:
        message = f"the form library has no type {changed['type']!r}: nothing is drawn"
        yield message, ("set", "type"), near_type(kind_of(changed))


def _faults(given: Any, is_root: bool) -> Iterator[_Fault]:
    known = _AT_ROOT if is_root else _AT_PROPERTY
    if not is_object(given):
        yield "x-form must be an object", (), f"with {', '.join(known)}"
        return
    for key in given:
        if key not in known:
            near = guess(key, known)
            hint = near or f"x-form has {', '.join(known)} here"
            if not is_root and key in _AT_ROOT:
                hint = "the form is laid out at the root of the schema, by the paths of all fields"
            elif not near and not is_root:
                hint = f'facts of the field go under "set": {{"set": {{"{key}": …}}}}'
            yield f"x-form has no {key!r}, so it is passed over", (key,), hint
    for key, kind in (*(("set", dict), ("document", dict), ("entries", list), ("items", list)),):
        if key in given and key in known and not isinstance(given[key], kind):
            what = "an object" if kind is dict else "a list"
            yield f"{key!r} of x-form must be {what}, so it is passed over", (key,), None
    document = given.get("document")
    if is_root and is_object(document) and not is_outline(document):
        message = "'document' of x-form must say how many entries each list of fields has"
        hint = 'such as {"fields": 3}; it is passed over'
        yield message, ("document",), hint
    for key in ("omit", "order"):
        names = given.get(key, [])
        if not is_array(names) or not all(isinstance(name, str) for name in names):
            yield f"{key!r} of x-form must be a list of names", (key,), None
    changed = given.get("set")
    if is_object(changed) and "model" in changed and not is_root:
        yield "the model of a field is the property's path, whatever x-form says", ("set",), None


def check_forms(model: Model, judge: Judge) -> list[Problem]:
    """What no longer fits between the schemas and the facts that `x-form` keeps of their forms."""
    problems: list[Problem] = []
    for module in model.modules:
        for cls in module.classes:
            problems += _property_problems(cls, model)
        if module.root_class is not None:
            problems += _layout_problems(module.root_class, model, judge)
    return problems


def _property_problems(cls: SettingsClass, model: Model) -> Iterator[Problem]:
    for prop in cls.properties:
        form = x_form_of(prop.notes)
        changed: Mapping[str, Any] = form.get("set", {})
        if not is_array(changed.get("values")):
            continue
        row = field_of(prop, model)
        field = {"type": "select", **changed}
        choices = [value for value in row.choices if value is not None]
        allowed = choices or [value for value in row.item_choices if value is not None]
        offered = [value for value, _ in read_choices(field)]
        wrong = [value for value in offered if value is not None and value not in allowed]
        if allowed and wrong:
            message = f"the form of {prop.key!r} offers {wrong[0]!r}, which the schema refuses"
            hint = 'change "values" under "x-form", or leave it out'
            yield problem_at(prop.nodes[0], "x-form", message, hint, warning=True)


def _layout_problems(cls: SettingsClass, model: Model, judge: Judge) -> Iterator[Problem]:
    entries = layout_in_schema(cls).get("entries", ())
    try:
        named = any(isinstance(entry, str) for entry in entries)
        placed = placed_fields_of(form_of_model(cls, model, judge.fits)) if named else ()
    except (FormTooLarge, TooCostly):
        return
    known = {".".join(path) for path, _ in placed}
    seen: set[str] = set()
    is_written = not cls.node.document.is_form
    for number, entry in enumerate(entries):
        at, found = ("x-form", "entries", number), []
        if not isinstance(entry, str):  # what is wrong with those of forms the import has told
            found = [*field_remarks(at, entry)] if is_object(entry) and is_written else []
        elif entry not in known:
            message = f"there is no field {entry!r}, so the form leaves this entry out"
            found = [(message, at, guess(entry, sorted(known)) or None)]
        elif entry in seen:
            message = f"{entry!r} is listed before, so the form has two fields of one setting"
            found = [(message, at, None)]
        for message, place, hint in found:
            yield problem_at(cls.node, "x-form", message, hint, at=place, warning=True)
        seen.update([entry] if isinstance(entry, str) else [])
