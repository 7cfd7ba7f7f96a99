"""What authors of schemas typically get wrong: each is told, with its place and how to mend it."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from brevetti_gen import GenerationError, Problem, generate
from brevetti_gen.cli.main import main
from brevetti_gen.json_values import is_array, is_object
from brevetti_gen.load import load_package
from random_schemas import DRAFTS, SchemaMaker
from told_problems import without_sources

LATEST = "https://json-schema.org/draft/2020-12/schema"
D4 = "http://json-schema.org/draft-04/schema#"
D7 = "http://json-schema.org/draft-07/schema#"
INTEGER = {"type": "integer"}


def one(**keywords: Any) -> dict[str, Any]:
    """The schema of an object whose property `a` has these keywords."""
    return {"properties": {"a": keywords}}


def told(text: str, path: Path, **options: Any) -> list[Problem]:
    """The problems of the schema `text`, put at `path`."""
    path.write_text(text, encoding="utf-8")
    try:
        return list(generate([path], path.parent / "settings", **options).warnings)
    except GenerationError as error:
        return list(error.problems)


#: Of each mistake a schema, and below it what is told, with its place and how to mend it.
MISTAKES = Path(__file__).with_name("mistakes.txt").read_text(encoding="utf-8").split("\n\n")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told(mistake: str, tmp_path: Path) -> None:
    text, _, expected = mistake.rstrip("\n").partition("\n")
    problems = sorted(told(text, tmp_path / "some.json"), key=lambda problem: problem.sort_key)
    lines: list[str] = []
    for problem in problems:
        lines.append(f"  {problem.severity} at {problem.pointer or '#'}: {problem.message}")
        lines += [f"    {problem.hint}"] if problem.hint else []
        assert problem.line
        mends = ("must be", "cannot be used", "leads nowhere", "is required", "read as")
        assert problem.hint or any(mend in problem.message for mend in mends)
    assert "\n".join(lines) == expected


def test_the_list_of_mistakes_is_long() -> None:
    assert len(MISTAKES) == len(set(MISTAKES)) > 150


def test_names_that_others_declare_are_required_in_peace(tmp_path: Path) -> None:
    named: dict[str, Any] = {"properties": {"x": {}}}
    needs = {"required": ["x"]}
    schemas: list[dict[str, Any]] = [
        {"anyOf": [needs, {"required": ["y"]}], "properties": {"x": {}, "y": {}}},
        {"allOf": [{"$ref": "#/$defs/n"}, needs], "$defs": {"n": named}},
        {"$ref": "#/$defs/n", **needs, "$defs": {"n": named}},
        {"if": needs, "then": named},
        {"dependentSchemas": {"x": needs}, **named},
        {"not": needs},
        {"additionalProperties": INTEGER, **needs},
        {"patternProperties": {"^x": INTEGER}, **needs},
        {"propertyNames": {"enum": ["x"]}, **needs},
        {
            "properties": {"a": named},
            "then": {"properties": {"a": needs}},
            "if": {"minProperties": 1},
        },
        {"properties": {"a": {"items": named}}, "allOf": [{"properties": {"a": {"items": needs}}}]},
        {"properties": {"a": needs}, "patternProperties": {"a": named}},
        {"oneOf": [{**named, "$ref": "#/$defs/n"}, named], "$defs": {"n": needs}},
    ]
    for schema in schemas:
        assert told(json.dumps({"type": "object", **schema}), tmp_path / "some.json") == []


@pytest.mark.parametrize(
    "word",
    """markdownDescription markdownEnumDescriptions deprecationMessage defaultSnippets tsType
    x-intellij-html-description x-taplo enumNames enumDescriptions errorMessage $comment version
    name label options x-enum x-order javaType existingJavaType $version author tsEnumNames
    x-go-name propertyOrder links timeUnit group icon widget""".split(),
)
def test_annotations_of_others_are_left_in_peace(word: str, tmp_path: Path) -> None:
    assert told(json.dumps(one(**{word: "x"})), tmp_path / "some.json") == []


@pytest.mark.parametrize(
    "schema",
    [
        one(type="string", format="color"),
        one(type="integer", format="int32"),
        one(type=["integer", "string"], minLength=1, minimum=2),
        one(type="string", enum=["a", "b"], minLength=1),
        one(type=["string", "null"], enum=["a", None]),
        one(type="number", enum=[1, 1.5]),
        one(minimum=3, maximum=3),
        one(enum=[1, True, "1"]),
        one(oneOf=[INTEGER, {"type": "string"}]),
        one(type="null", nullable=True),
        {"$defs": {"n": INTEGER}, **one(**{"$ref": "#/$defs/n", "type": "integer"}), "$schema": D7},
    ],
)
def test_what_is_no_mistake(schema: dict[str, Any], tmp_path: Path) -> None:
    assert told(json.dumps({"type": "object", **schema}), tmp_path / "some.json") == []


def test_a_root_that_others_refer_to_may_be_no_object(tmp_path: Path) -> None:
    (tmp_path / "color.json").write_text('{"enum": ["red", "blue"]}')
    (tmp_path / "car.json").write_text(json.dumps(one(**{"$ref": "color.json"})))
    report = generate([tmp_path / "car.json", tmp_path / "color.json"], tmp_path / "settings")
    assert report.warnings == ()


def test_strict_makes_errors_of_warnings_and_writes_nothing(tmp_path: Path) -> None:
    text = json.dumps(one(type="integer", min=1))
    (problem,) = told(text, tmp_path / "some.json", strict=True)
    assert (problem.severity, problem.hint) == ("error", 'did you mean "minimum"?')
    assert not (tmp_path / "settings").exists()
    # What a style cannot hold is no mistake of the schema.
    text = json.dumps(one(type="array", uniqueItems=True))
    (loss,) = told(text, tmp_path / "some.json", style="msgspec", strict=True)
    assert loss.severity == "warning"


def test_many_warnings_of_one_kind_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "some.json"
    properties = {f"p{n}": {**INTEGER, "default": "x"} for n in range(20)} | {"q": {"min": 1}}
    path.write_text(json.dumps({"properties": properties}))
    assert main([str(path), "-o", str(tmp_path / "settings")]) == 0
    *lines, _, last = without_sources(capsys.readouterr().err.splitlines())
    assert (len(lines), last) == (6, "15 more warnings, which --verbose shows")
    assert main([str(path), "-o", str(tmp_path / "settings"), "--verbose"]) == 0
    assert len(without_sources(capsys.readouterr().err.splitlines())) == 22


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("properties:\n  a:\n    default:10\n    type: integer\n", (3, 12), "a colon without"),
        ("type: object\ndefault:10\n", (2, 8), "a colon without a space behind it"),
        ("type:object\ntitle: A\n", (1, 5), "a colon without a space behind it"),
        ("title\ntype: object\n", (1, 1), "a key without a colon"),
        ("type: object\ntitle\nproperties: {}\n", (2, 1), "a key without a colon"),
        ("enum: [1, 2\ntype: integer\n", (1, 7), "this [ is never closed, or lacks a comma"),
        ("items: {type: integer\ntype: array\n", (1, 8), "this { is never closed"),
        ("type: object\n title: A\n", (2, 7), "a colon where no key can be"),
        ("description: Note: this\n", (1, 18), "a colon where no key can be"),
    ],
)
def test_places_in_yaml_are_exact(
    text: str, place: tuple[int, int], message: str, tmp_path: Path
) -> None:
    (problem,) = told(text, tmp_path / "some.yaml")
    assert ((problem.line, problem.column), problem.severity) == (place, "error")
    assert message in problem.message


@pytest.mark.parametrize(
    ("spelled", "canonical"),
    [
        ("https://json-schema.org/draft-07/schema#", D7),
        ("http://json-schema.org/draft-07/schema.json#", D7),
        ("http://www.json-schema.org/draft-07/schema", D7),
        ("http://json-schema.org/draft-07/", D7),
        ("http://json-schema.org/draft/07/schema", D7),
        ("json-schema.org/draft-07/schema#", D7),
        ("http://json-schema.org/draft-07/hyper-schema#", D7),
        ("https://json-schema.org/draft-04/schema", D4),
        ("http://json-schema.org/draft/2020-12/schema", LATEST),
        ("https://json-schema.org/draft/2020-12/schema/", LATEST),
        ("http://json-schema.org/schema#", LATEST),
        ("HTTPS://JSON-SCHEMA.ORG/draft-07/schema", D7),
        (" https://json-schema.org/draft-07/schema", D7),
    ],
)
def test_what_is_meant_by_another_spelling_of_a_draft(
    spelled: str, canonical: str, tmp_path: Path
) -> None:
    schema = {"$schema": spelled, "type": "object", "$defs": {"d": {"$schema": spelled}}}
    path = tmp_path / "some.json"
    problems = told(json.dumps(schema), path)
    assert problems[0].pointer == "#/$schema"
    assert {p.message for p in problems} == {f"$schema {spelled!r} is taken for {canonical!r}"}
    (loaded,) = load_package([path]).classes
    assert loaded.cls is not None
    assert loaded.cls.json_schema()["$schema"] == canonical


@pytest.mark.parametrize(
    "uri", ["http://json-schema.org/draft-03/schema#", "https://json-schema.org/draft/next/schema"]
)
def test_an_unknown_draft_stays_an_error(uri: str, tmp_path: Path) -> None:
    (problem,) = told(json.dumps({"$schema": uri}), tmp_path / "some.json")
    assert (problem.severity, problem.pointer) == ("error", "#/$schema")


def test_a_reference_to_a_draft_is_spelled_exactly(tmp_path: Path) -> None:
    reference = "https://json-schema.org/draft-07/schema#"
    (problem,) = told(json.dumps(one(**{"$ref": reference})), tmp_path / "some.json")
    assert problem.hint == f"did you mean {D7!r}?"


def test_a_flood_of_mistakes_is_told_in_bounded_time(tmp_path: Path) -> None:
    properties = {f"p{n}": {"maximum": n, "default": n + 1} for n in range(1000)}
    found = told(json.dumps({"type": "object", "properties": properties}), tmp_path / "some.json")
    assert len(found) == 1000
    assert sum("must be at most" in problem.message for problem in found) == 200
    assert sum("must be what its schema says" in problem.message for problem in found) == 800


@pytest.mark.parametrize("seed", range(40))
def test_no_mistake_breaks_the_generator(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    schema = SchemaMaker(random, random.choice(list(DRAFTS))).document()
    texts = ("null", "true", "1.5", '"a"', "[]", "[[1], [1]]", "[null]", '{"a": ["b"]}', "{}")
    nodes: list[Any] = [schema]
    for node in nodes:
        if is_array(node):
            nodes += node
        elif is_object(node):
            nodes += node.values()
            for key in node:
                if random.random() < 0.1:
                    node[key] = json.loads(random.choice(texts))
    told(json.dumps(schema), tmp_path / "some.json")
