"""The form of a settings class as one document: parts put together, laid out as its source was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from ..handwritten.builder import SchemaBuilder
from ..json_values import is_array, is_mapping, plain
from ..messages.secrets import Secrets, public
from .describe import give_rows, without_values
from .fields import (
    ClassForm,
    Entry,
    FormField,
    dom_id,
    form_value,
    give_ids,
    is_heading,
    is_same,
    with_changes,
)
from .models import class_form, config_of, model_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..settings import Settings

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


class FormDocument(SchemaBuilder):
    """The form of a generated class. Its `schema` is the document that `brevetti-gen form` writes.

    Args:
        fields: all entries in order, of groups too.
        presets: the presets as the form has them; None for a form that has none.
        outline: how the source of an imported form was laid out: its document, in which the
            number of their entries stands for lists of fields. None for the usual layout.
        namespace: as of `SchemaBuilder`.
    """

    def __init__(
        self,
        fields: Sequence[Any],
        presets: Mapping[str, Any],
        outline: Mapping[str, Any] | None,
        namespace: str | None = None,
    ) -> None:
        super().__init__(fields, presets, namespace=namespace)
        self._outline = outline
        self._planned = len(self.fields)

    @property
    def schema(self) -> dict[str, Any]:
        """The form document; laid out as its source was, unless it was changed or is a part."""
        outline = self._outline
        if outline is None or self.namespace or len(self.fields) != self._planned:
            return super().schema
        return filled_outline(outline, self.fields, self.presets)


def form_of_class(cls: type[Settings], namespace: str | None = None) -> FormDocument:
    """The form of `cls`, its models and headings below `namespace` where that is given.

    It is the caller's own to change: nothing in it is shared with the class.

    Raises:
        FormTooLarge: it would have more than `MAX_FIELDS` fields.
    """
    form = class_form(cls)
    runs = _runs(form)
    fields = plain([field for run in runs for field in run])
    document = plain(form.layout.get("document"))
    original = document.get("presets") if is_mapping(document) else None
    presets = form_presets(form, cls.presets(), original)
    if namespace:
        fields = [field for field in fields if is_mapping(field)]
    outline = _resized(document, [len(run) for run in runs]) if is_mapping(document) else None
    return FormDocument(fields, presets, outline, namespace)


def form_fields(form: ClassForm) -> list[Any]:
    """All entries of a form, in order: fields, headings and what else its source had."""
    return [field for run in _runs(form) for field in run]


def _runs(form: ClassForm) -> list[list[Any]]:
    """The entries of the form, each with what came into the schema behind it since."""
    placed = placed_fields_of(form)
    entries = form.layout.get("entries")
    if entries is None:
        give_ids([field for _, field in placed], set())
        return [[field] for _, field in placed]
    listed = {entry for entry in entries if isinstance(entry, str)}
    taken = {dom_id(field) for path, field in placed if ".".join(path) in listed}
    give_ids([field for path, field in placed if ".".join(path) not in listed], taken)
    return _laid_out(placed, entries)


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
        keys.sort(key=lambda key: key in form.nested)
    for key in keys:
        entry, path = form.entries[key], (*at, key)
        nested = form.nested.get(key)
        if nested is not None and nested.form() in above:
            continue
        if entry.items:
            yield from _items(entry, path, defaults.get(key, _NOTHING))
            continue
        field = dict(entry.field)
        field["tag" if is_heading(field) else "model"] = ".".join(path)
        given, inner_secrets = key in defaults, secrets.at(key)
        if inner_secrets and not is_heading(field):
            field = without_values(field, entry.kinds, is_secret=inner_secrets.is_secret)
        elif given and not is_heading(field) and not entry.secret:
            field["default"] = form_value(entry, defaults[key])
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


def _laid_out(placed: Sequence[Placed], entries: Sequence[Any]) -> list[list[Any]]:
    """The fields of each of `entries`, which are paths, or entries of no property.

    A field that no entry names comes behind the one before it.
    """
    by_path = {".".join(path): field for path, field in placed}
    listed = {entry for entry in entries if isinstance(entry, str)}
    following: dict[str, list[FormField]] = {}
    before = ""
    for path, field in placed:
        name = ".".join(path)
        if name in listed:
            before = name
        # An object has no heading in the source where fields of it are listed, but it is not.
        elif not is_heading(field) or not any(each.startswith(f"{name}.") for each in listed):
            following.setdefault(before, []).append(field)
    runs: list[list[Any]] = []
    for entry in entries:
        if not isinstance(entry, str):
            runs.append([entry["raw"] if is_mapping(entry) and "raw" in entry else entry])
        else:
            own = [by_path[entry]] if entry in by_path else []
            runs.append([*own, *following.get(entry, ())])
    first: list[Any] = [*following.get("", ())]
    return [[*first, *runs[0]], *runs[1:]] if runs else [first]


# Presets


def form_presets(form: ClassForm, presets: Mapping[str, Any], original: Any) -> dict[str, Any]:
    """The presets as the form has them, in the spelling of `original` where it says the same.

    In `original`, what could not be imported stands in a list of one.
    """
    found: dict[str, Any] = {}
    for name, preset in original.items() if is_mapping(original) else ():
        if name in presets:
            read = config_of(form, preset).config
            kept = is_same(read, presets[name])
            found[name] = preset if kept else _preset(form, presets[name])
        elif is_array(preset):
            found[name] = preset[0]
    rest = {name: _preset(form, presets[name]) for name in presets if name not in found}
    return {**found, **rest}


def _preset(form: ClassForm, preset: Any) -> Any:
    return model_of(form, public(preset, secrets=form.secrets))


# Outlines: how the document of an imported form was laid out


def with_lists(outline: Mapping[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    """An outline with every list of fields, or what stands for it, changed in reading order."""
    found: dict[str, Any] = {}
    # The fields outside of groups come first, wherever they stand.
    for key, value in sorted(outline.items(), key=lambda item: item[0] != "fields"):
        if key == "fields":
            found[key] = change(value)
        elif key == "groups" and is_array(value):
            found[key] = [
                {**group, "fields": change(group["fields"])}
                if is_mapping(group) and "fields" in group
                else group
                for group in value
            ]
        else:
            found[key] = value
    return {key: found[key] for key in outline}


def _resized(outline: Mapping[str, Any], sizes: Sequence[int]) -> dict[str, Any]:
    """An outline that counts fields, of one that counts entries with these numbers of fields."""
    rest = list(sizes)

    def resized(count: Any) -> Any:
        if not isinstance(count, int):
            return count
        size = sum(rest[:count])
        del rest[:count]
        return size

    return with_lists(outline, resized)


def filled_outline(
    outline: Mapping[str, Any], fields: Sequence[Any], presets: Mapping[str, Any]
) -> dict[str, Any]:
    """The form document of an outline; entries beyond its counts come behind its last list."""
    rest = list(fields)
    lists: list[list[Any]] = []

    def taken(count: Any) -> Any:
        if not isinstance(count, int):
            return count[0]
        lists.append(rest[:count])
        del rest[:count]
        return lists[-1]

    document = with_lists(outline, taken)
    if rest:
        (lists[-1] if lists else document.setdefault("fields", [])).extend(rest)
    if presets or is_mapping(document.get("presets")):
        document["presets"] = dict(presets)
    return document
