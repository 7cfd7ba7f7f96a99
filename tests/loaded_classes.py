"""The class of a schema that a test writes down, without files that stay."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from brevetti_gen.load import load_package


def loaded_class(properties: dict[str, Any], **keywords: Any) -> Any:
    """The class `Training` of a schema with `properties` and other keywords."""
    schema = {"type": "object", "properties": properties, **keywords}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "training.schema.json")
        path.write_text(json.dumps(schema), encoding="utf-8")
        return load_package([path]).classes[0].cls


def tagged(tag: str, /, *, key: str = "name", **properties: Any) -> dict[str, Any]:
    """A branch of a union: an object whose property `key` is required and constant."""
    return {
        "type": "object",
        "properties": {key: {"const": tag}, **properties},
        "required": [key],
        "additionalProperties": False,
    }
