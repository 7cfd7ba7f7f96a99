"""What a form says otherwise than the canonical form of a schema, written to the schema.

At a property, `x-form` says how its field differs; at the root the order of the entries, those that
no property can hold, and the rest of the document.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

from brevettiai.compiled import Field
from brevettiai.form.describe import heading, is_form_key, usual_field
from brevettiai.form.documents import form_fields, form_presets, with_lists
from brevettiai.form.entries import item_rows
from brevettiai.form.fields import ClassForm, FormField, is_same, with_changes
from brevettiai.form.models import config_of
from brevettiai.form.placing import MAX_FIELDS

from ..json_values import is_array, is_object
from ..model.build import build
from ..model.fields import field_of
from ..model.types import Fill, Property, SettingsClass
from ..schema.dialects import Pointer
from ..schema.nodes import Unfiled
from ..schema.resolve import Index
from ..schema.verdicts import JudgeOf
from ..workbench.lint.doubts import existing_path
from ..workbench.lint.presets import misfits
from .class_forms import form_of_model
from .field_values import carries_value
from .form_lint import entries_of
from .item_fields import lists_of_items
from .untouched import MAX_MODEL_DEPTH

Path = tuple[str, ...]
#: Gives the field that is to be shown, of the canonical one and the original of a number.
Wanted: TypeAlias = Callable[[FormField, FormField, int], FormField]


@dataclass
class Plan:
    """Which entry of a form is what.

    Attributes:
        entries: all entries of the form in reading order, with their pointers.
        fields: by path, the number of the entry that edits the setting.
        headings: by path of an object, the number of the entry that heads it.
        lists: by path of a list, the numbers of entries that seem to edit its items.
        items: the same of those that are settings.
        schemas: the schemas of settings and objects by path; part of `schema`.
    """

    schema: dict[str, Any]
    entries: list[tuple[Pointer, Any]]
    fields: dict[Path, int] = field(default_factory=dict[Path, int])
    headings: dict[Path, int] = field(default_factory=dict[Path, int])
    lists: dict[Path, tuple[int, ...]] = field(default_factory=dict[Path, tuple[int, ...]])
    items: dict[Path, tuple[int, ...]] = field(default_factory=dict[Path, tuple[int, ...]])
    schemas: dict[Path, dict[str, Any]] = field(default_factory=dict[Path, dict[str, Any]])

    @classmethod
    def of(cls, schema: dict[str, Any], form: Mapping[str, Any]) -> Plan:
        """The plan of a form of which it is known only which fields go together."""
        entries = list(entries_of(form))
        return cls(schema, entries, lists=lists_of_items(form, [entry for _, entry in entries]))

    @property
    def loose_items(self) -> list[int]:
        """The first entry of each list that became no setting."""
        return [numbers[0] for path, numbers in self.lists.items() if path not in self.items]

    def has_default(self, number: int) -> bool:
        """Whether the entry of a number is a field with a default."""
        entry = self.entries[number][1]
        return is_object(entry) and "default" in entry


def add_form(schema: dict[str, Any], form: Mapping[str, Any], judge_of: JudgeOf) -> None:
    """Say in `schema`, whose properties a form edits, all by which its form is `form`.

    Objects may be definitions of their own; the last field of what several share counts.
    """
    plan = Plan(schema, list(entries_of(form)))
    for number, (_, entry) in enumerate(plan.entries):
        path = model_path(entry)
        node = None if path is None else node_at(schema, path)
        if path is not None and node is not None:
            plan.fields.setdefault(path, number)
            plan.schemas[path] = node
            for parent in (path[:length] for length in range(1, len(path))):
                plan.schemas[parent] = node_at(schema, parent) or {}
    find_headings(plan, titles=False)
    whole = Whole(schema, judge_of)
    add_changes(plan, whole)
    add_layout(plan, form, whole)


def model_path(entry: Any) -> Path | None:
    """The path of the setting that an entry edits; None for one that edits none."""
    model = entry.get("model") if is_object(entry) else None
    if not isinstance(model, str) or not carries_value(entry):
        return None
    path = tuple(model.split("."))
    if len(path) > MAX_MODEL_DEPTH or not all(map(is_form_key, path)):
        return None
    return path


def find_headings(plan: Plan, *, titles: bool = True) -> None:
    """Labels whose `tag` is the path of an object head it; their text is its title."""
    for number, (_, entry) in enumerate(plan.entries):
        if not is_object(entry) or entry.get("type") != "label" or "model" in entry:
            continue
        tag = entry.get("tag")
        path = tuple(tag.split(".")) if isinstance(tag, str) else ()
        if (
            path in plan.fields
            or path in plan.items
            or path in plan.headings
            or path not in plan.schemas
        ):
            continue
        plan.headings[path] = number
        if titles:
            give_title(plan.schemas[path], entry)


def give_title(schema: dict[str, Any], heading: Mapping[str, Any]) -> None:
    """Give the schema of an object the texts of its heading."""
    title, text = heading.get("label"), heading.get("help")
    texts: dict[str, Any] = {}
    if isinstance(title, str) and title.strip():
        texts["title"] = html.unescape(title)
    if isinstance(text, str) and text.strip():
        texts["description"] = html.unescape(text)
    properties = schema.pop("properties")
    schema.clear()
    schema.update(texts, type="object", properties=properties)


class Whole:
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
        return form_of_model(self.cls, self.model, self.judge.fits)

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


def add_presets(
    schema: dict[str, Any], form: Mapping[str, Any], whole: Whole
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


def exactly(usual: FormField, original: FormField, number: int) -> FormField:
    """The field as it is in the form."""
    return original


def add_changes(plan: Plan, whole: Whole, wanted: Wanted = exactly) -> None:
    """Write to each setting and object how the form shows it otherwise than the canonical form."""

    def changes_at(row: Field, model: str, number: int) -> dict[str, Any]:
        original = plan.entries[number][1]
        kind = original.get("type")
        usual = {**usual_field(row), "model": model}
        is_usual = usual["type"] == kind
        if not is_usual:
            usual = {**usual_field(row, kind if isinstance(kind, str) else None), "model": model}
        changes = _changes_to(usual, wanted(usual, original, number))
        if "type" in original and not is_usual:
            changes["set"] = {"type": kind, **changes.get("set", {})}
        return changes

    for path, number in plan.fields.items():
        row = whole.row_at(path)
        changes = changes_at(row, ".".join(path), number)
        if item_rows(row):  # which have no fields of their own
            kind = plan.entries[number][1].get("type")
            changes["set"] = {"type": kind, **changes.get("set", {})}
        if changes:
            plan.schemas[path]["x-form"] = changes
    for path, numbers in plan.items.items():
        rows = item_rows(whole.row_at(path))
        items = [
            changes_at(row, f"{'.'.join(path)}[{place}]", number)
            for place, (row, number) in enumerate(zip(rows, numbers, strict=True))
        ]
        if any(items):
            plan.schemas[path]["x-form"] = {"items": items}
    for path, number in plan.headings.items():
        usual = {**heading(whole.row_at(path)), "tag": ".".join(path)}
        changes = _changes_to(usual, wanted(usual, plan.entries[number][1], number))
        if changes:
            plan.schemas[path]["x-form"] = changes


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


def add_layout(plan: Plan, form: Mapping[str, Any], whole: Whole) -> None:
    """Write to the root the order of the entries, and the document around them."""
    layout: dict[str, Any] = {}
    originals = [entry for _, entry in plan.entries]
    # The number of entries stands for each list of fields, a list of one for what is no list there.
    outline = with_lists(form, lambda fields: len(fields) if is_array(fields) else [fields])
    is_usual = "groups" not in form and len(originals) <= MAX_FIELDS
    if not is_usual or not is_same(form_fields(whole.form), originals):
        layout["entries"] = entries_in(plan)
    presets = form_presets(whole.form, plan.schema.get("x-presets", {}), None)
    has_usual_presets = is_same(form.get("presets"), presets)
    if has_usual_presets:
        outline["presets"] = {}
    elif is_object(form.get("presets")):
        known = plan.schema.get("x-presets", {})
        outline["presets"] = {
            name: preset if name in known else [preset] for name, preset in form["presets"].items()
        }
    is_plain = list(form) == ["fields", "presets"] and isinstance(outline["fields"], int)
    if not (is_plain and has_usual_presets):
        layout["document"] = outline
    if layout:
        plan.schema["x-form"] = layout


def entries_in(plan: Plan) -> list[Any]:
    """The entries in order: paths of settings and objects, and what no property can hold."""
    named = [*plan.fields.items(), *plan.headings.items()]
    owners = {number: ".".join(path) for path, number in named}
    for path, numbers in plan.items.items():
        owners |= {n: f"{'.'.join(path)}[{place}]" for place, n in enumerate(numbers)}
    entries: list[Any] = []
    for number, (_, entry) in enumerate(plan.entries):
        if number in owners:
            entries.append(owners[number])
        else:
            entries.append(entry if is_object(entry) and "raw" not in entry else {"raw": entry})
    return entries


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


def node_at(schema: dict[str, Any], path: Path) -> dict[str, Any] | None:
    """The schema of the setting at a path; None where there is none."""
    node: Any = schema
    try:
        for step in _place_in(schema, path):
            node = node[step]
    except (AttributeError, KeyError):
        return None
    return node if is_object(node) else None
