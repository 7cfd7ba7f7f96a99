"""Strict JSON: its text to a plain value, and back."""

from __future__ import annotations

from ..errors import Problem, SettingsError
from ..json_values import is_array, is_object, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, NoReturn

#: An integer of so many bits can have more digits than Python, and so we, read.
_MOST_BITS = 14_280

# To make what reads and writes takes as long as a small text does: each is made once.
_decode: Callable[[str], Any] | None = None
_encoders: dict[tuple[int | None, bool, bool], Callable[[object], str]] = {}


class NotJSONText(ValueError):
    """Text is not JSON; `str()` is the mistake and its place, `untold` without what is there."""

    def __init__(self, mistake: str, untold: str = "") -> None:
        super().__init__(mistake)
        self.untold = untold or mistake


def parse_json(text: str) -> Any:
    """The value of JSON text (RFC 8259), with duplicate keys and infinite numbers refused.

    Raises:
        NotJSONText: `text` is something else.
    """
    global _decode
    if _decode is None:
        from json import JSONDecoder

        _decode = JSONDecoder(
            parse_constant=_refuse_constant, parse_float=finite, object_pairs_hook=_unique
        ).decode
    try:
        return _decode(text)
    except RecursionError:
        raise NotJSONText("lists and objects that are nested too deeply") from None
    except NotJSONText:
        raise
    except ValueError as error:
        raise _told(error) from None


def _told(error: ValueError) -> NotJSONText:
    from json import JSONDecodeError

    if not isinstance(error, JSONDecodeError):
        # The one mistake that `json` leaves to `int`: more digits than Python converts.
        return NotJSONText("a number with too many digits")
    marked = error.doc.startswith("\ufeff")
    mistake = "a byte order mark" if marked else error.msg[:1].lower() + error.msg[1:]
    line = f"line {error.lineno}, " if "\n" in error.doc else ""
    return NotJSONText(f"{mistake.removesuffix(' at')} at {line}column {error.colno}")


def finite(text: str) -> float:
    """The number of a text, which must not be too large for Python."""
    number = float(text)
    if number - number != 0:
        shown = text if len(text) <= 60 else f"{text[:57]}..."
        told = f"{shown}, which is no finite number"
        raise NotJSONText(told, "a number that is not finite")
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise NotJSONText(f"{name}, which is no JSON number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                told = f"the key {key[:60]!r} given twice in one object"
                raise NotJSONText(told, "a key given twice in one object")
            seen.add(key)
    return value


def json_text(
    value: Any, indent: int | None = None, *, compact: bool = False, ascii: bool = False
) -> str:
    """JSON text, by default with non-ASCII characters as they are, but for lone surrogates.

    Raises:
        SettingsError: JSON text cannot hold something in `value`.
    """
    encode = _encoders.get((indent, compact, ascii))
    if encode is None:
        from json import JSONEncoder

        encode = _encoders[indent, compact, ascii] = JSONEncoder(
            indent=indent,
            separators=(",", ":") if compact else None,
            ensure_ascii=ascii,
            allow_nan=False,
            default=_converted,
        ).encode
    try:
        text = encode(value)
    except (TypeError, ValueError) as error:
        raise SettingsError([*_unwritable(value, ())] or [Problem((), str(error))]) from None
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


def _converted(value: Any) -> Any:
    """What was assigned to an attribute, of numpy say."""
    found = plain(value)
    if found is value:
        raise TypeError
    return found


def _unwritable(value: Any, at: tuple[str | int, ...]) -> Iterator[Problem]:
    if is_object(value) or is_array(value):
        for key, item in value.items() if is_object(value) else enumerate(value):
            yield from _unwritable(item, (*at, key))
    elif isinstance(value, int):
        if value.bit_length() > _MOST_BITS:
            yield Problem(at, "must have no more than 4300 digits to be written")
    elif isinstance(value, float):
        if value - value != 0:
            yield Problem(at, "must be a finite number", repr(value))
    elif not isinstance(value, str) and plain(value) is value is not None:
        yield Problem(at, "must be a JSON value", f"a {type(value).__name__}")
