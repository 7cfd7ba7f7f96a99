"""Presets: named partial configs at the root of a schema, checked where they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from .compile.tables import settings_class
from .documents import problem_at
from .json_values import is_object
from .judge import Judge, TooCostly
from .model import Module, SettingsClass
from .problems import Problem


def check_presets(module: Module, judge: Judge) -> list[Problem]:
    """What is wrong with the `x-presets` of a module's root."""
    cls, presets = module.root_class, module.root.get("x-presets")
    if presets is None or cls is None:
        return []
    if not is_object(presets):
        message = "x-presets must be an object of partial configs by name"
        return [problem_at(module.root, message, at=("x-presets",))]
    problems: list[Problem] = []
    for name, preset in presets.items():
        if not is_object(preset):
            message = f"the preset {name!r} must be an object, a partial config"
            problems.append(problem_at(module.root, message, at=("x-presets", name)))
            continue
        for path in _misfits(cls, preset, judge):
            message = f"the preset {name!r} does not fit the schema at {'.'.join(path)}"
            problems.append(problem_at(module.root, message, at=("x-presets", name, *path)))
        for path, hint in _strangers(cls, preset):
            message = f"the preset {name!r} sets {'.'.join(path)!r}, which no property is"
            at = ("x-presets", name, *path)
            problems.append(problem_at(module.root, message, hint, at=at, warning=True))
    return problems


def preset_faults(cls: SettingsClass, preset: Any, judge: Judge) -> list[tuple[str, ...]]:
    """The paths at which a partial config does not fit `cls`."""
    return _misfits(cls, preset, judge) if is_object(preset) else [()]


def _strangers(
    cls: SettingsClass, preset: Mapping[str, Any], at: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """The paths of keys that the schema allows and does not know, each with a guess at it."""
    properties = {prop.key: prop for prop in cls.properties}
    known = {*properties, *(name for prop in cls.properties for name in prop.old_keys)}
    for key, value in preset.items():
        inner = settings_class(properties[key].type) if key in properties else None
        if inner is not None and is_object(value):
            yield from _strangers(inner, value, (*at, key))
        elif key not in known and not (cls.closed or cls.declares_extra or cls.key_patterns):
            near = get_close_matches(key, known, 1)
            yield (*at, key), f"did you mean {near[0]!r}?" if near else None


def _misfits(
    cls: SettingsClass, preset: Mapping[str, Any], judge: Judge, at: tuple[str, ...] = ()
) -> list[tuple[str, ...]]:
    """The paths of values that their own schemas refuse. What is missing does not matter."""
    properties = {prop.key: prop for prop in cls.properties}
    found: list[tuple[str, ...]] = []
    for key, value in preset.items():
        prop = properties.get(key)
        if prop is None or not prop.unconditional:
            found += [(*at, key)] if prop is None and cls.closed else []
            continue
        inner = settings_class(prop.type)
        if inner is not None and is_object(value):
            found += _misfits(inner, value, judge, (*at, key))
            continue
        try:
            fits = judge.fits(prop.nodes, value)
        except TooCostly:
            fits = False
        found += [] if fits else [(*at, key)]
    return found
