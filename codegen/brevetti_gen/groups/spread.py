"""Work on many things, on all cores where that is worth while."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: Called with how much of how much is done.
Progress: TypeAlias = Callable[[int, int], None]


def spread(
    work: Callable[[T], R], items: Sequence[T], sizes: Sequence[int], progress: Progress | None
) -> Iterator[R]:
    """What `work` makes of each of `items`, in their order; `sizes` say how much it is."""
    done = 0
    for item, size in zip(items, sizes, strict=True):
        yield work(item)
        done += size
        if progress:
            progress(done, sum(sizes))
