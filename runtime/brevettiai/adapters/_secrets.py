"""Where the JSON Schema of a class of another style says that secrets lie."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..config.json_schema import pointed
from ..json_values import is_array, is_object
from ..messages.secrets import Secrets, marks_secret, secrets_said

_SAME = ("properties", "additionalProperties", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "prefixItems")


def secrets_in_schema(document: Mapping[str, Any]) -> Secrets:
    """Where secrets lie in what fits a schema whose references lead into itself."""
    return secrets_said_by(document)(document)


def secrets_said_by(document: Mapping[str, Any]) -> Callable[[Any], Secrets]:
    """The same of what fits a schema in a document, as a function."""
    rows: dict[int, dict[str, Any]] = {}

    def row_of(schema: Any, context: Any) -> tuple[dict[str, Any], Any]:
        if id(schema) not in rows:
            rows[id(schema)] = _row(document, schema) if is_object(schema) else {}
        return rows[id(schema)], context

    return lambda schema: secrets_said(schema, None, row_of)


def resolved(document: Mapping[str, Any], reference: str) -> Any:
    """What a reference leads to in its document; {} where that is nothing."""
    node = pointed(document, reference[1:]) if reference.startswith("#") else None
    return {} if node is None else node


def _row(document: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """What a schema says of secrets, as rows say it that are generated."""
    row: dict[str, Any] = {keyword: schema[keyword] for keyword in _SAME if keyword in schema}
    row |= {keyword: tuple(schema[keyword]) for keyword in _LISTS if is_array(schema.get(keyword))}
    row["secret"] = marks_secret(schema)
    if isinstance(schema.get("$ref"), str):
        row["$ref"] = resolved(document, schema["$ref"])
    if is_array(schema.get("oneOf")):
        row["oneOf"] = (schema["oneOf"], ())
    items = schema.get("items")
    if is_array(items):  # Up to 2019-09, what came to be `prefixItems`.
        row["prefixItems"], items = tuple(items), schema.get("additionalItems")
    if items is not None:
        row["items"] = items
    row["may"] = tuple(schema[key] for key in ("if", "then", "else", "not") if key in schema)
    if "contains" in schema:
        row["sought"] = schema["contains"]
    patterns = schema.get("patternProperties")
    if is_object(patterns):
        row["patternProperties"] = {re.compile(key): each for key, each in patterns.items()}
    for keyword in ("unevaluatedItems", "unevaluatedProperties"):
        if keyword in schema:
            row[keyword] = (None, schema[keyword], tuple(schema.get("properties", ())))
    return row
