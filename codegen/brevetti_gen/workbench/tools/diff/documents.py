"""Which schema files a comparison can leave out: what is alike, with all that it refers to."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urldefrag

from brevettiai.cli.text import TextError

from ....graphs import inverted, reached
from ....json_values import is_array, is_object
from ....problems import GenerationError
from ....read.find import Source, find
from ....schema.keywords import REFERENCES

#: What leads to other documents, and what they are called by.
_LEADING = frozenset([*REFERENCES, "$schema"])
_NAMING = frozenset(["$id", "id"])
#: What has a meaning in patterns of what is left out.
_SIGNS = re.compile("[*?]")


class _File(NamedTuple):
    """Of a file the last parts of the names that it has, and of those that it refers to."""

    names: frozenset[str]
    leads_to: frozenset[str]


def unaffected(
    old: Sequence[Path], new: Sequence[Path], exclude: Sequence[str] = ()
) -> list[str] | None:
    """The files in two folders that need not be compared, as paths in these folders.

    Those are alike in both, and nothing that they refer to differs. Nothing that differs refers to
    them either. None if that is so of all of them.
    """
    if not all(os.path.isdir(path) for path in (*old, *new)):
        return []
    olds, news = (_contents(paths, exclude) for paths in (old, new))
    alike = {name for name in olds.keys() & news.keys() if olds[name] == news[name]}
    files = {name: _File(frozenset(), frozenset()) for name in (*olds, *news)}
    for name, content in (*olds.items(), *news.items()):
        if name not in alike or content is news.get(name):
            known, found = files[name], _file(name, content)
            if found is None:  # who knows what it refers to
                alike.discard(name)
                continue
            names, leads_to = known.names | found.names, known.leads_to | found.leads_to
            files[name] = _File(names, leads_to)
    called: dict[str, set[str]] = {}
    for name, file in files.items():
        for each in file.names:
            called.setdefault(each, set()).add(name)
    graph = {
        name: {target for each in file.leads_to for target in called.get(each, ())}
        for name, file in files.items()
    }
    if alike == files.keys():
        return None
    kept = reached(reached(files.keys() - alike, inverted(graph)), graph)
    for side in (olds, news):
        if kept.isdisjoint(side):  # in which there has to be something
            kept |= reached([min(side)], graph)
    return sorted(name for name in files.keys() - kept if not _SIGNS.search(name))


def _contents(paths: Sequence[Path], exclude: Sequence[str]) -> dict[str, bytes]:
    """The bytes of schema files by their paths in the folders."""
    sources, problems = find(paths, patterns=exclude)
    if problems:
        raise GenerationError(problems)
    return {source.uri_path: _bytes(source) for source in sources}


def _bytes(source: Source) -> bytes:
    try:
        return source.path.read_bytes()
    except OSError:
        return b""  # whoever reads it for its meaning says why it cannot be


def _file(name: str, content: bytes) -> _File | None:
    """What a file says of itself; None where it cannot be read."""
    try:
        value = json.loads(content) if name.lower().endswith(".json") else _yaml(content)
    except (ValueError, RecursionError, TextError):
        return None
    names, leads_to = {_last(name)}, set[str]()
    for key, text in _texts(value):
        (names if key in _NAMING else leads_to).add(_last(text))
    return _File(frozenset(names), frozenset(leads_to - {""}))


def _yaml(content: bytes) -> Any:
    from brevettiai.cli.yaml_text import parse_yaml

    return parse_yaml(content.decode())


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """The texts of references and names anywhere in a document."""
    stack = [value]
    while stack:
        value = stack.pop()
        if is_object(value):
            for key, inner in value.items():
                if isinstance(inner, str):
                    if key in _LEADING or key in _NAMING:
                        yield key, inner
                elif isinstance(inner, (dict, list)):
                    stack.append(inner)
        elif is_array(value):
            stack += value


def _last(text: str) -> str:
    """The last part of a path or URI, without a fragment."""
    return unquote(urldefrag(text)[0]).rstrip("/").rpartition("/")[2]
