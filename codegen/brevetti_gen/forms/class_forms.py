"""The forms of classes that are not generated yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

from brevettiai.compiled import Field
from brevettiai.form.fields import ClassForm, layout_in
from brevettiai.form.models import form_of_rows

from ..model.fields import content_of, field_of, first_text
from ..model.shapes import annotated
from ..model.types import ClassKey, Model, Property, SettingsClass, Shape

#: Whether a value fits a shape.
Fits = Callable[[Shape, Any], bool]


def form_of_model(cls: SettingsClass, model: Model, fits: Fits) -> ClassForm:
    """The form of a class of the model."""

    def rows_of(key: ClassKey) -> list[Field]:
        properties = model.classes[key].properties
        return [_with_classes(field_of(prop, model), prop, described) for prop in properties]

    @cache
    def described(key: ClassKey) -> type:
        """What forms of unions ask of a class."""
        inner = model.classes[key]
        facts = SimpleNamespace(
            fields=cache(partial(rows_of, key)),
            check=partial(fits, inner.shape),
            title=first_text(annotated(model.shapes, inner.shape), "title"),
            tables=None,
            of_model=inner,
        )
        return type(inner.name, (), {"__brevetti__": facts})

    @cache
    def form_of(inner: Any) -> ClassForm:
        facts = inner.__brevetti__
        return form_of_rows(facts.fields(), layout_in_schema(facts.of_model), form_of)

    return form_of(described(cls.key))


def _with_classes(row: Field, prop: Property, described: Callable[[ClassKey], type]) -> Field:
    """A row whose classes are `described` ones."""
    if "object" not in row.kinds:
        return row
    content = content_of(prop.type, lambda kind: described(kind.key))
    inner: Any = row.cls  # of the model
    return row.changed(cls=inner and described(inner.key), content=content)


def layout_in_schema(cls: SettingsClass) -> dict[str, Any]:
    """The `x-form` of a root, as far as it is well formed."""
    return layout_in(cls.node.get("x-form") if cls.is_root else None)
