"""Our own lint rules: what a schema may say, but hardly means.

Keywords that a draft does not know say nothing, as the drafts want it. So nobody notices when one
is misspelled, or is of another draft; nor when what is required is declared nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from brevettiai.json_values import json_equal
from brevettiai.messages.words import PYTHON_TYPES, close_match, exactly

from ...json_values import is_object
from ...patterns import PatternError, remarks, translate
from ...problems import Problem
from ...schema.dialects import DIALECTS, Dialect
from ...schema.documents import problem_at
from ...schema.keywords import ANNOTATIONS, DRAFTS, EXTENSIONS, KEYWORDS, NOTES, TYPES
from ...schema.nodes import Node
from ...schema.resolution import Resolved
from ...schema.resolve import Index
from .contradictions import OF_FORMATS, contradictions, kinds_of
from .declared import Declared
from .faults import faults_in
from .growth import WANTED as GROWTH
from .growth import growth_faults
from .hidden import in_secrets
from .ignores import KEYWORD as IGNORES
from .ignores import faults_of_ignores
from .slow_patterns import PATTERNS, patterns_of
from .spelling import advice
from .ways import check_in_place

#: Notes for people and editors, which count whatever the draft; and names for later use.
_IN_ALL_DRAFTS = NOTES | {"$defs", "$vocabulary"}
#: What beside a `$ref` counts in every draft, or asserts nothing.
_BESIDE_REFERENCES = ANNOTATIONS | {"$ref", "format"}
#: The keywords of draft 3, which we do not read, and what they are called now.
_DRAFT_3 = {
    "disallow": 'write "not"',
    "divisibleBy": 'it is "multipleOf" from draft 4 on',
    "extends": 'write "allOf"',
}


def lint(known: Resolved) -> Iterator[Problem]:
    """Why schemas are unsound, and warnings; what a form says is the form's, and is passed over.

    Of documents with faults, nothing is told that depends on values.
    """
    index, declared = known.index, Declared(known.index)
    for start in known.unsound:
        yield from faults_in(start, index)
    yield from () if known.unsound else check_in_place(index)
    unsound = {start.document for start in known.unsound}
    for node, said in index.respelled.items():
        message = f"$schema {said!r} is taken for {node.dialect.canonical!r}"
        yield problem_at(
            node, "dialect-spelling", message, "write it so", at=("$schema",), warning=True
        )
    for node in index.saying("x-python-type", *GROWTH, *PATTERNS, IGNORES):
        yield from _lint_python_types(node)
        yield from growth_faults(node)
        yield from _unusable_patterns(node)
        yield from faults_of_ignores(node)
    secret = in_secrets(index)
    for document in (root.document for root in known.roots.values()):
        if document.is_form:
            continue
        for node in index.nodes(document):
            if not isinstance(node.schema, dict):
                continue
            yield from _lint_keywords(node, node.schema, index)
            yield from _lint_patterns(node)
            if document in unsound:
                continue
            for code, message, at, hint in (
                *contradictions(node, hides=node in secret),
                *declared.unknown_names(node),
            ):
                yield problem_at(node, code, message, hint, at=at, warning=True)


# Keywords


def _lint_keywords(node: Node, schema: Mapping[str, Any], index: Index) -> Iterator[Problem]:
    known = node.dialect.keywords
    for keyword, value in schema.items():
        code, message, hint = "unknown-keyword", "", None
        if keyword in KEYWORDS and KEYWORDS[keyword].beside == "if":
            continue  # All that is told of it is told of the `if`.
        if keyword in known:
            if not (keyword in _BESIDE_REFERENCES or node.has(keyword)) and not any(
                json_equal(target.get(keyword), value) for target in index.referred(node)
            ):
                code = "beside-reference"
                message = f'"{keyword}" beside "$ref" says nothing up to draft 7'
                hint = 'make it {"allOf": [{"$ref": …}], …}, or give "$schema" of a later draft'
        elif keyword in KEYWORDS or keyword in _DRAFT_3:
            # `id` is a plain word too: `"id": 3` is somebody's note.
            is_note = keyword == "id" and not isinstance(value, str)
            if not (keyword in _IN_ALL_DRAFTS or is_note):
                code = "other-draft"
                message = f'"{keyword}" says nothing in {_name(node.dialect)}'
                hint = _advice(keyword, node.dialect)
        elif keyword not in EXTENSIONS and not _is_used(index, node, keyword):
            hint = advice(keyword, known, kinds_of(node)) or _misplaced(value)
            # That null is allowed, or not, may be said twice.
            has_null = node.has("type") and "null" in kinds_of(node)
            is_said = keyword == "nullable" and value is has_null
            message = f'"{keyword}" is no keyword and says nothing' if hint and not is_said else ""
        if message:
            yield problem_at(node, code, message, hint, at=(keyword,), warning=True)


def _misplaced(value: Any) -> str | None:
    """What to do with the schema of a property that stands among the keywords."""
    is_schema = is_object(value) and "type" in value and str(value["type"]) in TYPES
    return 'properties go under "properties"' if is_schema else None


def _name(dialect: Dialect) -> str:
    if dialect.uri not in DIALECTS:
        return f"the dialect {dialect.uri}"
    return dialect.name.replace("draft-0", "draft ")


def _advice(keyword: str, dialect: Dialect) -> str | None:
    if dialect.uri not in DIALECTS:
        return "its metaschema leaves out the vocabulary that has it"
    if keyword in _DRAFT_3:
        return _DRAFT_3[keyword]
    known = KEYWORDS[keyword]
    if known.instead:
        return known.instead
    first, last = (known.drafts[place].replace("draft-0", "draft ") for place in (0, -1))
    return f"it is of {first} and later" if last == DRAFTS[-1] else f"it is of {first} to {last}"


def _is_used(index: Index, node: Node, keyword: str) -> bool:
    """Whether references lead into what stands under `keyword`: then it is meant as it is."""
    place = (*node.pointer, keyword)
    starts = (start.pointer for start in index.starts if start.document is node.document)
    return any(pointer[: len(place)] == place for pointer in starts)


# Types of Python


def _lint_python_types(node: Node) -> Iterator[Problem]:
    """Types that are none, which stop the run: nobody could load the texts."""
    name = node.keyword("x-python-type")
    if node.has("x-python-type") and not (isinstance(name, str) and name in PYTHON_TYPES):
        hint = f"there are {', '.join(PYTHON_TYPES)}"
        if near := isinstance(name, str) and (
            OF_FORMATS.get(name) or close_match(name, PYTHON_TYPES)
        ):
            hint = f'did you mean "{near}"?'
        text = f"x-python-type must be the name of a type (got {exactly(name)})"
        yield problem_at(node, "python-type", text, hint, at=("x-python-type",))


# Patterns


def _unusable_patterns(node: Node) -> Iterator[Problem]:
    for place, pattern in patterns_of(node):
        try:
            translate(pattern)
        except PatternError as error:
            text = f"the pattern {pattern!r} cannot be used: {error}"
            yield problem_at(node, "unusable-pattern", text, at=place)


def _lint_patterns(node: Node) -> Iterator[Problem]:
    for place, pattern in patterns_of(node):
        try:
            notes = remarks(pattern)
        except PatternError:
            continue
        for note in notes:
            message = f"the pattern {pattern!r}: {note.text}"
            hint = "write what is meant, without a backslash where none is needed"
            yield problem_at(node, "doubtful-pattern", message, hint, at=place, warning=True)
