"""`brevetti-gen lint`: what it tells, what is switched off and how, and what `--fix` does."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from brevetti_gen import GenerationError, Problem, generate
from brevetti_gen.cli.main import main
from brevetti_gen.workbench.telling.rules import ON_REQUEST, RULES, SETS, rules_in, set_of
from brevetti_gen.workbench.tools.lint import fixes
from brevetti_gen.workbench.tools.lint.command import chosen_rules
from brevetti_gen.workbench.tools.lint.edits import Change, changed, parse
from brevetti_gen.workbench.tools.lint.looking import found_in
from budgets import TOP
from jsonschema import Draft202012Validator

PAGE = (TOP / "docs" / "linting.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### `([a-z-]+)`\n\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
EXAMPLES = [
    (name, *found)
    for name, text in SECTIONS.items()
    for found in re.findall(r"^```yaml\n# told\n(.*?)---\n# better\n(.*?)^```$", text, re.M | re.S)
]
FINE = {"title": "A", "properties": {"a": {"description": "Some text."}}}


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, value: Any) -> Path:
    text = value if isinstance(value, str) else json.dumps(value)
    Path(name).write_text(text, encoding="utf-8", newline="")
    return Path(name)


def rules_told(
    text: Any, name: str = "some.yaml", rules: frozenset[str] | None = None
) -> list[str]:
    """The names of the rules that find something, errors too."""
    every = rules_in(SETS) if rules is None else rules
    return [str(p.code) for p in found_in({"sources": [put(name, text)]}, every)]


# Rules


@pytest.mark.parametrize(("rule", "bad", "good"), EXAMPLES)
def test_a_rule_finds_its_example(rule: str, bad: str, good: str) -> None:
    found = rules_told(bad)
    assert rule in found
    assert set(map(set_of, found)) <= SETS.keys()  # no errors
    left = rules_told(good)
    assert rule not in left
    assert SETS["meaning"].isdisjoint(left)


def test_each_rule_that_can_be_switched_off_has_its_section() -> None:
    assert SECTIONS.keys() == rules_in(SETS)
    assert all(text.startswith(f"{RULES[name]}\n") for name, text in SECTIONS.items())
    without = {"style-loss", "style-name", "form-advice"}  # which are told elsewhere
    assert {name for name, *_ in EXAMPLES} == SECTIONS.keys() - without


def test_sets_have_rules_of_the_table_once() -> None:
    rules = [rule for rules in SETS.values() for rule in rules]
    assert len(rules) == len(set(rules))
    assert set(rules) | ON_REQUEST <= RULES.keys()


def one(**keywords: Any) -> dict[str, Any]:
    return {"title": "A", "properties": {"a": {"description": "Some text.", **keywords}}}


NOTE = {"title": "x"}
TEXT, NUMBER = {"type": "string"}, {"type": "number"}
KIND_A = {"properties": {"kind": {"const": "a"}}, "required": ["kind"]}
OBJECT = {"type": "object", "properties": {"b": NOTE}}
UNREACHABLE = ["unreachable-branch"]


def kinds(*constants: str) -> dict[str, Any]:
    return {"properties": {"kind": {"enum": [*constants]}}, "then": NOTE}


def both(keyword: str, one: str, other: str) -> dict[str, Any]:
    """A class with alternatives that give a property these types."""
    return {keyword: [{"properties": {"a": {"type": kind}}} for kind in (one, other)]}


@pytest.mark.parametrize(
    ("schema", "rules"),
    [
        # Alternatives that exclude what is around them.
        (one(type="string", anyOf=[{"type": "integer"}, {"minLength": 3}]), UNREACHABLE),
        (one(type="string", anyOf=[{"$ref": "#/$defs/n"}, {"minLength": 3}]), UNREACHABLE),
        (one(type="string", anyOf=[{"type": ["integer", "string"]}, {"minLength": 3}]), []),
        (one(type="number", anyOf=[{"type": "integer"}, {"minimum": 3}]), []),
        (one(type="string", anyOf=[False, {"minLength": 3}]), []),
        # Conditions.
        ({**kinds("b"), "if": KIND_A}, UNREACHABLE),
        ({**kinds("a", "b"), "if": KIND_A}, []),
        # An object without the property fits the condition.
        ({**kinds("b"), "if": {"properties": KIND_A["properties"]}}, []),
        ({"type": "object", "if": {"type": "object"}, "else": NOTE}, UNREACHABLE),
        ({"if": {"type": "object"}, "then": NOTE, "else": NOTE}, []),
        ({"type": "object", "if": True, "else": NOTE}, []),
        # Objects go to the first alternative that takes them; for texts it is of no matter.
        (one(anyOf=[{"type": "object"}, OBJECT]), UNREACHABLE),
        (one(anyOf=[OBJECT, {"type": "object"}]), []),
        (one(anyOf=[TEXT, {"enum": ["x"]}]), []),
        # Of `oneOf`, what fits two is refused.
        (one(oneOf=[{"enum": ["x"]}, TEXT]), ["overlap"]),
        (one(oneOf=[{**TEXT, "maxLength": 3}, {"enum": ["x", 1]}]), ["overlap"]),
        (one(oneOf=[{**TEXT, "minLength": 3}, {"enum": ["x", 1]}]), []),
        (one(oneOf=[{**TEXT, "format": "ipv4"}, {**TEXT, "format": "ipv6"}]), []),
        (one(oneOf=[{"type": "null"}, NUMBER]), []),
        # Types in alternatives of one class.
        (both("anyOf", "boolean", "string"), ["declared-differently"]),
        (both("oneOf", "null", "string"), []),
        (both("oneOf", "number", "integer"), []),
        # What is required where another schema has the default.
        ({"properties": {"a": {"$ref": "#/$defs/d"}}, "required": ["a"]}, []),
    ],
)
def test_meaning_that_lint_alone_finds(schema: dict[str, Any], rules: list[str]) -> None:
    schema = {"$defs": {"n": {"type": "integer"}, "d": {"default": 3}}, **schema}
    path = put("some.json", schema)
    assert rules_told(schema, "some.json", SETS["meaning"]) == rules
    assert generate([path], "settings").warnings == ()


#: Values that tell the schemas below apart.
VALUES = [None, True, 1, 2, 1.5, "a", "b", [], {}, {"kind": "a"}, {"kind": "b"}, {"kind": 1}]
KINDS = ["null", "boolean", "integer", "number", "string", "array", "object"]


def random_schema(random: Random, *, has_parts: bool = True) -> dict[str, Any]:
    """A schema of the keywords that the rules about alternatives look at."""
    schema: dict[str, Any] = {}
    if random.random() < 0.5:
        schema["type"] = random.sample(KINDS, random.randint(1, 3))
    if random.random() < 0.2:
        schema["enum"] = random.sample([1, 2, "a", "b", None], 2)
    if random.random() < 0.4:
        schema["properties"] = {
            "kind": {"enum": random.sample(["a", "b", 1], random.randint(1, 2))}
        }
        schema["required"] = random.sample(["kind"], random.randint(0, 1))
    if has_parts:
        parts = [random_schema(random, has_parts=False) for _ in range(3)]
        if random.random() < 0.4:
            schema |= dict(zip(("if", "then", "else"), parts, strict=True))
        else:
            schema[random.choice(["anyOf", "oneOf"])] = parts
    return schema


def fits(schema: Any, value: Any) -> bool:
    return Draft202012Validator(schema).is_valid(value)


def is_right(problem: Problem, schema: dict[str, Any]) -> bool:
    """Whether what is told of an alternative is so of the values above."""
    keyword, *place = (problem.pointer or "").split("/")[3:]
    around = {key: schema[key] for key in schema.keys() - {"if", "then", "else", "anyOf", "oneOf"}}
    if keyword in ("then", "else"):
        return not any(
            fits(around, value) and fits(schema["if"], value) is (keyword == "then")
            for value in VALUES
        )
    branches, number = schema[keyword], int(place[0])
    own = [value for value in VALUES if fits(branches[number], value)]
    if "no value comes" in problem.message:
        return not any(fits(around, value) for value in own)
    if "one before" in problem.message:
        objects = [value for value in own if isinstance(value, dict)]
        return all(any(fits(b, value) for b in branches[:number]) for value in objects)
    counts = [sum(fits(branch, value) for branch in branches) > 1 for value in own]
    return all(counts) if "whatever" in problem.message else any(counts)


def test_what_is_told_of_alternatives_is_so() -> None:
    random = Random(5)
    schemas = {str(number): random_schema(random) for number in range(150)}
    put("some.json", {"properties": schemas})
    told = Counter[str]()
    for problem in found_in(
        {"sources": ["some.json"]}, frozenset(["unreachable-branch", "overlap"])
    ):
        if " twice" not in problem.message:
            told[problem.message[:15]] += 1
            name = (problem.pointer or "").split("/")[2]
            assert is_right(problem, schemas[name]), (schemas[name], problem.message)
    assert len(told) > 5, told


@pytest.mark.parametrize(
    ("name", "keywords", "is_told"),
    [
        ("timeout", {"type": "number", "description": "Time to wait."}, True),
        ("max_timeout", {"type": "integer", "title": "Timeout"}, True),
        ("readTimeout", {"type": ["integer", "null"], "title": "Timeout"}, True),
        ("timeout", {"type": "number", "description": "Milliseconds to wait."}, False),
        ("timeout", {"type": "number", "description": "Time to wait (s)."}, False),
        ("timeout", {"type": "number", "title": "Timeout", "unit": "s"}, False),
        ("timeout", {"type": "string", "title": "Timeout"}, False),
        ("timeout", {"enum": [1, 2], "title": "Timeout"}, False),
        ("timeout_ms", {"type": "number", "title": "Timeout"}, False),
        ("timeout_count", {"type": "number", "title": "Timeout"}, False),
        ("epochs", {"type": "integer", "title": "Epochs"}, False),
        ("angle", {"type": "number", "title": "Angle in degrees"}, False),
        ("width", {"type": "integer", "title": "Width [px]"}, False),
    ],
)
def test_units(name: str, keywords: dict[str, Any], is_told: bool) -> None:
    found = rules_told({"properties": {name: keywords}}, rules=SETS["people"] - {"title-missing"})
    assert found == ["unit-missing"] * is_told


def test_names_are_told_with_what_they_would_be(capsys: pytest.CaptureFixture[str]) -> None:
    names = ["batch-size", "learningRate", "dropoutRate", "x_y", "HTTP", "seed", "Root Folder"]
    put("a.json", {"properties": {name: {} for name in names}})
    assert main(["lint", "a.json", "--select", "mixed-naming", "--output-format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(p["pointer"], p["hint"].partition(",")[0]) for p in found] == [
        ("#/properties/batch-size", "'batchSize'"),
        ("#/properties/x_y", "'xY'"),
    ]


def test_what_tells_alternatives_apart_and_what_is_deprecated_needs_no_words() -> None:
    properties = {
        "kind": {"const": "a"},
        "old": {"deprecated": True, "type": "integer"},
        "never": False,
        "shared": {"$ref": "#/$defs/ratio"},
    }
    schema = {"title": "A", "properties": properties, "$defs": {"ratio": {"title": "A ratio"}}}
    assert rules_told(schema) == []


def test_files_of_definitions_alone_need_no_title() -> None:
    assert rules_told({"$defs": {"ratio": {"type": "number", "title": "A ratio"}}}) == []
    assert rules_told({"$ref": "#/$defs/a", "$defs": {"a": FINE}}) == []


def test_the_schemas_of_the_examples_are_fine_for_what_is_on_by_default() -> None:
    sources = [TOP / "schemas"]
    assert [
        p for p in found_in({"sources": sources}, SETS["meaning"]) if p.severity != "note"
    ] == []


# The command


def test_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    put("a.json", FINE)
    assert main(["lint", "a.json"]) == 0
    assert capsys.readouterr().out == "nothing found\n"
    put("b.json", {**FINE, "title": "", "descripton": "x"})
    assert main(["lint", "a.json", "b.json"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "2 problems in 1 file, of which --fix mends 1\n"
    assert "[title-missing]" in captured.err
    assert "[unknown-keyword]" in captured.err
    assert main(["lint", "nowhere.json"]) == 1
    assert "no such file" in capsys.readouterr().err
    for words in (
        ["lint"],
        ["lint", "a.json", "--select", "title-mising"],
        ["lint", "--fixx", "a.json"],
    ):
        with pytest.raises(SystemExit, match="2"):
            main(words)
    assert "did you mean 'title-missing'?" in capsys.readouterr().err


def test_nothing_is_generated_and_errors_are_told_whatever_is_chosen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    put("a.json", {"type": "objekt", "tilte": "A"})
    assert main(["lint", "a.json", "--select", "people"]) == 1
    captured = capsys.readouterr()
    assert "[invalid-keyword]" in captured.err
    assert "[unknown-keyword]" not in captured.err
    assert "generated" not in captured.err + captured.out
    assert os.listdir() == ["a.json"]


def test_an_error_hides_nothing_of_schemas_that_have_nothing_to_do_with_it() -> None:
    put("a.json", {"type": "objekt"})
    put("b.json", {"properties": {"a": {}}})
    found = found_in({"sources": ["a.json", "b.json"]}, chosen_rules(None, None))
    assert [p.code for p in found] == ["invalid-keyword", "title-missing", "description-missing"]


def test_what_references_lead_to_is_looked_at_once() -> None:
    put("a.json", {**FINE, "properties": {"a": {"$ref": "c.json"}}})
    put("b.json", {**FINE, "properties": {"b": {"$ref": "c.json"}}})
    put("c.json", {"title": "C", "properties": {"c": {"minimun": 3}}})
    found = found_in({"sources": ["a.json", "b.json"]}, chosen_rules(None, None))
    assert [(p.path, p.code) for p in found] == [
        ("c.json", "description-missing"),
        ("c.json", "unknown-keyword"),
    ]


def test_rules_are_chosen_by_name_and_by_set() -> None:
    assert chosen_rules(None, None) == RULES.keys() - ON_REQUEST
    assert chosen_rules(["people", "twice"], ["idle-preset"]) == (
        SETS["people"] - {"idle-preset"}
    ) | {"twice"}
    assert "same-label" in chosen_rules(["forms"], None)


def test_flags_go_before_what_the_project_says(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tomllib")
    put("a.json", {"properties": {"a": {}}, "propertees": {}, "requierd": []})
    lint = 'lint = { select = ["title-missing"], ignore = ["unknown-keyword"] }'
    put("pyproject.toml", f'[tool.brevetti-gen]\nschemas = ["a.json"]\n{lint}\n')

    def told(*words: str) -> list[str]:
        main(["lint", *words, "--output-format", "json"])
        return [problem["rule"] for problem in json.loads(capsys.readouterr().out)]

    assert told() == ["title-missing"]
    assert told("--select", "people,meaning") == ["title-missing", "description-missing"]
    assert told("--ignore", "title-missing", "--select", "meaning") == ["unknown-keyword"] * 2
    # A run takes from it what it is not to tell, for a warning and for an error by --strict.
    assert main(["-o", "settings", "--strict"]) == 0
    assert capsys.readouterr().err == ""
    put("pyproject.toml", '[tool.brevetti-gen]\nschemas = ["a.json"]\n')
    assert main(["-o", "settings"]) == 0
    assert "[unknown-keyword]" in capsys.readouterr().err


def test_generate_takes_rules_to_ignore() -> None:
    put("a.json", {"type": "object", "propertees": {}, "default": 3})
    codes = [p.code for p in generate(["a.json"], "one").warnings]
    assert codes == ["unknown-keyword", "unfit-default"]
    assert [
        p.code for p in generate(["a.json"], "two", ignore=["unfit-default"], strict=False).warnings
    ] == codes[:1]
    assert generate(["a.json"], "two", ignore=["meaning"], strict=True).warnings == ()
    with pytest.raises(GenerationError):
        generate(["a.json"], "two", strict=True, ignore=["unfit-default"])


# x-lint


def test_what_x_lint_ignores_holds_inside() -> None:
    inner = {"properties": {"a": {"minimun": 3}}, "x-lint": {"ignore": ["unknown-keyword"]}}
    schema = {"properties": {"b": {"minimun": 3}, "bb": inner, "c": {"minimun": 3}}}
    put("some.json", schema)
    warnings = generate(["some.json"], "settings").warnings
    assert [p.pointer for p in warnings] == ["#/properties/b/minimun", "#/properties/c/minimun"]
    assert rules_told({**schema, "x-lint": {"ignore": ["meaning", "people"]}}) == []


def test_x_lint_changes_nothing_that_is_generated(tmp_path: Path) -> None:
    ignore = {"ignore": ["meaning"]}
    one, other = (
        {
            "properties": {
                "a": {"type": "integer", "minimun": 3, **said},
                "b": {"allOf": [{"$ref": "other.json"}], **said},
                "x-lint": {"type": "integer"},
            },
            "default": {"x-lint": 3},
            **said,
        }
        for said in ({}, {"x-lint": ignore})
    )
    packages: list[dict[str, bytes]] = []
    Path("schemas").mkdir()
    for schema in (one, other):
        put("schemas/some.json", schema)
        root = {key: schema[key] for key in schema.keys() & {"x-lint"}}
        put("schemas/other.json", {"type": "object", **root})
        top = Path(f"settings_{len(packages)}")
        generate(["schemas"], top)
        files = [path for path in top.rglob("*") if path.is_file() and "cache" not in str(path)]
        packages.append({path.relative_to(top).as_posix(): path.read_bytes() for path in files})
    assert packages[0] == packages[1]


def test_errors_are_never_ignored() -> None:
    put("a.json", {"type": "objekt", "x-lint": {"ignore": ["meaning", "people", "forms"]}})
    with pytest.raises(GenerationError):
        generate(["a.json"], "settings")
    assert rules_told({"pattern": "(a+)+$", "x-lint": {"ignore": ["meaning"]}}) == ["slow-pattern"]


@pytest.mark.parametrize(
    ("given", "pointer", "message", "hint"),
    [
        ({"ignore": ["title-mising"]}, "/ignore/0", "no rule 'title-mising'", "'title-missing'"),
        ({"ignore": ["syntax"]}, "/ignore/0", "finds errors", "take it out"),
        ({"ignore": [3]}, "/ignore/0", "named by text", "such as"),
        ({"ignore": ["people"], "ingore": []}, "/ingore", "has no 'ingore'", "take it out"),
        ("title-missing", "", "must be an object", "such as"),
        ({"ignore": "title-missing"}, "", "must be an object", "such as"),
    ],
)
def test_what_is_wrong_in_x_lint(given: Any, pointer: str, message: str, hint: str) -> None:
    put("a.json", {"properties": {"a": {"x-lint": given}}})
    (problem,) = generate(["a.json"], "settings").warnings
    assert (problem.code, problem.pointer) == ("x-lint", f"#/properties/a/x-lint{pointer}")
    assert message in problem.message
    assert problem.hint
    assert hint in problem.hint


def test_an_ignore_that_ignores_nothing_is_a_note(capsys: pytest.CaptureFixture[str]) -> None:
    put("a.json", {**FINE, "x-lint": {"ignore": ["title-missing", "people"]}})
    assert generate(["a.json"], "settings").warnings == ()
    assert main(["lint", "a.json"]) == 0
    assert main(["lint", "a.json", "-v"]) == 0
    assert capsys.readouterr().err.count("[unused-ignore]") == 2
    # What was not looked for may be there.
    assert main(["lint", "a.json", "-v", "--select", "meaning"]) == 0
    assert capsys.readouterr().err == ""


# --fix

JSON = """\
{
    "$schema" : "https://json-schema.org/draft-07/schema",
  "title":"A", "properties": {
    "a": { "minimun": 1.50, "description": "\\u00e4" , "enum": [ 1,
       2, 1 , 3,2] },
    "b": {"type": ["integer", "integer"], "description": ""}   },
  "required": ["a", "b", "a"]
}"""
FIXED_JSON = """\
{
    "$schema" : "http://json-schema.org/draft-07/schema#",
  "title":"A", "properties": {
    "a": { "minimum": 1.50, "description": "\\u00e4" , "enum": [ 1,
       2 , 3] },
    "b": {"type": ["integer"], "description": ""}   },
  "required": ["a", "b"]
}"""
YAML = """\
# about the file
$schema: 'https://json-schema.org/draft-07/schema'  # the draft
title: A

