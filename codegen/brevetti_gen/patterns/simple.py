"""What a search says in fewer words: the same verdict on every text, with less to go back over."""

from __future__ import annotations

from .alphabet import SETS
from .syntax import (
    Alternation,
    CapturingGroup,
    Char,
    CharacterClass,
    Look,
    Node,
    Range,
    Repeat,
    Sequence,
    Shorthand,
    UnicodeProperty,
)


def trimmed(body: Node) -> Node:
    """`body` without what a search makes idle at its ends: `a+b+` is found where `ab` is.

    More of the same character before a match, or after it, is not part of another match: the
    shortest one is there too.
    """
    if isinstance(body, Alternation):
        return Alternation(tuple(map(trimmed, body.options)))
    items = body.items if isinstance(body, Sequence) else (body,)
    if items:
        items = (*_fewest(items[0]), *items[1:])
    if len(items) > 1:
        items = (*items[:-1], *_fewest(items[-1]))
    return items[0] if len(items) == 1 else Sequence(items)


def merged(node: Node) -> Node:
    """`node` as `re` compiles it: single characters that alternate are one set of them."""
    if isinstance(node, Sequence):
        return Sequence(tuple(map(merged, node.items)))
    if isinstance(node, Alternation):
        options = tuple(map(merged, node.options))
        items = [item for option in options for item in _positive(option)]
        is_set = all(map(_positive, options)) and len(set(options)) > 1
        return CharacterClass(tuple(items), False) if is_set else Alternation(options)
    if isinstance(node, (CapturingGroup, Look, Repeat)):
        return node._replace(body=merged(node.body))
    return node


_Item = Char | Range | Shorthand | UnicodeProperty


def _positive(node: Node) -> tuple[_Item, ...]:
    """What a set of characters has, if it is written by that alone."""
    items: tuple[_Item, ...] = ()
    if isinstance(node, (Char, Shorthand)):
        items = (node,)
    elif isinstance(node, CharacterClass) and not node.negated:
        items = node.items
    named = (item for item in items if isinstance(item, (Shorthand, UnicodeProperty)))
    is_positive = all(isinstance(item, Shorthand) and not item.negated for item in named)
    return items if is_positive else ()


def _fewest(item: Node) -> tuple[Node, ...]:
    """A repetition of one character, as few times as it can be."""
    if not isinstance(item, Repeat) or not isinstance(item.body, SETS) or item.most == item.least:
        return (item,)
    if item.least < 2:
        return (item.body,) * item.least
    return (Repeat(item.body, item.least, item.least, False, item.start, item.end),)
