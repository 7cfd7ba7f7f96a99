"""What a conjunction of schemas says about values: kinds of values, properties, alternatives.

Answers err on the side of admitting too much, so that no type hint promises more than the checks.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from brevettiai.messages.secrets import NONE, Secrets

from ..json_values import is_array, json_type
from ..patterns import found_in
from ..schema.keywords import ANNOTATIONS, LEADING, REFERENCES, SHAPING
from ..schema.nodes import Node
from ..schema.resolve import Index
from .secrets import secret_places
from .types import KINDS, Shape

#: Of longer tuples the items behind these are taken to be alike.
_MAX_PREFIX = 64
ALL_TYPES = frozenset(KINDS)
#: What gives objects, arrays or their parts a structure of their own, or text another type.
_STRUCTURE = SHAPING | {"required", "x-python-type"} | {"$ref", "allOf"}
#: What refuses no value; whether formats do is of no matter for types.
_SILENT = ANNOTATIONS | {"format"}


class Alternatives(NamedTuple):
    """An `anyOf` or `oneOf` and its branches."""

    node: Node
    keyword: str
    branches: tuple[Shape, ...]


class Shapes:
    """Answers about shapes, remembered."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._admitted: dict[Node, frozenset[str]] = {}
        self._applied: dict[Shape, tuple[Node, ...]] = {}
        self._choices_of: dict[Node, list[Alternatives]] = {}
        self._possibles: dict[tuple[Shape, str], dict[Node, Shape]] = {}
        self._known_keys: dict[Shape, dict[str, None]] = {}
        #: The choices of shapes, as `model.fields` has found them.
        self.choices: dict[Shape, tuple[tuple[Any, ...], tuple[str | None, ...]]] = {}

    def secrets(self, nodes: Iterable[Node]) -> Secrets:
        """Where secrets lie in values to which `nodes` apply, by all that these say."""
        places = self._secret_places
        return Secrets([places[node] for node in nodes]) if places else NONE

    @cached_property
    def _secret_places(self) -> dict[Node, Any]:
        return secret_places(self.index, self.applied) if self.index.secrets else {}

    @cached_property
    def secret_rows(self) -> dict[Node, dict[str, Any]]:
        """What each schema says of secrets that says anything of them, or leads to what does."""
        return {node: place.row for node, place in self._secret_places.items() if place.holds}

    # Normal forms

    def normal(self, nodes: Iterable[Node]) -> Shape:
        """`nodes` without what adds nothing, lone references replaced by their targets."""
        return tuple(dict.fromkeys(filter(None, map(self._followed, nodes))))

    def _followed(self, node: Node) -> Node | None:
        visited: set[Node] = set()
        while node not in visited:
            asserting = self.asserting(node)
            if not asserting:
                return None
            visited.add(node)
            if asserting == ["$ref"]:
                node = self.index.target(node)
            elif asserting == ["allOf"] and len(node.get("allOf")) == 1:
                node = self.index.child(node, "allOf", 0)
            else:
                break
        return node

    def asserting(self, node: Node) -> list[str]:
        """The keywords of `node` that can refuse a value."""
        if isinstance(node.schema, bool):
            return [] if node.schema else ["not"]
        counting = node.keywords - _SILENT
        return [keyword for keyword in node.schema if keyword in counting]

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
        types, keywords = ALL_TYPES, node.keywords
        if "type" in keywords:
            declared = node.get("type")
            names = {declared} if isinstance(declared, str) else set(declared)
            types &= names | {"integer"} if "number" in names else names
        if "const" in keywords:
            types &= {json_type(node.get("const"))}
        if "enum" in keywords:
            types &= {json_type(value) for value in node.get("enum")}
        return types

    def python_type(self, shape: Shape) -> str:
        """What texts are loaded as; "" for what they are."""
        names = (node.keyword("x-python-type") for node in self.applied(shape))
        return next((str(name) for name in names if name), "")

    def constants(self, shape: Shape) -> list[Any] | None:
        """The values of the first `const` or `enum` that the other types admit, or None."""
        for node in self.applied(shape):
            values = [node.get("const")] if node.has("const") else node.keyword("enum")
            if values is not None:
                admitted = self.admitted(shape)
                return [value for value in values if json_type(value) in admitted]
        return None

    # Alternatives

    def alternatives(self, shape: Shape) -> Iterator[Alternatives]:
        """The `anyOf`s and `oneOf`s of `shape` of which no branch was taken into it yet."""
        members = set(shape)
        for node in self.applied(shape):
            if node not in self._choices_of:
                found = {k: self.index.parts(node, k) for k in ("oneOf", "anyOf") if node.has(k)}
                self._choices_of[node] = [
                    Alternatives(node, keyword, tuple(self.normal([part]) for part in parts))
                    for keyword, parts in found.items()
                ]
            for choice in self._choices_of[node]:
                if not any(branch and members.issuperset(branch) for branch in choice.branches):
                    yield choice

    def beside_null(self, shape: Shape) -> Shape:
        """`shape` with what applies to its values but null: the only branches that have any."""
        for choice in self.alternatives(shape):
            possible = self.admitted(shape) - {"null"}
            others = [branch for branch in choice.branches if self.admitted(branch) & possible]
            if len(others) == 1 and others[0]:
                return self.beside_null(tuple(dict.fromkeys((*shape, *others[0]))))
        return shape

    # Objects

    def declared(self, shape: Shape) -> dict[str, Shape]:
        """The properties that `shape` declares unconditionally, in document order.

        With each one come all nodes that apply to its value.
        """
        applied = self.applied(shape)
        found: dict[str, list[Node]] = {}
        for node in applied:
            for key in node.table("properties"):
                found.setdefault(key, []).append(self.index.child(node, "properties", key))
        others = ("patternProperties", "additionalProperties")
        open_ones = [node for node in applied if not node.keywords.isdisjoint(others)]
        return {key: (*own, *self._applied_to_others(open_ones, key)) for key, own in found.items()}

    def applying(self, shape: Shape, key: str) -> Shape:
        """The nodes that `shape` applies to the property `key`, those first that declare it."""
        applied = self.applied(shape)
        declaring = (node for node in applied if key in node.table("properties"))
        own = (self.index.child(node, "properties", key) for node in declaring)
        return (*own, *self._applied_to_others(applied, key))

    def _applied_to_others(self, applied: Iterable[Node], key: str) -> Iterator[Node]:
        """What `patternProperties` and `additionalProperties` apply to the property `key`."""
        for node in applied:
            table = node.table("patternProperties")
            matching = [pattern for pattern in table if found_in(pattern, key)]
            for pattern in matching:
                yield self.index.child(node, "patternProperties", pattern)
            if not matching and key not in node.table("properties"):
                yield from self.index.parts(node, "additionalProperties")

    def conditional(self, shape: Shape) -> dict[str, dict[Node, Shape]]:
        """Properties that only some branch of `shape` declares.

        With each one come the nodes of which one has to apply to its value, as *alternatives*,
        nothing where there need be none; and with each node the branches that have it.
        """
        certain = self.declared(shape)
        keys = (key for branch in self._conditions(shape) for key in self._keys(branch))
        return {k: self._possible(shape, k) for k in dict.fromkeys(keys) if k not in certain}

    def _possible(self, shape: Shape, key: str) -> dict[Node, Shape]:
        """The nodes of which one has to apply to the property `key`, none where that is so."""
        if (shape, key) not in self._possibles:
            self._possibles[shape, key] = {}  # for schemas that contain themselves
            certain: dict[Node, Shape] = dict.fromkeys(self.declared(shape).get(key, ())[:1], ())
            self._possibles[shape, key] = certain or next(
                filter(None, (self._in_each(choice, key) for choice in self._choices(shape))),
                certain,
            )
        return self._possibles[shape, key]

    def _in_each(self, branches: Iterable[Shape], key: str) -> dict[Node, Shape]:
        """The same of what is one of `branches`: the nodes of all, if each has some."""
        found: dict[Node, Shape] = {}
        for branch in branches:
            possible = self._possible(branch, key)
            if not possible:
                return {}
            for node, inner in possible.items():
                found.setdefault(node, (*branch, *inner))
        return found

    def _choices(self, shape: Shape) -> Iterator[Sequence[Shape]]:
        """The branches of which at least one applies, for each keyword that has such ones."""
        for choice in self.alternatives(shape):
            yield choice.branches
        for node in self.applied(shape):
            if node.has("if") and node.has("else"):
                first = [*self.index.parts(node, "if"), *self.index.parts(node, "then")]
                yield self.normal(first), self.normal(self.index.parts(node, "else"))

    def _conditions(self, shape: Shape) -> Iterator[Shape]:
        """All that may apply to `shape` in place, in the order in which keys are told."""
        for choice in self.alternatives(shape):
            yield from choice.branches
        for node in self.applied(shape):
            keywords = ("then", "else", "if") if node.has("if") else ()
            for keyword in (*keywords, "dependentSchemas", "dependencies"):
                yield from (self.normal([part]) for part in self.index.parts(node, keyword))

    def _keys(self, shape: Shape) -> Iterable[str]:
        """What `shape` declares anywhere in place, conditions included."""
        if shape not in self._known_keys:
            found = self._known_keys[shape] = dict.fromkeys(self.declared(shape))
            for branch in self._conditions(shape):
                found.update(dict.fromkeys(self._keys(branch)))
        return tuple(self._known_keys[shape])

    def has_properties(self, shape: Shape) -> bool:
        return any(node.table("properties") for node in self.applied(shape))

    def required(self, shape: Shape) -> frozenset[str]:
        """The names that must be present, as far as they are required unconditionally."""
        return frozenset(key for n in self.applied(shape) for key in n.keyword("required") or ())

    def tags(self, shape: Shape, key: str) -> tuple[str, ...]:
        """The constants that a required property must be one of, if they are all texts."""
        if key not in self.required(shape):
            return ()
        values = self.constants(self.normal(self.applying(shape, key))) or []
        return tuple(values) if all(isinstance(value, str) for value in values) else ()

    # Containers

    def parts(self, shape: Shape, keyword: str) -> list[Node]:
        """The schemas that what applies to `shape` has under `keyword`."""
        return [part for node in self.applied(shape) for part in self.index.parts(node, keyword)]

    def map_values(self, shape: Shape) -> list[Shape]:
        """What values of a map may be: by patterns of keys, and under all other keys.

        Nothing where keys are not all declared, as then values can be anything.
        """
        extra = self.parts(shape, "additionalProperties")
        if not extra:
            return []
        values = [self.normal([part]) for part in self.parts(shape, "patternProperties")]
        if any(node.schema is not False for node in extra):
            values.append(self.normal(extra))
        return list(dict.fromkeys(values))

    def lengths(self, nodes: Iterable[Node]) -> tuple[int, int | None]:
        """The fewest and the most items of a list to which `nodes` apply; None for no end."""
        found = {
            keyword: [int(n.get(keyword)) for n in nodes if n.keyword(keyword) is not None]
            for keyword in ("minItems", "maxItems")
        }
        return max(found["minItems"], default=0), min(found["maxItems"], default=None)

    def items(self, nodes: Iterable[Node]) -> list[list[Node]]:
        """The nodes that apply to the first items of a list, and last to all others.

        `nodes` are those that apply to the list.
        """
        found: list[list[Node]] = [[]]
        for node in nodes:
            keyword, rest = "prefixItems", "items"
            if is_array(node.keyword("items")):
                keyword, rest = "items", "additionalItems"
            prefix = self.index.parts(node, keyword)
            others = self.index.parts(node, rest)
            for _ in range(len(found), min(len(prefix), _MAX_PREFIX) + 1):
                found.insert(-1, list(found[-1]))
            for position, place in enumerate(found):
                place += [prefix[position]] if position < len(prefix) else others
        return found


def annotated(shapes: Shapes, nodes: Iterable[Node]) -> Iterator[Node]:
    """The nodes whose annotations count for a place, nearest first: beside a `$ref`, its target."""
    stack, visited = list(nodes)[::-1], set[Node]()
    while stack:
        node = stack.pop()
        if node in visited or isinstance(node.schema, bool):
            continue
        visited.add(node)
        yield node
        if "allOf" in node.keywords:
            stack += reversed(shapes.index.parts(node, "allOf"))
        if "$ref" in node.keywords:
            stack.append(shapes.index.target(node))


def matches(patterns: Iterable[str], key: str) -> bool:
    """Whether a key matches one of `patterns`."""
    return any(found_in(pattern, key) for pattern in patterns)


def told(types: Container[str]) -> list[str]:
    """JSON types as they are told, `integer` only where no other number comes."""
    return [k for k in KINDS if k in types and not (k == "integer" and "number" in types)]
