"""What the readers of JSON and YAML text share: values, places of values, limits, faults."""

from __future__ import annotations

import json
import math
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
        self.message = message if len(message) <= 300 else f"{message[:150]}…{message[-150:]}"
        self.offset = offset
        self.hint = hint


@dataclass
class Position:
    """Where a value starts in its text, and where the values inside it do."""

    offset: int
    parts: dict[str | int, Position] = field(default_factory=dict["str | int", "Position"])

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


@dataclass
class Container:
    """An object or array whose end has not come yet; `key` is the one that waits for its value."""

    value: dict[str, Json] | list[Json]
    place: Position
    key: str | None = None


class Composer:
    """Puts a value and its places together from its parts as the text gives them.

    It does not recurse, and refuses what nests too deep and keys that are given twice.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.open: list[Container] = []
        self.root: tuple[Json, Position] | None = None

    def start(self, value: dict[str, Json] | list[Json], offset: int) -> Container:
        """An object or array starts, and takes what comes until `end`."""
        if len(self.open) == MAX_DEPTH:
            raise TextError(f"nested deeper than {MAX_DEPTH} levels", offset)
        container = Container(value, Position(offset))
        self.add(value, container.place, offset)
        self.open.append(container)
        return container

    def end(self) -> Container:
        """The innermost object or array ends."""
        return self.open.pop()

    def add(self, value: Json, place: Position, offset: int) -> None:
        """A whole value comes: the root, the next item, a key, or a key's value."""
        if not self.open:
            self.root = (value, place)
            return
        parent = self.open[-1]
        if isinstance(parent.value, list):
            parent.place.parts[len(parent.value)] = place
            parent.value.append(value)
        elif parent.key is None:
            parent.key = self._key(value, parent, offset)
        else:
            parent.place.parts[parent.key] = place
            parent.value[parent.key] = value
            parent.key = None

    def _key(self, key: Json, parent: Container, offset: int) -> str:
        if not isinstance(key, str):
            is_scalar = not isinstance(key, (dict, list))
            shown = f"the key {json.dumps(key)}" if is_scalar else "this key"
            hint = "put the key in quotes" if is_scalar else None
            raise TextError(f"{shown} is {kind_of(key)}, keys must be text", offset, hint)
        if key in parent.place.parts:
            first, _ = Lines.of(self.text).position(parent.place.parts[key].offset)
            raise TextError(
                f"the key {json.dumps(key, ensure_ascii=False)} is given twice in one object "
                f"(before on line {first})",
                offset,
            )
        return key


def kind_of(value: Json) -> str:
    """What kind of value `value` is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    return {str: "text", dict: "an object", list: "an array"}[type(value)]


def integer(text: str, offset: int) -> int:
    """The integer that digits mean, with a sign or a base before them."""
    is_decimal = text.lstrip("+-").isdecimal()
    # A hexadecimal digit is worth 1.21 decimal ones.
    if len(text.lstrip("+-")) > (MAX_DIGITS if is_decimal else MAX_DIGITS * 4 // 5):
        raise TextError(f"an integer of more than {MAX_DIGITS} digits", offset)
    return int(text, 10 if is_decimal else 0)


def real(text: str, offset: int) -> float:
    """The number that a text with a fraction or an exponent means."""
    number = float(text)
    if math.isinf(number):
        raise TextError("a number beyond the range of a 64-bit float", offset)
    return number


def characters(text: str, offset: int, hint: str | None = None) -> str:
    """`text` with pairs of surrogates, which escapes make, as the characters that they mean."""
    try:
        return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise TextError("half of a surrogate pair, which is no character", offset, hint) from None
