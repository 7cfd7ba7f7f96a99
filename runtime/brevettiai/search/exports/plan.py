"""What is exported, what comes of it, and what all exports say of a parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from textwrap import wrap
from typing import Any

from ...errors import visible
from ..space import Choice, Numbers, Parameter

MAX_LISTED = 1000
"""How many values of a stepped setting are listed one by one."""
_WIDTH = 96


@dataclass(frozen=True)
class Goal:
    """A metric, and whether the most or the least of it is sought."""

    metric: str
    maximize: bool

    @property
    def direction(self) -> str:
        return "maximize" if self.maximize else "minimize"

    @classmethod
    def of(cls, text: str) -> Goal:
        """The goal that a text like `min loss` says.

        Raises:
            ValueError: it is no such text.
        """
        word, _, metric = text.strip().partition(" ")
        if word not in ("min", "max") or not metric.strip():
            raise ValueError(f'no goal: {text!r}; say "min loss", or "max" and a metric')
        return cls(metric.strip(), word == "max")


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
        flag: the name of the flag that sets it, without what tells branches of a union apart.
        when: what has to be chosen for it to be there: names of parameters and their choices.
    """

    parameter: Parameter
    flag: str
    when: tuple[tuple[str, Choice], ...] = ()

    @property
    def name(self) -> str:
        return self.parameter.name


def placed(parameters: Sequence[Parameter]) -> Iterator[Placed]:
    """All parameters, each after those on which it depends."""
    return _placed(parameters, ())


def _placed(
    parameters: Sequence[Parameter], when: tuple[tuple[str, Choice], ...]
) -> Iterator[Placed]:
    for each in parameters:
        flag = each.name
        for _, choice in when:
            flag = flag.replace(f"[{choice.label}]", "", 1)
        yield Placed(each, flag, when)
        if not isinstance(each, Numbers):
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
        if not isinstance(each.parameter, Numbers):
            branches[each.name] = len(each.parameter.choices)
        if each.when:
            dependent.setdefault(each.flag, []).append(each)
        else:
            always.append(each)
    for flag, found in [*dependent.items()]:
        first = found[0]
        in_all = len(first.when) == 1 and len(found) == branches[first.when[-1][0]]
        if in_all and all(_limits(each) == _limits(first) for each in found):
            always.append(Placed(replace(first.parameter, name=flag), flag))
            del dependent[flag]
    return always, [each for found in dependent.values() for each in found]


def unconditional(parameters: Sequence[Parameter], engine: str) -> tuple[list[Placed], list[str]]:
    """What an engine without conditional spaces can vary, and what is lost."""
    always, dependent = split(parameters)
    unions = {each.when[-1][0]: "" for each in dependent}
    losses: list[str] = []
    for union in unions:
        names = ", ".join(each.name for each in dependent if each.when[-1][0] == union)
        losses.append(
            f"{names}: not searched, as {engine} has no settings that depend on another. To search "
            f"them, leave {union} out and choose it in the command: one export for each choice."
        )
    return always, losses


def _limits(each: Placed) -> Parameter:
    return replace(each.parameter, name="", path=())


@dataclass(frozen=True)
class Steps:
    """The values that a stepped setting takes.

    Attributes:
        values: at most 1,000 of them; then only every so many-th one.
    """

    numbers: Numbers
    values: Sequence[float]
    every: int

    @classmethod
    def of(cls, numbers: Numbers) -> Steps | None:
        """Those of a setting; None where any number between its limits will do."""
        step = numbers.step or (1 if numbers.integer and not numbers.log else None)
        if step is None:
            return None
        low, distance = Decimal(repr(numbers.low)), Decimal(repr(step))
        count = int((Decimal(repr(numbers.high)) - low) // distance) + 1
        every = -(-count // MAX_LISTED)
        kind = int if numbers.integer else float
        values = [kind(low + index * distance) for index in range(0, count, every)]
        return cls(numbers, values, every)

    def loss(self, engine: str) -> str:
        """What is lost where they are choices."""
        some = f", of which there are too many: every {self.every}th," if self.every > 1 else ""
        return f"{self.numbers.name}: its steps{some} are choices, which {engine} does not order."


def listed(numbers: Numbers) -> Steps:
    """The values of a setting in a grid.

    Raises:
        ValueError: they have no end.
    """
    found = Steps.of(numbers)
    if found is None:
        low, high = numbers.low, numbers.high
        raise ValueError(
            f"there is no grid of {numbers.name}, which takes any number: give it a step, as in "
            f"{numbers.name}={low:g}..{high:g}:step={(high - low) / 10:g}"
        )
    return found


def word(choice: Choice) -> Any:
    """A value as it is told to a command line: numbers as they are, all else as its word."""
    if isinstance(choice.value, (int, float)) and not isinstance(choice.value, bool):
        return choice.value
    return f"@{choice.label}" if choice.label.startswith("@") else choice.label


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
