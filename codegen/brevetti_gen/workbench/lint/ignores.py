"""`x-lint`: rules that are ignored in a schema, and in all that stands in it.

{"type": "number", "x-lint": {"ignore": ["unit-missing"]}}
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from itertools import accumulate, chain
from typing import Any

from ...json_values import is_array, is_object
from ...problems import Problem, pointer_text
from ...schema.dialects import Pointer
from ...schema.documents import Schema, problem_at
from ...schema.nodes import Node
from ...schema.resolve import Index
from ..telling.rules import rules_in, unknown

KEYWORD = "x-lint"
_SHAPE = 'such as {"ignore": ["title-missing"]}'


def faults_of_ignores(node: Node) -> Iterator[Problem]:
    """What is wrong with the `x-lint` of a node."""
    given: Any = node.get(KEYWORD)
    if given is None:
        return
    found: list[tuple[Pointer, str, str | None]] = []
    if not is_object(given) or not is_array(given.get("ignore")):
        found.append(((), f"{KEYWORD} must be an object with a list of rules", _SHAPE))
    elif others := given.keys() - {"ignore"}:
        key = min(others)
        found.append(((key,), f'{KEYWORD} has no {key!r}, only "ignore"', "take it out"))
    for place, name in _names(node):
        said = unknown(name) if isinstance(name, str) else ("a rule is named by text", _SHAPE)
        if said is not None:
            found.append((("ignore", place), said[0], said[1]))
    for at, message, hint in found:
        yield problem_at(node, "x-lint", message, hint, at=(KEYWORD, *at), warning=True)


def _names(node: Node) -> list[tuple[int, Any]]:
    given: Any = node.get(KEYWORD)
    names: Any = given.get("ignore") if is_object(given) else None
    return list(enumerate(names)) if is_array(names) else []


class Ignores:
    """What every `x-lint` ignores, and whether there is anything to ignore."""

    def __init__(self, index: Index) -> None:
        #: By the names of documents, then by pointers.
        self._found: dict[str, dict[str, list[tuple[Node, int, frozenset[str]]]]] = {}
        self._used: set[tuple[Node, int]] = set()
        for node in index.saying(KEYWORD):
            document = node.document
            if node.get(KEYWORD) is None or not isinstance(document, Schema):
                continue
            ignores = self._found.setdefault(document.source.name, {})
            here = ignores.setdefault(pointer_text(node.pointer), [])
            for place, name in _names(node):
                if isinstance(name, str) and unknown(name) is None:
                    here.append((node, place, rules_in([name])))

    def kept(self, problems: Iterable[Problem]) -> list[Problem]:
        """The errors among `problems`, and what is not ignored where it stands."""
        return [problem for problem in problems if not self._is_ignored(problem)]

    def _is_ignored(self, problem: Problem) -> bool:
        if problem.severity == "error" or problem.path not in self._found:
            return False
        ignores, steps = self._found[problem.path], (problem.pointer or "#").split("/")
        found = {
            (node, number)
            for above in accumulate(steps, "{}/{}".format)
            for node, number, rules in ignores.get(above, ())
            if problem.code in rules
        }
        self._used |= found
        return bool(found)

    def unused(self, rules: Container[str]) -> Iterator[Problem]:
        """Notes about those that have ignored nothing so far, though their rules are `rules`."""
        found = (ones for places in self._found.values() for ones in places.values())
        for node, place, ignored in chain.from_iterable(found):
            if (node, place) not in self._used and all(rule in rules for rule in ignored):
                name = node.get(KEYWORD)["ignore"][place]
                text = f"{name} finds nothing here, so nothing is ignored"
                at = (KEYWORD, "ignore", place)
                told = problem_at(node, "unused-ignore", text, "take it out", at=at)
                yield replace(told, severity="note")
