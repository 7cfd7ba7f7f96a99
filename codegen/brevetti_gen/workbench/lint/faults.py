"""Why a schema is no valid schema, in words that its author can act on.

The metaschemas find what is wrong, but tell it in terms of their own structure. Here each
subschema is judged by itself, so that one fault is one problem, and a table says what the keyword
takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import copy
from typing import Any, NamedTuple

from brevettiai.messages.words import close_match

from ...json_values import is_object
from ...problems import Problem
from ...schema.dialects import DIALECTS, DRAFT_4, Dialect, Pointer, subschemas
from ...schema.documents import problem_at
from ...schema.keywords import KEYWORDS, TYPES
from ...schema.nodes import Node
from ...schema.resolve import Index

_OTHER_TYPES = {
    pair.partition("=")[0]: pair.partition("=")[2]
    for pair in """float=number double=number int=integer str=string text=string date=string
    bool=boolean list=array tuple=array dict=object map=object none=null""".split()
}


class Fault(NamedTuple):
    """One thing that is wrong in a subschema: its pointer from there, what, how to mend it."""

    pointer: Pointer
    message: str
    hint: str | None = None


def faults_in(start: Node, index: Index) -> Iterator[Problem]:
    """Why the schema at `start`, with all in it, is none of its dialect."""
    depth = len(start.pointer)
    for node in index.nodes(start.document):
        is_inside = node.pointer[:depth] == start.pointer and isinstance(node.schema, dict)
        for fault in faults_of(node.schema, node.dialect) if is_inside or node is start else ():
            yield problem_at(node, "invalid-keyword", fault.message, fault.hint, at=fault.pointer)


def faults_of(schema: Any, dialect: Dialect) -> list[Fault]:
    """What is wrong with one subschema by itself; the schemas inside it are not looked at."""
    if not is_object(schema):
        fine = isinstance(schema, bool) and dialect.boolean_schemas
        return [] if fine else [_no_schema((), schema, dialect)]
    found = [
        _fault(schema, pointer, message, dialect)
        for pointer, message in _errors(_alone(schema, dialect), dialect)
    ]
    if dialect is DRAFT_4:
        found = [*_missing_limits(schema), *(fault for fault in found if fault.pointer)]
    return list(dict.fromkeys(found))


def _missing_limits(schema: Mapping[str, Any]) -> Iterator[Fault]:
    """What draft 4 alone asks for: the limit that a Boolean `exclusiveMinimum` speaks of."""
    for keyword, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if keyword in schema and limit not in schema:
            yield Fault((keyword,), f'"{keyword}" needs "{limit}" beside it, the limit itself')


def _alone(schema: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    """`schema` with its subschemas replaced by empty ones."""
    alone = {keyword: copy(value) for keyword, value in schema.items()}
    for (keyword, *inside), child in subschemas(schema, dialect):
        if isinstance(child, dict) and inside:
            alone[str(keyword)][inside[0]] = {}
        elif isinstance(child, dict):
            alone[str(keyword)] = {}
    return alone


def _errors(schema: Any, dialect: Dialect) -> Iterator[tuple[Pointer, str]]:
    """The pointers to what the metaschema finds fault with, and its own words."""
    from jsonschema.validators import validator_for

    uri = dialect.uri if dialect.uri in DIALECTS else dialect.draft
    validator_class: Any = validator_for({"$schema": uri})
    for error in validator_class(validator_class.META_SCHEMA).iter_errors(schema):
        message = error.message
        # Of alternatives, the one that goes furthest into the value was meant.
        while inner := [found for found in error.context if found.relative_path]:
            error = max(inner, key=lambda found: len(found.relative_path))
        yield tuple(error.absolute_path), message


def _fault(schema: Mapping[str, Any], pointer: Pointer, message: str, dialect: Dialect) -> Fault:
    value: Any = schema
    for step in pointer:
        value = value[step]
    keyword = str(pointer[0]) if pointer else ""
    if _wants_schema(keyword, inside=len(pointer) > 1):
        return _no_schema(pointer, value, dialect)
    known = KEYWORDS.get(keyword)
    wanted = known and ((dialect is DRAFT_4 and known.takes_in_4) or known.takes)
    if not wanted:
        return Fault(pointer, _shortened(f"not a valid schema: {message}", 300))
    got = f"got {_shown(value)}" + (" in it" if pointer[1:] else "")
    return Fault(pointer, f'"{keyword}" must be {wanted} ({got})', _hint(keyword, value))


def _no_schema(pointer: Pointer, value: Any, dialect: Dialect) -> Fault:
    kinds = "an object, true or false" if dialect.boolean_schemas else "an object"
    hint = _bare(value)
    if isinstance(value, list) and pointer[-1:] == ("items",) and not dialect.array_items:
        hint = 'in 2020-12 the schemas of the first items are under "prefixItems"'
    elif not hint and isinstance(value, str) and (name := _type_meant(value)):
        hint = f'write {{"type": "{name}"}}'
    elif not hint and pointer[-2:-1] == ("properties",) and pointer[-1] in KEYWORDS:
        hint = f'"{pointer[-1]}" stands inside "properties"; it goes beside it'
    return Fault(pointer, f"a schema must be {kinds} (got {_shown(value)})", hint)


def _wants_schema(keyword: str, *, inside: bool) -> bool:
    """Whether what stands under `keyword`, or inside of it, is to be a schema and nothing else."""
    holds = KEYWORDS[keyword].holds if keyword in KEYWORDS else ()
    if inside:
        return ("list" in holds or "map" in holds) and "names" not in holds
    return "one" in holds


def _hint(keyword: str, value: Any) -> str | None:
    if keyword == "type" and isinstance(value, str) and (name := _type_meant(value)):
        return f'write "{name}"'
    if keyword == "type":
        return "null is written in quotes" if value is None else f"there are {', '.join(TYPES)}"
    if keyword == "required" and isinstance(value, bool):
        return 'name the property in the object around it: "required": ["…"]'
    if keyword.startswith("exclusive") and isinstance(value, bool):
        return "from draft 6 on this is the limit itself, a number"
    takes = KEYWORDS[keyword].takes
    if takes.startswith("a list") and isinstance(value, (str, dict)):
        return f"write a list: [{_shown(value)}]"
    if takes.startswith("an object of schemas") and isinstance(value, list):
        return 'write an object: {"a name": {…}}'
    return _bare(value)


def _type_meant(text: str) -> str | None:
    return _OTHER_TYPES.get(text.lower()) or close_match(text, TYPES)


def _bare(value: Any) -> str | None:
    """How to write a number or a Boolean that is given as text."""
    words = {"yes": "true", "no": "false"}
    with suppress(ValueError):
        text = words.get(value.lower(), value.lower()) if isinstance(value, str) else ""
        return f"without quotes: {json.dumps(json.loads(text))}"
    return None


def _shown(value: Any) -> str:
    return _shortened(json.dumps(value, ensure_ascii=False), 60)


def _shortened(text: str, size: int) -> str:
    return text if len(text) <= size else text[: size - 3] + "..."
