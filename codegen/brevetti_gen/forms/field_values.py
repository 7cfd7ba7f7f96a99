"""What the value of a form's field may be: the guesses of the form import.

Facts of vue-form-generator 2.3 and of the platform, which adds `isJson` and `criterionType`. A
guess never refuses what the form itself holds: its default, and the values of its presets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from brevettiai.config.json_text import NotJSONText, parse_json

from ..json_values import is_array, is_number, is_object, json_type
from ..patterns import PatternError, found_in, slowness, translate

#: What the ranges of a form mean: limits of the values, or nothing.
FormRanges = Literal["limits", "ignore"]

#: The platform's library writes this range to every number, whether or not anyone meant it.
UNASKED_RANGE = {"min": 0, "max": 100, "step": 1}
_NUMBER_INPUTS = ("number", "range")
#: Without a `format`, the library turns what is typed into milliseconds since 1970.
_DATE_INPUTS = ("date", "datetime", "datetime-local")
_DATE_TYPES = ("dateTimePicker", "pikaday")
_SLIDERS = ("rangeSlider", "noUiSlider")
_TEXT_TYPES = ("textArea", "cleave", "masked", "spectrum", "image", "googleAddress")
_BUTTONS = ("submit", "reset", "button", "image", "file")
_FORMATS = {"email": "email", "url": "uri", "password": "password"}
#: Which key of a choice that is an object holds its value, and where a form can rename it.
_CHOICES = {
    "select": ("selectOptions", "id"),
    "selectEx": ("selectOptions", "id"),
    "radios": ("radiosOptions", "value"),
    "checklist": ("checklistOptions", "value"),
}
NOTHING: Any = object()


def kind_of(field: Mapping[str, Any]) -> str:
    """The `type` of a field, "" if it has none."""
    kind = field.get("type")
    return kind if isinstance(kind, str) else ""


def input_kind(field: Mapping[str, Any]) -> str:
    """The `inputType` of a field, "" if it has none."""
    kind = field.get("inputType")
    return kind if isinstance(kind, str) else ""


def carries_value(field: Mapping[str, Any]) -> bool:
    """Whether a field with a model edits a setting, as buttons and uploads do not."""
    kind = kind_of(field)
    if kind == "input":
        return input_kind(field) not in _BUTTONS
    if kind == "label":
        return "default" in field
    return kind not in ("submit", "upload", "staticMap")


def value_schema(
    field: Mapping[str, Any], own_values: Sequence[Any], ranges: FormRanges
) -> dict[str, Any]:
    """The schema of a field's value; `own_values` are those of presets, as the form has them.

    Besides what it asserts it has the default.
    """
    default = read_own(field, field.get("default"))
    own = [] if default is NOTHING else [default]
    own += [v for v in (read_own(field, value) for value in own_values) if v is not NOTHING]
    schema = _asserted(field, own, ranges)
    is_json_text = field.get("isJson") is True and isinstance(field.get("default"), str)
    if not schema and default is not NOTHING and not is_json_text:
        default = field["default"]  # of any kind, and so as the form has it
    if default is not NOTHING and _is_of_type(schema, default):
        schema["default"] = default
    elif "default" in field and field["default"] is None and _offers_null(schema):
        schema["default"] = None
    return schema


def _offers_null(schema: Mapping[str, Any]) -> bool:
    values = [*schema.get("enum", ()), *(v["const"] for v in schema.get("oneOf", ()))]
    return any(value is None for value in values)


def read_own(field: Mapping[str, Any], value: Any) -> Any:
    """A value that the form holds, as a config value; `NOTHING` where it is none."""
    if value is None:
        return NOTHING
    if isinstance(value, str) and (field.get("isJson") is True or is_number_field(field)):
        try:
            read = parse_json(value)
        except NotJSONText:
            return NOTHING
        if read is None or (is_number_field(field) and not is_number(read)):
            return NOTHING
        return read
    if is_box(field):
        return bool(value)
    if isinstance(value, (int, float)) and _is_text_field(field):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value


def is_box(field: Mapping[str, Any]) -> bool:
    """Whether the field is ticked or not."""
    return kind_of(field) in ("checkbox", "switch") and not _switch_values(field)


def is_number_field(field: Mapping[str, Any]) -> bool:
    """Whether the field's value is one number."""
    if kind_of(field) == "input":
        return input_kind(field) in _NUMBER_INPUTS
    return kind_of(field) in _SLIDERS and not _is_double(field)


def is_unasked_range(field: Mapping[str, Any]) -> bool:
    """Whether a number has the range that nobody meant: what nothing checks."""
    is_usual = {name: field.get(name) for name in UNASKED_RANGE} == UNASKED_RANGE
    return is_usual and {"integer", "number"}.isdisjoint(filter(_is_text, validators_of(field)))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_field(field: Mapping[str, Any]) -> bool:
    if field.get("isJson") is True:
        return False
    if kind_of(field) == "input":
        return input_kind(field) not in (*_NUMBER_INPUTS, *_DATE_INPUTS, "checkbox", "radio")
    return kind_of(field) in _TEXT_TYPES


