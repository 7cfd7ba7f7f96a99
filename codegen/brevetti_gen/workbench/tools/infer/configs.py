"""Stored configs, read from files; of what jobs store, their settings."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from brevettiai.cli.files import FileOrigin, SettingsFileError, read_settings_file
from brevettiai.config.json_text import NotJSONText, parse_json

from ....json_values import is_array, is_object
from ....problems import GenerationError, Problem, printable

#: What the documents of jobs have beside settings: `output.json`, and `info.json`.
_OUTPUT = frozenset({"output", "config", "environment"})
_INFO = frozenset({"id", "settings"})
_MORE_INFO = frozenset({"datasets", "models", "host_name", "api_key", "complete_url"})
_HINT = "give files with one object each, such as a stored config, or the output.json of a job"


class Config(NamedTuple):
    """A config, and where it comes from.

    Attributes:
        value: the config.
        origin: its file, which knows lines.
        note: what the file was taken for, if it is more than a config.
    """

    value: dict[str, Any]
    origin: FileOrigin
    note: str = ""


def read_configs(names: Iterable[str]) -> list[Config]:
    """The configs in files: JSON, YAML, and TOML from Python 3.11.

    Raises:
        GenerationError: it has what is wrong with each file.
    """
    configs: list[Config] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        path = printable(Path(name).as_posix())
        if os.path.isdir(name):
            message = "is a folder, which is no config"
            problems.append(Problem(message, path, hint="give its files", code="not-a-config"))
            continue
        try:
            file = read_settings_file(name)
        except SettingsFileError as error:
            code = "not-read" if isinstance(error.__cause__, OSError) else "syntax"
            problems.append(Problem(str(error), path, code=code))
            continue
        found = _config_in(file.value, file.origin)
        if found is None:
            message = "holds no object (keys and values) at its top, so it is no config"
            problems.append(Problem(message, path, hint=_HINT, code="not-a-config"))
        else:
            configs.append(found)
    if problems:
        raise GenerationError(problems)
    return configs


def _config_in(document: Any, origin: FileOrigin) -> Config | None:
    if not is_object(document):
        return None
    stored = document.get("config")
    if document.keys() >= _OUTPUT and is_object(stored) and is_object(stored.get("settings")):
        origin.inside = ("config", "settings")
        return Config(
            _own(stored["settings"]), origin, "the output of a job: its settings are read"
        )
    if document.keys() >= _INFO and document.keys() & _MORE_INFO:
        settings = document["settings"]
        model = _parsed(settings) if isinstance(settings, str) else settings
        if is_object(model):
            origin.inside = ("settings",)
            note = "the info of a job: its settings are read, JSON in their texts too"
            return Config(_own({key: _read(value) for key, value in model.items()}), origin, note)
    return Config(_own(document), origin)


def _own(config: dict[str, Any]) -> dict[str, Any]:
    """A config without what it says to editors."""
    return {key: value for key, value in config.items() if key != "$schema"}


def _read(value: Any) -> Any:
    """A value of a form model, whose JSON fields are texts."""
    if is_object(value):
        return {key: _read(inner) for key, inner in value.items()}
    return _parsed(value) if isinstance(value, str) else value


def _parsed(text: str) -> Any:
    """The object or list that a text is; else the text."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            value = parse_json(text)
        except (NotJSONText, RecursionError):
            return text
        if is_object(value) or is_array(value):
            return value
    return text
