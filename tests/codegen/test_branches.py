"""Two branches that generate, and are merged: with git itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import Report, generate
from brevetti_gen.workbench.incremental.notes import CACHE
from generated_code import files_of

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

Change = Callable[[], None]


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repository of two schemas and their package."""
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("GIT_CONFIG_GLOBAL", os.devnull),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "a"),
        ("GIT_AUTHOR_EMAIL", "a@example.org"),
        ("GIT_COMMITTER_NAME", "a"),
        ("GIT_COMMITTER_EMAIL", "a@example.org"),
    ):
        monkeypatch.setenv(name, value)
    git("init", "--quiet")
    put("a", first="integer", last="integer")
    put("b", first="integer")
    commit()


def git(*words: str) -> str:
    run = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    assert run.returncode == 0 or words[0] == "merge", run.stderr
    return run.stdout


def put(name: str, **types: str) -> None:
    Path("schemas").mkdir(exist_ok=True)
    between = {f"between_{number}": {"type": "string"} for number in range(5)}
    first, *rest = [(key, {"type": value}) for key, value in types.items()]
    value = {"type": "object", "properties": dict([first, *between.items(), *rest])}
    Path("schemas", f"{name}.json").write_text(json.dumps(value, indent=1))


def commit(**options: Any) -> Report:
    report = generate(["schemas"], "settings", **options)
    git("add", "--all")
    git("commit", "--quiet", "--message", "x")
    return report


def merged(ours: Change, theirs: Change) -> list[str]:
    """Merge a branch with their changes into one with ours, and give the files in conflict."""
    git("checkout", "--quiet", "-b", "theirs")
    theirs()
    git("checkout", "--quiet", "-")
    git("checkout", "--quiet", "-b", "ours")
    ours()
    git("merge", "--quiet", "--no-edit", "theirs")
    return git("diff", "--name-only", "--diff-filter=U").split()


def from_scratch() -> dict[str, bytes]:
    """The package of these schemas where there was none."""
    generate(["schemas"], "new")
    files = content("new")
    shutil.rmtree("new")
    return files


def content(folder: str) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in Path(folder).rglob("*")
        if path.is_file() and CACHE not in path.parts
    }


def test_git_sees_no_cache() -> None:
    assert Path("settings", CACHE).is_dir()
    assert git("status", "--porcelain", "--untracked-files=all") == ""
    assert not [path for path in git("ls-files").split() if CACHE in path]


def test_changes_of_different_schemas_do_not_conflict() -> None:
    def ours() -> None:
        put("a", first="number")
        commit()

    def theirs() -> None:
        put("b", first="string")
        commit()

    assert merged(ours, theirs) == []
    report = generate(["schemas"], "settings")
    assert report.written == report.removed == ()
    assert content("settings") == from_scratch()


def in_settings(*files: str) -> list[str]:
    return [f"settings/{file}" for file in files]


def test_changes_of_one_schema_conflict_in_its_files_and_the_next_run_heals_them() -> None:
    def ours() -> None:
        put("a", first="number", last="integer")
        commit()

    def theirs() -> None:
        put("a", first="integer", last="number")
        put("b", first="string")
        commit()

    assert merged(ours, theirs) == in_settings(*files_of("a"))
    generate(["schemas"], "settings")
    assert content("settings") == from_scratch()


def test_new_modules_of_both_branches_conflict_in_the_package_only() -> None:
    def ours() -> None:
        put("c", first="number")
        commit()

    def theirs() -> None:
        put("d", first="string")
        commit()

    assert merged(ours, theirs) == ["settings/__init__.py"]
    assert generate(["schemas"], "settings").written == ("__init__.py",)
    assert content("settings") == from_scratch()


def test_a_schema_that_one_branch_removes_and_the_other_changes() -> None:
    def ours() -> None:
        Path("schemas/b.json").unlink()
        commit()

    def theirs() -> None:
        put("b", first="string")
        commit()

    assert sorted(merged(ours, theirs)) == ["schemas/b.json", *in_settings(*files_of("b"))]
    Path("schemas/b.json").unlink()
    assert generate(["schemas"], "settings").removed == files_of("b")
    assert content("settings") == from_scratch()


def test_a_schema_that_one_branch_renames_and_the_other_changes() -> None:
    def ours() -> None:
        Path("schemas/b.json").rename("schemas/c.json")
        commit()

    def theirs() -> None:
        put("b", first="string")
        commit()

    assert set(merged(ours, theirs)) <= {*in_settings("__init__.py", *files_of("b", "c"))}
    assert not Path("schemas/b.json").exists()
    generate(["schemas"], "settings")
    assert content("settings") == from_scratch()


def test_a_module_that_a_branch_made_before_the_other_changed_the_options() -> None:
    def ours() -> None:
        commit(style="dataclass")

    def theirs() -> None:
        put("c", first="string")
        commit()

    assert merged(ours, theirs) == ["settings/__init__.py"]
    report = generate(["schemas"], "settings")
    assert report.written == ("__init__.py", "c.py")
    assert report.notices == ()
    shutil.copytree("settings", "kept")
    assert generate(["schemas"], "kept", force=True).written == ()
    assert "--style dataclass" in Path("settings/c.py").read_text()
