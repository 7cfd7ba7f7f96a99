"""`JobSettings`: the base of hand-written pydantic settings, as the platform's library has it.

    class MySettings(JobSettings):
        epochs: int = Field(default=25, description="Passes through the images.")

    class MyJob(Job):
        settings: MySettings

Any pydantic model will do as settings of a job; this one also keeps keys that it does not know in
`extra`, and reads form models of the platform as they are stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, cast

try:
    from pydantic import BaseModel, ConfigDict, Field, model_validator
except ImportError as missing:
    raise ImportError("JobSettings is a pydantic model: pip install pydantic") from missing

from brevettiai.adapters import SettingsAdapter
from brevettiai.handwritten.builder import SchemaBuilder
from brevettiai.json_values import json_of
from brevettiai.settings import fields


class JobSettings(BaseModel):
    """Base class for the settings of a job, and for the settings in them.

    Attributes:
        extra: the keys that the class does not know, with their values.
    """

    model_config = ConfigDict(
        arbitrary_types_allowed=True,
        use_attribute_docstrings=True,
        json_schema_extra={"additionalProperties": True},
    )

    extra: dict[str, Any] = Field(default_factory=dict, json_schema_extra={"exclude": True})

    @classmethod
    def platform_schema(cls) -> SchemaBuilder:
        """The platform form of these settings; `.schema` is the document."""
        return SettingsAdapter.of(cls).get_schema()

    @model_validator(mode="before")
    @classmethod
    def _sort_out(cls, values: Any) -> Any:
        """Put unknown keys into `extra`, and read what the platform's form writes.

        There, values of JSON fields are text, and null or no text is what a person left empty.
        """
        if not isinstance(values, Mapping):
            return values
        given = dict(cast("Mapping[str, Any]", values))
        known = {name for key, info in cls.model_fields.items() for name in (key, info.alias)}
        extra = dict(given.pop("extra", None) or {})
        extra |= {name: given.pop(name) for name in list(given) if name not in known}
        for field in fields(SettingsAdapter.of(cls).facts):
            value = given.get(field.key)
            if value is None and "null" not in field.kinds:
                given.pop(field.key, None)
            elif isinstance(value, str) and "string" not in field.kinds:
                if not value.strip():
                    del given[field.key]
                    continue
                with suppress(ValueError):  # What is no JSON is for pydantic to refuse.
                    given[field.key] = json_of(value)
        return {**given, "extra": extra}
