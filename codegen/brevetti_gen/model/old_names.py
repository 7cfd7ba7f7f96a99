"""Old names of properties: `x-renamed-from`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..graphs import reached
from ..json_values import is_array
from ..problems import Problem
from ..schema.documents import problem_at
from ..schema.nodes import Node
from .types import Model, Property, SettingsClass

KEYWORD = "x-renamed-from"


def with_old_names(model: Model) -> tuple[Model, list[Problem]]:
    """The model with the old names of properties, and what is wrong with them."""
    problems: list[Problem] = []

    def with_old_keys(cls: SettingsClass) -> SettingsClass:
        owners = {prop.key: prop.key for prop in cls.properties}
        properties: list[Property] = []
        for prop in cls.properties:
            saying = [node for node in prop.nodes if node.get(KEYWORD) is not None]
            if prop.unconditional and saying:
                prop = _with_old_keys(prop, saying, owners, problems)
            properties.append(prop)
        return replace(cls, properties=tuple(properties))

    model = model.changed(with_old_keys)
    classes = model.classes.values()
    renaming = {cls.key for cls in classes if any(prop.old_keys for prop in cls.properties)}
    renaming = reached(renaming, model.containing)
    return model.changed(lambda cls: replace(cls, renames=cls.key in renaming)), problems


def _with_old_keys(
    prop: Property, nodes: list[Node], owners: dict[str, str], problems: list[Problem]
) -> Property:
    """`prop` with its old names; `owners` are the properties of the class by all names so far."""
    names: list[str] = []
    for node in nodes:
        given: Any = node.get(KEYWORD)
        listed = given if is_array(given) else [given]
        if all(isinstance(name, str) for name in listed):
            names += listed
        else:
            text = f"{KEYWORD} must be a name or a list of names"
            problems.append(problem_at(node, "old-names", text, at=(KEYWORD,)))
    names = list(dict.fromkeys(names))
    old_keys = tuple(name for name in names if name not in owners)
    for name in names:
        if name in owners:
            what = "a property too" if owners[name] == name else "taken by another property"
            text = f"the old name {name!r} of {prop.key!r} is {what}"
            hint = "take it out: old names are those that no property has"
            problems.append(problem_at(nodes[0], "old-names", text, hint, at=(KEYWORD,)))
        owners.setdefault(name, prop.key)
    return prop._replace(old_keys=old_keys)
