"""A form without what only keeps it exactly as it was: `import-form --tidy`.

Order of facts, checks that the library leaves out, other spellings of what is usual: the schema
need not say it, as classes and what loads from form models are the same without. What people see
of the difference is told.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeGuard

from brevettiai.form.documents import form_fields, form_presets
from brevettiai.form.fields import FormField, is_heading, is_same
from brevettiai.form.placing import MAX_FIELDS, placed_fields_of
from brevettiai.messages.words import counted

from ..json_values import is_array, is_object
from ..problems import Problem
from ..read.document import Document
from .field_values import UNASKED_RANGE as RANGE
from .field_values import is_number_field, is_unasked_range, read_choices, read_own, validators_of
from .residual import Path, Plan, Whole, add_layout, entries_in, give_title

#: By key, what the library does without it.
_IDLE = {"readonly": False, "disabled": False, "required": False, "isJson": False, "visible": True}
_LIMITS = ("min", "max", "maxlength")
_TEXTS = ("label", "help", "hint")
_SHOWN_TEXTS = ("help", "hint", "placeholder")
_OPTIONS = ("selectOptions", "radiosOptions", "checklistOptions")
#: Validators, and others that check at least as much.
_CHECKED_BY = {"double": ("number",), "number": ("integer",)}
#: So many fields are named in one line.
_MOST_NAMES = 5

#: By kind of difference: what has it, what is so, and why that is no harm.
_TOLD = {
    "checks": (
        "field",
        "now checked in the form",
        "loading has refused all along what they refuse",
    ),
    "headings": ("heading", "now the title of the object whose fields follow", None),
    "hints": ("field", "now with a hint at the JSON that is expected", None),
    "marks": (
        "field",
        "no longer marked as required",
        "there is a default, so nobody has to fill them in",
    ),
    "presets": ("preset", "now in the spelling that defaults have", None),
    "ranges": (
        "number",
        "no longer with the range 0 to 100",
        "the platform's library writes it unasked, and nothing checks it",
    ),
    "rows": ("text area", "now as high as the default needs", None),
    "spellings": ("default", "now in the usual spelling", "it loads as the same"),
    "orders": ("field", "now with its facts in the usual order", "which nobody sees"),
}


class Tidying:
    """The tidy form of a form, and what is different in it.

    Attributes:
        different: by kind of difference, the pointers and names of what has it.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.different: dict[str, list[tuple[tuple[str | int, ...], str]]] = {}

    def _tell(self, kind: str, number: int) -> None:
        pointer, entry = self._plan.entries[number]
        name = entry.get("model") or entry.get("label") or "?"
        self.different.setdefault(kind, []).append((pointer, str(name)))

    # Fields

    def wanted(self, usual: FormField, original: FormField, number: int) -> FormField:
        """`original` without what the canonical field may as well have as it is usual."""
        is_empty = {key for key in _SHOWN_TEXTS if original.get(key) in ("", None)}
        kept = {key: value for key, value in original.items() if key not in is_empty}
        original = dict(kept)
        for key in _as_usual(usual, original):
            _take(kept, usual, key)
        for kind, keys in _seen(usual, original):
            for key in keys:
                _take(kept, usual, key)
            if kind:
                self._tell(kind, number)
        ordered = {key: kept.pop(key) for key in usual if key in kept} | kept
        shared = [key for key in original if key in ordered]
        if shared != [key for key in ordered if key in original]:
            self._tell("orders", number)
        return ordered

    def find_headings(self) -> None:
        """Labels without a `tag` head the object that has all fields behind them."""
        plan = self._plan
        owners = {number: path for path, number in plan.fields.items()}
        owners |= {number: path for path, numbers in plan.items.items() for number in numbers}
        for number, (_, entry) in enumerate(plan.entries):
            if is_object(entry) and _is_plain_label(entry):
                path = _headed(number, owners)
                if path and path in plan.schemas and path not in plan.headings:
                    plan.headings[path] = number
                    give_title(plan.schemas[path], entry)
                    self._tell("headings", number)

    # The layout

    def add_layout(self, form: Mapping[str, Any], whole: Whole) -> None:
        """As `residual.add_layout`, but for what an outline of the document only spells."""
        is_list = is_array(form.get("fields")) and len(self._plan.entries) <= MAX_FIELDS
        if "groups" in form or not is_list:
            add_layout(self._plan, form, whole)
            return
        layout: dict[str, Any] = {}
        entries = _shortest(entries_in(self._plan), whole)
        if entries is not None:
            layout["entries"] = entries
        outline = {key: value for key, value in form.items() if key != "presets"}
        size = len(entries if entries is not None else placed_fields_of(whole.form))
        outline["fields"] = size
        unread = self._unread_presets(form, whole)
        if unread:
            outline["presets"] = unread
        if list(outline) != ["fields"]:
            layout["document"] = outline
        if layout:
            self._plan.schema["x-form"] = layout

    def _unread_presets(self, form: Mapping[str, Any], whole: Whole) -> Any:
        """Presets that only the form has, as outlines hold them."""
        given, known = form.get("presets"), self._plan.schema.get("x-presets", {})
        if not is_object(given):
            return given
        usual = form_presets(whole.form, known, None)
        other = [name for name in known if not is_same(usual[name], given[name])]
        if other:
            self.different["presets"] = [(("presets", name), name) for name in other]
        return {name: [preset] for name, preset in given.items() if name not in known}

    def problems(self, document: Document) -> Iterator[Problem]:
        """What is different for people, in a line for each kind; notes tell of each field."""
        for kind, (noun, text, why) in _TOLD.items():
            found = self.different.get(kind, [])
            if not found:
                continue
            names = ", ".join(name for _, name in found[:_MOST_NAMES])
            more = ", …" if len(found) > _MOST_NAMES else ""
            said = f"{text}: {counted(len(found), noun)} ({names}{more})"
            is_seen = kind != "orders"
            severity: Literal["warning", "note"] = "warning" if is_seen else "note"
            yield replace(document.problem("form-loss", said, (), why), severity=severity)
            for pointer, name in found if is_seen else ():
                each = document.problem("form-loss", f"{name}: {text}", pointer)
                yield replace(each, severity="note")


