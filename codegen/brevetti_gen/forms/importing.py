"""A platform form to a JSON Schema that gives the same form back, key order included.

What the schema says, the canonical form says too; what is left of the original goes under
`x-form`: at a property how its field differs, at the root the order of the entries, those that no
property can hold, and the rest of the document.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from brevettiai.compiled import Field
from brevettiai.form.describe import heading, is_form_key, usual_field
from brevettiai.form.documents import MAX_FIELDS, form_fields, form_presets, with_lists
from brevettiai.form.fields import ClassForm, FormField, is_same, with_changes
from brevettiai.form.models import config_of

from ..json_values import is_array, is_object
from ..model.build import build
from ..model.fields import field_of
from ..model.types import Fill, Property, SettingsClass
from ..problems import Problem
from ..read.document import Document
from ..schema.dialects import Pointer
from ..schema.documents import Schema
from ..schema.nodes import Unfiled
from ..schema.resolve import Index
from ..schema.verdicts import JudgeOf
from ..workbench.lint.doubts import existing_path
from ..workbench.lint.presets import misfits
from .class_forms import form_of_model
from .field_values import FormRanges, carries_value, value_schema
from .form_lint import MAX_MODEL_DEPTH, entries_of, improvements, remarks

Path = tuple[str, ...]

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


@dataclass
class _Plan:
    """Which entry of a form is what.

    Attributes:
        entries: all entries of the form in reading order, with their pointers.
        fields: by path, the number of the entry that edits the setting.
        headings: by path of an object, the number of the entry that heads it.
        schemas: the schemas of settings and objects by path; part of `schema`.
    """

    schema: dict[str, Any]
    entries: list[tuple[Pointer, Any]]
    fields: dict[Path, int] = field(default_factory=dict[Path, int])
    headings: dict[Path, int] = field(default_factory=dict[Path, int])
    schemas: dict[Path, dict[str, Any]] = field(default_factory=dict[Path, dict[str, Any]])


def schema_of_form(
    document: Document, judge_of: JudgeOf, ranges: FormRanges = "limits", *, thorough: bool = False
) -> Imported:
    """The JSON Schema of a form; `thorough` tells too what could be better in the form.

    What the form says becomes classes first, whose canonical form it is compared with; the judge
    tells which presets fit them.
    """
    form = document.value
    assert is_object(form)
    found = {"form-field": remarks(form), "form-advice": improvements(form) if thorough else ()}
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
    plan = _Plan(schema, list(entries_of(form)))
    _place_fields(plan, form.get("presets"), ranges)
    _find_headings(plan)
    whole = _Whole(schema, judge_of)
    _add_changes(plan, whole)
    for at, text in _add_presets(schema, form, whole):
        problem = document.problem("form-preset", text, ("presets", *at))
        warnings.append(replace(problem, severity="warning"))
    _add_layout(plan, form, whole)
    return Imported(schema, warnings, _places(plan))


def add_form(schema: dict[str, Any], form: Mapping[str, Any], judge_of: JudgeOf) -> None:
    """Say in `schema`, whose properties a form edits, all by which its form is `form`.

    Objects may be definitions of their own; the last field of what several share counts.
    """
    plan = _Plan(schema, list(entries_of(form)))
    for number, (_, entry) in enumerate(plan.entries):
        path = model_path(entry)
        node = None if path is None else _node_at(schema, path)
        if path is not None and node is not None:
            plan.fields.setdefault(path, number)
            plan.schemas[path] = node
            for parent in (path[:length] for length in range(1, len(path))):
                plan.schemas[parent] = _node_at(schema, parent) or {}
    _find_headings(plan, titles=False)
    whole = _Whole(schema, judge_of)
    _add_changes(plan, whole)
    _add_layout(plan, form, whole)


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


def _place_fields(plan: _Plan, presets: Any, ranges: FormRanges) -> None:
    """Find the entry of each setting, and put its schema at its path."""
    for number, (_, entry) in enumerate(plan.entries):
        path = model_path(entry)
        if path is not None:
            plan.fields.setdefault(path, number)
    inner_nodes = {path[:length] for path in plan.fields for length in range(1, len(path))}
    for path in inner_nodes.intersection(plan.fields):
        del plan.fields[path]
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
        prop.update(value_schema(entry, own, ranges))
        _object_at(plan, path[:-1])["properties"][path[-1]] = prop
        plan.schemas[path] = prop


def model_path(entry: Any) -> Path | None:
    """The path of the setting that an entry edits; None for one that edits none."""
    model = entry.get("model") if is_object(entry) else None
    if not isinstance(model, str) or not carries_value(entry):
        return None
    path = tuple(model.split("."))
    if len(path) > MAX_MODEL_DEPTH or not all(map(is_form_key, path)):
        return None
    return path


def _object_at(plan: _Plan, path: Path) -> dict[str, Any]:
    """The schema of the object at `path`, made if it is not there."""
    if not path:
        return plan.schema
    if path not in plan.schemas:
        made: dict[str, Any] = {"type": "object", "properties": {}}
        _object_at(plan, path[:-1])["properties"][path[-1]] = made
        plan.schemas[path] = made
    return plan.schemas[path]


def _find_headings(plan: _Plan, *, titles: bool = True) -> None:
    """Labels whose `tag` is the path of an object head it; their text is its title."""
    for number, (_, entry) in enumerate(plan.entries):
        if not is_object(entry) or entry.get("type") != "label" or "model" in entry:
            continue
        tag = entry.get("tag")
        path = tuple(tag.split(".")) if isinstance(tag, str) else ()
        if path in plan.fields or path in plan.headings or path not in plan.schemas:
            continue
        plan.headings[path] = number
        if not titles:
            continue
        made, title, text = plan.schemas[path], entry.get("label"), entry.get("help")
        texts: dict[str, Any] = {}
        if isinstance(title, str) and title.strip():
            texts["title"] = html.unescape(title)
        if isinstance(text, str) and text.strip():
            texts["description"] = html.unescape(text)
        properties = made.pop("properties")
        made.clear()
        made.update(texts, type="object", properties=properties)


def _values(presets: Any) -> list[Any]:
    return list(presets.values()) if is_object(presets) else []


def _at(model: Any, path: Path) -> list[Any]:
    """The value at a path of a form model, if there is one."""
    for key in path:
        if not is_object(model) or key not in model:
            return []
        model = model[key]
    return [model]


# What the schema says, and what is left


class _Whole:
    """The class that the schema becomes, as the canonical form needs it."""

    def __init__(self, schema: dict[str, Any], judge_of: JudgeOf) -> None:
        index = Index()
        root = index.add(Unfiled(schema), "form:/")
        self.model = build(index, {("form",): root}).changed(_with_fills)
        (module,) = self.model.modules
        assert module.root_class is not None
        self._schema = schema
        self.cls: SettingsClass = module.root_class
        self.judge = judge_of(index)
        self._properties = {
            prop.nodes[0].pointer: prop
            for cls in self.model.classes.values()
            for prop in cls.properties
        }

    @cached_property
    def form(self) -> ClassForm:
        """The form of the root, as the changes that were written to the schema make it."""
        return form_of_model(self.cls, self.model)

    def row_at(self, path: Path) -> Field:
        """The row of the property at a path of settings classes."""
        return field_of(self._properties[_place_in(self._schema, path)], self.model)


def _with_fills(cls: SettingsClass) -> SettingsClass:
    """`cls` with the defaults of its properties, which nobody has checked."""
    return replace(cls, properties=tuple(p._replace(fill=_fill(p)) for p in cls.properties))


def _fill(prop: Property) -> Fill | None:
    node = prop.nodes[0]
    if is_object(node.schema) and "default" in node.schema:
        return Fill(node.get("default"), True)
    return Fill({}, False) if node.has("properties") else None


def _add_presets(
    schema: dict[str, Any], form: Mapping[str, Any], whole: _Whole
) -> Iterator[tuple[Pointer, str]]:
    """Add the presets as partial configs; tell where and why others stay in the form only."""
    given = form.get("presets")
    if not is_object(given):
        return
    presets: dict[str, Any] = {}
    for name, preset in given.items():
        if not is_object(preset):
            yield (name,), f"the preset {name!r} is no object; it stays in the form only"
            continue
        reading = config_of(whole.form, preset)
        faults = [*(problem.path for problem in reading.problems)]
        found = misfits(whole.cls, whole.model, reading.config, whole.judge)
        faults += [fault.path for fault in found]
        if faults:
            where = ".".join(map(str, faults[0]))
            text = (
                f"the preset {name!r} does not fit the form at {where}; it stays in the form only"
            )
            yield (name, *existing_path(preset, faults[0])), text
        else:
            presets[name] = reading.config
    if presets:
        schema["x-presets"] = presets


def _add_changes(plan: _Plan, whole: _Whole) -> None:
    """Write to each setting and object how the form shows it otherwise than the canonical form."""
    for path, number in plan.fields.items():
        original = plan.entries[number][1]
        changes = _field_changes(whole.row_at(path), path, original)
        if changes:
            plan.schemas[path]["x-form"] = changes
    for path, number in plan.headings.items():
        usual = {**heading(whole.row_at(path)), "tag": ".".join(path)}
        changes = _changes_to(usual, plan.entries[number][1])
        if changes:
            plan.schemas[path]["x-form"] = changes


def _field_changes(row: Field, path: Path, original: dict[str, Any]) -> dict[str, Any]:
    model = {"model": ".".join(path)}
    kind = original.get("type")
    usual = {**usual_field(row), **model}
    if usual["type"] == kind:
        return _changes_to(usual, original)
    wanted = kind if isinstance(kind, str) else None
    changes = _changes_to({**usual_field(row, wanted), **model}, original)
    if "type" in original:
        changes["set"] = {"type": kind, **changes.get("set", {})}
    return changes


def _changes_to(field: FormField, wanted: FormField) -> dict[str, Any]:
    """The changes by which `field` becomes exactly `wanted`, key order included."""
    changes: dict[str, Any] = {}
    changed = {
        key: value
        for key, value in wanted.items()
        if key not in field or not is_same(field[key], value)
    }
    if changed:
        changes["set"] = changed
    omitted = [key for key in field if key not in wanted]
    if omitted:
        changes["omit"] = omitted
    if list(with_changes(field, changes)) != list(wanted):
        changes["order"] = list(wanted)
    return changes


def _add_layout(plan: _Plan, form: Mapping[str, Any], whole: _Whole) -> None:
    """Write to the root the order of the entries, and the document around them."""
    layout: dict[str, Any] = {}
    originals = [entry for _, entry in plan.entries]
    # The number of entries stands for each list of fields, a list of one for what is no list there.
    outline = with_lists(form, lambda fields: len(fields) if is_array(fields) else [fields])
    is_usual = "groups" not in form and len(originals) <= MAX_FIELDS
    if not is_usual or not is_same(form_fields(whole.form), originals):
        layout["entries"] = _entries(plan)
    presets = form_presets(whole.form, plan.schema.get("x-presets", {}), None)
    has_usual_presets = is_same(form.get("presets"), presets)
    if has_usual_presets:
        outline["presets"] = {}
    elif is_object(form.get("presets")):
        known = plan.schema.get("x-presets", {})
        outline["presets"] = {
            name: preset if name in known else [preset] for name, preset in form["presets"].items()
        }
    if list(form) != ["fields", "presets"] or not has_usual_presets or _is_odd(outline):
        layout["document"] = outline
    if layout:
        plan.schema["x-form"] = layout


def _is_odd(outline: Mapping[str, Any]) -> bool:
    return not isinstance(outline["fields"], int)


def _entries(plan: _Plan) -> list[Any]:
    """The entries in order: paths of settings and objects, and what no property can hold."""
    owners = {number: path for path, number in [*plan.fields.items(), *plan.headings.items()]}
    entries: list[Any] = []
    for number, (_, entry) in enumerate(plan.entries):
        if number in owners:
            entries.append(".".join(owners[number]))
        else:
            entries.append(entry if is_object(entry) and "raw" not in entry else {"raw": entry})
    return entries


def _places(plan: _Plan) -> dict[Pointer, Pointer]:
    """Where in the form the parts of the schema come from."""
    places: dict[Pointer, Pointer] = {}
    for pointer in _members(plan.schema.get("x-presets", {}), ("presets",)):
        places[("x-presets", *pointer[1:])] = pointer
    for path, number in [*plan.fields.items(), *plan.headings.items()]:
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


def _place_in(schema: dict[str, Any], path: Path) -> Pointer:
    """The same in a schema whose objects may be definitions of their own."""
    place: Pointer = ()
    node: Any = schema
    for key in path:
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith("#"):
            place, node = (), schema
            for step in reference[1:].split("/")[1:]:
                place, node = (*place, step), node[step]
        place, node = (*place, "properties", key), node["properties"][key]
    return place


def _node_at(schema: dict[str, Any], path: Path) -> dict[str, Any] | None:
    """The schema of the setting at a path; None where there is none."""
    node: Any = schema
    try:
        for step in _place_in(schema, path):
            node = node[step]
    except (AttributeError, KeyError):
        return None
    return node if is_object(node) else None
