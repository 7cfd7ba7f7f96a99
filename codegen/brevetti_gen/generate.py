"""The way of a schema: find, read, recognise, check, resolve, build, compile, render, write."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import invalidate_caches
from pathlib import Path

from ._version import VERSION
from .problems import GenerationError, Problem
from .read.document import Document, read
from .read.find import Source, find
from .read.mapped import MappedPlaces
from .styles.style import STYLE_LOSS
from .styles.style import STYLES as OTHER_STYLES
from .write.files import WriteReport, write
from .write.manifest import Manifest, ManifestError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .forms.field_values import FormRanges
    from .pipeline import Compiled

PathLike = str | Path

#: The styles of classes, our own first.
STYLES = ("plain", *OTHER_STYLES)

_STYLES_HINT = f"there are {', '.join(STYLES)}"


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


def generate(
    sources: Sequence[PathLike],
    output: PathLike,
    *,
    maps: Mapping[str, PathLike] | None = None,
    assert_formats: bool = False,
    form_ranges: FormRanges = "limits",
    style: str = "plain",
    force: bool = False,
) -> Report:
    """Compile the schemas in `sources`, files and folders, to a package of settings classes.

    Args:
        sources: JSON Schemas or platform forms, JSON or YAML, and folders of them.
        output: the folder of the package; it is made if it is not there.
        maps: where schemas at a URL lie, by URL prefix: a file, or a folder for a prefix that
            ends in `/`. Nothing is ever fetched.
        assert_formats: check `format` too, instead of taking it for an annotation.
        form_ranges: whether `min` and `max` in forms are limits of the values, or are ignored.
        style: of the classes: `plain`, or `pydantic`, `dataclass`, `msgspec` or `typeddict`.
        force: overwrite generated files that someone edited.

    Raises:
        GenerationError: something is wrong with the input or the output; it has every problem,
            and nothing was written.
    """
    if style not in STYLES:
        raise GenerationError([Problem(f"there is no style {style!r}", hint=_STYLES_HINT)])
    folder, maps = Path(output), maps or {}
    options = (assert_formats, form_ranges, style)
    found, problems = find(sources, exclude=folder)
    places = MappedPlaces(maps)
    if not (force or problems):
        manifest = _current(folder, found, places, options)
        if manifest is not None:
            return _unchanged(found, manifest)
    documents, unreadable = _read_all(found)
    from .pipeline import compile_documents

    compiled = compile_documents(
        documents, maps, assert_formats, [*problems, *unreadable], form_ranges, style
    )
    report: WriteReport = write(
        compiled.files,
        folder,
        force=force,
        inputs_digest=_known_digest(compiled, documents, places, options),
        tool_version=VERSION,
        asked=compiled.asked,
    )
    # So that a process that generates can import what it generated.
    invalidate_caches()
    return Report(
        tuple(compiled.modules),
        tuple(report.written),
        tuple(report.unchanged),
        tuple(report.removed),
        tuple(compiled.warnings),
    )


def _read_all(sources: Iterable[Source]) -> tuple[list[Document], list[Problem]]:
    """The documents in `sources`, and why others cannot be read."""
    documents: list[Document] = []
    problems: list[Problem] = []
    for source in sources:
        result = read(source)
        if isinstance(result, Document):
            documents.append(result)
        else:
            problems += result
    return documents, problems


# Runs that have nothing to do


def _current(
    folder: Path, sources: Sequence[Source], places: MappedPlaces, options: tuple[object, ...]
) -> Manifest | None:
    """The manifest of an earlier run that saw the same and whose files are as it left them.

    A run is determined by the files given and by what it finds where it looks for others. So if
    that is the same at all places where the earlier run looked, another run would look there too.
    """
    try:
        manifest = Manifest.load(folder)
        if not manifest.files or any(places.problems()):
            return None
        contents = [
            (source, hashlib.sha256(source.path.read_bytes()).hexdigest()) for source in sources
        ]
        digest = _inputs_digest(contents, places.answers(manifest.asked, sources), options)
        is_current = manifest.is_of(digest, VERSION) and manifest.is_intact(folder)
    except (ManifestError, OSError, RuntimeError):
        return None
    return manifest if is_current else None


def _known_digest(
    compiled: Compiled,
    documents: Sequence[Document],
    places: MappedPlaces,
    options: tuple[object, ...],
) -> str:
    """The digest by which a later run knows that it has nothing to do; "" if it always has."""
    # Warnings come again until they are mended; what a style cannot hold, nobody can mend.
    if any(problem.code != STYLE_LOSS for problem in compiled.warnings):
        return ""
    sources = [document.source for document in documents]
    contents = [(document.source, document.digest) for document in documents]
    try:
        answers = places.answers(compiled.asked, sources)
    except (OSError, RuntimeError):
        return ""
    return _inputs_digest(contents, answers, options)


def _inputs_digest(
    contents: Iterable[tuple[Source, str]], answers: Sequence[str], options: tuple[object, ...]
) -> str:
    """A digest of everything that the output depends on."""
    parts: list[object] = [options]
    parts += [(source.module, source.uri_path, content) for source, content in contents]
    if answers:
        parts.append(answers)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _unchanged(found: Iterable[Source], manifest: Manifest) -> Report:
    """The report of a run that had nothing to do."""
    modules = sorted(source.module for source in found)
    return Report(
        modules=tuple(".".join(module) for module in modules),
        unchanged=tuple(sorted(manifest.files)),
    )
