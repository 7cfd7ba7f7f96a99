"""The JSON Schemas of generated classes. Loaded when one is asked for."""

from __future__ import annotations

import json
from typing import Any

from .settings import Settings


def json_schema(cls: type[Settings]) -> dict[str, Any]:
    """`Settings.json_schema`: the root's document, or references into it."""
    compiled = cls.__brevetti__
    document: dict[str, Any] = json.loads(compiled.schema())
    if not compiled.place:
        return document
    name = compiled.schema_name
    targets = [{"$ref": name + at if at.startswith("#") else at} for at in compiled.place]
    schema: dict[str, Any] = {"$schema": document["$schema"]} if "$schema" in document else {}
    schema.update(targets[0] if len(targets) == 1 else {"allOf": targets})
    identifier = "id" if "draft-04" in str(document.get("$schema")) else "$id"
    older = "draft-0" in str(document.get("$schema"))
    schema["definitions" if older else "$defs"] = {name: {**document, identifier: name}}
    return schema
