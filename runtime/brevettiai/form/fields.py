"""What the forms of settings classes are made of: the form of each class, changes, DOM ids.

The same functions serve generated classes and the generator, which imports forms before there
are classes: they see classes only through `ClassForm`s.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from ..cli.inside import Kinds
from ..config.json_text import NotJSONText, parse_json
from ..json_values import is_array, is_mapping, is_object, json_equal
from ..messages.secrets import NONE, Secrets

FormField: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One property in the form of its class.

    Attributes:
        field: its canonical field or heading; `model` and `tag` are relative to the class.
        changes: how the form differs from that: `set`, `omit` and `order`, each only if needed.
        kinds: the JSON types that the property admits, as `compiled.Field.kinds`.
        old_keys: names that stored form models may still have for it.
        secret: whether its value must not be shown.
        required: whether its class requires it.
        item_kinds: the JSON types of the items of lists, () where they can be anything.
        union: the kinds of objects that it can be, where a tag tells several apart; else None.
        items: of a list that has a field for each item, those in order, in place of its own.
        branches: of a union that has fields for its kinds of objects, those, in place of its own.
        content: what it holds, as `compiled.Field.content`.
    """

    field: FormField
    changes: Mapping[str, Any]
    kinds: tuple[str, ...]
    old_keys: tuple[str, ...] = ()
    secret: bool = False
    required: bool = False
    item_kinds: tuple[str, ...] = ()
    union: Kinds | None = None
    items: tuple[Entry, ...] = ()
    branches: UnionForm | None = None
    content: Any = "any"

    @cached_property
    def shown(self) -> FormField:
        """The field as the form has it, its paths relative to the class."""
        return with_changes(self.field, self.changes)


class Nested(NamedTuple):
    """A property that is shown as a heading with the fields of its class.

    Attributes:
        form: gives the form of the class, the same one each time.
        default: what the property gives the class as a whole, `{}` for nothing.
    """

    form: Callable[[], ClassForm]
    default: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class ClassForm:
    """The form of a class, those of nested classes apart.

    Attributes:
        entries: by property, in the order of the schema. A property that no form can hold, since
            its name would be read as a path, has none.
        nested: the properties that are shown as headings with fields.
        layout: what the root of an imported form says: `entries` and `document`.
        secrets: where secrets lie in its configs.
        old: by old places, as nested objects, the `Entry` or `Nested` of what was there.
    """

    entries: Mapping[str, Entry]
    nested: Mapping[str, Nested]
    layout: Mapping[str, Any]
    secrets: Secrets = NONE
    old: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])


class Section(NamedTuple):
    """The fields that certain kinds of objects of a union have.

    Attributes:
        label: the text of the heading above them; "" for none.
        places: the places of those kinds.
        form: the fields.
    """

    label: str
    places: tuple[int, ...]
    form: ClassForm


class UnionForm(NamedTuple):
    """The fields of a union: of what tells its kinds of objects apart, and of each kind.

    Attributes:
        kinds: those kinds.
        heading: the heading above all fields.
        form: all fields, each key once. An object in a form model has the keys of all kinds.
        sections: the same, in the order of the form.
        fills: by key, what several kinds fill in where that differs, by their places.
        default: what the union is by default; None for nothing.
        emptied: what stands in form models where a kind has nothing at keys of that default.
    """

    kinds: Kinds
    heading: FormField
    form: ClassForm
    sections: tuple[Section, ...]
    fills: Mapping[str, Mapping[int, Any]]
    default: Any
    emptied: Mapping[str, Any]

    @property
    def may_be_none(self) -> bool:
        """Whether there is a choice that stands for none of them."""
        choice = self.form.entries[str(self.kinds.tag)].field
        return "noneSelectedText" in choice.get("selectOptions", {})


def known_changes(given: object) -> dict[str, Any]:
    """The known keys of changes that are of their kind; `model` stays as the schema says."""
    changes: dict[str, Any] = dict(given) if is_mapping(given) else {}
    changed, omitted, order, items = map(changes.get, ("set", "omit", "order", "items"))
    known = {
        "set": {k: v for k, v in changed.items() if k != "model"} if is_mapping(changed) else {},
        "omit": [name for name in _texts(omitted) if name != "model"],
        "order": _texts(order),
        "items": [known_changes(each) for each in items] if is_array(items) else [],
    }
    return {key: value for key, value in known.items() if value}


def _texts(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)] if is_array(values) else []


