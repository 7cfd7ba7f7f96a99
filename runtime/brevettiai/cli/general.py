"""The flags of every settings class: what help and completion say of them, and what they do."""

from __future__ import annotations

from ..json_values import is_array
from .names import Flag, find_flag
from .values import Unreadable, read_json
from .words import APPENDED, GENERAL, SHOWN_AS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .layers import Parsed
    from .names import Typed
    from .words import Words

HELP = ("-h, --help [NAME]", "Show this help, or all about a section or a flag.")
_FLAGS = {
    "settings-file": (
        "--settings-file FILE",
        "Read settings from a JSON, TOML or YAML file; NAME=FILE reads the one setting NAME.",
    ),
    "preset": ("--preset NAME", "Start from a preset."),
    "unset": ("--unset NAME", "Take back what presets, files and variables say of NAME."),
    ".": ("--. JSON", "Many settings at once, as one JSON object."),
    "show-settings": (
        "--show-settings[=FORMAT]",
        "Show all settings and where each comes from; =json, =toml or =yaml is a file of them.",
    ),
    "completion": ("--completion SHELL", "Print what completes these flags in bash, zsh or fish."),
    "help": HELP,
}
GENERAL_FLAGS = {name: row for name, row in _FLAGS.items() if name in GENERAL or name == "."}
"""By name, each with what follows it, and what it does."""


def note(
    parsed: Parsed,
    words: Words,
    name: str | None,
    text: str | None,
    flags: list[Typed],
    sources: list[tuple[str, str]],
) -> None:
    """Note what one of these flags says, `text` if that stands behind `=`, else the next words."""
    typed = f"--{name}"
    if name == "help":
        parsed.help = words.take_topic() if text is None else text
        return
    if name in ("show-settings", "show_settings"):
        _note_show(parsed, words, typed, text)
        return
    text = words.take_value() if text is None else text
    if text is None:
        parsed.refuse(f"{typed} needs a value")
    elif name == "completion":
        parsed.completion = text
    elif name == "unset":
        _add_unset(parsed, text.removeprefix("--"), flags)
    else:
        sources.append((str(name), text))


def _note_show(parsed: Parsed, words: Words, typed: str, text: str | None) -> None:
    if text is None and words.next_value() in SHOWN_AS:
        text = words.take_value()
    parsed.shows = "table" if text is None else text
    if parsed.shows not in SHOWN_AS:
        from ..messages.words import either

        parsed.refuse(f"{typed} must be {either(SHOWN_AS)}, not {text!r}")


def _add_unset(parsed: Parsed, name: str, flags: list[Typed]) -> None:
    """Add the flag that takes back the setting `name`, or the JSON list of its keys."""
    flag = find_flag(parsed.cls, name) or _by_keys(name)
    if flag is None or not flag.path or flag.negated or flag.path[-1] == APPENDED:
        from .unknown_flags import unknown_flag

        parsed.refuse(f"--unset {name}: {unknown_flag(parsed.cls, f'--{name}')}")
        return
    flag.unset = True
    flags.append((flag, None, f"--unset {name}"))


def _by_keys(text: str) -> Flag | None:
    try:
        keys = read_json(text, "") if text[:1] == "[" else None
    except Unreadable:
        return None
    if not is_array(keys) or not all(type(key) is str or type(key) is int for key in keys):
        return None
    return Flag((*keys,), None)
