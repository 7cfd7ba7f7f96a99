"""The *check* step: schemas against the metaschema of their draft.

The verdict comes from compiled checks of the metaschemas, which is many times faster than
interpreting them; why a schema fails is for the workbench to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from ..json_values import is_object
from ..patterns import PatternError, translate
from ..problems import Problem
from .dialects import DIALECTS, Pointer
from .documents import problem_at
from .metaschemas import metaschema
from .nodes import Node
from .resolve import Index
from .verdicts import Judge, JudgeOf


def checker(judge_of: JudgeOf) -> Callable[[Node], bool]:
    """What tells whether the schema at a node, with all in it, is one of its dialect.

    The metaschemas are compiled when first needed.
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


def patterns_of(node: Node) -> Iterator[tuple[Pointer, str]]:
    """The patterns of `node` with their pointers; what is no text is for the metaschema."""
    pattern, table = node.keyword("pattern"), node.keyword("patternProperties")
    if isinstance(pattern, str):
        yield ("pattern",), pattern
    if is_object(table):
        for key in table:
            yield ("patternProperties", key), key


def check_patterns(node: Node) -> Iterator[Problem]:
    """The patterns of `node` that cannot be compiled."""
    for place, pattern in patterns_of(node):
        try:
            translate(pattern)
        except PatternError as error:
            yield problem_at(node, f"the pattern {pattern!r} cannot be used: {error}", at=place)
