"""Settings that a web form edits: hand-written modules, and the parts that forms are made of.

A `VueSettingsModule` reads its form from its own `__init__`; a `SchemaBuilder` collects fields by
hand; `apply_schema_to_model` and `parse_settings_args` read form models and command lines by a
form. The form is a vue-form-generator document, `{"fields": [...], "presets": {...}}`.

The names load at their first use: settings classes import this package for their base class
alone.
"""

from __future__ import annotations

from brevettiai.interfaces.vue_schema_utils._module import VueSettingsModule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from brevettiai.interfaces.vue_schema_utils._builder import SchemaBuilder, SchemaBuilderFunc
    from brevettiai.interfaces.vue_schema_utils._fields import (
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
    from brevettiai.interfaces.vue_schema_utils._flags import parse_settings_args
    from brevettiai.interfaces.vue_schema_utils._models import apply_schema_to_model

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

_ELSEWHERE = {
    "SchemaBuilder": "_builder",
    "SchemaBuilderFunc": "_builder",
    "apply_schema_to_model": "_models",
    "parse_settings_args": "_flags",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = f"{__name__}.{_ELSEWHERE.get(name, '_fields')}"
    value = getattr(__import__(module, fromlist=[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
