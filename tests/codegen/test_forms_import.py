"""What a form's fields become in the JSON Schema: guesses that never refuse what the form holds."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.compile.judge import judge_of
from brevetti_gen.forms.importing import Imported, schema_of_form
from brevetti_gen.forms.untouched import untouched_model
from brevetti_gen.load import load_package
from brevetti_gen.read.document import Document, read
from brevetti_gen.read.find import find
from hypothesis import given, settings
from hypothesis import strategies as st
from random_forms import forms
from random_sizes import scaled

_NUMBERS = itertools.count()


def imported(tmp_path: Path, form: Any, **options: Any) -> Imported:
    path = tmp_path / f"form_{next(_NUMBERS)}.form.json"
    path.write_text(json.dumps(form))
    document = read(find([path])[0][0])
    assert isinstance(document, Document)
    return schema_of_form(document, judge_of, **options)


def the_property(tmp_path: Path, field: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The property of a form's only field, without what is said of the form alone."""
    form = {"fields": [{"model": "x", **field}]}
    prop: dict[str, Any] = imported(tmp_path, form, **options).schema["properties"]["x"]
    return {key: value for key, value in prop.items() if key != "x-form"}


NUMBER = {"type": "input", "inputType": "number"}
TEXT = {"type": "input", "inputType": "text"}
CHOICES = [{"id": 1, "name": "One"}, {"id": 2, "name": "Two"}]


@pytest.mark.parametrize(
    ("field", "schema"),
    [
        # Whole numbers where everything that is given is whole; 1.0 is.
        ({**NUMBER, "default": 3, "min": 1, "max": 9, "step": 2}, {"minimum": 1, "maximum": 9}),
        ({**NUMBER, "default": 1.0, "min": 1}, {"minimum": 1}),
        ({**NUMBER, "min": 0, "max": 1}, {"minimum": 0, "maximum": 1}),
    ],
)
def test_whole_numbers(field: dict[str, Any], schema: dict[str, Any], tmp_path: Path) -> None:
    default = {"default": field["default"]} if "default" in field else {}
    assert the_property(tmp_path, field) == {"type": "integer", **schema, **default}


