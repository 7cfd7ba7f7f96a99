"""What a project says once of how its settings are generated: `[tool.brevetti-gen]`.

The table stands in the `pyproject.toml` that is nearest, from the working directory upwards, of
those that have one. It is about one package, and the flags of a command go before it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, NamedTuple

from brevettiai.cli.text import Lines
from brevettiai.messages.words import exactly, guess

from ...json_values import is_array, is_object
from ...problems import GenerationError, Problem
from .rules import unknown

FILE = "pyproject.toml"
_TABLE = "brevetti-gen"
_OF_LINT = ("select", "ignore")
_PLACE = re.compile(r"(.*) \(at line (\d+), column (\d+)\)", re.DOTALL)

_Kind = Literal["text", "texts", "switch", "path", "paths", "paths by URL", "rules"]


class _Key(NamedTuple):
    """What functions call a key, and what it takes."""

    name: str
    kind: _Kind


#: Each is a flag of the command, but for `schemas`, which are its other words, and `lint`, whose
#: keys are flags of `brevetti-gen lint`.
KEYS: Mapping[str, _Key] = {
    "schemas": _Key("sources", "paths"),
    "output": _Key("output", "path"),
    "style": _Key("style", "text"),
    "exclude": _Key("exclude", "texts"),
    "maps": _Key("maps", "paths by URL"),
    "allow-slow-patterns": _Key("allow_slow_patterns", "switch"),
    "assert-formats": _Key("assert_formats", "switch"),
    "form-ranges": _Key("form_ranges", "text"),
    "strict": _Key("strict", "switch"),
    "lint": _Key("lint", "rules"),
}
_TAKES: Mapping[_Kind, str] = {
    "text": "text",
    "texts": "a list of texts",
    "switch": "true or false",
    "path": "a path as text",
    "paths": "a list of paths as text",
    "paths by URL": "a table of paths by URL",
    "rules": "a table with select and ignore",
}


def completed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given to a command, and for the others those of the project.

    Args:
        values: by the names that functions have; None for what was not given. If there is an
            `output`, another one than the project's is another package, of which nothing is said.

    Raises:
        GenerationError: the project's options are none.
    """
    given = {name: value for name, value in values.items() if value is not None}
    own = _configured(Path.cwd())
    if {"output"} <= given.keys() & own.keys() and not _is_same(given["output"], own["output"]):
        return given
    return {**{name: value for name, value in own.items() if name in values}, **given}


def _is_same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _configured(start: Path) -> dict[str, Any]:
    """The options of the project around a folder, paths relative to the working directory."""
    for folder in (start, *start.parents):
        content = b""
        with suppress(OSError):
            content = (folder / FILE).read_bytes()
        # So that a file that says nothing of us costs no reader.
        if _TABLE.encode() in content:
            source = _Source(folder / FILE, content.decode(errors="replace"))
            table = source.table()
            if table is not None:
                return source.options(table)
    return {}


class _Source:
    """A file with options."""

    def __init__(self, path: Path, text: str) -> None:
        self._folder, self._text = path.parent, text
        self._name = _from_here(path)

    def table(self) -> Any:
        """The table; None if there is none."""
        try:
            toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
        except ImportError:
            if f"[tool.{_TABLE}]" not in self._text:
                return None
            hint = 'pip install tomli, or "brevetti[gen]", which brings it'
            raise self._refusal("is TOML, which needs the package tomli", hint) from None
        try:
            # A lone CR is an error in TOML, CR LF is what version control may make of line ends.
            whole: dict[str, Any] = toml.loads(self._text.replace("\r\n", "\n"))
        except ValueError as error:
            found = _PLACE.fullmatch(str(error))
            where = (found[1], int(found[2]), int(found[3])) if found else (str(error), None, None)
            problem = Problem(where[0], self._name, where[1], where[2], code="syntax")
            raise GenerationError([problem]) from None
        tools = whole.get("tool")
        return tools.get(_TABLE) if is_object(tools) else None

    def options(self, table: Any) -> dict[str, Any]:
        """The options in the table, by the names that functions have."""
        if not is_object(table):
            raise self._refusal(f"tool.{_TABLE} must be a table", None)
        if problems := list(self._problems(table)):
            raise GenerationError(problems)
        return {KEYS[key].name: self._option(KEYS[key].kind, table[key]) for key in table}

    def _problems(self, table: Mapping[str, Any]) -> Iterator[Problem]:
        for key, value in table.items():
            if key not in KEYS:
                hint = guess(key, KEYS) or f"there are {', '.join(KEYS)}"
                message = f"there is no option {key!r} in [tool.{_TABLE}]"
                yield self._problem(message, hint, key)
            elif not _fits(KEYS[key].kind, value):
                takes = _TAKES[KEYS[key].kind]
                message = f"{key} must be {takes} (got {exactly(value)})"
                yield self._problem(message, None, key)
            elif KEYS[key].kind == "rules":
                for said in _wrong_rules(value):
                    yield self._problem(*said, key)

    def _option(self, kind: _Kind, value: Any) -> Any:
        if kind == "path":
            return self._path(value)
        if kind == "paths":
            return [self._path(each) for each in value]
        if kind == "paths by URL":
            return {url: self._path(path) for url, path in value.items()}
        return value

    def _path(self, text: str) -> str:
        return text if os.path.isabs(text) else _from_here(self._folder / text)

    def _refusal(self, message: str, hint: str | None) -> GenerationError:
        return GenerationError([self._problem(message, hint)])

    def _problem(self, message: str, hint: str | None, key: str | None = None) -> Problem:
        line = None
        with suppress(ImportError):  # Python 3.10, which tells no places
            from brevettiai.cli.toml_text import scan_toml

            place = ("tool", _TABLE) if key is None else ("tool", _TABLE, key)
            line, _ = Lines.of(self._text).position(scan_toml(self._text).find(place))
        return Problem(message, self._name, line, hint=hint, code="configuration")


def _fits(kind: _Kind, value: Any) -> bool:
    if kind == "switch":
        return isinstance(value, bool)
    if kind == "paths by URL":
        return is_object(value) and all(map(_is_text, value.values()))
    if kind == "rules":
        return is_object(value)
    if kind in ("texts", "paths"):
        return is_array(value) and all(map(_is_text, value))
    return _is_text(value)


def _is_text(value: Any) -> bool:
    """Whether it may name something: no file's name is empty, or has a NUL."""
    return isinstance(value, str) and bool(value) and "\0" not in value


def _wrong_rules(table: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """What is wrong with the table of `lint`, and how to mend it."""
    for name, rules in table.items():
        if name not in _OF_LINT:
            hint = guess(name, _OF_LINT) or f"there are {' and '.join(_OF_LINT)}"
            yield f"there is no option {name!r} in lint", hint
        elif not _fits("texts", rules):
            yield f"{name} of lint must be a list of texts (got {exactly(rules)})", None
        else:
            yield from filter(None, map(unknown, rules))


def _from_here(path: Path) -> str:
    """The path as one would type it in the working directory."""
    return Path(os.path.relpath(path)).as_posix()
