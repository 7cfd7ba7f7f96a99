"""Forms of schemas: which field shows what, what the browser checks, what no form can express."""

from __future__ import annotations

import html
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError
from brevetti_gen.forms.untouched import untouched_model
from brevetti_gen.load import load_package
from brevettiai.form.placing import MAX_FIELDS, FormTooLarge
from brevettiai.interfaces.vue_schema_utils import (
    VueSettingsModule,
    apply_schema_to_model,
    parse_settings_args,
)
from brevettiai.settings import Settings, SettingsError

_NUMBERS = itertools.count()
ClassOf = Callable[[dict[str, Any]], type[Settings]]


@pytest.fixture
def class_of(tmp_path: Path) -> ClassOf:
    """Makes the root class of a schema."""

    def make(schema: dict[str, Any]) -> type[Settings]:
        path = tmp_path / f"schema_{next(_NUMBERS)}.json"
        path.write_text(json.dumps(schema))
        cls = load_package([path]).classes[0].cls
        assert cls is not None
        return cls

    return make


def entries(cls: type[Settings]) -> list[dict[str, Any]]:
    return list(cls.get_schema().schema["fields"])


def the_field(class_of: ClassOf, schema: dict[str, Any], **root: Any) -> dict[str, Any]:
    """The field of a property `x` with this schema, without what every field has."""
    (field,) = the_fields(class_of, schema, **root)
    return field


def the_fields(class_of: ClassOf, *schemas: dict[str, Any], **root: Any) -> list[dict[str, Any]]:
    """The same of several properties."""
    names = ["x", *(f"x{number}" for number in range(2, len(schemas) + 1))]
    cls = class_of({"type": "object", "properties": dict(zip(names, schemas, strict=True)), **root})
    fields = entries(cls)
    for field, name in zip(fields, names, strict=True):
        assert field.pop("model") == name
        assert field.pop("label") == name.upper()
        if field["required"] is False:
            del field["required"]
    return fields


NUMBER = {"type": "input", "inputType": "number"}
TEXT = {"type": "input", "inputType": "text"}


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        (
            {"type": "integer", "minimum": 1, "maximum": 9, "default": 5},
            {**NUMBER, "min": 1, "max": 9, "step": 1, "default": 5, "validator": ["integer"]},
        ),
        (
            {"type": "integer", "exclusiveMinimum": 1, "maximum": 9.5},
            {**NUMBER, "min": 2, "max": 9, "step": 1},
        ),
        (
            {"type": "number", "exclusiveMinimum": 0, "default": 0.5},
            {
                **NUMBER,
                "min": 0,
                "step": "any",
                "hint": "More than 0",
                "default": 0.5,
                "validator": ["number"],
            },
        ),
        # An emptied number is an invalid one to the library: with a validator there is no way back.
        ({"type": "number"}, {**NUMBER, "step": "any"}),
        (
            {"type": ["integer", "null"], "minimum": 1, "default": 3},
            {**NUMBER, "min": 1, "step": 1, "default": 3},
        ),
        (
            {"type": "number", "multipleOf": 0.5, "maximum": 2},
            {**NUMBER, "max": 2, "step": 0.5, "hint": "A multiple of 0.5"},
        ),
        # No field leaves out a limit itself, so the next number that can be reached is the limit.
        (
            {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "multipleOf": 0.1},
            {**NUMBER, "min": 0.1, "max": 0.9, "step": 0.1, "hint": "A multiple of 0.1"},
        ),
        (
            {"type": "integer", "minimum": 1, "exclusiveMaximum": 12, "multipleOf": 1.5},
            {**NUMBER, "min": 3, "max": 9, "step": 1.5, "hint": "A multiple of 1.5"},
        ),
        (
            {"allOf": [{"type": "number", "minimum": 0}, {"minimum": 3, "maximum": 8}]},
            {**NUMBER, "min": 3, "max": 8, "step": "any"},
        ),
        (
            {"type": "string", "minLength": 2, "maxLength": 8, "pattern": "^a"},
            {
                **TEXT,
                "min": 2,
                "max": 8,
                "maxlength": 8,
                "pattern": "^a",
                "validator": ["string", "regexp"],
            },
        ),
        # JavaScript without its flag `u` means something else by this pattern.
        ({"type": "string", "pattern": "^\\p{L}"}, TEXT),
        (
            {"type": "string", "maxLength": 2000},
            {"type": "textArea", "rows": 4, "max": 2000, "validator": ["string"]},
        ),
        ({"type": "string", "default": "a\nb"}, {"type": "textArea", "rows": 4, "default": "a\nb"}),
        ({"type": "string", "format": "email"}, {**TEXT, "inputType": "email"}),
        ({"type": "string", "format": "uri"}, {**TEXT, "inputType": "url"}),
        (
            {"type": "string", "format": "date"},
            {**TEXT, "inputType": "date", "format": "YYYY-MM-DD"},
        ),
        # What a picker cannot show stays text, and times with offsets are such.
        ({"type": "string", "format": "date", "default": "today"}, {**TEXT, "default": "today"}),
        ({"type": "string", "format": "date-time"}, TEXT),
        (
            {"type": "string", "format": "color", "default": "#00ff00"},
            {**TEXT, "inputType": "color", "default": "#00ff00"},
        ),
        ({"type": "string", "format": "color"}, TEXT),
        (
            {"type": "string", "format": "password", "default": "x"},
            {**TEXT, "inputType": "password"},
        ),
        ({"type": "string", "examples": ["s3://x"]}, {**TEXT, "placeholder": "s3://x"}),
        ({"type": "string", "readOnly": True}, {**TEXT, "readonly": True}),
        ({"type": "boolean", "readOnly": True}, {"type": "checkbox", "disabled": True}),
        ({"type": "string", "deprecated": True}, {**TEXT, "hint": "Deprecated"}),
        ({"type": "boolean", "default": True}, {"type": "checkbox", "default": True}),
        ({"type": ["boolean", "null"]}, {"type": "select", "values": [True, False]}),
        ({"enum": ["a", "b", None]}, {"type": "select", "values": ["a", "b"]}),
        ({"enum": [1, 2.5], "default": 1}, {"type": "select", "values": [1, 2.5], "default": 1}),
        (
            {"oneOf": [{"const": "a", "title": "Alpha"}, {"const": "b"}]},
            {"type": "select", "values": [{"id": "a", "name": "Alpha"}, "b"]},
        ),
        (
            {"enum": ["a", ["b"]], "default": ["b"]},
            {"type": "select", "values": ['"a"', '["b"]'], "isJson": True, "default": '["b"]'},
        ),
        # To the library 1 and "1" are one choice.
        ({"enum": [1, "1"]}, {"type": "select", "values": ["1", '"1"'], "isJson": True}),
        (
            {"type": "array", "items": {"enum": ["r", "g"]}, "maxItems": 1, "default": ["r"]},
            {
                "type": "checklist",
                "listBox": True,
                "values": ["r", "g"],
                "max": 1,
                "default": ["r"],
                "validator": ["array"],
            },
        ),
        (
            {"type": "array", "items": {"oneOf": [{"const": "r", "title": "Red"}]}},
            {"type": "checklist", "listBox": True, "values": [{"value": "r", "name": "Red"}]},
        ),
    ],
)
def test_each_kind_of_property_has_its_field(
    schema: dict[str, Any], field: dict[str, Any], class_of: ClassOf
) -> None:
    assert the_field(class_of, schema) == field


