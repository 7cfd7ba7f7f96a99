"""Whether stored configs still load: what is proven, what an example disproves, what is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

from ....json_values import is_array, is_object
from ....model.types import ClassType, Module
from ....schema.keywords import OLD_NAMES
from ....schema.nodes import Node
from .change import Answer
from .containment import Prover
from .edits import Rewritten
from .failures import Failure, Failures, fits
from .grown import Grown, base_of, grown
from .loading import Loading
from .premises import Premise
from .rewrites import is_alike, is_kept, old_keys, version_of
from .samples import NOTHING, Samples, constants, numbers, texts
from .sides import Sides

#: How many values are tried at a place that is not proven, and how many examples are enough.
MAX_VALUES, MAX_EXAMPLES = 120, 40
_ODD: tuple[Any, ...] = ("text", 1, 1.5, True, None, [], {}, -1, [1], {"key": 1}, 10**20)


class Example(NamedTuple):
    """A config that the old version takes and the new one refuses, and where."""

    config: Any
    failure: Failure


class Verdict(NamedTuple):
    """Whether configs that the old version takes load in the new one.

    Attributes:
        answer: that all do is proven (`loads`), or of those without undeclared keys (`loads
            declared`); an example shows that not all do (`refused`); or neither.
        examples: of what no longer loads, and of what lies under undeclared keys.
        open: the places that are neither proven nor disproven.
    """

    answer: Answer
    examples: tuple[Example, ...] = ()
    extras: tuple[Example, ...] = ()
    open: Failures = ()


def verdict_on(sides: Sides, was: Module, now: Module) -> Verdict | None:
    """The verdict on configs of a module; None where it is not known what is rewritten in them."""
    search = _Search(sides, was, now)
    starts = [_premise(sides, was, now, declared_only=only) for only in (False, True)]
    if starts[0] is None or starts[1] is None:
        return None
    found = _failures(Prover(sides), starts[0], now.root)
    if not found:
        return Verdict("loads")
    declared = _failures(Prover(sides), starts[1], now.root)
    if not declared:
        return Verdict("loads declared", (), search.examples(found)[0])
    examples, left = search.examples(declared)
    return Verdict("refused" if examples else "unknown", examples, (), left)


def _premise(sides: Sides, was: Module, now: Module, *, declared_only: bool) -> Premise | None:
    """What the new version judges of the configs that the old one takes."""
    old, new = (side.model for side in sides.each)
    raw = Premise(sides, [was.root], declared_only=declared_only)
    if is_alike(old, was, new, now):
        return raw
    if not is_kept(old, was, new, now):
        return None
    before, after = was.root_class, now.root_class
    raw = raw.with_(absent=old_keys(before))
    kind = now.root_type if after is None else ClassType(after.key)
    found = grown(raw, new, kind)
    if isinstance(found, Grown):
        found.version = version_of(before)
    return found


def _failures(prover: Prover, premise: Premise, goal: Node) -> Failures:
    try:
        return prover.failures(premise, goal)
    except RecursionError:
        return (Failure((), premise, goal, ""),)


class _Search:
    """Looks for values that `old` admits and `new` does not."""

    def __init__(self, sides: Sides, was: Module, now: Module) -> None:
        self.prover, self.old = Prover(sides), was.root
        self.loading = [Loading(*each) for each in zip(sides.each, (was, now), strict=True)]
        self.samples = Samples(self.prover)

    def examples(self, failures: Failures) -> tuple[tuple[Example, ...], Failures]:
        """Examples for places that are not proven, and the places without one."""
        found: list[Example] = []
        left: list[Failure] = []
        for failure in failures:
            example = self._example_of(failure)
            if example is NOTHING:
                left.append(failure)
            else:
                found.append(Example(example, failure))
            if len(found) >= MAX_EXAMPLES:
                break
        return tuple(found), tuple(left)

    def _example_of(self, failure: Failure) -> Any:
        try:
            return next(self._examples_of(failure), NOTHING)
        except RecursionError:
            return NOTHING

    def _examples_of(self, failure: Failure) -> Iterator[Any]:
        whole = Premise(self.prover.sides, [self.old], declared_only=failure.premise.declared_only)
        if failure.keyword == OLD_NAMES:  # what is told of names, not of values
            yield from filter(self.is_example, islice(self.samples.all(whole), 60))
        for value in islice(self._refused_values(failure), 6):
            for config in islice(self.samples.holding(whole, failure.old_path, value), 12):
                if self.is_example(config):
                    yield config

    def is_example(self, config: Any) -> bool:
        """Whether the old version takes a config, and the new one refuses it."""
        old, new = self.loading
        return old.takes(config) is True and new.takes(config) is False

    def _refused_values(self, failure: Failure) -> Iterator[Any]:
        """Values of the premise of a failure that do not fit its goal."""
        judge = self.prover.sides.of(failure.goal).judge
        premise, base = failure.premise, base_of(failure.premise)
        for value in islice(self._values(failure, base), MAX_VALUES):
            then = value
            if isinstance(premise, Rewritten) and not is_object(value) and not is_array(value):
                then = premise.rewritten(value)
            is_odd = fits(judge, failure.goal, then) is False
            if is_odd and self.prover.may_fit(base, value):
                yield value

    def _values(self, failure: Failure, premise: Premise) -> Iterator[Any]:
        sides = self.prover.sides
        goals = sides.in_place(failure.goal)
        possible = [inner for node in premise.nodes for inner in sides.in_place(node)]
        nodes = list(dict.fromkeys([*premise.applied, *goals, *possible]))
        atoms = premise.atoms
        yield from constants(nodes)
        yield from self.samples.all(premise)
        if not atoms.isdisjoint(("integer", "whole", "fraction")):
            found = list(islice(numbers(nodes), 60))
            yield from found
            yield from (float(n) for n in found if isinstance(n, int) and abs(n) < 2**53)
        if "string" in atoms:
            yield from texts(nodes)
        if "array" in atoms:
            yield from self._arrays(premise, goals)
        if "object" in atoms:
            yield from self._objects(premise, goals)
        yield from _ODD

    def _arrays(self, premise: Premise, goals: Sequence[Node]) -> Iterator[Any]:
        sizes = [
            size + more
            for node in goals
            for keyword in ("minItems", "maxItems", "minContains", "maxContains")
            if node.has(keyword)
            for size in [int(node.get(keyword))]
            for more in (-1, 0, 1)
        ]
        items = list(islice(self.samples.all(premise.item(0)), 20))
        for size in dict.fromkeys([0, 1, 2, *sizes]):
            if 0 <= size <= 200:
                yield from ([item] * size for item in items[:6])
                made = self.samples.array(premise, size, 4)
                if made is not None:
                    yield made

    def _objects(self, premise: Premise, goals: Sequence[Node]) -> Iterator[Any]:
        """Objects with little and with much in them."""
        bases = [v for v in islice(self.samples.all(premise), 30) if is_object(v)]
        names = dict.fromkeys(name for node in goals for name in node.table("properties"))
        listed = (node.get("required") for node in goals)
        names.update((name, None) for each in listed if is_array(each) for name in each)
        extra = _key_of_nothing(names, premise)
        for base in bases[:8]:
            yield base
            for name in base:
                yield {key: value for key, value in base.items() if key != name}
            for name in (*names, extra):
                yield from ({**base, name: value} for value in _ODD[:7] if name not in base)
        yield {f"key{number}": 1 for number in range(12)}


def _key_of_nothing(names: Any, premise: Premise) -> str:
    """A key that no schema names."""
    return next(k for k in chain(["other"], map(str, range(10**6))) if k not in names)
