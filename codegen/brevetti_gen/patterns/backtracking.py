r"""How long Python's `re`, which backtracks, can take to search a text for a pattern.

A pattern is fast if the steps of a search grow at most with the square of the text, whatever the
text is. That is proven, from the number of paths that texts have through the pattern's automaton
(`automaton`, `growth`), or the pattern counts as slow. Slow patterns come in two kinds: those that
go through any bound on a text that fits on a line, for which such a text is looked for (`attacks`),
and those that take long on long texts only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from .alphabet import SETS, Alphabet, Budget, TooComplexError
from .attacks import Attack, attack_on, doublings, likely_candidates, simple_candidates
from .automaton import Automaton
from .growth import Growth, Polynomial, States, added, states_of, value
from .parser import parse
from .syntax import (
    Alternation,
    CapturingGroup,
    Char,
    CharacterClass,
    End,
    Look,
    Node,
    ParsedPattern,
    Range,
    Repeat,
    Sequence,
    Shorthand,
    UnicodeProperty,
    all_nodes,
)

MAX_STEPS = 150_000
"""Of each analysis of a pattern, of which there are few: some tenths of a second."""

MOST_ROUNDS = {8: 400_000, 80: MAX_STEPS, 1_000: MAX_STEPS}
"""Repetitions of more rounds are taken for loops, at first; where that is too coarse, of more.

