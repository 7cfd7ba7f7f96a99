"""Dataclasses and TypedDicts as settings classes, by their type hints.

No library is needed for the types that JSON and the standard library share; see `_hints`. Hints
that go beyond (dates, constraints in `Annotated`) are pydantic's, where it is installed.
"""

from __future__ import annotations

from typing import Any

from ..json_values import is_object
from ..messages.findings import Findings
from ._hints import HintSchemas, UnknownHint, load_as, save_value, text_about
from ._style import ConfigRefused, Style, presets_of


class DataclassStyle(Style):
    """A dataclass or a TypedDict whose hints are understood here."""

    def json_schema(self) -> dict[str, Any]:
        writer = HintSchemas()
        schema = writer.schema_of(self.cls)
        return {**schema, "$defs": writer.definitions, **presets_of(self.cls)}

    def load(self, config: dict[str, Any]) -> Any:
        """Check a config by the type hints, and make an object; nothing is converted."""
        findings = Findings(secrets=self.secrets)
        settings = load_as(self.cls, config, (), findings)
        if findings.problems:
            raise ConfigRefused(findings.problems)
        return settings

    def save(self, settings: Any) -> dict[str, Any]:
        """The attributes, under their keys, as plain JSON."""
        config = save_value(settings)
        assert is_object(config)
        return config

    def about(self) -> str:
        return text_about(self.cls)


def dataclass_style(cls: Any) -> Style:
    """The style of a dataclass or a TypedDict.

    Raises:
        ImportError: its type hints need pydantic, which is not installed.
        TypeError: a type hint names something that cannot be found.
    """
    style = DataclassStyle(cls)
    try:
        style.json_schema()
    except NameError as error:
        raise TypeError(
            f"a type hint of {cls.__qualname__} cannot be resolved: {error}; define or import "
            "what it names at module level"
        ) from error
    except UnknownHint as error:
        try:
            from ._pydantic import PydanticStyle
        except ImportError:
            raise ImportError(
                f"{cls.__qualname__}: {error}; with pydantic it can: pip install pydantic"
            ) from error
        return PydanticStyle(cls)
    return style
