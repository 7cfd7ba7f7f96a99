"""What schemas say and the classes of a style do not check, as warnings."""

from __future__ import annotations

from collections.abc import Iterable

from ..documents import Schema, problem_at
from ..generation import STYLE_LOSS
from ..nodes import Node
from ..problems import Problem
from .limits import Place
from .style import Style

#: The most places of one keyword that are listed for one schema.
MAX_PLACES = 5

_NOTES = {
    "oneOf": "that exactly one alternative fits is not checked",
    "anyOf": "alternatives are not all checked",
    "required": "some of these names belong to no property; they are not checked",
    "x-renamed-from": "old names are not read",
    "writeOnly": "secrets are shown by `repr`",
}


def losses(lost: Iterable[Place], style: Style) -> list[Problem]:
    """One warning for each keyword and place; of many places in one schema, the first few."""
    grouped: dict[tuple[str, str], list[Node]] = {}
    for node, keyword in lost:
        grouped.setdefault((node.resource.uri, keyword), []).append(node)
    problems: list[Problem] = []
    for (_, keyword), nodes in grouped.items():
        nodes = sorted(dict.fromkeys(nodes), key=_position)
        shown = nodes if len(nodes) <= MAX_PLACES + 1 else nodes[:MAX_PLACES]
        problems += [_problem(node, keyword, style) for node in shown]
        if len(shown) < len(nodes):
            problems.append(_problem(nodes[len(shown)], keyword, style, len(nodes) - len(shown)))
    return problems


def _problem(node: Node, keyword: str, style: Style, more: int = 0) -> Problem:
    note = _NOTES.get(keyword, "it is not checked")
    places = f" (here and at {more - 1} more places)" if more else ""
    message = f"{style.name} classes do not hold {keyword!r}: {note}{places}"
    problem = problem_at(node, message, at=(keyword,), warning=True)
    return Problem(
        problem.message,
        problem.path,
        problem.line,
        problem.column,
        problem.pointer,
        "warning",
        code=STYLE_LOSS,
    )


def _position(node: Node) -> tuple[int, int, str]:
    document = node.document
    if isinstance(document, Schema):
        found = document.problem("", node.pointer)
        return found.line or 0, found.column or 0, str(node.pointer)
    return 0, 0, str(node.pointer)