properties:
  a:   # about a
    'minimun': 1.50
    description: >-
      Some
      text.
    enum:
      - 2   # the first
      # about three
      - 3
      - 2   # again
      - x: [1, 2]
      - {x: [1, 2]}  # the same
  b: {tpye: integer, "descripton": "no", enum: [1, 1]}
required: [a]
"""
FIXED_YAML = """\
# about the file
$schema: 'http://json-schema.org/draft-07/schema#'  # the draft
title: A

properties:
  a:   # about a
    'minimum': 1.50
    description: >-
      Some
      text.
    enum:
      - 2   # the first
      # about three
      - 3
      - x: [1, 2]
  b: {type: integer, "description": "no", enum: [1]}
required: [a]
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("name", "text", "expected"), [("a.json", JSON, FIXED_JSON), ("a.yaml", YAML, FIXED_YAML)]
)
def test_fix_keeps_everything_else(
    name: str, text: str, expected: str, line_end: str, capsys: pytest.CaptureFixture[str]
) -> None:
    put(name, "\ufeff" + text.replace("\n", line_end))
    Path(name).chmod(0o640)
    before = Path(name).read_bytes()
    assert main(["lint", name, "--diff"]) == 1
    shown = capsys.readouterr().out
    assert Path(name).read_bytes() == before
    assert "-" in shown
    assert "minimum" in shown
    main(["lint", name, "--fix", "--select", "meaning"])
    assert Path(name).read_bytes() == ("\ufeff" + expected.replace("\n", line_end)).encode()
    assert Path(name).stat().st_mode & 0o777 == 0o640
    assert os.listdir() == [name]
    capsys.readouterr()
    main(["lint", name, "--diff"])
    assert capsys.readouterr().out == "nothing to mend\n"


