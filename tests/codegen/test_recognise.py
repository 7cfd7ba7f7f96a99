"""Schemas, forms, and documents that are neither."""

import json
import os
from pathlib import Path

import pytest
from brevetti_gen.problems import Problem
from brevetti_gen.read.document import Document, read
from brevetti_gen.read.find import Source
from brevetti_gen.schema.keywords import KEYWORDS
from brevetti_gen.schema.recognise import recognise

shared = os.environ.get("BREVETTI_SHARED")
needs_shared = pytest.mark.skipif(not shared, reason="BREVETTI_SHARED is not set")


def kind(value):
    return recognise(Document(Source(Path("a.json"), "a.json", ("a",), "a.json"), value, "", "{}"))


@pytest.mark.parametrize(
    "value",
    [
        {"type": "object"},
        {"properties": {}},
        {"$ref": "b.json"},
        {"$schema": "http://json-schema.org/draft-07/schema#"},
        {"id": "http://example.com/a", "definitions": {}},
        {"$recursiveRef": "#"},
        {"title": "Anything"},
        {"fields": [], "type": "object"},
        {"groups": [], "$schema": "x"},
        {"fields": {}, "properties": {}},
        True,
        False,
    ],
)
def test_any_keyword_makes_a_schema(value):
    assert kind(value) == "schema"


@pytest.mark.parametrize(
    "value", [{"fields": []}, {"groups": [{"fields": []}]}, {"fields": [], "title": "A form"}]
)
def test_an_array_of_fields_or_groups_makes_a_form(value):
    assert kind(value) == "form"


@pytest.mark.parametrize("value", [{}, {"epochs": 5}, {"fields": {}}, {"Type": "object"}])
def test_a_stored_config_is_neither(value):
    problem = kind(value)
    assert isinstance(problem, Problem)
    assert (problem.path, problem.line, problem.column) == ("a.json", 1, 1)
    assert problem.message.startswith("neither a JSON Schema")


@pytest.mark.parametrize(
    ("value", "shown"),
    [([], "an array"), ("x", "a text"), (None, "null"), (1, "a number"), (1.5, "a number")],
)
def test_a_root_that_is_no_object_is_named(value, shown):
    assert kind(value).message == f"{shown} is no JSON Schema"


@pytest.mark.parametrize("draft", ["draft4", "draft6", "draft7", "draft2019-09", "draft2020-12"])
def test_every_keyword_of_the_metaschemas_is_known(draft):
    from jsonschema import validators

    names = {
        "draft4": validators.Draft4Validator,
        "draft6": validators.Draft6Validator,
        "draft7": validators.Draft7Validator,
        "draft2019-09": validators.Draft201909Validator,
        "draft2020-12": validators.Draft202012Validator,
    }
    assert set(names[draft].META_SCHEMA["properties"]) <= set(KEYWORDS)


@needs_shared
def test_the_recorded_forms_are_forms():
    path = Path(shared, "forms", "criterion-sample-model.form.json")
    document = read(Source(path, path.name, ("a",), path.name))
    assert recognise(document) == "form"


@needs_shared
def test_the_schemas_of_the_store_are_schemas():
    schemas = sorted(Path(shared, "conformance", "schemastore").glob("schemas/*.json"))
    assert schemas
    for path in schemas:
        document = read(Source(path, path.name, ("a",), path.name))
        assert isinstance(document, Document), document
        assert recognise(document) == "schema", path
        assert document.value == json.loads(path.read_text("utf-8-sig"))
