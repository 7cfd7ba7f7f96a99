"""Walks through graphs: of classes, of schemas, of documents."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


def walked(starts: Iterable[T], onward: Callable[[T], Iterable[T]]) -> Iterator[T]:
    """`starts` and all that they lead to, each once, the nearest first."""
    found = dict.fromkeys(starts)
    queue = deque(found)
    while queue:
        yield queue[0]
        new = dict.fromkeys(one for one in onward(queue.popleft()) if one not in found)
        found.update(new)
        queue += new


def reached(starts: Iterable[T], graph: Mapping[T, Iterable[T]]) -> set[T]:
    """What a graph leads to from `starts`, themselves included."""
    return set(walked(starts, graph.__getitem__))


def inverted(graph: Mapping[T, Iterable[T]]) -> dict[T, set[T]]:
    """A graph with its edges the other way round."""
    found: dict[T, set[T]] = {key: set() for key in graph}
    for key, targets in graph.items():
        for target in targets:
            found[target].add(key)
    return found


def children_first(starts: Iterable[T], children: Callable[[T], Iterable[T]]) -> Iterator[T]:
    """All that `starts` lead to, each after its children as far as no circle forbids."""
    seen: set[T] = set()
    stack = [(one, False) for one in starts]
    while stack:
        one, is_last = stack.pop()
        if is_last:
            yield one
        elif one not in seen:
            seen.add(one)
            stack.append((one, True))
            stack += [(child, False) for child in children(one)]


def components(graph: Mapping[T, Iterable[T]]) -> dict[T, T]:
    """One member of the strongly connected component that each member of a graph is in."""
    sources = inverted(graph)
    component: dict[T, T] = {}
    for start in reversed([*children_first(graph, graph.__getitem__)]):
        members = [start]
        while members:
            key = members.pop()
            if key not in component:
                component[key] = start
                members += sources[key]
    return component
