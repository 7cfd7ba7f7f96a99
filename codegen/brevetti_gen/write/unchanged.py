"""Runs that have nothing to do: the inputs are known, and the files are as they were left.

A run is determined by the files given and by what it finds where it looks for others. So if that is
the same at all places where an earlier run looked, another run would look there too. What the last
run left is noted in a folder that git ignores; without the note the next run takes its time, and
does the same.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from .._version import VERSION
from ..problems import GenerationError
from ..read.find import Source
from ..read.mapped import MappedPlaces
from .options import Options, text_of
from .seals import digest, strays
from .whole import write_whole

CACHE = ".brevetti_cache"
_NOTE = "last_run.json"


def files_of_same(
    folder: Path, sources: Sequence[Source], places: MappedPlaces, options: Options
) -> tuple[str, ...] | None:
    """The files in `folder` if a run would only make them again, else None."""
    try:
        note = folder / CACHE / _NOTE
        last = json.loads(note.read_bytes())
        if any(places.problems()):
            return None
        contents = [(each, hashlib.sha256(each.path.read_bytes()).hexdigest()) for each in sources]
        files: dict[str, Any] = last["files"]
        noted_at = note.stat().st_mtime_ns
        is_same = (
            last["inputs"] == digest_of_inputs(contents, last["asked"], places, options)
            and all(_is_as_left(f"{folder}/{path}", noted_at, *files[path]) for path in files)
            and not any(strays(folder, files))
        )
        return tuple(sorted(files)) if is_same else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError):
        return None


def _is_as_left(path: str, noted_at: int, size: int, time: int, content: str) -> bool:
    # Without pathlib and buffers: for thousands of small files, they cost more than the reading.
    status = os.stat(path)
    # A file of the very moment of the note could have been changed after it.
    if (status.st_size, status.st_mtime_ns) == (size, time) and time < noted_at:
        return True
    with open(path, "rb", buffering=0) as file:
        return digest(file.read()) == content


def remember(
    folder: Path, inputs_digest: str, asked: Sequence[str], contents: Mapping[str, bytes]
) -> None:
    """Note what a run left in `folder`, for `files_of_same`; where that fails, nothing is lost.

    `asked` are the URIs of documents that the run looked for among the mapped ones.
    """
    with suppress(OSError, GenerationError):
        files = {}
        for path, content in contents.items():
            status = os.stat(f"{folder}/{path}")
            files[path] = (status.st_size, status.st_mtime_ns, digest(content))
        text = json.dumps({"inputs": inputs_digest, "asked": asked, "files": files})
        note = folder / CACHE / _NOTE
        if not note.exists() or note.read_bytes() != text.encode():
            write_whole(note.with_name(".gitignore"), "*\n", makes_folders=True)
            write_whole(note, text)


def digest_of_inputs(
    contents: Sequence[tuple[Source, str]],
    asked: Iterable[str],
    places: MappedPlaces,
    options: Options,
) -> str:
    """A digest of everything that a run's output depends on; "" where that cannot be said.

    `contents` are digests of the sources, `asked` the URIs that the run looks up in `places`.
    """
    try:
        answers = places.answers(asked)
    except (OSError, RuntimeError):
        return ""
    parts: list[object] = [VERSION, text_of(options), answers]
    for source, content in contents:
        parts.append((os.path.abspath(source.path), source.module, source.uri_path, content))
    return hashlib.sha256(repr(parts).encode()).hexdigest()
