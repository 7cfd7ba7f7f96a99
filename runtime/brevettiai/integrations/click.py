"""Commands of click and typer that take the flags of a settings class beside options of their own.

    @click.command(cls=settings_command(Training, click.Command))
    @click.option("--gpu", type=int)
    @click.pass_obj
    def train(settings, gpu): ...

With typer, `@app.command(cls=settings_command(Training, TyperCommand))` does the same, and the
settings are the `obj` of its context.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..cli.flags import parse
from ..cli.program import settings_of
from ..cli.unknown_flags import unknown_flag
from ..errors import SettingsError
from ..messages.secrets import MASK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..settings import Settings

Command = TypeVar("Command")

__all__ = ["settings_command"]


def settings_command(cls: type[Settings], command: type[Command]) -> type[Command]:
    """A class of commands as `command`, which leave the flags of `cls` to it.

    The settings are the `obj` of the command's context. Mistakes are usage errors, exit code 2.
    `--help` lists the settings beneath the options. Of a name that both have, it is the setting.
    """
    made = type(command.__name__, (_TakesSettings, command), {"settings_class": cls})
    return cast("type[Command]", made)


class _TakesSettings:
    # Neither library is imported: typer brings a click of its own along.
    settings_class: type[Settings]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        cls = self.settings_class
        command: Any = super()
        parsed = parse(cls, args, ignore_unknown=True)
        if parsed.help or parsed.completion:
            settings_of(cls, parsed, ctx.command_path, ends=True)
        if parsed.help is not None:
            parsed.rest.insert(0, "--help")
        else:
            self._refuse_unknown(ctx, parsed.rest)
        try:
            rest: list[str] = command.parse_args(ctx, parsed.rest)
        except Exception as error:
            _hide(error, parsed.hidden)
            raise
        if not ctx.resilient_parsing:
            try:
                ctx.obj = settings_of(cls, parsed, ctx.command_path, ends=False)
            except SettingsError as error:
                ctx.fail(str(error))
        return rest

    def _refuse_unknown(self, ctx: Any, words: list[str]) -> None:
        command: Any = self
        options = {name for each in command.get_params(ctx) for name in each.opts}
        options |= {name for each in command.get_params(ctx) for name in each.secondary_opts}
        flags = [word.partition("=")[0] for word in words[: (*words, "--").index("--")]]
        others = [name[2:] for name in options if name[:2] == "--"]
        for flag in flags:
            if flag[:2] == "--" and flag not in options:
                ctx.fail(unknown_flag(self.settings_class, flag, others))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        command: Any = super()
        command.format_help(ctx, formatter)
        _usage, _, flags = self.settings_class.format_help().partition("\n\n")
        formatter.write(f"\n{flags}")


def _hide(error: Any, words: Iterable[str]) -> None:
    """Take words that may be parts of secrets out of a library's message."""
    for word in words:
        if isinstance(getattr(error, "message", None), str):
            error.message = error.message.replace(word, MASK)