@pytest.mark.parametrize(
    ("name", "text", "pointer"),
    [
        # Lists beside it may tell of values by number.
        ("a.json", '{"enum": [1, 1], "enumNames": ["a", "b"]}', None),
        ("a.yaml", "enum:\n- 1\n- 1\nx-labels:\n- a\n- b\n", None),
        # `oneOf` refuses what fits twice: what was meant only its author knows.
        ("a.json", '{"oneOf": [{"const": {}}, {"const": {}}]}', None),
        # Not the only keyword that looks so, of another language, or taken.
        ("a.json", '{"properties": {"a": {"min": 3}}}', None),
        ("a.json", '{"properties": {"a": {"minimun": 3, "minimum": 2}}}', None),
        # It would be an error: the author has to say what was meant.
        ("a.json", '{"properties": {"a": {"requird": true}}}', None),
        # A comment that may be about either; an alias; an anchor that others need.
        ("a.yaml", "enum: [{a: 1}, # first\n  {a: 1}]\n", "#/enum/1"),
        ("a.yaml", "x-a: &a {minimun: 3}\nproperties: {b: *a}\n", "#/properties/b/minimun"),
        ("a.yaml", "enum:\n- 1\n- &one 1\ndefault: *one\n", "#/enum/1"),
    ],
)
def test_fix_leaves_what_has_no_one_answer(
    name: str, text: str, pointer: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    put(name, text)
    assert main(["lint", name, "--fix", "--select", "meaning", "--output-format", "json"]) == 1
    assert Path(name).read_text(encoding="utf-8") == text
    captured = capsys.readouterr()
    assert captured.err.startswith("0 problems mended in 0 files; ")
    left = [
        p["pointer"] for p in json.loads(captured.out) if "--fix leaves it" in (p["hint"] or "")
    ]
    assert left == ([pointer] if pointer else [])


def test_what_a_fix_brings_up_is_mended_too() -> None:
    put("a.json", {"title": "A", "propertis": {"a": {"title": "A", "minimun": 3}}})
    assert main(["lint", "a.json", "--fix"]) == 0
    assert json.loads(Path("a.json").read_text())["properties"]["a"] == {"title": "A", "minimum": 3}


def test_no_file_outside_is_mended() -> None:
    Path("schemas").mkdir()
    put("other.json", {"title": "A", "tilte": "x", "type": "object"})
    Path("schemas/a.json").symlink_to("../other.json")
    assert main(["lint", "schemas", "--fix"]) == 1
    assert "tilte" in Path("other.json").read_text()
    # A file that is given may be a link, and stays one.
    put("other.json", {**FINE, "propertees": {}})
    Path("b.json").symlink_to("other.json")
    main(["lint", "b.json", "--fix"])
    assert Path("b.json").is_symlink()


def test_a_file_that_cannot_be_written_is_as_it_was(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put("a.json", {"title": "A", "minimun": 3})
    before = Path("a.json").read_bytes()

    def interrupted(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    assert main(["lint", "a.json", "--fix"]) == 130
    assert Path("a.json").read_bytes() == before
    assert os.listdir() == ["a.json"]


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ('{"a": {"b": "x"}}', Change("renamed", ("a",), "c\n"), '{"c\\n": {"b": "x"}}'),
        ('{"a": "x"}', Change("replaced", ("a",), '"'), '{"a": "\\""}'),
        ("a: x # y\n", Change("replaced", ("a",), "z"), "a: z # y\n"),
        ("a: 'x'\n", Change("replaced", ("a",), "it's"), "a: 'it''s'\n"),
        # As plain text these would be something else.
        ("a: x\n", Change("replaced", ("a",), "1"), None),
        ("a: x\n", Change("replaced", ("a",), "b: c"), None),
        ("a: &x y\nb: *x\n", Change("replaced", ("a",), "z"), None),
        ("a: !!str y\n", Change("replaced", ("a",), "z"), "a: z\n"),
        (
            "? a\n: - 1\n  - |\n    1\n\n  - 2\n",
            Change("dropped", ("a", 1)),
            "? a\n: - 1\n\n  - 2\n",
        ),
        ("- - 1\n  - 1\n", Change("dropped", (0, 1)), "- - 1\n"),
        ("a:\n- 1\n- 1", Change("dropped", ("a", 1)), "a:\n- 1\n"),
    ],
)
def test_edits(text: str, change: Change, expected: str | None) -> None:
    assert changed(text, change, is_yaml=not text.startswith("{")) == expected


def test_what_can_be_mended_is_named() -> None:
    assert RULES.keys() >= fixes.FIXABLE


# What forms imply


def proposals(keywords: dict[str, Any], **options: Any) -> list[str]:
    """What is told of the form of a setting, and what `form-repeats` is told of."""
    path = put("some.json", one(**keywords))
    found = found_in({"sources": [path], **options}, frozenset(["form-implies", "form-repeats"]))
    return [re.sub(r"^.*(implies|format|repeats.*:) |, and the .*", "", p.message) for p in found]


def shown(**facts: Any) -> dict[str, Any]:
    return {"x-form": {"set": facts}}


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ({**NUMBER, **shown(min=0, max=9.5)}, ['"minimum": 0, "maximum": 9.5']),
        ({**NUMBER, "minimum": 1, **shown(min=0)}, []),
        ({**NUMBER, "exclusiveMinimum": 0, **shown(min=1)}, []),
        # Unasked, or broken by its own default.
        ({**NUMBER, **shown(min=0, max=100, step=1)}, ['"type": "integer"']),
        (
            {**NUMBER, **shown(min=0, max=100, step=1), "default": 0.5},
            ['"minimum": 0, "maximum": 100'],  # which its validator checks
        ),
        ({**NUMBER, "default": 3, **shown(max=2)}, []),
        ({**NUMBER, "default": 3, **shown(step=1)}, ['"type": "integer"']),
        ({**NUMBER, "default": 3, **shown(step=0.5)}, []),
        ({"type": "integer", "default": 3, **shown(step=2)}, []),
        ({**TEXT, **shown(type="textArea", max=900)}, ['"maxLength": 900']),
        ({**TEXT, **shown(pattern="^a", validator=["regexp"])}, ['"pattern": "^a"']),
        ({**TEXT, **shown(type="select", values=["a", "b"])}, ['"enum": ["a", "b"]']),
        ({**TEXT, "enum": ["a"], **shown(values=["a", "b"])}, []),
        (
            {**TEXT, **shown(type="radios", values=[{"value": "a", "name": "A"}])},
            ['"oneOf": [{"const": "a", "title": "A"}]'],
        ),
        ({"default": ["a"], **shown(rows=9)}, ['"type": "array"']),
        ({"type": "array", "default": ["a"], **shown(rows=9)}, ['"items": {"type": "string"}']),
        ({"type": "array", "default": [1, 0.5], **shown(rows=9)}, ['"items": {"type": "number"}']),
        ({"type": "array", "default": ["a", 1], **shown(rows=9)}, []),
        ({"type": "array", "items": TEXT, "default": ["a"], **shown(rows=9)}, []),
        (
            {"type": "array", "items": {"enum": ["a"]}, **shown(hint="x")},
            ['"uniqueItems": true'],
        ),
        (
            {"type": "array", "items": {"enum": ["a"]}, "uniqueItems": True, **shown(hint="x")},
            [],
        ),
        (
            {"type": "array", **shown(type="checklist", isJson=False, values=["a"])},
            ['"items": {"enum": ["a"]}, "uniqueItems": true'],
        ),
        ({**TEXT, **shown(inputType="email")}, ["'email'"]),
        ({**TEXT, **shown(inputType="date")}, []),
        ({**TEXT, **shown(inputType="date", format="YYYY-MM-DD")}, ["'date'"]),
        ({**TEXT, "format": "email", **shown(hint="x")}, []),
        # Nothing is said of a form, and nothing is shown of secrets.
        ({"type": "array", "default": ["a"]}, []),
        ({**TEXT, "format": "password", **shown(max=3, validator=["string"])}, []),
        # Repeated.
        ({"type": "integer", "minimum": 1, **shown(min=1, hint="x")}, ["'min'"]),
        ({"type": "integer", "minimum": 1, **shown(min=1.0, hint="x")}, []),
        ({**TEXT, "enum": ["a", "b"], **shown(type="select", hint="x")}, ["'type'"]),
        ({**TEXT, "enum": ["a"], "default": "a", **shown(type="select")}, []),
    ],
)
def test_what_a_form_implies(keywords: dict[str, Any], told: list[str]) -> None:
    assert proposals(keywords) == told


