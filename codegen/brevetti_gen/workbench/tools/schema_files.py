"""Where commands that make a schema put it: a file, or standard output."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from brevettiai.cli.output import write_out
from brevettiai.cli.writing import Writer
from brevettiai.settings import Settings

from ...load import load_package
from ...problems import GenerationError, Problem, refused
from ..telling.report import Telling
from ..telling.whole import write_whole
from .arguments import not_empty


class SchemaFile(NamedTuple):
    """The place of a schema that is to be made.

    Attributes:
        path: its file; None for standard output.
    """

    path: Path | None

    def class_of(
        self, schema: Mapping[str, Any], name: str
    ) -> tuple[type[Settings] | None, list[Problem]]:
        """The class that a schema becomes, and what is to be said about it.

        Args:
            name: what the schema is for, where it has no file.

        Raises:
            GenerationError: no class can be made of it.
        """
        shown = self.path.as_posix() if self.path else "the schema"
        with TemporaryDirectory(prefix="brevetti-") as folder:
            file = Path(folder, self.path.name if self.path else f"{name}.schema.json")
            file.write_text(json.dumps(schema), encoding="utf-8", newline="\n")
            try:
                loaded = load_package([file])
            except GenerationError as error:
                raise GenerationError(_renamed(error.problems, shown)) from None
        return loaded.classes[0].cls, _renamed(loaded.warnings, shown)

    def write(
        self, schema: Mapping[str, Any], remarks: Iterable[Problem], *, verbose: bool = True
    ) -> None:
        """Tell what is to be said about a schema, and write it, whole or not at all.

        Without `verbose` notes are counted only.

        Raises:
            GenerationError: the file cannot be written.
        """
        text = Writer().json(None, dict(schema))
        telling = Telling(verbose)
        telling.problems(remarks)
        if self.path is None:
            write_out(text)
        else:
            write_whole(self.path, text, makes_folders=True)
            telling.done(f"{self.path.as_posix()}: written")


def _renamed(problems: Iterable[Problem], shown: str) -> list[Problem]:
    """Problems of a file that is gone, told of the one that is to come."""
    gone: dict[str, Any] = {"line": None, "column": None, "excerpt": None}
    return [replace(problem, path=shown, **gone) for problem in problems]


def add_schema_file(parser: argparse.ArgumentParser) -> None:
    """The arguments that `schema_file` takes: `output`, `force`."""
    text = "the schema's file, such as schemas/training.schema.json; without it, the schema is "
    text += "printed"
    parser.add_argument("-o", "--output", metavar="SCHEMA", type=not_empty, help=text)
    parser.add_argument("--force", action="store_true", help="overwrite the schema's file")


def schema_file(options: argparse.Namespace) -> SchemaFile:
    """The place that the options say.

    Raises:
        GenerationError: it is no name of a schema's file, or there is a file and no `--force`.
    """
    if options.output is None:
        return SchemaFile(None)
    path = Path(options.output)
    if path.suffix != ".json":
        hint = "such as schemas/training.schema.json"
        raise refused("in-the-way", "a schema's file must end in .json", path, hint)
    if os.path.isdir(path):
        raise refused("in-the-way", "is a folder", path, "name the schema's file")
    if os.path.lexists(path) and not options.force:
        raise refused("in-the-way", "this file is there already", path, "--force overwrites it")
    return SchemaFile(path)
