"""Stored configs with the names and values of today, everything else as it was written.

Each change is made at the places of the tokens that it is about. The whole counts only if the text
then means exactly what a load makes of the old one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from brevettiai.cli.text import TextError
from brevettiai.config.changes import Change
from brevettiai.json_values import is_object, json_equal

from ..lint.edits import Span, parse, spans_of

#: What is the same text in YAML without quotes, in readers of YAML 1.1 too.
_PLAIN = re.compile(
    r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_$][A-Za-z0-9_$-]*", re.IGNORECASE
)
_BLANK = re.compile(r"[ \t]*")
#: How many characters are read for all changes of a text: a minute's worth of JSON, and of YAML.
MOST_READ = (100_000_000, 6_000_000)


class CannotBeRewritten(Exception):
    """A text cannot be changed without changing more than is meant; `str()` says where."""


class Rewriting:
    """A text that is being changed.

    Attributes:
        text: what it is by now.
    """

    def __init__(self, text: str, *, is_yaml: bool, inside: Sequence[str | int] = ()) -> None:
        """`inside` is where the config lies in the text."""
        self.text = text
        self._is_yaml = is_yaml
        self._inside = tuple(map(str, inside))
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._ends_line = text.endswith(("\n", "\r"))
        #: What is read of the text, and what replaces tokens in it: by start the end and the new.
        self._root: Span | None = None
        self._may_read = max(MOST_READ[is_yaml], 4 * len(text))
        self._replaced: dict[int, tuple[int, str]] = {}

    def apply(self, changes: Iterable[Change]) -> None:
        """Make changes, each in a text in which those before it are made.

        Raises:
            CannotBeRewritten: one of them cannot be made so.
            TextError: they are too many.
        """
        for change in changes:
            try:
                self._apply(change)
            except LookupError:
                where = ".".join(map(str, change.path))
                raise CannotBeRewritten(where) from None
        self._make_replacements()
        if not self._ends_line:
            self.text = self.text.removesuffix(self._newline)

    def says(self, expected: Any) -> bool:
        """Whether the text means a value."""
        try:
            return json_equal(parse(self.text, self._is_yaml), expected)
        except TextError:
            return False

    def _apply(self, change: Change) -> None:
        if change.kind == "version" and change.was is None:
            self._make_replacements()
            self._add_first(change.path[-1], json.dumps(change.value))
        elif change.kind in ("version", "respelled"):
            self._replace_value(change.path, change.value)
        elif change.kind in ("removed", "emptied"):
            self._make_replacements()
            self._cut(change.path)
        else:
            if change.scale is not None:
                self._replace_value(change.path, change.value)
            if change.path[:-1] == change.new[:-1]:
                self._rename(change.path, str(change.new[-1]))
            else:
                self._make_replacements()
                self._move(change.path, change.new)

    # Tokens, of which many are replaced before the text is read again

    def _replace_value(self, path: Sequence[str | int], value: Any) -> None:
        span = self._span(path)
        if span.start in self._replaced:
            self._make_replacements()
            span = self._span(path)
        token = self.text[span.start : span.end]
        said = json.dumps(value)
        if isinstance(value, str):
            said = _in_manner_of(token, value, is_yaml=self._is_yaml)
        self._replaced[span.start] = span.end, said

    def _rename(self, path: Sequence[str | int], key: str) -> None:
        *_, around, span = self._spans(path)
        if span.key is None:
            raise KeyError
        start, end = span.key
        if start in self._replaced:
            self._make_replacements()
            self._rename(path, key)
            return
        said = _in_manner_of(self.text[start:end], key, is_yaml=self._is_yaml)
        self._replaced[start] = end, said
        around.parts[key] = around.parts.pop(path[-1])

    def _make_replacements(self) -> None:
        parts, end = list[str](), len(self.text)
        for start, (stop, said) in sorted(self._replaced.items(), reverse=True):
            parts += [self.text[stop:end], said]
            end = start
        if parts:
            self.text = self.text[:end] + "".join(reversed(parts))
            self._replaced.clear()
            self._root = None

    # Places

    def _spans(self, path: Iterable[str | int]) -> list[Span]:
        """The spans on the way to a place, the last one its own.

        Raises:
            KeyError: there is none, as that is written elsewhere in the text.
        """
        if self._root is None:
            self._may_read -= len(self.text)
            if self._may_read < 0:
                text = "so many settings to move that reading it anew for each would take minutes"
                raise TextError(text, 0)
            self._root = spans_of(self.text, is_yaml=self._is_yaml)
        found = [self._root]
        for step in (*self._inside, *path):
            found.append(found[-1].parts[step])
        return found

    def _span(self, path: Iterable[str | int]) -> Span:
        return self._spans(path)[-1]

    def _put(self, start: int, end: int, said: str) -> None:
        self.text = self.text[:start] + said + self.text[end:]
        self._root = None

    def _indent(self, offset: int) -> str:
        """What stands before the first sign of the line at an offset."""
        start = self._line_start(offset)
        found = _BLANK.match(self.text, start)
        return found[0] if found else ""

    def _line_start(self, offset: int) -> int:
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def _line_end(self, offset: int) -> int:
        """Where the next line begins."""
        found = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)").match(self.text, offset)
        return found.end() if found else offset

    def _unit(self) -> str:
        """By how much one level is indented more than the one around it."""
        root = self._spans(())[0]
        inner = (part for span in root.parts.values() for part in span.parts.values())
        for part in inner if root.is_block else root.parts.values():
            indent = self._indent(part.key[0]) if part.key else ""
            if indent:
                return indent
        return "  "

    # Members of objects

    def _cut(self, path: Sequence[str | int]) -> str:
        """Take a member out, and give what stood behind its key."""
        *_, around, span = self._spans(path)
        if span.key is None:
            raise KeyError
        if around.is_block:
            return self._cut_lines(path, around, span)
        said = self.text[span.key[1] : span.end]
        members = list(around.parts.values())
        at = members.index(span)
        if len(members) == 1:
            start, end = around.start + 1, around.end - 1
        elif at:
            start, end = members[at - 1].end, span.end
        else:
            start, end = span.key[0], (members[1].key or (0, 0))[0]
        if self._is_yaml and "#" in self.text[start:end].replace(said, ""):
            raise KeyError  # a comment, which may be about either of them
        self._put(start, end, "")
        return said

    def _cut_lines(self, path: Sequence[str | int], around: Span, span: Span) -> str:
        """Take a member out with its lines, the comment behind its value too."""
        start, key_end = span.key or (0, 0)
        first = self._line_start(start)
        end = self._line_end(max(span.end, key_end))
        if self.text[first:start].strip():
            raise KeyError  # the first key of an item, behind its dash
        said = self.text[key_end:end].rstrip("\r\n")
        self._put(first, end, "")
        if len(around.parts) == 1:
            *_, outer = self._spans(path[:-1])
            if outer.key is None:
                self._put(first, first, "{}" + self._newline * (first < len(self.text)))
            else:
                self._put(outer.key[1], outer.key[1] + 1, ": {}")
        return said

    def _move(self, old: Sequence[str | int], new: Sequence[str | int]) -> None:
        source = self._span(old)
        if source.key is None:
            raise KeyError
        indent = self._indent(source.key[0])
        said = self._cut(old)
        *way, last = map(str, new)
        depth = len(way)
        while depth and not self._is_there(way[:depth]):
            depth -= 1
        self._add(way[:depth], [*way[depth:], last], said, indent)

    def _is_there(self, path: Sequence[str]) -> bool:
        try:
            return bool(self._spans(path))
        except KeyError:
            return False

    def _add(self, path: Sequence[str], keys: Sequence[str], said: str, indent: str) -> None:
        """Add a member at the end of an object, inside objects for all keys but the last.

        `said` is what stood behind its old key, and `indent` what stood before that.
        """
        *outer, span = self._spans(path)
        members = list(span.parts.values())
        if self._is_yaml and not members and all(each.is_block for each in outer[-1:]):
            self._open_block(span, keys, said, indent)
            return
        if span.is_block:
            own = self._indent((members[0].key or (0, 0))[0])
            at = self._line_end(max(members[-1].end, (members[-1].key or (0, 0))[1]))
            self._add_lines(at, own, keys, said, indent)
            return
        if said.lstrip(": \t").startswith(("\n", "\r")) or (self._is_yaml and " #" in said):
            raise KeyError  # lines that have no place between signs
        is_spread = "\n" in self.text[span.start : span.end] or (not members and "\n" in self.text)
        around = self._indent(span.start)
        unit = self._unit() if is_spread else ""
        own = (
            self._indent((members[-1].key or (0, 0))[0]) if members and is_spread else around + unit
        )
        text = _shifted(said, indent, own + unit * (len(keys) - 1))
        for depth in range(len(keys) - 1, 0, -1):
            lead = own + unit * depth
            opened = f"{self._newline}{lead}" if is_spread else ""
            closed = f"{self._newline}{lead[: len(lead) - len(unit)]}" if is_spread else ""
            text = f": {{{opened}{self._key(keys[depth])}{text}{closed}}}"
        text = self._key(keys[0]) + text
        if members:
            joint = f",{self._newline}{own}" if is_spread else ", "
            self._put(members[-1].end, members[-1].end, joint + text)
        elif is_spread:
            text = f"{{{self._newline}{own}{text}{self._newline}{around}}}"
            self._put(span.start, span.end, text)
        else:
            self._put(span.start, span.end, f"{{{text}}}")

    def _open_block(self, span: Span, keys: Sequence[str], said: str, indent: str) -> None:
        """Add a member to an empty object between signs, as a block of lines."""
        start = len(self.text[: span.start].rstrip(" "))
        self._put(start, span.end, "")
        is_inside = self.text[max(start - 1, 0) : start] == ":"
        own = self._indent(start) + self._unit() if is_inside else ""
        self._add_lines(self._line_end(start) if is_inside else start, own, keys, said, indent)

    def _add_lines(self, at: int, own: str, keys: Sequence[str], said: str, indent: str) -> None:
        unit, lines = self._unit(), list[str]()
        for depth, key in enumerate(keys):
            lead = own + unit * depth
            lines.append(f"{lead}{self._key(key)}" + (":" if key is not keys[-1] else ""))
        lines[-1] += _shifted(said, indent, own + unit * (len(keys) - 1))
        before = "" if at == 0 or self.text[at - 1 : at] in "\r\n" else self._newline
        after = self._newline if not before else ""
        self._put(at, at, before + self._newline.join(lines) + after)

    def _add_first(self, key: Any, said: str) -> None:
        """Add a member at the beginning of the config."""
        span = self._span(())
        members = list(span.parts.values())
        if not members:
            self._put(span.start, span.end, f"{{{self._key(key)}: {said}}}")
            return
        if members[0].key is None:
            raise KeyError
        start, _ = members[0].key
        if span.is_block:
            lead = self.text[self._line_start(start) : start]
            self._put(start, start, f"{self._key(key)}: {said}{self._newline}{lead}")
        else:
            blank = (
                self.text[span.start + 1 : start] if "\n" in self.text[span.start : start] else " "
            )
            self._put(start, start, f"{self._key(key)}: {said},{blank}")

    def _key(self, key: str) -> str:
        return _in_manner_of("" if self._is_yaml else '"', key, is_yaml=self._is_yaml)


def _in_manner_of(token: str, said: str, *, is_yaml: bool) -> str:
    """A text in quotes such as those of a token, or in none if that is the same text."""
    if is_yaml and token[:1] == "'":
        return f"'{said.replace(chr(39), chr(39) * 2)}'"
    if is_yaml and token[:1] != '"' and _PLAIN.fullmatch(said):
        return said
    return json.dumps(said, ensure_ascii=False)


def _shifted(said: str, old: str, new: str) -> str:
    """Lines behind a key that stands at another column now."""
    first, *rest = said.split("\n")
    return "\n".join(
        [first, *(new + line.removeprefix(old) if line.startswith(old) else line for line in rest)]
    )


def expected_in(document: Any, inside: Sequence[str | int], config: Any) -> Any:
    """A document with another config at a place."""
    if not inside:
        return config
    key, *others = inside
    assert is_object(document)
    return {**document, key: expected_in(document[key], others, config)}
