"""What draft 4 means where it differs from the drafts after it."""

from __future__ import annotations

from typing import Any

from conformance.cases import Example

DRAFT = "http://json-schema.org/draft-04/schema#"

EXAMPLES = [
    # Numbers
    Example("an integer has no fraction part", {"type": "integer"}, [1, -3, 10**30], [1.0, 1e3]),
    Example("a number may have one", {"type": "number"}, [1, 1.0, 1e3], ["1", True]),
    Example("1.0 equals 1 all the same", {"enum": [1]}, [1, 1.0], [True]),
    Example("also inside lists", {"enum": [[0], {"a": 1.0}]}, [[0.0], {"a": 1}], [[False], [0, 0]]),
    Example("and for uniqueness", {"uniqueItems": True}, [[1, True], [0, False]], [[1, 1.0]]),
    Example(
        "exclusiveMinimum says what minimum means",
        {"minimum": 1.5, "exclusiveMinimum": True},
        [1.6, "text"],
        [1.5, 1],
    ),
    Example("exclusiveMinimum: false", {"minimum": 1.5, "exclusiveMinimum": False}, [1.5], [1.4]),
    Example(
        "exclusiveMaximum on both sides",
        {"minimum": 0, "maximum": 3, "exclusiveMinimum": True, "exclusiveMaximum": True},
        [1, 2.9],
        [0, 3, 0.0, 3.0],
    ),
    Example("exclusiveMaximum: false", {"maximum": 3, "exclusiveMaximum": False}, [3.0], [3.1]),
    Example("multiples of fractions", {"multipleOf": 0.01}, [4.35, 0.07, 0], [4.351]),
    Example(
        "multiples near the largest float",
        {"type": "number", "multipleOf": 0.5},
        [1e308, 1.7e308],
    ),
    Example("small steps at large numbers", {"multipleOf": 0.123456789}, [0], [1e308]),
    Example("large integers", {"type": "integer", "maximum": 18446744073709551615}, [2**64 - 1]),
    Example("beyond floats", {"minimum": -(10**400)}, [-(10**400)], [-(10**400) - 1]),
    # Keywords of later drafts say nothing
    Example("const is unknown", {"const": 1}, [1, 2]),
    Example("contains is unknown", {"contains": {"type": "integer"}}, [[], ["a"]]),
    Example("propertyNames is unknown", {"propertyNames": {"maxLength": 1}}, [{"long": 1}]),
    Example(
        "if is unknown",
        {"if": {"type": "integer"}, "then": {"maximum": 1}, "else": {"not": {}}},
        [2, "a"],
    ),
    Example("dependentRequired is unknown", {"dependentRequired": {"a": ["b"]}}, [{"a": 1}]),
    Example(
        "dependentSchemas is unknown",
        {"dependentSchemas": {"a": {"required": ["b"]}}},
        [{"a": 1}],
    ),
    Example("prefixItems is unknown", {"prefixItems": [{"type": "integer"}]}, [["a"]]),
    Example("unevaluatedProperties is unknown", {"unevaluatedProperties": False}, [{"a": 1}]),
    Example("unevaluatedItems is unknown", {"unevaluatedItems": False}, [[1]]),
    Example("examples are just a value", {"examples": 3, "type": "string"}, ["a"], [3]),
    Example(
        "$id is no identifier",
        {
            "$id": "http://other.example/",
            "properties": {"a": {"$ref": "#/definitions/a"}},
            "definitions": {"a": {"$id": "#a", "type": "integer"}},
        },
        [{"a": 1}],
        [{"a": "text"}],
    ),
    Example(
        "unknown keywords are no schemas, but a reference may take them for one",
        {
            "properties": {"a": {"$ref": "#/shapes/round"}},
            "shapes": {"round": {"enum": ["circle"]}, "other": {"$ref": "#/nowhere"}},
        },
        [{"a": "circle"}],
        [{"a": "square"}],
    ),
    # Arrays and objects
    Example(
        "schemas by position, and for the rest",
        {"items": [{"type": "integer"}, {}], "additionalItems": {"type": "string"}},
        [[], [1], [1, None], [1, None, "a"], {"0": "x"}],
        [["a"], [1, None, 2]],
    ),
    Example("no further items", {"items": [{}], "additionalItems": False}, [[1]], [[1, 2]]),
    Example("additionalItems beside one schema", {"items": {}, "additionalItems": False}, [[1]]),
    Example("additionalItems alone", {"additionalItems": False}, [[1, 2]]),
    Example(
        "dependencies on names and on schemas",
        {
            "dependencies": {
                "a": ["b"],
                "c": {"properties": {"d": {"type": "integer"}}, "maxProperties": 2},
            }
        },
        [{}, {"b": 1}, {"a": 1, "b": 1}, {"c": 1, "d": 2}, ["a"], "a"],
        [{"a": 1}, {"c": 1, "d": "text"}, {"c": 1, "d": 1, "e": 1}],
    ),
    Example(
        "unknown properties",
        {
            "properties": {"a": {}},
            "patternProperties": {"^x-": {"type": "integer"}},
            "additionalProperties": {"type": "boolean"},
        },
        [{"a": "any", "x-1": 1, "other": True}],
        [{"x-1": True}, {"other": 1}],
    ),
    # References
    Example(
        "beside a $ref nothing counts",
        {
            "properties": {
                "a": {"$ref": "#/definitions/list", "maxItems": 1, "type": "string"},
            },
            "definitions": {"list": {"type": "array"}},
        },
        [{"a": [1, 2]}],
        [{"a": "text"}],
    ),
    Example(
        "definitions beside a $ref can be referred to",
        {"$ref": "#/definitions/a", "definitions": {"a": {"type": "integer"}}},
        [1],
        ["a"],
    ),
    Example(
        "an id beside a $ref is none",
        {
            "id": "http://schemas.example/base/",
            "definitions": {
                "far": {"id": "http://schemas.example/far.json", "type": "string"},
                "near": {"id": "far.json", "type": "integer"},
            },
            "allOf": [{"id": "http://schemas.example/", "$ref": "far.json"}],
        },
        [1],
        ["text"],
    ),
    Example(
        "an id that is a fragment names a schema",
        {
            "allOf": [{"$ref": "#small"}],
            "definitions": {"any": {"id": "#small", "maximum": 3}},
        },
        [3],
        [4],
    ),
    Example(
        "such names belong to the resource around them",
        {
            "id": "http://schemas.example/root",
            "allOf": [{"$ref": "inner#part"}],
            "definitions": {
                "a": {
                    "id": "inner",
                    "definitions": {"b": {"id": "#part", "type": "string"}},
                },
                "c": {"id": "#part", "type": "integer"},
            },
        },
        ["text"],
        [1],
    ),
    Example(
        "an id changes what relative references mean",
        {
            "id": "http://schemas.example/top.json",
            "items": {"id": "folder/", "items": {"$ref": "number.json"}},
        },
        [[[1]]],
        [[["a"]]],
        {"http://schemas.example/folder/number.json": {"type": "number"}},
    ),
    Example(
        "an id in an enum is text",
        {
            "definitions": {
                "listed": {"enum": [{"id": "http://schemas.example/a", "type": "null"}]},
                "real": {"id": "http://schemas.example/a", "type": "string"},
            },
            "anyOf": [{"$ref": "#/definitions/listed"}, {"$ref": "http://schemas.example/a"}],
        },
        ["text", {"id": "http://schemas.example/a", "type": "null"}],
        [None, 1],
    ),
    Example(
        "properties may have the names of keywords",
        {"properties": {"id": {"type": "string"}, "$ref": {"type": "integer"}}},
        [{"id": "#a", "$ref": 1}],
        [{"id": 1}, {"$ref": "#"}],
    ),
    Example(
        "a schema of schemas",
        {"$ref": "http://json-schema.org/draft-04/schema#"},
        [{"minLength": 1}, {"exclusiveMinimum": True, "minimum": 1}, {"const": 1}],
        [
            {"minLength": -1},
            {"exclusiveMinimum": 1, "minimum": 1},
            {"exclusiveMinimum": True},
            {"required": []},
            {"additionalProperties": 1},
            {"properties": {"a": True}},
            {"definitions": {"a": {"type": 1}}},
        ],
    ),
    Example(
        "a schema that is its own tree",
        {
            "properties": {
                "children": {"type": "array", "items": {"$ref": "#"}},
                "name": {"type": "string"},
            },
            "additionalProperties": False,
        },
        [{"children": [{"children": [], "name": "a"}]}],
        [{"children": [{"children": [{"nmae": "a"}]}]}],
    ),
    Example(
        "a document of a later draft keeps its own meaning",
        {"allOf": [{"$ref": "http://schemas.example/later"}]},
        [{"a": 1, "b": 2}, {}],
        [{"a": 1}],
        {
            "http://schemas.example/later": {
                "$schema": "https://json-schema.org/draft/2019-09/schema",
                "dependentRequired": {"a": ["b"]},
            }
        },
    ),
]