@pytest.mark.parametrize(
    ("field", "schema"),
    [
        (NUMBER, {"type": "number"}),
        ({**NUMBER, "default": 0.5}, {"type": "number", "default": 0.5}),
        ({**NUMBER, "step": "any", "default": 1}, {"type": "number", "default": 1}),
        ({**NUMBER, "step": 0.1, "min": 0}, {"type": "number", "minimum": 0}),
        ({**NUMBER, "validator": "double", "min": 0}, {"type": "number", "minimum": 0}),
        ({**NUMBER, "validator": ["integer"]}, {"type": "integer"}),
        # The platform's library writes this range unasked.
        (
            {**NUMBER, "min": 0, "max": 100, "step": 1, "default": 3},
            {"type": "integer", "default": 3},
        ),
        # But no validators: then it is meant.
        (
            {**NUMBER, "min": 0, "max": 100, "step": 1, "default": 3, "validator": ["integer"]},
            {"type": "integer", "minimum": 0, "maximum": 100, "default": 3},
        ),
        ({**NUMBER, "min": 0, "max": 100}, {"type": "integer", "minimum": 0, "maximum": 100}),
        # A limit that the default breaks is none.
        (
            {**NUMBER, "min": 0, "max": 5, "default": -1},
            {"type": "integer", "maximum": 5, "default": -1},
        ),
        ({**NUMBER, "min": 9, "max": 1}, {"type": "integer"}),
        ({**NUMBER, "default": "5"}, {"type": "integer", "default": 5}),
        ({**NUMBER, "default": "many"}, {"type": "number"}),
        (
            {"type": "rangeSlider", "min": 1, "max": 3},
            {"type": "integer", "minimum": 1, "maximum": 3},
        ),
        (
            {"type": "noUiSlider", "default": [1, 2]},
            {
                "type": "array",
                "items": {"type": "integer"},
                "minItems": 2,
                "maxItems": 2,
                "default": [1, 2],
            },
        ),
        ({"type": "input", "inputType": "text", "max": 5}, {"type": "string"}),
        (
            {"type": "input", "inputType": "text", "maxlength": 5},
            {"type": "string", "maxLength": 5},
        ),
        (
            {"type": "input", "inputType": "text", "min": 2, "max": 5, "validator": "string"},
            {"type": "string", "minLength": 2, "maxLength": 5},
        ),
        (
            {"type": "textArea", "max": 5, "default": "too long"},
            {"type": "string", "default": "too long"},
        ),
        ({"type": "textArea", "max": 500}, {"type": "string", "maxLength": 500}),
        (
            {"type": "input", "inputType": "text", "pattern": "^a", "validator": ["regexp"]},
            {"type": "string", "pattern": "^a"},
        ),
        ({"type": "input", "inputType": "text", "pattern": "("}, {"type": "string"}),
        (
            {
                "type": "input",
                "inputType": "text",
                "pattern": "^b",
                "validator": "regexp",
                "default": "a",
            },
            {"type": "string", "default": "a"},
        ),
        ({"type": "input", "inputType": "text", "default": 5}, {"type": "string", "default": "5"}),
        ({"type": "input", "inputType": "email"}, {"type": "string", "format": "email"}),
        ({"type": "input", "inputType": "password"}, {"type": "string", "format": "password"}),
        ({"type": "input", "inputType": "color"}, {"type": "string"}),
        ({"type": "input", "inputType": "date"}, {"type": "integer"}),
        ({"type": "input", "inputType": "date", "format": "YYYY-MM-DD"}, {"type": "string"}),
        ({"type": "input", "inputType": "datetime-local"}, {"type": ["integer", "string"]}),
        (
            {"type": "pikaday", "default": "2024-01-31"},
            {"type": ["integer", "string"], "default": "2024-01-31"},
        ),
        ({"type": "spectrum"}, {"type": "string"}),
        ({"type": "checkbox", "default": True}, {"type": "boolean", "default": True}),
        # As the form shows it: ticked.
        ({"type": "checkbox", "default": "false"}, {"type": "boolean", "default": True}),
        ({"type": "switch"}, {"type": "boolean"}),
        ({"type": "switch", "valueOn": "on", "valueOff": "off"}, {"enum": ["on", "off"]}),
        (
            {"type": "select", "values": ["a", "b"], "default": "b"},
            {"enum": ["a", "b"], "default": "b"},
        ),
        ({"type": "select", "values": ["a"], "default": "z"}, {"enum": ["a", "z"], "default": "z"}),
        (
            {"type": "select", "values": CHOICES},
            {"oneOf": [{"const": 1, "title": "One"}, {"const": 2, "title": "Two"}]},
        ),
        (
            {
                "type": "radios",
                "values": [{"value": "a", "name": "a"}, {"value": "b", "name": "b"}],
            },
            {"enum": ["a", "b"]},
        ),
        (
            {
                "type": "select",
                "values": [{"k": 1, "n": "One"}],
                "selectOptions": {"value": "k", "name": "n"},
            },
            {"oneOf": [{"const": 1, "title": "One"}]},
        ),
        ({"type": "select", "values": ['"a"', "[1]"], "isJson": True}, {"enum": ["a", [1]]}),
        (
            {"type": "checklist", "values": ["r", "g"], "default": ["g"]},
            {"type": "array", "items": {"enum": ["r", "g"]}, "default": ["g"]},
        ),
        (
            {"type": "vueMultiSelect", "values": [{"k": 1}], "selectOptions": {"multiple": True}},
            {"type": "array", "items": {"enum": [{"k": 1}]}},
        ),
        ({"type": "textArea", "isJson": True}, {}),
        ({"type": "textArea", "isJson": True, "default": "[1]"}, {"type": "array", "default": [1]}),
        ({"type": "textArea", "isJson": True, "default": "{}"}, {"type": "object", "default": {}}),
        ({"type": "textArea", "isJson": True, "default": "5"}, {"default": 5}),
        ({"type": "textArea", "isJson": True, "default": "{'a'}"}, {}),
        (
            {"type": "input", "inputType": "text", "isJson": True, "criterionType": "classes"},
            {"type": "array", "items": {"type": "string"}},
        ),
        (
            {"type": "textArea", "isJson": True, "criterionType": "class_mapping", "default": ""},
            {
                "type": "object",
                "additionalProperties": {"type": ["string", "array"], "items": {"type": "string"}},
            },
        ),
        ({"type": "label", "default": 5}, {"default": 5}),
        ({"type": "object", "default": {"a": 1}}, {"default": {"a": 1}}),
    ],
)
def test_each_field_type(field: dict[str, Any], schema: dict[str, Any], tmp_path: Path) -> None:
    assert the_property(tmp_path, field) == schema


