"""The table of keywords agrees with the metaschemas, and is the only one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.schema.dialects import DIALECTS
from brevetti_gen.schema.keywords import (
    DRAFTS,
    EXTENSIONS,
    KEYWORDS,
    keywords_of,
    vocabularies_of,
)
from brevetti_gen.schema.metaschemas import metaschema

CODE = Path(__file__).resolve().parents[2] / "codegen" / "brevetti_gen"
MOST = 2

#: What else names several keywords, by file; anything more there, or elsewhere, is a second table.
ALLOWED = {
    # A schema that is written, not read.
    "forms/field_values.py": ["items maxItems minItems type"],
    "forms/importing.py": [
        # Which keys of a field say what a keyword of its schema does.
        "default description enum items maxLength maximum minimum readOnly title",
        "$schema properties type",
    ],
    "workbench/tools/metaschema.py": [
        "additionalProperties properties type",
        "$schema allOf definitions title",
        "additionalProperties properties required type",
        "items minItems type",
        "maxItems minItems type",
    ],
    "styles/library.py": ["$defs $schema type"],
    "styles/schema.py": [
        "properties required type",
        "anyOf const enum oneOf",
        "items prefixItems type",
    ],
    "styles/writer.py": ["examples format items oneOf pattern readOnly writeOnly"],
    # How forms are told from schemas, as docs/forms.md has it.
    "schema/recognise.py": ["$schema properties type", "default enum title"],
    # Attributes of a row of a setting, some of which are called as their keywords.
    "model/fields.py": ["deprecated description required title"],
    "compile/tables.py": ["deprecated description examples title"],
    # What may apply, in the order in which keys are told.
    "model/shapes.py": ["else if then"],
    # What types of other languages say at once: tuples, and what is open for other keys.
    "styles/coverage.py": [
        "additionalItems items maxItems minItems prefixItems",
        "additionalProperties patternProperties unevaluatedProperties",
    ],
    # What is proven of a keyword, and by which values it is tried.
    "workbench/tools/diff/premises.py": [
        "$dynamicRef $recursiveRef additionalProperties patternProperties propertyNames"
        " unevaluatedProperties",
        "anyOf dependencies dependentSchemas if oneOf",
    ],
    "workbench/tools/diff/proof_rules.py": [
        "exclusiveMaximum exclusiveMinimum maximum minimum",
        "format pattern x-python-type",
    ],
    "workbench/tools/diff/samples.py": ["exclusiveMaximum exclusiveMinimum maximum minimum"],
    "workbench/tools/diff/verdicts.py": ["maxContains maxItems minContains minItems"],
    # Schemas that are written, and those that other libraries write.
    "workbench/tools/from_class/hints.py": [
        "$ref allOf anyOf const enum if not oneOf properties",
    ],
    "workbench/tools/from_class/models.py": [
        "const default enum examples",
        "$defs patternProperties properties",
    ],
    "workbench/tools/from_class/parsers.py": [
        "$schema properties type",
        "maximum minimum type",
        "items maxItems minItems type",
    ],
    # Lists in which the same may be said twice.
    "workbench/tools/lint/fixes.py": ["anyOf enum required type"],
    # Values that are no schemas.
    "forms/exporting.py": ["const default enum"],
    # The words of other libraries for limits, and for what they do not check.
    "styles/style.py": [
        "exclusiveMaximum exclusiveMinimum maximum minimum multipleOf",
        "maxLength minLength pattern",
    ],
    "styles/losses.py": ["anyOf format oneOf required writeOnly x-python-type"],
    # The rows of `brevettiai.messages.secrets`.
    "model/secrets.py": [
        "additionalProperties items patternProperties prefixItems properties unevaluatedProperties"
    ],
    # Which keyword says what another one says too, in a sentence.
    "compile/phrases.py": ["maximum minimum required type", "const enum properties required"],
}


def _value_at(uri: str) -> Any:
    found = metaschema(uri)
    assert found is not None
    return found.value


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_draft_has_the_keywords_of_its_metaschema(draft: str) -> None:
    (dialect,) = (dialect for dialect in DIALECTS.values() if dialect.name == draft)
    schema = _value_at(dialect.uri)
    assert isinstance(schema, dict)
    parts = [schema, *(_part(dialect.uri, part) for part in schema.get("allOf", ()))]
    found = {name for part in parts for name in part.get("properties", ())}
    # Those of draft 4 and 7 forget one each; that of 2020-12 keeps what has another name now.
    forgotten, kept = {"$ref", "format", "writeOnly"}, {"$recursiveAnchor", "$recursiveRef"}
    assert found - keywords_of(draft) <= kept
    assert keywords_of(draft) - EXTENSIONS - found <= forgotten


def _part(base: str, part: dict[str, Any]) -> dict[str, Any]:
    found = _value_at(f"{base.removesuffix('schema')}{part['$ref']}")
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("draft", DRAFTS[3:])
def test_vocabularies_have_the_keywords_of_their_metaschemas(draft: str) -> None:
    (base,) = (dialect.uri for dialect in DIALECTS.values() if dialect.name == draft)
    for name, words in vocabularies_of(draft).items():
        part = _part(base, {"$ref": f"meta/{name}"})
        # The vocabularies leave out what is kept from older drafts.
        assert words - EXTENSIONS - set(part["properties"]) <= {"definitions", "dependencies"}
        assert set(part["properties"]) <= words


def test_no_other_module_has_a_table_of_keywords() -> None:
    tables: dict[str, list[str]] = {}
    for path in sorted(CODE.rglob("*.py")):
        name = path.relative_to(CODE).as_posix()
        if name != "schema/keywords.py":
            for words in tables_in(path.read_text(encoding="utf-8")):
                if words not in ALLOWED.get(name, ()):
                    tables.setdefault(name, []).append(words)
    assert tables == {}, "ask brevetti_gen.schema.keywords instead"


@pytest.mark.parametrize(
    "source",
    [
        "X = ('minimum', 'maximum', 'pattern')",
        "for k in ['minimum', 'maximum', 'pattern']: pass",
        "f({'minimum': 1, 'maximum': 2, 'pattern': 3})",
        "def f(): return 'minimum maximum pattern'.split()",
        "X = {'minimum maximum': 1, 'pattern': 2}",
    ],
)
def test_tables_are_found_however_they_are_written(source: str) -> None:
    assert list(tables_in(source)) == ["maximum minimum pattern"]


def tables_in(source: str) -> Iterator[str]:
    """The keywords in each literal collection of a source that names more than two."""
    for node in ast.walk(ast.parse(source)):
        words = {word for word in _words(node) if word in KEYWORDS}
        if len(words) > MOST:
            yield " ".join(sorted(words))


def _words(node: ast.AST) -> Iterator[str]:
    """The words in the strings of a collection, or in a string that is split into one."""
    members: list[ast.expr | None] = []
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        members = [*node.elts]
    elif isinstance(node, ast.Dict):
        members = [*node.keys]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        members = [node.func.value] if node.func.attr == "split" else []
    for member in members:
        if isinstance(member, ast.Constant) and isinstance(member.value, str):
            yield from member.value.split()
