"""Words of a command line: which ones can be, those of JSON values, those that name a file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


#: Spaces and joiners.
_HARMLESS = "\n\t\xa0\u3000\u200c\u200d"


def contents_behind(word: str) -> str:
    """What `values.contents` gives for a word that begins with `@`.

    Raises:
        ValueError: the file cannot be read.
    """
    if word[:2] == "@@":
        return word[1:]
    from os.path import expanduser

    try:
        with open(expanduser(word[1:]), encoding="utf-8-sig", newline="") as file:
            text = file.read()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        hint = f"; @{word} is the text {word}"
        raise ValueError(f"cannot be read from the file {word[1:]!r}: {reason}{hint}") from None
    return text.removesuffix("\n").removesuffix("\r")


def write_json(value: Any) -> str:
    """Compact JSON text of `value` that any operating system can pass as an argument."""
    is_short = type(value) is int and value.bit_length() < 64
    if is_short or (type(value) is float and value - value == 0):
        return repr(value)
    from ..config.json_text import json_text

    text = json_text(value, compact=True)
    if not is_word(text):
        text = json_text(value, compact=True, ascii=True).replace("\x7f", "\\u007f")
    return text


def is_word(text: str) -> bool:
    """Whether `text` can be an argument of a process, and stand in a terminal as it is."""
    return text.isprintable() or all(c.isprintable() or c in _HARMLESS for c in text)