def _take(field: FormField, usual: FormField, key: str) -> None:
    """Give a field what the canonical one has under a key, or nothing where that has nothing."""
    field.pop(key, None)
    if key in usual:
        field[key] = usual[key]


def _as_usual(usual: FormField, original: FormField) -> Iterator[str]:
    """The keys under which both say the same, as far as anyone sees."""
    for key, idle in _IDLE.items():
        if all(field.get(key) in (None, idle) for field in (usual, original)):
            yield key
    if "step" not in original:
        yield "step"
    for key in _TEXTS:
        texts = [field.get(key) for field in (usual, original)]
        if all(isinstance(text, str) and "<" not in text for text in texts):
            one, other = (" ".join(html.unescape(str(text)).split()) for text in texts)
            if one == other:
                yield key
    if _offers_the_same(usual, original):
        yield "values"
    if is_heading(usual) and "tag" not in original:
        yield "tag"


def _seen(usual: FormField, original: FormField) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The keys under which the canonical field may say what is usual; by kind of difference."""
    if not _is_alike(usual, original):
        return
    validators, checks = validators_of(original), {*usual.get("validator", ())}
    is_unasked = is_number_field(original) and is_unasked_range(original)
    if is_unasked and not validators and not {"min", "max"} & usual.keys():
        yield "ranges", (*RANGE,)
        original = {key: value for key, value in original.items() if key not in RANGE}
    # A limit that the setting has not would be checked from then on.
    is_free = all(is_same(original[key], usual.get(key)) for key in _LIMITS if key in original)
    if is_free and all(_is_checked(name, checks) for name in validators):
        yield "" if checks == {*validators} else "checks", ("validator", *_LIMITS)
    is_marked = original.get("required") is True and "required" not in validators
    if is_marked and usual.get("required") is False and "default" in usual:
        yield "marks", ("required",)
    for key in ("hint", "rows"):
        if key in usual and key not in original:
            yield f"{key.rstrip('s')}s", (key,)
    # Stored models may hold it as it is: only what is read from text is sure to load as ever.
    is_read = original.get("isJson") is True or is_number_field(original)
    if is_read and "default" in usual and isinstance(original.get("default"), str):
        own, said = (read_own(field, field["default"]) for field in (usual, original))
        if is_same(own, said) and not is_same(usual["default"], original["default"]):
            yield "spellings", ("default",)


def _is_alike(usual: FormField, original: FormField) -> bool:
    """Whether both edit the value in the same way."""
    kinds = [(field.get("type"), field.get("isJson") is True) for field in (usual, original)]
    return kinds[0] == kinds[1]


def _is_checked(name: Any, checks: set[str]) -> bool:
    """Whether one of `checks` checks all that the validator of a name does."""
    return isinstance(name, str) and not checks.isdisjoint((name, *_CHECKED_BY.get(name, ())))


def _offers_the_same(usual: FormField, original: FormField) -> bool:
    values: list[Any] = [field.get("values") for field in (usual, original)]
    if (
        not _is_alike(usual, original)
        or not all(map(is_array, values))
        or any(key in original for key in _OPTIONS)
    ):
        return False
    keys = {key for value in values[1] if is_object(value) for key in value}
    one, other = (
        [(value, value if name is None else name) for value, name in read_choices(field)]
        for field in (usual, original)
    )
    return keys <= {"id", "value", "name"} and is_same([*map(list, one)], [*map(list, other)])


# Headings and order


def _is_plain_label(entry: Mapping[str, Any]) -> bool:
    has_text = isinstance(entry.get("label"), str) and entry["label"].strip()
    return (
        bool(has_text)
        and entry.get("type") == "label"
        and {"type", "label", "help"} >= entry.keys()
    )


def _headed(number: int, owners: Mapping[int, Path]) -> Path:
    """The object whose fields all come together behind the entry of a number; () for none."""
    run: list[Path] = []
    while number + 1 + len(run) in owners:
        run.append(owners[number + 1 + len(run)])
    path = _common(run)
    inside = [place for place, each in owners.items() if path and each[: len(path)] == path]
    are_together = all(
        owners[place][: len(path)] == path
        for place in range(min(inside, default=0), max(inside, default=0))
        if place in owners
    )
    return path if inside and min(inside) == number + 1 and are_together else ()


def _common(paths: Sequence[Path]) -> Path:
    """The object that has all of the settings at some paths."""
    parents = [path[:-1] for path in paths]
    shortest = min(parents, key=len, default=())
    size = next(
        (n for n, key in enumerate(shortest) if any(each[n] != key for each in parents)),
        len(shortest),
    )
    return shortest[:size]


def _shortest(entries: list[Any], whole: Whole) -> list[Any] | None:
    """Of the entries of a form those that say its order; None where it is that of the schema."""
    if _names(form_fields(whole.form)) == _names(entries):
        return None
    placed = placed_fields_of(replace(whole.form, layout={"entries": entries}))
    names = [".".join(path) for path, _ in placed]
    shown = [name for name in names if name in {*filter(_is_name, entries)}]
    before = dict(zip(shown, ["", *shown], strict=False))
    following = zip(entries, ["", *entries], strict=False)
    kept = [
        not (_is_name(entry) and _is_name(previous) and before.get(entry) == previous)
        for entry, previous in following
    ]
    for name in {*names} - {*shown}:  # that of an object, whose heading would come with no field
        inside = [n for n, e in enumerate(entries) if _is_name(e) and e.startswith(f"{name}.")]
        if inside and not any(kept[place] for place in inside):
            kept[inside[0]] = True
    found = [entry for entry, is_kept in zip(entries, kept, strict=True) if is_kept]
    laid_out = form_fields(replace(whole.form, layout={"entries": found}))
    return found if _names(laid_out) == _names(entries) else entries


def _is_name(entry: object) -> TypeGuard[str]:
    return isinstance(entry, str)


def _names(entries: Iterable[Any]) -> list[Any]:
    """What tells entries apart: the paths of fields and headings, others as they are."""
    found: list[Any] = []
    for entry in entries:
        field = entry.get("raw", entry) if is_object(entry) else entry
        key = "tag" if is_object(field) and is_heading(field) else "model"
        found.append(field.get(key, field) if is_object(field) else field)
    return found
