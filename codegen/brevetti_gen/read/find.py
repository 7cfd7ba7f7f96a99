"""Step *find*: the files and folders given by the user to schema files with module names."""

from __future__ import annotations

import keyword
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from ..problems import Problem, printable

#: What the names of schema files end in.
SCHEMA_FILE = re.compile(r"(?:\.schema|\.form)?\.(json|yaml|yml)$", re.IGNORECASE)
_WINDOWS_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$", re.IGNORECASE)
_NAMES_HINT = "schema files are called *.json, *.yaml or *.yml"


@dataclass(frozen=True)
class Source:
    """A schema file.

    Attributes:
        path: the file, to be opened.
        name: the file as messages call it: as short as the user gave it, with forward slashes.
        module: parts of the module's path in the generated package, all identifiers.
        uri_path: path relative to the given folder (of a single file: its name), with forward
            slashes; relative references between the files resolve against it.
    """

    path: Path
    name: str
    module: tuple[str, ...]
    uri_path: str

    @property
    def is_yaml(self) -> bool:
        """Whether the suffix says YAML, else it is JSON."""
        return self.path.suffix.lower() in (".yaml", ".yml")


def find(
    sources: Sequence[str | Path], exclude: Path | None = None
) -> tuple[list[Source], list[Problem]]:
    """The schema files among files and folders, ordered by their `uri_path`.

    Folders are searched through; hidden entries are skipped, a folder reached through symbolic
    links is searched once. Neither the order of the arguments nor the file system's changes the
    outcome; a file given twice counts once, by its path in the outermost folder given.

    Args:
        sources: files and folders.
        exclude: a folder inside the sources to pass over: the generated package.
    """
    found: list[Source] = []
    problems: list[Problem] = []
    given = sorted({Path(source) for source in sources}, key=lambda path: (len(str(path)), path))
    for path in given:
        sources_here, problems_here = _find_one(path, exclude)
        found += sources_here
        problems += problems_here
    if not given:
        problems.append(Problem("no schema files or folders are given"))
    named: list[Source] = []
    for source in _outermost(found):
        if all(source.module):
            named.append(source)
        else:
            hint = "use letters, digits and underscores"
            problems.append(
                Problem("no module name can be made of this file name", source.name, hint=hint)
            )
    problems.extend(_clashes(named))
    return named, sorted(problems, key=lambda problem: problem.sort_key)


def module_name(text: str) -> str:
    """The name of a file (without suffixes) or folder made a module name that is safe to write.

    An identifier in the form Python itself compares (NFKC): other characters become an
    underscore, or nothing at the ends; keywords, dunder names and the names of Windows' devices
    get a trailing underscore. Empty where nothing is left.
    """
    text = unicodedata.normalize("NFKC", text)
    mapped = "".join(c if f"_{c}".isidentifier() else " " for c in text).strip()
    name = unicodedata.normalize("NFKC", re.sub(" +", "_", mapped))
    if not name:
        return ""
    if not name.isidentifier():
        name = f"_{name}"
    is_dunder = name.startswith("__") and name.endswith("__")
    if keyword.iskeyword(name) or is_dunder or _WINDOWS_DEVICE.match(name):
        name += "_"
    return name


_Found: TypeAlias = tuple[list[Source], list[Problem]]


def _find_one(given: Path, exclude: Path | None) -> _Found:
    name = given.as_posix()
    try:
        mode = os.stat(given).st_mode
    except FileNotFoundError:
        return [], [Problem("no such file or folder", path=name)]
    except (OSError, ValueError) as error:
        return [], [_unreadable(name, error)]
    if stat.S_ISDIR(mode):
        return _search(given, exclude)
    if not stat.S_ISREG(mode):
        return [], [Problem("neither a file nor a folder", path=name)]
    if not SCHEMA_FILE.search(given.name):
        return [], [Problem("not a schema file by its name", path=name, hint=_NAMES_HINT)]
    return [_source(given, Path(given.name))], []


