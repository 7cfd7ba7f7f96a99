"""A text in which a search for a pattern finds something, made from its syntax tree."""

from __future__ import annotations

from ....patterns.parser import parse
from ....patterns.syntax import (
    Alternation,
    CapturingGroup,
    Char,
    CharacterClass,
    Dot,
    Node,
    Range,
    Repeat,
    Sequence,
    Shorthand,
)

_LONGEST = 1000
#: By the letter of a shorthand, a character that it means and one that it does not.
_SHORTHANDS = {"d": "0a", "w": "a-", "s": " a"}
_CHARACTERS = "a0A_-. /:@\u00e9"


def sample(pattern: str, more: int = 0) -> str:
    """A short text that may fit; what looks around, and what is said of Unicode, does not count.

    Args:
        more: how often to repeat what may be repeated more often than it must be.

    Raises:
        PatternError: `pattern` is none.

    >>> sample("^[a-z]{2}-\\\\d+$"), sample("^(https?|ftp)://[^/ ]+$", 1)
    ('aa-0', 'https://aa')
    """
    return _sample(parse(pattern).body, more)


def _sample(node: Node, more: int) -> str:
    if isinstance(node, Sequence):
        return "".join(_sample(item, more) for item in node.items)[:_LONGEST]
    if isinstance(node, Alternation):
        return _sample(node.options[0], more)
    if isinstance(node, CapturingGroup):
        return _sample(node.body, more)
    if isinstance(node, Repeat):
        times = node.least + more
        times = times if node.most is None else min(times, node.most)
        return (_sample(node.body, more) * min(times, _LONGEST))[:_LONGEST]
    if isinstance(node, Char):
        return chr(node.code)
    if isinstance(node, Shorthand):
        return _SHORTHANDS[node.kind][node.negated]
    if isinstance(node, CharacterClass):
        return _of_class(node)
    return "a" if isinstance(node, Dot) else ""


def _of_class(node: CharacterClass) -> str:
    """A character of a class, one of the plain ones if possible."""
    plain = (c for c in _CHARACTERS if _is_in(c, node) is not node.negated)
    first = next(plain, None)
    if first is not None:
        return first
    ranges = (item for item in node.items if isinstance(item, (Char, Range)))
    return next((chr(i.code if isinstance(i, Char) else i.low) for i in ranges), "a")


def _is_in(char: str, node: CharacterClass) -> bool:
    """Whether a plain character is one of those that a class lists."""
    for item in node.items:
        if isinstance(item, Char) and item.code == ord(char):
            return True
        if isinstance(item, Range) and item.low <= ord(char) <= item.high:
            return True
        if isinstance(item, Shorthand):
            is_kind = {"d": char.isdecimal(), "w": char == "_" or char.isalnum(), "s": char == " "}
            if char.isascii() and is_kind[item.kind] is not item.negated:
                return True
    return False
