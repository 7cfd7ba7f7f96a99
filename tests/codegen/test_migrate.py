"""`brevetti-gen migrate`: stored files of three versions of an example, and all that can stand in
the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.cli.main import main
from brevetti_gen.load import load_package
from brevetti_gen.workbench.tools.migrate import rewriting
from brevettiai.cli.files import read_settings_file
from conformance.generated import write_json

VERSIONS = Path(__file__).resolve().parents[1] / "versions"
STORED = sorted(VERSIONS.glob("*/stored.*"))
SCHEMA = str(VERSIONS / "3" / "training.schema.json")
EXPECTED = {
    "$version": 3,
    "epochs": 5,
    "solver": {"rate": 0.3, "kind": "adam"},
    "data": {"folder": "images", "test_share": 0.1},
}
Migrate = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def classes() -> dict[str, Any]:
    """The class of each version."""
    found: dict[str, Any] = {}
    for folder in VERSIONS.iterdir():
        loaded = load_package([folder / "training.schema.json"])
        assert not loaded.warnings
        found[folder.name] = loaded.classes[0].cls
    return found


@pytest.fixture
def migrate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Migrate:
    """Run the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        code = main(["migrate", *words])
        return code, *capsys.readouterr()

    return run


def written(text: str, name: str = "a.yaml", schema: Any = None) -> Path:
    path = Path(name)
    path.write_text(text, newline="")
    if schema is not None:
        write_json(Path("schemas/training.json"), schema)
    return path


@pytest.mark.parametrize("stored", STORED, ids=lambda path: f"{path.parent.name}{path.suffix}")
def test_files_of_each_version_load_and_say_the_same_once_migrated(
    stored: Path, classes: dict[str, Any], migrate: Migrate, tmp_path: Path
) -> None:
    value = read_settings_file(str(stored)).value
    current = classes["3"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        classes[stored.parent.name].from_config(value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loaded = current.from_config(value)
    assert loaded.get_config() == EXPECTED
    path = Path(shutil.copy(stored, tmp_path))
    code, _, error = migrate(path.name, "--schema", SCHEMA)
    assert (code, error) == (0, "")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert current.from_file(path) == loaded
    new = path.read_bytes()
    assert (new == stored.read_bytes()) == (stored.parent.name == "3")
    assert migrate(path.name, "--schema", SCHEMA)[:2] == (0, "1 file, 0 migrated\n")
    assert path.read_bytes() == new


def test_what_is_around_a_change_stays_as_it_was_written(migrate: Migrate, tmp_path: Path) -> None:
    for version in ("1", "2"):
        for stored in (VERSIONS / version).glob("stored.*"):
            shutil.copy(stored, tmp_path / f"{version}{stored.suffix}")
    migrate(".", "--schema", SCHEMA)
    assert (
        Path("1.yaml").read_text()
        == """\
# The first try.
$version: 3
epochs: 5      # too few?

solver:
  rate: 3e-1       # as in the paper
  kind: 'adam'
data:
  folder: images # of last year
  test_share: 0.1
"""
    )
    assert (
        Path("2.yaml").read_text()
        == """\
---
$version: 3
epochs: 5

solver:
    # as in the paper
    rate: 0.3

    kind: "adam"  # or sgd
data: {folder: images, test_share: 0.1}
"""
    )
    assert Path("1.json").read_text() == (
        '{"$version": 3, "epochs": 5, "solver": {"rate": 0.30, "kind": "adam"}, '
        '"data": {"folder": "images", "test_share": 0.1}}\n'
    )
    assert (
        Path("2.json").read_text()
        == """\
{
\t"$version": 3,
\t"solver": {"rate": 0.3, "kind": "adam"},
\t"epochs": 5,
\t"data": {
\t\t"folder": "images", "test_share": 0.1
\t}
}
"""
    )


FREE = {
    "properties": {
        "a": {"x-renamed-from": "b"},
        "c": {"properties": {"d": {"x-renamed-from": ".d"}, "e": {"x-renamed-from": "x.e"}}},
        "list": {"items": {"properties": {"f": {"x-renamed-from": "g"}}, "x-removed": ["h"]}},
    },
}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("a.json", '\ufeff{\r\n  "b": [1,\r\n    2]\r\n}', '\ufeff{\r\n  "a": [1,\r\n    2]\r\n}'),
        ("a.json", '{"d":1,"z":{}}', '{"z":{}, "c": {"d":1}}'),
        ("a.json", '{\n  "d": {\n    "k": 1\n  }\n}\n', None),
        ("a.json", '{"c": {}, "d": 1}', '{"c": {"d": 1}}'),
        ("a.json", '{"list": [{"h": 1}, {"g": 2, "h": 3, "y": "\\u00e9"}]}', None),
        ("a.json", '{"x": {"e": 1}}', '{"c": {"e": 1}}'),
        ("a.json", '{"x": {"e": 1, "y": 2}}', '{"x": {"y": 2}, "c": {"e": 1}}'),
        ("a.yaml", "b: |\n  text\n   more\nz: 1\n", "a: |\n  text\n   more\nz: 1\n"),
        ("a.yaml", "d: |\n  text\n   more\nz: 1\n", "z: 1\nc:\n  d: |\n    text\n     more\n"),
        ("a.yaml", "d:\n- 1\n- 2", "c:\n  d:\n  - 1\n  - 2"),
        ("a.yaml", "list:\n- g: 1\n  h: 2\n- {g: 3}\n", "list:\n- f: 1\n- {f: 3}\n"),
        ("a.yaml", "'b': yes\r\n", "'a': yes\r\n"),
        ("a.yml", "c:\n  e: 1\nd: 2 # two", "c:\n  e: 1\n  d: 2 # two"),
        ("a.yaml", "x:\n  e: 1\n  # about y\n  y: 2\n", "x:\n  # about y\n  y: 2\nc:\n  e: 1\n"),
    ],
)
def test_edits(migrate: Migrate, name: str, old: str, new: str | None) -> None:
    path = written(old, name, FREE)
    code, _, error = migrate(name, "--schema", "schemas")
    assert (code, error) == (0, "")
    with path.open(newline="") as file:
        text = file.read()
    assert text != old
    if new is not None:
        assert text == new