OPTIONAL = [
    {"type": "integer", "minimum": 1, "maximum": 9},
    {"enum": ["a", "b"]},
    {"oneOf": [{"const": "a", "title": "Alpha"}, {"const": "b"}]},
    {"type": "string", "format": "email", "maxLength": 20, "pattern": "^x"},
    {"type": "array", "items": {"enum": ["r", "g"]}, "maxItems": 1},
    {"type": "array", "items": {"type": "number"}},
    {"type": "boolean", "x-form": {"set": {"type": "select"}}},
    {"$ref": "#/$defs/Size"},
]


@pytest.mark.parametrize("schema", OPTIONAL)
def test_what_may_be_null_has_the_field_of_what_it_is_else(
    schema: dict[str, Any], class_of: ClassOf
) -> None:
    sizes = {"$defs": {"Size": {"enum": ["small", "large"]}}}
    optional: list[dict[str, Any]] = [
        {keyword: alternatives}
        for keyword in ("anyOf", "oneOf")
        for null in ({"type": "null"}, {"const": None}, {"enum": [None]})
        for alternatives in ([schema, null], [null, schema], [{keyword: [schema, null]}])
    ]
    usual, *others = the_fields(class_of, schema, *optional, **sizes)
    usual["hint"] = (
        usual["hint"].replace(". Example", " or null. Example") if "hint" in usual else None
    )
    for said, found in zip(optional, others, strict=True):
        assert {"hint": None, **found} == usual, said


def test_alternatives_of_constants_are_choices(class_of: ClassOf) -> None:
    either = {"anyOf": [{"enum": ["a"]}, {"const": "b", "title": "Beta"}, {"enum": ["c", "a"]}]}
    assert the_field(class_of, {"oneOf": [either, {"type": "null"}]}) == {
        "type": "select",
        "values": ["a", {"id": "b", "name": "Beta"}, "c"],
    }