FORMATS = [
    Example("date-time", {"format": "date-time"}, ["2026-02-28T23:59:59Z"], ["now"]),
    Example("email", {"format": "email"}, ["a.b@c.example"], ["a.example"]),
    Example("hostname", {"format": "hostname"}, ["a-1.example"], ["-a.example", "a_b"]),
    Example("ipv4", {"format": "ipv4"}, ["127.0.0.1"], ["127.0.0", "256.0.0.1"]),
    Example("ipv6", {"format": "ipv6"}, ["::1"], ["1::2::3"]),
    Example("uri", {"format": "uri"}, ["http://a.example/?b#c"], ["/only/a/path", "\\a"]),
    # Not in the list of formats, but what the metaschema of draft 4 asks of `pattern`.
    Example("regex", {"format": "regex"}, ["a|b"], ["a(", "^\\Z"]),
    *(
        Example(f"{later} is a format of later drafts", {"format": later}, ["no such thing "])
        for later in ("date", "time", "uri-reference", "json-pointer", "uuid", "idn-email")
    ),
]

#: Schemas that are none in this draft, and what is said of them.
NO_SCHEMAS: list[tuple[dict[str, Any], str]] = [
    ({"properties": {"a": True}}, "a schema must be an object (got true)"),
    ({"exclusiveMinimum": 3}, '"exclusiveMinimum" must be true or false (got 3)'),
    ({"exclusiveMinimum": True}, '"exclusiveMinimum" needs "minimum" beside it'),
    ({"required": []}, "a list of at least one property name"),
    ({"enum": []}, "a list of at least one value"),
    ({"dependencies": {"a": []}}, '"dependencies" must be'),
]
