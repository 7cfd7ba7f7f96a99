"""The fields that show the properties of a class of another style in the platform's form.

They are the fields that a generated class has for the same schema, as far as a schema that a
library wrote tells; `brevettiai._form_documents` makes the form of them. A property's schema may
say more, as extra keys: `advanced: true` hides its field until a person asks for advanced settings,
`exclude: true` leaves it out, and `x-form` changes it, as in schemas of generated classes.
"""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

from ..compiled import Field
from ..form.models import form_value
from ..form.parts import Entry, clean_residual
from ..json_values import is_array as is_list
from ..json_values import is_object as is_dict

if TYPE_CHECKING:
    from ._facts import Nodes

_MAX_SAFE_INTEGER = 2**53 - 1
_LONG_TEXT = 500


def form_entry(field: Field, nodes: Nodes) -> tuple[str, dict[str, Any], dict[str, Any]] | None:
    """Key, field and residual of a property, as `Compiled.form` has them; None for no field."""
    if _is_true(nodes, "exclude") or not field.key or set(field.key) & set(".[]"):
        return None
    known = _Facts(field, nodes)
    residual = clean_residual(known.first("x-form") or {})
    if _is_true(nodes, "advanced"):
        residual["set"] = {"visible": False, **residual.get("set", {})}
    return field.key, known.heading() if known.heads_class() else known.field(), residual


def _is_true(nodes: Nodes, keyword: str) -> bool:
    return any(node.get(keyword) is True for node in nodes)


class _Facts:
    """What the form needs to know of a property."""

    def __init__(self, field: Field, nodes: Nodes) -> None:
        self._field = field
        self._nodes = nodes
        self._kinds = set(field.kinds) - {"null"}
        self._default = json.loads(field.default) if field.default is not None else None

    def first(self, keyword: str) -> Any:
        """The nearest value of a keyword; of the only alternative that has it."""
        for node in self._nodes:
            if keyword in node:
                return node[keyword]
        for node in self._nodes:
            branches = node.get("anyOf", node.get("oneOf"))
            found = [
                branch[keyword]
                for branch in (branches if is_list(branches) else ())
                if is_dict(branch) and keyword in branch
            ]
            if len(found) == 1:
                return found[0]
        return None

    def heads_class(self) -> bool:
        """Whether the property is shown as a heading with the fields of its class.

        A class that may be absent is JSON text: defaults of its fields would make it present.
        """
        field = self._field
        is_there = field.required or self._default is not None
        return field.cls is not None and field.kinds == ("object",) and is_there

    def heading(self) -> dict[str, Any]:
        """The heading of the fields of the property's class."""
        return {"type": "label", "label": self._label(), "tag": self._field.key, **self._help()}

    def field(self) -> dict[str, Any]:
        """The field of the property; its `model` is the property's name."""
        known = self._field
        how = self._control()
        validators: list[str] = how.pop("validator", [])
        field: dict[str, Any] = {**how, "label": self._label(), "model": known.key, **self._help()}
        if known.deprecated:
            field["hint"] = "Deprecated"
        if self._default is not None and not known.secret:
            field["default"] = form_value(Entry(field, {}, ()), self._default)
        elif known.required and field["type"] == "checkbox":
            field["default"] = False
        field["required"] = known.required and field["type"] != "checklist"
        if field["required"] and field["type"] != "checkbox":
            validators = ["required", *validators]
        if validators:
            field["validator"] = validators
        return field

    def _label(self) -> str:
        """The title, else the key in words; the form library takes it for HTML."""
        words = self._field.key.replace("-", "_").split("_")
        text = " ".join(word[0].upper() + word[1:] for word in words if word) or self._field.key
        return html.escape(self._field.title or text, quote=False)

    def _help(self) -> dict[str, str]:
        text = self._field.description
        if html.escape(text.partition("\n")[0], quote=False) == self._label():
            text = text.partition("\n")[2].strip()  # Docstrings of classes begin with titles.
        return {"help": html.escape(text, quote=False)} if text else {}

    def _control(self) -> dict[str, Any]:
        """The keys that say how the value is edited, and what the browser checks."""
        kinds, choices = self._kinds, [each for each in self._field.choices if each is not None]
        if kinds == {"boolean"}:
            if "null" not in self._field.kinds:
                return {"type": "checkbox"}
            return {"type": "select", "values": [True, False]}
        if choices and not self._field.secret:
            return _select(choices)
        if kinds in ({"integer"}, {"number"}, {"integer", "number"}):
            return self._number()
        if kinds == {"string"}:
            return self._text()
        items = self.first("items")
        options = items.get("enum") if is_dict(items) else None
        if kinds == {"array"} and is_list(options) and all(isinstance(o, str) for o in options):
            return {"type": "checklist", "listBox": True, "values": list(options)}
        return {"type": "textArea", "rows": 4, "isJson": True}

    def _number(self) -> dict[str, Any]:
        is_whole = self._kinds == {"integer"}
        default = self._default
        if isinstance(default, int) and abs(default) > _MAX_SAFE_INTEGER:
            return {"type": "input", "inputType": "text", "isJson": True}
        field: dict[str, Any] = {"type": "input", "inputType": "number"}
        for name, keyword, strict, step in (
            ("min", "minimum", "exclusiveMinimum", 1),
            ("max", "maximum", "exclusiveMaximum", -1),
        ):
            limit, excluded = self.first(keyword), self.first(strict)
            if limit is None and excluded is not None:
                limit = int(excluded) + step if is_whole and excluded == int(excluded) else excluded
            if limit is not None:
                field[name] = limit
        step = self.first("multipleOf")
        field["step"] = step if step is not None else 1 if is_whole else "any"
        # To the library an emptied number is an invalid one: a check costs the way back to none.
        if is_whole or self._field.required or default is not None or {"min", "max"} & set(field):
            field["validator"] = ["integer" if is_whole else "number"]
        return field

    def _text(self) -> dict[str, Any]:
        shortest, longest = self.first("minLength"), self.first("maxLength")
        default = self._default
        has_lines = isinstance(default, str) and "\n" in default
        is_long = not self._field.secret and ((longest or 0) >= _LONG_TEXT or has_lines)
        how = "password" if self._field.secret else "text"
        field: dict[str, Any] = (
            {"type": "textArea", "rows": 4} if is_long else {"type": "input", "inputType": how}
        )
        if shortest:
            field["min"] = shortest
        if longest is not None:
            field |= {"max": longest} if is_long else {"max": longest, "maxlength": longest}
        if shortest or longest is not None:
            field["validator"] = ["string"]
        return field


def _select(choices: list[Any]) -> dict[str, Any]:
    """A select; where the form library cannot keep choices as they are, of JSON texts."""
    is_plain = all(isinstance(each, str) for each in choices) or all(
        isinstance(each, int) and abs(each) <= _MAX_SAFE_INTEGER for each in choices
    )
    if is_plain:
        return {"type": "select", "values": choices}
    texts = [json.dumps(each, ensure_ascii=False) for each in choices]
    return {"type": "select", "values": texts, "isJson": True}
