"""The JSON Schemas of generated classes, and what pointers into schemas lead to."""

from __future__ import annotations

import json
from weakref import WeakKeyDictionary

from ..json_values import is_array, is_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..settings import Settings


def json_schema(cls: type[Settings]) -> dict[str, Any]:
    """`Settings.json_schema`: what the class's place in its document says, and all that leads to.

    One document: what others say stands in it under `$defs`, `definitions` up to draft 7.
    """
    from .bundling import bundled

    tables: Any = cls.__brevetti__.tables
    texts = tables.machine.documents
    return bundled(_documents(texts), texts.SCHEMA_NAME, tables.place)


def schema_digest(cls: type[Settings]) -> str:
    """`Settings.schema_digest`, which a job stores whenever it stores anything."""
    if cls not in _digests:
        import hashlib

        text = json.dumps(json_schema(cls), separators=(",", ":"))
        _digests[cls] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return _digests[cls]


_digests: WeakKeyDictionary[type, str] = WeakKeyDictionary()


def presets(cls: type[Settings]) -> dict[str, dict[str, Any]]:
    named = cls.__brevetti__.tables.annotation("x-presets")
    return named if is_object(named) else {}


def pointed(node: Any, pointer: str) -> Any:
    """What a JSON Pointer, quoted as in a fragment, leads to; None where that is nothing."""
    from urllib.parse import unquote

    for step in pointer.split("/")[1:]:
        key = unquote(step).replace("~1", "/").replace("~0", "~")
        if is_array(node) and key.isdigit() and int(key) < len(node):
            node = node[int(key)]
        else:
            node = node.get(key) if is_object(node) else None
    return node


def _documents(texts: Any) -> dict[str, Any]:
    """The document of `texts`, and those that it leads to, over however many others, by name.

    One that references spell in several ways is there under each of these names.
    """
    found: dict[str, Any] = {texts.SCHEMA_NAME: json.loads(texts.SCHEMA)}
    waiting = [texts]
    while waiting:
        for name, other in waiting.pop().OTHERS:
            if isinstance(other, str):
                if name not in found:
                    found[name] = json.loads(other)
                continue
            its_texts = other.machine.texts
            if its_texts.SCHEMA_NAME not in found:
                found[its_texts.SCHEMA_NAME] = json.loads(its_texts.SCHEMA)
                waiting.append(its_texts)
            found.setdefault(name, found[its_texts.SCHEMA_NAME])
    return found
