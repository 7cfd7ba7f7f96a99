"""`SettingsAdapter`: one settings class of another style, seen as if it were ours."""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from ..cli.flags import parse
from ..cli.flags import to_args as args_of
from ..cli.help import format_help
from ..config.loading import is_mapping, parse_json, plain_json, too_deep, with_origin
from ..form.documents import form_of_class
from ..form.models import config_of, config_of_model, form_model, part_of_class
from ..interfaces.vue_schema_utils import SchemaBuilder
from ..messages.findings import Path
from ..messages.words import did_you_mean, shown
from ..settings import Problem, Settings, SettingsError
from ._facts import Described, described
from ._walk import Walk, is_secret, known_keys, unknown_keys, with_whole_numbers, without_secrets

#: What is wrong with a key that a class knows nothing of, and refuses.
UNKNOWN = "is not a known key"


class Refused(Exception):
    """What `SettingsAdapter.load` raises: the library refuses a config, for these reasons."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)


class SettingsAdapter(ABC):
    """What our settings classes offer, for a class of another style.

    Everything but loading and saving is derived from the JSON Schema that the library gives for
    its class: flags, help, form, and what is secret.

    Attributes:
        cls: the class. Its objects are what `from_config` and the like give.
    """

    cls: Any

    def __init__(self, cls: Any) -> None:
        """Adapters are made by `SettingsAdapter.of`."""
        self.cls = cls

    @staticmethod
    def of(settings_class: Any) -> SettingsAdapter:
        """The adapter of a pydantic model, a dataclass, a msgspec struct or a TypedDict.

        Raises:
            TypeError: the class is none of these.
            ImportError: a library is missing that the class needs.
        """
        return _adapter_of(settings_class)

    # What each library does

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of the class, references into its own definitions only."""

    @abstractmethod
    def load(self, config: dict[str, Any]) -> Any:
        """An object from a plain JSON object.

        Raises:
            Refused: the library does not accept it.
        """

    @abstractmethod
    def save(self, settings: Any) -> dict[str, Any]:
        """The config of an object, secrets included."""

    # Configs

    def from_config(self, config: Mapping[str, Any]) -> Any:
        """Load a config, as the library does: what it converts or fills in is up to the class.

        Keys that the class would ignore are named in one warning of the logger
        `brevettiai.utils.module`.

        Raises:
            SettingsError: the class does not accept the config; it names every problem that the
                library told.
        """
        return self._load(config, [], {})

    def get_config(self, settings: Any, *, hide_secrets: bool = False) -> dict[str, Any]:
        """The config of an object; without secrets, where `hide_secrets`."""
        config = self.save(settings)
        return without_secrets(self.walk, config) if hide_secrets else config

    def from_json(self, text: str | bytes) -> Any:
        """Load the JSON text of a config.

        Raises:
            SettingsError: `text` is not JSON, or the class does not accept it.
        """
        return self.from_config(parse_json(text))

    def to_json(self, settings: Any, *, indent: int | None = None) -> str:
        """The config of an object as JSON text."""
        config = self.get_config(settings)
        return json.dumps(config, indent=indent, ensure_ascii=False, allow_nan=False)

    # The command line

    def from_args(
        self,
        args: Sequence[str] | None = None,
        *,
        config: Mapping[str, Any] | None = None,
        ignore_unknown: bool = False,
        prog: str | None = None,
    ) -> Any:
        """Load settings from flags, as `Settings.from_args` does; `--help` prints them and exits.

        Raises:
            SettingsError: an unknown flag, a value that cannot be read, or settings that the
                class does not accept. Each problem says which flag or file it came from.
        """
        words = sys.argv[1:] if args is None else args
        parsed = parse(self.facts, words, config=config, ignore_unknown=ignore_unknown)
        if parsed.help:
            print(self.format_help(prog))
            raise SystemExit(0)
        return self._load(parsed.config, _told_problems(parsed.problems), parsed.origins)

    def to_args(self, settings: Any) -> list[str]:
        """Flags from which `from_args` makes the same settings."""
        return args_of(self.facts, self.get_config(settings))

    def format_help(self, prog: str | None = None) -> str:
        """The text of `--help`."""
        return format_help(self.facts, prog)

    # Form and form models

    def get_schema(self, namespace: str | None = None) -> SchemaBuilder:
        """The platform form of the class; `.schema` is the document."""
        return form_of_class(self.facts, namespace)

    def get_settings(self, settings: Any) -> dict[str, Any]:
        """The form model of an object: its config with JSON-typed fields as text."""
        return form_model(self.facts, self.get_config(settings))

    def from_settings(self, settings: Mapping[str, Any] | None) -> Any:
        """Load a form model.

        Raises:
            SettingsError: a JSON field does not parse, or the class does not accept the settings.
        """
        cls: type[Settings] = self.facts
        reading = config_of(cls, {} if settings is None else settings, part_of_class)
        return self._load(reading.config, _told_problems(reading.problems), reading.origins)

    def to_config(self, settings: Mapping[str, Any] | None) -> dict[str, Any]:
        """The config of a form model, not checked yet.

        Raises:
            SettingsError: a JSON field does not parse.
        """
        return config_of_model(self.facts, settings)

    # Facts

    @cached_property
    def facts(self) -> type[Described]:
        """What flags, help and forms read of the class, in a settings class without objects."""
        return described(self._schema, self.cls.__name__, self._about())

    @cached_property
    def walk(self) -> Walk:
        """The way through the schema, for what concerns values at any depth."""
        return Walk(self._schema)

    @cached_property
    def _schema(self) -> dict[str, Any]:
        return self.json_schema()

    def _about(self) -> str:
        """The text for people about the class."""
        return self.cls.__doc__ or ""

    def schema_digest(self) -> str:
        """A short digest of `json_schema()`, which stored results name."""
        text = json.dumps(self._schema, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def presets(self) -> dict[str, dict[str, Any]]:
        """The partial configs under `x-presets` of the schema, by name."""
        return self.facts.presets()

    def _load(self, config: Any, problems: list[Problem], origins: Mapping[Path, str]) -> Any:
        found: list[Problem] = []
        try:
            plain = plain_json(config, (), found)
            if not is_mapping(plain):
                found.append(Problem((), "must be an object", shown(plain)))
            if not found:
                settings = self.load(with_whole_numbers(self.walk, plain))
                if not problems:
                    _warn(unknown_keys(self.walk, plain))
                    return settings
        except Refused as error:
            found += error.problems
        except RecursionError:
            found.append(too_deep())
        told = {problem.path for problem in problems}
        problems += [self._told(problem) for problem in found if problem.path not in told]
        located = [with_origin(problem, origins) for problem in problems]
        raise SettingsError(located, self.cls.__name__) from None

    def _told(self, problem: Problem) -> Problem:
        """A problem as people may see it: secrets masked, keys that were meant named."""
        path, expected, given = problem.path, problem.expected, problem.given
        if given and is_secret(self.walk, path):
            given = "a hidden value"
        if expected == UNKNOWN:
            expected += did_you_mean(str(path[-1]), known_keys(self.walk, path[:-1]))
        return Problem(path, expected, given, problem.source)


@lru_cache(maxsize=1000)
def _adapter_of(cls: Any) -> SettingsAdapter:
    make = _adapter_for(cls)
    if make is None:
        raise TypeError(
            f"{cls!r} is no settings class of another style; adapters take pydantic models, "
            "dataclasses, msgspec structs and TypedDicts"
        )
    return make(cls)


def is_adaptable(cls: Any) -> bool:
    """Whether `SettingsAdapter.of` takes a class; imports no library to find out."""
    return _adapter_for(cls) is not None


def _adapter_for(cls: Any) -> Callable[[Any], SettingsAdapter] | None:
    """What makes the adapter of a class. Each style is known by what its library leaves there."""
    bases: tuple[type[Any], ...] = getattr(cls, "__mro__", ())
    if not bases or Settings in bases:
        return None
    if hasattr(cls, "__pydantic_validator__") or hasattr(cls, "__pydantic_fields__"):
        return _pydantic_adapter
    if hasattr(cls, "__struct_config__"):
        return _msgspec_adapter
    is_typed_dict = dict in bases and hasattr(cls, "__required_keys__")
    return _dataclass_adapter if is_typed_dict or hasattr(cls, "__dataclass_fields__") else None


def _pydantic_adapter(cls: Any) -> SettingsAdapter:
    from ._pydantic import PydanticAdapter

    return PydanticAdapter(cls)


def _msgspec_adapter(cls: Any) -> SettingsAdapter:
    from ._msgspec import MsgspecAdapter

    return MsgspecAdapter(cls)


def _dataclass_adapter(cls: Any) -> SettingsAdapter:
    from ._dataclasses import dataclass_adapter

    return dataclass_adapter(cls)


def presets_of(cls: Any) -> dict[str, Any]:
    """What the schema of a class says of its presets, for libraries that have no place for it."""
    presets = getattr(cls, "__presets__", None)
    return {"x-presets": presets} if is_mapping(presets) else {}


def _told_problems(told: Sequence[tuple[Path, str, str | None, str]]) -> list[Problem]:
    """The problems of reading flags or forms."""
    return [
        Problem(path, message, "" if given is None else shown(given), origin)
        for path, message, given, origin in told
    ]


def _warn(keys: list[str]) -> None:
    if keys:
        logger = logging.getLogger("brevettiai.utils.module")
        logger.warning("Invalid config keys: %s", ", ".join(keys))
