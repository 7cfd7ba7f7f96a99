"""What a model shows to be doubtful in its schemas: what can never be given, or is never used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from brevettiai.messages.words import exactly

from ..json_values import existing_path
from ..model.build import default_of
from ..model.types import Model, Module, SettingsClass
from ..problems import Problem
from ..schema.dialects import Pointer
from ..schema.documents import Schema, problem_at
from ..schema.keywords import KEYWORDS
from ..schema.nodes import Node
from ..schema.verdicts import Judge, TooCostly

#: The most constants of one `enum` that are held against what stands beside it.
MAX_CONSTANTS = 200


def doubts(model: Model, judge: Judge) -> Iterator[Problem]:
    """Warnings about what classes and their parts are made of."""
    referred = {target for n in model.shapes.index.everywhere() for target in _elsewhere(n, model)}
    for module in model.modules:
        if isinstance(module.root.document, Schema) and module.root.document.is_form:
            continue  # which its import has told
        if module.root_class is None and module.root not in referred:
            message = "the root can be no object: it has functions that load it, and no class"
            hint = 'write "type": "object" if a settings class was meant'
            yield problem_at(module.root, message, hint, at=("type",), warning=True)
        for cls in module.classes:
            yield from _impossible(cls, model)
        yield from _idle_names(module, model)
        yield from _misfits(module, model, judge)


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
                yield problem_at(node, text, hint, at=("additionalProperties",), warning=True)
    for prop in cls.properties:
        declaring = [node for node in prop.nodes if node.pointer[-2:-1] == ("properties",)]
        is_meant = any(node.schema is False for node in shapes.applied(prop.shape))
        is_alone = len(shapes.applied(tuple(declaring))) < 2
        if prop.unconditional and not (is_meant or is_alone or shapes.admitted(declaring)):
            text = f"no value fits {prop.key!r}: its types exclude one another"
            yield problem_at(declaring[0], text, "take one of them out", warning=True)


def _idle_names(module: Module, model: Model) -> Iterator[Problem]:
    """What names a class, or presets of one, where there is none."""
    named = {cls.shape[-1] for cls in module.classes if len(cls.shape) == 1}
    for node in model.shapes.index.nodes(module.root.document):
        for keyword, used, where in (
            ("x-python-name", node in named, "at the schema of an object with properties"),
            ("x-presets", node is module.root and module.root_class, "at the root of an object"),
        ):
            if node.get(keyword) is not None and not used:
                text = f"{keyword} counts {where}; here it does nothing"
                yield problem_at(node, text, "take it out", at=(keyword,), warning=True)


def _misfits(module: Module, model: Model, judge: Judge) -> Iterator[Problem]:
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
                    doubt = problem_at(node, text, at=(*at, *existing_path(value, fault.path)))
                    yield replace(doubt, severity="warning", code=what)
