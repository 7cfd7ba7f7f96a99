"""The words of the drafts of JSON Schema: what holds schemas, and all of it in the newest words.

Facts are from the specifications of draft 4, 6, 7, 2019-09 and 2020-12.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from ..json_values import is_array, is_object

NEWEST = "https://json-schema.org/draft/2020-12/schema"
_DRAFTS = {"draft-04": 4, "draft-06": 6, "draft-07": 7, "2019-09": 2019, "2020-12": 2020}
LAST = 2020
#: The keywords that hold schemas: one, a list of them, schemas by name.
ONE = frozenset(
    """additionalItems additionalProperties contains contentSchema else if items not propertyNames
    then unevaluatedItems unevaluatedProperties""".split()
)
LISTS = frozenset("allOf anyOf items oneOf prefixItems".split())
MAPS = frozenset(
    "$defs definitions dependencies dependentSchemas patternProperties properties".split()
)
DEFINITIONS = ("$defs", "definitions")
REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
#: What names schemas, which nothing asks for any more.
NAMES = frozenset({"$schema", "$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor"})
#: What counts beside a reference up to draft 7, where it asserts nothing.
_NOTES = frozenset(
    """title description default examples deprecated readOnly writeOnly format $comment""".split()
)
#: The first drafts that know a keyword; to those before, it is none.
_SINCE = {
    **dict.fromkeys(("const", "contains", "propertyNames"), 6),
    **dict.fromkeys(("if", "then", "else"), 7),
    **dict.fromkeys(("dependentRequired", "dependentSchemas"), 2019),
    **dict.fromkeys(("minContains", "maxContains"), 2019),
    **dict.fromkeys(("unevaluatedItems", "unevaluatedProperties"), 2019),
    "prefixItems": 2020,
}

Pointer: TypeAlias = tuple["str | int", ...]


def modern(schema: dict[str, Any], draft: int) -> dict[str, Any]:
    """A schema of a draft, the schemas in it written already, in the words of the newest."""
    found = {k: value for k, value in schema.items() if _SINCE.get(k, 4) <= draft}
    for strict, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(found.get(strict), bool) and found.pop(strict) and limit in found:
            found[strict] = found.pop(limit)
    if draft < LAST:
        rest = found.pop("additionalItems", None)
        if is_array(found.get("items")):
            # An empty list of items, which says nothing, is none.
            first = found.pop("items")
            found.update({"prefixItems": first} if first else {})
            found.update({} if rest is None else {"items": rest})
    return with_new_dependencies(found)


def with_new_dependencies(schema: dict[str, Any]) -> dict[str, Any]:
    """`dependencies`, which not all readers of the newer drafts know, in the words of these."""
    for key, value in schema.pop("dependencies", {}).items():
        keyword = "dependentRequired" if is_array(value) else "dependentSchemas"
        said = schema.setdefault(keyword, {})
        if key in said:
            also = {"required": value} if is_array(value) else value
            schema.setdefault("allOf", []).append({"dependentSchemas": {key: also}})
        else:
            said[key] = value
    return schema


def draft_of(schema: Any) -> int:
    """The number of the draft of a document."""
    return draft_in(schema, LAST)


def draft_in(schema: Any, default: int) -> int:
    uri = schema.get("$schema") if is_object(schema) else None
    if not isinstance(uri, str):
        return default
    return next((number for name, number in _DRAFTS.items() if f"/{name}/" in uri), LAST)


def subschemas(schema: Any) -> Iterator[tuple[Pointer, Any]]:
    """The schemas that stand in a schema, with the steps to them."""
    for keyword, value in schema.items() if is_object(schema) else ():
        if keyword in LISTS and is_array(value):
            yield from (((keyword, number), each) for number, each in enumerate(value))
        elif keyword in MAPS and is_object(value):
            yield from (((keyword, key), each) for key, each in value.items() if is_schema(each))
        elif keyword in ONE and is_schema(value):
            yield (keyword,), value


def is_schema(value: Any) -> bool:
    return is_object(value) or isinstance(value, bool)


def is_note(keyword: str) -> bool:
    return keyword in _NOTES or keyword.startswith("x-")


def own_identifier(schema: dict[str, Any], draft: int) -> str | None:
    """The identifier that the schema of a document gives itself, if that counts.

    Up to draft 7 nothing counts beside a reference.
    """
    if "$ref" in schema and draft <= 7:
        return None
    identifier = schema.get("id" if draft == 4 else "$id")
    return identifier if isinstance(identifier, str) and identifier[:1] != "#" else None