@pytest.mark.parametrize(
    "field",
    [
        {"type": "submit"},
        {"type": "upload"},
        {"type": "label"},
        {"type": "input", "inputType": "button"},
        {"type": "input", "inputType": "file"},
    ],
)
def test_what_edits_no_setting_is_none(field: dict[str, Any], tmp_path: Path) -> None:
    assert imported(tmp_path, {"fields": [{"model": "x", **field}]}).schema["properties"] == {}


def test_texts(tmp_path: Path) -> None:
    field = {"label": "A &lt; B", "help": "Why", "hint": "How", "readonly": True, **NUMBER}
    expected = {"title": "A < B", "description": "Why", "readOnly": True, "type": "number"}
    assert the_property(tmp_path, field) == expected
    assert the_property(tmp_path, {"hint": "How", **NUMBER})["description"] == "How"


def test_ranges_can_be_ignored(tmp_path: Path) -> None:
    field = {**NUMBER, "min": 1, "max": 5}
    assert the_property(tmp_path, field, ranges="ignore") == {"type": "integer"}
    area = {"type": "textArea", "max": 5}
    assert the_property(tmp_path, area, ranges="ignore") == {"type": "string"}


def test_dotted_models_are_nested_and_headings_name_them(tmp_path: Path) -> None:
    fields = [
        {"type": "label", "label": "The part", "tag": "a"},
        {"model": "a.b.c", **NUMBER},
        {"model": "a.d", "type": "checkbox"},
    ]
    schema = imported(tmp_path, {"fields": fields}).schema
    part = schema["properties"]["a"]
    assert part["title"] == "The part"
    assert part["properties"]["b"]["properties"]["c"]["type"] == "number"
    assert part["properties"]["d"]["type"] == "boolean"


def test_fields_of_groups_are_fields(tmp_path: Path) -> None:
    groups = [{"legend": "One", "fields": [{"model": "a", **NUMBER}]}, {"legend": "Empty"}]
    schema = imported(tmp_path, {"groups": groups}).schema
    assert list(schema["properties"]) == ["a"]


def test_presets_are_partial_configs_and_widen_guesses(tmp_path: Path) -> None:
    fields = [
        {"model": "n", **NUMBER, "default": 1, "max": 5},
        {"model": "j", "type": "textArea", "isJson": True},
        {"model": "s", "type": "select", "values": ["a"]},
    ]
    presets = {"Big": {"n": 7.5, "j": "[1]", "s": "b"}, "Wrong": {"n": "many"}, "Odd": 5}
    found = imported(tmp_path, {"fields": fields, "presets": presets})
    assert found.schema["x-presets"] == {"Big": {"n": 7.5, "j": [1], "s": "b"}}
    n, _, s = found.schema["properties"].values()
    assert (n["type"], n.get("maximum"), s["enum"]) == ("number", None, ["a", "b"])
    assert [problem.message for problem in found.problems] == [
        "the preset 'Wrong' does not fit the form at n; it stays in the form only",
        "the preset 'Odd' is no object; it stays in the form only",
    ]


def test_of_conflicting_models_the_inner_ones_are_settings(tmp_path: Path) -> None:
    fields = [{"model": "a", **NUMBER}, {"model": "a.b", **NUMBER}, {"model": "a.b", **NUMBER}]
    found = imported(tmp_path, {"fields": fields})
    assert found.schema["properties"]["a"]["properties"]["b"]["type"] == "number"
    assert [problem.message for problem in found.problems] == [
        "other fields lie inside the model 'a': the last edited one wins",
        "several fields have the model 'a.b'; the setting is that of the first",
    ]