def _search(root: Path, exclude: Path | None) -> _Found:
    """The schema files in a folder and in the folders inside it."""
    found: list[Source] = []
    problems: list[Problem] = []
    passed_over = os.path.realpath(exclude) if exclude is not None else None
    if passed_over == os.path.realpath(root):
        passed_over = None
    seen: set[str] = set()
    folders = [Path()]
    links: list[Path] = []
    # Links to folders come last, so that a folder goes by its own name where it has one here.
    while folders or links:
        relative = folders.pop() if folders else links.pop()
        identity = os.path.realpath(root / relative)
        if identity in seen or identity == passed_over:
            continue
        seen.add(identity)
        try:
            entries = sorted(os.scandir(root / relative), key=lambda entry: entry.name)
        except OSError as error:
            problems.append(_unreadable((root / relative).as_posix(), error))
            continue
        for entry in reversed(entries):
            inner = relative / entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                (links if entry.is_symlink() else folders).append(inner)
            elif entry.is_file() and SCHEMA_FILE.search(entry.name):
                found.append(_source(root / inner, inner))
            elif entry.is_symlink() and SCHEMA_FILE.search(entry.name):
                name = (root / inner).as_posix()
                problems.append(Problem("a symbolic link to nothing", path=name))
    if not found and not problems:
        problems.append(
            Problem("no schema files in this folder", root.as_posix(), hint=_NAMES_HINT)
        )
    return found, problems


def _source(path: Path, relative: Path) -> Source:
    *folders, file = relative.parts
    stem = SCHEMA_FILE.sub("", file)
    module = tuple(module_name(part) for part in (*folders, stem))
    return Source(path, printable(path.as_posix()), module, relative.as_posix())


def _unreadable(name: str, error: OSError | ValueError) -> Problem:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return Problem(f"cannot be read: {reason or error}", path=name)


def _outermost(found: Iterable[Source]) -> list[Source]:
    """One source per file: of several names of it, the one in the outermost folder given."""
    by_path: dict[str, Source] = {}
    by_module: dict[tuple[str, tuple[str, ...]], Source] = {}
    for source in sorted(found, key=lambda s: (-len(s.module), len(s.name), s.name)):
        by_path.setdefault(os.path.abspath(source.path), source)
    for source in by_path.values():
        by_module.setdefault((os.path.realpath(source.path), source.module), source)
    return sorted(by_module.values(), key=lambda s: (s.uri_path, s.name))


def _clashes(sources: Sequence[Source]) -> Iterator[Problem]:
    """Modules that could not live beside each other in one package, on any file system.

    A module beside a package of its name is refused too: Python would never import the module.
    """
    modules: dict[tuple[str, ...], Source] = {}
    packages: dict[tuple[str, ...], Source] = {}
    for source in sources:
        for end in range(1, len(source.module)):
            first = packages.setdefault(_folded(source.module[:end]), source)
            if first.module[:end] != source.module[:end]:
                yield _case_clash(source, first, first.module[:end], source.module[:end])
                break
        first = modules.setdefault(_folded(source.module), source)
        if first is source:
            continue
        if first.module != source.module:
            yield _case_clash(source, first, first.module, source.module)
            continue
        yield Problem(
            f"two schemas for the module {'.'.join(source.module)}: {first.name} and {source.name}",
            path=source.name,
            hint="rename one of them, or generate them into two packages",
        )
    for key, source in modules.items():
        if key in packages:
            inner = packages[key]
            folder = PurePosixPath(*PurePosixPath(inner.name).parts[: len(key) - len(inner.module)])
            yield Problem(
                f"{'.'.join(source.module)} would be both the module of {source.name} "
                f"and the package of {inner.name}",
                path=source.name,
                hint=f"rename the file or the folder {folder}, or move the file into it",
            )


def _case_clash(
    source: Source, first: Source, one: tuple[str, ...], other: tuple[str, ...]
) -> Problem:
    return Problem(
        f"{'.'.join(one)} (of {first.name}) and {'.'.join(other)} (of {source.name}) differ only "
        f"in case: they are one file on macOS and Windows",
        path=source.name,
        hint="rename one of them",
    )


def _folded(module: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFKC", part).casefold() for part in module)
