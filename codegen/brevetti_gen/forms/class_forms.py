"""The forms of classes that are not generated yet."""

from __future__ import annotations

from functools import cache
from typing import Any

from brevettiai.form.fields import ClassForm
from brevettiai.form.models import form_of_rows

from ..json_values import is_array, is_object
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
    """The `x-form` of a root: `entries` and `document`, as far as they are well formed."""
    given = cls.node.get("x-form") if cls.is_root else None
    layout: dict[str, Any] = {}
    if is_object(given):
        if is_array(given.get("entries")):
            layout["entries"] = given["entries"]
        if is_outline(given.get("document")):
            layout["document"] = given["document"]
    return layout


def is_outline(document: object) -> bool:
    """Whether `document` lays out a form as the import writes it.

    In it each list of fields is the number of its entries; what is no such list, and what is no
    preset, stands in a list of one.
    """
    if not is_object(document):
        return False
    groups, presets = document.get("groups"), document.get("presets")
    holders = [document, *(filter(is_object, groups) if is_array(groups) else ())]
    counts = [holder["fields"] for holder in holders if "fields" in holder]
    unread = list(presets.values()) if is_object(presets) else []
    return all(map(_is_count, counts)) and [] not in unread


def _is_count(value: Any) -> bool:
    if is_array(value):
        return len(value) == 1
    return type(value) is int and value >= 0
