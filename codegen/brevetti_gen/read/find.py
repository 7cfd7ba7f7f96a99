"""Step *find*: the files and folders given by the user to schema files with module names."""

from __future__ import annotations

import keyword
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeAlias
from urllib.parse import quote

from ..problems import Problem, failed, printable

#: The folder of a package that holds the machine halves of its modules.
MACHINE = "_brevetti"

#: What the names of schema files end in.
SCHEMA_FILE = re.compile(r"(?:\.schema|\.form)?\.(json|yaml|yml)$", re.IGNORECASE)
_WINDOWS_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$", re.IGNORECASE)
_NAMES_HINT = "schema files are called *.json, *.yaml or *.yml"

PathLike = str | Path
#: The steps of a module's name below the package; they tell modules apart.
ModulePath: TypeAlias = tuple[str, ...]


class Source(NamedTuple):
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
    module: ModulePath
    uri_path: str

    @classmethod
    def alone(cls, path: Path) -> Source:
        """A file that belongs to no given folder, and becomes no module."""
        name = path.as_posix()
        return cls(path, name, (name,), name)

    @property
    def is_yaml(self) -> bool:
        """Whether the suffix says YAML, else it is JSON."""
        return self.path.suffix.lower() in (".yaml", ".yml")

    @property
    def uri(self) -> str:
        """Where it is retrieved from."""
        return self.path.resolve().as_uri()

    @property
    def place(self) -> str:
        """The path in the tree that all given folders make up together, as a URI has it."""
        return quote("/" + self.uri_path, errors="surrogateescape")

    @property
    def is_foreign(self) -> bool:
        """Whether a symbolic link leads to it, out of the given folder: nothing of it is quoted."""
        top = self.path.parents[self.uri_path.count("/")]
        return not Path(os.path.realpath(self.path)).is_relative_to(os.path.realpath(top))


def find(
    sources: Sequence[str | Path], exclude: Path | None = None, patterns: Iterable[str] = ()
) -> tuple[list[Source], list[Problem]]:
    """The schema files among files and folders, ordered by their `uri_path`.

    Folders are searched through; hidden entries are skipped, a folder reached through symbolic
    links is searched once. Neither the order of the arguments nor the file system's changes the
    outcome; a file given twice counts once, by its path in the outermost folder given.

    Args:
        sources: files and folders.
        exclude: a folder inside the sources to pass over: the generated package.
        patterns: of files and folders inside given folders to leave out, as `_pattern_of` has it.
    """
    left_out = [_pattern_of(pattern) for pattern in patterns]
    given = sorted({Path(source) for source in sources}, key=lambda path: (len(str(path)), path))
    entries = [entry for path in given for entry in _find_one(path, exclude, left_out)]
    found = [entry for entry in entries if isinstance(entry, Source)]
    problems = [entry for entry in entries if isinstance(entry, Problem)]
    if not given:
        problems.append(Problem("no schema files or folders are given", code="no-schemas"))
    outermost = _outermost(found)
    named = [source for source in outermost if all(source.module)]
    problems += module_problems(outermost)
    return named, sorted(problems, key=lambda problem: problem.sort_key)


def folders_of_files(sources: Iterable[str | Path]) -> list[Path]:
    """The folders of those of `sources` that are files: references lead to what lies below."""
    return sorted({Path(source).parent for source in sources if not os.path.isdir(source)})


def below(path: Path, folders: Iterable[Path]) -> Source | None:
    """The schema file at `path` as a source, if it really lies in one of `folders` or below it.

    It goes by its place in the outermost of them.
    """
    with suppress(OSError, ValueError, RuntimeError):  # a NUL, a circle of links: no such file
        place = path.resolve()
        around = {folder.resolve(): folder for folder in folders}
        tops = [top for top in around if place.is_relative_to(top)]
        if tops and os.path.isfile(place) and SCHEMA_FILE.search(place.name):
            top = min(tops, key=lambda top: len(top.parts))
            relative = place.relative_to(top)
            return _source(around[top] / relative, relative)
    return None


def module_name(text: str) -> str:
    """The name of a file (without suffixes) or folder made a module name that is safe to write.

    An identifier in the form Python itself compares (NFKC): other characters become an
    underscore, or nothing at the ends; keywords, dunder names, the names of Windows' devices
    and that of the machine's folder get a trailing underscore. Empty where nothing is left.
    """
    text = unicodedata.normalize("NFKC", text)
    mapped = "".join(c if f"_{c}".isidentifier() else " " for c in text).strip()
    name = unicodedata.normalize("NFKC", re.sub(" +", "_", mapped))
    if not name:
        return ""
    if not name.isidentifier():
        name = f"_{name}"
    is_dunder = name.startswith("__") and name.endswith("__")
    is_ours = name.casefold() == MACHINE
    if keyword.iskeyword(name) or is_dunder or is_ours or _WINDOWS_DEVICE.match(name):
        name += "_"
    return name


def _pattern_of(text: str) -> re.Pattern[str]:
    """What matches paths in a given folder that a pattern leaves out, and all below them.

    `*` and `?` stand for anything but a slash, `**` for anything. Without a slash inside, the
    pattern is a name at any depth.

    >>> data, inside = _pattern_of("data"), _pattern_of("a/*.json")
    >>> [bool(data.fullmatch(path)) for path in ("data", "a/data/b.json", "data.json")]
    [True, True, False]
    >>> [bool(inside.fullmatch(path)) for path in ("a/b.json", "a/b/c.json")]
    [True, False]
    """
    path = text.removeprefix("./").rstrip("/")
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", path.lstrip("/"))
    inside = "".join(signs.get(part) or re.escape(part) for part in parts)
    return re.compile(f"{'' if '/' in path else '(?:.*/)?'}{inside}(?:/.*)?", re.DOTALL)


