"""Where the classes of other libraries hold secrets, which their own marks say in part only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..graphs import walked
from ..model.types import Model, Property, SettingsClass, Shape, holds_objects
from ..schema.keywords import KEYWORDS
from ..schema.nodes import Node

_OTHER_KEYS = ("additionalProperties", "unevaluatedProperties")
#: What holds schemas for parts of a value, but for properties.
_PARTS = [
    keyword.name
    for keyword in KEYWORDS.values()
    if keyword.holds and keyword.kind != "any" and not keyword.in_place
    if keyword.name != "properties"
]


class SecretPlaces:
    """What the schemas of a model say of secrets."""

    def __init__(self, model: Model) -> None:
        self._shapes = model.shapes
        self._index = model.shapes.index

    def marks(self, cls: SettingsClass, prop: Property) -> list[Node]:
        """The nodes for which a property is a secret or holds some, those of other classes apart.

        A class hides its own, but does not know what only the class around it says.
        """
        if self._shapes.secret_rows.keys().isdisjoint(cls.shape):
            return []
        index = self._index
        whole = tuple(walked(cls.shape, index.in_place))
        others = [n for n in self._shapes.applying(whole, prop.key) if n not in prop.nodes]
        inner = () if holds_objects(prop.type) else ("properties",)
        found = {**dict.fromkeys(walked(prop.nodes, lambda n: self._inside(n, inner)))}
        found |= dict.fromkeys(walked(others, lambda n: self._inside(n, ("properties",))))
        return [node for node in found if node.is_secret]

    def marks_of_others(self, cls: SettingsClass) -> list[Node]:
        """The same of what lies under keys that are no properties."""
        if self._shapes.secret_rows.keys().isdisjoint(cls.shape):
            return []
        whole = walked(cls.shape, self._index.in_place)
        keywords = ("patternProperties", *_OTHER_KEYS)
        parts = [part for n in whole for k in keywords for part in self._index.parts(n, k)]
        found = walked(parts, lambda n: self._inside(n, ("properties",)))
        return [node for node in found if node.is_secret]

    def _inside(self, node: Node, others: tuple[str, ...]) -> Iterator[Node]:
        yield from self._index.in_place(node)
        for keyword in (*_PARTS, *others):
            yield from self._index.parts(node, keyword)

    def schema(self, shape: Shape) -> dict[str, Any]:
        """A JSON Schema that says of secrets what `shape` says, and nothing else."""
        rows, names = self._shapes.secret_rows, dict[Node, str]()

        def reference(node: Node) -> dict[str, Any]:
            if node not in rows:
                return {}
            return {"$ref": f"#/$defs/{names.setdefault(node, str(len(names) + 1))}"}

        said = {"allOf": [reference(node) for node in shape if node in rows]}
        definitions: dict[str, Any] = {}
        while len(definitions) < len(names):  # which grow
            node, name = [*names.items()][len(definitions)]
            found = _said(rows[node], reference)
            definitions[name] = {keyword: value for keyword, value in found if value}
        return {**said, "$defs": definitions}


def _said(
    row: dict[str, Any], reference: Callable[[Node], dict[str, Any]]
) -> Iterator[tuple[str, Any]]:
    """What a row says of secrets, by keyword."""

    def all_of(nodes: Iterable[Node]) -> list[dict[str, Any]]:
        return [*filter(None, map(reference, nodes))]

    yield "writeOnly", row["secret"]
    yield "allOf", all_of(row["may"])
    yield "contains", next(iter(all_of(row["sought"])), None)
    items, places = all_of(row["items"]), [*map(reference, row["prefixItems"])]
    yield "prefixItems", places if items or any(places) else []
    yield "items", {"allOf": items} if items else {}
    _, unevaluated, spared = row["unevaluatedProperties"]
    others = [all_of(nodes) for nodes in (row["additionalProperties"], unevaluated)]
    yield from zip(_OTHER_KEYS, (next(iter(each), None) for each in others), strict=True)
    has_others = any(others)
    keys: dict[str, Any] = {key: {} for key in (spared if has_others else ())}
    keys |= {key: reference(node) for key, node in row["properties"].items()}
    patterns = {each.pattern: reference(node) for each, node in row["patternProperties"].items()}
    for keyword, table in (("properties", keys), ("patternProperties", patterns)):
        yield keyword, {name: said for name, said in table.items() if said or has_others}
