"""What a check is made for: a node, and as much of the dynamic scope as it can feel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from brevettiai.compiled import is_one_of

from ..graphs import components, inverted, reached, walked
from ..json_values import is_array
from ..schema.dialects import subschemas
from ..schema.keywords import ANNOTATIONS, DEFINITIONS, DEPENDENCIES
from ..schema.nodes import Node, UnresolvableReference
from ..schema.resolve import Index
from ..schema.verdicts import Multiplied
from ..workbench.lint.ways import multiplying

#: In how many dynamic scopes subschemas may be reached, in the mean; those of the drafts have one.
MAX_SCOPES = 2
#: `$dynamicAnchor` names and what each means here, sorted by name.
DynamicScope = tuple[tuple[str, Node], ...]
_OF_LONE_REFERENCES = ANNOTATIONS | {"$ref"}


@dataclass(frozen=True, eq=False)
class ScopedNode:
    """A node in a dynamic scope, less some of its keywords; `DynamicScopes` has one of each.

    Two ways to one share its compiled functions. The scope holds only anchors
    that a `$dynamicRef` reachable from the node looks up, so that it is empty for most schemas.
    """

    scopes: DynamicScopes = field(repr=False)
    node: Node
    scope: DynamicScope
    without: frozenset[str]

    @cached_property
    def keywords(self) -> frozenset[str]:
        """The keywords that count here."""
        return self.node.keywords - self.without

    @property
    def accepts_all(self) -> bool:
        """Whether it is `true` or `{}`."""
        return self.node.schema is True or self.node.schema == {}

    def has(self, keyword: str) -> bool:
        """Whether `keyword` counts here."""
        return keyword in self.keywords

    def has_any(self, keywords: Iterable[str]) -> bool:
        """Whether at least one of `keywords` counts here."""
        return not self.keywords.isdisjoint(keywords)

    def get(self, keyword: str) -> Any:
        """The value of `keyword` where it counts, else None."""
        return self.node.get(keyword) if keyword in self.keywords else None

    def table(self, keyword: str) -> dict[str, Any]:
        """The members of an object-valued `keyword` by name; none where it does not count."""
        return self.get(keyword) or {}

    @property
    def types(self) -> tuple[str, ...]:
        """The names in `type`, or () where any type will do."""
        types = self.get("type")
        names: list[str] = [types] if isinstance(types, str) else list(types or ())
        return tuple(n for n in dict.fromkeys(names) if n != "integer" or "number" not in names)

    @property
    def required(self) -> list[str]:
        """The names in `required`; a Boolean there is draft 3, which nobody compiles."""
        required = self.get("required")
        return list(dict.fromkeys(required)) if is_array(required) else []

    @property
    def prefix(self) -> tuple[str, int]:
        """The keyword that gives the first items schemas of their own, and for how many."""
        keyword = "prefixItems" if self.has("prefixItems") else "items"
        prefix = self.get(keyword)
        return keyword, len(prefix) if is_array(prefix) else 0

    @property
    def rest(self) -> str | None:
        """The keyword that says what the items after those are, if there is one."""
        rest = "additionalItems" if is_array(self.node.get("items")) else "items"
        return rest if self.has(rest) and self.has("items") else None

    def constants(self, keyword: str) -> list[Any] | None:
        """The values of an `anyOf` or `oneOf` that is an `enum` of constants with titles."""
        values: list[Any] = []
        for child in self.children(keyword):
            value = child.node.get("const")
            is_constant = child.node.keywords - ANNOTATIONS == frozenset(["const"])
            if not is_constant or (keyword == "oneOf" and is_one_of(value, values)):
                return None
            values.append(value)
        return values

    def dependencies(self) -> Iterator[tuple[str, str, list[str] | None]]:
        """What the presence of a property asks for: keyword, name, and the other names it needs.

        The names are None where a subschema says it.
        """
        for keyword in DEPENDENCIES:
            for name, needed in self.table(keyword).items():
                names = [needed] if isinstance(needed, str) else needed
                yield keyword, name, names if is_array(names) else None

    def child(self, *path: str | int) -> ScopedNode:
        """The subschema at `path`."""
        return self.scopes.at(self.scopes.index.child(self.node, *path), self.scope)

    def children(self, keyword: str) -> list[ScopedNode]:
        """The subschemas in a list-valued `keyword`."""
        return [self.child(keyword, position) for position in range(len(self.node.get(keyword)))]

    def target(self, keyword: str) -> ScopedNode:
        """Where `$ref`, `$dynamicRef` or `$recursiveRef` leads in this scope."""
        index = self.scopes.index
        target = index.target(self.node, keyword)
        if keyword != "$ref" and index.has_dynamic_references:
            name = index.dynamic_name(self.node)
            if name is not None:
                target = dict(self.scope).get(name, target)
        return self.scopes.at(target, self.scope)

    def followed(self) -> ScopedNode:
        """What this comes down to: a lone `$ref` is its target.

        Raises:
            UnresolvableReference: the reference leads back to itself.
        """
        scoped, visited = self, set[Node]()
        while scoped.has("$ref") and scoped.keywords <= _OF_LONE_REFERENCES:
            if scoped.node in visited:
                raise UnresolvableReference("$ref leads back to itself", scoped.node)
            visited.add(scoped.node)
            scoped = scoped.target("$ref")
        return scoped


class DynamicScopes:
    """Knows which dynamic anchors matter where."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._known: dict[tuple[Node, DynamicScope, frozenset[str]], ScopedNode] = {}
        self._most = MAX_SCOPES * (len(index.everywhere()) + 500)

    def is_static(self, node: Node) -> bool:
        """Whether `node` means the same in every dynamic scope."""
        return not self.index.has_dynamic_references or not self._felt[node]

    def at(
        self, node: Node, scope: DynamicScope = (), without: frozenset[str] = frozenset()
    ) -> ScopedNode:
        """`node` reached in `scope`, or as where evaluation starts; `without` some keywords."""
        if self.index.has_dynamic_references:
            felt = self._felt[node]
            known = {name: target for name, target in scope if name in felt}
            for name, target in node.resource.dynamic_anchors.items():
                if name in felt:
                    known.setdefault(name, target)
            scope = tuple(sorted(known.items(), key=lambda item: item[0]))
        key = (node, scope, without)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > self._most:
                told = f"more than {self._most:,} pairs of a schema and a dynamic scope"
                raise Multiplied(self.index, node, told)
            found = self._known[key] = ScopedNode(self, node, scope, without)
        return found

    @cached_property
    def often_met(self) -> frozenset[Node]:
        """The nodes whose checks look at one value once only, as so many ways lead on from them."""
        return frozenset(multiplying(self.index))

    @cached_property
    def recurring(self) -> frozenset[Node]:
        """The nodes that a value can come to again inside of itself."""
        graph, component = self._graph, components(self._graph)
        counts = Counter(component.values())
        return frozenset(n for n in graph if counts[component[n]] > 1 or n in graph[n])

    def recurs(self, node: Node) -> bool:
        """Whether `node` leads to nodes that recur."""
        return not self.recurring.isdisjoint(self.below([node]))

    @cached_property
    def hiding(self) -> set[Node]:
        """The nodes that say of values, or parts of them, that they are secret, or lead to such."""
        secret = self.index.secrets
        return reached(secret, inverted(self._graph)) if secret else set()

    def below(self, nodes: Iterable[Node]) -> set[Node]:
        """`nodes`, all schemas inside of them, and what these refer to."""
        return set(walked(nodes, self._neighbours))

    @cached_property
    def _felt(self) -> dict[Node, frozenset[str]]:
        """The dynamic names that are looked up at or below each node."""
        looking: dict[str, list[Node]] = {}
        for node in self._graph:
            if (name := self.index.dynamic_name(node)) is not None:
                looking.setdefault(name, []).append(node)
        felt = dict.fromkeys(self._graph, frozenset[str]())
        sources = inverted(self._graph)
        for name, nodes in looking.items():
            for node in reached(nodes, sources):
                felt[node] |= {name}
        return felt

    @cached_property
    def _graph(self) -> dict[Node, list[Node]]:
        """Where all nodes lead."""
        nodes = walked(self.index.everywhere(), self._neighbours)
        return {node: [*self._neighbours(node)] for node in nodes}

    def _neighbours(self, node: Node) -> Iterator[Node]:
        if not isinstance(node.schema, dict):
            return
        yield from self.index.referred(node)
        if (name := self.index.dynamic_name(node)) is not None:
            yield from self.index.dynamic_targets(name)
        for path, _ in subschemas(node.schema, node.dialect):
            if path[0] not in DEFINITIONS:
                yield self.index.child(node, *path)
