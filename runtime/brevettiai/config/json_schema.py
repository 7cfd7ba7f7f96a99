"""The JSON Schemas of generated classes, and what pointers into schemas lead to."""

from __future__ import annotations

import json

from ..json_values import is_array, is_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..settings import Settings

_NEWEST = "https://json-schema.org/draft/2020-12/schema"


def json_schema(cls: type[Settings]) -> dict[str, Any]:
    """`Settings.json_schema`: the root's document, or references into it.

    What the document refers to is embedded, so that nothing outside is needed.
    """
    tables: Any = cls.__brevetti__.tables
    texts, places = tables.machine.documents, tables.place
    own = json.loads(texts.SCHEMA)
    others = _others(texts)
    if not (places or others):
        document: dict[str, Any] = own
        return document
    name, draft = texts.SCHEMA_NAME, _draft(own)
    identifier = _id_keyword(draft)
    # Up to draft 7 nothing counts beside a reference, an identifier neither.
    if not places and "$ref" in own and _is_old(draft):
        places = ("#",)
    if places:
        others[name] = own
        targets = [{"$ref": name + at if at.startswith("#") else at} for at in places]
        schema: dict[str, Any] = {"$schema": own["$schema"]} if "$schema" in own else {}
        schema.update(targets[0] if len(targets) == 1 else {"allOf": targets})
    else:
        schema = dict(own)
        if str(schema.get(identifier, "#")).startswith("#"):
            schema[identifier] = name
    keyword = "definitions" if _is_old(draft) else "$defs"
    embedded = {at: _embedded(others[at], at, draft) for at in sorted(others)}
    schema[keyword] = {**schema.get(keyword, {}), **embedded}
    return schema


def schema_digest(cls: type[Settings]) -> str:
    import hashlib

    text = json.dumps(json_schema(cls), separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


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


def _others(texts: Any) -> dict[str, Any]:
    """The documents that that of `texts` leads to, over however many others, by identifier."""
    found: dict[str, Any] = {}
    waiting = [texts]
    while waiting:
        for name, other in waiting.pop().OTHERS:
            if name in found or name == texts.SCHEMA_NAME:
                continue
            if isinstance(other, str):
                found[name] = json.loads(other)
            else:
                its_texts = other.machine.texts
                found[name] = json.loads(its_texts.SCHEMA)
                waiting.append(its_texts)
    return found


def _embedded(document: Any, name: str, draft: str) -> Any:
    """A document as part of another one, which is of `draft`."""
    if not is_object(document):
        return document
    own = _draft(document)
    identifier = _id_keyword(own)
    rest = {key: value for key, value in document.items() if key != identifier}
    if own == draft:
        return {identifier: name, **rest}
    return {identifier: name, "$schema": own, **rest}


def _draft(document: Any) -> str:
    uri = document.get("$schema") if is_object(document) else None
    return uri.rstrip("#") if isinstance(uri, str) else _NEWEST


def _is_old(draft: str) -> bool:
    return "json-schema.org/draft-0" in draft


def _id_keyword(draft: str) -> str:
    return "id" if "draft-04" in draft else "$id"
