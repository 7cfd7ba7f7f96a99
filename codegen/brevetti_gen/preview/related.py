"""Which files a schema needs beside itself, so that one that is given alone can be compiled."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

from ..json_values import is_array, is_object
from ..read.document import Document, read
from ..read.find import SCHEMA_FILE, Source

_REFERENCES = ("$ref", "$dynamicRef")
#: More files than any schema refers to; a circle of them ends by itself.
_MOST_FILES = 1000


@dataclass(frozen=True)
class Related:
    """The files that make up one schema.

    Attributes:
        files: those that are there, the schema's own first.
        missing: those that references name and that are not there.
        is_closed: whether every reference leads to `files`, as far as files tell.
    """

    files: tuple[Path, ...]
    missing: tuple[Path, ...]
    is_closed: bool


def related(source: Source, folder: Path) -> Related:
    """Follow the relative references of `source`, and of the files that they lead to.

    Only schema files in `folder`, or in folders inside it, are looked at: no schema can make the
    preview read other files. Files that cannot be read end the search and are not reported, since
    whoever compiles them does.
    """
    top = folder.resolve()
    found: dict[Path, None] = {source.path: None}
    known = {source.path.resolve()}
    missing: dict[Path, None] = {}
    is_closed = True
    waiting = [source.path]
    while waiting and len(found) < _MOST_FILES:
        path = waiting.pop()
        for reference in _files_named(path):
            target = _target(path, reference, top)
            if target is None:
                is_closed = False
            elif not os.path.isfile(target):
                missing[target] = None
                is_closed = False
            elif (place := target.resolve()) not in known:
                known.add(place)
                found[target] = None
                waiting.append(target)
    return Related(tuple(found), tuple(missing), is_closed)


def _files_named(path: Path) -> list[str]:
    """The references in a file without their fragments, each once; none if it cannot be read."""
    document = read(Source(path, path.as_posix(), (path.name,), path.name))
    if not isinstance(document, Document):
        return []
    references = (urldefrag(text).url for text in _references(document.value))
    return list(dict.fromkeys(filter(None, references)))


def _references(value: Any) -> Iterator[str]:
    """The text of everything in `value` that looks like a reference."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if is_object(part):
            yield from (part[key] for key in _REFERENCES if isinstance(part.get(key), str))
            waiting += part.values()
        elif is_array(part):
            waiting += part


def _target(path: Path, reference: str, top: Path) -> Path | None:
    """The schema file in the folder `top` that a relative reference in `path` names."""
    parts = urlsplit(reference)
    if parts.scheme or parts.netloc or parts.query or not parts.path:
        return None
    target = path.parent / unquote(parts.path)
    try:
        is_inside = target.resolve().is_relative_to(top)
    except (OSError, ValueError, RuntimeError):
        return None  # a NUL, a circle of links: no such file
    return target if is_inside and SCHEMA_FILE.search(target.name) else None
