"""What each library does for classes of its style: schemas, loading, saving."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ..errors import Problem
from ..json_values import is_mapping
from ..messages.secrets import Secrets
from ._secrets import secrets_in_schema
from ._walk import Walk

#: What is wrong with a key that a class knows nothing of, and refuses.
UNKNOWN = "is not a known key"


class ConfigRefused(Exception):
    """What `Style.load` raises: the library refuses a config, for these reasons."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)


class Style(ABC):
    """A class of another style, and how its library handles it."""

    def __init__(self, cls: Any) -> None:
        self.cls = cls

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of the class, references into its own definitions only."""

    @abstractmethod
    def load(self, config: dict[str, Any]) -> Any:
        """An object from a plain JSON object.

        Raises:
            ConfigRefused: the library does not accept it.
        """

    @abstractmethod
    def save(self, settings: Any) -> dict[str, Any]:
        """The config of an object, secrets included."""

    def about(self) -> str:
        """The text for people about the class."""
        return self.cls.__doc__ or ""

    @cached_property
    def schema(self) -> dict[str, Any]:
        """What `json_schema` gives, made once."""
        return self.json_schema()

    @cached_property
    def walk(self) -> Walk:
        """The way through the schema, for what concerns values at any depth."""
        return Walk(self.schema)

    @cached_property
    def secrets(self) -> Secrets:
        """Where secrets lie in configs: as the library tells, and as generated classes do."""
        said = getattr(self.cls, "__secrets__", None)
        found = secrets_in_schema(self.schema)
        return found | secrets_in_schema(said) if is_mapping(said) else found


def presets_of(cls: Any) -> dict[str, Any]:
    """What the schema of a class says of its presets, for libraries that have no place for it."""
    presets = getattr(cls, "__presets__", None)
    return {"x-presets": presets} if is_mapping(presets) else {}
