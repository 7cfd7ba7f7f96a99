"""Settings as the text of a file, JSON, TOML or YAML, with what is said of them as comments."""

from __future__ import annotations

import json
import re
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from ..config.json_text import json_text
from ..errors import Problem
from ..json_values import is_array, is_object
from .inside import item_of, kind_of, kinds_of
from .layout import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..compiled import Field
    from ..messages.findings import Path
    from ..settings import Settings

_WIDTH = 88
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_TEXT = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_./ -]*[A-Za-z0-9_./-])?")
#: What YAML, or a reader of YAML 1.1, would take for something else than text.
_NOT_TEXT = frozenset("null true false yes no on off y n".split())
_EXPONENT = re.compile(r"^(-?[0-9]+)(e[+-][0-9]+)$")
_LONGEST_KEY = 1000
"""Characters of a key in YAML; before longer ones stands a question mark."""
#: Of the characters that JSON leaves as they are, those that one of the others does not take, or
#: that a terminal obeys: control characters, and what changes the direction of a text.
_UNSAFE = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_UNSAFE_OR_FOREIGN = re.compile("[^\x20-\x7e]")


class Unsayable(Exception):
    """A value that a language has no words for; `problem` says which."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Writer(NamedTuple):
    """How a config becomes text.

    Attributes:
        ascii: whether characters beyond ASCII become escapes.
        comments: what stands at the top.
    """

    ascii: bool = False
    comments: Sequence[str] = ()

    def json(self, cls: type[Settings] | None, config: dict[str, Any]) -> str:
        """JSON text; it has no comments."""
        return _UNSAFE.sub(_escape, json_text(config, 2, ascii=self.ascii)) + "\n"

    def toml(self, cls: type[Settings], config: dict[str, Any]) -> str:
        """TOML text, which lacks what is null in an object.

        Raises:
            Unsayable: null in a list, or text that is no Unicode.
        """
        return self._joined([*self._about(self.comments), *self._table(cls, config, ())])

    def yaml(self, cls: type[Settings] | None, config: dict[str, Any]) -> str:
        """YAML 1.2 text, that readers of YAML 1.1 understand too; also of what is no config.

        Raises:
            Unsayable: text that is no Unicode.
        """
        lines = self._mapping(cls, config, ()) if config else ["{}"]
        return self._joined([*self._about(self.comments), *lines])

    def _joined(self, lines: Sequence[str]) -> str:
        text = "\n".join(lines) + "\n"
        return text.encode("ascii", "backslashreplace").decode() if self.ascii else text

    def _about(self, texts: Sequence[str]) -> Iterator[str]:
        """Comments."""
        for text in texts:
            shown = visible(" ".join(text.split()))
            yield from (f"# {line}" for line in wrap(shown, _WIDTH, break_on_hyphens=False))

    def _about_field(self, field: Field | None) -> Iterator[str]:
        if field is None:
            return self._about([])
        says_more = field.title.casefold() != field.key.replace("_", " ").casefold()
        return self._about([field.description or (field.title if says_more else "")])

    # TOML

    def _table(self, cls: Any, config: dict[str, Any], path: Path) -> Iterator[str]:
        """The lines of a table: first its values, then the tables in it, as TOML wants it."""
        known = _fields(cls)
        for key, value in config.items():
            if value is not None and not is_object(value):
                yield from self._about_field(known.get(key))
                said = self._toml_list if is_array(value) else self._toml_value
                yield f"{self._key(key, path)} = {said(value, (*path, key))}"
        for key, value in config.items():
            if is_object(value):
                yield ""
                yield from self._about_field(known.get(key))
                inner = (*path, key)
                keys = [self._key(str(step), inner[:depth]) for depth, step in enumerate(inner)]
                yield f"[{'.'.join(keys)}]"
                yield from self._table(_class_of(known.get(key), value), value, inner)

    def _key(self, key: str, path: Path) -> str:
        return key if _BARE_KEY.fullmatch(key) else self._quoted(key, path)

    def _toml_list(self, value: list[Any], path: Path) -> str:
        """A list, whose items have a line each if there is something in them."""
        items = [self._toml_value(item, (*path, index)) for index, item in enumerate(value)]
        if any(is_object(item) or is_array(item) for item in value):
            return "\n".join(["[", *(f"    {item}," for item in items), "]"])
        return f"[{', '.join(items)}]"

    def _toml_value(self, value: Any, path: Path) -> str:
        if is_object(value):
            pairs = [
                f"{self._key(key, path)} = {self._toml_value(item, (*path, key))}"
                for key, item in value.items()
                if item is not None
            ]
            return f"{{{', '.join(pairs)}}}"
        if is_array(value):
            items = [self._toml_value(item, (*path, index)) for index, item in enumerate(value)]
            return f"[{', '.join(items)}]"
        if value is None:
            raise Unsayable(Problem(path, "is null, for which TOML has no word"))
        return self._quoted(value, path) if isinstance(value, str) else json_text(value)

    # YAML

    def _mapping(self, cls: Any, config: dict[str, Any], path: Path) -> Iterator[str]:
        known = _fields(cls)
        for key, value in config.items():
            field, inner = known.get(key), (*path, key)
            yield from self._about_field(field)
            name = self._yaml_value(key, path)
            if len(name) > _LONGEST_KEY:
                yield f"? {name}"
                name = ""
            if is_object(value) and value:
                yield f"{name}:"
                yield from _indented(self._mapping(_class_of(field, value), value, inner), "  ")
            elif is_array(value) and any(is_object(item) or is_array(item) for item in value):
                yield f"{name}:"
                for index, item in enumerate(value):
                    row = None if field is None else item_of(field, index)
                    yield from self._item(row, item, (*inner, index))
            else:
                yield f"{name}: {self._yaml_value(value, inner)}"

    def _item(self, row: Field | None, value: Any, path: Path) -> Iterator[str]:
        if is_object(value) and value:
            lines = self._mapping(_class_of(row, value), value, path)
            yield from _indented(lines, "    ", "  - ")
        else:
            yield f"  - {self._yaml_value(value, path)}"

    def _yaml_value(self, value: Any, path: Path) -> str:
        """A value in one line."""
        if is_object(value):
            pairs: list[str] = []
            for key, item in value.items():
                name = self._quoted(key, path)
                start = "? " if len(name) > _LONGEST_KEY else ""
                pairs.append(f"{start}{name}: {self._yaml_value(item, (*path, key))}")
            return f"{{{', '.join(pairs)}}}"
        if is_array(value):
            items = [self._yaml_value(item, (*path, index)) for index, item in enumerate(value)]
            return f"[{', '.join(items)}]"
        if isinstance(value, str):
            is_plain = _PLAIN_TEXT.fullmatch(value) and value.lower() not in _NOT_TEXT
            return value if is_plain else self._quoted(value, path)
        text = json_text(value)
        # Without a point, YAML 1.1 reads text.
        return _EXPONENT.sub(r"\1.0\2", text) if isinstance(value, float) else text

    def _quoted(self, text: str, path: Path) -> str:
        """Text in double quotes, as both TOML and YAML read it."""
        if not _is_unicode(text):
            raise Unsayable(Problem(path, "is no Unicode text, which only JSON can say"))
        quoted = json.dumps(text, ensure_ascii=False)
        return (_UNSAFE_OR_FOREIGN if self.ascii else _UNSAFE).sub(_escape, quoted)


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _indented(lines: Iterator[str], indent: str, first: str | None = None) -> Iterator[str]:
    for line in lines:
        yield (indent if first is None else first) + line
        first = None


def _fields(cls: Any) -> dict[str, Field]:
    return {} if cls is None else {field.key: field for field in cls.__brevetti__.fields()}


def _class_of(field: Field | None, value: Any) -> Any:
    """The class of which `value`, of a setting, is an object; None without one."""
    kind = None if field is None else kind_of(kinds_of(field), value)
    return None if kind is None else kind.cls
