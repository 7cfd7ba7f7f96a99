"""JSON text (RFC 8259) to values, and the places of values in the text.

The strict parser of configs gives the value. Only when it refuses, or when a message needs a place,
the scanner below walks the text: it says what is wrong in words for authors, with its offset.
"""

from __future__ import annotations

import json
import re

from ..config import json_text as strict
from .text import MAX_DEPTH, Composer, Json, Position, TextError, characters, integer, real

_SPACE = re.compile(r"[ \t\n\r]*")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(_INTEGER.pattern + r"(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[^\s,:\[\]{}\"]+")
_PLAIN = r'[^"\\\x00-\x1f]*'
# Of a text in quotes, up to so many escapes: each that is matched is noted.
_IN_QUOTES = re.compile(rf'{_PLAIN}(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{{4}}){_PLAIN}){{0,1000}}')
_SURROGATE_HINT = "in a regular expression, write the backslash twice: \\\\ud800"
_CONSTANTS = {"true": True, "false": False, "null": None}


def parse_json(text: str) -> Json:
    """The value of a JSON text.

    Stricter than the standard library where a schema could come to mean two things: NaN,
    infinities, numbers beyond a float, repeated keys and lone surrogates are refused.

    Raises:
        TextError: the text is no JSON, or breaks a limit (`MAX_DEPTH`, `MAX_DIGITS`).
    """
    try:
        value: Json = strict.parse_json(text)
    except strict.NotJSONText as error:
        scan_json(text)
        # Both judge alike; should they ever not, the parser's word stands.
        raise TextError(f"invalid JSON: {error}", 0) from None
    has_escaped_surrogate = "\\ud" in text or "\\uD" in text
    may_be_deep = text.count("[") + text.count("{") > MAX_DEPTH
    if has_escaped_surrogate or (may_be_deep and _too_deep(value)):
        scan_json(text)
    return value


def _too_deep(value: Json) -> bool:
    """Whether objects and arrays nest deeper than `MAX_DEPTH`, found without recursion."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return any(isinstance(inner, (dict, list)) for inner in level)


def scan_json(text: str) -> Position:
    """The place of every value in a JSON text, without recursion.

    Raises:
        TextError: at the first fault.
    """
    return _Scanner(text).document()


class _Scanner:
    """Walks a text; it always stands at what follows the space after the last piece."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.composer = Composer(text)

    def document(self) -> Position:
        self._go_to(0)
        if self.offset == len(self.text):
            raise TextError("the file is empty", 0)
        self._value()
        while self.composer.open:
            container = self.composer.open[-1]
            closer = "}" if isinstance(container.value, dict) else "]"
            if self._take(closer):
                self.composer.end()
                continue
            if container.value:
                self._comma_before(closer)
            if closer == "}":
                self._key()
            self._value()
        if self.offset != len(self.text):
            raise self._expected("the end of the text")
        assert self.composer.root is not None
        return self.composer.root[1]

    def _comma_before(self, closer: str) -> None:
        comma = self.offset
        if not self._take(","):
            raise self._expected(f"a comma or {closer}")
        if self.text.startswith(closer, self.offset):
            raise TextError(f"a comma before {closer}", comma, "leave the comma out")

    def _key(self) -> None:
        if not self.text.startswith('"', self.offset):
            raise self._expected("a key in double quotes")
        self._string()
        if not self._take(":"):
            raise self._expected("a colon after the key")

    def _value(self) -> None:
        """Pass a scalar or the start of a container."""
        start = self.offset
        if self._take("{"):
            self.composer.start({}, start)
        elif self._take("["):
            self.composer.start([], start)
        elif self.text.startswith('"', start):
            self._string()
        else:
            found = _WORD.match(self.text, start)
            word = found[0] if found else ""
            self.composer.add(self._scalar(word), Position(start), start)
            self._go_to(start + len(word))

    def _scalar(self, word: str) -> Json:
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        if _INTEGER.fullmatch(word):
            return integer(word, self.offset)
        if _NUMBER.fullmatch(word):
            return real(word, self.offset)
        raise self._not_a_value(word)

    def _string(self) -> None:
        start = self.offset
        end, valid = start, start + 1
        while valid != end:
            found = _IN_QUOTES.match(self.text, end := valid)
            valid = found.end() if found else end
        if not self.text.startswith('"', end):
            raise self._broken_string(start, end)
        inside = self.text[start + 1 : end]
        value: str = json.loads(f'"{inside}"') if "\\" in inside else inside
        self.composer.add(characters(value, start, _SURROGATE_HINT), Position(start), start)
        self._go_to(end + 1)

    def _broken_string(self, start: int, end: int) -> TextError:
        if end == len(self.text):
            return TextError("this text in quotes never ends", start)
        if self.text[end] == "\\":
            return TextError(f"invalid escape {self.text[end : end + 2]!r} in a text", end)
        if self.text[end] in "\r\n":
            return TextError("this text in quotes does not end on its line", start)
        character = f"U+{ord(self.text[end]):04X}"
        return TextError(f"control character {character} in a text, write it as an escape", end)

    def _not_a_value(self, word: str) -> TextError:
        if word in ("NaN", "Infinity", "-Infinity"):
            return TextError(f"{word} is no JSON number", self.offset)
        if word.startswith(("//", "/*", "#")):
            return TextError("JSON has no comments", self.offset, 'use "$comment", or YAML')
        if word.startswith("'"):
            return TextError("JSON text stands in double quotes", self.offset)
        if word in ("True", "False", "None"):
            json_word = {"True": "true", "False": "false", "None": "null"}[word]
            return TextError(f"{word} is no JSON value", self.offset, f"write {json_word}")
        if word[:1] in ("-", "+", ".") or word[:1].isdigit():
            return TextError(f"{_short(word)} is no JSON number", self.offset)
        return self._expected("a value")

    def _expected(self, what: str) -> TextError:
        if self.offset >= len(self.text):
            return TextError(f"the text ends where {what} should follow", len(self.text))
        word = _WORD.match(self.text, self.offset)
        found = _short(word[0] if word else self.text[self.offset])
        hint = None
        if found.startswith(("//", "/*", "#")):
            hint = 'JSON has no comments: use "$comment", or YAML'
        return TextError(f"expected {what}, found {found}", self.offset, hint)

    def _take(self, character: str) -> bool:
        found = self.text.startswith(character, self.offset)
        if found:
            self._go_to(self.offset + 1)
        return found

    def _go_to(self, offset: int) -> None:
        space = _SPACE.match(self.text, offset)
        self.offset = space.end() if space else offset


def _short(word: str) -> str:
    return word if len(word) <= 30 else word[:29] + "…"
