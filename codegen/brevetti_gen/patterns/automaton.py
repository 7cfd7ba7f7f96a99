r"""The ways of a backtracking engine through a pattern, as an automaton.

Glushkov's: a state for each character of the pattern that a text can be at. Its paths on a text
are the branches of the tree that Python's `re` searches when it does not find a match, each one
counted as often as the engine would come by:

- an iteration of a loop that takes nothing ends the loop, but those that are mandatory all run;
- once the rest of a pattern can take nothing, the engine will find a match: no way on from there
  is undone by what follows. There is one such way, however many lead to it, which one more state
  stands for; the same inside look-aheads;
- a look-ahead is a branch that leads nowhere else.

What is not followed exactly has more ways here than in the engine, never fewer: whether
look-arounds hold, what backreferences repeat, and repetitions beyond a given count, which are
loops.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from .alphabet import SETS, Alphabet, Budget, TooComplexError
from .certainty import always_matching
from .classes import members
from .errors import PatternError
from .lookbehind import fixed_widths
from .syntax import (
    Alternation,
    Backreference,
    Boundary,
    CapturingGroup,
    End,
    Look,
    Node,
    Repeat,
    Sequence,
    Start,
    all_nodes,
)

MAX_WAYS = 10**9
"""More ways than that are as many: far too many."""

# What an empty way passes: between two characters, a start or an end are impossible.
_FREE, _START, _END, _BOUNDARY, _INSIDE, _UNKNOWN = 0, 1, 2, 4, 8, 16
_NEVER = _BOUNDARY | _INSIDE

_Ways = dict[tuple[int, int], int]
"""Position, and what has to be passed between it and the end of the fragment, to ways."""
_Empty = dict[int, int]


class Fragment(NamedTuple):
    """A part: the ways to pass it without a character, to its first ones, from its last ones."""

    empty: _Empty
    first: _Ways
    last: _Ways


_NOTHING = Fragment({_FREE: 1}, {}, {})


class Automaton:
    """The automaton of one expression.

    Attributes:
        masks: of each position, the characters that it takes.
        follow: of each position, the ways to the ones after it.
        at_start: the ways into it at the start of a text.
        elsewhere: those at any other place; none if a search ends at the start at the latest.
        certain: the ways on from where a match is certain.
        to_certain: the characters of a shortest text that leads there, as masks.
        is_better: whether being thorough made a difference.
        burden: how many ways are tried from one place at most, those that fail at once included.
    """

    def __init__(
        self, body: Node, alphabet: Alphabet, budget: Budget, most: int, *, thorough: bool = False
    ) -> None:
        """Build it, with repetitions of more than `most` rounds as loops.

        What is certain up to the end of a text is found only if it is `thorough`.

        Raises:
            TooComplexError: that takes too many steps.
        """
        self._alphabet, self._budget, self._most = alphabet, budget, most
        self._groups = _groups(body)
        nodes = all_nodes(body)
        self._splits = any(isinstance(node, Boundary) for node in nodes)
        self.masks: list[int] = []
        self.follow: list[dict[int, int]] = []
        self._tries: list[int] = []
        self._is_exact = not any(isinstance(n, (Look, Backreference, Boundary)) for n in nodes)
        whole = self._build(body)
        self.is_better = False
        if thorough and self._is_exact:
            whole = self._certain_to_the_end(whole)
        self._count_ends(whole)
        at_first = sum(whole.first.values()) + sum(whole.empty.values())
        self.burden = max(at_first, max(self._tries, default=0))
        self.to_certain = self._shortest(whole)
        self.certain = self._without_certain(whole, 0)
        in_play = {way: ways for way, ways in whole.first.items() if way[0] not in self._certain}
        word = self._alphabet.word
        self.at_start: dict[int, int] = {}
        self.elsewhere: dict[int, int] = {}
        for (place, passed), ways in in_play.items():
            is_word = bool(self.masks[place] & word)
            impossible = _END | (_INSIDE if is_word else _BOUNDARY)
            if not self._splits or not passed & impossible:
                _add(self.at_start, place, ways if not passed & _END else 0)
            if not passed & (_START | _END) and _FREE not in whole.empty:
                _add(self.elsewhere, place, ways)

    def _build(self, node: Node) -> Fragment:
        self._budget.spend()
        if isinstance(node, SETS):
            return self._position(self._alphabet.masks[members(node)])
        if isinstance(node, Sequence):
            whole = _NOTHING
            for item in node.items:
                whole = self._joined(whole, self._build(item))
            return whole
        if isinstance(node, Alternation):
            return _either([self._build(option) for option in node.options])
        if isinstance(node, CapturingGroup):
            return self._build(node.body)
        if isinstance(node, Repeat):
            return self._repeat(node)
        if isinstance(node, Look):
            return self._ahead(node) if node.ahead else self._behind(node)
        if isinstance(node, Backreference):
            return self._reference(node)
        passed = _START if isinstance(node, Start) else _END if isinstance(node, End) else 0
        if isinstance(node, Boundary):
            passed = _INSIDE if node.negated else _BOUNDARY
        return Fragment({passed: 1}, {}, {})

    def _position(self, mask: int) -> Fragment:
        """One character; two positions where it matters whether it is of a word."""
        word = self._alphabet.word
        places: _Ways = {}
        for part in (mask & word, mask & ~word) if self._splits else (mask,):
            places[self._new(part), _FREE] = 1
        return Fragment({}, places, places)

    def _new(self, mask: int) -> int:
        self.masks.append(mask)
        self.follow.append({})
        self._tries.append(0)
        return len(self.masks) - 1

    def _anything(self) -> int:
        """A position that takes any text."""
        place = self._new(self._alphabet.everything)
        self.follow[place][place] = 1
        return place

    # --- repetitions

    def _repeat(self, node: Repeat) -> Fragment:
        least, most = node.least, node.most
        if most is not None and most - least > self._most:
            most = None
            self._is_exact = False
        if least > self._most:
            self._is_exact = False
            body = self._build(node.body)
            if body.empty:
                raise TooComplexError  # all of them run, in any order of empty and full ones
            loop = self._loop(body)  # but a match after fewer rounds than it takes is not certain
            return loop._replace(last=_passing(loop.last, {_UNKNOWN: 1}))
        whole = _NOTHING
        for _ in range(least - 1 if most is None and least else least):
            whole = self._joined(whole, self._build(node.body))
        if most is None:
            body = self._build(node.body)
            return self._joined(whole, self._loop(body) if least else self._star(body))
        return self._joined(whole, self._optional(node.body, most - least))

    def _star(self, body: Fragment) -> Fragment:
        self._connect(body.last, body.first)
        again = _sum({_FREE: 1}, body.empty)  # one empty iteration, and the loop is over
        return Fragment(again, body.first, _passing(body.last, again))

    def _loop(self, body: Fragment) -> Fragment:
        """At least once; the first iteration may be empty and be followed by others."""
        whole = self._star(body)
        again = whole.empty
        first = _passing(body.first, again) if body.empty else body.first
        return Fragment(_product(body.empty, again), first, whole.last)

    def _optional(self, body: Node, rounds: int) -> Fragment:
        parts = [self._build(body) for _ in range(rounds)]
        if not parts:
            return _NOTHING
        for one, other in pairwise(parts):
            self._connect(one.last, other.first)
        again = _sum({_FREE: 1}, parts[0].empty)
        last: _Ways = {}
        for part in parts[:-1]:
            last.update(_passing(part.last, again))
        return Fragment(again, parts[0].first, {**last, **parts[-1].last})

    # --- look-arounds and references

    def _ahead(self, node: Look) -> Fragment:
        start = len(self.masks)
        body = self._build(node.body)
        self._count_ends(body)
        first = body.first
        if any(self.follow[place] for place, passed in body.last if passed == _FREE):
            onward = self._without_certain(body, start)
            first = {way: ways for way, ways in first.items() if way[0] not in self._certain}
            place = self._anything()
            self.follow[place].update(onward)
            first[place, _FREE] = 1
        return Fragment({_UNKNOWN: 1}, first, {})

    def _behind(self, node: Look) -> Fragment:
        if any(isinstance(inner, Look) for inner in all_nodes(node.body)):
            raise TooComplexError
        try:
            bodies = fixed_widths(node)
        except PatternError:
            raise TooComplexError from None
        longest = max((_width(body) for body in bodies), default=0)
        first = {(self._anything(), _FREE): 1} if longest > self._most else {}
        return Fragment({_UNKNOWN: 1}, first, {})

    def _reference(self, node: Backreference) -> Fragment:
        """What the group can take, or any text where that depends on what stands around it."""
        body = self._groups.get(node.number)
        if body is not None and all(isinstance(n, _PLAIN) for n in all_nodes(body)):
            again = self._build(body)
        else:
            place = self._anything()
            again = Fragment({}, {(place, _FREE): 1}, {(place, _FREE): 1})
        first, last = (_passing(ways, {_UNKNOWN: 1}) for ways in (again.first, again.last))
        return Fragment({_UNKNOWN: 1 + again.empty.get(_FREE, 0)}, first, last)

    def _without_certain(self, whole: Fragment, start: int) -> dict[int, int]:
        """Take the positions from `start` out after which nothing need follow.

        Gives the ways on from them, to the positions that remain.
        """
        certain = {place for place, passed in whole.last if passed == _FREE}
        self._certain = certain
        onward: dict[int, int] = {}
        for place in range(start, len(self.masks)):
            follow = self.follow[place]
            self._budget.spend(len(follow) // 4)
            kept = {target: ways for target, ways in follow.items() if target not in certain}
            if place in certain:
                for target, ways in kept.items():
                    onward[target] = max(ways, onward.get(target, 0))
            self.follow[place] = kept
        return onward

    def _certain_to_the_end(self, whole: Fragment) -> Fragment:
        certain = {place for place, passed in whole.last if passed == _FREE}
        ends = certain | {place for place, passed in whole.last if passed == _END}
        everything = self._alphabet.everything
        parts = self.masks, self.follow, ends, certain, everything
        self.is_better = bool(more := always_matching(*parts, self._budget))
        return whole._replace(last={**whole.last, **{(place, _FREE): 1 for place in more}})

    def _shortest(self, whole: Fragment) -> list[int]:
        goals = {place for place, passed in whole.last if passed == _FREE}
        came: dict[int, int] = {place: -1 for place, _ in whole.first}
        waiting = list(came)
        for place in waiting if goals else ():
            if place in goals:
                found = [place]
                while came[found[-1]] >= 0:
                    found.append(came[found[-1]])
                return [self.masks[place] for place in reversed(found)]
            for target in self.follow[place]:
                if target not in came:
                    came[target] = place
                    waiting.append(target)
        return []

    def _count_ends(self, whole: Fragment) -> None:
        for (place, _), ways in whole.last.items():
            self._tries[place] += ways

    # --- joining

    def _joined(self, left: Fragment, right: Fragment) -> Fragment:
        if left is _NOTHING or right is _NOTHING:
            return right if left is _NOTHING else left
        self._connect(left.last, right.first)
        self._budget.spend(len(left.last) + len(right.first))
        first, last = left.first, right.last
        if left.empty:
            first = {**first, **_passing(right.first, left.empty)}
        if right.empty:
            last = {**last, **_passing(left.last, right.empty)}
        return Fragment(_product(left.empty, right.empty), first, last)

    def _connect(self, lasts: _Ways, firsts: _Ways) -> None:
        self._budget.spend(len(lasts) * len(firsts) // 4)
        word = self._alphabet.word
        for (source, before), ways in lasts.items():
            targets = self.follow[source]
            for (target, after), more in firsts.items():
                passed = before | after
                self._tries[source] += ways * more
                if passed:
                    if passed & (_START | _END) or passed & _NEVER == _NEVER:
                        continue
                    differ = bool(self.masks[source] & word) != bool(self.masks[target] & word)
                    if passed & (_INSIDE if differ else _BOUNDARY):
                        continue
                _add(targets, target, ways * more)


_PLAIN = (*SETS, Sequence, Alternation, CapturingGroup, Repeat)


def _add(ways: dict[int, int], place: int, more: int) -> None:
    if more:
        ways[place] = min(MAX_WAYS, ways.get(place, 0) + more)


def _passing(ways: _Ways, empty: _Empty) -> _Ways:
    """`ways` that pass something empty besides."""
    if empty == {_FREE: 1}:
        return ways
    found: _Ways = {}
    for (place, before), count in ways.items():
        for passed, times in empty.items():
            way = place, before | passed
            found[way] = min(MAX_WAYS, found.get(way, 0) + count * times)
    return found


def _sum(one: _Empty, other: _Empty) -> _Empty:
    found = dict(one)
    for passed, ways in other.items():
        _add(found, passed, ways)
    return found


def _product(one: _Empty, other: _Empty) -> _Empty:
    found: _Empty = {}
    for passed, ways in one.items():
        for more, times in other.items():
            _add(found, passed | more, ways * times)
    return found


def _either(options: list[Fragment]) -> Fragment:
    empty: _Empty = {}
    first: _Ways = {}
    last: _Ways = {}
    for option in options:
        empty = _sum(empty, option.empty)
        first.update(option.first)
        last.update(option.last)
    return Fragment(empty, first, last)


def _groups(body: Node) -> dict[int, Node]:
    nodes: Iterable[Node] = all_nodes(body)
    return {node.number: node.body for node in nodes if isinstance(node, CapturingGroup)}


def _width(node: Node) -> int:
    """The width of a node of fixed width."""
    if isinstance(node, Repeat):
        return node.least * _width(node.body)
    if isinstance(node, Sequence):
        return sum(map(_width, node.items))
    if isinstance(node, Alternation):
        return max(map(_width, node.options))
    return _width(node.body) if isinstance(node, CapturingGroup) else isinstance(node, SETS)
