"""Which control of the form library shows a property, with the checks that the browser makes.

Facts of vue-form-generator 2.3: `min`, `max`, `required` and `pattern` enforce nothing by
themselves, a `validator` does; `number` and `integer` check `min` and `max`, `string` checks
lengths, `array` counts items, `regexp` uses `pattern`. Selects offer scalars or `{id, name}`,
radios and checklists scalars or `{value, name}`. JavaScript's numbers hold 53 bits.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..json_values import is_array, is_number, is_object
from ..model.build import annotated
from ..model.facts import kinds_of
from ..model.shapes import Shapes
from ..model.types import ListType, LiteralType, Model, Property
from ..schema.nodes import Node
from .words import expected

#: The largest whole number that JavaScript holds exactly.
MAX_SAFE_INTEGER = 2**53 - 1
_LONG_TEXT = 500
#: In patterns: what means something else, or nothing, in a JavaScript expression without flag `u`.
_UNICODE_SYNTAX = ("\\p{", "\\P{", "\\u{")


@dataclass(frozen=True)
class Choice:
    """A value to choose, with its name for people if the schema has one."""

    value: Any
    name: str | None = None


class Facts:
    """What the form needs to know of a property."""

    def __init__(self, prop: Property, model: Model, wanted: str | None) -> None:
        self.prop = prop
        self.nodes = list(annotated(model.shapes, prop.nodes))
        self.kinds = tuple(kind for kind in kinds_of(prop, model.shapes) if kind != "null")
        #: The `type` of field that the schema's author asks for, if any.
        self.wanted = wanted
        self._shapes = model.shapes
        self._model = model

    @property
    def default(self) -> Any:
        """The default, None if there is none."""
        fill = self.prop.fill
        return fill.value if fill is not None and fill.is_default else None

    @property
    def expected(self) -> str:
        """What JSON text is expected, in words."""
        return expected(self.prop.type, self._model)

    @property
    def choices(self) -> list[Choice]:
        """The constants that the property may have, null apart; [] if it is not limited to any."""
        return _choices(self.prop.shape, self._shapes)

    @property
    def item_choices(self) -> list[Choice]:
        """The same of the items, for a list whose items are all alike."""
        kind = self.prop.type
        if self.kinds != ("array",) or not isinstance(kind, ListType) or kind.prefix:
            return []
        if not isinstance(kind.item, LiteralType):
            return []
        for node in self.nodes:
            if is_object(node.keyword("items")):
                item = self._shapes.index.child(node, "items")
                found = _choices(self._shapes.normal([item]), self._shapes)
                if found:
                    return found
        return [Choice(value) for value in kind.item.values if value is not None]

    def strongest(self, keyword: str, choose: Any) -> Any:
        """The limit that `keyword` sets; `choose` is `max` for lower limits, `min` for upper."""
        found = [
            node.get(keyword)
            for node in self.nodes
            if node.has(keyword) and is_number(node.get(keyword))
        ]
        return choose(found) if found else None

    def limits(self, keyword: str, exclusive: str, choose: Any) -> tuple[Any, Any]:
        """The strongest limit that a number may reach, and the strongest that it may not."""
        reached: list[Any] = []
        excluded: list[Any] = []
        for node in self.nodes:
            limit, beside = node.keyword(keyword), node.keyword(exclusive)
            if is_number(limit):
                # In draft 4 the limit itself is excluded by a Boolean beside it.
                (excluded if beside is True else reached).append(limit)
            if is_number(beside):
                excluded.append(beside)
        return choose(reached) if reached else None, choose(excluded) if excluded else None

    @property
    def patterns(self) -> list[str]:
        """All patterns that a text must match."""
        return [node.keyword("pattern") for node in self.nodes if node.has("pattern")]

    def first(self, keyword: str) -> Any:
        """The nearest value of an annotation."""
        return next((n.get(keyword) for n in self.nodes if n.get(keyword) is not None), None)


def _choices(shape: Sequence[Node], shapes: Shapes) -> list[Choice]:
    atoms = shapes.atoms(tuple(shape))
    for node in atoms:
        for keyword in ("oneOf", "anyOf"):
            branches: Any = node.keyword(keyword)
            if is_array(branches) and all(is_object(b) and "const" in b for b in branches):
                values = shapes.constants(tuple(shape))
                return [
                    Choice(b["const"], b["title"] if isinstance(b.get("title"), str) else None)
                    for b in branches
                    if b["const"] is not None and (values is None or b["const"] in values)
                ]
    return [Choice(value) for value in shapes.constants(tuple(shape)) or [] if value is not None]


def heads_class(prop: Property, model: Model, wanted: str | None = None) -> bool:
    """Whether a property is shown as a heading with the fields of its class.

    A class that may be absent is JSON text instead: defaults of its fields would make it present.
    """
    return (
        model.settings_class(prop.type) is not None
        and kinds_of(prop, model.shapes) == ("object",)
        and (prop.required or prop.fill is not None)
        and wanted in (None, "label")
    )


def control(facts: Facts) -> dict[str, Any]:
    """The keys of the field that say how the value is edited, and what the browser checks."""
    choices, kinds, wanted = facts.choices, facts.kinds, facts.wanted
    if wanted == "textArea" and kinds != ("string",):
        return _json_area(facts)
    is_chosen = wanted in ("select", "radios") or any(c.name is not None for c in choices)
    if choices and (kinds != ("boolean",) or is_chosen):
        return _choice_control(facts, choices)
    if kinds == ("boolean",):
        if facts.prop.nullable or wanted in ("select", "radios"):
            return _choice_control(facts, [Choice(True), Choice(False)])
        return {"type": "checkbox"}
    if kinds in (("integer",), ("number",)):
        return _number_control(facts)
    if kinds == ("string",):
        return _text_control(facts)
    items = facts.item_choices
    if items and _is_plain(items) and not _repeats(facts.default):
        return _checklist(facts, items)
    return _json_area(facts)


def _choice_control(facts: Facts, choices: Sequence[Choice]) -> dict[str, Any]:
    kind = "radios" if facts.wanted == "radios" else "select"
    plain = _is_plain(choices)
    key = "id" if kind == "select" else "value"
    values: list[Any] = []
    for choice in choices:
        value = choice.value if plain else json.dumps(choice.value, ensure_ascii=False)
        values.append(value if choice.name is None else {key: value, "name": choice.name})
    return {"type": kind, "values": values, **({} if plain else {"isJson": True})}


def _is_plain(choices: Iterable[Choice]) -> bool:
    """Whether the form library keeps all of the choices as they are, and apart."""
    choices = list(choices)
    texts = {json.dumps(c.value).strip('"') for c in choices}
    return len(texts) == len(choices) and all(
        isinstance(c.value, (str, bool)) or (is_number(c.value) and is_exact(c.value))
        for c in choices
    )


def is_exact(value: Any) -> bool:
    """Whether JavaScript holds a number exactly."""
    return isinstance(value, float) or abs(value) <= MAX_SAFE_INTEGER


def _repeats(value: Any) -> bool:
    return is_array(value) and any(item in value[:place] for place, item in enumerate(value))


def _checklist(facts: Facts, choices: Sequence[Choice]) -> dict[str, Any]:
    field: dict[str, Any] = {
        "type": "checklist",
        "listBox": True,
        "values": [
            c.value if c.name is None else {"value": c.value, "name": c.name} for c in choices
        ],
    }
    least, most = facts.strongest("minItems", max), facts.strongest("maxItems", min)
    if least:
        field["min"] = least
    if most is not None:
        field["max"] = most
    if least or most is not None:
        field["validator"] = ["array"]
    return field


def _number_control(facts: Facts) -> dict[str, Any]:
    is_whole = facts.kinds == ("integer",)
    default = facts.default
    if is_number(default) and not is_exact(default):
        return {"type": "input", "inputType": "text", "isJson": True, "hint": "A whole number"}
    field: dict[str, Any] = {"type": "input", "inputType": "number"}
    low, least, above = _limit(facts, "minimum", "exclusiveMinimum", is_whole, 1)
    high, most, below = _limit(facts, "maximum", "exclusiveMaximum", is_whole, -1)
    if low is not None:
        field["min"] = low
    if high is not None:
        field["max"] = high
    step = facts.strongest("multipleOf", min)
    field["step"] = step if step is not None else 1 if is_whole else "any"
    bounds = [f"more than {least}" if above else "", f"less than {most}" if below else ""]
    bounds.append(f"a multiple of {step}" if step is not None and step != 1 else "")
    hint = " and ".join(filter(None, bounds))
    if hint:
        field["hint"] = hint[0].upper() + hint[1:]
    may_be_empty = not facts.prop.required and facts.default is None
    # To the library an emptied number is an invalid one: a check costs the way back to none.
    if is_whole or not may_be_empty or "min" in field or "max" in field:
        field["validator"] = ["integer" if is_whole else "number"]
    return field


def _limit(
    facts: Facts, keyword: str, exclusive: str, is_whole: bool, sign: int
) -> tuple[Any, Any, bool]:
    """The limit as the form has it, as the schema has it, and whether it is excluded itself."""
    choose = max if sign > 0 else min
    inclusive, excluded = facts.limits(keyword, exclusive, choose)
    is_excluded = excluded is not None and (
        inclusive is None or choose(inclusive, excluded) == excluded
    )
    limit = excluded if is_excluded else inclusive
    if limit is None or not is_whole:
        return limit, limit, is_excluded
    whole = math.ceil(limit) if sign > 0 else math.floor(limit)
    return whole + sign if is_excluded and whole == limit else whole, limit, False


def _text_control(facts: Facts) -> dict[str, Any]:
    shortest, longest = facts.strongest("minLength", max), facts.strongest("maxLength", min)
    default = facts.default
    is_long = facts.wanted == "textArea" or (
        not facts.prop.secret
        and facts.wanted is None
        and ((longest or 0) >= _LONG_TEXT or (isinstance(default, str) and "\n" in default))
    )
    field: dict[str, Any]
    if is_long:
        field = {"type": "textArea", "rows": 4}
    else:
        field = {"type": "input", "inputType": _input_type(facts)}
    if shortest:
        field["min"] = shortest
    if longest is not None:
        field["max"] = longest
        if not is_long:
            field["maxlength"] = longest
    validators = ["string"] if shortest or longest is not None else []
    pattern = next(filter(is_javascript, facts.patterns), None)
    if pattern is not None:
        field["pattern"] = pattern
        validators.append("regexp")
    if validators:
        field["validator"] = validators
    return field


def _input_type(facts: Facts) -> str:
    if facts.prop.secret:
        return "password"
    return {"email": "email", "uri": "url"}.get(str(facts.first("format")), "text")


def is_javascript(pattern: str) -> bool:
    """Whether `new RegExp(pattern)` means what the schema means."""
    return pattern.isascii() and not any(syntax in pattern for syntax in _UNICODE_SYNTAX)


def _json_area(facts: Facts) -> dict[str, Any]:
    return {"type": "textArea", "rows": 4, "isJson": True, "hint": facts.expected}
