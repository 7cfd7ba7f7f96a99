"""Problems as people and programs get them: the place, the source, the rule, how to mend it."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, Problem, generate
from brevetti_gen.cli.main import main
from brevetti_gen.problems import Excerpt
from brevetti_gen.workbench.telling.excerpts import excerpt_of, marked
from brevetti_gen.workbench.telling.machine_formats import document_of
from brevetti_gen.workbench.telling.rules import RULES, set_of
from budgets import GENERATOR, TOP

WRONG = '{\n  "properties": {\n    "epochs": {"type": "int", "default": 5}\n  }\n}\n'


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, text: str) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return name


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    main([*words, "-o", "settings"])
    return capsys.readouterr().err.splitlines()


def problems(*sources: str, **options: Any) -> tuple[Problem, ...]:
    try:
        return generate(sources, "settings", **options).warnings
    except GenerationError as error:
        return error.problems


# Text


def test_a_message_shows_the_line_and_marks_the_place(capsys: pytest.CaptureFixture[str]) -> None:
    types = "array, boolean, integer, null, number, object, string"
    assert told(capsys, put("a.json", WRONG)) == [
        f'a.json:3:24: error: "type" must be one of {types}, or a list of several, each at most '
        'once (got "int") (at #/properties/epochs/type) [invalid-keyword]',
        '  3 |     "epochs": {"type": "int", "default": 5}',
        "    |                        ^^^^^",
        '    write "integer"',
        "1 error, nothing was generated",
    ]


def test_yaml_and_broken_text_are_marked_too(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, put("a.yaml", "type: object\nproperties:\n  a: {type: strng}\n"))
    assert lines[1:3] == ["  3 |   a: {type: strng}", "    |             ^^^^^"]
    lines = told(capsys, put("b.json", '{\n  "type": "object",\n}'))
    assert lines[:3] == [
        "b.json:2:19: error: a comma before } [syntax]",
        '  2 |   "type": "object",',
        "    |                   ^",
    ]


FIELD = '"type": "input", "inputType": "number", "model": "a.b", "default": 7'


def test_problems_of_forms_stand_at_what_the_field_says() -> None:
    text = f'{{"fields": [\n{{{FIELD},\n "label": "A",\n "min": 5, "validator": "number"}}]}}'
    (problem,) = problems(put("a.form.json", text), style="typeddict")
    assert (problem.code, problem.line, problem.pointer) == ("style-loss", 4, "#/fields/0/min")
    assert problem.excerpt == Excerpt(' "min": ', "5", ', "validator": "number"}]}')


def test_problems_of_presets_of_forms_stand_at_their_values() -> None:
    text = f'{{"fields": [{{{FIELD}}}],\n "presets": {{"p": {{"a":\n {{"b": "x"}}}}}}}}'
    (problem,) = problems(put("a.form.json", text))
    assert (problem.code, problem.line, problem.pointer) == ("form-preset", 3, "#/presets/p/a/b")
    assert problem.excerpt == Excerpt(' {"b": ', '"x"', "}}}}")


@pytest.mark.parametrize(
    ("line", "column", "lines"),
    [
        ('  "a": 12,', 8, ['  7 |   "a": 12,', "    |        ^^"]),
        ('\t"a":\t12', 7, ['  7 |  "a": 12', "    |       ^^"]),
        ('"größe日本": "x"', 12, ['  7 | "größe日本": "x"', "    |              ^^^"]),
        ('"e\u0301": 1', 7, ['  7 | "e\u0301": 1', "    |      ^"]),
        ("a: \x1b[2J", 4, ["  7 | a: \\x1b[2J", "    |    ^^^^"]),
        ("a: 1", 9, ["  7 | ", "    | ^"]),
        ("", 1, ["  7 | ", "    | ^"]),
    ],
)
def test_markers_stand_under_what_they_mark(line: str, column: int, lines: list[str]) -> None:
    found = marked(7, excerpt_of(line, column))
    if column > len(line):
        assert found[1].endswith("^")
    else:
        assert found == lines


def test_long_lines_are_cut_around_the_place() -> None:
    line = "[" + ", ".join(f'"value {number}"' for number in range(1000)) + "]"
    excerpt = excerpt_of(line, line.index('"value 500"') + 1)
    assert excerpt.at == '"value 500"'
    assert excerpt.before.startswith("…")
    assert excerpt.after.endswith("…")
    assert len("".join(excerpt)) < 160
    whole = excerpt_of(f'"{"x" * 10_000}": 1', 1)
    assert len("".join(whole)) < 160


def test_many_problems_of_one_long_line_take_time_in_proportion() -> None:
    properties = {f"p{number}": {"tpye": "string"} for number in range(3000)}
    found = problems(put("a.json", json.dumps({"type": "object", "properties": properties})))
    assert len(found) == 3000
    assert {problem.excerpt.at for problem in found if problem.excerpt} == {'"string"'}


def test_colors_mark_the_place_in_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if os.name == "nt":
        pytest.skip("terminals of Windows get no colours")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    lines = told(capsys, put("a.json", WRONG))
    assert "\033[1;31merror: \033[0m" in lines[0]
    assert lines[2] == "    |                        \033[1;31m^^^^^\033[0m"


# Secrets


def test_values_are_not_shown_where_any_file_marks_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    put("s/a.json", '{"properties": {"t": {"type": "int", "default": "hunter2"}}}')
    put("s/b.json", '{"properties": {"t": {"type": "string", "writeOnly": true}}}')
    text = "\n".join(told(capsys, "s"))
    assert '  1 | {"properties": {"t": {"type": …, "default": …}}}' in text
    assert "hunter2" not in text
    put("s/b.json", '{"properties": {"t": {"type": "string"}}}')
    assert "hunter2" in "\n".join(told(capsys, "s"))


@pytest.mark.parametrize(
    "text",
    [
        '{"properties": {"t": {"writeOnly": true, "defualt": "hunter2"}}}',
        '{"properties": {"t": {"format": "password", "default": {"a": "hunter2"}, "tpye": 1}}}',
        '{"properties": {"t": {"write\\u004fnly": true, "defualt": "hunter2"}}}',
        '{"properties": {"t": {"$ref": "other.json", "defualt": "hunter2"}}}',
        '{"properties": {"t": {"writeOnly": true, "default": "hunter2", }}}',
    ],
)
def test_no_secret_stands_beside_a_mistake(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    put("other.json", '{"type": "string", "writeOnly": true}')
    lines = told(capsys, put("a.json", text))
    assert len(lines) > 1
    assert "hunter2" not in "\n".join(lines)
    main(["a.json", "-o", "settings", "--output-format", "json"])
    assert "hunter2" not in capsys.readouterr().out


def test_nothing_is_quoted_of_a_file_behind_a_link(capsys: pytest.CaptureFixture[str]) -> None:
    if os.name == "nt":
        pytest.skip("links need rights")
    put("private.json", '{"key": "hunter2"}')
    Path("schemas").mkdir()
    Path("schemas/a.json").symlink_to("../private.json")
    lines = told(capsys, "schemas")
    assert "[not-a-schema]" in lines[0]
    assert "hunter2" not in "\n".join(lines)


# Programs


def test_json_is_one_document_with_all_that_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([put("a.json", WRONG), "-o", "settings", "--output-format", "json"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    (problem,) = json.loads(out)
    assert problem.pop("message").startswith('"type" must be one of')
    assert problem == {
        "path": "a.json",
        "line": 3,
        "column": 24,
        "pointer": "#/properties/epochs/type",
        "severity": "error",
        "rule": "invalid-keyword",
        "hint": 'write "integer"',
        "excerpt": '    "epochs": {"type": "int", "default": 5}',
    }
    put("a.json", WRONG.replace('"int"', '"integer"'))
    for words in ([], ["--check"], ["--check", "--assert-formats"], ["--diff"]):
        main(["a.json", "-o", "settings", "--output-format", "json", *words])
        out, err = capsys.readouterr()
        assert isinstance(json.loads(out), list)
        assert bool(err) is (words != ["--diff"])


def test_every_command_that_tells_problems_has_the_formats(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["form", put("a.json", WRONG), "-o", "forms", "--output-format=json"]
    assert main(words) == 1
    assert json.loads(capsys.readouterr().out)[0]["rule"] == "invalid-keyword"


def test_annotations_of_github_cannot_be_broken_out_of() -> None:
    problem = Problem("50% of\n::warning::it", "a,b:c%.json", 3, 7, hint="so\rso", code="syntax")
    assert document_of([problem], "github") == (
        "::error file=a%2Cb%3Ac%25.json,line=3,col=7,title=brevetti-gen syntax::"
        "50%25 of\\n::warning::it%0Aso\\rso\n"
    )
    note = Problem("a", severity="note", code="overlap")
    assert document_of([note], "github") == "::notice title=brevetti-gen overlap::a\n"


def test_sarif_is_what_its_schema_demands(capsys: pytest.CaptureFixture[str]) -> None:
    put("ä b/a.json", WRONG)
    put("ä b/b.json", '{"type": "object", "tilte": 5}')
    main(["ä b", "-o", "settings", "--output-format", "sarif"])
    log = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "brevetti-gen"
    assert [rule["id"] for rule in driver["rules"]] == [*RULES]
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    assert {result["level"] for result in run["results"]} == {"error", "warning"}
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"%C3%A4%20b/[ab]\.json", place["artifactLocation"]["uri"])
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
    (bare,) = json.loads(document_of([Problem("no place", code="syntax")], "sarif"))["runs"]
    assert "locations" not in bare["results"][0]


# Rules


#: Where among the arguments of what makes problems the rule stands.
_PLACES_OF_RULES = {"refused": 0, "problem_at": 1, "problem": 0}


def test_every_problem_names_a_rule_of_the_table() -> None:
    """Wherever a problem is made, the rule is named; each rule is used."""
    used: set[str] = set()
    for path in GENERATOR.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            place = _PLACES_OF_RULES.get(name)
            named = [word.value for word in call.keywords if word.arg == "code"]
            if place is not None and len(call.args) > place + 1:
                named.append(call.args[place])
            if name == "Problem" or place is not None:
                assert named, f"{path}:{call.lineno}"
            for code in named:
                assert not isinstance(code, ast.Constant) or code.value in RULES, code.value
        texts = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
        if path.name != "rules.py":
            used |= {text for text in texts if isinstance(text, str) and text in RULES}
    # These are put together.
    used |= {"unfit-constant", "unfit-default", "not-read", "not-written"} & RULES.keys()
    assert used == set(RULES)


def test_what_authors_get_wrong_is_found_by_rules_of_the_table(tmp_path: Path) -> None:
    mistakes = Path(__file__).with_name("mistakes.txt").read_text(encoding="utf-8").split("\n\n")
    found: set[str | None] = set()
    for mistake in mistakes[::4]:
        told = problems(put("some.json", mistake.partition("\n")[0]))
        found |= {p.code for p in told}
        # What is no error can be switched off.
        assert not [p for p in told if p.severity != "error" and set_of(p.code or "") == "errors"]
    assert found <= set(RULES)
    assert len(found) > 15


def test_explain_says_what_rules_are_about(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "overlap", "twice"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [f"{name}: {RULES[name]}" for name in ("overlap", "twice")]
    assert '"x-lint": {"ignore": ["overlap"]}' in lines[2]
    assert main(["explain", "syntax"]) == 0
    assert "always told" in capsys.readouterr().out
    assert main(["explain"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(RULES)
    with pytest.raises(SystemExit, match="2"):
        main(["explain", "overlaps"])
    assert "did you mean 'overlap'?" in capsys.readouterr().err


def test_the_docs_list_all_rules() -> None:
    page = (TOP / "docs" / "problems.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", page, re.MULTILINE)
    assert dict(rows) == dict(RULES)


def test_an_excerpt_is_three_parts() -> None:
    assert marked(12, Excerpt("a: ", "b", "")) == ["  12 | a: b", "     |    ^"]
