"""Which absent properties are filled, with what, and which classes must remember what was given.

This is law 3: an absent property gets its default; else, if it is one settings class that `{}`
fits, that class filled in turn; else it stays absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..json_values import is_array, is_object
from ..schema.nodes import Node
from ..schema.verdicts import Judge, TooCostly
from .build import annotated
from .rows import settings_class
from .shapes import ALL_TYPES, Shapes
from .types import (
    AnyType,
    ClassType,
    Fill,
    ListType,
    MapType,
    Module,
    Property,
    SettingsClass,
    Type,
    UnionType,
)

#: The most objects that `from_config({})` may make.
MAX_FILLED_OBJECTS = 10_000
#: Keywords under which filling an object can change nothing.
_INDIFFERENT = frozenset(
    """type properties required additionalProperties patternProperties items prefixItems
    additionalItems minItems maxItems $ref allOf pattern minLength maxLength minimum maximum
    exclusiveMinimum exclusiveMaximum multipleOf""".split()
)


class Filler:
    """Decides the fills of all classes."""

    def __init__(self, modules: Iterable[Module], shapes: Shapes, judge: Judge) -> None:
        self.classes = [cls for module in modules for cls in module.classes]
        self.shapes = shapes
        self.judge = judge
        #: What to tell the schema author: the node, and a sentence.
        self.remarks: list[tuple[Node, str]] = []
        self.errors: list[tuple[Node, str]] = []

    def decide(self) -> None:
        """Set `fill` of every property, and `tracks` and `ambiguous` of every class."""
        candidates = [
            (cls, prop) for cls in self.classes for prop in cls.properties if prop.unconditional
        ]
        self.judge.prepare(
            node for _, prop in candidates if self._is_judged(prop) for node in prop.nodes
        )
        for _, prop in candidates:
            fill = self._fill(prop)
            prop.fill = None if prop.required else fill
        self._break_cycles()
        self._bound_size()
        self._decide_tracking()

    def _is_judged(self, prop: Property) -> bool:
        return self._default(prop) is not None or self._is_one_class(prop)

    def _default(self, prop: Property) -> tuple[Node, Any] | None:
        for node in annotated(self.shapes, prop.nodes):
            if isinstance(node.schema, dict) and "default" in node.schema:
                return node, node.schema["default"]
        return None

    def _fill(self, prop: Property) -> Fill | None:
        default = self._default(prop)
        if default is not None:
            node, value = default
            return Fill(value, True) if self._accepts(prop, node, value) else None
        if self._is_one_class(prop) and self.judge.fits(prop.nodes, {}):
            return Fill({}, False)
        return None

    def _accepts(self, prop: Property, node: Node, value: Any) -> bool:
        try:
            if self.judge.fits(prop.nodes, value):
                return True
        except TooCostly as error:
            reason = f"was not checked, as the pattern {error.pattern} can take forever"
        else:
            reason = "does not fit its own schema"
        self.remarks.append((node, f"the default of {prop.key!r} {reason}; it is not filled in"))
        return False

    def _is_one_class(self, prop: Property) -> bool:
        """Whether values are objects of one class, which no alternative had to bring in."""
        cls = settings_class(prop.type)
        if cls is None or not (cls.is_root or self.shapes.has_properties(prop.shape)):
            return False
        return isinstance(prop.type, ClassType) or self.shapes.admitted(prop.shape) == ALL_TYPES

    # Fills that would never end

    def _break_cycles(self) -> None:
        """Take the fill from every property through which its class can reach itself."""
        edges = {
            cls: [
                (prop, set(self._made(prop.type, prop.fill.value)))
                for prop in cls.properties
                if prop.fill is not None
            ]
            for cls in self.classes
        }
        graph = {
            cls: {target for _, targets in pairs for target in targets}
            for cls, pairs in edges.items()
        }
        component = _components(graph)
        for cls, pairs in edges.items():
            for prop, targets in pairs:
                if any(component[target] == component[cls] for target in targets):
                    prop.fill = None

    def _made(self, kind: Type, value: Any) -> Iterator[SettingsClass]:
        """The classes of which loading `value` makes objects, as far as `value` itself goes."""
        if isinstance(kind, ClassType) and isinstance(value, dict):
            yield kind.cls
            for prop in kind.cls.properties:
                if prop.key in value:
                    yield from self._made(prop.type, value[prop.key])
        elif isinstance(kind, ListType) and is_array(value):
            for index, item in enumerate(value):
                inner = kind.prefix[index] if index < len(kind.prefix) else kind.item
                yield from self._made(inner, item)
        elif isinstance(kind, MapType) and is_object(value):
            for item in value.values():
                yield from self._made(kind.value, item)
        elif isinstance(kind, UnionType):
            for branch in kind.branches:
                if self.judge.fits(branch.shape, value):
                    yield from self._made(branch.type, value)

    def _bound_size(self) -> None:
        """Refuse schemas of which an empty config would be filled with a flood of objects."""
        parts = {
            cls: [
                target
                for prop in cls.properties
                if prop.fill is not None
                for target in self._made(prop.type, prop.fill.value)
            ]
            for cls in self.classes
        }
        sizes: dict[SettingsClass, int] = {}
        for start in self.classes:
            stack = [start]
            while stack:
                missing = [target for target in parts[stack[-1]] if target not in sizes]
                if missing:
                    stack.append(missing[0])
                    continue
                cls = stack.pop()
                sizes[cls] = 1 + sum(sizes[target] for target in parts[cls])
            if sizes[start] > MAX_FILLED_OBJECTS:
                message = f"an empty config would be filled with {sizes[start]:,} objects"
                self.errors.append((start.node, message))

    # Who remembers what was given

    def _decide_tracking(self) -> None:
        """Mark the classes of which the whole config must be tried, and all that is in them."""
        parts = {
            cls: {part for prop in cls.properties for part in _classes_in(prop.type)}
            for cls in self.classes
        }
        wholes: dict[SettingsClass, set[SettingsClass]] = {cls: set() for cls in self.classes}
        for cls, found in parts.items():
            for part in found:
                wholes[part].add(cls)
        for cls in self.classes:
            cls.ambiguous = any(self._is_ambiguous(prop.type) for prop in cls.properties)
            cls.tracks = cls.ambiguous or self._depends_on_presence(cls)
        _spread(wholes, "ambiguous")
        _spread(wholes, "tracks")
        _spread(parts, "tracks")

    def _depends_on_presence(self, cls: SettingsClass) -> bool:
        atoms = self.shapes.atoms(cls.shape)
        if any(not self._is_indifferent(node) for node in atoms):
            return True
        return any(
            not all(map(self._is_indifferent, self._container_atoms(prop.shape, prop.type)))
            for prop in cls.properties
            if any(True for _ in _classes_in(prop.type))
        )

    def _is_indifferent(self, node: Node) -> bool:
        return all(keyword in _INDIFFERENT for keyword in self.shapes.asserting(node))

    def _container_atoms(self, shape: tuple[Node, ...], kind: Type) -> Iterator[Node]:
        """The atoms that see filled objects from outside: of lists, maps and alternatives."""
        if isinstance(kind, ClassType):
            return
        atoms = self.shapes.atoms(shape)
        choices = sum(node.has(keyword) for node in atoms for keyword in ("anyOf", "oneOf"))
        # The one choice that made a union is looked after by `ambiguous`.
        own = {"anyOf", "oneOf"} if choices == 1 and isinstance(kind, UnionType) else set[str]()
        yield from (
            node for node in atoms if not set(self.shapes.asserting(node)) - own <= _INDIFFERENT
        )
        if isinstance(kind, ListType):
            for node in self.shapes.atoms(shape):
                if node.has("items") and isinstance(node.get("items"), dict):
                    items = self.shapes.normal([self.shapes.index.child(node, "items")])
                    yield from self._container_atoms(items, kind.item)
        elif isinstance(kind, MapType):
            for node in self.shapes.atoms(shape):
                if node.has("additionalProperties"):
                    child = self.shapes.index.child(node, "additionalProperties")
                    yield from self._container_atoms(self.shapes.normal([child]), kind.value)

    def _is_ambiguous(self, kind: Type) -> bool:
        """Whether filling an object inside can move it to another branch of a union."""
        if isinstance(kind, ListType):
            return any(map(self._is_ambiguous, (*kind.prefix, kind.item)))
        if isinstance(kind, MapType):
            return self._is_ambiguous(kind.value)
        if not isinstance(kind, UnionType):
            return False
        kinds: dict[str, int] = {}
        for branch in kind.branches:
            if self._is_ambiguous(branch.type):
                return True
            if isinstance(branch.type, (ClassType, MapType, ListType, AnyType)):
                group = "array" if isinstance(branch.type, ListType) else "object"
                kinds[group] = kinds.get(group, 0) + 1
        if kind.tag is not None:
            kinds["object"] = 1
        return any(count > 1 for count in kinds.values())


def _spread(graph: dict[SettingsClass, set[SettingsClass]], flag: str) -> None:
    """Set `flag` wherever the graph leads from the classes that have it."""
    stack = [cls for cls in graph if getattr(cls, flag)]
    while stack:
        for other in graph[stack.pop()]:
            if not getattr(other, flag):
                setattr(other, flag, True)
                stack.append(other)


def _classes_in(kind: Type) -> Iterator[SettingsClass]:
    """The classes of which values of a type can hold objects."""
    if isinstance(kind, ClassType):
        yield kind.cls
    elif isinstance(kind, ListType):
        for item in (*kind.prefix, kind.item):
            yield from _classes_in(item)
    elif isinstance(kind, MapType):
        yield from _classes_in(kind.value)
    elif isinstance(kind, UnionType):
        for branch in kind.branches:
            yield from _classes_in(branch.type)


def _components(graph: dict[SettingsClass, set[SettingsClass]]) -> dict[SettingsClass, int]:
    """The number of the strongly connected component that each class is in."""
    order: list[SettingsClass] = []
    seen: set[SettingsClass] = set()
    for start in graph:
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(graph[start]))]
        while stack:
            cls, targets = stack[-1]
            following = next((target for target in targets if target not in seen), None)
            if following is None:
                order.append(cls)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(graph[following])))
    reverse: dict[SettingsClass, list[SettingsClass]] = {cls: [] for cls in graph}
    for cls, found in graph.items():
        for target in found:
            reverse[target].append(cls)
    component: dict[SettingsClass, int] = {}
    for number, start in enumerate(reversed(order)):
        members = [start]
        while members:
            cls = members.pop()
            if cls not in component:
                component[cls] = number
                members += reverse[cls]
    return component