@pytest.mark.parametrize(
    ("schema", "field"),
    [
        ({"const": "x"}, {**TEXT, "default": "x", "readonly": True}),
        ({"const": 3}, {**NUMBER, "default": 3, "readonly": True}),
        ({"const": True}, {"type": "checkbox", "default": True, "disabled": True}),
        ({"enum": [["x"]]}, {**TEXT, "isJson": True, "default": '["x"]', "readonly": True}),
        (
            {"oneOf": [{"const": "x", "title": "The X"}]},
            {**TEXT, "hint": "The X", "default": "x", "readonly": True},
        ),
    ],
)
def test_a_constant_is_shown_and_no_choice(
    schema: dict[str, Any], field: dict[str, Any], class_of: ClassOf
) -> None:
    assert the_field(class_of, schema, required=["x"]) == field
    cls = class_of({"type": "object", "properties": {"x": schema}, "required": ["x"]})
    untouched = {"x": field["default"]}
    assert cls.from_settings(untouched).get_settings() == untouched


def test_a_constant_that_may_be_absent_is_a_choice(class_of: ClassOf) -> None:
    assert the_field(class_of, {"const": True}) == {"type": "select", "values": [True]}


def test_what_is_required_opens_with_its_default(class_of: ClassOf) -> None:
    part = {"type": "object", "properties": {"n": {"type": "integer"}}, "default": {"n": 4}}
    properties = {"part": part, "x": {"enum": ["a", "b"], "default": "b"}}
    cls = class_of({"type": "object", "properties": properties, "required": ["part", "x"]})
    shown = {e["model"]: e.get("default") for e in entries(cls) if "model" in e}
    assert shown == {"x": "b", "part.n": 4}


def test_a_text_area_shows_its_default_up_to_12_rows(class_of: ClassOf) -> None:
    for length, rows in ((1, 4), (4, 6), (9, 11), (40, 12)):
        schema = {"type": "array", "items": {"type": "integer"}, "default": [7] * length}
        assert the_field(class_of, schema)["rows"] == rows
    inner = {"type": "object", "properties": {"list": {"type": "array"}}}
    whole = {**inner, "default": {"list": [1, 2, 3, 4]}}
    cls = class_of({"type": "object", "properties": {"a": whole}})
    assert entries(cls)[1]["rows"] == 6


LIST = {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3}


def test_each_item_of_a_list_of_fixed_length_has_a_field(class_of: ClassOf) -> None:
    mean = {**LIST, "title": "Mean", "description": "Per channel", "default": [0.5, 0.25, 1]}
    norm = {"type": "object", "properties": {"mean": mean}}
    cls = class_of({"type": "object", "properties": {"norm": norm}})
    fields = entries(cls)[1:]
    assert [(f["model"], f["label"], f["default"], f.get("help")) for f in fields] == [
        ("norm.mean[0]", "Mean 1", 0.5, "Per channel"),
        ("norm.mean[1]", "Mean 2", 0.25, None),
        ("norm.mean[2]", "Mean 3", 1, None),
    ]
    assert all(field["inputType"] == "number" for field in fields)
    for value in ([1, 2, 3], "[1, 2, 3]", {"0": 1, "1": "2", "2": 3}):
        settings = cls.from_settings({"norm": {"mean": value}})
        assert settings.get_config() == {"norm": {"mean": [1, 2, 3]}}
        assert settings.get_settings() == {"norm": {"mean": [1, 2, 3]}}
    for value in ([None] * 3, {"0": None}, "", "null", None):
        assert cls.from_settings({"norm": {"mean": value}}) == cls.from_config({})
    with pytest.raises(SettingsError, match=r"norm.mean\[1\]: .* from the field 'Mean 2'"):
        cls.from_settings({"norm": {"mean": {"0": 1, "2": 3}}})


def test_a_list_of_fixed_length_in_a_hand_written_module(class_of: ClassOf) -> None:
    properties = {"mean": {**LIST, "default": [0.5, 0.25, 1]}, "size": LIST}
    norm = class_of({"type": "object", "properties": properties})

    class Experiment(VueSettingsModule):
        def __init__(self, norm: Any, repeats: int = 3) -> None:
            self.norm, self.repeats = norm, repeats

    Experiment.__init__.__annotations__.update(norm=norm, repeats=int)
    experiment = Experiment.from_settings({"norm": {"mean": {"0": 1, "1": 2, "2": 3}}})
    assert experiment.norm.mean == [1, 2, 3]
    again = Experiment.from_settings(experiment.get_settings())
    assert again.get_config() == experiment.get_config()
    # Who reads the form itself, as flags do, reads one list.
    form = Experiment.get_schema()
    assert apply_schema_to_model(form, {"norm": {"size": "[1, 2, 3]"}}) == {
        "norm": {"mean": [0.5, 0.25, 1], "size": [1, 2, 3]},
        "repeats": 3,
    }
    assert parse_settings_args(form, ["--norm.mean", "[1,2,3]"]) == {"norm": {"mean": [1, 2, 3]}}


