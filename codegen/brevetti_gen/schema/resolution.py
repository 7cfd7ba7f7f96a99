"""Steps *check* and *resolve*: schemas to one index in which every reference leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..problems import Problem
from ..read.find import module_problems
from .check import SchemaChecker, check_in_place, check_patterns
from .documents import MappedFiles, Schema, problem_at
from .lint import lint
from .nodes import Node, UnresolvableReference
from .resolve import Index
from .verdicts import JudgeOf

ModulePath = tuple[str, ...]


@dataclass(frozen=True)
class Resolved:
    """Schemas that were checked, and all that they refer to.

    Attributes:
        index: the subschemas of all documents.
        roots: those of the documents given, by the path of their module, sorted.
        asked: the URIs of documents that were looked for among the mapped ones.
    """

    index: Index
    roots: Mapping[ModulePath, Node]
    asked: tuple[str, ...]


def resolved(
    schemas: Sequence[Schema], mapped: MappedFiles, judge_of: JudgeOf, found: Sequence[Problem]
) -> tuple[Resolved, list[Problem]]:
    """Check `schemas`, follow all their references, and check what these lead to.

    Where problems were `found` in a document before, references to it are not told.
    """
    index, checker = Index(mapped, mapped.beside), SchemaChecker(judge_of)
    roots: dict[ModulePath, Node] = {}
    problems: list[Problem] = []
    unsound: list[Problem] = []
    for schema in sorted(schemas, key=lambda schema: schema.source.module):
        try:
            root = index.add(schema, schema.uri)
        except UnresolvableReference as error:
            problems.append(schema.problem(error.message, error.pointer, error.hint))
            continue
        unsound += checker.check(index, root)
        roots[schema.source.module] = root
    given = set(index.everywhere())
    problems += _leading_nowhere(index, mapped, [*found, *problems])
    starts = {start.document: start for start in reversed(index.starts)}
    sound = {s.source.module: starts[s] for s in mapped.neighbours if s in starts}
    roots = dict(sorted({**roots, **sound}.items()))
    clashes = module_problems(schema.source for schema in (*schemas, *mapped.neighbours))
    problems += [problem for problem in clashes if problem not in found]
    # What only references lead to, in these documents and in mapped ones.
    for node in list(index.starts):
        if node not in given and isinstance(node.document, Schema):
            unsound += checker.check(index, node)
    problems += unsound or check_in_place(index)
    problems += [fault for node in index.everywhere() for fault in check_patterns(node)]
    for node, said in index.respelled.items():
        message = f"$schema {said!r} is taken for {node.dialect.canonical!r}"
        problems.append(problem_at(node, message, "write it so", at=("$schema",), warning=True))
    unsure = {problem.path for problem in unsound}
    problems += lint(index, [root.document for root in roots.values()], unsure)
    return Resolved(index, roots, tuple(sorted(mapped.asked))), problems


def _leading_nowhere(
    index: Index, mapped: MappedFiles, found: Sequence[Problem]
) -> Iterator[Problem]:
    """Follow all references, and tell of those that fail for no reason told already."""
    bad_maps = list(mapped.places.problems())
    told = [problem.path for problem in [*found, *bad_maps] if problem.path]
    unread = {Path(path).resolve().as_uri() for path in told}
    yield from bad_maps
    for error in [] if bad_maps else index.resolve_everything():
        if error.uri in mapped.broken or error.uri in unread:
            continue
        if error.node is None:
            yield Problem(error.message, hint=error.hint)
        else:
            yield problem_at(error.node, error.message, error.hint, at=error.at)
    yield from mapped.problems
