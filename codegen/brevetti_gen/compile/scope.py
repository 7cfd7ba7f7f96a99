"""What a check is made for: a subschema, and as much of the dynamic scope as it can feel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..schema.dialects import subschemas
from ..schema.keywords import ANNOTATIONS
from ..schema.nodes import Node, UnresolvableReference
from ..schema.resolve import Index

#: `$dynamicAnchor` names and what each means here, sorted by name.
Scope = tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Site:
    """A subschema in a dynamic scope, less some of its keywords.

    Two places that reach the same site share its compiled functions. The scope holds only anchors
    that a `$dynamicRef` reachable from the node looks up, so that it is empty for most schemas.
    """

    node: Node
    scope: Scope = ()
    without: frozenset[str] = frozenset()

    def has(self, keyword: str) -> bool:
        """Whether `keyword` counts here."""
        return keyword not in self.without and keyword in self.node.keywords

    def has_any(self, keywords: Iterable[str]) -> bool:
        """Whether at least one of `keywords` counts here."""
        return not (self.node.keywords - self.without).isdisjoint(keywords)

    def get(self, keyword: str) -> Any:
        """The value of `keyword` where it counts, else None."""
        return self.node.get(keyword) if self.has(keyword) else None

    def table(self, keyword: str) -> dict[str, Any]:
        """The members of an object-valued `keyword` by name; none where it does not count."""
        return self.get(keyword) or {}


class Sites:
    """Leads from site to site along references and subschemas."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._felt: dict[Node, frozenset[str]] | None = None

    def enter(self, node: Node) -> Site:
        """`node` as where evaluation starts."""
        return self._site(node, ())

    def is_static(self, node: Node) -> bool:
        """Whether `node` means the same in every dynamic scope."""
        return not self.index.has_dynamic_references or not self._anchors_felt(node)

    def child(self, site: Site, *path: str | int) -> Site:
        """The site of the subschema at `path` below `site`."""
        return self._site(self.index.child(site.node, *path), site.scope)

    def target(self, site: Site, keyword: str) -> Site:
        """Where `$ref`, `$dynamicRef` or `$recursiveRef` leads in this scope."""
        node = site.node
        target = self.index.target(node, keyword)
        if keyword != "$ref" and self.index.has_dynamic_references:
            name = self.index.dynamic_name(node)
            if name is not None:
                target = dict(site.scope).get(name, target)
        return self._site(target, site.scope)

    def _site(self, node: Node, scope: Scope) -> Site:
        if not self.index.has_dynamic_references:
            return Site(node)
        felt = self._anchors_felt(node)
        known = {name: target for name, target in scope if name in felt}
        for name, target in node.resource.dynamic_anchors.items():
            if name in felt:
                known.setdefault(name, target)
        return Site(node, tuple(sorted(known.items(), key=lambda item: item[0])))

    def meaning(self, site: Site) -> Site:
        """What `site` comes down to: a lone `$ref` is its target.

        Raises:
            UnresolvableReference: the reference leads back to itself.
        """
        visited: set[Node] = set()
        while self._is_lone_reference(site):
            if site.node in visited:
                raise UnresolvableReference("$ref leads back to itself", site.node)
            visited.add(site.node)
            site = self.target(site, "$ref")
        return site

    def _is_lone_reference(self, site: Site) -> bool:
        return site.node.keywords - site.without - ANNOTATIONS == frozenset(["$ref"])

    # Which anchors can matter below a node

    def _anchors_felt(self, node: Node) -> frozenset[str]:
        if self._felt is None or node not in self._felt:
            self._felt = self._spread(node)
        return self._felt[node]

    def _spread(self, start: Node) -> dict[Node, frozenset[str]]:
        """For every node that is reachable from `start`: the dynamic names looked up below it."""
        felt = dict(self._felt or {})
        sources: dict[Node, list[Node]] = {}
        names: dict[Node, set[str]] = {}
        queue = [start]
        seen = {start}
        while queue:
            node = queue.pop()
            names.setdefault(node, set())
            name = self.index.dynamic_name(node)
            if name is not None:
                names[node].add(name)
            for neighbour in self._neighbours(node, name):
                sources.setdefault(neighbour, []).append(node)
                if neighbour not in seen:
                    seen.add(neighbour)
                    queue.append(neighbour)
        changed = [node for node in seen if names[node]]
        while changed:
            node = changed.pop()
            for source in sources.get(node, ()):
                if not names[node] <= names[source]:
                    names[source] |= names[node]
                    changed.append(source)
        felt.update((node, frozenset(found)) for node, found in names.items())
        return felt

    def _neighbours(self, node: Node, dynamic_name: str | None) -> Iterator[Node]:
        if not isinstance(node.schema, dict):
            return
        yield from self.index.referred(node)
        if dynamic_name is not None:
            yield from self.index.dynamic_targets(dynamic_name)
        for path, _ in subschemas(node.schema, node.dialect):
            if path[0] not in ("$defs", "definitions"):
                yield self.index.child(node, *path)
