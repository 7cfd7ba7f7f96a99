"""Keywords of ours where they do nothing."""

from __future__ import annotations

from ...problems import Problem
from ...schema.documents import problem_at
from ...schema.nodes import Node


def idle(node: Node, keyword: str, where: str, hint: str = "take it out") -> Problem:
    """The warning at a keyword that counts elsewhere; `where`, with its preposition."""
    text = f"{keyword} counts {where}; here it does nothing"
    return problem_at(node, "idle-extension", text, hint, at=(keyword,), warning=True)
