"""Settings that a web form edits: hand-written modules, and the parts that forms are made of.

A `VueSettingsModule` reads its form from its own `__init__`; a `SchemaBuilder` collects fields by
hand; `apply_schema_to_model` and `parse_settings_args` read form models and command lines by a
form. The form is a vue-form-generator document, `{"fields": [...], "presets": {...}}`.
"""

from __future__ import annotations

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