@pytest.mark.parametrize(
    "schema",
    [
        {**LIST, "maxItems": 4},
        {**LIST, "minItems": 9, "maxItems": 9},
        {**LIST, "items": {"type": "string"}},  # emptied texts are texts
        {**LIST, "items": {"type": ["number", "null"]}},
        {**LIST, "items": {"type": "object"}},
        {**LIST, "items": {"type": "number", "writeOnly": True}},
        {**LIST, "writeOnly": True},
        {**LIST, "x-form": {"set": {"rows": 2}}},
        {**LIST, "x-form": {"set": {"type": "textArea"}}},
        {"type": "array", "prefixItems": [{"type": "number"}] * 2, "minItems": 2},
    ],
)
def test_other_lists_have_one_field(schema: dict[str, Any], class_of: ClassOf) -> None:
    assert the_field(class_of, schema)["isJson"] is True


def test_x_form_of_a_list_of_fixed_length(class_of: ClassOf) -> None:
    form = {"set": {"visible": False}, "items": [{"set": {"label": "Red"}}]}
    cls = class_of({"type": "object", "properties": {"x": {**LIST, "x-form": form}}})
    assert [(f["label"], f["visible"]) for f in entries(cls)] == [
        ("Red", False),
        ("X 2", False),
        ("X 3", False),
    ]


def test_a_default_of_the_whole_is_shown_at_the_items_of_lists(class_of: ClassOf) -> None:
    for own in ({}, {"default": [1, 2, 3]}):
        part = {"type": "object", "properties": {"x": {**LIST, **own}}}
        whole = {**part, "default": {"x": [7, 8, 9]}}
        cls = class_of({"type": "object", "properties": {"part": whole}})
        assert [f["default"] for f in entries(cls)[1:]] == [7, 8, 9]


def test_the_hint_of_a_union_names_what_tells_its_objects_apart(class_of: ClassOf) -> None:
    def branch(name: str, **properties: Any) -> dict[str, Any]:
        properties = {"name": {"const": name}, **properties}
        return {"type": "object", "required": ["name"], "properties": properties}

    rates = {"rate": {"type": "number"}}, {"rate": {"type": "string"}}
    union = {"anyOf": [branch("sgd", **rates[0]), branch("adam", **rates[1]), {"type": "null"}]}
    assert the_field(class_of, union)["hint"] == (
        'JSON: an object by its "name": "sgd" (with "rate") or "adam" (with "rate"); or null; '
        '"rate" is another thing in each. Example: {"name": "sgd"}'
    )


@pytest.mark.parametrize(
    ("schema", "hint"),
    [
        (
            {"type": "array", "items": {"type": "number"}},
            "JSON: a list of numbers. Example: [0.5, 1]",
        ),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}},
            'JSON: an object of whole numbers by name. Example: {"a": 1}',
        ),
        ({"type": ["integer", "string"]}, 'JSON: a text or a whole number. Example: "a"'),
        ({}, 'JSON: any value. Example: {"a": 1}'),
        (
            {"type": ["object", "null"], "properties": {"a": {}, "b": {}}},
            'JSON: an object with "a", "b" or null. Example: {"a": 1}',
        ),
        # Defaults of its fields would make an object that may be absent present.
        (
            {"type": "object", "properties": {"a": {"default": 1}, "b": {}}, "required": ["b"]},
            'JSON: an object with "a", "b". Example: {"b": 1}',
        ),
    ],
)
def test_what_no_field_can_hold_is_json_text_with_a_hint(
    schema: dict[str, Any], hint: str, class_of: ClassOf
) -> None:
    field = the_field(class_of, schema)
    assert field == {"type": "textArea", "rows": 4, "isJson": True, "hint": hint}


EXAMPLE = ". Example: "
STEP = {"type": "object", "properties": {"n": {"type": "integer", "default": 3}}}
WHOLES: list[tuple[dict[str, Any], Any]] = [
    ({"type": "array", "items": STEP, "default": [{}, {"n": 1}]}, [{"n": 3}, {"n": 1}]),
    ({"type": "object", "additionalProperties": STEP, "default": {"a": {}}}, {"a": {"n": 3}}),
    ({"type": "object", "properties": {"inner": STEP}, "default": {}}, {"inner": {"n": 3}}),
    ({"anyOf": [STEP, {"type": "null"}], "default": {"other": 1}}, {"other": 1}),
]


