"""The goals of a sweep: which metrics of its runs are to be small or large."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from brevettiai.json_values import is_number
from brevettiai.search.goals import Goal as Goal
from brevettiai.search.goals import read_goals as goals_in
from brevettiai.sweep.errors import SweepWordsError


def read_goals(texts: str | Iterable[str]) -> tuple[Goal, ...]:
    """The goals that texts name: `min loss`, or several as `min loss, max iou/scratch`.

    Raises:
        SweepWordsError: a text is no goal, a metric is named twice, or there is none.
    """
    try:
        return goals_in(texts)
    except ValueError as error:
        raise SweepWordsError(f"--goal: {error}") from None


def missing_goals(goals: Iterable[Goal], metrics: Mapping[str, Any]) -> list[Goal]:
    """Those of some goals whose metrics are not among those of a run."""
    return [goal for goal in goals if goal.metric not in metrics]


def about_missing(goals: Sequence[Goal], metrics: Iterable[str]) -> str:
    """What to tell where a run has not reported some metrics: those that it has, the nearest name.

    Args:
        goals: those whose metrics are missing.
        metrics: the names that there are.
    """
    from brevettiai.messages.words import close_match

    known = sorted(metrics)
    named = " and ".join(repr(goal.metric) for goal in goals)
    close = close_match(goals[0].metric, known)
    guess = f"; did you mean {close!r}?" if close else ""
    if not known:
        return f"the job reports no metrics, so none named {named}"
    shown = ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
    return f"the job does not report {named}, but {shown}{guess}"


_SHOWN = 20


def values_of(goals: Iterable[Goal], metrics: Mapping[str, Any]) -> tuple[float, ...]:
    """The values of the goals' metrics, all of which are there.

    Raises:
        ValueError: one is no finite number; the text says which.
    """
    values: list[float] = []
    for goal in goals:
        value = metrics[goal.metric]
        if not is_number(value):
            raise ValueError(f"the metric {goal.metric!r} is no number (got {str(value)[:80]!r})")
        number = finite(value)
        if number is None:
            shown = value if isinstance(value, float) else "too large"
            raise ValueError(f"the metric {goal.metric!r} is {shown}, not a finite number")
        values.append(number)
    return tuple(values)


def finite(value: object) -> float | None:
    """A finite number as a float; None of all else, also of an int that no float can be."""
    if not is_number(value):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def best_of(goals: Sequence[Goal], values: Sequence[Sequence[float]]) -> list[int]:
    """The indices of the best: the first of the equally good; of several goals the Pareto front.

    To the front belongs what nothing else is at least as good as in all goals, and better in one.
    """
    signs = [1.0 if goal.direction == "min" else -1.0 for goal in goals]
    losses = [tuple(s * v for s, v in zip(signs, each, strict=True)) for each in values]
    front: list[int] = []
    # In this order nothing is beaten by what comes later.
    for index in sorted(range(len(losses)), key=lambda i: (losses[i], i)):
        mine = losses[index]
        if not any(_beats(losses[other], mine) for other in front):
            front.append(index)
    return sorted(front)


def _beats(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))
