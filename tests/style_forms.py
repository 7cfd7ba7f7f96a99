"""Whole forms of one schema in two styles of classes, compared.

What a style cannot know of a setting is taken out of the rows of the property table, on both
sides, by the rules of `without_unknown`; all else of the forms has to be the same.
"""

from __future__ import annotations

import copy
import json
from itertools import zip_longest
from typing import Any

from brevettiai.adapters import SettingsAdapter
from brevettiai.compiled import Field
from brevettiai.form.documents import form_fields, form_presets
from brevettiai.form.fields import ClassForm
from brevettiai.form.models import form_of_rows
from brevettiai.messages.structure import content_of, keys_of

Rows = dict[str, Field]
Forms = dict[Any, ClassForm]


def assert_same_form(style: str, plain: Any, adapter: SettingsAdapter) -> None:
    """Assert that the form of a class in another style is that of our own class."""
    ours, theirs = _twins(style, plain, adapter.facts)
    mine = form_fields(ours[plain])
    others = form_fields(theirs[adapter.facts])
    different = [pair for pair in zip_longest(mine, others) if pair[0] != pair[1]]
    assert not different, different[:3]
    if style != "typeddict":  # which has no place for presets
        presets = form_presets(theirs[adapter.facts], adapter.presets(), None)
        expected = form_presets(ours[plain], plain.presets(), None)
        assert presets == expected, (presets, expected)


def without_unknown(style: str, ours: Field, theirs: Field) -> None:
    """Take out of two rows of the same setting what classes of a style cannot know of it."""
    for row in (ours, theirs):
        row.x_form = {}  # docs/styles.md: what an imported form says beyond JSON Schema
        row.proposal = None  # what must be given has no default in other libraries
        row.description = " ".join(row.description.split())  # docstrings are wrapped
    contents = (_by_keys(content_of(row)) for row in (ours, theirs))
    ours.content, theirs.content = _known_content(style, *contents)
    if style == "typeddict":
        # It has types, choices, and which keys are required; all else is in comments.
        for row in (ours, theirs):
            row.title = row.description = row.format = ""
            row.default, row.examples, row.limits, row.patterns = None, (), {}, ()
            row.choice_names = row.item_names = ()
            row.deprecated = row.read_only = row.secret = False
            # Without the keywords that refuse `{}`, more objects are there without being given.
            row.filled = theirs.filled
    if style == "msgspec":
        ours.patterns = theirs.patterns = ()  # which it writes in Python's syntax
        if any(isinstance(each, bool) for each in ours.choices):
            ours.choices = theirs.choices = ()  # it has no hint for one Boolean
            ours.content = theirs.content
    if len(ours.choices) > MOST_CHOICES:
        ours.choices = ()
    if ours.nullable and not (ours.choices or ours.limits or ours.patterns or ours.format):
        # A hint says of `anyOf: [X, null]` what X is; the property itself does not.
        theirs.choices, theirs.limits, theirs.patterns, theirs.format = (), {}, (), ""
    if ours.default and theirs.default and ours.cls is None:
        # An object of a class has its own defaults too, in whichever place it is a default.
        mine, other = json.loads(ours.default), json.loads(theirs.default)
        theirs.default = json.dumps(_part_in(mine, other))


#: Of more constants no type hint is made.
MOST_CHOICES = 200


def _part_in(mine: Any, other: Any) -> Any:
    """What of a value has the keys of another one."""
    if isinstance(mine, dict) and isinstance(other, dict):
        return {key: _part_in(mine[key], other[key]) for key in mine if key in other}
    if isinstance(mine, list) and isinstance(other, list) and len(mine) == len(other):
        return [_part_in(each, twin) for each, twin in zip(mine, other, strict=True)]
    return other


def _known_content(style: str, ours: Any, theirs: Any) -> tuple[Any, Any]:
    """The contents of JSON text, without what the hints of a style cannot say."""
    if style == "msgspec" and (_has_several(ours) or _has_several(theirs)):
        # Objects without a tag are dicts, Booleans no constants, and it has its own order.
        return _types_of(ours), _types_of(theirs)
    if isinstance(ours, str) or isinstance(theirs, str):
        return ours, theirs
    if style == "typeddict" and ours[0] == theirs[0] == "or":
        # Equal unions are one to `NotRequired[…]`, which keeps the order of whichever came first.
        ours, theirs = (("or", *sorted(each[1:], key=repr)) for each in (ours, theirs))
    if ours[0] == "tuple" and theirs[0] == "list":
        return ("list", "any"), ("list", "any")  # only lists of a fixed size have such hints
    if ours[0] == theirs[0] in ("list", "tuple", "map", "or") and len(ours) == len(theirs):
        pairs = [_known_content(style, *pair) for pair in zip(ours[1:], theirs[1:], strict=True)]
        return (ours[0], *(one for one, _ in pairs)), (theirs[0], *(other for _, other in pairs))
    if style == "msgspec" and ours[0] == theirs[0] == "object" and len(ours) == len(theirs):
        return ("object", *sorted(ours[1:])), ("object", *sorted(theirs[1:]))  # a tag comes first
    return ours, theirs


def _by_keys(content: Any) -> Any:
    """A content with the keys of its classes instead of them."""
    if isinstance(content, type):
        return ("object", *keys_of(content))
    is_leaf = isinstance(content, str) or content[0] in ("one of", "object")
    return content if is_leaf else (content[0], *map(_by_keys, content[1:]))


def _has_several(content: Any) -> bool:
    return not isinstance(content, str) and (content[0] in ("or", "one of") or len(content) == 1)


def _types_of(content: Any) -> Any:
    """The JSON types that a content has at its top."""
    if isinstance(content, str):
        return ("or", content)
    kind, *parts = content
    if kind == "or":
        return ("or", *sorted({each for part in parts for each in _types_of(part)[1:]}, key=str))
    if kind == "one of":
        names = {str: "string", bool: "boolean", int: "integer", type(None): "null"}
        return ("or", *sorted({names[type(value)] for value in parts}))
    return ("or", ("list", "any") if kind in ("list", "tuple") else ("map", "any"))


def _twins(style: str, plain: Any, other: Any) -> tuple[Forms, Forms]:
    """The forms of all classes inside two, without what the style cannot know."""
    ours: Forms = {}
    theirs: Forms = {}
    ahead: list[tuple[Any, Any]] = [(plain, other)]
    while ahead:
        cls, twin = ahead.pop()
        if cls in ours and twin in theirs:
            continue
        mine, others = _copies(cls), _copies(twin)
        tag = next((key for key in others if list(others).index(key) != list(mine).index(key)), "")
        if style == "msgspec" and tag:
            # The constant by which it tells structs apart comes first, and has no texts.
            mine = {tag: mine[tag], **mine}
            mine[tag].title = mine[tag].description = ""
        assert list(others) == list(mine)
        for key, row in mine.items():
            without_unknown(style, row, others[key])
            if row.cls is not None and others[key].cls is not None:
                ahead.append((row.cls, others[key].cls))
        ours[cls] = form_of_rows(mine.values(), {}, ours.__getitem__)
        theirs[twin] = form_of_rows(others.values(), {}, theirs.__getitem__)
    return ours, theirs


def _copies(cls: Any) -> Rows:
    return {row.key: copy.copy(row) for row in cls.__brevetti__.fields()}
