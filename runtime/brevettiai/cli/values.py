"""What the text of one flag means.

The types that a field admits decide, in this order: `null` and Booleans by their words, numbers in
JSON notation, JSON behind `"`, `[` and `{`, and text is everything else. Where text is all that is
admitted, it is taken as it is; where it is admitted beside Booleans, only `true` and `false` are
those. The items of a list are read one by one, by the types that an item admits.
"""

from __future__ import annotations

from ..json_values import is_array, is_one_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..compiled import Field

JSON_SPACE = " \t\r\n"
_SCALARS = frozenset({"null", "boolean", "integer", "number", "string"})
_NUMERIC = frozenset({"integer", "number"})
#: What people call Booleans, in any case; of hand-written modules too.
BOOLEANS = {
    **dict.fromkeys(("true", "1", "yes", "on"), True),
    **dict.fromkeys(("false", "0", "no", "off"), False),
}


class Unreadable(ValueError):
    """Text that stands for no value a field admits; `str()` says what would, `must be …`.

    `meant` is what to write instead, if that is known, else ""; `untold` says what would without
    a word of the text.
    """

    def __init__(self, expected: str, meant: str = "", untold: str = "") -> None:
        super().__init__(expected)
        self.meant = meant
        self.untold = untold or expected


def read(field: Field, text: str, index: int = 0) -> Any:
    """The value that `text` gives to `field`: plain JSON, in fresh containers.

    A type that the field admits is all that is asked; ranges and choices are for validation. Of a
    list `text` may be an item, the one at `index`, and the value is a list of that.

    Raises:
        Unreadable: `text` stands for no admitted type.
    """
    kinds = field.kinds
    if kinds == ("string",):
        return text
    if takes_list(field):
        return _read_list(field, text, index)
    try:
        value = _read_kinds(kinds, text)
    except Unreadable:
        if field.choices and not field.secret and _SCALARS.issuperset(kinds):
            from ..messages.words import listed
            from .words import write_json

            one_of = "one of " if len(field.choices) > 1 else ""
            raise Unreadable(f"must be {one_of}{listed(field.choices, write_json)}") from None
        raise
    choices = field.choices
    if choices and type(value) is not str and text in choices and not is_one_of(value, choices):
        return text
    return value


def contents(word: str) -> str:
    """The text that a word stands for: of `@FILE` what the file holds, of `@@text` `@text`.

    Raises:
        Unreadable: the file cannot be read.
    """
    if word[:1] != "@":
        return word
    from .words import contents_behind

    try:
        return contents_behind(word)
    except ValueError as error:
        untold = "cannot be read from a file; @@ begins a text that begins with @"
        raise Unreadable(str(error), untold=untold) from None


def takes_list(field: Field) -> bool:
    """Whether a value of `field` is a list (or null), so that single items may be given."""
    kinds = field.kinds
    return "array" in kinds and all(kind in ("array", "null") for kind in kinds)


def is_repeatable(field: Field) -> bool:
    """Whether repeating the flag of `field` makes a list of all that was given."""
    return takes_list(field) or ("array" in field.kinds and has_scalar_items(field))


def has_scalar_items(field: Field) -> bool:
    """Whether the items of lists can be given one by one."""
    return bool(field.item_kinds) and _SCALARS.issuperset(field.item_kinds)


def read_number(text: str) -> int | float | None:
    """The number that `text` is in JSON notation, else None. Infinite ones are none.

    What people type as text is a number by this rule alone, in flags and in forms.
    """
    digits = text.removeprefix("-")
    whole = digits
    for mark in ".eE":
        whole = whole.partition(mark)[0]
    # What `float` and `int` take beyond JSON: spaces, `_`, `+1`, `01`, `.5`, `5.`, `inf`, `٣`.
    if not (text.isascii() and whole.isdigit()) or (whole[0] == "0" and len(whole) > 1):
        return None
    rest = digits[len(whole) :]
    if "_" in rest or rest[-1:].isspace() or (rest[:1] == "." and not rest[1:2].isdigit()):
        return None
    try:
        number = float(text) if rest else int(text)
    except ValueError:  # Of an integer: longer than Python's limit on digits.
        return None
    return number if number - number == 0 else None


def _read_list(field: Field, text: str, index: int) -> Any:
    """A JSON list, or the one item that `text` is; `null` where the field itself may be null."""
    start = text.strip(JSON_SPACE)
    if start == "null" and "null" in field.kinds:
        return None
    if start[:1] == "[":
        value = read_json(text, "must be a JSON list")
        if is_array(value):
            return [value] if _is_item(field, value, index) else value
    try:
        if has_scalar_items(field):
            return [_read_kinds(field.item_kinds, text)]
        from .inside import item_of

        item = item_of(field, index)
        if item is not None:
            return [read(item, text)]
    except Unreadable as error:
        raise Unreadable(f"each item {error}", error.meant, f"each item {error.untold}") from None
    raise Unreadable("must be a list in JSON, such as '[…]'")


def _is_item(field: Field, value: list[Any], index: int) -> bool:
    """Whether a list can only be an item of the list that a field is: as `[1, 2]` of `[[1, 2]]`."""
    if has_scalar_items(field):
        return False
    from ..messages.keywords import TYPES
    from .inside import item_of

    item = item_of(field, index)
    return (
        item is not None
        and "array" in item.kinds
        and not all(any(TYPES[kind](each) for kind in item.kinds) for each in value)
    )


def _read_kinds(kinds: tuple[str, ...], text: str) -> Any:
    has_text = "string" in kinds
    word = text.strip(JSON_SPACE)
    first = word[:1]
    if word == "null" and "null" in kinds:
        return None
    if "boolean" in kinds:
        boolean = BOOLEANS.get(word if has_text else word.lower())
        is_number = word in ("0", "1") and not _NUMERIC.isdisjoint(kinds)
        if boolean is not None and not is_number and (not has_text or word in ("true", "false")):
            return boolean
    if first in "-0123456789" and first and not _NUMERIC.isdisjoint(kinds):
        number = read_number(word)
        if number is not None and (type(number) is int or "number" in kinds):
            return number
        if type(number) is float and number.is_integer():
            return int(number)
    for opening, kind in (('"', "string"), ("[", "array"), ("{", "object")):
        if first == opening and kind in kinds:
            try:
                return read_json(text, f"must be {_expectation(kinds)}")
            except Unreadable:
                if not has_text:
                    raise
    if has_text or not kinds:
        return text
    from ..messages.keywords import is_any_of
    from ..messages.words import number_meant

    raise Unreadable(f"must be {_expectation(kinds)}", number_meant(text, is_any_of(kinds)))


def read_json(text: str, expected: str) -> Any:
    """The value of JSON text.

    Raises:
        Unreadable: it is not JSON; the message is `expected` and the place of the mistake.
    """
    from ..config.json_text import NotJSONText, parse_json

    try:
        return parse_json(text)
    except NotJSONText as error:
        no_json = f"{expected}, but is not valid JSON: "
        raise Unreadable(f"{no_json}{error}", untold=f"{no_json}{error.untold}") from None


def _expectation(kinds: tuple[str, ...]) -> str:
    """What values of `kinds` are, in words: `a number or null`."""
    from ..messages.words import ARTICLES, either

    words = {**ARTICLES, "array": "a JSON list", "object": "a JSON object"}
    names = [words[kind] for kind in kinds if kind != "integer" or "number" not in kinds]
    return either(sorted(names, key="null".__eq__))
