"""YAML text to values, and the places of values in the text.

YAML 1.2 with its core schema (https://yaml.org/spec/1.2.2/#103-core-schema), restricted to what
JSON can say. `ruamel.yaml` splits the text into events; what they mean is decided here, because
its own resolver still knows dates, merge keys and other things of YAML 1.1.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from .text import MAX_DEPTH, MAX_DIGITS, Json, Lines, Place, TextError

MAX_COPIES = 100_000
"""How many values aliases may stand for in one file; more is a bomb, not a schema."""

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_DECIMAL = re.compile(r"[-+]?[0-9]+", re.ASCII)
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_OLD_LINE_END = re.compile("[\x85\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")

_TAG = "tag:yaml.org,2002:"
_SCALAR_TAGS: dict[str, type | tuple[type, ...]] = {
    f"{_TAG}null": type(None),
    f"{_TAG}bool": bool,
    f"{_TAG}int": int,
    f"{_TAG}float": (int, float),
}


def parse_yaml(text: str) -> Json:
    """The value of a YAML 1.2 text of one document. Aliases stand for copies of their values.

    Raises:
        TextError: the text is no YAML, says what JSON cannot (other tags, keys that are no text,
            infinities, recursive aliases), repeats a key, uses merge keys, or breaks a limit.
    """
    return _compose(text)[0]


def scan_yaml(text: str) -> Place:
    """The place of every value in a YAML text; an alias's values lie where its anchor is.

    Raises:
        TextError: as `parse_yaml` does.
    """
    return _compose(text)[1]


def _compose(text: str) -> tuple[Json, Place]:
    if doubtful := _OLD_LINE_END.search(text):
        raise TextError(
            f"the character U+{ord(doubtful[0]):04X}, a line end in YAML 1.1 but not in 1.2",
            doubtful.start(),
            "write it as an escape in double quotes",
        )
    try:
        return _Composer(text).document()
    except MarkedYAMLError as error:
        raise _reworded(error) from None
    except ReaderError as error:
        raise _unprintable(error) from None


@dataclass(frozen=True)
class _Event:
    """What we use of an event of the parser."""

    kind: str
    offset: int
    anchor: str | None
    tag: str | None
    value: str
    is_plain: bool
    version: tuple[int, int] | None


def _events(text: str) -> Iterator[_Event]:
    yaml: Any = YAML(typ="safe", pure=True)
    for event in yaml.parse(text):
        yield _Event(
            kind=type(event).__name__.removesuffix("Event"),
            offset=event.start_mark.index,
            anchor=getattr(event, "anchor", None),
            tag=getattr(event, "tag", None),
            value=getattr(event, "value", ""),
            is_plain=not getattr(event, "style", None),
            version=getattr(event, "version", None),
        )


@dataclass
class _Open:
    """An object or array whose end has not come yet."""

    value: dict[str, Json] | list[Json]
    place: Place
    anchor: str | None
    key: str | None = None


class _Composer:
    """Builds the value from the events of the parser, without recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open: list[_Open] = []
        self.root: tuple[Json, Place] | None = None
        self.anchors: dict[str, tuple[Json, Place] | None] = {}
        self.copies = 0

    def document(self) -> tuple[Json, Place]:
        """The value of the only document, and the places of all values."""
        documents = 0
        for event in _events(self.text):
            if event.kind == "DocumentStart":
                documents += 1
                self._check_document(event, documents)
            elif event.kind == "Alias":
                self._add(*self._alias(event), event.offset)
            elif event.kind == "Scalar":
                self._scalar(event)
            elif event.kind in ("MappingStart", "SequenceStart"):
                self._start(event)
            elif event.kind in ("MappingEnd", "SequenceEnd"):
                self._close()
        if self.root is None:
            raise TextError("the file is empty", 0)
        return self.root

    def _check_document(self, event: _Event, number: int) -> None:
        if number > 1:
            raise TextError("a second document starts here", event.offset, "one schema per file")
        if event.version not in (None, (1, 2)):
            raise TextError(
                "schemas are read as YAML 1.2, this file declares another version",
                0,
                "remove the %YAML line, and quote texts such as yes and no if 1.1 was meant",
            )

    def _scalar(self, event: _Event) -> None:
        value, place = _scalar_value(event), Place(event.offset)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, place)
        is_merge = event.is_plain and event.value == "<<"
        self._add(value, place, event.offset, is_merge=is_merge)

    def _start(self, event: _Event) -> None:
        is_mapping = event.kind == "MappingStart"
        if event.tag not in (None, "!", _TAG + ("map" if is_mapping else "seq")):
            raise _foreign_tag(event)
        if len(self.open) == MAX_DEPTH:
            raise TextError(f"nested deeper than {MAX_DEPTH} levels", event.offset)
        value: dict[str, Json] | list[Json] = {} if is_mapping else []
        place = Place(event.offset)
        self._add(value, place, event.offset)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        self.open.append(_Open(value, place, event.anchor))

    def _close(self) -> None:
        done = self.open.pop()
        if done.anchor is not None:
            self.anchors[done.anchor] = (done.value, done.place)

    def _add(self, value: Json, place: Place, offset: int, *, is_merge: bool = False) -> None:
        """Put a value where it belongs: the root, the next item, or a key or its value."""
        if not self.open:
            self.root = (value, place)
            return
        parent = self.open[-1]
        if isinstance(parent.value, list):
            parent.place.parts[len(parent.value)] = place
            parent.value.append(value)
        elif parent.key is None:
            parent.key = self._key(value, parent, offset, is_merge)
        else:
            parent.place.parts[parent.key] = place
            parent.value[parent.key] = value
            parent.key = None

    def _key(self, key: Json, parent: _Open, offset: int, is_merge: bool) -> str:
        if is_merge:
            raise TextError(
                "the merge key << is not part of YAML 1.2",
                offset,
                'write the properties out, or use "$ref" or "allOf"',
            )
        if not isinstance(key, str):
            is_scalar = not isinstance(key, (dict, list))
            shown = f"the key {json.dumps(key)}" if is_scalar else "this key"
            hint = "put the key in quotes" if is_scalar else None
            raise TextError(f"{shown} is {_kind(key)}, keys must be text", offset, hint)
        if key in parent.place.parts:
            first, _ = Lines.of(self.text).position(parent.place.parts[key].offset)
            raise TextError(
                f"the key {json.dumps(key, ensure_ascii=False)} is given twice in one object "
                f"(before on line {first})",
                offset,
            )
        return key

    def _alias(self, event: _Event) -> tuple[Json, Place]:
        offset = event.offset
        if event.anchor is None or event.anchor not in self.anchors:
            raise TextError(f"there is no anchor &{event.anchor} before this alias", offset)
        anchored = self.anchors[event.anchor]
        if anchored is None:
            raise TextError(f"the alias *{event.anchor} stands inside its own value", offset)
        value, place = anchored
        return self._copy(value, len(self.open), offset), place

    def _copy(self, value: Json, depth: int, offset: int) -> Json:
        self.copies += 1
        if self.copies > MAX_COPIES:
            raise TextError(f"aliases stand for more than {MAX_COPIES} values", offset)
        if not isinstance(value, (dict, list)):
            return value
        if depth == MAX_DEPTH:
            raise TextError(f"nested deeper than {MAX_DEPTH} levels by this alias", offset)
        if isinstance(value, list):
            return [self._copy(item, depth + 1, offset) for item in value]
        return {key: self._copy(item, depth + 1, offset) for key, item in value.items()}


