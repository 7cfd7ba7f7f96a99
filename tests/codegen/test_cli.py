"""The command: what it prints, its exit codes, and one readable message per problem."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen._version import VERSION
from brevetti_gen.cli import main as cli
from told_problems import without_sources

OK = {"type": "object", "properties": {"epochs": {"type": "integer"}}}
no_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read and write everywhere"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, so that messages hold short paths."""
    monkeypatch.chdir(tmp_path)
    Path("schemas").mkdir()
    return tmp_path


def schema(name: str, value: Any) -> None:
    """Write a schema; text as it is, everything else as JSON."""
    path = Path("schemas", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")


def run(*arguments: str) -> int:
    return cli.main([*arguments, "-o", "settings"])


def errors(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The lines of a run that has to fail and to write nothing."""
    before = sorted(Path().rglob("*"))
    assert run(*(arguments or ("schemas",))) == 1
    assert sorted(Path().rglob("*")) == before
    captured = capsys.readouterr()
    assert captured.out == ""
    *lines, count = without_sources(captured.err.splitlines())
    number = sum(": error: " in line for line in lines)
    assert count == f"{number} error{'s'[: number > 1]}, nothing was generated"
    return lines


def process(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A run in a process of its own."""
    paths = [
        str(Path(module.__file__ or "").parents[depth])
        for module, depth in ((cli, 2), (_runtime(), 1))
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **variables}
    return subprocess.run(
        [sys.executable, "-m", "brevetti_gen", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def _runtime() -> Any:
    import brevettiai

    return brevettiai


# What a run says


def test_a_run_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    schema("a.json", OK)
    schema("b/c.json", OK)
    assert run("schemas") == 0
    assert capsys.readouterr() == ("settings: 2 modules, 16 files written\n", "")
    assert run("schemas") == 0
    assert capsys.readouterr() == ("settings: 2 modules, nothing changed\n", "")
    schema("a.json", {**OK, "title": "New"})
    Path("schemas/b/c.json").unlink()
    assert run("schemas") == 0
    assert capsys.readouterr().out.splitlines() == [
        "settings: removed b/__init__.py",
        "settings: removed b/c.py",
        "settings: 1 module, 5 files written, 4 unchanged, 7 removed",
    ]


def test_warnings_come_with_every_run(capsys: pytest.CaptureFixture[str]) -> None:
    schema("a.json", {"properties": {"epochs": {"type": "integer", "default": "many"}}})
    for _ in range(2):
        assert run("schemas") == 0
        assert without_sources(capsys.readouterr().err.splitlines()) == [
            "schemas/a.json:1:58: warning: the default of 'epochs' does not fit: must be a whole "
            "number (got 'many'); it is not filled in (at #/properties/epochs/default)"
        ]


def test_it_runs_where_nobody_hears_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # Services, and programs without a console, can have no streams.
    schema("a.json", {"properties": {"epochs": {"type": "integer", "default": "many"}}})
    with monkeypatch.context() as without:
        without.setattr(sys, "stderr", None)
        without.setattr(sys, "stdout", None)
        assert run("schemas") == 0
        assert run("nowhere") == 1
    assert Path("settings/a.py").is_file()


def test_it_runs_as_a_module_of_python() -> None:
    schema("a.json", OK)
    done = process("schemas", "-o", "settings")
    assert (done.returncode, done.stdout) == (0, "settings: 1 module, 9 files written\n")
    failed = process("nowhere", "-o", "settings")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.splitlines() == [
        "nowhere: error: no such file or folder [not-found]",
        "1 error, nothing was generated",
    ]


def test_tools_that_generate_nothing_do_not_speak_of_that(
    capsys: pytest.CaptureFixture[str],
) -> None:
    schema("broken.schema.json", {"type": "objekt"})
    for tool in (["preview", "schemas", "--html", "form.html"], ["docs", "schemas", "-o", "docs"]):
        assert cli.main(tool) == 1
        assert capsys.readouterr().err.splitlines()[-1] == "1 error, nothing was done"


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for flag, text in (("--help", "usage: brevetti-gen"), ("--version", f"brevetti-gen {VERSION}")):
        with pytest.raises(SystemExit) as end:
            cli.main([flag])
        assert end.value.code == 0
        assert capsys.readouterr().out.startswith(text)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "x"], "the following arguments are required: SCHEMAS"),
        (["."], "the following arguments are required: -o/--output"),
        (
            ["lnit", "schemas"],
            "the following arguments are required: -o/--output "
            "(there is no 'lnit' here; brevetti-gen --help lists all commands)",
        ),
        (
            [],
            "the following arguments are required: SCHEMAS, -o/--output (or their table in "
            "pyproject.toml, which brevetti-gen new NAME writes)",
        ),
        (["schemas", "-o", ""], "argument -o/--output: the name of a file or folder is missing"),
        (["schemas", "-o", "x", "--frce"], "unrecognized arguments: --frce"),
        (["schemas", "-o", "x", "--map", "a"], "argument --map: 'a' is not of the form URL=PATH"),
    ],
)
def test_wrong_usage(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == f"brevetti-gen: error: {message}"


def test_sources_may_stand_on_both_sides_of_options() -> None:
    schema("a.json", OK)
    schema("b.json", OK)
    assert cli.main(["schemas/a.json", "-o", "settings", "schemas/b.json"]) == 0
    assert Path("settings/a.py").is_file()
    assert Path("settings/b.py").is_file()


def test_ctrl_c_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "generate", interrupted)
    assert run("schemas") == 130
    assert capsys.readouterr() == ("", "")