def _asserted(field: Mapping[str, Any], own: Sequence[Any], ranges: FormRanges) -> dict[str, Any]:
    kind = kind_of(field)
    if field.get("criterionType") == "classes":
        return _if_fit(own, {"type": "array", "items": {"type": "string"}})
    if field.get("criterionType") == "class_mapping":
        folders = {"type": ["string", "array"], "items": {"type": "string"}}
        return _if_fit(own, {"type": "object", "additionalProperties": folders})
    if kind in _CHOICES:
        return _choice_schema(field, own)
    if field.get("isJson") is True:
        return _kind_of_default(own)
    if is_box(field):
        return {"type": "boolean"}
    if kind == "switch":
        return {"enum": _with_own(_switch_values(field), own)}
    if kind == "input" and input_kind(field) in ("checkbox", "radio"):
        return {}  # the library's model gets texts, or what was there before
    if is_number_field(field):
        return _number_schema(field, own, ranges)
    if kind in _SLIDERS:
        number = _number_schema(field, [v for o in own if is_array(o) for v in o], ranges)
        are_pairs = all(is_array(value) and len(value) == 2 for value in own)
        sizes = {"minItems": 2, "maxItems": 2} if are_pairs else {}
        return _if_fit(own, {"type": "array", "items": number, **sizes})
    if kind in _DATE_TYPES or (kind == "input" and input_kind(field) in _DATE_INPUTS):
        return _date_schema(field, own)
    if kind == "vueMultiSelect":
        return _multi_select_schema(field, own)
    if kind == "input" or kind in _TEXT_TYPES:
        return _text_schema(field, own, ranges)
    return {}


def _if_fit(own: Sequence[Any], schema: dict[str, Any]) -> dict[str, Any]:
    """`schema`, unless the form itself holds a value of another kind."""
    return schema if all(_fits(schema, value) for value in own) else {}


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a value, and all that it holds, is of the types that a schema says."""
    if not _is_of_type(schema, value):
        return False
    if is_array(value):
        return all(_fits(schema.get("items", {}), item) for item in value)
    if is_object(value):
        return all(_fits(schema.get("additionalProperties", {}), v) for v in value.values())
    return True


def _kind_of_default(own: Sequence[Any]) -> dict[str, Any]:
    """JSON of the kind that the form starts with, if that is a list or an object."""
    kinds = {json_type(value) for value in own}
    return {"type": kinds.pop()} if kinds in ({"array"}, {"object"}) else {}


def _is_of_type(schema: Mapping[str, Any], value: Any) -> bool:
    types = schema.get("type")
    if types is None:
        return True
    kind = json_type(value)
    allowed = [types] if isinstance(types, str) else types
    return kind in allowed or (kind == "integer" and "number" in allowed)


# Numbers, texts, dates


def _number_schema(
    field: Mapping[str, Any], own: Sequence[Any], ranges: FormRanges
) -> dict[str, Any]:
    own = [value for value in own if is_number(value)]
    facts = [*own, *(field[name] for name in ("min", "max", "step") if name in field)]
    whole = [is_number(fact) and json_type(fact) == "integer" for fact in facts if fact is not None]
    validators = validators_of(field)
    is_whole = bool(whole) and all(whole) and "double" not in validators
    is_whole = is_whole or ("integer" in validators and all(json_type(v) == "integer" for v in own))
    schema: dict[str, Any] = {"type": "integer" if is_whole else "number"}
    if is_unasked_range(field):
        return schema
    return schema | _limits(field, own, ranges, "minimum", "maximum", least=None)


def _limits(
    field: Mapping[str, Any],
    own: Sequence[Any],
    ranges: FormRanges,
    lower: str,
    upper: str,
    least: int | None = 0,
) -> dict[str, Any]:
    """`min` and `max` as keywords, without those that the form's own values break."""
    if ranges == "ignore":
        return {}
    low, high = field.get("min"), field.get("max")
    found: dict[str, Any] = {}
    if _is_limit(low, least) and all(value >= low for value in own):
        found[lower] = low
    if _is_limit(high, least) and all(value <= high for value in own):
        found[upper] = high
    if len(found) == 2 and found[lower] > found[upper]:
        return {}
    return found


def _is_limit(limit: Any, least: int | None) -> bool:
    """Whether a form's limit can be one; with `least`, that of a size."""
    if not is_number(limit):
        return False
    return least is None or (json_type(limit) == "integer" and limit >= least)


def _text_schema(
    field: Mapping[str, Any], own: Sequence[Any], ranges: FormRanges
) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    texts = [value for value in own if isinstance(value, str)]
    validators = validators_of(field)
    lengths = dict(field)
    if kind_of(field) != "textArea" and "string" not in validators:
        lengths |= {"min": None, "max": field.get("maxlength")}
    if kind_of(field) == "textArea" and "string" not in validators:
        lengths["min"] = None
    sizes = [len(text) for text in texts]
    schema |= _limits(lengths, sizes, ranges, "minLength", "maxLength")
    pattern = field.get("pattern")
    if "regexp" in validators and isinstance(pattern, str) and _matches(pattern, texts):
        schema["pattern"] = pattern
    form = _FORMATS.get(input_kind(field)) if kind_of(field) == "input" else None
    return schema | ({"format": form} if form else {})


