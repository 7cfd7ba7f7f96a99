"""Which values in schemas are secret, so that no message shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from brevettiai.messages.secrets import HIDDEN
from brevettiai.messages.words import exactly

from ...graphs import walked
from ...schema.dialects import subschemas
from ...schema.keywords import DEFINITIONS
from ...schema.nodes import Node
from ...schema.resolve import Index


def in_secrets(index: Index) -> set[Node]:
    """The schemas of all that is secret, and of what lies in it."""

    def inside(node: Node) -> Iterator[Node]:
        yield from index.referred(node)
        if isinstance(node.schema, dict):
            for path, _ in subschemas(node.schema, node.dialect):
                if path[0] not in DEFINITIONS:
                    yield index.child(node, *path)

    return set(walked(index.secrets, inside))


def constant_text(value: Any, *, hides: bool) -> str:
    """A value of a schema as messages show it."""
    return HIDDEN if hides else exactly(value)
