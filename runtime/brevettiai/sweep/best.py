"""The best settings of a sweep, as objects, command lines, settings files and presets."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from brevettiai.cli.saying import shortest_args, to_args
from brevettiai.cli.words import write_json
from brevettiai.json_values import is_object, json_equal
from brevettiai.sweep.flags import OF_JOBS
from brevettiai.sweep.goals import Goal
from brevettiai.sweep.rows import Row
from brevettiai.sweep.wording import command_text, values_text

FILE = "best.json"


@dataclass(frozen=True)
class Best:
    """A run that no other one beats, and its settings.

    Attributes:
        settings: an object of the settings class.
        config: of the settings, without secrets.
        args: the flags that give them again, but for secrets.
        hides_secrets: whether there are any.
    """

    row: Row
    settings: Any = field(repr=False)
    config: Mapping[str, Any]
    args: list[str]
    hides_secrets: bool = False

    def command(self, program: str) -> str:
        """The command line that runs a program with these settings, for a shell to read."""
        return command_text([*program_words(program), *self.args])

    def preset(self, goals: tuple[Goal, ...]) -> dict[str, Any]:
        """The settings as a part of a schema, which makes a preset of them."""
        name = f"Best of a sweep: {values_text(goals, self.row.values)}"
        return {"x-presets": {name: dict(self.config)}}


def best_of_row(row: Row, settings: Any, owner: Any, exact: bool = False) -> Best:
    """The best run and what says its settings.

    Args:
        owner: the settings class, or the adapter of one.
        exact: whether flags say also what loads anyway, as stored settings or variables may say
            something else.
    """
    whole, public = configs_of(settings, owner)
    facts = getattr(owner, "facts", owner)
    args = to_args(facts, public) if exact else _shortest(owner, whole, public)
    args = _beside_jobs(args, public)
    return Best(row, settings, public, args, not json_equal(whole, public))


def configs_of(settings: Any, owner: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The config of settings, and the same without its secrets."""
    if owner is type(settings):
        return settings.get_config(), settings.get_config(hide_secrets=True)
    return owner.get_config(settings), owner.get_config(settings, hide_secrets=True)


def _shortest(owner: Any, whole: Mapping[str, Any], public: Mapping[str, Any]) -> list[str]:
    """The fewest flags that make of the defaults what `public` has."""
    facts = getattr(owner, "facts", owner)

    def loaded(said: dict[str, Any]) -> Any:
        return configs_of(owner.from_config(_with_secrets(said, public, whole)), owner)[1]

    return shortest_args(facts, public, loaded=loaded)


def _beside_jobs(args: list[str], config: Mapping[str, Any]) -> list[str]:
    """Flags, of which those that jobs have themselves are said by JSON of the whole."""
    names = [word[2:].partition("=")[0] for word in args]
    keys = [name for name in names if name.replace("-", "_") in OF_JOBS]
    if not keys:
        return args
    others = [word for word, name in zip(args, names, strict=True) if name not in keys]
    return [f"--.={write_json({key: config[key] for key in keys})}", *others]


def _with_secrets(said: Any, public: Any, whole: Any) -> Any:
    """A config without secrets with those that `whole` has and `public` lacks."""
    if json_equal(said, public):
        return whole
    if not (is_object(said) and is_object(public) and is_object(whole)):
        return said
    found = {key: value for key, value in whole.items() if key not in public}
    for key, value in said.items():
        known = key in public and key in whole
        found[key] = _with_secrets(value, public[key], whole[key]) if known else value
    return found


def program_words(program: str) -> list[str]:
    """The words that start a program: `-m train` and `train.py` are for Python to run."""
    words = shlex.split(program)
    needs_python = words[0] == "-m" or words[0].endswith(".py")
    return ["python", *words] if needs_python else words


def program_of_process() -> str:
    """How this process was started, in words that say it again: `-m examples.train`, `train.py`."""
    import shutil
    import sys

    spec = getattr(sys.modules["__main__"], "__spec__", None)
    if spec is not None:
        return f"-m {spec.name.removesuffix('.__main__')}"
    path = sys.argv[0] if sys.argv else ""
    name = os.path.basename(path)
    if not path.endswith(".py") and (found := shutil.which(name)) and os.path.samefile(found, path):
        return shlex.quote(name)
    return shlex.quote(os.path.normpath(path))
