"""What commands print about problems, to people at a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from ..problems import Problem

_COLORS = {"error": "\033[1;31m", "warning": "\033[1;33m"}


def show_problems(problems: Iterable[Problem]) -> None:
    """Print problems to stderr; if there are errors, how many."""
    problems = list(problems)
    # https://no-color.org
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or os.name == "nt"
    colored = not plain and sys.stderr.isatty()
    for problem in sorted(problems, key=lambda problem: problem.sort_key):
        text = str(problem)
        if colored:
            word = f"{problem.severity}: "
            text = text.replace(word, f"{_COLORS[problem.severity]}{word}\033[0m", 1)
        print(text, file=sys.stderr)
    errors = sum(problem.severity == "error" for problem in problems)
    if errors:
        print(f"{count(errors, 'error')}, nothing was generated", file=sys.stderr)


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
