"""Reading settings files: JSON, TOML and YAML, to plain JSON values.

Stricter than the libraries underneath where they would change or lose something in silence:
duplicate keys, numbers that are not finite and keys that are not text are refused, and dates stay
the text that they are in JSON.
"""

from __future__ import annotations

import json
from operator import methodcaller
from typing import Any

from ..config.json_text import NotJSONText, finite, parse_json
from ..json_values import is_object


class SettingsFileError(ValueError):
    """A settings file cannot be read; `str()` says what is wrong with it, and where."""


def read_settings_file(path: str) -> dict[str, Any]:
    """The config that a settings file holds; the suffix of its name says the language.

    `.json`; `.toml` from Python 3.11; `.yaml` and `.yml` with `ruamel.yaml` installed.

    Raises:
        SettingsFileError: it cannot be read, is not valid, or holds something else than one object.
    """
    from os.path import expanduser, splitext

    suffix = splitext(path)[1].lower()
    reader = _READERS.get(suffix)
    if reader is None:
        what = f"the suffix {suffix!r}" if suffix else "a name without suffix"
        raise SettingsFileError(f"has {what}; settings files are .json, .toml, .yaml or .yml")
    try:
        with open(expanduser(path), "rb") as file:
            text = file.read().decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise SettingsFileError(_unreadable(error)) from error
    try:
        value = reader(text)
    except NotJSONText as error:
        raise SettingsFileError(f"is not valid JSON: {error}") from None
    except RecursionError:
        raise SettingsFileError("is nested too deeply") from None
    if not is_object(value):
        raise SettingsFileError("must hold one object (keys and values) at its top")
    return value


def _toml(text: str) -> Any:
    try:
        import tomllib  # pyright: ignore[reportMissingTypeStubs]
    except ImportError:
        raise SettingsFileError(
            "is TOML, which needs Python 3.11 or newer; use JSON here, or YAML"
        ) from None
    try:
        # `tomllib` takes LF and CRLF; a lone CR is an error in TOML as well as here.
        value = tomllib.loads(text.replace("\r\n", "\n"), parse_float=finite)
        # Dates and times become ISO 8601 text, the form that they have in JSON configs.
        return json.loads(json.dumps(value, default=methodcaller("isoformat")))
    except NotJSONText as error:
        raise SettingsFileError(f"holds {error}") from None
    except ValueError as error:
        raise SettingsFileError(f"is not valid TOML: {error}") from None


def _yaml(text: str) -> Any:
    try:
        import ruamel.yaml  # pyright: ignore[reportUnusedImport]  # noqa: F401
    except ImportError:
        raise SettingsFileError(
            "is YAML, which needs the package ruamel.yaml: pip install 'brevetti[gen]'"
        ) from None
    # The reader of schemas too, so that a file means the same as a schema and as settings.
    from .text import Lines, TextError
    from .yaml_text import parse_yaml

    try:
        return parse_yaml(text)
    except TextError as error:
        line, column = Lines.of(text).position(error.offset)
        hint = f" ({error.hint})" if error.hint else ""
        raise SettingsFileError(
            f"is not valid YAML: line {line}, column {column}: {error.message}{hint}"
        ) from None


_READERS = {".json": parse_json, ".toml": _toml, ".yaml": _yaml, ".yml": _yaml}


def _unreadable(error: OSError | ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"is not UTF-8 text (byte {error.start})"
    reason = error.strerror if isinstance(error, OSError) else None
    return f"cannot be read: {reason or error}"
