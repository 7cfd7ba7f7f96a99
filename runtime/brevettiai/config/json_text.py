"""Strict JSON: its text to a plain value, and back."""

from __future__ import annotations

from ..errors import Problem, SettingsError
from ..json_values import is_array, is_object, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NoReturn

#: An integer of so many bits can have more digits than Python, and so we, read.
_MOST_BITS = 14_280


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
    import json

    try:
        return json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_float=finite,
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as error:
        mistake = error.msg[:1].lower() + error.msg[1:]
        line = f"line {error.lineno}, " if "\n" in text else ""
        raise NotJSONText(f"{mistake} at {line}column {error.colno}") from None
    except RecursionError:
        raise NotJSONText("lists and objects that are nested too deeply") from None
    except NotJSONText:
        raise
    except ValueError:
        # The one mistake that `json` leaves to `int`: more digits than Python converts.
        raise NotJSONText("a number with too many digits") from None


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
                told = f"the key {key!r} given twice in one object"
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
    import json

    try:
        text = json.dumps(
            value,
            indent=indent,
            separators=(",", ":") if compact else None,
            ensure_ascii=ascii,
            allow_nan=False,
            default=_converted,
        )
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
