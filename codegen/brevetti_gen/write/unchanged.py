"""Runs that have nothing to do: the inputs are known, and the files are as they were left.

A run is determined by the files given and by what it finds where it looks for others. So if that is
the same at all places where an earlier run looked, another run would look there too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..read.document import Document
from ..read.find import Source
from ..read.mapped import MappedPlaces
from .manifest import Manifest, ManifestError


def manifest_of_same(
    folder: Path, sources: Sequence[Source], places: MappedPlaces, options: tuple[object, ...]
) -> Manifest | None:
    """The manifest in `folder` if a run would only make again what it says, else None."""
    try:
        manifest = Manifest.load(folder)
        if not manifest.files or any(places.problems()):
            return None
        contents = [
            (source, hashlib.sha256(source.path.read_bytes()).hexdigest()) for source in sources
        ]
        digest = _digest(contents, places.answers(manifest.asked, sources), options)
        return manifest if manifest.is_current(folder, digest) else None
    except (ManifestError, OSError, RuntimeError):
        return None


def digest_of_inputs(
    documents: Sequence[Document],
    asked: Sequence[str],
    places: MappedPlaces,
    options: tuple[object, ...],
) -> str:
    """A digest of everything that a run's output depends on; "" where that cannot be said.

    `asked` are the URIs that the run looked up in `places`.
    """
    sources = [document.source for document in documents]
    contents = [(document.source, document.digest) for document in documents]
    try:
        answers = places.answers(asked, sources)
    except (OSError, RuntimeError):
        return ""
    return _digest(contents, answers, options)


def _digest(
    contents: Iterable[tuple[Source, str]], answers: Sequence[str], options: tuple[object, ...]
) -> str:
    parts: list[object] = [options]
    parts += [(source.module, source.uri_path, content) for source, content in contents]
    if answers:
        parts.append(answers)
    return hashlib.sha256(repr(parts).encode()).hexdigest()
