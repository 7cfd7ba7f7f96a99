"""Command-line arguments that several commands have, and folders that are none for their output."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ...problems import refused
from ...write.options import FORM_RANGES
from ...write.seals import GENERATED_MARK
from ..telling.configuration import completed


def add_output(parser: argparse.ArgumentParser, content: str, dest: str = "output") -> None:
    """The folder that a command fills."""
    text = f"the folder of the {content}; made if it is not there"
    parser.add_argument("-o", "--output", dest=dest, type=not_empty, metavar="FOLDER", help=text)


def add_check(parser: argparse.ArgumentParser) -> None:
    """Whether to tell only what a run would do."""
    text = "write nothing; exit code 1, with a short diff, if a run would change anything"
    parser.add_argument("--check", action="store_true", help=text)


def add_sources(parser: argparse.ArgumentParser, flag: str = "") -> None:
    """The schemas, by a flag if something else is told without one, and what they mean.

    `sources`, and what `add_meaning` adds.
    """
    text = "a schema or form (*.json, *.yaml, *.yml), or a folder of them"
    if flag:
        parser.add_argument(flag, action="append", dest="sources", metavar="SCHEMAS", help=text)
    else:
        parser.add_argument("sources", nargs="*", metavar="SCHEMAS", help=text)
    add_meaning(parser)


def add_meaning(parser: argparse.ArgumentParser) -> None:
    """What schemas mean.

    `exclude`, `maps`, `allow_slow_patterns`, `assert_formats`, `form_ranges`.
    """
    text = "what to leave out of the folders: a name, or a path with *, ? and **; may be repeated"
    parser.add_argument("--exclude", action="append", metavar="PATTERN", help=text)
    parser.add_argument(
        "--map",
        action="append",
        dest="maps",
        type=_mapping,
        metavar="URL=PATH",
        help="where the schema at a URL lies; for a URL that ends in a slash, where all schemas "
        "below it lie. May be given several times",
    )
    text = "take patterns too that can take practically forever on some texts"
    parser.add_argument("--allow-slow-patterns", action=argparse.BooleanOptionalAction, help=text)
    text = "check `format` (dates, addresses, …) instead of taking it for an annotation"
    parser.add_argument("--assert-formats", action=argparse.BooleanOptionalAction, help=text)
    add_form_ranges(parser)


def add_form_ranges(parser: argparse.ArgumentParser) -> None:
    """What the ranges in forms mean: `form_ranges`."""
    parser.add_argument(
        "--form-ranges",
        choices=FORM_RANGES,
        help="whether min and max of a form's fields limit the settings (the default) or only "
        "the form",
    )


def parsed(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> dict[str, Any]:
    """The values given to a command that has `add_meaning`, by the names that functions have.

    What is not given is as `[tool.brevetti-gen]` says.

    Raises:
        GenerationError: that says what is no option.
    """
    values = vars(parser.parse_intermixed_args(list(arguments)))
    maps = values["maps"] and dict(values["maps"])
    given = {"sources": values["sources"] or None} if "sources" in values else {}
    options = completed({**values, **given, "maps": maps})
    required = {"sources": "--schema" if "configs" in values else "SCHEMAS"}
    required |= dict.fromkeys(("output", "forms", "docs"), "-o/--output")
    missing = [required[name] for name in required if name in values and name not in options]
    if missing:
        hint = ""  # for who is new here, not in the folder of the project, or misspelt a command
        if len(missing) > 1:
            hint = " (or their table in pyproject.toml, which brevetti-gen new NAME writes)"
        elif (first := next(iter(values.get("sources") or ()), "")) and not os.path.exists(first):
            hint = f" (there is no {first!r} here; brevetti-gen --help lists all commands)"
        parser.error(f"the following arguments are required: {', '.join(missing)}{hint}")
    return options


def not_empty(text: str) -> str:
    """The name of a file or folder."""
    if not text:
        raise argparse.ArgumentTypeError("the name of a file or folder is missing")
    return text


def _mapping(text: str) -> tuple[str, str]:
    url, _, path = text.partition("=")
    if not url or not path:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form URL=PATH")
    return url, path


def refuse_among_schemas(output: Path, sources: Sequence[str], what: str) -> None:
    """Refuse a folder of schemas, and one of generated classes, for the files of a command.

    Args:
        what: the files in one word, `forms`.

    Raises:
        GenerationError: the folder is one of these.
    """
    place = Path(os.path.realpath(output))
    for source in map(Path, sources):
        if os.path.isdir(source) and place.is_relative_to(source.resolve()):
            hint = f"give another folder: {what} among the schemas would be schemas of the next run"
            raise refused("in-the-way", f"the {what} would lie among the schemas", output, hint)
    with suppress(OSError), open(output / "__init__.py", "rb") as file:
        if GENERATED_MARK.encode() in file.readline():
            hint = f"give the {what} a folder of their own"
            raise refused("in-the-way", "this folder holds generated classes", output, hint)
