"""Alternatives to which no value comes, or of which several take the same; what lint alone tells.

Only what is certain is told: an alternative is told to be idle if no value at all can come to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from brevettiai.json_values import identity, json_equal
from brevettiai.messages.words import ARTICLES, either

from ...model.build import default_of
from ...model.shapes import ALL_TYPES, Shapes, told
from ...model.types import Model, SettingsClass
from ...problems import Problem
from ...schema.dialects import Pointer
from ...schema.documents import problem_at
from ...schema.nodes import Node
from ...schema.verdicts import Judge, TooCostly
from .hidden import constant_text, in_secrets

#: The most constants of one alternative that are held against the others.
_MAX_CONSTANTS = 50
#: The most questions whether one of the constants of a `oneOf` fits an alternative.
_MAX_TRIALS = 10_000
_WHOLE = 'write "anyOf", or make one of them exclude what the other takes'


def doubtful_branches(model: Model, judge: Judge) -> Iterator[Problem]:
    """Warnings about alternatives, and about properties that they or `required` contradict."""
    shapes = model.shapes
    for module in model.modules:
        document = module.root.document
        if document.is_form:
            continue
        for node in shapes.index.nodes(document):
            for keyword in filter(node.has, ("anyOf", "oneOf")):
                yield from _of_alternatives(node, keyword, shapes, judge)
            yield from _of_condition(node, shapes)
        for cls in module.classes:
            yield from _declared_differently(cls, shapes)
            yield from _required_defaults(cls)


def _of_alternatives(node: Node, keyword: str, shapes: Shapes, judge: Judge) -> Iterator[Problem]:
    branches = shapes.index.parts(node, keyword)
    bare = {branch: shapes.admitted([branch]) for branch in branches if _is_bare(branch, shapes)}
    # What takes all of some types, by these: no alternative is held against all the others.
    takers = Counter(bare.values() if keyword == "oneOf" else ())
    hidden = False
    for place, branch in enumerate(branches):
        own, admitted = bare.get(branch), shapes.admitted([branch])
        is_taken = any(
            admitted <= types and (keyword == "anyOf" or count > (types == own))
            for types, count in takers.items()
        )
        if own is not None and keyword == "anyOf":
            takers[own] += 1
        if not isinstance(branch.schema, dict):
            continue
        if why := _excluded(node, branch, shapes):
            text = f"no value comes to this alternative: {why}"
            hint = "take it out, or let what stands around it allow its values"
            yield _told(node, "unreachable-branch", text, (keyword, place), hint)
            continue
        if not is_taken:
            continue
        if keyword == "oneOf" and not (hidden or own is not None):
            hidden = True
            text = 'whatever fits this alternative fits another one too, so "oneOf" refuses it'
            yield _told(node, "overlap", text, (keyword, place), _WHOLE)
        elif keyword == "anyOf" and shapes.has_properties(shapes.normal([branch])):
            text = "no object comes to this alternative: one before it takes all"
            yield _told(node, "unreachable-branch", text, (keyword, place), "move it to the front")
    if keyword == "oneOf" and not hidden:
        yield from _common_constants(node, branches, shapes, judge)


def _excluded(node: Node, branch: Node, shapes: Shapes) -> str:
    """Why what stands in `node` itself leaves no value for a schema inside it, if it does so."""
    own, admitted = shapes.declared_types(node), shapes.admitted([branch])
    if admitted and own.isdisjoint(admitted):
        return f"it is for {_words(admitted)}, and what stands around it for {_words(own)}"
    if node.pointer and not own & admitted <= {"object"}:
        return ""  # other values have no properties; a root is an object
    table, shape = node.table("properties"), shapes.normal([branch])
    for key in shapes.required(shape) & table.keys():
        outer = shapes.constants(shapes.normal([shapes.index.child(node, "properties", key)]))
        inner = shapes.constants(shapes.normal(shapes.applying(shape, key)))
        if outer and inner and not any(json_equal(a, b) for a in outer for b in inner):
            hides = shapes.index.child(node, "properties", key) in in_secrets(shapes.index)
            shown = constant_text(inner[0], hides=hides)
            return f"{key!r} is {shown} in it, which its declaration does not allow"
    return ""


def _is_bare(node: Node, shapes: Shapes) -> bool:
    """Whether a schema says nothing but which types it takes."""
    if node.schema is False or node.has("format"):
        return False
    parts = shapes.normal([node])
    return all(set(shapes.asserting(n)) <= {"type"} and not n.has("format") for n in parts)


def _common_constants(
    node: Node, branches: list[Node], shapes: Shapes, judge: Judge
) -> Iterator[Problem]:
    """The first constant of an alternative of `oneOf` that fits another one too."""
    found = [shapes.constants(shapes.normal([branch])) for branch in branches]
    others = [branch for branch, values in zip(branches, found, strict=True) if values is None]
    holders: dict[Any, list[Node]] = {}
    for branch, values in zip(branches, found, strict=True):
        for key in {identity(value) for value in values or ()}:
            holders.setdefault(key, []).append(branch)
    tried = 0
    for place, (branch, values) in enumerate(zip(branches, found, strict=True)):
        for value in (values or ())[:_MAX_CONSTANTS]:
            rivals = [*holders[identity(value)], *others]
            if len(rivals) == 1:
                continue
            tried += len(rivals)
            if tried > _MAX_TRIALS:
                return
            with suppress(TooCostly):
                if sum(judge.fits([other], value) for other in rivals) > 1 and judge.fits(
                    [branch], value
                ):
                    shown = constant_text(value, hides=branch in in_secrets(shapes.index))
                    text = f'{shown} fits two alternatives of "oneOf", so it is refused'
                    yield _told(node, "overlap", text, ("oneOf", place), _WHOLE)
                    return


def _of_condition(node: Node, shapes: Shapes) -> Iterator[Problem]:
    """A `then` or `else` that never applies."""
    condition = next(iter(shapes.index.parts(node, "if")), None)
    if condition is None or not isinstance(condition.schema, dict):
        return
    if node.has("then") and (why := _excluded(node, condition, shapes)):
        text = f'"then" never applies, as nothing fits "if": {why}'
        yield _told(node, "unreachable-branch", text, ("then",), 'mend "if", or take it out')
    fits = _is_bare(condition, shapes) and shapes.admitted([condition])
    if node.has("else") and fits and shapes.declared_types(node) <= fits:
        text = '"else" never applies, as everything fits "if"'
        yield _told(node, "unreachable-branch", text, ("else",), 'mend "if", or take it out')


def _declared_differently(cls: SettingsClass, shapes: Shapes) -> Iterator[Problem]:
    """Properties to which alternatives of one class give types that exclude one another."""
    for choice in shapes.alternatives(cls.shape):
        seen: dict[str, tuple[Node, frozenset[str]]] = {}
        for branch in choice.branches:
            for key, nodes in shapes.declared(branch).items():
                types = shapes.admitted(shapes.normal(nodes))
                if types in (ALL_TYPES, frozenset(), frozenset(["null"])):
                    continue
                _, others = seen.setdefault(key, (nodes[0], types))
                if types.isdisjoint(others):
                    text = f"{key!r} is {_words(types)} here, and {_words(others)} in another "
                    text += f'alternative of "{choice.keyword}"'
                    hint = "give it one type, or two names"
                    yield _told(nodes[0], "declared-differently", text, (), hint)


def _required_defaults(cls: SettingsClass) -> Iterator[Problem]:
    """Defaults that fill nothing, as who gives a config has to give the property."""
    for prop in cls.properties:
        default = default_of(prop) if prop.required and prop.unconditional else None
        if default is None or default[0] not in prop.nodes:
            continue
        around = [n for n in cls.shape if prop.key in (n.keyword("required") or ())]
        if any(node.table("properties").get(prop.key) is default[0].schema for node in around):
            text = f"{prop.key!r} is required, so its default fills nothing; only forms propose it"
            hint = 'take its name out of "required", or the default out'
            yield _told(default[0], "required-default", text, ("default",), hint)


def _told(node: Node, rule: str, text: str, at: Pointer, hint: str) -> Problem:
    return problem_at(node, rule, text, hint, at=at, warning=True)


def _words(types: frozenset[str]) -> str:
    return either(ARTICLES[kind] for kind in told(types))
