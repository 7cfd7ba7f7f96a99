"""Problems: what every step reports, as values that are collected and printed together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

#: The rule of warnings of what a schema says and a style cannot hold.
STYLE_LOSS = "style-loss"


class Excerpt(NamedTuple):
    """Of a line what stands before a place, at it, and after it."""

    before: str
    at: str
    after: str


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (or doubtful) in the input or the output, and where.

    Attributes:
        message: what is wrong, in one line, without a full stop.
        path: the file or folder as the user would name it.
        line: line in `path`, from 1.
        column: column in that line in characters, from 1.
        pointer: JSON Pointer into the document as a URI fragment, `#/properties/x`.
        severity: an error stops the generation; a warning does not, unless asked to; a note says
            what is so and needs no mending.
        hint: how to mend it.
        code: the name of the rule that found it, one of those in `workbench/telling/rules.py`.
        excerpt: of the line in `path` what may be shown.
    """

    message: str
    path: str | None = None
    line: int | None = None
    column: int | None = None
    pointer: str | None = None
    severity: Literal["error", "warning", "note"] = "error"
    hint: str | None = None
    code: str | None = None
    excerpt: Excerpt | None = None

    def __str__(self) -> str:
        """`path:line:column: error: message (at #/pointer)`, the hint indented below."""
        place = [str(part) for part in (self.path, self.line, self.column) if part is not None]
        where = ":".join(place) + ": " if place else ""
        at = f" (at {self.pointer})" if self.pointer else ""
        text = printable(f"{where}{self.severity}: {self.message}{at}")
        return f"{text}\n    {printable(self.hint)}" if self.hint else text

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Orders problems as their places lie in the sources."""
        return (self.path or "", self.line or 0, self.column or 0, self.pointer or "", self.message)


def failed(what: str, path: str, error: OSError | ValueError) -> Problem:
    """That something cannot be `read` or `written`, for the reason that the system gives."""
    reason = error.strerror if isinstance(error, OSError) else None
    return Problem(f"cannot be {what}: {reason or error}", path, code=f"not-{what}")


class GenerationError(Exception):
    """Nothing was generated, for the reasons in `problems` (in source order)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems, key=lambda p: p.sort_key))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def refused(
    code: str, message: str, path: Path | str | None = None, hint: str | None = None
) -> GenerationError:
    """The error of one problem, that the rule `code` finds."""
    name = path.as_posix() if isinstance(path, Path) else path
    return GenerationError([Problem(message, name, hint=hint, code=code)])


def no_errors(problems: list[Problem]) -> list[Problem]:
    """`problems`, if a next step can be gone with them.

    Raises:
        GenerationError: one of them is an error.
    """
    if any(problem.severity == "error" for problem in problems):
        raise GenerationError(problems)
    return problems


def pointer_text(parts: Sequence[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of a path of keys and indices, as a fragment: `#/items/0`."""
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "#" + "".join(f"/{part}" for part in escaped)


def printable(text: str) -> str:
    """`text` with control characters, line ends and lone surrogates written as escapes.

    Messages quote keys and file names of strangers; they must not drive the terminal.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
