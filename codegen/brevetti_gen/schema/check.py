"""The *check* step: schemas against the metaschema of their draft.

The verdict comes from compiled checks of the metaschemas, which is many times faster than
interpreting them; why a schema fails is for the workbench to say.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from .dialects import DIALECTS
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
