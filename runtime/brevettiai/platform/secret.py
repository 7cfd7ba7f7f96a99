"""Texts that must not be shown, and work with them where no traceback shows them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, SupportsIndex, TypeVar

    Result = TypeVar("Result")

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


def hide_values(words: Sequence[str], flag: str) -> list[str]:
    """The words of a command line, those that may hold the value of a flag hidden.

    Args:
        flag: without dashes; underscores may be typed as dashes.
    """
    found: list[str] = []
    hides = False
    for word in words:
        name, equals, _ = word.partition("=")
        is_flag = name[:2] == "--" and name[2:].replace("-", "_") == flag
        found.append(HiddenText(word) if hides or (is_flag and equals) else word)
        hides = is_flag and not equals
    return found


def apart(
    work: Callable[..., Result],
    *args: Any,
    within: float = float("inf"),
    ended: Callable[[], object] = bool,
) -> Result:
    """Do work with secrets in a thread of its own, so that their texts are on no stack but its.

    Whatever ends the wait, Ctrl-C say, no traceback shows them; nor does one of what the work
    raises, as it comes without its own traceback and its causes.

    Args:
        within: seconds that the work may take.
        ended: called when nobody waits any more.

    Raises:
        TimeoutError: it took longer.
    """
    import threading
    import time

    results: list[Result] = []
    errors: list[BaseException] = []

    def do() -> None:
        try:
            results.append(work(*args))
        except BaseException as error:
            error.__cause__ = error.__context__ = None
            errors.append(error.with_traceback(None))

    limit = time.monotonic() + within
    thread = threading.Thread(target=do, name=f"brevettiai-{work.__name__}", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # The interpreter ends, and starts no threads any more.
        do()
    try:
        while thread.is_alive():
            if time.monotonic() > limit:
                raise TimeoutError
            thread.join(1)  # In pieces, as Windows lets no signal through a longer wait.
    finally:
        ended()
    for error in errors:
        raise error from None
    return results[0]
