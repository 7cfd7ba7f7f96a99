"""What earlier steps ask about values, and the compiled checks answer.

Whether a default fits its schema, or a schema its metaschema, is known only once checks are
compiled, which is a later step. So whoever asks is given a `Judge`, and need not know where its
verdicts come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeAlias

from brevettiai.errors import Problem as ValueProblem

from .nodes import Node
from .resolve import Index


class TooCostly(Exception):
    """A value was not judged, since a pattern could take practically forever on it."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.pattern = pattern


class Multiplied(Exception):
    """Ways between definitions multiply, from `node` on to so many that `message` tells of."""

    def __init__(self, index: Index, node: Node, message: str) -> None:
        super().__init__(message)
        self.index, self.node, self.message = index, node, message


class Judge(Protocol):
    """Says whether values fit subschemas.

    Raises:
        TooCostly: that cannot be told in bounded time.
    """

    def prepare(self, nodes: Iterable[Node]) -> None:
        """Make ready for questions about many nodes, which is faster than one by one."""

    def fits(self, nodes: Iterable[Node], value: Any) -> bool:
        """Whether `value` is valid under all of `nodes`."""
        ...

    def problems(self, nodes: Iterable[Node], value: Any) -> list[ValueProblem]:
        """Why `value` is not valid under all of `nodes`; [] if it is."""
        ...


#: Gives a judge of the schemas in an index.
JudgeOf: TypeAlias = Callable[[Index], Judge]
