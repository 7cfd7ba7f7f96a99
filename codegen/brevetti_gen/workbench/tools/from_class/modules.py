"""Hand-written modules: the form, which is kept in the schema, and what differs all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from brevettiai.json_values import is_module, json_equal
from brevettiai.settings import Settings, SettingsError

from ....compile.judge import judge_of
from ....forms.form_lint import entries_of
from ....forms.residual import add_form, model_path, node_at
from ....json_values import is_object
from ....problems import Problem
from .classes import ClassReader
from .hints import json_of, without_secrets
from .texts import Place, texts_of


def keep_form(schema: dict[str, Any], cls: Any, reader: ClassReader) -> dict[str, Any] | None:
    """Say in `schema` all by which its form is that of `cls`, but for secrets in it.

    Returns: the form; None where it is not kept, which is remarked on.
    """
    before = json.dumps(schema)
    try:
        form: dict[str, Any] = json.loads(json.dumps(cls.get_schema().schema))
        _hide_secrets(form, schema)
        add_form(schema, form, judge_of)
    except Exception as error:  # Of what the class does for its form.
        schema.clear()
        schema.update(json.loads(before))
        texts = texts_of(cls)
        message = f"its form is not kept ({type(error).__name__}: {error})"
        reader.remark(Place(cls.__name__, texts.path, texts.line), message)
        return None
    return form


def _hide_secrets(form: dict[str, Any], schema: dict[str, Any]) -> None:
    """Take the values of secrets out of a form, whose fields for them hide what is typed."""
    for _, entry in entries_of(form):
        path = model_path(entry)
        node = None if path is None else node_at(schema, path)
        if node is not None and node.get("writeOnly") is True:
            entry.pop("default", None)
            if entry.get("inputType") == "text":
                entry["inputType"] = "password"
        elif is_object(entry) and entry.get("isJson") and isinstance(entry.get("default"), str):
            value = json.loads(entry["default"] or "null")
            told = without_secrets(value)
            if told != value:
                entry["default"] = json.dumps(told)
    if "presets" in form:
        form["presets"] = without_secrets(form["presets"])


def differences(old: Any, new: type[Settings], form: dict[str, Any] | None) -> list[Problem]:
    """What a hand-written module gives otherwise than the class that takes its place.

    Args:
        form: the form that was kept.
    """
    if not (isinstance(old, type) and is_module(old)):
        return []
    texts = texts_of(old)
    said = [*_other_config(old, new), *_other_form(new, form)]
    return [
        Problem(
            f"{old.__name__}: {text}", texts.path, texts.line, severity="warning", code="class-loss"
        )
        for text in said
    ]


def _other_config(old: Any, new: type[Settings]) -> Iterator[str]:
    try:
        before = json_of(old().get_config())
    except Exception:
        return  # It was told that it cannot be made.
    try:
        after = new.from_config({}).get_config()
    except SettingsError as error:
        yield f"cannot be made without arguments now: {error.problems[0]}"
        return
    if keys := _unlike(before, after):
        yield f"made without arguments, it has another config now (at {keys})"


def _other_form(new: type[Settings], form: dict[str, Any] | None) -> Iterator[str]:
    if form is None:
        return
    before, after = _fields(form), _fields(new.get_schema().schema)
    if keys := _unlike(before, after):
        yield f"its form is another one now (at {keys})"
    elif json.dumps(new.get_schema().schema) != json.dumps(form):
        yield "its form is in another order now"


def _fields(form: dict[str, Any]) -> dict[str, Any]:
    """The fields of a form by what they edit, or by their labels."""
    entries = ((entry.get("model") or entry.get("label"), entry) for entry in form["fields"])
    return {str(name): entry for name, entry in entries}


def _unlike(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The keys whose values differ."""
    keys = dict.fromkeys([*before, *after])
    return ", ".join(
        key
        for key in keys
        if not (key in before and key in after and json_equal(before[key], after[key]))
    )