def _scalar_value(event: _Event) -> Json:
    """The value of a scalar: by its tag, else text if quoted, else by the core schema."""
    offset, text = event.offset, event.value
    if event.tag is None:
        return _plain(text, offset) if event.is_plain else _text(text, offset)
    if event.tag in ("!", f"{_TAG}str"):
        return _text(text, offset)
    if event.tag not in _SCALAR_TAGS:
        raise _foreign_tag(event)
    value = _plain(text, offset)
    is_bool_as_number = isinstance(value, bool) and event.tag != f"{_TAG}bool"
    if is_bool_as_number or not isinstance(value, _SCALAR_TAGS[event.tag]):
        raise TextError(f"this is {_kind(value)}, not what its tag says", offset)
    return float(value) if event.tag == f"{_TAG}float" and isinstance(value, int) else value


def _plain(text: str, offset: int) -> Json:
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _DECIMAL.fullmatch(text):
        if len(text.lstrip("+-")) > MAX_DIGITS:
            raise TextError(f"an integer of more than {MAX_DIGITS} digits", offset)
        return int(text)
    if _BASED.fullmatch(text):
        # A hexadecimal digit is worth 1.21 decimal ones.
        if len(text) > MAX_DIGITS * 4 // 5:
            raise TextError(f"an integer of more than {MAX_DIGITS} digits", offset)
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if math.isinf(number):
            raise TextError("a number beyond the range of a 64-bit float", offset)
        return number
    if _NOT_FINITE.fullmatch(text):
        hint = "put it in quotes if text is meant"
        raise TextError(f"{text} is no JSON number", offset, hint)
    return _text(text, offset)


def _text(text: str, offset: int) -> str:
    """`text` with the halves of surrogate pairs, which JSON's escapes have, made characters."""
    if not _SURROGATE.search(text):
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise TextError("half of a surrogate pair, which is no character", offset) from None


def _kind(value: Json) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    return {str: "text", dict: "an object", list: "an array"}[type(value)]


def _foreign_tag(event: _Event) -> TextError:
    shown = str(event.tag).replace(_TAG, "!!")
    return TextError(f"the tag {shown} means nothing in a schema", event.offset, "leave it out")


_REWORDED: tuple[tuple[str, str, str | None], ...] = (
    ("found character '\\t'", "a tab where YAML takes only spaces", "indent with spaces"),
    (
        "mapping values are not allowed",
        "a colon where no key can be",
        "check the indentation, and put text that contains ': ' in quotes",
    ),
    ("could not find expected ':'", "a key without a colon", None),
    ("found unexpected end of stream", "this text in quotes never ends", None),
    (
        "expected <block end>, but found",
        "this does not fit what stands before it",
        "check the indentation",
    ),
    (
        "sequence entries are not allowed",
        "a list item where no list can be",
        "check the indentation",
    ),
    ("expected the node content", "a value is missing here", None),
    ("expected ',' or ']'", "expected a comma or ]", None),
    ("expected ',' or '}'", "expected a comma or }", None),
    ("found unknown escape character", "invalid escape in a text in double quotes", None),
    ("that cannot start any token", "a character that no YAML value can start with", None),
    ("found incompatible YAML document", "this file declares another version than YAML 1.2", None),
)


def _reworded(error: Any) -> TextError:
    """The parser's complaint in short words, where the trouble starts."""
    problem = str(error.problem or error.context or "invalid YAML")
    starts_it = "unexpected end of stream" in problem and error.context_mark is not None
    mark = error.context_mark if starts_it else error.problem_mark or error.context_mark
    offset: int = mark.index if mark is not None else 0
    for part, message, hint in _REWORDED:
        if part in problem:
            return TextError(message, offset, hint)
    first_line = problem.splitlines()[0]
    return TextError(f"invalid YAML: {first_line}", offset)


def _unprintable(error: Any) -> TextError:
    offset: int = error.position
    hint = "write it as an escape in double quotes"
    return TextError(f"control character U+{error.character:04X}", offset, hint)
