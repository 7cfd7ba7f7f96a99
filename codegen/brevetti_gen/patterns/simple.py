"""What a search says in fewer words: the same verdict on every text, with less to go back over."""

from __future__ import annotations

from .alphabet import SETS
from .syntax import Alternation, Node, Repeat, Sequence


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


def _fewest(item: Node) -> tuple[Node, ...]:
    """A repetition of one character, as few times as it can be."""
    if not isinstance(item, Repeat) or not isinstance(item.body, SETS) or item.most == item.least:
        return (item,)
    if item.least < 2:
        return (item.body,) * item.least
    return (Repeat(item.body, item.least, item.least, False, item.start, item.end),)
