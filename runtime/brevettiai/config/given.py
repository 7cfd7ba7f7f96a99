"""Configs of which the fills are left out: where presence can matter, and where someone wants so.

Some classes remember what was given, since presence can matter to them.
"""

from __future__ import annotations

from ..compiled import Field, config_of, full_config_of
from ..json_values import ATOMS, UNSET, class_of, is_array, is_object, is_settings, json_equal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..settings import Settings


def tracked_config(settings: Settings) -> dict[str, Any]:
    """`get_config` of a class whose keywords can depend on presence.

    The fills are written where the whole config is then valid and loads to the same classes, else
    only what was given.
    """
    compiled = settings.__brevetti__
    full = compiled.save(settings)
    try:
        if is_given(settings):
            return full
        if not compiled.ambiguous:
            if compiled.check(full):
                return full
        else:
            again = object.__new__(type(settings))
            if compiled.load(full, again, []) and same_classes(settings, again):
                return full
    except (RecursionError, TypeError):
        pass
    return given_config(settings)


def is_given(value: Any) -> bool:
    """Whether all that the config of a value would say was given to it, all the way down."""
    kind = class_of(value)
    if kind is list or kind is tuple or kind is dict:
        for item in value.values() if kind is dict else value:
            if class_of(item) not in ATOMS and not is_given(item):
                return False
        return True
    compiled = getattr(value, "__brevetti__", None)
    if compiled is None or not compiled.tracks:
        return True
    given, optional = getattr(value, "__given__", ()), compiled.properties.optional
    for field in compiled.fields():
        inner = value.__dict__[field.attribute]
        if inner is None and field.key in optional:
            continue
        if field.key not in given or (inner is None and not field.nullable):
            if inner is not UNSET:
                return False
        elif class_of(inner) not in ATOMS and not is_given(inner):
            return False
    return not value.__extra__ or is_given(value.__extra__)


def _loaded_again(settings: Settings, config: dict[str, Any]) -> Settings:
    again = object.__new__(type(settings))
    settings.__brevetti__.fill(config, again, [])
    return again


def same_classes(a: Any, b: Any) -> bool:
    """Whether two values hold objects of the same classes in the same places."""
    if class_of(a) in ATOMS:
        return class_of(b) in ATOMS or not is_settings(b)
    if is_settings(a):
        if not is_settings(b) or a.__brevetti__ is not b.__brevetti__:
            return False
        held, others = a.__dict__, b.__dict__
        for field in a.__brevetti__.fields():
            if not same_classes(held.get(field.attribute), others.get(field.attribute)):
                return False
        return not a.__extra__ or same_classes(a.extra, b.extra)
    if is_array(a) and is_array(b):
        return len(a) == len(b) and all(map(same_classes, a, b))
    if is_object(a) and is_object(b):
        return all(same_classes(value, b.get(key)) for key, value in a.items())
    return not is_settings(b)


def given_config(settings: Settings) -> dict[str, Any]:
    """What was given to `settings` or changed since, all the way down."""
    compiled = settings.__brevetti__
    if not compiled.tracks:
        return settings.get_config()
    # Not there in pickles from before the class remembered it.
    given: frozenset[str] = getattr(settings, "__given__", frozenset())
    absent: dict[str, Any] | None = None
    config: dict[str, Any] = {}
    for field in compiled.fields():
        value = settings.__dict__.get(field.attribute)
        if value is UNSET or (value is None and "null" not in field.kinds):
            continue
        if field.key not in given and not field.required:
            if absent is None:
                absent = _loaded_again(settings, {}).__dict__
            if json_equal(full_config_of(value), full_config_of(absent[field.attribute])):
                continue
        config[field.key] = given_value(value)
    config.update(given_value(settings.extra))
    return config


def _blank(settings: Settings, fields: tuple[Field, ...]) -> dict[str, Any]:
    """The attributes of an object of the same class to which only what is required was given."""
    required = {field.key for field in fields if field.required}
    full = settings.__brevetti__.save(settings)
    given = {key: value for key, value in full.items() if key in required}
    try:
        return _loaded_again(settings, given).__dict__
    except (KeyError, TypeError, ValueError):
        return {}


def given_value(value: Any) -> Any:
    """What was given to the settings in a value, all the way down."""
    if is_settings(value):
        return given_config(value)
    if is_array(value):
        return [given_value(item) for item in value]
    if is_object(value):
        return {key: given_value(item) for key, item in value.items()}
    return config_of(value)


def shortest_config(settings: Settings) -> dict[str, Any]:
    """The config of `settings` without what a load of the rest fills in again.

    Whatever presence may decide, it loads as an object that is equal to `settings`.
    """
    full = settings.get_config()
    fields = settings.__brevetti__.fields()
    blank = _blank(settings, fields)
    config = {**full}
    for field in fields:
        if field.key in full:
            value = settings.__dict__[field.attribute]
            fill = blank.get(field.attribute, UNSET)
            if not field.required and json_equal(full_config_of(value), full_config_of(fill)):
                del config[field.key]
            else:
                config[field.key] = _shortest_value(value, full[field.key])
    for key, value in settings.extra.items():
        config[key] = _shortest_value(value, full[key])
    if _is_config_of(config, settings, full):
        return config
    if not _is_config_of(full, settings, full):
        return full
    # One change after the other, as far as they do no harm.
    shorter = full
    for key in full:
        rest = {name: value for name, value in shorter.items() if name != key}
        candidate = {**shorter, key: config[key]} if key in config else rest
        if _is_config_of(candidate, settings, full):
            shorter = candidate
    return shorter


def _shortest_value(value: Any, full: Any) -> Any:
    """What stands for `value`, of which the whole is `full`, in a shortest config."""
    if is_settings(value):
        return shortest_config(value)
    if is_array(value):
        return [_shortest_value(*pair) for pair in zip(value, full, strict=True)]
    if is_object(value):
        return {key: _shortest_value(item, full[key]) for key, item in value.items()}
    return full


def _is_config_of(config: dict[str, Any], settings: Settings, full: dict[str, Any]) -> bool:
    """Whether `config` loads as an object that is equal to `settings`, whose config is `full`."""
    again = object.__new__(type(settings))
    try:
        return settings.__brevetti__.load(config, again, []) and json_equal(
            again.get_config(), full
        )
    except (RecursionError, TypeError):
        return False
