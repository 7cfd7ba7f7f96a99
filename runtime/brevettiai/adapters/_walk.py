"""Walks along a config and the JSON Schema of its class, at once.

Where the schema has alternatives, all of them count: what may be a secret is one, and what any of
them knows is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias, cast

from ..errors import path_text
from ..json_values import is_array, is_object
from ..messages.findings import Path
from ..messages.words import near_match
from ._facts import resolved

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


def _is_secret(schemas: Schemas) -> bool:
    return any(
        schema.get("writeOnly") is True or schema.get("format") == "password" for schema in schemas
    )


def is_secret(walk: Walk, path: Path) -> bool:
    """Whether the value at a path may be secret, or in something secret."""
    return any(_is_secret(walk.at(path[:length])) for length in range(len(path) + 1))


def without_secrets(walk: Walk, config: Mapping[str, Any]) -> dict[str, Any]:
    """A config without what may be secret in it, at any depth."""
    return cast("dict[str, Any]", _open_part(walk, walk.start, config))


def _open_part(walk: Walk, schemas: Schemas, value: Any) -> Any:
    if is_object(value):
        inner = {key: walk.step(schemas, key) for key in value}
        return {
            key: _open_part(walk, inner[key], item)
            for key, item in value.items()
            if not _is_secret(inner[key])
        }
    if is_array(value):
        steps = [(walk.step(schemas, index), item) for index, item in enumerate(value)]
        return [_open_part(walk, found, item) for found, item in steps if not _is_secret(found)]
    return value


def with_whole_numbers(walk: Walk, config: Any) -> Any:
    """A config in which numbers like `1.0` are `int`s where nothing else is wanted.

    To JSON they are the same; the libraries refuse one where their hints say the other.
    """
    return _with_whole_numbers(walk, walk.start, config)


def _with_whole_numbers(walk: Walk, schemas: Schemas, value: Any) -> Any:
    if is_object(value):
        steps = [(key, walk.step(schemas, key), item) for key, item in value.items()]
        return {key: _with_whole_numbers(walk, found, item) for key, found, item in steps}
    if is_array(value):
        places = [(walk.step(schemas, index), item) for index, item in enumerate(value)]
        return [_with_whole_numbers(walk, found, item) for found, item in places]
    if isinstance(value, float) and value.is_integer() and _are_whole(schemas, value):
        return int(value)
    return value


def _are_whole(schemas: Schemas, value: float) -> bool:
    """Whether schemas speak of whole numbers, or have this one among their constants."""
    types = [schema.get("type") for schema in schemas]
    kinds = {kind for each in types for kind in (each if is_array(each) else [each])}
    choices = [each for each in _choices(schemas) if each == value]
    if any(isinstance(each, float) for each in choices):
        return False
    return "number" not in kinds and ("integer" in kinds or bool(choices))


def known_keys(walk: Walk, path: Path) -> tuple[str, ...]:
    """The keys that the object at a path may have."""
    return _known(walk.at(path))


def _known(schemas: Schemas) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for schema in schemas:
        properties = schema.get("properties")
        names.update(dict.fromkeys(properties if is_object(properties) else ()))
    return tuple(names)


def choices_at(walk: Walk, path: Path) -> tuple[Any, ...]:
    """The constants that the value at a path may be."""
    return _choices(walk.at(path))


def _choices(schemas: Schemas) -> tuple[Any, ...]:
    choices: list[Any] = []
    for schema in schemas:
        values = schema.get("enum", [schema["const"]] if "const" in schema else ())
        choices += values if is_array(values) else ()
    return tuple(choices)


def unknown_keys(walk: Walk, config: Any) -> list[str]:
    """The places of all keys that nothing is known of, with near matches, for a warning."""
    return list(_unknown(walk, walk.start, config, ()))


def _unknown(walk: Walk, schemas: Schemas, value: Any, at: Path) -> Iterator[str]:
    if is_object(value):
        known = _known(schemas)
        # Where an alternative takes any object, or says what it does with other keys.
        is_open = not known or any(name in schema for schema in schemas for name in _DECLARING)
        for key, item in value.items():
            if key in known or is_open:
                yield from _unknown(walk, walk.step(schemas, key), item, (*at, key))
            else:
                yield path_text((*at, key)) + near_match(key, known)
    elif is_array(value):
        for index, item in enumerate(value):
            yield from _unknown(walk, walk.step(schemas, index), item, (*at, index))
