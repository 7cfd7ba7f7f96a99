"""The old and the new version of schemas, asked about subschemas of either."""

from __future__ import annotations

from ....graphs import walked
from ....meaning import Meaning
from ....schema.keywords import ANNOTATIONS
from ....schema.nodes import Node


class Side:
    """One version of the schemas."""

    def __init__(self, meaning: Meaning) -> None:
        self.model, self.index, self.shapes = (
            meaning.model,
            meaning.known.index,
            meaning.model.shapes,
        )
        self.judge, self.scopes = meaning.judge, meaning.scopes
        self._asserting: dict[Node, frozenset[str]] = {}

    def asserting(self, node: Node) -> frozenset[str]:
        """The keywords of a node that can refuse a value."""
        if node not in self._asserting:
            words = node.keywords - ANNOTATIONS
            asserts = self.judge.asserts_formats or node.dialect.formats_assert
            words -= frozenset[str]() if asserts else {"format"}
            self._asserting[node] = words
        return self._asserting[node]


class Sides:
    """Both versions: tells of a node which it is of."""

    def __init__(self, *meanings: Meaning) -> None:
        self.each = [Side(meaning) for meaning in meanings]
        self._of = {node: side for side in self.each for node in side.index.everywhere()}

    def of(self, node: Node) -> Side:
        return self._of[node]

    def parts(self, node: Node, keyword: str) -> list[Node]:
        """The subschemas under a keyword of a node."""
        return self._of[node].index.parts(node, keyword)

    def child(self, node: Node, *path: str | int) -> Node:
        return self._of[node].index.child(node, *path)

    def applied(self, node: Node) -> tuple[Node, ...]:
        """What applies to every value of a node: itself, and through `$ref` and `allOf`."""
        return self._of[node].shapes.applied((node,))

    def in_place(self, node: Node) -> list[Node]:
        """All that may apply to a value of a node, itself included."""
        return [*walked([node], self._of[node].index.in_place)]

    def is_static(self, node: Node) -> bool:
        """Whether a node means the same wherever it is reached from."""
        return self._of[node].scopes.is_static(node)
