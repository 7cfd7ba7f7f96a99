"""Random schemas that reach every keyword of every draft, and random values near them.

Plain pseudo-random choice instead of hypothesis: what counts is the number of pairs, and a failing
pair is small enough as it is.
"""

from __future__ import annotations

from random import Random
from typing import Any

KEYS = ["a", "b", "c", "x-1"]
PATTERNS = ["^a", "b$", "[0-9]", "^x-"]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]
SCALARS: list[Any] = [None, True, False, 0, 1, 2, -1, 1.0, 2.5, 0.5, 10**20, "", "a", "ab", "b1"]
_WHOLE = """dependencies additionalItems const contains propertyNames if dependentSchemas
dependentRequired minContains prefixItems unevaluatedItems unevaluatedProperties"""
#: The URI of each draft, and the keywords that a schema may have beyond those of all drafts. They
#: are all there, also where the draft does not know them: then they must say nothing. Only what
#: the oldest metaschemas would refuse is left out.
DRAFTS = {
    "http://json-schema.org/draft-04/schema#": _WHOLE,
    "http://json-schema.org/draft-06/schema#": _WHOLE,
    "http://json-schema.org/draft-07/schema#": _WHOLE,
    "https://json-schema.org/draft/2019-09/schema": f"{_WHOLE} $recursiveRef",
    "https://json-schema.org/draft/2020-12/schema": f"{_WHOLE} $dynamicRef",
}
_LEAVES = """type enum minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength
maxLength pattern minItems maxItems uniqueItems required minProperties maxProperties""".split()
_NESTING = """properties properties patternProperties additionalProperties items allOf anyOf oneOf
not $ref""".split()


#: What goes into a property, an item or a key.
_GOING_INTO = """properties patternProperties additionalProperties items additionalItems prefixItems
contains minContains propertyNames unevaluatedItems unevaluatedProperties""".split()
#: References whose target depends on the way; they stand only inside of what goes into something.
_DYNAMIC = {
    "$recursiveRef": {"$recursiveRef": "#"},
    "$dynamicRef": {"$dynamicRef": "#node"},
}


class SchemaMaker:
    """Makes schemas of one draft."""

    def __init__(self, random: Random, draft: str) -> None:
        self.random = random
        self.draft = draft
        self.is_oldest = "draft-04" in draft
        self.base = ""

    def document(self) -> dict[str, Any]:
        """A schema with definitions that it refers to."""
        identity = self.identity()
        self.base = identity.get("$id", "")
        schema = self.schema(3, top=True)
        definitions = {name: self.definition() for name in "PQ"}
        return {"$schema": self.draft, **identity, **schema, "definitions": definitions}

    def definition(self) -> Any:
        """A definition, which may be a resource of its own."""
        schema = self.schema(2, in_definition=True)
        if isinstance(schema, bool) or self.random.random() < 0.3:
            return schema
        return {**self.identity(), **schema}

    def identity(self) -> dict[str, Any]:
        """What makes a schema a resource to which a reference leads that depends on the way."""
        uri = f"http://random.example/{self.random.getrandbits(64)}"
        if "2019" in self.draft:
            return {"$id": uri, "$recursiveAnchor": self.random.random() < 0.7}
        return {"$id": uri, "$dynamicAnchor": "node"} if "2020" in self.draft else {}

    def schema(
        self, depth: int, *, top: bool = False, in_definition: bool = False, in_place: bool = True
    ) -> Any:
        """A schema with at most `depth` levels below it.

        In a definition no reference stands in place, so that none can come back to itself without
        having gone into a property or an item.
        """
        random = self.random
        if not self.is_oldest and not top and random.random() < 0.08:
            return random.choice([True, False])
        keywords = [*_LEAVES]
        if depth:
            keywords += [*_NESTING, *DRAFTS[self.draft].split()]
        made: dict[str, Any] = {}
        for keyword in random.sample(keywords, random.randint(0, 4 if depth else 2)):
            if (keyword == "$ref" and in_definition) or (keyword in _DYNAMIC and in_place):
                continue
            goes_into = keyword in _GOING_INTO
            made.update(
                self._keyword(
                    keyword, depth, in_definition and not goes_into, in_place and not goes_into
                )
            )
        return made

    def _keyword(
        self, keyword: str, depth: int, in_definition: bool, in_place: bool
    ) -> dict[str, Any]:
        random, name = self.random, keyword

        def sub() -> Any:
            return self.schema(depth - 1, in_definition=in_definition, in_place=in_place)

        if keyword in _DYNAMIC:
            return _DYNAMIC[keyword]
        if keyword == "type":
            several = random.random() < 0.3
            return {name: random.sample(TYPES, 2) if several else random.choice(TYPES)}
        if keyword == "enum":
            return {name: distinct([value(random, 1) for _ in range(random.randint(1, 3))])}
        if keyword == "const":
            return {name: value(random, 1)}
        if keyword in ("minimum", "maximum"):
            return {name: random.choice([0, 1, 1.5, -1])}
        if keyword in ("exclusiveMinimum", "exclusiveMaximum"):
            if self.is_oldest:
                plain = "minimum" if "Min" in keyword else "maximum"
                return {plain: random.choice([0, 1]), name: random.choice([True, False])}
            return {name: random.choice([0, 1, 2])}
        if keyword == "multipleOf":
            return {name: random.choice([1, 2, 0.5])}
        if keyword == "pattern":
            return {name: random.choice(PATTERNS)}
        if keyword == "uniqueItems":
            return {name: random.random() < 0.7}
        if keyword == "required":
            return {name: random.sample(KEYS, random.randint(1, 2))}
        if keyword.startswith(("min", "max")) and keyword != "minContains":
            return {name: random.choice([0, 1, 2])}
        if keyword == "minContains":
            return {"contains": sub(), name: random.randint(0, 2), "maxContains": 2}
        if keyword == "properties":
            return {name: {key: sub() for key in random.sample(KEYS, random.randint(1, 3))}}
        if keyword == "patternProperties":
            return {name: {pattern: sub() for pattern in random.sample(PATTERNS, 2)}}
        if keyword == "items":
            if "2020" not in self.draft and random.random() < 0.5:
                return {name: [sub(), sub()]}
            return {name: sub()}
        if keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
            return {name: [sub() for _ in range(random.randint(1, 3))]}
        if keyword == "if":
            return {name: sub(), "then": sub(), "else": sub()}
        if keyword in ("dependentSchemas", "dependentRequired", "dependencies"):
            is_list = keyword == "dependentRequired" or (
                keyword == "dependencies" and random.random() < 0.5
            )
            return {name: {random.choice(KEYS): random.sample(KEYS, 1) if is_list else sub()}}
        if keyword == "$ref":
            return {name: f"{self.base}#/definitions/{random.choice('PQ')}"}
        if self.is_oldest and keyword not in ("additionalProperties", "additionalItems"):
            return {name: sub()}
        return {name: sub() if random.random() < 0.6 else False}


