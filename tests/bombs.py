"""Small schemas of which each level names the next one twice or more, so that ways double.

Followed one by one the ways through a hundred levels never end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]
#: A level, from references to the next one.
Level: TypeAlias = Callable[[Schema], Schema]

_URIS = {
    4: "http://json-schema.org/draft-04/schema#",
    6: "http://json-schema.org/draft-06/schema#",
    7: "http://json-schema.org/draft-07/schema#",
    2019: "https://json-schema.org/draft/2019-09/schema",
    2020: "https://json-schema.org/draft/2020-12/schema",
}
_LAST: Schema = {"properties": {"x": {"type": "integer"}}}
_SMALL = {"minProperties": 0}


def tower(levels: int, level: Level, draft: int = 2020, last: Schema = _LAST) -> Schema:
    """A schema whose property `r` is the first of so many definitions of one kind."""
    table = "definitions" if draft < 2019 else "$defs"

    def leading(number: int) -> Schema:
        return {"$ref": f"#/{table}/d{number}"}

    definitions = {f"d{n}": level(leading(n + 1)) for n in range(levels)}
    return {
        "$schema": _URIS[draft],
        "type": "object",
        "properties": {"r": leading(0)},
        table: {**definitions, f"d{levels}": last},
    }


#: Levels that apply the next one to the same value.
IN_PLACE: Mapping[str, Level] = {
    "allOf": lambda d: {"allOf": [d, d]},
    "anyOf": lambda d: {"anyOf": [d, d]},
    "anyOf, unlike": lambda d: {"anyOf": [d, {"allOf": [d, _SMALL]}]},
    "oneOf": lambda d: {"oneOf": [d, {"allOf": [d, {"required": ["never"]}]}]},
    "oneOf, alike": lambda d: {"oneOf": [d, d, False]},
    "not": lambda d: {"allOf": [d, {"not": {"not": d}}]},
    "nots": lambda d: {"not": {"anyOf": [{"not": d}, {"not": d}]}},
    "if": lambda d: {"if": d, "then": d, "else": d},
    "if, then": lambda d: {"if": d, "then": {"if": d, "then": _SMALL, "else": d}},
    "$ref beside allOf": lambda d: {**d, "allOf": [d]},
    "allOf with anyOf": lambda d: {"allOf": [d], "anyOf": [d, {"minProperties": 90}]},
    "allOf of anyOf": lambda d: {"allOf": [{"anyOf": [d, {"minItems": 2}]}, {"anyOf": [d]}]},
    "unevaluatedProperties": lambda d: {"allOf": [d, d], "unevaluatedProperties": False},
    "unevaluated anyOf": lambda d: {"anyOf": [d, {"allOf": [d]}], "unevaluatedProperties": False},
    "unevaluatedItems": lambda d: {"allOf": [d, d], "unevaluatedItems": False},
    "dependentSchemas": lambda d: {"dependentSchemas": {"x": d, "y": d}, "allOf": [d]},
    "many": lambda d: {"allOf": [d] * 4, "anyOf": [d] * 4, "if": d, "then": d, "not": {"not": d}},
}

#: Levels that apply the next one to parts of the value.
OF_PARTS: Mapping[str, Level] = {
    "prefixItems": lambda d: {"prefixItems": [d, d]},
    "prefixItems, items": lambda d: {"prefixItems": [d], "items": d},
    "items of lists": lambda d: {"items": {"anyOf": [d, {"type": "array", "items": d}]}},
    "additionalProperties": lambda d: {
        "additionalProperties": {"anyOf": [d, {"type": "object", "additionalProperties": d}]}
    },
    "patternProperties": lambda d: {"patternProperties": {"^x": d, "^[xy]": d}},
    "maps by patterns": lambda d: {
        "type": "object",
        "patternProperties": {"^a": d, "^b": {**d, "title": "B"}},
    },
    "contains": lambda d: {"contains": d, "items": d},
    "propertyNames": lambda d: {"propertyNames": d, "additionalProperties": d},
    "unevaluatedItems, parts": lambda d: {"prefixItems": [d], "unevaluatedItems": d},
    "unevaluatedProperties, parts": lambda d: {
        "properties": {"x": d},
        "unevaluatedProperties": d,
    },
    "properties": lambda d: {"type": "object", "properties": {"a": d, "b": d}},
    "required properties": lambda d: {
        "type": "object",
        "properties": {"a": d, "b": d},
        "required": ["a", "b"],
    },
    "properties, x twice": lambda d: {
        "allOf": [{"properties": {"x": d}}, {"properties": {"x": {"allOf": [d]}}}]
    },
    "x or x": lambda d: {
        "anyOf": [{"properties": {"x": d}, "required": ["q"]}, {"properties": {"x": d}}]
    },
    "lists of objects": lambda d: {
        "type": "array",
        "items": {"type": "object", "properties": {"a": d, "b": d}},
    },
    "two maps": lambda d: {
        "type": "object",
        "properties": {
            "a": {"type": "object", "additionalProperties": d},
            "b": {"type": "object", "additionalProperties": d},
        },
    },
    "unions of maps": lambda d: {
        "oneOf": [
            {"type": "array", "items": d},
            {"type": "object", "additionalProperties": d},
            {"type": "string"},
        ]
    },
}

#: The same in the words of older drafts.
OLDER: Mapping[str, tuple[int, Level]] = {
    "allOf, draft 4": (4, lambda d: {"allOf": [d, d]}),
    "anyOf, draft 4": (4, lambda d: {"anyOf": [d, {"allOf": [d, _SMALL]}]}),
    "not, draft 6": (6, lambda d: {"allOf": [d, {"not": {"not": d}}]}),
    "if, draft 7": (7, lambda d: {"if": d, "then": d, "else": d}),
    "dependencies": (7, lambda d: {"dependencies": {"x": d, "y": d}, "anyOf": [d]}),
    "items, draft 7": (7, lambda d: {"items": [d, d]}),
    "items, additionalItems": (7, lambda d: {"items": [d], "additionalItems": d}),
    "items, 2019-09": (2019, lambda d: {"items": [d, d], "unevaluatedItems": d}),
    "allOf, 2019-09": (2019, lambda d: {"allOf": [d, d], "unevaluatedProperties": False}),
}


def dynamic(levels: int, draft: int = 2020) -> Schema:
    """Resources of which each may be passed on the way to what a dynamic reference means."""
    recursive = draft == 2019
    dynamic_ref = {"$recursiveRef": "#"} if recursive else {"$dynamicRef": "#node"}
    anchor = {"$recursiveAnchor": True} if recursive else {"$dynamicAnchor": "node"}
    definitions: Schema = {}
    for n in range(levels):
        onward = {"anyOf": [{"$ref": f"a{n + 1}"}, {"$ref": f"b{n + 1}"}]}
        for side in "ab":
            name = {} if recursive else {f"n{n}": {"$dynamicAnchor": f"n{n}", "type": "object"}}
            definitions[f"{side}{n}"] = {
                "$id": f"{side}{n}",
                **(anchor if recursive else {}),
                "properties": {"x": onward},
                "$defs": name,
            }
    lookups = [{"$dynamicRef": f"#n{n}"} for n in range(levels)]
    for side in "ab":
        definitions[f"{side}{levels}"] = {
            "$id": f"{side}{levels}",
            **anchor,
            "properties": {"y": dynamic_ref},
            **({} if recursive else {"anyOf": lookups}),
            "$defs": {f"n{n}": {"$dynamicAnchor": f"n{n}"} for n in range(levels)},
        }
    return {
        "$schema": _URIS[draft],
        "$id": "http://bombs.invalid/root",
        "type": "object",
        "properties": {"r": {"$ref": "a0"}},
        "$defs": definitions,
    }


def crossing(levels: int) -> dict[str, Schema]:
    """Files of which each names the next twice."""
    files = {
        f"d{n}": {"allOf": [{"$ref": f"d{n + 1}.json"}, {"$ref": f"d{n + 1}.json#/allOf/0"}]}
        for n in range(levels - 1)
    }
    files[f"d{levels - 1}"] = {"allOf": [_LAST]}
    return {"root": {"type": "object", "properties": {"r": {"$ref": "d0.json"}}}, **files}


def choices(number: int) -> Schema:
    """So many choices between two objects at one place."""
    parts = [
        {"anyOf": [{"properties": {f"{side}{n}": {"type": "integer"}}} for side in "ab"]}
        for n in range(number)
    ]
    return {"type": "object", "properties": {"r": {"allOf": parts}}}


def ring(number: int) -> Schema:
    """Objects of which each can hold each of the others."""
    names = [f"c{n}" for n in range(number)]
    table = {name: {"$ref": f"#/$defs/{name}"} for name in names}
    definitions = {name: {"type": "object", "properties": dict(table)} for name in names}
    return {"type": "object", "properties": {"r": table["c0"]}, "$defs": definitions}


def subsets(number: int) -> Schema:
    """So few objects that many sets of them apply to what some path leads to."""
    names = [{"$ref": f"#/$defs/d{n}"} for n in range(number + 1)]
    definitions: Schema = {
        f"d{n}": {"type": "object", "properties": {"a": names[n + 1], "b": names[n + 1]}}
        for n in range(1, number)
    }
    both = {"a": {"allOf": names[:2]}, "b": names[0]}
    definitions["d0"] = {"type": "object", "properties": both}
    definitions[f"d{number}"] = _LAST
    return {"type": "object", "properties": {"r": names[0]}, "$defs": definitions}


def again() -> Schema:
    """One definition that goes two ways into the same property."""
    d = {"$ref": "#/$defs/d"}
    level = {"anyOf": [{"properties": {"x": d}, "required": ["q"]}, {"properties": {"x": d}}]}
    return {"type": "object", "properties": {"r": d}, "$defs": {"d": level}}


def _with_defaults(d: Schema) -> Schema:
    table: Schema = {name: {**d, "default": {}} for name in "ab"}
    return {"type": "object", "properties": table, "required": ["a", "b"]}


def bombs(levels: int = 100) -> dict[str, dict[str, Schema]]:
    """Schemas by the names of their files, by what they are made of."""
    found = {name: {"root": tower(levels, level)} for name, level in IN_PLACE.items()}
    found |= {name: {"root": tower(levels, level)} for name, level in OF_PARTS.items()}
    found |= {name: {"root": tower(levels, level, draft)} for name, (draft, level) in OLDER.items()}
    found["$dynamicRef"] = {"root": dynamic(levels)}
    found["$recursiveRef"] = {"root": dynamic(levels, 2019)}
    found["files"] = crossing(levels)
    found["choices"] = {"root": choices(levels)}
    found["subsets"] = {"root": subsets(levels)}
    presets: Schema = {"x-presets": {"first": {"r": {}}}}
    found["presets"] = {"root": {**tower(levels, _with_defaults), **presets}}
    found["ring"] = {"root": ring(9)}
    found["again and again"] = {"root": again()}
    mixed = [*IN_PLACE.values(), *OF_PARTS.values()]
    turn = iter(mixed * levels)
    found["mixed"] = {"root": tower(levels, lambda d: next(turn)(d))}
    return found


#: Configs with which classes of bombs are tried: short, wrong, and deep.
def configs(depth: int = 60) -> dict[str, Any]:
    nested: dict[str, Any] = {"empty": {}, "one": {"r": {"x": 1}}, "wrong": {"r": {"x": "q"}}}
    wraps: dict[str, Callable[[Any], Any]] = {
        "objects": lambda v: {"x": v},
        "lists": lambda v: [v],
        "pairs of a": lambda v: {"a": v},
    }
    for name, wrap in wraps.items():
        value: Any = "q"
        for _ in range(depth):
            value = wrap(value)
        nested[name] = {"r": value}
    return nested


def _nested(level: Callable[[Any], Any], last: Any, levels: int = 75) -> Any:
    for _ in range(levels):
        last = level(last)
    return last


def _of(**properties: Any) -> Schema:
    return {"type": "object", "properties": properties}


_TEXT_FIELD = {"type": "input", "inputType": "text"}
#: Schemas and forms with much of something, or much inside of something.
LARGE: Mapping[str, Schema] = {
    **{
        f"deep {keyword}": _of(r=_nested(lambda part, name=keyword: {name: part}, {}))
        for keyword in "items not contains propertyNames unevaluatedItems".split()
    },
    "deep properties": _nested(lambda part: _of(a=part), {}),
    "deep oneOf": _of(r=_nested(lambda part: {"oneOf": [part, {"type": "null"}]}, {"const": 1})),
    "references": {
        **_of(a={"$ref": "#/$defs/d0"}),
        "$defs": {f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(1000)},
    },
    "enum": _of(a={"enum": [f"v{n}" for n in range(5000)]}),
    "pattern in patterns": _of(a={"type": "string", "pattern": "(" * 400 + "a" + ")*" * 400}),
    "pattern of repetitions": _of(a={"pattern": "((a{1000}){1000}){1000}"}),
    "pattern of ways": _of(a={"type": "string", "pattern": "^(a|a?)+$"}),
    "numbers": _of(a={"minimum": 10**4000, "maximum": 1e308, "multipleOf": 5e-324}),
    "lengths": _of(a={"minLength": 10**30}, b={"type": "array", "minItems": 10**9, "items": {}}),
    "long lists": _of(a={"type": "array", "minItems": 10**9, "items": _of(b={"default": 1})}),
    "old names": _of(**{f"p{n}": {"x-renamed-from": f"p{n + 1}"} for n in range(200)}),
    "ignored": _of(**{f"p{n}": {"x-lint": {"ignore": ["naming"] * 50}} for n in range(80)}),
    "ranges": _of(a={"type": "number", "x-search": {"range": [0, 1e300], "step": 1e-300}}),
    "form of one model": {"fields": [{**_TEXT_FIELD, "model": "m"}] * 500},
    "form of JSON": {
        "fields": [{"type": "textArea", "isJson": True, "model": "m", "default": "[" * 5000}]
    },
    "form of steps": {"fields": [{**_TEXT_FIELD, "model": ".".join("a" * 5000), "default": "b"}]},
}

_WIDE = [f"k{n}" for n in range(12)]


def _wide(d: Schema) -> Schema:
    return {"type": "object", "properties": dict.fromkeys(_WIDE, d), "required": _WIDE}


def _long(d: Schema) -> Schema:
    inner = {"type": "object", "properties": {"b": d}, "required": ["b"]}
    return {"type": "array", "minItems": 900, "items": inner}


#: Small schemas of which the least valid config is large.
REQUIRED: Mapping[str, Schema] = {
    "objects": {**tower(5, _wide, last={"type": "integer"}), "required": ["r"]},
    "lists": {**_of(r=_nested(_long, {"type": "integer"}, 3)), "required": ["r"]},
}

#: By command: schemas with so many parts of one kind.
MANY: Mapping[str, tuple[list[str], Callable[[int], Schema]]] = {
    "kinds": (
        ["lint", "s"],
        lambda n: _of(a={"oneOf": [_of(k={"const": f"k{i}"}, x={}) for i in range(n)]}),
    ),
    "constants": (
        ["lint", "s"],
        lambda n: _of(a={"oneOf": [{"const": i, "title": "t"} for i in range(n)]}),
    ),
    "ignores": (
        ["lint", "s"],
        lambda n: _of(**{f"P{i}": {"x-lint": {"ignore": ["naming"]}} for i in range(n)}),
    ),
    "choices": (
        ["lint", "s"],
        lambda n: _of(a={"enum": [*range(n)], "default": 0, "x-search": True}),
    ),
    "fields": (
        ["preview", "s", "--html", "page.html"],
        lambda n: _of(**{f"p{i}": {"type": "integer", "default": i} for i in range(n)}),
    ),
    "presets": (
        ["form", "s", "-o", "out"],
        lambda n: {
            **_of(a={"type": "integer", "default": 1}),
            "x-presets": {f"p{i}": {"a": i} for i in range(n)},
        },
    ),
}

_TOO_DEEP = r"nested (deeper than 200 levels|too deeply)"
_ALIASES = "a0: &a0 {x: 1}\n" + "".join(
    f"a{n}: &a{n} {{l: *a{n - 1}, r: *a{n - 1}}}\n" for n in range(1, 40)
)
#: Settings files by name, each with what is said of it.
FILES: Mapping[str, tuple[str, str]] = {
    "lists.json": ('{"a":' + "[" * 100_000, "nested too deeply"),
    "number.json": ('{"a": ' + "9" * 5000 + "}", "too many digits"),
    "infinite.json": ('{"a": 1e' + "9" * 5000 + "}", "no finite number"),
    "twice.json": ('{"' + "k" * 5000 + '": 1, "' + "k" * 5000 + '": 2}', "given twice"),
    "lists.toml": ("a = " + "[" * 100_000, _TOO_DEEP),
    "tables.toml": ("a = " + "{a = " * 1000 + "1" + "}" * 1000, _TOO_DEEP),
    "key.toml": (".".join("a" * 100_000) + " = 1", "line 1, column 402: " + _TOO_DEEP),
    "header.toml": ("[" + ".".join("a" * 100_000) + "]", _TOO_DEEP),
    "number.toml": ("a = " + "9" * 200_000, "line 1, column 5: a number of more than 4300 digits"),
    "base.toml": ("a = 0x" + "f" * 5000, "too many digits"),
    "text.toml": ('a = """' + '\\"""' * 5000, "not valid TOML"),
    "aliases.yaml": (_ALIASES, "line 16, column 15: aliases stand for more than 100000 values"),
    "itself.yaml": ("a: &a [*a]", "stands inside its own value"),
    "lists.yaml": ("a: " + "[" * 250, _TOO_DEEP),
    "number.yaml": ("a: " + "9" * 4301, "more than 4300 digits"),
    "merged.yaml": ("a: &a {x: 1}\nb: {<<: *a}", "the merge key <<"),
    "object.yaml": ("a: !!python/object/apply:os.system ['true']", "means nothing here"),
    "tag.yaml": ("a: !" + "x" * 2000 + " 1", "line 1, column 4: a long tag means nothing here"),
    "alias.yaml": ("a: *" + "x" * 2000, "there is no such anchor"),
}
