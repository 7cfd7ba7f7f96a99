"""What people are told when a config is refused, keyword by keyword.

Each line is a message that says what would be right. They come from the explanation, which goes
through a schema again after the fast verdict said no.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevettiai.settings import SettingsError
from conformance.generated import generated, write_json

DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_6 = "http://json-schema.org/draft-06/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"
DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema"
ALL = (DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020)
FROM_6, FROM_7, FROM_2019 = ALL[1:], ALL[2:], ALL[3:]
ClassOf = Callable[..., Any]


def said(class_of: ClassOf, draft: str, schema: Any, value: Any) -> list[str]:
    """The lines about the property `v` of that schema."""
    cls = class_of({"$schema": draft, "type": "object", "properties": {"v": schema}})
    with pytest.raises(SettingsError) as refusal:
        cls.from_config({"v": value})
    return [str(problem) for problem in refusal.value.problems]


A = {"type": "object", "required": ["a"]}
CASES: list[tuple[tuple[str, ...], Any, Any, list[str]]] = [
    # Any value
    (ALL, {"type": "number"}, ".5", ["v: must be a number (got '.5'; write 0.5)"]),
    (ALL, {"type": "integer"}, ".5", ["v: must be a whole number (got '.5')"]),
    (
        ALL,
        {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "007",
        ["v: must be a whole number or null (got '007'; write 7)"],
    ),
    (
        FROM_7,
        {"type": "number", "writeOnly": True},
        ".5",
        ["v: must be a number (got a hidden value)"],
    ),
    (FROM_6, False, 1, ["v: must not be given (got 1)"]),
    (ALL, {"type": "null"}, 0, ["v: must be null (got 0)"]),
    (ALL, {"type": "boolean"}, 1, ["v: must be true or false (got 1)"]),
    (ALL, {"type": "integer"}, 1.5, ["v: must be a whole number (got 1.5)"]),
    (ALL, {"type": "number"}, "1", ["v: must be a number (got '1')"]),
    (ALL, {"type": "string"}, None, ["v: must be text (got null)"]),
    (ALL, {"type": "array"}, {}, ["v: must be a list (got an empty object)"]),
    (ALL, {"type": "object"}, [1], ["v: must be an object (got a list of 1 item)"]),
    (
        ALL,
        {"type": ["string", "array", "null"]},
        True,
        ["v: must be text, a list or null (got true)"],
    ),
    (
        ALL,
        {"enum": ["red", "green"]},
        "gren",
        ["v: must be one of 'red', 'green', did you mean 'green'? (got 'gren')"],
    ),
    (
        ALL,
        {"enum": [[1], {"a": 1}]},
        [2],
        ['v: must be one of [1], {"a": 1} (got a list of 1 item)'],
    ),
    (FROM_6, {"const": 1}, 2, ["v: must be 1 (got 2)"]),
    (FROM_6, {"const": {"a": [1]}}, {"a": 1}, ['v: must be {"a": [1]} (got an object with 1 key)']),
    # Numbers
    (ALL, {"minimum": 1}, 0.5, ["v: must be at least 1 (got 0.5)"]),
    (ALL, {"maximum": 1}, 2, ["v: must be at most 1 (got 2)"]),
    (FROM_6, {"exclusiveMinimum": 1}, 1, ["v: must be more than 1 (got 1)"]),
    (FROM_6, {"exclusiveMaximum": 1}, 1, ["v: must be less than 1 (got 1)"]),
    ((DRAFT_4,), {"minimum": 1, "exclusiveMinimum": True}, 1, ["v: must be more than 1 (got 1)"]),
    ((DRAFT_4,), {"maximum": 1, "exclusiveMaximum": True}, 2, ["v: must be less than 1 (got 2)"]),
    ((DRAFT_4,), {"maximum": 1, "exclusiveMaximum": False}, 2, ["v: must be at most 1 (got 2)"]),
    (
        (DRAFT_4,),
        {"type": "integer"},
        1.0,
        ["v: must be a whole number written without a fraction (got 1.0)"],
    ),
    (ALL, {"multipleOf": 0.1}, 0.25, ["v: must be a multiple of 0.1 (got 0.25)"]),
    # Text
    (ALL, {"minLength": 2}, "a", ["v: must have at least 2 characters (got 'a')"]),
    (ALL, {"maxLength": 1}, "abc", ["v: must have at most 1 character, not 3 (got 'abc')"]),
    (ALL, {"pattern": "^a"}, "b", ["v: must match the pattern ^a (got 'b')"]),
    # Lists
    (ALL, {"minItems": 2}, [1], ["v: must have at least 2 items, not 1"]),
    (ALL, {"maxItems": 1}, [1, 2], ["v: must have at most 1 item, not 2"]),
    (ALL, {"maxItems": 0}, [1], ["v: must be empty, but has 1 item"]),
    (ALL, {"uniqueItems": True}, [1, 2, 1.0], ["v[2]: must not repeat an earlier item (got 1.0)"]),
    (ALL, {"items": {"type": "null"}}, [None, 1], ["v[1]: must be null (got 1)"]),
    (ALL[:4], {"items": [{"type": "null"}]}, [1], ["v[0]: must be null (got 1)"]),
    (
        ALL[:4],
        {"items": [{}], "additionalItems": False},
        [1, 2],
        ["v: must have at most 1 item, not 2"],
    ),
    (
        ALL[:4],
        {"items": [{}], "additionalItems": {"type": "null"}},
        [1, 2],
        ["v[1]: must be null (got 2)"],
    ),
    ((DRAFT_2020,), {"prefixItems": [{"type": "null"}]}, [1], ["v[0]: must be null (got 1)"]),
    (
        (DRAFT_2020,),
        {"prefixItems": [{}], "items": False},
        [1, 2],
        ["v: must have at most 1 item, not 2"],
    ),
    (
        FROM_6,
        {"contains": {"type": "integer"}},
        ["a"],
        ["v: must have at least 1 item that is a whole number, not 0"],
    ),
    (FROM_6, {"contains": {"title": "A point", "items": {"contains": {}}}}, [1.5], []),
    (FROM_6, {"contains": {}}, [], ["v: must have at least 1 item, not 0"]),
    (
        FROM_6,
        {"contains": {"items": {"contains": {"minimum": 1}}}},
        [],
        ["v: must have at least 1 item that fits what the schema looks for, not 0"],
    ),
    (
        FROM_2019,
        {"contains": {"minimum": 5}, "minContains": 2, "maxContains": 2},
        [5, 6, 7],
        ["v: must have at most 2 items that are at least 5, not 3"],
    ),
    (
        FROM_2019,
        {"items": {}, "contains": {"required": ["a"]}, "minContains": 2},
        [{}],
        ["v: must have at least 2 items that have the key 'a', not 0"],
    ),
    (FROM_2019, {"unevaluatedItems": False}, [1], ["v[0]: is one item too many"]),
    (FROM_2019, {"unevaluatedItems": {"type": "null"}}, [1], ["v[0]: must be null (got 1)"]),
    # Objects
    (ALL, {"minProperties": 1}, {}, ["v: must have at least 1 key, not 0"]),
    (ALL, {"maxProperties": 1}, {"a": 1, "b": 2}, ["v: must have at most 1 key, not 2"]),
    (ALL, {"maxProperties": 0}, {"a": 1}, ["v: must be empty, but has 1 key"]),
    (ALL, {"required": ["a", "b"]}, {}, ["v.a: is required", "v.b: is required"]),
    (ALL, {"properties": {"a": {"type": "null"}}}, {"a": 1}, ["v.a: must be null (got 1)"]),
    (
        ALL,
        {"patternProperties": {"^x": {"type": "null"}}},
        {"xa": 1},
        ["v.xa: must be null (got 1)"],
    ),
    (
        ALL,
        {"properties": {"angle": {}}, "additionalProperties": False},
        {"angel": 1},
        ["v.angel: is not a known key, did you mean 'angle'?"],
    ),
    (ALL, {"additionalProperties": {"type": "null"}}, {"a": 1}, ["v.a: must be null (got 1)"]),
    (
        FROM_6,
        {"propertyNames": {"pattern": "^a"}},
        {"b": 1},
        ["v.b: is a key that must match the pattern ^a"],
    ),
    (FROM_6, {"propertyNames": False}, {"b": 1}, ["v.b: must not be given"]),
    (
        ALL[:3],
        {"dependencies": {"a": ["b"], "c": {"required": ["d"]}}},
        {"a": 1, "c": 1},
        [
            "v.b: is required where 'a' is given",
            "v.d: is required where 'c' is given",
        ],
    ),
    (
        FROM_2019,
        {"dependentRequired": {"a": ["b"]}},
        {"a": 1},
        ["v.b: is required where 'a' is given"],
    ),
    (
        FROM_2019,
        {"dependentSchemas": {"a": {"properties": {"b": {"minimum": 1}}}}},
        {
            "a": 1,
            "b": 0,
        },
        ["v.b: must be at least 1 where 'a' is given (got 0)"],
    ),
    (FROM_2019, {"dependentSchemas": {"a": False}}, {"a": 1}, ["v.a: must not be given (got 1)"]),
    (
        FROM_2019,
        {
            "anyOf": [{"properties": {"angle": {"type": "integer"}}}],
            "unevaluatedProperties": False,
        },
        {"angel": 1},
        ["v.angel: is not a known key, did you mean 'angle'?"],
    ),
    (
        FROM_2019,
        {"unevaluatedProperties": {"type": "null"}},
        {"a": 1},
        ["v.a: must be null (got 1)"],
    ),
    # In place
    (
        ALL,
        {"allOf": [{"minimum": 3}, {"maximum": 1}]},
        2,
        [
            "v: must be at least 3 (got 2)",
            "v: must be at most 1 (got 2)",
        ],
    ),
    (ALL, {"not": {"type": "integer"}}, 2, ["v: must not be a whole number (got 2)"]),
    (ALL, {"not": {"enum": ["a", "b"]}}, "b", ["v: must not be 'a' or 'b' (got 'b')"]),
    (
        ALL,
        {"not": {"required": ["a"]}},
        {"a": 1},
        ["v: must not have the key 'a' (got an object with 1 key)"],
    ),
    (
        ALL,
        {"not": {"title": "a bad one", "uniqueItems": True}},
        1,
        ["v: must not be 'a bad one' (got 1)"],
    ),
    (
        ALL,
        {"not": {"items": {"items": {}}}},
        1,
        ["v: must not match a schema that is excluded here (got 1)"],
    ),
    (ALL, {"not": {}}, 1, ["v: must not be given (got 1)"]),
    (
        FROM_7,
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"minimum": 3}},
        {"a": 1},
        ["v.b: is required"],
    ),
    (
        FROM_7,
        {"if": {"type": "string"}, "else": {"minimum": 3}},
        2,
        ["v: must be at least 3 (got 2)"],
    ),
    (
        FROM_7,
        {"if": {"required": ["a"]}, "then": False},
        {"a": 1},
        ["v: must not have the key 'a' (got an object with 1 key)"],
    ),
    (FROM_7, {"if": {"minimum": 3}, "else": False}, 2, ["v: must be at least 3 (got 2)"]),
    ((DRAFT_2019,), {"$recursiveRef": "#"}, 1, ["v: must be an object (got 1)"]),
    (
        (DRAFT_2020,),
        {"$dynamicRef": "#/properties/v/$defs/a", "$defs": {"a": {"minimum": 3}}},
        1,
        ["v: must be at least 3 (got 1)"],
    ),
    # Alternatives
    (
        ALL,
        {"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 2}]},
        None,
        ["v: must be a whole number or text (got null)"],
    ),
    (
        ALL,
        {"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 2}]},
        "abc",
        ["v: must have at most 2 characters, not 3 (got 'abc')"],
    ),
    (
        ALL,
        {"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}]},
        ["a"],
        ["v[0]: must be a whole number (got 'a')"],
    ),
    (
        ALL,
        {"anyOf": [{"enum": ["on"]}, {"enum": ["off"]}]},
        "of",
        ["v: must be one of 'on', 'off', did you mean 'off'? (got 'of')"],
    ),
    (
        ALL,
        {"anyOf": [{"enum": ["auto"]}, {"type": "integer"}]},
        "aut",
        ["v: must be 'auto' or a whole number (got 'aut')"],
    ),
    (
        ALL,
        {"anyOf": [A, {"required": ["b", "c"]}]},
        {},
        ["v: must have the keys 'a' or 'b' and 'c'"],
    ),
    (
        ALL,
        {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"a": 1, "b": 1},
        [
            "v: must fit exactly one alternative, but fits number 1 (has the key 'a') and number 2 "
            "(has the key 'b') (got an object with 2 keys)"
        ],
    ),
    (
        ALL,
        {"anyOf": [{"minimum": 10}, {"maximum": 0}]},
        5,
        ["v: must be at least 10 or be at most 0 (got 5)"],
    ),
    (FROM_6, {"anyOf": [False, {"minimum": 10}]}, 5, ["v: must be at least 10 (got 5)"]),
    (FROM_6, {"anyOf": [False, False]}, 5, ["v: must not be given (got 5)"]),
]


@pytest.mark.parametrize(
    ("draft", "schema", "value", "lines"),
    [
        pytest.param(
            draft,
            schema,
            value,
            lines,
            id=f"{number}-{draft[-15:].strip('/#')}",
            # Where all say the same the newest draft has a turn in every run.
            marks=[] if draft == drafts[-1] else pytest.mark.slow,
        )
        for number, (drafts, schema, value, lines) in enumerate(CASES)
        for draft in drafts
        if lines
    ],
)
def test_messages(class_of: ClassOf, draft: str, schema: Any, value: Any, lines: list[str]) -> None:
    assert said(class_of, draft, schema, value) == lines


def tagged(name: str, **more: Any) -> dict[str, Any]:
    """An object that says its kind, with other properties that are required and no more."""
    return {
        "type": "object",
        "properties": {"kind": {"enum": [name]}, **more},
        "required": ["kind", *more],
        "additionalProperties": False,
    }


SHAPES = {
    "oneOf": [
        tagged("circle", radius={"type": "number"}),
        tagged("square", width={"type": "number"}),
        {"type": "null"},
    ]
}


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ({"kind": "square", "width": "x"}, ["v.width: must be a number (got 'x')"]),
        ({"kind": "square", "radius": 1}, ["v.width: is required", "v.radius: is not a known key"]),
        (
            {"kind": "sqare", "width": 1},
            ["v.kind: must be one of 'circle', 'square', did you mean 'square'? (got 'sqare')"],
        ),
        ({"width": 1}, ["v.kind: is required"]),
        ({}, ["v.kind: is required"]),
        ("circle", ["v: must be an object or null (got 'circle')"]),
    ],
)
@pytest.mark.parametrize("draft", ALL)
def test_alternatives_that_say_their_kind(
    class_of: ClassOf, draft: str, value: Any, lines: list[str]
) -> None:
    found = said(class_of, draft, SHAPES, value)
    assert sorted(found) == sorted(lines)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("date", "a date such as 2026-01-31"),
        ("email", "an email address"),
        ("ipv4", "an IPv4 address such as 192.0.2.1"),
        ("regex", "a regular expression (ECMA-262)"),
        ("uuid", "a UUID such as 123e4567-e89b-12d3-a456-426614174000"),
    ],
)
def test_formats(name: str, text: str, tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"v": {"format": name}}}
    write_json(tmp_path / "some.json", schema)
    with generated([tmp_path / "some.json"], tmp_path, {}, assert_formats=True) as package:
        with pytest.raises(SettingsError) as refusal:
            package.root_class("Some").from_config({"v": "(no"})
        assert str(refusal.value.problems[0]) == f"v: must be {text} (got '(no')"


def test_every_problem_is_told_at_once(class_of: ClassOf) -> None:
    cls = class_of(
        {
            "properties": {"a": {"type": "integer"}, "b": {"items": {"minimum": 1}}, "c": SHAPES},
            "required": ["d"],
            "additionalProperties": False,
        }
    )
    with pytest.raises(SettingsError) as refusal:
        cls.from_config({"a": "x", "b": [0, 1, 0], "c": {"kind": "circle"}, "e": 1})
    assert sorted(".".join(map(str, problem.path)) for problem in refusal.value.problems) == [
        "a",
        "b.0",
        "b.2",
        "c.radius",
        "d",
        "e",
    ]


@pytest.mark.parametrize(
    ("schemas", "value", "lines"),
    [
        ([{"type": "string"}, {"type": "string"}], 1, ["v: must be text (got 1)"]),
        ([{"type": "number"}, {"type": "integer"}], "x", ["v: must be a whole number (got 'x')"]),
        (
            [{"type": ["string", "null"]}, {"type": ["null", "boolean"]}],
            1,
            ["v: must be text or null (got 1)", "v: must be null or true or false (got 1)"],
        ),
        ([{"maximum": 9}, {"maximum": 5}, {"maximum": 7}], 10, ["v: must be at most 5 (got 10)"]),
        ([{"minimum": 3, "maximum": 4}, {"maximum": 4}], 5, ["v: must be at most 4 (got 5)"]),
        ([{"multipleOf": 2}, {"multipleOf": 4}], 5, ["v: must be a multiple of 4 (got 5)"]),
        (
            [{"multipleOf": 2}, {"multipleOf": 3}],
            5,
            ["v: must be a multiple of 2 (got 5)", "v: must be a multiple of 3 (got 5)"],
        ),
        (
            [{"minLength": 2}, {"minLength": 3}],
            "",
            ["v: must have at least 3 characters (got '')"],
        ),
        ([{"maxItems": 1}, {"maxItems": 0}], [1, 2], ["v: must be empty, but has 2 items"]),
        ([{"enum": ["a", "b"]}, {"enum": ["b"]}], "x", ["v: must be 'b' (got 'x')"]),
        ([{"type": "integer"}, {"enum": [1, 2]}], "x", ["v: must be one of 1, 2 (got 'x')"]),
        (
            [{"maximum": 5}, {"enum": [1, 9]}],
            10,
            ["v: must be at most 5 (got 10)", "v: must be one of 1, 9 (got 10)"],
        ),
        (
            [{"required": ["a"]}, {"dependencies": {"b": ["a", "c"]}}],
            {"b": 1},
            ["v.a: is required", "v.c: is required where 'b' is given"],
        ),
        (
            [
                {"properties": {"a": {"maximum": 5}}},
                {"dependencies": {"b": {"properties": {"a": {"maximum": 3}}}}},
            ],
            {"a": 9, "b": 1},
            ["v.a: must be at most 5 (got 9)", "v.a: must be at most 3 where 'b' is given (got 9)"],
        ),
        (
            [{"additionalProperties": False}, {"additionalProperties": {"type": "string"}}],
            {"a": 1},
            ["v.a: is not a known key"],
        ),
        (
            [{"anyOf": [{"type": "string"}]}, {"anyOf": [{"type": "string"}]}],
            1,
            ["v: must be text (got 1)"],
        ),
    ],
)
@pytest.mark.parametrize("is_reversed", [False, True])
def test_what_is_asked_twice_is_told_once(
    class_of: ClassOf, schemas: list[Any], value: Any, lines: list[str], is_reversed: bool
) -> None:
    parts = schemas[::-1] if is_reversed else schemas
    assert sorted(said(class_of, DRAFT_7, {"allOf": parts}, value)) == sorted(lines)
