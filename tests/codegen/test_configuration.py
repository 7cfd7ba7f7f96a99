"""`[tool.brevetti-gen]` in `pyproject.toml`: what is not given on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from brevetti_gen.cli.main import main
from brevetti_gen.workbench.telling.configuration import KEYS, completed
from brevetti_gen.write.options import DEFAULTS
from brevetti_gen.write.seals import OPTIONS
from budgets import TOP
from told_problems import without_sources

pytest.importorskip("tomllib" if sys.version_info >= (3, 11) else "tomli")

SCHEMA = {"type": "object", "properties": {"start": {"type": "string", "format": "date"}}}
NONE: dict[str, None] = dict.fromkeys(["sources", "output", "style", "maps", "exclude", "strict"])


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with schemas."""
    monkeypatch.chdir(tmp_path)
    put("schemas/training.json", json.dumps(SCHEMA))
    return tmp_path


def put(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def project(*lines: str) -> None:
    text = "\n".join(['[project]\nname = "a"', "[tool.brevetti-gen]", *lines, "[tool.other]", ""])
    put("pyproject.toml", text)


def errors(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    before = sorted(Path().rglob("*"))
    assert main(words) == 1
    assert sorted(Path().rglob("*")) == before
    return without_sources(capsys.readouterr().err.splitlines())[:-1]


BOTH = ('schemas = ["schemas"]', 'output = "src/settings"')


def test_the_command_alone_does_what_the_project_needs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project(*BOTH, 'style = "dataclass"')
    assert main([]) == 0
    assert "dataclass" in Path("src/settings/training.py").read_text()
    assert main(["--check"]) == 0
    # From a folder inside, paths are those of the file all the same.
    monkeypatch.chdir("schemas")
    capsys.readouterr()
    assert main([]) == 0
    assert capsys.readouterr().out == "../src/settings: 1 module, nothing changed\n"


def test_other_commands_take_the_schemas_too(capsys: pytest.CaptureFixture[str]) -> None:
    project(*BOTH, 'exclude = ["drafts"]', "strict = true")
    put("schemas/drafts/a.json", "[]")
    assert main(["form", "-o", "forms"]) == 0
    assert Path("forms/training.form.json").exists()
    assert main(["preview", "--html", "page.html"]) == 0
    assert main(["--output-format", "json"]) == 0


def test_every_key_counts() -> None:
    project(
        *BOTH,
        'style = "msgspec"',
        'exclude = ["drafts"]',
        'maps = { "urn:x/" = "mapped" }',
        "allow-slow-patterns = true",
        "assert-formats = true",
        'form-ranges = "ignore"',
        "strict = true",
        'lint = { select = ["people"], ignore = ["idle-keyword"] }',
    )
    assert set(completed(dict.fromkeys(key.name for key in KEYS.values()))) == {
        key.name for key in KEYS.values()
    }
    put("mapped/a.json", "{}")
    assert main([]) == 0
    assert Path("src/settings", OPTIONS).read_text().splitlines()[1:] == [
        "--allow-slow-patterns",
        "--assert-formats",
        "--exclude drafts",
        "--form-ranges ignore",
        "--map urn:x/=../../mapped",
        "--style msgspec",
    ]
    put("schemas/a.json", '{"type": "object", "tilte": "x"}')
    assert main([]) == 1
    assert main(["--no-strict"]) == 0


def test_keys_are_flags() -> None:
    flags = {name.removeprefix("--") for name in DEFAULTS}
    assert flags | {"schemas", "output", "exclude", "maps", "strict", "lint"} == set(KEYS)
    page = (TOP / "docs" / "packages.md").read_text(encoding="utf-8")
    table = page.partition("[tool.brevetti-gen]\n")[2].partition("```")[0]
    assert {line.partition(" ")[0] for line in table.splitlines()} == set(KEYS)


def test_flags_go_before_the_project_and_that_before_the_record(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["schemas", "-o", "src/settings", "--style", "msgspec", "--assert-formats"]) == 0
    project(*BOTH, 'style = "dataclass"')
    capsys.readouterr()
    assert main([]) == 0
    # What the project does not say is as recorded.
    assert capsys.readouterr().out.splitlines()[:-1] == [
        "src/settings: options: --style was msgspec, is dataclass"
    ]
    assert main(["--style", "typeddict"]) == 0
    assert Path("src/settings", OPTIONS).read_text().splitlines()[1:] == [
        "--assert-formats",
        "--style typeddict",
    ]


def test_another_package_takes_nothing_of_it() -> None:
    project(*BOTH, 'style = "dataclass"')
    assert main(["schemas", "-o", "other"]) == 0
    assert not Path("other", OPTIONS).exists()
    with pytest.raises(SystemExit, match="2"):
        main(["-o", "other"])
    assert main(["schemas/training.json", "-o", "src/../src/settings"]) == 0
    assert "--style dataclass" in Path("src/settings", OPTIONS).read_text()


def test_the_nearest_table_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    project(*BOTH)
    put("inner/pyproject.toml", '[project]\nname = "brevetti-gen-user"\n')
    monkeypatch.chdir("inner")
    assert completed(NONE) == {"sources": ["../schemas"], "output": "../src/settings"}
    put("deep/pyproject.toml", '[tool.brevetti-gen]\noutput = "here"\n')
    monkeypatch.chdir("deep")
    assert completed(NONE) == {"output": "here"}


def test_without_a_table_nothing_is_taken() -> None:
    for text in ("", "[tool]\n", "[project]\nname = 'brevetti-gen'\n", "not = toml = at all"):
        put("pyproject.toml", text)
        assert completed({**NONE, "style": "plain"}) == {"style": "plain"}
    with pytest.raises(SystemExit, match="2"):
        main([])


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        (
            'stlye = "plain"',
            "there is no option 'stlye' in [tool.brevetti-gen]",
            "did you mean 'style'?",
        ),
        ("map = {}", "there is no option 'map' in [tool.brevetti-gen]", "did you mean 'maps'?"),
        ("x = 1", "there is no option 'x' in [tool.brevetti-gen]", f"there are {', '.join(KEYS)}"),
        ("lint = 1", "lint must be a table with select and ignore (got 1)", None),
        (
            "lint = { ingore = [] }",
            "there is no option 'ingore' in lint",
            "did you mean 'ignore'?",
        ),
        ('lint = { ignore = "a" }', "ignore of lint must be a list of texts (got 'a')", None),
        ('lint = { select = ["peple"] }', "there is no rule 'peple'", "did you mean 'people'?"),
        (
            'lint = { ignore = ["syntax"] }',
            "the rule 'syntax' finds errors, which cannot be switched off",
            "take it out",
        ),
        ('schemas = "schemas"', "schemas must be a list of paths as text (got 'schemas')", None),
        ('exclude = [""]', 'exclude must be a list of texts (got [""])', None),
        ("output = 5", "output must be a path as text (got 5)", None),
        (r'output = "\u0000"', r"output must be a path as text (got '\x00')", None),
        ('maps = ["a=b"]', 'maps must be a table of paths by URL (got ["a=b"])', None),
        ('strict = "yes"', "strict must be true or false (got 'yes')", None),
        ("assert-formats = 1", "assert-formats must be true or false (got 1)", None),
    ],
)
def test_what_is_no_option_is_refused_at_its_line(
    line: str, message: str, hint: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    project(*BOTH[:1] * ("schemas" not in line), line)
    number = Path("pyproject.toml").read_text().splitlines().index(line) + 1
    place = f"pyproject.toml:{number}" if sys.version_info >= (3, 11) else "pyproject.toml"
    lines = [f"{place}: error: {message}", *([f"    {hint}"] if hint else [])]
    assert errors(capsys) == lines
    assert main(["--output-format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["rule"] == "configuration"


def test_all_that_is_wrong_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    project("output = 5", "strict = 5", "nothing = 5")
    assert len([line for line in errors(capsys) if ": error: " in line]) == 3
    put("pyproject.toml", "[tool]\nbrevetti-gen = 5\n")
    assert "tool.brevetti-gen must be a table" in errors(capsys)[0]


def test_broken_toml_is_told_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    put("pyproject.toml", "[tool.brevetti-gen]\noutput = \n")
    (line,) = errors(capsys)
    assert line.startswith("pyproject.toml:2:10: error: ")


def test_a_style_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    project(*BOTH, 'style = "attrs"')
    assert errors(capsys)[0] == "error: there is no style 'attrs'"
