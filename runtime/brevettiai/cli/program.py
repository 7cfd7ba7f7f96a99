"""What people see of a program with settings: its output, and the end that their mistakes bring."""

from __future__ import annotations

import sys

from ..errors import Problem, SettingsError
from ..messages.records import NamedTuple
from .output import write_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Literal, NoReturn, TypeVar

    from ..messages.secrets import Secrets
    from ..settings import Settings
    from .help import Manual
    from .layers import Parsed
    from .origins import Sourced

    S = TypeVar("S", bound=Settings)
    T = TypeVar("T")


def run(cls: type[Settings]) -> None:
    """Print the config that the flags on the command line make, as JSON, or what is wrong."""
    if cls.__module__ == "__main__":
        print("run it as a module of its package: python -m settings.<module>", file=sys.stderr)
        raise SystemExit(2)
    # The same class, unless what runs could not stand for the module.
    cls = getattr(__import__(cls.__module__, fromlist=[cls.__name__]), cls.__name__)
    settings = cls.from_args(prog=f"python -m {cls.__module__}")
    with _ending(True):
        text = settings.to_json(indent=2) + "\n"
    if not text.replace("\n", "").isprintable():  # Some of it, a terminal might obey.
        from .writing import Writer

        text = Writer().json(cls, settings.get_config())
    write_out(text)


def settings_of(cls: type[S], parsed: Parsed, prog: str | None, *, ends: bool) -> S:
    """The settings of a parsed command line, or the output that it asks for."""

    def load(layers: Parsed) -> S:
        from ..config.loading import load_read  # Help does without it.

        return load_read(cls, layers)

    def save(settings: S) -> Held:
        from ..messages.secrets import secrets_of

        public = settings.get_config(hide_secrets=True)
        return Held(settings.get_config(), public, secrets_of(cls.__brevetti__))

    return answered(parsed, load, save, prog, ends=ends)


def sourced(cls: type[S], parsed: Parsed, prog: str | None, *, ends: bool) -> Sourced[S]:
    """What `Settings.from_sources` gives."""
    from .origins import Origins, Sourced

    settings = settings_of(cls, parsed, prog, ends=ends)
    return Sourced(settings, Origins(parsed, settings.get_config()))


class Held(NamedTuple):
    """The config of settings, the same without its secrets, and where these lie."""

    config: dict[str, Any]
    public: dict[str, Any]
    secrets: Secrets


def answered(
    parsed: Parsed,
    load: Callable[[Parsed], T],
    save: Callable[[T], Held],
    prog: str | None,
    *,
    ends: bool,
) -> T:
    """What a command line asks for: settings, or an output that ends the process.

    Args:
        load: makes settings of what a command line says.
        prog: the program's name in the help.
        ends: whether mistakes end the process.

    Raises:
        SettingsError: the mistakes, with where values come from and how missing ones are given.
    """
    if parsed.completion:
        from .shells import respond

        parsed.refuse(respond(parsed.completion, parsed.cls))
    if parsed.help is not None:
        from .help import manual_of

        manual = manual_of(parsed.cls, env_prefix=parsed.env_prefix)
        show_help(manual, parsed.help, prog, ends=ends)
    with _ending(ends):
        try:
            settings = load(parsed)
            if parsed.shows:
                from .showing import shown

                text = shown(parsed, save(settings), lambda layers: save(load(layers)))
                write_out(text)
                raise SystemExit(0)
        except SettingsError as error:
            problems = [_told(parsed, problem) for problem in error.problems]
            raise SettingsError(problems, error.title) from None
    return settings


def _told(parsed: Parsed, problem: Problem) -> Problem:
    """A problem with the line in its file, and with what gives the value that is missing."""
    from ..messages.keywords import REQUIRED
    from .files import origin_text
    from .names import find_flag

    source, expected = origin_text(problem.source, problem.path), problem.expected
    name = ".".join(map(str, problem.path))
    flag = find_flag(parsed.cls, name) if expected == REQUIRED else None
    if flag is not None and flag.path == problem.path:
        name, other = f"--{name}", "--settings-file"
        if flag.field is not None and flag.field.secret:
            name += " @FILE"
            if parsed.env_prefix is not None:
                from .words import variable_of

                other = variable_of(parsed.env_prefix, flag.path)
            expected += ", and a secret, which stored results leave out"
        expected += f"; give {name} or {other}"
    return Problem(problem.path, expected, problem.given, source)


class mistakes_end:
    """Ends the process with the text of an error alone, and its exit code, else that of misuse.

    In an interactive session the error is raised: who sits there wants to go on.

    Args:
        mistakes: the errors that do so; none where all are to be raised.
    """

    def __init__(self, *mistakes: type[Exception]) -> None:
        self._mistakes = mistakes

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> Literal[False]:
        is_interactive = hasattr(sys, "ps1") or sys.flags.interactive
        if isinstance(error, self._mistakes) and not is_interactive:
            from .layout import visible

            # What was typed, or stands in a schema, must not play with a terminal.
            print("\n".join(map(visible, str(error).split("\n"))), file=sys.stderr)
            raise SystemExit(getattr(error, "exit_code", 2)) from None
        return False


def _ending(ends: bool) -> mistakes_end:
    return mistakes_end(SettingsError) if ends else mistakes_end()


def show_help(manual: Manual, topic: str, prog: str | None = None, *, ends: bool) -> NoReturn:
    """Print what a manual says of a topic, "" for all, and end the process.

    Args:
        ends: whether a topic that it does not know ends the process too, or is raised.
    """
    from .layout import Page, wants_colour

    with _ending(ends):
        text = manual.text(topic, prog, Page(colour=wants_colour(sys.stdout)))
    write_out(text)
    raise SystemExit(0)
