"""What a schema may say, but hardly means, is told; and all that is wrong is told at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, Problem, generate
from brevetti_gen.cli.main import main
from brevetti_gen.schema.dialects import DRAFT_7
from brevetti_gen.workbench.lint.spelling import misspelled
from conformance.generated import needs_shared, shared

DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_7_URI = "http://json-schema.org/draft-07/schema#"


def warnings(schema: dict[str, Any], folder: Path) -> list[str]:
    """The warnings about one schema: `pointer: message (hint)`."""
    path = folder / "some.json"
    path.write_text(json.dumps({"type": "object", **schema}))
    return [
        f"{problem.pointer}: {problem.message}" + (f" ({problem.hint})" if problem.hint else "")
        for problem in generate([path], folder / "settings").warnings
    ]


def test_misspelled_keywords_are_named_with_what_was_meant(tmp_path: Path) -> None:
    schema = {"properties": {"a": {"tpye": "string", "minLenght": 1}}, "requierd": ["a"]}
    assert warnings(schema, tmp_path) == [
        '#/properties/a/tpye: "tpye" is no keyword and says nothing (did you mean "type"?)',
        '#/properties/a/minLenght: "minLenght" is no keyword and says nothing '
        '(did you mean "minLength"?)',
        '#/requierd: "requierd" is no keyword and says nothing (did you mean "required"?)',
    ]


@pytest.mark.parametrize(
    ("word", "keyword"),
    [
        ("propertes", "properties"),
        ("additonalProperties", "additionalProperties"),
        ("additionalproperties", "additionalProperties"),
        ("additional_properties", "additionalProperties"),
        ("default ", "default"),
        ("Enum", "enum"),
        ("eunm", "enum"),
        ("descripton", "description"),
        ("uniqeItem", "uniqueItems"),
        ("readonly", "readOnly"),
        ("ref", None),
        ("item", None),
        ("name", None),
        ("code", None),
        ("enumNames", None),
        ("markdownDescription", None),
        ("x-enum", None),
        ("timeUnit", None),
    ],
)
def test_what_looks_like_a_keyword(word: str, keyword: str | None) -> None:
    assert misspelled(word, DRAFT_7.keywords) == keyword


def test_only_schemas_are_looked_at(tmp_path: Path) -> None:
    said = {"requierd": 1, "propertes": {}}
    schema = {
        "properties": {"requierd": {}, "a": {"enum": [said], "default": said, "examples": [said]}},
        "x-other": said,
        "$defs": {"propertes": {"const": said}},
        "dependentRequired": {"requierd": ["a"]},
    }
    assert warnings(schema, tmp_path) == []


def test_what_references_lead_into_is_meant_as_it_is(tmp_path: Path) -> None:
    schema = {"definition": {"a": {"type": "string"}}}
    assert len(warnings(schema, tmp_path)) == 1
    schema["properties"] = {"a": {"$ref": "#/definition/a"}}
    assert warnings(schema, tmp_path) == []


@pytest.mark.parametrize(
    ("draft", "keyword", "value", "remark"),
    [
        (DRAFT_4, "const", 1, '"const" says nothing in draft 4 (write an "enum" of one value)'),
        (DRAFT_4, "if", {}, '"if" says nothing in draft 4 (it is of draft 7 and later)'),
        (DRAFT_4, "$id", "a", '"$id" says nothing in draft 4 (in draft 4 it is "id")'),
        (DRAFT_7_URI, "id", "a", '"id" says nothing in draft 7 (from draft 6 on it is "$id")'),
        (
            DRAFT_7_URI,
            "dependentRequired",
            {},
            '"dependentRequired" says nothing in draft 7 (up to draft 7 it is "dependencies")',
        ),
        (
            DRAFT_7_URI,
            "unevaluatedItems",
            False,
            '"unevaluatedItems" says nothing in draft 7 (it is of 2019-09 and later)',
        ),
        (
            "https://json-schema.org/draft/2020-12/schema",
            "additionalItems",
            False,
            '"additionalItems" says nothing in 2020-12 '
            '(in 2020-12 the schema of the other items is "items")',
        ),
    ],
)
def test_keywords_of_other_drafts(
    draft: str, keyword: str, value: Any, remark: str, tmp_path: Path
) -> None:
    schema = {"$schema": draft, "properties": {"a": {keyword: value}}}
    assert warnings(schema, tmp_path) == [f"#/properties/a/{keyword}: {remark}"]


def test_what_counts_in_every_draft_is_no_fault(tmp_path: Path) -> None:
    notes = {"$comment": "", "examples": [], "readOnly": True, "deprecated": False}
    schema = {"$schema": DRAFT_7_URI, "properties": {"a": {**notes, "id": 3}}, "$defs": {}}
    assert warnings(schema, tmp_path) == []


def test_assertions_beside_a_reference(tmp_path: Path) -> None:
    schema = {
        "$schema": DRAFT_7_URI,
        "properties": {"a": {"$ref": "#/definitions/b", "maximum": 3, "default": 1, "title": "A"}},
        "definitions": {"b": {"type": "integer"}},
    }
    (remark,) = warnings(schema, tmp_path)
    assert remark.startswith('#/properties/a/maximum: "maximum" beside "$ref" says nothing')


def test_patterns_that_may_not_mean_what_they_say(tmp_path: Path) -> None:
    schema = {"properties": {"a": {"pattern": r"^a\Z"}}}
    (remark,) = warnings(schema, tmp_path)
    assert r"there is no escape '\Z'; read as the character 'Z'" in remark


PLACE = ("conformance", "schemastore", "schemas")


@needs_shared(*PLACE)
def test_schemas_that_people_use_give_few_warnings(tmp_path: Path) -> None:
    folder = shared(*PLACE)
    assert folder is not None
    names = ["clangd", "foundryvtt-module-manifest", "lefthook", "popxf-1.0", "vtestunit-schema"]
    names += ["qodana-1.0", "yamlfmt", "maestro-flow", "rudder-techniques", "hws-config"]
    report = generate(
        [folder / f"{name}.json" for name in names],
        tmp_path / "settings",
        maps={"https://json.schemastore.org/": folder},
    )
    rules = ("says nothing", "take practically forever", "read as")
    linted = [
        f"{Path(problem.path or '').stem} {problem.pointer}"
        for problem in sorted(report.warnings, key=lambda problem: problem.sort_key)
        if any(rule in problem.message for rule in rules)
    ]
    assert linted == [
        "foundryvtt-module-manifest #/properties/manifest/pattern",
        "popxf-1.0 #/definitions/stringifiedTuplePattern/pattern",
    ]


# All at once


def problems(files: dict[str, str | dict[str, Any]], folder: Path) -> list[Problem]:
    """Why nothing is generated from `files`."""
    (folder / "schemas").mkdir()
    for name, value in files.items():
        text = value if isinstance(value, str) else json.dumps({"type": "object", **value})
        (folder / "schemas" / name).write_text(text)
    with pytest.raises(GenerationError) as refusal:
        generate([folder / "schemas"], folder / "settings")
    return [problem for problem in refusal.value.problems if problem.severity == "error"]


def test_problems_of_all_steps_come_in_one_run(tmp_path: Path) -> None:
    found = problems(
        {
            "a.json": {
                "minProperties": "x",
                "properties": {"a": {"pattern": "("}, "b": {"$ref": "#/nowhere"}},
            },
            "b.json": '{"type": ',
            "c.json": {"$schema": "http://unknown.example/"},
            "d.json": {"properties": {"a": {"$ref": "http://elsewhere.example/"}}},
            "e.json": {"allOf": 3, "patternProperties": 4, "$ref": 5},
        },
        tmp_path,
    )
    assert [(Path(problem.path or "").name, problem.pointer) for problem in found] == [
        ("a.json", "#/minProperties"),
        ("a.json", "#/properties/a/pattern"),
        ("a.json", "#/properties/b/$ref"),
        ("b.json", None),
        ("c.json", "#/$schema"),
        ("d.json", "#/properties/a/$ref"),
        ("e.json", "#/allOf"),
        ("e.json", "#/patternProperties"),
        ("e.json", "#/$ref"),
    ]


def test_references_to_a_document_that_is_no_good_are_not_told(tmp_path: Path) -> None:
    found = problems(
        {
            "a.json": {"properties": {"a": {"$ref": "b.json#/$defs/a"}, "c": {"$ref": "c.json"}}},
            "b.json": "{",
            "c.json": {"$id": "http://a.example/", "$defs": {"a": {"$id": "http://a.example/"}}},
        },
        tmp_path,
    )
    assert [Path(problem.path or "").name for problem in found] == ["b.json", "c.json"]


def test_a_circle_is_told_beside_others(tmp_path: Path) -> None:
    found = problems(
        {"a.json": {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#"}, "b": {"$ref": "#b"}}}},
        tmp_path,
    )
    assert [problem.pointer for problem in found] == [None, "#/$defs/b/$ref"]


def test_warnings_come_with_errors(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"properties": {"a": {"$ref": "#/definitions/b"}}, "defintions": {"b": {}}}')
    with pytest.raises(GenerationError) as refusal:
        generate([path], tmp_path / "settings")
    assert [problem.severity for problem in refusal.value.problems] == ["error", "warning"]


def test_no_message_shows_a_value_that_is_secret_or_lies_in_a_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner: dict[str, dict[str, Any]] = {
        "twice": {"type": "string", "enum": ["sesame", "sesame", 31337]},
        "unfit": {"enum": ["sesame"], "minLength": 30},
        "overlap": {"oneOf": [{"const": "sesame"}, {"enum": ["sesame", "x"]}]},
        "default": {"maxLength": 3, "default": "sesame"},
        "renamed": {"enum": ["sesame"], "x-renamed-values": {"sesame": "sesame"}},
    }
    login = {"$ref": "#/$defs/Login", "writeOnly": True}
    secret = {name: {**schema, "format": "password"} for name, schema in inner.items()}
    schema: dict[str, Any] = {
        "$defs": {"Login": {"properties": inner}},
        "properties": {"login": login, "list": {"items": login}, **secret},
        "x-presets": {"mine": {"login": {"default": "sesame?", "unfit": "sesame?"}}},
    }
    path = tmp_path / "a.json"
    rules = "twice constant-type unfit-constant overlap unfit-default old-values preset".split()
    for step in range(2):
        if step:  # errors, which other rules wait for
            del schema["properties"]["renamed"], inner["renamed"], schema["x-presets"]
        path.write_text(json.dumps(schema), encoding="utf-8")
        assert main(["lint", str(path)]) == 1
        told = capsys.readouterr().err
        assert "sesame" not in told
        assert "31337" not in told
        rules = [rule for rule in rules if f"[{rule}]" not in told]
    assert not rules
