"""What the values of a form stand for: text that is JSON, a number or a list, and what is empty."""

from __future__ import annotations

import json
import re
from typing import Any

from ..cli.inside import Kinds, kind_of
from ..cli.values import read_number
from ..config.json_text import NotJSONText, parse_json
from ..json_values import is_array, is_mapping, is_object
from ..messages.keywords import TYPES
from ..messages.structure import keys_of
from .fields import Entry, FormField, is_json_text, is_same

ABSENT: Any = object()
#: Who begins so means a list, an object or a text in quotes, and has made a mistake in it.
_JSON_BEGINS = ("[", "{", '"')
#: A list of words without quotes, or with those of other languages.
_BARE_LIST = re.compile(r"""\s*\[([^][{}"]*)\]\s*""")
#: What selects that hold texts only have for values of other kinds.
_WORDS = {"true": ("boolean", True), "false": ("boolean", False), "null": ("null", None)}
#: Characters of what may have been meant.
_MAX_SHOWN = 60


def nothing_for(entry: Entry) -> Any:
    """What stands in a config for a form's value that was emptied."""
    return None if "null" in entry.kinds else ABSENT


def read_value(entry: Entry, value: Any) -> Any:
    """The config value that a form's value stands for; `ABSENT` where it stands for none.

    What does not fit is given back as it is: the schema refuses it in its own words.

    Raises:
        NotJSONText: the text of a JSON field does not parse.
    """
    kinds, field, given = entry.kinds, entry.shown, value
    nothing = nothing_for(entry)
    if entry.items:
        value = _item_values(entry, value)
    if value is None or (isinstance(value, float) and value != value):
        return nothing
    if value == "" and field.get("inputType") == "date":
        return nothing
    if isinstance(value, str) and (is_json_text(field) or "string" not in kinds):
        if not value.strip():
            return nothing
        if field.get("type") in ("checkbox", "switch") and _is_untouched(field, value):
            return ABSENT  # the box is ticked, whatever the text says
        try:
            read = _read_text(value, kinds, is_json_text(field))
        except NotJSONText as error:
            if _is_untouched(field, value):
                return ABSENT
            is_text = not value.lstrip().startswith(_JSON_BEGINS)
            if is_text and _is_list_of_texts(entry):
                return _listed_texts(value)
            if not is_json_text(field) or (is_text and "string" in kinds):
                return value
            meant = _meant(value) if str(error).startswith("expecting value") else ""
            raise NotJSONText(f"{error}{meant}", error.untold) from None
        if _is_list_of_texts(entry) and not is_array(read) and not is_object(read):
            read = None if read is None else _listed_texts(value)
        if read is None:
            return nothing
        value = value if read is ABSENT else read
    if entry.union is not None and is_object(value):
        value = _of_its_kind(entry.union, value)
    fits = is_json_text(field) or any(TYPES[kind](value) for kind in kinds)
    return value if fits or not _is_untouched(field, given) else ABSENT


def _item_values(entry: Entry, value: Any) -> Any:
    """The list that the fields of its items stand for; None where all of them are empty.

    Without a default the library makes an object of what is typed, whose keys are the places.
    """
    if is_mapping(value) and value:
        places = {str(place): place for place in range(len(entry.items))}
        if not places.keys() >= value.keys():
            return value
        value = [value.get(place) for place in places]
    if not is_array(value):
        return value
    read: list[Any] = []
    for place, item in enumerate(value):
        found = read_value(entry.items[place], item) if place < len(entry.items) else item
        read.append(None if found is ABSENT else found)
    return None if read and all(item in (None, "") for item in read) else read


def _of_its_kind(union: Kinds, value: dict[str, Any]) -> dict[str, Any]:
    """An object of a union without what only other kinds of objects have: a form keeps it when
    another kind is chosen. Where its own kind takes them as they are, they stay."""
    kind = kind_of(union, value) if union.tag in value else None
    if kind is None or kind.cls.__brevetti__.check(value):
        return value
    known = {key for each in union.kinds for key in keys_of(each.cls)} - {*keys_of(kind.cls)}
    return {key: each for key, each in value.items() if key not in known}


def _read_text(text: str, kinds: tuple[str, ...], is_json: bool) -> Any:
    """The value of a text in a field of other kinds; `ABSENT` if the text tells none."""
    kind, word = _WORDS.get(text, ("", ABSENT))
    if kind in kinds:
        return word
    if is_json or "array" in kinds or "object" in kinds:
        return parse_json(text)
    if "number" in kinds or "integer" in kinds:
        number = read_number(text.strip())
        return ABSENT if number is None else number
    return ABSENT


def _is_list_of_texts(entry: Entry) -> bool:
    """Whether a value is a list of texts, which nobody has to write as JSON."""
    return entry.item_kinds == ("string",) and {"array", "null"}.issuperset(entry.kinds)


def _listed_texts(text: str) -> list[str]:
    """The texts of a list: one per line or, in one line, between commas.

    >>> _listed_texts("scratch, dent"), _listed_texts("no dent, or a small one\\nscratch")
    (['scratch', 'dent'], ['no dent, or a small one', 'scratch'])
    """
    lines = text.strip().splitlines()
    parts = (line.strip().rstrip(",") for line in lines) if len(lines) > 1 else text.split(",")
    return [stripped for part in parts if (stripped := part.strip().strip('"'))]


def _meant(text: str) -> str:
    """What JSON text may be meant by text that has no quotes, or others than JSON."""
    found = _BARE_LIST.fullmatch(text)
    if found is not None:
        items = (part.strip().strip("'") for part in found[1].split(","))
        meant = f"[{', '.join(map(_as_json, items))}]"
    else:
        meant = text.replace("'", '"')
    try:
        parse_json(meant)
    except NotJSONText:
        return ""
    shown = meant if len(meant) <= _MAX_SHOWN else '["a", "b"]'
    return f"; texts stand in double quotes, as in {shown}"


def _as_json(text: str) -> str:
    try:
        parse_json(text)
    except NotJSONText:
        return json.dumps(text, ensure_ascii=False)
    return text


def _is_untouched(field: FormField, value: Any) -> bool:
    """Whether `value` is the form's own default: whatever it is, nobody entered it."""
    return "default" in field and is_same(field["default"], value)
