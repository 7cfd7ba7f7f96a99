"""Presets and settings files as layers. Loaded when one is given."""

from __future__ import annotations

from ..errors import Problem, SettingsError
from ..json_values import copy_json
from .files import SettingsFileError, read_config_file, read_settings_file
from .layers import Parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, TypeVar

    from ..settings import Settings
    from .flags import Flag

    S = TypeVar("S", bound=Settings)
    FindFlag = Callable[[type[Settings], str], Flag | None]


def put_sources(parsed: Parsed, sources: Iterable[tuple[str, str]], find_flag: FindFlag) -> None:
    """Overlay presets and files in their order: each the name of its flag, and what it is."""
    for flag, text in sources:
        if flag == "preset":
            _put_preset(parsed, text)
        else:
            _put_file(parsed, text, find_flag)


def _put_preset(parsed: Parsed, name: str) -> None:
    presets = parsed.cls.presets()
    if name in presets:
        shown = name if name.isprintable() and " " not in name else repr(name)
        parsed.put_all(copy_json(presets[name]), f"--preset {shown}")
        return
    from ..config.loading import unknown_preset

    parsed.refuse(unknown_preset(name, presets))


def _put_file(parsed: Parsed, text: str, find_flag: FindFlag) -> None:
    """Overlay a file, or with `NAME=FILE` a file as the value of a setting."""
    flag, path = _setting_of(parsed, text, find_flag)
    try:
        if flag is not None and flag.was is not None:
            from .old_flags import put_at

            file = read_settings_file(path)
            put_at(parsed, flag.was.old, file.value, file.origin)
        elif flag is None or flag.field is None:
            file = read_config_file(path, parsed.cls)
            parsed.put_all(file.value, file.origin)
        else:
            file = read_settings_file(path)
            file.origin.part = flag.path
            parsed.put(flag.path, flag.field, file.value, file.origin)
    except SettingsFileError as error:
        parsed.refuse(f"the settings file {path} {error}{_about_name(parsed, path)}")


def _setting_of(parsed: Parsed, text: str, find_flag: FindFlag) -> tuple[Flag | None, str]:
    """The setting that a file is for, None for all of them, and the file."""
    from os.path import exists, expanduser

    name, equals, path = text.partition("=")
    if equals and not exists(expanduser(text)):
        flag = find_flag(parsed.cls, name)
        if flag is not None and not flag.negated:
            return flag, path
    return None, text


def _about_name(parsed: Parsed, path: str) -> str:
    """What to add where a file has a `=` in its name, but the name before it is no setting's."""
    name, equals, _ = path.partition("=")
    if not equals:
        return ""
    from ..messages.words import did_you_mean
    from .tree import listed_flags

    known = [flag.name for flag in listed_flags(parsed.cls, inside=False)]
    return f"; {name!r} is no setting{did_you_mean(name, known)}"


def from_preset(cls: type[S], name: str, changes: Mapping[str, Any]) -> S:
    """`Settings.from_preset`: the preset as a layer, as `--preset` makes it, then changes."""
    from ..config.loading import unknown_preset

    presets = cls.presets()
    if name not in presets:
        from ..messages.words import did_you_mean

        guess = did_you_mean(name, presets)
        raise SettingsError([Problem((), unknown_preset(name, presets, guess))], cls.__name__)
    return load_preset(cls, presets[name], changes)


def load_preset(cls: type[S], preset: Mapping[str, Any], changes: Mapping[str, Any]) -> S:
    """Load a partial config as a preset."""
    from ..config.loading import load_changed

    parsed = Parsed(cls, None)
    parsed.put_all(copy_json(preset), "")
    if parsed.problems:
        raise SettingsError(parsed.problems, cls.__name__)
    return load_changed(cls, parsed.config, changes)
