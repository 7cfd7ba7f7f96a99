"""Changes of JSON and YAML texts that leave everything else as it was written.

A change is made at the places of the tokens that it is about, and counts only if the text means
exactly what it should afterwards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import reduce
from operator import getitem
from typing import Any, Literal, NamedTuple

from brevettiai.cli.json_text import parse_json
from brevettiai.cli.text import TextError
from brevettiai.json_values import json_equal

from ....schema.dialects import Pointer


class Change(NamedTuple):
    """A change of one value in a document.

    Attributes:
        kind: a text is `replaced` by another, a key is `renamed`; an item of a list, which is not
            the first one, or a key with its value is `dropped`, or a key with a text is `added` to
            an object that has others.
        pointer: the value, the value of the key, or the item.
        text: the new text, or the new key.
    """

    kind: Literal["replaced", "renamed", "dropped", "added"]
    pointer: Pointer
    text: str = ""


@dataclass
class Span:
    """Where a value stands in a text, its key, and what is in it.

    `end` of what is written as a block is that of the last token in it.
    """

    start: int
    end: int
    key: tuple[int, int] | None = None
    parts: dict[str | int, Span] = field(default_factory=dict[str | int, "Span"])
    is_block: bool = False


class _Composer:
    """Puts spans together from tokens in their order."""

    def __init__(self, read: Callable[[str], str] = str) -> None:
        #: Gives the text of a key that is not one already.
        self._read = read
        self.root = Span(0, 0)
        #: What is open: the span, whether it is an object, and the key that waits for its value.
        self._open: list[tuple[Span, bool]] = []
        self._key: tuple[str, tuple[int, int]] | None = None

    def scalar(self, start: int, end: int, said: str) -> None:
        """A scalar comes, as a key or a value."""
        if self._open and self._open[-1][1] and self._key is None:
            self._key = (self._read(said), (start, end))
        else:
            self._add(Span(start, end))

    def start(self, start: int, *, is_object: bool, is_block: bool = False) -> None:
        """An object or a list begins."""
        span = Span(start, start, is_block=is_block)
        self._add(span)
        self._open.append((span, is_object))

    def end(self, end: int) -> None:
        """The innermost one ends."""
        span, _ = self._open.pop()
        last = max((part.end for part in span.parts.values()), default=span.start)
        span.end = last if span.is_block else end

    def _add(self, span: Span) -> None:
        if not self._open:
            self.root = span
            return
        around, is_object = self._open[-1]
        name: str | int = len(around.parts)
        if is_object and self._key is not None:
            name, span.key = self._key
            self._key = None
        around.parts[name] = span


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\],:"]+')


def _spans_of_json(text: str) -> Span:
    composer = _Composer(json.loads)
    for token in _TOKEN.finditer(text):
        said, (start, end) = token[0], token.span()
        if said in "{[":
            composer.start(start, is_object=said == "{")
        elif said in "}]":
            composer.end(end)
        else:
            composer.scalar(start, end, said)
    return composer.root


def _spans_of_yaml(text: str) -> Span:
    from ruamel.yaml import YAML

    composer = _Composer()
    yaml: Any = YAML(typ="safe", pure=True)
    for event in yaml.parse(text):
        kind, start, end = type(event).__name__, event.start_mark.index, event.end_mark.index
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            is_block = not event.flow_style
            composer.start(start, is_object=kind.startswith("Mapping"), is_block=is_block)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            composer.end(end)
        elif kind in ("ScalarEvent", "AliasEvent"):
            # A block of text ends at the next token.
            end = start + len(text[start:end].rstrip())
            composer.scalar(start, end, getattr(event, "value", ""))
    return composer.root


def spans_of(text: str, *, is_yaml: bool) -> Span:
    """Where the values of a JSON or YAML text stand, which is valid."""
    return (_spans_of_yaml if is_yaml else _spans_of_json)(text)


def changed(text: str, change: Change, *, is_yaml: bool) -> str | None:
    """`text` with a change; None where that would change anything else too."""
    value = parse(text, is_yaml)
    span = spans_of(text, is_yaml=is_yaml)
    around = span
    for step in change.pointer if change.kind != "added" else change.pointer[:-1]:
        if step not in span.parts:
            return None  # an alias, whose value stands elsewhere
        around, span = span, span.parts[step]
    edit = _edit(text, change, span, around)
    if edit is None:
        return None
    start, end, said = edit
    new = text[:start] + said + text[end:]
    try:
        is_as_meant = json_equal(parse(new, is_yaml), _as_meant(value, change))
    except TextError:
        return None
    return new if is_as_meant else None


def _edit(text: str, change: Change, span: Span, around: Span) -> tuple[int, int, str] | None:
    """What stands in the text from where to where instead of what is there."""
    if change.kind == "added":
        return _added(text, change, span)
    if change.kind == "dropped" and span.key:
        cut = _block_member(text, span) if around.is_block else _member(text, span, around)
        return cut and (*cut, "")
    if change.kind == "dropped":
        cut = _block_item(text, span) if around.is_block else _item(text, change, span, around)
        return cut and (*cut, "")
    start, end = (span.start, span.end) if change.kind == "replaced" else (span.key or (0, 0))
    return start, end, _in_manner_of(text[start:end], change.text)


def _in_manner_of(token: str, said: str) -> str:
    """A text in quotes such as those of a token."""
    if token.startswith('"'):
        return json.dumps(said, ensure_ascii=False)
    return f"'{said.replace(chr(39), chr(39) * 2)}'" if token.startswith("'") else said


def _item(text: str, change: Change, span: Span, around: Span) -> tuple[int, int] | None:
    """An item between signs, with the comma before it."""
    last = change.pointer[-1]
    before = around.parts.get(last - 1) if isinstance(last, int) else None
    if before is None or "#" in text[before.end : span.start]:
        return None  # a comment, which may be about either of them
    return before.end, span.end


def _block_item(text: str, span: Span) -> tuple[int, int] | None:
    """An item behind a dash, with all of its lines."""
    start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    if not re.fullmatch(r" *- +", text[start : span.start]):
        return None
    line_end = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)").match(text, span.end)
    return start, line_end.end() if line_end else span.end


def _member(text: str, span: Span, around: Span) -> tuple[int, int] | None:
    """A key between signs with its value, with the comma before it, or that after the first."""
    parts = list(around.parts.values())
    place = parts.index(span)
    start, end = (span.key or (0, 0))[0], span.end
    if place:
        start = parts[place - 1].end
    elif len(parts) > 1:
        end = (parts[1].key or (end, end))[0]
    return None if _has_comment(text[start:end]) else (start, end)


def _block_member(text: str, span: Span) -> tuple[int, int] | None:
    """A key with its value, with all of its lines."""
    begin = (span.key or (0, 0))[0]
    start = max(text.rfind("\n", 0, begin), text.rfind("\r", 0, begin)) + 1
    line_end = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)").match(text, span.end)
    end = line_end.end() if line_end else span.end
    if text[start:begin].strip(" ") or _has_comment(text[start:end]):
        return None
    return start, end


def _has_comment(text: str) -> bool:
    """Whether a text may hold a comment of YAML, which is about what stands beside it."""
    return re.search(r"(?:^|[\s,\[{}\]])#", text) is not None


def _added(text: str, change: Change, span: Span) -> tuple[int, int, str] | None:
    """A new key behind `type`, or the first one, written as those around it."""
    if not span.parts:
        return None
    parts = list(span.parts.values())
    before = span.parts.get("type", parts[0])
    place = parts.index(before)
    start, end = before.key or (0, 0)
    name = _in_manner_of(text[start:end], str(change.pointer[-1]))
    value = _in_manner_of(text[start:end], change.text)
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    if span.is_block:
        rest = re.compile(r"[^\r\n]*").match(text, before.end)
        at = rest.end() if rest else before.end
        line_end = "\r\n" if "\r\n" in text else "\n"
        return at, at, f"{line_end}{' ' * (start - line)}{name}: {value}"
    near = parts[place : place + 2] if place + 1 < len(parts) else parts[place - 1 : place + 1]
    gap = text[near[0].end : (near[1].key or (0, 0))[0]] if len(near) == 2 else ", "
    return None if _has_comment(gap) else (before.end, before.end, f"{gap}{name}: {value}")


def _as_meant(value: Any, change: Change) -> Any:
    """What a document is to be after a change."""
    value = deepcopy(value)
    *way, last = change.pointer
    around = reduce(getitem, way, value)
    if change.kind == "dropped":
        del around[last]
    elif change.kind in ("replaced", "added"):
        around[last] = change.text
    else:
        around[change.text] = around.pop(last)
    return value


def parse(text: str, is_yaml: bool) -> Any:
    """The value of a JSON or YAML text."""
    if is_yaml:
        from brevettiai.cli.yaml_text import parse_yaml

        return parse_yaml(text)
    return parse_json(text)


def repeated_items(values: list[Any]) -> Iterator[int]:
    """The places of those items that are the same as one before, the last ones first."""
    for place in range(len(values) - 1, 0, -1):
        if any(json_equal(values[place], other) for other in values[:place]):
            yield place
