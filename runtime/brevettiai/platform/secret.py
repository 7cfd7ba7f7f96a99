"""A text that must not be shown."""

from __future__ import annotations

_FEW = 4


class Secret:
    """A key or password: only `reveal` gives it, no `repr`, log or traceback does."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

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
        forms = {own, dumps(own)[1:-1], repr(own)[1:-1], quote(own, safe=""), quote(own)}
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
