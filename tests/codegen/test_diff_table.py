"""`brevetti-gen diff` on small changes: what each is said to break, with real classes as judge."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from brevetti_gen.load import load_package
from brevetti_gen.meaning import meaning_of
from brevetti_gen.workbench.tools.diff.change import Change, Comparison
from brevetti_gen.workbench.tools.diff.comparing import compared
from brevettiai.settings import SettingsError

INTEGER: dict[str, Any] = {"type": "integer"}
TEXT: dict[str, Any] = {"type": "string"}
DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
CLOSED = {"additionalProperties": False}
REFUSED = "stored forms flags"


class Case(NamedTuple):
    """A change of a schema.

    Attributes:
        title: what is changed.
        old, new: the schemas, which are objects.
        answer: whether stored configs still load.
        breaks: by setting, what its changes break, "" for nothing. All changes are listed.
    """

    title: str
    old: dict[str, Any]
    new: dict[str, Any]
    answer: str
    breaks: dict[str, str]

    @property
    def name(self) -> str:
        return re.sub(r"\W+", "_", self.title)


def of(schema: Any, **keywords: Any) -> dict[str, Any]:
    """An object with the setting `a`."""
    return {"type": "object", "properties": {"a": schema}, **keywords}


def has(properties: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    """An object with some settings."""
    return {"type": "object", "properties": properties, **keywords}


def one(title: str, old: Any, new: Any, answer: str, breaks: str | None = None) -> Case:
    """A change of the setting `a`, which nothing is said of if `breaks` is None."""
    return Case(title, of(old), of(new), answer, {} if breaks is None else {"a": breaks})


def number(**limits: Any) -> dict[str, Any]:
    return {"type": "number", **limits}


def array(items: Any = INTEGER, **keywords: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **keywords}


def tagged(tag: str, **properties: Any) -> dict[str, Any]:
    """A branch that a constant tells from others."""
    return has({"kind": {"const": tag}, **properties}, required=["kind"], **CLOSED)


NUMBERS = [
    one("a maximum is lower", number(maximum=10), number(maximum=5), "refused", REFUSED),
    one("a maximum is higher", number(maximum=5), number(maximum=10), "loads", ""),
    one("a maximum goes", number(maximum=5), number(), "loads", ""),
    one("a minimum comes", number(), number(minimum=0), "refused", REFUSED),
    one("a limit is excluded", number(minimum=0), number(exclusiveMinimum=0), "refused", REFUSED),
    one("an excluded limit is taken", number(exclusiveMinimum=0), number(minimum=0), "loads", ""),
    one(
        "an excluded limit of integers is said otherwise",
        {**INTEGER, "exclusiveMinimum": 0},
        {**INTEGER, "minimum": 1},
        "loads",
        "",
    ),
    one("multiples come", INTEGER, {**INTEGER, "multipleOf": 2}, "refused", REFUSED),
    one("multiples of a part", number(multipleOf=4), number(multipleOf=2), "loads", ""),
    one("multiples of more", number(multipleOf=2), number(multipleOf=4), "refused", REFUSED),
    one("fractions are taken", INTEGER, number(), "loads", "code"),
    one("fractions are refused", number(), INTEGER, "refused", f"{REFUSED} code"),
    one(
        "fractions are refused by multiples",
        number(),
        {"type": "number", "multipleOf": 1},
        "refused",
        REFUSED,
    ),
]
TEXTS = [
    one("a text may be longer", {**TEXT, "maxLength": 5}, {**TEXT, "maxLength": 9}, "loads", ""),
    one("a text must be longer", TEXT, {**TEXT, "minLength": 1}, "refused", REFUSED),
    one("a pattern comes", TEXT, {**TEXT, "pattern": "^[a-z]+$"}, "refused", REFUSED),
    one("a pattern goes", {**TEXT, "pattern": "^[a-z]+$"}, TEXT, "loads", ""),
    one(
        "a pattern is another one",
        {**TEXT, "pattern": "^[a-z]+$"},
        {**TEXT, "pattern": "^[0-9]+$"},
        "refused",
        REFUSED,
    ),
    one(
        "a pattern is written otherwise",
        {**TEXT, "pattern": "^[ab]+$"},
        {**TEXT, "pattern": "^(a|b)+$"},
        "unknown",
        "unknown",
    ),
    one("a format comes", TEXT, {**TEXT, "format": "date"}, "loads"),
]
CHOICES = [
    one("a choice goes", {"enum": ["x", "y"]}, {"enum": ["x"]}, "refused", f"{REFUSED} code"),
    one("a choice comes", {"enum": ["x"]}, {"enum": ["x", "y"]}, "loads", ""),
    one("choices are ordered otherwise", {"enum": [1, 2]}, {"enum": [2, 1]}, "loads"),
    one("choices are texts", {"enum": ["x", "y"]}, TEXT, "loads", "code"),
    one("texts are choices", TEXT, {"enum": ["x", "y"]}, "refused", f"{REFUSED} code"),
    one("a constant is a choice", {"const": 1}, {"enum": [1, 2]}, "loads", ""),
    one("choices fit limits", {"enum": [1, 3]}, {**INTEGER, "maximum": 3}, "loads", "code"),
    one(
        "a switch is a choice of both",
        {"type": "boolean"},
        {"enum": [True, False]},
        "loads",
        "code",
    ),
    one(
        "a choice fits no limit",
        {"enum": [1, 9]},
        {**INTEGER, "maximum": 3},
        "refused",
        f"{REFUSED} code",
    ),
]
PRESENCE = [
    Case(
        "a setting is required",
        of(INTEGER),
        of(INTEGER, required=["a"]),
        "refused",
        {"a": f"{REFUSED} code"},
    ),
    Case(
        "a setting need not be given",
        of(INTEGER, required=["a"]),
        of(INTEGER),
        "loads",
        {"a": "code"},
    ),
    Case(
        "a default stands for what was required",
        of(INTEGER, required=["a"]),
        of({**INTEGER, "default": 1}),
        "loads",
        {"a": ""},
    ),
    Case(
        "a setting is new",
        has({"b": {}}),
        has({"a": INTEGER, "b": {}}),
        "loads declared",
        {"a": "extra"},
    ),
    Case(
        "a setting is new in a closed object",
        has({}, **CLOSED),
        of(INTEGER, **CLOSED),
        "loads",
        {"a": ""},
    ),
    Case(
        "a required setting is new",
        has({"b": INTEGER}, **CLOSED),
        has({"a": INTEGER, "b": INTEGER}, required=["a"], **CLOSED),
        "refused",
        {"a": f"{REFUSED} code"},
    ),
    Case(
        "a setting goes",
        has({"a": INTEGER, "b": {}}),
        has({"b": {}}),
        "loads",
        {"a": "forms flags code"},
    ),
    Case(
        "a setting with a default goes",
        has({"a": {**INTEGER, "default": 1}, "b": {}}),
        has({"b": {}}),
        "loads",
        {"a": "forms flags code output"},
    ),
    Case(
        "a setting goes from a closed object",
        has({"a": INTEGER, "b": {}}, **CLOSED),
        has({"b": {}}, **CLOSED),
        "refused",
        {"a": f"{REFUSED} code"},
    ),
    Case(
        "a setting is renamed",
        has({"a": INTEGER}, **CLOSED),
        has({"b": INTEGER}, **CLOSED),
        "refused",
        {"a": f"{REFUSED} code", "b": ""},
    ),
    Case(
        "an object is closed",
        of(INTEGER),
        of(INTEGER, **CLOSED),
        "loads declared",
        {"": "", "*": "extra"},
    ),
    Case("an object is opened", of(INTEGER, **CLOSED), of(INTEGER), "loads", {"": ""}),
    one("null is taken", INTEGER, {"type": ["integer", "null"]}, "loads", "code"),
    one("null is refused", {"type": ["integer", "null"]}, INTEGER, "refused", f"{REFUSED} code"),
    Case(
        "a dependency comes",
        has({"a": {}, "b": {}}),
        has({"a": {}, "b": {}}, dependentRequired={"a": ["b"]}),
        "refused",
        {"": REFUSED},
    ),
    Case(
        "a dependency goes",
        has({"a": {}, "b": {}}, dependentRequired={"a": ["b"]}),
        has({"a": {}, "b": {}}),
        "loads",
        {},
    ),
    Case(
        "a dependency on what is required",
        has({"a": {}, "b": {}}, required=["b"]),
        has({"a": {}, "b": {}}, required=["b"], dependentRequired={"a": ["b"]}),
        "loads",
        {},
    ),
    Case(
        "more settings must be given",
        has({"a": {}, "b": {}}),
        has({"a": {}, "b": {}}, minProperties=1),
        "refused",
        {"": REFUSED},
    ),
    Case(
        "as many settings may be given as there are",
        has({"a": {}, "b": {}}, **CLOSED),
        has({"a": {}, "b": {}}, maxProperties=2, **CLOSED),
        "loads",
        {},
    ),
]
DEFAULTS = [
    one(
        "a default is another one",
        {**INTEGER, "default": 1},
        {**INTEGER, "default": 2},
        "loads",
        "output",
    ),
    one("a default comes", INTEGER, {**INTEGER, "default": 2}, "loads", "output"),
    one("a default goes", {**INTEGER, "default": 1}, INTEGER, "loads", "code output"),
    one(
        "a default fits no limit any more",
        {**INTEGER, "default": 9},
        {**INTEGER, "default": 9, "maximum": 5},
        "refused",
        f"{REFUSED} code output",
    ),
    Case(
        "a default inside is another one",
        of(has({"b": {**INTEGER, "default": 1}})),
        of(has({"b": {**INTEGER, "default": 2}})),
        "loads",
        {"a.b": "output"},
    ),
]
LISTS = [
    one("a list may be shorter", array(minItems=2), array(minItems=1), "loads", ""),
    one("a list must be shorter", array(), array(maxItems=3), "refused", REFUSED),
    one("items may be repeated", array(uniqueItems=True), array(), "loads"),
    Case(
        "items may not be repeated",
        of(array()),
        of(array(uniqueItems=True)),
        "refused",
        {"a": REFUSED},
    ),
    Case(
        "items have a limit",
        of(array()),
        of(array({**INTEGER, "maximum": 5})),
        "refused",
        {"a[]": REFUSED},
    ),
    Case(
        "items are something else",
        of(array()),
        of(array(TEXT)),
        "refused",
        {"a": "code", "a[]": REFUSED},
    ),
    one("items are more", array(INTEGER), array(number()), "loads", "code"),
    Case(
        "a list is a tuple",
        of(array()),
        of({"type": "array", "prefixItems": [INTEGER, INTEGER], "items": False}),
        "refused",
        {"a": f"{REFUSED} code"},
    ),
    Case(
        "something is contained",
        of(array()),
        of(array(contains={"const": 1})),
        "refused",
        {"a": REFUSED},
    ),
    one("something need not be contained", array(contains={"const": 1}), array(), "loads"),
]
OBJECTS = [
    Case(
        "a setting inside is narrower",
        of(has({"b": number(maximum=9)})),
        of(has({"b": number(maximum=5)})),
        "refused",
        {"a.b": REFUSED},
    ),
    Case(
        "a definition is narrower",
        has({"a": {"$ref": "#/$defs/N"}, "b": {"$ref": "#/$defs/N"}}, **{"$defs": {"N": number()}}),
        has(
            {"a": {"$ref": "#/$defs/N"}, "b": {"$ref": "#/$defs/N"}},
            **{"$defs": {"N": number(minimum=0)}},
        ),
        "refused",
        {"a": REFUSED, "b": REFUSED},
    ),
    Case(
        "what stood in place is a definition",
        of(has({"b": INTEGER})),
        of({"$ref": "#/$defs/N"}, **{"$defs": {"N": has({"b": INTEGER})}}),
        "loads",
        {"a": "code"},
    ),
    Case(
        "values of a map are narrower",
        of({"type": "object", "additionalProperties": INTEGER}),
        of({"type": "object", "additionalProperties": {**INTEGER, "minimum": 0}}),
        "refused",
        {"a.*": REFUSED},
    ),
    Case(
        "keys of a map are narrower",
        of({"type": "object", "additionalProperties": INTEGER}),
        of({"type": "object", "additionalProperties": INTEGER, "propertyNames": {"maxLength": 3}}),
        "refused",
        {"a": REFUSED},
    ),
    Case(
        "a recursive definition is the same",
        of(
            {"$ref": "#/$defs/T"},
            **{"$defs": {"T": has({"t": {"$ref": "#/$defs/T"}, "n": number(maximum=1)})}},
        ),
        of(
            {"$ref": "#/$defs/T"},
            **{"$defs": {"T": has({"t": {"$ref": "#/$defs/T"}, "n": number(maximum=2)})}},
        ),
        "loads",
        {"a.n": ""},
    ),
    Case(
        "a recursive definition is narrower",
        of(
            {"$ref": "#/$defs/T"},
            **{"$defs": {"T": has({"t": {"$ref": "#/$defs/T"}, "n": number(maximum=2)})}},
        ),
        of(
            {"$ref": "#/$defs/T"},
            **{"$defs": {"T": has({"t": {"$ref": "#/$defs/T"}, "n": number(maximum=1)})}},
        ),
        "refused",
        {"a.n": REFUSED, "a.t.n": REFUSED},
    ),
]
UNIONS = [
    one(
        "an alternative comes",
        {"anyOf": [INTEGER, TEXT]},
        {"anyOf": [INTEGER, TEXT, {"type": "null"}]},
        "loads",
        "code",
    ),
    one(
        "an alternative goes",
        {"anyOf": [INTEGER, TEXT]},
        {"anyOf": [INTEGER]},
        "refused",
        f"{REFUSED} code",
    ),
    one(
        "alternatives are ordered otherwise",
        {"anyOf": [INTEGER, TEXT]},
        {"anyOf": [TEXT, INTEGER]},
        "loads",
    ),
    one(
        "alternatives are types",
        {"anyOf": [INTEGER, TEXT]},
        {"type": ["integer", "string"]},
        "loads",
    ),
    one("any are exactly one", {"anyOf": [INTEGER, TEXT]}, {"oneOf": [INTEGER, TEXT]}, "loads"),
    one(
        "exactly one where two overlap",
        {"anyOf": [INTEGER, number(minimum=0)]},
        {"oneOf": [INTEGER, number(minimum=0)]},
        "refused",
        REFUSED,
    ),
    Case(
        "a tagged alternative comes",
        of({"oneOf": [tagged("x"), tagged("y")]}),
        of({"oneOf": [tagged("x"), tagged("y"), tagged("z")]}),
        "loads",
        {"a": "code"},
    ),
    Case(
        "a tagged alternative goes",
        of({"oneOf": [tagged("x"), tagged("y"), tagged("z")]}),
        of({"oneOf": [tagged("x"), tagged("y")]}),
        "refused",
        {"a": f"{REFUSED} code", "": "code"},
    ),
    Case(
        "a tagged alternative is wider",
        of({"oneOf": [tagged("x", n=number(maximum=1)), tagged("y")]}),
        of({"oneOf": [tagged("x", n=number(maximum=2)), tagged("y")]}),
        "loads",
        {"a.n": ""},
    ),
    Case(
        "a condition comes",
        has({"a": INTEGER, "b": INTEGER}),
        has(
            {"a": INTEGER, "b": INTEGER}, **{"if": {"required": ["a"]}, "then": {"required": ["b"]}}
        ),
        "refused",
        {"b": REFUSED},
    ),
    Case(
        "what is refused is less",
        of({**INTEGER, "not": {"minimum": 5}}),
        of({**INTEGER, "not": {"minimum": 9}}),
        "loads",
        {},
    ),
    one("something is refused", INTEGER, {**INTEGER, "not": {"const": 5}}, "refused", REFUSED),
]
DRAFTS = [
    Case(
        "draft 7 knows whole floats and draft 4 does not",
        of(INTEGER, **{"$schema": DRAFT_7}),
        of(INTEGER, **{"$schema": DRAFT_4}),
        "refused",
        {"a": REFUSED},
    ),
    Case(
        "draft 4 becomes draft 7",
        of(INTEGER, **{"$schema": DRAFT_4}),
        of(INTEGER, **{"$schema": DRAFT_7}),
        "loads",
        {},
    ),
    Case(
        "what stands beside a reference counts",
        of(
            {"$ref": "#/definitions/N", "maximum": 5},
            definitions={"N": INTEGER},
            **{"$schema": DRAFT_7},
        ),
        of({"$ref": "#/definitions/N", "maximum": 5}, definitions={"N": INTEGER}),
        "refused",
        {"a": REFUSED},
    ),
]
PEOPLE = [
    one(
        "a title is another one", {**INTEGER, "title": "A"}, {**INTEGER, "title": "B"}, "loads", ""
    ),
    one("a setting is deprecated", INTEGER, {**INTEGER, "deprecated": True}, "loads", ""),
    one("a setting has another attribute", INTEGER, {**INTEGER, "x-python-name": "A"}, "loads"),
    one("a form has no field for it any more", INTEGER, {**INTEGER, "x-form": None}, "loads", None),
    Case(
        "a preset goes",
        of(INTEGER, **{"x-presets": {"p": {"a": 1}}}),
        of(INTEGER),
        "loads",
        {"": "forms flags code"},
    ),
    Case(
        "a preset is another one",
        of(INTEGER, **{"x-presets": {"p": {"a": 1}}}),
        of(INTEGER, **{"x-presets": {"p": {"a": 2}}}),
        "loads",
        {"": "output"},
    ),
    Case(
        "a class is called otherwise",
        of(has({"b": INTEGER}, **{"x-python-name": "B"})),
        of(has({"b": INTEGER}, **{"x-python-name": "C"})),
        "loads",
        {"a": "code"},
    ),
]


def once(name: Any, **more: Any) -> dict[str, Any]:
    """A schema of an integer that had another name."""
    return {**INTEGER, "x-renamed-from": name, **more}


IN_PERCENT = {"name": "a", "scale": 0.01}
OLD_PRESET = {"x-presets": {"p": {"a": 50}}}
GROWING = [
    Case(
        "a limit is narrower and something else is required",
        of({"type": "integer", "maximum": 9}, **CLOSED),
        has({"a": {"type": "integer", "maximum": 5}, "b": INTEGER}, required=["b"], **CLOSED),
        "refused",
        {"a": REFUSED, "b": f"{REFUSED} code"},
    ),
    Case(
        "a preset says the same in the new name and unit",
        of({"type": "number"}, **OLD_PRESET),
        has({"b": {"type": "number", "x-renamed-from": IN_PERCENT}})
        | {"x-presets": {"p": {"b": 0.5}}},
        "loads declared",
        {"a": "code", "b": "extra"},
    ),
    Case(
        "a preset says something else in a new place",
        of(INTEGER, **OLD_PRESET),
        has({"c": has({"b": once(".a")})}) | {"x-presets": {"p": {"c": {"b": 49}}}},
        "loads declared",
        {"a": "code", "c": "", "c.b": "extra", "": "output"},
    ),
    Case(
        "a renamed setting is known by its old name",
        has({"a": INTEGER}, **CLOSED),
        has({"b": once("a")}, **CLOSED),
        "loads",
        {"a": "code"},
    ),
    Case(
        "a renamed setting of an open object",
        has({"a": INTEGER}),
        has({"b": once("a")}),
        "loads declared",
        {"a": "code", "b": "extra"},
    ),
    Case(
        "a renamed setting that is required",
        has({"a": INTEGER}, required=["a"], **CLOSED),
        has({"b": once("a")}, required=["b"], **CLOSED),
        "loads",
        {"a": "code"},
    ),
    Case(
        "a renamed setting is narrower",
        has({"a": INTEGER}, **CLOSED),
        has({"b": once("a", maximum=5)}, **CLOSED),
        "refused",
        {"a": "code", "b": REFUSED},
    ),
    Case(
        "a renamed setting is required only now",
        has({"a": INTEGER}, **CLOSED),
        has({"b": once("a")}, required=["b"], **CLOSED),
        "refused",
        {"a": "code", "b": f"{REFUSED} code"},
    ),
    Case(
        "an old name has another meaning beside the new one",
        has({"a": INTEGER, "b": INTEGER}, **CLOSED),
        has({"b": once("a")}, **CLOSED),
        "refused",
        {"a": f"{REFUSED} code"},
    ),
    Case(
        "old names stay",
        has({"b": once("a")}, **CLOSED),
        has({"b": once("a"), "c": INTEGER}, **CLOSED),
        "loads",
        {"c": ""},
    ),
    Case(
        "a setting is renamed again",
        has({"b": once("a")}, **CLOSED),
        has({"c": once(["b", "a"])}, **CLOSED),
        "loads",
        {"b": "code"},
    ),
    Case(
        "an old name is forgotten",
        has({"b": once("a")}, **CLOSED),
        has({"b": INTEGER}, **CLOSED),
        "unknown",
        {"b": "forms flags output", "": "unknown"},
    ),
    Case(
        "a setting moves to the top",
        has({"t": has({"a": INTEGER}, **CLOSED)}, **CLOSED),
        has({"a": once("t.a")}, **CLOSED),
        "refused",
        {"t": f"{REFUSED} code", "t.a": "code", "": "code"},
    ),
    Case(
        "a setting moves to the top of an open object",
        has({"t": has({"a": INTEGER}, **CLOSED), "o": {}}),
        has({"a": once("t.a"), "o": {}}),
        "loads declared",
        {"t": "code", "t.a": "code", "": "code", "a": "extra"},
    ),
    Case(
        "a setting that is always there moves to the top",
        has({"t": has({"a": INTEGER}, required=["a"], **CLOSED)}, **CLOSED),
        has({"a": once("t.a")}, **CLOSED),
        "loads",
        {"t": "code", "t.a": "code", "a": "code", "": "code"},
    ),
    Case(
        "a setting moves into a section",
        has({"a": INTEGER}, **CLOSED),
        has({"t": has({"a": once(".a")}, **CLOSED)}, **CLOSED),
        "loads",
        {"a": "code", "t": ""},
    ),
    Case(
        "a setting moves into a section and is narrower",
        has({"a": INTEGER}, **CLOSED),
        has({"t": has({"a": once(".a", maximum=5)}, **CLOSED)}, **CLOSED),
        "refused",
        {"a": "code", "t": "", "t.a": REFUSED},
    ),
    Case(
        "a setting moves between sections that stay",
        has({"s": has({"a": INTEGER, "b": {}}, **CLOSED), "t": has({"c": {}}, **CLOSED)}, **CLOSED),
        has(
            {"s": has({"b": {}}, **CLOSED), "t": has({"c": {}, "a": once("s.a")}, **CLOSED)},
            **CLOSED,
        ),
        "loads",
        {"s.a": "code"},
    ),
    Case(
        "a section is renamed as a whole",
        has({"s": has({"a": INTEGER}, **CLOSED)}, **CLOSED),
        has({"t": has({"a": INTEGER}, **{"x-renamed-from": "s"}, **CLOSED)}, **CLOSED),
        "loads",
        {"s": "code", "t": "code"},
    ),
    Case(
        "a removed name is read and dropped",
        has({"a": INTEGER, "b": {}}, **CLOSED),
        has({"b": {}}, **{"x-removed": ["a"]}, **CLOSED),
        "loads",
        {"a": "forms flags code"},
    ),
    Case(
        "a value is respelled",
        has({"a": {"enum": ["x", "y"]}}, **CLOSED),
        has({"a": {"enum": ["z", "y"], "x-renamed-values": {"x": "z"}}}, **CLOSED),
        "loads",
        {"a": "code"},
    ),
    Case(
        "a value is respelled as what is no choice",
        has({"a": {"enum": ["x", "y"]}}, **CLOSED),
        has({"a": {"enum": ["z", "w"], "x-renamed-values": {"x": "z"}}}, **CLOSED),
        "refused",
        {"a": f"{REFUSED} code"},
    ),
    Case(
        "items are respelled",
        has({"a": array({"enum": ["x", "y"]})}, **CLOSED),
        has({"a": array({"enum": ["z", "y"], "x-renamed-values": {"x": "z"}})}, **CLOSED),
        "loads",
        {"a": "code"},
    ),
    Case(
        "a unit is another one",
        has({"a": number(minimum=0, maximum=100, default=20)}, **CLOSED),
        has(
            {"b": number(minimum=0, maximum=1, default=0.2, **{"x-renamed-from": IN_PERCENT})},
            **CLOSED,
        ),
        "loads",
        {"a": "code"},
    ),
    Case(
        "a unit is another one and a limit is not",
        has({"a": number(minimum=0, maximum=200)}, **CLOSED),
        has(
            {"b": {**number(minimum=0, maximum=1), "x-renamed-from": {"name": "a", "scale": 0.01}}},
            **CLOSED,
        ),
        "refused",
        {"a": "code", "b": REFUSED},
    ),
    Case(
        "a unit is another one of which there are whole ones only",
        has({"a": {**INTEGER, "minimum": 0, "maximum": 100}}, **CLOSED),
        has({"b": {**INTEGER, "minimum": 0, "maximum": 1, "x-renamed-from": IN_PERCENT}}, **CLOSED),
        "refused",
        {"a": "code", "b": REFUSED},
    ),
    Case(
        "a setting that moved once moves on",
        has(
            {"$version": {"const": 2}, "t": has({"a": once(".a")}, **CLOSED)},
            **{"x-version": 2},
            **CLOSED,
        ),
        has(
            {
                "$version": {"const": 3},
                "s": has({"b": once(["a", ".a"])}, **{"x-renamed-from": ".t"}, **CLOSED),
            },
            **{"x-version": 3},
            **CLOSED,
        ),
        "loads",
        {"$version": "code", "t": "code", "s": "code", "s.a": "code"},
    ),
    Case(
        "a setting of items is renamed",
        has({"l": array(has({"a": INTEGER}, **CLOSED))}, **CLOSED),
        has({"l": array(has({"b": once("a")}, **CLOSED))}, **CLOSED),
        "loads",
        {"l[].a": "code"},
    ),
    Case(
        "a setting of an alternative is renamed",
        has({"l": {"oneOf": [tagged("x", a=INTEGER), tagged("y")]}}, **CLOSED),
        has({"l": {"oneOf": [tagged("x", b=once("a")), tagged("y")]}}, **CLOSED),
        "unknown",
        {"l.a": "code", "l": "unknown"},
    ),
]
CASES = [
    *NUMBERS,
    *TEXTS,
    *CHOICES,
    *PRESENCE,
    *DEFAULTS,
    *LISTS,
    *OBJECTS,
    *UNIONS,
    *DRAFTS,
    *PEOPLE,
    *GROWING,
]


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Compared(NamedTuple):
    comparison: Comparison
    old: dict[str, Any]
    new: dict[str, Any]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """All cases at once: what is said of them, and their classes."""
    folder = tmp_path_factory.mktemp("table")
    for side in ("old", "new"):
        (folder / side).mkdir()
        for case in CASES:
            text = json.dumps(case.old if side == "old" else case.new)
            (folder / side / f"{case.name}.json").write_text(text, encoding="utf-8")
    old, new = (meaning_of([folder / side]) for side in ("old", "new"))
    classes = [_classes(folder / side) for side in ("old", "new")]
    return Compared(compared(old, new), *classes)


def _classes(folder: Path) -> dict[str, Any]:
    return {one.source.module[0]: one.cls for one in load_package([folder]).classes}


def test_there_are_eighty_cases() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 80


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_a_change_breaks(case: Case, tables: Compared) -> None:
    changes = [c for c in tables.comparison.changes if c.module == case.name]
    found: dict[str, set[str]] = {}
    for change in changes:
        found.setdefault(change.path, set()).update(change.breaks)
    assert tables.comparison.verdicts[case.name] == case.answer, changes
    assert found == {path: set(words.split()) for path, words in case.breaks.items()}, changes
    for change in changes:
        _check_example(change, tables.old[case.name], tables.new[case.name])


def _check_example(change: Change, old: Any, new: Any) -> None:
    """The example is one, as the classes see it."""
    assert (change.example is not None) == bool(change.breaks & {"stored", "extra"})
    if change.example is not None:
        old.from_config(change.example)
        with pytest.raises(SettingsError):
            new.from_config(change.example)
