"""A platform form to a JSON Schema that gives the same form back, key order included.

What the schema says, the canonical form says too; what is left of the original goes under
`x-form`: at a property how its field differs, at the root the order of the entries, those that no
property can hold, and the rest of the document.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from ..json_values import is_object
from ..problems import Problem
from ..read.document import Document
from ..schema.dialects import Pointer
from ..schema.documents import Schema
from ..schema.verdicts import JudgeOf
from .field_values import FormRanges, value_schema
from .form_lint import improvements, remarks
from .item_fields import list_schema
from .residual import (
    Path,
    Plan,
    Whole,
    add_changes,
    add_layout,
    add_presets,
    exactly,
    find_headings,
    model_path,
)
from .tidying import Tidying
from .untouched import untouched_model, value_at

#: Keywords of the schema of a setting, and the keys of its field that say the same.
_SAID_BY = {
    "title": ("label",),
    "description": ("help", "hint"),
    "default": ("default",),
    "enum": ("values",),
    "items": ("values",),
    "minimum": ("min",),
    "maximum": ("max",),
    "maxLength": ("max",),
    "readOnly": ("readonly",),
}


class Imported(NamedTuple):
    """A form as a JSON Schema.

    Attributes:
        schema: the schema.
        problems: what is doubtful in the form; nothing in a form keeps it from being imported.
        places: by pointer into the schema, the pointer into the form that it comes from.
    """

    schema: dict[str, Any]
    problems: list[Problem]
    places: dict[Pointer, Pointer]


def schema_of_form(
    document: Document,
    judge_of: JudgeOf,
    ranges: FormRanges = "limits",
    *,
    thorough: bool = False,
    tidy: bool = False,
) -> Imported:
    """The JSON Schema of a form; `thorough` tells too what could be better in the form.

    It gives exactly the same form back; a `tidy` one gives one that loads as the same.
    What the form says becomes classes first, whose canonical form it is compared with; the judge
    tells which presets fit them.
    """
    form = document.value
    assert is_object(form)
    found = {
        "form-field": remarks(form),
        "form-advice": improvements(form, not tidy) if thorough else (),
    }
    warnings = [
        replace(document.problem(code, text, pointer, hint), severity="warning")
        for code, remarked in found.items()
        for text, pointer, hint in remarked
    ]
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {},
    }
    plan = Plan.of(schema, form)
    _place_fields(plan, form.get("presets"), untouched_model(form), ranges)
    for number in plan.loose_items:
        pointer, entry = plan.entries[number]
        text = (
            f"the items of the model {entry['model']!r} are no list of one kind; it stays a field"
        )
        warnings.append(replace(document.problem("form-field", text, pointer), severity="warning"))
    find_headings(plan)
    tidying = Tidying(plan) if tidy else None
    if tidying:
        tidying.find_headings()
    whole = Whole(schema, judge_of)
    add_changes(plan, whole, tidying.wanted if tidying else exactly)
    for at, text in add_presets(schema, form, whole):
        problem = document.problem("form-preset", text, ("presets", *at))
        warnings.append(replace(problem, severity="warning"))
    if tidying:
        tidying.add_layout(form, whole)
        warnings += tidying.problems(document)
    else:
        add_layout(plan, form, whole)
    return Imported(schema, warnings, _places(plan))


def schemas_of_forms(
    documents: Iterable[Document], judge_of: JudgeOf, ranges: FormRanges
) -> tuple[list[Schema], list[Problem]]:
    """The step from forms to schemas; `ranges` says what `min` and `max` of fields mean."""
    schemas: list[Schema] = []
    problems: list[Problem] = []
    for document in documents:
        form = schema_of_form(document, judge_of, ranges)
        problems += form.problems
        schemas.append(Schema(document, form.schema, is_form=True, places=form.places))
    return schemas, problems


# Settings and headings


def _place_fields(plan: Plan, presets: Any, model: dict[str, Any], ranges: FormRanges) -> None:
    """Find the entry of each setting, and put its schema at its path.

    `model` is what the library makes of the form untouched, which has to load.
    """
    _choose_fields(plan, model)
    _place_lists(plan, presets, model, ranges)
    for path, number in plan.fields.items():
        entry = plan.entries[number][1]
        own = [value for preset in _values(presets) for value in _at(preset, path)]
        prop: dict[str, Any] = {}
        title, text = entry.get("label"), entry.get("help") or entry.get("hint")
        if isinstance(title, str) and title.strip():
            prop["title"] = html.unescape(title)
        if isinstance(text, str) and text.strip():
            prop["description"] = html.unescape(text)
        if entry.get("readonly") is True:
            prop["readOnly"] = True
        # A default of another field is in the model first, where that lies around this one.
        opened = _at(model, path)
        field = {**entry, "default": opened[0]} if opened else entry
        prop.update(value_schema(field, own, ranges))
        _object_at(plan, path[:-1])["properties"][path[-1]] = prop
        plan.schemas[path] = prop


def _place_lists(plan: Plan, presets: Any, model: dict[str, Any], ranges: FormRanges) -> None:
    """Put the schemas of lists at their paths of which each item has a field."""
    for path, numbers in plan.lists.items():
        fields = [plan.entries[number][1] for number in numbers]
        own = [value for preset in _values(presets) for value in _at(preset, path)]
        prop = list_schema(fields, value_at(model, path, None), own, ranges)
        if prop is not None:
            plan.items[path] = numbers
            _object_at(plan, path[:-1])["properties"][path[-1]] = prop
            plan.schemas[path] = prop


def _choose_fields(plan: Plan, model: dict[str, Any]) -> None:
    """Find the entry of each setting.

    Of several for one setting, the first whose default is in the model. Where fields lie inside
    another's value, those inside are settings, unless the model has a value without parts there.
    """
    for number, (_, entry) in enumerate(plan.entries):
        path = model_path(entry)
        known = plan.fields.get(path, -1) if path is not None else -1
        is_better = known < 0 or ("default" in entry and not plan.has_default(known))
        if path is not None and is_better:
            plan.fields[path] = number
    for path in list(plan.fields):
        above = (value_at(model, path[:length], None) for length in range(1, len(path)))
        if any(value is not None and not is_object(value) for value in above):
            del plan.fields[path]
    inner_nodes = {path[:length] for path in plan.fields for length in range(1, len(path))}
    for path in inner_nodes.intersection(plan.fields):
        del plan.fields[path]


def _object_at(plan: Plan, path: Path) -> dict[str, Any]:
    """The schema of the object at `path`, made if it is not there."""
    if not path:
        return plan.schema
    if path not in plan.schemas:
        made: dict[str, Any] = {"type": "object", "properties": {}}
        _object_at(plan, path[:-1])["properties"][path[-1]] = made
        plan.schemas[path] = made
    return plan.schemas[path]


def _values(presets: Any) -> list[Any]:
    return list(presets.values()) if is_object(presets) else []


def _at(model: Any, path: Path) -> list[Any]:
    """The value at a path of a form model, if there is one."""
    for key in path:
        if not is_object(model) or key not in model:
            return []
        model = model[key]
    return [model]


def _places(plan: Plan) -> dict[Pointer, Pointer]:
    """Where in the form the parts of the schema come from."""
    places: dict[Pointer, Pointer] = {}
    for pointer in _members(plan.schema.get("x-presets", {}), ("presets",)):
        places[("x-presets", *pointer[1:])] = pointer
    firsts = [(path, numbers[0]) for path, numbers in plan.items.items()]
    for path, number in [*plan.fields.items(), *plan.headings.items(), *firsts]:
        pointer, entry = plan.entries[number]
        places[_pointer(path)] = pointer
        for keyword, keys in _SAID_BY.items():
            said = [key for key in keys if key in entry]
            places |= {(*_pointer(path), keyword): (*pointer, key) for key in said[:1]}
    return places


def _members(value: Any, pointer: Pointer) -> Iterator[Pointer]:
    """The pointers to a value and to all members of objects in it."""
    yield pointer
    for key, inner in value.items() if is_object(value) else ():
        yield from _members(inner, (*pointer, key))


def _pointer(path: Path) -> Pointer:
    """Where the setting or object at a path lies in the schema."""
    return tuple(step for key in path for step in ("properties", key))