@pytest.mark.parametrize(("schema", "expected"), WHOLES)
def test_a_default_as_text_is_the_whole_of_it(
    schema: dict[str, Any], expected: Any, class_of: ClassOf
) -> None:
    form = {"x-form": {"set": {"type": "textArea"}}}
    own = {"type": "object", "properties": {"x": {**schema, **form}}}
    for root in (own, {"type": "object", "properties": {"part": {**own, "default": {}}}}):
        cls = class_of(root)
        field = entries(cls)[-1]
        assert json.loads(field["default"]) == expected
        assert field["rows"] == max(4, field["default"].count("\n") + 1)
        untouched = cls.from_settings(untouched_model(cls.get_schema().schema))
        assert untouched == cls.from_config({})


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"type": "array", "items": {"type": "integer"}, "examples": [[7]]}, [7]),
        ({"type": "array", "items": {"type": "integer", "minimum": 9}, "examples": [[7]]}, [10]),
        ({"type": "array", "items": {"type": "integer"}, "default": [3, 4]}, [3, 4]),
        ({"type": "array", "items": {"type": "integer"}, "default": []}, [1, 2]),
        ({"type": "array", "items": {}, "default": [1] * 50}, [1, "a"]),
        ({"type": "array", "items": {"type": "string", "minLength": 3}, "minItems": 4}, None),
        ({"type": "array", "items": {"type": "string", "minLength": 3}}, ["abc"]),
        ({"type": "array", "prefixItems": [{"enum": ["px"]}, {"type": "number"}]}, ["px", 1]),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, {"a": True}),
        ({"type": ["object", "null"], "properties": STEP["properties"]}, {"n": 3}),
        ({"type": "array", "items": {"type": "string", "pattern": "^[0-9]{9}$"}}, None),
    ],
)  # fmt: skip
def test_a_hint_has_an_example_that_is_valid(
    schema: dict[str, Any], example: Any, class_of: ClassOf
) -> None:
    told, _, text = the_field(class_of, schema)["hint"].partition(EXAMPLE)
    assert told.startswith("JSON: ")
    assert (json.loads(text) if text else None) == example
    if text:
        cls = class_of({"type": "object", "properties": {"x": schema}})
        assert cls.from_settings({"x": text}).get_config() == {"x": example}


def test_the_examples_of_all_kinds_load() -> None:
    top = Path(__file__).parents[2]
    for path in (top / "schemas", top / "tests" / "browser" / "every_kind.schema.json"):
        for loaded in load_package([path]).classes:
            cls = loaded.cls
            for field in [] if cls is None else entries(cls):
                text = html.unescape(field.get("hint", "")).partition(EXAMPLE)[2]
                model: Any = text or None
                for step in reversed(field.get("model", "").split(".")):
                    model = {step: model}
                if cls is not None and text:
                    cls.from_settings(model)


def test_no_secret_is_an_example(class_of: ClassOf) -> None:
    key = {"type": "string", "writeOnly": True}
    keys = {"type": "array", "items": {"type": "object", "properties": {"key": key}}}
    given = {**keys, "default": [{"key": "hunter2"}], "examples": [[{"key": "hunter3"}]]}
    field = the_field(class_of, given)
    assert "hunter" not in json.dumps(field)
    assert EXAMPLE not in field["hint"]


def test_a_json_default_is_text(class_of: ClassOf) -> None:
    field = the_field(class_of, {"type": "array", "items": {"type": "number"}, "default": [1, 2]})
    assert json.loads(field["default"]) == [1, 2]


def test_whole_numbers_that_javascript_would_change_are_text(class_of: ClassOf) -> None:
    field = the_field(class_of, {"type": "integer", "default": 2**53 + 1})
    assert field["type"] == "input"
    assert field["isJson"] is True
    assert field["default"] == "9007199254740993"


def test_what_an_untouched_field_shows_is_what_is_meant(class_of: ClassOf) -> None:
    cls = class_of(
        {
            "type": "object",
            "required": ["flag", "tags", "kind"],
            "properties": {
                "flag": {"type": "boolean"},
                "tags": {"type": "array", "items": {"enum": ["r", "g"]}},
                "kind": {"const": "adam"},
            },
        }
    )
    untouched = {field["model"]: field.get("default") for field in entries(cls)}
    assert untouched == {"flag": False, "tags": [], "kind": "adam"}
    assert cls.from_settings(untouched).get_config() == untouched


def test_nested_classes_are_headings_with_dotted_models(class_of: ClassOf) -> None:
    inner = {"type": "object", "properties": {"c": {"type": "number", "default": 1}}}
    cls = class_of(
        {
            "type": "object",
            "properties": {
                "a": {
                    "title": "Part A",
                    "description": "What it is for",
                    "type": "object",
                    "properties": {"b": inner, "d": {"type": "boolean", "default": False}},
                }
            },
        }
    )
    assert [(e["type"], e.get("model") or e["tag"], e["label"]) for e in entries(cls)] == [
        ("label", "a", "Part A"),
        ("checkbox", "a.d", "D"),  # before what would be read as its heading
        ("label", "a.b", "B"),
        ("input", "a.b.c", "C"),
    ]
    assert entries(cls)[0]["help"] == "What it is for"
    below = cls.get_schema("top.part").schema["fields"]
    assert [e.get("model") or e["tag"] for e in below] == [
        "top.part.a",
        "top.part.a.d",
        "top.part.a.b",
        "top.part.a.b.c",
    ]


