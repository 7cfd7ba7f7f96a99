"""Where a match is certain, whatever text follows, though the pattern ends in `$`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

from .alphabet import Budget


def always_matching(
    masks: Sequence[int],
    follow: Sequence[Mapping[int, int]],
    ends: Set[int],
    certain: Set[int],
    everything: int,
    budget: Budget,
) -> set[int]:
    """The positions of an automaton after which every text matches up to its end.

    Args:
        masks: the characters of each position.
        follow: the positions after each one.
        ends: those after which a text may end.
        certain: those after which anything may follow.
        everything: the mask of all characters.
        budget: of steps.
    """
    found: set[int] = set()
    refused: set[frozenset[int]] = set()
    for place in ends - certain:
        keys = {frozenset([place])}
        waiting = list(keys)
        for key in waiting:
            if not key & certain:
                targets = {target for source in key for target in follow[source]}
                parts = split(((masks[target], target) for target in targets), budget)
                covered = 0
                for mask, _ in parts:
                    covered |= mask
                if key in refused or not key & ends or covered != everything:
                    refused.add(frozenset([place]))
                    break
                new = {frozenset(members) for _, members in parts} - keys
                keys |= new
                waiting += new
        else:
            found.add(place)
    return found


def split(sets: Iterable[tuple[int, int]], budget: Budget) -> list[tuple[int, list[int]]]:
    """Parts of the alphabet within which all characters are in the same sets; with these sets."""
    parts: list[tuple[int, list[int]]] = []
    rest = 0
    for mask, number in sets:
        budget.spend(len(parts) + 1)
        new = mask & ~rest
        cut = [(part & ~mask, members) for part, members in parts if part & ~mask]
        cut += [(part & mask, [*members, number]) for part, members in parts if part & mask]
        parts = [*cut, (new, [number])] if new else cut
        rest |= mask
    return parts
