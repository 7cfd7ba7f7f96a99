"""The secrets of settings that a function is called with, which must not be in its errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from brevettiai.json_values import is_array, is_mapping

_FEW = 4


@dataclass(frozen=True)
class Hidden:
    """A text that stars stand for."""

    text: str = field(repr=False)

    def reveal(self) -> str:
        """The text."""
        return self.text

    def mask(self, text: str) -> str:
        """A text with stars for this one; where that is short, only if it stands alone."""
        if len(self.text) >= _FEW:
            return text.replace(self.text, "***")
        return re.sub(rf"(?<!\w){re.escape(self.text)}(?!\w)", "***", text)


def hidden_in(whole: Any, public: Any) -> tuple[Hidden, ...]:
    """What a config has that the same one without its secrets has not."""
    texts = set(_scalars(whole)).difference(_scalars(public))
    return tuple(Hidden(text) for text in sorted(texts, key=len, reverse=True))


def _scalars(value: Any) -> Iterator[str]:
    if is_mapping(value):
        value = list(value.values())
    if is_array(value):
        for item in value:
            yield from _scalars(item)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "":
        yield str(value)
