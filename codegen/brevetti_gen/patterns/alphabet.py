"""What all analyses of one pattern share: its characters, and how long they may take."""

from __future__ import annotations

from bisect import bisect_left

from .classes import members
from .syntax import Char, CharacterClass, Dot, Node, Shorthand, UnicodeProperty, all_nodes
from .unicode_properties import LAST_CODE, Ranges

SETS = (Char, CharacterClass, Dot, UnicodeProperty, Shorthand)
"""The nodes that match exactly one character."""

_WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))


class TooComplexError(Exception):
    """The pattern is beyond the bounds within which it is judged."""


class Budget:
    """How many steps all work on one pattern may take together."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def spend(self, count: int = 1) -> None:
        self.steps -= count
        if self.steps < 0:
            raise TooComplexError


class Alphabet:
    """The characters that the sets of a pattern do not tell apart, as the bits of masks."""

    def __init__(self, body: Node) -> None:
        sets: set[Ranges] = {_WORD}
        sets.update(members(node) for node in all_nodes(body) if isinstance(node, SETS))
        edges = {edge for ranges in sets for a, b in ranges for edge in (a, b + 1)}
        self.edges = sorted({0, LAST_CODE + 1} | edges)
        self.masks = {ranges: self._mask(ranges) for ranges in sorted(sets)}
        self.word = self.masks[_WORD]
        self.everything = (1 << len(self.edges) - 1) - 1
        # Characters that people can read, for the texts that are shown.
        shown = " !\"#$%&'()*+,-./:;<=>?@[]^{|}~0129azbcxyABCXYZ_\n\t"
        self._shown = [(1 << bisect_left(self.edges, ord(c) + 1) - 1, c) for c in "aA0" + shown]

    def _mask(self, ranges: Ranges) -> int:
        place = self.edges
        return sum(
            (1 << bisect_left(place, last + 1)) - (1 << bisect_left(place, first))
            for first, last in ranges
        )

    def character(self, mask: int) -> str:
        """A character of a set, a readable one if there is."""
        readable = (char for bit, char in self._shown if bit & mask)
        return next(readable, "") or chr(self.edges[(mask & -mask).bit_length() - 1] if mask else 0)

    def rare(self, mask: int) -> str:
        """A character of a set that is in few of the others."""
        bits = [(bit, char) for bit, char in self._shown if bit & mask]
        sets = self.masks.values()
        usage = [(sum(bool(bit & other) for other in sets), char) for bit, char in bits]
        return min(usage, key=lambda pair: pair[0])[1] if usage else self.character(mask)

    def others(self) -> list[str]:
        """Ends of texts that hardly fit a pattern: a character of none of its sets, if there is."""
        used = 0
        for ranges, mask in self.masks.items():
            used |= mask if ranges != _WORD and mask != self.everything else 0
        found = [self.character(self.everything & ~used)] if self.everything & ~used else []
        return [*found, *(end for end in ("\n", "!", " ", "") if end not in found)]
