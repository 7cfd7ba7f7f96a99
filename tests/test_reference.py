"""The reference interpreter, by a hand-made case for each sentence of law 3."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_sizes import scaled
from reference import attributes_config, expected_config, json_equal, valid
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from strategies import configs, schemas

SUB = {"type": "object", "properties": {"x": {"type": "integer", "default": 1}}}


def schema_of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


# The verdict


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_json_cannot_say_is_valid_nowhere(number: float) -> None:
    assert not valid(True, number)
    assert not valid(True, {"deep": [number]})


def test_the_draft_decides() -> None:
    beside = {"$ref": "#/definitions/any", "type": "string", "definitions": {"any": {}}}
    assert valid({"$schema": "http://json-schema.org/draft-07/schema#", **beside}, 5)
    assert not valid({"$schema": "https://json-schema.org/draft/2020-12/schema", **beside}, 5)


def test_references_lead_into_the_registry() -> None:
    registry = Registry().with_resource("urn:c", DRAFT202012.create_resource({"$defs": {"n": SUB}}))
    schema = schema_of(a={"$ref": "urn:c#/$defs/n"})
    assert valid(schema, {"a": {"x": 2}}, registry)
    assert not valid(schema, {"a": {"x": "2"}}, registry)
    assert expected_config(schema, {}, registry) == {"a": {"x": 1}}


def test_formats_are_annotations() -> None:
    assert valid({"format": "ipv4"}, "no address")


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        (1, 1.0, True),
        (True, 1, False),
        ([0], [False], False),
        ({"a": 1, "b": 2}, {"b": 2.0, "a": 1}, True),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ([1], [1, 2], False),
        ("1", 1, False),
    ],
)
def test_json_equality(a: Any, b: Any, equal: bool) -> None:
    assert json_equal(a, b) is equal


# "c is judged as given, then filled."


def test_a_missing_required_property_is_missed_even_with_a_default() -> None:
    schema = {**schema_of(a={"default": 1}), "required": ["a"]}
    assert not valid(schema, {})
    assert expected_config(schema, {"a": 2}) == {"a": 2}


def test_given_values_stay() -> None:
    assert expected_config(schema_of(a={"default": 1}), {"a": None, "b": 3}) == {"a": None, "b": 3}


def test_the_config_is_copied() -> None:
    config = {"a": {"x": [1]}}
    filled = expected_config(schema_of(a=SUB), config)
    assert filled == config
    assert filled["a"] is not config["a"]


# "Only what applies unconditionally fills: the class's own properties, through $ref and allOf"


def test_properties_of_allof_and_references_fill() -> None:
    schema = {
        "$ref": "#/$defs/base",
        "allOf": [schema_of(b={"default": 2})],
        "properties": {"c": {"default": 3}},
        "$defs": {"base": schema_of(a={"default": 1})},
    }
    assert expected_config(schema, {}) == {"a": 1, "b": 2, "c": 3}


@pytest.mark.parametrize(
    "condition",
    [
        {"anyOf": [schema_of(b={"default": 2})]},
        {"oneOf": [schema_of(b={"default": 2})]},
        {"if": True, "then": schema_of(b={"default": 2})},
        {"if": schema_of(b={"default": 2})},
        {"not": {"properties": {"b": {"default": 2}}, "required": ["b"]}},
        {"dependentSchemas": {"a": schema_of(b={"default": 2})}},
        {"patternProperties": {"^b$": {"default": 2}}},
        {"additionalProperties": {"default": 2}},
    ],
    ids=lambda condition: next(iter(condition)),
)
def test_conditional_properties_do_not_fill(condition: dict[str, Any]) -> None:
    assert expected_config({**schema_of(a={"default": 1}), **condition}, {}) == {"a": 1}


def test_the_root_is_a_class_whose_alternatives_are_conditions() -> None:
    assert expected_config({"anyOf": [schema_of(a={"default": 1})]}, {}) == {}
    nested = schema_of(a={"$ref": "#/$defs/Union"})
    nested["$defs"] = {"Union": {"anyOf": [schema_of(b={"default": 1})]}}
    assert expected_config(nested, {"a": {}}) == {"a": {"b": 1}}


def test_a_document_is_a_class_where_it_is_referred_to() -> None:
    union = {"anyOf": [schema_of(b={"default": 1})]}
    registry = Registry().with_resource("urn:u", DRAFT202012.create_resource(union))
    schema = schema_of(a={"$ref": "urn:u"})
    assert expected_config(schema, {"a": {}}, registry) == {"a": {}}
    assert expected_config(schema, {}, registry) == {"a": {}}


# "An absent property gets its default (nearest wins …), filled in turn."


def test_the_nearest_default_wins() -> None:
    target = {"type": "integer", "default": 1}
    for place, expected in [
        ({"$ref": "#/$defs/n"}, 1),
        ({"$ref": "#/$defs/n", "default": 2}, 2),
        ({"allOf": [{"$ref": "#/$defs/n"}]}, 1),
        ({"allOf": [{"$ref": "#/$defs/n"}, {"default": 3}]}, 1),
        ({"allOf": [{"$ref": "#/$defs/n", "default": 3}], "default": 4}, 4),
    ]:
        schema = {**schema_of(a=place), "$defs": {"n": target}}
        assert expected_config(schema, {}) == {"a": expected}


def test_the_own_property_is_nearer_than_that_of_allof() -> None:
    schema = {"allOf": [schema_of(a={"default": 1})], "properties": {"a": {"default": 2}}}
    assert expected_config(schema, {}) == {"a": 2}


def test_annotations_beside_references_count_in_every_draft() -> None:
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "properties": {"a": {"$ref": "#/definitions/n", "default": 2}},
        "definitions": {"n": {"default": 1}},
    }
    assert expected_config(schema, {}) == {"a": 2}


def test_defaults_are_filled_in_turn() -> None:
    sub = {**SUB, "properties": {**SUB["properties"], "y": {"default": 2}}}
    assert expected_config(schema_of(a={**sub, "default": {"x": 7}}), {}) == {"a": {"x": 7, "y": 2}}
    items = {"type": "array", "items": SUB, "default": [{}]}
    assert expected_config(schema_of(a=items), {}) == {"a": [{"x": 1}]}


def test_null_is_a_default() -> None:
    assert expected_config(schema_of(a={"type": ["integer", "null"], "default": None}), {}) == {
        "a": None
    }


# "Else, if it is one settings class and {} is valid under it …, it gets that class's fill"


@pytest.mark.parametrize(
    ("place", "filled"),
    [
        (SUB, {"a": {"x": 1}}),
        ({"properties": SUB["properties"]}, {"a": {"x": 1}}),
        ({"allOf": [SUB]}, {"a": {"x": 1}}),
        ({**SUB, "required": ["x"]}, {}),
        ({**SUB, "minProperties": 1}, {}),
        ({**SUB, "type": ["object", "null"]}, {}),
        ({"anyOf": [SUB]}, {}),
        ({"anyOf": [SUB, {"type": "null"}]}, {}),
        ({"oneOf": [SUB]}, {}),
        ({"type": "object"}, {}),
        ({"type": "object", "additionalProperties": SUB}, {}),
        ({"type": "array", "items": SUB}, {}),
        ({"type": "integer"}, {}),
    ],
    ids=str,
)
def test_an_absent_settings_class_is_filled(place: Any, filled: Any) -> None:
    assert expected_config(schema_of(a=place), {}) == filled


def test_fills_go_all_the_way_down() -> None:
    assert expected_config(schema_of(a=schema_of(b=schema_of(c=SUB))), {}) == {
        "a": {"b": {"c": {"x": 1}}}
    }


# "A property through which its class can reach itself this way is never filled."


def test_a_class_is_not_filled_with_itself() -> None:
    schema = schema_of(next={"$ref": "#"}, n={"default": 1})
    assert expected_config(schema, {}) == {"n": 1}
    assert expected_config(schema, {"next": {}}) == {"n": 1, "next": {"n": 1}}


def test_no_property_of_a_cycle_is_filled() -> None:
    schema = {
        **schema_of(a={"$ref": "#/$defs/A"}),
        "$defs": {
            "A": schema_of(b={"$ref": "#/$defs/B"}, n={"default": 1}),
            "B": schema_of(a={"$ref": "#/$defs/A"}, m={"default": 2}),
        },
    }
    assert expected_config(schema, {}) == {"a": {"n": 1}}
    assert expected_config(schema, {"a": {"b": {}}}) == {"a": {"n": 1, "b": {"m": 2}}}


def test_a_default_that_leads_back_is_not_filled() -> None:
    nullable = {"anyOf": [{"$ref": "#"}, {"type": "null"}]}
    assert expected_config(schema_of(next={**nullable, "default": {}}), {}) == {}
    assert expected_config(schema_of(next={**nullable, "default": None}), {}) == {"next": None}
    listed = {"type": "array", "items": {"$ref": "#"}}
    assert expected_config(schema_of(all={**listed, "default": [{}]}), {}) == {}
    assert expected_config(schema_of(all={**listed, "default": []}), {}) == {"all": []}


def test_a_cycle_that_needs_something_given_is_none() -> None:
    schema = schema_of(next={"$ref": "#/$defs/A"})
    schema["$defs"] = {
        "A": {**schema_of(next={"$ref": "#/$defs/A"}, n={"type": "integer"}), "required": ["n"]}
    }
    assert expected_config(schema, {}) == {}
    assert expected_config(schema, {"next": {"n": 1}}) == {"next": {"n": 1}}


# "Attributes always hold the fill. get_config() writes it where the whole config is then valid"


@pytest.mark.parametrize(
    "keywords",
    [
        {"dependentRequired": {"a": ["b"]}},
        {"maxProperties": 0},
        {"not": {"required": ["a"]}},
        {"oneOf": [{"required": ["a"]}, {"not": {"required": ["b"]}}]},
    ],
    ids=lambda keywords: next(iter(keywords)),
)
def test_a_fill_that_would_make_the_config_invalid_is_not_written(keywords: dict[str, Any]) -> None:
    schema = {**schema_of(a={"default": 1}, b={}), **keywords}
    assert attributes_config(schema, {}) == {"a": 1}
    assert expected_config(schema, {}) == {}


def test_the_whole_config_decides() -> None:
    sub = {**SUB, "properties": {**SUB["properties"], "y": {}}, "dependentRequired": {"x": ["y"]}}
    schema = schema_of(a=sub, b={"default": 1})
    assert attributes_config(schema, {"a": {}}) == {"a": {"x": 1}, "b": 1}
    assert expected_config(schema, {"a": {}}) == {"a": {}}
    assert expected_config(schema, {"a": {"y": 2}}) == {"a": {"x": 1, "y": 2}, "b": 1}


# "A default that its own schema rejects is … not filled."


def test_a_rejected_default_is_not_filled() -> None:
    assert expected_config(schema_of(a={"type": "integer", "default": "1"}), {}) == {}
    assert expected_config(schema_of(a={**SUB, "default": None}), {}) == {}
    twice = {"allOf": [schema_of(a={"maximum": 3})], "properties": {"a": {"default": 4}}}
    assert expected_config(twice, {}) == {}


# Where values are loaded as classes, and so filled in turn


def test_objects_in_lists_and_maps_are_filled() -> None:
    listed = {"type": "array", "prefixItems": [True], "items": SUB}
    assert expected_config(schema_of(a=listed), {"a": [{}, {}]}) == {"a": [{}, {"x": 1}]}
    mapped = {"type": "object", "additionalProperties": SUB}
    assert expected_config(schema_of(a=mapped), {"a": {"k": {}}}) == {"a": {"k": {"x": 1}}}


def test_what_all_alternatives_declare_is_filled_where_it_is_given() -> None:
    first = {**schema_of(sub=SUB), "required": ["one"]}
    second = schema_of(sub={"type": "object", "properties": {"y": {"default": 2}}})
    schema = {"anyOf": [first, second]}
    assert expected_config(schema, {"one": 1, "sub": {}}) == {"one": 1, "sub": {"x": 1}}
    assert expected_config(schema, {}) == {}
    assert expected_config({"anyOf": [first, {}]}, {"sub": {}}) == {"sub": {}}


def test_extra_keys_are_filled_where_one_schema_says_what_they_are() -> None:
    schema = {**schema_of(a={}), "additionalProperties": SUB, "patternProperties": {"^p": SUB}}
    assert expected_config(schema, {"k": {}, "p": {}}) == {"k": {"x": 1}, "p": {"x": 1}}
    schema["patternProperties"] = {"^p": SUB, "p$": {"title": "another"}}
    assert expected_config(schema, {"k": {}, "p": {}}) == {"k": {}, "p": {}}
    assert expected_config({**schema_of(a={}), "allOf": [schema]}, {"k": {}}) == {"k": {}}


def test_values_of_other_types_stay() -> None:
    nullable = {**SUB, "type": ["object", "null"]}
    assert expected_config(schema_of(a=nullable), {"a": None}) == {"a": None}
    assert expected_config(schema_of(a=nullable), {"a": {}}) == {"a": {"x": 1}}


# "In overlapping unions the first accepting branch wins."

CAT = {**schema_of(kind={"const": "cat"}, lives={"default": 9}), "required": ["kind"]}
DOG = {**schema_of(kind={"const": "dog"}, tricks={"default": []}), "required": ["kind"]}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_the_branch_that_accepts_fills(keyword: str) -> None:
    schema = schema_of(pet={keyword: [CAT, DOG], "default": {"kind": "dog"}})
    assert expected_config(schema, {"pet": {"kind": "cat"}}) == {"pet": {"kind": "cat", "lives": 9}}
    assert expected_config(schema, {}) == {"pet": {"kind": "dog", "tricks": []}}


def test_the_first_accepting_branch_fills() -> None:
    first, second = schema_of(x={"default": 1}), schema_of(y={"default": 2})
    schema = schema_of(a={"anyOf": [{**first, "required": ["n"]}, second]})
    assert expected_config(schema, {"a": {}}) == {"a": {"y": 2}}
    assert expected_config(schema, {"a": {"n": 0}}) == {"a": {"n": 0, "x": 1}}


def test_lists_and_unions_in_unions() -> None:
    schema = schema_of(a={"anyOf": [{"anyOf": [CAT, DOG]}, {"type": "array", "items": CAT}]})
    cat = {"kind": "cat"}
    assert expected_config(schema, {"a": [cat]}) == {"a": [{**cat, "lives": 9}]}
    assert expected_config(schema, {"a": cat}) == {"a": {**cat, "lives": 9}}


def test_a_fill_that_would_change_the_branch_is_not_written() -> None:
    first = {"type": "object", "properties": {"y": {}}, "required": ["y"]}
    schema = schema_of(a={"anyOf": [first, schema_of(y={"default": 2})]})
    assert attributes_config(schema, {"a": {}}) == {"a": {"y": 2}}
    assert expected_config(schema, {"a": {}}) == {"a": {}}


def test_with_properties_of_its_own_a_place_is_one_class() -> None:
    schema = schema_of(a={**SUB, "anyOf": [schema_of(y={"default": 2}), {"required": ["z"]}]})
    assert expected_config(schema, {}) == {"a": {"x": 1}}


# What the interpreter must be, whatever the schema


@settings(max_examples=scaled(100), deadline=None)
@given(st.data())
def test_the_written_fill_is_valid_and_is_its_own_fill(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    config = data.draw(configs(schema).filter(lambda value: isinstance(value, dict)))
    assume(valid(schema, config))
    filled = expected_config(schema, config)
    assert valid(schema, filled)
    assert json_equal(expected_config(schema, filled), filled)
    assert config.keys() <= filled.keys()
