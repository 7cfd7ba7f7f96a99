"""A schema that all given configs fit: `genson` says what is there, we say what it may mean."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from brevettiai.config.json_text import json_text

from ....json_values import is_array, is_object
from ....problems import Problem
from ..secret_names import is_secret_name, looks_secret
from .configs import Config
from .suggestions import suggestions

#: Keys of an object from which it can be a map, in one config or several.
_MANY = 4


class _Sample(NamedTuple):
    """A value in one of the configs, and its path there."""

    config: Config
    path: tuple[str | int, ...]
    value: Any

    def inside(self, step: str | int) -> _Sample:
        return _Sample(self.config, (*self.path, step), self.value[step])


class Inferred(NamedTuple):
    """A schema, and what is to be said about it."""

    schema: dict[str, Any]
    remarks: list[Problem]


def inferred(configs: Sequence[Config], *, suggest: bool = False) -> Inferred:
    """The schema that configs have in common; what is only likely is told, or stands in it too.

    Args:
        suggest: write into the schema what is likely: defaults, choices, limits, formats.
    """
    inference = _Inference(suggest)
    samples = [_Sample(config, (), config.value) for config in configs]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **inference.node(_basis(samples), samples, "", is_root=True),
    }
    if inference.has_more:
        told = "--suggest writes into the schema what may be meant"
        inference.remarks.append(Problem(told, severity="note", code="suggestion"))
    return Inferred(schema, inference.remarks)


def _basis(samples: Iterable[_Sample]) -> dict[str, Any]:
    """What `genson` says of values."""
    # Here, as only this command needs it.
    from genson import SchemaBuilder  # pyright: ignore[reportMissingTypeStubs]

    make: Any = SchemaBuilder
    builder = make(schema_uri=None)
    for sample in samples:
        builder.add_object(sample.value)
    schema: dict[str, Any] = builder.to_schema()
    return schema


class _Inference:
    def __init__(self, suggest: bool) -> None:
        self.suggest = suggest
        self.remarks: list[Problem] = []
        #: Whether something is told that could stand in the schema.
        self.has_more = False

    def node(
        self,
        basis: Mapping[str, Any],
        samples: Sequence[_Sample],
        name: str,
        *,
        is_secret: bool = False,
        is_root: bool = False,
    ) -> dict[str, Any]:
        """The schema of values, of which `basis` says the types."""
        if "anyOf" in basis:
            parts = [
                self.node(part, [s for s in samples if _is_of(s, part)], name, is_secret=is_secret)
                for part in basis["anyOf"]
            ]
            return {"anyOf": parts}
        kind = basis.get("type")
        if kind == "object":
            return self._object(basis, samples, name, is_secret, is_root)
        mark = {"writeOnly": True} if is_secret else {}
        if kind == "array":
            items = [
                sample.inside(index) for sample in samples for index in range(len(sample.value))
            ]
            name = f"{name}[]"
            inner = self.node(basis["items"], items, name, is_secret=is_secret) if items else {}
            return {"type": "array", **({"items": inner} if inner else {}), **mark}
        if is_array(kind):
            return {"type": sorted(kind, key=lambda each: each == "null"), **mark}
        return {**basis, **mark}

    def _object(
        self,
        basis: Mapping[str, Any],
        samples: Sequence[_Sample],
        name: str,
        is_secret: bool,
        is_root: bool,
    ) -> dict[str, Any]:
        properties: Mapping[str, Any] = basis.get("properties", {})
        held = {key: [s.inside(key) for s in samples if key in s.value] for key in properties}
        if not is_root and _is_map(properties, held, samples):
            values = [sample for found in held.values() for sample in found]
            said = f"{name}: is taken for a map, whose {len(properties)} keys are no settings"
            self._tell(said, samples[0])
            hides = is_secret or any(self._hides(key, found) for key, found in held.items())
            inner = self.node(_basis(values), values, f"{name}.*", is_secret=hides)
            return {"type": "object", "additionalProperties": inner}
        needed: list[str] = []
        schemas: dict[str, Any] = {}
        for key, found in held.items():
            path = f"{name}.{key}" if name else key
            if not _is_text(key):
                self._tell(f"{path}: half of a surrogate pair is left out", found[0])
                continue
            hides = is_secret or self._hides(key, found)
            schema = self.node(properties[key], found, path, is_secret=hides)
            is_inner = "properties" in schema
            if hides and not is_secret:
                said = f"{path}: is taken for a secret, which is shown and stored nowhere"
                self._tell(said, found[0])
            elif not is_inner and not _holds_secrets(schema):
                schema = self._suggested(schema, found, path)
            schemas[key] = schema
            if len(found) == len(samples) and "default" not in schema:
                needed.append(key)
        if self.suggest:
            # What has defaults inside needs not be given, nor what nobody stores.
            needed = [key for key in needed if not _can_be_absent(schemas[key])]
        return {
            "type": "object",
            **({"properties": schemas} if schemas else {}),
            **({"required": needed} if needed else {}),
        }

    def _hides(self, key: str, samples: Sequence[_Sample]) -> bool:
        texts = [text for sample in samples for text in _texts(sample.value)]
        says = is_secret_name(key) and any(
            sample.value is not None and not isinstance(sample.value, bool) for sample in samples
        )
        return says or any(map(looks_secret, texts))

    def _suggested(
        self, schema: dict[str, Any], samples: Sequence[_Sample], path: str
    ) -> dict[str, Any]:
        found = suggestions([sample.value for sample in samples])
        if not found or not _is_text(json.dumps(found, ensure_ascii=False)):
            return schema
        if self.suggest:
            return {**schema, **found}
        texts = [f"{keyword} {_short(value)}" for keyword, value in found.items()]
        self._tell(f"{path}: {', '.join(texts)} may be meant", samples[0])
        self.has_more = True
        return schema

    def _tell(self, message: str, sample: _Sample) -> None:
        place = (str(sample.config.origin), sample.config.origin.line(sample.path))
        self.remarks.append(Problem(message, *place, severity="note", code="suggestion"))


def _is_of(sample: _Sample, part: Mapping[str, Any]) -> bool:
    """Whether a value is of the types of an alternative."""
    value, kind = sample.value, part.get("type")
    if is_object(value):
        return kind == "object"
    if is_array(value):
        return kind == "array"
    return kind not in ("object", "array")


def _is_map(
    properties: Mapping[str, Any], held: Mapping[str, Sequence[_Sample]], samples: Sequence[_Sample]
) -> bool:
    """Whether an object has many keys that differ, or are no names, with values of one kind."""
    if len(properties) < _MANY:
        return False
    basis = _basis(sample for found in held.values() for sample in found)
    if not isinstance(basis.get("type"), str):
        return False
    is_of_objects = basis["type"] == "object"
    if is_of_objects and len(basis.get("required", ())) < 2:
        return False
    if basis["type"] == "object" and len(basis["required"]) == len(basis["properties"]):
        return True  # as many objects of one kind as there are names
    if not all(key.isidentifier() for key in properties):
        return True
    return len(samples) > 1 and not any(len(found) == len(samples) for found in held.values())


def _can_be_absent(schema: Mapping[str, Any]) -> bool:
    """Whether a setting is a secret, or an object in which all has defaults."""
    is_filled = "properties" in schema and "required" not in schema
    return schema.get("writeOnly") is True or is_filled


def _holds_secrets(schema: Any) -> bool:
    """Whether something in a schema is secret, so that no value of it may be shown."""
    if is_object(schema):
        return schema.get("writeOnly") is True or any(map(_holds_secrets, schema.values()))
    return is_array(schema) and any(map(_holds_secrets, schema))


def _is_text(text: str) -> bool:
    """Whether a text is one that files can hold: without halves of surrogate pairs."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _texts(value: Any) -> list[str]:
    if is_array(value):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


def _short(value: Any) -> str:
    text = json_text(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
