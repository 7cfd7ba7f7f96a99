"""Our own lint rules: what a schema may say, but hardly means.

Keywords that a draft does not know say nothing, as the drafts want it. So nobody notices when one
is misspelled, or is of another draft; nor when a pattern can take forever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from ..patterns import PatternError, catastrophic, remarks
from ..problems import Problem
from .check import patterns_of
from .dialects import DIALECTS, Dialect
from .documents import Schema, problem_at
from .keywords import ANNOTATIONS, DRAFTS, KEYWORDS, NOTES
from .nodes import Node, SchemaDocument
from .resolve import Index

#: What other tools read beside the keywords, and what people write as a note.
_OF_OTHERS = frozenset(
    """allowComments allowTrailingCommas base comment comments completionDetail defaultSnippets
    deprecationMessage discriminator doNotSuggest enumDescriptions enumDetails enumNames enumTitles
    errorMessage example externalDocs fileMatch formatMaximum formatMinimum hint label links
    markdownDescription markdownEnumDescriptions meta name note notes nullable options
    patternErrorMessage patternRequired propertyOrder range regexp select sort suggestSortText
    switch tags transform tsEnumNames tsType typeof uniqueItemProperties units version
    xml""".split()
)
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
_SHORTEST = 4


def lint(index: Index, documents: Iterable[SchemaDocument]) -> Iterator[Problem]:
    """Warnings about `documents`; what a form says is the form's, and is passed over."""
    for document in documents:
        if isinstance(document, Schema) and document.is_form:
            continue
        for node in index.nodes(document):
            if isinstance(node.schema, dict):
                yield from _lint_keywords(node, node.schema, index)
                yield from _lint_patterns(node)


# Keywords


def _lint_keywords(node: Node, schema: Mapping[str, Any], index: Index) -> Iterator[Problem]:
    known = node.dialect.keywords
    for keyword, value in schema.items():
        message, hint = "", None
        if keyword in KEYWORDS and KEYWORDS[keyword].beside == "if":
            continue  # All that is told of it is told of the `if`.
        if keyword in known:
            if not (keyword in _BESIDE_REFERENCES or node.has(keyword)):
                message = f'"{keyword}" beside "$ref" says nothing up to draft 7'
                hint = 'make it {"allOf": [{"$ref": …}], …}, or give "$schema" of a later draft'
        elif keyword in KEYWORDS or keyword in _DRAFT_3:
            # `id` is a plain word too: `"id": 3` is somebody's note.
            is_note = keyword == "id" and not isinstance(value, str)
            if not (keyword in _IN_ALL_DRAFTS or is_note):
                message = f'"{keyword}" says nothing in {_name(node.dialect)}'
                hint = _advice(keyword, node.dialect)
        elif not _is_used(index, node, keyword) and (near := misspelled(keyword, known)):
            message = f'"{keyword}" is no keyword and says nothing'
            hint = f'did you mean "{near}"?'
        if message:
            yield problem_at(node, message, hint, at=(keyword,), warning=True)


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


@lru_cache(maxsize=10_000)
def misspelled(word: str, known: frozenset[str]) -> str | None:
    """The keyword that `word` looks like, if it looks like one and is nobody else's."""
    if word in _OF_OTHERS or word.startswith("x-") or len(word) < _SHORTEST:
        return None
    plain = _plain(word)
    by_plain = {_plain(keyword): keyword for keyword in sorted(known)}
    if plain in by_plain:
        return by_plain[plain]
    if len(plain) < _SHORTEST:
        return None
    for limit in (1, 2):
        for other, keyword in by_plain.items():
            shorter = min(len(plain), len(other))
            if shorter < _SHORTEST or abs(len(plain) - len(other)) > limit:
                continue
            # Of short words, many are neighbours; only swapped letters tell.
            if shorter == _SHORTEST and sorted(plain) != sorted(other):
                continue
            if shorter >= 8 * (limit - 1) and _distance(plain, other) <= limit:
                return keyword
    return None


def _plain(word: str) -> str:
    """`word` without signs, spaces and capitals."""
    return "".join(filter(str.isalnum, word)).lower()


def _distance(a: str, b: str) -> int:
    """How many letters were left out, added, replaced or swapped with the next one."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


# Patterns


def _lint_patterns(node: Node) -> Iterator[Problem]:
    for place, pattern in patterns_of(node):
        try:
            part, notes = catastrophic(pattern), remarks(pattern)
        except PatternError:
            continue
        if part is not None:
            message = f"the pattern {pattern!r} can take practically forever on some texts"
            hint = f"write {part!r} so that it can match a text in one way only"
            yield problem_at(node, message, hint, at=place, warning=True)
        for note in notes:
            message = f"the pattern {pattern!r}: {note.text}"
            yield problem_at(node, message, at=place, warning=True)
