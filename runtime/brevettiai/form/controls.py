"""How the form library lets a value be edited: the control of a setting, and what it checks.

Facts of vue-form-generator 2.3: `min`, `max` and `pattern` enforce nothing by themselves, a
`validator` does; `number` and `integer` check `min` and `max`, `string` checks lengths, `array`
counts items, `regexp` uses `pattern`. Selects offer scalars or `{id, name}`, radios and checklists
scalars or `{value, name}`. JavaScript's numbers hold 53 bits.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, NamedTuple, TypeAlias

from ..cli.inside import Kinds, alternatives, kinds_of
from ..json_values import all_unique, is_array, is_number
from ..messages.structure import content_of
from ..messages.values import MAX_NAMES, bounds, content_text
from ..messages.words import either
from .fields import FormField

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..compiled import Field

#: The largest whole number that JavaScript holds exactly.
MAX_SAFE_INTEGER = 2**53 - 1
#: Of text areas; more where their defaults need it, up to the most.
LEAST_ROWS, MOST_ROWS = 4, 12
_LONG_TEXT = 500
#: What the pickers of browsers can show.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COLOR = re.compile(r"#[0-9a-f]{6}")
_INPUTS = {"email": "email", "uri": "url"}
#: In patterns: what means something else, or nothing, in a JavaScript expression without flag `u`.
_UNICODE_SYNTAX = ("\\p{", "\\P{", "\\u{")

#: A value to choose, and its name for people, None if it has none of its own.
Option: TypeAlias = tuple[Any, "str | None"]


class Setting(NamedTuple):
    """What a control is chosen by: a row without null, which an empty field stands for."""

    row: Field
    wanted: str | None
    kinds: tuple[str, ...]
    choices: list[Option]
    default: Any

    @classmethod
    def of(cls, row: Field, wanted: str | None) -> Setting:
        kinds = tuple(kind for kind in row.kinds if kind != "null")
        text = row.default or row.proposal
        default = None if text is None else json.loads(text)
        return cls(row, wanted, kinds, named(row.choices, row.choice_names), default)


def is_fixed(setting: Setting) -> bool:
    """Whether there is one value, which the form gives by itself."""
    row = setting.row
    is_given = row.required or setting.default is not None
    is_one = len(setting.choices) == 1 and not row.nullable
    return is_one and is_given and not row.secret and setting.wanted not in ("select", "radios")


def named(values: Sequence[Any], names: Sequence[str | None]) -> list[Option]:
    return [choice for choice in zip_longest(values, names) if choice[0] is not None]


def control(setting: Setting) -> FormField:
    """The keys of the field that say how the value is edited, and what the browser checks."""
    choices, kinds, wanted = setting.choices, setting.kinds, setting.wanted
    if wanted == "textArea" and kinds != ("string",):
        return _json_area(setting)
    if is_fixed(setting):
        return _fixed_control(setting)
    is_chosen = wanted in ("select", "radios") or any(name is not None for _, name in choices)
    if choices and (kinds != ("boolean",) or is_chosen or len(choices) == 1):
        return _choice_control(setting, choices)
    if kinds == ("boolean",):
        if setting.row.nullable or wanted in ("select", "radios"):
            return _choice_control(setting, [(True, None), (False, None)])
        return {"type": "checkbox"}
    if kinds in (("integer",), ("number",)):
        return _number_control(setting)
    if kinds == ("string",):
        return _text_control(setting)
    items = named(setting.row.item_choices, setting.row.item_names)
    if kinds == ("array",) and items and is_plain(items):
        checked = setting.default if is_array(setting.default) else []
        if all_unique(checked):
            return _checklist(setting.row, items)
    return _json_area(setting)


def _fixed_control(setting: Setting) -> FormField:
    """What shows the only value of a setting; a choice of one would be none."""
    kinds, ((value, name),) = setting.kinds, setting.choices
    field: FormField = {"type": "input", "inputType": "text"}
    if kinds == ("boolean",):
        field = {"type": "checkbox"}
    elif is_number(value) and _is_exact(value):
        field["inputType"] = "number"
    elif not isinstance(value, str) or kinds != ("string",):
        field["isJson"] = True
    return {**field, "hint": name} if name is not None else field


def _choice_control(setting: Setting, choices: Sequence[Option]) -> FormField:
    kind = "radios" if setting.wanted == "radios" else "select"
    plain = is_plain(choices)
    key = "id" if kind == "select" else "value"
    values: list[Any] = []
    for each, name in choices:
        value = each if plain else json.dumps(each, ensure_ascii=False)
        values.append(value if name is None else {key: value, "name": name})
    return {"type": kind, "values": values, **({} if plain else {"isJson": True})}


def is_plain(choices: Sequence[Option]) -> bool:
    """Whether the form library keeps all of the choices as they are, and apart."""
    texts = {json.dumps(value).strip('"') for value, _ in choices}
    return len(texts) == len(choices) and all(
        isinstance(value, (str, bool)) or (is_number(value) and _is_exact(value))
        for value, _ in choices
    )


def _is_exact(value: Any) -> bool:
    """Whether JavaScript holds a number exactly."""
    return isinstance(value, float) or abs(value) <= MAX_SAFE_INTEGER


def _checklist(row: Field, choices: Sequence[Option]) -> FormField:
    values = [value if name is None else {"value": value, "name": name} for value, name in choices]
    field: FormField = {"type": "checklist", "listBox": True, "values": values}
    least, most = row.limits.get("minItems"), row.limits.get("maxItems")
    if least:
        field["min"] = least
    if most is not None:
        field["max"] = most
    if least or most is not None:
        field["validator"] = ["array"]
    return field


def _number_control(setting: Setting) -> FormField:
    row, is_whole, default = setting.row, setting.kinds == ("integer",), setting.default
    if is_number(default) and not _is_exact(default):
        return {"type": "input", "inputType": "text", "isJson": True, "hint": "A whole number"}
    field: FormField = {"type": "input", "inputType": "number"}
    low, high = bounds(row.limits)
    asked: list[str] = []
    multiple = row.limits.get("multipleOf")
    for name, (limit, is_excluded), sign, words in (
        ("min", low, 1, "more than"),
        ("max", high, -1, "less than"),
    ):
        if limit is None:
            continue
        field[name] = reached = first_within(limit, is_excluded, sign, multiple, is_whole=is_whole)
        asked += [f"{words} {limit}"] if is_excluded and reached == limit else []
    field["step"] = multiple if multiple is not None else 1 if is_whole else "any"
    asked += [f"a multiple of {multiple}"] if multiple is not None and multiple != 1 else []
    hint = " and ".join(asked)
    if hint:
        field["hint"] = hint[0].upper() + hint[1:]
    # To the library an emptied number is an invalid one: with a check there is no way back to none.
    if not row.nullable and (row.required or default is not None):
        field["validator"] = ["integer" if is_whole else "number"]
    return field


def first_within(limit: Any, is_excluded: bool, sign: int, multiple: Any, *, is_whole: bool) -> Any:
    """The first number within a limit that can be reached by steps; the limit where there are none.

    `sign` is 1 for lower limits, -1 for upper ones; `multiple` is what numbers are multiples of.
    No control of the library leaves out a limit itself.
    """
    if multiple is None and not is_whole:
        return limit
    from fractions import Fraction  # which takes long to import

    step = Fraction(str(multiple or 1))
    if is_whole:
        step = Fraction(step.numerator)
    steps = Fraction(str(limit)) / step * sign
    count = math.ceil(steps)
    count += is_excluded and count == steps
    reached = count * sign * step
    try:
        return int(reached) if reached.denominator == 1 else float(reached)
    except OverflowError:
        return limit


def _text_control(setting: Setting) -> FormField:
    row, default = setting.row, setting.default
    shortest, longest = row.limits.get("minLength"), row.limits.get("maxLength")
    is_long = setting.wanted == "textArea" or (
        setting.wanted is None
        and ((longest or 0) >= _LONG_TEXT or (isinstance(default, str) and "\n" in default))
    )
    field: FormField
    if is_long:
        field = {"type": "textArea", "rows": LEAST_ROWS}
    elif row.format == "date" and not (shortest or longest or row.patterns) and _is_date(default):
        # The library makes numbers of dates that have no format.
        field = {"type": "input", "inputType": "date", "format": "YYYY-MM-DD"}
    elif row.format == "color" and isinstance(default, str) and _COLOR.fullmatch(default):
        # Without a default the browser would show black, and mean nothing.
        field = {"type": "input", "inputType": "color"}
    else:
        field = {"type": "input", "inputType": _INPUTS.get(row.format, "text")}
    if shortest:
        field["min"] = shortest
    if longest is not None:
        field["max"] = longest
        if not is_long:
            field["maxlength"] = longest
    validators = ["string"] if shortest or longest is not None else []
    pattern = next(filter(_is_javascript, row.patterns), None)
    if pattern is not None:
        field["pattern"] = pattern
        validators.append("regexp")
    if validators:
        field["validator"] = validators
    return field


def _is_date(default: Any) -> bool:
    return default is None or (isinstance(default, str) and bool(_DATE.fullmatch(default)))


def _is_javascript(pattern: str) -> bool:
    """Whether `new RegExp(pattern)` means what the schema means."""
    return pattern.isascii() and not any(syntax in pattern for syntax in _UNICODE_SYNTAX)


def _json_area(setting: Setting) -> FormField:
    kinds = kinds_of(setting.row)
    text = content_text(content_of(setting.row)) if kinds.tag is None else _kinds_text(kinds)
    if kinds.tag is not None and setting.row.nullable:
        text = f"{text}; or null"
    if setting.kinds == ("array",) and ("list", "string") in alternatives(content_of(setting.row)):
        text = f"{text}; or one text per line"
    return {"type": "textArea", "rows": LEAST_ROWS, "isJson": True, "hint": f"JSON: {text}"}


def _kinds_text(kinds: Kinds) -> str:
    """`an object by its "name": "sgd" (with "momentum") or "adam"`."""
    told: list[str] = []
    for kind in kinds.kinds[:MAX_NAMES]:
        tags = either(json.dumps(tag, ensure_ascii=False) for tag in kind.tags[:MAX_NAMES])
        keys = [row.key for row in kind.cls.__brevetti__.fields() if row.key != kinds.tag]
        names = [json.dumps(key, ensure_ascii=False) for key in keys[:MAX_NAMES]]
        names += ["…"] if len(keys) > MAX_NAMES else []
        told.append(f"{tags} (with {', '.join(names)})" if names else tags)
    text = f"{', '.join(told)}, …" if len(kinds.kinds) > MAX_NAMES else either(told)
    return f"an object by its {json.dumps(kinds.tag, ensure_ascii=False)}: {text}"
