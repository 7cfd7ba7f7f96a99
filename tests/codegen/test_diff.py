"""`brevetti-gen diff` as a command: versions on disk and in git, formats, exit codes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.cli.main import main
from brevetti_gen.problems import GenerationError
from brevetti_gen.workbench.tools.diff.documents import unaffected
from brevetti_gen.workbench.tools.diff.revisions import version_at

OLD: dict[str, Any] = {
    "type": "object",
    "properties": {"angle": {"type": "integer", "maximum": 180, "default": 20}},
}
NEW: dict[str, Any] = {
    "type": "object",
    "properties": {"angle": {"type": "integer", "maximum": 90, "default": 30}},
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, schema: Any) -> None:
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(schema), encoding="utf-8")


def git(*words: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *words], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def repository() -> None:
    """A repository whose only commit, tagged `v1`, has OLD; the work tree has NEW."""
    git("init", "-q")
    write("schemas/parts/common.json", {"$defs": {"Angle": {"type": "integer"}}})
    write("schemas/training.schema.json", OLD)
    Path("schemas/notes.txt").write_text("no schema")
    git("add", ".")
    git("commit", "-qm", "first")
    git("tag", "v1")
    write("schemas/training.schema.json", NEW)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["diff", *arguments])
    return code, *capsys.readouterr()


def test_what_a_terminal_shows(capsys: pytest.CaptureFixture[str]) -> None:
    write("old/training.schema.json", OLD)
    write("new/training.schema.json", NEW)
    code, out, _ = told(capsys, "old", "new")
    assert code == 1
    assert (
        out
        == """\
training: angle: takes at most 90 (was: at most 180) [breaks stored, forms, flags]
    new/training.schema.json:1 (was: old/training.schema.json:1)
    a config that no longer loads: {"angle": 180}
training: angle: the default is 30 (was: 20) [breaks output]
    new/training.schema.json:1 (was: old/training.schema.json:1)