def test_a_format_is_a_proposal_only_where_formats_are_checked() -> None:
    keywords = {**TEXT, **shown(inputType="url")}
    assert proposals(keywords) == ["'uri'"]
    assert proposals(keywords, assert_formats=True) == ['"format": "uri"']
    main(["lint", "some.json", "--fix", "--select", "forms", "--assert-formats"])
    assert "format" not in json.loads(Path("some.json").read_text())["properties"]["a"]


OF_FORM = """\
title: A
properties:
  a:
    type: string   # about a
    x-form: {set: {inputType: email}}
  b: {type: integer, minimum: 1, x-form: {set: {min: 1, hint: x, step: 1}}}
  c:
    x-form:
      set:
        step: 1
    type: integer
  d:
    type: integer
    x-form:
      set:
        step: 1
        hint: 'x'   # y
      omit: [required]
  e: {type: integer, x-form: {set: {step: 1}, omit: [required]}}
"""
OF_FORM_FIXED = """\
title: A
properties:
  a:
    type: string   # about a
    format: email
  b: {type: integer, minimum: 1, x-form: {set: {hint: x}}}
  c:
    type: integer
  d:
    type: integer
    x-form:
      set:
        hint: 'x'   # y
      omit: [required]
  e: {type: integer, x-form: {omit: [required]}}
"""


def test_what_a_form_repeats_and_formats_are_mended() -> None:
    put("a.yaml", OF_FORM)
    put("b.json", json.dumps(parse(OF_FORM, is_yaml=True), indent=2))
    main(["lint", "a.yaml", "b.json", "--fix", "--select", "forms"])
    assert Path("a.yaml").read_text(encoding="utf-8") == OF_FORM_FIXED
    text = Path("b.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=2)
    assert json.loads(text) == parse(OF_FORM_FIXED, is_yaml=True)
