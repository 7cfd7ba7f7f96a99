"""Reading settings files: JSON, TOML and YAML, to plain JSON values, and the lines of these.

Stricter than the libraries underneath where they would change or lose something in silence:
duplicate keys, numbers that are not finite and keys that are not text are refused, and dates stay
the text that they are in JSON.
"""

from __future__ import annotations

import json
from operator import methodcaller

from ..config.json_text import NotJSONText, finite, parse_json
from ..json_values import is_object
from ..messages.records import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..settings import Settings
    from .text import Lines, Position
    from .words import Path

#: The keys of the `output.json` of a job, which has its settings in its config, and some that came
#: later with others.
_OUTPUT = {"output", "config", "environment"}
_OF_ATTEMPTS = {"state", "attempt"}


class SettingsFileError(ValueError):
    """A settings file cannot be read; `str()` says what is wrong with it, and where."""


class MissingReader(SettingsFileError):
    """Nothing here can read the language."""


class FileOrigin(str):
    """The name of a settings file, as the origin of what it says; lines are sought when asked for.

    Attributes:
        text: what the file holds.
        suffix: `.json`, `.toml`, `.yaml` or `.yml`.
        inside: the path in the file of the settings that count.
        part: the path of the setting for whose value it was given.
    """

    text: str
    suffix: str
    inside: Path = ()
    part: Path = ()
    _places: Position | None = None
    _lines: Lines | None = None

    def at(self, path: Path) -> str:
        """The file and the line of the value at a path of the settings: `train.toml:3`."""
        line = self.line(path)
        return str(self) if line is None else f"{self}:{line}"

    def line(self, path: Path) -> int | None:
        """The line of the value at a path of the settings."""
        from .text import Lines, TextError

        try:
            if self._places is None or self._lines is None:
                self._places, self._lines = self._scan(), Lines.of(self.text)
            offset = self._places.find((*self.inside, *path[len(self.part) :]))
        except (TextError, RecursionError):  # The scanners refuse more of what nests deeply.
            return None
        return self._lines.position(offset)[0]

    def _scan(self) -> Position:
        if self.suffix == ".json":
            from .json_text import scan_json as scan
        elif self.suffix == ".toml":
            from .toml_text import scan_toml as scan
        else:
            from .yaml_text import scan_yaml as scan
        return scan(self.text)


class SettingsFile(NamedTuple):
    """What a settings file says, and the origin of that."""

    value: Any
    origin: FileOrigin


def origin_text(origin: str, path: Path) -> str:
    """An origin as people read it, of the value at `path`: files with the line."""
    return origin.at(path) if isinstance(origin, FileOrigin) else origin


def read_config_file(path: str, cls: type[Settings]) -> SettingsFile:
    """The config of `cls` that a file holds, a partial one too.

    Of a job's `output.json` these are the settings with which it ran.

    Raises:
        SettingsFileError: as `read_settings_file`, or it holds something else than one object.
    """
    file = read_settings_file(path)
    if not is_object(file.value):
        raise SettingsFileError("must hold one object (keys and values) at its top")
    declared = {field.key for field in cls.__brevetti__.fields()}
    config = file.value.get("config")
    others = file.value.keys() - _OUTPUT
    is_output = file.value.keys() >= _OUTPUT and (not others or others >= _OF_ATTEMPTS)
    if is_output and not declared & _OUTPUT and is_object(config):
        settings = config.get("settings")
        if is_object(settings):
            file.origin.inside = ("config", "settings")
            return SettingsFile(settings, file.origin)
    return file


def read_settings_file(path: str) -> SettingsFile:
    """What a file holds; the suffix of its name says the language.

    `.json`; `.toml` from Python 3.11; `.yaml` and `.yml` with `ruamel.yaml` installed.

    Raises:
        SettingsFileError: it cannot be read, or is not valid.
    """
    from .words import text_in

    suffix, text, mistake = suffix_of(path), "", ""
    try:
        text = text_in(path)
    except OSError as error:
        raise SettingsFileError(_unreadable(error)) from error
    except ValueError as error:
        mistake = _unreadable(error)
    if mistake:  # Raised here, as the other error has all that is in the file.
        raise SettingsFileError(mistake)
    try:
        value = READERS[suffix](text)
    except NotJSONText as error:
        raise SettingsFileError(f"is not valid JSON: {error}") from None
    except RecursionError:
        raise SettingsFileError("is nested too deeply") from None
    origin = FileOrigin(path)
    origin.text, origin.suffix = text, suffix
    return SettingsFile(value, origin)


def suffix_of(path: str) -> str:
    """The suffix of a settings file, in small letters.

    Raises:
        SettingsFileError: it is none of those that settings files have.
    """
    from os.path import splitext

    suffix = splitext(path)[1].lower()
    if suffix not in READERS:
        what = f"the suffix {suffix!r}" if suffix else "a name without suffix"
        raise SettingsFileError(f"has {what}; settings files are .json, .toml, .yaml or .yml")
    return suffix


def _toml(text: str) -> Any:
    try:
        import tomllib  # pyright: ignore[reportMissingTypeStubs]
    except ImportError:
        raise MissingReader(
            "is TOML, which needs Python 3.11 or newer; use JSON here, or YAML"
        ) from None
    if len(text) > 100_000 or text.count(".") > 200:  # Shorter ones take no time.
        from .toml_text import statements

        _told("TOML", lambda text: list(statements(text)), text)
    try:
        # `tomllib` takes LF and CRLF; a lone CR is an error in TOML as well as here.
        value = tomllib.loads(text.replace("\r\n", "\n"), parse_float=finite)
        # Dates and times become ISO 8601 text, the form that they have in JSON configs.
        return json.loads(json.dumps(value, default=methodcaller("isoformat")))
    except NotJSONText as error:
        raise SettingsFileError(f"holds {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsFileError(f"is not valid TOML: {error}") from None
    except ValueError:  # The one mistake that is left to `int` and `json`.
        raise SettingsFileError("holds a number with too many digits") from None


def _yaml(text: str) -> Any:
    try:
        import ruamel.yaml  # pyright: ignore[reportUnusedImport]  # noqa: F401
    except ImportError:
        raise MissingReader(
            "is YAML, which needs the package ruamel.yaml: pip install 'brevetti[yaml]'"
        ) from None
    # The reader of schemas too, so that a file means the same as a schema and as settings.
    from .yaml_text import parse_yaml

    return _told("YAML", parse_yaml, text)


def _told(language: str, read: Callable[[str], Any], text: str) -> Any:
    """What `read` says of a text, its faults with their places."""
    from .text import Lines, TextError

    try:
        return read(text)
    except TextError as error:
        line, column = Lines.of(text).position(error.offset)
        hint = f" ({error.hint})" if error.hint else ""
        raise SettingsFileError(
            f"is not valid {language}: line {line}, column {column}: {error.message}{hint}"
        ) from None


#: What reads the text of a file, by its suffix.
READERS = {".json": parse_json, ".toml": _toml, ".yaml": _yaml, ".yml": _yaml}


def _unreadable(error: OSError | ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"is not UTF-8 text (byte {error.start})"
    reason = error.strerror if isinstance(error, OSError) else None
    return f"cannot be read: {reason or error}"
