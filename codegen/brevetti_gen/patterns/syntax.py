"""The syntax tree of an ECMA-262 regular expression, as `parse` makes it.

Characters are code points, as in ECMA-262's Unicode mode. Every node is an immutable value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Union


class Char(NamedTuple):
    """One code point, taken literally."""

    code: int


class Range(NamedTuple):
    """The code points `low` to `high`, both included; only inside a `CharacterClass`."""

    low: int
    high: int


class Shorthand(NamedTuple):
    r"""`\d`, `\w` or `\s` by `kind`, or its complement."""

    kind: str
    negated: bool


class UnicodeProperty(NamedTuple):
    r"""`\p{name}` or `\p{name=value}`, or its complement.

    `name` is `General_Category`, `Script`, `Script_Extensions` or a binary property, always by
    its long name; `value` is long too, and empty for a binary property.
    """

    name: str
    value: str
    negated: bool


class CharacterClass(NamedTuple):
    """`[…]` or `[^…]`."""

    items: tuple[Char | Range | Shorthand | UnicodeProperty, ...]
    negated: bool


@dataclass(frozen=True)
class Dot:
    """`.`: anything but a line terminator (LF, CR, U+2028, U+2029)."""


@dataclass(frozen=True)
class Start:
    """`^`: the start of the text."""


@dataclass(frozen=True)
class End:
    """`$`: the very end of the text."""


class Boundary(NamedTuple):
    r"""`\b` or `\B`, by ASCII word characters."""

    negated: bool


class Look(NamedTuple):
    """`(?=…)`, `(?!…)`, `(?<=…)` or `(?<!…)`; it begins at `start` in the pattern."""

    body: Node
    ahead: bool
    negated: bool
    start: int


class CapturingGroup(NamedTuple):
    """`(…)`, capture `number` (from 1)."""

    body: Node
    number: int


class Backreference(NamedTuple):
    r"""`\1` or `\k<name>`, by number; it stands at `start` in the pattern."""

    number: int
    start: int


class Repeat(NamedTuple):
    """A quantified node; `most` is None without an upper limit. Text is `pattern[start:end]`."""

    body: Node
    least: int
    most: int | None
    lazy: bool
    start: int
    end: int


class Sequence(NamedTuple):
    """One after the other; empty for the empty pattern. Never directly inside a `Sequence`."""

    items: tuple[Node, ...]


class Alternation(NamedTuple):
    """`a|b|…`, two options or more, tried in order."""

    options: tuple[Node, ...]


# A run-time alias, which Python 3.10 cannot write with `|` between forward references.
Node = Union[  # noqa: UP007
    Char,
    Shorthand,
    UnicodeProperty,
    CharacterClass,
    Dot,
    Start,
    End,
    Boundary,
    Look,
    CapturingGroup,
    Backreference,
    Repeat,
    Sequence,
    Alternation,
]


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside `node`."""
    if isinstance(node, Sequence):
        return node.items
    if isinstance(node, Alternation):
        return node.options
    if isinstance(node, (CapturingGroup, Look, Repeat)):
        return (node.body,)
    return ()


def all_nodes(body: Node) -> list[Node]:
    """`body` and all nodes inside it."""
    found = [body]
    for node in found:
        found += children(node)
    return found


@dataclass(frozen=True)
class Remark:
    """Something tolerated by Annex B that Unicode mode refuses: where, and how it was read."""

    index: int
    text: str


class ParsedPattern(NamedTuple):
    """A parsed pattern: its tree, its number of captures, and what only Annex B tolerates."""

    source: str
    body: Node
    groups: int
    remarks: tuple[Remark, ...]
