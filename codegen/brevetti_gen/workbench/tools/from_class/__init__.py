"""`brevetti-gen from-class`: a schema for a class or a parser that people wrote by hand."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import Any

from brevettiai.adapters import is_adaptable
from brevettiai.json_values import is_module
from brevettiai.settings import Settings

from ....model.names import class_name
from ....problems import Problem, refused
from ....read.find import SCHEMA_FILE, module_name
from ...telling.report import command_parser
from ..schema_files import add_schema_file, schema_file
from .classes import ClassReader
from .modules import differences, keep_form
from .parsers import ParserReader, parser_of
from .target import called, imported

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
        schema, remarks, form = _schema_of(found, target, commands)
        name = target.rpartition(":")[2].rpartition(".")[2]
        _named(schema, found, output.path.name if output.path else f"{name}.json")
        cls, warnings = output.class_of(schema, name)
        if cls is None:
            message = "its values are no objects, so it is no settings class"
            raise refused("not-settings", message, target)
        remarks = [*remarks, *warnings, *differences(found, cls, form)]
    output.write(schema, remarks)
    return 0


def _schema_of(
    found: Any, target: str, commands: Sequence[str]
) -> tuple[dict[str, Any], list[Problem], dict[str, Any] | None]:
    """The schema of what was found, what it does not say, and the form that it keeps.

    Raises:
        GenerationError: it says no settings.
    """
    if isinstance(found, argparse.ArgumentParser):
        words = ParserReader()
        return words.document(parser_of(found, commands)), words.remarks, None
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
    except RecursionError:
        message = "no schema can be made of it: its classes are nested too deeply"
        raise refused("too-large", message, target) from None
    except Exception as error:  # Of a library, or of what the class says that it is asked.
        said = f"no schema can be made of it: {type(error).__name__}: {error}"
        raise refused("not-settings", said, target) from None
    form = keep_form(schema, found, reader) if hasattr(found, "get_schema") else None
    return schema, reader.remarks, form


def _named(schema: dict[str, Any], found: Any, file: str) -> None:
    """Say in a schema how its class is called, where its file does not say it."""
    wish = getattr(found, "__name__", "") if isinstance(found, type) else ""
    usual = class_name(module_name(SCHEMA_FILE.sub("", file)))
    if wish.isidentifier() and wish != usual and not wish.startswith("_"):
        schema["x-python-name"] = wish
