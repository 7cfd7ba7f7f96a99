"""The parsers of the commands, and the words that say how problems are told."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from brevettiai.cli.output import write_out

from ...problems import printable
from .report import FORMATS, Telling


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(printable(message))

    def _print_message(self, message: str, file: Any = None) -> None:
        write_out(message, file)


def command_parser(name: str, description: str, epilog: str) -> argparse.ArgumentParser:
    """The parser of a command, without arguments yet; its texts are shown as they stand."""
    layout = argparse.RawDescriptionHelpFormatter
    return _Parser(
        name, description=description, epilog=epilog, formatter_class=layout, allow_abbrev=False
    )


def add_telling(parser: argparse.ArgumentParser) -> None:
    """How things are told: `verbose`, `output_format`."""
    text = "show notes too, and all warnings where many are alike"
    parser.add_argument("-v", "--verbose", action="store_true", help=text)
    text = "print problems as text (the default), JSON, annotations of GitHub, or SARIF"
    parser.add_argument("--output-format", choices=FORMATS, default=FORMATS[0], help=text)


def taken_from(options: dict[str, Any]) -> Telling:
    """What `add_telling` adds, taken out of the values of a parser."""
    return Telling(options.pop("verbose"), options.pop("output_format"))


def telling_of(arguments: Sequence[str]) -> Telling:
    """How a command with these words tells, whatever else they say."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--output-format")
    options, _ = parser.parse_known_args(list(arguments))
    is_known = options.output_format in FORMATS  # commands have others for what is no problem
    return Telling(options.verbose, options.output_format if is_known else FORMATS[0])
