"""What is known of values that fit some schemas: what a proof starts from.

All that is said here is so of every such value; where a schema is not understood, less is said.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from ....json_values import is_number
from ....patterns import found_in
from ....schema.keywords import KEYWORDS
from ....schema.nodes import Node
from .sides import Sides

#: Kinds of values that some draft tells apart: integers are written without a fraction, `1.0` is a
#: whole one, which draft 4 does not take for an integer.
NUMBERS = frozenset(["integer", "whole", "fraction"])
ATOMS = NUMBERS | {"null", "boolean", "string", "array", "object"}
Limit: TypeAlias = tuple[Any, bool]
#: What tells of keys that no schema lists.
_OPENING = """additionalProperties unevaluatedProperties patternProperties propertyNames
$dynamicRef $recursiveRef""".split()
_SIZES = {"string": "Length", "array": "Items", "object": "Properties"}


def atoms_of(node: Node) -> frozenset[str]:
    """The kinds of values that `type` of a node admits."""
    if not node.has("type"):
        return ATOMS
    given: Any = node.get("type")
    found: set[str] = set()
    for name in [given] if isinstance(given, str) else given:
        if name == "number":
            found |= NUMBERS
        elif name == "integer":
            found |= {"integer", "whole"} if node.dialect.integral_floats else {"integer"}
        else:
            found.add(name)
    return frozenset(found)


def kinds_of(keyword: str) -> frozenset[str]:
    """The kinds of values that a keyword says something about."""
    kind = KEYWORDS[keyword].kind
    return NUMBERS if kind == "number" else ATOMS if kind == "any" else frozenset([kind])


class Rest(NamedTuple):
    """What applies to keys that are none of `names` and match none of `patterns`."""

    names: frozenset[str]
    patterns: frozenset[str]
    node: Node


class Premise:
    """Values that fit all of `nodes`.

    Args:
        refused: schemas that they do not fit.
        present, absent: keys that they have, if they are objects, and that they have not.
        parted: the alternatives among which one was chosen already.
        atoms: the kinds that they are of.
        declared_only: that objects have no keys that their schemas neither declare nor allow.
        bare: that objects have no keys at all.
    """

    def __init__(
        self,
        sides: Sides,
        nodes: Iterable[Node],
        *,
        refused: frozenset[Node] = frozenset(),
        present: frozenset[str] = frozenset(),
        absent: frozenset[str] = frozenset(),
        parted: frozenset[tuple[Node, str]] = frozenset(),
        atoms: frozenset[str] = ATOMS,
        declared_only: bool = False,
        bare: bool = False,
    ) -> None:
        self.sides, self.nodes = sides, tuple(dict.fromkeys(nodes))
        self.given_refused, self.present, self.absent = refused, present, absent
        self.parted, self.given_atoms, self.declared_only = parted, atoms, declared_only
        self.bare = bare
        #: Where old configs have the values: from how many steps back, and the path from there.
        self.origin: tuple[int, tuple[str, ...]] | None = None
        self.key: Any = (frozenset(self.nodes), refused, present, absent, parted, atoms, bare)

    def with_(self, *nodes: Node, **more: Any) -> Premise:
        """These values, as far as they fit more `nodes`; `more` replaces other facts."""
        facts: dict[str, Any] = {
            "refused": self.given_refused,
            "present": self.present,
            "absent": self.absent,
            "parted": self.parted,
            "atoms": self.given_atoms,
            "declared_only": self.declared_only,
            "bare": self.bare,
        }
        return Premise(self.sides, (*self.nodes, *nodes), **{**facts, **more})

    def also(self, node: Node) -> Premise:
        """These values, as far as they fit a schema that a goal has."""
        return self.with_(node)

    def refusing(self, node: Node) -> Premise:
        """These values, as far as they do not fit a schema that a goal has."""
        return self.with_(refused=self.given_refused | {node})

    def having(self, key: str) -> Premise:
        """These values, as far as they have a key if they are objects."""
        return self.with_(present=self.present | {key})

    def of_kind(self, atom: str) -> Premise:
        """These values, as far as they are of a kind."""
        return self.with_(atoms=frozenset([atom]))

    def inner(self, nodes: Iterable[Node], atoms: frozenset[str] = ATOMS) -> Premise:
        """Values inside of these, which fit `nodes`."""
        return Premise(self.sides, nodes, atoms=atoms, declared_only=self.declared_only)

    @cached_property
    def applied(self) -> tuple[Node, ...]:
        """All schemas that the values fit for certain."""
        return tuple(dict.fromkeys(n for node in self.nodes for n in self.sides.applied(node)))

    def saying(self, keyword: str) -> Iterator[tuple[Node, Any]]:
        """The schemas that have a keyword, and its values."""
        return ((node, node.get(keyword)) for node in self.applied if node.has(keyword))

    @cached_property
    def atoms(self) -> frozenset[str]:
        found = self.given_atoms
        for node in self.applied:
            found &= frozenset[str]() if node.schema is False else atoms_of(node)
        return frozenset(atom for atom in found if not self._is_void(atom, found))

    def _is_void(self, atom: str, atoms: frozenset[str]) -> bool:
        """Whether limits leave no value of a kind."""
        if atom in NUMBERS:
            low, high = self._bounds(atoms & {atom})
            if low[0] is None or high[0] is None:
                return False
            return bool(low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1])))
        if atom not in _SIZES:
            return False
        least, most = self.sizes(atom)
        void = most is not None and least > most
        return void or (atom == "object" and not self.absent.isdisjoint(self.required))

    @cached_property
    def refused(self) -> frozenset[Node]:
        """Schemas that the values do not fit."""
        negated = (self.sides.child(node, "not") for node in self.applied if node.has("not"))
        return self.given_refused.union(negated)

    # Numbers and sizes

    @cached_property
    def bounds(self) -> tuple[Limit, Limit]:
        """The limits of numbers, None for none, and whether each is excluded."""
        return self._bounds(self.atoms)

    def _bounds(self, atoms: frozenset[str]) -> tuple[Limit, Limit]:
        low = self._bound("minimum", "exclusiveMinimum", 1)
        high = self._bound("maximum", "exclusiveMaximum", -1)
        if "fraction" not in atoms:
            low, high = _to_whole(low, 1), _to_whole(high, -1)
        return low, high

    def _bound(self, inclusive: str, exclusive: str, sign: int) -> Limit:
        found: list[Limit] = []
        for node in self.applied:
            limit, other = node.keyword(inclusive), node.keyword(exclusive)
            if is_number(limit):
                found.append((limit, other is True))
            if is_number(other):
                found.append((other, True))
        if any(limit != limit for limit, _ in found):
            return None, False
        return max(found, key=lambda one: (sign * one[0], one[1]), default=(None, False))

    def sizes(self, kind: str) -> tuple[int, int | None]:
        """The least and the greatest size of texts, arrays or objects; None for no limit."""
        noun = _SIZES[kind]
        least = max((int(value) for _, value in self.saying(f"min{noun}")), default=0)
        most = min((int(value) for _, value in self.saying(f"max{noun}")), default=None)
        return (max(least, len(self.required)) if kind == "object" else least), most

    # Objects

    @cached_property
    def required(self) -> frozenset[str]:
        """The keys that objects have."""
        found = {*self.present}
        for node in self.applied:
            found.update(self._scoped(node).required)
        while (
            new := {
                name
                for node in self.applied
                for _, key, others in self._scoped(node).dependencies()
                if key in found and others
                for name in others
            }
            - found
        ):
            found |= new
        return frozenset(found)

    def _scoped(self, node: Node) -> Any:
        return self.sides.of(node).scopes.at(node)

    @cached_property
    def rests(self) -> tuple[Rest, ...]:
        """What applies to the keys that are not listed."""
        return tuple(rest for node in self.applied for rest in self._rests_of(node))

    def _rests_of(self, node: Node) -> Iterator[Rest]:
        if node.has("additionalProperties"):
            names, patterns = node.table("properties"), node.table("patternProperties")
            inner = self.sides.child(node, "additionalProperties")
            yield Rest(frozenset(names), frozenset(patterns), inner)
        if node.has("unevaluatedProperties"):
            known, matched = set[str](), set[str]()
            for each in self.sides.in_place(node):
                opens = each.has("additionalProperties") or not self.sides.is_static(each)
                if opens or (each is not node and each.has("unevaluatedProperties")):
                    return
                known.update(each.table("properties"))
                matched.update(each.table("patternProperties"))
            inner = self.sides.child(node, "unevaluatedProperties")
            yield Rest(frozenset(known), frozenset(matched), inner)

    @cached_property
    def names(self) -> dict[str, None]:
        """The keys that schemas name, in their order."""
        found: dict[str, None] = {}
        for node in self.applied:
            found.update(dict.fromkeys(node.table("properties")))
        found.update((name, None) for rest in self.rests for name in sorted(rest.names))
        found.update((name, None) for name in sorted(self.required))
        return found

    def values_at(self, key: str) -> list[Premise]:
        """The values under a key, by where they come from; none if no object has it."""
        inner = self.under(key)
        return [] if inner is None else [inner]

    def under(self, key: str) -> Premise | None:
        """The values under a key; None if no object has it."""
        if (
            self.bare
            or key in self.absent
            or (self.is_closed_by_declaring and key not in self._declared)
        ):
            return None
        nodes: dict[Node, None] = {}
        for node in self.applied:
            if key in node.table("properties"):
                nodes[self.sides.child(node, "properties", key)] = None
            for pattern in node.table("patternProperties"):
                if found_in(pattern, key):
                    nodes[self.sides.child(node, "patternProperties", pattern)] = None
        for rest in self.rests:
            if key not in rest.names and all(found_in(p, key) is False for p in rest.patterns):
                nodes[rest.node] = None
        return self.inner(nodes)

    def under_others(
        self, matching: Collection[str] = (), avoiding: Collection[str] = ()
    ) -> Iterator[tuple[Premise, frozenset[str]]]:
        """The values under keys that nothing names, case by case of what these match.

        Args:
            matching: patterns that the keys match.
            avoiding: those that they do not match.
        """
        if self.bare or self.is_closed_by_declaring:
            return
        tables = [(node, p) for node in self.applied for p in node.table("patternProperties")]
        patterns = dict.fromkeys(p for _, p in tables if p not in avoiding)
        for case in [None, *patterns]:
            if case is None and not patterns.keys().isdisjoint(matching):
                continue
            surely = frozenset[str](matching) | frozenset[str]([] if case is None else [case])
            nodes = [
                self.sides.child(node, "patternProperties", p) for node, p in tables if p in surely
            ]
            for rest in self.rests:
                known = rest.patterns - frozenset(avoiding)
                if not known or (case is None and known <= patterns.keys()):
                    nodes.append(rest.node)
            yield self.inner(nodes), surely

    @cached_property
    def is_closed_by_declaring(self) -> bool:
        """Whether it is presumed that objects have only keys that are declared."""
        if not self.declared_only:
            return False
        has_names = any(node.table("properties") for node in self.applied)
        return has_names and not any(node.has(word) for node in self._possible for word in _OPENING)

    @cached_property
    def _possible(self) -> list[Node]:
        """All schemas that may apply to the values."""
        return [inner for node in self.nodes for inner in self.sides.in_place(node)]

    @cached_property
    def _declared(self) -> frozenset[str]:
        found = set(self.present)
        for node in self._possible:
            found.update(node.table("properties"))
            scoped = self._scoped(node)
            found.update(scoped.required)
            for _, key, others in scoped.dependencies():
                found.update([key, *(others or ())])
        return frozenset(found)

    # Arrays

    def item(self, position: int) -> Premise:
        """The values at a position of arrays."""
        nodes: list[Node] = []
        for node in self.applied:
            scoped = self._scoped(node)
            keyword, length = scoped.prefix
            if position < length:
                nodes.append(self.sides.child(node, keyword, position))
            elif (rest := scoped.rest) is not None:
                nodes.append(self.sides.child(node, rest))
        return self.inner(nodes)

    @cached_property
    def prefix_length(self) -> int:
        """How many first items may have schemas of their own."""
        return max((self._scoped(node).prefix[1] for node in self.applied), default=0)

    # Alternatives

    def cases(self) -> Iterator[list[Premise]]:
        """Ways to tell the values apart: in each, every value is of one of the premises."""
        groups: list[frozenset[str]] = [
            NUMBERS,
            *(frozenset([atom]) for atom in sorted(ATOMS - NUMBERS)),
        ]
        met = [group & self.atoms for group in groups if group & self.atoms]
        if len(met) > 1:
            yield [self.with_(atoms=group) for group in met]
        for node in self.applied:
            for keyword in ("oneOf", "anyOf", "if", "dependentSchemas", "dependencies"):
                if node.has(keyword):
                    yield from self._cases_of(node, keyword)

    def _cases_of(self, node: Node, keyword: str) -> Iterator[list[Premise]]:
        parts = self.sides.parts(node, keyword)
        if keyword in ("oneOf", "anyOf"):
            if (node, keyword) not in self.parted:
                parted = self.parted | {(node, keyword)}
                yield [
                    self.with_(
                        part,
                        parted=parted,
                        refused=self.given_refused.union(
                            other for other in parts if other is not part and keyword == "oneOf"
                        ),
                    )
                    for part in parts
                ]
        elif keyword == "if" and (node, keyword) not in self.parted:
            parted = self.parted | {(node, keyword)}
            then, other = self.sides.parts(node, "then"), self.sides.parts(node, "else")
            negated = self.given_refused.union(parts)
            yield [
                self.with_(*parts, *then, parted=parted),
                self.with_(*other, parted=parted, refused=negated),
            ]
        elif keyword.startswith("depend"):
            for part in parts:
                name = str(part.pointer[-1])
                if (part, keyword) not in self.parted:
                    parted = self.parted | {(part, keyword)}
                    yield [
                        self.with_(part, parted=parted, present=self.present | {name}),
                        self.with_(parted=parted, absent=self.absent | {name}),
                    ]


def _to_whole(limit: Limit, sign: int) -> Limit:
    """The limit of whole numbers that says the same."""
    value, excluded = limit
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return limit
    whole = math.ceil(value) if sign > 0 else math.floor(value)
    return (whole + sign, False) if excluded and whole == value else (whole, False)
