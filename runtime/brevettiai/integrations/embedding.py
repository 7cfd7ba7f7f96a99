"""The JSON Schema of a settings class inside other documents: of OpenAPI, pydantic, msgspec.

There, references into a document of one's own lead nowhere, so what they refer to stands in their
place. Where that would never end, or be too long to read, any object stands for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast, get_args, get_origin

from ..config.dialects import draft_of, modern
from ..config.json_schema import pointed
from ..form.models import class_form
from ..handwritten.parameters import MISSING, Parameter, is_hand_written, parameters_of
from ..json_values import is_array, is_module, is_object, plain
from ..messages.secrets import Secrets, masked, secrets_of

if TYPE_CHECKING:
    from ..settings import Settings

_MOST_NODES = 20_000
_HIDDEN = frozenset(
    {"$schema", "$id", "id", "$ref", "$comment", "$defs", "definitions", "$vocabulary"}
    | {"x-form", "x-presets", "x-python-name"}
)
#: Keywords whose values are JSON of the user's, not schemas.
_VALUES = frozenset({"default", "enum", "const", "examples", "example", "required", "type"})
_JSON_TYPES: dict[Any, str] = {
    int: "number",  # A rate with the default 1 may well be 0.5.
    float: "number",
    str: "string",
    bool: "boolean",
    dict: "object",
    **dict.fromkeys((list, tuple, set), "array"),
}
_IN_PLACE = frozenset({"allOf", "anyOf", "oneOf", "if", "then", "else", "not"})
_MAPS = frozenset({"properties", "patternProperties", "dependentSchemas"})


def embeddable_schema(cls: type[Any], above: tuple[type[Any], ...] = ()) -> dict[str, Any]:
    """The schema of a settings class or a hand-written module, without references.

    In the words of draft 2020-12, whatever draft it is written in.

    Args:
        above: the hand-written modules around it.
    """
    if not hasattr(cls, "__brevetti__"):
        return _module_schema(cls, above)
    schema = _Expansion(cls.json_schema()).schema()
    _conceal(schema, secrets_of(cls.__brevetti__))
    _add_fills(schema, cls, ())
    # A config is an object, even where the schema alone would also take other values.
    return {"title": cls.__name__, **(schema if is_object(schema) else {}), "type": "object"}


def _conceal(schema: Any, secrets: Secrets) -> None:
    """Take the secrets out of what a schema without references says of values."""
    if not secrets or not is_object(schema):
        return
    for keyword in ("default", "examples"):
        if secrets.is_secret:
            schema.pop(keyword, None)
        elif keyword in schema:
            values = schema[keyword] if keyword == "examples" else [schema[keyword]]
            found = [masked(value, secrets) for value in values]
            schema[keyword] = found if keyword == "examples" else found[0]
    for keyword, held in schema.items():
        if keyword in ("properties", "patternProperties"):
            for key, each in held.items():
                _conceal(each, secrets.at(key if keyword == "properties" else ...))
        elif keyword in _IN_PLACE:
            for each in held if is_array(held) else [held]:
                _conceal(each, secrets)
        elif keyword == "prefixItems":
            for index, each in enumerate(held):
                _conceal(each, secrets.at(index))
        elif keyword in ("items", "additionalProperties"):
            _conceal(held, secrets.at(-1 if keyword == "items" else ...))


def _add_fills(schema: Any, cls: type[Settings], above: tuple[type[Settings], ...]) -> None:
    """Say in the schema that nested settings which are not given are there all the same."""
    properties = schema.get("properties") if is_object(schema) else None
    if not is_object(properties) or cls in above:
        return
    secrets = secrets_of(cls.__brevetti__)
    fields = {field.key: field for field in cls.__brevetti__.fields()}
    for key, nested in class_form(cls).nested.items():
        found, inner = properties.get(key), fields[key].cls
        if is_object(found) and inner is not None:
            _add_fills(found, inner, (*above, cls))
            if not fields[key].required:
                fill = masked(dict(nested.default), secrets.at(key))
                found.setdefault("default", fill)


def _module_schema(cls: type[Any], above: tuple[type[Any], ...]) -> dict[str, Any]:
    """The schema of a hand-written module, as far as the parameters of its constructor say it."""
    schema: dict[str, Any] = {"type": "object", "title": cls.__name__}
    if cls in above or not is_hand_written(cls):
        return schema
    properties: dict[str, Any] = {}
    for name, parameter in parameters_of(cls).items():
        if parameter.variadic:
            continue
        properties[name] = found = _parameter_schema(parameter, (*above, cls))
        if parameter.default is not MISSING:
            default = plain(parameter.default)
            if default is None and found:  # Such parameters take it, whatever their annotation.
                found = {"anyOf": [found, {"type": "null"}]}
            properties[name] = {**found, "default": default}
    return {**schema, "properties": properties, "additionalProperties": True}


def _parameter_schema(parameter: Parameter, above: tuple[type[Any], ...]) -> dict[str, Any]:
    ptype = parameter.ptype
    if is_module(ptype):
        return embeddable_schema(ptype, above)
    if get_origin(ptype) is Literal:
        return {"enum": list(get_args(ptype))}
    kind = _JSON_TYPES.get(ptype) if isinstance(ptype, type) else None
    return {} if kind is None else {"type": kind}


class _Expansion:
    """Puts what a document's references lead to in their places."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._draft = draft_of(document)
        self._nodes = 0

    def schema(self) -> Any:
        return self._expand(self._document, ())

    def _expand(self, node: Any, above: tuple[int, ...]) -> Any:
        if not is_object(node):
            return node
        self._nodes += 1
        reference = node.get("$ref")
        expanded = self._referred(reference, above) if isinstance(reference, str) else {}
        own = {
            keyword: self._keyword(keyword, value, above)
            for keyword, value in node.items()
            if keyword not in _HIDDEN
        }
        return {**expanded, **modern(own, self._draft)}

    def _keyword(self, keyword: str, value: Any, above: tuple[int, ...]) -> Any:
        if keyword in _VALUES or keyword.startswith("x-"):
            return value
        if keyword in _MAPS and is_object(value):
            return {key: self._expand(item, above) for key, item in value.items()}
        if is_array(value):
            return [self._expand(item, above) for item in value]
        return self._expand(value, above)

    def _referred(self, reference: str, above: tuple[int, ...]) -> dict[str, Any]:
        target = pointed(self._document, reference)
        if not is_object(target) or id(target) in above or self._nodes > _MOST_NODES:
            return {"type": "object"} if is_object(target) else {}
        return cast("dict[str, Any]", self._expand(target, (*above, id(target))))
