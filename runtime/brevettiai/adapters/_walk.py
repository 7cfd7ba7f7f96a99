"""Walks along a config and the JSON Schema of its class, at once.

Where the schema has alternatives, all of them count: what any of them
knows is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from ..json_values import is_array, is_object
from ..messages.findings import Path
from ._secrets import resolved

#: The schemas that a value at some place may have to fit: alternatives, and parts of `allOf`.
Schemas: TypeAlias = tuple[dict[str, Any], ...]

_DECLARING = ("additionalProperties", "patternProperties")
_MOST_SCHEMAS = 1000


class Walk:
    """The steps that lead through one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.start = self._in_place([document])

    def step(self, schemas: Schemas, step: str | int) -> Schemas:
        """The schemas of a property or an item."""
        return self._in_place(part for schema in schemas for part in _parts(schema, step))

    def at(self, path: Path) -> Schemas:
        """The schemas of the value at a path, () where nothing is known of it."""
        schemas = self.start
        for step in path:
            schemas = self.step(schemas, step)
        return schemas

    def inside(self, schemas: Schemas, value: Any) -> list[tuple[Any, Schemas, Any]]:
        """What an object or a list holds: key or index, schemas, value."""
        parts = value.items() if is_object(value) else enumerate(value) if is_array(value) else ()
        return [(step, self.step(schemas, step), item) for step, item in parts]

    def _in_place(self, found: Iterable[Any]) -> Schemas:
        """Schemas with all that their references and alternatives lead to."""
        reached: dict[int, dict[str, Any]] = {}
        ahead = list(found)
        while ahead and len(reached) < _MOST_SCHEMAS:
            schema = ahead.pop()
            if not is_object(schema) or id(schema) in reached:
                continue
            reached[id(schema)] = schema
            if isinstance(schema.get("$ref"), str):
                ahead.append(resolved(self._document, schema["$ref"]))
            for keyword in ("anyOf", "oneOf", "allOf"):
                branches = schema.get(keyword)
                ahead += branches if is_array(branches) else ()
        return tuple(reached.values())


def _parts(schema: Mapping[str, Any], step: str | int) -> Iterator[Any]:
    """What one schema says of a property or an item."""
    if isinstance(step, int):
        first = schema.get("prefixItems")
        if is_array(first) and step < len(first):
            yield first[step]
        else:
            yield schema.get("items")
        return
    properties = schema.get("properties")
    if is_object(properties) and step in properties:
        yield properties[step]
    else:
        yield schema.get("additionalProperties")


def with_whole_numbers(walk: Walk, schemas: Schemas, value: Any) -> Any:
    """A value in which numbers like `1.0` are `int`s where nothing else is wanted.

    To JSON they are the same; the libraries refuse one where their hints say the other.
    """
    if isinstance(value, float) and value.is_integer() and _are_whole(schemas, value):
        return int(value)
    inner = walk.inside(schemas, value)
    return _with_parts(value, {step: with_whole_numbers(walk, *part) for step, *part in inner})


def _with_parts(value: Any, parts: dict[Any, Any]) -> Any:
    """An object or a list of these parts; any other value as it is."""
    return parts if is_object(value) else list(parts.values()) if is_array(value) else value


def _are_whole(schemas: Schemas, value: float) -> bool:
    """Whether schemas speak of whole numbers, or have this one among their constants."""
    types = [schema.get("type") for schema in schemas]
    kinds = {kind for each in types for kind in (each if is_array(each) else [each])}
    found = [each for each in choices(schemas) if each == value]
    if any(isinstance(each, float) for each in found):
        return False
    return "number" not in kinds and ("integer" in kinds or bool(found))


def known_keys(schemas: Schemas) -> tuple[str, ...]:
    """The keys that an object may have."""
    found = [schema.get("properties") for schema in schemas]
    return tuple(dict.fromkeys(key for each in found if is_object(each) for key in each))


def choices(schemas: Schemas) -> tuple[Any, ...]:
    """The constants that a value may be."""
    found = [
        schema.get("enum", [schema["const"]] if "const" in schema else ()) for schema in schemas
    ]
    return tuple(choice for values in found if is_array(values) for choice in values)


def unknown_keys(
    walk: Walk, schemas: Schemas, value: Any, at: Path = ()
) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """All keys that nothing is known of: their paths, and the keys that are known there."""
    known = known_keys(schemas)
    # Where an alternative takes any object, or says what it does with other keys.
    is_open = not known or any(name in schema for schema in schemas for name in _DECLARING)
    for step, inner, item in walk.inside(schemas, value):
        if step in known or is_open or is_array(value):
            yield from unknown_keys(walk, inner, item, (*at, step))
        else:
            yield (*at, step), known
