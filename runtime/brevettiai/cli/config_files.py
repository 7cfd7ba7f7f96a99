"""Files that hold the config of a settings object: what `from_file` and `to_file` do."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

from ..config.loading import load
from ..errors import Problem, SettingsError
from ..io.local import write_whole
from ..messages.secrets import NONE
from .files import SettingsFileError, origin_text, read_config_file, suffix_of
from .program import Held
from .showing import text_of
from .writing import Writer

if TYPE_CHECKING:
    from ..settings import Settings

S = TypeVar("S", bound="Settings")


def from_file(cls: type[S], path: str | os.PathLike[str]) -> S:
    name = os.fspath(path)
    try:
        file = read_config_file(name, cls)
    except SettingsFileError as error:
        raise _about_file(cls, name, error) from None
    try:
        return load(cls, file.value, {(): file.origin})
    except SettingsError as error:
        problems = [
            Problem(each.path, each.expected, each.given, origin_text(each.source, each.path))
            for each in error.problems
        ]
        raise SettingsError(problems, error.title) from None


def to_file(settings: Settings, path: str | os.PathLike[str], *, hide_secrets: bool) -> None:
    cls, name = type(settings), os.fspath(path)
    try:
        suffix = suffix_of(name)
    except SettingsFileError as error:
        raise _about_file(cls, name, error) from None
    config = settings.get_config(hide_secrets=hide_secrets)

    def again(said: dict[str, Any]) -> dict[str, Any]:
        return said if hide_secrets else cls.from_config(said).get_config()

    language = "yaml" if suffix == ".yml" else suffix[1:]
    text = text_of(cls, Held(config, config, NONE), language, again, Writer())
    has_secrets = config != settings.get_config(hide_secrets=True)
    write_whole(os.path.expanduser(name), text.encode(), 0o600 if has_secrets else 0o666)


def _about_file(cls: type[Settings], name: str, error: SettingsFileError) -> SettingsError:
    return SettingsError([Problem((), f"the settings file {name} {error}")], cls.__name__)
