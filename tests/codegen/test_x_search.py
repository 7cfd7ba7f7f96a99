"""`x-search`: how settings vary in sweeps, in schemas, tables and the classes of every style."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from brevettiai.adapters import SettingsAdapter
from brevettiai.search.space import Numbers
from loaded_classes import loaded_class, tagged

NUMBER = {"type": "number", "minimum": 0, "maximum": 1}


def told(schema: dict[str, Any], folder: Path) -> list[str]:
    """What is told of a property with `schema`."""
    path = folder / "training.schema.json"
    texts = {"title": "A", "description": "A"}
    path.write_text(json.dumps({**texts, "properties": {"a": {**texts, **schema}}}))
    warnings = generate([path], folder / "settings").warnings
    assert {problem.code for problem in warnings} <= {"x-search", "idle-extension"}
    return [problem.message for problem in warnings]


@pytest.mark.parametrize(
    ("schema", "said", "message"),
    [
        (NUMBER, 5, "must be true, false or an object with scale, range, step"),
        (NUMBER, {"scal": "log"}, "there is no 'scal'; did you mean 'scale'?"),
        (NUMBER, {"scale": "exp"}, "scale must be linear or log"),
        (NUMBER, {"range": [1]}, "range must be a list of two numbers, the lower one first"),
        (NUMBER, {"range": [1, 0]}, "range must be a list of two numbers, the lower one first"),
        (NUMBER, {"step": 0}, "step must be a number above 0"),
        (NUMBER, {"range": [0, 2]}, "it must be at most 1, not 2"),
        (NUMBER, {"scale": "log"}, "it takes a lower limit above 0 for log"),
        (
            NUMBER,
            {"scale": "log", "step": 0.1, "range": [0.1, 1]},
            "it takes multiples of 0.1 only",
        ),
        ({"type": "number", "minimum": 0}, True, "it has no upper limit in its schema"),
        ({"type": "integer", "minimum": 1, "maximum": 9}, {"step": 0.5}, "it takes an integer for"),
        ({"type": "string"}, True, "it takes any text, so that it cannot vary by itself"),
        ({"type": "boolean"}, {"step": 1}, "step is for numbers, and it takes none"),
        ({"const": 1}, True, "it has one value only"),
        ({"type": "boolean", "writeOnly": True}, True, "a secret never varies"),
    ],
)
def test_what_does_not_go_with_the_setting_is_told(
    schema: dict[str, Any], said: Any, message: str, tmp_path: Path
) -> None:
    (problem,) = told({**schema, "x-search": said}, tmp_path)
    assert problem.startswith(f"x-search of 'a': {message}")


@pytest.mark.parametrize(
    "schema",
    [
        {**NUMBER, "x-search": {"scale": "log", "range": [0.01, 1]}},
        {**NUMBER, "x-search": {"scale": "linear", "step": 0.25}},
        {"type": "number", "x-search": {"range": [-1, 1]}},
        {"type": ["integer", "null"], "minimum": 0, "maximum": 3, "x-search": True},
        {"anyOf": [NUMBER, {"type": "null"}], "x-search": True},
        {"enum": [1, 2], "x-search": True},
        {"type": "string", "x-search": False},
        {"anyOf": [tagged("b"), tagged("c")], "x-search": True},
    ],
)
def test_what_goes_is_not(schema: dict[str, Any], tmp_path: Path) -> None:
    assert told(schema, tmp_path) == []


def test_each_property_of_a_shared_schema_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "training.schema.json"
    rate = {"$ref": "#/$defs/Rate", "title": "A"}
    schema = {
        "title": "A",
        "properties": {"a": rate, "b": {**rate, "maximum": 0.1}, "c": {**rate, "maximum": 0.1}},
        "$defs": {"Rate": {**NUMBER, "x-search": {"range": [0, 0.5]}}},
    }
    path.write_text(json.dumps(schema))
    (problem,) = generate([path], tmp_path / "settings").warnings
    assert problem.message == "x-search of 'b': it must be at most 0.1, not 0.5"


def test_it_counts_at_properties_only(tmp_path: Path) -> None:
    (problem,) = told({"type": "array", "items": {"type": "boolean", "x-search": True}}, tmp_path)
    assert problem == "x-search counts at properties; here it does nothing"


def test_rows_and_schemas_have_it_through_references() -> None:
    rate = {**NUMBER, "x-search": {"range": [0.1, 0.5]}}
    cls = loaded_class(
        {
            "a": {"$ref": "#/$defs/Rate"},
            "b": {"$ref": "#/$defs/Rate", "x-search": {"step": 0.5}},
            "c": {"$ref": "#/$defs/Rate", "x-search": False},
        },
        **{"$defs": {"Rate": rate}},
    )
    assert [row.search for row in cls.__brevetti__.fields()] == [
        {"range": [0.1, 0.5]},
        {"step": 0.5},
        False,
    ]
    assert cls.json_schema()["$defs"]["Rate"]["x-search"] == {"range": [0.1, 0.5]}
    assert cls.search_space().parameters == (
        Numbers("a", ("a",), 0.1, 0.5),
        Numbers("b", ("b",), 0.0, 1.0, step=0.5),
    )


@pytest.mark.parametrize("style", ["pydantic", "dataclass", "msgspec"])
def test_classes_of_every_style_have_it(
    style: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = {
        "title": "Training",
        "properties": {
            "rate": {**NUMBER, "default": 0.1, "x-search": {"scale": "log", "range": [0.01, 1]}},
            "flip": {"type": "boolean", "default": False, "x-search": False},
            "loss": {"enum": ["a", "b"], "default": "a", "x-search": True},
        },
    }
    (tmp_path / "training.schema.json").write_text(json.dumps(schema))
    package = f"searched_{style}"
    generate([tmp_path / "training.schema.json"], tmp_path / package, style=style)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = __import__(f"{package}.training", fromlist=["Training"])
    adapter = SettingsAdapter.of(module.Training)
    assert [row.search for row in adapter.facts.__brevetti__.fields()] == [
        {"scale": "log", "range": [0.01, 1]},
        False,
        True,
    ]
    assert [each.name for each in adapter.search_space()] == ["rate", "loss"]
