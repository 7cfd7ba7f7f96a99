"""A validator for the schemas of `random_schemas`, from the specifications and nothing else.

It exists since `jsonschema` is wrong about what 2019-09 leaves unevaluated, and to have a second
opinion on everything else. It collects annotations as the specifications describe it: each schema
says of a value whether it fits, and which of its properties and items were evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

#: The draft that a keyword is from, and the last one that has it.
_DRAFTS = (4, 6, 7, 2019, 2020)
_SINCE = {
    6: "const contains propertyNames",
    7: "if",
    2019: "dependentSchemas dependentRequired unevaluatedItems unevaluatedProperties "
    "$recursiveRef minContains",
    2020: "prefixItems $dynamicRef",
}
_UNTIL = {2019: "additionalItems $recursiveRef"}
Seen = set[Any]
#: Resources on the way to a schema, outermost first.
Scope = tuple[dict[str, Any], ...]


class Oracle:
    """Judges values under one document, whose references lead into it or to its definitions."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        number = re.search(r"draft(?:-0|/)(\d+)", document["$schema"])
        assert number is not None
        self.draft = int(number[1])
        self.unknown = {
            keyword
            for since, names in _SINCE.items()
            for keyword in names.split()
            if self.draft < since
        } | {
            keyword
            for until, names in _UNTIL.items()
            for keyword in names.split()
            if self.draft > until
        }

    def is_valid(self, value: Any) -> bool:
        """Whether `value` fits the document."""
        return self.judge(self.document, value, (self.document,)) is not None

    def judge(self, schema: Any, value: Any, scope: Scope) -> Seen | None:
        """The names and indices that `schema` evaluates of `value`; None if it does not fit."""
        if isinstance(schema, bool):
            return set() if schema else None
        if "$id" in schema and schema is not self.document:
            scope = (*scope, schema)
        if "$ref" in schema and self.draft <= 7:
            return _RULES["$ref"](self, schema, value, scope, set())
        seen: Seen = set()
        # Those that depend on what the others evaluated come last.
        for keyword in sorted(schema, key=lambda keyword: keyword.startswith("unevaluated")):
            if keyword in self.unknown:
                continue
            rule = _RULES.get(keyword)
            if rule is not None:
                found = rule(self, schema, value, scope, seen)
                if found is None:
                    return None
                seen |= found
        return seen

    def target(self, reference: str) -> Any:
        """What a `$ref` leads to."""
        found: Any = self.document
        for step in reference.partition("#")[2].split("/")[1:]:
            found = found[step]
        return found

    def fits(self, schema: Any, value: Any, scope: Scope) -> bool:
        """Whether `value` fits, whatever is evaluated."""
        return self.judge(schema, value, scope) is not None


Rule = Callable[[Oracle, dict[str, Any], Any, Scope, Seen], "Seen | None"]
_RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Make `function` the rule of the keyword that it is named after."""
    name = function.__name__.strip("_")
    _RULES[name if name not in ("ref", "recursiveRef", "dynamicRef") else f"${name}"] = function
    return function


def asserting(keyword: str, concerns: Callable[[Any], bool]) -> Any:
    """Make a function of a keyword's value and an instance the rule of `keyword`."""

    def make(test: Callable[[Any, Any], bool]) -> None:
        def judge(
            oracle: Oracle, schema: dict[str, Any], value: Any, scope: Scope, seen: Seen
        ) -> Seen | None:
            return set() if not concerns(value) or test(schema[keyword], value) else None

        _RULES[keyword] = judge

    return make


# Values


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_list(value: Any) -> bool:
    return isinstance(value, list)


def is_object(value: Any) -> bool:
    return isinstance(value, dict)


def identity(value: Any) -> Any:
    """What is equal for values that JSON Schema takes for equal."""
    if is_number(value):
        return ("number", Fraction(value))
    if is_list(value):
        return ("array", tuple(map(identity, value)))
    if is_object(value):
        return ("object", frozenset((key, identity(item)) for key, item in value.items()))
    return (type(value).__name__, value)


