"""Values that fit a premise, found by trying what its schemas suggest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice, pairwise
from typing import Any

from ....json_values import is_array, is_number, is_object
from ....patterns.parser import parse
from ....patterns.syntax import (
    Alternation,
    CapturingGroup,
    Char,
    CharacterClass,
    Dot,
    Range,
    Repeat,
    Shorthand,
)
from ....patterns.syntax import Node as Part
from ....patterns.syntax import Sequence as PatternSequence
from ....schema.nodes import Node
from .containment import Prover
from .failures import OldStep, Other
from .premises import NUMBERS, Premise

#: How many values are tried for one place, how deep values are made, and of how many parts.
MAX_TRIED, MAX_DEPTH, MAX_SIZE = 150, 7, 2_000
NOTHING = object()
_TEXTS = ("a", "", "ab", "1", "2020-01-31", "2020-01-31T10:00:00Z", "a@example.com", "x-1")
_KEYS = ("other", "x", "a1", "X", "0", "x-other", "a", "b", "_")
_PROBES = "a0A-_. b1:/@Z"
_SHORTHANDS = {"d": "0", "w": "a", "s": " "}
_OTHERS = {"d": "a", "w": "-", "s": "a"}


class Samples:
    """Finds values; remembers those of premises."""

    def __init__(self, prover: Prover) -> None:
        self.prover = prover
        self._known: dict[Any, Any] = {}

    def one(self, premise: Premise, depth: int = MAX_DEPTH) -> Any:
        """A value that fits a premise; `NOTHING` if none was found."""
        if premise.key not in self._known:
            self._known[premise.key] = NOTHING
            all_found = islice(self.all(premise, depth), MAX_TRIED)
            found = (value for value in all_found if holds_at_most(MAX_SIZE, value))
            fitting = (value for value in found if self.prover.may_fit(premise, value))
            self._known[premise.key] = next(fitting, NOTHING)
        return self._known[premise.key]

    def all(self, premise: Premise, depth: int = MAX_DEPTH) -> Iterator[Any]:
        """Values that may fit a premise."""
        yield from constants(premise.applied)
        if depth:
            for atom in ("object", "array", "string", *sorted(NUMBERS), "boolean", "null"):
                if atom in premise.atoms:
                    yield from self._of(atom, premise, depth)
            for cases in premise.cases():
                if len(premise.parted) < 3:
                    yield from chain(*(islice(self.all(c, depth), MAX_TRIED) for c in cases))
                return

    def _of(self, atom: str, premise: Premise, depth: int) -> Iterator[Any]:
        if atom == "null":
            yield None
        elif atom == "boolean":
            yield from (False, True)
        elif atom == "string":
            yield from texts(premise.applied)
        elif atom in NUMBERS:
            yield from numbers(premise.applied)
        elif atom == "array":
            for length in range(premise.sizes("array")[0], premise.sizes("array")[0] + 2):
                items = self.array(premise, length, depth)
                if items is not None:
                    yield items
        else:
            found = self.object(premise, depth)
            if found is not None:
                yield found
                yield from self._fuller(premise, found, depth)

    def array(
        self, premise: Premise, length: int, depth: int, *, at: int = -1, value: Any = None
    ) -> list[Any] | None:
        """An array of a length, with a value at one position if that is wanted."""
        found: list[Any] = []
        for position in range(min(length, 50)):
            if position == at:
                found.append(value)
                continue
            inner = premise.item(position)
            items = (v for v in islice(self.all(inner, depth - 1), 30))
            fitting = [v for v in items if self.prover.may_fit(inner, v)]
            fresh = [v for v in fitting if v not in found] or fitting
            if not fresh:
                return None
            found.append(fresh[0])
        return found if holds_at_most(MAX_SIZE, found) else None

    def object(
        self, premise: Premise, depth: int, given: dict[str, Any] | None = None
    ) -> dict[str, Any] | None:
        """An object with the keys that are required, and what is `given`."""
        found = dict(given or {})
        for name in sorted(premise.required - found.keys()):
            inner = premise.under(name)
            value = NOTHING if inner is None else self.one(inner, depth - 1)
            if value is NOTHING:
                return None
            found[name] = value
        return found if holds_at_most(MAX_SIZE, found) else None

    def _fuller(
        self, premise: Premise, found: dict[str, Any], depth: int
    ) -> Iterator[dict[str, Any]]:
        """The object with more keys."""
        whole = dict(found)
        for name in [name for name in premise.names if name not in found]:
            inner = premise.under(name)
            value = NOTHING if inner is None else self.one(inner, depth - 1)
            if value is not NOTHING:
                yield {**found, name: value}
                whole[name] = value
                if whole.keys() != {*found, name}:
                    yield dict(whole)
        for inner, matched in premise.under_others():
            step = Other(frozenset(premise.names), matched, frozenset())
            key, value = _key_of(step), self.one(inner, depth - 1)
            if value is not NOTHING and key is not None:
                yield {**found, key: value}

    def holding(
        self, premise: Premise, path: Sequence[OldStep], value: Any, depth: int = MAX_DEPTH
    ) -> Iterator[Any]:
        """Values that may fit a premise and have `value` at a path."""
        if not path or not depth:
            yield value
            return
        step, rest = path[0], path[1:]
        for whole in self._around(premise, step, rest, value, depth):
            if self.prover.may_fit(premise, whole):
                yield whole
        if len(premise.parted) < 3:
            for cases in premise.cases():
                for case in cases:
                    yield from self.holding(case, path, value, depth - 1)
                return

    def _around(
        self,
        premise: Premise,
        step: OldStep,
        rest: Sequence[OldStep],
        value: Any,
        depth: int,
    ) -> Iterator[Any]:
        if isinstance(step, int):
            for part in islice(self.holding(premise.item(step), rest, value, depth - 1), 3):
                length = max(step + 1, premise.sizes("array")[0])
                items = self.array(premise, length, depth, at=step, value=part)
                if items is not None:
                    yield items
            return
        key = _key_of(step) if isinstance(step, Other) else step
        inner = None if key is None else premise.under(key)
        if key is None or inner is None:
            return
        for part in islice(self.holding(inner, rest, value, depth - 1), 3):
            found = self.object(premise, depth, {key: part})
            if found is not None:
                yield found
                yield from islice(self._fuller(premise, found, depth), 10)


def constants(nodes: Sequence[Node]) -> Iterator[Any]:
    """The values that schemas themselves name."""
    for node in nodes:
        for keyword in ("const", "default"):
            if isinstance(node.schema, dict) and keyword in node.schema:
                yield node.get(keyword)
        for keyword in ("enum", "examples"):
            listed = node.get(keyword)
            yield from listed if is_array(listed) else ()


def numbers(nodes: Sequence[Node]) -> Iterator[Any]:
    """Numbers at the limits that schemas set, and beside them."""
    limits = [
        limit
        for node in nodes
        for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        if is_number(limit := node.keyword(keyword))
    ]
    for limit in limits:
        yield from (limit, limit + 1, limit - 1)
    yield from (0, 1)
    for step in [node.get("multipleOf") for node in nodes if node.has("multipleOf")]:
        yield from (step, 2 * step, 3 * step, -step)
        yield from (limit - limit % step + each for limit in limits for each in (0, step))
    for limit in limits:
        yield from (limit + 0.5, limit - 0.5, limit + 1e-9, limit - 1e-9)
    middles = sorted(limits)
    yield from ((a + b) / 2 for a, b in pairwise(middles))
    yield from (-1, 0.5, 1.5, 2, 3, 1.0, 10**6, -(10**6), 10**20, 2.25)


def texts(nodes: Sequence[Node]) -> Iterator[str]:
    """Texts of the sizes, and for the patterns, that schemas ask for."""
    patterns = [str(node.get("pattern")) for node in nodes if node.has("pattern")]
    for pattern in patterns:
        yield from matching(pattern)
    yield from _TEXTS
    sizes = [
        int(node.get(keyword))
        for node in nodes
        for keyword in ("minLength", "maxLength")
        if node.has(keyword)
    ]
    beside = dict.fromkeys(n for size in sizes for n in (size, size + 1, size - 1))
    for size in beside:
        if 0 <= size <= MAX_SIZE:
            yield "a" * size
            for text in (text for pattern in patterns for text in matching(pattern) if text):
                yield (text * (size // len(text) + 1))[:size]


def matching(pattern: str) -> list[str]:
    """Texts that a pattern may be found in."""
    body = parse(pattern).body
    found = [_text(body, more) for more in (0, 1, 3)]
    return list(dict.fromkeys(found))


def _text(part: Part, more: int) -> str:
    if isinstance(part, Char):
        return chr(part.code)
    if isinstance(part, Dot):
        return "a"
    if isinstance(part, Shorthand):
        return (_OTHERS if part.negated else _SHORTHANDS).get(part.kind, "a")
    if isinstance(part, CharacterClass):
        return next((c for c in _letters(part) if _is_in(c, part) != part.negated), "a")
    if isinstance(part, PatternSequence):
        return "".join(_text(each, more) for each in part.items)[:MAX_SIZE]
    if isinstance(part, Alternation):
        return _text(part.options[min(more, len(part.options) - 1)], more)
    if isinstance(part, CapturingGroup):
        return _text(part.body, more)
    if isinstance(part, Repeat):
        times = part.least + more if part.most is None else min(part.least + more, part.most)
        return (_text(part.body, more) * min(times, MAX_SIZE))[:MAX_SIZE]
    return ""


def _letters(part: CharacterClass) -> Iterator[str]:
    yield from _PROBES
    for item in part.items:
        if isinstance(item, Char):
            yield chr(item.code)
        elif isinstance(item, Range):
            yield chr(item.low)


def _is_in(letter: str, part: CharacterClass) -> bool:
    """Whether a class lists a character, its negation apart."""
    for item in part.items:
        if isinstance(item, Char) and chr(item.code) == letter:
            return True
        if isinstance(item, Range) and item.low <= ord(letter) <= item.high:
            return True
        if isinstance(item, Shorthand):
            word = letter == "_" or letter.isalnum()
            is_kind = {"d": letter.isdigit(), "w": word, "s": letter.isspace()}[item.kind]
            if is_kind != item.negated:
                return True
    return False


def _key_of(step: Other) -> str | None:
    """A key that a step may mean."""
    from ....patterns import found_in

    candidates = [text for pattern in sorted(step.matching) for text in matching(pattern)]
    for key in (*candidates, *_KEYS):
        avoids = key not in step.names and not any(found_in(p, key) for p in step.avoiding)
        if avoids and all(found_in(pattern, key) for pattern in step.matching):
            return key
    return None


def holds_at_most(most: int, value: Any) -> bool:
    """Whether a JSON value has at most so many parts; it counts no more than that."""
    ahead = [value]
    for _ in range(most):
        if not ahead:
            break
        part = ahead.pop()
        if is_object(part) or is_array(part):
            ahead += part.values() if is_object(part) else part
    return not ahead
