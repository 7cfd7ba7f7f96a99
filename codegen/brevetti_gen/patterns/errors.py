"""The one exception of this package."""

from __future__ import annotations


class PatternError(ValueError):
    """A pattern that is no ECMA-262, or that Python's `re` cannot express.

    Attributes:
        message: what is wrong and, where known, how to write it instead.
        index: where, in code points from the start of the pattern.
    """

    def __init__(self, message: str, index: int) -> None:
        super().__init__(f"{message} (at index {index})")
        self.message = message
        self.index = index

    def __reduce__(self) -> tuple[type[PatternError], tuple[str, int]]:
        return type(self), (self.message, self.index)
