"""`brevetti-gen migrate`: write stored configs as configs of today."""

from __future__ import annotations

import codecs
import glob
import os
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from brevettiai.cli.files import SettingsFile, SettingsFileError, read_config_file
from brevettiai.cli.output import write_out
from brevettiai.cli.text import TextError
from brevettiai.config.changes import Change, changes_in, problems_of, words_of
from brevettiai.messages.secrets import secrets_of
from brevettiai.messages.words import counted, listed
from brevettiai.settings import Settings

from ....load import load_package
from ....problems import GenerationError, Problem, refused
from ....schema.recognise import VERSION_KEY
from ...telling.differences import Difference
from ...telling.report import add_telling, command_parser, taken_from
from ...telling.whole import write_whole
from ..arguments import add_sources, parsed
from .rewriting import CannotBeRewritten, Rewriting, expected_in

_DESCRIPTION = """\
Write stored configs under the names and values that their schema has today: what x-renamed-from,
x-renamed-values, x-removed and x-version say of older ones. The rest of a file stays as it was
written: comments, order, spaces, unknown keys."""
_EPILOG = """\
CONFIGS are files (*.json, *.yaml, *.yml), patterns such as 'runs/**/*.json', and folders, of which
all such files count. Of a job's output.json it is the settings inside. TOML files are not written:
what to change in them is told. Each file is written whole or stays as it is; where one cannot be
migrated, the others are all the same. Form models are not migrated: they load as they are.
Exit codes: 0 done, 1 a file cannot be migrated, or would change under --check; 2 wrong usage."""
_SUFFIXES = (".json", ".yaml", ".yml", ".toml")


class _Migrated(NamedTuple):
    """A stored file, and what becomes of it.

    Attributes:
        new: its bytes under the names of today; None where it stays.
        words: what was changed.
    """

    path: Path
    old: bytes
    new: bytes | None
    words: tuple[str, ...]


def main(arguments: Sequence[str]) -> int:
    parser = command_parser("brevetti-gen migrate", _DESCRIPTION, _EPILOG)
    parser.add_argument("configs", nargs="+", metavar="CONFIGS", help="stored configs")
    add_sources(parser, "--schema")
    text = "of several schemas the module whose configs these are, such as training"
    parser.add_argument("--module", metavar="NAME", help=text)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if one is old")
    text = "write nothing, and print what would change as a unified diff"
    parser.add_argument("--diff", action="store_true", help=text)
    add_telling(parser)
    options = parsed(parser, arguments)
    telling = taken_from(options)
    configs, module, checks, shows = (
        options.pop(name, None) for name in ("configs", "module", "check", "diff")
    )
    try:
        paths = [*dict.fromkeys(path for name in configs for path in _files(name))]
        cls = _class(options, module)
    except GenerationError as error:
        telling.problems(error.problems, so="nothing was migrated")
        return 1
    problems: list[Problem] = []
    old: list[Problem] = []
    changed = 0
    for path in paths:
        try:
            file = _migrated(path, cls)
            if file.new is not None and not (checks or shows):
                write_whole(Path(os.path.realpath(path)), file.new.decode())
        except GenerationError as error:
            problems += error.problems
            continue
        except RecursionError:
            text = "cannot be migrated: is nested too deeply"
            problems.append(Problem(text, path.as_posix(), code="not-migrated"))
            continue
        if file.new is None:
            continue
        changed += 1
        if checks:
            text = f"is of an older version: {'; '.join(file.words)}"
            hint = "run the same without --check"
            old.append(Problem(text, path.as_posix(), hint=hint, code="older-config"))
        if shows and not telling.has_output:
            _show(file, may_tell=not cls.__brevetti__.hides)
        for text in () if checks or shows else file.words:
            telling.done(f"{path.as_posix()}: {text}")
    telling.problems([*problems, *old], so=None)
    verb = "would change" if checks or shows else "migrated"
    said = f"{counted(len(paths), 'file')}, {changed} {verb}"
    telling.done(said + (f", {len(problems)} cannot be" if problems else ""))
    return int(bool(problems or old))


