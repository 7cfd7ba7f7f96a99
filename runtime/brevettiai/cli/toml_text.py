"""The places of values in TOML text, of which the standard library tells none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import tomllib  # pyright: ignore[reportMissingTypeStubs]

from ..json_values import is_array, is_object
from .text import MAX_DEPTH, MAX_DIGITS, Position, TextError

#: What tells where statements end; what is never closed goes on to the end.
_TOKEN = re.compile(
    r'#[^\n]*+|"""(?:[^"\\]++|\\.|"(?!""))*+"{0,5}|"(?:[^"\\\n]++|\\.)*+"?'
    r"|'''(?:[^']++|'(?!''))*+'{0,5}|'[^'\n]*+'?|[0-9][0-9_]*+|[][{}.=,\n]",
    re.DOTALL,
)


def scan_toml(text: str) -> Position:
    """The place of every value in a TOML text that is right: where its statement begins."""
    root = table = Position(0)
    for offset, statement in statements(text):
        value = tomllib.loads(statement.replace("\r\n", "\n"))
        if statement.lstrip(" \t").startswith("["):
            table = _header(root, value, offset)
        else:
            _add(table, value, offset)
    return root


def statements(text: str) -> Iterator[tuple[int, str]]:
    """The statements of a text, and where they begin.

    Raises:
        TextError: something nests so deep, or has so many digits, that `tomllib` would take long.
    """
    start = depth = dots = 0
    for token in _TOKEN.finditer(text + "\n"):
        said = token[0]
        depth += (said in "[{") - (said in "]}")
        dots = dots + 1 if said == "." else 0 if said in "{=,\n" else dots
        if depth + dots > MAX_DEPTH:
            raise TextError(f"nested deeper than {MAX_DEPTH} levels", token.start())
        if len(said) > MAX_DIGITS and said[0].isdigit():
            raise TextError(f"a number of more than {MAX_DIGITS} digits", token.start())
        if said == "\n" and not depth:
            yield start, text[start : token.end()]
            start = token.end()


def _header(root: Position, value: dict[str, Any], offset: int) -> Position:
    """The table that a header opens; in a list of tables the last one."""
    table, inner = root, value
    while inner:
        ((key, below),) = inner.items()
        table = table.parts.setdefault(key, Position(offset))
        if is_array(below):
            index = len(table.parts)
            table.parts[index] = Position(offset)
            return table.parts[index]
        inner = below
        if inner and 0 in table.parts:
            table = table.parts[len(table.parts) - 1]
    return table


def _add(place: Position, value: Any, offset: int) -> None:
    parts = value.items() if is_object(value) else enumerate(value) if is_array(value) else ()
    for step, part in parts:
        _add(place.parts.setdefault(step, Position(offset)), part, offset)
