"""What the subschemas that apply to a property say to people."""

from __future__ import annotations

from collections.abc import Iterable

from ..schema.nodes import Node


def first_text(nodes: Iterable[Node], keyword: str) -> str:
    """The nearest text under an annotation keyword, or ""."""
    for node in nodes:
        text = node.get(keyword)
        if isinstance(text, str) and text.strip():
            return text.strip()
    return ""
