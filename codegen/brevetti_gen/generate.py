"""The way of a schema: find, read, recognise, check, resolve, build, compile, render, write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import invalidate_caches
from pathlib import Path, PurePosixPath

from .problems import STYLE_LOSS, GenerationError, Problem, no_errors
from .read.document import Document, read_all
from .read.find import MACHINE, find, folders_of_files
from .read.mapped import MappedPlaces
from .write.files import WriteReport, write
from .write.options import Options, excluded, maps_of, options_for
from .write.unchanged import digest_of_inputs, files_of_same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .forms.field_values import FormRanges
    from .schema.documents import Schema
    from .schema.resolve import Index
    from .schema.verdicts import JudgeOf

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
        from .workbench.left_out import left_out

        notices += left_out(sources, folder, found)
    if not (force or problems):
        known = files_of_same(folder, found, places, options)
        if known is not None:
            return Report(unchanged=known, modules=_modules(known), notices=notices)
    documents, unreadable = read_all(found)
    problems += unreadable
    from .workbench.excerpts import Excerpts

    excerpts = Excerpts(found, has_others=bool(maps or places.folders))
    try:
        files, asked, warnings = _package_of(documents, places, problems, options)
    except GenerationError as error:
        raise GenerationError(excerpts.added(error.problems)) from None
    warnings = excerpts.added(warnings)
    # Warnings come again until they are mended; what a style cannot hold, nobody can mend.
    doubts = [problem for problem in warnings if problem.code != STYLE_LOSS]
    if strict and doubts:
        raise GenerationError(replace(problem, severity="error") for problem in doubts)
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
    """The way from documents to the texts of a package. Each step gives a value, and problems.

    Besides, the URIs of documents that were looked for among the mapped ones, and warnings.

    Raises:
        GenerationError: a step cannot be gone for problems, or there were `problems` before.
    """
    style, assert_formats = options["--style"], options["--assert-formats"] == "on"
    form_ranges: FormRanges = "ignore" if options["--form-ranges"] == "ignore" else "limits"
    # Here, as a run that has nothing to do needs none of the steps.
    from .compile.judge import CompiledJudge, judge_of
    from .compile.module import module_texts
    from .compile.scopes import DynamicScopes
    from .forms.x_form_lint import check_forms, check_x_form
    from .model.build import build
    from .model.fills import filled
    from .model.names import named
    from .model.old_names import with_old_names
    from .schema.documents import MappedFiles
    from .schema.resolution import resolved
    from .schema.verdicts import Multiplied
    from .workbench.doubts import doubts
    from .workbench.lint import lint
    from .workbench.presets import check_presets
    from .workbench.slow_patterns import slow_patterns
    from .workbench.ways import problem_of, problem_of_depth
    from .write.render import render_marks, render_modules, render_package

    index: Index | None = None
    try:
        making = partial(_schemas_of, judge_of=judge_of, form_ranges=form_ranges)
        schemas, strange = making(documents)
        problems = [*problems, *strange]
        known, found = resolved(schemas, MappedFiles(places, schemas, making), judge_of, problems)
        allows_slow = options["--allow-slow-patterns"] == "on"
        slow = slow_patterns(known.index, are_allowed=allows_slow)
        problems = no_errors([*problems, *found, *lint(known), *slow])

        index = known.index
        scopes = DynamicScopes(index)
        judge = CompiledJudge(scopes, assert_formats)
        model, names = named(build(known.index, known.roots))
        model, old = with_old_names(model)
        model, unfit = filled(model, judge)
        problems += [*names, *check_x_form(known.index.everywhere()), *old, *unfit]
        problems += [*doubts(model, judge), *check_presets(model, judge), *check_forms(model)]
        problems = no_errors(problems)

        if style == "plain":
            files = render_modules(module_texts(model, scopes, assert_formats))
        else:
            from .styles.package import style_files

            files, lost = style_files(style, model, judge, assert_formats)
            problems += lost
    except Multiplied as error:
        raise GenerationError([problem_of(error)]) from None
    except RecursionError:
        place = documents[0].source.name if len(documents) == 1 else None
        raise GenerationError([problem_of_depth(index, place)]) from None
    files = {**files, **render_package(model.modules), **render_marks(files)}
    # A part of a schema that several classes have is remarked on once.
    told = sorted(dict.fromkeys(problems), key=lambda problem: problem.sort_key)
    return dict(sorted(files.items())), known.asked, tuple(told)


def _schemas_of(
    documents: Sequence[Document], judge_of: JudgeOf, form_ranges: FormRanges
) -> tuple[list[Schema], list[Problem]]:
    """The schemas that documents are, or that are made of forms; and what is wrong with them."""
    from .schema.recognise import recognised

    schemas, forms, problems = recognised(documents)
    if forms:
        from .forms.importing import schemas_of_forms

        imported, strange = schemas_of_forms(forms, judge_of, form_ranges)
        schemas, problems = [*schemas, *imported], [*problems, *strange]
    return schemas, problems
