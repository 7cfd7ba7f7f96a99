"""What people see of a program with settings: its output, and the end that their mistakes bring."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, nullcontext
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, TypeVar

from ..errors import Problem, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ..settings import Settings

    T = TypeVar("T")


def run(cls: type[Settings]) -> None:
    """Print the config that the flags on the command line make, as JSON, or what is wrong."""
    if cls.__module__ == "__main__":
        print("run it as a module of its package: python -m settings.<module>", file=sys.stderr)
        raise SystemExit(2)
    # The same class, unless what runs could not stand for the module.
    cls = getattr(import_module(cls.__module__), cls.__name__)
    write_out(cls.from_args(prog=f"python -m {cls.__module__}").to_json(indent=2) + "\n")


def load_said(cls: type[Settings], load: Callable[[], T], *, ends: bool) -> T:
    """What `load` makes of a command line of `cls`; `ends` says whether mistakes end the process.

    Problems of missing values name the flags that give them.
    """
    with mistakes_end(SettingsError) if ends else nullcontext():
        try:
            return load()
        except SettingsError as error:
            problems = [_with_flag(cls, problem) for problem in error.problems]
            raise SettingsError(problems, error.title) from None


def _with_flag(cls: type[Settings], problem: Problem) -> Problem:
    """`problem`, with the flag that gives the value if that is what is missing."""
    from ..messages.keywords import REQUIRED
    from .flags import find_flag

    flag = find_flag(cls, ".".join(map(str, problem.path)))
    if problem.expected != REQUIRED or flag is None or flag.path != problem.path:
        return problem
    expected = f"{REQUIRED}; give --{'.'.join(map(str, flag.path))} or --settings-file"
    return Problem(problem.path, expected, problem.given, problem.source)


@contextmanager
def mistakes_end(*mistakes: type[Exception]) -> Generator[None, None, None]:
    """End the process with the text of an error alone, and its exit code, else that of misuse.

    In an interactive session the error is raised: who sits there wants to go on.
    """
    try:
        yield
    except mistakes as error:
        if hasattr(sys, "ps1") or sys.flags.interactive:
            raise
        print(error, file=sys.stderr)
        raise SystemExit(getattr(error, "exit_code", 2)) from None


def show_help(text: str) -> NoReturn:
    """Print the text of `--help`, and end the process."""
    write_out(text)
    raise SystemExit(0)


def write_out(text: str) -> None:
    """Print `text`; if whoever reads it has seen enough, end without a word."""
    try:
        print(text, end="", flush=True)
    except BrokenPipeError:
        # What is left must not be flushed to them when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