def test_files_that_cannot_be_migrated_are_told_and_stay_and_others_are_done(
    migrate: Migrate,
) -> None:
    written('{\n "a": 1,\n "b": 2\n}', "both.json", {**FREE, "x-version": 2})
    written("$version: 3\n", "later.yaml")
    written('b = 1 # one\nc = "x"\n', "a.toml")
    written("{", "broken.json")
    written("[1]", "list.json")
    written('{"b": 1, "\\ud800": 1}', "half.json")
    written("x: &x {g: 1}\nlist: [*x]\n", "anchor.yaml")
    written("list:\n- h: 1\n  z: 2\n", "dash.yaml")
    written('{"b": 1}', "good.json")
    written("same = 1", "same.toml")
    stay = [path for path in Path().iterdir() if path.is_file() and path.name != "good.json"]
    before = {path: path.read_bytes() for path in stay}
    code, out, error = migrate(".", "--schema", "schemas", "--exclude", "x")
    assert code == 1
    for text in (
        "both.json:3: error: cannot be migrated: b: is the old name of 'a', which is given too",
        "later.yaml:1: error: cannot be migrated: $version: is of a later version",
        "a.toml: error: is not rewritten: the comments and spaces of TOML would be lost",
        "change it by hand, or store what from_file makes of it by to_file: Renamed",
        "broken.json: error: cannot be migrated: is not valid JSON",
        "half.json: error: is not rewritten: it has half of a surrogate pair",
        "list.json: error: cannot be migrated: must hold one object",
        "anchor.yaml: error: is not rewritten: what is said of list.0.g cannot be told",
        "dash.yaml: error: is not rewritten: what is said of list.0.h cannot be told",
    ):
        assert text in error
    assert "good.json: Renamed config keys: b (now a)\n" in out
    assert out.endswith("11 files, 1 migrated, 8 cannot be\n")
    assert {path: path.read_bytes() for path in stay} == before
    assert json.loads(Path("good.json").read_text()) == {"$version": 2, "a": 1}


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("a.json", '{"dead": 1}', '{"$version": 2}'),
        ("a.yaml", "%YAML 1.2\n---\n# c\ndead: 1\n# d\n", None),
        ("a.yaml", "# c\ndead: 1 # 1\n# d\n", "# c\n{$version: 2}\n# d\n"),
        ("a.yaml", "active: no\n", '$version: 2\n"on": no\n'),
        ("a.yaml", "mode: negative", '$version: 2\nmode: "no"'),
    ],
)
def test_what_is_left_is_the_same_to_every_reader(
    migrate: Migrate, name: str, old: str, new: str | None
) -> None:
    mode = {"enum": ["no"], "x-renamed-values": {"negative": "no"}}
    on = {"x-renamed-from": "active"}
    schema = {"x-version": 2, "x-removed": ["dead"], "properties": {"mode": mode, "on": on}}
    path = written(old, name, schema)
    assert migrate(name, "--schema", "schemas")[0] == 0
    assert path.read_text() == (new or "%YAML 1.2\n---\n# c\n{$version: 2}\n# d\n")


def test_check_and_diff_write_nothing(migrate: Migrate) -> None:
    path = written("b: 1\n", schema=FREE)
    code, out, error = migrate("a.yaml", "--schema", "schemas", "--check")
    assert (code, out) == (1, "1 file, 1 would change\n")
    assert "a.yaml: error: is of an older version: Renamed config keys: b (now a)" in error
    words = ["--schema", "schemas", "--check", "--output-format", "json"]
    assert json.loads(migrate("a.yaml", *words)[1])[0]["rule"] == "older-config"
    code, out, _ = migrate("a.yaml", "--schema", "schemas", "--diff")
    assert code == 0
    assert out.startswith("--- a.yaml\n+++ a.yaml\n@@ -1 +1 @@\n-b: 1\n+a: 1\n")
    assert path.read_text() == "b: 1\n"


