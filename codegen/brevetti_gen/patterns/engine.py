"""A backtracking engine that counts its steps and stops at a limit.

It tries what Python's `re` tries, in the same order, so that a text can be shown to take
practically forever without waiting for it. It runs at generation alone, on short texts.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from .alphabet import SETS
from .classes import members
from .syntax import (
    Alternation,
    Backreference,
    Boundary,
    CapturingGroup,
    End,
    Look,
    Node,
    Repeat,
    Sequence,
    Start,
)
from .unicode_properties import Ranges

_Instruction: TypeAlias = tuple[Any, ...]
_Groups: TypeAlias = dict[int, tuple[int, int]]


class _Loop(NamedTuple):
    """The innermost loop: rounds begun, where the last one began, and the loop around it."""

    rounds: int
    last: int
    outer: _Loop | None


_State: TypeAlias = tuple[int, int, _Loop | None, _Groups]
"""Instruction, place, loop and groups."""


class Trial(NamedTuple):
    """What came of a search: None for `found` if it was stopped."""

    found: bool | None
    steps: int


def tried(body: Node, text: str, limit: int) -> Trial:
    """Search `text` for a pattern, in at most `limit` steps."""
    search = _Search(text, limit)
    program: list[_Instruction] = []
    _write(body, program)
    program.append(("found",))
    starts = range(len(text) + 1 - _least(body))  # of a text that is too short, `re` tries nothing
    try:
        found = any(search.run(program, start, None) for start in starts)
    except _StoppedError:
        return Trial(None, search.steps)
    return Trial(found, search.steps)


def _least(node: Node) -> int:
    """The length of the shortest text that `node` takes."""
    if isinstance(node, Sequence):
        return sum(map(_least, node.items))
    if isinstance(node, Alternation):
        return min(map(_least, node.options))
    if isinstance(node, Repeat):
        return node.least * _least(node.body)
    return _least(node.body) if isinstance(node, CapturingGroup) else isinstance(node, SETS)


class _StoppedError(Exception):
    """The limit is reached."""


def _write(node: Node, out: list[_Instruction]) -> None:
    """Append the instructions of `node`; they lead to the one after them."""
    if isinstance(node, SETS):
        out.append(("set", members(node)))
    elif isinstance(node, Sequence):
        for item in node.items:
            _write(item, out)
    elif isinstance(node, Alternation):
        ends: list[int] = []
        for option in node.options[:-1]:
            fork = len(out)
            out.append(())
            _write(option, out)
            ends.append(len(out))
            out.append(())
            out[fork] = "fork", fork + 1, len(out)
        _write(node.options[-1], out)
        for end in ends:
            out[end] = "go", len(out)
    elif isinstance(node, CapturingGroup):
        out.append(("open", node.number))
        _write(node.body, out)
        out.append(("close", node.number))
    elif isinstance(node, Repeat):
        enter = len(out)
        out.append(())
        _write(node.body, out)
        out[enter] = "enter", len(out)
        most = node.most if node.most is not None else float("inf")
        out.append(("round", enter + 1, node.least, most, node.lazy))
    elif isinstance(node, Look):
        inner: list[_Instruction] = []
        _write(node.body, inner)
        inner.append(("found",) if node.ahead else ("here",))
        out.append(("look", inner, node.ahead, node.negated))
    elif isinstance(node, Backreference):
        out.append(("again", node.number))
    elif isinstance(node, Boundary):
        out.append(("boundary", node.negated))
    else:
        out.append(("start" if isinstance(node, Start) else "end",))
        assert isinstance(node, (Start, End))


class _Search:
    def __init__(self, text: str, limit: int) -> None:
        self.text = text
        self.limit = limit
        self.steps = 0
        self._known: dict[tuple[Ranges, str], bool] = {}

    def run(self, program: list[_Instruction], start: int, goal: int | None) -> bool:
        """Whether the program finds a match from `start` on, one that ends at `goal` if given."""
        text, length = self.text, len(self.text)
        waiting: list[_State] = [(0, start, None, {})]
        while waiting:
            number, at, loop, groups = waiting.pop()
            while True:
                self.steps += 1
                if self.steps > self.limit:
                    raise _StoppedError
                name, *operands = program[number]
                number += 1
                if name == "set":
                    if at == length or not self._contains(operands[0], text[at]):
                        break
                    at += 1
                elif name == "fork":
                    waiting.append((operands[1], at, loop, groups))
                elif name == "go":
                    number = operands[0]
                elif name == "enter":
                    loop = _Loop(0, -1, loop)
                    number = operands[0]
                elif name == "round":
                    again, least, most, lazy = operands
                    assert loop is not None
                    count, last, outer = loop
                    if count < least:
                        loop, number = _Loop(count + 1, last, outer), again
                        continue
                    next_round = _Loop(count + 1, at, outer)
                    if count == most or at == last:
                        loop = outer
                    elif lazy:
                        waiting.append((again, at, next_round, groups))
                        loop = outer
                    else:
                        waiting.append((number, at, outer, groups))
                        number, loop = again, next_round
                elif name == "open":
                    groups = {**groups, -operands[0]: (at, at)}
                elif name == "close":
                    groups = {**groups, operands[0]: (groups[-operands[0]][0], at)}
                elif name == "again":
                    first, last = groups.get(operands[0], (0, 0))
                    if not text.startswith(text[first:last], at):
                        break
                    self.steps += last - first
                    at += last - first
                elif name == "look":
                    inner, ahead, negated = operands
                    if self._looks(inner, at, ahead) == negated:
                        break
                elif name == "boundary":
                    if (self._is_word(at - 1) != self._is_word(at)) == operands[0]:
                        break
                elif name == "start":
                    if at:
                        break
                elif name == "end":
                    if at < length:
                        break
                elif name == "found" or at == goal:
                    return True
                else:
                    break
        return False

    def _looks(self, program: list[_Instruction], at: int, ahead: bool) -> bool:
        if ahead:
            return self.run(program, at, None)
        return any(self.run(program, start, at) for start in range(at, -1, -1))

    def _contains(self, ranges: Ranges, char: str) -> bool:
        known = self._known.get((ranges, char))
        if known is None:
            code = ord(char)
            known = any(first <= code <= last for first, last in ranges)
            self._known[ranges, char] = known
        return known

    def _is_word(self, at: int) -> bool:
        if not 0 <= at < len(self.text):
            return False
        char = self.text[at]
        return char.isascii() and (char.isalnum() or char == "_")
