"""The page of schemas as one file, which needs no server."""

from __future__ import annotations

import os
from pathlib import Path

from ..problems import GenerationError, Problem
from ..write.whole import write_whole
from .catalog import Catalog
from .page import GENERATOR_MARK, offline_page
from .state import offline_document


def write_page(catalog: Catalog, path: Path) -> list[Problem]:
    """Write the page of all schemas of `catalog` to a file, and give their warnings.

    Raises:
        GenerationError: a schema has errors, or the file is somebody else's or cannot be written.
    """
    found = (catalog.view(".".join(source.module)) for source in catalog.sources())
    views = [view for view in found if view is not None]
    problems = list(dict.fromkeys(p for view in views for p in (*view.errors, *view.warnings)))
    if any(view.errors for view in views):
        raise GenerationError(problems)
    documents = [offline_document(view) for view in views]
    schemas = [{name: document[name] for name in ("module", "file")} for document in documents]
    page = offline_page({"schemas": schemas, "view": documents[0], "views": documents})
    if os.path.exists(path) and not (path.is_dir() or _is_ours(path)):
        message = "is no page of brevetti-gen and is not overwritten"
        hint = "remove it first"
        raise GenerationError([Problem(message, str(path), hint=hint, code="in-the-way")])
    write_whole(path, page.html)
    return problems


def _is_ours(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return GENERATOR_MARK in file.read(4096)
    except OSError:
        return False
