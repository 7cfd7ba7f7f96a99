"""The contents of a reference to files, through templates that a team can replace one by one."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from brevettiai.show.pages import base_style
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, TemplateError

from ...._version import VERSION
from ....preview.page import policy_of
from ....problems import GenerationError, Problem, refused
from ....write.render import templates_folder
from .contents import Link, Reference
from .markdown import address, code, text

TEMPLATES = ("page.md.jinja", "index.md.jinja", "page.html.jinja", "page.css", "page.js")
"""The files that a team can replace."""


def laid_out(reference: Reference, templates: Path | None = None) -> dict[str, str]:
    """The files of a reference by path, with forward slashes.

    Args:
        templates: a folder with files that go before ours of the same names.

    Raises:
        GenerationError: a template fails, or the folder holds none.
    """
    ours = templates_folder() / "docs"
    if templates is None:
        make = partial(_kept_environment, ours)
    else:
        make = partial(_environment, _checked(templates), ours)
    index = Link("", "index.md", "")
    values = {"reference": reference, "version": VERSION, "index": index}
    with _problems_of(templates or ours):
        markdown = make(is_html=False)
        template = markdown.get_template("page.md.jinja")
        files = {page.file: template.render(**values, page=page) for page in reference.pages}
        files["index.md"] = markdown.get_template("index.md.jinja").render(**values)
        files["index.html"] = _html(make(is_html=True), values)
    return {path: f"{content.rstrip()}\n" for path, content in files.items()}


def _html(environment: Environment, values: dict[str, Any]) -> str:
    style, script = (_source(environment, name) for name in ("page.css", "page.js"))
    style = f"{base_style()}\n{style}"
    policy = policy_of(style, script)
    template = environment.get_template("page.html.jinja")
    return template.render(**values, style=style, script=script, policy=policy)


def _source(environment: Environment, name: str) -> str:
    loader = environment.loader
    assert loader is not None
    return loader.get_source(environment, name)[0].replace("\r\n", "\n")


def _environment(*folders: Path, is_html: bool) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        autoescape=True,
        finalize=None if is_html else text,
    )
    if not is_html:
        environment.filters |= {"code": code, "address": address}
    return environment


#: For our own templates, which do not change: it keeps them compiled for further references.
_kept_environment = cache(_environment)


def _checked(folder: Path) -> Path:
    """A folder with templates of a team's own."""
    names = f"it can have {', '.join(TEMPLATES)}"
    if not os.path.isdir(folder):
        raise refused("not-found", "there is no such folder of templates", folder, names)
    if not any(os.path.isfile(folder / name) for name in TEMPLATES):
        raise refused(
            "template", "no file in this folder is called as a template is", folder, names
        )
    return folder


@contextmanager
def _problems_of(folder: Path) -> Generator[None]:
    """What goes wrong in templates, as problems with their places."""
    try:
        yield
    except Exception as error:
        place, line = _place_of(error)
        if not (place or isinstance(error, (TemplateError, OSError, UnicodeError))):
            raise
        message = f"the template fails: {type(error).__name__}: {error}"
        hint = "docs/reference-docs.md lists the values that templates get"
        problem = Problem(message, place or folder.as_posix(), line, hint=hint, code="template")
        raise GenerationError([problem]) from None


def _place_of(error: BaseException) -> tuple[str, int | None]:
    """The innermost line of a template in which an error arose."""
    found: tuple[str, int | None] = ("", None)
    name = getattr(error, "filename", None)
    if isinstance(name, str):
        found = (Path(name).as_posix(), getattr(error, "lineno", None))
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if Path(file).name.endswith((".jinja", ".css", ".js")):
            found = (Path(file).as_posix(), trace.tb_lineno)
        trace = trace.tb_next
    return found
