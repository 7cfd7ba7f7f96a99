"""The command line of settings: flags, help, settings files, layers."""

from __future__ import annotations

from ..errors import refuses_depth

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence
    from os import PathLike
    from typing import Any

    from typing_extensions import Self

    from .origins import Sourced


class CommandLine:
    """What a settings class makes of words and files, and words and files of its settings.

    A part of `Settings`, the `owner` below, whose `__take__` loads a config that fits as it stands.
    """

    __slots__ = ()

    @classmethod
    def from_file(cls, path: str | PathLike[str]) -> Self:
        """Load the config in a JSON, TOML or YAML file, as its suffix says.

        Raises:
            SettingsError: the file cannot be read, or does not fit the schema; with the line.
        """
        from .config_files import from_file

        owner: Any = cls
        settings: Self = from_file(owner, path)
        return settings

    def to_file(self, path: str | PathLike[str], *, hide_secrets: bool = False) -> None:
        """Write the config to a JSON, TOML or YAML file, which appears whole.

        Raises:
            SettingsError: the language has no word for one of the values.
        """
        from .config_files import to_file

        settings: Any = self
        to_file(settings, path, hide_secrets=hide_secrets)

    @classmethod
    def from_args(
        cls,
        args: Sequence[str] | None = None,
        *,
        config: Mapping[str, Any] | None = None,
        env_prefix: str | None = None,
        ignore_unknown: bool = False,
        prog: str | None = None,
    ) -> Self:
        """Load settings from flags, and the presets, files and variables that flags lie over.

        `--help` prints the flags and exits, `--show-settings` the settings.

        Args:
            args: the words; if None those of the process, where a mistake ends a process that is
                not interactive, with the problems on stderr and exit code 2.
            config: stored settings, over which all others lie.
            env_prefix: `"TRAIN"` lets the variable `TRAIN__TRAINING__EPOCHS` be read.
            ignore_unknown: leave words alone that are no flags of these settings.
            prog: the program's name in the help.

        Raises:
            SettingsError: an unknown flag, a value that cannot be read, or settings that do not
                fit the schema. Each problem says where the value came from.
        """
        from .flags import parse

        owner: Any = cls
        parsed = parse(
            owner, args, config=config, env_prefix=env_prefix, ignore_unknown=ignore_unknown
        )
        if not (parsed.problems or parsed.help is not None or parsed.shows or parsed.completion):
            settings: Self | None = owner.__take__(parsed.config)
            if settings is not None:
                return settings
        from .program import settings_of

        answer: Self = settings_of(owner, parsed, prog, ends=args is None)
        return answer

    @classmethod
    def from_sources(
        cls,
        args: Sequence[str] | None = None,
        *,
        config: Mapping[str, Any] | None = None,
        files: Sequence[str | PathLike[str]] = (),
        presets: Sequence[str] = (),
        env_prefix: str | None = None,
        ignore_unknown: bool = False,
        prog: str | None = None,
    ) -> Sourced[Self]:
        """As `from_args`, but gives a pair: the `settings`, and the `origins` of their values.

        Args:
            files: settings files, over the presets and under those on the command line.
            presets: the names of presets.
        """
        from os import fspath

        from .flags import parse
        from .program import sourced

        owner: Any = cls
        given: dict[str, Any] = {"config": config, "env_prefix": env_prefix}
        sources = [("preset", name) for name in presets]
        sources += [("settings-file", fspath(file)) for file in files]
        parsed = parse(owner, args, sources=sources, ignore_unknown=ignore_unknown, **given)
        found: Sourced[Self] = sourced(owner, parsed, prog, ends=args is None)
        return found

    @refuses_depth
    def to_args(self) -> list[str]:
        """The fewest flags from which `from_args` makes the same settings."""
        from .saying import shortest_args

        settings: Any = self
        owner: Any = type(self)
        return shortest_args(owner, settings.get_config())

    @classmethod
    def add_arguments(cls, parser: argparse.ArgumentParser, prefix: str = "") -> None:
        """Add the flags of these settings to a parser of your own.

        `from_namespace` reads them back from what `parse_args` gives.
        """
        from .parsers import add_arguments

        owner: Any = cls
        add_arguments(owner, parser, prefix)

    @classmethod
    def from_namespace(cls, namespace: argparse.Namespace, prefix: str = "") -> Self:
        """Load settings from what a parser with `add_arguments` parsed.

        Raises:
            SettingsError: as `from_args`.
        """
        from ..config.loading import load_read
        from .parsers import from_namespace

        owner: Any = cls
        settings: Self = load_read(owner, from_namespace(owner, namespace, prefix))
        return settings

    @classmethod
    def format_help(cls, prog: str | None = None) -> str:
        """The text of `--help`."""
        from .help import format_help

        owner: Any = cls
        return format_help(owner, prog)
