"""The command `brevetti-gen`.

Only what every run needs is imported at the top: the steps load the libraries of the extra `gen`
when they come to them.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TextIO

from ._version import VERSION
from .generation import Report, generate
from .problems import GenerationError, Problem, printable

EXIT_PROBLEMS = 1
EXIT_INTERRUPTED = 130

_EXTRA = frozenset("jinja2 jsonschema jsonschema_specifications referencing ruamel".split())
_DESCRIPTION = """\
Compile JSON Schemas and platform forms to a package of typed Python settings classes."""
_EPILOG = """\
Each schema becomes a module: schemas/training.schema.json becomes settings/training.py with the
class Training. Only what changed is written, and files of your own in the output folder stay.
Nothing is ever fetched. Exit codes: 0 done, 1 problems (nothing was generated), 2 wrong usage."""
_COLORS = {"error": "\033[1;31m", "warning": "\033[1;33m"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv` (by default the process's own) and give its exit code.

    Raises:
        SystemExit: for `--help`, `--version` and wrong usage, as argparse does.
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        return _generate(arguments)
    except GenerationError as error:
        _show(error.problems)
        return EXIT_PROBLEMS
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        print(
            f"brevetti-gen: error: {error.name} is not installed; the generator needs the extra "
            f'`gen`: pip install "brevetti[gen]"',
            file=sys.stderr,
        )
        return EXIT_PROBLEMS
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _generate(arguments: Sequence[str]) -> int:
    options = _parser().parse_intermixed_args(arguments)
    with _without_garbage_collection():
        report = generate(
            options.sources,
            options.output,
            maps=dict(options.maps),
            assert_formats=options.assert_formats,
            force=options.force,
        )
    _show(report.warnings)
    for path in report.removed:
        print(printable(f"{options.output}: removed {path}"))
    print(printable(f"{options.output}: {_summary(report)}"))
    return 0


@contextmanager
def _without_garbage_collection() -> Generator[None]:
    """A run keeps nearly all that it makes until its end: looking for garbage takes a fifth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "brevetti-gen",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SCHEMAS",
        help="a schema or form (*.json, *.yaml, *.yml), or a folder of them",
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        type=_not_empty,
        metavar="FOLDER",
        help="the folder of the generated package; made if it is not there",
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        dest="maps",
        type=_mapping,
        metavar="URL=PATH",
        help="where the schema at a URL lies; for a URL that ends in a slash, where all schemas "
        "below it lie. May be given several times",
    )
    parser.add_argument(
        "--assert-formats",
        action="store_true",
        help="check `format` (dates, addresses, …) instead of taking it for an annotation",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="overwrite and remove generated files even if someone edited them",
    )
    parser.add_argument("--version", action="version", version=f"brevetti-gen {VERSION}")
    return parser


def _not_empty(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("the name of a folder is missing")
    return text


def _mapping(text: str) -> tuple[str, str]:
    url, _, path = text.partition("=")
    if not url or not path:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form URL=PATH")
    return url, path


def _summary(report: Report) -> str:
    """`4 modules, 3 files written, 1 unchanged`."""
    facts = [_count(len(report.modules), "module")]
    if not report.written and not report.removed:
        return f"{facts[0]}, nothing changed"
    facts.append(f"{_count(len(report.written), 'file')} written")
    if report.unchanged:
        facts.append(f"{len(report.unchanged)} unchanged")
    if report.removed:
        facts.append(f"{len(report.removed)} removed")
    return ", ".join(facts)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _show(problems: Iterable[Problem]) -> None:
    """Print problems to stderr, and how many errors there were."""
    problems = list(problems)
    colored = _is_colored(sys.stderr)
    for problem in sorted(problems, key=lambda problem: problem.sort_key):
        text = str(problem)
        if colored:
            word = f"{problem.severity}: "
            text = text.replace(word, f"{_COLORS[problem.severity]}{word}\033[0m", 1)
        print(text, file=sys.stderr)
    errors = sum(problem.severity == "error" for problem in problems)
    if errors:
        print(f"{_count(errors, 'error')}, nothing was generated", file=sys.stderr)


def _is_colored(stream: TextIO) -> bool:
    """Whether `stream` is a terminal that shows colors (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or os.name == "nt":
        return False
    return stream.isatty()
