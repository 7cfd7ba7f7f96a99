"""Texts of a class for the page, its JSON Schema and its module, without the values of secrets."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from brevettiai.config.dialects import DEFINITIONS, subschemas
from brevettiai.config.json_schema import pointed
from brevettiai.messages.secrets import marks_secret
from brevettiai.settings import Settings

from ..graphs import inverted, reached
from ..json_values import is_object
from ..schema.keywords import IN_PLACE, VALUES

#: What shows values, of those keywords that do not begin with `x-`; OpenAPI has one more.
_VALUES = VALUES | {"example"}


def public_schema(cls: type[Settings]) -> dict[str, Any]:
    """`cls.json_schema()` without values where a secret is, is in, or lies below.

    Properties that are called as a secret anywhere count as secrets.
    """
    document = cls.json_schema()
    if cls.__brevetti__.hides:
        for schema in _telling(document):
            is_choice = "const" in schema or len(schema.get("enum", ())) == 1
            told = {*_VALUES, "title"} if is_choice else _VALUES
            for keyword in [key for key in schema if key in told or key.startswith("x-")]:
                del schema[keyword]
    return document


def _telling(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schemas whose values are secrets, lie in secrets or have some in them."""
    known: dict[int, dict[str, Any]] = {}
    named: dict[str, set[int]] = {}
    stack = [document]
    while stack:
        schema = stack.pop()
        known[id(schema)] = schema
        for steps, child in subschemas(schema):
            if is_object(child):
                stack.append(child)
                if steps[0] == "properties":
                    named.setdefault(str(steps[1]), set()).add(id(child))
    inside = {
        key: {id(each) for each in _inside(schema, document)} for key, schema in known.items()
    }
    same = {key: {id(each) for each in _same(schema, document)} for key, schema in known.items()}
    secrets = {key for key, schema in known.items() if marks_secret(schema)}
    secrets = reached(secrets, inverted(same))
    secrets |= {key for family in named.values() if family & secrets for key in family}
    found = reached(secrets, inside) | reached(secrets, inverted(inside))
    return (known[key] for key in found)


def _inside(schema: dict[str, Any], document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schemas of parts of a value, and the other ones of the value itself."""
    yield from _same(schema, document)
    for steps, child in subschemas(schema):
        if steps[0] not in DEFINITIONS and is_object(child):
            yield child


def _same(schema: dict[str, Any], document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The other schemas of the same value."""
    reference = schema.get("$ref")
    target = pointed(document, reference) if isinstance(reference, str) else None
    if is_object(target):
        yield target
    for steps, child in subschemas(schema):
        if steps[0] in IN_PLACE and is_object(child):
            yield child


_MASK = '"…"'


def without_values(text: str) -> str:
    """`text`, a generated module, without the texts and numbers that its classes and types name.

    >>> without_values('class A(Settings):\\n    pin: Literal["1", 2] | None = "1"\\n')
    'class A(Settings):\\n    pin: Literal["…", "…"] | None = "…"\\n'
    """
    lines = text.encode().splitlines(keepends=True)
    places = [(c.lineno, c.col_offset, c.end_lineno, c.end_col_offset) for c in _values(text)]
    for first, start, last, end in sorted(places, reverse=True):
        assert last is not None
        before, after = lines[first - 1][:start], lines[last - 1][end:]
        lines[first - 1 : last] = [before + _MASK.encode() + after]
    return b"".join(lines).decode()


def _values(text: str) -> Iterator[ast.Constant]:
    """The texts and numbers in annotated names, and in types at the top."""
    module = ast.parse(text)
    inner = [node.body for node in module.body if isinstance(node, (ast.ClassDef, ast.If))]
    for statement in [node for body in (module.body, *inner) for node in body]:
        is_dunder = isinstance(statement, ast.Assign) and "__" in ast.unparse(statement.targets[0])
        if isinstance(statement, (ast.AnnAssign, ast.Assign)) and not is_dunder:
            for node in ast.walk(statement):
                if isinstance(node, ast.Constant) and type(node.value) in (str, int, float):
                    yield node
