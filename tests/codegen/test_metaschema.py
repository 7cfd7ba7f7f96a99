"""The schema of schemas, by which editors complete and check our own keywords."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, generate
from brevetti_gen.cli.main import main
from brevetti_gen.schema.keywords import EXTENSIONS, KEYWORDS
from brevetti_gen.workbench.tools.metaschema import metaschema
from budgets import SCHEMASTORE, TOP
from conformance.generated import shared
from jsonschema import Draft7Validator
from loaded_classes import loaded_class

VALIDATOR = Draft7Validator(metaschema())


def fits(schema: Any) -> bool:
    return VALIDATOR.is_valid(schema)


def inside(**keywords: Any) -> dict[str, Any]:
    """A schema that has these keywords deep inside."""
    return {"$defs": {"a": {"properties": {"b": {"anyOf": [{"items": keywords}]}}}}}


def test_it_is_a_schema_with_all_keywords(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metaschema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == metaschema()
    Draft7Validator.check_schema(printed)
    known = printed["definitions"]["keywords"]["properties"].keys() | {
        "x-form",
        "x-presets",
        "x-version",
    }
    assert known == EXTENSIONS | KEYWORDS.keys()
    assert all(p["description"] for p in printed["definitions"]["keywords"]["properties"].values())


@pytest.mark.parametrize(
    "keywords",
    [
        {"x-renamed-from": "old"},
        {"x-renamed-from": ["old", "older"]},
        {"x-python-name": "Größe"},
        {"x-python-type": "UUID"},
        {"x-slow-pattern": True},
        {"x-search": False},
        {"x-search": {"scale": "log", "range": [0.1, 1]}},
        {"x-search": {"step": 2}},
        {"x-form": {"set": {"type": "textArea", "rows": 12, "other": {}}, "omit": ["required"]}},
        {"x-form": {"order": ["type", "label"]}},
        {"x-other": 5, "unknown": []},
    ],
)
def test_what_our_keywords_take_fits_anywhere(keywords: dict[str, Any]) -> None:
    assert fits(inside(**keywords))
    assert fits({"properties": {"a": keywords}})


@pytest.mark.parametrize(
    "keywords",
    [
        {"x-renamed-from": 5},
        {"x-renamed-from": []},
        {"x-python-name": ""},
        {"x-python-type": "uuid"},
        {"x-slow-pattern": "yes"},
        {"x-search": {"scale": "exp"}},
        {"x-search": {"range": [1]}},
        {"x-search": {"from": 1}},
        {"x-form": []},
        {"x-form": {"label": "A"}},
        {"x-form": {"set": {"type": "textarea"}}},
        {"x-form": {"set": {"model": "a"}}},
        {"x-form": {"omit": "required"}},
        {"x-form": {"entries": []}},
        {"type": "strng"},
        {"minimum": "1"},
    ],
)
def test_what_they_do_not_take_does_not(keywords: dict[str, Any]) -> None:
    assert not fits(inside(**keywords))
    assert not fits({"properties": {"a": keywords}})


def test_the_root_has_keywords_of_its_own() -> None:
    assert fits({"x-presets": {"a": {"b": 1}}, "x-form": {"entries": ["b", {"type": "label"}]}})
    assert not fits({"x-presets": {"a": 5}})
    assert not fits({"x-form": {"set": {}}})


def test_schemas_that_generate_fit() -> None:
    """Whatever is generated without a warning about our keywords; here the examples."""
    schemas = [
        *(TOP / "schemas").rglob("*.schema.json"),
        TOP / "tests/browser/every_kind.schema.json",
    ]
    assert len(schemas) > 1
    for path in schemas:
        assert [*VALIDATOR.iter_errors(json.loads(path.read_text(encoding="utf-8")))] == [], path


def test_schemas_of_all_drafts_fit(tmp_path: Path) -> None:
    folder = shared(*SCHEMASTORE)
    if folder is None:
        pytest.skip("needs SchemaStore")
    for path in sorted(folder.glob("*.json"))[::40]:
        try:
            generate([path], tmp_path / "settings", maps={"https://json.schemastore.org/": folder})
        except GenerationError:
            continue
        assert [*VALIDATOR.iter_errors(json.loads(path.read_text(encoding="utf-8")))] == [], path


# `$schema` in configs


def test_a_config_may_name_its_schema(caplog: pytest.LogCaptureFixture) -> None:
    cls = loaded_class({"a": {"type": "object", "properties": {"c": {}}}})
    config = {"$schema": "./some.schema.json", "a": {}}
    settings = cls.from_config(config)
    assert settings.get_config() == config
    assert json.loads(settings.to_json()) == config
    assert cls.from_args(settings.to_args()) == settings
    assert caplog.messages == []
    # Inside it is a key like any other, and beside it others are told.
    with caplog.at_level(logging.WARNING):
        cls.from_config({"$schema": "x", "a": {"$schema": "x"}, "b": 1})
    assert caplog.messages == ["Invalid config keys: b, a.$schema"]


def test_a_schema_that_forbids_other_keys_forbids_it_too() -> None:
    closed = loaded_class({"a": {}}, additionalProperties=False)
    with pytest.raises(ValueError, match=r"\$schema: is not a known key"):
        closed.from_config({"$schema": "x"})
