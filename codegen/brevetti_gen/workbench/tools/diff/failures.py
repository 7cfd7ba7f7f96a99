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


class Moved(NamedTuple):
    """A step to a key whose value old configs have elsewhere.

    Attributes:
        up: how many steps back the object is in which they have it.
        origin: the path from there.
    """

    key: str
    up: int
    origin: tuple[str, ...]


OldStep: TypeAlias = str | int | Other
Step: TypeAlias = OldStep | Moved


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

    @property
    def old_path(self) -> list[OldStep]:
        """The way in old configs."""
        found: list[OldStep] = []
        for step in self.path:
            if isinstance(step, Moved):
                found[len(found) - step.up :] = step.origin
            else:
                found.append(step)
        return found

    def below(self, step: Step) -> Failure:
        return self._replace(path=(step, *self.path))


Failures: TypeAlias = tuple[Failure, ...]


def fits(judge: Judge, node: Node, value: Any) -> bool | None:
    """Whether a value fits a schema; None where that takes too long to tell."""
    try:
        return bool(judge.fits([node], value))
    except TooCostly:
        return None
