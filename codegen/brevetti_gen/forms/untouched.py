"""The model that the form library makes of a form that nobody touched.

Facts of vue-form-generator 2.3: field by field, a default counts where the model has nothing yet,
not even null; what lies in the way of a path is replaced; fields in groups have no part in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from ..json_values import is_array, is_object

_NOTHING: Any = object()


def untouched_model(form: Mapping[str, Any]) -> dict[str, Any]:
    """The form model of the defaults of a form.

    >>> fields = [{"model": "a", "default": 1}, {"model": "a.b", "default": 2}]
    >>> untouched_model({"fields": fields})
    {'a': {'b': 2}}
    """
    model: dict[str, Any] = {}
    fields = form.get("fields")
    for field in fields if is_array(fields) else ():
        path = field.get("model") if is_object(field) else None
        if is_object(field) and isinstance(path, str) and "default" in field:
            steps = tuple(path.split("."))
            if value_at(model, steps) is _NOTHING:
                _set(model, steps, deepcopy(field["default"]))
    return model


def value_at(model: Any, path: tuple[str, ...], otherwise: Any = _NOTHING) -> Any:
    """The value at a path of objects, `otherwise` where there is none."""
    for step in path:
        if not is_object(model) or step not in model:
            return otherwise
        model = model[step]
    return model


def _set(model: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    *above, last = path
    for step in above:
        inner = model.get(step)
        if not is_object(inner):
            inner = model[step] = {}
        model = inner
    model[last] = value
