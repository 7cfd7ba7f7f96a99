"""Unions in the platform's form: a choice of the kind, and the fields of each kind."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.forms.untouched import untouched_model
from brevetti_gen.load import load_package
from brevettiai.interfaces.vue_schema_utils import (
    VueSettingsModule,
    apply_schema_to_model,
    parse_settings_args,
)
from brevettiai.settings import Settings, SettingsError

_NUMBERS = itertools.count()
ClassOf = Callable[..., type[Settings]]


@pytest.fixture
def class_of(tmp_path: Path) -> ClassOf:
    """Makes the class whose setting `optimizer` has a schema."""

    def make(optimizer: dict[str, Any], **root: Any) -> type[Settings]:
        path = tmp_path / f"schema_{next(_NUMBERS)}.json"
        schema = {"type": "object", "properties": {"optimizer": optimizer}, **root}
        path.write_text(json.dumps(schema))
        cls = load_package([path]).classes[0].cls
        assert cls is not None
        return cls

    return make


def branch(tag: Any, *required: str, title: str = "", **properties: Any) -> dict[str, Any]:
    texts = {"title": title} if title else {}
    properties = {"name": {"const": tag}, **properties}
    return {"type": "object", "required": ["name", *required], "properties": properties, **texts}


NUMBER: dict[str, Any] = {"type": "number"}
RATE = {**NUMBER, "minimum": 0, "maximum": 1}
SGD = branch(
    "sgd",
    title="Gradient <descent>",
    lr={**RATE, "default": 0.1},
    clip=NUMBER,
    momentum={**RATE, "default": 0.9},
    nesterov={"type": "boolean"},
)
ADAM = branch(
    "adam",
    "eps",
    lr={**RATE, "default": 0.001},
    clip={**NUMBER, "minimum": 0},
    betas={"type": "array", "items": NUMBER, "default": [0.9, 0.999]},
    eps={**NUMBER, "default": 1e-8},
)
RMS = branch("rms", clip=NUMBER, momentum={**RATE, "default": 0.9}, eps={**NUMBER, "default": 1e-8})
NULL = {"type": "null"}


def shown(cls: type[Settings]) -> list[tuple[Any, ...]]:
    """Each heading with its tag; each field with its model and default."""
    return [
        (field["label"], field["tag"])
        if field["type"] == "label"
        else (field["label"], field["model"], field.get("default", ...))
        for field in cls.get_schema().schema["fields"]
    ]


def field_of(cls: type[Settings], model: str) -> dict[str, Any]:
    fields: list[dict[str, Any]] = cls.get_schema().schema["fields"]
    return next(field for field in fields if field.get("model") == f"optimizer.{model}")


def opened(cls: type[Settings]) -> dict[str, Any]:
    """The model that the form library makes of the form."""
    model: dict[str, Any] = json.loads(json.dumps(untouched_model(cls.get_schema().schema)))
    return model


def test_a_union_is_a_choice_and_the_fields_of_each_kind(class_of: ClassOf) -> None:
    cls = class_of(
        {"oneOf": [SGD, ADAM, RMS], "title": "The optimizer", "default": {"name": "sgd"}}
    )
    assert shown(cls) == [
        ("The optimizer", "optimizer"),
        ("Name", "optimizer.name", "sgd"),
        ("Clip", "optimizer.clip", ...),
        ("Only for sgd or adam", "optimizer.sgd-or-adam"),
        ("Lr", "optimizer.lr", ...),
        ("Only for sgd or rms", "optimizer.sgd-or-rms"),
        ("Momentum", "optimizer.momentum", 0.9),
        ("Only for adam or rms", "optimizer.adam-or-rms"),
        ("Eps", "optimizer.eps", 1e-8),
        ("Only for sgd", "optimizer.sgd"),
        ("Nesterov", "optimizer.nesterov", ...),
        ("Only for adam", "optimizer.adam"),
        ("Betas", "optimizer.betas", "[\n  0.9,\n  0.999\n]"),
    ]
    assert field_of(cls, "lr")["hint"] == "If empty: 0.1 for sgd, 0.001 for adam"
    assert "min" not in field_of(cls, "clip"), "a limit that only one kind has"
    # Nobody has to fill in what another kind requires.
    assert "required" not in field_of(cls, "eps")["validator"]
    assert cls.from_settings(opened(cls)) == cls.from_config({})


def test_kinds_are_called_by_their_titles(class_of: ClassOf) -> None:
    cls = class_of({"oneOf": [SGD, {**ADAM, "title": "Adam"}]})
    choice = field_of(cls, "name")
    assert choice["values"] == [
        {"id": "sgd", "name": "Gradient <descent>"},
        {"id": "adam", "name": "Adam"},
    ]
    labels = [each[0] for each in shown(cls)]
    assert "Only for Gradient &lt;descent&gt;" in labels
    assert field_of(cls, "lr")["hint"].startswith("If empty: 0.1 for Gradient &lt;descent&gt;, ")


@pytest.mark.parametrize(
    ("union", "root", "options", "default"),
    [
        ({"default": {"name": "adam", "eps": 2}}, {}, {"hideNoneSelectedText": True}, "adam"),
        ({}, {}, {"noneSelectedText": "None"}, None),
        ({"default": None}, {}, {"noneSelectedText": "None"}, None),
        ({"default": {"name": "sgd"}}, {}, {"noneSelectedText": "None"}, "sgd"),
        ({}, {"required": ["optimizer"]}, {"noneSelectedText": "None"}, None),
    ],
)
@pytest.mark.parametrize("nullable", [False, True])
def test_what_may_be_absent_or_null_has_a_choice_of_none(
    union: dict[str, Any], root: dict[str, Any], options: Any, default: Any, nullable: bool,
    class_of: ClassOf,
) -> None:  # fmt: skip
    cls = class_of({"anyOf": [SGD, ADAM, *[NULL] * nullable], **union}, **root)
    choice = field_of(cls, "name")
    if root and not nullable:  # there has to be one
        assert choice["required"] is True
        assert "default" not in choice
        assert "selectOptions" not in choice
        return
    if default is not None and not nullable:
        options = {"hideNoneSelectedText": True}
    if nullable:
        options = {"noneSelectedText": "None"}
    if default is None and "default" in union and not nullable:
        return  # which is no default
    assert choice["selectOptions"] == options
    assert choice["required"] is False
    if not (nullable and not union and not root):
        assert choice.get("default", ...) == default
    usual = cls.from_config({"optimizer": None} if root else {})
    assert cls.from_settings(opened(cls)) == usual
    chosen = cls.from_settings({"optimizer": {**opened(cls)["optimizer"], "name": "adam"}})
    assert chosen.get_config()["optimizer"]["name"] == "adam"
    if "noneSelectedText" in options:
        none = cls.from_settings({"optimizer": {**opened(cls)["optimizer"], "name": None}})
        expected = {"optimizer": None} if nullable else cls.from_config({}).get_config()
        assert none.get_config() == expected
        assert cls.from_settings(none.get_settings()) == none


def test_the_chosen_kind_has_its_fields_and_nothing_of_others(class_of: ClassOf) -> None:
    cls = class_of({"oneOf": [SGD, ADAM, RMS], "default": {"name": "sgd"}})
    model = opened(cls)
    model["optimizer"] |= {"name": "adam", "momentum": 0.5, "nesterov": True, "betas": "[1]"}
    settings = cls.from_settings(model)
    expected = {"name": "adam", "lr": 0.001, "eps": 1e-8, "betas": [1]}
    assert settings.get_config() == {"optimizer": expected}
    assert settings.get_settings() == {"optimizer": {**expected, "betas": "[\n  1\n]"}}
    # What no kind has is for the class to judge.
    closed = {"oneOf": [{**SGD, "additionalProperties": False}, ADAM]}
    with pytest.raises(SettingsError, match=r"optimizer.typo: is not .*the section 'Optimizer'"):
        class_of(closed).from_settings({"optimizer": {"name": "sgd", "betas": "[]", "typo": 1}})
    kept = class_of(closed).from_settings({"optimizer": {"name": "adam", "eps": 1, "other": 2}})
    assert kept.get_config()["optimizer"]["other"] == 2


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ({"name": "sgd", "lr": 7}, r"optimizer.lr: must be at most 1 \(got 7, .*'Lr'\)"),
        ({"name": "lion"}, r"optimizer.name: must be one of 'sgd', 'adam'.*the field 'Name'"),
        ({"momentum": 0.5}, r"optimizer"),
        ({"name": "adam", "betas": "[1"}, r"optimizer.betas: must be JSON: .*the field 'Betas'"),
    ],
)
def test_what_does_not_fit_is_told_by_its_field(
    model: dict[str, Any], message: str, class_of: ClassOf
) -> None:
    with pytest.raises(SettingsError, match=message):
        class_of({"oneOf": [SGD, ADAM]}).from_settings({"optimizer": model})


def test_models_of_a_form_in_which_it_was_json_text_load_as_ever(class_of: ClassOf) -> None:
    cls = class_of({"oneOf": [SGD, ADAM, NULL], "default": {"name": "sgd"}})
    adam = cls.from_config({"optimizer": {"name": "adam", "eps": 1, "lr": 0.5}})
    text = json.dumps(adam.get_config()["optimizer"], indent=2)
    assert cls.from_settings({"optimizer": text}) == adam
    assert cls.from_settings({"optimizer": json.loads(text)}) == adam
    for nothing in ("null", None, ""):
        assert cls.from_settings({"optimizer": nothing}).get_config() == {"optimizer": None}


def test_a_default_that_says_more_than_its_kind(class_of: ClassOf) -> None:
    given = {"name": "sgd", "lr": 0.1, "clip": 3, "momentum": 0.25}
    cls = class_of({"oneOf": [SGD, ADAM], "default": given})
    found = {each[1]: each[2] for each in shown(cls) if len(each) == 3}
    assert found["optimizer.clip"] == 3
    assert found["optimizer.momentum"] == 0.25
    assert found["optimizer.lr"] is ..., "both kinds fill it in, each in its own way"
    assert cls.from_settings(opened(cls)) == cls.from_config({})
    # Whoever opens the form of stored settings sees what these say.
    adam = cls.from_config({"optimizer": {"name": "adam", "eps": 1}})
    model = {**opened(cls)["optimizer"], **adam.get_settings()["optimizer"]}
    assert cls.from_settings({"optimizer": model}) == adam


def test_parts_and_unions_in_kinds(class_of: ClassOf) -> None:
    schedule = {
        "oneOf": [branch("step", every={"type": "integer", "default": 5}), branch("none")],
        "default": {"name": "step"},
    }
    part = {"type": "object", "properties": {"on": {"type": "boolean", "default": True}}}
    size = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
    kinds = [
        branch("a", schedule=schedule, size={**size, "default": [1, 2]}),
        branch("b", part=part),
    ]
    cls = class_of({"oneOf": kinds, "default": {"name": "a"}})
    assert [each[1] for each in shown(cls)] == [
        "optimizer",
        "optimizer.name",
        "optimizer.a",
        "optimizer.size[0]",
        "optimizer.size[1]",
        "optimizer.schedule",
        "optimizer.schedule.name",
        "optimizer.schedule.step",
        "optimizer.schedule.every",
        "optimizer.b",
        "optimizer.part",
        "optimizer.part.on",
    ]
    model = opened(cls)
    assert cls.from_settings(model) == cls.from_config({})
    model["optimizer"]["schedule"] |= {"name": "none"}
    found = cls.from_settings(model).get_config()["optimizer"]
    assert found == {"name": "a", "size": [1, 2], "schedule": {"name": "none"}}
    model["optimizer"]["name"] = "b"
    assert cls.from_settings(model).get_config()["optimizer"] == {"name": "b", "part": {"on": True}}


def test_a_default_of_the_whole_goes_before_that_of_the_union(class_of: ClassOf) -> None:
    union = {"oneOf": [SGD, ADAM], "default": {"name": "sgd", "clip": 3}}
    part = {"type": "object", "properties": {"optimizer": union}}
    for own in ({"name": "adam", "eps": 1}, {"name": "sgd", "momentum": 0.5}):
        whole = {**part, "default": {"optimizer": own}}
        cls = class_of({}, properties={"part": whole})
        assert cls.from_settings(opened(cls)) == cls.from_config({})


def test_presets_are_the_whole_of_a_kind(class_of: ClassOf) -> None:
    union = {"oneOf": [SGD, ADAM], "default": {"name": "sgd", "clip": 3, "momentum": 0.5}}
    presets = {
        "other": {"optimizer": {"name": "adam", "eps": 1}},
        "same": {"optimizer": {"name": "sgd", "lr": 0.5}},
    }
    cls = class_of(union, **{"x-presets": presets})
    for name, preset in cls.get_schema().presets.items():
        model = {"optimizer": {**opened(cls)["optimizer"], **preset["optimizer"]}}
        assert cls.from_settings(model) == cls.from_preset(name), name


@pytest.mark.parametrize(
    "union",
    [
        {"oneOf": [SGD, ADAM, {"type": "integer"}]},
        {"oneOf": [SGD, branch("adam", lr={"type": "string"})]},
        {"oneOf": [branch(None), branch("a")]},
        {"oneOf": [branch(1), branch("1")]},
        {"oneOf": [SGD, ADAM], "x-form": {"set": {"type": "textArea"}}},
        {"oneOf": [SGD, ADAM], "x-form": {"set": {"rows": 9}}},
        {"oneOf": [SGD, ADAM], "writeOnly": True},
        {"oneOf": [SGD, ADAM], "default": {"name": "sgd", "other": 1}},
        {"oneOf": [branch("a", **{"x.y": NUMBER}), ADAM], "default": {"name": "a", "x.y": 1}},
        {"oneOf": [branch("a", **{f"k{n}": NUMBER for n in range(60)}), ADAM]},
        {"oneOf": [{**SGD, "required": []}, ADAM]},
        {"oneOf": [branch("not", "of", of={"$ref": "#/properties/optimizer"}), branch("yes")]},
    ],
)  # fmt: skip
def test_other_unions_are_json_text(union: dict[str, Any], class_of: ClassOf) -> None:
    (field,) = class_of(union).get_schema().schema["fields"]
    assert field["isJson"] is True
    assert field["model"] == "optimizer"


def test_x_form_of_a_union(class_of: ClassOf) -> None:
    union = {"oneOf": [SGD, ADAM], "x-form": {"set": {"label": "How", "visible": False}}}
    fields = class_of(union).get_schema().schema["fields"]
    assert fields[0]["label"] == "How"
    assert all(field["visible"] is False for field in fields)


def test_secrets_of_a_kind_stay_secret(class_of: ClassOf) -> None:
    key = {"type": "string", "writeOnly": True, "default": "hunter2"}
    union = {"oneOf": [branch("s3", "key", key=key, port=NUMBER), branch("disk")]}
    cls = class_of(union)
    assert field_of(cls, "key")["inputType"] == "password"
    assert "hunter2" not in json.dumps(cls.get_schema().schema)
    found = cls.from_settings({"optimizer": {"name": "s3", "key": "k", "port": 1}})
    assert found.get_config()["optimizer"] == {"name": "s3", "key": "k", "port": 1}
    # A default that holds one is shown nowhere, and so not field by field.
    (field,) = class_of({**union, "default": {"name": "s3", "key": "hunter2"}}).get_schema().fields
    assert field["model"] == "optimizer"
    assert "default" not in field


def test_a_union_in_a_hand_written_module(class_of: ClassOf) -> None:
    union = {"oneOf": [SGD, ADAM], "default": {"name": "sgd"}}
    training = class_of(union)

    class Experiment(VueSettingsModule):
        def __init__(self, training: Any, repeats: int = 3) -> None:
            self.training, self.repeats = training, repeats

    Experiment.__init__.__annotations__.update(training=training, repeats=int)
    form = Experiment.get_schema()
    untouched = Experiment.from_settings(untouched_model(form.schema))
    assert untouched.training == training.from_config({})
    for optimizer in ('{"name": "adam", "eps": 1}', {"name": "adam", "eps": 1, "momentum": 0.5}):
        found = Experiment.from_settings({"training": {"optimizer": optimizer}})
        assert found.training.optimizer.name == "adam"
        again = Experiment.from_settings(found.get_settings())
        assert again.get_config() == found.get_config()
    # Who reads the form itself, as flags do, reads one object.
    args = ["--training.optimizer", '{"name": "adam", "eps": 1}']
    read = {"training": {"optimizer": {"name": "adam", "eps": 1}}}
    assert parse_settings_args(form, args) == read
    assert apply_schema_to_model(form, read) == {**read, "repeats": 3}


def test_keys_that_only_other_kinds_have_fields_for_are_not_lost(class_of: ClassOf) -> None:
    cls = class_of({"oneOf": [SGD, ADAM]})
    for extra in ({"momentum": 0.9}, {"momentum": "x"}, {"(beside)": 1}, {"(beside)": {"name": 1}}):
        settings = cls.from_config({"optimizer": {"name": "adam", "eps": 0.1, **extra}})
        model = json.loads(json.dumps(settings.get_settings()))
        assert cls.from_settings(model) == settings
        # What the form fills in for the other kind changes nothing of that.
        model["optimizer"]["momentum"] = 0.5
        assert cls.from_settings(model) == settings
    # Another kind that is chosen then has what is in its fields.
    model["optimizer"] |= {"name": "sgd", "lr": 0.5}
    chosen = cls.from_settings(model).get_config()["optimizer"]
    assert (chosen["name"], chosen["lr"], chosen["momentum"]) == ("sgd", 0.5, 0.5)
    assert "(beside)" not in chosen
