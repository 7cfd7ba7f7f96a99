"""Which revision of the code a job runs: the state of the git repository that holds it."""

from __future__ import annotations

import os
import re
import sys
import threading

_PATIENCE = 10.0
"""Seconds that git has to compare the files with the commit."""
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Revision:
    """The commit and branch of a folder, and whether tracked files differ from that commit.

    The first two are read from the repository's own files; git says the third, if it is installed,
    in the background: it is None until then. Without a repository all are None.
    """

    def __init__(self, folder: str) -> None:
        self.commit: str | None = None
        self.branch: str | None = None
        self.dirty: bool | None = None
        top = _top_of(folder)
        if top is None:
            return
        try:
            self.commit, self.branch = _read_head(_git_folder(top))
        except (OSError, ValueError):
            return
        # Here, as a process that is forked while a thread imports it could never do so.
        __import__("subprocess")

        self._thread = threading.Thread(target=self._compare, args=(top,), daemon=True)
        self._thread.start()

    def facts(self, wait: float = 0.0) -> dict[str, object] | None:
        """What is known, as `output.json` has it; None where there is no repository.

        Args:
            wait: seconds to wait for what git says.
        """
        if self.commit is None and self.branch is None:
            return None
        if wait:
            self._thread.join(wait)
        return {"commit": self.commit, "branch": self.branch, "dirty": self.dirty}

    def _compare(self, top: str) -> None:
        import subprocess

        # Takes no lock and starts no daemon, as somebody may work there.
        command = ["git", "-c", "core.fsmonitor=false", "--no-optional-locks", "-C", top]
        command += ["status", "--porcelain", "--untracked-files=no", "--ignore-submodules"]
        variables = {name: os.environ[name] for name in os.environ if name[:4] != "GIT_"}
        try:
            done = subprocess.run(
                command,
                env=variables,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            return
        self.dirty = bool(done.stdout)


def folder_of(cls: type) -> str:
    """The folder with the code of a job class, or of the program where it is none of its own."""
    is_ours = cls.__module__.partition(".")[0] == __name__.partition(".")[0]
    module = "__main__" if is_ours else cls.__module__
    file = getattr(sys.modules.get(module), "__file__", None)
    return os.path.dirname(os.path.abspath(file)) if file else os.getcwd()


def _top_of(folder: str) -> str | None:
    """The nearest folder above with a repository."""
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def _git_folder(top: str) -> str:
    """Where a repository keeps its HEAD; of other worktrees and submodules a file says it."""
    path = os.path.join(top, ".git")
    if os.path.isdir(path):
        return path
    said = _read(path).removeprefix("gitdir:").strip()
    return os.path.join(top, said)


def _read_head(folder: str) -> tuple[str | None, str | None]:
    """The commit and the branch; None for a branch without commits, and for no branch."""
    head = _read(os.path.join(folder, "HEAD"))
    if not head.startswith("ref:"):
        return _checked(head), None
    name = head.removeprefix("ref:").strip()
    branch = name.removeprefix("refs/heads/")
    common = os.path.join(folder, "commondir")
    folders = [folder]
    if os.path.isfile(common):
        folders.append(os.path.join(folder, _read(common)))
    for each in folders:
        if os.path.isfile(os.path.join(each, name)):
            return _checked(_read(os.path.join(each, name))), branch
    packed = os.path.join(folders[-1], "packed-refs")
    if os.path.isfile(packed):
        for line in _read(packed).splitlines():
            if line.endswith(f" {name}"):
                return _checked(line.partition(" ")[0]), branch
    return None, branch


def _checked(commit: str) -> str:
    if not _COMMIT.fullmatch(commit):
        raise ValueError("no commit")
    return commit


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read().strip()
