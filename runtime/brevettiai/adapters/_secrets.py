"""Where the JSON Schema of a class of another style says that secrets lie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..json_values import is_array, is_object
from ..messages.secrets import Secrets, secrets_said
from ._facts import resolved

_SAME = ("properties", "additionalProperties", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "prefixItems")


def secrets_in_schema(document: Mapping[str, Any]) -> Secrets:
    """Where secrets lie in what fits a schema whose references lead into itself."""
    rows: dict[int, dict[str, Any]] = {}

    def row_of(schema: Any, context: Any) -> tuple[dict[str, Any], Any]:
        if id(schema) not in rows:
            rows[id(schema)] = _row(document, schema) if is_object(schema) else {}
        return rows[id(schema)], context

    return secrets_said(document, None, row_of)


def _row(document: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """What a schema says of secrets, as rows say it that are generated."""
    row: dict[str, Any] = {keyword: schema[keyword] for keyword in _SAME if keyword in schema}
    row |= {keyword: tuple(schema[keyword]) for keyword in _LISTS if is_array(schema.get(keyword))}
    if schema.get("writeOnly") is True or schema.get("format") == "password":
        row["secret"] = True
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
