"""Unions in forms: a choice of the kind of object, and under headings what each kind has.

In form models such a union is one object with the keys of all kinds. Those that only other kinds
have than the chosen one are the form's own, and in no config.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..cli.inside import Kinds, alternatives, kind_of, kinds_of
from ..json_values import is_object
from ..messages.structure import content_of
from ..messages.words import either
from .controls import is_plain
from .describe import EXAMPLE, heading, heads_class, is_form_key
from .entries import OF_ALL_FIELDS
from .examples import fits_in
from .fields import ClassForm, Entry, Section, UnionForm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..compiled import Field

    FormOf = Callable[..., ClassForm]

#: The key in the model of a union, with the tag of its kind, of what only other kinds have fields
#: for, and the config has all the same: those fields' values do not tell.
BESIDE = "(beside)"
#: Unions with more fields are JSON text.
MOST_FIELDS = 60
#: Facts that an `x-form` can set; with others the union is one field.
_CHANGEABLE = frozenset(["label", "help", *OF_ALL_FIELDS])


def with_kinds(row: Field, entry: Entry, form_of: FormOf) -> Entry:
    """The entry of a setting: of a union with the fields of its kinds, where there can be such.

    `form_of` gives the form of rows of the property table.
    """
    kinds, default = entry.union, json.loads(row.default or row.proposal or "null")
    if kinds is None or kinds.tag is None or not _can_have_fields(row, entry, kinds):
        return entry
    names = _names(kinds)
    found: dict[str, dict[int, Field]] = {kinds.tag: {}}
    for place, kind in enumerate(kinds.kinds):
        for inner in kind.cls.__brevetti__.fields():
            found.setdefault(inner.key, {})[place] = inner
    rows = [_tag_row(row, kinds, names, [*found[kinds.tag].values()], default)]
    fills: dict[str, dict[int, Any]] = {}
    for key, by_place in found.items():
        if key == kinds.tag:
            continue
        one = _shared([*by_place.values()])
        if one is None:
            differs = html.escape(f"{json.dumps(key)} is another thing in each", quote=False)
            told, mark, example = str(entry.field.get("hint", "JSON")).partition(EXAMPLE)
            return _with(entry, hint=f"{told}; {differs}{mark}{example}")
        rows.append(one.changed(read_only=one.read_only or row.read_only))
        if len({each.default or each.proposal for each in by_place.values()}) > 1:
            defaults = ((place, each.default) for place, each in by_place.items())
            fills[key] = {place: json.loads(text) for place, text in defaults if text}

    def fits(one: Field, value: Any) -> bool:
        return all(fits_in(kinds.kinds[at].cls, one, value) for at in found[one.key])

    form = form_of(rows, fits=fits)
    if is_object(default) and not ({*default} <= {*form.entries} and kind_of(kinds, default)):
        return entry  # the form would not say all of the default
    entries = {key: _told(each, fills.get(key, {}), names) for key, each in form.entries.items()}
    entries[kinds.tag] = _with_none(entries[kinds.tag], row, default)
    form = ClassForm(entries, form.nested, {})
    places = {key: tuple(found[key]) for key in entries}
    sections = _sections(form, places, names)
    head = {**heading(row), "isJson": True, **entry.changes.get("set", {})}
    emptied = {
        key: {each.branches.kinds.tag: None} if each.branches else [None] * len(each.items) or None
        for key, each in entries.items()
        if is_object(default) and key in default and "null" not in each.kinds
    }
    return replace(entry, branches=UnionForm(kinds, head, form, sections, fills, default, emptied))


def _can_have_fields(row: Field, entry: Entry, kinds: Kinds) -> bool:
    contents = [each for each in alternatives(content_of(row)) if each != "null"]
    is_usual = {"set"}.issuperset(entry.changes) and not row.secret
    is_usual = is_usual and _CHANGEABLE.issuperset(entry.changes.get("set", {}))
    if not is_usual or not all(isinstance(each, type) for each in contents):
        return False
    tags = [(tag, None) for kind in kinds.kinds for tag in kind.tags]
    if not is_plain(tags) or not is_form_key(str(kinds.tag)):
        return False
    tag_rows = [r for k in kinds.kinds for r in k.cls.__brevetti__.fields() if r.key == kinds.tag]
    is_there = all(tag.required or tag.default for tag in tag_rows)
    return is_there and _count(row, ()) <= MOST_FIELDS


def _count(row: Field, above: tuple[type, ...]) -> int:
    """How many fields a setting has; too many where it contains itself."""
    inner = [row.cls] if heads_class(row) else []
    if row.cls is None and "object" in row.kinds:
        kinds = kinds_of(row)
        inner = [kind.cls for kind in kinds.kinds] if kinds.tag is not None else []
    count = 1
    for cls in filter(None, inner):
        if cls in above:
            return MOST_FIELDS + 1
        for each in cls.__brevetti__.fields():
            count += _count(each, (*above, cls))
            if count > MOST_FIELDS:
                return count
    return count


def _names(kinds: Kinds) -> list[str]:
    """What the kinds are called: by their titles, where these differ, else by their tags."""
    tags = [either(map(_text, kind.tags)) for kind in kinds.kinds]
    titles = [kind.cls.__brevetti__.title for kind in kinds.kinds]
    return titles if all(titles) and len({*titles}) == len(titles) else tags


def _text(tag: Any) -> str:
    return tag if isinstance(tag, str) else json.dumps(tag)


def _tag_of(kinds: Kinds, value: Mapping[str, Any]) -> Any:
    kind = kind_of(kinds, value)
    return value[str(kinds.tag)] if kinds.tag in value else kind and kind.tags[0]


def _tag_row(row: Field, kinds: Kinds, names: list[str], rows: list[Field], default: Any) -> Field:
    """The row of what chooses the kind."""
    options: list[tuple[Any, str | None]] = []
    for kind, name, own in zip(kinds.kinds, names, rows, strict=True):
        texts = own.choice_names or (name if len(kind.tags) == 1 else None,) * len(kind.tags)
        options += [
            (tag, None if text == _text(tag) else text)
            for tag, text in zip(kind.tags, texts, strict=True)
        ]
    types = [kind for own in rows for kind in own.kinds] + ["null"] * row.nullable
    tag = json.dumps(_tag_of(kinds, default)) if is_object(default) else None
    return rows[0].changed(
        kinds=tuple(dict.fromkeys(types)),
        choices=tuple(tag for tag, _ in options),
        choice_names=tuple(name for _, name in options),
        x_form={"set": {"type": "select"}},
        required=row.required,
        default=None if row.required else tag,
        proposal=tag,
        filled=row.filled,
        read_only=row.read_only,
        deprecated=row.deprecated,
    )


def _with_none(entry: Entry, row: Field, default: Any) -> Entry:
    """The choice of the kind, with one that stands for none where there may be none."""
    field, is_filled = dict(entry.field), row.required or row.filled
    if not row.nullable and is_filled:
        return entry if row.required else _with(entry, selectOptions={"hideNoneSelectedText": True})
    if default is None and (not row.nullable or is_filled):
        field["default"] = None
    return replace(entry, field={**field, "selectOptions": {"noneSelectedText": "None"}})


def _with(entry: Entry, **facts: Any) -> Entry:
    return replace(entry, field={**entry.field, **facts})


def _shared(rows: list[Field]) -> Field | None:
    """The row of a key that several kinds have; None where it is not the same in all."""
    one, *others = rows
    if not others:
        return one
    names = ("kinds", "cls", "content", "choices", "item_kinds", "item_choices", "secret", "x_form")
    same = [(heads_class(each), *(getattr(each, name) for name in names)) for each in rows]
    texts = {each.default or each.proposal for each in rows}
    is_whole = heads_class(one) or one.item_choices
    if any(each != same[0] for each in same) or (len(texts) > 1 and is_whole):
        return None
    x_form = one.x_form
    if len(texts) > 1 and "boolean" in one.kinds and x_form is not None:  # a box would say no
        x_form = {**x_form, "set": {"type": "select", **x_form.get("set", {})}}
    return one.changed(
        limits={k: v for k, v in one.limits.items() if all(r.limits.get(k) == v for r in others)},
        patterns=one.patterns if all(r.patterns == one.patterns for r in others) else (),
        format=one.format if all(r.format == one.format for r in others) else "",
        description=" ".join(dict.fromkeys(filter(None, (each.description for each in rows)))),
        required=all(each.required for each in rows),
        default=texts.pop() if len(texts) == 1 else None,
        proposal=None,
        old_keys=tuple(dict.fromkeys(name for each in rows for name in each.old_keys)),
        x_form=x_form,
    )


def _told(entry: Entry, fills: Mapping[int, Any], names: list[str]) -> Entry:
    """A field that kinds fill differently says what each fills in."""
    if not fills:
        return entry
    fill_texts = {at: json.dumps(fill, ensure_ascii=False) for at, fill in fills.items()}
    texts = (f"{text} for {names[at]}" for at, text in fill_texts.items())
    told = html.escape(f"If empty: {', '.join(texts)}", quote=False)
    return _with(entry, hint=f"{entry.field['hint']}. {told}" if "hint" in entry.field else told)


def _sections(
    form: ClassForm, places: Mapping[str, tuple[int, ...]], names: list[str]
) -> tuple[Section, ...]:
    """The fields of the same kinds together, those of most kinds first."""
    every = tuple(range(len(names)))
    found: list[Section] = []
    for those in sorted(dict.fromkeys(places.values()), key=len, reverse=True):
        entries = {key: each for key, each in form.entries.items() if places[key] == those}
        nested = {key: each for key, each in form.nested.items() if key in entries}
        label = "" if those == every else f"Only for {either(names[at] for at in those)}"
        part = ClassForm(entries, nested, {})
        found.append(Section(html.escape(label, quote=False), those, part))
    return tuple(found)
