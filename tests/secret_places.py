"""Schemas of a setting that hold one secret each, by the way in which they say so."""

from __future__ import annotations

from typing import Any, NamedTuple

#: The secret, what lies beside it and is none, and the mark.
CANARY = "canary-5ec2e7"
SIBLING = "sibling-4711"
MARK: dict[str, Any] = {"type": "string", "format": "password", "writeOnly": True}

Schema = dict[str, Any]


class Place(NamedTuple):
    """A setting with a secret.

    Attributes:
        schema: of the setting `p`.
        value: of it.
        root: keywords of its object.
    """

    schema: Schema
    value: Any
    root: Schema | None = None


def _object(**properties: Any) -> Schema:
    return {"type": "object", "properties": properties}


TEXT = {"type": "string"}
_PAIR = {"s": CANARY, "o": SIBLING}
_LOGIN = _object(s=MARK, o=TEXT)
_TAGGED = [
    {**_object(kind={"const": "a"}, s=MARK, o=TEXT), "required": ["kind"]},
    {**_object(kind={"const": "b"}, o=TEXT), "required": ["kind"]},
]
#: `p` is the definition, as `$ref` and others have it.
_DEFS = {"$defs": {"Key": MARK, "Login": _LOGIN}}
PLACES = {
    "property": Place(MARK, CANARY),
    "write only": Place({"type": "string", "writeOnly": True}, CANARY),
    "password": Place({"type": "string", "format": "password"}, CANARY),
    "enum": Place({**MARK, "enum": [CANARY, "other"]}, CANARY),
    "a type of Python": Place({**MARK, "x-python-type": "Path"}, CANARY),
    "anyOf null": Place({"anyOf": [MARK, {"type": "null"}]}, CANARY),
    "oneOf with $ref": Place(
        {"oneOf": [{"$ref": "#/$defs/Key"}, {"type": "integer"}]}, CANARY, _DEFS
    ),
    "allOf": Place({"allOf": [{"type": "string"}, {"writeOnly": True}]}, CANARY),
    "items": Place({"type": "array", "items": MARK}, [CANARY]),
    "objects in items": Place({"type": "array", "items": _LOGIN}, [_PAIR]),
    "prefixItems": Place({"type": "array", "prefixItems": [TEXT, MARK]}, [SIBLING, CANARY]),
    "contains": Place({"type": "array", "contains": MARK}, [CANARY]),
    "unevaluatedItems": Place(
        {"type": "array", "prefixItems": [TEXT], "unevaluatedItems": MARK}, [SIBLING, CANARY]
    ),
    "additionalProperties": Place(
        {**_object(o=TEXT), "additionalProperties": MARK}, {"o": SIBLING, "k": CANARY}
    ),
    "map": Place({"type": "object", "additionalProperties": MARK}, {"k": CANARY}),
    "patternProperties": Place(
        {"type": "object", "patternProperties": {"^s": MARK}}, {"s1": CANARY, "o": SIBLING}
    ),
    "unevaluatedProperties": Place(
        {**_object(o=TEXT), "unevaluatedProperties": MARK}, {"o": SIBLING, "k": CANARY}
    ),
    "then": Place(
        {
            **_object(s=TEXT, o=TEXT),
            "if": {"required": ["o"]},
            "then": {"properties": {"s": {"writeOnly": True}}},
        },
        _PAIR,
    ),
    "then of the root": Place(
        _object(s=TEXT, o=TEXT),
        _PAIR,
        {"if": True, "then": {"properties": {"p": {"properties": {"s": {"writeOnly": True}}}}}},
    ),
    "if": Place(
        {**_object(s=TEXT, o=TEXT), "if": {"properties": {"s": {"format": "password"}}}}, _PAIR
    ),
    "dependentSchemas": Place(
        {
            **_object(s=TEXT, o=TEXT),
            "dependentSchemas": {"o": {"properties": {"s": {"writeOnly": True}}}},
        },
        _PAIR,
    ),
    "branch of a union": Place({"oneOf": _TAGGED}, {"kind": "a", **_PAIR}),
    "object": Place({**_object(s=TEXT, o=TEXT), "writeOnly": True}, {"s": CANARY}),
    "map that is secret": Place(
        {"type": "object", "additionalProperties": TEXT, "writeOnly": True}, {CANARY: CANARY}
    ),
    "list that is secret": Place(
        {"type": "array", "items": {"type": "string"}, "writeOnly": True}, [CANARY]
    ),
    "inside something untyped": Place(
        {"properties": {"s": {"writeOnly": True}}, "items": {"properties": {"s": MARK}}}, _PAIR
    ),
    "$ref beside others": Place(
        {"$ref": "#/$defs/Login", "properties": {"o": {"maxLength": 99}}}, _PAIR, _DEFS
    ),
    "$dynamicRef": Place({"$dynamicRef": "#/$defs/Login"}, _PAIR, _DEFS),
    "recursion": Place(
        {"$ref": "#/$defs/Node"},
        {"o": SIBLING, "next": {"next": {"s": CANARY}}},
        {"$defs": {"Node": _object(s=MARK, o=TEXT, next={"$ref": "#/$defs/Node"})}},
    ),
    "names": Place(
        {"type": "object", "propertyNames": {"writeOnly": True}, "additionalProperties": TEXT},
        {CANARY: CANARY},
    ),
    "not": Place(
        {
            **_object(s=TEXT, o=TEXT),
            "not": {"properties": {"s": {"enum": [1], "writeOnly": True}}, "required": ["s"]},
        },
        _PAIR,
    ),
}


def schema_of(place: Place, *, filled: bool = False) -> Schema:
    """The schema of settings with `p`; where `filled`, with a default, an example, a preset."""
    schema = dict(place.schema)
    presets: Schema = {}
    if filled:
        schema |= {"default": place.value, "examples": [place.value]}
        presets = {"x-presets": {"one": {"p": place.value}}}
    return {
        **_object(p=schema, visible={"type": "string", "default": SIBLING}),
        **(place.root or {}),
        **presets,
    }
