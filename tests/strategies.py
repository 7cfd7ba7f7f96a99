"""Random settings schemas, and configs to try on them.

`schemas()` draws what people write: nested settings with defaults, limits, unions, maps, lists,
shared definitions that may refer to each other in circles, and keywords that depend on presence.
`configs(schema)` draws JSON that is near the schema: valid, almost valid, or plainly wrong.

Not drawn, because it has no one meaning that is worth a law: references that meet themselves in
place (`{"$ref": "#"}` as a root), and settings classes below `patternProperties`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from reference import valid

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NAMES = ["a", "b", "c", "d", "learning-rate", "class", "x 1", "get_config", "über"]
TEXTS = ["", "a", "ab", "auto", "1", "true", "null", "ü\n"]
PATTERNS = ["^x-", "^a", "b$", "[0-9]"]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.sampled_from([0.0, 1.0, 0.5, -2.5, 1e3, 2**53]),
    st.sampled_from(TEXTS),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from([*NAMES, "x-1", "kind"]), inner, max_size=2),
    ),
    max_leaves=4,
)

Schema = Any
Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def schemas(draw: Draw, depth: int = 2) -> dict[str, Schema]:
    """A document whose root is a settings class, of `depth` levels and a few definitions."""
    definitions = draw(st.lists(st.sampled_from(["A", "B", "big-C"]), max_size=2, unique=True))
    root = _Author(draw, definitions).settings(depth)
    document: dict[str, Schema] = {"$schema": DRAFT, **root}
    if definitions:
        author = _Author(draw, definitions)
        document["$defs"] = {name: author.definition(depth - 1) for name in definitions}
    return document


class _Author:
    """Draws the parts of a schema; `definitions` are the names that references may use."""

    def __init__(self, draw: Draw, definitions: list[str]) -> None:
        self.draw = draw
        self.definitions = definitions
        # A definition must not refer to itself without a property or an item in between.
        self.refers = True

    def often(self) -> bool:
        return self.draw(st.integers(0, 2)) > 0

    def seldom(self) -> bool:
        return self.draw(st.integers(0, 4)) == 4

    # Objects

    def settings(self, depth: int) -> dict[str, Schema]:
        """A settings class: properties, and some of what can stand beside them."""
        names = self.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
        schema: dict[str, Schema] = {"type": "object"} if self.often() else {}
        schema["properties"] = {name: self.property(depth) for name in names}
        extras: list[Callable[[list[str], int], dict[str, Schema]]] = [
            self.required,
            self.closed,
            self.patterns,
            self.dependent,
            self.limits,
            self.composed,
            self.conditions,
        ]
        for extra in self.draw(st.lists(st.sampled_from(extras), max_size=2, unique=True)):
            schema.update(extra(names, depth))
        return schema

    def required(self, names: list[str], depth: int) -> dict[str, Schema]:
        return {"required": self.draw(st.lists(st.sampled_from(names), max_size=1))}

    def closed(self, names: list[str], depth: int) -> dict[str, Schema]:
        extra = self.draw(
            st.sampled_from([False, False, {"type": "integer"}, {"minimum": 2}, None])
        )
        extra = self.property(depth) if extra is None else copy.deepcopy(extra)
        return {"additionalProperties": extra}

    def patterns(self, names: list[str], depth: int) -> dict[str, Schema]:
        value = self.scalar() if self.often() else {}
        return {"patternProperties": {self.draw(st.sampled_from(PATTERNS)): value}}

    def dependent(self, names: list[str], depth: int) -> dict[str, Schema]:
        name, needed = (self.draw(st.sampled_from([*names, "kind"])) for _ in range(2))
        return {"dependentRequired": {name: [needed]}}

    def limits(self, names: list[str], depth: int) -> dict[str, Schema]:
        keyword = self.draw(st.sampled_from(["minProperties", "maxProperties"]))
        return {keyword: self.draw(st.integers(0, 3))}

    def composed(self, names: list[str], depth: int) -> dict[str, Schema]:
        parts: list[Schema] = []
        if self.definitions and self.refers and self.draw(st.booleans()):
            parts.append(self.reference())
        if not parts or self.draw(st.booleans()):
            name = self.draw(st.sampled_from(NAMES))
            parts.append({"properties": {name: self.property(depth - 1)}})
        return {"allOf": parts}

    def conditions(self, names: list[str], depth: int) -> dict[str, Schema]:
        """Alternatives in place, which are conditions of the class."""
        keyword = self.draw(st.sampled_from(["anyOf", "oneOf", "not", "if"]))
        tests = [self.condition(names, depth) for _ in range(self.draw(st.integers(1, 2)))]
        if keyword == "not":
            return {"not": tests[0]}
        if keyword == "if":
            return {"if": tests[0], "then": self.condition(names, depth)}
        return {keyword: tests}

    def condition(self, names: list[str], depth: int) -> Schema:
        name = self.draw(st.sampled_from([*names, "kind"]))
        if self.draw(st.booleans()):
            return {"required": [name]}
        values = [{"not": {}}, {"default": 1}] if depth < 1 else [self.property(depth - 1)]
        return {"properties": {name: self.draw(st.sampled_from(values))}}

    # Properties

    def definition(self, depth: int) -> Schema:
        self.refers = False
        kinds = [self.settings, self.settings, self.union, self.nullable, self.scalar, self.choice]
        return self.draw(st.sampled_from(kinds))(depth)

    def property(self, depth: int) -> Schema:
        """What can stand at a property or an item."""
        refers, self.refers = self.refers, True
        kinds: list[Callable[[int], Schema]] = [self.scalar, self.scalar, self.choice]
        if depth > 0:
            kinds += [self.settings, self.union, self.nullable, self.items, self.mapping]
        if self.definitions:
            kinds += [self.reference, self.reference]
        schema = self.draw(st.sampled_from(kinds))(depth - 1)
        if self.often():
            schema = self.with_default(schema)
        if self.seldom():
            schema = {"title": "T", "description": 'A "text" \\ ü', **schema}
        self.refers = refers
        return True if schema == {} and self.seldom() else schema

    def with_default(self, schema: Schema) -> Schema:
        """`schema` with a default; mostly a valid one, as far as that can be seen here."""
        if "default" in schema:
            return schema
        if self.seldom():
            return {**schema, "default": self.draw(VALUES)}
        # References are open here; what their targets take is often an empty object.
        candidates = [c for c in _near(schema) if "$ref" in str(schema) or valid(schema, c)]
        return (
            {**schema, "default": self.draw(st.sampled_from(candidates))} if candidates else schema
        )

    def scalar(self, depth: int = 0) -> Schema:
        return copy.deepcopy(
            self.draw(
                st.sampled_from(
                    [
                        {"type": "integer"},
                        {"type": "integer", "minimum": 1, "maximum": 10},
                        {"type": "number", "exclusiveMinimum": 0},
                        {"type": "number", "maximum": 5, "multipleOf": 0.5},
                        {"type": "string"},
                        {"type": "string", "minLength": 1, "maxLength": 3},
                        {"type": "string", "pattern": "^[a-z]*$"},
                        {"type": "boolean"},
                        {"type": ["integer", "null"]},
                        {"type": ["string", "number"]},
                        {"not": {"type": "string"}},
                        {},
                    ]
                )
            )
        )

    def choice(self, depth: int) -> Schema:
        values = self.draw(st.lists(SCALARS, min_size=1, max_size=3, unique_by=repr))
        return {"enum": values} if self.draw(st.booleans()) else {"const": values[0]}

    def nullable(self, depth: int) -> Schema:
        return {**self.settings(depth), "type": ["object", "null"]}

    def items(self, depth: int) -> Schema:
        schema: dict[str, Schema] = {"type": "array", "items": self.property(depth)}
        if self.seldom():
            schema["prefixItems"] = [self.property(depth)]
        limits = [{}, {}, {"minItems": 1}, {"maxItems": 2}, {"uniqueItems": True}]
        return {**schema, **self.draw(st.sampled_from(limits))}

    def mapping(self, depth: int) -> Schema:
        return {"type": "object", "additionalProperties": self.property(depth)}

    def union(self, depth: int) -> Schema:
        """Alternatives told apart by a constant, or overlapping, or just of several types."""
        keyword = self.draw(st.sampled_from(["anyOf", "anyOf", "oneOf"]))
        kind = self.draw(st.sampled_from(["tagged", "overlapping", "optional"]))
        first, second = self.settings(depth), self.settings(depth)
        if kind == "tagged":
            for tag, branch in (("first", first), ("second", second)):
                branch["type"] = "object"
                branch["properties"]["kind"] = {"const": tag}
                branch["required"] = ["kind"]
        branches = [first, second]
        if kind == "optional":
            branches = [first, {"type": self.draw(st.sampled_from(["null", "string", "array"]))}]
        if self.definitions and self.refers and self.seldom():
            branches.append(self.reference())
        return {keyword: branches}

    def reference(self, depth: int = 0) -> Schema:
        reference = {"$ref": f"#/$defs/{self.draw(st.sampled_from(self.definitions))}"}
        return {"allOf": [reference]} if self.seldom() else reference


# Configs


def configs(schema: dict[str, Schema]) -> st.SearchStrategy[Any]:
    """JSON objects near `schema`: grown along it, changed in one place, or anything at all."""
    objects = _grown(schema, schema, 3).filter(lambda value: isinstance(value, dict))
    return st.one_of(objects, objects, _changed(objects), st.just({}), VALUES)


@st.composite
def _grown(draw: Draw, schema: Schema, document: Schema, depth: int) -> Any:
    """A value grown along the keywords that say what there can be; limits are left to luck."""
    if not isinstance(schema, dict) or depth < 0:
        return draw(VALUES)
    if "$ref" in schema and draw(st.integers(0, 7)):
        name = schema["$ref"].rpartition("/")[2]
        value = draw(_grown(document["$defs"][name], document, depth - 1))
        return _merged(value, draw(_grown(_without(schema, "$ref"), document, depth)))
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema and "properties" not in schema:
            return draw(_grown(draw(st.sampled_from(schema[keyword])), document, depth))
    if "const" in schema:
        return copy.deepcopy(schema["const"])
    if "enum" in schema:
        return copy.deepcopy(draw(st.sampled_from(schema["enum"])))
    if "default" in schema and not draw(st.integers(0, 3)):
        return copy.deepcopy(schema["default"])
    if schema.keys() & {"properties", "allOf"} or schema.get("type") == "object":
        if "null" in schema.get("type", ()) and draw(st.booleans()):
            return None
        return draw(_grown_object(schema, document, depth))
    if schema.get("type") == "array":
        prefix = [draw(_grown(item, document, depth - 1)) for item in schema.get("prefixItems", ())]
        size = draw(st.integers(0, 2))
        items = [draw(_grown(schema.get("items"), document, depth - 1)) for _ in range(size)]
        return prefix[: draw(st.integers(0, 2))] if prefix and not items else prefix + items
    near = [] if "$ref" in schema else [value for value in _near(schema) if valid(schema, value)]
    return copy.deepcopy(draw(st.sampled_from(near))) if near else draw(VALUES)


@st.composite
def _grown_object(draw: Draw, schema: Schema, document: Schema, depth: int) -> Any:
    value: dict[str, Any] = {}
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        if name in required or draw(st.booleans()):
            value[name] = draw(_grown(inner, document, depth - 1))
    for name in required:
        value.setdefault(name, 1)
    extra = schema.get("additionalProperties", {})
    if extra is not False and not draw(st.integers(0, 2)):
        value[draw(st.sampled_from(["kind", "x-1", "key", "a"]))] = draw(
            _grown(extra, document, depth - 1)
        )
    for part in schema.get("allOf", ()):
        value = _merged(draw(_grown(part, document, depth - 1)), value)
    return value


@st.composite
def _changed(draw: Draw, values: st.SearchStrategy[Any]) -> Any:
    """A value with one place replaced, added or removed."""
    value = copy.deepcopy(draw(values))
    spot = value
    while isinstance(spot, (dict, list)) and spot:
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        key = draw(st.sampled_from(keys))
        if not isinstance(spot[key], (dict, list)) or draw(st.booleans()):
            change = draw(st.sampled_from(["replace", "remove", "add"]))
            if change == "remove":
                del spot[key]
            elif change == "add" and isinstance(spot, dict):
                spot[draw(st.sampled_from(NAMES))] = draw(VALUES)
            else:
                spot[key] = draw(VALUES)
            break
        spot = spot[key]
    return value


def _near(schema: Schema) -> list[Any]:
    """Plain values of which some are likely to be valid under `schema`."""
    values: list[Any] = [1, 2.5, 3.0, "a", "ab", True, None, {}, [], -1, 20, "", [1], {"key": 1}]
    if isinstance(schema, dict):
        values += schema.get("enum", ())
        values += [schema["const"]] if "const" in schema else []
        if "anyOf" in schema or "oneOf" in schema:
            values += [{"kind": "first"}, {"kind": "second"}]
        if "properties" in schema:
            values += [{name: 1} for name in schema["properties"]]
    return values


def _merged(base: Any, over: Any) -> Any:
    return {**base, **over} if isinstance(base, dict) and isinstance(over, dict) else base


def _without(schema: dict[str, Schema], *keywords: str) -> dict[str, Schema]:
    return {key: value for key, value in schema.items() if key not in keywords}
