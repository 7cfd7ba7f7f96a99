"""The way of a schema: find, read, recognise, check, resolve, build, compile, render, write."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import invalidate_caches
from pathlib import Path
from typing import Any

from ._manifest import Manifest
from ._version import VERSION
from .find import Source, find
from .problems import GenerationError, Problem
from .read import Document, read
from .write import WriteReport, is_current, write

PathLike = str | Path


@dataclass(frozen=True)
class Report:
    """What a run did.

    Attributes:
        modules: names of the generated modules, dotted, relative to the package.
        written, unchanged, removed: files in the output folder, as POSIX paths.
        warnings: problems that did not stop the run.
    """

    modules: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass
class _Inputs:
    documents: list[Document] = field(default_factory=list[Document])
    problems: list[Problem] = field(default_factory=list[Problem])


def generate(
    sources: Sequence[PathLike],
    output: PathLike,
    *,
    maps: Mapping[str, PathLike] | None = None,
    assert_formats: bool = False,
    force: bool = False,
) -> Report:
    """Compile the schemas in `sources`, files and folders, to a package of settings classes.

    Args:
        sources: JSON Schemas or platform forms, JSON or YAML, and folders of them.
        output: the folder of the package; it is made if it is not there.
        maps: where schemas at a URL lie, by URL prefix: a file, or a folder for a prefix that
            ends in `/`. Nothing is ever fetched.
        assert_formats: check `format` too, instead of taking it for an annotation.
        force: overwrite generated files that someone edited.

    Raises:
        GenerationError: something is wrong with the input or the output; it has every problem,
            and nothing was written.
    """
    folder = Path(output)
    found, problems = find(sources, exclude=folder)
    inputs = _read_all(found, problems)
    if inputs.problems:
        raise GenerationError(inputs.problems)
    digest = _inputs_digest(found, inputs.documents, maps or {}, assert_formats)
    if not force and digest is not None and is_current(folder, digest, VERSION):
        return _unchanged(found, folder)
    from .pipeline import compile_documents

    files, modules, warnings = compile_documents(inputs.documents, maps or {}, assert_formats)
    # Warnings come again until they are mended: a run that had some is never taken for current.
    known = digest if digest is not None and not warnings else ""
    report: WriteReport = write(
        files, folder, force=force, inputs_digest=known, tool_version=VERSION
    )
    # So that a process that generates can import what it generated.
    invalidate_caches()
    return Report(
        tuple(modules),
        tuple(report.written),
        tuple(report.unchanged),
        tuple(report.removed),
        tuple(warnings),
    )


def _unchanged(found: Iterable[Source], folder: Path) -> Report:
    """The report of a run that had nothing to do."""
    modules = sorted(source.module for source in found)
    return Report(
        modules=tuple(".".join(module) for module in modules),
        unchanged=tuple(sorted(Manifest.load(folder).files)),
    )


def _read_all(sources: Iterable[Source], problems: Iterable[Problem]) -> _Inputs:
    inputs = _Inputs(problems=list(problems))
    for source in sources:
        result = read(source)
        if isinstance(result, Document):
            inputs.documents.append(result)
        else:
            inputs.problems += result
    return inputs


def _inputs_digest(
    sources: Sequence[Source],
    documents: Sequence[Document],
    maps: Mapping[str, PathLike],
    assert_formats: bool,
) -> str | None:
    """A digest of everything that the output depends on; None if mapped files may matter too."""
    if maps:
        return None
    parts: list[Any] = [assert_formats]
    for source, document in zip(sources, documents, strict=True):
        parts.append((source.module, source.uri_path, document.digest))
    return hashlib.sha256(repr(parts).encode()).hexdigest()