def value(random: Random, depth: int) -> Any:
    """A value with at most `depth` levels below it."""
    kind = random.random()
    if depth == 0 or kind < 0.4:
        return random.choice(SCALARS)
    if kind < 0.65:
        return [value(random, depth - 1) for _ in range(random.randint(0, 3))]
    return {key: value(random, depth - 1) for key in random.sample(KEYS, random.randint(0, 3))}


def distinct(values: list[Any]) -> list[Any]:
    """`values` without repetitions, as `enum` of the older drafts wants them."""
    found: list[Any] = []
    for item in values:
        if not any(item == other for other in found):
            found.append(item)
    return found


_SIMPLE: list[dict[str, Any]] = [
    {"type": "string"},
    {"type": "string", "pattern": "^\\S+$"},
    {"type": "integer", "minimum": 1},
    {"type": "boolean"},
    {"type": "null"},
    {"const": "a"},
    {"const": True},
    {"enum": [10**20, "a", 1]},
]


def recursive_schema(random: Random) -> dict[str, Any]:
    """A schema of definitions that lead to each other through alternatives, lists and maps."""

    def definition() -> dict[str, Any]:
        others = random.choice(["object", "boolean", "null", "array"])
        made: dict[str, Any] = {"type": list({"object": 0, others: 0})}
        made["properties"] = {key: part(3) for key in random.sample("abcd", random.randint(1, 3))}
        if random.random() < 0.4:
            made["items"] = part(2)
        if random.random() < 0.4:
            made["additionalProperties"] = random.choice([True, False, part(1)])
        return made

    def part(depth: int) -> dict[str, Any]:
        kind = random.randint(0, 9) if depth else 0
        limit = random.choice([{}, {"minItems": 1, "minProperties": 1}, {"maxItems": 5}])
        if kind <= 2:
            leads_back = random.random() < 0.7
            return _ref(random) if leads_back else random.choice(_SIMPLE)
        if kind <= 4:
            types = random.choice(["array", ["array", "null"], ["array", "string"]])
            return {"type": types, "items": part(depth - 1), **limit}
        if kind == 5:
            return {"type": "object", "additionalProperties": part(depth - 1), **limit}
        if kind <= 7:
            branches = [part(depth - 1) for _ in range(random.randint(1, 4))]
            return {random.choice(["anyOf", "oneOf"]): branches}
        if kind == 8:
            items = [part(depth - 1) for _ in range(random.randint(1, 3))]
            return {"type": "array", "prefixItems": items, "items": False, "minItems": 2}
        tag = {"const": random.choice("xyz")}
        properties = {"kind": tag, "z": part(depth - 1)}
        return {"type": "object", "properties": properties, "required": ["kind"]}

    return {
        "type": "object",
        "properties": {key: part(3) for key in "uvw"},
        "$defs": {name: definition() for name in "MNO"},
    }


def _ref(random: Random) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{random.choice('MNO')}"}
