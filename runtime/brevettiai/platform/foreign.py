"""The words of a job's command line that belong neither to the job nor to its settings."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from brevettiai.cli.words import Words, meant
from brevettiai.errors import ModuleError, Problem, SettingsError
from brevettiai.platform.settings import facts_of, with_methods, without_show

_OF_THE_PLATFORM = ("--raygun_api_key", "--run_locally")
"""Flags with which the platform may start a job on its own account; its own library has them."""


def foreign_problems(
    cls: type | None, args: Sequence[str], *, on_platform: bool, sweeps: bool = False
) -> list[Problem]:
    """What is wrong with the words that are left of a job's command line without its own flags.

    Nothing is, where the job has no settings class: nobody knows what belongs to it. Nor with the
    words of those who start it, the platform and launchers of distributed training.
    """
    if cls is None:
        return []
    settings = with_methods(cls)
    facts = facts_of(settings)
    if facts is not None:
        from brevettiai.cli.flags import read_foreign

        words = read_foreign(facts, args)
    elif hasattr(settings, "get_schema"):
        from brevettiai.handwritten.flags import read_foreign_of_form

        words = read_foreign_of_form(settings.get_schema(), without_show(args))
    else:
        return []
    rank = os.environ.get("LOCAL_RANK")
    started = (f"--local_rank={rank}", f"--local-rank={rank}")
    words.foreign = [
        word
        for word in words.foreign
        if word not in started and not (on_platform and word.partition("=")[0] in _OF_THE_PLATFORM)
    ]
    return _told(settings, words, sweeps) if words.foreign or words.rest() else []


def _told(settings: Any, words: Words, sweeps: bool) -> list[Problem]:
    from brevettiai.cli.unknown_flags import about_foreign, unknown_flag
    from brevettiai.handwritten.flags import unknown_flag_of_form
    from brevettiai.platform.flags import NAMES
    from brevettiai.sweep.flags import FLAGS

    facts = facts_of(settings)
    names = {*NAMES, *FLAGS} if sweeps else NAMES

    def about_flag(typed: str) -> str:
        if not sweeps and meant(typed.lstrip("-"), FLAGS):
            return f"{typed} is a flag of a sweep: give --sweep too; --help sweep tells how"
        if facts is not None:
            return unknown_flag(facts, typed, names)
        return unknown_flag_of_form(settings.get_schema(), typed, names)

    return [Problem((), text) for text in about_foreign(words, about_flag)]


def with_others(problems: list[Problem], error: Exception | None, title: str) -> SettingsError:
    """One error of what is wrong with words and of what else is, the `error` of a launch.

    What keeps a job from being launched is left out: it may follow from a flag of the job that is
    misspelled or has no value.
    """
    others: list[Problem] = []
    if isinstance(error, SettingsError):
        others = [problem for problem in error.problems if problem not in problems]
    elif isinstance(error, ModuleError):
        others = [Problem(error.path, error.problem)]
    return SettingsError([*problems, *others], title)
