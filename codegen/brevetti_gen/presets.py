"""Presets: named partial configs at the root of a schema, checked where they are written."""

from __future__ import annotations

from collections.abc import Mapping
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
    return problems


def preset_faults(cls: SettingsClass, preset: Any, judge: Judge) -> list[tuple[str, ...]]:
    """The paths at which a partial config does not fit `cls`."""
    return _misfits(cls, preset, judge) if is_object(preset) else [()]


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
