"""Forms for react-jsonschema-form and JSON Forms: what their documents say, and what loads.

How the libraries draw them, `tests/browser/test_library_forms_drawn.py` looks at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from brevettiai.adapters import SettingsAdapter
from brevettiai.form.libraries import KEYS, TooManyControls, form_for, losses
from brevettiai.settings import SettingsError
from conformance.generated import Package, generated
from jsonschema import Draft7Validator

TOP = Path(__file__).parents[2]
SOURCES = [TOP / "schemas", TOP / "tests" / "browser" / "every_kind.schema.json"]
NAMES = ("Segmentation", "Classifier", "TestReport", "Common", "EveryKind")
ClassOf = Callable[..., Any]
both = pytest.mark.parametrize("library", KEYS)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    with generated(SOURCES, tmp_path_factory.mktemp("examples"), {}) as package:
        yield package


def parts(form: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The schema, the layout and the data of a form."""
    schema, layout, data = (
        form[key] for key in KEYS["rjsf" if "uiSchema" in form else "jsonforms"]
    )
    return schema, layout, data


def controls(layout: Any) -> dict[str, dict[str, Any]]:
    """The controls of a uischema by the paths of their settings."""
    if layout["type"] == "Control":
        path = layout["scope"].replace("#/properties/", "").replace("/properties/", ".")
        return {path: layout}
    return {k: v for each in layout.get("elements", ()) for k, v in controls(each).items()}


@both
@pytest.mark.parametrize("name", NAMES)
def test_a_form_opens_with_the_defaults_and_its_presets(
    package: Package, library: str, name: str
) -> None:
    cls = package.root_class(name)
    form = form_for(cls, library)
    assert json.loads(json.dumps(form)) == form
    assert form == form_for(cls, library)
    schema, _, data = parts(form)
    Draft7Validator.check_schema(schema)
    usual = cls.from_config({})
    assert cls.from_settings(data) == usual
    assert Draft7Validator(schema).is_valid(data)
    assert form.get("presets", {}).keys() == cls.presets().keys()
    for preset, model in form.get("presets", {}).items():
        assert cls.from_settings(model) == cls.from_preset(preset)
        assert Draft7Validator(schema).is_valid(model)


def test_rjsf_is_told_nothing_that_it_would_fill_in(package: Package) -> None:
    schema, ui, data = parts(form_for(package.root_class("Segmentation"), "rjsf"))
    training = schema["properties"]["training"]["properties"]
    assert "default" not in training["epochs"]
    assert schema["properties"]["seed"]["type"] == ["integer", "null"]
    assert data["seed"] is None
    stopping = training["early_stopping"]["anyOf"]
    assert [branch["title"] for branch in stopping] == ["None", "Early stopping"]
    assert stopping[1]["properties"]["patience"]["default"] == 5, "it begins when it is chosen"
    optimizer = training["optimizer"]
    assert [branch["properties"]["name"]["const"] for branch in optimizer["anyOf"]] == [
        "adam",
        "sgd",
    ]
    assert optimizer["discriminator"] == {"propertyName": "name"}
    assert ui["notes"] == {
        "ui:widget": "textarea",
        "ui:options": {"rows": 4},
        "ui:emptyValue": "",
    }
    weights = schema["properties"]["class_weights"]
    assert weights["additionalProperties"]["type"] == "number"


def test_json_forms_shows_the_branch_that_is_chosen(package: Package) -> None:
    _, layout, data = parts(form_for(package.root_class("Segmentation"), "jsonforms"))
    training = next(each for each in layout["elements"] if each.get("label") == "Training")
    group = next(each for each in training["elements"] if each.get("label") == "Optimizer")
    tag, *branches = group["elements"]
    assert tag == {
        "type": "Control",
        "scope": "#/properties/training/properties/optimizer/properties/name",
    }
    for branch, name in zip(branches, ("adam", "sgd"), strict=True):
        assert branch["rule"]["condition"]["schema"] == {"const": name}
    assert data["training"]["optimizer"]["name"] == "adam"
    assert data["training"]["early_stopping"] == "null", "JSON text, as it may be absent"


