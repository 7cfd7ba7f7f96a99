"""The model that the form library makes of a form that nobody touched.

Facts of vue-form-generator 2.3: field by field, a default counts where the model has nothing yet,
not even null; what lies in the way of a path is replaced; fields in groups have no part in it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from brevettiai.json_values import lacks

from ..json_values import is_array, is_object

#: How many objects deep the model of a field may lie. The later steps recurse.
MAX_MODEL_DEPTH = 50
_NOTHING: Any = object()
#: A path of names, to an item of a list perhaps; what the library does by others stays open.
_MODEL = re.compile(r"(?P<path>[^][]*)(\[(?P<place>[0-9]{1,2})\])?")


def untouched_model(form: Mapping[str, Any]) -> dict[str, Any]:
    """The form model of the defaults of a form.

    >>> fields = [{"model": "a", "default": 1}, {"model": "a.b", "default": 2}]
    >>> untouched_model({"fields": fields})
    {'a': {'b': 2}}
    """
    model: dict[str, Any] = {}
    fields = form.get("fields")
    for field in fields if is_array(fields) else ():
        if is_object(field) and "default" in field:
            steps = steps_of(field.get("model"))
            if steps and value_at(model, steps) is _NOTHING:
                set_at(model, steps, deepcopy(field["default"]))
    return {key: _without_gaps(value) for key, value in model.items()}


def steps_of(path: object) -> tuple[str | int, ...]:
    """The way to the value of a field, by its model; () where that is none of a setting's.

    >>> steps_of("a.mean[1]")
    ('a', 'mean', 1)
    """
    found = _MODEL.fullmatch(path) if isinstance(path, str) else None
    if found is None:
        return ()
    place = found["place"]
    steps = (*found["path"].split("."), *([] if place is None else [int(place)]))
    return steps if len(steps) <= MAX_MODEL_DEPTH + 1 else ()


def value_at(model: Any, path: tuple[str | int, ...], otherwise: Any = _NOTHING) -> Any:
    """The value at a path, `otherwise` where there is none."""
    for step in path:
        key: Any = str(step) if is_object(model) else step
        if lacks(model, key):
            return otherwise
        model = model[key]
    return otherwise if model is _NOTHING else model


def _without_gaps(value: Any) -> Any:
    """A model in which null stands for items of lists that nothing was said of."""
    if is_object(value):
        return {key: _without_gaps(inner) for key, inner in value.items()}
    if is_array(value):
        return [_without_gaps(inner) for inner in value]
    return None if value is _NOTHING else value


def set_at(model: Any, path: tuple[str | int, ...], value: Any) -> None:
    """Put a value at a path; what lies in the way is replaced."""
    for step, following in itertools.pairwise(path):
        inner: Any = model.get(step)
        if not is_object(inner) and not is_array(inner):
            inner = [] if isinstance(following, int) else {}
            model[step] = inner
        if is_array(inner) and isinstance(following, str):
            return  # what JSON has no place for
        model = inner
    last = path[-1]
    if is_array(model) and isinstance(last, int):
        model += [_NOTHING] * (last + 1 - len(model))
        model[last] = value
    elif is_object(model):
        model[str(last)] = value
