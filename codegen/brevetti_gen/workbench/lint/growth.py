"""What schemas say of configs of older versions, where that cannot be, or does nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from brevettiai.messages.words import exactly

from ...json_values import is_array, is_number, is_object
from ...model.types import OBJECTS, Model, Property, SettingsClass, UnionType, types_in
from ...problems import Problem
from ...schema.documents import problem_at
from ...schema.keywords import OLD_NAMES, OLD_VALUES, REMOVED, VERSION
from ...schema.nodes import Node
from ...schema.recognise import VERSION_KEY
from ...schema.verdicts import Judge, TooCostly
from .hidden import in_secrets
from .idle import idle
from .old_configs import Move, declared, moves, old_values, removed, says_anything

_RATIO = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?(/[0-9]{1,20}(\.[0-9]{1,20})?)?")


# What the keywords may hold


def growth_faults(node: Node) -> Iterator[Problem]:
    """Values of our keywords that are none, which stop the run."""
    for keyword, (rule, is_fine, wanted, hint) in WANTED.items():
        given = node.get(keyword)
        if given is not None and not is_fine(given):
            text = f"{keyword} must be {wanted} (got {exactly(given)})"
            yield problem_at(node, rule, text, hint, at=(keyword,))


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and ("." not in value or all(value.removeprefix(".").split(".")))


def _is_entry(value: Any) -> bool:
    if not is_object(value):
        return _is_name(value)
    is_known = value.keys() <= {"name", "scale"}
    return is_known and _is_name(value.get("name")) and _is_scale(value.get("scale", 1))


def _is_scale(value: Any) -> bool:
    if isinstance(value, str):
        return _RATIO.fullmatch(value) is not None and not re.search("(^-?|/)[0.]+($|/)", value)
    return is_number(value) and value != 0


def _are_entries(value: Any) -> bool:
    return all(map(_is_entry, value if is_array(value) else [value]))


def _are_removed(value: Any) -> bool:
    names = value if is_array(value) or is_object(value) else [None]
    words = value.values() if is_object(value) else ()
    return all(map(_is_name, names)) and all(isinstance(word, str) for word in words)


def _are_values(value: Any) -> bool:
    is_list = is_array(value) and all(is_array(pair) and len(pair) == 2 for pair in value)
    return is_list or is_object(value)


WANTED: dict[str, tuple[str, Callable[[Any], bool], str, str]] = {
    OLD_NAMES: (
        "old-names",
        _are_entries,
        "a name or a list of names",
        'a place further out is "section.name", or ".name" at the root; {"name": …, "scale": 0.01} '
        "says what its values are multiplied by",
    ),
    REMOVED: (
        "old-names",
        _are_removed,
        "a list of names, or an object of texts by name",
        'write {"old_name": "it was never used"}',
    ),
    OLD_VALUES: (
        "old-values",
        _are_values,
        "an object of new values by the old ones",
        'write {"old": "new"}, or [[old, new], …] for values that are no texts',
    ),
    VERSION: (
        "version",
        lambda value: type(value) is int and value > 0,
        "a whole number, at least 1",
        "raise it whenever configs of the version before are not configs of this one",
    ),
    "x-deprecated": (
        "deprecation",
        lambda value: isinstance(value, str) and value.strip() != "",
        "a text",
        "say what to do instead",
    ),
}


# What there is in the model


def check_growth(model: Model, judge: Judge) -> Iterator[Problem]:
    """Old names that are names of today, old values that are values of today, and idle words."""
    if not says_anything(model):
        return
    taken: dict[tuple[int, tuple[str, ...]], str] = {}
    for move in moves(model):
        if said := _about_move(model, move, taken):
            hint = "take it out: old names are those that no property has"
            if move.owner is None:
                hint = "only what lies below the root over objects, at one place, has such names"
            yield problem_at(move.node, "old-names", said, hint, at=(OLD_NAMES,))
    heard, secret = set[Node](), in_secrets(model.shapes.index)
    for cls in model.classes.values():
        heard.update(model.shapes.applied(cls.shape))
        yield from _about_removed(model, cls, taken)
        for prop in (prop for prop in cls.properties if prop.unconditional):
            for found in old_values(model.shapes, prop.nodes):
                heard.add(found.node)
                yield from _about_values(prop, found.pairs, found.shape, found.node, judge, secret)
    yield from _idle(model, heard)
    for module in model.modules:
        version, root = module.root.get(VERSION), module.root_class
        if version is not None and root is not None:
            shape = next((prop.nodes for prop in root.properties if prop.key == VERSION_KEY), None)
            if shape is None or judge.problems(shape, version):
                text = 'x-version is none that configs can say in "$version"'
                hint = 'put a "$ref" beside it into "allOf"' if shape is None else "declare it so"
                yield problem_at(module.root, "version", text, hint, at=(VERSION,))


def _about_move(model: Model, move: Move, taken: dict[tuple[int, tuple[str, ...]], str]) -> str:
    """Why an old place can be none; "" where it can."""
    name, new = ".".join(move.old), ".".join(move.new)
    if move.owner is None:
        return f"the old place {name!r} of {new!r} is read from the root, which leads there by " + (
            "no way or several"
        )
    cls = model.classes[move.owner]
    leading = declared(model, cls, move.old)
    other = taken.setdefault((cls.key, move.old), new)
    if len(leading) == len(move.old):
        return f"the old name {name!r} of {new!r} is a property too"
    if leading and _holds_any_keys(model, leading[-1]):
        return f"the old name {name!r} of {new!r} may be a key of {leading[-1].key!r} today"
    # Of a dotted name the place that it means is heard of too.
    is_taken = other != new and "." not in move.old[0]
    return f"the old name {name!r} of {new!r} is taken by another property" if is_taken else ""


def _holds_any_keys(model: Model, prop: Property) -> bool:
    if any(
        node.keyword("additionalProperties") is False for node in model.shapes.applied(prop.shape)
    ):
        return False  # an object without properties
    kinds = types_in(prop.type) if isinstance(prop.type, UnionType) else [prop.type]
    return model.settings_class(prop.type) is None and any(isinstance(k, OBJECTS) for k in kinds)


def _about_removed(
    model: Model, cls: SettingsClass, taken: dict[tuple[int, tuple[str, ...]], str]
) -> Iterator[Problem]:
    for name in removed(model.shapes, cls):
        keys = tuple(name.split("."))
        is_there = any(len(declared(model, cls, each)) == len(each) for each in (keys, (name,)))
        what = "a property" if is_there else "an old name"
        if is_there or (cls.key, keys) in taken or (cls.key, (name,)) in taken:
            text, hint = f"the removed name {name!r} is {what} too", "take it out of one of them"
            node = next(
                n for n in model.shapes.applied(cls.shape) if name in (n.get(REMOVED) or ())
            )
            yield problem_at(node, "old-names", text, hint, at=(REMOVED,))


def _about_values(
    prop: Property, pairs: Any, shape: tuple[Node, ...], node: Node, judge: Judge, secret: set[Node]
) -> Iterator[Problem]:
    is_hidden = prop.secret or node in secret
    for old, new in pairs:
        text, hint = "", None
        one, other = (f" {exactly(value)}" * (not is_hidden) for value in (old, new))
        with suppress(TooCostly):
            if not judge.problems(shape, old):
                text = f"the old value{one} of {prop.key!r} is a value of today too"
                hint = "take it out, or the value itself"
            elif faults := judge.problems(shape, new):
                text = f"the new value{other} of {prop.key!r} does not fit"
                text += "" if is_hidden else f": {faults[0]}"
        if text:
            yield problem_at(node, "old-values", text, hint, at=(OLD_VALUES,))


def _idle(model: Model, heard: set[Node]) -> Iterator[Problem]:
    roots = {module.root for module in model.modules if module.root_class is not None}
    places = {
        REMOVED: "at the schema of an object with properties",
        OLD_VALUES: "at properties that a class always has, and what their lists and maps hold",
        VERSION: "at the root of an object",
    }
    for node in model.shapes.index.everywhere():
        for keyword, where in places.items():
            counts = node in (roots if keyword == VERSION else heard)
            if node.get(keyword) is not None and not counts:
                yield idle(node, keyword, where)
