"""The config that a form model makes while its class refuses it, as far as it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from brevettiai.cli.inside import default_of, item_of, kind_of, kinds_of
from brevettiai.compiled import Field
from brevettiai.form.models import Reading
from brevettiai.json_values import UNSET, is_array, is_object
from brevettiai.messages.secrets import NONE, Secrets, public, secrets_of
from brevettiai.settings import Problem, Settings


def draft_config(
    cls: type[Settings],
    model: Mapping[str, Any],
    reading: Reading,
    problems: Iterable[Problem],
) -> dict[str, Any] | None:
    """The config of a reading of `model` that does not load; None where there is none.

    It is filled as configs that load are, it has text that is not JSON as it was typed, and no
    secrets: nor what has one of the `problems` where secrets lie, which may hold them anywhere.
    """
    config, secrets = reading.config, secrets_of(cls.__brevetti__)
    if not is_object(config):
        return None
    for path in (problem.path for problem in reading.problems):
        if not secrets.at(*path):
            _put(config, path, model)
    try:
        config = deepcopy(config)
        for problem in problems:
            _leave_out(config, problem.path, secrets)
        return public_filled(cls, config)
    except RecursionError:
        return None


def public_filled(cls: type[Settings], config: Mapping[str, Any]) -> dict[str, Any]:
    """`config` filled with defaults as far as the fields of classes tell, without secrets."""
    filled: dict[str, Any] = public(_filled(cls, config), secrets=secrets_of(cls.__brevetti__))
    return filled


def _put(config: Any, path: tuple[str | int, ...], model: Any) -> None:
    """Put what `model` has at `path` into `config`, which has every object on the way."""
    for step in path[:-1]:
        config, model = config[step], model[step]
    config[path[-1]] = model[path[-1]]


def _leave_out(config: Any, path: tuple[Any, ...], secrets: Secrets) -> None:
    """Put null into `config` for what lies at `path`, or in its way, if it may hold secrets.

    Beside secrets, an object or list may hold one that stands in a wrong place.
    """
    for place, step in enumerate(path, 1):
        if step not in (range(len(config)) if is_array(config) else config):
            return
        beside, secrets = secrets if place > 1 else NONE, secrets.at(step)
        is_inside = is_object(config[step]) or is_array(config[step])
        if place == len(path) or not is_inside:
            if secrets or (beside and is_inside):
                config[step] = None
            return
        config = config[step]


def _filled(cls: type[Settings], config: Mapping[str, Any]) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for field in cls.__brevetti__.fields():
        value = config[field.key] if field.key in config else default_of(field)
        if value is UNSET and field.filled:
            value = {}
        if value is not UNSET:
            filled[field.key] = _filled_inside(field, value)
    return filled | {key: value for key, value in config.items() if key not in filled}


def _filled_inside(field: Field, value: Any) -> Any:
    if is_array(value):
        rows = [item_of(field, place) for place in range(len(value))]
        pairs = zip(rows, value, strict=True)
        return [item if row is None else _filled_inside(row, item) for row, item in pairs]
    kind = kind_of(kinds_of(field), value) if is_object(value) else None
    return value if kind is None else _filled(kind.cls, value)
