"""Strict JSON: its text to a plain value."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


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
        raise NotJSONText(f"{text}, which is no finite number", "a number that is not finite")
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
