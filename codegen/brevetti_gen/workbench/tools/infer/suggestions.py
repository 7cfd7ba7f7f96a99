"""What configs make likely, and no number of configs makes sure: suggestions for a setting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from brevettiai.config.json_text import json_text
from brevettiai.formats import check_of
from brevettiai.formats.python_types import can_read

from ....json_values import is_array, is_number

#: Formats of texts, by what must be in the text for them to be told, and the type of Python.
_FORMATS: Mapping[str, tuple[str, str]] = {
    "date-time": ("T", "datetime"),
    "date": ("-", "date"),
    "uuid": ("-", "UUID"),
    "email": ("@", ""),
    "uri": ("://", ""),
    "ipv4": (".", ""),
}
_MOST_CHOICES = 8
_LONGEST_CHOICE = 40
_LONGEST_DEFAULT = 1000
#: Values of a setting from which choices can be told.
_ENOUGH = 4


def suggestions(values: Sequence[Any]) -> dict[str, Any]:
    """Keywords that a setting of these values may well have; all values fit them."""
    present = [value for value in values if value is not None]
    found = dict(_for_all(present))
    default = _usual_value(values)
    return {**found, **default}


def _usual_value(values: Sequence[Any]) -> dict[str, Any]:
    """The `default` that more than half of the values are, if there is one for people to read."""
    texts = [json_text(value) for value in values]
    text, count = Counter(texts).most_common(1)[0]
    is_usual = count * 2 > len(values) and len(text) <= _LONGEST_DEFAULT
    return {"default": values[texts.index(text)]} if is_usual else {}


def _for_all(values: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    if not values:
        return
    if all(map(is_number, values)):
        yield from _range(values)
    elif all(isinstance(value, str) for value in values):
        yield from _text(values)
    elif all(map(is_array, values)):
        length = {len(value) for value in values}
        if len(length) == 1 and len(values) >= _ENOUGH and 2 <= min(length) <= 4:
            yield from (("minItems", min(length)), ("maxItems", min(length)))


def _range(values: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    if min(values) >= 0:
        yield "minimum", 0
        if max(values) <= 1 and any(0 < value < 1 for value in values):
            yield "maximum", 1


def _text(values: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for name, (sign, python) in _FORMATS.items():
        check = check_of(name, "draft2020-12")
        if check and all(sign in value and check(value) for value in values):
            yield "format", name
            if python and all(can_read(python, value) for value in values):
                yield "x-python-type", python
            return
    choices = list(dict.fromkeys(values))
    is_short = all(0 < len(choice) <= _LONGEST_CHOICE for choice in choices)
    few = 2 <= len(choices) <= min(_MOST_CHOICES, len(values) // 2)
    if len(values) >= _ENOUGH and few and is_short:
        yield "enum", choices