With each number the steps that the analysis may take.
"""

MAX_BURDEN = 1_000
"""Ways tried from one place that are no more than a long pattern usually has."""

MAX_SEARCH = 10_000_000
"""Steps of one search that nobody minds: some tenths of a second."""

_LINE = 60
"""A text of so many characters must not take more than `_ENDLESS` steps."""
_ENDLESS = 100_000_000
_MAX_FACTORS = (100_000, 5_000, 50)
"""What grows no faster than the square of a text may have no large factors either."""


@dataclass(frozen=True)
class Slow:
    """A pattern on which a search can take long.

    Attributes:
        degree: the steps of a search grow with this power of the length of the text; None if
            they double with some characters more, or if that is not known.
        longest: the length of texts that take no more than `MAX_SEARCH` steps; 0 if none is known.
        part: what of the pattern can match one text in two ways; "" if not known.
        attack: a text that takes practically forever, which was tried; None if none was found.
    """

    degree: int | None
    longest: int = 0
    part: str = ""
    attack: Attack | None = None

    @property
    def explodes(self) -> bool:
        """Whether a short text may take forever."""
        return self.degree is None or self.attack is not None

    def within(self, most: object) -> bool:
        """Whether texts of at most `most` characters, a `maxLength`, are searched soon."""
        return isinstance(most, (int, float)) and most <= self.longest


@lru_cache(maxsize=10_000)
def slowness(pattern: str) -> Slow | None:
    """How slow a search for `pattern` can be; None if it is fast.

    Arguments:
        pattern: an ECMA-262 pattern without delimiters.

    Raises:
        PatternError: `pattern` is no ECMA-262.
    """
    return judged(pattern).slow


def searched(pattern: ParsedPattern) -> Node:
    """The tree that a search for `pattern` uses: trimmed where that makes a difference."""
    return judged(pattern.source).body


@dataclass(frozen=True)
class Judged:
    """What is known of a pattern: as it is written for `re`, as `re` takes it, and its time."""

    body: Node
    tree: Node
    slow: Slow | None
    is_linear: bool


@lru_cache(maxsize=10_000)
def judged(pattern: str) -> Judged:
    """What is known of an ECMA-262 pattern."""
    body = parse(pattern).body
    tree = merged(body)
    found = _analysed(tree)
    if _trimmed(body) != body and (found is None or not found.is_linear):
        body = _trimmed(body)
        tree = merged(body)
        found = _analysed(tree)
    slow = None if found is not None and found.is_fast else _slow(pattern, tree, found)
    return Judged(body, tree, slow, found is not None and found.is_linear)


@dataclass(frozen=True)
class _Analysis:
    """How the paths of a pattern grow.

    Attributes:
        work: the steps of one search of a text of n characters; nothing if it `doubles`.
    """

    alphabet: Alphabet
    automaton: Automaton
    states: States
    growths: tuple[tuple[int, Growth], ...]
    doubles: bool
    work: Polynomial

    @property
    def is_linear(self) -> bool:
        return self.is_fast and len(self.work) < 3

    @property
    def is_fast(self) -> bool:
        usual = all(factor <= most for factor, most in zip(self.work, _MAX_FACTORS, strict=False))
        return not self.doubles and len(self.work) <= len(_MAX_FACTORS) and usual


def _analysed(body: Node) -> _Analysis | None:
    """The growth of a pattern, as coarse as it can be if it is fast; None if it is too complex."""
    found: _Analysis | None = None
    alphabet = Alphabet(body)
    most = max(_counts(body), default=0)
    before = 0
    for rounds, steps in MOST_ROUNDS.items():
        if 0 < before >= most:
            break
        before = rounds
        try:
            for thorough in (False, True):
                budget = Budget(steps)
                automaton = Automaton(body, alphabet, budget, rounds, thorough=thorough)
                if automaton.is_better or not thorough:
                    found = _analysis(alphabet, automaton, budget)
                if found is not None and found.is_fast:
                    return found
        except TooComplexError:
            pass
    return found


def _analysis(alphabet: Alphabet, automaton: Automaton, budget: Budget) -> _Analysis:
    states = states_of(automaton)
    starts = (states.at_start, states.elsewhere, states.certain)
    growths = tuple((s, Growth(states, s, budget)) for s in starts if states.edges[s])
    doubles = any(meeting.exponential for _, growth in growths for meeting in growth.meetings)
    # A search begins anew at each character.
    work = [(0.0, *g.total) if s == states.elsewhere else g.total for s, g in growths]
    # Ways that fail at once are as many as a pattern is long, unless it has them multiply.
    burden = float(automaton.burden) if automaton.burden > MAX_BURDEN else 1.0
    parts = alphabet, automaton, states, growths, doubles
    return _Analysis(*parts, tuple(factor * burden for factor in added([(1.0,), *work])))


def _slow(pattern: str, body: Node, found: _Analysis | None) -> Slow:
    if found is None:
        alphabet = Alphabet(body)
        candidates = simple_candidates(alphabet)
        return Slow(None, attack=attack_on(body, alphabet, candidates, doubles=False))
    attack = None
    if found.doubles or value(found.work, _LINE) > _ENDLESS:
        parts = found.alphabet, found.automaton, found.states, found.growths
        picks = found.alphabet.character, found.alphabet.rare
        ways = [likely_candidates(*parts, pick, Budget(MAX_STEPS)) for pick in picks]
        attack = attack_on(body, found.alphabet, chain(*ways), doubles=found.doubles)
    if found.doubles:
        return Slow(None, 0, _part(pattern, body), attack)
    return Slow(len(found.work) - 1, _longest(found.work), "", attack)


def _longest(work: Polynomial) -> int:
    low, high = 0, MAX_SEARCH
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if value(work, middle) <= MAX_SEARCH else (low, middle)
    return low


def _part(pattern: str, body: Node) -> str:
    """The smallest repetition that can match a text in two ways."""
    for node in sorted(_repeats(body), key=lambda node: node.end - node.start):
        alone = Sequence((node, End()))
        budget = Budget(MAX_STEPS // 10)
        try:
            states = states_of(Automaton(alone, Alphabet(alone), budget, min(MOST_ROUNDS)))
            if next(doublings(states, budget), None) is not None:
                return pattern[node.start : node.end]
        except TooComplexError:
            continue
    return ""


def _repeats(body: Node) -> list[Repeat]:
    return [node for node in all_nodes(body) if isinstance(node, Repeat)]


def _counts(body: Node) -> list[int]:
    """What decides how many rounds of repetitions are told apart."""
    return [max(node.least, (node.most or node.least) - node.least) for node in _repeats(body)]


def _trimmed(body: Node) -> Node:
    """`body` without what a search makes idle at its ends: `a+b+` is found where `ab` is.

    More of the same character before a match, or after it, is not part of another match: the
    shortest one is there too.
    """
    if isinstance(body, Alternation):
        return Alternation(tuple(map(_trimmed, body.options)))
    items = body.items if isinstance(body, Sequence) else (body,)
    if items:
        items = (*_fewest(items[0]), *items[1:])
    if len(items) > 1:
        items = (*items[:-1], *_fewest(items[-1]))
    return items[0] if len(items) == 1 else Sequence(items)


def merged(node: Node) -> Node:
    """`node` as `re` compiles it: single characters that alternate are one set of them."""
    if isinstance(node, Sequence):
        return Sequence(tuple(map(merged, node.items)))
    if isinstance(node, Alternation):
        options = tuple(map(merged, node.options))
        items = [item for option in options for item in _positive(option)]
        is_set = all(map(_positive, options)) and len(set(options)) > 1
        return CharacterClass(tuple(items), False) if is_set else Alternation(options)
    if isinstance(node, (CapturingGroup, Look, Repeat)):
        return node._replace(body=merged(node.body))
    return node


_Item = Char | Range | Shorthand | UnicodeProperty


def _positive(node: Node) -> tuple[_Item, ...]:
    """What a set of characters has, if it is written by that alone."""
    items: tuple[_Item, ...] = ()
    if isinstance(node, (Char, Shorthand)):
        items = (node,)
    elif isinstance(node, CharacterClass) and not node.negated:
        items = node.items
    named = (item for item in items if isinstance(item, (Shorthand, UnicodeProperty)))
    is_positive = all(isinstance(item, Shorthand) and not item.negated for item in named)
    return items if is_positive else ()


def _fewest(item: Node) -> tuple[Node, ...]:
    """A repetition of one character, as few times as it can be."""
    if not isinstance(item, Repeat) or not isinstance(item.body, SETS) or item.most == item.least:
        return (item,)
    if item.least < 2:
        return (item.body,) * item.least
    return (Repeat(item.body, item.least, item.least, False, item.start, item.end),)
