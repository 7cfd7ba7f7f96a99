"""`x-python-type`: texts as objects of Python's own classes, and back without a loss.

Loaded by the first value that asks for it; the module of a type is imported by the first text.
"""

from __future__ import annotations

import re
import sys
from functools import cache, lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

#: The module of each type.
MODULES = {
    **dict.fromkeys(("datetime", "date", "time", "timedelta"), "datetime"),
    "Path": "pathlib",
    "Decimal": "decimal",
    "UUID": "uuid",
}
_DATE = "(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_TIME = (
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?)?"
    "(?:(?P<utc>[Zz])|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-5][0-9]))?"
)
_UNITS = "".join(
    f"(?:(?P<{unit}>[0-9]+){unit[0]})?" for unit in ("Years", "Months", "Weeks", "Days")
)
_SECONDS = r"(?:(?P<Seconds>[0-9]+)(?:\.(?P<fraction>[0-9]+))?S)?"
_CLOCK = f"(?:(?P<Hours>[0-9]+)H)?(?:(?P<Minutes>[0-9]+)M)?{_SECONDS}"
_PATTERNS = {
    "datetime": f"{_DATE}[Tt ]{_TIME}",
    "date": _DATE,
    "time": _TIME,
    "timedelta": f"(?i:(?P<sign>[+-]?)P(?=[0-9T]){_UNITS}(?:T(?=[0-9]){_CLOCK})?)",
    "Path": "(?s:.*)",
    "Decimal": r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?",
    "UUID": "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}",
}


class Unheld(ValueError):
    """A text is right, but the type of Python has no value for it; `str()` says why."""


@lru_cache(maxsize=256)
def read(name: str, text: str) -> Any:
    """The object of the type `name` that a text stands for.

    It is of a subclass that knows the text, where it would be written otherwise.

    Raises:
        ArithmeticError, ValueError: there is none.
    """
    match = re.fullmatch(_PATTERNS[name], text)
    if match is None:
        raise ValueError(text)
    kind = getattr(__import__(MODULES[name]), name)
    value = _MAKERS.get(name, _of_text)(kind, match)
    if text_of(value) == text:
        return value
    arguments = value.__reduce__()[1] if MODULES[name] == "datetime" else (text,)
    value = _told(value.__class__)(*arguments)
    object.__setattr__(value, "_read_from", (name, text))
    return value


def can_read(name: str, text: str) -> bool:
    """Whether a text stands for an object of the type `name`."""
    try:
        read(name, text)
    except (ArithmeticError, ValueError):
        return False
    return True


def text_of(value: object, otherwise: Any = None) -> Any:
    """The text that an object was read from, or else stands for; `otherwise` for other objects."""
    if (source := getattr(value, "_read_from", None)) is not None:
        return str(source[1])
    for base in type(value).__mro__:
        name = base.__name__
        if name in MODULES and base is getattr(sys.modules.get(MODULES[name]), name, None):
            return _WRITERS.get(name, str)(value)
    return otherwise


@cache
def _told(kind: Any) -> Any:
    """The subclass of a type whose objects know the text that they were read from."""

    def reduced(self: Any, protocol: Any) -> Any:
        if self._read_from is not None:
            return read, self._read_from
        # Made of such an object by arithmetic.
        return kind, *kind.__reduce_ex__(self, protocol)[1:]

    def pydantic_schema(cls: Any, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        writing = core_schema.plain_serializer_function_ser_schema(text_of)
        return core_schema.any_schema(serialization=writing)

    # What C calls a class, in `repr`, is this name alone.
    module = "datetime." if kind.__module__ == "datetime" else ""
    held = {
        "_read_from": None,
        "__reduce_ex__": reduced,
        "__get_pydantic_core_schema__": classmethod(pydantic_schema),
        "__module__": kind.__module__,
        "__doc__": kind.__doc__,
    }
    return type(f"{module}{kind.__name__}", (kind,), held)


# From texts


def _of_text(kind: Any, match: re.Match[str]) -> Any:
    return kind(match[0])


def _path(kind: Any, match: re.Match[str]) -> Any:
    if "://" in match[0]:
        raise Unheld("a Path cannot hold an address")
    if "\0" in match[0]:
        raise ValueError("no path")
    return kind(match[0])


def _date(kind: Any, match: re.Match[str]) -> Any:
    return kind(*_day(match))


def _datetime(kind: Any, match: re.Match[str]) -> Any:
    return kind(*_day(match), *_clock(match))


def _time(kind: Any, match: re.Match[str]) -> Any:
    return kind(*_clock(match))


def _day(match: re.Match[str]) -> tuple[int, int, int]:
    if match["year"] == "0000":
        raise Unheld("Python's years begin with 1")
    return int(match["year"]), int(match["month"]), int(match["day"])


def _clock(match: re.Match[str]) -> tuple[Any, ...]:
    """Hour, minute, second, microsecond and zone; what is finer than that only the text has."""
    from datetime import timedelta, timezone

    if match["second"] == "60":
        raise Unheld("Python has no leap seconds")
    zone = timezone.utc if match["utc"] else None
    if match["sign"]:
        shift = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
        zone = timezone(-shift if match["sign"] == "-" else shift)
    numbers = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    return *numbers, _microseconds(match), zone


def _timedelta(kind: Any, match: re.Match[str]) -> Any:
    if match["Years"] or match["Months"]:
        raise Unheld("Python's durations have no years and months")
    units = ("Weeks", "Days", "Hours", "Minutes", "Seconds")
    found = {unit.lower(): int(match[unit] or 0) for unit in units}
    value = kind(**found, microseconds=_microseconds(match))
    return -value if match["sign"] == "-" else value


def _microseconds(match: re.Match[str]) -> int:
    return int((match["fraction"] or "")[:6].ljust(6, "0"))


_MAKERS: dict[str, Callable[[Any, re.Match[str]], Any]] = {
    "datetime": _datetime,
    "date": _date,
    "time": _time,
    "timedelta": _timedelta,
    "Path": _path,
}

# To texts


def _iso(value: Any) -> str:
    text: str = value.isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def _duration(value: Any) -> str:
    size = abs(value)
    minutes, seconds = divmod(size.seconds, 60)
    fraction = f".{size.microseconds:06}".rstrip("0") if size.microseconds else ""
    parts = {"D": size.days, "H": minutes // 60, "M": minutes % 60}
    day, *clock = (f"{number}{unit}" if number else "" for unit, number in parts.items())
    clock += [f"{seconds}{fraction}S"] if seconds or fraction else []
    time = "".join(clock)
    if not day and not time:
        return "PT0S"
    return f"{'-' if value != size else ''}P{day}{'T' if time else ''}{time}"


_WRITERS: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("datetime", "date", "time"), _iso),
    "timedelta": _duration,
    "Path": lambda path: path.as_posix(),
}
