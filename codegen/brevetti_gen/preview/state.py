"""What the page is told of schemas, as JSON: the forms, and why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from brevettiai.settings import Settings

from ..problems import Problem, printable
from .catalog import View
from .verdict import PACKAGE, judge, verdict_document


def view_document(view: View) -> dict[str, Any]:
    """A schema as the page shows it."""
    return {
        "module": view.module,
        "file": view.source.name,
        "title": view.title,
        "description": view.description,
        "command": f"python -m {PACKAGE}.{view.module}",
        "form": view.form,
        "errors": [_problem_document(problem) for problem in view.errors],
        "warnings": [_problem_document(problem) for problem in view.warnings],
    }


def _problem_document(problem: Problem) -> dict[str, Any]:
    parts = [problem.path, problem.line, problem.column]
    return {
        "place": ":".join(printable(str(part)) for part in parts if part is not None),
        "text": printable(problem.message),
        "pointer": printable(problem.pointer or ""),
        "hint": printable(problem.hint or ""),
    }


def offline_document(view: View) -> dict[str, Any]:
    """A schema for a page without a server: with what the class says of each filled form.

    `starts` has the verdict on the form as it opens and as each preset fills it; `nullable` the
    models of fields for which null is a value. The page computes the rest itself.
    """
    document = view_document(view)
    if view.cls is None or view.form is None:
        return document
    opened = opened_model(view.form)
    starts = [{"preset": None, **verdict_document(view.cls, view.module, opened)}]
    for name, preset in _presets(view.form):
        model = merged(opened, preset)
        starts.append({"preset": name, **verdict_document(view.cls, view.module, model, name)})
    fields = [field for field in view.form.get("fields") or [] if isinstance(field, dict)]
    document["starts"] = starts
    document["nullable"] = list(_nullable(view.cls, opened, fields))
    return document


def opened_model(form: Mapping[str, Any]) -> dict[str, Any]:
    """The form model of a form that was just opened.

    As the platform's form library fills it: defaults of fields inside groups are not looked at.
    """
    model: dict[str, Any] = {}
    for field in form.get("fields") or []:
        if isinstance(field, dict) and "default" in field:
            _set_absent(model, str(field.get("model")).split("."), field["default"])
    return model


def merged(model: Mapping[str, Any], preset: Mapping[str, Any]) -> dict[str, Any]:
    """`model` with the values of `preset`, objects merged key by key."""
    result = dict(model)
    for key, value in preset.items():
        there = result.get(key)
        both = isinstance(there, dict) and isinstance(value, dict)
        result[key] = merged(there, value) if both else value
    return result


def _presets(form: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    presets = form.get("presets")
    if isinstance(presets, dict):
        yield from ((name, value) for name, value in presets.items() if isinstance(value, dict))


def _set_absent(model: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        inner = model.get(step)
        if not isinstance(inner, dict):
            inner = model[step] = {}
        model = inner
    model.setdefault(path[-1], value)


def _nullable(
    cls: type[Settings], opened: Mapping[str, Any], fields: Iterable[Mapping[str, Any]]
) -> Iterable[str]:
    """The models of the fields whose null stays null instead of meaning that they are absent."""
    for field in fields:
        path = field.get("model")
        if not isinstance(path, str):
            continue
        changed: dict[str, Any] = {}
        _set_absent(changed, path.split("."), None)
        settings = judge(cls, merged(opened, changed)).settings
        found: Any = settings.get_config() if settings is not None else {}
        for step in path.split("."):
            found = found.get(step, found) if isinstance(found, dict) else found
        if settings is not None and found is None:
            yield path
