"""Where the classes of other libraries hold secrets, which their own marks say in part only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from ..compile.scopes import DynamicScopes
from ..graphs import walked
from ..json_values import is_array
from ..model.types import Model, Property, SettingsClass, Shape, holds_objects
from ..patterns import translate
from ..schema.nodes import Node

_OTHER_KEYS = ("additionalProperties", "unevaluatedProperties")
#: What holds schemas for parts of a value, but for properties.
_PARTS = (
    *("prefixItems", "items", "additionalItems", "contains", "unevaluatedItems"),
    *("patternProperties", "propertyNames", *_OTHER_KEYS),
)


class SecretPlaces:
    """What the schemas of a model say of secrets."""

    def __init__(self, model: Model) -> None:
        self._shapes = model.shapes
        self._index = model.shapes.index

    @cached_property
    def _hiding(self) -> set[Node]:
        return DynamicScopes(self._index).hiding

    def marks(self, cls: SettingsClass, prop: Property) -> list[Node]:
        """The nodes for which a property is a secret or holds some, those of other classes apart.

        A class hides its own, but does not know what only the class around it says.
        """
        if self._hiding.isdisjoint(cls.shape):
            return []
        index = self._index
        whole = tuple(walked(cls.shape, index.in_place))
        others = [n for n in self._shapes.applying(whole, prop.key) if n not in prop.nodes]
        inner = () if holds_objects(prop.type) else ("properties",)
        found = {**dict.fromkeys(walked(prop.nodes, lambda n: self._inside(n, inner)))}
        found |= dict.fromkeys(walked(others, lambda n: self._inside(n, ("properties",))))
        return [node for node in found if node.is_secret]

    def _inside(self, node: Node, others: tuple[str, ...]) -> Iterator[Node]:
        yield from self._index.in_place(node)
        for keyword in (*_PARTS, *others):
            yield from self._index.parts(node, keyword)

    def schema(self, shape: Shape) -> dict[str, Any]:
        """A JSON Schema that says of secrets what `shape` says, and nothing else."""
        names: dict[Node, str] = {}

        def reference(node: Node) -> dict[str, Any]:
            if node not in self._hiding:
                return {}
            return {"$ref": f"#/$defs/{names.setdefault(node, str(len(names) + 1))}"}

        said = {"allOf": [reference(node) for node in shape if node in self._hiding]}
        definitions: dict[str, Any] = {}
        while len(definitions) < len(names):  # which grow
            node, name = [*names.items()][len(definitions)]
            found = self._said(node, reference)
            definitions[name] = {keyword: value for keyword, value in found if value}
        return {**said, "$defs": definitions}

    def _said(
        self, node: Node, reference: Callable[[Node], dict[str, Any]]
    ) -> Iterator[tuple[str, Any]]:
        """What a node says of secrets, by keyword."""
        index, hiding = self._index, self._hiding
        names = index.parts(node, "propertyNames")
        yield "writeOnly", node.is_secret or any(each.is_secret for each in names)
        in_place = [*index.in_place(node)]
        if (name := index.dynamic_name(node)) is not None:
            in_place += index.dynamic_targets(name)
        yield "allOf", [reference(each) for each in in_place if each in hiding]
        if not hiding.isdisjoint(index.parts(node, "contains")):
            yield "contains", reference(index.child(node, "contains"))
        is_list = is_array(node.keyword("items"))
        first, rest = ("items", "additionalItems") if is_list else ("prefixItems", "items")
        others = [*index.parts(node, rest), *index.parts(node, "unevaluatedItems")]
        others = [each for each in others if each in hiding]
        places = [reference(each) for each in index.parts(node, first)]
        yield "prefixItems", places if others or any(places) else []
        yield "items", {"allOf": [*map(reference, others)]} if others else {}
        yield from self._said_of_keys(node, reference)

    def _said_of_keys(
        self, node: Node, reference: Callable[[Node], dict[str, Any]]
    ) -> Iterator[tuple[str, Any]]:
        index = self._index
        others = [k for k in _OTHER_KEYS if not self._hiding.isdisjoint(index.parts(node, k))]
        yield from ((keyword, reference(index.child(node, keyword))) for keyword in others)
        known = self._shapes.applied((node,)) if others else ()
        keys: dict[str, Any] = {key: {} for each in known for key in each.table("properties")}
        for key in node.table("properties"):
            keys[key] = reference(index.child(node, "properties", key))
        yield "properties", {key: said for key, said in keys.items() if said or others}
        patterns = {
            translate(pattern): reference(index.child(node, "patternProperties", pattern))
            for pattern in node.table("patternProperties")
        }
        yield "patternProperties", {p: said for p, said in patterns.items() if said or others}
