"""What is asked to vary, as it is typed: `training.optimizer.* augmentation.angle=0..45`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..cli.values import read_number

ALL = "*"
"""The last step of a name that stands for all settings of an object."""
_RANGE = re.compile(r"([-+.\w]*?)\.\.([-+.\w]*)((?::[^:]*)*)")
_EXAMPLE = "0..45, 1e-5..0.1:log or 0..45:step=5"


class Malformed(ValueError):
    """What is typed behind a name cannot be understood; `str()` says why."""


class Ask(NamedTuple):
    """A name that was typed, or what is left of one inside the setting that its head names.

    Attributes:
        typed: the whole word.
        steps: the keys and indices of the name; `[adam]` stands for a branch of a union.
        values: what was typed behind `=`; None where nothing was.
    """

    typed: str
    steps: tuple[str, ...]
    values: str | None

    def rest(self) -> Ask:
        """What is left behind the first step."""
        return self._replace(steps=self.steps[1:])

    @property
    def name(self) -> str:
        """The name without its values."""
        return self.typed.partition("=")[0] if self.values is not None else self.typed


class Range(NamedTuple):
    """Limits that were typed; None for what was not."""

    low: float | None
    high: float | None
    step: float | None
    log: bool


def asks_of(words: Iterable[str]) -> Iterator[Ask]:
    """What words ask for, of which each may hold several with spaces between them.

    >>> [ask.typed for ask in asks_of(["a.b=1..2 c", 'd=[1, 2],"x y"'])]
    ['a.b=1..2', 'c', 'd=[1, 2],"x y"']
    """
    for word in words:
        for typed in _split(word, None):
            name, equals, values = typed.partition("=")
            yield Ask(typed, tuple(_steps(name)), values if equals else None)


def _steps(name: str) -> Iterator[str]:
    for part in name.split("."):
        head, bracket, branch = part.partition("[")
        yield head
        if bracket:
            yield f"[{branch.removesuffix(']')}]"


def choices_in(text: str) -> list[str]:
    """The words between commas, of which JSON may have some of its own.

    >>> choices_in('adam,[1, 2],"a,b"')
    ['adam', '[1, 2]', '"a,b"']
    """
    return [word for word in _split(text, ",") if word]


def range_in(text: str) -> Range | None:
    """The range that `text` is; None where it is none.

    Raises:
        Malformed: it begins as one.
    """
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    low, high = (read_number(each) if each else None for each in found.groups()[:2])
    if (found[1] and low is None) or (found[2] and high is None):
        return None
    step, log = None, False
    for option in found[3].split(":")[1:]:
        if option == "log":
            log = True
            continue
        step = read_number(option.removeprefix("step="))
        if step is None or step <= 0:
            raise Malformed(f"{option!r} is no part of a range; write {_EXAMPLE}")
    if log and step is not None:
        raise Malformed("takes either a step or log; what goes in steps of a factor takes choices")
    return Range(low, high, step, log)


def _split(text: str, separator: str | None) -> Iterator[str]:
    """Parts of a text between separators, None for spaces, that are not inside JSON."""
    part, depth, quoted, escaped = "", 0, False, False
    for char in text:
        if quoted:
            quoted, escaped = escaped or char != '"', not escaped and char == "\\"
        elif char == '"':
            quoted = True
        elif char in "[{":
            depth += 1
        elif char in "]}":
            depth -= 1
        elif depth <= 0 and (char == separator or (separator is None and char.isspace())):
            if part.strip():
                yield part.strip()
            part = ""
            continue
        part += char
    if part.strip():
        yield part.strip()
