"""What the generated class says of a form model: its config, its command line, its problems."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from brevettiai.cli.names import find_flag
from brevettiai.cli.saying import shortest_args, to_args
from brevettiai.config.notices import LOGGER
from brevettiai.errors import path_text, told
from brevettiai.form.models import load_model, read_model
from brevettiai.messages.secrets import secrets_of
from brevettiai.settings import Problem, Settings, SettingsError
from brevettiai.sweep.wording import shell_word

from .draft import draft_config, public_filled

#: The package that examples generate into, and so the one whose modules commands run.
PACKAGE = "settings"
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Verdict:
    """What a class says of a form model.

    Attributes:
        settings: what the model loads to; None if it is refused.
        draft: of a model that is refused, what config it makes as far as it goes, without secrets;
            None where that is none.
        problems: why it is refused.
        notes: what the class says besides, of keys that it does not know.
    """

    settings: Settings | None
    draft: dict[str, Any] | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def judge(cls: type[Settings], model: Mapping[str, Any]) -> Verdict:
    """Load a form model."""
    reading = read_model(cls, model)
    with _collected_warnings() as notes:
        try:
            return Verdict(load_model(cls, reading), notes=tuple(notes))
        except SettingsError as error:
            draft = draft_config(cls, model, reading, error.problems)
            return Verdict(None, draft, error.problems, tuple(notes))


@contextmanager
def _collected_warnings() -> Generator[list[str]]:
    """What the classes log, kept from the terminal: the page shows it at every key stroke."""
    found: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger(LOGGER)
    with _LOCK:
        propagates, logger.propagate = logger.propagate, False
        logger.addHandler(handler)
        try:
            yield found
        finally:
            logger.removeHandler(handler)
            logger.propagate = propagates


def verdict_document(
    cls: type[Settings],
    module: str,
    model: Mapping[str, Any],
    preset: str | None = None,
) -> dict[str, Any]:
    """The verdict on `model` as JSON, as the page takes it: without secrets.

    Of a model that is refused, `config` and `command` are as far as they go, or null.

    Args:
        cls: the class.
        module: the name of its module in the package.
        model: the form model.
        preset: the preset that the form was filled with, if any: the command line names it.
    """
    verdict = judge(cls, model)
    document: dict[str, Any] = {
        "accepted": verdict.settings is not None,
        "config": None,
        "command": None,
        "problems": [_problem_document(problem) for problem in told(verdict.problems)],
        "notes": list(verdict.notes),
    }
    config = verdict.draft
    if verdict.settings is not None:
        config = verdict.settings.get_config(hide_secrets=True)
    if config is None:
        return document
    with suppress(SettingsError, RecursionError), _collected_warnings():
        # As text: a number of more digits than JavaScript's must not lose any on its way.
        document["config"] = json.dumps(config, indent=2, ensure_ascii=False)
        full = to_args(cls, config)
        if verdict.settings is None or cls.__brevetti__.hides:
            short = _args_of(cls, config, preset)
        else:
            short = short_args(verdict.settings, preset)
        document["command"] = {
            "short": command_line(module, _told(cls, short)),
            "full": command_line(module, _told(cls, full)),
        }
    return document


def _problem_document(problem: Problem) -> dict[str, Any]:
    given = f" (got {problem.given})" if problem.given else ""
    return {
        "path": list(problem.path),
        "place": path_text(problem.path),
        "text": problem.expected + given,
    }


# Command lines


def short_args(settings: Settings, preset: str | None = None) -> list[str]:
    """Flags that make `settings`, only those that say something the defaults do not.

    Args:
        settings: what `from_args` shall give.
        preset: a preset to start from, if the class has it and it helps.
    """
    full = settings.to_args()
    starts: list[list[str]] = [[_preset_flag(preset)], []] if preset is not None else [[]]
    for start in starts:
        unsaid = _said_by(type(settings), start, full)
        short = [*start, *(arg for arg in full if arg not in unsaid)]
        if _makes(short, settings):
            return short
    return full


def _args_of(cls: type[Settings], config: dict[str, Any], preset: str | None) -> list[str]:
    """The same for a config that does not load, as it is refused or lacks its secrets."""
    below = cls.presets().get(preset) if preset is not None else None
    start = [] if preset is None or below is None else [_preset_flag(preset)]
    return [*start, *shortest_args(cls, config, below, loaded=partial(public_filled, cls))]


def _told(cls: type[Settings], args: Sequence[str]) -> list[str]:
    """`args` without those that take away what a config lacks because it is a secret."""
    secrets = secrets_of(cls.__brevetti__)
    flags = (find_flag(cls, arg.removeprefix("--unset=")) for arg in args)
    return [
        arg
        for arg, flag in zip(args, flags, strict=True)
        if not (arg.startswith("--unset=") and secrets and (flag is None or secrets.at(*flag.path)))
    ]


def _preset_flag(preset: str | None) -> str:
    return f"--preset={preset}"


def _said_by(cls: type[Settings], start: Sequence[str], full: Sequence[str]) -> set[str]:
    """Those of the flags `full` that the flags `start` imply, by the class's defaults.

    Where the defaults alone are refused, settings that must be given are taken from `full`.
    """
    needed: list[str] = []
    while True:
        try:
            return set(cls.from_args([*start, *needed]).to_args()).difference(needed)
        except SettingsError as error:
            paths = {".".join(map(str, problem.path)) for problem in error.problems}
        missing = [arg for arg in full if paths & set(_places(arg)) and arg not in needed]
        if not missing:
            return set()
        needed += missing


def _places(arg: str) -> Iterator[str]:
    """The path of a flag, and those of the objects around it."""
    path = arg[2:].partition("=")[0]
    while path:
        yield path
        path = path.rpartition(".")[0]


def _makes(args: Sequence[str], settings: Settings) -> bool:
    try:
        return type(settings).from_args(args) == settings
    except SettingsError:
        return False


def command_line(module: str, args: Sequence[str]) -> str:
    """`python -m settings.training …` for a POSIX shell, a flag a line."""
    return " \\\n  ".join([f"python -m {PACKAGE}.{module}", *map(shell_word, args)])
