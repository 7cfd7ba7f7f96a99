"""What people see of a program with settings: its output, and the end that their mistakes bring."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, nullcontext
from importlib import import_module
from json import dumps
from typing import TYPE_CHECKING, NoReturn, TypeVar

from ..errors import Problem, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ..settings import Settings
    from .help import Manual

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
    expected = f"{REQUIRED}; give --{'.'.join(flag.path)} or --settings-file"
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


def show_help(manual: Manual, topic: str, prog: str | None = None, *, ends: bool) -> NoReturn:
    """Print what a manual says of a topic, "" for all, and end the process.

    Args:
        ends: whether a topic that it does not know ends the process too, or is raised.
    """
    from .layout import Page, wants_colour

    with mistakes_end(SettingsError) if ends else nullcontext():
        text = manual.text(topic, prog, Page(colour=wants_colour(sys.stdout)))
    write_out(text)
    raise SystemExit(0)


def write_out(text: str) -> None:
    """Print `text`; if whoever reads it has seen enough, end without a word.

    Characters that the output cannot show become escapes as JSON has them.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = "".join(_encodable(char, encoding) for char in text)
    try:
        print(text, end="", flush=True)
    except BrokenPipeError:
        # What is left must not be flushed to them when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


def _encodable(char: str, encoding: str) -> str:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return dumps(char)[1:-1]
    return char
