"""Steps *check* and *resolve*: schemas to one index in which every reference leads somewhere.

Whether a schema is one, compiled checks of the metaschemas tell, which is many times faster than
interpreting them; why one is none is for the workbench to say.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..problems import Problem
from ..read.find import ModulePath, Source, module_problems
from .dialects import DIALECTS
from .documents import MappedFiles, Schema, problem_at
from .metaschemas import metaschema
from .nodes import Node, UnresolvableReference
from .resolve import Index
from .verdicts import Judge, JudgeOf


@dataclass(frozen=True)
class Resolved:
    """Schemas that were checked, and all that they refer to.

    Attributes:
        index: the subschemas of all documents.
        roots: those of the documents given, by the path of their module, sorted.
        read: the digests of the files that were read besides those given, by path.
        neighbours: those of them that are modules.
        unsound: the schemas that are none of their dialect: nothing can be made of them.
    """

    index: Index
    roots: Mapping[ModulePath, Node]
    read: Mapping[str, str]
    neighbours: tuple[Source, ...]
    unsound: tuple[Node, ...]


def resolved(
    schemas: Sequence[Schema], mapped: MappedFiles, judge_of: JudgeOf, found: Sequence[Problem]
) -> tuple[Resolved, list[Problem]]:
    """Check `schemas`, follow all their references, and check what these lead to.

    Where problems were `found` in a document before, references to it are not told.
    """
    index, is_sound = Index(mapped, mapped.beside), _checker(judge_of)
    roots: dict[ModulePath, Node] = {}
    problems: list[Problem] = []
    for schema in sorted(schemas, key=lambda schema: schema.source.module):
        try:
            roots[schema.source.module] = index.add(schema, schema.source.uri)
        except UnresolvableReference as error:
            problems.append(schema.problem("reference", error.message, error.pointer, error.hint))
    added, given = [*index.starts], set(index.everywhere())
    problems += _nowhere(index, mapped, [*found, *problems])
    starts = {start.document: start for start in reversed(index.starts)}
    sound = {s.source.module: starts[s] for s in mapped.neighbours if s in starts}
    roots = dict(sorted({**roots, **sound}.items()))
    clashes = module_problems(schema.source for schema in (*schemas, *mapped.neighbours))
    problems += [problem for problem in clashes if problem not in found]
    # What only references lead to, in these documents and in mapped ones.
    late = [node for node in index.starts if node not in given]
    added += [node for node in late if isinstance(node.document, Schema)]
    unsound = tuple(node for node in added if not is_sound(node))
    neighbours = tuple(schema.source for schema in mapped.neighbours)
    return Resolved(index, roots, mapped.read, neighbours, unsound), problems


def _nowhere(index: Index, mapped: MappedFiles, found: Sequence[Problem]) -> Iterator[Problem]:
    """Follow all references, and tell of those that fail for no reason told already."""
    bad_maps = list(mapped.places.problems())
    told = [problem.path for problem in [*found, *bad_maps] if problem.path]
    unread = {Path(os.path.realpath(path)).as_uri() for path in told}
    yield from bad_maps
    for error in [] if bad_maps else index.resolve_everything():
        if error.uri in mapped.broken or error.uri in unread:
            continue
        if error.node is None:
            yield Problem(error.message, hint=error.hint, code="reference")
        else:
            yield problem_at(error.node, "reference", error.message, error.hint, at=error.at)
    yield from mapped.problems


@cache
def _checker(judge_of: JudgeOf) -> Callable[[Node], bool]:
    """What tells whether the schema at a node, with all in it, is one of its dialect.

    The metaschemas are compiled when first needed, once in a process.
    """

    @cache
    def judge_by(uri: str) -> tuple[Judge, Node]:
        index, document = Index(), metaschema(uri)
        assert document is not None
        root = index.add(document, uri)
        index.resolve_everything()
        return judge_of(index), root

    def is_sound(start: Node) -> bool:
        dialect = start.dialect
        judge, root = judge_by(dialect.uri if dialect.uri in DIALECTS else dialect.draft)
        return judge.fits([root], start.schema)

    return is_sound
