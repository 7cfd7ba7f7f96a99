"""Look-behinds of fixed width, the only ones of Python's `re`, out of those of any width."""

from __future__ import annotations

from itertools import product

from .errors import PatternError
from .syntax import Alternation, Boundary, CapturingGroup, End, Look, Node, Repeat, Sequence, Start

MAX_VARIANTS = 64
"""Into how many bodies of fixed width one look-behind may unfold."""

EMPTY = Sequence(())

_Variants = list[tuple[int, Node]]


def fixed_widths(look: Look) -> list[Node]:
    """Bodies of fixed width, one per width, that together mean the body of `look`.

    Captures are dropped: no reference can see into a look-behind (`captures` refuses them).

    Raises:
        PatternError: a loop without an upper limit stands after something else, or there are more
            than `MAX_VARIANTS` variants.
    """
    by_width: dict[int, list[Node]] = {}
    for width, node in _variants(_without_leading_loops(look.body), look.start):
        options = by_width.setdefault(width, [])
        if node not in options:
            options.append(node)
    return [
        options[0] if len(options) == 1 else Alternation(tuple(options))
        for options in by_width.values()
    ]


def _without_leading_loops(node: Node) -> Node:
    """`node` with what stands leftmost repeated as little as possible.

    A look-behind asks whether some text ending here matches, so `(?<=a+b)` is `(?<=ab)`.
    """
    if isinstance(node, CapturingGroup):
        return _without_leading_loops(node.body)
    if isinstance(node, Alternation):
        return Alternation(tuple(map(_without_leading_loops, node.options)))
    if isinstance(node, Repeat):
        if node.least == 0:
            return EMPTY
        if node.least == 1:
            return _without_leading_loops(node.body)
        return Repeat(node.body, node.least, node.least, False, node.start, node.end)
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            rest = node.items[index + 1 :]
            shortened = _without_leading_loops(item)
            if shortened != EMPTY:
                return Sequence((shortened, *rest))
        return EMPTY
    return node


def _variants(node: Node, start: int) -> _Variants:
    """Every (width, node of that width) that `node` unfolds into, in order."""
    if isinstance(node, CapturingGroup):
        return _variants(node.body, start)
    if isinstance(node, Alternation):
        return _limited([one for option in node.options for one in _variants(option, start)], start)
    if isinstance(node, Sequence):
        found: _Variants = [(0, EMPTY)]
        for item in node.items:
            found = _joined(found, _variants(item, start), start)
        return found
    if isinstance(node, Repeat):
        return _unrolled(node, start)
    if isinstance(node, (Start, End, Boundary, Look)):
        return [(0, node)]
    return [(1, node)]


def _unrolled(node: Repeat, start: int) -> _Variants:
    body = _variants(node.body, start)
    if node.most is None or node.most - node.least >= MAX_VARIANTS:
        raise _too_wide(start)
    if len(body) == 1:
        width, item = body[0]
        return [
            (width * count, Repeat(item, count, count, False, node.start, node.end))
            for count in range(node.least, node.most + 1)
        ]
    found: _Variants = []
    for count in range(node.least, node.most + 1):
        unrolled: _Variants = [(0, EMPTY)]
        for _ in range(count):
            unrolled = _joined(unrolled, body, start)
        found = _limited(found + unrolled, start)
    return found


def _joined(left: _Variants, right: _Variants, start: int) -> _Variants:
    if len(left) * len(right) > MAX_VARIANTS:
        raise _too_wide(start)
    return [(a + b, _sequence(x, y)) for (a, x), (b, y) in product(left, right)]


def _sequence(left: Node, right: Node) -> Node:
    items = left.items if isinstance(left, Sequence) else (left,)
    return Sequence((*items, right))


def _limited(variants: _Variants, start: int) -> _Variants:
    if len(variants) > MAX_VARIANTS:
        raise _too_wide(start)
    return variants


def _too_wide(start: int) -> PatternError:
    return PatternError(
        f"Python needs look-behinds of fixed width, and this one has more than {MAX_VARIANTS} "
        "widths; limit its quantifiers, or test the whole text from '^' instead",
        start,
    )
