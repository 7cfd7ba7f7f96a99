"""What schemas mean: the way of a schema up to its model, from which all else is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from .compile.judge import CompiledJudge, judge_of
from .compile.scopes import DynamicScopes
from .forms.field_values import FormRanges
from .forms.x_form_lint import check_forms, check_x_form
from .model.build import build
from .model.fills import filled
from .model.names import named, with_old_names
from .model.types import Model
from .problems import GenerationError, Problem, no_errors
from .read.document import Document, read_all
from .read.find import PathLike, find, folders_of_files
from .read.mapped import MappedPlaces
from .schema.documents import MappedFiles, Schema
from .schema.recognise import recognised
from .schema.resolution import Resolved, resolved
from .schema.resolve import Index
from .schema.verdicts import JudgeOf, Multiplied
from .workbench.lint.doubts import doubts
from .workbench.lint.growth import check_growth
from .workbench.lint.ignores import Ignores
from .workbench.lint.old_configs import growth_of
from .workbench.lint.presets import check_presets
from .workbench.lint.schemas import lint
from .workbench.lint.searches import check_searches
from .workbench.lint.slow_patterns import slow_patterns
from .workbench.lint.ways import problem_of, problem_of_depth
from .workbench.telling.excerpts import Excerpts
from .write.options import Options, excluded, maps_of, options_for


class Meaning(NamedTuple):
    """What the schemas of a run mean.

    Attributes:
        known: the schemas, with what their references lead to.
        model: their classes.
        judge: tells whether values are valid.
        problems: warnings and notes.
    """

    known: Resolved
    model: Model
    judge: CompiledJudge
    scopes: DynamicScopes
    problems: tuple[Problem, ...]

    @property
    def ignores(self) -> Ignores:
        """What schemas say is to be ignored."""
        return Ignores(self.known.index)


#: Gives the problems to be told of a meaning.
Remarks: TypeAlias = Callable[[Meaning], Iterable[Problem]]


def meaning_of(
    sources: Sequence[PathLike],
    output: PathLike | None = None,
    *,
    maps: Mapping[str, PathLike] | None = None,
    exclude: Sequence[str] | None = None,
    allow_slow_patterns: bool | None = None,
    assert_formats: bool | None = None,
    form_ranges: FormRanges | None = None,
) -> Meaning:
    """What the schemas in `sources`, files and folders, mean.

    Args:
        sources: as `generate` takes them, and so are the options.
        output: the package whose recorded options hold where none is given.

    Raises:
        GenerationError: they mean nothing; it has every problem, with excerpts of the sources.
    """
    folder = Path("." if output is None else output)
    chosen = {"--assert-formats": assert_formats, "--form-ranges": form_ranges}
    chosen["--allow-slow-patterns"] = allow_slow_patterns
    options, _ = options_for(folder, chosen, maps, exclude)
    maps = maps_of(options, folder) if maps is None else maps
    places = MappedPlaces(maps, folders_of_files(sources))
    found, problems = find(sources, None if output is None else folder, excluded(options))
    documents, unreadable = read_all(found)
    excerpts = Excerpts(found, has_others=bool(maps or places.folders))
    try:
        meant = meaning_of_documents(documents, places, [*problems, *unreadable], options)
    except GenerationError as error:
        raise GenerationError(excerpts.added(error.problems)) from None
    return meant._replace(problems=excerpts.added(meant.problems))


def meaning_of_documents(
    documents: Sequence[Document],
    places: MappedPlaces,
    problems: Sequence[Problem],
    options: Options,
    remarks: Remarks | None = None,
    told: Sequence[Problem] = (),
) -> Meaning:
    """The way from documents to their model. Each step gives a value, and problems.

    What is `told` already, of other documents too, needs no further word. `remarks` gives all
    problems of a meaning with those that a run finds, where `x-lint` ignores nothing yet.

    Raises:
        GenerationError: a step cannot be gone for problems, or there were `problems` before.
    """
    form_ranges: FormRanges = "ignore" if options["--form-ranges"] == "ignore" else "limits"
    index: Index | None = None
    try:
        making = partial(_schemas_of, judge_of=judge_of, form_ranges=form_ranges)
        schemas, strange = making(documents)
        problems = [*problems, *strange]
        mapped = MappedFiles(places, schemas, making)
        known, found = resolved(schemas, mapped, judge_of, [*problems, *told])
        index = known.index
        slow = slow_patterns(index, are_allowed=options["--allow-slow-patterns"] == "on")
        problems = [*problems, *found, *lint(known), *slow]
        no_errors(Ignores(index).kept(problems))

        scopes = DynamicScopes(index)
        judge = CompiledJudge(scopes, options["--assert-formats"] == "on")
        model, names = named(build(known.index, known.roots))
        model = with_old_names(model, growth_of(model))
        model, unfit = filled(model, judge)
        problems += [*names, *check_x_form(known.index), *unfit]
        problems += [*check_growth(model, judge), *doubts(model, judge), *check_searches(model)]
        problems += [*check_presets(model, judge), *check_forms(model, judge)]
        meant = Meaning(known, model, judge, scopes, tuple(problems))
        problems = list(remarks(meant)) if remarks else meant.ignores.kept(problems)
        return meant._replace(problems=tuple(no_errors(problems)))
    except (Multiplied, RecursionError) as error:
        raise too_large(error, index, documents) from None


def too_large(
    error: Multiplied | RecursionError, index: Index | None, documents: Sequence[Document]
) -> GenerationError:
    """What a step says that meets more than can be compiled."""
    if isinstance(error, Multiplied):
        return GenerationError([problem_of(error)])
    place = documents[0].source.name if len(documents) == 1 else None
    return GenerationError([problem_of_depth(index, place)])


def _schemas_of(
    documents: Sequence[Document], judge_of: JudgeOf, form_ranges: FormRanges
) -> tuple[list[Schema], list[Problem]]:
    """The schemas that documents are, or that are made of forms; and what is wrong with them."""
    schemas, forms, problems = recognised(documents)
    if forms:
        from .forms.importing import schemas_of_forms

        imported, strange = schemas_of_forms(forms, judge_of, form_ranges)
        schemas, problems = [*schemas, *imported], [*problems, *strange]
    return schemas, problems
