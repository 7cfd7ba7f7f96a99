"""Schemas whose root is no object: a type, and the functions that load and save its values."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import generated_code
import pytest
from brevettiai.settings import SettingsError
from conformance.generated import generated, write_json
from oracle import Oracle
from random_schemas import DRAFTS, SchemaMaker, value
from reference import json_equal

ModuleOf = Callable[..., ModuleType]
IMAGES: dict[str, Any] = {
    "type": "array",
    "minItems": 1,
    "items": {"$ref": "#/$defs/Image"},
    "$defs": {
        "Image": {
            "type": "object",
            "properties": {
                "path": {"type": "string", "minLength": 1},
                "size": {"type": "integer", "default": 3},
                "epochs": {"type": "integer", "x-renamed-from": "rounds"},
                "key": {"type": "integer", "writeOnly": True},
            },
            "required": ["path"],
        }
    },
}


def test_objects_in_a_list_are_of_their_class(module_of: ModuleOf) -> None:
    module = module_of(images=IMAGES)
    first, second = module.load([{"path": "a"}, {"path": "b", "size": 2.0}])
    assert first == module.Image(path="a")
    assert (second.path, type(second.size)) == ("b", int)
    second.size = 5
    assert module.dump([first, second]) == [{"path": "a", "size": 3}, {"path": "b", "size": 5}]


def test_every_problem_is_told_with_its_place(module_of: ModuleOf) -> None:
    module = module_of(images=IMAGES)
    with pytest.raises(SettingsError) as refusal:
        module.load([{"path": ""}, {"size": ".5", "key": "s3cret"}])
    assert str(refusal.value).splitlines() == [
        "Images: 4 problems",
        "  [0].path: must have at least 1 character (got '')",
        "  [1].path: is required",
        "  [1].size: must be a whole number (got '.5')",
        "  [1].key: must be a whole number (got a hidden value)",
    ]
    assert refusal.value.problems[0].path == (0, "path")
    for wrong in ([], {}, None, object(), [float("nan")]):
        with pytest.raises(SettingsError, match=r"^Images: "):
            module.load(wrong)


def test_what_was_changed_is_checked_when_it_is_saved(module_of: ModuleOf) -> None:
    module = module_of(images=IMAGES)
    images = module.load([{"path": "a"}])
    images[0].path = 7
    with pytest.raises(SettingsError, match=r"\[0\].path: must be text"):
        module.dump(images)
    with pytest.raises(SettingsError, match="must have at least 1 item"):
        module.dump([])


def test_what_is_nested_without_end_is_refused(module_of: ModuleOf) -> None:
    tree = {"type": "array", "items": {"$ref": "#"}}
    objects = {"type": "array", "items": {"properties": {"a": {"$ref": "#"}}, "type": "object"}}
    for schema in (tree, objects):
        module = module_of(some=schema)
        value: list[Any] = []
        for _ in range(50_000):
            value = [value] if schema is tree else [{"a": value}]
        for work in (module.load, module.dump):
            with pytest.raises(SettingsError, match="nested too deeply"):
                work(value)


def test_old_and_unknown_keys_are_told(
    module_of: ModuleOf, caplog: pytest.LogCaptureFixture
) -> None:
    module = module_of(images=IMAGES)
    with (
        caplog.at_level(logging.WARNING),
        pytest.warns(DeprecationWarning, match="rounds") as warned,
    ):
        images = module.load([{"path": "a", "rounds": 2, "pathh": "b"}])
    assert Path(warned[0].filename) == Path(__file__)
    assert [record.getMessage() for record in caplog.records] == [
        "Renamed config keys: [0].rounds (now epochs)",
        "Invalid config keys: [0].pathh (did you mean 'path'?)",
    ]
    assert module.dump(images) == [{"path": "a", "size": 3, "epochs": 2, "pathh": "b"}]


def test_fills_that_a_list_would_refuse_are_not_saved(module_of: ModuleOf) -> None:
    item = {"type": "object", "properties": {"a": {"type": "integer", "default": 1}}}
    module = module_of(some={"type": "array", "uniqueItems": True, "items": item})
    assert module.dump(module.load([{}, {"a": 2}])) == [{"a": 1}, {"a": 2}]
    twins = module.load([{}, {"a": 1}])
    assert [each.a for each in twins] == [1, 1]
    assert module.dump(twins) == [{}, {"a": 1}]


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        ({"type": "integer"}, 3, "3"),
        ({"type": "number"}, 2.0, True),
        ({"enum": ["red", "green"]}, "red", "blue"),
        ({"type": ["string", "null"]}, None, 1),
        ({"$ref": "#/$defs/name", "$defs": {"name": {"type": "string"}}}, "a", 1),
        (False, ..., 1),
        (True, [1, {"a": None}], object()),
        ({"type": "array", "items": {"type": "array"}}, [[1], []], [1]),
    ],
)
def test_values_of_every_kind(module_of: ModuleOf, schema: Any, right: Any, wrong: Any) -> None:
    module = module_of(some=schema)
    if right is not ...:
        loaded = module.load(right)
        assert (loaded, type(loaded)) == (right, type(right))
        assert module.dump(loaded) == right
        assert not isinstance(right, list) or loaded is not right
    with pytest.raises(SettingsError):
        module.load(wrong)


def test_the_module_is_what_it_says(tmp_path: Path) -> None:
    named = {"type": "object", "x-python-name": "load", "properties": {"dump": {"type": "string"}}}
    text = {"type": "string"}
    long = {"enum": [f"a long value, number {number}" for number in range(20)]}
    schemas = {
        "images": IMAGES,
        "named": {"type": "array", "items": named},
        "text": text,
        "lists": {"type": "array", "items": {"anyOf": [{"$ref": "images.json"}, text, long]}},
        "long": long,
        "whatever": True,
    }
    for name, schema in schemas.items():
        write_json(tmp_path / "schemas" / f"{name}.json", schema)
    with generated([tmp_path / "schemas"], tmp_path, {}) as package:
        for name in schemas:
            module, held = package.module(name), dict[str, Any]()
            exec(f"from {package.name}.{name} import *", held)
            assert {*module.__all__} <= held.keys()
        assert package.module("named").load_2([{"dump": "x"}])[0].dump == "x"
        lists = package.module("lists").load([[{"path": "a"}], "b"])
        assert lists[0] == package.module("images").load([{"path": "a"}])
        assert generated_code.mypy(tmp_path / package.name) == ""
        assert generated_code.ruff(tmp_path / package.name) == ""


def load_and_dump(module: Any) -> Callable[[Any], Any]:
    """What a module makes of JSON, as JSON again."""
    return lambda given: module.dump(module.load(given))


def outcome(work: Callable[[Any], Any], given: Any) -> tuple[list[str], Any]:
    """The problems with what is given, and what is made of it."""
    try:
        return [], work(given)
    except SettingsError as error:
        return [str(problem) for problem in error.problems], None


@pytest.mark.parametrize("draft", DRAFTS)
def test_values_are_judged_and_saved_as_in_a_class(draft: str, tmp_path: Path) -> None:
    random = Random(f"roots {draft}")
    documents = [SchemaMaker(random, draft).document() for _ in range(15)]
    for index, schema in enumerate(documents):
        write_json(tmp_path / "schemas" / f"case_{index}.json", schema)
        items = {"$schema": draft, "type": "array", "items": {"$ref": f"case_{index}.json"}}
        write_json(tmp_path / "schemas" / f"list_{index}.json", items)
        properties = {"value": {"$ref": f"list_{index}.json"}}
        wrapper = {"$schema": draft, "type": "object", "properties": properties}
        write_json(tmp_path / "schemas" / f"wrapper_{index}.json", wrapper)
    fitting = 0
    with generated([tmp_path / "schemas"], tmp_path, {}) as package:
        for index, schema in enumerate(documents):
            module, oracle = package.module(f"list_{index}"), Oracle(schema)
            wrapper = getattr(package.module(f"wrapper_{index}"), f"Wrapper{index}")
            for _ in range(20):
                given = [value(random, 2) for _ in range(random.randint(0, 3))]
                fits = all(map(oracle.is_valid, given))
                problems, saved = outcome(load_and_dump(module), given)
                assert fits is (problems == []), (schema, given)
                expected, config = outcome(wrapper.from_config, {"value": given})
                assert [f"value{p}" if p[0] == "[" else f"value: {p}" for p in problems] == expected
                if fits:
                    assert json_equal(saved, config.get_config()["value"]), (schema, given)
                    fitting += 1
    assert fitting > 30
