"""Schemas, forms and configs with a word in every place of a text, and hostile ones made of them.

Words begin with `w_`: each is a text of its own, put in all of its places at once so that names
still lead to what they name. Any other string is hostile in one place alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from random import Random
from typing import Any
from urllib.parse import quote

from .texts import hostile_text

_WORD = re.compile(r"w_\w+")


def _notes(name: str) -> dict[str, Any]:
    return {
        "title": f"w_title_{name}",
        "description": f"w_about_{name}",
        "$comment": "w_comment",
        "examples": ["w_example"],
    }


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


_TAGGED = [
    {**_notes(n), **_object(w_tag={"const": f"w_{n}"}, w_rate={"type": "number"})} for n in "ab"
]
for _branch in _TAGGED:
    _branch["required"] = ["w_tag"]

SCHEMAS: Mapping[str, dict[str, Any]] = {
    "simple": {
        **_notes("root"),
        **_object(
            w_text={"type": "string", "default": "w_default", **_notes("text")},
            w_choice={"enum": ["w_one", "w_two", None], "default": "w_one", **_notes("choice")},
            w_mixed={"enum": ["w_one", 1, ["w_two"], {"w_key": "w_value"}]},
            w_number={"type": "integer", "minimum": 1, "default": 3, **_notes("number")},
            w_flag={"type": "boolean", "default": True, **_notes("flag")},
        ),
        "x-presets": {"w_preset": {"w_text": "w_given"}, "w_other": {"w_number": 5}},
    },
    "texts": _object(
        w_formed={"type": "string", "format": "w_format", "contentMediaType": "w_media"},
        w_time={"type": "string", "format": "date-time", "x-python-type": "datetime"},
        w_path={"type": "string", "x-python-type": "Path", "default": "w_path"},
        w_like={"type": "string", "pattern": "^w_[a-z]+$"},
        w_secret={"type": "string", "writeOnly": True, "default": "w_secret_value"},
        w_old={"type": "string", "deprecated": True, "x-deprecated": "w_reason"},
        w_named={"type": "string", "x-python-name": "w_name", **_notes("named")},
        w_const={"const": {"w_key": ["w_value", 1.5e300, None]}},
        w_readable={"type": "string", "readOnly": True, "default": "w_default"},
        json={"type": "string", "title": "w_title"},
    ),
    "inner": {
        **_object(
            w_inner={"$ref": "#/$defs/w_def", **_notes("inner")},
            w_again={"$ref": "#w_anchor"},
            w_list={"type": "array", "items": {"$ref": "#/$defs/w_def"}, "default": []},
            w_map={"type": "object", "additionalProperties": {"$ref": "#/$defs/w_def"}},
            w_deep={**_notes("deep"), **_object(w_deeper=_object(w_deepest={"default": "w_x"}))},
        ),
        "$defs": {
            "w_def": {**_notes("def"), **_object(w_text={"type": "string"}, w_n={"default": 1})},
            "w_list": {"$anchor": "w_anchor", "type": "array", "items": {"enum": ["w_one"]}},
        },
    },
    "unions": _object(
        w_either={"anyOf": [*_TAGGED, {"type": "null"}], **_notes("either")},
        w_one={"oneOf": [{"type": "string", "title": "w_s"}, {"type": "array", "items": {}}]},
        w_many={"type": "array", "items": {"oneOf": _TAGGED}, "uniqueItems": True},
        w_tuple={"type": "array", "prefixItems": [{"const": "w_a"}, {"type": "number"}]},
    ),
    "checks": {
        **_object(
            w_a={"type": "string"},
            w_b={"type": "string", "minLength": 1, "not": {"const": "w_never"}},
        ),
        "required": ["w_a"],
        "dependentRequired": {"w_a": ["w_b"]},
        "dependentSchemas": {"w_b": {"properties": {"w_c": {"const": "w_c_value"}}}},
        "if": {"properties": {"w_a": {"const": "w_if"}}},
        "then": {"required": ["w_b"]},
        "else": {"maxProperties": 9},
        "propertyNames": {"not": {"const": "w_bad"}},
        "patternProperties": {"^w_": {"type": ["string", "null"], "title": "w_title"}},
        "allOf": [{"properties": {"w_a": {"enum": ["w_if", "w_other"]}}}],
        "unevaluatedProperties": False,
    },
    "grown": {
        "x-version": 3,
        "x-removed": {"w_legacy": "w_why", "w_gone": "w_why"},
        **_object(
            w_epochs={"type": "integer", "default": 2, "x-renamed-from": ["w_passes", "w_rounds"]},
            w_opt={
                **_object(
                    w_kind={
                        "enum": ["w_adam", "w_sgd"],
                        "default": "w_sgd",
                        "x-renamed-values": {"w_adam_v1": "w_adam"},
                    },
                    w_share={
                        "type": "number",
                        "default": 0.5,
                        "x-renamed-from": {"name": "w_percent", "scale": 0.01},
                    },
                ),
                "x-renamed-from": "w_training.w_optimizer",
            },
        ),
    },
    "sought": _object(
        w_rate={"type": "number", "x-search": {"range": [0.1, 1], "scale": "log"}, "default": 1},
        w_kind={"enum": ["w_one", "w_two"], "x-search": True, "default": "w_one"},
        w_size={"type": "integer", "x-search": {"range": [2, 8], "step": 2}, "default": 2},
        w_flag={"type": "boolean", "x-search": True, "default": False},
        w_inner=_object(w_n={"type": "integer", "minimum": 1, "maximum": 8, "default": 1}),
    ),
    "formed": {
        **_object(
            w_area={
                "type": "string",
                "x-form": {
                    "set": {"type": "textArea", "hint": "w_hint", "placeholder": "w_place"},
                    "omit": ["required", "w_omitted"],
                    "order": ["label", "w_order"],
                },
            },
            w_group={**_notes("group"), **_object(w_n={"type": "integer", "title": "w_n"})},
            w_lint={"type": "integer", "x-lint": {"ignore": ["title-missing"]}},
        ),
        "x-form": {
            "entries": ["w_area", {"type": "label", "label": "w_heading"}, "w_group.w_n"],
            "document": {"w_extra": {"w_key": "w_value"}},
        },
    },
    "draft 4": {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "id": "http://w-id.example/w_root.json",
        "title": "w_title",
        **_object(w_a={"$ref": "#/definitions/w_d"}, w_b={"type": ["string", "null"]}),
        "dependencies": {"w_a": ["w_b"], "w_b": {"title": "w_title"}},
        "definitions": {"w_d": {"id": "#w_id", "enum": ["w_one", "w_two"], **_notes("d")}},
    },
    "identities": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w-id.example/w_root.json",
        "$vocabulary": {"https://w-vocabulary.example/w_v": False},
        **_object(
            w_a={"$ref": "w_inner.json"},
            w_b={"$ref": "w_inner.json#w_anchor"},
            w_c={"$dynamicRef": "w_inner.json#w_dynamic"},
        ),
        "$defs": {
            "w_d": {
                "$id": "w_inner.json",
                "$dynamicAnchor": "w_dynamic",
                **_object(w_x={"type": "string"}, w_y={"$anchor": "w_anchor", "type": "integer"}),
            }
        },
    },
    "two files": {
        **_object(w_a={"$ref": "other.json#/$defs/w_d"}, w_b={"$ref": "other.json"}),
    },
}
#: What stands beside each schema, for references.
OTHER = {
    "title": "w_title",
    **_object(w_x={"type": "string", "description": "w_about"}),
    "$defs": {"w_d": {"title": "w_title_d", **_object(w_y={"default": "w_y_value"})}},
}


def _field(kind: str, model: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "label": f"w_label_{kind}", "model": model, **more}


FORMS: Mapping[str, dict[str, Any]] = {
    "fields": {
        "title": "w_title",
        "fields": [
            {"type": "label", "label": "w_heading", "tag": "w_tag"},
            _field("input", "w_text", inputType="text", default="w_default", hint="w_hint"),
            _field("input", "w_in.w_number", inputType="number", min=0, max=9, step=1, default=1),
            _field("input", "w_like", inputType="text", pattern="^w_.*$", placeholder="w_place"),
            _field("checkbox", "w_flag", default=True, help="w_help"),
            _field("select", "w_choice", values=["w_one", "w_two"], default="w_one"),
            _field(
                "checklist",
                "w_in.w_ticks",
                values=[{"id": "w_one", "name": "w_name", "group": "w_group"}],
                default=["w_one"],
            ),
            _field("radios", "w_radio", values=[{"value": "w_v", "name": "w_n"}], id="w_id"),
            _field("textArea", "w_json", isJson=True, default='{"w_key": ["w_value"]}', rows=4),
            _field("input", "w_date", inputType="date", format="w_format"),
            _field("input", "w_password", inputType="password", default="w_secret_value"),
            _field("w_kind", "w_odd", validator=["w_validator", "required"], w_key="w_value"),
            {"type": "submit", "label": "w_label", "validateBeforeSubmit": True},
        ],
        "presets": {"w_preset": {"w_text": "w_given", "w_in": {"w_number": 5}}},
    },
    "groups": {
        "fields": [_field("input", "w_text", inputType="text")],
        "groups": [{"legend": "w_legend", "fields": [_field("switch", "w_flag", textOn="w_on")]}],
        "w_key": {"w_key": ["w_value"]},
    },
}
CONFIGS: Mapping[str, Any] = {
    "simple": {"w_text": "w_given", "w_number": 5, "w_unknown": ["w_value", None]},
    "deep": {"w_a": {"w_b": [{"w_c": "w_value", "w_d": 1.5}], "w_password": "w_secret_value"}},
    "grown": {"w_passes": 5, "w_training": {"w_optimizer": {"w_kind": "w_adam_v1"}}, "w_gone": 1},
}

Words = Callable[[str], str]


def words_of(value: Any) -> list[str]:
    """The words of a document, in order."""
    return list(dict.fromkeys(_WORD.findall(json.dumps(value))))


def replaced(value: Any, texts: Mapping[str, str]) -> Any:
    """A document with other texts in the places of words, pointers and names of keys too.

    Properties whose names become alike are one.
    """
    if isinstance(value, dict):
        return {
            replaced(key, texts): _reference(part, texts)
            if key in ("$ref", "$dynamicRef") and isinstance(part, str)
            else replaced(part, texts)
            for key, part in value.items()
        }
    if isinstance(value, list):
        return [replaced(part, texts) for part in value]
    if isinstance(value, str):
        return texts.get(value) or _WORD.sub(lambda found: texts.get(found[0], found[0]), value)
    return value


def _reference(reference: str, texts: Mapping[str, str]) -> str:
    def escaped(found: re.Match[str]) -> str:
        text = texts.get(found[0], found[0]).replace("~", "~0").replace("/", "~1")
        return quote(text.encode("utf-8", "surrogatepass"), safe="")

    return _WORD.sub(escaped, reference)


def some_texts(random: Random, value: Any) -> dict[str, str]:
    """Hostile texts for some words of a document: one, a few, or all of them."""
    words = words_of(value)
    count = min(len(words), random.choice([1, 1, 3, 8, len(words)]))
    return {word: hostile_text(random) for word in random.sample(words, count)}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all values below a document."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        yield (*path, key)
        if isinstance(part, (dict, list)):
            yield from places(part, (*path, key))


_ODD: list[Any] = [None, True, 0, -1, 1.5, 10**30, 1e308, "", [], {}, [[]], [None], {"": {}}]


def damaged(random: Random, value: Any) -> Any:
    """A document with something else in one place: a value, a text, or the name of a key."""
    changed = deepcopy(value)
    *way, last = random.choice(list(places(changed)))
    inner = changed
    for step in way:
        inner = inner[step]
    kind = random.random()
    if kind < 0.4 and isinstance(inner, dict):
        inner[hostile_text(random)] = inner.pop(last)
    elif kind < 0.7:
        inner[last] = hostile_text(random)
    else:
        inner[last] = deepcopy(random.choice(_ODD))
    return changed


def drawn(random: Random, documents: Mapping[str, Any]) -> Any:
    """One of the documents, hostile."""
    value = documents[random.choice(list(documents))]
    value = replaced(value, some_texts(random, value))
    if random.random() < 0.25:
        value = damaged(random, value)
    return value
