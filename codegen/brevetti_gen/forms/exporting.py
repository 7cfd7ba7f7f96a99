"""The forms of classes, as files."""

from __future__ import annotations

from collections.abc import Iterable

from brevettiai.form.documents import FormTooLarge
from brevettiai.form.fields import json_text
from brevettiai.settings import Settings

from ..problems import Problem
from ..read.find import SCHEMA_FILE, Source
from .export_lint import inexpressible


def exported(
    classes: Iterable[tuple[Source, type[Settings] | None]],
) -> tuple[dict[str, str], list[Problem]]:
    """The texts of the forms by path, and what they cannot express.

    `classes` are those of the roots of schemas; None for a root that is no object.
    """
    files: dict[str, str] = {}
    problems: list[Problem] = []
    for source, cls in classes:
        if cls is None:
            message = "the root is no object, so it has no form"
            problems.append(Problem(message, source.name, severity="warning", code="form-limits"))
            continue
        try:
            text = json_text(cls.get_schema().schema, lines=True)
            files[SCHEMA_FILE.sub(".form.json", source.uri_path)] = f"{text}\n"
        except FormTooLarge as error:
            problems.append(Problem(str(error), source.name, code="too-large"))
            continue
        problems += inexpressible(cls, source)
    return files, problems
