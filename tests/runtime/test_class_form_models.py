"""Form models of generated classes: what people type loads as meant, or is told by its label."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from brevettiai.settings import UNSET, SettingsError

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "epochs": {"title": "Epochs", "type": "integer", "minimum": 1, "default": 20},
        "rate": {"title": "Learning <rate>", "type": "number", "exclusiveMinimum": 0},
        "seed": {"title": "Seed", "type": ["integer", "null"], "default": 5},
        "name": {"title": "Name", "type": "string", "minLength": 2, "default": "net"},
        "flip": {"title": "Flip", "type": "boolean", "default": True},
        "loss": {"title": "Loss", "enum": ["mse", "mae"], "default": "mse"},
        "device": {"title": "Device", "enum": ["cpu", "gpu", None]},
        "depth": {"title": "Depth", "enum": [1, [2], {"x": 3}], "default": [2]},
        "channels": {
            "title": "Channels",
            "type": "array",
            "items": {"enum": ["r", "g", "b"]},
            "default": ["r"],
        },
        "weights": {
            "title": "Weights",
            "type": "object",
            "additionalProperties": {"type": "number"},
        },
        "stop": {
            "title": "Stop",
            "type": ["object", "null"],
            "properties": {"after": {"type": "integer"}},
        },
        "image": {
            "title": "Image",
            "type": "object",
            "properties": {
                "width": {"title": "Width", "type": "integer", "maximum": 4096, "default": 224}
            },
        },
        "secret": {"title": "Secret", "writeOnly": True, "type": "array"},
    },
}


@pytest.fixture
def cls(class_of: Callable[..., Any]) -> Any:
    return class_of(SCHEMA)


NAN = float("nan")


@pytest.mark.parametrize(
    ("model", "attribute", "value"),
    [
        ({"epochs": "7"}, "epochs", 7),
        ({"epochs": " 7 "}, "epochs", 7),
        ({"epochs": "1e2"}, "epochs", 100),
        ({"epochs": 7.0}, "epochs", 7),
        ({"epochs": None}, "epochs", 20),
        ({"epochs": NAN}, "epochs", 20),
        ({"epochs": ""}, "epochs", 20),
        ({"rate": "0.5"}, "rate", 0.5),
        ({"rate": None}, "rate", None),
        ({"seed": None}, "seed", None),
        ({"seed": "12"}, "seed", 12),
        ({"name": "55"}, "name", "55"),
        ({"loss": None}, "loss", "mse"),
        ({"loss": "mae"}, "loss", "mae"),
        ({"device": None}, "device", None),
        ({}, "device", UNSET),
        ({"depth": '{"x": 3}'}, "depth", {"x": 3}),
        ({"depth": [2]}, "depth", [2]),
        ({"channels": ["b", "r"]}, "channels", ["b", "r"]),
        ({"channels": None}, "channels", ["r"]),
        ({"weights": '{"a": 1}'}, "weights", {"a": 1}),
        ({"weights": {"a": 1}}, "weights", {"a": 1}),
        ({"weights": "  "}, "weights", None),
        ({"weights": None}, "weights", None),
        ({"stop": ""}, "stop", None),
        ({"stop": "null"}, "stop", None),
    ],
)
def test_what_is_typed_loads_as_meant(
    model: dict[str, Any], attribute: str, value: object, cls: Any
) -> None:
    found = getattr(cls.from_settings(model), attribute)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            {"epochs": "many"},
            "epochs: must be a whole number (got 'many', from the field 'Epochs')",
        ),
        ({"epochs": 0}, "epochs: must be at least 1 (got 0, from the field 'Epochs')"),
        ({"epochs": "7.5"}, "epochs: must be a whole number (got 7.5, from the field 'Epochs')"),
        ({"rate": 0}, "rate: must be more than 0 (got 0, from the field 'Learning <rate>')"),
        (
            {"rate": "1e999"},
            "rate: must be a number (got '1e999', from the field 'Learning <rate>')",
        ),
        (
            {"rate": ".5"},
            "rate: must be a number (got '.5'; write 0.5, from the field 'Learning <rate>')",
        ),
        (
            {"seed": "+007"},
            "seed: must be a whole number or null (got '+007'; write 7, from the field 'Seed')",
        ),
        (
            {"name": "x"},
            "name: must have at least 2 characters (got 'x', from the field 'Name')",
        ),
        ({"name": 5}, "name: must be text (got 5, from the field 'Name')"),
        ({"flip": "no"}, "flip: must be true or false (got 'no', from the field 'Flip')"),
        ({"loss": "l1"}, "loss: must be one of 'mse', 'mae' (got 'l1', from the field 'Loss')"),
        (
            {"channels": ["x"]},
            "channels[0]: must be one of 'r', 'g', 'b' (got 'x', from the field 'Channels')",
        ),
        (
            {"weights": "{'a': 1}"},
            "weights: must be JSON: expecting property name enclosed in double quotes at column 2 "
            "(got \"{'a': 1}\", from the field 'Weights')",
        ),
        (
            {"weights": '{"a": "b"}'},
            "weights.a: must be a number (got 'b', from the field 'Weights')",
        ),
        (
            {"stop": '{"after": 0.5}'},
            "stop.after: must be a whole number (got 0.5, from the field 'Stop')",
        ),
        ({"image": 5}, "image: must be an object (got 5, from the section 'Image')"),
        (
            {"image": {"width": 9999}},
            "image.width: must be at most 4096 (got 9999, from the field 'Width')",
        ),
        (
            {"secret": "[1"},
            "secret: must be JSON: expecting ',' delimiter at column 3 (from the field 'Secret')",
        ),
    ],
)
def test_what_does_not_fit_is_told_by_path_and_label(
    model: dict[str, Any], message: str, cls: Any
) -> None:
    with pytest.raises(SettingsError) as caught:
        cls.from_settings(model)
    assert [str(problem) for problem in caught.value.problems] == [message]


def test_all_problems_come_at_once(cls: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        cls.from_settings({"epochs": 0, "weights": "{", "image": {"width": "wide"}})
    assert [problem.path for problem in caught.value.problems] == [
        ("weights",),
        ("epochs",),
        ("image", "width"),
    ]


def test_unknown_keys_are_kept(cls: Any) -> None:
    settings = cls.from_settings({"undefined": "x", "image": {"depth": 8}})
    assert settings.extra == {"undefined": "x"}
    assert settings.get_settings()["image"] == {"width": 224, "depth": 8}


def test_models_are_written_as_the_form_has_them(cls: Any) -> None:
    config = {
        "weights": {"a": 1},
        "depth": {"x": 3},
        "channels": ["b", "r"],
        "stop": None,
        "seed": None,
        "device": None,
    }
    settings = cls.from_config(config)
    model = settings.get_settings()
    assert json.loads(model["weights"]) == {"a": 1}
    assert model["depth"] == '{"x": 3}'
    assert (model["channels"], model["seed"], model["device"]) == (["b", "r"], None, None)
    assert model["stop"] == "null"
    assert model["image"] == {"width": 224}
    assert cls.from_settings(model) == settings


def test_nothing_of_a_model_is_shared(cls: Any) -> None:
    model = {"channels": ["b"], "weights": {"a": 1}}
    settings = cls.from_settings(model)
    settings.channels.append("g")
    settings.weights["b"] = 2
    assert model == {"channels": ["b"], "weights": {"a": 1}}


def test_a_form_model_is_an_object(cls: Any) -> None:
    assert cls.from_settings(None) == cls.from_config({})
    with pytest.raises(SettingsError, match="must be an object"):
        cls.from_settings([1])


def test_a_model_without_end_is_refused(class_of: Callable[..., Any]) -> None:
    node = class_of(
        {"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]},
    )
    model: dict[str, Any] = {}
    for _ in range(5000):
        model = {"next": model}
    with pytest.raises(SettingsError, match="nested too deeply"):
        node.from_settings(model)


def test_objects_under_old_names_are_read_as_forms(class_of: Callable[..., Any]) -> None:
    image = {"type": "object", "properties": {"width": {"type": "integer"}}}
    cls = class_of(
        {"type": "object", "properties": {"image": {**image, "x-renamed-from": ["picture"]}}}
    )
    with pytest.warns(DeprecationWarning, match="picture"):
        assert cls.from_settings({"picture": {"width": "5"}}).image.width == 5


@pytest.mark.parametrize("text", ["[1, 2", '{"a": 1,}', '"open'])
def test_json_with_a_mistake_is_no_text(text: str, class_of: Callable[..., Any]) -> None:
    cls = class_of({"type": "object", "properties": {"x": {"type": ["string", "array", "object"]}}})
    with pytest.raises(SettingsError, match=r"x: must be JSON: .* from the field 'X'"):
        cls.from_settings({"x": text})
    assert cls.from_settings({"x": "plain words"}).x == "plain words"
    for value in (text, "plain words"):
        settings = cls.from_config({"x": value})
        assert cls.from_settings(settings.get_settings()) == settings


LISTS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "texts": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
        "nullable": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]},
        "numbers": {"type": "array", "items": {"type": "number"}},
        "map": {"type": "object"},
        "hidden": {"type": "array", "items": {"type": "number"}, "writeOnly": True},
    },
}


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("scratch, dent", ["scratch", "dent"]),
        (" scratch ,", ["scratch"]),
        ("scratch\ndent, or none\n\n", ["scratch", "dent, or none"]),
        ("scratch,\r\ndent,", ["scratch", "dent"]),
        ("5", ["5"]),
        ('"scratch"', ["scratch"]),
        ('["scratch, dent"]', ["scratch, dent"]),
        ("[]", []),
        ("null", ["a"]),
        ("", ["a"]),
    ],
)
def test_texts_of_a_list_stand_in_lines_or_between_commas(
    text: str, texts: list[str], class_of: Callable[..., Any]
) -> None:
    settings = class_of(LISTS).from_settings({"texts": text, "nullable": text})
    assert settings.texts == texts
    assert settings.nullable == (None if text in ("", "null") else texts)


def test_null_in_a_json_field_means_absent_where_null_is_not_allowed(
    class_of: Callable[..., Any],
) -> None:
    cls = class_of(LISTS)
    settings = cls.from_settings({"numbers": "null", "map": " null\n", "nullable": "null"})
    assert settings.get_config() == {"texts": ["a"], "nullable": None}
    needed = class_of({**LISTS, "required": ["map"]})
    with pytest.raises(SettingsError, match="map"):
        needed.from_settings({"map": "null"})


@pytest.mark.parametrize(
    ("key", "text", "meant"),
    [
        ("texts", "[scratch, dent]", '["scratch", "dent"]'),
        ("numbers", "[1, two]", '[1, "two"]'),
        ("texts", "['scratch', 'dent']", '["scratch", "dent"]'),
        ("map", "{\"a\": 'b'}", '{"a": "b"}'),
        ("texts", f"[{'long, ' * 20}last]", '["a", "b"]'),
    ],
)
def test_who_forgets_quotes_is_told_where_they_stand(
    key: str, text: str, meant: str, class_of: Callable[..., Any]
) -> None:
    with pytest.raises(SettingsError) as caught:
        class_of(LISTS).from_settings({key: text})
    assert "must be JSON: expecting value at column" in str(caught.value)
    assert f"; texts stand in double quotes, as in {meant} (got" in str(caught.value)


def test_what_may_be_meant_by_a_secret_is_not_told(class_of: Callable[..., Any]) -> None:
    with pytest.raises(SettingsError) as caught:
        class_of(LISTS).from_settings({"hidden": "[hunter2, two]"})
    assert "hunter2" not in str(caught.value)


def test_a_class_is_no_value(cls: Any) -> None:
    with pytest.raises(SettingsError, match="epochs: must be a JSON value"):
        cls.from_settings({"epochs": cls})


# Texts that were cleared again


CLEARED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "any": {"type": "string"},
        "long": {"title": "Long", "type": "string", "minLength": 2},
        "coded": {"type": "string", "pattern": "^[a-z]+$"},
        "chosen": {"enum": ["a", "b"]},
        "filled": {"$ref": "#/$defs/code", "default": "x"},
        "nullable": {"type": ["string", "null"], "minLength": 1, "default": "y"},
        "renamed": {"type": "string", "minLength": 1, "x-renamed-from": "old"},
        "image": {"type": "object", "properties": {"name": {"allOf": [{"$ref": "#/$defs/code"}]}}},
        "must": {"title": "Must", "$ref": "#/$defs/code"},
        "secret": {"type": "string", "format": "password", "minLength": 8},
    },
    "required": ["must"],
    "if": {"properties": {"chosen": {"const": "b"}}, "required": ["chosen"]},
    "then": {"properties": {"any": {"minLength": 1}}},
    "$defs": {"code": {"type": "string", "minLength": 1}},
}


@pytest.mark.parametrize(
    ("model", "config"),
    [
        ({"any": ""}, {"any": ""}),
        ({"any": "", "chosen": "b"}, {"chosen": "b"}),
        ({"long": "", "coded": "", "chosen": "", "secret": ""}, {}),
        ({"filled": ""}, {}),
        ({"nullable": ""}, {"nullable": None}),
        ({"old": ""}, {}),
        ({"image": {"name": ""}}, {}),
    ],
)
@pytest.mark.filterwarnings("ignore:Renamed")
def test_a_cleared_text_is_absent_where_the_schema_refuses_it(
    class_of: Callable[..., Any], model: dict[str, Any], config: dict[str, Any]
) -> None:
    cls = class_of(CLEARED)
    loaded = cls.from_settings({**model, "must": "m"})
    assert loaded == cls.from_config({**config, "must": "m"})
    assert cls.from_config(cls.to_config({**model, "must": "m"})) == loaded
    assert cls.from_settings(loaded.get_settings()) == loaded


def test_a_cleared_text_is_told_where_it_is_required_or_another_is_wrong(
    class_of: Callable[..., Any],
) -> None:
    cls = class_of(CLEARED)
    with pytest.raises(SettingsError) as refusal:
        cls.from_settings({"long": "", "must": "", "coded": "7"})
    assert [str(problem) for problem in refusal.value.problems] == [
        "coded: must match the pattern ^[a-z]+$ (got '7', from the field 'Coded')",
        "must: must have at least 1 character (got '', from the field 'Must')",
    ]
    with pytest.raises(SettingsError) as refusal:
        cls.from_config({"long": "", "must": "m"})
    assert refusal.value.problems[0].path == ("long",)
