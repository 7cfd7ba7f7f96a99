"""Where a proof failed, and the way to there."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from ....schema.nodes import Node
from ....schema.verdicts import Judge, TooCostly
from .premises import Premise


class Other(NamedTuple):
    """A step to a key that no schema names: patterns that it matches and does not match."""

    names: frozenset[str]
    matching: frozenset[str]
    avoiding: frozenset[str]


Step: TypeAlias = str | int | Other


class Failure(NamedTuple):
    """A place at which a goal was not proven.

    Attributes:
        path: the way from the value to the place.
        premise: what is known of values there.
        goal: what could not be shown of them.
        keyword: the one of the goal.
    """

    path: tuple[Step, ...]
    premise: Premise
    goal: Node
    keyword: str

    def below(self, step: Step) -> Failure:
        return self._replace(path=(step, *self.path))


Failures: TypeAlias = tuple[Failure, ...]


def fits(judge: Judge, node: Node, value: Any) -> bool | None:
    """Whether a value fits a schema; None where that takes too long to tell."""
    try:
        return bool(judge.fits([node], value))
    except TooCostly:
        return None
