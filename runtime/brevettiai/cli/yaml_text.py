"""YAML text to values, and the places of values in the text.

YAML 1.2 with its core schema (https://yaml.org/spec/1.2.2/#103-core-schema), restricted to what
JSON can say. `ruamel.yaml` splits the text into events; what they mean is decided here, because
its own resolver still knows dates, merge keys and other things of YAML 1.1.
"""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scanner import Scanner

from .text import MAX_DEPTH, Composer, Json, Position, TextError, characters, integer, kind_of, real

MAX_COPIES = 100_000
"""How many values aliases may stand for in one file; more is a bomb, not a schema."""

_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_OLD_LINE_END = re.compile("[\x85\u2028\u2029]")

#: A line of plain text that is no key with a value, before whatever follows.
_TEXT_ALONE = re.compile(
    r"^[ -]*([^\s#'\"\[\]{},&*!|>%@`-](?:(?!: |:$| #)[^\n])*)\n\s*\Z", re.MULTILINE
)
_WORD = re.compile(r"[^\s:]+:(?=\S)")

_IF_TEXT = "put it in quotes if text is meant"
_TAG = "tag:yaml.org,2002:"
_TAGGED = {"null": "null", "bool": "a boolean", "int": "a number", "float": "a number"}


def parse_yaml(text: str) -> Json:
    """The value of a YAML 1.2 text of one document. Aliases stand for copies of their values.

    Raises:
        TextError: the text is no YAML, says what JSON cannot (other tags, keys that are no text,
            infinities, recursive aliases), repeats a key, uses merge keys, or breaks a limit.
    """
    return _compose(text)[0]


def scan_yaml(text: str) -> Position:
    """The place of every value in a YAML text; an alias's values lie where its anchor is."""
    return _compose(text)[1]


def _compose(text: str) -> tuple[Json, Position]:
    if doubtful := _OLD_LINE_END.search(text):
        raise TextError(
            f"the character U+{ord(doubtful[0]):04X}, a line end in YAML 1.1 but not in 1.2",
            doubtful.start(),
            "write it as an escape in double quotes",
        )
    try:
        return _Composer(text).document()
    except MarkedYAMLError as error:
        raise _reworded(error, text) from None
    except ReaderError as error:
        hint = "write it as an escape in double quotes"
        fault: Any = error
        message = f"control character U+{fault.character:04X}"
        raise TextError(message, fault.position, hint) from None


class _Scanner(Scanner):
    def scan_tag_uri(self, name: Any, start_mark: Any) -> Any:
        scanner: Any = super()
        uri: str = scanner.scan_tag_uri(name, start_mark)
        if len(uri) > 1000:  # The parser takes quadratic time to say it.
            raise TextError("a long tag means nothing here", start_mark.index, "leave it out")
        return uri


