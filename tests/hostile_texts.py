"""Texts that would become code if a generator let them, in every place of a schema."""

from __future__ import annotations

import ast
import builtins
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from brevetti_gen.compile.literals import literal
from brevettiai.form.describe import is_form_key
from brevettiai.settings import Settings
from conformance.generated import write_json

MARK = "zqx"
"""Is in every hostile text, so that each can be found again."""

HOSTILE = [
    '"',
    "'",
    '"""',
    "'''",
    '"' * 7,
    '"""\nimport os\n"""',
    "\\",
    '\\"',
    '\\"""',
    '"""\\',
    "\\\n",
    "\n",
    "\r\nimport os\r",
    "\n\n    def f(self): ...",
    "\\N{DIGIT ONE}\\x41\\u0041",
    "{{ 7 * 7 }}",
    "{% raw %}{% endraw %}",
    "{# nothing #}",
    "{text.machine}",
    "%s %(name)s ${name}",
    "\0",
    "\x1b[2J",
    "\x85\x0b\x0c\x1c",
    "\u2028\u2029",
    "\u202e\u2066\u200f",
    "\ufeff\u200b\u00ad",
    "# type: ignore\n# noqa",
    "  # pragma: no cover  ",
    "__import__('os').system('false')",
    '"; raise SystemExit; "',
    '")\nraise SystemExit\n("',
    'f"{1 / 0}"',
    "é ﬁ ß \U0001f600",
    "1፩",
    '""" ' * 83,
    "<script>alert(1)</script>",
    "*/ --> ]]>",
    "",
]


def schema_of(word: Callable[[str], str]) -> dict[str, Any]:
    """A schema with `word(place)` in every place that a text of it can have."""

    def notes(place: str) -> dict[str, Any]:
        return {
            "title": word(f"title{place}"),
            "description": word(f"description{place}"),
            "$comment": word(f"comment{place}"),
            "examples": [word(f"example{place}")],
            word(f"x-{place}"): word("unknown"),
        }

    pointer = quote(word("def").replace("~", "~0").replace("/", "~1"), safe="")
    return {
        **notes("root"),
        "type": "object",
        "properties": {
            word("text"): {**notes("text"), "type": "string", "default": word("default")},
            word("choice"): {
                **notes("choice"),
                "enum": [word("one"), word("two")],
                "default": word("one"),
            },
            word("mixed"): {**notes("mixed"), "enum": [word("one"), 1, None, [word("two")]]},
            word("constant"): {**notes("constant"), "const": word("const")},
            word("deep"): {
                **notes("deep"),
                "const": {word("key"): [word("value")]},
            },
            word("formed"): {**notes("formed"), "type": "string", "format": word("format")},
            word("like"): {
                **notes("like"),
                "type": "string",
                "pattern": f"^{MARK}",
            },
            word("map"): {
                **notes("map"),
                "type": "object",
                "default": {word("pattern"): word("value")},
                "patternProperties": {f"^{MARK}": {"type": "string", **notes("value")}},
                "additionalProperties": False,
            },
            word("list"): {
                **notes("list"),
                "type": "array",
                "items": {**notes("item"), "enum": [word("one"), word("two")]},
            },
            word("inner"): {"$ref": f"#/$defs/{pointer}", **notes("inner")},
            word("either"): {
                **notes("either"),
                "anyOf": [
                    {"$ref": f"#/$defs/{pointer}"},
                    {
                        **notes("other"),
                        "type": "object",
                        "properties": {word("tag"): {"const": word("tagged"), **notes("tag")}},
                        "required": [word("tag")],
                    },
                ],
            },
        },
        "required": [word("constant")],
        "dependentRequired": {word("like"): [word("formed")]},
        "dependentSchemas": {word("formed"): {"required": [word("text")]}},
        "$defs": {
            word("def"): {
                **notes("def"),
                "type": "object",
                "properties": {word("name"): {"type": "string", **notes("name")}},
            }
        },
        "x-presets": {word("preset"): {word("text"): word("given")}},
    }


def config_of(word: Callable[[str], str]) -> dict[str, Any]:
    """A config of that schema, with a value for every property."""
    return {
        word("text"): word("given"),
        word("choice"): word("two"),
        word("mixed"): [word("two")],
        word("constant"): word("const"),
        word("deep"): {word("key"): [word("value")]},
        word("formed"): word("any"),
        word("like"): word("pattern"),
        word("map"): {word("pattern"): word("value")},
        word("list"): [word("one"), word("one")],
        word("inner"): {word("name"): word("inner")},
        word("either"): {word("tag"): word("tagged")},
    }


def words(text: str) -> Callable[[str], str]:
    """`word` for a hostile text: it stands between and behind harmless letters."""
    return lambda place: f"{MARK}{text}{place}{text}"


def harmless_words(text: str) -> Callable[[str], str]:
    """Words in the same places, as long in the source, of which nobody fears anything."""
    word = words(text)

    def harmless(place: str) -> str:
        # A name that is no identifier either, where the hostile one is none.
        joint = "_" if word(place).isidentifier() else "-"
        # Nor one that a form can have for a model, where the hostile one is none.
        joint = joint if is_form_key(word(place)) else "."
        name = f"{MARK}{joint}{place.replace('-', '_')}"
        return name.ljust(len(literal(word(place))) - 2, "x")

    return harmless


def write_hostile(folder: Path) -> None:
    """A schema `hostile_N` of each text, and a `harmless_N` to compare."""
    for number, text in enumerate(HOSTILE):
        write_json(folder / f"hostile_{number}.json", schema_of(words(text)))
        write_json(folder / f"harmless_{number}.json", schema_of(harmless_words(text)))


#: A test of each of these schemas.
numbered = pytest.mark.parametrize(
    "number", range(len(HOSTILE)), ids=[ascii(text)[1:-1] or "empty" for text in HOSTILE]
)


def tree_of(source: str) -> ast.Module:
    """The syntax tree, without warnings (as of invalid escapes)."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return ast.parse(source)


def kinds(tree: ast.Module) -> set[str]:
    """All kinds of node there are."""
    return {type(node).__name__ for node in ast.walk(tree)}


KEYS = [
    *"a b c d f i k n o s t v w x y z".split(),
    *"at cls given loaded marks new notes object out seen self value whole".split(),
    *"class None True import async match type_ lambda print".split(),
    *"_x __secret __init__ __dict__ __extra__ __given__ __brevetti__ __class__ __x _ __".split(),
    *"2d learning-rate learning_rate learning.rate _2 _2d".split(),
    *"é ﬁ fi ª a\u0301 ñ 名前 \U0001f600 \U0001f601 - -- . $ $ref".split(),
    "",
    " ",
    "a b",
    "a\nb",
    *"_abc_impl _calculate_keys _copy_and_set_values _get_value _iter _setattr_handler".split(),
    *"model_config model_fields model_validate".split(),
    *"extra copy get_config from_config get_schema presets validate to_json".split(),
    *(name for name in dir(builtins) if name[0].islower()),
    *(name[:-1] for name in dir(Settings) if name.endswith("__")),
    *"Any Literal Settings Pattern Path Findings Notes Marks UNSET Unset TYPE_CHECKING".split(),
    *"annotations construct give config_of unknown_keys copy_json main Names Inner machine".split(),
    *"load_names save_names init_names make_names fields_names form_names check_names".split(),
    *"explanations KEYS_NAMES ATTRIBUTES_NAMES SCHEMA CLASSES flags texts names inner more".split(),
]
KEYS = list(dict.fromkeys(KEYS))
"""Names of properties that mean something to Python or to generated code."""
