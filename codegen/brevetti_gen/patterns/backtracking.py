r"""Patterns that can keep a backtracking engine busy without bound.

A backtracking engine tries every way in which a pattern can match a text. The pattern's position
automaton (Glushkov's: one state per character of the pattern) shows how many ways there are:

- exponentially many, if from some state inside a loop one text leads back to it in two different
  ways, as in `(a+)+`, `(a|a)*` or `(\w+\s?)*`;
- at least cubically many, if three loops over a common character follow each other directly, as
  in `\s*\s*\s*x`.

Whether a failure makes the engine try them all depends on what follows, which is not asked: such
a pattern is one edit away from it. Counted repetitions are judged by their first few rounds,
look-arounds on their own, and backreferences as if they were empty. Patterns too large for a
bounded search count as harmless.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

from .classes import CharacterSet, members
from .parser import parse
from .syntax import (
    Alternation,
    CapturingGroup,
    Char,
    CharacterClass,
    Dot,
    Look,
    Node,
    Repeat,
    Sequence,
    Shorthand,
    UnicodeProperty,
    children,
)
from .unicode_properties import Ranges

MAX_POSITIONS = 2_000
MAX_STEPS = 300_000
"""Bounds of the search, in states and in edges looked at; about a second at the worst."""

_ROUNDS = 4  # of a counted repetition
_CHAIN = 3  # adjacent loops over a common character: cubic

_Ways = dict[int, int]
"""Position to the number of ways to get there, where 2 stands for any more."""


def catastrophic(pattern: str) -> str | None:
    """The part of `pattern` that can backtrack catastrophically, or None.

    Arguments:
        pattern: an ECMA-262 pattern without delimiters.

    Raises:
        PatternError: `pattern` is no ECMA-262.
    """
    tree = parse(pattern)
    budget = _Budget(_masks(tree.body))
    try:
        span = _Automaton(budget).judge(tree.body)
    except _TooLargeError:
        return None
    return None if span is None else pattern[span[0] : span[1]]


class _TooLargeError(Exception):
    """The search has used up its budget."""


@dataclass
class _Budget:
    """What all automata of one pattern share: the alphabet and the steps left.

    A mask has one bit for each class of characters that no set of the pattern tells apart.
    """

    masks: dict[Ranges, int]
    positions: int = MAX_POSITIONS
    steps: int = MAX_STEPS

    def step(self, count: int = 1) -> None:
        self.steps -= count
        if self.steps < 0:
            raise _TooLargeError


class _Fragment(NamedTuple):
    """A part of the automaton: the ways to pass it empty, its first and its last positions."""

    empty: int
    first: _Ways
    last: _Ways


_NOTHING = _Fragment(1, {}, {})


class _Automaton:
    """The position automaton of one expression outside of any look-around."""

    def __init__(self, budget: _Budget) -> None:
        self.budget = budget
        self.masks: list[int] = []
        self.follow: list[_Ways] = []
        self.enclosing: list[tuple[Repeat, ...]] = []
        self.repeats: tuple[Repeat, ...] = ()
        self.found: tuple[int, int] | None = None

    def judge(self, body: Node) -> tuple[int, int] | None:
        """Where in the source the first catastrophe lies, exponential before polynomial."""
        self.build(body)
        return self.found or self.chain()

    # --- building

    def build(self, node: Node) -> _Fragment:
        if isinstance(node, (Char, CharacterClass, Dot, UnicodeProperty, Shorthand)):
            return self.position(node)
        if isinstance(node, Sequence):
            whole = _NOTHING
            for item in node.items:
                whole = self.joined(whole, self.build(item))
            return whole
        if isinstance(node, Alternation):
            return _either([self.build(option) for option in node.options])
        if isinstance(node, CapturingGroup):
            return self.build(node.body)
        if isinstance(node, Repeat):
            return self.repeat(node)
        if isinstance(node, Look):
            self.found = self.found or _Automaton(self.budget).judge(node.body)
        return _NOTHING

    def position(self, node: CharacterSet) -> _Fragment:
        mask = self.budget.masks[members(node)]
        if not mask:
            return _Fragment(0, {}, {})
        self.budget.positions -= 1
        if self.budget.positions < 0:
            raise _TooLargeError
        self.masks.append(mask)
        self.follow.append({})
        self.enclosing.append(self.repeats)
        only = {len(self.masks) - 1: 1}
        return _Fragment(0, only, only)

    def repeat(self, node: Repeat) -> _Fragment:
        self.repeats = (*self.repeats, node)
        endless = node.most is None
        least = min(node.least, _ROUNDS if node.most == node.least else _ROUNDS - 1)
        whole = _NOTHING
        for _ in range(least - 1 if endless and least else least):
            whole = self.joined(whole, self.build(node.body))
        if endless:
            whole = self.joined(whole, self.loop(node, at_least_once=least > 0))
        elif node.most is not None and node.most > node.least:
            rounds = min(node.most - node.least, _ROUNDS - least)
            whole = self.joined(whole, self.optional(node.body, rounds))
        self.repeats = self.repeats[:-1]
        return whole

    def loop(self, node: Repeat, at_least_once: bool) -> _Fragment:
        start = len(self.masks)
        body = self.build(node.body)
        self.connect(body.last, body.first)
        if self.found is None and self.is_exponential(start):
            self.found = (node.start, node.end)
        return _Fragment(body.empty if at_least_once else 1, body.first, body.last)

    def optional(self, body: Node, rounds: int) -> _Fragment:
        """`(body(body(…)?)?)?`, so that each number of rounds has one way only."""
        parts = [self.build(body) for _ in range(rounds)]
        whole = _NOTHING
        for part in reversed(parts):
            whole = self.joined(part, whole)
            whole = _Fragment(1, whole.first, whole.last)
        return whole

    def joined(self, left: _Fragment, right: _Fragment) -> _Fragment:
        self.connect(left.last, right.first)
        return _Fragment(
            min(2, left.empty * right.empty),
            _sum(left.first, right.first, left.empty),
            _sum(right.last, left.last, right.empty),
        )

    def connect(self, last: _Ways, first: _Ways) -> None:
        self.budget.step(len(last) * len(first))
        for source, ways in last.items():
            targets = self.follow[source]
            for target, more in first.items():
                targets[target] = min(2, targets.get(target, 0) + ways * more)

    # --- judging

    def is_exponential(self, start: int) -> bool:
        """Whether the loop of the positions from `start` on, all on cycles, is ambiguous."""
        if any(ways > 1 for targets in self.follow[start:] for ways in targets.values()):
            return True
        # Pairs of states that one text can reach from one state; meeting again closes two ways.
        pairs = {
            pair
            for targets in self.follow[start:]
            for pair in self.overlapping(targets, targets)
            if pair[0] != pair[1]
        }
        waiting = list(pairs)
        while waiting:
            one, other = waiting.pop()
            for pair in self.overlapping(self.follow[one], self.follow[other]):
                if pair[0] == pair[1]:
                    return True
                if pair not in pairs:
                    pairs.add(pair)
                    waiting.append(pair)
        return False

    def overlapping(self, left: _Ways, right: _Ways) -> list[tuple[int, int]]:
        """The unordered pairs out of `left` and `right` that share a character."""
        self.budget.step(len(left) * len(right))
        return [
            (min(one, other), max(one, other))
            for one in left
            for other in right
            if self.masks[one] & self.masks[other]
        ]

    def chain(self) -> tuple[int, int] | None:
        """The span of adjacent loops over a common character, if there are `_CHAIN` of them."""
        loops = [index for index, targets in enumerate(self.follow) if index in targets]
        waiting: list[tuple[tuple[int, ...], int]] = [
            ((index,), self.masks[index]) for index in loops
        ]
        while waiting:
            path, mask = waiting.pop()
            if len(path) == _CHAIN:
                return self.span(path)
            for target in self.follow[path[-1]]:
                self.budget.step()
                common = mask & self.masks[target]
                if common and target not in path and target in self.follow[target]:
                    waiting.append(((*path, target), common))
        return None

    def span(self, path: tuple[int, ...]) -> tuple[int, int]:
        """From the first loop of `path` to its last; the repetition of one loop as a whole."""
        first, last = self.enclosing[path[0]], self.enclosing[path[-1]]
        shared = 0
        while shared < min(len(first), len(last)) and first[shared] is last[shared]:
            shared += 1
        if shared == len(first) == len(last):  # rounds of one repetition around the loop
            outer = first[-2:][0]
            return outer.start, outer.end
        start, end = first[min(shared, len(first) - 1)], last[min(shared, len(last) - 1)]
        return min(start.start, end.start), max(start.end, end.end)


def _either(options: list[_Fragment]) -> _Fragment:
    first: _Ways = {}
    last: _Ways = {}
    for option in options:
        first.update(option.first)
        last.update(option.last)
    return _Fragment(min(2, sum(option.empty for option in options)), first, last)


def _sum(base: _Ways, more: _Ways, times: int) -> _Ways:
    """`base` and `times` as many of `more`; their positions are disjoint."""
    if not times:
        return base
    return {**base, **{position: min(2, ways * times) for position, ways in more.items()}}


def _masks(body: Node) -> dict[Ranges, int]:
    """The mask of every set of characters in `body`, by its members."""
    sets: set[Ranges] = set()
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (Char, CharacterClass, Dot, UnicodeProperty, Shorthand)):
            sets.add(members(node))
        waiting += children(node)
    edges = sorted({edge for ranges in sets for a, b in ranges for edge in (a, b + 1)})
    return {
        ranges: sum(
            (1 << bisect_left(edges, last + 1)) - (1 << bisect_left(edges, first))
            for first, last in ranges
        )
        for ranges in sets
    }
