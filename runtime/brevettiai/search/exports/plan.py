"""What is exported, what comes of it, and what all exports say of a parameter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Any

from ...errors import visible
from ..goals import Goal
from ..numbers import round_step
from ..space import Choice, Choices, Numbers, Parameter

MAX_LISTED = 1000
"""How many values of a stepped setting are listed one by one."""
_WIDTH = 96


@dataclass(frozen=True)
class Plan:
    """What another engine shall do."""

    parameters: tuple[Parameter, ...]
    program: tuple[str, ...]
    goals: tuple[Goal, ...]
    runs: int
    search: str
    image: str

    @property
    def goal(self) -> Goal:
        """The only one, or that which an engine of a single goal has."""
        return self.goals[0]


@dataclass(frozen=True)
class Export:
    """A space for another engine.

    Attributes:
        text: of the file that the engine reads; its comments say how, and what is lost.
        losses: what the engine cannot say, in sentences.
        document: what the text holds, where that is data.
    """

    text: str
    losses: tuple[str, ...] = ()
    document: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Placed:
    """A parameter among all others.

    Attributes:
        when: what has to be chosen for it to be there: names of parameters and their choices.
    """

    parameter: Parameter
    when: tuple[tuple[str, Choice], ...] = ()

    @property
    def name(self) -> str:
        return self.parameter.name

    @property
    def flag(self) -> str:
        """The name of the flag that sets it, which branches of a union may share."""
        return ".".join(map(str, self.parameter.path))


def placed(parameters: Sequence[Parameter]) -> Iterator[Placed]:
    """All parameters, each after those on which it depends."""
    return _placed(parameters, ())


def _placed(
    parameters: Sequence[Parameter], when: tuple[tuple[str, Choice], ...]
) -> Iterator[Placed]:
    for each in parameters:
        yield Placed(each, when)
        if isinstance(each, Choices):
            for choice in each.choices:
                yield from _placed(choice.inside, (*when, (each.name, choice)))


def split(parameters: Sequence[Parameter]) -> tuple[list[Placed], list[Placed]]:
    """What is there in any case, and what depends on the choice of a branch.

    A setting that every branch of a union has, within the same limits, is there in any case.
    """
    always: list[Placed] = []
    dependent: dict[str, list[Placed]] = {}
    branches: dict[str, int] = {}
    for each in placed(parameters):
        if isinstance(each.parameter, Choices):
            branches[each.name] = len(each.parameter.choices)
        if each.when:
            dependent.setdefault(each.flag, []).append(each)
        else:
            always.append(each)
    for flag, found in [*dependent.items()]:
        first = found[0]
        in_all = len(first.when) == 1 and len(found) == branches[first.when[-1][0]]
        if in_all and all(_limits(each) == _limits(first) for each in found):
            always.append(Placed(replace(first.parameter, name=flag)))
            del dependent[flag]
    return always, [each for found in dependent.values() for each in found]


def unconditional(
    parameters: Sequence[Parameter], engine: str, flags: str = ""
) -> tuple[list[Placed], list[str]]:
    """What an engine without conditional spaces can vary, and what is lost.

    Args:
        flags: the pattern of the names that it takes.
    """
    losses: list[str] = []
    plain = [one for each in parameters for one in _without_kinds(each, engine, losses)]
    always, dependent = split(plain)
    for union in dict.fromkeys(each.when[-1][0] for each in dependent):
        names = ", ".join(each.name for each in dependent if each.when[-1][0] == union)
        losses.append(
            f"{names}: not searched, as {engine} has no settings that depend on another. To search "
            f"them, leave {union} out and choose it in the command: one export for each choice."
        )
    kept = [each for each in always if not flags or re.fullmatch(flags, each.flag, re.S)]
    strange = [each.flag for each in always if each not in kept]
    return kept, losses + [f"{n}: not searched, as {engine} takes no such name." for n in strange]


def _without_kinds(parameter: Parameter, engine: str, losses: list[str]) -> list[Parameter]:
    """What is left of a setting that may be null or have settings of its own: these."""
    choices = parameter.choices if isinstance(parameter, Choices) else ()
    kinds = [each for each in choices if each.is_kind and each.inside]
    if not kinds:
        return [parameter]
    kept, *others = kinds
    left_out = [each.label for each in choices if not each.is_kind] + [o.label for o in others]
    losses.append(
        f"{parameter.name}: without {', '.join(left_out)}, as {engine} has no settings that depend "
        "on another."
    )
    starts = (Choice(json.loads(kept.starts), kept.starts),) if kept.starts else ()
    first = [Choices(parameter.name, parameter.path, starts)] if starts else []
    return [*first, *kept.inside]


def _limits(each: Placed) -> Parameter:
    return replace(each.parameter, name="", path=())


def steps(numbers: Numbers) -> list[float]:
    """The values that a stepped setting takes; of more than 1,000 only every so many-th one.

    Raises:
        ValueError: there is no end of them.
    """
    if numbers.size is None:
        example = f"{numbers.low:g}..{numbers.high:g}:step={round_step(numbers):g}"
        raise ValueError(
            f"{numbers.name} takes any number, so that there is no grid: give it steps, as in "
            f"{numbers.name}={example}"
        )
    return [numbers.at(index) for index in range(0, numbers.size, _every(numbers.size))]


def _every(size: int) -> int:
    return -(-size // MAX_LISTED)


def about_steps(numbers: Numbers, engine: str) -> str:
    """What is lost where the steps of a setting are choices."""
    every = _every(numbers.size or 1)
    some = f", of which there are too many: every {every}th," if every > 1 else ""
    return f"{numbers.name}: its steps{some} are choices, which {engine} does not order."


def word(choice: Choice) -> Any:
    """A value as it is told to a command line: numbers as they are, all else as its word.

    None where the settings inside it say it all.
    """
    if choice.is_kind:
        return choice.starts or None
    if isinstance(choice.value, (int, float)) and not isinstance(choice.value, bool):
        return choice.value
    return choice.label


def comments(texts: Sequence[str]) -> list[str]:
    """Texts as lines of comments; those that begin with spaces stay lines."""
    lines: list[str] = []
    for text in texts:
        indent = text[: len(text) - len(text.lstrip(" "))]
        shown = visible(" ".join(text.split()))
        whole = [shown] if indent else wrap(shown, _WIDTH - 2, break_on_hyphens=False) or [""]
        lines += [f"# {indent}{line}".rstrip() for line in whole]
    return lines


def told(about: Sequence[str], losses: Sequence[str]) -> list[str]:
    """What the comments of an export say."""
    return comments([*about, *(["", "Lost on the way:"] if losses else []), *losses])
