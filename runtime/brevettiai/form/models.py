"""Form models, the values that forms edit: made from configs, and read back as configs."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, TypeVar

from ..cli.inside import kind_of
from ..config.json_text import NotJSONText
from ..config.loading import load_read, with_origin
from ..errors import Problem, SettingsError, too_deep
from ..json_values import is_mapping, is_object, json_equal
from ..messages.secrets import Secrets, masked, secrets_of
from ..messages.structure import keys_of
from ..messages.words import shown
from .describe import is_form_key
from .entries import entry_of
from .examples import Fits, fits_in
from .fields import (
    ClassForm,
    Entry,
    FormField,
    Nested,
    UnionForm,
    form_value,
    is_heading,
    layout_in,
)
from .placing import is_opened
from .unions import BESIDE, with_kinds
from .values import ABSENT, nothing_for, read_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..compiled import Field
    from ..settings import Settings

S = TypeVar("S", bound="Settings")
T = TypeVar("T")


class Reading(NamedTuple):
    """What a form model says.

    Attributes:
        config: the config, of Python's own types where the model was.
        origins: by path, the field in which a value was edited, as messages name it.
        problems: the texts that are not JSON.
        cleared: by path, where in the config a text is empty that may be absent or null, and what
            stands for that.
    """

    config: Any
    origins: dict[tuple[str | int, ...], str]
    problems: list[Problem]
    cleared: dict[tuple[str | int, ...], tuple[dict[str, Any], str, Any]]


def class_form(cls: type[Settings]) -> ClassForm:
    """The form of a generated class."""
    compiled = cls.__brevetti__
    if compiled.form is None:
        layout, secrets = layout_in(compiled.tables.annotation("x-form")), secrets_of(compiled)
        rows = [secrets.at(row.key).seen(row) for row in compiled.fields()]
        found = form_of_rows(rows, layout, class_form, partial(fits_in, cls))
        old = _old_entries(found, compiled.growth)
        entries = {key: _hiding(entry, secrets.at(key)) for key, entry in found.entries.items()}
        compiled.form = replace(found, entries=entries, secrets=secrets, old=old)
    form: ClassForm = compiled.form
    return form


def _hiding(entry: Entry, secrets: Secrets) -> Entry:
    """An entry whose one field hides what lies in a list with secrets, or a default with some."""
    branches = entry.branches
    if branches is not None and masked(branches.default, secrets) != branches.default:
        branches = None
    return replace(entry, items=(), branches=branches) if secrets else entry


def form_of_rows(
    rows: Iterable[Field],
    layout: Mapping[str, Any],
    form_of: Callable[[Any], ClassForm],
    fits: Fits | None = None,
) -> ClassForm:
    """The form of a class with these rows of the property table.

    `form_of` gives the forms of classes in it, `fits` checks examples.
    """
    shown = [row for row in rows if row.x_form is not None and is_form_key(row.key)]
    inner = partial(form_of_rows, layout={}, form_of=form_of)
    entries = {row.key: with_kinds(row, entry_of(row, fits), inner) for row in shown}
    nested = {
        row.key: Nested(partial(form_of, row.cls), json.loads(row.default or row.proposal or "{}"))
        for row in shown
        if is_heading(entries[row.key].field)
    }
    return ClassForm(entries, nested, layout)


def _old_entries(form: ClassForm, growth: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """What was at the places that moved, by these."""
    found: dict[str, Any] = {}
    for kind, *row in growth:
        if kind != "moved":
            continue
        (*above, last), inner = row[0], form
        for key in row[1][:-1]:
            inner = inner.nested[key].form() if key in inner.nested else ClassForm({}, {}, {})
        here = found
        for key in above:
            here = here.setdefault(key, {})
        known = inner.nested.get(row[1][-1]) or inner.entries.get(row[1][-1])
        if known is not None:
            there = here.setdefault(last, known)
            if is_object(there):  # what moved from a section, before the section did
                there[""] = known
    return found


# Reading


def from_model(cls: type[S], model: object) -> S:
    return load_model(cls, read_model(cls, model))


def read_model(cls: type[Settings], model: object) -> Reading:
    """What a form model says; what it makes of the class, `load_model` tells."""
    return config_of(class_form(cls), {} if model is None else model)


def load_model(cls: type[S], reading: Reading) -> S:
    return without_cleared(reading, lambda: load_read(cls, reading))


def config_of_model(
    cls: type[Settings], model: object, load: Callable[[Reading], object] | None = None
) -> dict[str, Any]:
    """The config of a form model, not checked yet. `load` is how the class loads one, if not ours.

    Raises:
        SettingsError: a JSON field does not parse.
    """
    reading = read_model(cls, model)
    if reading.problems:
        raise SettingsError(reading.problems, cls.__name__)
    if reading.cleared:
        with suppress(SettingsError):
            without_cleared(reading, lambda: (load or partial(load_read, cls))(reading))
    config: dict[str, Any] = reading.config
    return config


def without_cleared(reading: Reading, load: Callable[[], T]) -> T:
    """What `load` makes of the config of `reading`.

    A text that was cleared again is left out of the config where `load` refuses it.
    """
    while True:
        try:
            return load()
        except SettingsError as error:
            cleared = [
                reading.cleared.pop(p.path) for p in error.problems if p.path in reading.cleared
            ]
            if not cleared:
                raise
        for config, key, nothing in cleared:
            if nothing is ABSENT:
                del config[key]
            else:
                config[key] = nothing


def told_by_form(
    cls: type[Settings], model: Mapping[str, Any], error: SettingsError
) -> SettingsError:
    """The same error, in which values from `model` are told by the labels of their fields."""
    origins = config_of(class_form(cls), model).origins
    return SettingsError([with_origin(p, origins) for p in error.problems], error.title)


def config_of(form: ClassForm, model: object) -> Reading:
    """The config of a form model, of a partial one too."""
    reading = Reading(None, {}, [], {})
    try:
        return reading._replace(config=_config(form, model, (), reading, form.secrets))
    except RecursionError:
        return Reading(None, {}, [too_deep()], {})


def _config(
    form: ClassForm,
    model: object,
    at: tuple[str | int, ...],
    reading: Reading,
    secrets: Secrets,
    old: Mapping[str, Any] = {},
) -> Any:
    """The config of a part of a form model in which `secrets` lie, and `old` places too."""
    if not is_mapping(model):
        return model
    names = _entries_by_any_name(form)
    for key, entry in form.entries.items():
        reading.origins.update(_origins((*at, key), entry))
    config: dict[str, Any] = {}
    for key, value in model.items():
        then = old.get(key, form.old.get(key))
        if key not in names:
            read = _old_value(then, value, (*at, key), reading, secrets)
            if read is not ABSENT:
                config[key] = read
            continue
        (name, entry), path = names[key], (*at, key)
        reading.origins.update(_origins(path, entry))
        inner = secrets.at(name)
        if name in form.nested and is_mapping(value):
            parts: Mapping[str, Any] = then if is_mapping(then) else {}
            read = _config(form.nested[name].form(), value, path, reading, inner, parts)
        elif entry.branches is not None and is_mapping(value):
            read = _union_config(entry, entry.branches, value, path, reading, inner)
        else:
            read = _read_entry(entry, value, path, reading, is_told=not inner)
        if read is not ABSENT:
            config[key] = read
        nothing = nothing_for(entry)
        if read == "" and value == "" and (nothing is None or not entry.required):
            reading.cleared[(*at, name)] = (config, key, nothing)
    return config


def _union_config(
    entry: Entry,
    union: UnionForm,
    model: Mapping[str, Any],
    at: tuple[str | int, ...],
    reading: Reading,
    secrets: Secrets,
) -> Any:
    """The config of a union: of the chosen kind, without what only others have."""
    tag, known = str(union.kinds.tag), _entries_by_any_name(union.form)
    if known.keys() >= model.keys() and (
        model[tag] in (None, "") if tag in model else is_opened(entry, model)
    ):
        return nothing_for(entry) if tag in model else ABSENT
    kind = kind_of(union.kinds, {tag: model.get(tag)})
    others = {
        key
        for section in union.sections
        if kind is not None and union.kinds.kinds.index(kind) not in section.places
        for key in section.form.entries
    }
    kept = {k: v for k, v in model.items() if k not in known or known[k][0] not in others}
    beside = kept.get(BESIDE)
    if not (is_mapping(beside) and tag in beside):
        return _config(union.form, kept, at, reading, secrets)
    del kept[BESIDE]
    config = _config(union.form, kept, at, reading, secrets)
    return {**beside, **config} if json_equal(beside[tag], model.get(tag)) else config


def _old_value(
    then: Any, value: Any, at: tuple[str | int, ...], reading: Reading, secrets: Secrets
) -> Any:
    """What a form model has at a place of an older version, read as what moved from there."""
    old: Mapping[str, Any] = {}
    if is_mapping(then) and "" in then:
        then, old = then[""], then
    if isinstance(then, Nested) and is_mapping(value):
        return _config(then.form(), value, at, reading, secrets, old)
    if is_mapping(then) and is_mapping(value):
        parts = (
            (k, _old_value(then.get(k), v, (*at, k), reading, secrets)) for k, v in value.items()
        )
        return {key: part for key, part in parts if part is not ABSENT}
    if isinstance(then, Entry):
        return _read_entry(then, value, at, reading, is_told=not secrets)
    return value


def _read_entry(
    entry: Entry, value: Any, path: tuple[str | int, ...], reading: Reading, *, is_told: bool
) -> Any:
    """As `read_value`; `ABSENT`, and a problem, for text that does not parse."""
    try:
        return read_value(entry, value)
    except NotJSONText as error:
        is_told = is_told and not entry.secret
        mistake, given = (error, shown(value)) if is_told else (error.untold, "")
        source = reading.origins.get(path, "")
        reading.problems.append(Problem(path, f"must be JSON: {mistake}", given, source))
    return ABSENT


def _entries_by_any_name(form: ClassForm) -> dict[str, tuple[str, Entry]]:
    """By the names that keys have or had: the name that it has now, and its entry."""
    known = {key: (key, entry) for key, entry in form.entries.items()}
    old = {name: known[key] for key, entry in form.entries.items() for name in entry.old_keys}
    return {**old, **known}


def _origins(path: tuple[str | int, ...], entry: Entry) -> dict[tuple[str | int, ...], str]:
    """The fields in which a value and its items are edited, as messages name them."""
    found = _origin(path, entry.branches.heading if entry.branches else entry.shown)
    for place, item in enumerate(entry.items):
        found |= _origin((*path, place), item.shown)
    return found


def _origin(path: tuple[str | int, ...], field: FormField) -> dict[tuple[str | int, ...], str]:
    label = field.get("label")
    if not isinstance(label, str) or not label:
        return {}
    what = "section" if is_heading(field) else "field"
    return {path: f"the {what} {html.unescape(label)!r}"}


# Writing


def form_model(cls: type[Settings], config: Mapping[str, Any]) -> dict[str, Any]:
    """The form model of a config, of a partial one too."""
    model: dict[str, Any] = model_of(class_form(cls), config)
    return model


def model_of(form: ClassForm, config: Any) -> Any:
    """The form model of a config, in the form of its class."""
    if not is_mapping(config):
        return config
    model: dict[str, Any] = {}
    for key, value in config.items():
        entry = form.entries.get(key)
        if entry is None:
            model[key] = value
        elif key in form.nested:
            model[key] = model_of(form.nested[key].form(), value)
        elif entry.branches is not None and (value is None or is_mapping(value)):
            model[key] = _union_model(entry.branches, value)
        else:
            model[key] = form_value(entry, value)
    return model


def _union_model(union: UnionForm, value: Mapping[str, Any] | None) -> dict[str, Any]:
    """The form model of a union; empty where the form has a default and the kind has nothing."""
    if value is None:
        return {str(union.kinds.tag): None}
    tag, kind = str(union.kinds.tag), kind_of(union.kinds, value)
    if kind is None:
        return dict(model_of(union.form, value))
    own, known = keys_of(kind.cls), _entries_by_any_name(union.form)
    empty = {k: v for k, v in union.emptied.items() if k in own and k not in value}
    others = {k: v for k, v in value.items() if k in known and known[k][0] not in own}
    if BESIDE in value:
        others[BESIDE] = value[BESIDE]
    if not others:
        return {**model_of(union.form, value), **empty}
    own_part = model_of(union.form, {k: v for k, v in value.items() if k not in others})
    return {**own_part, **empty, BESIDE: {tag: value.get(tag), **others}}
