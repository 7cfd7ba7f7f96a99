"""`json_schema()` of a class accepts what the class accepts, as `jsonschema` judges it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

import pytest
from conformance.generated import Package, accepts, generated, needs_shared, write_json
from conformance.test_schemastore import FOLDER, PREFIX, READERS, root_class, schemas
from conformance.test_schemastore import PLACE as STORE
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


def assert_local(schema: Any) -> None:
    """The schema names nothing but its definitions, and needs nothing else to be followed."""
    assert json.loads(json.dumps(schema)) == schema
    for node in objects_in({**schema, "$id": None}):
        assert node.keys().isdisjoint({"$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef"})
        assert not isinstance(node.get("$id"), str), node
        reference = node.get("$ref")
        if isinstance(reference, str) and reference != "#":
            assert re.fullmatch(r"#/(\$defs|definitions)/[\w.~%-]+", reference), reference
            _, keyword, name = reference.split("/")
            name = unquote(name).replace("~1", "/").replace("~0", "~")
            assert name in schema[keyword]


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for keyword, inner in value.items():
            if keyword not in ("default", "enum", "const", "examples"):
                yield from objects_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects_in(inner)


def assert_same_language(cls: Any, configs: list[Any]) -> None:
    schema = cls.json_schema()
    assert_local(schema)
    validator_class: Any = validator_for(schema, default=Draft202012Validator)
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
    assert_same_language(module.Training, list(variations({"old": {"pair": [1]}})))


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
        assert set(cls.json_schema()["$defs"]) == {"one", "two"}
        assert_same_language(cls, list(variations({"n": 1})))


def test_the_digest_covers_what_other_files_say(module_of: ModuleOf) -> None:
    training = {"properties": {"a": {"$ref": "common.json"}}}
    common = {"type": "object", "properties": {"b": {"$ref": "last.json"}}}
    digests = {
        module_of(training=training, common=common, last={"type": kind}).Training.schema_digest()
        for kind in ("integer", "string", "integer")
    }
    assert len(digests) == 2


def test_references_into_odd_places_lead_to_definitions(module_of: ModuleOf) -> None:
    module = module_of(
        {
            "properties": {
                "a": {"type": "array", "items": {"type": "integer", "minimum": 1}},
                "b": {"$ref": "#/properties/a/items"},
                "c": {"$ref": "#/$defs/odd~1name%25~0"},
                "d": {"$ref": "#/$defs/Outer/$defs/Inner"},
                "e": {"$ref": "#/parts/list/0"},
                "f": {"properties": {"on": {"$ref": "#"}}},
            },
            "parts": {"list": [{"maximum": 3}]},
            "$defs": {
                "odd/name%~": {"enum": [1, 2, {"$ref": "#/no/reference"}]},
                "Outer": {"$defs": {"Inner": {"maxLength": 1}}, "type": "string"},
                "Unused": {"type": "null"},
            },
        }
    )
    schema = module.Training.json_schema()
    assert schema["properties"] == {
        "a": {"type": "array", "items": {"$ref": "#/$defs/a.items"}},
        "b": {"$ref": "#/$defs/a.items"},
        "c": {"$ref": "#/$defs/odd~1name%25~0"},
        "d": {"$ref": "#/$defs/Inner"},
        "e": {"$ref": "#/$defs/parts.list.0"},
        "f": {"properties": {"on": {"$ref": "#"}}},
    }
    names = ["odd/name%~", "Outer", "Unused", "a.items", "Inner", "parts.list.0"]
    assert list(schema["$defs"]) == names
    assert schema.keys() == {"properties", "$defs"}, "what `parts` holds stands under its name"
    config = {"a": [1], "b": 2, "c": 1, "d": "x", "e": 3, "f": {"on": {"b": 1}}}
    assert_same_language(module.Training, list(variations(config)))
    assert_same_language(module.F, list(variations(config["f"])))


def test_definitions_of_one_name_stay_apart(module_of: ModuleOf) -> None:
    module = module_of(
        training={
            "properties": {
                "own": {"$ref": "#/$defs/Size"},
                "other": {"$ref": "common.json#/$defs/Size"},
                "inner": {"$ref": "common.json#/$defs/Outer/$defs/Size"},
            },
            "$defs": {"Size": {"minimum": 1}, "common.Size": {"type": "object"}},
        },
        common={
            "$defs": {"Size": {"minimum": 2}, "Outer": {"$defs": {"Size": {"minimum": 3}}}},
        },
    )
    schema = module.Training.json_schema()
    limits = {name: found.get("minimum") for name, found in schema["$defs"].items()}
    assert limits == {"Size": 1, "common.Size": None, "common.Size_2": 2, "common.Size_3": 3}
    assert_same_language(module.Training, list(variations({"own": 1, "other": 2, "inner": 3})))


def test_a_document_is_found_by_its_file_and_by_its_identifier(module_of: ModuleOf) -> None:
    module = module_of(
        training={
            "properties": {
                "file": {"$ref": "common.json#/$defs/N"},
                "id": {"$ref": "https://schemas.example/common#/$defs/N"},
            }
        },
        common={
            "$id": "https://schemas.example/common",
            "$defs": {"N": {"$ref": "common#/$defs/M"}, "M": {"type": "integer"}},
        },
    )
    assert list(module.Training.json_schema()["$defs"]) == ["N", "M"]
    assert_same_language(module.Training, list(variations({"file": 1, "id": 2})))


TREE = {
    "$id": "https://schemas.example/tree",
    "$dynamicAnchor": "node",
    "type": "object",
    "properties": {
        "value": {},
        "children": {"type": "array", "items": {"$dynamicRef": "#node"}},
    },
}


def test_dynamic_references_lead_where_they_lead_from_the_root(module_of: ModuleOf) -> None:
    module = module_of(
        training={
            "$id": "https://schemas.example/strict",
            "$dynamicAnchor": "node",
            "$ref": "tree",
            "unevaluatedProperties": False,
        },
        tree=TREE,
    )
    config = {"children": [{"children": [], "value": 1}]}
    assert_same_language(module.Training, [*variations(config), {"children": [{"mistyped": 1}]}])


def test_what_means_several_things_is_there_several_times(module_of: ModuleOf) -> None:
    strict = {
        "$id": "https://schemas.example/strict",
        "$dynamicAnchor": "node",
        "$ref": "tree",
        "unevaluatedProperties": False,
    }
    properties = {name: {"$ref": f"https://schemas.example/{name}"} for name in ("tree", "strict")}
    module = module_of({"properties": properties, "$defs": {"a": strict, "b": TREE}})
    schema = module.Training.json_schema()
    assert list(schema["$defs"]) == ["a", "b", "training.b"]
    tree = {"children": [{"mistyped": 1}]}
    configs = [{"tree": tree}, {"strict": tree}, {"strict": {}}, {"strict": {"mistyped": 1}}]
    assert_same_language(module.Training, configs)


def test_recursive_references_of_2019_do_so_too(module_of: ModuleOf) -> None:
    module = module_of(
        training={
            "$schema": DRAFT_2019,
            "$id": "https://schemas.example/strict",
            "$recursiveAnchor": True,
            "$ref": "tree",
            "unevaluatedProperties": False,
        },
        tree={
            "$schema": DRAFT_2019,
            "$id": "https://schemas.example/tree",
            "$recursiveAnchor": True,
            "type": "object",
            "properties": {"children": {"type": "array", "items": {"$recursiveRef": "#"}}},
        },
    )
    config = {"children": [{"children": []}]}
    assert_same_language(module.Training, [*variations(config), {"children": [{"mistyped": 1}]}])


def test_resources_within_a_document_are_definitions(module_of: ModuleOf) -> None:
    module = module_of(
        {
            "$id": "https://schemas.example/a/training",
            "properties": {
                "n": {"$ref": "part"},
                "m": {"$ref": "part#small"},
                "same": {"$id": "other", "type": "object", "properties": {"in": {"$ref": "#"}}},
            },
            "$defs": {
                "P": {
                    "$id": "part",
                    "type": "integer",
                    "allOf": [{"$ref": "#/$defs/S"}],
                    "$defs": {"S": {"$anchor": "small", "maximum": 9}},
                }
            },
        }
    )
    config = {"n": 1, "m": 2, "same": {"in": {"in": {}}}}
    assert_same_language(module.Training, list(variations(config)))
    assert module.Training.json_schema()["$defs"].keys() == {"P", "S", "same"}


@pytest.mark.parametrize("draft", [DRAFT_4, DRAFT_7])
def test_only_annotations_count_beside_references_of_old_drafts(
    module_of: ModuleOf, draft: str
) -> None:
    module = module_of(
        {
            "$schema": draft,
            "properties": {
                "n": {"$ref": "#/definitions/N", "title": "Number", "maximum": 1, "default": 7}
            },
            "definitions": {"N": {"type": "integer"}},
        }
    )
    schema = module.Training.json_schema()
    assert schema["properties"]["n"] == {
        "$ref": "#/definitions/N",
        "title": "Number",
        "default": 7,
    }
    assert_same_language(module.Training, list(variations({"n": 5})))


def test_old_drafts_within_newer_ones_are_said_in_the_newest_words(module_of: ModuleOf) -> None:
    module = module_of(
        training={"properties": {"old": {"$ref": "old.json"}, "oldest": {"$ref": "oldest.json"}}},
        old={
            "$schema": DRAFT_7,
            "type": "object",
            "properties": {
                "n": {"$ref": "#/definitions/N", "maximum": 1},
                "list": {"items": [{}], "additionalItems": {"type": "null"}, "minContains": 9},
            },
            "dependencies": {"n": ["list"], "list": {"maxProperties": 2}},
            "unevaluatedProperties": False,
            "definitions": {"N": {"minimum": 2}},
        },
        oldest={
            "$schema": DRAFT_4,
            "type": "object",
            "properties": {"n": {"minimum": 1, "exclusiveMinimum": True, "const": 0}},
        },
    )
    schema = module.Training.json_schema()
    assert schema["$defs"]["old"] == {
        "type": "object",
        "properties": {
            "n": {"$ref": "#/$defs/N"},
            "list": {"prefixItems": [{}], "items": {"type": "null"}},
        },
        "dependentRequired": {"n": ["list"]},
        "dependentSchemas": {"list": {"maxProperties": 2}},
    }
    assert schema["$defs"]["oldest"]["properties"] == {"n": {"exclusiveMinimum": 1}}
    config = {"old": {"n": 2, "list": [0, None]}, "oldest": {"n": 2}}
    assert_same_language(module.Training, list(variations(config)))


@pytest.mark.slow
@needs_shared(*STORE)
@pytest.mark.parametrize("name", schemas())
def test_schemas_of_schemastore(name: str, tmp_path: Path) -> None:
    """Real schemas judge real files as before when they are one document."""
    assert FOLDER is not None
    files = FOLDER / "schemas"
    with generated([files / f"{name}.json"], tmp_path, {PREFIX: files}) as package:
        cls = root_class(package)
        if cls is None:
            pytest.skip("no object is valid under it")
        schema = cls.json_schema()
        assert_local(schema)
        for each in classes_of(sys.modules[cls.__module__])[:10]:
            if isinstance(each, type):
                assert_local(each.json_schema())
        validator: Any = validator_for(schema, default=Draft202012Validator)
        for kind in ("test", "negative_test"):
            for path in (FOLDER / kind / name).glob("*"):
                read = READERS[path.suffix]
                value = None if read is None else read(path)
                if isinstance(value, dict):
                    assert validator(schema).is_valid(value) == accepts(cls, value), path.name
