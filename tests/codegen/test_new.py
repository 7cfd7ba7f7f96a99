"""`brevetti-gen new`: a project that runs at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from brevetti_gen.cli import main as cli

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*words: str, folder: str = ".") -> subprocess.CompletedProcess[str]:
    """Run a module or a file in a process of its own."""
    path = os.pathsep.join(str(ROOT / source) for source in ("codegen", "runtime"))
    environment = {**os.environ, "PYTHONPATH": path, "PYTEST_ADDOPTS": "-p no:cacheprovider"}
    command = [sys.executable, *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


def written() -> set[str]:
    return {path.as_posix() for path in Path().rglob("*") if path.is_file()}


def test_a_new_project_runs_at_once() -> None:
    begun = run("-m", "brevetti_gen", "new", "training", "project")
    assert begun.returncode == 0, begun.stderr
    assert begun.stdout.splitlines()[-1] == "next: cd project; brevetti-gen && python job.py --help"
    generated = run("-m", "brevetti_gen", folder="project")
    assert (generated.returncode, generated.stderr) == (0, "")
    shown = run("job.py", "--help", folder="project")
    assert shown.returncode == 0, shown.stderr
    assert "--augmentation.angle" in shown.stdout
    tested = run("-m", "pytest", "-q", folder="project")
    assert tested.returncode == 0, tested.stdout
    assert "3 passed" in tested.stdout
    linted = run("-m", "ruff", "check", "--isolated", ".", folder="project")
    assert linted.returncode == 0, linted.stdout
    laid_out = ["format", "--check", "--isolated", "--line-length", "100", "."]
    assert run("-m", "ruff", *laid_out, folder="project").returncode == 0


def test_nothing_is_overwritten_and_all_in_the_way_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("job.py", "test_job.py"):
        Path(name).write_text("mine", encoding="utf-8")
    Path("schemas").write_text("a file", encoding="utf-8")
    assert cli.main(["new", "training"]) == 1
    told = capsys.readouterr().err
    assert [line for line in told.splitlines() if "error:" in line] == [
        "job.py: error: this file is there already [in-the-way]",
        "schemas: error: is no folder, and one is needed here [in-the-way]",
        "test_job.py: error: this file is there already [in-the-way]",
    ]
    assert written() == {"job.py", "test_job.py", "schemas"}


def test_a_project_file_that_is_there_stays_and_the_lines_are_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("pyproject.toml").write_text("[project]\nname = 'mine'\n", encoding="utf-8")
    assert cli.main(["new", "training"]) == 0
    assert Path("pyproject.toml").read_text(encoding="utf-8") == "[project]\nname = 'mine'\n"
    printed = capsys.readouterr().out
    lines = printed[printed.index("pyproject.toml:") :].splitlines()
    assert lines[:5] == [
        "pyproject.toml: is left as it is; add these lines to it:",
        "",
        "    [tool.brevetti-gen]",
        '    schemas = ["schemas"]',
        '    output = "settings"',
    ]
    # They are what a run needs.
    with open("pyproject.toml", "a", encoding="utf-8") as file:
        file.write("\n".join(line.strip() for line in lines[2:5]))
    assert cli.main([]) == 0


def test_options_that_are_there_are_not_proposed_again(capsys: pytest.CaptureFixture[str]) -> None:
    text = '[tool.brevetti-gen]\nschemas = ["schemas"]\noutput = "settings"\n'
    Path("pyproject.toml").write_text(text, encoding="utf-8")
    assert cli.main(["new", "training"]) == 0
    printed = capsys.readouterr().out
    assert "has [tool.brevetti-gen] already" in printed
    assert 'schemas = ["' not in printed


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        ("my-job", "; my_job would do"),
        ("class", "; class_ would do"),
        ("../up", "; up would do"),
        ("1st", "not '1st'\n"),
        ("", "not ''\n"),
        ("_hidden", "; hidden would do"),
        ("job", "Job is the job's"),
    ],
)
def test_names_must_be_names_of_modules(
    name: str, proposal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["new", name])
    assert proposal in capsys.readouterr().err
    assert written() == set()


@pytest.mark.parametrize("name", ["settings", "größe", "Any"])
def test_any_name_of_a_module_will_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli.main(["new", name, "inner/project"]) == 0
    title = json.loads(Path(f"inner/project/schemas/{name}.schema.json").read_text("utf-8"))[
        "title"
    ]
    assert title == name.replace("_", " ").capitalize()
    monkeypatch.chdir("inner/project")
    assert cli.main([]) == 0
    shown = run("job.py", "--show-settings=json")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["epochs"] == 10


def test_a_file_is_no_folder_to_begin_in(capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").write_text("", encoding="utf-8")
    assert cli.main(["new", "training", "file"]) == 1
    assert "file: error: is no folder [in-the-way]" in capsys.readouterr().err
