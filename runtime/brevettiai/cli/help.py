"""The text of `--help`: the flags of a settings class, grouped as its schema is.

Texts of schemas come from strangers: control characters and the like are shown as escapes, so
that they cannot play with a terminal.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from textwrap import TextWrapper, dedent
from typing import TYPE_CHECKING, Any

from ..config.json_text import NotJSONText, parse_json
from ..messages.values import limits_text
from .tree import Listed, listed_flags
from .values import is_repeatable, takes_list, write_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..compiled import Field
    from ..settings import Settings

_MAX_WIDTH = 100
_MAX_LABEL = 34
"""Columns of a flag with its value, past which its description starts on the next line."""

_PLACEHOLDERS = {
    "number": "NUMBER",
    "integer": "INT",
    "string": "TEXT",
    "array": "JSON",
    "object": "JSON",
    "boolean": "true|false",
    "null": "null",
}


@dataclass(frozen=True)
class _Section:
    """A heading, a text under it, and rows of a flag and what it means."""

    heading: str
    text: str
    rows: tuple[tuple[str, str], ...]


def format_help(cls: type[Settings], prog: str | None = None, width: int | None = None) -> str:
    """The help of the command line of `cls`.

    Args:
        prog: the program's name in the usage line; by default as it was started.
        width: columns of the terminal; by default asked of it, and at most 100.
    """
    columns = width or min(shutil.get_terminal_size().columns - 1, _MAX_WIDTH)
    columns = max(columns, 40)
    sections = [*_sections(cls), _general(cls)]
    labels = [len(label) for section in sections for label, _ in section.rows]
    limit = min(_MAX_LABEL, columns // 2 - 4)
    column = max([length for length in labels if length <= limit], default=limit) + 4
    parts = [_usage(cls, prog or _program(), columns)]
    title = visible(cls.__brevetti__.title)
    about = "\n\n".join(filter(None, [title, class_text(cls)]))
    if about:
        parts.append(_paragraphs(about, columns, ""))
    parts += [_format_section(section, column, columns) for section in sections]
    parts.append(
        _paragraphs(
            "Settings files come first, then presets, then flags: the later wins. A dash may stand "
            "for an underscore.",
            columns,
            "",
        )
    )
    return "\n\n".join(parts) + "\n"


def describe(field: Field, *, with_choices: bool = False) -> str:
    """What people should know of a field in one paragraph: its text, then facts in brackets."""
    text = " ".join(visible(field.description or field.title).split())
    facts = [name for name in ("deprecated", "required") if getattr(field, name)]
    if field.choices and not field.secret and (with_choices or not _choices_placeholder(field)):
        facts.append(f"one of {_listed(map(_shown, field.choices))}")
    limits = limits_text(field.limits)
    if limits:
        facts.append(limits)
    if is_repeatable(field) and field.item_kinds:
        facts.append("may be repeated")
    if field.secret:
        facts.append("secret")
    elif field.default is not None:
        facts.append(f"default: {_default(field.default)}")
    note = f"[{'; '.join(map(_unbroken, facts))}]" if facts else ""
    return f"{text} {note}".strip()


def placeholder(field: Field) -> str:
    """What stands for a value in the help: `INT`, `TEXT|null`, `JSON`; "" for a boolean."""
    kinds = [kind for kind in field.kinds if kind != "boolean"]
    if takes_list(field) and field.item_kinds:
        kinds = [*field.item_kinds, *(kind for kind in kinds if kind == "null")]
    if len(kinds) >= 6 or not field.kinds:
        return "VALUE"
    names = [name for kind, name in _PLACEHOLDERS.items() if kind in kinds]
    if "number" in kinds and "integer" in kinds:
        names.remove("INT")
    return "|".join(dict.fromkeys(names))


def class_text(cls: type[Settings]) -> str:
    """The docstring of a class without the title that it may begin with."""
    doc = cls.__doc__ or ""
    first, _, rest = doc.lstrip().partition("\n")
    text = f"{first}\n{dedent(rest)}".strip()
    title = cls.__brevetti__.title
    if title and text.rstrip(".") == title.rstrip("."):
        return ""
    if title and first.strip().rstrip(".") == title.rstrip("."):
        text = dedent(rest).strip()
    return "\n\n".join(visible(part) for part in text.split("\n\n"))


def group_title(field: Field) -> str:
    """The heading of the settings inside a field: a title, else the key."""
    cls_title = field.cls.__brevetti__.title if field.cls is not None else ""
    return visible(field.title or cls_title or field.key)


def group_text(field: Field) -> str:
    return visible(field.description) or (class_text(field.cls) if field.cls is not None else "")


def visible(text: str) -> str:
    """`text` with whitespace as spaces, and what a terminal might obey or hide as escapes."""
    if text.isprintable():
        return text
    return "".join(map(_visible_character, text))


def _visible_character(char: str) -> str:
    if char.isprintable() or char in "\u200c\u200d":  # Joiners belong to many scripts.
        return char
    if char.isspace() and char not in "\x1c\x1d\x1e\x1f\x85":
        return " "
    return char.encode("unicode_escape").decode("ascii")


def _sections(cls: type[Settings]) -> list[_Section]:
    """The section of the class itself, then those of the classes inside it."""
    rows: dict[tuple[str, ...], list[tuple[str, str]]] = {(): []}
    heads: dict[tuple[str, ...], tuple[str, str]] = {(): ("Settings", "")}
    for flag in listed_flags(cls, inside=False):
        if flag.open:
            rows[flag.path] = []
            heads[flag.path] = _heading(flag), group_text(flag.field)
        else:
            rows[flag.path[:-1]].append((_label(flag), describe(flag.field)))
    return [
        _Section(*heads[path], tuple(rows[path])) for path in heads if rows[path] or heads[path][1]
    ]


def _heading(flag: Listed) -> str:
    field = flag.field
    facts = ["JSON|null" if "null" in field.kinds else "JSON"]
    facts += [name for name in ("required", "deprecated") if getattr(field, name)]
    return f"{group_title(field)} (--{flag.name} {', '.join(facts)})"


def _general(cls: type[Settings]) -> _Section:
    rows = [("--settings-file FILE", "Read settings from a JSON, TOML or YAML file.")]
    presets = cls.presets()
    if presets:
        names = _listed(map(_shown, presets))
        rows.append(("--preset NAME", f"Start from a preset: {names}."))
    rows.append(("--. JSON", "Many settings at once, as one JSON object."))
    rows.append(("-h, --help", "Show this help."))
    return _Section("General", "", tuple(rows))


def _label(flag: Listed) -> str:
    """A flag with what follows it: `--augmentation.angle INT`, `--[no-]flip`."""
    field, path = flag.field, flag.path
    value = _choices_placeholder(field) or placeholder(field)
    if not flag.name:
        above = ".".join(path[:-1]) or "."
        return f"--{above} '{{{visible(write_json(field.key))}: {value or 'true|false'}}}'"
    if "boolean" in field.kinds:
        return f"--[no-]{flag.name}" + (f" [{value}]" if value else "")
    return f"--{flag.name} {value}"


def _choices_placeholder(field: Field) -> str:
    """The choices, where they are short enough to stand for a value."""
    if field.secret or not field.choices or "boolean" in field.kinds:
        return ""
    text = "|".join(map(_shown, field.choices))
    return text if len(text) <= 24 and " " not in text else ""


def _usage(cls: type[Settings], prog: str, columns: int) -> str:
    required = [
        _label(flag)
        for flag in listed_flags(cls, inside=False)
        if len(flag.path) == 1 and flag.field.required and flag.field.cls is None
    ]
    words = [visible(prog), *(required if len(required) <= 5 else ()), "[FLAG ...]"]
    return _fill(" ".join(map(_unbroken, words)), columns, "usage: ", " " * 11)


def _program() -> str:
    """How this program was started, as a person would type it."""
    import os

    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    if spec is not None:
        return f"python -m {spec.name.removesuffix('.__main__')}"
    name = os.path.basename(sys.argv[0]) if sys.argv else ""
    return name if name.strip("-c") else "program"


def _format_section(section: _Section, column: int, columns: int) -> str:
    lines = [f"{section.heading}:"]
    if section.text:
        lines += [_paragraphs(section.text, columns, "  "), ""]
    for label, text in section.rows:
        start = f"  {label}"
        if len(start) + 2 > column or not text:
            lines.append(start)
            start = ""
        if text:
            lines.append(_fill(text, columns, start.ljust(column), " " * column))
    return "\n".join(lines).rstrip()


def _paragraphs(text: str, columns: int, indent: str) -> str:
    return "\n\n".join(_fill(part, columns, indent, indent) for part in text.split("\n\n"))


def _fill(text: str, columns: int, first: str, later: str) -> str:
    """`text` wrapped at spaces, but not at the no-break spaces of `_unbroken`."""
    wrapper = TextWrapper(columns, first, later, break_on_hyphens=False, break_long_words=False)
    return wrapper.fill(text).replace("\xa0", " ")


def _unbroken(text: str) -> str:
    return text.replace(" ", "\xa0") if len(text) <= 40 else text


def _default(text: str) -> str:
    try:
        value = parse_json(text)
    except NotJSONText:
        value = text
    return _shortened(_shown(value))


def _shown(value: Any) -> str:
    """A value as a person would type it: plain words bare, everything else as JSON."""
    if isinstance(value, str) and value and value.isprintable() and not set(value) & set(" \"'|,"):
        return _shortened(value)
    return _shortened(visible(write_json(value)))


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _listed(texts: Iterable[str]) -> str:
    """`a, b, c`, cut where it would fill more than a line or two."""
    names = list(texts)
    length = 0
    for index, name in enumerate(names):
        length += len(name) + 2
        if length > 120 and index >= 3 and len(names) - index > 1:
            return f"{', '.join(names[:index])}, … ({len(names) - index} more)"
    return ", ".join(names)
