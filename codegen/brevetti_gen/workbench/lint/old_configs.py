"""What schemas say of configs of older versions: old names, removed ones, old values, versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from ...graphs import walked
from ...json_values import is_array, is_object
from ...model.shapes import Shapes
from ...model.types import ClassKey, Model, Property, SettingsClass, Shape
from ...schema.keywords import OLD_NAMES, OLD_VALUES, REMOVED, VERSION
from ...schema.nodes import Node

Keys: TypeAlias = tuple[str, ...]
#: The keys from a root on, each with the class of what is there.
_Way: TypeAlias = tuple[tuple[str, ClassKey], ...]


class Move(NamedTuple):
    """An old place of a property: paths from objects of `owner`, the innermost class around both.

    `owner` is None where that cannot be told; `scale` is what values there are multiplied by.
    """

    owner: ClassKey | None
    old: Keys
    new: Keys
    scale: Any
    node: Node


class OldValues(NamedTuple):
    """Pairs of old and new values of what is at a path in a property, and has to fit a shape.

    In the path None stands for every item of a list, and every entry of a map.
    """

    path: tuple[str | None, ...]
    pairs: tuple[tuple[Any, Any], ...]
    shape: Shape
    node: Node


def growth_of(model: Model) -> dict[ClassKey, tuple[tuple[Any, ...], ...]]:
    """By class, what it reads of such configs, as rows that `brevettiai.config.growing` knows."""
    if not says_anything(model):
        return {}
    moved: dict[ClassKey, list[Move]] = {}
    for move in moves(model):
        if move.owner is not None:
            moved.setdefault(move.owner, []).append(move)
    roots = ((module.root_class, module.root.get(VERSION)) for module in model.modules)
    versions = {cls.key: version for cls, version in roots if cls is not None}
    return {
        cls.key: tuple(_rows(cls, moved.get(cls.key, []), versions.get(cls.key), model))
        for cls in model.classes.values()
    }


def says_anything(model: Model) -> bool:
    """Whether any schema says anything of configs of older versions; few do."""
    return bool(model.shapes.index.saying(OLD_NAMES, REMOVED, OLD_VALUES, VERSION))


def _rows(
    cls: SettingsClass, moved: list[Move], version: Any, model: Model
) -> Iterator[tuple[Any, ...]]:
    if type(version) is int:
        yield "version", version
    seen: set[Keys] = {(prop.key,) for prop in cls.properties}
    # What was in a section goes before the section as a whole.
    for _, old, new, scale, _ in sorted(moved, key=lambda move: -len(move.old)):
        if old not in seen:
            leading = [model.shapes.admitted(prop.shape) for prop in declared(model, cls, old)]
            yield "moved", old, new, scale, sum("object" in kinds for kinds in leading)
        seen.add(old)
    for name, said in removed(model.shapes, cls).items():
        if (name,) not in seen:
            yield "removed", name, said
    for prop in cls.properties:
        for path, pairs, *_ in old_values(model.shapes, prop.nodes) if prop.unconditional else ():
            yield "values", (prop.key, *path), pairs


def declared(model: Model, cls: SettingsClass, keys: Keys) -> list[Property]:
    """The properties that a path from objects of `cls` leads over, as far as it does."""
    found: list[Property] = []
    inner: SettingsClass | None = cls
    for key in keys:
        prop = inner and next((prop for prop in inner.properties if prop.key == key), None)
        if not prop:
            break
        found.append(prop)
        inner = model.settings_class(prop.type)
    return found


# What the keywords say


def moves(model: Model) -> Iterator[Move]:
    """All old places, in the order of the schemas."""
    for module in model.modules:
        ways: dict[ClassKey, list[_Way]] = {}
        for cls in module.classes:
            for prop in (prop for prop in cls.properties if prop.unconditional):
                for node, name, scale in old_names(prop.nodes):
                    yield Move(cls.key, (name,), (prop.key,), scale, node)
                    if "." in name:
                        if not ways and module.root_class is not None:
                            ways = _ways(model, module.root_class.key)
                        old = tuple(name.removeprefix(".").split("."))
                        yield _move(ways.get(cls.key, []), old, prop.key, scale, node)


def old_names(nodes: Iterable[Node]) -> Iterator[tuple[Node, str, Any]]:
    """The old names of a property, each with what says so and what values are multiplied by."""
    for node in nodes:
        given: Any = node.get(OLD_NAMES)
        for entry in given if is_array(given) else [] if given is None else [given]:
            scale = entry.get("scale") if is_object(entry) else None
            yield node, str(entry["name"] if is_object(entry) else entry), scale


def _move(ways: list[_Way], old: Keys, key: str, scale: Any, node: Node) -> Move:
    """A move from a place below the root to the property `key` of a class, the end of `ways`."""
    if len(ways) != 1:
        return Move(None, old, (key,), scale, node)
    new = (*(step for step, _ in ways[0][1:]), key)
    depth = 0
    while depth < min(len(old), len(new)) - 1 and old[depth] == new[depth]:
        depth += 1
    return Move(ways[0][depth][1], old[depth:], new[depth:], scale, node)


def _ways(model: Model, root: ClassKey) -> dict[ClassKey, list[_Way]]:
    """The ways that lead to each class over objects alone, of several ones two."""
    found: dict[ClassKey, list[_Way]] = {}
    ahead: list[_Way] = [(("", root),)]
    for way in ahead:
        ways = found.setdefault(way[-1][1], [])
        if len(ways) < 2:
            ways.append(way)
            for prop in model.classes[way[-1][1]].properties:
                inner = model.settings_class(prop.type) if prop.unconditional else None
                ahead += [(*way, (prop.key, inner.key))] if inner else []
    return found


def removed(shapes: Shapes, cls: SettingsClass) -> dict[str, str]:
    """The names that configs of a class may still have and nobody reads, each with a word."""
    found: dict[str, str] = {}
    for node in shapes.applied(cls.shape):
        given: Any = node.get(REMOVED)
        found |= given if is_object(given) else dict.fromkeys(given or (), "")
    return found


def old_values(
    shapes: Shapes, shape: Shape, path: tuple[str | None, ...] = ()
) -> Iterator[OldValues]:
    """What `x-renamed-values` says of a property, of the items of a list, of entries of a map."""
    inside: list[Node] = []
    for node in walked(shape, shapes.index.in_place):
        given: Any = node.get(OLD_VALUES)
        if given is not None:
            pairs = given.items() if is_object(given) else given
            yield OldValues(path, tuple((old, new) for old, new in pairs), shape, node)
        holding = () if node.table("properties") else ("items", "additionalProperties")
        inside += [part for keyword in holding for part in shapes.index.parts(node, keyword)]
    if inside and len(path) < 8:
        yield from old_values(shapes, tuple(inside), (*path, None))