@rule
def type_(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    names = schema["type"] if is_list(schema["type"]) else [schema["type"]]
    integral = isinstance(value, float) and value.is_integer() and oracle.draft > 4
    tests = {
        "null": value is None,
        "boolean": isinstance(value, bool),
        "integer": is_number(value) and (isinstance(value, int) or integral),
        "number": is_number(value),
        "string": is_text(value),
        "array": is_list(value),
        "object": is_object(value),
    }
    return set() if any(tests[name] for name in names) else None


asserting("const", lambda v: True)(lambda want, v: identity(want) == identity(v))
asserting("enum", lambda v: True)(lambda want, v: identity(v) in map(identity, want))
asserting("maximum", is_number)(lambda limit, v: v <= limit)
asserting("minimum", is_number)(lambda limit, v: v >= limit)
asserting("multipleOf", is_number)(
    lambda step, v: (Fraction(str(v)) / Fraction(str(step))).denominator == 1
)
asserting("maxLength", is_text)(lambda limit, v: len(v) <= limit)
asserting("minLength", is_text)(lambda limit, v: len(v) >= limit)
asserting("pattern", is_text)(lambda pattern, v: bool(re.search(pattern, v)))
asserting("maxItems", is_list)(lambda limit, v: len(v) <= limit)
asserting("minItems", is_list)(lambda limit, v: len(v) >= limit)
asserting("uniqueItems", is_list)(
    lambda wanted, v: not wanted or len(set(map(identity, v))) == len(v)
)
asserting("maxProperties", is_object)(lambda limit, v: len(v) <= limit)
asserting("minProperties", is_object)(lambda limit, v: len(v) >= limit)
asserting("required", is_object)(lambda names, v: set(names) <= v.keys())
asserting("dependentRequired", is_object)(
    lambda table, v: all(set(table[name]) <= v.keys() for name in table if name in v)
)


def exclusive(limit: str) -> Rule:
    """The rule of an exclusive limit, which in draft 4 is a remark on the limit itself."""

    def judge(
        oracle: Oracle, schema: dict[str, Any], value: Any, scope: Scope, seen: Seen
    ) -> Seen | None:
        bound = schema["exclusive" + limit.capitalize()]
        if oracle.draft == 4:
            if bound is False:
                return set()
            bound = schema[limit]
        below = limit == "maximum"
        fits = not is_number(value) or (value < bound if below else value > bound)
        return set() if fits else None

    return judge


_RULES["exclusiveMinimum"], _RULES["exclusiveMaximum"] = map(exclusive, ("minimum", "maximum"))


# Schemas for the same value


@rule
def ref(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    return oracle.judge(oracle.target(schema["$ref"]), value, (*scope, oracle.document))


@rule
def recursiveRef(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    found = scope[-1]
    if found.get("$recursiveAnchor"):
        found = next(resource for resource in scope if resource.get("$recursiveAnchor"))
    return oracle.judge(found, value, scope)


@rule
def dynamicRef(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    name = schema["$dynamicRef"].removeprefix("#")
    found = next(resource for resource in scope if resource.get("$dynamicAnchor") == name)
    return oracle.judge(found, value, scope)


@rule
def allOf(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    outcomes = [oracle.judge(part, value, scope) for part in schema["allOf"]]
    return None if None in outcomes else union(outcomes)


@rule
def anyOf(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    outcomes = [oracle.judge(part, value, scope) for part in schema["anyOf"]]
    return union(outcomes) if any(outcome is not None for outcome in outcomes) else None


@rule
def oneOf(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    outcomes = [oracle.judge(part, value, scope) for part in schema["oneOf"]]
    fitting = [outcome for outcome in outcomes if outcome is not None]
    return fitting[0] if len(fitting) == 1 else None


@rule
def not_(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    return None if oracle.fits(schema["not"], value, scope) else set()


@rule
def if_(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    found = oracle.judge(schema["if"], value, scope)
    outcome = oracle.judge(schema.get("else" if found is None else "then", True), value, scope)
    return None if outcome is None else outcome | (found or set())


@rule
def dependentSchemas(
    oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen
) -> Seen | None:
    return depending(oracle, schema["dependentSchemas"], value, scope)


@rule
def dependencies(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    return depending(oracle, schema["dependencies"], value, scope)


def depending(oracle: Oracle, table: dict[str, Any], value: Any, scope: Scope) -> Seen | None:
    if not is_object(value):
        return set()
    outcomes = [
        oracle.judge({"required": needed} if is_list(needed) else needed, value, scope)
        for name, needed in table.items()
        if name in value
    ]
    return None if None in outcomes else union(outcomes)


def union(outcomes: list[Seen | None]) -> Seen:
    """All that was seen by those that fit."""
    return {name for outcome in outcomes if outcome is not None for name in outcome}


# Schemas for properties and items


@rule
def properties(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    if not is_object(value):
        return set()
    known = schema["properties"].keys() & value.keys()
    fits = all(oracle.fits(schema["properties"][name], value[name], scope) for name in known)
    return set(known) if fits else None


@rule
def patternProperties(
    oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen
) -> Seen | None:
    if not is_object(value):
        return set()
    pairs = [
        (name, part)
        for pattern, part in schema["patternProperties"].items()
        for name in value
        if re.search(pattern, name)
    ]
    fits = all(oracle.fits(part, value[name], scope) for name, part in pairs)
    return {name for name, _ in pairs} if fits else None


@rule
def additionalProperties(
    oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen
) -> Seen | None:
    if not is_object(value):
        return set()
    patterns = schema.get("patternProperties", {})
    others = {
        name
        for name in value.keys() - schema.get("properties", {}).keys()
        if not any(re.search(pattern, name) for pattern in patterns)
    }
    part = schema["additionalProperties"]
    return others if all(oracle.fits(part, value[name], scope) for name in others) else None


@rule
def unevaluatedProperties(
    oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen
) -> Seen | None:
    part = schema["unevaluatedProperties"]
    if not is_object(value) or all(
        name in seen or oracle.fits(part, value[name], scope) for name in value
    ):
        return set(value) if is_object(value) else set()
    return None


@rule
def propertyNames(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    part = schema["propertyNames"]
    fits = not is_object(value) or all(oracle.fits(part, name, scope) for name in value)
    return set() if fits else None


def positions(schema: Any, oracle: Oracle) -> int:
    """How many first items have schemas of their own."""
    prefix = schema.get("prefixItems" if oracle.draft == 2020 else "items")
    return len(prefix) if is_list(prefix) else 0


def first_items(oracle: Oracle, parts: list[Any], value: Any, scope: Scope) -> Seen | None:
    if not is_list(value):
        return set()
    pairs = list(zip(parts, value, strict=False))
    return set(range(len(pairs))) if all(oracle.fits(*pair, scope) for pair in pairs) else None


def other_items(oracle: Oracle, part: Any, start: int, value: Any, scope: Scope) -> Seen | None:
    if not is_list(value):
        return set()
    rest = range(start, len(value))
    return set(rest) if all(oracle.fits(part, value[index], scope) for index in rest) else None


@rule
def prefixItems(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    return first_items(oracle, schema["prefixItems"], value, scope)


@rule
def items(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    if is_list(schema["items"]):
        return first_items(oracle, schema["items"], value, scope)
    return other_items(oracle, schema["items"], positions(schema, oracle), value, scope)


@rule
def additionalItems(
    oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen
) -> Seen | None:
    if not is_list(schema.get("items")):
        return set()
    start = positions(schema, oracle)
    return other_items(oracle, schema["additionalItems"], start, value, scope)


@rule
def contains(oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen) -> Seen | None:
    if not is_list(value):
        return set()
    hits = {
        index for index, item in enumerate(value) if oracle.fits(schema["contains"], item, scope)
    }
    counts = oracle.draft >= 2019
    least = schema.get("minContains", 1) if counts else 1
    most = schema.get("maxContains", len(value)) if counts else len(value)
    if not least <= len(hits) <= most:
        return None
    return hits if oracle.draft == 2020 else set()


@rule
def unevaluatedItems(
    oracle: Oracle, schema: Any, value: Any, scope: Scope, seen: Seen
) -> Seen | None:
    if not is_list(value):
        return set()
    part = schema["unevaluatedItems"]
    fits = all(index in seen or oracle.fits(part, item, scope) for index, item in enumerate(value))
    return set(range(len(value))) if fits else None


def rules() -> Iterator[str]:
    """The keywords that the oracle knows by a rule of their own."""
    return iter(_RULES)
