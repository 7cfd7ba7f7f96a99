"""Schemas of a version: on disk, or in a revision of a git repository.

Of a repository only objects are read: no hook, no filter and no network has a part in it, and
neither the work tree nor the index is touched.
"""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ....problems import GenerationError, Problem, refused
from ....read.find import SCHEMA_FILE

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_SECONDS = 60
_QUIET = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
_HINT = "give a file, a folder, or a git revision with a path in it, such as main:schemas/"


class Version(NamedTuple):
    """Where the schemas of a version lie.

    Attributes:
        paths: files and folders, as `generate` takes them.
        folder: what was made for them; None for what is on disk.
        revision: what stands for the folder in names.
    """

    paths: list[Path]
    folder: str | None = None
    revision: str = ""

    def name(self, path: str) -> str:
        """The path of a file as the user would name it: `main:schemas/training.json`."""
        if self.folder is None or not path.startswith(self.folder):
            return path
        return self.revision + path.removeprefix(self.folder)

    def named(self, error: GenerationError) -> GenerationError:
        """The error, with its places as the user would name them."""
        made = self.folder
        if made is None:
            return error
        return GenerationError(
            replace(
                problem,
                path=problem.path and self.name(problem.path),
                message=problem.message.replace(made, self.revision),
            )
            for problem in error.problems
        )


@contextmanager
def version_at(text: str) -> Generator[Version]:
    """What `text` names: a path on disk if there is one, else `REVISION:PATH` of a git repository.

    Raises:
        GenerationError: it is neither; what git says is told.
    """
    revision, colon, path = text.partition(":")
    if os.path.lexists(text) or not colon or not revision or _DRIVE.match(text):
        if not os.path.lexists(text):
            raise refused("not-found", "no such file or folder", text, _HINT)
        yield Version([Path(text)])
        return
    with TemporaryDirectory(prefix="brevetti-") as folder:
        place = _extracted(text, revision, path.rstrip("/"), Path(folder))
        yield Version([place], f"{Path(folder).as_posix()}/", f"{revision}:")


def _extracted(text: str, revision: str, path: str, folder: Path) -> Path:
    """Write the schema files at a path of a revision into a folder; where they lie in it."""
    if revision.startswith("-"):
        raise refused("not-found", "no revision begins with a dash", text, _HINT)
    path = _in_repository(text, path)
    tree = _git(text, "rev-parse", f"{revision}:{path}").decode().strip()
    kind = _git(text, "cat-file", "-t", tree).decode().strip()
    names = path
    if kind == "blob":
        # What lies beside a file is what its references can lead to.
        names = posixpath.dirname(path)
        tree = _git(text, "rev-parse", f"{revision}:{names}").decode().strip()
    elif kind != "tree":
        raise refused("no-schemas", "neither a file nor a folder", text)
    target = folder / names
    target.mkdir(parents=True, exist_ok=True)
    files = dict(_schema_files(text, tree))
    for name, content in _contents(text, files).items():
        place = target / name
        if ".." in place.parts:
            raise refused("leads-outside", f"git has a file called {name}", text)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder / path


def _in_repository(text: str, path: str) -> str:
    """A path of a revision from the top of the repository; `./x` is one from here."""
    if path.startswith(("./", "../")) or path in (".", ".."):
        path = posixpath.join(_git(text, "rev-parse", "--show-prefix").decode().strip(), path)
    path = posixpath.normpath(path)
    return "" if path == "." else path


def _schema_files(text: str, tree: str) -> Iterator[tuple[str, str]]:
    """The schema files in a tree by path, and the object that each is."""
    listing = _git(text, "ls-tree", "-r", "-z", "--full-tree", tree)
    entries: dict[str, tuple[str, str]] = {}
    for line in filter(None, listing.split(b"\0")):
        facts, _, name = line.partition(b"\t")
        mode, _, identity = facts.decode().split()
        entries[os.fsdecode(name)] = (mode, identity)
    for place, (mode, identity) in entries.items():
        is_hidden = any(part.startswith(".") for part in place.split("/"))
        if is_hidden or not SCHEMA_FILE.search(place):
            continue
        if mode == "120000":  # a symbolic link: followed inside the tree, once
            link = os.fsdecode(_git(text, "cat-file", "blob", identity))
            aim = posixpath.normpath(posixpath.join(posixpath.dirname(place), link))
            mode, identity = entries.get(aim, ("", ""))
        if mode.startswith("100"):
            yield place, identity


def _contents(text: str, files: Mapping[str, str]) -> dict[str, bytes]:
    """The bytes of objects by path, read by one process."""
    wanted = "".join(f"{identity}\n" for identity in files.values())
    output = _git(text, "cat-file", "--batch", given=wanted.encode())
    found: dict[str, bytes] = {}
    for name in files:
        head, _, output = output.partition(b"\n")
        if head.endswith(b" missing"):
            raise refused("not-read", f"git has no content of {name}", text)
        size = int(head.split()[-1])
        found[name], output = output[:size], output[size + 1 :]
    return found


def _git(text: str, *words: str, given: bytes = b"") -> bytes:
    """What git prints.

    Raises:
        GenerationError: it is not there, or what it says.
    """
    command = ["git", *words]
    environment = {**os.environ, **_QUIET}
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, env=environment, timeout=_SECONDS
        )
    except FileNotFoundError:
        hint = "install git, or give a file or folder"
        raise refused("not-found", "a revision needs git, which is not there", text, hint) from None
    except subprocess.TimeoutExpired:
        told = f"git did not answer within {_SECONDS} seconds"
        raise refused("not-read", told, text) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip() or f"exit code {done.returncode}"
        first = said.split("\n")[0].removeprefix("fatal: ").rstrip(".")
        raise GenerationError([Problem(f"git: {first}", text, hint=_HINT, code="not-found")])
    return done.stdout
