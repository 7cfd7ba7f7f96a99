"""`brevetti-gen from-class`: a schema for a class or a parser that people wrote by hand."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from brevettiai.adapters import is_adaptable
from brevettiai.json_values import is_module, json_equal
from brevettiai.settings import Settings, SettingsError

from ....compile.judge import judge_of
from ....forms.residual import add_form
from ....load import load_package
from ....model.names import class_name
from ....problems import GenerationError, Problem, refused
from ....read.find import SCHEMA_FILE, module_name
from ...telling.parsers import command_parser
from ..schema_files import add_schema_file, schema_file
from .classes import ClassReader
from .hints import json_of
from .parsers import ParserReader, parser_of
from .target import called, imported
from .texts import Place, texts_of

_DESCRIPTION = """\
Write a JSON Schema for settings that people wrote by hand: a VueSettingsModule, a dataclass, a
TypedDict, a pydantic model, a msgspec struct, or a parser of argparse. The class that is generated
of it takes its place."""
_EPILOG = """\
MODULE:NAME is imported from the working directory, as `python -m MODULE` would import it:

  brevetti-gen from-class jobs.train:TrainSettings -o schemas/train.schema.json
  brevetti-gen from-class train:make_parser -o schemas/train.schema.json

A function is called for the parser that it makes, default factories are called, and a
VueSettingsModule is made once without arguments, to see what its __init__ makes of None. Whatever a
schema cannot say is told."""
_TARGET = re.compile(r"[\w.]+:[\w.]+")


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Raises:
        GenerationError: there is no such class, it says no settings, or the output is in the way.
    """
    parser = command_parser("brevetti-gen from-class", _DESCRIPTION, _EPILOG)
    parser.usage = "%(prog)s [-h] [-o SCHEMA] [--force] MODULE:NAME [COMMAND ...]"
    text = "where the class or parser is, or the function that makes the parser; of a parser with "
    text += "commands, the one that is meant"
    parser.add_argument("words", metavar="MODULE:NAME", nargs="+", help=text)
    add_schema_file(parser)
    options = parser.parse_intermixed_args(list(arguments))
    target: str = options.words[0]
    commands: list[str] = options.words[1:]
    if not _TARGET.fullmatch(target):
        proposal = target.replace("/", ".").replace(".py:", ":").strip(".")
        meant = f"; {proposal} would do" if _TARGET.fullmatch(proposal) else ""
        parser.error(f"give module:Class, such as jobs.train:Settings, not {target!r}{meant}")
    output = schema_file(options)
    found = imported(target)
    if not isinstance(found, (type, argparse.ArgumentParser)) and callable(found):
        found = called(found, target)
    if commands and not isinstance(found, argparse.ArgumentParser):
        parser.error("only parsers of argparse have commands")
    with redirect_stdout(sys.stderr):
        schema, remarks = _schema_of(found, target, commands)
        remarks = [*remarks, *_checked(schema, found, output.path, target)]
    output.write(schema, remarks)
    return 0


def _schema_of(
    found: Any, target: str, commands: Sequence[str]
) -> tuple[dict[str, Any], list[Problem]]:
    """The schema of what was found, and what it does not say.

    Raises:
        GenerationError: it says no settings.
    """
    if isinstance(found, argparse.ArgumentParser):
        words = ParserReader()
        return words.document(parser_of(found, commands)), words.remarks
    if isinstance(found, type) and issubclass(found, Settings):
        hint = "its schema is there already: --force of brevetti-gen overwrites an edited class"
        raise refused("not-settings", "is a class that brevetti-gen made", target, hint)
    if not isinstance(found, type) or not (is_module(found) or is_adaptable(found)):
        kind = "a class without fields" if isinstance(found, type) else f"a {type(found).__name__}"
        message = f"is {kind}, of which no schema can be made"
        hint = "give a VueSettingsModule, dataclass, TypedDict, pydantic model or argparse parser"
        raise refused("not-settings", message, target, hint)
    reader = ClassReader()
    try:
        schema = reader.document(found)
    except Exception as error:  # Of a library, or of what the class says that it is asked.
        said = f"no schema can be made of it: {type(error).__name__}: {error}"
        raise refused("not-settings", said, target) from None
    if hasattr(found, "get_schema"):
        _add_form(schema, found, reader)
    return schema, reader.remarks


def _add_form(schema: dict[str, Any], cls: Any, reader: ClassReader) -> None:
    """Keep the form of a hand-written module."""
    try:
        form = json.loads(json.dumps(cls.get_schema().schema))
        before = json.dumps(schema)
        try:
            add_form(schema, form, judge_of)
        except KeyError:
            schema.clear()
            schema.update(json.loads(before))
            raise
    except Exception as error:
        texts = texts_of(cls)
        message = f"its form is not kept ({type(error).__name__}: {error})"
        reader.remark(Place(cls.__name__, texts.path, texts.line), message)


def _checked(schema: dict[str, Any], found: Any, path: Path | None, target: str) -> list[Problem]:
    """See that a class can be made of a schema; what is to be said of it, and of what differs.

    Raises:
        GenerationError: no class can be made.
    """
    name = path.name if path else f"{target.rpartition(':')[2].rpartition('.')[2]}.schema.json"
    shown = path.as_posix() if path else "the schema"
    wish = getattr(found, "__name__", "") if isinstance(found, type) else ""
    usual = class_name(module_name(SCHEMA_FILE.sub("", name)))
    if wish and wish != usual and not wish.startswith("_"):
        schema["x-python-name"] = wish
    with TemporaryDirectory(prefix="brevetti-") as folder:
        file = Path(folder, name)
        file.write_text(json.dumps(schema), encoding="utf-8")
        try:
            loaded = load_package([file])
        except GenerationError as error:
            raise GenerationError(_renamed(error.problems, shown)) from None
    cls = loaded.classes[0].cls
    if cls is None:
        raise refused(
            "not-settings", "its values are no objects, so it is no settings class", target
        )
    return [*_renamed(loaded.warnings, shown), *_differences(found, cls)]


def _renamed(problems: Sequence[Problem], shown: str) -> list[Problem]:
    return [
        replace(problem, path=shown, line=None, column=None, excerpt=None) for problem in problems
    ]


def _differences(old: Any, new: type[Settings]) -> list[Problem]:
    """What a hand-written module gives otherwise than the class that takes its place."""
    if not (isinstance(old, type) and is_module(old)):
        return []
    texts, said = texts_of(old), list[str]()
    made: Any = old
    try:
        before = json_of(made().get_config())
    except Exception:
        before = None  # It was told that it cannot be made.
    if before is not None:
        try:
            after = new.from_config({}).get_config()
            keys = [key for key in {**before, **after} if not _is_same(before, after, key)]
            said += (
                [f"of nothing, it has another config now (at {', '.join(keys)})"] if keys else []
            )
        except SettingsError as error:
            said.append(f"cannot be made of nothing now: {error.problems[0]}")
    if hasattr(made, "get_schema"):
        form = json.loads(json.dumps(made.get_schema().schema))
        if json.dumps(new.get_schema().schema) != json.dumps(form):
            said.append("its form is another one now")
    return [
        Problem(
            f"{old.__name__}: {text}", texts.path, texts.line, severity="warning", code="class-loss"
        )
        for text in said
    ]


def _is_same(before: dict[str, Any], after: dict[str, Any], key: str) -> bool:
    return key in before and key in after and json_equal(before[key], after[key])
