"""Which containments of schemas are proven, which are disproven, and what is left open.

Questions of the kinds that tools for subschemas publish, in our words.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.meaning import meaning_of
from brevetti_gen.workbench.tools.diff.comparing import compared

INT: dict[str, Any] = {"type": "integer"}
STR: dict[str, Any] = {"type": "string"}
NUM: dict[str, Any] = {"type": "number"}


def ints(low: int, high: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": low, "maximum": high}


def closed(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


PROVEN: dict[str, tuple[Any, Any]] = {
    "everything": (INT, True),
    "nothing": ({"not": {}}, STR),
    "no text is that short": ({"type": "string", "minLength": 5, "maxLength": 3}, INT),
    "integers are numbers": (INT, NUM),
    "multiples of six": ({**INT, "multipleOf": 6}, {"multipleOf": 3}),
    "multiples of decimals": ({**NUM, "multipleOf": 0.5}, {"multipleOf": 0.25}),
    "a range in two": (ints(0, 10), {"anyOf": [ints(0, 5), ints(6, 10)]}),
    "a range in overlapping ones": (ints(0, 10), {"anyOf": [ints(0, 7), ints(3, 10)]}),
    "a range in excluded limits": (ints(1, 3), {**NUM, "exclusiveMinimum": 0.5}),
    "a type of several": ({"type": ["null", "string"]}, {"anyOf": [STR, {"type": "null"}]}),
    "several of a type": ({"anyOf": [STR, {"type": "null"}]}, {"type": ["null", "string"]}),
    "without an empty text": (
        {"type": ["null", "string"], "not": {"enum": [""]}},
        {"type": ["string", "null"]},
    ),
    "all of two": ({"allOf": [{"minimum": 1}, {"maximum": 3}]}, {"minimum": 0}),
    "all of two, shown one by one": (
        {**INT, "minimum": 1, "maximum": 3},
        {"allOf": [NUM, {"maximum": 4}]},
    ),
    "one of what excludes": ({"enum": [1, "a"]}, {"oneOf": [INT, STR]}),
    "one of more": ({"oneOf": [INT, STR]}, {"oneOf": [INT, STR, {"type": "null"}]}),
    "not of more": ({"not": {"minimum": 3}}, {"not": {"minimum": 5}}),
    "neither of two": ({"not": {"anyOf": [STR, INT]}}, {"not": STR}),
    "tuples are lists": (
        {"type": "array", "prefixItems": [INT, INT], "items": False},
        {"type": "array", "items": NUM, "maxItems": 2},
    ),
    "lists of one": ({"type": "array", "maxItems": 1}, {"uniqueItems": True}),
    "what is contained": (
        {"type": "array", "contains": {"const": 2}, "minContains": 2},
        {"contains": INT},
    ),
    "all items are contained": ({"type": "array", "items": INT, "minItems": 1}, {"contains": NUM}),
    "closed objects": (closed(a=INT), {"type": "object", "additionalProperties": INT}),
    "keys by pattern": (
        {"type": "object", "patternProperties": {"^x": INT}, "additionalProperties": False},
        {"patternProperties": {"^x": NUM}, "propertyNames": {"pattern": ""}},
    ),
    "names of closed objects": (closed(a=INT, bb=INT), {"propertyNames": {"maxLength": 2}}),
    "how many keys": ({"type": "object", "required": ["a", "b"]}, {"minProperties": 2}),
    "a dependency of what is not there": (closed(a=INT), {"dependentRequired": {"b": ["c"]}}),
    "a condition that never holds": (INT, {"if": STR, "then": False, "else": INT}),
    "a condition that always holds": (INT, {"if": NUM, "then": INT, "else": False}),
    "conditions as cases": (
        {"if": INT, "then": {"minimum": 0}, "else": STR},
        {"anyOf": [{**INT, "minimum": 0}, STR]},
    ),
    "what is not evaluated": (
        closed(a=INT),
        {"properties": {"a": NUM}, "unevaluatedProperties": False},
    ),
    "a tree": (
        {"$defs": {"t": closed(n=INT, t={"$ref": "#/$defs/t"})}, "$ref": "#/$defs/t"},
        {"$defs": {"t": closed(n=NUM, t={"$ref": "#/$defs/t"})}, "$ref": "#/$defs/t"},
    ),
    "a tree that is unrolled": (
        {"$defs": {"t": closed(t={"$ref": "#/$defs/t"})}, "$ref": "#/$defs/t"},
        {"$defs": {"t": closed(t=closed(t={"$ref": "#/$defs/t"}))}, "$ref": "#/$defs/t"},
    ),
}
DISPROVEN: dict[str, tuple[Any, Any]] = {
    "multiples of three": ({**INT, "multipleOf": 3}, {"multipleOf": 6}),
    "a range with a gap": (ints(0, 10), {"anyOf": [ints(0, 4), ints(6, 10)]}),
    "one of what overlaps": (ints(0, 9), {"oneOf": [ints(0, 5), ints(5, 9)]}),
    "not of less": ({"not": {"minimum": 5}}, {"not": {"minimum": 3}}),
    "lists are no tuples": ({"type": "array", "items": INT}, {"prefixItems": [INT, STR]}),
    "items may be the same": (
        {"type": "array", "items": {"enum": [1, 2, 3]}},
        {"uniqueItems": True},
    ),
    "open objects": ({"type": "object", "properties": {"a": INT}}, closed(a=INT)),
    "keys by another pattern": (
        {"type": "object", "patternProperties": {"^x": INT}},
        {"patternProperties": {"^xy": STR}},
    ),
    "a condition": (INT, {"if": {"minimum": 5}, "then": {"multipleOf": 2}}),
    "a deeper tree": (
        {"$defs": {"t": closed(n=NUM, t={"$ref": "#/$defs/t"})}, "$ref": "#/$defs/t"},
        {"$defs": {"t": closed(n=INT, t={"$ref": "#/$defs/t"})}, "$ref": "#/$defs/t"},
    ),
    "two contained": (
        {"type": "array", "contains": INT},
        {"contains": INT, "minContains": 2},
    ),
}
#: Nothing is known of patterns but that they are the same, nor where dynamic references lead.
OPEN: dict[str, tuple[Any, Any]] = {
    "patterns that say the same": ({**STR, "pattern": "^aa*$"}, {"pattern": "^a+$"}),
    "ranges of fractions": (
        {**NUM, "minimum": 0, "maximum": 2},
        {"anyOf": [{"minimum": 0, "maximum": 1}, {"minimum": 1, "maximum": 2}]},
    ),
}
CASES = [
    *((name, pair, {"loads"}) for name, pair in PROVEN.items()),
    *((name, pair, {"refused", "loads declared"}) for name, pair in DISPROVEN.items()),
    *((name, pair, {"unknown"}) for name, pair in OPEN.items()),
]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("proofs")
    for number, (_, pair, _) in enumerate(CASES):
        for side, schema in zip(("old", "new"), pair, strict=True):
            (folder / side).mkdir(exist_ok=True)
            text = json.dumps(schema)
            Path(folder, side, f"n{number}.json").write_text(text, encoding="utf-8")
    found = compared(meaning_of([folder / "old"]), meaning_of([folder / "new"])).verdicts
    return {CASES[int(module[1:])][0]: answer for module, answer in found.items()}


@pytest.mark.parametrize(("name", "answers"), [(name, answers) for name, _, answers in CASES])
def test_containments(name: str, answers: set[str], verdicts: dict[str, str]) -> None:
    assert verdicts[name] in answers
