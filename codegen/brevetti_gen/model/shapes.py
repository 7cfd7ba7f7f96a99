"""What a conjunction of schemas says about values: kinds of values, properties, alternatives.

Answers err on the side of admitting too much, so that no type hint promises more than the checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from ..json_values import is_array
from ..patterns import translate
from ..schema.keywords import ANNOTATIONS, LEADING, REFERENCES, SHAPING
from ..schema.nodes import Node
from ..schema.resolve import Index
from .types import JSON_TYPES, Shape

#: Of longer tuples the items behind these are taken to be alike.
_MAX_PREFIX = 64
ALL_TYPES = frozenset(JSON_TYPES)
#: What gives objects, arrays or their parts a structure of their own.
_STRUCTURE = SHAPING | {"required"} | {"$ref", "allOf"}
#: What refuses no value; whether formats do is of no matter for types.
_SILENT = ANNOTATIONS | {"format"}


class Alternatives(NamedTuple):
    """An `anyOf` or `oneOf` and its branches."""

    node: Node
    keyword: str
    branches: tuple[Shape, ...]


class Declared(NamedTuple):
    """A property that a shape declares, with everything that applies to its value."""

    key: str
    nodes: Shape


class Shapes:
    """Answers about shapes, remembered."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._admitted: dict[Node, frozenset[str]] = {}
        self._applied: dict[Shape, tuple[Node, ...]] = {}
        self._patterns: dict[str, Callable[[str], Any]] = {}

    # Normal forms

    def normal(self, nodes: Iterable[Node]) -> Shape:
        """`nodes` without what adds nothing, lone references replaced by their targets."""
        found: dict[Node, None] = {}
        for node in nodes:
            found.update(dict.fromkeys(self._followed(node)))
        return tuple(found)

    def _followed(self, node: Node) -> list[Node]:
        visited: set[Node] = set()
        while node not in visited:
            visited.add(node)
            asserting = self.asserting(node)
            if not asserting:
                return []
            if asserting == ["$ref"]:
                node = self.index.target(node)
            elif asserting == ["allOf"] and len(node.get("allOf")) == 1:
                node = self.index.child(node, "allOf", 0)
            else:
                break
        return [node]

    def asserting(self, node: Node) -> list[str]:
        """The keywords of `node` that can refuse a value."""
        if isinstance(node.schema, bool):
            return [] if node.schema else ["not"]
        return [keyword for keyword in node.schema if keyword not in _SILENT and node.has(keyword)]

    def is_structural(self, node: Node) -> bool:
        """Whether `node` itself, its alternatives apart, shapes objects or arrays."""
        return not _STRUCTURE.isdisjoint(self.asserting(node))

    def applied(self, shape: Shape) -> tuple[Node, ...]:
        """All nodes that apply unconditionally, through `$ref` and `allOf`, in document order."""
        if shape not in self._applied:
            found: dict[Node, None] = {}
            visited: set[Node] = set()
            for node in shape:
                self._collect(node, found, visited)
            self._applied[shape] = tuple(found)
        return self._applied[shape]

    def _collect(self, node: Node, found: dict[Node, None], visited: set[Node]) -> None:
        if node in visited:
            return
        visited.add(node)
        for keyword in self.asserting(node):
            if keyword == "properties":
                found[node] = None
            elif keyword in REFERENCES:
                if keyword == "$ref" or self.index.dynamic_name(node) is None:
                    self._collect(self.index.target(node, keyword), found, visited)
            elif keyword == "allOf":
                for part in self.index.parts(node, keyword):
                    self._collect(part, found, visited)
        found[node] = None

    # Kinds of values

    def admitted(self, shape: Iterable[Node]) -> frozenset[str]:
        """The JSON types that values of `shape` may have."""
        types = ALL_TYPES
        for node in shape:
            types &= self._admitted_by(node)
        return types

    def _admitted_by(self, node: Node) -> frozenset[str]:
        if isinstance(node.schema, bool):
            return ALL_TYPES if node.schema else frozenset()
        if node not in self._admitted:
            self._admitted[node] = ALL_TYPES  # for schemas that contain themselves
            self._admitted[node] = self._compute_admitted(node)
        return self._admitted[node]

    def _compute_admitted(self, node: Node) -> frozenset[str]:
        types = self.declared_types(node)
        if node.keywords.isdisjoint(LEADING):
            return types
        for keyword in node.keywords.intersection(REFERENCES):
            if self.index.dynamic_name(node) is None:
                types &= self._admitted_by(self.index.target(node, keyword))
        for part in self.index.parts(node, "allOf"):
            types &= self._admitted_by(part)
        for keyword in ("anyOf", "oneOf"):
            if node.has(keyword):
                branches = map(self._admitted_by, self.index.parts(node, keyword))
                types &= frozenset[str]().union(*branches)
        return types

    def declared_types(self, node: Node) -> frozenset[str]:
        """The JSON types that `type`, `const` and `enum` of `node` itself admit."""
        types = ALL_TYPES
        if node.has("type"):
            declared = node.get("type")
            names = {declared} if isinstance(declared, str) else set(declared)
            types &= names | {"integer"} if "number" in names else names
        if node.has("const"):
            types &= {json_type(node.get("const"))}
        if node.has("enum"):
            types &= {json_type(value) for value in node.get("enum")}
        return types

    def constants(self, shape: Shape) -> list[Any] | None:
        """The values of the first `const` or `enum` that the other types admit, or None."""
        for node in self.applied(shape):
            for keyword in ("const", "enum"):
                if node.has(keyword):
                    values = [node.get("const")] if keyword == "const" else node.get("enum")
                    admitted = self.admitted(shape)
                    return [value for value in values if json_type(value) in admitted]
        return None

    # Alternatives

    def alternatives(self, shape: Shape) -> Iterator[Alternatives]:
        """The `anyOf`s and `oneOf`s of `shape` of which no branch was taken into it yet."""
        members = set(shape)
        for node in self.applied(shape):
            for keyword in ("oneOf", "anyOf"):
                if node.has(keyword):
                    parts = self.index.parts(node, keyword)
                    branches = tuple(self.normal([part]) for part in parts)
                    if not any(branch and members.issuperset(branch) for branch in branches):
                        yield Alternatives(node, keyword, branches)

    # Objects

    def declared(self, shape: Shape) -> list[Declared]:
        """The properties that `shape` declares unconditionally, in document order."""
        applied = self.applied(shape)
        declaring: dict[str, list[Node]] = {}
        for node in applied:
            for key in node.keyword("properties") or ():
                declaring.setdefault(key, []).append(self.index.child(node, "properties", key))
        open_ones = [
            node
            for node in applied
            if node.has("patternProperties") or node.has("additionalProperties")
        ]
        return [
            Declared(key, (*nodes, *self._applied_to_others(open_ones, key)))
            for key, nodes in declaring.items()
        ]

    def applying(self, applied: Iterable[Node], key: str) -> Shape:
        """The nodes that `applied` apply to the property `key`, those first that declare it."""
        applied = tuple(applied)
        declaring = [
            self.index.child(node, "properties", key)
            for node in applied
            if node.has("properties") and key in node.get("properties")
        ]
        return (*declaring, *self._applied_to_others(applied, key))

    def _applied_to_others(self, applied: Iterable[Node], key: str) -> Iterator[Node]:
        """What `patternProperties` and `additionalProperties` apply to the property `key`."""
        for node in applied:
            known = node.has("properties") and key in node.get("properties")
            for pattern in node.keyword("patternProperties") or ():
                if self.pattern_matches(pattern, key):
                    yield self.index.child(node, "patternProperties", pattern)
                    known = True
            if not known and node.has("additionalProperties"):
                yield self.index.child(node, "additionalProperties")

    def conditional(self, shape: Shape) -> list[Declared | str]:
        """Properties that only some branch of `shape` declares.

        A `Declared` for each one that every branch of one choice declares, with the nodes of the
        branches as *alternatives*; the bare key where nothing is certain of its value.
        """
        certain = {declared.key for declared in self.declared(shape)}
        found: dict[str, Declared | str] = {}
        for alternatives in self._conditions(shape):
            tables = [
                {declared.key: declared for declared in self._everything(branch)}
                for branch in alternatives
            ]
            for table in tables:
                for key in table:
                    if key in certain or key in found:
                        continue
                    if len(tables) > 1 and all(key in other for other in tables):
                        nodes = tuple(node for other in tables for node in other[key].nodes[:1])
                        found[key] = Declared(key, nodes)
                    else:
                        found[key] = key
        return list(found.values())

    def _conditions(self, shape: Shape) -> Iterator[list[Shape]]:
        """For each conditional keyword of `shape` the branches, one of which must apply."""
        for choice in self.alternatives(shape):
            yield list(choice.branches)
        for node in self.applied(shape):
            if node.has("if"):
                for keyword in ("then", "else"):
                    yield from ([self.normal([part])] for part in self.index.parts(node, keyword))
                yield [self.normal(self.index.parts(node, "if"))]
            for keyword in ("dependentSchemas", "dependencies"):
                for key, value in node.table(keyword).items():
                    if isinstance(value, dict):
                        yield [self.normal([self.index.child(node, keyword, key)])]

    def _everything(self, shape: Shape, depth: int = 0) -> list[Declared]:
        """What `shape` declares anywhere in place, conditions included."""
        found = {declared.key: declared for declared in self.declared(shape)}
        if depth < 8:
            for alternatives in self._conditions(shape):
                for branch in alternatives:
                    for declared in self._everything(branch, depth + 1):
                        found.setdefault(declared.key, declared)
        return list(found.values())

    def has_properties(self, shape: Shape) -> bool:
        return any(
            node.has("properties") and node.get("properties") for node in self.applied(shape)
        )

    def required(self, shape: Shape) -> frozenset[str]:
        """The names that must be present, as far as they are required unconditionally."""
        return frozenset(
            name
            for node in self.applied(shape)
            if isinstance(node.keyword("required"), list)
            for name in node.get("required")
        )

    # Containers

    def map_values(self, shape: Shape) -> list[Shape]:
        """What values of a map may be: by patterns of keys, and under all other keys.

        Nothing where keys are not all declared, as then values can be anything.
        """
        nodes = self.applied(shape)
        extra = [
            self.index.child(node, "additionalProperties")
            for node in nodes
            if node.has("additionalProperties")
        ]
        if not extra:
            return []
        values = [
            self.normal([self.index.child(node, "patternProperties", pattern)])
            for node in nodes
            for pattern in node.keyword("patternProperties") or ()
        ]
        if any(node.schema is not False for node in extra):
            values.append(self.normal(extra))
        return list(dict.fromkeys(values))

    def items(self, nodes: Iterable[Node]) -> list[list[Node]]:
        """The nodes that apply to the first items of a list, and last to all others.

        `nodes` are those that apply to the list.
        """
        found: list[list[Node]] = [[]]
        for node in nodes:
            keyword, rest = "prefixItems", "items"
            if node.dialect.array_items:
                keyword, rest = "items", "additionalItems"
            prefix = node.keyword(keyword)
            if not is_array(prefix):
                prefix, rest = [], "items"
            others = [self.index.child(node, rest)] if node.has(rest) else []
            for _ in range(len(found), min(len(prefix), _MAX_PREFIX) + 1):
                found.insert(-1, list(found[-1]))
            for position, place in enumerate(found):
                is_first = position < len(prefix)
                place += [self.index.child(node, keyword, position)] if is_first else others
        return found

    def pattern_matches(self, pattern: str, key: str) -> bool:
        search = self._patterns.get(pattern)
        if search is None:
            search = self._patterns[pattern] = re.compile(translate(pattern)).search
        return search(key) is not None


def json_type(value: Any) -> str:
    """The JSON type of a value; `1.0` is an integer."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
