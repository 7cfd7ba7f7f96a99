"""Settings that a web form edits: hand-written modules, and the parts that forms are made of.

A `VueSettingsModule` reads its form from its own `__init__`; a `SchemaBuilder` collects fields by
hand; `apply_schema_to_model` and `parse_settings_args` read form models and command lines by a
form. The form is a vue-form-generator document, `{"fields": [...], "presets": {...}}`.
"""

from brevettiai.handwritten.builder import SchemaBuilder as SchemaBuilder
from brevettiai.handwritten.builder import SchemaBuilderFunc as SchemaBuilderFunc
from brevettiai.handwritten.fields import checkbox as checkbox
from brevettiai.handwritten.fields import checklist as checklist
from brevettiai.handwritten.fields import field_class_mapping as field_class_mapping
from brevettiai.handwritten.fields import field_classes as field_classes
from brevettiai.handwritten.fields import label as label
from brevettiai.handwritten.fields import number_input as number_input
from brevettiai.handwritten.fields import select as select
from brevettiai.handwritten.fields import text_area as text_area
from brevettiai.handwritten.fields import text_input as text_input
from brevettiai.handwritten.flags import parse_settings_args as parse_settings_args
from brevettiai.handwritten.models import apply_schema_to_model as apply_schema_to_model
from brevettiai.modules import VueSettingsModule as VueSettingsModule