def test_other_exceptions_are_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "generate", broken)
    with pytest.raises(ZeroDivisionError):
        run("schemas")


def test_without_the_extra_one_line_says_how_to_get_it() -> None:
    schema("a.json", OK)
    Path("blocked").mkdir()
    Path("blocked/jinja2.py").write_text("raise ModuleNotFoundError(name='jinja2')")
    program = (
        "import sys; sys.path.insert(0, 'blocked'); from brevetti_gen.cli.main import main; "
        "sys.exit(main(['schemas', '-o', 'settings']))"
    )
    paths = [
        str(Path(module.__file__ or "").parents[depth])
        for module, depth in ((cli, 2), (_runtime(), 1))
    ]
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "brevetti-gen: error: jinja2 is not installed; the generator needs the extra `gen`: "
        'pip install "brevetti[gen]"\n'
    )
    assert not Path("settings").exists()


def test_colors_are_for_terminals_that_want_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert run("nowhere") == 1
    assert "\033" not in capsys.readouterr().err
    monkeypatch.delenv("NO_COLOR")
    if os.name != "nt":
        assert run("nowhere") == 1
        assert "\033[1;31merror: \033[0mno such" in capsys.readouterr().err


# Bad input


def test_a_missing_and_an_empty_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert errors(capsys, "nowhere", "schemas") == [
        "nowhere: error: no such file or folder",
        "schemas: error: no schema files in this folder",
        "    schema files are called *.json, *.yaml or *.yml",
    ]


@no_root
def test_an_unreadable_file(capsys: pytest.CaptureFixture[str]) -> None:
    schema("a.json", OK)
    Path("schemas/a.json").chmod(0)
    assert errors(capsys) == ["schemas/a.json: error: cannot be read: Permission denied"]


def test_invalid_json_and_yaml_of_several_files_at_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    schema("a.json", '{\n  "type": "object",\n}')
    schema("b.yaml", "type: object\ntype: array\n")
    schema("c.json", OK)
    assert errors(capsys) == [
        "schemas/a.json:2:19: error: a comma before }",
        "    leave the comma out",
        'schemas/b.yaml:2:1: error: the key "type" is given twice in one object (before on line 1)',
    ]


def test_several_problems_of_one_schema_in_source_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    schema(
        "a.json",
        """{
  "properties": {
    "epochs": {"type": "int", "minimum": "1"},
    "rate": {"type": ["number", "nul"], "required": true},
    "name": {"pattern": 5},
    "layers": {"items": [{"type": "integer"}]},
    "other": "text"
  },
  "required": "epochs"
}""",
    )
    types = (
        '"type" must be one of array, boolean, integer, null, number, object, string, '
        "or a list of several, each at most once"
    )
    names = '"required" must be a list of property names, each at most once'
    assert errors(capsys) == [
        f'schemas/a.json:3:24: error: {types} (got "int") (at #/properties/epochs/type)',
        '    write "integer"',
        'schemas/a.json:3:42: error: "minimum" must be a number (got "1") '
        "(at #/properties/epochs/minimum)",
        "    without quotes: 1",
        f'schemas/a.json:4:33: error: {types} (got "nul" in it) (at #/properties/rate/type/1)',
        '    write "null"',
        f"schemas/a.json:4:53: error: {names} (got true) (at #/properties/rate/required)",
        '    name the property in the object around it: "required": ["…"]',
        'schemas/a.json:5:25: error: "pattern" must be a regular expression as text (got 5) '
        "(at #/properties/name/pattern)",
        "schemas/a.json:6:25: error: a schema must be an object, true or false "
        '(got [{"type": "integer"}]) (at #/properties/layers/items)',
        '    in 2020-12 the schemas of the first items are under "prefixItems"',
        "schemas/a.json:7:14: error: a schema must be an object, true or false "
        '(got "text") (at #/properties/other)',
        '    write {"type": "string"}',
        f'schemas/a.json:9:15: error: {names} (got "epochs") (at #/required)',
        '    write a list: ["epochs"]',
    ]


