"""JSON text (RFC 8259) to values, and the places of values in the text.

The standard library's parser gives the value. Only when it refuses, or when a message needs a
place, the scanner below walks the text: it says what is wrong in our words, with its offset.
"""

from __future__ import annotations

import json
import math
import re
from typing import cast

from .text import MAX_DEPTH, MAX_DIGITS, Json, Lines, Place, TextError, too_deep

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[^\s,:\[\]{}\"]+")
# Unrolled, so that a string that never ends fails in linear time.
_PLAIN = r'[^"\\\x00-\x1f]*'
_STRING = re.compile(rf'"{_PLAIN}(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{{4}}){_PLAIN})*"')
_STRING_START = re.compile(_STRING.pattern[:-1])
_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_HINT = "in a regular expression, write the backslash twice: \\\\ud800"


class _Refused(Exception):
    """The standard library would let this pass, RFC 8259 or Python's limits do not."""


def parse_json(text: str) -> Json:
    """The value of a JSON text.

    Stricter than the standard library where a schema could come to mean two things: NaN,
    infinities, numbers beyond a float, repeated keys and lone surrogates are refused.

    Raises:
        TextError: the text is no JSON, or breaks a limit (`MAX_DEPTH`, `MAX_DIGITS`).
    """
    try:
        value = cast(Json, _DECODER.decode(text))
    except (ValueError, RecursionError, _Refused) as error:
        scan_json(text)
        # Both judge alike; should they ever not, the standard library's word stands.
        raise TextError(f"invalid JSON: {error}", getattr(error, "pos", 0)) from None
    has_escaped_surrogate = "\\ud" in text or "\\uD" in text
    may_be_deep = text.count("[") + text.count("{") > MAX_DEPTH
    if has_escaped_surrogate or (may_be_deep and too_deep(value)):
        scan_json(text)
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise _Refused("repeated key")
    return result


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _Refused("number beyond the range of a float")
    return number


def _constant(name: str) -> float:
    raise _Refused(name)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_finite, parse_constant=_constant
)


def scan_json(text: str) -> Place:
    """The place of every value in a JSON text, without recursion.

    Raises:
        TextError: at the first fault.
    """
    return _Scanner(text).document()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0

    def document(self) -> Place:
        """Walk the whole text, value by value; `open_places` are the containers around."""
        self._skip_space()
        if self.offset == len(self.text):
            raise TextError("the file is empty", 0)
        root = Place(self.offset)
        place = root
        open_places: list[tuple[Place, str]] = []
        while True:
            opened = self._value()
            if opened:
                if len(open_places) == MAX_DEPTH:
                    raise TextError(f"nested deeper than {MAX_DEPTH} levels", place.offset)
                open_places.append((place, "}" if opened == "{" else "]"))
            place_or_end = self._next_place(open_places, just_opened=bool(opened))
            if place_or_end is None:
                return root
            place = place_or_end

    def _next_place(self, open_places: list[tuple[Place, str]], just_opened: bool) -> Place | None:
        """Go on to where the next value starts, closing what ends before; None at the end."""
        while open_places:
            container, closer = open_places[-1]
            self._skip_space()
            if self._take(closer):
                open_places.pop()
                just_opened = False
                continue
            if not just_opened:
                comma = self.offset
                if not self._take(","):
                    raise self._expected(f"a comma or {closer}")
                self._skip_space()
                if self.text.startswith(closer, self.offset):
                    raise TextError(f"a comma before {closer}", comma, "leave the comma out")
            key = self._key(container) if closer == "}" else len(container.parts)
            place = container.parts[key] = Place(self.offset)
            return place
        self._skip_space()
        if self.offset != len(self.text):
            raise self._expected("the end of the text")
        return None

    def _value(self) -> str:
        """Pass a scalar (and return nothing) or the start of a container (and return it)."""
        start = self.text[self.offset : self.offset + 1]
        if start in ("{", "["):
            self.offset += 1
            return start
        if start == '"':
            self._string()
        elif start == "-" or "0" <= start <= "9":
            self._number()
        else:
            word = _WORD.match(self.text, self.offset)
            if word is None or word[0] not in ("true", "false", "null"):
                raise self._not_a_value(word[0] if word else "")
            self.offset = word.end()
        return ""

    def _key(self, container: Place) -> str:
        start = self.offset
        if not self.text.startswith('"', start):
            raise self._expected("a key in double quotes")
        key = self._string()
        if key in container.parts:
            first, _ = Lines.of(self.text).position(container.parts[key].offset)
            raise TextError(
                f"the key {json.dumps(key, ensure_ascii=False)} is given twice in one object "
                f"(before on line {first})",
                start,
            )
        self._skip_space()
        if not self._take(":"):
            raise self._expected("a colon after the key")
        self._skip_space()
        return key

    def _string(self) -> str:
        start = self.offset
        match = _STRING.match(self.text, start)
        if match is None:
            raise self._broken_string(start)
        self.offset = match.end()
        value = cast(str, json.loads(match[0])) if "\\" in match[0] else match[0][1:-1]
        if _SURROGATE.search(value):
            raise TextError(
                "half of a surrogate pair, which is no character", start, _SURROGATE_HINT
            )
        return value

    def _broken_string(self, start: int) -> TextError:
        valid = _STRING_START.match(self.text, start)
        end = valid.end() if valid else start + 1
        if end == len(self.text):
            return TextError("this text in quotes never ends", start)
        if self.text[end] == "\\":
            return TextError(f"invalid escape {self.text[end : end + 2]!r} in a text", end)
        if self.text[end] in "\r\n":
            return TextError("this text in quotes does not end on its line", start)
        character = f"U+{ord(self.text[end]):04X}"
        return TextError(f"control character {character} in a text, write it as an escape", end)

    def _number(self) -> None:
        start = self.offset
        match = _NUMBER.match(self.text, start)
        word = _WORD.match(self.text, start)
        if match is None or word is None or match.end() != word.end():
            raise self._not_a_value(word[0] if word else "")
        is_integer = match[1] is None and match[2] is None
        if is_integer and len(match[0].lstrip("-")) > MAX_DIGITS:
            raise TextError(f"an integer of more than {MAX_DIGITS} digits", start)
        if not is_integer and math.isinf(float(match[0])):
            raise TextError("a number beyond the range of a 64-bit float", start)
        self.offset = match.end()

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

    def _skip_space(self) -> None:
        match = _SPACE.match(self.text, self.offset)
        if match:
            self.offset = match.end()

    def _take(self, character: str) -> bool:
        if self.text.startswith(character, self.offset):
            self.offset += 1
            return True
        return False


def _short(word: str) -> str:
    return word if len(word) <= 30 else word[:29] + "…"
