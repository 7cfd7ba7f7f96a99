"""The JSON Schema of a settings class inside other documents: of OpenAPI, pydantic, msgspec.

There, references into a document of one's own lead nowhere, so what they refer to stands in their
place. Where that would never end, or be too long to read, any object stands for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast, get_args, get_origin
from urllib.parse import urldefrag, urljoin

from ..config.json_schema import pointed
from ..form.models import class_form
from ..handwritten.parameters import MISSING, Parameter, is_hand_written, parameters_of
from ..json_values import is_array, is_module, is_object, plain
from ..messages.secrets import Secrets, masked, secrets_of

if TYPE_CHECKING:
    from ..settings import Settings

_MOST_NODES = 20_000
_HIDDEN = frozenset(
    {"$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$comment"}
    | {"$defs", "definitions", "$vocabulary", "x-form", "x-presets", "x-python-name"}
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
        self._resources: dict[str, Any] = {}
        self._anchors: dict[str, Any] = {}
        self._nodes = 0
        self._collect(document, "")

    def schema(self) -> Any:
        return self._expand(self._document, "", ())

    def _collect(self, node: Any, base: str) -> None:
        """Note what has an address of its own."""
        if is_array(node):
            for item in node:
                self._collect(item, base)
        if not is_object(node):
            return
        identifier = node.get("$id", node.get("id"))
        if isinstance(identifier, str):
            base = urldefrag(urljoin(base, identifier))[0]
            self._resources.setdefault(base, node)
        for keyword in ("$anchor", "$dynamicAnchor"):
            if isinstance(node.get(keyword), str):
                self._anchors.setdefault(f"{base}#{node[keyword]}", node)
        for keyword, value in node.items():
            if keyword not in _VALUES:
                self._collect(value, base)

    def _expand(self, node: Any, base: str, above: tuple[int, ...]) -> Any:
        if not is_object(node):
            return node
        self._nodes += 1
        identifier = node.get("$id", node.get("id"))
        if isinstance(identifier, str):
            base = urldefrag(urljoin(base, identifier))[0]
        expanded: dict[str, Any] = {}
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            if isinstance(node.get(keyword), str):
                expanded = self._referred(urljoin(base, node[keyword]), above)
        for keyword, value in node.items():
            if keyword not in _HIDDEN and keyword not in ("$ref", "$dynamicRef", "$recursiveRef"):
                expanded[keyword] = self._keyword(keyword, value, base, above)
        return _modern(expanded)

    def _keyword(self, keyword: str, value: Any, base: str, above: tuple[int, ...]) -> Any:
        if keyword in _VALUES or keyword.startswith("x-"):
            return value
        if keyword in _MAPS and is_object(value):
            return {key: self._expand(item, base, above) for key, item in value.items()}
        if is_array(value):
            return [self._expand(item, base, above) for item in value]
        return self._expand(value, base, above)

    def _referred(self, address: str, above: tuple[int, ...]) -> dict[str, Any]:
        target, base = self._target(address)
        if not is_object(target) or id(target) in above or self._nodes > _MOST_NODES:
            return {"type": "object"} if is_object(target) else {}
        expanded = self._expand(target, base, (*above, id(target)))
        return cast("dict[str, Any]", expanded)

    def _target(self, address: str) -> tuple[Any, str]:
        base, fragment = urldefrag(address)
        node = self._resources.get(base, self._document if not base else None)
        if fragment and not fragment.startswith("/"):
            return self._anchors.get(f"{base}#{fragment}"), base
        return pointed(node, fragment), base


def _modern(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of an older draft in the words of 2020-12, as far as documentation needs it."""
    for strict, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(strict), bool) and schema.pop(strict) and limit in schema:
            schema[strict] = schema.pop(limit)
    if is_array(schema.get("items")):
        schema["prefixItems"] = schema.pop("items")
        if "additionalItems" in schema:
            schema["items"] = schema.pop("additionalItems")
    return schema
