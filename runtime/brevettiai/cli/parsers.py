"""The flags of a settings class in an `argparse` parser that belongs to someone else.

The namespace holds the texts as they were given; `from_namespace` reads them, so that all
problems are found at once. What is inside unions, lists and maps has no flags here, as argparse
must know all flags beforehand: those values are JSON as a whole, and lists are given by repeating.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ..json_values import is_array
from .describe import class_text, describe, group_text, group_title, placeholder
from .flags import Flag, find_flag, put_flag
from .layers import Parsed, copied
from .layout import visible
from .tree import Listed, listed_flags
from .values import is_repeatable

if TYPE_CHECKING:
    from ..compiled import Field
    from ..settings import Settings
    from .old_flags import OldPlace

    Group = argparse._ArgumentGroup  # pyright: ignore[reportPrivateUsage]


def add_arguments(cls: type[Settings], parser: argparse.ArgumentParser, prefix: str = "") -> None:
    """Add the flags of `cls` to `parser`, one group for each settings class.

    `--settings-file`, `--preset` and `--help` are left to the owner of the parser. Of a boolean
    there are `--x` and `--no-x`, neither with a value: argparse cannot tell one from the next
    positional argument. Nothing is added to the namespace for flags not given.

    Args:
        prefix: stands before every flag and every name in the namespace: `training.`.

    Raises:
        argparse.ArgumentError: the parser has one of the flags already.
    """
    title = visible(cls.__brevetti__.title or cls.__name__)
    groups: dict[tuple[str, ...], Group] = {}
    groups[()] = parser.add_argument_group(title, _literal_description(class_text(cls)))
    groups[()].add_argument(
        f"--{prefix.rstrip('.-_') or '.'}",
        dest=f"{prefix}.",
        action="append",
        default=argparse.SUPPRESS,
        metavar="JSON",
        help="many settings at once, as one JSON object",
    )
    for name in _removed(cls):
        gone: dict[str, Any] = {"dest": prefix + name, "default": argparse.SUPPRESS}
        groups[()].add_argument(f"--{prefix}{name}", nargs="?", help=argparse.SUPPRESS, **gone)
    for flag in _flags(cls):
        if flag.open:
            about = _literal_description(group_text(flag.field))
            groups[flag.path] = parser.add_argument_group(group_title(flag.field), about)
        group = groups[flag.path if flag.open else flag.path[:-1]]
        _add_flag(group, cls, flag, prefix)


def from_namespace(cls: type[Settings], namespace: argparse.Namespace, prefix: str = "") -> Parsed:
    """Read back what a parser with `add_arguments` parsed; other names are left alone.

    Flags of parts win over the JSON of what they are parts of, as the order in which they were
    given is lost. Values that are no text (from `set_defaults`, say) are taken as they are.
    """
    parsed = Parsed(cls, None)
    values = vars(namespace)
    root = f"--{prefix.rstrip('.-_') or '.'}"
    for text in values.get(f"{prefix}.", ()):
        put_flag(parsed, Flag((), None), text, root)
    for name in _removed(cls):
        if prefix + name in values and (flag_then := find_flag(cls, name)) is not None:
            put_flag(parsed, flag_then, values[prefix + name], f"--{prefix}{name}")
    for flag in _flags(cls):
        path, field = flag.path, flag.field
        for name in (*_old_names(cls, flag), flag.name):
            given = values.get(prefix + name, ())
            meant = find_flag(cls, name) or Flag(path, field)
            for value in given if is_array(given) and _appends(field) else [given]:
                typed = f"--{prefix}{name}"
                if isinstance(value, str):
                    put_flag(parsed, meant, value, typed)
                elif prefix + name in values:
                    said = meant.of_today(copied(value))
                    parsed.put(path, field, said, typed, appends=is_repeatable(field))
    return parsed


def _old_names(cls: type[Settings], flag: Listed) -> list[str]:
    names = [".".join((*flag.path[:-1], old)) for old in flag.field.old_keys]
    names += [".".join(place.old) for place in _old_places(cls) if place.new == flag.path]
    return [name for name in dict.fromkeys(names) if _stands_for(cls, name, flag.path)]


def _removed(cls: type[Settings]) -> list[str]:
    """The names of flags that nobody reads any more."""
    names = dict.fromkeys(".".join(place.old) for place in _old_places(cls) if place.new is None)
    found = ((name, find_flag(cls, name)) for name in names)
    return [name for name, flag in found if flag is not None and flag.was is not None]


def _old_places(cls: type[Settings]) -> list[OldPlace]:
    """Where settings were, and those that nobody reads any more."""
    if cls.__brevetti__.rename is None:
        return []
    from .old_flags import old_places

    return [place for place in old_places(cls) if not set(".".join(place.old)) & set("[]()")]


def _flags(cls: type[Settings]) -> list[Listed]:
    """The flags that argparse can have."""
    # Before Python 3.13 it cannot wrap a usage line with brackets in flags.
    return [
        flag
        for flag in listed_flags(cls, inside=False)
        if flag.name and not set(flag.name) & set("[]()")
    ]


def _add_flag(group: Group, cls: type[Settings], flag: Listed, prefix: str) -> None:
    path, field, name = flag.path, flag.field, flag.name
    options: dict[str, Any] = {"dest": prefix + name, "default": argparse.SUPPRESS}
    if "boolean" in field.kinds:
        value = placeholder(field)
        if value:
            options |= {"nargs": "?", "const": "true", "metavar": value}
        else:
            options |= {"action": "store_const", "const": "true"}
    else:
        options["metavar"] = placeholder(field)
        if _appends(field):
            options["action"] = "append"
    help_text = describe(field, flag.default, full=True, labelled=False).replace("%", "%%")
    if is_repeatable(field):
        help_text += " [may be repeated]"
    if field.cls is not None:
        help_text = "all of these as one JSON object"
    group.add_argument(f"--{prefix}{name}", help=help_text, **options)
    dashed = name.replace("_", "-")
    if dashed != name and _stands_for(cls, dashed, path):
        group.add_argument(f"--{prefix}{dashed}", help=argparse.SUPPRESS, **options)
    old_names = _old_names(cls, flag)
    for old in old_names:
        was: dict[str, Any] = {**options, "dest": prefix + old}
        group.add_argument(f"--{prefix}{old}", help=argparse.SUPPRESS, **was)
    if "boolean" in field.kinds:
        for negative in dict.fromkeys((name, dashed, *old_names)):
            if _stands_for(cls, f"no-{negative}", path):
                group.add_argument(
                    f"--no-{prefix}{negative}",
                    dest=prefix + (negative if negative in old_names else name),
                    action="store_const",
                    const="false",
                    default=argparse.SUPPRESS,
                    help="turn it off" if negative == name else argparse.SUPPRESS,
                )


def _appends(field: Field) -> bool:
    """Whether each use of the flag counts, not only the last."""
    return "boolean" not in field.kinds and (is_repeatable(field) or field.cls is not None)


def _stands_for(cls: type[Settings], name: str, path: tuple[str, ...]) -> bool:
    flag = find_flag(cls, name)
    return flag is not None and flag.path == path


def _literal_description(text: str) -> str | None:
    """A description that argparse prints as it is: it formats those that name `%(prog)`."""
    return (text.replace("%", "%%") if "%(prog)" in text else text) or None
