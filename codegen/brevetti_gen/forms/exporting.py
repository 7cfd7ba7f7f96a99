"""The forms of classes, as files; and what of their schemas no form can say."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import unquote

from brevettiai.form.fields import Entry, form_text, is_json_text
from brevettiai.form.libraries import KEYS, TooManyControls, form_for, losses
from brevettiai.form.models import class_form
from brevettiai.form.placing import FormTooLarge
from brevettiai.messages.words import counted
from brevettiai.settings import Settings

from ..json_values import is_array, is_object
from ..problems import Problem, pointer_text
from ..read.document import Document, read
from ..read.find import SCHEMA_FILE, Source
from ..schema.dialects import Pointer
from ..schema.keywords import KEYWORDS
from .field_lint import LIMIT_HINT, NAME_HINT, reached_limit

#: The library of the platform's form.
PLATFORM = "vue-form-generator"
#: So many settings are named in one line.
_MOST_PLACES = 5
_ON_REQUEST = "--verbose tells where and why"


class _Remark(NamedTuple):
    """What a form cannot express; `pointer` leads to the setting in its schema, if known there."""

    text: str
    hint: str | None = None
    #: The path of a setting that has no field.
    lacking: str = ""
    pointer: Pointer = ()


#: Keywords by which properties of an object depend on each other.
_CONDITIONS = tuple(
    keyword.name
    for keyword in KEYWORDS.values()
    if keyword.changed_by_fills
    and keyword.beside is None
    and (keyword.kind == "object" or (keyword.in_place and keyword.holds))
)


def _inexpressible(cls: type[Settings], source: Source, library: str = PLATFORM) -> list[Problem]:
    """What the form of `cls`, of the schema in `source`, for a library cannot express.

    One warning tells of all settings without a field; where there are several, notes tell of each.
    """
    remarks = [*_parts(cls, (), (cls,), library == PLATFORM), *_conditions(cls)]
    if library != PLATFORM:
        remarks += [_Remark(f"{at} {what}") for at, what in losses(cls, library).items()]
    lacking = [remark for remark in remarks if remark.lacking]
    found = [_problem(source, remark) for remark in remarks if not remark.lacking]
    if len(lacking) == 1:
        return [*found, replace(_problem(source, lacking[0]), severity="warning")]
    if lacking:
        places = [remark.lacking for remark in lacking]
        text = f"{counted(len(places), 'setting')} have no field in the form"
        text += f": {', '.join(places[:_MOST_PLACES])}"
        told = _Remark(text + (", …" if len(places) > _MOST_PLACES else ""), _ON_REQUEST)
        found.append(replace(_problem(source, told), severity="warning"))
        document = read(source)
        found += (_placed(_problem(source, r), r.pointer, document) for r in lacking)
    return found


def _problem(source: Source, told: _Remark) -> Problem:
    return Problem(told.text, source.name, severity="note", hint=told.hint, code="form-limits")


def _placed(problem: Problem, pointer: Pointer, document: object) -> Problem:
    if not pointer or not isinstance(document, Document):
        return problem
    line, column = document.position(pointer)
    return replace(problem, line=line, column=column, pointer=pointer_text(pointer))


def _parts(
    cls: type[Settings], at: tuple[str, ...], above: tuple[type[Settings], ...], is_platform: bool
) -> Iterator[_Remark]:
    """What has no field; and of the platform's form, what is less in it than it should be."""
    form = class_form(cls)
    if form.layout:
        return  # imported: the form's author has chosen
    for field in cls.__brevetti__.fields():
        path = (*at, field.key)
        place = ".".join(path)
        entry = form.entries.get(field.key)
        if entry is None:
            text = f"{place!r} has no field: no form can have a field of that name"
            yield _Remark(text, NAME_HINT, repr(place), _pointer(cls, field.key))
            continue
        inner = field.cls if field.key in form.nested else None
        if inner is not None and inner in above:
            text = f"{place} is left out: it contains itself"
            yield _Remark(text, None, repr(place), _pointer(cls, field.key))
        elif inner is not None:
            yield from _parts(inner, path, (*above, inner), is_platform)
        if not is_platform or inner is not None:
            continue
        for at_field, each in _drawn(place, entry):
            if is_json_text(each.shown) and not _is_chosen(each):
                hint = str(each.shown.get("hint", ""))
                yield _Remark(f"{at_field} is edited as JSON text", html.unescape(hint) or None)
        limit = reached_limit(field)
        if limit is not None and entry.shown.get("inputType") == "number":
            yield _Remark(f"the field of {place} takes {limit}, which loading refuses", LIMIT_HINT)


