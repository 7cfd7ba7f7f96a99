"""Forms made by hand: the field functions and `SchemaBuilder`.

Literals marked RECORDED were produced by running the platform's own library (its last release
with a form builder) on the same calls.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from brevettiai.interfaces import vue_schema_utils as vue

COUNT = {  # RECORDED: number_input("N", "m", 5)
    "type": "input",
    "inputType": "number",
    "min": 0,
    "max": 100,
    "step": 1,
    "label": "N",
    "model": "m",
    "default": 5,
    "required": False,
}


def golden(name: str):
    shared = os.environ.get("BREVETTI_SHARED")
    if not shared:
        pytest.skip("BREVETTI_SHARED is not set: no recorded forms to compare with")
    return json.loads(Path(shared, "forms", "golden", f"{name}.json").read_text())


def models(builder: vue.SchemaBuilder) -> list[object]:
    return [field.get("model", field.get("tag")) for field in builder.schema["fields"]]


# --- fields -------------------------------------------------------------------------------------


def test_a_number_input_is_the_documented_field():
    field = vue.number_input("N", "m", 5)
    assert field == COUNT
    assert list(field) == list(COUNT), "key order is part of a stored form"


def test_further_facts_are_added_as_they_are():
    field = vue.number_input("N", "m", 5, min=1, help="how many", visible=True)
    assert field == {**COUNT, "min": 1, "help": "how many", "visible": True}


@pytest.mark.parametrize(
    ("field", "default"),
    [  # RECORDED: text becomes default as it is, all else as JSON text with sorted keys
        (vue.text_input("T", "m"), ""),
        (vue.text_input("T", "m", None), "null"),
        (vue.text_input("T", "m", "x", json=True), "x"),
        (
            vue.text_input("T", "m", {"b": 1, "a": {"d": 1, "c": 2}}),
            '{"a": {"c": 2, "d": 1}, "b": 1}',
        ),
        (vue.text_area("T", "m", {"b": 1, "a": 2}), '{\n  "a": 2,\n  "b": 1\n}'),
        (vue.text_area("T", "m", 5, json=True), "5"),
        (vue.select("S", "m", None, ["a"]), "null"),
        (vue.select("S", "m", 2, (1, 2)), "2"),
        (vue.field_classes(default=["a", "b"]), '["a", "b"]'),
        (vue.field_class_mapping(default={"a": ["b"]}), '{\n  "a": [\n    "b"\n  ]\n}'),
        (vue.checkbox("C", "m", None), None),
        (vue.checklist("C", "m", None, ["a"]), None),
    ],
)
def test_defaults_are_written_as_the_platform_writes_them(field, default):
    assert field["default"] == default


def test_select_offers_values_that_are_no_text_as_json_text():
    field = vue.select("S", "m", {"a": 1}, [{"id": 1}, "x"], json=True)
    assert field["values"] == ['{\n  "id": 1\n}', "x"]
    assert field["isJson"] is True


def test_a_checklist_that_does_not_drop_down_is_a_list_box():
    field = vue.checklist("C", "m", {"b", "a"}, ("a", "b"), dropdown=False)
    assert field["listbox"] is True
    assert field["values"] == ["a", "b"]
    assert json.dumps(field["default"]) == '["a", "b"]', "a set must not break the upload"


def test_platform_fields_keep_further_arguments_in_kwargs():
    field = vue.field_classes(model="data.classes", source="folders")
    assert field["criterionType"] == "classes"
    assert field["kwargs"] == {"source": "folders"}
    assert "source" not in field


# --- builder ------------------------------------------------------------------------------------


def test_a_built_form_is_the_recorded_one():
    recorded = golden("schema_builder")
    builder = vue.SchemaBuilder()
    builder.add_field(vue.label("Data"))
    builder.add_field(vue.number_input("Image height", "data.image_height", 224, max=4096))
    builder.add_field(
        vue.field_class_mapping(model="data.class_mapping"),
        fast={"test": ["A"], "test2": ["B"]},
    )
    builder.add_field(vue.field_classes(default=["test", "test2", "test3"]))
    builder.add_field(vue.label("Training"))
    builder.add_field(
        vue.number_input("Epochs", "training.epochs", 10, min=1, max=1000), fast=10, slow=100
    )
    builder.add_field(vue.checkbox("Flip", "training.flip", False))
    builder.add_field(vue.checklist("Channels", "training.channels", ["r"], ["r", "g", "b"]))
    builder.add_field(vue.select("Loss", "training.loss", "mse", ["mse", "mae"]))
    builder.add_field(vue.text_input("Name", "training.name", "n"))
    builder.add_field(vue.text_area("Weights", "training.weights", {"a": 1}, json=True))
    assert json.dumps(builder.schema) == json.dumps(recorded["schema"])


def test_fields_are_hidden_among_the_advanced_ones_unless_they_say_otherwise():
    advanced, plain = vue.SchemaBuilder(), vue.SchemaBuilder(advanced=False)
    for builder in (advanced, plain):
        builder.add_field(COUNT)
        builder.add_field({**COUNT, "visible": True})
    assert [field["visible"] for field in advanced.schema["fields"]] == [False, True]
    assert [field["visible"] for field in plain.schema["fields"]] == [True, True]
    assert "visible" not in COUNT, "the caller's field stays as it is"


def test_presets_hold_json_fields_as_text():
    builder = vue.SchemaBuilder()
    builder.add_field(vue.number_input("N", "a.b.c", 5), fast=3)
    builder.add_field(
        vue.text_area("T", "a.b.d", {}, json=True), fast={"z": 1, "x": 2}, slow="text"
    )
    builder.add_field(vue.checkbox("C", "a.on", False), slow=None)
    assert builder.presets == {  # RECORDED
        "fast": {"a": {"b": {"c": 3, "d": '{"z": 1, "x": 2}'}}},
        "slow": {"a": {"b": {"d": '"text"'}}},
    }


def test_a_preset_for_a_field_that_is_not_there_says_which_are():
    builder = vue.SchemaBuilder([COUNT])
    with pytest.raises(ValueError, match=r"'fast'.* no field 'epochs'; there are: m"):
        builder.add_preset("fast", "epochs", 1)
    with pytest.raises(ValueError, match=r"'Heading' has no model"):
        builder.add_field(vue.label("Heading"), fast=1)


def test_a_preset_cannot_have_a_value_and_an_object_in_one_place():
    builder = vue.SchemaBuilder([{**COUNT, "model": "a"}, {**COUNT, "model": "a.b"}])
    builder.add_preset("fast", "a", 1)
    with pytest.raises(ValueError, match=r"'a\.b' lies inside of 'a'"):
        builder.add_preset("fast", "a.b", 2)


def test_a_namespace_comes_before_models_tags_and_presets():
    builder = vue.SchemaBuilder(namespace="data.train")
    builder.add_field(vue.label("Heading", tag="size"))
    builder.add_field(vue.label("Only text"))
    builder.add_field(COUNT, fast=3)
    assert models(builder) == ["data.train.size", None, "data.train.m"]
    assert builder.schema["presets"] == {"data": {"train": {"fast": {"m": 3}}}}  # RECORDED
    assert builder.fields[2]["model"] == "m"


def test_builders_append_and_add_up_in_place():
    outer, inner = vue.SchemaBuilder(namespace="o"), vue.SchemaBuilder(namespace="i")
    outer.add_field({**COUNT, "model": "a"})
    inner.add_field(vue.label("Heading", tag="t"))
    inner.add_field({**COUNT, "model": "b", "visible": True}, fast=1)
    assert outer.append(inner) is outer
    assert models(outer) == ["o.a", "o.i.t", "o.i.b"]
    assert [field["visible"] for field in outer.fields] == [False, False, True]
    assert outer.presets == {}, "RECORDED: presets of the other builder are left behind"
    assert outer + [COUNT] is outer  # noqa: RUF005
    assert models(outer)[-1] == "o.m"
    assert models(inner) == ["i.t", "i.b"]


def test_appending_something_else_is_an_error():
    with pytest.raises(TypeError, match=r"cannot append dict; .* add_field"):
        vue.SchemaBuilder().append(COUNT)


def test_from_schema_continues_a_form_and_leaves_it_alone():
    schema = {"fields": [COUNT], "presets": {"fast": {"m": 1}}}
    before = json.dumps(schema)
    builder = vue.SchemaBuilder.from_schema(schema)
    assert json.dumps(builder.schema) == before
    builder.add_field({**COUNT, "model": "n"}, fast=2)
    assert builder.presets == {"fast": {"m": 1, "n": 2}}
    assert json.dumps(schema) == before


@pytest.fixture
def form() -> vue.SchemaBuilder:
    builder = vue.SchemaBuilder(namespace="ns")
    builder.add_field(vue.label("Text"))
    builder.add_field(vue.label("Heading", tag="t"))
    for model in ("a", "t.x", "t.y.z"):
        builder.add_field({**COUNT, "model": model})
    return builder


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        ({}, [None, "t", "a", "t.x", "t.y.z"]),
        ({"incl_fields": ["a", "t"]}, ["t", "a"]),
        ({"incl_fields": ["a", "t.x"], "excl_fields": ["a"]}, ["a", "t.x"]),  # RECORDED
        ({"excl_fields": ["a", "t"]}, [None, "t.x", "t.y.z"]),
        ({"incl_fields": "a"}, ["a"]),
        ({"incl_fields": ["t.y"]}, []),
    ],
)
def test_filter_fields_keeps_by_model_or_tag(form, arguments, kept):
    form.filter_fields(**arguments)
    assert [field.get("model", field.get("tag")) for field in form.fields] == kept


def test_filter_fields_shows_only_what_it_is_told_to(form):
    form.filter_fields(make_visible=["t", "t.x"])
    assert [field["visible"] for field in form.fields] == [False, True, False, True, False]


def test_str_is_readable_json():
    builder = vue.SchemaBuilder([vue.label("x")])
    assert str(builder) == (  # RECORDED
        '{\n  "fields": [\n    {\n      "label": "x",\n      "type": "label"\n    }\n  ],\n'
        '  "presets": {}\n}'
    )


def test_a_named_part_of_a_form_brings_its_heading():
    class Augmentation(vue.SchemaBuilderFunc):
        label = "Augmentation"
        ns = "augmentation"

        def schema(self, builder, ns, default=1):
            builder.add_field(vue.number_input("Angle", f"{ns}angle", default))

    builder = vue.SchemaBuilder()
    builder.append(Augmentation(), default=20)
    builder.append(Augmentation(label=None, ns="test", advanced=True))
    assert models(builder) == [None, "augmentation.angle", "test.angle"]
    assert [field["visible"] for field in builder.fields] == [True, True, False]
    assert builder.fields[1]["default"] == 20