def _files(name: str) -> Iterator[Path]:
    path = Path(name)
    if os.path.isdir(path):
        inside = (each for each in sorted(path.rglob("*")) if each.suffix.lower() in _SUFFIXES)
        yield from (each for each in inside if os.path.isfile(each))
    elif os.path.exists(path):
        yield path
    elif found := sorted(glob.glob(name, recursive=True)):
        for each in found:
            yield from _files(each)
    else:
        raise refused("not-found", "there is no such file or folder", name)


def _class(options: dict[str, Any], module: str | None) -> type[Settings]:
    """The class whose configs are meant."""
    classes = {
        ".".join(each.source.module): each.cls
        for each in load_package(**options).classes
        if each.cls is not None
    }
    if module is None and len(classes) == 1:
        return next(iter(classes.values()))
    known = f"there are {listed(classes)}" if classes else "no schema has a class"
    if module is None:
        hint = "choose one by --module"
        raise refused("not-found", f"whose configs these are is not told: {known}", hint=hint)
    if module not in classes:
        raise refused("not-found", f"there is no module {module!r}: {known}")
    return classes[module]


def _migrated(path: Path, cls: type[Settings]) -> _Migrated:
    """What becomes of a file.

    Raises:
        GenerationError: it cannot be read or rewritten, or is no config that can be migrated.
    """
    name = path.as_posix()
    try:
        old = path.read_bytes()
        file = read_config_file(name, cls)
    except (OSError, SettingsFileError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise refused("not-read", f"cannot be migrated: {reason}", name) from None
    config, secrets = deepcopy(file.value), secrets_of(cls.__brevetti__)
    changes = changes_in(cls, config)
    if wrong := problems_of(changes, secrets, ""):
        raise GenerationError(
            Problem(
                f"cannot be migrated: {problem}",
                name,
                file.origin.line(problem.path),
                hint="keep one of them" if "old name" in problem.expected else None,
                code="not-migrated",
            )
            for problem in wrong
        )
    if not changes:
        return _Migrated(path, old, None, ())
    changes = [*changes, *_new_version(cls, file.value, config)]
    words = tuple(words_of(changes, secrets)) or ("the version",)
    mark = codecs.BOM_UTF8 if old.startswith(codecs.BOM_UTF8) else b""
    text = _rewritten(file, changes, config, name, words)
    return _Migrated(path, old, mark + text.encode(), words)


def _new_version(cls: type[Settings], old: Any, config: Any) -> list[Change]:
    """The version that a config did not tell so far, if its schema has one."""
    for kind, *row in cls.__brevetti__.growth:
        if kind == "version" and VERSION_KEY not in old:
            config[VERSION_KEY] = row[0]
            return [Change("version", (VERSION_KEY,), row[0])]
    return []


def _rewritten(
    file: SettingsFile, changes: Sequence[Change], config: Any, name: str, words: Sequence[str]
) -> str:
    origin, why = file.origin, "the comments and spaces of TOML would be lost"
    if origin.suffix != ".toml":
        is_yaml = origin.suffix != ".json"
        rewriting = Rewriting(origin.text, is_yaml=is_yaml, inside=origin.inside)
        try:
            expected = expected_in(_whole(origin.text, is_yaml), origin.inside, config)
            rewriting.apply(changes)
            if rewriting.says(expected):
                return rewriting.text
            why = "something else in it would change too"
        except CannotBeRewritten as error:
            why = f"what is said of {error} cannot be told from what is around it"
        except TextError as error:  # which the reader of configs takes
            why = f"it has {error}"
    way = "change it by hand, or store what from_file makes of it by to_file"
    hint = f"{way}: {'; '.join(words)}"
    raise refused("not-migrated", f"is not rewritten: {why}", name, hint)


def _whole(text: str, is_yaml: bool) -> Any:
    from ..lint.edits import parse

    return parse(text, is_yaml)


def _show(file: _Migrated, *, may_tell: bool) -> None:
    """Print what would change, unless secrets may be in it."""
    name = file.path.as_posix()
    lines = [*Difference(name, name, file.old, file.new, obstacle=None).lines()]
    if not may_tell:
        lines = [f"{name}: changes, not shown as the schema marks values as secret"]
    for line in lines:
        write_out(f"{line}\n")