def test_what_is_left_of_another_branch_is_not_loaded(package: Package) -> None:
    cls = package.root_class("Segmentation")
    kept = {"name": "sgd", "beta_1": 0.5, "momentum": 0.25}
    loaded = cls.from_settings({"training": {"optimizer": kept}})
    assert loaded.training.optimizer.momentum == 0.25
    with pytest.raises(SettingsError, match=r"training\.optimizer\.unknown"):
        cls.from_settings({"training": {"optimizer": {**kept, "unknown": 1}}})


@both
def test_secrets_are_passwords_without_values(class_of: ClassOf, library: str) -> None:
    cls = class_of(
        {
            "properties": {
                "key": {"type": "string", "writeOnly": True, "default": "hunter2"},
                "login": {
                    "type": "object",
                    "properties": {"token": {"format": "password", "default": "hunter3"}},
                },
                "logins": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"token": {"type": "string", "writeOnly": True}},
                    },
                    "default": [{"token": "hunter4"}],
                },
            },
            "x-presets": {"p": {"key": "hunter5", "logins": [{"token": "hunter6"}]}},
        }
    )
    form = form_for(cls, library)
    assert "hunter" not in json.dumps(form)
    _, layout, data = parts(form)
    assert data == {"login": {}}
    if library == "rjsf":
        assert layout["key"]["ui:widget"] == layout["login"]["token"]["ui:widget"] == "password"
        assert layout["logins"]["items"]["token"]["ui:widget"] == "password"
    else:
        options = {
            path: control["options"]["format"]
            for path, control in controls(layout).items()
            if path != "logins"
        }
        assert options == {"key": "password", "login.token": "password"}
    assert cls.from_settings(data) == cls.from_config({})


@both
def test_texts_and_facts_of_the_author_are_those_of_the_platform_form(
    class_of: ClassOf, library: str
) -> None:
    cls = class_of(
        {
            "title": "Whole & <b>all</b>",
            "properties": {
                "a": {
                    "title": "List<int>",
                    "description": "<i>so</i> & so",
                    "type": "integer",
                    "readOnly": True,
                    "default": 1,
                },
                "b": {
                    "type": "string",
                    "x-form": {"set": {"label": "Named", "type": "textArea", "rows": 9}},
                },
                "c": {"type": "string", "examples": ["like this"], "deprecated": True},
                "d": {"enum": [1, 2], "x-form": {"set": {"type": "radios"}}},
                "e": {"type": "object", "x-form": {"set": {"type": "textArea"}}, "properties": {}},
            },
        }
    )
    schema, layout, _ = parts(form_for(cls, library))
    found = schema["properties"]
    assert schema["title"] == "Whole & <b>all</b>"
    assert found["a"]["title"] == "List<int>"
    assert found["a"]["description"] == "<i>so</i> & so"
    assert found["a"]["readOnly"] is True
    assert found["b"]["title"] == "Named"
    assert found["e"]["type"] == "string"
    if library == "rjsf":
        assert layout["b"]["ui:options"] == {"rows": 9}
        assert (layout["c"]["ui:placeholder"], layout["c"]["ui:help"]) == (
            "like this",
            "Deprecated",
        )
        assert layout["d"]["ui:widget"] == "radio"
    else:
        assert controls(layout)["b"]["options"]["multi"] is True
        assert controls(layout)["c"]["options"]["placeholder"] == "like this"
        assert found["c"]["description"] == "Deprecated"
        assert controls(layout)["d"]["options"]["format"] == "radio"


