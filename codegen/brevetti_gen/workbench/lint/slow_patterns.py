"""Patterns that can take long: refused, unless the schema or its user accepts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from brevettiai.compiled import Pattern

from ...json_values import is_object
from ...patterns import PatternError, Slow, found_in, slowness
from ...problems import Problem
from ...schema.dialects import Pointer
from ...schema.documents import problem_at
from ...schema.nodes import Node
from ...schema.resolve import Index
from .idle import idle

MARK = "x-slow-pattern"
#: The keywords with patterns.
PATTERNS = ("pattern", "patternProperties")
_ACCEPT = f'accept it by "{MARK}": true beside it, or all by --allow-slow-patterns'
_FEW = 20
"""A shorter `maxLength` is not worth proposing."""
_SHOWN = 100


def slow_patterns(index: Index, *, are_allowed: bool) -> Iterator[Problem]:
    """Errors for patterns that explode, and warnings for those that are slow on long texts."""
    tables = (node.keyword("properties") for node in index.saying("properties"))
    names = {name for table in tables if is_object(table) for name in table}
    for node in index.saying(*PATTERNS, MARK):
        is_used = False
        for place, pattern in patterns_of(node):
            try:
                slow = slowness(pattern)
            except PatternError:
                continue
            if slow is None:
                continue
            is_key, is_used = len(place) > 1, True
            is_accepted = are_allowed or node.get(MARK) is True
            most = None if is_key else node.keyword("maxLength")
            if not is_accepted and not slow.within(most):
                yield _problem(node, pattern, slow, place)
            elif is_key and any(found_in(pattern, name) is None for name in names):
                text = f"the pattern {pattern!r} takes too long on a name among the properties"
                yield problem_at(node, "slow-pattern", text, "write it in another way", at=place)
        if not is_used and node.get(MARK) is not None:
            yield idle(node, MARK, "beside a pattern that can take long")


def patterns_of(node: Node) -> Iterator[tuple[Pointer, str]]:
    """The patterns of `node` with their pointers; what is no text is for the metaschema."""
    pattern, table = node.keyword("pattern"), node.keyword("patternProperties")
    if isinstance(pattern, str):
        yield ("pattern",), pattern
    if is_object(table):
        for key in table:
            yield ("patternProperties", key), key


def search_briefly(values: Iterable[Any]) -> None:
    """Let slow patterns among `values`, of a module, take for a match what they take long on."""
    for value in values:
        if isinstance(value, Pattern) and slowness(value.source) is not None:
            value.search = partial(_search, value.source)


def _search(pattern: str, text: str) -> object:
    return found_in(pattern, text) is not False or None


def _problem(node: Node, pattern: str, slow: Slow, place: Pointer) -> Problem:
    what = repr(slow.part) if slow.part else "it"
    better = f"write {what} so that it can match a text in one way only"
    said = repr(pattern) if len(pattern) <= _SHOWN else f"{pattern[:_SHOWN]!r}…"
    if slow.explodes:
        text = f"the pattern {said} is too intricate to tell how long it can take"
        if slow.attack is not None:
            text = f"the pattern {said} can take practically forever on some texts"
            text += f", such as {slow.attack}"
        return problem_at(node, "slow-pattern", text, f"{better}, or {_ACCEPT}", at=place)
    text = f"the pattern {said} can take practically forever on long texts"
    if slow.degree is not None and slow.degree > 2:
        text += f": its time grows with the power {slow.degree} of their length"
    if len(place) == 1 and slow.longest >= _FEW:
        better = f'add "maxLength", at most {slow.longest}, or {better}'
    return problem_at(node, "slow-on-long-texts", text, better, at=place, warning=True)
