"""Settings that a web form edits: hand-written modules, and the parts that forms are made of.

A `VueSettingsModule` reads its form from its own `__init__`; a `SchemaBuilder` collects fields by
hand; `apply_schema_to_model` and `parse_settings_args` read form models and command lines by a
form. The form is a vue-form-generator document, `{"fields": [...], "presets": {...}}`.

The names load at their first use.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from brevettiai.handwritten.builder import SchemaBuilder, SchemaBuilderFunc
    from brevettiai.handwritten.fields import (
        checkbox,
        checklist,
        field_class_mapping,
        field_classes,
        label,
        number_input,
        select,
        text_area,
        text_input,
    )
    from brevettiai.handwritten.flags import parse_settings_args
    from brevettiai.handwritten.models import apply_schema_to_model
    from brevettiai.modules import VueSettingsModule

__all__ = [
    "SchemaBuilder",
    "SchemaBuilderFunc",
    "VueSettingsModule",
    "apply_schema_to_model",
    "checkbox",
    "checklist",
    "field_class_mapping",
    "field_classes",
    "label",
    "number_input",
    "parse_settings_args",
    "select",
    "text_area",
    "text_input",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from brevettiai import modules
    from brevettiai.handwritten import builder, fields, flags, models

    found = [vars(each) for each in (modules, builder, fields, flags, models)]
    globals().update({each: names[each] for each in __all__ for names in found if each in names})
    return globals()[name]


def __dir__() -> list[str]:
    return __all__
