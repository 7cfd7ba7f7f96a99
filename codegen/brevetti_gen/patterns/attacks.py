"""Texts on which a pattern takes practically forever; each was tried before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice, product
from math import inf, log
from typing import NamedTuple

from .alphabet import Alphabet, Budget, TooComplexError
from .automaton import Automaton
from .engine import tried
from .growth import Growth, States, circles
from .syntax import Node

MAX_TRIED = 20_000
"""Steps of one search that is tried: some hundredths of a second."""

MAX_SHOWN = 300_000
"""What a text that is shown must take at least: as its like tell, it is far more."""

MAX_TRIALS = 500_000
"""Those of all searches for one pattern together."""

MAX_CANDIDATES = 40
FOREVER = 2e9
"""Steps that take about a minute."""

_SHORT, _LONG = 80, 500
_PLENTY = 30
"""Of what takes long a few times, so many are far too much."""
_PERIOD = 8
_STEEP = 3.5
"""Steps that grow faster than with this power of the length soon are too many."""
_ALMOST = 0.85
"""Exponential growth goes on as before; as a power of the length, it is much slower soon."""


class Attack(NamedTuple):
    """A text: a beginning, what is repeated and how often, and an end."""

    prefix: str
    pump: str
    times: int
    suffix: str

    @property
    def text(self) -> str:
        return self.prefix + self.pump * self.times + self.suffix

    def __str__(self) -> str:
        """As Python has it: the text, or how it is made if it is long."""
        if len(self.text) <= _SHORT:
            return repr(self.text)
        ends = [repr(end) if end else "" for end in (self.prefix, self.suffix)]
        return " + ".join(filter(None, (ends[0], f"{self.pump!r} * {self.times}", ends[1])))


def attack_on(
    body: Node, alphabet: Alphabet, candidates: Iterable[tuple[str, str]], *, doubles: bool
) -> Attack | None:
    """A text on which a search for `body` explodes, if one is found soon.

    Args:
        body: the pattern.
        alphabet: its characters.
        candidates: beginnings of texts and what to repeat after them, the likeliest first.
        doubles: whether steps that explode are known to do so exponentially.
    """
    trials = _Trials(body)
    found: dict[tuple[str, str], None] = {}
    with suppress(TooComplexError):
        for candidate in islice(candidates, MAX_CANDIDATES):
            found[candidate] = None
    with suppress(TooComplexError):
        for end, (prefix, pump) in product(alphabet.others(), found):
            attack = Attack(prefix, pump, trials.times(prefix, pump, end, doubles), end)
            if attack.times and tried(body, attack.text, MAX_SHOWN).found is None:
                return attack
    return None


class _Trials:
    """Searches for one pattern, which share a budget."""

    def __init__(self, body: Node) -> None:
        self._body = body
        self._budget = Budget(MAX_TRIALS)

    def steps(self, text: str) -> float:
        """The steps of a search, infinite if it was stopped."""
        found, steps = tried(self._body, text, MAX_TRIED)
        self._budget.spend(steps)
        return inf if found is None else max(steps, 1)

    def times(self, prefix: str, pump: str, suffix: str, doubles: bool) -> int:
        """How often to repeat `pump` for a search that takes forever; 0 if it does not explode."""
        if not pump:
            return int(self.steps(prefix + suffix) == inf)
        known: dict[int, float] = {0: self.steps(prefix + suffix)}
        high = 1
        while (steps := self.steps(prefix + pump * high + suffix)) < inf:
            known[high] = steps
            high *= 2
            if len(pump) * high > _LONG:
                return 0
        low = high // 2
        while high - low > 1:
            middle = (low + high) // 2
            steps = known[middle] = self.steps(prefix + pump * middle + suffix)
            low, high = (low, middle) if steps == inf else (middle, high)
        is_sudden = known[low] < MAX_TRIED / 10
        if low < 4 or is_sudden:
            tries = (plenty for plenty in (4 * high, high + _PLENTY) if plenty <= _LONG)
            enough = (n for n in tries if self.steps(prefix + pump * n + suffix) == inf)
            return next(enough, high) if is_sudden or doubles else 0
        middle, half = low - low // 4, low // 2
        many, more, few = (
            self.steps(prefix + pump * count + suffix) for count in (low, middle, half)
        )
        rate, before = log(many / more) / (low - middle), log(more / few) / (middle - half)
        power = log(many / few) / log(low / half)
        if rate < _ALMOST * before if doubles else power < _STEEP:
            return 0  # it grows, but as a polynomial does
        further = log(FOREVER / many) / rate if doubles else low * (FOREVER / many) ** (1 / power)
        times = min(low + int(further) + 1, _LONG)
        # More of it can make a match.
        while times > high and self.steps(prefix + pump * times + suffix) < inf:
            times = (times + high) // 2
        return times


def simple_candidates(alphabet: Alphabet) -> Iterator[tuple[str, str]]:
    """Texts of one character each, for patterns of which little is known."""
    for mask in alphabet.masks.values():
        yield "", alphabet.character(mask)


def likely_candidates(
    alphabet: Alphabet,
    automaton: Automaton,
    states: States,
    growths: Sequence[tuple[int, Growth]],
    pick: Callable[[int], str],
    budget: Budget,
) -> Iterator[tuple[str, str]]:
    """Texts that lead around the circles of an automaton, their characters picked from masks."""

    def text(masks: Sequence[int]) -> str:
        return "".join(pick(mask & alphabet.everything) for mask in masks)

    def beginning(start: int) -> str:
        if start == states.elsewhere:
            return alphabet.others()[0]
        return text(automaton.to_certain) if start == states.certain else ""

    for state, pump in doublings(states, budget):
        for start, _ in growths:
            way = shortest(states.edges, start, state, budget)
            if way is not None:
                yield beginning(start) + text(way), text(pump)
    single = [text([mask]) for mask in dict.fromkeys(automaton.masks)]
    for start, growth in growths:
        if not growth.meetings:
            whole = beginning(start) + text(growth.heaviest())
            yield whole, ""
            yield from _repeating(whole)
        yield from ((beginning(start), char) for char in single[:8])
        for meeting in sorted(set(growth.meetings), key=lambda meeting: -meeting.node)[:20]:
            pump_and_way = growth.around(meeting)
            if pump_and_way is not None:
                pump, way = pump_and_way
                yield beginning(start), text(pump)
                yield beginning(start) + text(way), text(pump)


def _repeating(text: str) -> Iterator[tuple[str, str]]:
    """How `text` begins, and what it repeats from there on."""
    for length in range(1, _PERIOD):
        for start in range(_PERIOD):
            if len(text) > _PERIOD * 2 and text[start + length :] == text[start:-length]:
                yield text[:start], text[start : start + length]
                return


def doublings(states: States, budget: Budget) -> Iterator[tuple[int, list[int]]]:
    """States that some text leads back to in two ways, and that text, as masks."""
    before: list[list[int]] = [[] for _ in states.edges]
    for state, edges in enumerate(states.edges):
        for _, target, _ in edges:
            before[target].append(state)
    circle = circles(before)
    inner = [
        [(mask, target, ways) for mask, target, ways in edges if circle[target] == circle[state]]
        for state, edges in enumerate(states.edges)
    ]
    members: dict[int, list[int]] = {}
    for state, number in enumerate(circle):
        if inner[state]:
            members.setdefault(number, []).append(state)
    for group in members.values():
        found = _doubling(group, inner, budget)
        if found is not None:
            yield found


def _doubling(
    group: Sequence[int], edges: Sequence[Sequence[tuple[int, int, int]]], budget: Budget
) -> tuple[int, list[int]] | None:
    came: dict[tuple[int, int], tuple[tuple[int, int], int]] = {}
    waiting = [(state, state) for state in group]
    for one, other in waiting:
        for number, (mask, target, ways) in enumerate(edges[one]):
            # Of the same state each two ways once, and each alone if there are several of it.
            rest = edges[other] if one != other else edges[one][number:]
            budget.spend(len(rest))
            for place, (more, goal, _) in enumerate(rest):
                common = mask & more
                if not common or (one == other and place == 0 and ways < 2):
                    continue
                pair = (target, goal) if target <= goal else (goal, target)
                if target == goal:
                    word, start = [common], (one, other)
                    while start[0] != start[1]:
                        start, before = came[start]
                        word.append(before)
                    back = shortest(edges, target, start[0], budget) if target != start[0] else []
                    return start[0], [*reversed(word), *(back or [])]
                if pair not in came:
                    came[pair] = (one, other), common
                    waiting.append(pair)
    return None


def shortest(
    edges: Sequence[Sequence[tuple[int, int, int]]], start: int, goal: int, budget: Budget
) -> list[int] | None:
    """A shortest text from one state to another, as masks."""
    if start == goal:
        return []
    came: dict[int, tuple[int, int]] = {}
    waiting = [start]
    for state in waiting:
        budget.spend(len(edges[state]))
        for mask, target, _ in edges[state]:
            if target not in came:
                came[target] = state, mask
                waiting.append(target)
            if target == goal:
                word: list[int] = []
                while goal != start or not word:
                    goal, mask = came[goal]
                    word.append(mask)
                return word[::-1]
    return None