def _find_one(
    given: Path, exclude: Path | None, left_out: Sequence[re.Pattern[str]]
) -> Iterator[Source | Problem]:
    name = given.as_posix()
    try:
        mode = os.stat(given).st_mode
    except FileNotFoundError:
        yield Problem("no such file or folder", name, code="not-found")
    except (OSError, ValueError) as error:
        yield failed("read", name, error)
    else:
        if stat.S_ISDIR(mode):
            hint = f"{_NAMES_HINT}; what --exclude names is left out" if left_out else _NAMES_HINT
            text = "no schema files in this folder"
            nothing = Problem(text, name, hint=hint, code="no-schemas")
            yield from list(_search(given, exclude, left_out)) or [nothing]
        elif not stat.S_ISREG(mode):
            yield Problem("neither a file nor a folder", name, code="no-schemas")
        elif not SCHEMA_FILE.search(given.name):
            text = "not a schema file by its name"
            yield Problem(text, name, hint=_NAMES_HINT, code="no-schemas")
        else:
            yield _source(given, Path(given.name))


def _search(
    root: Path, exclude: Path | None, left_out: Sequence[re.Pattern[str]]
) -> Iterator[Source | Problem]:
    excluded = {os.path.realpath(exclude)} if exclude is not None else set[str]()
    seen = excluded - {os.path.realpath(root)}
    folders = [Path()]
    links: list[Path] = []
    # Links to folders come last, so that a folder goes by its own name where it has one here.
    while folders or links:
        relative = folders.pop() if folders else links.pop()
        identity = os.path.realpath(root / relative)
        if identity in seen:
            continue
        seen.add(identity)
        try:
            entries = sorted(os.scandir(root / relative), key=lambda entry: entry.name)
        except OSError as error:
            yield failed("read", (root / relative).as_posix(), error)
            continue
        for entry in reversed(entries):
            inner = relative / entry.name
            if entry.name.startswith("."):
                continue
            if any(pattern.fullmatch(inner.as_posix()) for pattern in left_out):
                continue
            if os.path.isdir(entry):
                (links if entry.is_symlink() else folders).append(inner)
            elif os.path.isfile(entry) and SCHEMA_FILE.search(entry.name):
                yield _source(root / inner, inner)
            elif entry.is_symlink() and SCHEMA_FILE.search(entry.name):
                name = (root / inner).as_posix()
                yield Problem("a symbolic link to nothing", name, code="not-found")


def _source(path: Path, relative: Path) -> Source:
    *folders, file = relative.parts
    stem = SCHEMA_FILE.sub("", file)
    module = tuple(module_name(part) for part in (*folders, stem))
    return Source(path, printable(path.as_posix()), module, relative.as_posix())


def _outermost(found: Iterable[Source]) -> list[Source]:
    """One source per file: of several names of it, the one in the outermost folder given."""
    by_path: dict[str, Source] = {}
    by_module: dict[tuple[str, ModulePath], Source] = {}
    for source in sorted(found, key=lambda s: (-len(s.module), len(s.name), s.name)):
        by_path.setdefault(os.path.abspath(source.path), source)
    for source in by_path.values():
        by_module.setdefault((os.path.realpath(source.path), source.module), source)
    return sorted(by_module.values(), key=lambda s: (s.uri_path, s.name))


def module_problems(sources: Iterable[Source]) -> Iterator[Problem]:
    """Why modules of `sources` cannot be called as they would be."""
    sources = list(sources)
    message = "no module name can be made of this file name"
    hint = "use letters, digits and underscores"
    for source in sources:
        if not all(source.module):
            yield Problem(message, source.name, hint=hint, code="module-name")
    yield from _clashes([source for source in sources if all(source.module)])


def _clashes(sources: Sequence[Source]) -> Iterator[Problem]:
    """Modules that could not live beside each other in one package, on any file system.

    A module beside a package of its name is refused too: Python would never import the module.
    """
    modules: dict[ModulePath, Source] = {}
    packages: dict[ModulePath, Source] = {}
    for source in sources:
        folded = tuple(part.casefold() for part in source.module)
        for end in range(1, len(source.module) + 1):
            is_module = end == len(source.module)
            table = modules if is_module else packages
            first = table.setdefault(folded[:end], source)
            one, other = ".".join(first.module[:end]), ".".join(source.module[:end])
            if one != other:
                names = f"{one} (of {first.name}) and {other} (of {source.name})"
                text = f"{names} differ only in case: they are one file on macOS and Windows"
                hint = "rename one of them"
                yield Problem(text, source.name, hint=hint, code="module-name")
                break
            if is_module and first is not source:
                text = f"two schemas for the module {one}: {first.name} and {source.name}"
                hint = "rename one of them, or generate them into two packages"
                yield Problem(text, source.name, hint=hint, code="module-name")
    for key, source in modules.items():
        if key in packages:
            inner = packages[key]
            folder = PurePosixPath(*PurePosixPath(inner.name).parts[: len(key) - len(inner.module)])
            both = f"both the module of {source.name} and the package of {inner.name}"
            hint = f"rename the file or the folder {folder}, or move the file into it"
            text = f"{'.'.join(source.module)} would be {both}"
            yield Problem(text, source.name, hint=hint, code="module-name")
