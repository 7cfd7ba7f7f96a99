"""The fields of a form in order, each at the path of its setting, and the model they open with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from ..cli.inside import kind_of
from ..json_values import is_array, is_mapping, json_equal
from ..messages.secrets import NONE, Secrets
from .describe import give_rows, without_values
from .entries import OF_ALL_FIELDS
from .examples import whole
from .fields import (
    ClassForm,
    Entry,
    FormField,
    Section,
    UnionForm,
    form_value,
    is_heading,
    with_changes,
)

#: How many fields a form may have beside those that it was imported with. Classes that are used in
#: many places multiply.
MAX_FIELDS = 10_000
_NOTHING: Any = object()


class FormTooLarge(ValueError):
    """A form would have more than `MAX_FIELDS` fields."""


class Placed(NamedTuple):
    """A field of a form, and the path of its setting from the root."""

    path: tuple[str, ...]
    field: FormField


def placed_fields_of(form: ClassForm) -> list[Placed]:
    """The fields of all settings and objects that a form shows, not laid out yet.

    An object's own fields come before those of the objects in it, under whose headings they would
    be read; an imported form is in the order of its schema, as its source lays it out.
    """
    limit = MAX_FIELDS + len(form.layout.get("entries", ()))
    own_first = "entries" not in form.layout
    try:
        placed = list(islice(_expanded(form, (), {}, (), form.secrets, own_first), limit + 1))
    except RecursionError:
        placed = None
    if placed is None or len(placed) > limit:
        raise FormTooLarge(
            f"the form would have more than {MAX_FIELDS:,} fields; show a class that is nested "
            'in many places as JSON text by "x-form": {"set": {"type": "textArea"}}'
        )
    return placed


def _expanded(
    form: ClassForm,
    at: tuple[str, ...],
    defaults: Mapping[str, Any],
    above: tuple[ClassForm, ...],
    secrets: Secrets,
    own_first: bool,
) -> Iterator[Placed]:
    """The fields of a class below `at`; `defaults` are those of the property that holds it.

    A class inside itself is left out, as no form is endless. Where `secrets` lie, no field has a
    default or an example: it is filled in where the form says nothing.
    """
    above = (*above, form)
    keys = list(form.entries)
    if own_first and "entries" not in form.layout:
        keys.sort(key=lambda key: key in form.nested or form.entries[key].branches is not None)
    for key in keys:
        entry, path = form.entries[key], (*at, key)
        nested = form.nested.get(key)
        if nested is not None and nested.form() in above:
            continue
        if entry.items:
            yield from _items(entry, path, defaults.get(key, _NOTHING))
            continue
        if entry.branches is not None:
            default = defaults.get(key, _NOTHING)
            yield from _union(entry, path, default, above, secrets.at(key), own_first)
            continue
        field = dict(entry.field)
        field["tag" if is_heading(field) else "model"] = ".".join(path)
        given, inner_secrets = key in defaults, secrets.at(key)
        if inner_secrets and not is_heading(field):
            field = without_values(field, entry.kinds, is_secret=inner_secrets.is_secret)
        elif given and not is_heading(field) and not entry.secret:
            field["default"] = form_value(entry, whole(entry.content, defaults[key]))
            give_rows(field)
        yield Placed(path, with_changes(field, entry.changes))
        if nested is not None:
            inner = defaults[key] if given and is_mapping(defaults[key]) else nested.default
            yield from _expanded(nested.form(), path, inner, above, inner_secrets, own_first)


def _items(entry: Entry, path: tuple[str, ...], default: Any) -> Iterator[Placed]:
    """A field for each item of a list; a `default` of what holds it goes before its own."""
    *above, key = path
    for place, item in enumerate(entry.items):
        at = (*above, f"{key}[{place}]")
        field = {**item.field, "model": ".".join(at)}
        if is_array(default) and place < len(default):
            field["default"] = form_value(item, default[place])
        elif default is not _NOTHING:
            field.pop("default", None)
        yield Placed(at, with_changes(field, item.changes))


def _union(
    entry: Entry,
    path: tuple[str, ...],
    default: Any,
    above: tuple[ClassForm, ...],
    secrets: Secrets,
    own_first: bool,
) -> Iterator[Placed]:
    """The fields of a union under its heading; a `default` of what holds it goes before its own."""
    union = entry.branches
    assert union is not None
    given = union.default if default is _NOTHING else default
    shown = {k: v for k, v in entry.changes.get("set", {}).items() if k in OF_ALL_FIELDS}
    yield Placed(path, {**union.heading, "tag": ".".join(path)})
    for section in union.sections:
        if section.label:
            at = (*path, re.sub(r"\W+", "-", section.label.removeprefix("Only for ")))
            head = {"type": "label", "label": section.label, "tag": ".".join(at)}
            yield Placed(at, {**head, **shown})
        inner = _defaults_in(union, section, given, is_given=default is not _NOTHING)
        for at, field in _expanded(section.form, path, inner, above, secrets, own_first):
            field |= shown
            if len(section.places) < len(union.kinds.kinds) or union.may_be_none:
                _make_optional(field)
            yield Placed(at, field)


def _defaults_in(
    union: UnionForm, section: Section, default: Any, *, is_given: bool
) -> dict[str, Any]:
    """What a default of a union says of the fields of a section.

    What the kind fills in by itself is left out where others fill in something else.
    """
    tag, kind = str(union.kinds.tag), kind_of(union.kinds, default)
    if kind is None:
        return {tag: None} if is_given else {}
    place = union.kinds.kinds.index(kind)
    if place not in section.places:
        return {}
    filled = {key: fills[place] for key, fills in union.fills.items() if place in fills}
    found = {k: v for k, v in default.items() if k not in filled or not json_equal(v, filled[k])}
    return {tag: kind.tags[0], **found}


def _make_optional(field: FormField) -> None:
    """Let a field stay empty whose kind of object is not chosen."""
    checks = field.pop("validator", [])
    field["required"] = False
    if is_array(checks):
        idle = ("required",) if "default" in field else ("required", "integer", "number")
        checks = [check for check in checks if check not in idle]
    if checks:
        field["validator"] = checks


def opened_model(placed: Iterable[Placed]) -> dict[str, Any]:
    """The model that a form opens with."""
    model: dict[str, Any] = {}
    for path, field in placed:
        if "default" not in field:
            continue
        *above, last = path
        inner = model
        for step in above:
            inner = inner.setdefault(step, {})
        name, bracket, _ = last.partition("[")
        if bracket:
            inner.setdefault(name, []).append(field["default"])
        else:
            inner[last] = field["default"]
    return model


def laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """`below` with the values of `above`, objects merged key by key."""
    found = dict(below)
    for key, value in above.items():
        held = found.get(key)
        found[key] = laid_over(held, value) if is_mapping(held) and is_mapping(value) else value
    return found


def is_opened(entry: Entry, model: Mapping[str, Any]) -> bool:
    """Whether the model of a union has what its fields open with, and nothing else."""
    placed = _union(entry, (), _NOTHING, (), NONE, True)
    return bool(model) and json_equal(model, opened_model(placed))
