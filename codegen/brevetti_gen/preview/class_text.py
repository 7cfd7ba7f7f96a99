"""The text of a generated module for people who must not see the values in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

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