def test_a_diff_never_shows_what_may_be_secret(migrate: Migrate) -> None:
    schema = {"properties": {"a": {"x-renamed-from": "b"}, "key": {"writeOnly": True}}}
    written("b: 1\nkey: sesame\n", schema=schema)
    _, out, error = migrate("a.yaml", "--schema", "schemas", "--diff")
    assert "not shown as the schema marks values as secret" in out
    assert "sesame" not in out + error


def test_the_settings_in_the_output_of_a_job_are_migrated(migrate: Migrate) -> None:
    document = {"output": {"b": 1}, "config": {"settings": {"b": 2}}, "environment": {}}
    path = written(json.dumps(document, indent=1), "output.json", FREE)
    assert migrate("output.json", "--schema", "schemas")[0] == 0
    document["config"] = {"settings": {"a": 2}}
    assert path.read_text() == json.dumps(document, indent=1)


def test_large_files_take_no_time(migrate: Migrate) -> None:
    config = {"list": [{"g": number, "z": "x" * 50} for number in range(1500)]}
    path = written(json.dumps(config), "a.json", FREE)
    code, out, _ = migrate("a.json", "--schema", "schemas")
    assert code == 0
    assert "list[19].g (now f), and 1480 more\n" in out
    new = [{"f": item["g"], "z": item["z"]} for item in config["list"]]
    assert path.read_text() == json.dumps({"list": new})


def test_moves_of_too_many_settings_are_told(
    migrate: Migrate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting, "MOST_READ", (2_000, 2_000))
    moved = {f"p{n}": {"type": "integer", "x-renamed-from": [f"s.p{n}"]} for n in range(40)}
    many = written(json.dumps({"s": dict.fromkeys(moved, 1)}), "many.json", {"properties": moved})
    few = written('{"s": {"p0": 1}}', "few.json")
    code, _, err = migrate("many.json", "few.json", "--schema", "schemas")
    assert code == 1
    assert "many.json: error: is not rewritten: it has so many settings to move that reading" in err
    assert json.loads(many.read_text()) == {"s": dict.fromkeys(moved, 1)}
    assert json.loads(few.read_text()) == {"p0": 1}


def test_a_link_stays_one_and_a_pattern_finds_files(migrate: Migrate) -> None:
    path = written("b: 1\n", "real.yaml", FREE)
    Path("runs").mkdir()
    os.symlink(path.resolve(), "runs/link.yaml")
    assert migrate("runs/*.yaml", "--schema", "schemas")[0] == 0
    assert Path("runs/link.yaml").is_symlink()
    assert path.read_text() == "a: 1\n"


def test_which_schema_is_asked_for(migrate: Migrate, capsys: pytest.CaptureFixture[str]) -> None:
    written("b: 1\n", schema=FREE)
    write_json(Path("schemas/other.json"), {"properties": {"n": {}}})
    code, _, error = migrate("a.yaml", "--schema", "schemas")
    assert code == 1
    assert error.endswith("1 error, nothing was migrated\n")
    assert "whose configs these are is not told: there are other, training" in error
    assert (
        migrate("a.yaml", "--schema", "schemas", "--module", "other")[1] == "1 file, 0 migrated\n"
    )
    assert "no module 'none'" in migrate("a.yaml", "--schema", "schemas", "--module", "none")[2]
    assert "no such file" in migrate("b.yaml", "--schema", "schemas", "--module", "training")[2]
    written('[tool.brevetti-gen]\nschemas = ["schemas/training.json"]\n', "pyproject.toml")
    assert migrate("a.yaml")[0] == 0
    Path("pyproject.toml").unlink()
    for words in (["migrate"], ["migrate", "a.yaml"], ["migrate", "a.yaml", "--nope"]):
        with pytest.raises(SystemExit) as caught:
            main(words)
        assert caught.value.code == 2
    capsys.readouterr()


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
def test_an_interruption_leaves_every_file_whole(migrate: Migrate, tmp_path: Path) -> None:
    write_json(tmp_path / "schemas" / "training.json", FREE)
    (tmp_path / "runs").mkdir()
    old, new = "b: 1\n", "a: 1\n"
    for number in range(60):
        (tmp_path / "runs" / f"{number}.yaml").write_text(old)
    words = [sys.executable, "-m", "brevetti_gen", "migrate", "runs", "--schema", "schemas"]
    process = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()  # the first file is done
    process.send_signal(signal.SIGTERM)
    process.communicate()
    texts = {path.read_text() for path in (tmp_path / "runs").glob("*.yaml")}
    assert texts <= {old, new}
    assert new in texts
    code, _, error = migrate(*words[4:])
    assert (code, error) == (0, "")
    assert {path.read_text() for path in (tmp_path / "runs").glob("*.yaml")} == {new}
