"""What commands print about problems, to people at a terminal."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable

from brevettiai.cli.output import write_out
from brevettiai.messages.words import counted

from ..problems import Problem, printable

_COLORS = {"error": "\033[1;31m", "warning": "\033[1;33m", "note": "\033[1;36m"}
#: The most warnings of one kind about one file that are listed unless all are asked for.
MAX_ALIKE = 5


def show_problems(problems: Iterable[Problem], *, verbose: bool = False) -> None:
    """Print problems to stderr; if there are errors, how many.

    Unless `verbose`, notes are counted only, as are the further warnings of one kind in one file.
    """
    problems = sorted(problems, key=lambda problem: problem.sort_key)
    # https://no-color.org
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or os.name == "nt"
    colored = not plain and sys.stderr.isatty()
    hidden: Counter[str] = Counter()
    alike: Counter[tuple[str | None, str]] = Counter()
    for problem in problems:
        kind = problem.path, problem.code or problem.message
        alike[kind] += problem.severity == "warning"
        if not verbose and (problem.severity == "note" or alike[kind] > MAX_ALIKE):
            hidden["more " * (problem.severity == "warning") + problem.severity] += 1
            continue
        text = str(problem)
        if colored:
            word = f"{problem.severity}: "
            text = text.replace(word, f"{_COLORS[problem.severity]}{word}\033[0m", 1)
        write_out(f"{text}\n", sys.stderr)
    if hidden:
        what = " and ".join(counted(number, noun) for noun, number in sorted(hidden.items()))
        write_out(f"{what}, which --verbose shows\n", sys.stderr)
    errors = sum(problem.severity == "error" for problem in problems)
    if errors:
        write_out(f"{counted(errors, 'error')}, nothing was generated\n", sys.stderr)


def tell(text: str) -> None:
    """Print a line of what was done."""
    write_out(f"{printable(text)}\n")
