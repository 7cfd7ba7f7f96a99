"""The state of the git repository that holds a job's code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from brevettiai.platform import Job
from brevettiai.platform.revision import Revision, folder_of

git_alone = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=n", "-c", "user.email=e", "-c", "init.defaultBranch=trunk"]
    command = ["git", "-C", str(folder), *identity, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    (folder / "deep").mkdir(parents=True)
    git(folder, "init")
    (folder / "train.py").write_text("one")
    git(folder, "add", "train.py")
    git(folder, "commit", "-m", "first")
    return folder


@git_alone
def test_the_commit_and_branch_are_told(repository: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    clean = {"commit": commit, "branch": "trunk", "dirty": False}
    assert Revision(str(repository / "deep")).facts(wait=30) == clean
    (repository / "train.py").write_text("another")
    assert Revision(str(repository)).facts(wait=30) == {**clean, "dirty": True}
    git(repository, "pack-refs", "--all")
    git(repository, "checkout", "train.py")
    assert Revision(str(repository)).facts(wait=30) == clean


@git_alone
def test_other_worktrees_detached_and_unborn_heads(repository: Path, tmp_path: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    git(repository, "worktree", "add", "-b", "feature/x", str(tmp_path / "other"))
    found = Revision(str(tmp_path / "other")).facts(wait=30)
    assert found == {"commit": commit, "branch": "feature/x", "dirty": False}
    git(repository, "checkout", "--detach")
    found = Revision(str(repository)).facts(wait=30)
    assert found == {"commit": commit, "branch": None, "dirty": False}
    git(tmp_path, "init", "new")
    found = Revision(str(tmp_path / "new")).facts(wait=30)
    assert found == {"commit": None, "branch": "trunk", "dirty": False}


@pytest.mark.parametrize("head", ["", "ref:", "ref: refs/heads/a\nb", "no commit", "\udcff"])
def test_a_broken_repository_disturbs_nobody(tmp_path: Path, head: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_bytes(head.encode("utf-8", "surrogateescape"))
    assert (Revision(str(tmp_path)).facts(wait=30) or {}).get("commit") is None
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / ".git").write_text("gitdir: nowhere")
    assert Revision(str(tmp_path / "deeper")).facts(wait=30) is None


@git_alone
def test_a_job_tells_the_revision_of_the_file_of_its_class(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "train_of_revision.py").write_text(
        "from brevettiai.platform import Job\nclass Training(Job): ...\n"
    )
    monkeypatch.syspath_prepend(str(repository))
    monkeypatch.chdir(tmp_path)
    module = __import__("train_of_revision")
    assert folder_of(module.Training) == str(repository)
    monkeypatch.setattr(sys.modules["__main__"], "__file__", "/code/of/me.py", raising=False)
    assert folder_of(Job) == os.path.abspath("/code/of")
    monkeypatch.delattr(sys.modules["__main__"], "__file__")
    assert folder_of(Job) == str(tmp_path)  # As in a notebook.
    module.Training.init(job_dir="here", args=[]).start()
    output = json.loads(Path("here", "artifacts", "output.json").read_text("utf-8"))
    commit = git(repository, "rev-parse", "HEAD")
    assert output["environment"]["git"] == {"commit": commit, "branch": "trunk", "dirty": False}
    assert output["environment"]["python"] == sys.version.split()[0]
    assert output["environment"]["host"]
