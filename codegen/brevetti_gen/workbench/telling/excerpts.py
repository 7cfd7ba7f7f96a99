"""The lines of source files that problems are about, as far as they may be shown."""

from __future__ import annotations

import codecs
import os
import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path

from ...problems import Excerpt, Problem, printable
from ...read.find import Source
from ...schema.keywords import OLD_VALUES

#: What marks a value as secret, and escapes that such a mark could be written with.
_MARK = re.compile(r"writeOnly|password|\\[uUx]", re.IGNORECASE)
#: A reference into another file.
_OUTWARD = re.compile(r"\$(?:dynamic|recursive)?ref[\"']?\s*:\s*[\"']?[^#\"'\s]", re.IGNORECASE)
#: The parts of a line: the name of a member, a value or a word of one, or a sign.
_PART = re.compile(
    r"""(?P<name>"[^"]*"(?=\s*:)|'[^']*'(?=\s*:)|[\w$.-]+(?=:(?:\s|$)))
    |(?P<value>"[^"]*"?|'[^']*'?|(?!-\s)[^\s{}[\],:"']+)
    |.""",
    re.VERBOSE | re.DOTALL,
)
#: How many characters are shown before a place, at it, and after it.
_BEFORE, _AT, _AFTER = 50, 60, 40


class Excerpts:
    """The lines of the files of one run.

    Nothing is quoted of a file to which a link leads out of its folder. Where any file marks
    values as secret, names are shown and no values.
    """

    def __init__(self, sources: Sequence[Source], *, has_others: bool = False) -> None:
        """Take the files of a run; `has_others` if references may lead to others."""
        self._sources = {source.name: source for source in sources}
        self._has_others = has_others
        self._lines: dict[str, list[str]] = {}

    def added(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """`problems`, each with its line."""
        return tuple(replace(problem, excerpt=self._excerpt(problem)) for problem in problems)

    def _excerpt(self, problem: Problem) -> Excerpt | None:
        name, number, column = problem.path, problem.line, problem.column
        if name is None or number is None or column is None:
            return None
        if name not in self._lines:
            self._lines[name] = self._read(name)
        lines = self._lines[name]
        if not 0 < number <= len(lines):
            return None
        if self.has_secrets and problem.pointer is None:
            return None  # of a broken text nobody knows what are values
        if self.has_secrets and OLD_VALUES in f"{problem.pointer} {lines[number - 1]}":
            return None  # where values are names
        return excerpt_of(lines[number - 1], column, only_names=self.has_secrets)

    def _read(self, name: str) -> list[str]:
        source = self._sources.get(name)
        path = source.path if source else Path(name)
        is_linked = source.is_foreign if source else os.path.realpath(path) != os.path.abspath(path)
        return [] if is_linked else _lines_of(path)

    @cached_property
    def has_secrets(self) -> bool:
        """Whether a value may be one: by a mark in a file, or in one that is not known here."""
        texts = ["\n".join(_lines_of(source.path)) for source in self._sources.values()]
        texts += ["\n".join(lines) for lines in self._lines.values()]
        return any(_MARK.search(t) or (self._has_others and _OUTWARD.search(t)) for t in texts)


def _lines_of(path: Path) -> list[str]:
    with suppress(OSError, ValueError):
        text = path.read_bytes().removeprefix(codecs.BOM_UTF8).decode(errors="replace")
        return re.split(r"\r\n|\r|\n", text)
    return []


def excerpt_of(line: str, column: int, *, only_names: bool = False) -> Excerpt:
    """What stands in a line before the part at `column` (from 1), that part, and what follows.

    >>> excerpt_of('"epochs": {"type": "int"},', 20)
    Excerpt(before='"epochs": {"type": ', at='"int"', after='},')
    >>> excerpt_of('"token": {"default": "x"}', 22, only_names=True)
    Excerpt(before='"token": {"default": ', at='…', after='}')
    """
    starts, ends, are_values = _parts(line)

    def said(index: int) -> str:
        is_hidden = only_names and are_values[index]
        return "…" if is_hidden else printable(line[starts[index] : ends[index]].replace("\t", " "))

    place = max(0, bisect_right(starts, column - 1) - 1)
    if not starts or ends[-1] < column:  # behind the end
        return Excerpt(said(place)[-_BEFORE:] if starts else "", "", "")
    at, first, last = said(place), place, place + 1
    before, after = "", ""
    while first and len(before) <= _BEFORE:
        first -= 1
        before = said(first) + before
    while last < len(starts) and len(after) <= _AFTER:
        after += said(last)
        last += 1
    before = before if len(before) <= _BEFORE else f"…{before[-_BEFORE:]}"
    after = after if len(after) <= _AFTER else f"{after[:_AFTER]}…"
    return Excerpt(before, at[:_AT], after.rstrip() if len(at) <= _AT else "…")


@lru_cache(maxsize=8)
def _parts(line: str) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
    """Of the parts of a line: the starts, the ends, and whether they are values."""
    starts, ends, are_values = array("Q"), array("Q"), bytearray()
    # Escapes are no matter of the pattern: it would note a place for each character of a text.
    for part in _PART.finditer(line.replace(r"\\", r"\.").replace(r"\"", r"\.")):
        starts.append(part.start())
        ends.append(part.end())
        are_values.append(part["value"] is not None)
    return starts, ends, are_values


def marked(number: int | None, excerpt: Excerpt | None) -> list[str]:
    """A line with its number, and a marker under the place.

    >>> print(*marked(3, Excerpt('"type": ', '"int"', "},")), sep="\\n")
      3 | "type": "int"},
        |         ^^^^^
    """
    if excerpt is None:
        return []
    margin, place = " " * len(str(number)), " " * _width(excerpt.before)
    return [
        f"  {number} | {''.join(excerpt)}",
        f"  {margin} | {place}{'^' * max(1, _width(excerpt.at))}",
    ]


def _width(text: str) -> int:
    """How many columns of a terminal `text` takes."""
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )
