"""The *check* step: schemas against the metaschema of their draft.

The verdict comes from our own compiled checks of the metaschemas, which is many times faster than
interpreting them; only for a schema that fails does the `jsonschema` library say why.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from .compile.scope import Sites
from .dialects import DIALECTS, Dialect
from .documents import Schema
from .judge import Judge
from .patterns import PatternError, translate
from .problems import Problem
from .resolve import Index, Node, UnresolvableReference


class SchemaChecker:
    """Checks schema documents. The metaschemas are compiled when first needed."""

    def __init__(self) -> None:
        self._judges: dict[str, tuple[Judge, Node]] = {}

    def check(self, schema: Schema, dialect: Dialect) -> list[Problem]:
        """Why `schema` is no schema of its dialect; [] if it is one."""
        if isinstance(schema.value, bool):
            return []
        uri = dialect.uri if dialect.uri in DIALECTS else dialect.draft
        judge, root = self._judge(uri)
        if judge.fits([root], schema.value):
            return []
        return list(_explained(schema, uri))

    def _judge(self, uri: str) -> tuple[Judge, Node]:
        if uri not in self._judges:
            index = Index()
            root = index.load(uri)
            index.resolve_everything()
            self._judges[uri] = Judge(Sites(index), False), root
        return self._judges[uri]


def _explained(schema: Schema, uri: str) -> Iterator[Problem]:
    from jsonschema.validators import validator_for

    validator_class: Any = validator_for({"$schema": uri})
    validator = validator_class(validator_class.META_SCHEMA)
    for error in validator.iter_errors(schema.value):
        path = list(error.absolute_path)
        message = error.message if len(error.message) < 300 else error.message[:297] + "..."
        yield schema.problem(f"not a valid schema: {message}", path)


def check_patterns(node: Node) -> Iterator[tuple[str, str]]:
    """The patterns of `node` that cannot be compiled, with the reasons."""
    patterns = [node.keyword("pattern")] if node.has("pattern") else []
    patterns += list(node.keyword("patternProperties") or ())
    for pattern in patterns:
        try:
            translate(pattern)
        except PatternError as error:
            yield pattern, str(error)


def in_place_cycle(index: Index, start: Node, done: set[Node]) -> Node | None:
    """A node that applies to the very value that it is applied for, if `start` leads to one."""
    path: dict[Node, Iterator[Node]] = {}
    stack = [start]
    while stack:
        node = stack[-1]
        if node in done:
            stack.pop()
            continue
        following = path.setdefault(node, _in_place(index, node))
        child = next(following, None)
        if child is None:
            done.add(node)
            path.pop(node)
            stack.pop()
        elif child in path:
            return child
        else:
            stack.append(child)
    return None


def _in_place(index: Index, node: Node) -> Iterator[Node]:
    if isinstance(node.schema, bool):
        return
    for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
        if node.has(keyword):
            with suppress(UnresolvableReference):
                yield index.target(node, keyword)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for position in range(len(node.keyword(keyword) or ())):
            yield index.child(node, keyword, position)
    for keyword in ("not", "if", "then", "else"):
        if node.has(keyword):
            yield index.child(node, keyword)
    for keyword in ("dependentSchemas", "dependencies"):
        for key, value in (node.keyword(keyword) or {}).items():
            if isinstance(value, (dict, bool)):
                yield index.child(node, keyword, key)
