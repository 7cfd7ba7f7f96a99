"""What is sought: which metrics are to be small or large."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, cast

_FORM = re.compile(r"(min|max|minimize|maximize)\s+(\S.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Goal:
    """A metric, and which way it is better.

    Attributes:
        metric: its name, as the job reports it.
    """

    metric: str
    direction: Literal["min", "max"]

    def __str__(self) -> str:
        return f"{self.direction} {self.metric}"

    def is_better(self, value: float, other: float) -> bool:
        """Whether a value is nearer to the goal than another one."""
        return value < other if self.direction == "min" else value > other


def read_goals(texts: str | Iterable[str]) -> tuple[Goal, ...]:
    """The goals that texts name: `min loss`, or several as `min loss, max iou/scratch`.

    Raises:
        ValueError: a text is no goal, a metric is named twice, or there is none.
    """
    texts = [texts] if isinstance(texts, str) else list(texts)
    goals: dict[str, Goal] = {}
    for text in (part.strip() for each in texts for part in each.split(",")):
        found = _FORM.fullmatch(text)
        if not found:
            raise ValueError(
                f"{text!r} is no goal: that is `min` or `max` and the name of a metric, as in "
                "`min loss`; several are separated by commas"
            )
        goal = Goal(found[2], cast(Any, found[1].lower()[:3]))
        if goals.setdefault(goal.metric, goal) != goal:
            raise ValueError(f"{goal.metric!r} cannot be small and large at once")
    if not goals:
        raise ValueError('none is given: "min METRIC" or "max METRIC"')
    return tuple(goals.values())
