"""`brevetti-gen metaschema`: a JSON Schema of our schemas, by which editors complete and check.

It is of draft 7, which editors know best, and takes the keywords of all drafts, each with what it
takes: whether a schema is right, the drafts' own metaschemas say. Our keywords are checked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from brevettiai.cli.output import write_out
from brevettiai.messages.words import PYTHON_TYPES
from brevettiai.search.said import SCALES

from ...forms.form_lint import TYPES as FIELD_TYPES
from ...forms.form_lint import VALIDATORS
from ...schema.dialects import DRAFT_7
from ...schema.keywords import EXTENSIONS, KEYWORDS, TYPES, Keyword
from ..telling.report import command_parser
from ..telling.rules import SETS, rules_in

_Schema = dict[str, Any]

_DESCRIPTION = """\
Print a JSON Schema of the schemas that brevetti-gen takes, with its own keywords (x-form,
x-presets, x-renamed-from, …): editors complete and check by it."""
_EPILOG = """\
Keep it beside your schemas, not among them, as in
  brevetti-gen metaschema > brevetti.metaschema.json
docs/forms.md tells how editors find it."""

_TEXT: _Schema = {"type": "string"}
_NAMES: _Schema = {"type": "array", "items": _TEXT}
_FLAG: _Schema = {"type": "boolean"}
_INNER: _Schema = {"$ref": "#/definitions/schema"}
#: What holds schemas, and lists of names by name.
_HELD: Mapping[str, _Schema] = {
    "one": _INNER,
    "list": {"type": "array", "items": _INNER},
    "map": {"type": "object", "additionalProperties": _INNER},
    "names": {"type": "object", "additionalProperties": {"anyOf": [_INNER, _NAMES]}},
}
#: What the words begin with that say what a keyword takes.
_BEGINNINGS: Mapping[str, _Schema] = {
    "a URI": _TEXT,
    "a list of property names": _NAMES,
    "a list": {"type": "array"},
    "a name": _TEXT,
    "a number above 0": {"type": "number", "exclusiveMinimum": 0},
    "a number": {"type": "number"},
    "a regular expression": _TEXT,
    "an integer": {"type": "integer", "minimum": 0},
    "an object": {"type": "object"},
    "text": _TEXT,
    "true or false": _FLAG,
    "one of": {"anyOf": [{"enum": [*TYPES]}, {"type": "array", "items": {"enum": [*TYPES]}}]},
}


def _text(description: str, **keywords: Any) -> _Schema:
    return {"description": description, **keywords}


#: Facts of a field that a form can be told; the form library knows more.
_FACTS: Mapping[str, _Schema] = {
    "type": _text("The kind of field.", enum=sorted(FIELD_TYPES)),
    "inputType": _text("Of an input: number, text, color, …", **_TEXT),
    "label": _text("The name beside the field.", **_TEXT),
    "help": _text("The text behind the question mark.", **_TEXT),
    "hint": _text("The text below the field.", **_TEXT),
    "placeholder": _text("What an empty field shows.", **_TEXT),
    "rows": _text("The height of a text area.", type="integer", minimum=1),
    "values": _text("What there is to choose.", type="array"),
    "step": _text("By how much a number goes up.", type="number"),
    "required": _text("Whether the form asks for it.", **_FLAG),
    "readonly": _text("Whether it is shown and cannot be changed.", **_FLAG),
    "disabled": _text("Whether it is shown grey.", **_FLAG),
    "visible": _text("Whether it is shown.", **_FLAG),
    "validator": _text(
        "What checks it.", type=["string", "array"], items={"enum": sorted(VALIDATORS)}
    ),
}


def _object(description: str, **properties: _Schema) -> _Schema:
    shape = {"type": "object", "properties": properties, "additionalProperties": False}
    return _text(description, **shape)


_SET = _text("Facts that the field has instead of the usual ones.", type="object")
_FIELD_FORM = _object(
    "How the field of this property differs from the usual one.",
    set={**_SET, "properties": _FACTS, "not": {"required": ["model"]}},
    omit=_text("Facts that the usual field has, and this one has not.", **_NAMES),
    order=_text("The keys of the field in their order.", **_NAMES),
    items=_text(
        "The same of the fields of a list that has one for each item, in order.",
        type="array",
        items={"type": "object"},
    ),
)
_ROOT_FORM = _object(
    "The layout of the form.",
    entries=_text(
        "The fields in their order: paths of properties, and what no property has, as headings.",
        type="array",
        items={"type": ["string", "object"]},
    ),
    document=_text("What is around the fields, and how many each list of them has.", type="object"),
)
_PRESETS = _text(
    "Presets: partial configs by name.", type="object", additionalProperties={"type": "object"}
)
_VERSION = _text(
    "The version of configs: later ones are refused, as an old package cannot know them.",
    type="integer",
    minimum=1,
)
#: A name in the same object, `section.name` or `.name` below the root.
_OLD_NAME: _Schema = {
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "properties": {
                "name": _TEXT,
                "scale": _text(
                    "What its values are multiplied by: 0.01, or a ratio such as 1/60.",
                    type=["number", "string"],
                ),
            },
            "required": ["name"],
            "additionalProperties": False,
        },
    ]
}
#: Our keywords as any schema may have them; what only the root may have is told apart.
_EXTENSIONS: Mapping[str, _Schema] = {
    "x-form": _FIELD_FORM,
    "x-lint": _object(
        "What brevetti-gen tells not of here, and of what stands in it.",
        ignore=_text(
            "Names of rules, or of sets of them.",
            type="array",
            items={"enum": sorted((*SETS, *rules_in(SETS)))},
        ),
    ),
    "x-presets": _PRESETS,
    "x-python-name": _text("The name of the class.", type="string", minLength=1),
    "x-python-type": _text(
        "The type of Python that attributes hold instead of text.", enum=[*PYTHON_TYPES]
    ),
    "x-deprecated": _text(
        "That a property is deprecated, and what to do instead.", type="string", minLength=1
    ),
    "x-removed": _text(
        "Names that old configs may still have here and nobody reads: a list, or words by name.",
        anyOf=[_NAMES, {"type": "object", "additionalProperties": _TEXT}],
    ),
    "x-renamed-from": _text(
        "The names and places that this property had before, which configs may still have.",
        anyOf=[_OLD_NAME, {"type": "array", "items": _OLD_NAME, "minItems": 1}],
    ),
    "x-renamed-values": _text(
        "The values of today by those that configs may still have; or a list of such pairs.",
        anyOf=[
            {"type": "object"},
            {"type": "array", "items": {"type": "array", "minItems": 2, "maxItems": 2}},
        ],
    ),
    "x-search": {
        "anyOf": [
            _FLAG,
            _object(
                "How a number varies in sweeps.",
                scale=_text("What varies evenly: it, or its logarithm.", enum=[*SCALES]),
                range=_text(
                    "From where to where, within its limits.",
                    type="array",
                    items={"type": "number"},
                    minItems=2,
                    maxItems=2,
                ),
                step=_text("The distance between its values.", **_BEGINNINGS["a number above 0"]),
            ),
        ],
        "description": "Whether sweeps vary a setting, unless others are named, and how.",
    },
    "x-slow-pattern": _text("Take the pattern beside it although it can be slow.", **_FLAG),
}
#: What only the root has, and what all have, each in its own way.
_OF_ROOTS: Mapping[str, _Schema] = {
    "x-form": _ROOT_FORM,
    "x-presets": _PRESETS,
    "x-version": _VERSION,
}


def metaschema() -> _Schema:
    """The JSON Schema of schemas with our keywords."""
    common = {name: _standard(keyword) for name, keyword in KEYWORDS.items()}
    common |= {name: _EXTENSIONS[name] for name in EXTENSIONS - _OF_ROOTS.keys()}
    return {
        "$schema": DRAFT_7.canonical,
        "title": "Schemas for brevetti-gen",
        "allOf": [
            {"$ref": "#/definitions/keywords"},
            {"properties": _OF_ROOTS},
        ],
        "definitions": {
            "keywords": {"type": ["object", "boolean"], "properties": dict(sorted(common.items()))},
            "schema": {
                "allOf": [
                    {"$ref": "#/definitions/keywords"},
                    {"properties": {"x-form": _FIELD_FORM}},
                ]
            },
        },
    }


def _standard(keyword: Keyword) -> _Schema:
    """What a keyword of JSON Schema takes, in any draft."""
    held = [_HELD[way] for way in keyword.holds if way != "map" or "names" not in keyword.holds]
    given = [words for words in (keyword.takes, keyword.takes_in_4) if words and not held]
    options = [*held, *(_taken(words) for words in given)]
    drafts = f"{keyword.drafts[0]} to {keyword.drafts[-1]}"
    described = _text(f"{keyword.takes or 'a schema, or any value'} ({drafts})")
    if len(options) < 2:
        return {**described, **(options[0] if options else {})}
    return {**described, "anyOf": options}


def _taken(words: str) -> _Schema:
    return next(schema for start, schema in _BEGINNINGS.items() if words.startswith(start))


def main(arguments: Sequence[str]) -> int:
    command_parser("brevetti-gen metaschema", _DESCRIPTION, _EPILOG).parse_args(list(arguments))
    write_out(json.dumps(metaschema(), indent=2, ensure_ascii=False) + "\n")
    return 0
