"""Step *recognise*: is a document a JSON Schema or a platform form?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from ..json_values import is_array, is_object
from ..problems import Problem
from ..read.document import Document
from .documents import Schema
from .keywords import KEYWORDS, VERSION

#: By this key a config says of which version it is.
VERSION_KEY = "$version"

_NEITHER = """neither a JSON Schema (it has no keyword such as "type", "properties" or "$ref") \
nor a form (it has no array "fields" or "groups")"""
_KINDS: dict[type, str] = {type(None): "null", str: "a text", list: "an array"}
_HINT = 'a schema is an object such as {"type": "object", "properties": {…}}'


def recognised(
    documents: Iterable[Document],
) -> tuple[list[Schema], list[Document], list[Problem]]:
    """The schemas and the forms among `documents`, and what is wrong with all others."""
    kinds = [(recognise(document), document) for document in documents]
    schemas = [Schema(each, _versioned(each.value)) for kind, each in kinds if kind == "schema"]
    forms = [each for kind, each in kinds if kind == "form"]
    return schemas, forms, [kind for kind, _ in kinds if isinstance(kind, Problem)]


def recognise(document: Document) -> Literal["form", "schema"] | Problem:
    """What a document is, judged by its top level alone.

    A form has an array `fields` or `groups`, and neither `$schema`, `type` nor `properties`. A
    schema is an object with a keyword of any draft, or a boolean. All else (a stored config, a
    list) is a problem.
    """
    value = document.value
    if isinstance(value, bool):
        return "schema"
    if not is_object(value):
        message = f"{_KINDS.get(type(value), 'a number')} is no JSON Schema"
    else:
        has_entries = is_array(value.get("fields")) or is_array(value.get("groups"))
        if has_entries and not value.keys() & {"$schema", "type", "properties"}:
            return "form"
        if not value.keys().isdisjoint(KEYWORDS):
            return "schema"
        message = _NEITHER
    hint = f"{_HINT}; if it is something else, --exclude {document.source.uri_path} leaves it out"
    return document.problem("not-a-schema", message, hint=hint)


def _versioned(schema: Any) -> Any:
    """A schema that says its version, with the property by which configs say theirs."""
    version = schema.get(VERSION) if is_object(schema) else None
    properties = schema.get("properties", {}) if is_object(schema) and version else None
    if type(version) is not int or not is_object(properties) or VERSION_KEY in properties:
        return schema
    row = {"title": "version of the settings", "enum": [version], "default": version}
    row |= {"x-form": {"set": {"visible": False}}}
    return {**schema, "properties": {VERSION_KEY: row, **properties}}
