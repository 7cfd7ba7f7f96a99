"""The middle of the way of a schema: from documents that were read to the text of all files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from .compile.bundle import Bundler
from .compile.judge import CompiledJudge, judge_of
from .compile.module import ModuleCompiler
from .compile.scope import Sites
from .compile.unit import Program
from .forms.importing import schemas_of_forms
from .forms.x_form_lint import check_forms, check_x_form
from .model.build import build
from .model.fills import filled
from .model.names import named
from .model.old_names import with_old_names
from .model.presets import check_presets
from .model.types import Model, Module
from .problems import GenerationError, Problem
from .read.document import Document
from .schema.check import SchemaChecker, check_in_place, check_patterns
from .schema.documents import MappedFiles, Schema, problem_at
from .schema.lint import lint
from .schema.nodes import Node, UnresolvableReference
from .schema.recognise import recognise_all
from .schema.resolve import Index
from .write.render import render_module, render_package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .forms.field_values import FormRanges


class Compiled(NamedTuple):
    """A package as it shall be written.

    Attributes:
        files: texts by path.
        modules: names, dotted.
        warnings: problems that do not stop the run.
        asked: the URIs of documents that were looked for among the mapped ones.
    """

    files: dict[str, str]
    modules: list[str]
    warnings: list[Problem]
    asked: tuple[str, ...]


def compile_documents(
    documents: Sequence[Document],
    maps: Mapping[str, str | Path],
    assert_formats: bool,
    found: Sequence[Problem] = (),
    form_ranges: FormRanges = "limits",
    style: str = "plain",
) -> Compiled:
    """The package of the schemas in `documents`, its classes in `style`.

    Raises:
        GenerationError: some schema is no good, or problems were `found` before.
    """
    known = recognise_all(documents)
    problems = [*found, *known.problems]
    try:
        imported, doubts = schemas_of_forms(known.forms, judge_of, form_ranges)
        problems += doubts
        schemas = [*(Schema(document, document.value) for document in known.schemas), *imported]
        mapped = MappedFiles(maps, schemas)
        index, roots = _resolved(schemas, mapped, problems)
        _raise(problems)
        files, modules, warnings = _Compilation(index, roots, assert_formats, style).run()
        # A part of a schema that several classes have is remarked on once.
        warnings = list(dict.fromkeys([*problems, *warnings]))
        return Compiled(files, modules, warnings, tuple(sorted(mapped.asked)))
    except RecursionError:
        place = documents[0].source.name if len(documents) == 1 else None
        message = "references lead from schema to schema too many times to be compiled"
        hint = "shorten the longest chain of definitions; a circle of them is fine"
        raise GenerationError([Problem(message, place, hint=hint)]) from None


def _raise(problems: Sequence[Problem]) -> None:
    if _are_errors(problems):
        raise GenerationError(problems)


def _are_errors(problems: Sequence[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _resolved(
    schemas: Sequence[Schema], mapped: MappedFiles, problems: list[Problem]
) -> tuple[Index, dict[tuple[str, ...], Node]]:
    """The *check* and *resolve* steps; what fails is added to `problems`, all in one run."""
    bad_maps = list(mapped.bad_maps())
    problems += bad_maps
    index, checker = Index(mapped), SchemaChecker(judge_of)
    unsound: list[Problem] = []
    roots: dict[tuple[str, ...], Node] = {}
    for schema in sorted(schemas, key=lambda schema: schema.source.module):
        try:
            root = index.add(schema, schema.source.path.resolve().as_uri())
        except UnresolvableReference as error:
            problems.append(schema.problem(error.message, error.pointer, error.hint))
            continue
        unsound += checker.check(index, root)
        roots[schema.source.module] = root
    given = set(index.everywhere())
    # Who refers to a document that is no good need not be told.
    unread = {Path(found.path).resolve().as_uri() for found in problems if found.path}
    failures = [] if bad_maps else index.resolve_everything()
    problems += [
        _unresolvable(error)
        for error in failures
        if error.uri not in mapped.broken and error.uri not in unread
    ]
    problems += mapped.problems
    # What only references lead to, in these documents and in mapped ones.
    for node in index.starts():
        if node not in given and isinstance(node.document, Schema):
            unsound += checker.check(index, node)
    problems += unsound or _circles(index)
    problems += [found for node in index.everywhere() for found in check_patterns(node)]
    problems += lint(index, [root.document for root in roots.values()])
    return index, roots


def _unresolvable(error: UnresolvableReference) -> Problem:
    if error.node is None:
        return Problem(error.message, hint=error.hint)
    return problem_at(error.node, error.message, error.hint, at=error.at)


def _circles(index: Index) -> list[Problem]:
    """A schema that contains itself in place; one is enough to tell."""
    done: set[Node] = set()
    for node in index.everywhere():
        problem = check_in_place(index, node, done)
        if problem is not None:
            return [problem]
    return []


class _Compilation:
    """The *build*, *compile* and *render* steps."""

    def __init__(
        self,
        index: Index,
        roots: Mapping[tuple[str, ...], Node],
        assert_formats: bool,
        style: str,
    ) -> None:
        self.index = index
        self.roots = roots
        self.assert_formats = assert_formats
        self.style = style

    def run(self) -> tuple[dict[str, str], list[str], list[Problem]]:
        """The files by path, the names of the modules, and warnings."""
        sites = Sites(self.index)
        judge = CompiledJudge(sites, self.assert_formats)
        model, problems = named(build(self.index, self.roots))
        problems += check_x_form(self.index.everywhere())
        model, found = with_old_names(model)
        problems += found
        model, found = filled(model, judge)
        problems += [*found, *check_presets(model, judge), *check_forms(model)]
        _raise(problems)
        if self.style == "plain":
            files = self._files(model, sites)
        else:
            from .styles.package import style_files

            files, lost = style_files(self.style, model, judge, self.assert_formats)
            problems += lost
        files = dict(sorted({**files, **render_package(model.modules)}.items()))
        names = [".".join(module.path) for module in model.modules]
        return files, names, problems

    def _files(self, model: Model, sites: Sites) -> dict[str, str]:
        program = Program(sites, model, self.assert_formats)
        places = [_uri_name(module) for module in model.modules]
        bundler = Bundler(self.index, model.modules, places)
        compilers = [ModuleCompiler(unit, model.shapes, bundler) for unit in program.units.values()]
        for compiler in compilers:
            compiler.request()
        program.finish()
        return {
            "/".join(compiler.module.path) + ".py": render_module(
                compiler.text(), _uri_name(compiler.module)
            )
            for compiler in compilers
        }


def _uri_name(module: Module) -> str:
    """The path of a module's schema relative to the folder that was given."""
    document = module.root.document
    assert isinstance(document, Schema)
    return document.source.uri_path
