"""What draft 2019-09 means where it differs from the drafts around it."""

from __future__ import annotations

from typing import Any

from conformance.cases import Example

DRAFT = "https://json-schema.org/draft/2019-09/schema"
SITE = "http://schemas.example/"
VOCABULARY = "https://json-schema.org/draft/2019-09/vocab/"


def tree(recursive: dict[str, Any]) -> dict[str, Any]:
    """A document of a tree that another one can extend."""
    return {
        "$schema": DRAFT,
        "$id": SITE + "tree",
        **recursive,
        "type": "object",
        "properties": {
            "data": True,
            "children": {"type": "array", "items": {"$recursiveRef": "#"}},
        },
    }


def metaschema(vocabularies: dict[str, bool], *parts: str) -> dict[str, Any]:
    """A metaschema of one's own, which applies some of those of the draft."""
    base = DRAFT.removesuffix("schema") + "meta/"
    return {
        "$schema": DRAFT,
        "$id": SITE + "meta",
        "$vocabulary": vocabularies,
        "$recursiveAnchor": True,
        "allOf": [{"$ref": base + part} for part in parts],
    }


EXAMPLES = [
    # Arrays
    Example(
        "items as a list, and additionalItems",
        {"items": [{"type": "integer"}, True], "additionalItems": {"type": "string"}},
        [[], [1], [1, None, "a"]],
        [["a"], [1, None, 2]],
    ),
    Example("additionalItems needs a list", {"additionalItems": False, "items": {}}, [[1]]),
    Example("additionalItems alone", {"additionalItems": False}, [[1]]),
    Example("prefixItems is unknown", {"prefixItems": [{"type": "integer"}]}, [["a"]]),
    Example("$dynamicRef is unknown", {"$dynamicRef": "#/$defs/a", "$defs": {"a": False}}, [1]),
    Example(
        "minContains and maxContains",
        {"contains": {"const": 1}, "minContains": 2, "maxContains": 3},
        [[1, 1], [1, 2, 1, 1], "a"],
        [[], [1, 2], [1, 1, 1, 1]],
    ),
    Example("minContains: 0", {"contains": {"const": 1}, "minContains": 0}, [[], [2], [1]]),
    Example(
        "minContains: 0 with a maximum",
        {"contains": {"const": 1}, "minContains": 0, "maxContains": 1},
        [[], [1, 2]],
        [[1, 1]],
    ),
    Example("minContains alone", {"minContains": 2, "maxContains": 0}, [[], [1]]),
    Example("whole floats", {"contains": {"const": 1}, "maxContains": 1.0}, [[1]], [[1, 1]]),
    # Items that nobody evaluated
    Example(
        "contains evaluates nothing yet",
        {"contains": {"const": 1}, "unevaluatedItems": False},
        [{"a": 1}],
        [[1], [1, 2]],
    ),
    Example(
        "additionalItems evaluates the rest",
        {"items": [True], "additionalItems": True, "unevaluatedItems": False},
        [[], [1, 2, 3]],
    ),
    Example(
        "additionalItems without a list evaluates nothing",
        {"additionalItems": True, "unevaluatedItems": False},
        [[]],
        [[1]],
    ),
    Example(
        "a list evaluates as far as it goes",
        {
            "items": [{"type": "integer"}],
            "allOf": [{"items": [True, {"type": "string"}]}],
            "unevaluatedItems": {"type": "null"},
        },
        [[1], [1, "a"], [1, "a", None]],
        [[1, "a", 2], [1, 2], ["a"]],
    ),
    Example(
        "what is inside does not count",
        {"properties": {"a": {"items": {}}}, "unevaluatedItems": False},
        [{"a": [1]}, []],
        [[1]],
    ),
    Example(
        "only branches that fit count",
        {
            "anyOf": [
                {"items": [{"const": 1}, True]},
                {"items": [{"const": 2}, True, {"const": 3}]},
            ],
            "unevaluatedItems": False,
        },
        [[1, 5], [2, 5, 3]],
        [[1, 5, 3], [2, 5, 4]],
    ),
    Example(
        "not tells nothing",
        {"not": {"not": {"items": [True]}}, "unevaluatedItems": False},
        [[]],
        [[1]],
    ),
    Example(
        "unevaluatedItems inside count outside",
        {"allOf": [{"items": [True], "unevaluatedItems": True}], "unevaluatedItems": False},
        [[1, 2, 3]],
    ),
    Example(
        "cousins see nothing of each other",
        {"allOf": [{"items": [True]}, {"unevaluatedItems": False}]},
        [[]],
        [[1]],
    ),
    # Properties that nobody evaluated
    Example(
        "through all that stays in place",
        {
            "$ref": "#/$defs/a",
            "if": {"properties": {"b": {"const": 1}}, "required": ["b"]},
            "then": {"properties": {"c": True}},
            "else": {"properties": {"d": True}},
            "dependentSchemas": {"e": {"properties": {"e": True, "f": True}}},
            "unevaluatedProperties": False,
            "$defs": {"a": {"properties": {"a": True}}},
        },
        [{"a": 1}, {"a": 1, "b": 1, "c": 1}, {"d": 1}, {"e": 1, "f": 1}],
        [{"b": 1, "d": 1}, {"c": 1}, {"b": 2}, {"f": 1}],
    ),
    Example(
        "where patterns and additionalProperties evaluate",
        {
            "allOf": [
                {"patternProperties": {"^x-": True}},
                {
                    "anyOf": [
                        {"additionalProperties": {"type": "integer"}},
                        {"properties": {"a": {"type": "string"}}},
                    ]
                },
            ],
            "unevaluatedProperties": False,
        },
        [{"b": 1, "c": 2}, {"a": "text", "x-1": None}],
        [{"a": "text", "b": 1}],
    ),
    Example(
        "unevaluatedProperties with a schema",
        {"properties": {"a": True}, "unevaluatedProperties": {"type": "integer"}},
        [{"a": "text", "b": 1}, 1],
        [{"b": "text"}],
    ),
    Example(
        "inside a property everything starts anew",
        {
            "properties": {"a": {"properties": {"b": True}, "unevaluatedProperties": False}},
            "unevaluatedProperties": False,
        },
        [{"a": {"b": 1}}],
        [{"a": {"c": 1}}, {"b": 1}],
    ),
    Example(
        "nothing but what is unevaluated",
        {"unevaluatedProperties": {"minLength": 2}, "unevaluatedItems": {"minLength": 2}},
        [{"a": "text"}, ["text"]],
        [{"a": "t"}, ["t"]],
    ),
    Example(
        "what a failed if evaluated is forgotten",
        {
            "if": {"properties": {"a": {"const": 1}}},
            "unevaluatedProperties": False,
        },
        [{"a": 1}, {}],
        [{"a": 2}],
    ),
    # Recursive references
    Example(
        "$recursiveRef alone is $ref",
        {
            "properties": {"a": {"$recursiveRef": "#"}},
            "additionalProperties": False,
        },
        [{"a": {"a": {}}}],
        [{"a": {"b": 1}}],
    ),
    Example(
        "$recursiveRef asserts beside others",
        {"properties": {"a": {"$recursiveRef": "#", "minProperties": 1}}, "maxProperties": 1},
        [{"a": {"a": {"b": 1}}}],
        [{"a": {}}, {"a": {"b": 1, "c": 1}}],
    ),
    Example(
        "an extended tree",
        {
            "$id": SITE + "strict",
            "$recursiveAnchor": True,
            "$ref": "tree",
            "unevaluatedProperties": False,
        },
        [{"children": [{"data": 1, "children": []}]}],
        [{"chidlren": []}, {"children": [{"daat": 1}]}],
        {SITE + "tree": tree({"$recursiveAnchor": True})},
    ),
    Example(
        "a tree that lets nobody extend it",
        {
            "$id": SITE + "strict",
            "$recursiveAnchor": True,
            "$ref": "tree",
            "unevaluatedProperties": False,
        },
        [{"children": [{"daat": 1}]}],
        [{"chidlren": []}],
        {SITE + "tree": tree({})},
    ),
    Example(
        "a tree that says false",
        {"$id": SITE + "s", "$recursiveAnchor": True, "$ref": "tree", "required": ["data"]},
        [{"data": 1, "children": [{}]}],
        [{"children": []}],
        {SITE + "tree": tree({"$recursiveAnchor": False})},
    ),
    Example(
        "an extension without the anchor is none",
        {"$id": SITE + "strict", "$ref": "tree", "required": ["data"]},
        [{"data": 1, "children": [{}]}],
        [{"children": []}],
        {SITE + "tree": tree({"$recursiveAnchor": True})},
    ),
    Example(
        "the outermost anchor wins, with others between that have none",
        {
            "$id": SITE + "outer",
            "$recursiveAnchor": True,
            "required": ["data"],
            "allOf": [{"$ref": "between"}],
            "$defs": {
                "between": {"$id": "between", "$ref": "inner"},
                "inner": {
                    "$id": "inner",
                    "$recursiveAnchor": True,
                    "properties": {"next": {"$recursiveRef": "#"}},
                },
            },
        },
        [{"data": 1, "next": {"data": 1}}],
        [{"data": 1, "next": {}}, {"next": {"data": 1}}],
    ),
    Example(
        "where it leads depends on the way",
        {
            "$id": SITE + "main",
            "$defs": {
                "inner": {
                    "$id": "inner",
                    "$recursiveAnchor": True,
                    "additionalProperties": {"$recursiveRef": "#"},
                    "title": "inner",
                }
            },
            "if": {"propertyNames": {"pattern": "^[a-m]"}},
            "then": {
                "$id": "any",
                "$recursiveAnchor": True,
                "$ref": "inner",
                "type": ["object", "string"],
            },
            "else": {
                "$id": "integers",
                "$recursiveAnchor": True,
                "$ref": "inner",
                "type": ["object", "integer"],
            },
        },
        [{"a": "text"}, {"n": 1}, {"a": {"n": "text"}}, {"n": {"a": 1}}],
        [{"a": 1}, {"n": "text"}, {"n": {"a": "text"}}],
    ),
    Example(
        "unevaluated properties through a $recursiveRef",
        {
            "$id": SITE + "extended",
            "$recursiveAnchor": True,
            "$ref": "tree",
            "properties": {"name": {"type": "string"}},
            "$defs": {
                "tree": {
                    "$id": "tree",
                    "$recursiveAnchor": True,
                    "properties": {
                        "node": True,
                        "branches": {
                            "$comment": "what the extension evaluates counts here",
                            "unevaluatedProperties": False,
                            "$recursiveRef": "#",
                        },
                    },
                }
            },
        },
        [{"name": "a", "branches": {"name": "b", "node": 1}}],
        [{"name": "a", "branches": {"other": 1}}, {"branches": {"name": 1}}],
    ),
    Example(
        "unevaluated items through a $recursiveRef",
        {
            "$id": SITE + "extended",
            "$recursiveAnchor": True,
            "$ref": "tree",
            "items": [True, True, {"type": "string"}],
            "$defs": {
                "tree": {
                    "$id": "tree",
                    "$recursiveAnchor": True,
                    "items": [
                        {"type": "string"},
                        {"$recursiveRef": "#", "unevaluatedItems": False},
                    ],
                }
            },
        },
        [["a", ["b", [], "c"], "d"], ["a", []]],
        [["a", ["b", [], "c", "d"], "e"], ["a", ["b", [], 1]]],
    ),
    # References
    Example(
        "what stands beside a $ref counts",
        {"$ref": "#/$defs/list", "maxItems": 1, "$defs": {"list": {"type": "array"}}},
        [[1]],
        [[1, 2], "a"],
    ),
    Example(
        "$anchor",
        {"$ref": "#small", "$defs": {"a": {"$anchor": "small", "maximum": 1}}},
        [1],
        [2],
    ),
    Example(
        "$anchor in a resource of its own",
        {
            "$id": SITE + "root",
            "properties": {"a": {"$ref": "inner#small"}},
            "$defs": {
                "a": {"$id": "inner", "$defs": {"b": {"$anchor": "small", "maximum": 1}}},
                "b": {"$anchor": "small", "maximum": 3},
            },
        },
        [{"a": 1}],
        [{"a": 2}],
    ),
    Example(
        "definitions in both places",
        {
            "properties": {"a": {"$ref": "inner-1"}, "b": {"$ref": "inner-2"}},
            "$id": SITE + "root",
            "definitions": {"a": {"$id": "inner-1", "type": "integer"}},
            "$defs": {"b": {"$id": "inner-2", "type": "string"}},
        },
        [{"a": 1, "b": "text"}],
        [{"a": "text"}, {"b": 1}],
    ),
    Example(
        "an $id beside a $ref changes its base",
        {
            "$id": SITE + "a/root",
            "allOf": [{"$id": SITE + "b/", "$ref": "part"}],
            "$defs": {
                "far": {"$id": SITE + "a/part", "type": "string"},
                "near": {"$id": SITE + "b/part", "type": "integer"},
            },
        },
        [1],
        ["text"],
    ),
    Example(
        "an $anchor in an enum is text",
        {
            "$defs": {
                "listed": {"enum": [{"$anchor": "a", "type": "null"}]},
                "real": {"$anchor": "a", "type": "string"},
            },
            "anyOf": [{"$ref": "#/$defs/listed"}, {"$ref": "#a"}],
        },
        ["text", {"$anchor": "a", "type": "null"}],
        [None],
    ),
    Example(
        "schemas of schemas",
        {"$ref": DRAFT},
        [
            True,
            {"items": [{}]},
            {"$defs": {"a": {"$id": "http://a.example/#"}}},
            {"dependencies": {"a": ["b"], "c": {}}},
        ],
        [
            {"minContains": -1},
            {"$defs": {"a": 1}},
            {"$defs": {"a": {"$id": "#a"}}},
            {"$anchor": "#a"},
            {"items": [{"minLength": -1}]},
            {"dependentRequired": {"a": [1]}},
        ],
    ),
    Example(
        "dependencies are still there",
        {"dependencies": {"a": ["b"], "c": {"required": ["d"]}}},
        [{"a": 1, "b": 1}, {"c": 1, "d": 1}],
        [{"a": 1}, {"c": 1}],
    ),
    Example(
        "dependentRequired and dependentSchemas",
        {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": False, "d": True}},
        [{"a": 1, "b": 1}, {"d": 1}, [], "a"],
        [{"a": 1}, {"c": 1}],
    ),
    Example(
        "then and else without if say nothing",
        {"then": False, "else": False},
        [1],
    ),
    Example(
        "contents are notes",
        {
            "contentMediaType": "application/json",
            "contentEncoding": "base64",
            "contentSchema": {"type": "object"},
        },
        ["{:}", "e30=", "%", 1],
    ),
    # Drafts in one another
    Example(
        "a resource of another draft in the same document",
        {
            "$id": SITE + "root",
            "allOf": [{"$ref": "older"}, {"$ref": "oldest"}],
            "$defs": {
                "a": {
                    "$id": "older",
                    "$schema": "http://json-schema.org/draft-07/schema#",
                    "dependentRequired": {"a": ["b"]},
                    "allOf": [{"$ref": "#/definitions/c", "maxProperties": 0}],
                    "definitions": {"c": {"type": ["object", "number"]}},
                },
                "b": {
                    "id": "oldest",
                    "$schema": "http://json-schema.org/draft-04/schema#",
                    "$id": "oldest",
                    "maximum": 3,
                    "exclusiveMaximum": True,
                },
            },
        },
        [{"a": 1}, 2],
        ["text", 3],
    ),
    Example(
        "a document of a later draft",
        {"$ref": SITE + "later"},
        [["a", 1]],
        [[1, 1], ["a", "b"]],
        {
            SITE + "later": {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "prefixItems": [{"type": "string"}],
                "items": {"type": "integer"},
            }
        },
    ),
    # Vocabularies
    Example(
        "without the vocabulary of validation",
        {
            "$schema": SITE + "meta",
            "$id": SITE + "it",
            "properties": {"a": False, "b": {"minimum": 10, "type": "string"}},
            "required": ["c"],
        },
        [{"b": 1}, {}],
        [{"a": 1}],
        {
            SITE + "meta": metaschema(
                {VOCABULARY + "core": True, VOCABULARY + "applicator": True}, "core", "applicator"
            )
        },
    ),
    Example(
        "a vocabulary that nobody need know",
        {"$schema": SITE + "meta", "type": "integer", "properties": {"a": False}},
        [1],
        ["a", {"a": 1}],
        {
            SITE + "meta": metaschema(
                {
                    VOCABULARY + "core": True,
                    VOCABULARY + "validation": True,
                    SITE + "vocabulary": False,
                },
                "core",
                "validation",
            )
        },
    ),
    Example(
        "the vocabulary of formats, not required",
        {"$schema": SITE + "meta", "format": "ipv4"},
        ["127.0.0.1", "text"],
        [],
        {
            SITE + "meta": metaschema(
                {VOCABULARY + "core": True, VOCABULARY + "format": False}, "core", "format"
            )
        },
    ),
    Example(
        "the vocabulary of formats, required, asserts them",
        {"$schema": SITE + "meta", "format": "ipv4"},
        ["127.0.0.1", 1],
        ["text"],
        {
            SITE + "meta": metaschema(
                {VOCABULARY + "core": True, VOCABULARY + "format": True}, "core", "format"
            )
        },
    ),
]

FORMATS = [
    Example("duration", {"format": "duration"}, ["P1DT2H"], ["1D", "P"]),
    Example("uuid", {"format": "uuid"}, ["2EB8AA08-aa98-11EA-B4AA-73B441D16380"], ["2eb8aa08"]),
    Example("relative-json-pointer", {"format": "relative-json-pointer"}, ["0+1/a"], ["a"]),
    Example("email", {"format": "email"}, ['"a b"@c.example'], ["a@[127.0.0.300]"]),
    Example("another one", {"format": "colour"}, ["no such thing"]),
]
