"""The way of a schema: find, read, recognise, check, resolve, build, compile, render, write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import invalidate_caches
from pathlib import Path, PurePosixPath

from .problems import STYLE_LOSS, GenerationError, Problem
from .read.document import Document, read_all
from .read.find import MACHINE, find, folders_of_files
from .read.mapped import MappedPlaces
from .write.files import WriteReport, write
from .write.options import Options, excluded, maps_of, options_for
from .write.unchanged import digest_of_inputs, files_of_same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .forms.field_values import FormRanges

PathLike = str | Path


@dataclass(frozen=True)
class Report(WriteReport):
    """What a run did, or would do if it only checks.

    Attributes:
        differences: the files that it would change, if it only checks.
        modules: names of the generated modules, dotted, relative to the package.
        warnings: problems that did not stop the run.
        notices: how the options differ from those of the run before.
    """

    modules: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()


def generate(
    sources: Sequence[PathLike],
    output: PathLike,
    *,
    maps: Mapping[str, PathLike] | None = None,
    exclude: Sequence[str] | None = None,
    allow_slow_patterns: bool | None = None,
    assert_formats: bool | None = None,
    form_ranges: FormRanges | None = None,
    style: str | None = None,
    force: bool = False,
    strict: bool = False,
    check: bool = False,
    ignore: Sequence[str] = (),
) -> Report:
    """Compile the schemas in `sources`, files and folders, to a package of settings classes.

    Options of the package that are None are as they were in its last run, and as the defaults in
    its first: no maps, nothing left out, no formats, limits, plain.

    Args:
        sources: JSON Schemas or platform forms, JSON or YAML, and folders of them.
        output: the folder of the package; it is made if it is not there.
        maps: where schemas at a URL lie, by URL prefix: a file, or a folder for a prefix that
            ends in `/`. Nothing is ever fetched.
        exclude: patterns of files and folders inside `sources` to leave out, such as `testdata`
            or `data/**/*.json`.
        allow_slow_patterns: take patterns too that can take practically forever on some texts.
        assert_formats: check `format` too, instead of taking it for an annotation.
        form_ranges: whether `min` and `max` in forms are limits of the values, or are ignored.
        style: of the classes: `plain`, or `pydantic`, `dataclass`, `msgspec` or `typeddict`.
        force: overwrite generated files that someone edited.
        strict: take warnings for errors, but for what a style cannot hold.
        check: write nothing. The report tells what a run would do, with the `differences`;
            an `obstacle` at one of them is why a run would be refused.
        ignore: rules, and sets of them, whose warnings are not told.

    Raises:
        GenerationError: something is wrong with the input or the output; it has every problem,
            and nothing was written.
    """
    folder = Path(output)
    chosen = {"--assert-formats": assert_formats, "--form-ranges": form_ranges, "--style": style}
    chosen["--allow-slow-patterns"] = allow_slow_patterns
    options, notices = options_for(folder, chosen, maps, exclude)
    patterns = excluded(options)
    maps = maps_of(options, folder) if maps is None else maps
    places = MappedPlaces(maps, folders_of_files(sources))
    found, problems = find(sources, folder, patterns)
    if patterns:
        from .workbench.lint.left_out import left_out

        notices += left_out(sources, folder, found)
    if not (force or problems):
        known = files_of_same(folder, found, places, options)
        if known is not None:
            return Report(unchanged=known, modules=_modules(known), notices=notices)
    documents, unreadable = read_all(found)
    problems += unreadable
    from .workbench.telling.excerpts import Excerpts

    excerpts = Excerpts(found, has_others=bool(maps or places.folders))
    try:
        files, asked, warnings = _package_of(documents, places, problems, options)
    except GenerationError as error:
        raise GenerationError(excerpts.added(error.problems)) from None
    warnings = excerpts.added(warnings)
    # Warnings come again until they are mended; what a style cannot hold, nobody can mend.
    doubts = [problem for problem in warnings if problem.code != STYLE_LOSS]
    if ignore:
        from .workbench.telling.rules import rules_in

        warnings = tuple(each for each in warnings if each.code not in rules_in(ignore))
    if strict and (wrong := [problem for problem in doubts if problem in warnings]):
        raise GenerationError(replace(problem, severity="error") for problem in wrong)
    contents = [(document.source, document.digest) for document in documents]
    inputs = digest_of_inputs(contents, asked, places, options) if not doubts else ""
    how = {"force": force, "check": check}
    report = write(files, folder, options=options, inputs_digest=inputs, asked=asked, **how)
    if report.differences and excerpts.has_secrets:
        told = tuple(each._replace(may_tell=True) for each in report.differences)
        report = replace(report, differences=told)
    # So that a process that generates can import what it generated.
    invalidate_caches()
    return Report(**vars(report), modules=_modules(files), warnings=warnings, notices=notices)


def _modules(files: Iterable[str]) -> tuple[str, ...]:
    """The modules among the files of a package."""
    paths = (p for p in map(PurePosixPath, files) if p.suffix == ".py" and p.parts[0] != MACHINE)
    names = (".".join(p.with_suffix("").parts) for p in paths if p.name != "__init__.py")
    return tuple(sorted(names))


def _package_of(
    documents: Sequence[Document],
    places: MappedPlaces,
    problems: Sequence[Problem],
    options: Options,
) -> tuple[dict[str, str], tuple[str, ...], tuple[Problem, ...]]:
    """The texts of the package of documents; what they were made with, and warnings.

    Besides, the URIs of documents that were looked for among the mapped ones.

    Raises:
        GenerationError: they mean nothing, or cannot be compiled.
    """
    from .compile.module import module_texts
    from .meaning import meaning_of_documents, too_large
    from .schema.verdicts import Multiplied
    from .write.render import render_marks, render_modules, render_package

    meant = meaning_of_documents(documents, places, problems, options)
    style, assert_formats = options["--style"], options["--assert-formats"] == "on"
    warnings = list(meant.problems)
    try:
        if style == "plain":
            files = render_modules(module_texts(meant.model, meant.scopes, assert_formats))
        else:
            from .styles.package import style_files

            files, lost = style_files(style, meant.model, meant.judge, assert_formats)
            warnings += meant.ignores.kept(lost)
    except (Multiplied, RecursionError) as error:
        raise too_large(error, meant.known.index, documents) from None
    files = {**files, **render_package(meant.model.modules), **render_marks(files)}
    # A part of a schema that several classes have is remarked on once.
    told = sorted(dict.fromkeys(warnings), key=lambda problem: problem.sort_key)
    return dict(sorted(files.items())), meant.known.asked, tuple(told)
