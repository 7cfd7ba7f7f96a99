"""What the page is told of schemas, as JSON: the forms, and why there is none."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from brevettiai.form.fields import ClassForm
from brevettiai.form.models import class_form
from brevettiai.form.placing import laid_over
from brevettiai.messages.secrets import secrets_of
from brevettiai.settings import Settings, SettingsError

from ..forms.untouched import set_at, steps_of, untouched_model, value_at
from ..json_values import is_array, is_object
from ..problems import Problem, printable
from .catalog import View
from .verdict import PACKAGE, verdict_document


def view_document(view: View) -> dict[str, Any]:
    """A schema as the page shows it."""
    return {
        "module": view.module,
        "file": view.source.name,
        "title": view.title,
        "description": view.description,
        "command": f"python -m {PACKAGE}.{view.module}",
        "form": view.form,
        "json_schema": view.json_schema,
        "class_text": view.class_text,
        "help": view.help,
        "secrets": _secret_models(view),
        "errors": [_problem_document(problem) for problem in view.errors],
        "warnings": [_problem_document(problem) for problem in view.warnings],
    }


def _secret_models(view: View) -> list[str]:
    """The models of the fields that hold secrets, JSON of which only a part is secret too."""
    if view.cls is None or view.form is None:
        return []
    secrets = secrets_of(view.cls.__brevetti__)
    groups = view.form.get("groups")
    parts = [view.form, *filter(is_object, groups if is_array(groups) else ())]
    models = [field.get("model") for part in parts for field in _fields(part)]
    return [model for model in models if isinstance(model, str) and secrets.at(*model.split("."))]


def _problem_document(problem: Problem) -> dict[str, Any]:
    parts = [problem.path, problem.line, problem.column]
    return {
        "place": ":".join(printable(str(part)) for part in parts if part is not None),
        "text": printable(problem.message),
        "pointer": printable(problem.pointer or ""),
        "hint": printable(problem.hint or ""),
        "line": problem.line,
        "excerpt": [*map(printable, problem.excerpt)] if problem.excerpt else None,
    }


def offline_document(view: View) -> dict[str, Any]:
    """A schema for a page without a server: with what the class says of each filled form.

    `starts` has the verdict on the form as it opens and as each preset fills it; `nullable` the
    models of fields for which null is a value, `blankable` of those for which an empty text is;
    `unions` which fields belong to which kinds of objects.
    The page computes the rest itself. Files are named without the folders of this machine, and
    secrets are left out.
    """
    document = view_document(_without_folders(view))
    if view.cls is None or view.form is None:
        return document
    opened = untouched_model(view.form)
    filled: dict[str | None, dict[str, Any]] = {None: opened}
    filled |= {name: laid_over(opened, preset) for name, preset in _presets(view.form)}
    starts = [
        {"preset": name, **verdict_document(view.cls, view.module, model, name)}
        for name, model in filled.items()
    ]
    document["starts"] = starts
    document["unions"] = list(_unions(class_form(view.cls), (), ()))
    tags = {f"{union['path']}.{union['tag']}" for union in document["unions"]}
    for name, value in (("nullable", None), ("blankable", "")):
        document[name] = [*_keeping(view.cls, view.form, opened, tags, value)]
    return document


def _unions(
    form: ClassForm, at: tuple[str, ...], above: tuple[ClassForm, ...]
) -> Iterator[dict[str, Any]]:
    """The unions of a form that have fields: where, what chooses the kind, the keys of each."""
    for key, entry in form.entries.items():
        inner = form.nested[key].form() if key in form.nested else None
        if inner is not None and inner not in above:
            yield from _unions(inner, (*at, key), (*above, inner))
        if entry.branches is None:
            continue
        kinds, sections = entry.branches.kinds, entry.branches.sections
        keys = [
            [k for section in sections if place in section.places for k in section.form.entries]
            for place in range(len(kinds.kinds))
        ]
        own = [
            {"tags": [*kind.tags], "keys": keys[place]} for place, kind in enumerate(kinds.kinds)
        ]
        is_nullable = "null" in entry.kinds
        path = ".".join((*at, key))
        yield {"path": path, "tag": kinds.tag, "nullable": is_nullable, "kinds": own}
        yield from _unions(entry.branches.form, (*at, key), above)


def _without_folders(view: View) -> View:
    """The view for people elsewhere."""
    source = view.source._replace(name=printable(view.source.uri_path))
    warnings = [
        replace(warning, path=PurePosixPath(warning.path).name if warning.path else None)
        for warning in view.warnings
    ]
    return replace(view, source=source, warnings=tuple(warnings))


def _fields(form: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The fields outside of groups."""
    fields = form.get("fields")
    if is_array(fields):
        yield from filter(is_object, fields)


def _presets(form: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    presets = form.get("presets")
    if is_object(presets):
        for name, preset in presets.items():
            if is_object(preset):
                yield name, preset


def _keeping(
    cls: type[Settings],
    form: Mapping[str, Any],
    opened: Mapping[str, Any],
    tags: Container[str],
    value: str | None,
) -> Iterator[str]:
    """The models of fields of which null, or empty text, is that in the config too.

    In others it means absence. Those are tried at once of which none decides what the others are.
    """
    models = [model for field in _fields(form) if isinstance(model := field.get("model"), str)]
    together: dict[tuple[Any, ...], list[str]] = {}
    for model in models:
        if path := steps_of(model):
            place = path[-1] if isinstance(path[-1], int) else None
            together.setdefault((len(path), model in tags, place), []).append(model)
    found: set[str] = set()
    for tried in together.values():
        changed = deepcopy(dict(opened))
        for model in tried:
            set_at(changed, steps_of(model), value)
        with suppress(SettingsError):
            config: Any = cls.to_config(changed)
            found |= {model for model in tried if value_at(config, steps_of(model)) == value}
    yield from (model for model in models if model in found)