def _matches(pattern: str, texts: Sequence[str]) -> bool:
    """Whether a pattern can be used, and the form's own texts have it."""
    try:
        translate(pattern)
        slow = slowness(pattern)
    except PatternError:
        return False
    explodes = slow is not None and slow.explodes
    return not explodes and all(found_in(pattern, text) for text in texts)


def validators_of(field: Mapping[str, Any]) -> list[Any]:
    """The names of the validators of a field."""
    given = field.get("validator")
    return given if is_array(given) else [given] if isinstance(given, str) else []


def _date_schema(field: Mapping[str, Any], own: Sequence[Any]) -> dict[str, Any]:
    kinds = {"string"} if isinstance(field.get("format"), str) else {"integer"}
    if input_kind(field).startswith("datetime"):
        kinds = {"integer", "string"}  # without seconds its text, with them milliseconds
    kinds |= {json_type(value) for value in own}
    if not kinds <= {"string", "integer"}:
        return {}
    return {"type": sorted(kinds) if len(kinds) > 1 else kinds.pop()}


# Choices


def _choice_schema(field: Mapping[str, Any], own: Sequence[Any]) -> dict[str, Any]:
    is_list = kind_of(field) == "checklist"
    if is_list:
        if not all(is_array(value) for value in own):
            return {}
        own = [item for value in own for item in value]
    choices = read_choices(field)
    allowed = _one_of(choices, own)
    if not is_list:
        return allowed
    schema: dict[str, Any] = {"type": "array"}
    return schema | ({"items": allowed} if allowed else {})


def _one_of(choices: Sequence[tuple[Any, str | None]], own: Sequence[Any]) -> dict[str, Any]:
    """An `enum`, or constants with titles where choices have names of their own."""
    values = _with_own([value for value, _ in choices], own)
    if not choices:
        return {}
    names: dict[str, str] = {}
    for value, name in choices:
        if name is not None and name.strip() and name != value:
            names.setdefault(repr(value), name)
    if not names:
        return {"enum": values}
    titled = [
        {"const": v, "title": names[repr(v)]} if repr(v) in names else {"const": v} for v in values
    ]
    return {"oneOf": titled}


def read_choices(field: Mapping[str, Any]) -> list[tuple[Any, str | None]]:
    """The values that a field offers, each with its name if it has one."""
    options_key, value_key = _CHOICES.get(kind_of(field), ("selectOptions", "id"))
    options = field.get(options_key)
    name_key = "name"
    if is_object(options):
        value_key, name_key = options.get("value", value_key), options.get("name", name_key)
    found: list[tuple[Any, str | None]] = []
    values = field.get("values")
    for choice in values if is_array(values) else ():
        name = None
        if is_object(choice):
            if not isinstance(value_key, str):
                continue
            value = choice.get(value_key, choice.get("value", choice.get("id", NOTHING)))
            name = choice.get(name_key) if isinstance(name_key, str) else None
        else:
            value = choice
        if value is not None and value is not NOTHING:
            value = read_own({"isJson": field.get("isJson")}, value)
        if value is not NOTHING and (value is not None or is_object(choice)):
            found.append((value, name if isinstance(name, str) else None))
    return found


def _with_own(values: Sequence[Any], own: Sequence[Any]) -> list[Any]:
    found: dict[tuple[str, str], Any] = {}
    for value in [*values, *own]:
        number = float(value) if is_number(value) and abs(value) < 2**53 else value
        found.setdefault((json_type(value), repr(number)), value)
    return list(found.values())


def _switch_values(field: Mapping[str, Any]) -> list[Any]:
    """What a switch stands for where that is not true and false."""
    if kind_of(field) != "switch" or not field.get("valueOn"):
        return []
    values = [field["valueOn"], field.get("valueOff")]
    return [value for value in values if value is not None]


def _multi_select_schema(field: Mapping[str, Any], own: Sequence[Any]) -> dict[str, Any]:
    options = field.get("selectOptions")
    options = options if is_object(options) else {}
    values = field.get("values")
    choices = [] if options.get("taggable") or not is_array(values) else list(values)
    is_list = options.get("multiple") is True
    if is_list and not all(is_array(value) for value in own):
        return {}
    if is_list:
        own = [item for value in own for item in value]
    allowed = {"enum": _with_own(choices, own)} if choices else {}
    if not is_list:
        return allowed
    return {"type": "array", **({"items": allowed} if allowed else {})}


def _is_double(field: Mapping[str, Any]) -> bool:
    """Whether a slider has two handles."""
    options = field.get("rangeSliderOptions"), field.get("noUiSliderOptions")
    if any(is_object(o) and (o.get("type") == "double" or o.get("double")) for o in options):
        return True
    return is_array(field.get("default"))