D4 = "http://json-schema.org/draft-04/schema#"
D7 = "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"properties": []}, '"properties" must be an object of schemas by name (got []) (at #/pr'),
        ({"enum": {}}, '"enum" must be a list of values (got {}) (at #/enum)'),
        ({"multipleOf": 0}, '"multipleOf" must be a number above 0 (got 0) (at #/multipleOf)'),
        ({"minLength": -1}, '"minLength" must be an integer, at least 0 (got -1) (at #/minLength'),
        ({"anyOf": []}, '"anyOf" must be a list of at least one schema (got []) (at #/anyOf)'),
        ({"not": 5}, "a schema must be an object, true or false (got 5) (at #/not)"),
        ({"$ref": 5}, '"$ref" must be a URI as text (got 5) (at #/$ref)'),
        ({"$id": "http://[", "type": "object"}, "$id 'http://[' is no URI: Invalid IPv6 URL (at "),
        ({"$schema": D4, "exclusiveMinimum": 5, "minimum": 1}, '"exclusiveMinimum" must be true '),
        ({"$schema": D4, "properties": {"a": True}}, "a schema must be an object (got true) (at "),
        ({"$schema": D7, "items": [True, 5]}, "a schema must be an object, true or false (got 5) "),
        ({"pattern": "("}, "the pattern '(' cannot be used: this '(' is never closed (at index 0)"),
        ({"$schema": "urn:x"}, "$schema 'urn:x' is not known (at #/$schema)"),
        ({"$ref": "#/$defs/a%zz", "$defs": {}}, "$ref '#/$defs/a%zz' leads nowhere: there is no "),
        (
            {"$ref": "#a", "$defs": {}},
            "$ref '#a' leads nowhere: there is no anchor 'a' (at #/$ref)",
        ),
        ({"$ref": "http://[::"}, "$ref 'http://[::' is no URI: Invalid IPv6 URL (at #/$ref)"),
        ({"$ref": "#/x", "x": 5}, "$ref '#/x' leads to #/x, which is no schema (at #/$ref)"),
        ({"$ref": "#/x", "x": {"type": "foo"}}, '"type" must be one of array, boolean, integer, '),
        ({"allOf": [{"$ref": "#"}]}, "this schema contains itself without going into a property"),
        ({"x-presets": [], "type": "object"}, "x-presets must be an object of partial configs by"),
        ({"x-presets": {"a": 5}, "type": "object"}, "the preset 'a' must be an object, a partial "),
        ({"x-python-name": 5, "type": "object"}, "x-python-name 5 is no name for a class (at #/x-"),
        ({"epochs": 5}, 'neither a JSON Schema (it has no keyword such as "type", "properties" or'),
        ([5], "an array is no JSON Schema"),
    ],
)
def test_what_is_wrong_with_a_schema(
    value: Any, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    schema("a.json", value)
    (line, *hints) = errors(capsys)
    place, _, text = line.partition(": error: ")
    assert text.startswith(message)
    assert place.startswith("schemas/a.json:1:")
    assert all(hint.startswith("    ") for hint in hints)


def test_a_reference_to_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    schema(
        "a.json",
        """{"properties": {
  "size": {"$ref": "common.json"},
  "rate": {"$ref": "https://example.com/rate.json"},
  "image": {"$ref": "#/$defs/imgae"}
}, "$defs": {"image": {}}}""",
    )
    assert errors(capsys) == [
        "schemas/a.json:2:20: error: $ref 'common.json' cannot be resolved "
        "(at #/properties/size/$ref)",
        "    give this file too, or a folder that holds both",
        "schemas/a.json:3:20: error: $ref 'https://example.com/rate.json' cannot be resolved "
        "(at #/properties/rate/$ref)",
        "    nothing is fetched: say where it lies with --map https://example.com/rate.json=PATH",
        "schemas/a.json:4:21: error: $ref '#/$defs/imgae' leads nowhere: there is no 'imgae' at "
        "#/$defs (at #/properties/image/$ref)",
        "    did you mean '#/$defs/image'?",
    ]


def test_two_schemas_for_one_module(capsys: pytest.CaptureFixture[str]) -> None:
    schema("a.json", OK)
    schema("a.schema.yaml", "type: object")
    assert errors(capsys) == [
        "schemas/a.schema.yaml: error: two schemas for the module a: schemas/a.json and "
        "schemas/a.schema.yaml",
        "    rename one of them, or generate them into two packages",
    ]


@pytest.mark.parametrize("number", [300, 3000])
@pytest.mark.parametrize("way", ["$ref", "items", "anyOf", "allOf"])
def test_endless_chains_of_references_end_in_a_message(
    way: str, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def link(position: int) -> dict[str, Any]:
        target = {"$ref": f"#/$defs/d{position + 1}"}
        if way == "$ref":
            return target
        return {way: target if way == "items" else [{"type": "string"}, target]}

    definitions: dict[str, Any] = {f"d{position}": link(position) for position in range(number)}
    definitions[f"d{number}"] = {"type": "object"}
    schema("a.json", {"properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": definitions})
    line, hint = errors(capsys)
    assert "to be compiled" in line or "more than 200 schemas lead to one another" in line
    assert hint.startswith("    shorten the ")


def test_a_generated_file_that_someone_edited(capsys: pytest.CaptureFixture[str]) -> None:
    schema("a.json", OK)
    assert run("schemas") == 0
    capsys.readouterr()
    with Path("settings/a.py").open("a") as file:
        file.write("# mine\n")
    schema("a.json", {**OK, "title": "New"})
    assert errors(capsys) == [
        "settings/a.py: error: someone edited this generated file",
        "    move the edits into a subclass of your own; --force overwrites them",
    ]
    assert run("schemas", "--force") == 0
    assert "# mine" not in Path("settings/a.py").read_text()


def test_an_output_that_is_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    schema("a.json", OK)
    Path("settings").write_text("")
    assert errors(capsys) == [
        "settings: error: the output is not a folder",
        "    name a folder with -o",
    ]


@no_root
def test_an_output_that_cannot_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    schema("a.json", OK)
    Path("settings").mkdir(mode=0o500)
    lines = errors(capsys)
    assert lines == [
        f"settings/{name}: error: cannot be written: its folder is read-only"
        for name in ("__init__.py", "a.py")
    ]


# Schemas that lie elsewhere


def referring(*names: str) -> None:
    schema(
        "a.json",
        {"properties": {name: {"$ref": f"https://example.com/{name}"} for name in names}},
    )


def test_a_map_says_where_the_schemas_of_a_url_lie() -> None:
    referring("one.json", "b/two%20three.json")
    Path("lib/b").mkdir(parents=True)
    Path("lib/one.json").write_text('{"type": "integer"}')
    Path("lib/b/two three.json").write_text('{"type": "boolean"}')
    assert run("schemas", "--map", "https://example.com/=lib") == 0


def test_maps_that_lead_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    referring("one.json")
    Path("lib").mkdir()
    url = "https://example.com/one.json"
    assert errors(capsys, "schemas", "--map", f"{url}=lib", "--map", "https://b/=none") == [
        f"lib: error: no such file, but {url} is mapped to it",
        "    only a URL that ends in a slash stands for a folder",
        "none: error: no such folder, but https://b/ is mapped to it",
    ]


LONG = 300 * "x"


def test_a_reference_too_long_for_a_file_is_one_that_leads_nowhere(
    capsys: pytest.CaptureFixture[str],
) -> None:
    referring(f"{LONG}.json")
    Path("lib").mkdir()
    (message, *_) = errors(capsys, "schemas", "--map", "https://example.com/=lib")
    assert f"'https://example.com/{LONG}.json' cannot be resolved" in message


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (f"{LONG} -o out", 1),
        (f"schemas -o {LONG}", 1),
        (f"schemas -o out --map https://a.example/={LONG}", 1),
        (f"docs {LONG} -o out", 1),
        (f"docs schemas -o {LONG}", 1),
        (f"docs schemas -o out --templates {LONG}", 1),
        (f"docs schemas -o out --since {LONG}", 1),
        (f"form {LONG} -o out", 1),
        (f"form schemas -o {LONG}", 1),
        (f"lint {LONG}", 1),
        (f"diff {LONG} schemas", 1),
        (f"infer {LONG}", 1),
        (f"import-form {LONG}", 1),
        (f"migrate {LONG} --schema schemas", 1),
        (f"preview {LONG}", 1),
        (f"preview schemas --html {LONG}", 1),
        (f"new {LONG}", 2),
        (f"new training {LONG}", 1),
        (f"from-class {LONG}:Class", 1),
    ],
)
def test_names_too_long_for_files_are_told(
    words: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    schema("a.json", OK)
    before = sorted(Path().rglob("*"))
    ended: object
    try:
        ended = cli.main(words.split())
    except SystemExit as stop:  # of argparse
        ended = stop.code
    assert ended == code
    assert sorted(Path().rglob("*")) == before
    assert "error: " in capsys.readouterr().err


def test_a_metaschema_that_is_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    url = "https://example.com/own.json"
    schema("a.json", {"$id": url, "$schema": url, "type": "object"})
    assert errors(capsys, "schemas", "--map", f"{url}=schemas/a.json") == [
        f"schemas/a.json:1:52: error: $schema '{url}' leads back to itself, not to a draft "
        "(at #/$schema)",
        "    use the $schema of draft 4, 6, 7, 2019-09 or 2020-12, or give the custom metaschema "
        "with --map URL=PATH",
    ]


def test_mapped_files_are_checked_like_others(capsys: pytest.CaptureFixture[str]) -> None:
    referring("bad.json", "broken.json")
    Path("lib").mkdir()
    Path("lib/bad.json").write_text('{"properties": []}')
    Path("lib/broken.json").write_text('{"properties": ')
    lines = errors(capsys, "schemas", "--map", "https://example.com/=lib")
    assert lines == [
        'lib/bad.json:1:16: error: "properties" must be an object of schemas by name (got []) '
        "(at #/properties)",
        '    write an object: {"a name": {…}}',
        "lib/broken.json:1:16: error: the text ends where a value should follow",
    ]


def test_no_reference_leaves_a_mapped_folder(capsys: pytest.CaptureFixture[str]) -> None:
    Path("secret.json").write_text('{"type": "string"}')
    Path("lib").mkdir()
    names = ("../secret.json", "%2e%2e/secret.json", "%2e%2e%2fsecret.json", "a%00b.json")
    if os.name != "nt":
        Path("lib/link.json").symlink_to(Path("../secret.json"))
        names += ("link.json",)
    referring(*names)
    lines = errors(capsys, "schemas", "--map", "https://example.com/=lib")
    assert sum("cannot be resolved" in line for line in lines) == len(names)


def started(*arguments: str, into: Any = subprocess.PIPE, **environment: str) -> Any:
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "brevetti_gen", *arguments],
        env={**os.environ, **environment},
        stdout=into,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_outputs_that_lack_characters_get_escapes(encoding: str) -> None:
    schema("fähre.json", {"description": "Fähre", "properties": {"größe": {"type": "integer"}}})
    runs = (
        ("schemas", "-o", "größe"),
        ("--help",),
        ("form", "schemas", "-o", "formulär"),
        ("import-form", "formulär/fähre.form.json"),
        ("preview", "schemas", "--html", "fähre.html"),
    )
    for arguments in runs:
        process = started(*arguments, PYTHONIOENCODING=encoding)
        output, errors = process.communicate()
        assert process.returncode == 0, errors
        assert b"Traceback" not in errors
        assert output.decode(encoding)


def test_what_was_typed_is_shown_and_drives_no_terminal() -> None:
    for arguments in (("schemas", "-o", "a", "--\x1b[2J"), ("schemas", "-o", "a", "--map", "\x9b")):
        output, errors = started(*arguments).communicate()
        assert b"\\x" in errors
        assert (output + errors).replace(b"\n", b"").decode().isprintable()


@pytest.mark.skipif(os.name == "nt", reason="there are no such pipes")
def test_readers_may_have_seen_enough() -> None:
    schema("a.json", OK)
    schema("bad.json", {"type": "objekt"})
    for arguments in (("schemas/a.json", "-o", "settings"), ("--help",)):
        read, write = os.pipe()
        os.close(read)
        process = started(*arguments, into=write)
        os.close(write)
        assert process.communicate()[1] == b""
        assert process.returncode == 1
    process = started("schemas/bad.json", "-o", "settings")
    process.stderr.close()
    assert process.wait() == 1