@both
def test_a_class_that_needs_settings_opens_with_what_there_is(
    class_of: ClassOf, library: str
) -> None:
    cls = class_of(
        {
            "properties": {
                "name": {"type": "string"},
                "part": {
                    "type": "object",
                    "properties": {
                        "size": {"type": "integer", "default": 3},
                        "on": {"type": "boolean"},
                    },
                    "required": ["on"],
                },
                "list": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
            },
            "required": ["name", "part"],
            "x-presets": {"Named": {"name": "n"}, "Whole": {"name": "n", "part": {"on": True}}},
        }
    )
    form = form_for(cls, library)
    schema, _, data = parts(form)
    assert data == {"part": {"size": 3, "on": False}, "list": ["a"]}
    assert schema["required"] == ["name"]
    assert form["presets"]["Named"] == {"name": "n", **data}
    assert form["presets"]["Whole"] == {"name": "n", "part": {"on": True, "size": 3}, "list": ["a"]}


def test_what_a_library_does_worse_is_told_by_path(package: Package) -> None:
    segmentation = package.root_class("Segmentation")
    assert losses(segmentation, "rjsf") == {}
    text = "is edited as JSON text"
    assert losses(segmentation, "jsonforms") == {
        "class_mapping": text,
        "class_weights": text,
        "training.early_stopping": text,
    }
    told = losses(package.root_class("EveryKind"), "jsonforms")
    assert told["integers.nullable_given"].startswith("cannot be made null")
    assert "integers.nullable" not in told


def test_classes_that_hold_themselves_end_as_text(class_of: ClassOf) -> None:
    node = {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "below": {"$ref": "#/$defs/N"}},
    }
    nodes = {"type": "array", "items": {"$ref": "#/$defs/N"}}
    cls = class_of(
        {"properties": {"tree": {"$ref": "#/$defs/N"}, "trees": nodes}, "$defs": {"N": node}}
    )
    schema, _, _ = parts(form_for(cls, "rjsf"))
    assert schema["properties"]["trees"]["type"] == "string"
    below = schema["properties"]["tree"]["properties"]["below"]
    assert below == {"title": "Below", "type": "string"}


def test_forms_that_multiply_are_refused_or_become_text(class_of: ClassOf) -> None:
    """Six objects in each of six objects, and so on: 15,552 numbers."""

    def level(number: int) -> dict[str, Any]:
        inner = {"$ref": f"#/$defs/L{number + 1}"} if number < 5 else {"type": "integer"}
        names = [f"p{n}" for n in range(6 if number < 5 else 12)]
        return {"type": "object", "properties": dict.fromkeys(names, inner)}

    levels = {f"L{number}": level(number) for number in range(1, 6)}
    items = {"type": "array", "items": {"$ref": "#/$defs/L2"}}
    cls = class_of({"properties": {"list": items}, "$defs": levels})
    assert parts(form_for(cls, "rjsf"))[0]["properties"]["list"]["type"] == "string"
    with pytest.raises(TooManyControls, match="x-form"):
        form_for(class_of({**level(1), "$defs": levels}), "rjsf")


def test_another_library_has_no_form(class_of: ClassOf) -> None:
    with pytest.raises(ValueError, match="only for rjsf and jsonforms"):
        form_for(class_of({"properties": {}}), "formly")


@dataclass
class Part:
    size: int = 3


@dataclass
class Plain:
    """Settings of another style."""

    name: str = "n"
    parts: list[Part] = field(default_factory=lambda: [Part(1)])
    weights: dict[str, float] = field(default_factory=lambda: {"a": 0.5})
    limit: int | None = None


@both
def test_classes_of_other_styles_have_them_too(library: str) -> None:
    adapter = SettingsAdapter.of(Plain)
    schema, _, data = parts(adapter.form_for(library))
    assert adapter.from_settings(data) == Plain()
    assert schema["properties"]["parts"]["items"]["properties"]["size"]["type"] == "integer"
    assert schema["properties"]["limit"]["type"] == ["integer", "null"]
