"""Which of many names looks most like a word. Loaded only when a wrong one was given."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain, pairwise

#: Among how many names, and for how long a word, a similar one is sought.
_MOST_NAMES = 2000
_LONGEST_WORD = 100
#: How many are compared letter by letter, which takes about 0.02 ms each.
_MOST_COMPARED = 50


def nearest(word: str, names: tuple[str, ...], least: float) -> str | None:
    """The one of `names` that looks most like `word`, if that is as alike as the `least`, 0 to 1.

    Of many names only those are compared that share the most pairs of letters with the word.

    >>> nearest("learning_rat", ("batch-size", "Learning-Rate"), 0.6)
    'Learning-Rate'
    """
    if len(word) > _LONGEST_WORD or len(names) > _MOST_NAMES:
        return None
    by_folded, by_pair = _index(names)
    folded, candidates = _folded(word), list(by_folded)
    if len(candidates) > _MOST_COMPARED:
        having = (by_pair.get(pair, ()) for pair in _pairs(folded))
        shared = Counter(chain.from_iterable(having)).most_common(_MOST_COMPARED)
        candidates = [name for name, _ in shared]
    close = get_close_matches(folded, candidates, 1, least)
    return by_folded[close[0]] if close else None


@lru_cache(maxsize=8)
def _index(names: tuple[str, ...]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Names by what they are without regard to case; and these by the pairs of letters in them."""
    by_folded = {_folded(name): name for name in reversed(names)}
    by_pair: dict[str, list[str]] = {}
    for folded in by_folded:
        for pair in _pairs(folded):
            by_pair.setdefault(pair, []).append(folded)
    return by_folded, by_pair


def _pairs(folded: str) -> set[str]:
    return {one + other for one, other in pairwise(f" {folded} ")}


def _folded(name: str) -> str:
    return name.lower().replace("_", "-")
