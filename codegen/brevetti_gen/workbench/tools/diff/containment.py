"""Whether all values that some schemas admit are admitted by another one.

A proof goes keyword by keyword through the schema that is to be shown, its *goal*, and parts the
values into cases where the alternatives of a *premise* ask for it. What is not proven may be so
nevertheless: only an example shows that it is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ....json_values import is_array, is_number, is_object
from ....schema.dialects import Pointer
from ....schema.keywords import KEYWORDS, OLD_NAMES, REFERENCES
from ....schema.nodes import Node
from .edits import Rewritten
from .failures import Failure, Failures, Moved, Step, fits
from .grown import Grown, base_of
from .premises import Premise, kinds_of
from .proof_rules import RULES, all_names
from .sides import Sides

#: How many pairs of a premise and a goal are tried, how deep premises are parted into cases, and
#: in how many premises, and how deep, impossible values are looked for.
MAX_PAIRS, MAX_PARTED, MAX_SOUGHT, MAX_DEPTH = 5_000, 4, 10_000, 5
#: Integers of shorter ranges are tried one by one.
MAX_INTEGERS = 100
#: Of how many places that are not proven is told.
MAX_FAILURES = 50


class Prover:
    """Proves that goals follow from premises; remembers what it found."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self._failed: dict[Any, Failures] = {}
        #: Pairs that are proven, in that order, as far as those that are being proven will be.
        self._proven: dict[Any, None] = {}
        self._level = 0
        self._proving: dict[Any, int] = {}
        self._presumed: set[Any] = set()
        self._same: dict[tuple[Node, Node], bool] = {}
        self._pairs = 0
        self._void: dict[Any, bool] = {}
        self._depth = 0

    def failures(self, premise: Premise, goal: Node) -> Failures:
        """The places at which `goal` is not proven of the values of `premise`; () if it is.

        Where there is more to try than there is time for, no keyword is named.
        """
        if self._takes_all(goal):
            return ()
        key = (premise.key, goal)
        if key in self._failed:
            return self._failed[key]
        if key in self._proven:
            return ()
        if key in self._proving:
            # The same of a value inside: by induction, if nothing else fails.
            if self._level > self._proving[key]:
                self._presumed.add(key)
                return ()
            return (Failure((), premise, goal, "$ref"),)
        self._pairs += 1 + len(premise.given_refused) // 16
        if self._pairs > MAX_PAIRS:
            return (Failure((), premise, goal, ""),)
        known = len(self._proven)
        self._proving[key] = self._level
        found = self._found(premise, goal)
        del self._proving[key]
        if not found:
            self._proven[key] = None
            self._presumed.discard(key)
            return ()
        if key in self._presumed:
            self._presumed.discard(key)
            while len(self._proven) > known:
                self._proven.popitem()
        self._failed[key] = found[:MAX_FAILURES]
        return self._failed[key]

    def _takes_all(self, node: Node) -> bool:
        return node.schema is not False and not self.sides.of(node).asserting(node)

    def _found(self, premise: Premise, goal: Node) -> Failures:
        if isinstance(premise, Rewritten):
            return self._found_of_rewritten(premise, goal)
        if any(self.is_same(node, goal) for node in premise.applied) or self.is_void(premise):
            return ()
        values = self._values(premise)
        if values is not None and self.sides.is_static(goal):
            return () if self._all_fit(goal, values) else (Failure((), premise, goal, "enum"),)
        return self._by_keywords(premise, goal)

    def _found_of_rewritten(self, premise: Rewritten, goal: Node) -> Failures:
        """The same of what loading rewrites."""
        if self.is_void(premise):
            return ()
        if isinstance(premise, Grown) and premise.doubts:
            return tuple(Failure(path, premise, goal, OLD_NAMES) for path in premise.doubts)
        values = self._values(base_of(premise))
        if values is not None and not any(isinstance(value, (dict, list)) for value in values):
            fit = self._all_fit(goal, map(premise.rewritten, values))
            return () if fit else (Failure((), premise, goal, "enum"),)
        if isinstance(premise, Grown) and premise.pairs:
            base = base_of(premise)
            news = [premise.rewritten(old) for old, _ in premise.pairs if self.may_fit(base, old)]
            if not self._all_fit(goal, news):
                return (Failure((), premise, goal, "enum"),)
            return self.failures(premise.without_pairs, goal)
        return self._by_keywords(premise, goal)

    def _all_fit(self, goal: Node, values: Iterable[Any]) -> bool:
        judge = self.sides.of(goal).judge
        return self.sides.is_static(goal) and all(fits(judge, goal, v) is True for v in values)

    def _by_keywords(self, premise: Premise, goal: Node) -> Failures:
        if goal.schema is False:
            return (Failure((), premise, goal, "false"),)
        found: list[Failure] = []
        for keyword in goal.schema if is_object(goal.schema) else ():
            if keyword in self.sides.of(goal).asserting(goal):
                found += self._of_keyword(premise, goal, keyword)
        return self._by_cases(premise, goal, tuple(found)) if found else ()

    def _of_keyword(self, premise: Premise, goal: Node, keyword: str) -> Iterable[Failure]:
        if KEYWORDS[keyword].kind != "any" and premise.atoms.isdisjoint(kinds_of(keyword)):
            return ()
        rule = RULES.get(keyword)
        if rule is None:
            return (Failure((), premise, goal, keyword),)
        told = rule(self, premise, goal)
        if isinstance(told, bool):
            return () if told else (Failure((), premise, goal, keyword),)
        return tuple(told)

    def _by_cases(self, premise: Premise, goal: Node, found: Failures) -> Failures:
        """What fails in the cases of which one holds, if that is less."""
        if len(premise.parted) >= MAX_PARTED:
            return found
        for cases in premise.cases():
            told: list[Failure] = []
            for case in cases:
                told += self.failures(case, goal)
            return tuple(told)
        return found

    def inside(self, step: Step, premise: Premise, goal: Node) -> Iterator[Failure]:
        if premise.origin is not None and isinstance(step, str):
            step = Moved(step, *premise.origin)
        self._level += 1
        try:
            found = self.failures(premise, goal)
        finally:
            self._level -= 1
        return (failure.below(step) for failure in found)

    # Values that can be counted

    def _values(self, premise: Premise) -> list[Any] | None:
        """All values of a premise, if they are few; perhaps some more."""
        if premise.atoms <= {"null", "boolean"}:
            found: list[Any] = [None] if "null" in premise.atoms else []
            found += [False, True] if "boolean" in premise.atoms else []
        else:
            said = [[value] for _, value in premise.saying("const")]
            said += [value for _, value in premise.saying("enum")]
            said += self._integers(premise)
            if not said:
                return None
            found = []
            for value in min(said, key=len):
                spelled = self._spellings(value)
                if spelled is None:
                    return None
                found += spelled
        return [value for value in found if self.may_fit(premise, value)]

    def _integers(self, premise: Premise) -> list[list[int]]:
        """All integers of a short range, if the values are such."""
        (low, _), (high, _) = premise.bounds
        if not premise.atoms <= {"integer", "whole"} or low is None or high is None:
            return []
        return [[*range(int(low), int(high) + 1)]] if high - low <= MAX_INTEGERS else []

    def _spellings(self, value: Any) -> list[Any] | None:
        """A constant as it may be written; None where these are too many for a draft 4."""
        if is_number(value):
            whole = isinstance(value, int) or value.is_integer()
            if not whole:
                return [value]
            try:
                return [int(value), float(value)] if float(value) == value else [value]
            except OverflowError:
                return [value]
        if isinstance(value, (dict, list)) and self._tells_floats and _has_numbers(value):
            return None
        return [value]

    @property
    def _tells_floats(self) -> bool:
        nodes = (node for side in self.sides.each for node in side.index.starts)
        return any(not node.dialect.integral_floats for node in nodes)

    def may_fit(self, premise: Premise, value: Any) -> bool:
        """Whether a value may be one of a premise."""
        if _atom_of(value) not in premise.given_atoms:
            return False
        static = (node for node in premise.nodes if self.sides.is_static(node))
        if any(fits(self.sides.of(node).judge, node, value) is False for node in static):
            return False
        refused = (node for node in premise.given_refused if self.sides.is_static(node))
        return not any(fits(self.sides.of(node).judge, node, value) is True for node in refused)

    # Values that there are none of

    def is_void(self, premise: Premise) -> bool:
        """Whether no value fits a premise, for certain."""
        if not premise.atoms:
            return True
        if self._depth >= MAX_DEPTH:
            return False
        if premise.key not in self._void:
            if len(self._void) * (1 + len(premise.given_refused) // 16) >= MAX_SOUGHT:
                return False
            self._void[premise.key] = False
            self._depth += 1
            try:
                self._void[premise.key] = self._find_void(premise)
            finally:
                self._depth -= 1
        return self._void[premise.key]

    def is_always_void(self, premises: Iterable[Premise]) -> bool:
        """Whether no value fits any of some premises, for certain."""
        return all(map(self.is_void, premises))

    def _find_void(self, premise: Premise) -> bool:
        if isinstance(premise, Rewritten):
            return self.is_void(premise.raw) or (
                isinstance(premise, Grown)
                and premise.is_dropped
                and not premise.doubts
                and all_names(self, premise) == []
            )
        if any(self.is_same(n, refused) for n in premise.applied for refused in premise.refused):
            return True
        if any(self._takes_all(refused) for refused in premise.refused):
            return True
        values = self._values(premise)
        if values is not None:
            return not values
        if premise.atoms == frozenset(["object"]):
            for name in premise.required:
                if self.is_always_void(premise.values_at(name)):
                    return True
        if premise.atoms == frozenset(["array"]) and premise.sizes("array")[0]:
            last = min(premise.sizes("array")[0], premise.prefix_length + 1)
            if any(self.is_void(premise.item(position)) for position in range(last)):
                return True
        if len(premise.parted) < MAX_PARTED:
            for cases in premise.cases():
                return all(self.is_void(case) for case in cases)
        return False

    # Schemas that say the same

    def is_same(self, one: Node, other: Node) -> bool:
        """Whether two schemas say the same for certain: what they assert is written alike."""
        if one is other:
            return True
        key = (one, other)
        if key not in self._same:
            known = len(self._same)
            self._same[key] = True
            if not self._compared(one, other):
                while len(self._same) > known:
                    self._same.popitem()
                self._same[key] = False
        return self._same[key]

    def _compared(self, one: Node, other: Node) -> bool:
        words = self.sides.of(one).asserting(one)
        if words != self.sides.of(other).asserting(other):
            return False
        if isinstance(one.schema, bool) or isinstance(other.schema, bool):
            return one.schema == other.schema or (
                not words and False not in (one.schema, other.schema)
            )
        if words and _facts(one) != _facts(other):
            return False
        return all(self._is_same_keyword(one, other, word) for word in sorted(words))

    def _is_same_keyword(self, one: Node, other: Node, word: str) -> bool:
        was, now = one.get(word), other.get(word)
        if word in REFERENCES:
            sides = self.sides.of(one), self.sides.of(other)
            if word != "$ref" and not all(self.sides.is_static(node) for node in (one, other)):
                return False
            targets = [s.index.target(n, word) for s, n in zip(sides, (one, other), strict=True)]
            return self.is_same(*targets)
        if not KEYWORDS[word].holds:
            return _text(was) == _text(now)
        parts = self.sides.parts(one, word), self.sides.parts(other, word)
        if _without_schemas(was) != _without_schemas(now):
            return False
        olds = {_end(part, one): part for part in parts[0]}
        news = {_end(part, other): part for part in parts[1]}
        return olds.keys() == news.keys() and all(self.is_same(olds[k], news[k]) for k in olds)


def _facts(node: Node) -> Any:
    dialect = node.dialect
    return dialect._replace(name="", uri="", base_uri=dialect.draft)


def _end(part: Node, node: Node) -> Pointer:
    """The way from a node to a part of it."""
    return part.pointer[len(node.pointer) :]


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _without_schemas(value: Any) -> Any:
    """Of `dependencies` the lists of names."""
    return {k: v for k, v in value.items() if is_array(v)} if is_object(value) else None


def _atom_of(value: Any) -> str:
    """The kind of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "whole" if value.is_integer() else "fraction"
    return "string" if isinstance(value, str) else "array" if is_array(value) else "object"


def _has_numbers(value: Any) -> bool:
    parts = value.values() if is_object(value) else value if is_array(value) else ()
    return is_number(value) or any(map(_has_numbers, parts))
