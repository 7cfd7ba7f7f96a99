"""What has to be shown of values for each keyword of a goal.

A rule tells whether its keyword follows from a premise, or gives the places where it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from ....patterns import found_in
from ....schema.keywords import REFERENCES
from ....schema.nodes import Node
from .failures import Failure, Other, fits
from .premises import Premise, atoms_of

if TYPE_CHECKING:
    from .containment import Prover


Told: TypeAlias = bool | Iterable[Failure]
RULES: dict[str, Callable[[Prover, Premise, Node], Told]] = {}


def _rule(*keywords: str) -> Callable[[Callable[[Prover, Premise, Node], Told]], None]:
    def register(function: Callable[[Prover, Premise, Node], Told]) -> None:
        RULES.update(dict.fromkeys(keywords, function))

    return register


@_rule("type")
def _type(prover: Prover, premise: Premise, goal: Node) -> Told:
    others = premise.atoms - atoms_of(goal)
    return all(prover.is_void(premise.of_kind(atom)) for atom in others)


def _within(keyword: str) -> Callable[[Prover, Premise, Node], Told]:
    """The rule of a limit of numbers."""
    sign = 1 if "inimum" in keyword else -1

    def rule(prover: Prover, premise: Premise, goal: Node) -> Told:
        limit: Any = goal.get(keyword)
        excluded = keyword.startswith("exclusive")
        if isinstance(limit, bool):  # of draft 4, beside the limit itself
            return True
        if not excluded:
            excluded = goal.keyword(f"exclusive{keyword.capitalize()}") is True
        bound, is_excluded = premise.bounds[0 if sign > 0 else 1]
        if bound is None:
            return False
        if bound == limit:
            return is_excluded or not excluded
        return bool(sign * bound > sign * limit)

    return rule


for _keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
    _rule(_keyword)(_within(_keyword))


@_rule("multipleOf")
def _multiple_of(prover: Prover, premise: Premise, goal: Node) -> Told:
    step: Any = goal.get("multipleOf")
    known = [value for _, value in premise.saying("multipleOf")]
    if not premise.atoms & {"fraction"}:
        known.append(1)
        if Fraction(1) % _exact(step) == 0:
            return True
    # Of steps of two kinds, values are not judged by the same notation.
    alike = [value for value in known if type(value) is type(step)]
    return any(_exact(value) % _exact(step) == 0 for value in alike)


def _exact(number: Any) -> Fraction:
    return Fraction(number if isinstance(number, int) else str(number))


def _sized(kind: str, noun: str) -> None:
    def least(prover: Prover, premise: Premise, goal: Node) -> Told:
        return premise.sizes(kind)[0] >= int(goal.get(f"min{noun}"))

    def most(prover: Prover, premise: Premise, goal: Node) -> Told:
        limit: Any = goal.get(f"max{noun}")
        known = premise.sizes(kind)[1]
        if known is not None and known <= limit:
            return True
        if kind == "object":
            names = all_names(prover, premise)
            return names is not None and len(names) <= limit
        return kind == "array" and _ends(prover, premise, int(limit))

    _rule(f"min{noun}")(least)
    _rule(f"max{noun}")(most)


for _kind, _noun in (("string", "Length"), ("array", "Items"), ("object", "Properties")):
    _sized(_kind, _noun)


def _ends(prover: Prover, premise: Premise, length: int) -> bool:
    """Whether no array is longer than a length."""
    last = min(length, premise.prefix_length)
    return any(prover.is_void(premise.item(position)) for position in range(last + 1))


def all_names(prover: Prover, premise: Premise) -> list[str] | None:
    """All keys that objects can have; None where these are not known."""
    for value, _ in premise.under_others():
        if not prover.is_void(value):
            return None
    return [name for name in premise.names if not prover.is_always_void(premise.values_at(name))]


#: Patterns that are found in every text.
_EVERYWHERE = frozenset(["", "^", "$", ".*", "^.*", ".*$"])


@_rule("pattern", "format", "x-python-type")
def _written(prover: Prover, premise: Premise, goal: Node) -> Told:
    """What is only compared: the same, which is taken in the same way."""
    for keyword in ("pattern", "format", "x-python-type"):
        if goal.has(keyword):
            if keyword == "pattern" and goal.get(keyword) in _EVERYWHERE:
                continue
            alike = (
                node
                for node, value in premise.saying(keyword)
                if value == goal.get(keyword)
                and (keyword != "format" or node.dialect.format_draft == goal.dialect.format_draft)
            )
            if next(alike, None) is None:
                return (Failure((), premise, goal, keyword),)
    return ()


@_rule("uniqueItems")
def _unique(prover: Prover, premise: Premise, goal: Node) -> Told:
    if goal.get("uniqueItems") is not True:
        return True
    most = premise.sizes("array")[1]
    known = any(value is True for _, value in premise.saying("uniqueItems"))
    return known or (most is not None and most <= 1)


@_rule("required")
def _required(prover: Prover, premise: Premise, goal: Node) -> Told:
    return set(prover.sides.of(goal).scopes.at(goal).required) <= premise.required


@_rule("dependentRequired", "dependentSchemas", "dependencies")
def _depending(prover: Prover, premise: Premise, goal: Node) -> Iterator[Failure]:
    for keyword, name, others in prover.sides.of(goal).scopes.at(goal).dependencies():
        having = premise.having(name)
        if prover.is_void(having) or prover.is_always_void(premise.values_at(name)):
            continue
        if others is None:
            yield from prover.failures(having, prover.sides.child(goal, keyword, name))
        elif not set(others) <= having.required:
            yield Failure((), having, goal, keyword)


# Parts of objects and arrays


@_rule("properties")
def _properties(prover: Prover, premise: Premise, goal: Node) -> Iterator[Failure]:
    for name in goal.table("properties"):
        child = prover.sides.child(goal, "properties", name)
        for inner in premise.values_at(name):
            yield from prover.inside(name, inner, child)


@_rule("patternProperties")
def _pattern_properties(prover: Prover, premise: Premise, goal: Node) -> Iterator[Failure]:
    for pattern in goal.table("patternProperties"):
        child = prover.sides.child(goal, "patternProperties", pattern)
        for name in premise.names:
            for inner in premise.values_at(name) if found_in(pattern, name) is not False else ():
                yield from prover.inside(name, inner, child)
        for inner, matched in premise.under_others([pattern]):
            step = Other(frozenset(premise.names), matched, frozenset())
            yield from prover.inside(step, inner, child)


def _others(
    prover: Prover,
    premise: Premise,
    child: Node,
    names: frozenset[str],
    patterns: frozenset[str],
) -> Iterator[Failure]:
    """What applies to keys that are none of `names` and match none of `patterns`."""
    for name in premise.names:
        known = name in names or any(found_in(pattern, name) for pattern in patterns)
        for inner in premise.values_at(name) if not known else ():
            yield from prover.inside(name, inner, child)
    for inner, matched in premise.under_others(avoiding=patterns):
        step = Other(names.union(premise.names), matched, patterns)
        yield from prover.inside(step, inner, child)


def _names_and_patterns(nodes: Sequence[Node]) -> tuple[frozenset[str], frozenset[str]]:
    """The keys that schemas list under `properties`, and the patterns of others."""
    names = frozenset(name for node in nodes for name in node.table("properties"))
    patterns = frozenset(p for node in nodes for p in node.table("patternProperties"))
    return names, patterns


@_rule("additionalProperties")
def _additional_properties(prover: Prover, premise: Premise, goal: Node) -> Told:
    child = prover.sides.child(goal, "additionalProperties")
    return _others(prover, premise, child, *_names_and_patterns([goal]))


@_rule("unevaluatedProperties")
def _unevaluated_properties(prover: Prover, premise: Premise, goal: Node) -> Told:
    applied = prover.sides.applied(goal)
    child = prover.sides.child(goal, "unevaluatedProperties")
    inside = [node for node in applied if node is not goal]
    if any(node.has("additionalProperties") for node in applied) or any(
        node.has("unevaluatedProperties") for node in inside
    ):
        return True
    return _others(prover, premise, child, *_names_and_patterns(applied))


@_rule("propertyNames")
def _property_names(prover: Prover, premise: Premise, goal: Node) -> Told:
    child = prover.sides.child(goal, "propertyNames")
    names = all_names(prover, premise)
    if names is not None and prover.sides.is_static(child):
        judge = prover.sides.of(child).judge
        return all(fits(judge, child, name) is True for name in names)
    known = (
        prover.sides.child(node, "propertyNames") for node, _ in premise.saying("propertyNames")
    )
    return not prover.failures(premise.inner(known, frozenset(["string"])), child)


@_rule("prefixItems", "items", "additionalItems")
def _items(prover: Prover, premise: Premise, goal: Node) -> Told:
    """All of them at once, at the first of them."""
    scoped = prover.sides.of(goal).scopes.at(goal)
    keyword, length = scoped.prefix
    rest = scoped.rest
    children = [prover.sides.child(goal, keyword, position) for position in range(length)]
    return _positions(prover, premise, children, rest and prover.sides.child(goal, rest))


def _positions(
    prover: Prover, premise: Premise, children: Sequence[Node | None], rest: Any
) -> Iterator[Failure]:
    most = premise.sizes("array")[1]
    for position in range(max(len(children), premise.prefix_length) + 1):
        if most is not None and position >= most:
            return
        inner = premise.item(position)
        if prover.is_void(inner):
            return  # nothing lies behind it either
        child = children[position] if position < len(children) else rest
        if child is not None:
            yield from prover.inside(position, inner, child)


@_rule("unevaluatedItems")
def _unevaluated_items(prover: Prover, premise: Premise, goal: Node) -> Told:
    applied = prover.sides.applied(goal)
    scoped = [prover.sides.of(node).scopes.at(node) for node in applied]
    if any(each.rest is not None for each in scoped):
        return True
    if any(node.has("unevaluatedItems") for node in applied if node is not goal):
        return True
    length = max(each.prefix[1] for each in scoped)
    child = prover.sides.child(goal, "unevaluatedItems")
    return _positions(prover, premise, [None] * length, child)


@_rule("contains")
def _contains(prover: Prover, premise: Premise, goal: Node) -> Told:
    wanted, least, most = _counts(prover, goal)
    known = [_counts(prover, node) for node, _ in premise.saying("contains")]
    size = premise.sizes("array")
    enough = least == 0 or any(
        one[1] >= least and not prover.failures(premise.inner([one[0]]), wanted) for one in known
    )
    if not enough and size[0] >= least:
        positions = range(premise.prefix_length + 1)
        enough = not any(prover.failures(premise.item(each), wanted) for each in positions)
    if most is None or (size[1] is not None and size[1] <= most):
        return enough
    limited = (one for one in known if one[2] is not None and one[2] <= most)
    return enough and any(not prover.failures(premise.inner([wanted]), one[0]) for one in limited)


def _counts(prover: Prover, node: Node) -> tuple[Node, int, int | None]:
    least, most = node.keyword("minContains"), node.keyword("maxContains")
    wanted = prover.sides.child(node, "contains")
    return wanted, 1 if least is None else int(least), None if most is None else int(most)


@_rule("minContains", "maxContains", "then", "else")
def _beside(prover: Prover, premise: Premise, goal: Node) -> Told:
    """What the keyword tells that it stands beside."""
    return True


# Schemas for the same value


@_rule("$ref", "$recursiveRef", "$dynamicRef")
def _reference(prover: Prover, premise: Premise, goal: Node) -> Iterator[Failure]:
    index = prover.sides.of(goal).index
    for keyword in REFERENCES:
        if goal.has(keyword):
            if keyword != "$ref" and index.dynamic_name(goal) is not None:
                yield Failure((), premise, goal, keyword)
            else:
                yield from prover.failures(premise, index.target(goal, keyword))


@_rule("allOf")
def _all_of(prover: Prover, premise: Premise, goal: Node) -> Iterator[Failure]:
    for part in prover.sides.parts(goal, "allOf"):
        yield from prover.failures(premise, part)


@_rule("anyOf")
def _any_of(prover: Prover, premise: Premise, goal: Node) -> Told:
    return any(not prover.failures(premise, part) for part in prover.sides.parts(goal, "anyOf"))


@_rule("oneOf")
def _one_of(prover: Prover, premise: Premise, goal: Node) -> Told:
    parts = prover.sides.parts(goal, "oneOf")
    for part in parts:
        if not prover.failures(premise, part):
            others = (other for other in parts if other is not part)
            return all(_excludes(prover, premise, other) for other in others)
    return False


@_rule("not")
def _not(prover: Prover, premise: Premise, goal: Node) -> Told:
    return _excludes(prover, premise, prover.sides.child(goal, "not"))


def _excludes(prover: Prover, premise: Premise, node: Node) -> bool:
    """Whether no value of a premise fits a schema."""
    both = premise.also(node)
    return prover.is_void(both) or any(
        not prover.failures(both, refused) for refused in premise.refused
    )


@_rule("if")
def _if(prover: Prover, premise: Premise, goal: Node) -> Iterator[Failure]:
    condition = prover.sides.child(goal, "if")
    then, other = prover.sides.parts(goal, "then"), prover.sides.parts(goal, "else")
    for part in then:
        if not _excludes(prover, premise, condition):
            yield from prover.failures(premise.also(condition), part)
    for part in other:
        if prover.failures(premise, condition):
            yield from prover.failures(premise.refusing(condition), part)
