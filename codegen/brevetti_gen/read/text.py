"""What the readers of JSON and YAML text share: values, places of values, faults."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

MAX_DEPTH = 200
"""How deep objects and arrays may nest. Real schemas stay below 60; the later steps recurse."""

MAX_DIGITS = 4300
"""How long an integer may be: Python's own limit for its source files and for `int()`."""

_LINE_END = re.compile(r"\r\n|\n|\r")


class TextError(Exception):
    """The text is not what its format allows.

    Attributes:
        message: what is wrong, in one line.
        offset: index of the character where it shows.
        hint: how to mend it.
    """

    def __init__(self, message: str, offset: int, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint


@dataclass
class Place:
    """Where a value starts in its text, and where the values inside it do."""

    offset: int
    parts: dict[str | int, Place] = field(default_factory=dict["str | int", "Place"])

    def find(self, pointer: Sequence[str | int]) -> int:
        """Offset of the value at `pointer`, or of the innermost value on the way that exists."""
        place = self
        for part in pointer:
            inner = place.parts.get(part)
            if inner is None:
                break
            place = inner
        return place.offset


@dataclass(frozen=True)
class Lines:
    """The line starts of a text, to turn an offset into a line and a column."""

    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Lines:
        """Index the lines of `text`; they end as editors end them: LF, CR LF or CR."""
        return cls((0, *(end.end() for end in _LINE_END.finditer(text))))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column (both from 1, columns in characters) of the character at `offset`."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def too_deep(value: Json) -> bool:
    """Whether objects and arrays nest deeper than `MAX_DEPTH`, found without recursion."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(MAX_DEPTH):
        if not level:
            return False
        level = [
            inner
            for container in level
            for inner in (container.values() if isinstance(container, dict) else container)
            if isinstance(inner, (dict, list))
        ]
    return bool(level)
