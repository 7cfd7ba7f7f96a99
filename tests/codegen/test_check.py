"""`--check` and `--diff` say what a run would change, and write nothing."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from brevetti_gen.cli.main import main
from brevetti_gen.read.find import MACHINE
from told_problems import without_sources

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with one schema."""
    monkeypatch.chdir(tmp_path)
    schema("training", epochs=10)
    return tmp_path


def schema(name: str, **limits: int) -> None:
    """Write a schema of integers with these limits."""
    properties = {key: {"type": "integer", "maximum": limit} for key, limit in limits.items()}
    path = Path("schemas", f"{name}.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"type": "object", "properties": properties}), encoding="utf-8")


def tree() -> dict[str, tuple[bytes, int]]:
    """All that lies in the working directory, with its times."""
    files = (path for path in Path().rglob("*") if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def told(capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, list[str], list[str]]:
    """Exit code and lines of a run that must not write."""
    before = tree()
    code = main(["schemas", "-o", "settings", *flags])
    assert tree() == before
    captured = capsys.readouterr()
    return code, captured.out.splitlines(), without_sources(captured.err.splitlines())


def run() -> None:
    generate(["schemas"], "settings")


MEND = "    run brevetti-gen, and commit what it does"


def test_what_is_up_to_date_passes(capsys: pytest.CaptureFixture[str]) -> None:
    run()
    assert told(capsys, "--check") == (0, ["settings: 1 module, up to date"], [])
    assert told(capsys, "--diff") == (0, [], [])
    # As where the folder comes from version control.
    shutil.rmtree("settings/.brevetti_cache")
    assert told(capsys, "--check") == (0, ["settings: 1 module, up to date"], [])


def test_a_changed_schema_fails_with_the_lines_that_tell(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run()
    schema("training", epochs=20)
    code, out, err = told(capsys, "--check")
    assert code == 1
    assert out == [
        "settings/training.py:",
        '  -    """At most 10."""',
        '  +    """At most 20."""',
        "settings: 1 module, 5 files would change",
    ]
    text = Path("settings/training.py").read_text(encoding="utf-8").splitlines()
    line = text.index('    """At most 10."""') + 1
    assert err == [
        f"settings/training.py:{line}: error: is not what the schemas give",
        MEND,
        "1 error, nothing was generated",
    ]


def test_a_long_difference_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"part_{number}" for number in range(9)]
    for limit in (10, 20):
        for name in names:
            schema(name, **{f"a{place}": limit for place in range(9)})
        if limit == 10:
            run()
    out = told(capsys, "--check")[1]
    assert sum(line.startswith("  ") for line in out) == 40
    assert out[-2] == f"{9 * 18 - 40} more changed lines, which --diff shows"


def test_a_short_difference_shows_no_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    secret = {"type": "string", "writeOnly": True, "default": "hunter2"}
    path = Path("schemas/training.json")
    path.write_text(json.dumps({"type": "object", "properties": {"token": secret}}))
    run()
    path.write_text(path.read_text().replace("hunter2", "hunter3"))
    code, out, err = told(capsys, "--check")
    assert code == 1
    assert out[0] == (
        "settings/training.py: 2 changed lines, not shown as schemas mark values as secret"
    )
    assert "hunter" not in "".join([*out, *err])


def test_a_diff_can_be_applied(capsys: pytest.CaptureFixture[str]) -> None:
    if shutil.which("patch") is None:
        pytest.skip("needs patch")
    run()
    schema("training", epochs=20)
    schema("other", size=3)
    code, out, err = told(capsys, "--diff")
    assert (code, err) == (0, [])
    texts = "".join(f"{line}\n" for line in out)
    subprocess.run(["patch", "-p0"], input=texts, text=True, check=True, stdout=subprocess.DEVNULL)
    files = {path: content for path, (content, _) in tree().items() if "_cache" not in path}
    run()
    assert {path: content for path, (content, _) in tree().items() if "_cache" not in path} == files


def test_check_and_diff_together(capsys: pytest.CaptureFixture[str]) -> None:
    run()
    schema("training", epochs=20)
    code, out, err = told(capsys, "--check", "--diff")
    assert code == 1
    assert out[:2] == ["--- settings/training.py", "+++ settings/training.py"]
    assert err[-1] == "1 error, nothing was generated"


def test_without_a_package_everything_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "--check")
    assert (code, out) == (1, ["settings: 1 module, 9 files would change"])
    assert err[0] == "settings/__init__.py: error: is missing: the schemas give it"
    assert not Path("settings").exists()
    Path("settings").write_text("")
    assert told(capsys, "--check")[2][0] == "settings: error: the output is not a folder"


def test_edited_left_over_and_foreign_files_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    schema("old", a=1)
    schema("older", a=1)
    run()
    Path("schemas/old.json").unlink()
    Path("schemas/older.json").unlink()
    schema("mine", a=1)
    Path("settings/mine.py").write_text("MINE = 1\n")
    for name in ("training", "older"):
        with Path(f"settings/{name}.py").open("a") as file:
            file.write("# edited\n")
    code, out, err = told(capsys, "--check")
    assert code == 1
    assert "  -# edited" in out
    assert "MINE" not in "".join(out)
    errors = [line for line in err if ": error: " in line]
    assert errors[1:] == [
        "settings/mine.py: error: this file is in the way, brevetti-gen did not write it",
        "settings/old.py: error: is left over: no schema gives it any more",
        "settings/older.py: error: this generated file has no schema any more, but someone "
        "edited it",
        "settings/training.py: error: someone edited this generated file",
    ]
    # What stands in the way of a run is an error of `--diff` too.
    code, out, err = told(capsys, "--diff")
    assert code == 1
    assert err[-1] == "3 errors, nothing was generated"
    # An edit that `--force` would take away is a difference.
    Path("settings/mine.py").unlink()
    assert told(capsys, "--diff", "--force")[0] == 0
    assert told(capsys, "--check", "--force")[0] == 1


def test_files_for_the_machine_alone_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    run()
    Path("settings", MACHINE, "ruff.toml").unlink()
    code, _, err = told(capsys, "--check")
    assert code == 1
    assert err[0] == f"settings/{MACHINE}/ruff.toml: error: is missing: the schemas give it"


def test_line_ends_of_version_control_are_no_difference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run()
    module = Path("settings/training.py")
    module.write_bytes(module.read_bytes().replace(b"\n", b"\r\n"))
    assert told(capsys, "--check")[0] == 0


def test_options_count_and_strict_does(capsys: pytest.CaptureFixture[str]) -> None:
    run()
    code, out, _ = told(capsys, "--check", "--assert-formats")
    assert code == 1
    assert "settings: options: --assert-formats was off, is on" in out
    Path("schemas/training.json").write_text('{"type": "object", "tilte": "x"}')
    run()
    assert told(capsys, "--check")[0] == 0
    assert told(capsys, "--check", "--strict")[0] == 1


def test_the_function_reports_differences() -> None:
    run()
    schema("training", epochs=20)
    report: Any = generate(["schemas"], "settings", check=True)
    assert {each.path for each in report.differences} == set(report.written)
    assert generate(["schemas"], "settings").differences == ()
    assert generate(["schemas"], "settings", check=True).differences == ()


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="needs modes")
def test_a_folder_that_cannot_be_written_can_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    run()
    Path("settings").chmod(0o500)
    try:
        assert told(capsys, "--check")[0] == 0
    finally:
        Path("settings").chmod(0o700)


def test_a_folder_that_cannot_be_written_is_out_of_date_all_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    schema("training", epochs=20)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "is not what the schemas give" in told(capsys, "--check")[2][0]


def test_hooks_of_pre_commit_check_and_generate(capsys: pytest.CaptureFixture[str]) -> None:
    from brevettiai.cli.yaml_text import parse_yaml

    hooks: Any = parse_yaml((TOP / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    entries = {hook["id"]: shlex.split(hook["entry"]) for hook in hooks}
    words = ["schemas", "-o", "settings"]
    assert main([*entries["brevetti-gen-check"][1:], *words]) == 1
    assert main([*entries["brevetti-gen"][1:], *words]) == 0
    assert main([*entries["brevetti-gen-check"][1:], *words]) == 0
    assert all(not hook["pass_filenames"] for hook in hooks)
    assert {entry[0] for entry in entries.values()} == {"brevetti-gen"}
