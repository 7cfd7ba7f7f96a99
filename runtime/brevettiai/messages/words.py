"""The words in which messages speak of values. Loaded only when there is something to say."""

from __future__ import annotations

from ..json_values import is_array, is_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

#: What a JSON type is, by its name, in all that speaks of values to people.
ARTICLES = {
    "null": "null",
    "boolean": "true or false",
    "integer": "a whole number",
    "plain integer": "a whole number written without a fraction",
    "number": "a number",
    "string": "text",
    "array": "a list",
    "object": "an object",
}
#: What has a format, by its name.
FORMATS = {
    "date": "a date such as 2026-01-31",
    "date-time": "a date and time such as 2026-01-31T23:59:00Z",
    "duration": "a duration such as P1DT12H",
    "email": "an email address",
    "hostname": "a host name",
    "idn-email": "an email address",
    "idn-hostname": "a host name",
    "ipv4": "an IPv4 address such as 192.0.2.1",
    "ipv6": "an IPv6 address such as 2001:db8::1",
    "iri": "an IRI such as https://example.com/ä",
    "iri-reference": "an IRI or a relative reference",
    "json-pointer": "a JSON Pointer such as /a/0",
    "regex": "a regular expression (ECMA-262)",
    "relative-json-pointer": "a relative JSON Pointer such as 1/a",
    "time": "a time such as 23:59:00Z",
    "uri": "a URI such as https://example.com/a",
    "uri-reference": "a URI or a relative reference",
    "uri-template": "a URI template such as /a/{b}",
    "uuid": "a UUID such as 123e4567-e89b-12d3-a456-426614174000",
}
#: What the types of `x-python-type` hold, one and several, by their names.
PYTHON_TYPES = {
    "datetime": (FORMATS["date-time"], "dates and times"),
    "date": (FORMATS["date"], "dates"),
    "time": ("a time such as 23:59:00", "times"),
    "timedelta": (FORMATS["duration"], "durations"),
    "Path": ("a path", "paths"),
    "Decimal": ("a decimal number such as 1.50", "decimal numbers"),
    "UUID": (FORMATS["uuid"], "UUIDs"),
}
_BOUNDS = {"min": "at least", "max": "at most"}
_SIZES = {"Length": "character", "Items": "item", "Properties": "key"}
#: What a limit asks for, by its keyword: the words, and what a size counts.
LIMITS = {
    "minimum": ("be at least", ""),
    "maximum": ("be at most", ""),
    "exclusiveMinimum": ("be more than", ""),
    "exclusiveMaximum": ("be less than", ""),
    "multipleOf": ("be a multiple of", ""),
    **{
        bound + size: (f"have {words}", noun)
        for size, noun in _SIZES.items()
        for bound, words in _BOUNDS.items()
    },
}


def demand(keyword: str, limit: float) -> str:
    """What a limit asks for.

    >>> demand("exclusiveMinimum", 0), demand("maxItems", 1)
    ('be more than 0', 'have at most 1 item')
    """
    words, noun = LIMITS[keyword]
    return f"{words} {counted(int(limit), noun) if noun else shown(limit)}"


def shown(value: Any) -> str:
    """`value` as a message shows it: short, and containers by their size only."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    if is_object(value):
        return f"an object with {counted(len(value), 'key')}" if value else "an empty object"
    if is_array(value):
        return f"a list of {counted(len(value), 'item')}" if value else "an empty list"
    if isinstance(value, int):
        return str(value) if value.bit_length() < 200 else "a very large number"
    if isinstance(value, float):
        return repr(value)
    return f"a {type(value).__name__}"


def exactly(value: Any) -> str:
    """A value of a schema as a message shows it: also what is in it, if that is short."""
    if isinstance(value, (dict, list)):
        from json import dumps

        text = dumps(value, ensure_ascii=False)
        return (
            text
            if len(text) <= 60 and text.isprintable()
            else f"exactly {shown(value)} that the schema says"
        )
    return shown(value)


def conjugated(phrase: str, number: int) -> str:
    """`be 1 and have 2 items` → `is 1 and has 2 items`, or `are 1 and …` for several."""
    words = _VERBS_OF_ONE if number == 1 else _VERBS_OF_MANY
    parts: list[str] = []
    for part in phrase.split(" and "):
        verb, _, rest = part.partition(" ")
        parts.append(f"{words.get(verb, verb)} {rest}")
    return " and ".join(parts)


_VERBS_OF_ONE = {"be": "is", "have": "has", "match": "matches", "fit": "fits"}
_VERBS_OF_MANY = {"be": "are"}


def number_meant(text: str, fits: Callable[[Any], bool]) -> str:
    """How to write, in JSON notation, the number that `text` has otherwise, if that fits.

    >>> number_meant(".5", bool), number_meant("+007", bool), number_meant("x", bool)
    ('0.5', '7', '')
    """
    import re

    number = r"\s*\+?(-?)([0-9_]*)\.?([0-9]*)([eE][+-]?[0-9]{1,3})?\s*"
    found = re.fullmatch(number, text) if len(text) <= 60 else None
    if found is None or not found[2] + found[3]:
        return ""
    sign, whole, fraction, exponent = found.groups("")
    whole = whole.replace("_", "").lstrip("0") or "0"
    meant = sign + whole + (f".{fraction}" if fraction else "") + exponent
    value = float(meant) if fraction or exponent else int(meant)
    return meant if meant != text and fits(value) else ""


def given_text(value: Any, meant: str = "") -> str:
    """What was given, as a message shows it, and what is `meant` by it."""
    return shown(value) + (f"; write {meant}" if meant else "")


def counted(number: int, noun: str) -> str:
    """`1 item`, `2 items`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(values: Iterable[Any], in_words: Callable[[Any], str] = str) -> str:
    """`a, b, c`, and the number of others where there are many."""
    values = list(values)
    others = f" and {len(values) - 12} others" if len(values) > 12 else ""
    return ", ".join(map(in_words, values[:12])) + others


def either(texts: Iterable[str]) -> str:
    """`a, b or c`."""
    texts = list(texts)
    return " or ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))


def close_match(word: str, known: Iterable[Any], least: float = 0.6) -> str | None:
    """The one of `known` that looks most like `word`; of long texts and many none is sought.

    Args:
        least: how alike they must be, from 0 to 1. Case and dashes for underscores do not count.
    """
    from .spellings import nearest

    return nearest(word, tuple(name for name in known if isinstance(name, str)), least)


#: Of how many wrong words of one message a near one is sought; more are not read.
MOST_GUESSES = 100


def guess(word: str, known: Iterable[Any], turn: int = 0) -> str:
    """`did you mean 'angle'?`, if one of `known` looks like `word`, else nothing.

    Args:
        turn: how many words of the same message came before.
    """
    close = close_match(word, known) if turn < MOST_GUESSES else None
    return "" if close is None else f"did you mean {close!r}?"


def did_you_mean(word: str, known: Iterable[Any], turn: int = 0) -> str:
    """A `guess` behind a comma: `, did you mean 'angle'?`."""
    return f", {text}" if (text := guess(word, known, turn)) else ""


def near_match(word: str, known: Iterable[Any], turn: int = 0) -> str:
    """A `guess` in brackets: ` (did you mean 'angle'?)`."""
    return f" ({text})" if (text := guess(word, known, turn)) else ""