training: stored configs no longer load
2 changes, 1 of which break stored, forms, flags
"""
    )


def test_a_new_version_of_configs_breaks_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    write("old/t.json", {**OLD, "x-version": 1})
    write("new/t.json", {**OLD, "x-version": 2})
    code, out, _ = told(capsys, "old", "new")
    assert code == 0
    assert out.startswith("t: the version of configs is 2 (was: 1)\n")
    assert "still load" in out
    assert "1 change, none of which" in out


def test_nothing_changed(capsys: pytest.CaptureFixture[str]) -> None:
    write("old/training.schema.json", OLD)
    write("new/training.schema.json", OLD)
    assert told(capsys, "old", "new") == (0, "nothing changed\n", "")


def test_a_revision(repository: None, capsys: pytest.CaptureFixture[str]) -> None:
    before = git("status", "--porcelain")
    code, out, _ = told(capsys, "v1:schemas/", "schemas/")
    assert code == 1
    assert "schemas/training.schema.json:1 (was: v1:schemas/training.schema.json:1)" in out
    assert told(capsys, "v1:schemas/training.schema.json", "schemas/training.schema.json")[0] == 1
    assert told(capsys, "v1:schemas", "HEAD:schemas")[1] == "nothing changed\n"
    assert git("status", "--porcelain") == before


def test_a_revision_seen_from_a_folder_inside(
    repository: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("schemas")
    for text in ("v1:schemas/", "v1:./", "v1:../schemas"):
        with version_at(text) as version:
            (path,) = version.paths
            files = sorted(p.relative_to(path).as_posix() for p in path.rglob("*.json"))
        assert files == ["parts/common.json", "training.schema.json"], text
        assert not path.exists()


def test_references_of_one_file_of_a_revision(
    repository: None, capsys: pytest.CaptureFixture[str]
) -> None:
    angle = {"$ref": "parts/common.json#/$defs/Angle"}
    write("schemas/training.schema.json", {"type": "object", "properties": {"angle": angle}})
    git("commit", "-qam", "second")
    code, out, err = told(
        capsys, "HEAD:schemas/training.schema.json", "schemas/training.schema.json"
    )
    assert (code, out, err) == (0, "nothing changed\n", "")


def test_what_is_on_disk_goes_before_a_revision(
    repository: None, capsys: pytest.CaptureFixture[str]
) -> None:
    write("v1:schemas/training.schema.json", NEW)
    assert "parts.common: the schema is new" in told(capsys, "v1:schemas", "schemas")[1]


def test_hooks_and_filters_of_a_repository_are_not_run(repository: None) -> None:
    hook = Path(".git/hooks/post-checkout")
    hook.write_text("#!/bin/sh\ntouch ran\n")
    hook.chmod(0o755)
    Path(".git/info/attributes").write_text("*.json filter=touch\n")
    git("config", "filter.touch.smudge", "touch ran; cat")
    git("config", "core.fsmonitor", "touch ran")
    with version_at("v1:schemas") as version:
        assert (version.paths[0] / "training.schema.json").is_file()
    assert not Path("ran").exists()


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("v2:schemas", "v2:schemas"),
        ("v1:nothing", "does not exist in 'v1'"),
        ("nothing", "no such file or folder"),
        ("C:\\schemas", "no such file or folder"),
    ],
)
def test_versions_that_are_none(
    version: str, said: str, repository: None, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(capsys, version, "schemas")
    assert (code, out) == (1, "")
    assert said in err
    assert "REVISION:PATH" in err or "main:schemas/" in err


def test_a_revision_is_no_option_of_git(repository: None) -> None:
    with pytest.raises(GenerationError, match="begins with a dash"), version_at("--output=x:y"):
        pass
    assert not Path("x").exists()


def test_outside_of_a_repository(capsys: pytest.CaptureFixture[str]) -> None:
    write("schemas/training.schema.json", NEW)
    code, _, err = told(capsys, "main:schemas", "schemas")
    assert code == 1
    assert "git: not a git repository" in err


def test_a_folder_of_a_revision_without_schemas(
    repository: None, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty").mkdir()
    Path("empty/notes.txt").write_text("")
    git("add", ".")
    git("commit", "-qm", "second")
    code, _, err = told(capsys, "HEAD:empty", "schemas")
    assert code == 1
    assert err.startswith("HEAD:empty: error: no schema files in this folder")


def test_schemas_that_are_no_good_are_told_by_the_names_of_the_user(
    repository: None, capsys: pytest.CaptureFixture[str]
) -> None:
    write("schemas/training.schema.json", {"type": "objekt"})
    git("commit", "-qam", "broken")
    write("schemas/training.schema.json", NEW)
    code, _, err = told(capsys, "HEAD:schemas", "schemas")
    assert code == 1
    assert err.startswith("HEAD:schemas/training.schema.json:1:")


@pytest.mark.parametrize(
    "arguments",
    [(), ("old",), ("old", "new", "more"), ("old", "new", "--fail-on", "store"), ("", "new")],
)
def test_wrong_usage(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["diff", *arguments])
    assert ended.value.code == 2
    if "store" in arguments:
        assert "did you mean 'stored'?" in capsys.readouterr().err


def test_what_to_fail_on(capsys: pytest.CaptureFixture[str]) -> None:
    write("old.json", OLD)
    other = {"type": "integer", "maximum": 180, "default": 30}
    write("new.json", {"type": "object", "properties": {"angle": other}})
    assert told(capsys, "old.json", "new.json")[0] == 0
    assert told(capsys, "old.json", "new.json", "--fail-on", "output,stored")[0] == 1
    write("new.json", NEW)
    assert told(capsys, "old.json", "new.json")[0] == 1
    assert told(capsys, "old.json", "new.json", "--fail-on", "code")[0] == 0
    assert told(capsys, "old.json", "new.json", "--fail-on", "none")[0] == 0


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    write("old.json", OLD)
    write("new.json", NEW)
    code, out, _ = told(capsys, "old.json", "new.json", "--output-format", "json")
    found = json.loads(out)
    assert (code, found["failing"], found["stored"]) == (
        1,
        ["stored", "forms", "flags"],
        {"new": "refused"},
    )
    assert found["changes"][0] == {
        "module": "new",
        "path": "angle",
        "message": "takes at most 90 (was: at most 180)",
        "old": {"path": "old.json", "line": 1},
        "new": {"path": "new.json", "line": 1},
        "breaks": ["stored", "forms", "flags"],
        "example": {"angle": 180},
    }


def test_annotations(capsys: pytest.CaptureFixture[str]) -> None:
    write("old.json", OLD)
    write("new.json", NEW)
    lines = told(capsys, "old.json", "new.json", "--output-format", "github")[1].splitlines()
    assert [line.partition(",")[0] for line in lines] == [
        "::error file=new.json",
        "::warning file=new.json",
    ]


def test_markdown_shows_texts_of_schemas_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    title = "a|b <b> `x` [l](http://x) @team\n# H"
    write("old.json", OLD)
    properties = {"angle": {**NEW["properties"]["angle"], "title": title}, "`|\n": {}}
    write("new.json", {"type": "object", "properties": properties})
    out = told(capsys, "old.json", "new.json", "--output-format", "markdown")[1]
    assert out.startswith("### Settings: `old.json` → `new.json`\n\n")
    assert "- `new`: stored configs no longer load\n" in out
    assert "| `new: angle` | takes at most 90 (was: at most 180) | stored, forms, flags |" in out
    assert '```json\n{"angle": 180}\n```' in out
    assert r"a\|b &lt;b&gt; \`x\` \[l\](http://x) &#64;team\\n\# H" in out
    assert "\n# H" not in out


def test_secrets_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def of(default: str, most: int) -> dict[str, Any]:
        key = {"type": "string", "writeOnly": True, "default": default, "maxLength": most}
        return {"type": "object", "properties": {"key": key}}

    write("old.json", of("hush-hush", 20))
    write("new.json", of("hush", 5))
    for output_format in ("text", "markdown", "json", "github"):
        _, out, _ = told(capsys, "old.json", "new.json", "--output-format", output_format)
        assert "hush" not in out
        assert "stored" in out


def test_what_lies_in_secrets_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def of(default: str) -> dict[str, Any]:
        inner = {"properties": {"k": {"enum": ["a", "b", default], "default": default}}}
        definitions = {"Login": inner, "Listed": inner, "Mapped": inner, "Elsewhere": inner}
        login, listed, mapped, elsewhere = ({"$ref": f"#/$defs/{name}"} for name in definitions)
        properties = {
            "plain": {"writeOnly": True, **inner},
            "login": {"writeOnly": True, **login},
            "list": {"type": "array", "items": {"writeOnly": True, **listed}},
            "map": {"additionalProperties": {"format": "password", **mapped}},
            "two": {"writeOnly": True},
        }
        others = {"properties": {"two": elsewhere}}
        return {"$defs": definitions, "properties": properties, "allOf": [others]}

    write("old.json", of("hush-hush"))
    write("new.json", of("hush"))
    for output_format in ("text", "json"):
        _, out, _ = told(capsys, "old.json", "new.json", "--output-format", output_format)
        assert "plain.k" in out
        assert "hush" not in out


@pytest.mark.parametrize("before", [None, 1])
def test_a_later_version_alone_breaks_nothing(
    before: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = {"properties": {"n": {"type": "integer"}}, "additionalProperties": False}
    write("old.json", {**schema, **({"x-version": before} if before else {})})
    write("new.json", {**schema, "x-version": 2})
    code, out, _ = told(capsys, "old.json", "new.json", "--fail-on", "stored,unknown,extra")
    assert (code, "stored configs still load" in out) == (0, True), out


def test_bad_schemas_are_told_whatever_the_format(capsys: pytest.CaptureFixture[str]) -> None:
    for output_format in ("text", "markdown", "json", "github"):
        code, *texts = told(capsys, "nope.json", "nope.json", "--output-format", output_format)
        assert code == 1
        assert "no such file" in "".join(texts)


def test_settings_that_are_in_many_places_are_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    for name, most in (("old", 9), ("new", 12)):
        part = {"type": "object", "properties": {"n": {"type": "integer", "maximum": most}}}
        uses = {key: {"$ref": "#/$defs/Part"} for key in "abc"}
        write(f"{name}.json", {"type": "object", "properties": uses, "$defs": {"Part": part}})
    code, out, _ = told(capsys, "old.json", "new.json")
    assert (code, out.count("takes at most 12")) == (0, 1)
    assert "stored configs still load" in out


def test_only_what_can_differ_is_read(folder: Path) -> None:
    reference = {"type": "object", "properties": {"a": {"$ref": "common.json#/$defs/A"}}}
    for side, most in (("old", 1), ("new", 2)):
        write(f"{side}/common.json", {"$defs": {"A": {"maximum": most}}})
        write(f"{side}/using.json", reference)
        write(f"{side}/alone.json", OLD)
    assert unaffected([Path("old")], [Path("new")], []) == ["alone.json"]
    write("new/common.json", {"$defs": {"A": {"maximum": 1}}})
    assert unaffected([Path("old")], [Path("new")], []) is None
    write("new/alone.json", NEW)
    assert unaffected([Path("old")], [Path("new")], []) == ["common.json", "using.json"]
    Path("old/bad.yaml").write_text("a: [", encoding="utf-8")
    Path("new/bad.yaml").write_text("a: [", encoding="utf-8")
    assert unaffected([Path("old")], [Path("new")], []) == ["common.json", "using.json"]
    Path("old/bad.yaml").unlink()
    Path("new/bad.yaml").unlink()
    write("new/other.json", NEW)
    write("new/alone.json", OLD)
    assert unaffected([Path("old")], [Path("new")], []) == ["common.json", "using.json"]


def test_a_schema_that_goes_and_one_that_comes(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("old/a", "old/b", "new/b", "new/c"):
        write(f"{name}.json", OLD)
    code, out, _ = told(capsys, "old", "new")
    assert code == 1
    assert (
        "a: the schema is gone, and its module with it [breaks stored, forms, flags, code]" in out
    )
    assert "c: the schema is new\n" in out
