"""What a model shows to be doubtful in its schemas: what can never be given, or is never used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from brevettiai.json_values import lacks
from brevettiai.messages.words import exactly

from ...model.build import default_of
from ...model.names import attribute_name
from ...model.types import Model, Module, SettingsClass
from ...problems import Problem
from ...schema.dialects import Pointer
from ...schema.documents import problem_at
from ...schema.keywords import KEYWORDS, OLD_NAMES, REFERENCES
from ...schema.nodes import Node
from ...schema.verdicts import Judge, TooCostly
from .hidden import in_secrets
from .idle import idle

#: The most constants of one `enum` that are held against what stands beside it.
MAX_CONSTANTS = 200


def doubts(model: Model, judge: Judge) -> Iterator[Problem]:
    """Warnings about what classes and their parts are made of."""
    secret = in_secrets(model.shapes.index)
    for cls in model.classes.values():
        yield from _moved_attributes(cls)
        yield from _unfit_defaults(cls, judge, secret)
    yield from _idle_old_names(model)
    referring = model.shapes.index.saying(*REFERENCES)
    referred = {target for node in referring for target in _elsewhere(node, model)}
    for module in model.modules:
        if module.root.document.is_form:
            continue  # which its import has told
        if module.root_class is None and module.root not in referred:
            message = "the root can be no object: it has functions that load it, and no class"
            hint = 'write "type": "object" if a settings class was meant'
            yield problem_at(
                module.root, "root-without-class", message, hint, at=("type",), warning=True
            )
        for cls in module.classes:
            yield from _impossible(cls, model)
        yield from _idle_names(module, model)
        yield from _misfits(module, model, judge, secret)


def _moved_attributes(cls: SettingsClass) -> Iterator[Problem]:
    """Attributes that are not called as their properties are, as those names are taken."""
    for prop in cls.properties:
        wanted = attribute_name(prop.key)
        if prop.attribute != wanted:
            text = f"the attribute of {prop.key!r} is {prop.attribute}, as {wanted} is taken"
            hint = "rename one of them, if another attribute is wanted"
            yield problem_at((*prop.nodes, cls.node)[0], "attribute-name", text, hint, warning=True)


def _unfit_defaults(cls: SettingsClass, judge: Judge, secret: set[Node]) -> Iterator[Problem]:
    """Defaults that would fill, if only the schemas of their properties took them."""
    for prop in cls.properties:
        default = default_of(prop)
        if not prop.unconditional or default is None or prop.fill or prop.proposal:
            continue
        (node, value), hint = default, None
        at: Pointer = ("default",)
        try:
            found = judge.problems(prop.nodes, value)
        except TooCostly as error:
            reason = f"was not checked, as the pattern {error.pattern} can take forever"
        else:
            if not found:  # filling it would never end
                continue
            hides = prop.secret or not secret.isdisjoint(prop.nodes)
            reason = "does not fit" if hides else f"does not fit: {found[0]}"
            hint = 'take it out, or add "null" to "type"' if value is None else None
            at += existing_path(value, found[0].path)
        text = f"the default of {prop.key!r} {reason}; it is not filled in"
        yield problem_at(node, "unfit-default", text, hint, at=at, warning=True)


def _idle_old_names(model: Model) -> Iterator[Problem]:
    """Where old names are none, or those of no property."""
    heard: set[Node] = set()
    for prop in (prop for cls in model.classes.values() for prop in cls.properties):
        saying = [node for node in prop.nodes if node.get(OLD_NAMES) is not None]
        if prop.unconditional and saying:
            heard.update(saying)
            if all(node.get(OLD_NAMES) == [] for node in saying):
                text = f"{OLD_NAMES} of {prop.key!r} has no name, so it does nothing"
                yield problem_at(
                    saying[0], "idle-extension", text, "take it out", at=(OLD_NAMES,), warning=True
                )
    for node in model.shapes.index.saying(OLD_NAMES):
        if node.get(OLD_NAMES) is not None and node not in heard:
            hint = "take it out, or move it to the property that was renamed"
            yield idle(node, OLD_NAMES, "at properties that a class always has", hint)


def _elsewhere(node: Node, model: Model) -> Iterator[Node]:
    """Where `node` leads in other documents."""
    for target in model.shapes.index.referred(node):
        if target.document is not node.document:
            yield target


def _impossible(cls: SettingsClass, model: Model) -> Iterator[Problem]:
    """Properties of `cls` that no value fits."""
    shapes = model.shapes
    for node in shapes.applied(cls.shape):
        # Another schema beside this one cannot add to what it allows.
        if node.keyword("additionalProperties") is not False or node.has("patternProperties"):
            continue
        for prop in cls.properties:
            if prop.unconditional and prop.key not in node.table("properties"):
                text = f"{prop.key!r} can never be given: it is declared beside this schema"
                hint = 'write "unevaluatedProperties": false around all, or declare it here too'
                yield problem_at(
                    node, "never-allowed", text, hint, at=("additionalProperties",), warning=True
                )
    for prop in cls.properties:
        declaring = [node for node in prop.nodes if node.pointer[-2:-1] == ("properties",)]
        is_meant = any(node.schema is False for node in shapes.applied(prop.shape))
        is_alone = len(shapes.applied(tuple(declaring))) < 2
        if prop.unconditional and not (is_meant or is_alone or shapes.admitted(declaring)):
            text = f"no value fits {prop.key!r}: its types exclude one another"
            yield problem_at(
                declaring[0], "no-value-fits", text, "take one of them out", warning=True
            )


def _idle_names(module: Module, model: Model) -> Iterator[Problem]:
    """What names a class, or presets of one, where there is none."""
    named = {cls.shape[-1] for cls in module.classes if len(cls.shape) == 1}
    for node in model.shapes.index.nodes(module.root.document):
        if node.said.keys().isdisjoint(("x-python-name", "x-presets")):
            continue
        for keyword, used, where in (
            ("x-python-name", node in named, "at the schema of an object with properties"),
            ("x-presets", node is module.root and module.root_class, "at the root of an object"),
        ):
            if node.get(keyword) is not None and not used:
                yield idle(node, keyword, where)


def _misfits(module: Module, model: Model, judge: Judge, secret: set[Node]) -> Iterator[Problem]:
    """Constants and defaults that their own schema refuses, but for those that would fill."""
    filling = [default_of(p) for c in module.classes for p in c.properties if p.unconditional]
    told = {found[0] for found in filling if found is not None}
    for node in model.shapes.index.nodes(module.root.document):
        if not isinstance(node.schema, dict):
            continue
        values: list[tuple[str, Pointer, Any]] = []
        if "default" in node.schema and node not in told:
            values.append(("default", ("default",), node.schema["default"]))
        # What `type` says of constants is told where they stand.
        constants = node.keyword("enum") or ()
        if len(constants) <= MAX_CONSTANTS and any(
            KEYWORDS[k].kind != "any" for k in node.keywords
        ):
            values += [("constant", ("enum", n), v) for n, v in enumerate(constants)]
        for what, at, value in values:
            with suppress(TooCostly):
                for fault in judge.problems([node], value)[:1]:
                    text = f"the {what} {exactly(value)} does not fit: {fault}"
                    if node in secret:
                        text = f"the {what} does not fit"
                    at = (*at, *existing_path(value, fault.path))
                    yield problem_at(node, f"unfit-{what}", text, at=at, warning=True)


def existing_path(value: Any, path: Pointer) -> Pointer:
    """As much of `path` as there is in `value`.

    >>> existing_path({"a": [{}]}, ("a", 0, "b"))
    ('a', 0)
    """
    for depth, step in enumerate(path):
        if lacks(value, step):
            return path[:depth]
        value = value[step]
    return path