def test_fields_of_the_items_of_a_list_are_a_list(tmp_path: Path) -> None:
    fields = [
        {"model": f"a.m[{place}]", "label": f"M {place + 1}", "default": place / 2, **NUMBER}
        for place in range(3)
    ]
    found = imported(tmp_path, {"fields": [*fields[::-1], {"model": "n[0]", **NUMBER}]})
    part = found.schema["properties"]["a"]["properties"]["m"]
    assert part.pop("x-form")
    assert part == {
        "type": "array",
        "title": "M",
        "prefixItems": [{"type": "integer"}, {"type": "number"}, {"type": "integer"}],
        "items": False,
        "minItems": 3,
        "maxItems": 3,
        "default": [0.0, 0.5, 1.0],
    }
    assert [problem.message for problem in found.problems] == [
        "the form library reads the model 'n[0]' in several ways"
    ]


@pytest.mark.parametrize(
    "fields",
    [
        [{"model": "m[0]", **NUMBER}, {"model": "m[2]", **NUMBER}],
        [{"model": "m[0]", **NUMBER}, {"model": "m[0]", **NUMBER}, {"model": "m[1]", **NUMBER}],
        [{"model": "m[0]", **NUMBER, "default": 1}, {"model": "m[1]", **NUMBER}],
        [{"model": "m[0]", **NUMBER}, {"model": "m[1]", "type": "checkbox"}],
        [{"model": "m[0]", **NUMBER}, {"model": "m[1]", **NUMBER}, {"model": "m", **TEXT}],
        [{"model": "m[0]", **NUMBER}, {"model": "m[1]", **NUMBER}, {"model": "m[1].x", **TEXT}],
        [{"model": "m[0]", **TEXT}, {"model": "m[1]", **TEXT}],
    ],
)
def test_other_fields_of_items_stay_fields(fields: list[dict[str, Any]], tmp_path: Path) -> None:
    found = imported(tmp_path, {"fields": fields})
    assert "m" not in found.schema["properties"] or fields[-1]["model"] == "m"
    assert "m[0]" in json.dumps([problem.message for problem in found.problems])


AREA = {"type": "textArea", "isJson": True}


@pytest.mark.parametrize("default", [{"a": None}, {"a": ["b", 1]}, {"a": {"b": "c"}}])
def test_a_default_unlike_what_the_platform_fills_in_is_one_all_the_same(
    default: Any, tmp_path: Path
) -> None:
    field = {"model": "m", "criterionType": "class_mapping", "default": default, **AREA}
    form = {"fields": [field]}
    path = tmp_path / "mapping.form.json"
    path.write_text(json.dumps(form))
    cls = load_package([path]).classes[0].cls
    assert cls is not None
    assert cls.from_settings(untouched_model(form)).m == default
    field["default"] = {"a": ["b"]}
    assert "additionalProperties" in imported(tmp_path, form).schema["properties"]["m"]


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        # A value without parts where others would lie in it: the others are no settings.
        ([{"model": "a", "default": "x", **TEXT}, {"model": "a.b", **NUMBER}], ["a"]),
        ([{"model": "a", "default": '{"b": 1}', **AREA}, {"model": "a.b", **NUMBER}], ["a"]),
        # The library makes an object of it for a default inside.
        ([{"model": "a", "default": "x", **TEXT}, {"model": "a.b", "default": 1, **NUMBER}], ["b"]),
        ([{"model": "a.b", "default": 1, **NUMBER}, {"model": "a", "default": "x", **TEXT}], ["b"]),
        ([{"model": "a", "default": None, **TEXT}, {"model": "a.b", **NUMBER}], ["b"]),
        # The default of a field without one is that of another of the same model.
        ([{"model": "a", **NUMBER}, {"model": "a", "default": "x", **TEXT}], ["a"]),
        ([{"model": "a", "default": {"b": "x"}, **TEXT}, {"model": "a.b", **TEXT}], ["b"]),
    ],
)
def test_the_model_of_an_untouched_form_fits(
    fields: list[dict[str, Any]], keys: list[str], tmp_path: Path
) -> None:
    form = {"fields": fields}
    path = tmp_path / "conflicting.form.json"
    path.write_text(json.dumps(form))
    cls = load_package([path]).classes[0].cls
    assert cls is not None
    loaded = cls.from_settings(untouched_model(form))
    assert loaded == cls.from_config({})
    declared = imported(tmp_path, form).schema["properties"]
    inner = declared.get("a", {}).get("properties")
    assert list(inner or declared) == keys
    assert json.dumps(cls.get_schema().schema["fields"]) == json.dumps(fields)


