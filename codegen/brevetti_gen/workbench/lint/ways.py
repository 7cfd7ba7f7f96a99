"""Schemas to which many ways lead for one value: ways that multiply from level to level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from brevettiai.cli.text import MAX_DEPTH

from ...graphs import children_first, components
from ...problems import Problem
from ...schema.dialects import subschemas
from ...schema.documents import problem_at
from ...schema.keywords import DEFINITIONS, HOLDING, KEYWORDS, LEADING
from ...schema.nodes import Node
from ...schema.resolve import Index
from ...schema.verdicts import Multiplied

MAX_IN_PLACE = MAX_DEPTH
"""How long a chain of references may be. Real schemas stay below 10; the later steps recurse."""
MAX_WAYS = 100
"""By how many ways one value, or what it holds in one place, may come to subschemas that check it.
Where there are more, checks keep their verdicts while a value is judged."""
_ENDLESS = 10**9
#: Parts of a value to which no two schemas under these keywords of a schema apply.
_APART: dict[str, str] = {
    name: keyword.kind
    for name, keyword in KEYWORDS.items()
    if keyword.shapes and name != "patternProperties"
}
#: What leads on to other schemas.
_LEADING = HOLDING | LEADING
_MOST_TOLD = 4


def check_in_place(index: Index) -> list[Problem]:
    """A schema that contains itself, or leads to others without end; one is enough to tell.

    Only ways that stay with the value count: `$ref`, `anyOf` and the like, not `properties`.
    """
    done: set[Node] = set()
    for start in index.everywhere():
        if start.keywords.isdisjoint(LEADING):
            continue
        path: dict[Node, Iterator[Node]] = {}
        stack = [start]
        while stack:
            node = stack[-1]
            if len(stack) > MAX_IN_PLACE:
                message = f"more than {MAX_IN_PLACE} schemas lead to one another for the same value"
                return [problem_at(node, "too-large", message, "shorten the chain of references")]
            if node in done:
                stack.pop()
                continue
            child = next(path.setdefault(node, index.in_place(node)), None)
            if child is None:
                done.add(node)
                path.pop(node)
                stack.pop()
            elif child in path:
                message = "this schema contains itself without going into a property or an item"
                return [problem_at(child, "circular", message, "break the circle of references")]
            else:
                stack.append(child)
    return []


def multiplying(index: Index) -> dict[Node, int]:
    """The subschemas from which more than `MAX_WAYS` ways lead on for one value, and how many.

    Those too that lead back to themselves by several ways, so that these multiply with the depth
    of values.
    """
    onward = {node: list(_onward(index, node)) for node in index.everywhere()}
    graph = {node: {child for child, _ in ways} for node, ways in onward.items()}
    component = components(graph)
    counts = dict.fromkeys(component.values(), 0)
    for node in children_first(graph, graph.__getitem__):
        own, ways = component[node], onward[node]
        if not ways:
            counts[own] = max(counts[own], 1)
            continue
        inside = _most((int(component[child] is own), kind) for child, kind in ways)
        found = 1 + _most((counts[component[child]], kind) for child, kind in ways)
        counts[own] = max(found, counts[own], _ENDLESS * (inside > 1))
    return {node: count for node in graph if (count := counts[component[node]]) > MAX_WAYS}


def _onward(index: Index, node: Node) -> Iterator[tuple[Node, str]]:
    """The schemas that `node` applies to its value or to parts of it; a word for those of which
    no two come to the same part."""
    if node.said.keys().isdisjoint(_LEADING):
        return
    yield from ((target, "") for target in index.referred(node))
    if (name := index.dynamic_name(node)) is not None:
        yield from ((target, "") for target in index.dynamic_targets(name))
    for keyword in node.keywords & HOLDING:
        if KEYWORDS[keyword].role == "assertion":
            kind = _APART.get(keyword, "")
            yield from ((part, kind) for part in index.parts(node, keyword))


def _most(counts: Iterator[tuple[int, str]]) -> int:
    """The sum of what comes together, the most of what does not."""
    most = Counter[str]()
    for count, kind in counts:
        most[kind] = max(most[kind], count) if kind else most[kind] + count
    return most.pop("", 0) + max(most.values(), default=0)


def problem_of(error: Multiplied) -> Problem:
    """What is wrong with schemas that multiply, and which ones lead to which by how many ways."""
    index, node, steps = error.index, error.node, list[str]()
    for end in range(len(node.pointer), 1, -1):
        if node.pointer[end - 2] in DEFINITIONS:
            node = index.at(node, node.pointer[:end])
            break
    for _ in range(_MOST_TOLD):
        targets = Counter(_targets(index, node))
        ways = [f"{_name(target)}{_times(count)}" for target, count in targets.most_common(2)]
        if sum(targets.values()) > 1:
            steps.append(f"{_name(node)} leads to {' and '.join(ways)}")
        node = next(iter(targets), node)
    message = f"the schemas that lead from one to the next multiply to {error.message}"
    hint = "lead to each from fewer places, or shorten the chain"
    told = ", ".join(dict.fromkeys(steps))
    return problem_at(error.node, "too-large", message, f"{told}; {hint}" if told else hint)


def problem_of_depth(index: Index | None, place: str | None) -> Problem:
    """The same where references lead too deep: of the first definition, if ways multiply at all."""
    if index is not None:
        known = len(index.everywhere())
        for node, count in multiplying(index).items():
            if node.is_definition and count > known:  # In a chain there are as many as schemas.
                return problem_of(Multiplied(index, node, f"{count:,} ways"))
    message = "references lead from schema to schema too many times to be compiled"
    hint = "shorten the longest chain of definitions; a circle of them is fine"
    return Problem(message, place, hint=hint, code="too-large")


def _targets(index: Index, node: Node) -> Iterator[Node]:
    """The schemas to which `node` and what stands in it refer, as often as they do."""
    yield from index.referred(node)
    inside = subschemas(node.schema, node.dialect) if isinstance(node.schema, dict) else ()
    for path, _ in inside:
        if path[0] not in DEFINITIONS:
            yield from _targets(index, index.child(node, *path))


def _name(node: Node) -> str:
    return repr(str(node.pointer[-1]) if node.pointer else node.resource.uri.rpartition("/")[2])


def _times(count: int) -> str:
    return f" {count} times" if count > 1 else ""
