"""Words of a command line: which ones can be, those of JSON values, those that name a file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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
    if type(value) is int or (type(value) is float and value - value == 0):
        return repr(value)
    from json import dumps

    text = dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text if is_word(text) else dumps(value, allow_nan=False, separators=(",", ":"))


def is_word(text: str) -> bool:
    """Whether `text` can be an argument of a process: no NUL, nothing that UTF-8 lacks."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
