"""`json_schema()` of a class accepts what the class accepts, as `jsonschema` judges it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conformance.generated import Package, accepts, generated, write_json
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

SCHEMAS = Path(__file__).parent.parent / "schemas"
DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"
ModuleOf = Callable[..., ModuleType]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    with generated([SCHEMAS], tmp_path_factory.mktemp("examples"), {}) as package:
        yield package


#: Configs of classes that `{}` does not fit.
STARTS = {"Adam": {"name": "adam"}, "Sgd": {"name": "sgd"}, "GatesItem": {"metric": "accuracy"}}


def variations(config: Any) -> Iterator[Any]:
    """`config`, and everything that differs from it in one place."""
    yield config
    if isinstance(config, dict):
        for key, value in config.items():
            yield {other: config[other] for other in config if other != key}
            yield from ({**config, key: variation} for variation in variations(value))
        yield {**config, "unknown": 1}
    elif isinstance(config, list):
        yield [*config, *config]
        yield []
        for index, item in enumerate(config):
            start, end = config[:index], config[index + 1 :]
            yield from ([*start, variation, *end] for variation in variations(item))
    yield from (None, True, -1, 1e6, "", "text", [], {})


def assert_same_language(cls: Any, configs: list[Any], one_draft: bool = True) -> None:
    schema = cls.json_schema()
    assert json.loads(json.dumps(schema)) == schema
    validator_class: Any = validator_for(schema, default=Draft202012Validator)
    if one_draft:
        # The metaschemas know nothing of embedded documents of other drafts.
        validator_class.check_schema(schema)
    validator = validator_class(schema)
    verdicts = set()
    for config in configs:
        verdict = isinstance(config, dict) and validator.is_valid(config)
        verdicts.add(verdict)
        assert accepts(cls, config) == verdict, config
    assert verdicts == {True, False}


def classes_of(module: ModuleType) -> list[Any]:
    return [getattr(module, name) for name in module.__all__]


@pytest.mark.parametrize("name", ["segmentation", "classifier", "test_report", "common"])
def test_every_class_of_the_examples(package: Package, name: str) -> None:
    for cls in classes_of(package.module(name)):
        config = cls.from_config(STARTS.get(cls.__name__, {})).get_config()
        assert_same_language(cls, list(variations(config)))


@pytest.mark.parametrize("draft", [DRAFT_4, DRAFT_7, DRAFT_2019, None])
def test_classes_within_documents_of_every_draft(module_of: ModuleOf, draft: str | None) -> None:
    keyword = "definitions" if draft in (DRAFT_4, DRAFT_7) else "$defs"
    schema = {
        "properties": {
            "color": {"$ref": f"#/{keyword}/Color", "maximum": 1, "default": {"red": 1}},
            "inner": {
                "type": "object",
                "properties": {"rate": {"type": "integer"}, "next": {"$ref": "#"}},
                "allOf": [{"$ref": f"#/{keyword}/Color"}],
            },
        },
        keyword: {
            "Color": {"type": "object", "properties": {"red": {"type": "number", "maximum": 9}}}
        },
    }
    module = module_of({"$schema": draft, **schema} if draft else schema)
    config = {"color": {"red": 1}, "inner": {"rate": 1.0, "red": 2, "next": {"color": {"red": 3}}}}
    assert_same_language(module.Training, list(variations(config)))
    assert_same_language(module.Inner, list(variations(config["inner"])))
    assert_same_language(module.Color, list(variations(config["color"])))


@pytest.mark.parametrize("draft", [DRAFT_4, DRAFT_7, DRAFT_2019, None])
def test_bundles_hold_what_other_files_say(module_of: ModuleOf, draft: str | None) -> None:
    """Three files, of which the root refers to one directly and to one through another."""
    keyword = "definitions" if draft in (DRAFT_4, DRAFT_7) else "$defs"
    head = {"$schema": draft} if draft else {}
    module = module_of(
        training={
            **head,
            "properties": {
                "size": {"$ref": f"common.json#/{keyword}/Size"},
                "shape": {"$ref": "shape.json"},
            },
        },
        common={
            **head,
            keyword: {
                "Size": {"type": "object", "properties": {"width": {"$ref": f"#/{keyword}/N"}}},
                "N": {"type": "integer", "minimum": 1},
            },
        },
        shape={
            **head,
            "type": "object",
            "properties": {
                "size": {"$ref": f"common.json#/{keyword}/Size"},
                "parts": {"type": "array", "items": {"$ref": "#"}},
            },
        },
    )
    config = {"size": {"width": 1}, "shape": {"size": {"width": 2}, "parts": [{"parts": []}]}}
    assert_same_language(module.Training, list(variations(config)))
    assert_same_language(type(module.Training().shape), list(variations(config["shape"])))
    assert_same_language(type(module.Training().size), list(variations(config["size"])))


def test_a_class_of_a_document_with_an_identifier(module_of: ModuleOf) -> None:
    module = module_of(
        training={
            "$id": "https://schemas.example/a/training",
            "properties": {"size": {"$ref": "common#size"}, "inner": {"$ref": "#/$defs/Inner"}},
            "$defs": {"Inner": {"properties": {"size": {"$ref": "common#size"}}}},
        },
        common={
            "$id": "https://schemas.example/a/common",
            "$defs": {"S": {"$anchor": "size", "properties": {"width": {"type": "integer"}}}},
        },
    )
    config = {"size": {"width": 1}, "inner": {"size": {"width": 2}}}
    assert_same_language(module.Training, list(variations(config)))
    assert_same_language(module.Inner, list(variations(config["inner"])))


def test_documents_of_different_drafts_in_one_bundle(module_of: ModuleOf) -> None:
    module = module_of(
        training={"properties": {"old": {"$ref": "old.json"}}},
        old={
            "$schema": DRAFT_7,
            "type": "object",
            "properties": {"pair": {"items": [{"type": "integer"}], "additionalItems": False}},
        },
    )
    assert_same_language(module.Training, list(variations({"old": {"pair": [1]}})), False)


def test_the_digest_tells_schemas_apart(module_of: ModuleOf) -> None:
    one = module_of({"properties": {"n": {"type": "integer"}}}).Training
    same = module_of({"properties": {"n": {"type": "integer"}}}).Training
    other = module_of({"properties": {"n": {"type": "number"}}}).Training
    assert one.schema_digest() == same.schema_digest() != other.schema_digest()


def test_files_in_folders_that_refer_to_one_another_in_circles(tmp_path: Path) -> None:
    write_json(
        tmp_path / "schemas" / "a" / "training.json",
        {
            "type": "object",
            "properties": {"next": {"$ref": "../b/step.json"}, "n": {"type": "integer"}},
        },
    )
    write_json(
        tmp_path / "schemas" / "b" / "step.json",
        {
            "type": "object",
            "properties": {
                "back": {"$ref": "../a/training.json"},
                "other": {"$ref": "other.json"},
                "inner": {"type": "object", "properties": {"x": {"$ref": "../a/training.json"}}},
            },
        },
    )
    write_json(tmp_path / "schemas" / "b" / "other.json", {"type": ["integer", "null"]})
    config = {"n": 1, "next": {"back": {"n": 2, "next": {"other": 3, "inner": {"x": {}}}}}}
    with generated([tmp_path / "schemas"], tmp_path, {}) as package:
        training, step = package.module("a.training"), package.module("b.step")
        assert_same_language(training.Training, list(variations(config)))
        assert_same_language(step.Step, list(variations(config["next"])))
        assert_same_language(step.Inner, list(variations({"x": config})))


def test_mapped_documents_are_in_bundles_too(tmp_path: Path) -> None:
    write_json(
        tmp_path / "training.json",
        {"type": "object", "properties": {"n": {"$ref": "https://a.example/one"}}},
    )
    write_json(tmp_path / "one.json", {"allOf": [{"$ref": "two"}], "minimum": 1})
    write_json(tmp_path / "two.json", {"$schema": DRAFT_7, "type": "integer"})
    maps = {f"https://a.example/{name}": tmp_path / f"{name}.json" for name in ("one", "two")}
    with generated([tmp_path / "training.json"], tmp_path, maps) as package:
        cls = package.root_class("Training")
        assert set(cls.json_schema()["$defs"]) == set(maps)
        assert_same_language(cls, list(variations({"n": 1})), one_draft=False)


def test_the_digest_covers_what_other_files_say(module_of: ModuleOf) -> None:
    training = {"properties": {"a": {"$ref": "common.json"}}}
    common = {"type": "object", "properties": {"b": {"$ref": "last.json"}}}
    digests = {
        module_of(training=training, common=common, last={"type": kind}).Training.schema_digest()
        for kind in ("integer", "string", "integer")
    }
    assert len(digests) == 2
