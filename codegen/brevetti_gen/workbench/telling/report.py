"""What commands print: problems, for people at a terminal and for programs, and what was done."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, NoReturn

from brevettiai.cli.output import write_out
from brevettiai.messages.words import counted

from ...problems import Problem, printable

#: How problems can be printed: for people, or as one document or line each for programs.
FORMATS = ("text", "json", "github", "sarif")

_COLORS = {"error": "\033[1;31m", "warning": "\033[1;33m", "note": "\033[1;36m"}
#: The most warnings of one kind about one file that are listed unless all are asked for.
MAX_ALIKE = 5


class Telling(NamedTuple):
    """How a command tells what it has to tell.

    Attributes:
        verbose: show notes too, and all warnings where many are alike.
        output_format: one of `FORMATS`.
    """

    verbose: bool = False
    output_format: str = "text"

    @property
    def has_output(self) -> bool:
        """Whether the output is one document, beside which nothing else has a place."""
        return self.output_format in ("json", "sarif")

    def problems(
        self, problems: Iterable[Problem], so: str | None = "nothing was generated"
    ) -> None:
        """Print problems: text to stderr, with how many errors there are, all else to stdout.

        Args:
            so: what comes of errors; without it they are not counted.
        """
        problems = sorted(problems, key=lambda problem: problem.sort_key)
        if self.output_format == "text":
            _show(problems, so, verbose=self.verbose)
        else:
            from .machine_formats import document_of

            write_out(document_of(problems, self.output_format))

    def done(self, text: str) -> None:
        """Print a line of what was done."""
        write_out(f"{printable(text)}\n", sys.stderr if self.has_output else None)


def _show(problems: Sequence[Problem], so: str | None, *, verbose: bool) -> None:
    """Print text; unless `verbose`, notes and further warnings of one kind are counted only."""
    # https://no-color.org
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or os.name == "nt"
    colored = not plain and sys.stderr is not None and sys.stderr.isatty()
    hidden: Counter[str] = Counter()
    alike: Counter[tuple[str | None, str]] = Counter()
    for problem in problems:
        kind = problem.path, _kind(problem)
        alike[kind] += problem.severity == "warning"
        if not verbose and (problem.severity == "note" or alike[kind] > MAX_ALIKE):
            hidden["more " * (problem.severity == "warning") + problem.severity] += 1
            continue
        write_out(f"{_text_of(problem, colored=colored)}\n", sys.stderr)
    if hidden:
        what = " and ".join(counted(number, noun) for noun, number in sorted(hidden.items()))
        write_out(f"{what}, which --verbose shows\n", sys.stderr)
    errors = sum(problem.severity == "error" for problem in problems)
    if errors and so:
        write_out(f"{counted(errors, 'error')}, {so}\n", sys.stderr)


def _kind(problem: Problem) -> str:
    from .rules import ALIKE

    return problem.code if problem.code in ALIKE else problem.message


def _text_of(problem: Problem, *, colored: bool) -> str:
    """The place and the message, the rule, the line with a marker, and how to mend it."""
    from .excerpts import marked

    first, *rest = str(problem).split("\n")
    color = _COLORS[problem.severity] if colored else ""
    if colored:
        word = f"{problem.severity}: "
        first = first.replace(word, f"{color}{word}\033[0m", 1)
    source = marked(problem.line, problem.excerpt)
    if source and colored:
        source[1] = source[1].replace("^", f"{color}^", 1) + "\033[0m"
    return "\n".join([f"{first} [{problem.code}]", *source, *rest])


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
