"""The base class of generated settings classes, and the errors that they raise.

Everything a settings class can do is here, in terms of what was compiled for it, its `Compiled`.
"""

from __future__ import annotations

from .binding import BoundCompiled, BoundInit, DeclaredSignature, MatchArgs, narrowed_names
from .errors import Problem, SettingsError, refuses_depth
from .json_values import UNSET, Unset, json_equal
from .modules import Shown, VueSettingsModule

__all__ = ["UNSET", "Problem", "Settings", "SettingsError", "Unset", "construct", "fields", "main"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, ClassVar, TypeVar

    from typing_extensions import Self

    from .compiled import Compiled, Field, Notes
    from .handwritten.builder import SchemaBuilder

    S = TypeVar("S", bound="Settings")


class Settings(Shown, VueSettingsModule):
    """Base of all generated settings classes."""

    __slots__ = ("__extra__", "__given__")
    __brevetti__: ClassVar[Compiled]
    __extra__: dict[str, Any] | None
    __given__: frozenset[str]
    if TYPE_CHECKING:
        __save__: ClassVar[Callable[[Any], dict[str, Any]]]
        __match_args__: ClassVar[tuple[str, ...]]
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

        return load(cls, config)

    def get_config(self, *, hide_secrets: bool = False) -> dict[str, Any]:
        """These settings as a plain JSON value, defaults included, in fresh containers.

        Properties that the schema marks `writeOnly` or `format: password` are left out with
        `hide_secrets`.

        Raises:
            SettingsError: an attribute was assigned that is no setting, or one was deleted.
        """
        try:
            config = self.__save__()
            if hide_secrets:
                from .show.shown import without_secrets

                without_secrets(self, config)
        except Exception as error:
            from .config.assigned import why_not_saved

            raise why_not_saved(self, error) from None
        return config

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Load the JSON text of a config.

        Raises:
            SettingsError: `text` is not JSON (with line and column), or does not fit the schema.
        """
        from .config.loading import parse_config

        return cls.from_config(parse_config(text))

    @refuses_depth
    def to_json(self, *, indent: int | None = None) -> str:
        """The config as JSON text, non-ASCII characters as they are."""
        from json import dumps

        return dumps(self.get_config(), indent=indent, ensure_ascii=False, allow_nan=False)

    # The command line

    @classmethod
    def from_args(
        cls,
        args: Sequence[str] | None = None,
        *,
        config: Mapping[str, Any] | None = None,
        ignore_unknown: bool = False,
        prog: str | None = None,
    ) -> Self:
        """Load settings from command line flags; `--help` prints them and exits.

        Args:
            args: the words; if None those of the process, where a mistake ends a process that is
                not interactive, with the problems on stderr and exit code 2.
            config: what `--settings-file`, `--preset` and the flags override.
            ignore_unknown: leave words alone that are no flags of these settings.
            prog: the program's name in the help.

        Raises:
            SettingsError: an unknown flag, a value that cannot be read, or settings that do not
                fit the schema. Each problem says which flag or file it came from.
        """
        from .cli.flags import parse

        parsed = parse(cls, args, config=config, ignore_unknown=ignore_unknown)
        if parsed.help is not None:
            from .cli.help import manual_of
            from .cli.program import show_help

            show_help(manual_of(cls), parsed.help, prog, ends=args is None)
        if not parsed.problems:
            settings = _take(cls, parsed.config)
            if settings is not None:
                return settings
        from .cli.program import load_said
        from .config.loading import load_read

        return load_said(cls, lambda: load_read(cls, parsed), ends=args is None)

    @refuses_depth
    def to_args(self) -> list[str]:
        """Flags from which `from_args` makes the same settings."""
        from .cli.flags import to_args

        return to_args(type(self), self.get_config())

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser, prefix: str = "") -> None:
        """Add the flags of these settings to a parser of your own.

        `from_namespace` reads them back from what `parse_args` gives.
        """
        from .cli.parsers import add_arguments

        add_arguments(cls, parser, prefix)

    @classmethod
    def from_namespace(cls, namespace: argparse.Namespace, prefix: str = "") -> Self:
        """Load settings from what a parser with `add_arguments` parsed.

        Raises:
            SettingsError: as `from_args`.
        """
        from .cli.parsers import from_namespace
        from .config.loading import load_read

        return load_read(cls, from_namespace(cls, namespace, prefix))

    @classmethod
    def format_help(cls, prog: str | None = None) -> str:
        """The text of `--help`."""
        from .cli.help import format_help

        return format_help(cls, prog)

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
        from .config.loading import from_preset

        return from_preset(cls, name, changes)

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
    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        from .config.copying import deep_copy

        return deep_copy(self, memo, Settings)

    @refuses_depth
    def replace(self, **changes: Any) -> Self:
        """A deep copy with other values for the named attributes, checked.

        Raises:
            SettingsError: the changed settings do not fit the schema.
            TypeError: a change names no attribute.
        """
        from .config.loading import replace

        return replace(self, changes)

    @refuses_depth
    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        assert isinstance(other, Settings)
        return json_equal(self.get_config(), other.get_config())

    __hash__ = None  # type: ignore[assignment]

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
    except (RecursionError, TypeError):
        return None
    if notes:
        from .config.notices import warn

        warn(cls, config, notes)
    return settings


def fields(settings: Settings | type[Settings]) -> tuple[Field, ...]:
    """The properties of a settings class in the order of its schema, as `dataclasses.fields`."""
    return settings.__brevetti__.fields()


def construct(settings: Settings, /, **given: Any) -> None:
    """Make of `settings` a whole object, whose attributes hold the arguments of its constructor.

    `given` are arguments that the attributes do not hold any more.

    Raises:
        SettingsError: the arguments do not fit the schema.
    """
    from .config.loading import construct as construct_carefully

    construct_carefully(settings, {**settings.__dict__, **given})


def construct_given(settings: Settings, /, **given: Any) -> None:
    """The constructor of classes whose schema says more than their properties.

    Raises:
        SettingsError: the arguments do not fit the schema.
        TypeError: one is missing, or is none of the attributes.
    """
    from .config.loading import arguments_of
    from .config.loading import construct as construct_carefully

    construct_carefully(settings, arguments_of(type(settings), given))


def main(cls: type[Settings]) -> None:
    """`python -m settings.training …`: print the config that the flags make, as JSON."""
    from .cli.program import run

    run(cls)