def _drawn(place: str, entry: Entry) -> Iterator[tuple[str, Entry]]:
    """What the platform's form draws of a setting: one field, or those of the kinds of a union."""
    if entry.branches is None:
        yield place, entry
        return
    for key, each in entry.branches.form.entries.items():
        if key not in entry.branches.form.nested:
            yield from _drawn(f"{place}.{key}", each)


def _pointer(cls: type[Settings], key: str) -> Pointer:
    """Where a property is declared, if that is in the document of the class, at its place."""
    tables: Any = cls.__brevetti__.tables
    places = [place for place in tables.place if place != "#"]
    if len(places) > 1 or not all(place.startswith("#/") for place in places):
        return ()
    steps = [step for place in places for step in place[2:].split("/")]
    steps = [unquote(step).replace("~1", "/").replace("~0", "~") for step in steps]
    return (*steps, "properties", key)


def _is_chosen(entry: Entry) -> bool:
    """Whether the schema's author has chosen the field by `x-form`."""
    return not {"type", "isJson"}.isdisjoint(entry.changes.get("set", {}))


def _conditions(cls: type[Settings]) -> Iterator[_Remark]:
    """Objects with conditions that only loading checks."""
    found = sorted({keyword for node in _objects(cls.json_schema()) for keyword in node})
    if found:
        what = ", ".join(found)
        hint = "a form that breaks them is refused when it is loaded, with the labels of its fields"
        text = f"conditions between settings ({what}) are not checked by the form"
        yield _Remark(text, hint)


def _objects(schema: Any) -> Iterator[list[str]]:
    """For each schema of an object with properties, its keywords that are conditions."""
    ahead = [schema]
    while ahead:
        node = ahead.pop()
        if is_array(node):
            ahead += node
        elif is_object(node):
            if "properties" in node:
                yield [keyword for keyword in _CONDITIONS if keyword in node]
            inner = {k: v for k, v in node.items() if k not in ("default", "enum", "const")}
            ahead += [v for k, v in inner.items() if not k.startswith("x-")]


#: The libraries that there are forms for, the platform's first.
LIBRARIES = (PLATFORM, *KEYS)
#: How the files of their forms end.
ENDINGS = {PLATFORM: ".form.json", **{library: f".{library}.json" for library in KEYS}}


def exported(
    classes: Iterable[tuple[Source, type[Settings] | None]], library: str = PLATFORM
) -> tuple[dict[str, str], list[Problem]]:
    """The texts of the forms by path, and what they cannot express.

    `classes` are those of the roots of schemas; None for a root that is no object. `library` is one
    of `LIBRARIES`.
    """
    files: dict[str, str] = {}
    problems: list[Problem] = []
    for source, cls in classes:
        if cls is None:
            message = "the root is no object, so it has no form"
            problems.append(Problem(message, source.name, severity="warning", code="form-limits"))
            continue
        try:
            is_platform = library == PLATFORM
            form = cls.get_schema().schema if is_platform else form_for(cls, library)
            text = form_text(form, lines=True)
            files[SCHEMA_FILE.sub(ENDINGS[library], source.uri_path)] = f"{text}\n"
        except (FormTooLarge, TooManyControls) as error:
            problems.append(Problem(str(error), source.name, code="too-large"))
            continue
        problems += _inexpressible(cls, source, library)
    return files, problems
