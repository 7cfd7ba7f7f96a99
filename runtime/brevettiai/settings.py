"""The base class of generated settings classes, and the errors that they raise.

Everything a settings class can do is here, in terms of what was compiled for it, its `Compiled`;
but what begins with words or files, which is `cli.CommandLine`.
"""

from __future__ import annotations

from .binding import BoundCompiled, BoundInit, DeclaredSignature, MatchArgs, narrowed_names
from .cli import CommandLine
from .errors import Problem, SettingsError, forgets, refuses_depth
from .json_values import UNSET, Unset
from .modules import SettingsObject

__all__ = ["UNSET", "Problem", "Settings", "SettingsError", "Unset", "construct", "fields", "main"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, ClassVar, TypeVar

    from typing_extensions import Self

    from .compiled import Compiled, Field, Notes
    from .config.constructing import construct as construct
    from .config.constructing import construct_given as construct_given
    from .config.growing import grow_object as grow_object
    from .handwritten.builder import SchemaBuilder
    from .search.spaces import Space

    S = TypeVar("S", bound="Settings")
else:

    def __getattr__(name):
        if name not in ("construct", "construct_given", "grow_object", "Sourced"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name == "Sourced":
            from .cli import origins as home
        elif name == "grow_object":
            from .config import growing as home
        else:
            from .config import constructing as home
        return getattr(home, name)


class Settings(CommandLine, SettingsObject):
    """Base of all generated settings classes."""

    __slots__ = ("__extra__", "__given__")
    __brevetti__: ClassVar[Compiled]
    __extra__: dict[str, Any] | None
    __given__: frozenset[str]
    if TYPE_CHECKING:
        __save__: ClassVar[Callable[[Any], dict[str, Any]]]
        __match_args__: ClassVar[tuple[str, ...]]
        __take__: Any
    else:
        __brevetti__ = BoundCompiled()
        __init__ = BoundInit()
        __signature__ = DeclaredSignature()
        __match_args__ = MatchArgs()

        def __save__(self):
            # Classes whose own function gives the config have it here, where it is found faster.
            compiled = self.__brevetti__
            if compiled.config is None:
                from .config.given import tracked_config

                # Kept, as an import is found again so slowly that it would be most of the time.
                compiled.config = tracked_config
            return compiled.config(self)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        names = narrowed_names(cls)
        if names:
            from .config.narrowing import narrow

            narrow(cls, names)

    # Configs

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Load `config`, the plain JSON value of these settings; nothing of it is shared.

        Unknown keys are kept in `extra` and named in one warning of the logger
        `brevettiai.utils.module`.

        Raises:
            SettingsError: `config` does not fit the schema; it names every problem.
        """
        settings = _take(cls, config)
        if settings is not None:
            return settings
        from .config.loading import load

        try:
            return load(cls, config)
        except SettingsError as error:
            refused, config = error.with_traceback(None), {}
        # A traceback with the values of frames has no secrets of this one.
        raise refused

    def get_config(
        self, *, hide_secrets: bool = False, exclude_defaults: bool = False
    ) -> dict[str, Any]:
        """These settings as a plain JSON value, defaults included, in fresh containers.

        Args:
            hide_secrets: leave out what a schema that may apply marks `writeOnly` or `format:
                password`, and all in it. In lists the end is left out, and the rest null.
            exclude_defaults: leave out what a load of the rest fills in again.

        Raises:
            SettingsError: an attribute was assigned that is no setting, or one was deleted.
        """
        try:
            config = self.__save__()
            if exclude_defaults:
                from .config.given import shortest_config

                config = shortest_config(self)
            if hide_secrets:
                from .messages.secrets import public

                config = public(config, self)
        except Exception as error:
            from .config.assigned import why_not_saved

            raise why_not_saved(self, error) from None
        return config

    @classmethod
    @forgets
    def from_json(cls, text: str | bytes) -> Self:
        """Load the JSON text of a config.

        Raises:
            SettingsError: `text` is not JSON (with line and column), or does not fit the schema.
        """
        from .config.loading import parse_config

        return cls.from_config(parse_config(text))

    @refuses_depth
    def to_json(self, *, indent: int | None = None) -> str:
        """The config as JSON text, non-ASCII characters as they are.

        Raises:
            SettingsError: an attribute holds what JSON text cannot.
        """
        from .config.json_text import json_text

        return json_text(self.get_config(), indent)

    # Schema, form, form models

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON Schema of this class as one document, without references to other files."""
        from .config.json_schema import json_schema

        return json_schema(cls)

    @classmethod
    def get_schema(cls, namespace: Any = None) -> SchemaBuilder:
        """The platform form of this class; `.schema` is the document.

        With a `namespace`, a dotted path, its models and headings lie below that.
        """
        from .form.documents import form_of_class

        return form_of_class(cls, namespace)

    @refuses_depth
    def get_settings(self) -> dict[str, Any]:
        """The form model of these settings: the config with JSON-typed fields as text."""
        from .form.models import form_model

        return form_model(type(self), self.get_config())

    @classmethod
    @forgets
    def from_settings(cls, settings: Mapping[str, Any] | None) -> Self:
        """Load a form model: JSON fields as text or parsed, `null` for values that are absent.

        Raises:
            SettingsError: a JSON field does not parse, or the settings do not fit the schema. Each
                problem names the path and the label of its field.
        """
        from .form.models import from_model

        return from_model(cls, settings)

    @classmethod
    def to_config(cls, settings: Any) -> Any:
        """The config of a form model, not checked yet.

        Raises:
            SettingsError: a JSON field does not parse.
        """
        if isinstance(settings, Settings):
            return settings.get_config()
        from .form.models import config_of_model

        return config_of_model(cls, settings)

    @classmethod
    def schema_digest(cls) -> str:
        """A short digest of `json_schema()`, which stored results name."""
        from .config.json_schema import schema_digest

        return schema_digest(cls)

    # Presets

    @classmethod
    def presets(cls) -> dict[str, dict[str, Any]]:
        """The partial configs that the schema names, by name."""
        from .config.json_schema import presets

        return presets(cls)

    @classmethod
    def from_preset(cls, name: str, /, **changes: Any) -> Self:
        """Load the preset `name`, with `changes` to its attributes.

        Raises:
            SettingsError: there is no such preset, or the changes do not fit.
            TypeError: a change names no attribute.
        """
        from .cli.sources import from_preset

        return from_preset(cls, name, changes)

    # Searches

    @classmethod
    def search_space(cls, *names: str, base: Self | Mapping[str, Any] | None = None) -> Space:
        """What of these settings may vary in a sweep, as the schema says.

        Args:
            names: settings, with a range or choices where the schema's are not meant:
                `training.optimizer.learning_rate`, `training.optimizer.*`, `training`,
                `augmentation.angle=0..45`, `training.loss=dice,focal`. Without any, those that
                the schema says to be worth varying, by `x-search`.
            base: settings, or a config, over which all that varies lies; by default the defaults.

        Raises:
            SettingsError: a name leads nowhere, or to what cannot vary; it names every problem.
        """
        from .search.spaces import space_of

        return space_of(cls, names, base)

    # Values

    @property
    def extra(self) -> dict[str, Any]:
        """What keys without an attribute hold: JSON, or objects of a class that the schema says."""
        if self.__extra__ is None:
            self.__extra__ = {}
        return self.__extra__

    def validate(self) -> None:
        """Check these settings again, after changes.

        Raises:
            SettingsError: they do not fit the schema any more.
        """
        from .config.loading import validate

        validate(self)

    def copy(self) -> Self:
        """A deep copy."""
        from copy import deepcopy

        return deepcopy(self)

    @refuses_depth
    def replace(self, **changes: Any) -> Self:
        """A deep copy with other values for the named attributes, checked.

        Raises:
            SettingsError: the changed settings do not fit the schema.
            TypeError: a change names no attribute.
        """
        from .config.loading import replace

        return replace(self, changes)

    def __replace__(self, /, **changes: Any) -> Self:
        return self.replace(**changes)


def _take(cls: type[S], config: Any) -> S | None:
    """An object of `cls`, if `config` is JSON that fits as it stands."""
    compiled = cls.__brevetti__
    if compiled.rename is not None:
        return None
    settings = object.__new__(cls)
    notes: Notes = []
    try:
        if not compiled.load(config, settings, notes):
            return None
    except (RecursionError, TypeError, ValueError):  # an array is neither true nor false
        return None
    if notes:
        from .config.notices import warn

        warn(cls, config, notes)
    return settings


Settings.__take__ = classmethod(_take)


def fields(settings: Settings | type[Settings]) -> tuple[Field, ...]:
    """The properties of a settings class in the order of its schema, as `dataclasses.fields`."""
    return settings.__brevetti__.fields()


def main(cls: type[Settings]) -> None:
    """`python -m settings.training …`: print the config that the flags make, as JSON."""
    from .cli.program import run

    run(cls)
