"""Searching for a pattern at generation, where nothing may take long."""

from __future__ import annotations

import re
from functools import lru_cache

from .backtracking import judged
from .engine import tried
from .translation import translate

MAX_TRIED = 10_000
"""Steps of a search for a pattern that is slow."""

_LONG = 2_000
"""Longer texts are searched for what takes quadratic time only as long as there is a limit."""


@lru_cache(maxsize=10_000)
def found_in(pattern: str, text: str) -> bool | None:
    """Whether a search for `pattern` finds something in `text`; None if that takes too long.

    Raises:
        PatternError: `pattern` is no ECMA-262, or Python's `re` cannot express it.
    """
    known = judged(pattern)
    if known.is_linear or (known.slow is None and len(text) <= _LONG):
        return _compiled(pattern).search(text) is not None
    return tried(known.tree, text, MAX_TRIED).found


@lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))
