"""Verdicts of checks that are kept while a value is checked and loaded."""

from __future__ import annotations

from _thread import _local  # pyright: ignore[reportPrivateUsage]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias, TypeVar

    #: Property names and item indices that a check evaluated.
    Marks: TypeAlias = set[str | int]
    Check = TypeVar("Check", bound=Callable[..., bool])
    R = TypeVar("R")


def no_marks() -> Marks:
    """An empty set of marks."""
    return set()


class _Judging(_local):
    """What the checks of a thread found so far that judge a value once, while the first one runs:
    whether a value fits, what of it was evaluated, and the value, so that its id stays its own."""

    verdicts: dict[tuple[object, int], tuple[bool, Marks, object]] | None = None


_judging = _Judging()
_NO_MARKS: Marks = set()


def keep_verdicts(work: Callable[..., R], *arguments: Any) -> R:
    """What `work` gives; meanwhile checks that judge a value once keep what they found."""
    if _judging.verdicts is not None:
        return work(*arguments)
    _judging.verdicts = {}
    try:
        return work(*arguments)
    finally:
        _judging.verdicts = None


def once(check: Check) -> Check:
    """A check that many ways lead to for the same value: it is made there once only."""

    def judged(value: Any, marks: Marks | None = None) -> bool:
        verdicts, key = _judging.verdicts, (check, id(value))
        if verdicts is None:
            return keep_verdicts(judged, value, marks)
        found = verdicts.get(key)
        if found is None:
            seen = _NO_MARKS if marks is None else no_marks()
            fits = check(value) if marks is None else check(value, seen)
            found = verdicts[key] = fits, seen, value
        if marks is not None:
            marks |= found[1]
        return found[0]

    return judged  # type: ignore[return-value]