def test_a_text_where_a_box_is_ticked(tmp_path: Path) -> None:
    form = {
        "fields": [
            {"type": "checkbox", "model": "own", "default": "false"},
            {"type": "checkbox", "model": "other", "default": True},
        ],
        "presets": {"P": {"other": "false"}},
    }
    path = tmp_path / "some.form.json"
    path.write_text(json.dumps(form), encoding="utf-8")
    loaded = load_package([path])
    cls = loaded.classes[0].cls
    assert cls is not None
    assert [problem.message for problem in loaded.warnings] == [
        "the default 'false' is a text: the box is ticked, and the setting true",
        "the preset 'P' has the text 'false' here: the box is ticked",
    ]
    # Nobody touched the one, and the other one says it in words.
    settings = cls.from_settings({"own": "false", "other": "false"})
    assert settings.get_config() == {"own": True, "other": False}
    assert cls.from_settings({"own": False}).get_config() == {"own": False, "other": True}


@settings(max_examples=scaled(8), deadline=None)
@given(values=st.lists(forms(), min_size=6, max_size=10))
def test_random_forms_load_untouched(
    values: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("untouched")
    paths = [folder / f"form_{number}.form.json" for number in range(len(values))]
    for path, value in zip(paths, values, strict=True):
        path.write_text(json.dumps(value))
    for found in load_package(paths).classes:
        assert found.cls is not None
        found.cls.from_settings(untouched_model(values[paths.index(found.source.path)]))


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (None, "null among the fields breaks the whole form"),
        ({"type": "textarea"}, "the form library has no type 'textarea': nothing is drawn"),
        ({"type": "input"}, 'an input without "inputType" is not drawn'),
        ({"type": "select"}, 'a select without a list of "values" offers nothing'),
        ({"type": "select", "values": [{"value": 1}]}, "a choice of a select needs the key 'id'"),
        ({"type": "radios", "values": [{"id": 1}]}, "a choice of a radios needs the key 'value'"),
        (
            {"type": "select", "values": ["a"], "default": "b"},
            "the default 'b' is not among the values, so it is not shown",
        ),
        (
            {**NUMBER, "validator": ["whole"]},
            "there is no validator 'whole': the whole form's validation fails",
        ),
        ({**NUMBER, "model": 5}, '"model" is no text, so the field edits nothing'),
        ({**NUMBER, "model": "a[0]"}, "the form library reads the model 'a[0]' in several ways"),
        ({**NUMBER, "model": "a" + ".a" * 99}, '"model" goes deeper than 50 levels'),
        ({**NUMBER, "default": 1, "model": "a" + ".a" * 999}, '"model" goes deeper than 50 levels'),
    ],
)
def test_what_the_form_library_will_not_do_is_told(
    field: Any, message: str, tmp_path: Path
) -> None:
    (problem,) = imported(tmp_path, {"fields": [field]}).problems
    assert (problem.message, problem.severity) == (message, "warning")
    assert problem.line == 1


def test_what_could_be_better_is_told_on_request(tmp_path: Path) -> None:
    fields = [
        {"model": "a", "label": "Size<br>", **NUMBER, "min": 1},
        {"model": "b", "label": "Width", **NUMBER},
        {"model": "c", "label": "Width", **NUMBER},
    ]
    assert imported(tmp_path, {"fields": fields}).problems == []
    found = imported(tmp_path, {"fields": fields}, thorough=True).problems
    assert [problem.message for problem in found] == [
        '"label" is inserted into the page as HTML',
        "'Width' and 'Width' get the same id 'width' in the page, so a click on one label can "
        "change the other field",
        "1 field has limits, but no validator, so the form enforces none",
    ]