def test_a_default_of_the_whole_is_shown_at_its_fields(class_of: ClassOf) -> None:
    inner = {"type": "object", "properties": {"c": {"type": "number", "default": 1}}}
    properties = {"b": inner, "d": {"type": "number", "default": 4}}
    whole = {"type": "object", "properties": properties, "default": {"b": {"c": 7}}}
    cls = class_of({"type": "object", "properties": {"a": whole}})
    shown = {e["model"]: e["default"] for e in entries(cls) if "model" in e}
    assert shown == {"a.b.c": 7, "a.d": 4}
    assert cls.from_config({}).get_config() == {"a": {"b": {"c": 7}, "d": 4}}


def test_texts_are_escaped_for_a_library_that_takes_them_for_html(class_of: ClassOf) -> None:
    schema = {"title": "List<int> & Co", "description": "<script>", "type": "integer"}
    cls = class_of({"type": "object", "properties": {"x": schema}})
    (field,) = entries(cls)
    assert field["label"] == "List&lt;int&gt; &amp; Co"
    assert field["help"] == "&lt;script&gt;"


def test_no_two_fields_have_one_id(class_of: ClassOf) -> None:
    part = {"type": "object", "properties": {"n": {"title": "Size", "type": "integer"}}}
    cls = class_of(
        {
            "type": "object",
            "properties": {
                "a": part,
                "b": part,
                "size": {"type": "integer"},
                "x": {"title": "名前", "type": "integer"},
            },
        }
    )
    ids = {e.get("model") or e["tag"]: e.get("id") for e in entries(cls)}
    assert ids == {"a": None, "a.n": "a-n", "b": None, "b.n": "b-n", "size": None, "x": "x"}


def test_x_form_changes_any_field(class_of: ClassOf) -> None:
    changed = {"set": {"rows": 9, "visible": False}, "omit": ["required"], "order": ["model"]}
    cls = class_of(
        {
            "type": "object",
            "properties": {
                "x": {"type": "string", "maxLength": 900, "x-form": changed},
                "y": {"enum": ["a"], "x-form": {"set": {"type": "radios"}}},
                "z": {
                    "type": "object",
                    "properties": {"q": {"type": "integer", "default": 3}},
                    "x-form": {"set": {"type": "textArea"}},
                },
                "part": {
                    "type": "object",
                    "properties": {},
                    "additionalProperties": False,
                },
            },
        }
    )
    x, y, z, _ = entries(cls)
    assert next(iter(x)) == "model"
    assert (x["rows"], x["visible"], "required" in x) == (9, False, False)
    assert (y["type"], y["values"]) == ("radios", ["a"])
    assert (z["type"], z["isJson"]) == ("textArea", True)
    assert cls.from_settings({"z": '{"q": 5}'}).get_config()["z"] == {"q": 5}
    assert json.loads(cls.from_config({"z": {"q": 5}}).get_settings()["z"]) == {"q": 5}


def test_radios_get_the_choices_in_their_shape(class_of: ClassOf) -> None:
    titled = {"oneOf": [{"const": 1, "title": "One"}], "x-form": {"set": {"type": "radios"}}}
    field = the_field(class_of, titled)
    assert field["values"] == [{"value": 1, "name": "One"}]


def test_added_properties_of_an_imported_form_come_behind_their_neighbours(
    class_of: ClassOf,
) -> None:
    heading = {"type": "label", "label": "Data"}
    cls = class_of(
        {
            "type": "object",
            "properties": {
                "first": {"type": "integer"},
                "new": {"type": "integer"},
                "last": {"type": "integer"},
                "part": {"type": "object", "properties": {"x": {"type": "integer"}}},
            },
            "x-form": {"entries": ["last", heading, "first"], "document": {"fields": 3}},
        }
    )
    shown = [e.get("model") or e.get("tag") or e["label"] for e in entries(cls)]
    assert shown == ["last", "part", "part.x", "Data", "first", "new"]


def test_a_class_inside_itself_ends_the_form(class_of: ClassOf) -> None:
    node = {
        "type": "object",
        "properties": {"value": {"type": "integer"}, "next": {"$ref": "#/$defs/Node"}},
    }
    cls = class_of({"$defs": {"Node": node}, "$ref": "#/$defs/Node"})
    shown = {e.get("model"): e["type"] for e in entries(cls)}
    assert shown == {
        "value": "input",
        None: "label",
        "next.value": "input",
        "next.next": "textArea",
    }