def with_changes(field: FormField, changes: Mapping[str, Any]) -> FormField:
    """`field` changed as `changes` says: keys omitted, keys set, then put in order."""
    if not changes:
        return dict(field)
    omitted = changes.get("omit", ())
    changed = {key: value for key, value in field.items() if key not in omitted}
    changed.update(changes.get("set", {}))
    order = [key for key in changes.get("order", ()) if key in changed]
    return {**{key: changed[key] for key in order}, **changed}


def is_same(a: Any, b: Any) -> bool:
    """Whether two JSON values would be written the same: `1` is not `1.0`, keys are in order."""
    if type(a) is not type(b):
        return False
    if is_mapping(a) and is_mapping(b):
        return list(a) == list(b) and all(is_same(a[key], b[key]) for key in a)
    if is_array(a) and is_array(b):
        return len(a) == len(b) and all(map(is_same, a, b))
    return bool(a == b)


def dom_id(field: Mapping[str, Any]) -> str:
    """The id that vue-form-generator 2.3 gives to the element of a field."""
    if "id" in field:
        return str(field["id"])
    name = field.get("inputName") or field.get("label") or field.get("model") or ""
    text = re.sub("[ _]", "-", str(name).strip().lower())
    text = re.sub("-{2,}", "-", text).strip("-")
    return re.sub("[^a-zA-Z0-9-]+", "", text)


def give_ids(fields: list[FormField], taken: set[str]) -> None:
    """Give an `id` to each of `fields` that would have none, or one that is `taken` already."""
    for field in fields:
        own = dom_id(field)
        if not own or own in taken:
            path = str(field.get("model") or field.get("tag") or "field")
            base = own = dom_id({"label": path.replace(".", "-")}) or "field"
            number = 2
            while own in taken:
                own = f"{base}-{number}"
                number += 1
            field["id"] = own
        taken.add(own)


def is_heading(field: Mapping[str, Any]) -> bool:
    """Whether a field of a part is the heading of a nested class."""
    return field.get("type") == "label" and "tag" in field


def is_json_text(field: Mapping[str, Any]) -> bool:
    """Whether the form holds the value of `field` as JSON text."""
    return field.get("isJson") is True


# Values


def form_value(entry: Entry, value: Any) -> Any:
    """A config value as the form of its property has it."""
    field = entry.shown
    if entry.items:
        return [None] * len(entry.items) if value is None and "null" in entry.kinds else value
    if not is_json_text(field):
        return value
    if value is None and "null" not in entry.kinds:
        return None
    if field.get("type") in ("select", "radios"):
        return None if value is None else _choice_text(field, value)
    return form_text(value, lines=field.get("type") == "textArea")


def form_text(value: Any, *, lines: bool = False) -> str:
    """The JSON text of a value as forms hold it, in one line or in several."""
    try:
        return json.dumps(value, indent=2 if lines else None, ensure_ascii=False)
    except ValueError:
        from ..config.json_text import json_text

        return json_text(value)  # which says why not


def _choice_text(field: FormField, value: Any) -> str:
    """The choice that stands for `value`, in the spelling of the form."""
    choices = field.get("values")
    for choice in choices if is_array(choices) else ():
        text = choice.get("id", choice.get("value")) if is_mapping(choice) else choice
        try:
            if isinstance(text, str) and json_equal(parse_json(text), value):
                return text
        except NotJSONText:
            continue
    return form_text(value)


def layout_in(x_form: object) -> dict[str, Any]:
    """The `entries` and `document` in the `x-form` of a root, as far as they are well formed."""
    layout: dict[str, Any] = {}
    if is_object(x_form):
        if is_array(x_form.get("entries")):
            layout["entries"] = x_form["entries"]
        if is_outline(x_form.get("document")):
            layout["document"] = x_form["document"]
    return layout


def is_outline(document: object) -> bool:
    """Whether `document` lays out a form as the import writes it.

    In it each list of fields is the number of its entries; what is no such list, and what is no
    preset, stands in a list of one.
    """
    if not is_object(document):
        return False
    groups, presets = document.get("groups"), document.get("presets")
    holders = [document, *(filter(is_object, groups) if is_array(groups) else ())]
    counts = [holder["fields"] for holder in holders if "fields" in holder]
    unread = list(presets.values()) if is_object(presets) else []
    return all(map(_is_count, counts)) and [] not in unread


def _is_count(value: Any) -> bool:
    if is_array(value):
        return len(value) == 1
    return type(value) is int and value >= 0
