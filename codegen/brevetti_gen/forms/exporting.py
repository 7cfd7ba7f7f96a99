"""The forms of classes, as files."""

from __future__ import annotations

from collections.abc import Iterable

from brevettiai.form.fields import form_text
from brevettiai.form.libraries import KEYS, TooManyControls, form_for
from brevettiai.form.placing import FormTooLarge
from brevettiai.settings import Settings

from ..problems import Problem
from ..read.find import SCHEMA_FILE, Source
from .export_lint import PLATFORM, inexpressible

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
        problems += inexpressible(cls, source, library)
    return files, problems