def test_a_form_without_end_is_refused_in_bounded_time(class_of: ClassOf) -> None:
    levels = {
        f"L{n}": {
            "type": "object",
            "required": ["a", "b"],
            "properties": {
                "a": {"$ref": f"#/$defs/L{n + 1}"},
                "b": {"$ref": f"#/$defs/L{n + 1}"},
            },
        }
        for n in range(40)
    }
    end = {"type": "object", "required": ["x"], "properties": {"x": {"type": "integer"}}}
    levels["L40"] = end
    cls = class_of({"$defs": levels, "$ref": "#/$defs/L0"})
    with pytest.raises(FormTooLarge, match=f"more than {MAX_FIELDS:,} fields"):
        cls.get_schema()


def warnings_of(tmp_path: Path, schema: dict[str, Any]) -> list[str]:
    path = tmp_path / "linted.json"
    path.write_text(json.dumps(schema))
    return [problem.message for problem in load_package([path]).warnings]


@pytest.mark.parametrize(
    ("x_form", "message"),
    [
        ({"rows": 5}, "x-form has no 'rows', so it is passed over"),
        ({"omit": "x"}, "'omit' of x-form must be a list of names"),
        ({"set": []}, "'set' of x-form must be an object, so it is passed over"),
        (5, "x-form must be an object"),
        ({"set": {"model": "y"}}, "the model of a field is the property's path, whatever x-fo"),
        ({"set": {"values": ["a", "b"]}}, "the form of 'x' offers 'b', which the schema refuses"),
        ({"set": {"type": "Radios"}}, "the form library has no type 'Radios': nothing is drawn"),
    ],
)
def test_lint_of_x_form(x_form: Any, message: str, tmp_path: Path) -> None:
    prop = {"enum": ["a"], "x-form": x_form}
    (found,) = warnings_of(tmp_path, {"type": "object", "properties": {"x": prop}})
    assert found.startswith(message)


def test_lint_of_entries(tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "properties": {"x": {"type": "integer"}},
        "x-form": {"entries": ["x", "y"], "document": {"fields": 2}},
    }
    (found,) = warnings_of(tmp_path, schema)
    assert found == "there is no field 'y', so the form leaves this entry out"


def test_lint_of_entries_of_a_union_and_of_no_property(tmp_path: Path) -> None:
    def kind(name: str, **properties: Any) -> dict[str, Any]:
        required, x_form = ["kind"], {"entries": []}
        found = {"kind": {"const": name}, **properties}
        return {"type": "object", "properties": found, "required": required, "x-form": x_form}

    kinds = [kind("a", x={"type": "integer"}), kind("b")]
    entries = ["u", "u.kind", "u.a", "u.x", "u.y", "u.x", {"type": "lable", "label": "L"}]
    schema = {
        "type": "object",
        "properties": {"u": {"oneOf": kinds, "default": {"kind": "b"}}},
        "x-form": {"entries": entries},
    }
    assert warnings_of(tmp_path, schema) == [
        *["x-form has no 'entries', so it is passed over"] * 2,
        "there is no field 'u.y', so the form leaves this entry out",
        "'u.x' is listed before, so the form has two fields of one setting",
        "the form library has no type 'lable': nothing is drawn",
    ]


def test_lint_of_entries_listed_twice(tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "properties": {"x": {"type": "integer"}},
        "x-form": {"entries": ["x", "x"]},
    }
    (found,) = warnings_of(tmp_path, schema)
    assert found == "'x' is listed before, so the form has two fields of one setting"


def test_titles_of_true_and_false_are_shown(class_of: ClassOf) -> None:
    titled = [{"const": True, "title": "Yes"}, {"const": False, "title": "No"}]
    field = the_field(class_of, {"oneOf": titled})
    names = [{"id": True, "name": "Yes"}, {"id": False, "name": "No"}]
    assert field == {"type": "select", "values": names}


