"""What follows from the subschemas that apply to a property: kinds of values, texts for people."""

from __future__ import annotations

from collections.abc import Iterable

from ..schema.nodes import Node
from .shapes import Shapes
from .types import KINDS, Property


def kinds_of(prop: Property, shapes: Shapes) -> tuple[str, ...]:
    """The JSON types of a property's values, `integer` only where no other number comes."""
    if prop.unconditional:
        admitted = shapes.admitted(prop.shape)
    else:
        admitted = frozenset[str]().union(*(shapes.admitted([node]) for node in prop.nodes))
        admitted = admitted or shapes.admitted(())
    return tuple(
        kind
        for kind in KINDS
        if kind in admitted and not (kind == "integer" and "number" in admitted)
    )


def first_text(nodes: Iterable[Node], keyword: str) -> str:
    """The nearest text under an annotation keyword, or ""."""
    for node in nodes:
        text = node.get(keyword)
        if isinstance(text, str) and text.strip():
            return text.strip()
    return ""
