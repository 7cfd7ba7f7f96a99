"""Texts that must not be shown."""

from __future__ import annotations

from ..json_values import is_array, is_mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, SupportsIndex

_FEW = 4


class HiddenText(str):
    """Text that is what it is to all who use it, and stars where a traceback shows variables."""

    __slots__ = ()

    def __getitem__(self, key: SupportsIndex | slice) -> HiddenText:
        # Those who show variables cut long texts first.
        return HiddenText(super().__getitem__(key))

    def __repr__(self) -> str:
        return "'***'"


class Secret:
    """A key or password: only `reveal` gives it, no `repr`, log or traceback does."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = HiddenText(text)

    def reveal(self) -> str:
        """The text itself, for the one place that sends it."""
        return self._text

    def mask(self, text: str) -> str:
        """A text with this one replaced by stars wherever it stands, also as JSON, Python or URL.

        One of few characters, which any word may hold, only where it stands alone.
        """
        import re
        from json import dumps
        from urllib.parse import quote, quote_plus

        own = self._text
        forms = {own, dumps(own)[1:-1], str.__repr__(own)[1:-1], quote(own, safe=""), quote(own)}
        for form in sorted(filter(None, forms | {quote_plus(own)}), key=len, reverse=True):
            if len(form) >= _FEW:
                text = text.replace(form, "***")
            else:
                text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", "***", text)
        return text

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


def secrets_between(config: Any, public: Any) -> set[Secret]:
    """The texts and numbers of a config that the same one without its secrets has not."""
    return {Secret(text) for text in set(_scalars(config)).difference(_scalars(public))}


def _scalars(value: Any) -> Iterator[str]:
    """The texts and numbers in a config, as text."""
    if is_mapping(value):
        value = list(value.values())
    if is_array(value):
        for item in value:
            yield from _scalars(item)
    elif not isinstance(value, bool) and isinstance(value, (str, int, float)) and value != "":
        yield str(value)
