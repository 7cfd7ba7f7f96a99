r"""How many paths of an automaton a text can have, by its length.

States are told apart by what else the same text can reach, so that ways which no one text has are
not added up. What is left is a graph whose nodes are a set of states together with one of them.
The paths to a node are the sum over its predecessors in the set before, for the text where that
is the most. So, as in any such sum,

- where two ways around one circle meet, paths grow exponentially;
- where a way from outside of a circle meets the one around it, they grow by one degree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from .alphabet import Budget
from .automaton import Automaton
from .certainty import split

Polynomial = tuple[float, ...]
"""Coefficients, the constant one first."""

Combination = tuple[tuple[int, int], ...]
"""Nodes before, and how many ways lead from each, that one text reaches together."""

_Edge = tuple[int, int, int]
"""The characters, the state that they lead to, and in how many ways."""


class Meeting(NamedTuple):
    """Where ways meet around a circle.

    Attributes:
        node: where they do.
        before: a node on the circle that leads there in the same step.
        exponential: whether two of them go around.
    """

    node: int
    before: int
    exponential: bool


class States(NamedTuple):
    """An automaton in which positions with the same ways on are one state.

    Attributes:
        edges: of each state, and of two more: the starts at the beginning of a text and elsewhere,
            and where a match is certain.
    """

    edges: tuple[tuple[_Edge, ...], ...]
    at_start: int
    elsewhere: int
    certain: int


def states_of(automaton: Automaton) -> States:
    """The states of an automaton."""
    numbers: dict[frozenset[tuple[int, int]], int] = {}
    state = [numbers.setdefault(frozenset(f.items()), len(numbers)) for f in automaton.follow]

    def edges(ways: Iterable[tuple[int, int]]) -> tuple[_Edge, ...]:
        merged: dict[tuple[int, int], int] = {}
        for place, count in ways:
            edge = automaton.masks[place], state[place]
            merged[edge] = merged.get(edge, 0) + count
        return tuple((mask, target, count) for (mask, target), count in merged.items() if mask)

    found = [edges(follow) for follow in numbers]
    ends = automaton.at_start, automaton.elsewhere, automaton.certain
    found += [edges(sorted(way.items())) for way in ends]
    count = len(numbers)
    loop = (~0, count + 2, 1)  # where a match is certain, any text may go on
    found[-1] = (loop, *found[-1]) if found[-1] else ()
    return States(tuple(found), count, count + 1, count + 2)


class Growth:
    """The graph of what texts reach from one start, and how paths grow there.

    Attributes:
        total: the paths that texts of n characters have at most, all their beginnings together.
        meetings: where they grow.
    """

    def __init__(self, states: States, start: int, budget: Budget) -> None:
        self._states, self._budget = states, budget
        self.keys: list[tuple[int, ...]] = []
        self.steps: list[list[tuple[int, int]]] = []  # of each key: the characters, the next key
        self.nodes: list[tuple[int, int]] = []  # a key and a state
        self.combinations: list[set[Combination]] = []
        self._number_of_key: dict[frozenset[int], int] = {}
        self._number_of_node: dict[tuple[int, int], int] = {}
        self._explore(start)
        self.circle = circles([[n for c in group for n, _ in c] for group in self.combinations])
        self.meetings: list[Meeting] = []
        self.values: list[Polynomial] = []
        self._evaluate()
        self.total = self._sum_of_keys()

    # --- exploring

    def _explore(self, start: int) -> None:
        self._key(frozenset([start]))
        number = 0
        while number < len(self.keys):
            for mask, targets in self._parts(self.keys[number]):
                key = self._key(frozenset(targets))
                self.steps[number].append((mask, key))
                for state, sources in targets.items():
                    self._budget.spend(len(sources))
                    before = ((self._number_of_node[number, s], w) for s, w in sources.items())
                    self.combinations[self._number_of_node[key, state]].add(tuple(before))
            number += 1

    def _key(self, states: frozenset[int]) -> int:
        known = self._number_of_key.get(states)
        if known is None:
            known = self._number_of_key[states] = len(self.keys)
            self.keys.append(tuple(sorted(states)))
            self.steps.append([])
            self._budget.spend(len(states))
            for state in self.keys[known]:
                self._number_of_node[known, state] = len(self.nodes)
                self.nodes.append((known, state))
                self.combinations.append(set())
        return known

    def _parts(self, key: Sequence[int]) -> list[tuple[int, dict[int, dict[int, int]]]]:
        """The sets of characters after a key, and what each leads to, from where."""
        by_mask: dict[int, list[tuple[int, int, int]]] = {}
        for source in key:
            for mask, target, ways in self._states.edges[source]:
                by_mask.setdefault(mask, []).append((target, source, ways))
        parts = split(((mask, mask) for mask in by_mask), self._budget)
        found: list[tuple[int, dict[int, dict[int, int]]]] = []
        for part, masks in parts:
            targets: dict[int, dict[int, int]] = {}
            for mask in masks:
                self._budget.spend(len(by_mask[mask]))
                for target, source, ways in by_mask[mask]:
                    sources = targets.setdefault(target, {})
                    sources[source] = sources.get(source, 0) + ways
            found.append((part, targets))
        return found

    # --- evaluating

    def _evaluate(self) -> None:
        self.values = [(1.0,)] * len(self.nodes)
        members: dict[int, list[int]] = {}
        for node, circle in enumerate(self.circle):
            members.setdefault(circle, []).append(node)
        for circle in sorted(members):  # those before come first
            entering: Polynomial = (1.0,) if 0 in members[circle] else ()
            growing: Polynomial = ()
            for node in members[circle]:
                for combination in self.combinations[node]:
                    self._budget.spend(len(combination))
                    around = [(n, w) for n, w in combination if self.circle[n] == circle]
                    outside = [(n, w) for n, w in combination if self.circle[n] != circle]
                    coming = _sum((self.values[n], w) for n, w in outside)
                    if sum(ways for _, ways in around) > 1:
                        self.meetings.append(Meeting(node, around[0][0], exponential=True))
                    elif around and coming:
                        self.meetings.append(Meeting(node, around[0][0], exponential=False))
                    if around:
                        growing = _most(growing, coming)
                    else:
                        entering = _most(entering, coming)
            value = _sum([(entering, 1), ((0.0, *growing) if growing else (), 1)])
            for node in members[circle]:
                self.values[node] = value

    def _sum_of_keys(self) -> Polynomial:
        """All nodes of the keys of a text together: those of circles as often as it is long."""
        follow = [[key for _, key in steps] for steps in self.steps]
        before: list[list[int]] = [[] for _ in follow]
        for key, targets in enumerate(follow):
            for target in targets:
                before[target].append(key)
        circle = circles(before)
        sizes: list[list[Polynomial]] = [[] for _ in self.keys]
        for node, (key, _) in enumerate(self.nodes):
            sizes[key].append(self.values[node])
        recurring: Polynomial = ()
        once: dict[int, Polynomial] = {}
        members: dict[int, list[int]] = {}
        for key in range(len(self.keys)):
            members.setdefault(circle[key], []).append(key)
        for number in sorted(members):
            keys = members[number]
            best: Polynomial = ()
            for key in keys:
                for source in before[key]:
                    if circle[source] != number:
                        best = _most(best, once[circle[source]])
            size = _sum((value, 1) for value in sizes[keys[0]])
            if len(keys) > 1 or keys[0] in follow[keys[0]]:
                for key in keys:
                    recurring = _most(recurring, _sum((value, 1) for value in sizes[key]))
                once[number] = best
            else:
                once[number] = _sum([(best, 1), (size, 1)])
        total: Polynomial = ()
        for value in once.values():
            total = _most(total, value)
        return _sum([(total, 1), ((0.0, *recurring) if recurring else (), 1)])

    # --- texts

    def around(self, meeting: Meeting) -> tuple[list[int], list[int]] | None:
        """A text that leads around the circle of a meeting, and one that leads there, as masks."""
        key, _ = self.nodes[meeting.node]
        way = self._word(0, lambda node: self.nodes[node][0] == key)
        through = self._word(meeting.node, lambda node: node == meeting.before)
        last = self._word(meeting.before, lambda node: node == meeting.node)
        if meeting.node == meeting.before:
            through = []
        if way is None or through is None or last is None:
            return None
        return through + last, way

    def _word(self, start: int, is_goal: Callable[[int], bool]) -> list[int] | None:
        """A shortest text, as masks, from one node to another, over one character at least."""
        came: dict[int, tuple[int, int]] = {}
        waiting = [start]
        for node in waiting:
            key, _ = self.nodes[node]
            for mask, target in self.steps[key]:
                for state in self.keys[target]:
                    after = self._number_of_node[target, state]
                    if after in came or not self._leads(node, after):
                        continue
                    came[after] = node, mask
                    if is_goal(after):
                        return _masks_on_the_way(came, start, after)
                    waiting.append(after)
        return None

    def _leads(self, node: int, after: int) -> bool:
        self._budget.spend(len(self.combinations[after]))
        return any(node == n for combination in self.combinations[after] for n, _ in combination)

    def heaviest(self) -> list[int]:
        """A text that many paths lead to the end of, as masks; it goes around no circle."""
        node = max(range(len(self.nodes)), key=lambda node: sum(self.values[node]))
        masks: list[int] = []
        seen = {node}
        while node:
            ways = [n for c in self.combinations[node] for n, _ in c if n not in seen]
            if not ways:
                break
            node, after = max(ways, key=lambda n: sum(self.values[n])), node
            seen.add(node)
            key, target = self.nodes[node][0], self.nodes[after][0]
            masks.append(next(mask for mask, goal in self.steps[key] if goal == target))
        return masks[::-1]


def _masks_on_the_way(came: Mapping[int, tuple[int, int]], start: int, goal: int) -> list[int]:
    found: list[int] = []
    node = goal
    while True:
        node, mask = came[node]
        found.append(mask)
        if node == start:
            return found[::-1]


def value(polynomial: Polynomial, length: int) -> float:
    """The value of a polynomial for texts of `length` characters."""
    found = 0.0
    for factor in reversed(polynomial):
        found = found * length + factor
    return found


def added(polynomials: Iterable[Polynomial]) -> Polynomial:
    """Their sum."""
    return _sum((polynomial, 1) for polynomial in polynomials)


def _sum(parts: Iterable[tuple[Polynomial, int]]) -> Polynomial:
    found: list[float] = []
    for polynomial, times in parts:
        found += [0.0] * (len(polynomial) - len(found))
        for power, factor in enumerate(polynomial):
            found[power] += factor * times
    return tuple(found)


def _most(one: Polynomial, other: Polynomial) -> Polynomial:
    if len(one) < len(other):
        one, other = other, one
    return (*map(max, one, other), *one[len(other) :])


def circles(before: Sequence[Sequence[int]]) -> list[int]:
    """The number of the circle that each node is on, those that lead to others first.

    `before` has the nodes that lead to each. Tarjan's strongly connected components.
    """
    index = [-1] * len(before)
    low = [0] * len(before)
    circle = [-1] * len(before)
    stack: list[int] = []
    count = found = 0
    for root in range(len(before)):
        if index[root] >= 0:
            continue
        work = [(root, iter(before[root]))]
        while work:
            node, rest = work[-1]
            if index[node] < 0:
                index[node] = low[node] = count
                count += 1
                stack.append(node)
            for target in rest:
                if index[target] < 0:
                    work.append((target, iter(before[target])))
                    break
                if circle[target] < 0:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[node])
                if low[node] == index[node]:
                    while True:
                        member = stack.pop()
                        circle[member] = found
                        if member == node:
                            break
                    found += 1
    return circle
