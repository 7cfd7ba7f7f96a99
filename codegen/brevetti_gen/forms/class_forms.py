"""The forms of classes that are not generated yet."""

from __future__ import annotations

from functools import cache
from typing import Any

from brevettiai.form.fields import ClassForm, layout_in
from brevettiai.form.models import form_of_rows

from ..model.fields import field_of
from ..model.types import Model, SettingsClass


def form_of_model(cls: SettingsClass, model: Model) -> ClassForm:
    """The form of a class of the model."""

    @cache
    def form_of(inner: SettingsClass) -> ClassForm:
        rows = (field_of(prop, model) for prop in inner.properties)
        return form_of_rows(rows, layout_in_schema(inner), form_of)

    return form_of(cls)


def layout_in_schema(cls: SettingsClass) -> dict[str, Any]:
    """The `x-form` of a root, as far as it is well formed."""
    return layout_in(cls.node.get("x-form") if cls.is_root else None)