def test_presets_must_fit_the_schema(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    schema = {"type": "object", "properties": {"x": {"type": "integer", "maximum": 5}}}
    path.write_text(json.dumps({**schema, "x-presets": {"high": {"x": 9}}}))
    with pytest.raises(GenerationError, match="preset 'high' does not fit: x: must be at most"):
        load_package([path])


def test_a_preset_of_what_no_property_is_is_told(tmp_path: Path) -> None:
    inner = {"type": "object", "properties": {"epochs": {"type": "integer"}}}
    schema = {
        "type": "object",
        "properties": {"training": inner, "free": {"type": "object"}},
        "x-presets": {"Quick": {"training": {"epoch": 2}, "free": {"any": 1}}},
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps(schema))
    (warning,) = load_package([path]).warnings
    assert warning.message == "the preset 'Quick' sets 'training.epoch', which no property is"
    assert warning.hint == "did you mean 'epochs'?"


def test_an_added_field_gets_an_id_that_no_imported_field_has(class_of: ClassOf) -> None:
    cls = class_of(
        {
            "type": "object",
            "properties": {
                "old": {"type": "integer", "title": "Size"},
                "new": {"type": "integer", "title": "Size"},
                "named": {"type": "integer", "x-form": {"set": {"id": "mine"}}},
            },
            "x-form": {"entries": ["old"], "document": {"fields": 1}},
        }
    )
    ids = {entry["model"]: entry.get("id") for entry in entries(cls)}
    assert ids == {"old": None, "new": "new", "named": "mine"}


def test_added_properties_stay_in_the_group_of_their_neighbours(class_of: ClassOf) -> None:
    cls = class_of(
        {
            "type": "object",
            "properties": {name: {"type": "integer"} for name in ("a", "new", "b", "c")},
            "x-form": {
                "entries": ["a", "gone", "b", "c"],
                "document": {
                    "groups": [{"legend": "One", "fields": 2}, {"fields": 2, "legend": "Two"}]
                },
            },
        }
    )
    document = cls.get_schema().schema
    groups = [
        (group["legend"], [field["model"] for field in group["fields"]])
        for group in document["groups"]
    ]
    assert groups == [("One", ["a", "new"]), ("Two", ["b", "c"])]
    assert list(document) == ["groups"]


def test_a_form_is_the_callers_own(class_of: ClassOf) -> None:
    cls = class_of(
        {
            "type": "object",
            "properties": {"x": {"enum": ["a", "b"]}},
            "x-form": {"entries": ["x", {"type": "label", "styles": []}], "document": {"tags": []}},
        }
    )
    before = json.dumps(cls.get_schema().schema)
    changed = cls.get_schema().schema
    changed["fields"][0]["values"].append("c")
    changed["fields"][1]["styles"].append("wide")
    changed["tags"].append("new")
    assert json.dumps(cls.get_schema().schema) == before


@pytest.mark.parametrize(
    "document",
    [
        {"fields": None},
        {"fields": []},
        {"fields": 1.5},
        {"fields": -1},
        {"groups": [{"fields": {}}]},
        {"presets": {"empty": []}},
    ],
)
def test_a_layout_that_cannot_be_is_told_and_left(document: Any, tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "properties": {"x": {"type": "integer"}},
        "x-form": {"document": document},
    }
    path = tmp_path / "laid_out.json"
    path.write_text(json.dumps(schema))
    loaded = load_package([path])
    (warning,) = loaded.warnings
    assert "must say how many entries each list of fields has" in warning.message
    cls = loaded.classes[0].cls
    assert cls is not None
    assert [field["model"] for field in entries(cls)] == ["x"]


def test_limits_of_draft_4_are_excluded_only_beside_their_boolean(class_of: ClassOf) -> None:
    schema = {
        "type": "number",
        "minimum": 1,
        "exclusiveMinimum": True,
        "allOf": [{"minimum": 3}],
    }
    field = the_field(class_of, schema, **{"$schema": "http://json-schema.org/draft-04/schema#"})
    assert field == {**NUMBER, "min": 3, "step": "any"}


def test_keywords_beside_a_reference_that_do_not_count_are_not_in_the_form(
    class_of: ClassOf,
) -> None:
    schema = {"$ref": "#/definitions/text", "pattern": "^a"}
    field = the_field(
        class_of,
        schema,
        **{
            "$schema": "http://json-schema.org/draft-07/schema#",
            "definitions": {"text": {"type": "string", "pattern": "^b"}},
        },
    )
    assert field["pattern"] == "^b"


def test_what_lies_in_a_secret_is_one_too(class_of: ClassOf) -> None:
    account = {
        "type": "object",
        "writeOnly": True,
        "properties": {"pin": {"type": "integer", "default": 1234}, "keys": {"type": "array"}},
        "default": {"pin": 4321},
    }
    cls = class_of({"type": "object", "properties": {"account": account}})
    assert all("default" not in field for field in entries(cls))
    with pytest.raises(SettingsError) as caught:
        cls.from_settings({"account": {"keys": '["hunter2'}})
    assert "hunter2" not in str(caught.value)


def test_the_default_of_what_must_be_given_is_proposed(tmp_path: Path) -> None:
    net = {"type": "object", "properties": {"depth": {"type": "integer"}}, "default": {"depth": 5}}
    properties = {
        "epochs": {"type": "integer", "default": 20},
        "net": net,
        "unfit": {"type": "integer", "default": "many"},
        "key": {"type": "string", "writeOnly": True, "default": "secret"},
    }
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(schema))
    (loaded,) = load_package([path]).classes
    assert loaded.cls is not None
    fields = loaded.cls.get_schema().schema["fields"]
    assert {f["model"]: f["default"] for f in fields if "default" in f} == {
        "epochs": 20,
        "net.depth": 5,
    }
    assert "[required; proposed: 20]" in loaded.cls.format_help()
    with pytest.raises(SettingsError, match="epochs: is required"):
        loaded.cls.from_config({})