class _Composer(Composer):
    """Builds the value from the events of the parser."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        #: What anchors stand for; None while it is under way.
        self.anchors: dict[str, tuple[Json, Position] | None] = {}
        self.copies = 0

    def document(self) -> tuple[Json, Position]:
        """The value of the only document, and the places of all values."""
        documents = 0
        yaml: Any = YAML(typ="safe", pure=True)
        yaml.Scanner = _Scanner
        waiting: list[str | None] = []
        for event in yaml.parse(self.text):
            kind, offset = type(event).__name__.removesuffix("Event"), event.start_mark.index
            if kind == "DocumentStart":
                documents += 1
                _check_document(event, documents)
            elif kind == "Alias":
                self.add(*self._anchored(event.anchor, offset), offset)
            elif kind == "Scalar":
                self._scalar(event, offset)
            elif kind in ("MappingStart", "SequenceStart"):
                _check_tag(event, "map" if kind == "MappingStart" else "seq")
                self.start({} if kind == "MappingStart" else [], offset)
                waiting.append(event.anchor)
                if event.anchor is not None:
                    self.anchors[event.anchor] = None
            elif kind in ("MappingEnd", "SequenceEnd"):
                done, anchor = self.end(), waiting.pop()
                if anchor is not None:
                    self.anchors[anchor] = (done.value, done.place)
        if self.root is None:
            raise TextError("the file is empty", 0)
        return self.root

    def _scalar(self, event: Any, offset: int) -> None:
        value, place = _scalar_value(event, offset), Position(offset)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, place)
        container = self.open[-1] if self.open else None
        is_key = container and isinstance(container.value, dict) and container.key is None
        if is_key and event.value == "<<" and not event.style:
            raise TextError(
                "the merge key << is not part of YAML 1.2",
                offset,
                'write the properties out, or use "$ref" or "allOf"',
            )
        self.add(value, place, offset)

    def _anchored(self, anchor: str, offset: int) -> tuple[Json, Position]:
        """A copy of what an anchor stands for, with its place."""
        if anchor not in self.anchors:
            raise TextError("there is no such anchor before this alias", offset, _IF_TEXT)
        anchored = self.anchors[anchor]
        if anchored is None:
            raise TextError("the alias stands inside its own value", offset)
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


def _check_document(event: Any, number: int) -> None:
    if number > 1:
        raise TextError("a second document starts here", event.start_mark.index, "a file holds one")
    if event.version not in (None, (1, 2)):
        raise TextError(
            "the file is read as YAML 1.2, and declares another version",
            0,
            "remove the %YAML line, and quote texts such as yes and no if 1.1 was meant",
        )


def _check_tag(event: Any, *known: str) -> str | None:
    """What of the `known` core tags a value has; None without a tag, or with `!`."""
    tag: str | None = event.tag
    if tag is None or tag == "!":
        return tag
    name = tag.removeprefix(_TAG)
    if name == tag or name not in known:
        raise TextError("this tag means nothing here", event.start_mark.index, _IF_TEXT)
    return name


def _scalar_value(event: Any, offset: int) -> Json:
    """The value of a scalar: by its tag, else text if quoted, else by the core schema."""
    tag = _check_tag(event, "str", *_TAGGED)
    if tag in ("!", "str") or (tag is None and event.style):
        return characters(event.value, offset)
    value = _plain(event.value, offset)
    if tag is None:
        return value
    if kind_of(value) != _TAGGED[tag] or (tag == "int" and isinstance(value, float)):
        raise TextError(f"this is {kind_of(value)}, not what its tag says", offset)
    return float(value) if tag == "float" and isinstance(value, int) else value


def _plain(text: str, offset: int) -> Json:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return integer(text, offset)
    if _FLOAT.fullmatch(text):
        return real(text, offset)
    if _NOT_FINITE.fullmatch(text):
        raise TextError(f"{text} is no JSON number", offset, _IF_TEXT)
    return characters(text, offset)


_REWORDED: tuple[tuple[str, str, str | None], ...] = (
    ("found character '\\t'", "a tab where YAML takes only spaces", "indent with spaces"),
    (
        "mapping values are not allowed",
        "a colon where no key can be",
        "check the indentation, and put text that contains ': ' in quotes",
    ),
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


def _reworded(error: Any, text: str) -> TextError:
    """The parser's complaint in short words, where the trouble starts."""
    problem = str(error.problem or error.context or "invalid YAML")
    start: Any = error.context_mark
    mark: Any = error.problem_mark or start
    if start is not None and "unexpected end of stream" in problem:
        mark = start
    elif start is not None and mark.line > start.line and "but got" in problem:
        opening = text[start.index]
        if opening in "[{":
            return TextError(f"this {opening} is never closed, or lacks a comma", start.index)
    offset: int = mark.index if mark is not None else 0
    if "could not find expected ':'" in problem and start is not None:
        return _without_colon(text, start.index)
    if "mapping values are not allowed" in problem:
        # The line before may have been taken for the beginning of a text of several lines.
        last = _TEXT_ALONE.search(text, 0, text.rfind("\n", 0, offset) + 1)
        if last:
            return _without_colon(text, last.start(1))
    for part, message, hint in _REWORDED:
        if part in problem:
            return TextError(message, offset, hint)
    first_line = problem.splitlines()[0]
    return TextError(f"invalid YAML: {first_line}", offset)


def _without_colon(text: str, offset: int) -> TextError:
    """What is wrong with a line that is text, where a key and its value should be."""
    word = _WORD.match(text, offset)
    if word is None:
        return TextError("a key without a colon", offset)
    return TextError("a colon without a space behind it", word.end() - 1, f"write {word[0]} …")
