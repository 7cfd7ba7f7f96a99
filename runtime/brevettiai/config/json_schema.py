"""The JSON Schemas of generated classes. Loaded when one is asked for."""

from __future__ import annotations

import json
from typing import Any

from ..compiled import Compiled
from ..json_values import is_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..settings import Settings

_NEWEST = "https://json-schema.org/draft/2020-12/schema"


def json_schema(cls: type[Settings]) -> dict[str, Any]:
    """`Settings.json_schema`: the root's document, or references into it.

    What the document refers to is embedded, so that nothing outside is needed.
    """
    compiled = cls.__brevetti__
    own = json.loads(compiled.schema())
    others = _others(compiled)
    if not (compiled.place or others):
        document: dict[str, Any] = own
        return document
    name, draft = compiled.schema_name, _draft(own)
    identifier = _id_keyword(draft)
    places = compiled.place
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


def _others(compiled: Compiled) -> dict[str, Any]:
    """The documents that the class's leads to, over however many others, by identifier."""
    found: dict[str, Any] = {}
    stack = [compiled.others]
    while stack:
        others = stack.pop()
        for name, text, further in others() if others is not None else ():
            if name not in found and name != compiled.schema_name:
                found[name] = json.loads(text())
                stack.append(further)
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
