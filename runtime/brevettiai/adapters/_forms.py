"""`FormAdapter`: a hand-written module, whose form says what its settings can be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ..cli.layers import Parsed
from ..errors import ModuleError, Problem, SettingsError
from ..handwritten.models import document_of, fields_of, public_config, read_value
from ..json_values import is_number
from ..messages.secrets import NONE
from ..modules import VueSettingsModule
from ..search.spaces import Space, space_of
from ._facts import Described, described


class FormAdapter:
    """What a sweep needs of a hand-written module: its config is that of its form's fields."""

    def __init__(self, cls: type[VueSettingsModule]) -> None:
        self.cls = cls

    @cached_property
    def facts(self) -> type[Described]:
        """What flags read of the module, in a settings class without objects."""
        return described(self.json_schema(), self.cls.__name__, "", NONE)

    def json_schema(self) -> dict[str, Any]:
        """What the fields of the form say of the config."""
        schema = _object()
        for field in fields_of(document_of(self.cls.get_schema())):
            node = schema
            *above, last = str(field["model"]).split(".")
            for name in above:
                node = node["properties"].setdefault(name, _object())
            node["properties"][last] = _schema_of(field)
        return schema

    def schema_digest(self) -> str:
        """A short digest of `json_schema()`."""
        text = json.dumps(self.json_schema(), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def search_space(self, *names: str, base: Any = None) -> Space:
        """What of these settings may vary in a sweep, as `Settings.search_space` has it."""
        return space_of(self, names, base)

    def from_config(self, config: Mapping[str, Any]) -> Any:
        """A module from its config.

        Raises:
            SettingsError: the module does not accept it.
        """
        try:
            return self.cls.from_config(config)
        except ModuleError as error:
            raise SettingsError([Problem(error.path, error.problem)], self.cls.__name__) from None

    def get_config(self, settings: Any, *, hide_secrets: bool = False) -> dict[str, Any]:
        """The config of a module."""
        config: dict[str, Any] = (public_config if hide_secrets else self.cls.get_config)(settings)
        return config

    def load_parsed(self, parsed: Parsed, *, warns: bool = True) -> Any:
        """Load what layers of settings say."""
        if parsed.problems:
            raise SettingsError(parsed.problems, self.cls.__name__)
        return self.from_config(parsed.config)


def _object() -> dict[str, Any]:
    return {"type": "object", "properties": {}}


def _schema_of(field: Mapping[str, Any]) -> dict[str, Any]:
    """What a field lets a setting be."""
    kind, default = field.get("type"), field.get("default")
    schema: dict[str, Any] = {"title": str(field.get("label", ""))}
    if kind == "checkbox":
        schema["type"] = "boolean"
    elif kind == "select":
        schema["enum"] = [read_value({**field}, value) for value in field.get("values") or ()]
    elif kind == "input" and field.get("inputType") == "number":
        # A step of the control is for people: other numbers can be typed.
        whole = type(default) is int and field.get("step") in (None, 1)
        schema["type"] = "integer" if whole else "number"
        limits = {"minimum": field.get("min"), "maximum": field.get("max")}
        schema |= {name: limit for name, limit in limits.items() if is_number(limit)}
    elif not field.get("isJson") and kind in ("input", "textArea"):
        schema["type"] = "string"
    if default is not None:
        schema["default"] = read_value({**field}, default)
    return schema
