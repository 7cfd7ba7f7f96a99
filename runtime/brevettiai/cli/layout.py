"""How help is laid out: texts and sections of rows, wrapped to the terminal, in colour if wanted.

Texts of schemas come from strangers: what is laid out is made `visible` before.
"""

from __future__ import annotations

import os
import sys

from ..errors import visible as visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import TextIO

    Environment = Mapping[str, str]

_MAX_WIDTH = 100
_MIN_WIDTH = 40
_MAX_LABEL = 34
"""Columns of a flag with its value, past which its description starts on the next line."""
_NO_LINE_START = "、。，．・：；？！）」』】〕〉》…ー"  # noqa: RUF001
"""What East Asian texts do not begin a line with."""


class Section:
    """A heading, a text under it, and rows of a flag and what it means.

    Attributes:
        text: paragraphs, with an empty line between them.
        rows: each a label, such as `--epochs INT`, and a text.
        depth: how many sections are around it.
    """

    __slots__ = ("depth", "heading", "rows", "text")

    def __init__(
        self, heading: str, text: str, rows: Sequence[tuple[str, str]], depth: int = 0
    ) -> None:
        self.heading = heading
        self.text = text
        self.rows = rows
        self.depth = depth


class Page:
    """The terminal that parts of a help are laid out for.

    Args:
        columns: its width; by default that of the terminal, and at most 100.
        colour: whether escape codes are wanted.
    """

    def __init__(self, columns: int | None = None, colour: bool = False) -> None:
        self.columns = max(columns or min(_terminal_columns() - 1, _MAX_WIDTH), _MIN_WIDTH)
        self._colour = colour

    def lay_out(self, parts: Iterable[str | Section]) -> str:
        """Texts and sections, one below the other; labels take the same room in all sections."""
        parts = [part for part in parts if part]
        labels = [
            columns_of(label) + 2 * part.depth
            for part in parts
            if isinstance(part, Section)
            for label, _ in part.rows
        ]
        limit = min(_MAX_LABEL, self.columns // 2 - 4)
        column = max((length for length in labels if length <= limit), default=limit) + 4
        return "\n\n".join(
            self._section(part, column) if isinstance(part, Section) else self._paragraphs(part, "")
            for part in parts
        )

    def usage(self, words: Iterable[str]) -> str:
        """The line that says how a program is called, as a part that is laid out already."""
        lines = wrapped(" ".join(map(unbroken, words)), self.columns - 11)
        return self._bold("usage:") + " " + ("\n" + " " * 11).join(map(self._inked, lines))

    def _section(self, section: Section, column: int) -> str:
        indent = "  " * section.depth
        is_flag = section.heading[:1] == "-"
        heading = self._inked(section.heading) if is_flag else self._bold(f"{section.heading}:")
        lines = [indent + heading]
        if section.text:
            lines += [self._paragraphs(section.text, indent + "  "), ""]
        for label, text in section.rows:
            start = f"{indent}  {label}"
            label = f"{indent}  {self._inked(label)}"
            rest = _text_lines(text, self.columns - column)
            room = column - columns_of(start)
            if room >= 2 and rest:
                label += " " * room + rest.pop(0)
            lines += [label, *(" " * column + line if line else "" for line in rest)]
        return "\n".join(lines).rstrip()

    def _paragraphs(self, text: str, indent: str) -> str:
        lines = _text_lines(text, self.columns - len(indent))
        return "\n".join(indent + line if line else "" for line in lines)

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._colour else text

    def _inked(self, label: str) -> str:
        """A label, in which flags are cyan and values yellow."""
        if not self._colour:
            return label
        inks = ((36 if word[:1] in ("-", "[") else 33, word) for word in label.split(" "))
        return " ".join(f"\x1b[{ink}m{word}\x1b[0m" for ink, word in inks)


def wants_colour(stream: TextIO | None, environment: Environment = os.environ) -> bool:
    """Whether what is written to `stream` may be in colour."""
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    if environment.get("FORCE_COLOR"):
        return True
    if os.name == "nt" and "WT_SESSION" not in environment:  # Older consoles show the codes.
        return False
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # It is closed.
        return False


def unbroken(text: str) -> str:
    """`text` that is not wrapped at its spaces, if it is short."""
    return text.replace(" ", "\xa0") if len(text) <= 40 else text


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_columns_of_character, text))


def _columns_of_character(char: str) -> int:
    if char.isascii():
        return 1
    from unicodedata import category, east_asian_width

    if category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def wrapped(text: str, width: int) -> list[str]:
    """The lines of one paragraph, at most `width` columns each; longer words are cut."""
    lines: list[str] = []
    line, used = "", 0
    for word in filter(None, text.split(" ")):
        space = " " if line else ""
        for piece in _pieces(word, width):
            size = columns_of(piece)
            if line and used + len(space) + size > width:
                lines.append(line)
                line, used, space = "", 0, ""
            line += space + piece
            used += len(space) + size
            space = ""
    return [each.replace("\xa0", " ") for each in (*lines, *([line] if line else []))]


def _pieces(word: str, width: int) -> Iterator[str]:
    """The parts of a word between which a line may end: before wide characters, else nowhere."""
    piece, used = "", 0
    for char in word if not word.isascii() or len(word) > width else ():
        size = _columns_of_character(char)
        may_break = size == 2 and char not in _NO_LINE_START
        if piece and (may_break or used + size > width):
            yield piece
            piece, used = "", 0
        piece += char
        used += size
    yield piece or word


def _text_lines(text: str, width: int) -> list[str]:
    """The lines of paragraphs that an empty line parts."""
    lines: list[str] = []
    for paragraph in text.split("\n\n") if text else ():
        lines += [*([""] if lines else []), *wrapped(paragraph, width)]
    return lines


def _terminal_columns() -> int:
    try:
        columns = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        columns = 0
    if columns > 0:
        return columns
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    except (AttributeError, OSError, ValueError):
        return 80
