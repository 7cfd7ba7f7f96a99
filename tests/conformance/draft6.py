"""What draft 6 means where it differs from the drafts around it."""

from __future__ import annotations

from typing import Any

from conformance.cases import Example

DRAFT = "http://json-schema.org/draft-06/schema#"

EXAMPLES = [
    # What draft 4 did not have
    Example("an integer is a number without a fraction", {"type": "integer"}, [1, 1.0], [1.5]),
    Example("true", True, [None, {}, 1]),
    Example("false", False, [], [None, {}, 1]),
    Example(
        "true and false as schemas",
        {"properties": {"a": True, "b": False}, "items": False, "not": False},
        [{"a": 1}, [], "text"],
        [{"b": 1}, [1]],
    ),
    Example(
        "exclusive limits are limits",
        {"exclusiveMinimum": 1, "minimum": 1, "exclusiveMaximum": 3, "maximum": 4},
        [1.1, 2.9],
        [1, 3],
    ),
    Example("const", {"const": {"a": [1, False]}}, [{"a": [1.0, False]}], [{"a": [1, 0]}, {}]),
    Example("const null", {"const": None}, [None], [0, False]),
    Example("const 0", {"const": 0}, [0, 0.0, -0.0], [False, [], ""]),
    Example("contains", {"contains": {"minimum": 5}}, [[1, 5], "a", {}], [[], [1, 4]]),
    Example("contains true", {"contains": True}, [[None]], [[]]),
    Example("contains false", {"contains": False}, ["a"], [[], [1]]),
    Example("propertyNames", {"propertyNames": {"maxLength": 2}}, [{"ab": 1}, []], [{"abc": 1}]),
    Example("no property name", {"propertyNames": False}, [{}], [{"a": 1}]),
    Example("required may be empty", {"required": []}, [{}, 1]),
    Example("enum may be one value", {"enum": [None]}, [None], [0]),
    Example(
        "dependencies of all kinds",
        {"dependencies": {"a": [], "b": ["c"], "d": True, "e": False, "f": {"required": ["g"]}}},
        [{"a": 1}, {"b": 1, "c": 1}, {"d": 1}, {"f": 1, "g": 1}],
        [{"b": 1}, {"e": 1}, {"f": 1}],
    ),
    Example("items by position", {"items": [True, False]}, [[], [1]], [[1, 2]]),
    Example(
        "the rest of the items",
        {"items": [{}], "additionalItems": {"type": "integer"}},
        [["a", 1.0]],
        [["a", "b"]],
    ),
    Example("whole floats for sizes", {"maxLength": 2.0, "minItems": 1.0}, ["ab", [1]], ["abc"]),
    Example("characters, not code units", {"minLength": 2}, ["\U0001f600a"], ["\U0001f600"]),
    Example("half steps of huge numbers", {"type": "integer", "multipleOf": 0.5}, [1e308]),
    # What it does not have yet
    Example("if is unknown", {"if": True, "then": False}, [1]),
    Example("minContains is unknown", {"contains": {"const": 1}, "minContains": 2}, [[1]]),
    Example("$anchor is unknown", {"$anchor": "a", "type": "integer"}, [1], ["a"]),
    Example("$defs is unknown", {"$defs": {"a": {"type": "nothing"}}}, [1]),
    Example("contents are unknown", {"contentMediaType": "application/json"}, ["{:}"]),
    Example("id is a name like any other", {"id": 3, "properties": {"id": {}}}, [{"id": 1}]),
    # References
    Example(
        "beside a $ref nothing counts",
        {"allOf": [{"$ref": "#/definitions/a", "const": 1}], "definitions": {"a": {}}},
        [2],
    ),
    Example(
        "an $id that is a fragment names a schema",
        {"allOf": [{"$ref": "#small"}], "definitions": {"a": {"$id": "#small", "maximum": 1}}},
        [1],
        [2],
    ),
    Example(
        "also by the whole address",
        {
            "$id": "http://schemas.example/root",
            "allOf": [{"$ref": "http://schemas.example/root#small"}],
            "definitions": {"a": {"$id": "#small", "maximum": 1}},
        },
        [1],
        [2],
    ),
    Example(
        "names below an $id of their own",
        {
            "$id": "http://schemas.example/root",
            "properties": {"a": {"$ref": "inner.json#part"}, "b": {"$ref": "#part"}},
            "definitions": {
                "inner": {
                    "$id": "inner.json",
                    "definitions": {"any": {"$id": "#part", "type": "integer"}},
                },
                "outer": {"$id": "#part", "type": "string"},
            },
        },
        [{"a": 1, "b": "text"}],
        [{"a": "text"}, {"b": 1}],
    ),
    Example(
        "a pointer goes through an $id",
        {
            "$id": "http://schemas.example/root",
            "properties": {"a": {"$ref": "#/definitions/inner/definitions/part"}},
            "definitions": {
                "inner": {
                    "$id": "inner.json",
                    "definitions": {
                        "part": {"$ref": "#/definitions/number"},
                        "number": {"type": "number"},
                    },
                }
            },
        },
        [{"a": 1}],
        [{"a": "text"}],
    ),
    Example(
        "names and pointers with signs that are escaped",
        {
            "properties": {
                "a": {"$ref": "#/definitions/a~1b"},
                "b": {"$ref": "#/definitions/a~0b"},
                "c": {"$ref": "#/definitions/a%25b"},
                "d": {"$ref": "#/definitions/a%22b"},
            },
            "definitions": {
                "a/b": {"type": "integer"},
                "a~b": {"type": "string"},
                "a%b": {"type": "null"},
                'a"b': {"type": "array"},
            },
        },
        [{"a": 1, "b": "text", "c": None, "d": []}],
        [{"a": "text"}, {"b": 1}, {"c": 1}, {"d": {}}],
    ),
    Example(
        "an $id in a const is text",
        {
            "definitions": {
                "listed": {"const": {"$id": "http://schemas.example/a", "type": "null"}},
                "real": {"$id": "http://schemas.example/a", "type": "string"},
            },
            "anyOf": [{"$ref": "#/definitions/listed"}, {"$ref": "http://schemas.example/a"}],
        },
        ["text", {"$id": "http://schemas.example/a", "type": "null"}],
        [None],
    ),
    Example(
        "an $id below an unknown keyword is text",
        {
            "definitions": {
                "unknown": {"what": {"$id": "http://schemas.example/a", "type": "null"}},
                "real": {"$id": "http://schemas.example/a", "type": "string"},
            },
            "$ref": "http://schemas.example/a",
        },
        ["text"],
        [None],
    ),
    Example(
        "a schema of schemas",
        {"$ref": "http://json-schema.org/draft-06/schema#"},
        [True, {"exclusiveMinimum": 1}, {"required": []}, {"if": 1}],
        [{"exclusiveMinimum": True}, {"contains": 1}, {"examples": 1}, {"enum": 1}],
    ),
    Example(
        "references to a URN",
        {
            "$id": "urn:uuid:deadbeef-1234-0000-0000-4321feebdaed",
            "properties": {
                "a": {"$ref": "urn:uuid:deadbeef-1234-0000-0000-4321feebdaed#/definitions/b"},
            },
            "definitions": {"b": {"type": "string"}},
        },
        [{"a": "text"}],
        [{"a": 1}],
    ),
    Example(
        "a document of an older draft keeps its own meaning",
        {"allOf": [{"$ref": "http://schemas.example/older"}]},
        [2, 1.5],
        [1, 0],
        {
            "http://schemas.example/older": {
                "$schema": "http://json-schema.org/draft-04/schema#",
                "minimum": 1,
                "exclusiveMinimum": True,
                "const": 3,
            }
        },
    ),
    Example(
        "a document that says no draft is read as one of the same draft",
        {"allOf": [{"$ref": "http://schemas.example/other"}]},
        [1],
        [2],
        {"http://schemas.example/other": {"if": False, "then": False, "else": False, "const": 1}},
    ),
]

FORMATS = [
    Example("uri-reference", {"format": "uri-reference"}, ["/a?b", "#c"], ["\\\\a"]),
    Example("uri-template", {"format": "uri-template"}, ["http://a.example/{b}"], ["{b"]),
    Example("json-pointer", {"format": "json-pointer"}, ["/a~0/b", ""], ["a", "/~2"]),
    Example("regex", {"format": "regex"}, ["[^]"], ["(?P<a>b)"]),
    *(
        Example(f"{later} is a format of later drafts", {"format": later}, ["no such thing "])
        for later in ("date", "time", "iri", "relative-json-pointer", "uuid", "duration")
    ),
]

#: Schemas that are none in this draft, and what is said of them.
NO_SCHEMAS: list[tuple[dict[str, Any], str]] = [
    ({"exclusiveMinimum": True}, "from draft 6 on this is the limit itself, a number"),
    ({"contains": 1}, "a schema must be an object, true or false (got 1)"),
    ({"enum": 1}, "a list of values"),
    ({"propertyNames": []}, "a schema must be an object, true or false (got [])"),
]
