"""What `--show-settings` prints: a table of the settings, or a file that gives them again."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..config.json_text import parse_json
from ..errors import Problem, SettingsError, path_text, too_deep
from ..json_values import UNSET, is_array, is_object, json_equal
from ..messages.secrets import MASK, Secrets, masked, path_shown
from .files import READERS, MissingReader, SettingsFileError
from .inside import item_of, kind_of, kinds_of, value_at, value_of
from .layers import Parsed, copied, place
from .layout import visible
from .origins import Origins, quiet
from .words import write_json
from .writing import Unsayable, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ..compiled import Field, Path
    from ..settings import Settings
    from .program import Held

_MOST = 48
"""Characters of a value in the table."""
_NAMES = {"json": "JSON", "toml": "TOML", "yaml": "YAML"}


def shown(parsed: Parsed, held: Held, give: Callable[[Parsed], Held]) -> str:
    """The settings as a command line asks for them.

    Args:
        give: loads what a command line says.

    Raises:
        SettingsError: the language that is asked for cannot say one of the values.
    """
    if parsed.shows == "table":
        return _table(parsed, held)
    return _file(parsed, held, give)


# The table

HEAD = ("setting", "value", "default", "from")


def _table(parsed: Parsed, held: Held) -> str:
    """Name, value, default and origin of all settings."""
    # What lies in a secret is one row, as its own keys are secret too.
    rows: dict[str, tuple[str, str, str, str]] = {"": HEAD}
    defaults = Defaults(parsed.cls)
    for path, origin in Origins(parsed, held.config).items():
        value, default = value_at(held.config, path), defaults.at(path, held.config)
        texts = [_shown(each, held.secrets.at(*path)) for each in (value, default)]
        name = path_text(path_shown(path, held.secrets))
        rows.setdefault(name, (visible(name), texts[0], texts[1], visible(origin)))
    dropped = (
        f"dropped: {visible(path_text(path_shown(path, held.secrets)))}, by {visible(origin)}\n"
        for path, origin in parsed.dropped.items()
    )
    return "".join([in_columns([*rows.values()]), *dropped])


def in_columns(rows: Sequence[tuple[str, str, str, str]]) -> str:
    """Rows as lines of text."""
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join([*map(str.ljust, row[:3], widths), row[3]]).rstrip() for row in rows]
    return "\n".join(lines) + "\n"


class Defaults:
    """The defaults of a class, each read once."""

    def __init__(self, cls: type[Settings]) -> None:
        self._cls = cls
        self._rows: dict[type | None, dict[str, Field]] = {None: {}}
        self._read: dict[str, Any] = {}

    def at(self, path: Path, config: Any) -> Any:
        """What stands at a path if nobody gives it: its own default, or that of an object around.

        Of several kinds of objects the one that `config` has counts.
        """
        kind: type[Settings] | None = self._cls
        row: Field | None = None
        default = UNSET
        for step in path:
            rows = self._rows_of(kind)
            if step in rows or row is None:
                row = rows.get(str(step))
            else:
                row = item_of(row, step) if isinstance(step, int) else value_of(row, step)
            default = value_at(default, (step,))
            if default is UNSET and row is not None and row.default is not None:
                if row.default not in self._read:
                    self._read[row.default] = parse_json(row.default)
                default = self._read[row.default]
            config = value_at(config, (step,))
            found = None if row is None else kind_of(kinds_of(row), config)
            kind = None if found is None else found.cls
        return default

    def _rows_of(self, kind: Any) -> dict[str, Field]:
        if kind not in self._rows:
            self._rows[kind] = {each.key: each for each in kind.__brevetti__.fields()}
        return self._rows[kind]


def _shown(value: Any, secrets: Secrets) -> str:
    if value is UNSET or secrets.is_secret:
        return "" if value is UNSET else MASK
    text = visible(write_json(masked(value, secrets)))
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


# Files


def _file(parsed: Parsed, held: Held, give: Callable[[Parsed], Held]) -> str:
    """A settings file that gives the settings again, but for its secrets, which it names."""

    def again(config: dict[str, Any]) -> dict[str, Any]:
        layers = Parsed(parsed.cls, None)
        layers.put_all(config, "")
        return layers.config if json_equal(layers.config, held.config) else give(layers).config

    lacking = [path_shown(path, held.secrets) for path in _lacking(held.config, held.public, ())]
    notes = [f"{path_text(path)} is a secret, and left out" for path in dict.fromkeys(lacking)]
    if notes and parsed.shows == "json":
        print("\n".join(notes), file=sys.stderr)  # JSON has no comments.
    is_unicode = "utf" in (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    writer = Writer(ascii=not is_unicode, comments=notes)
    return text_of(parsed.cls, held, parsed.shows, again, writer)


def text_of(
    cls: type[Settings],
    held: Held,
    language: str,
    again: Callable[[dict[str, Any]], dict[str, Any]],
    writer: Writer,
) -> str:
    """The text of a settings file with what is public.

    Args:
        again: the config of the settings that a config gives.

    Raises:
        SettingsError: the language cannot say one of the values.
    """
    try:
        text: str = getattr(writer, language)(cls, held.public)
        try:
            said = READERS[f".{language}"](text)
        except MissingReader:
            said = _without_null(held.public) if language == "toml" else copied(held.public)
        _add_secrets(said, held.config, held.public)
        try:
            with quiet():
                said = again(said)
        except SettingsError:
            # What the file does not say is why.
            if json_equal(said, held.config):
                raise
        if json_equal(said, held.config):
            return text
        problem = _difference(held.config, said, language)
    except Unsayable as error:
        problem = error.problem
    except SettingsFileError as error:
        problem = Problem((), f"{error}, when that is read")
    except RecursionError:
        problem = too_deep()
    raise SettingsError([problem], f"{cls.__name__} as {_NAMES[language]}")


def _difference(config: Any, back: Any, language: str, path: Path = ()) -> Problem:
    """What a file does not say: the first value that is another when it is read."""
    for step in _steps(config, back):
        values = value_at(config, (step,)), value_at(back, (step,))
        if not json_equal(*values):
            return _difference(*values, language, (*path, step))
    if config is None:
        return Problem(path, f"is null, for which {_NAMES[language]} has no word")
    if config is UNSET:
        unset = "which a settings file cannot say over the default around it; give --unset too"
        return Problem(path, f"is absent, {unset}")
    return Problem(path, f"is another value when {_NAMES[language]} is read")


def _steps(config: Any, back: Any) -> Iterator[Any]:
    if is_object(config) and is_object(back):
        yield from {**config, **back}
    elif is_array(config) and is_array(back):
        yield from range(max(len(config), len(back)))


def _lacking(config: Any, public: Any, path: Path) -> Iterator[Path]:
    """The paths of what `config` has and `public` has not."""
    for step in _parts(config):
        if _is_left_out(config, public, step):
            yield (*path, step)
        else:
            yield from _lacking(config[step], public[step], (*path, step))


def _add_secrets(said: Any, config: Any, public: Any) -> None:
    for step in _parts(config):
        if _is_left_out(config, public, step) and (is_object(said) or is_array(said)):
            place(said, step, copied(config[step]))
        elif value_at(said, (step,)) is not UNSET:
            _add_secrets(said[step], config[step], public[step])


def _is_left_out(config: Any, public: Any, step: Any) -> bool:
    value = value_at(public, (step,))
    return value is UNSET or (value is None and config[step] is not None)


def _parts(value: Any) -> Iterator[Any]:
    if is_object(value):
        yield from value
    elif is_array(value):
        yield from range(len(value))


def _without_null(value: Any) -> Any:
    if is_object(value):
        return {key: _without_null(item) for key, item in value.items() if item is not None}
    return [_without_null(item) for item in value] if is_array(value) else value
