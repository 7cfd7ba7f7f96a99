"""Presets: named partial configs at the root of a schema, checked where they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from brevettiai.errors import Problem as ValueProblem
from brevettiai.messages.secrets import HIDDEN
from brevettiai.messages.words import did_you_mean, guess, shown

from ...json_values import is_object
from ...model.types import Model, Module, SettingsClass
from ...problems import Problem
from ...schema.documents import problem_at
from ...schema.verdicts import Judge, TooCostly
from .doubts import existing_path
from .hidden import in_secrets


def check_presets(model: Model, judge: Judge) -> list[Problem]:
    """What is wrong with the `x-presets` of all roots."""
    return [problem for m in model.modules for problem in _problems(m, model, judge)]


def _problems(module: Module, model: Model, judge: Judge) -> list[Problem]:
    cls, presets = module.root_class, module.root.get("x-presets")
    if presets is None or cls is None:
        return []
    if not is_object(presets):
        message = "x-presets must be an object of partial configs by name"
        hint = 'such as {"fast": {"epochs": 1}}'
        return [problem_at(module.root, "preset", message, hint, at=("x-presets",))]
    problems: list[Problem] = []
    for name, preset in presets.items():
        if not is_object(preset):
            message = f"the preset {name!r} must be an object, a partial config"
            problems.append(problem_at(module.root, "preset", message, at=("x-presets", name)))
            continue
        wrong = list(misfits(cls, model, preset, judge))
        for fault in wrong:
            message = f"the preset {name!r} does not fit: {fault}"
            at = ("x-presets", name, *existing_path(preset, fault.path))
            problems.append(problem_at(module.root, "preset", message, at=at))
        for path, hint in _strangers(cls, model, preset):
            message = f"the preset {name!r} sets {'.'.join(path)!r}, which no property is"
            at = ("x-presets", name, *path)
            problems.append(
                problem_at(module.root, "preset-key", message, hint, at=at, warning=True)
            )
        for fault in [] if wrong else _faults(cls, model, preset, judge):
            message = f"the preset {name!r} does not fit as a whole: {fault}"
            at = ("x-presets", name, *existing_path(preset, fault.path))
            problems.append(problem_at(module.root, "preset", message, at=at))
    return problems


def _faults(
    cls: SettingsClass, model: Model, preset: Mapping[str, Any], judge: Judge
) -> list[ValueProblem]:
    """What is wrong with `preset` as a whole, as far as its own values decide about it.

    It is judged alone, and with defaults for what it leaves out.

    Where something is left out that is required, whoever takes the preset gives it, and
    nothing can be said yet. Neither is it told what is wrong with an empty config already.
    """
    for complete in (dict[str, Any], partial(filled_config, cls, model)):
        config = complete(preset)
        if _lacks_required(cls, model, config):
            continue
        try:
            empty = set(map(str, judge.problems(cls.shape, complete({}))))
            found = judge.problems(cls.shape, config)
        except TooCostly:
            continue
        found = [problem for problem in found if str(problem) not in empty]
        if found:
            return found
    return []


def filled_config(cls: SettingsClass, model: Model, config: Mapping[str, Any]) -> dict[str, Any]:
    """`config` with what fills it, and with what forms propose where it is required."""
    filled = dict(config)
    for prop in cls.properties:
        if prop.key not in filled and prop.unconditional:
            # In a form, what is required is filled too.
            fill = prop.proposal if prop.required else prop.fill
            if fill is not None:
                filled[prop.key] = fill.value
        inner = model.settings_class(prop.type)
        value = filled.get(prop.key)
        if inner is not None and is_object(value):
            filled[prop.key] = filled_config(inner, model, value)
    return filled


def _lacks_required(cls: SettingsClass, model: Model, config: Mapping[str, Any]) -> bool:
    if any(name not in config for name in model.shapes.required(cls.shape)):
        return True
    inner = ((model.settings_class(p.type), config.get(p.key)) for p in cls.properties)
    return any(c is not None and is_object(v) and _lacks_required(c, model, v) for c, v in inner)


def _strangers(
    cls: SettingsClass, model: Model, preset: Mapping[str, Any], at: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    """The paths of keys that the schema allows and does not know, each with a guess at it."""
    properties = {prop.key: prop for prop in cls.properties}
    if not properties:
        return  # the schema tells objects apart by other means
    known = {*properties, *(name for prop in cls.properties for name in prop.old_keys)}
    known |= model.shapes.required(cls.shape)
    for turn, (key, value) in enumerate(preset.items()):
        inner = model.settings_class(properties[key].type) if key in properties else None
        if inner is not None and is_object(value):
            yield from _strangers(inner, model, value, (*at, key))
        elif key not in known and not (cls.closed or cls.declares_extra or cls.key_patterns):
            yield (*at, key), guess(key, sorted(known), turn) or "declare it, or take it out"


def misfits(
    cls: SettingsClass, model: Model, preset: Any, judge: Judge, at: tuple[str, ...] = ()
) -> Iterator[ValueProblem]:
    """Why values are refused by their own schemas. What is missing does not matter."""
    if not is_object(preset):
        yield ValueProblem(at, "must be an object", shown(preset))
        return
    properties = {prop.key: prop for prop in cls.properties}
    for turn, (key, value) in enumerate(preset.items()):
        prop, path = properties.get(key), (*at, key)
        inner = model.settings_class(prop.type) if prop is not None else None
        if prop is None:
            if cls.closed:
                yield ValueProblem(path, "is not a known key" + did_you_mean(key, properties, turn))
        elif inner is not None and is_object(value) and prop.unconditional:
            yield from misfits(inner, model, value, judge, path)
        elif prop.unconditional:
            try:
                found = judge.problems(prop.nodes, value)
            except TooCostly as error:
                found = [ValueProblem((), f"cannot be checked: {error.pattern} can take forever")]
            if found and not in_secrets(model.shapes.index).isdisjoint(prop.nodes):
                found = [ValueProblem((), "must be what its schema says", HIDDEN)]
            for each in found:
                yield ValueProblem((*path, *each.path), each.expected, each.given)
