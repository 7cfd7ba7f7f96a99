"""The places of values in TOML text, of which the standard library tells none."""

from __future__ import annotations

from typing import Any

import tomllib  # pyright: ignore[reportMissingTypeStubs]

from ..json_values import is_array, is_object
from .text import Position


def scan_toml(text: str) -> Position:
    """The place of every value in a TOML text that is right: where its statement begins.

    The text is read statement by statement: as many lines as are right by themselves.
    """
    root = Position(0)
    table, offset, statement = root, 0, ""
    for line in text.split("\n"):
        statement += line + "\n"
        try:
            value = tomllib.loads(statement.replace("\r\n", "\n"))
        except tomllib.TOMLDecodeError:
            continue  # It goes on in the next line.
        if statement.lstrip(" \t").startswith("["):
            table = _header(root, value, offset)
        else:
            _add(table, value, offset)
        offset, statement = offset + len(statement), ""
    return root


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
