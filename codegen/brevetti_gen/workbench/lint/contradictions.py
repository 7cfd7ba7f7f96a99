"""What of a schema no value fits, or what says nothing beside the rest of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeAlias

from brevettiai.json_values import repeated
from brevettiai.messages.words import ARTICLES, FORMATS, PYTHON_TYPES, either

from ...json_values import is_array, is_number, is_object, json_type
from ...schema.dialects import Pointer
from ...schema.keywords import ANNOTATIONS, KEYWORDS, TYPES
from ...schema.nodes import Node
from .hidden import constant_text
from .spelling import limit_for, misspelled

#: A rule, a message, where below the node, and what to do about it.
Remark: TypeAlias = tuple[str, str, Pointer, str | None]

_RANGES = [
    tuple(pair.split(":"))
    for pair in """minimum:maximum minimum:exclusiveMaximum exclusiveMinimum:maximum
    exclusiveMinimum:exclusiveMaximum minLength:maxLength minItems:maxItems
    minProperties:maxProperties minContains:maxContains""".split()
]
_LIMITS = frozenset(limit for pair in _RANGES for limit in pair) | {"required"}
#: Formats of OpenAPI and pydantic, which are no mistakes.
_OTHER_FORMATS = frozenset(["binary", "byte", "double", "float", "int32", "int64", "password"])
_MEANT_FORMATS = {
    "datetime": "date-time",
    "guid": "uuid",
    "host": "hostname",
    "ip": "ipv4",
    "mail": "email",
    "timestamp": "date-time",
    "url": "uri",
}
#: The type of Python for texts of a format.
OF_FORMATS = {
    "date-time": "datetime",
    "duration": "timedelta",
    **{name.lower(): name for name in PYTHON_TYPES},
}
#: What says little alone, and which of the keywords beside it gives it a meaning.
_BESIDE = {k.name: (k.beside,) for k in KEYWORDS.values() if k.beside} | {"if": ("then", "else")}


def kinds_of(node: Node) -> frozenset[str]:
    """The kinds of values that `type` of `node` allows, `integer` among the numbers."""
    given = node.keyword("type")
    names = given if is_array(given) else [given]
    if not all(name in TYPES for name in names):
        names = list(TYPES)  # there is none, or it is for the metaschema to refuse
    return frozenset("number" if name == "integer" else str(name) for name in names)


def contradictions(node: Node, *, hides: bool) -> Iterator[Remark]:
    """What is doubtful in `node`, as far as it can be told from `node` alone.

    `hides` is whether its values are secret.
    """
    yield from _ranges(node)
    yield from _kinds(node)
    yield from _constants(node, hides)
    yield from _alternatives(node, hides)
    yield from _formats(node)
    for keyword in node.keywords & _BESIDE.keys():
        if node.keywords.isdisjoint(_BESIDE[keyword]):
            others = either(f'"{other}"' for other in _BESIDE[keyword])
            hint = f"add {others}, or take it out"
            message = f'"{keyword}" says nothing without {others}'
            yield "idle-keyword", message, (keyword,), hint


def _ranges(node: Node) -> Iterator[Remark]:
    if len(_LIMITS & node.keywords) < 2:
        return
    for low, high in _RANGES:
        least, most = node.keyword(low), node.keyword(high)
        if not (is_number(least) and is_number(most)):
            continue
        # In draft 4 a Boolean says that the limit beside it is excluded.
        flags = [node.keyword("exclusiveMinimum"), node.keyword("exclusiveMaximum")]
        is_open = "exclusive" in low + high or (low == "minimum" and True in flags)
        if least > most or (is_open and least == most):
            message = f'no value fits: "{low}" is {least} and "{high}" {most}'
            hint = "swap them" if least > most else "leave room between them"
            yield "no-value-fits", message, (low,), hint
    required, most = node.keyword("required"), node.keyword("maxProperties")
    if is_array(required) and is_number(most) and len(required) > most:
        message = f'no object fits: "required" names {len(required)}, "maxProperties" is {most}'
        yield "no-value-fits", message, ("maxProperties",), "allow as many"


def _kinds(node: Node) -> Iterator[Remark]:
    """Keywords about values that `type` excludes."""
    kinds = kinds_of(node)
    for keyword in sorted(node.keywords):
        kind = KEYWORDS[keyword].kind
        if kind == "any" or kind in kinds or (keyword == "format" and not _is_known(node)):
            continue
        instead = limit_for(kinds, keyword)
        hint = f'take it out, or change "type", which allows no {kind}'
        if keyword == "x-python-type" and node.get(keyword) == "Decimal":
            hint = 'exact decimal numbers are written as text: "type": "string"'
        elif instead != keyword:
            hint = f'did you mean "{instead}"?'
        elif kinds == frozenset(["array"]) and keyword != "format":
            hint = 'what is so of the items goes into "items"'
        elif kinds == frozenset(["object"]) and keyword == "items":
            hint = 'the schema of all values of an object is "additionalProperties"'
        about = "text" if kind == "string" else f"{kind}s"
        message = f'"{keyword}" says nothing here: it is about {about}, and "type" allows none'
        yield "idle-keyword", message, (keyword,), hint


def _constants(node: Node, hides: bool) -> Iterator[Remark]:
    """Constants that are of no type that `type` allows, and those that stand there twice."""
    if node.keywords.isdisjoint(("enum", "const")):
        return
    given = node.keyword("type")
    names = {given} if isinstance(given, str) else set(given or TYPES)
    names |= {"integer"} if "number" in names else set()
    listed = node.keyword("enum")
    values: list[Any] = listed if is_array(listed) else []
    found: list[tuple[Any, Pointer]] = [(v, ("enum", place)) for place, v in enumerate(values)]
    if node.has("const"):
        found.append((node.get("const"), ("const",)))
    for value, at in found:
        if json_type(value) not in names:
            message = f'"{at[0]}" has {constant_text(value, hides=hides)}, which "type" refuses'
            hint = f'take it out, or add "{json_type(value)}" to "type"'
            if at == ("const",) and is_array(value):
                hint = 'several values go into "enum"'
            yield "constant-type", message, at, hint
    if listed == []:
        message = 'no value fits: "enum" is empty'
        yield "no-value-fits", message, ("enum",), "name the values, or take it out"
    yield from _doubles("enum", values, hides)


def _doubles(keyword: str, values: list[Any], hides: bool) -> Iterator[Remark]:
    for index in islice(repeated(values), 1):
        message = f'"{keyword}" has {constant_text(values[index], hides=hides)} twice'
        yield "twice", message, (keyword, index), "take one of them out"


def _alternatives(node: Node, hides: bool) -> Iterator[Remark]:
    """Alternatives that are the same; and those of which one type is part of another."""
    if node.keywords.isdisjoint(("anyOf", "oneOf")):
        return
    for keyword in ("anyOf", "oneOf"):
        branches = node.keyword(keyword)
        if not is_array(branches):
            continue
        if doubles := list(_doubles(keyword, branches, hides)):
            yield from doubles
            continue
        seen: set[str] = set()
        for place, branch in enumerate(branches if keyword == "oneOf" else ()):
            if not (is_object(branch) and branch.keys() - ANNOTATIONS == {"type"}):
                continue
            given = branch["type"]
            types = set(given if is_array(given) else [given])
            types |= {"integer"} if "number" in types else set()
            if both := sorted(seen & types):
                what = ARTICLES.get(both[0], both[0])
                message = f'{what} fits two alternatives of "oneOf", so it is refused'
                yield "overlap", message, ("oneOf", place), 'write "anyOf", or a list of types'
            seen |= types


def _formats(node: Node) -> Iterator[Remark]:
    if node.keywords.isdisjoint(("format", "x-python-type")):
        return
    name = node.keyword("format")
    if isinstance(name, str) and not _is_known(node) and name not in _OTHER_FORMATS:
        near = _MEANT_FORMATS.get(name) or misspelled(name, frozenset(FORMATS))
        if near:
            message = f"the format {name!r} is not known, so it says nothing"
            yield "unknown-format", message, ("format",), f'did you mean "{near}"?'
    wanted, python_type = OF_FORMATS.get(str(name)), node.keyword("x-python-type")
    if python_type in [*PYTHON_TYPES] and wanted not in (None, python_type):
        message = f"texts of the format {name!r} are no {python_type}, which x-python-type asks for"
        yield "python-type", message, ("x-python-type",), f'did you mean "{wanted}"?'


def _is_known(node: Node) -> bool:
    return node.keyword("format") in FORMATS
