"""The text of `--help`: all flags of some settings, grouped as their schema is, or one name's.

`--help training` has all that is known of a section, `--help training.epochs` all of a flag.
"""

from __future__ import annotations

import os
import sys

from ..errors import Problem, SettingsError
from ..messages.secrets import masked, secrets_of
from ..messages.words import counted
from .describe import class_text, group_text, group_title, label_of, shown
from .general import GENERAL_FLAGS
from .layout import Page, Section, unbroken, visible
from .sections import Group, grouped, sections_of
from .tree import Listed, listed_flags
from .words import meant, variable_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from ..settings import Settings

_MORE = "--help preset shows what they change."
_MANY = 64
"""How many flags are read as one text; of more, those inside sections are left to `--help NAME`."""


class Manual:
    """What there is to read about a program with settings.

    Attributes:
        name: of the settings class, which errors begin with.
        title, about: of all settings; `about` has paragraphs.
        flags: as `listed_flags` lists them.
        general: the flags of every program with such settings.
        own: other sections, those of the program itself.
        topics: by a name that help can be asked about, sections that only then are shown; their
            flags can be asked about as well, where no setting has their name.
        presets: by name, the config that each gives.
        closing: a paragraph at the end.
        find: the setting that a name means which is not listed, an old one say.
        unknown: the message about a flag that nobody has, if it is one of its own.
        env_prefix: what the environment variables of settings begin with, None without such.
    """

    def __init__(
        self,
        flags: Sequence[Listed],
        *,
        name: str = "",
        title: str = "",
        about: str = "",
        general: Sequence[tuple[str, str]] = (),
        own: Sequence[Section] = (),
        topics: Mapping[str, Sequence[Section]] = {},
        presets: Mapping[str, Mapping[str, Any]] | None = None,
        closing: str = "",
        find: Callable[[str], Listed | None] = lambda name: None,
        unknown: Callable[[str, Iterable[str]], str] | None = None,
        env_prefix: str | None = None,
    ) -> None:
        self.flags = flags
        self.name = name
        self.title = title
        self.about = about
        self.general = Section("General", "", general)
        self.own = own
        self.topics = topics
        self.presets = presets or {}
        self.closing = closing
        self.find = find
        self.unknown = unknown
        self.env_prefix = env_prefix

    def text(self, name: str, prog: str | None, page: Page) -> str:
        """What `--help` prints, with a `name` behind it what is known of that.

        Raises:
            SettingsError: nothing has this name.
        """
        if name:
            return page.lay_out(self._about(name.lstrip("-").partition("=")[0] or name)) + "\n"
        groups = grouped(_advertised(self.flags))
        sections = [*_sections(groups, _MANY), self.general]
        usage = page.usage([visible(prog or program()), *self._required(), "[FLAG ...]"])
        closing = self.closing
        if any(
            ".KEY" in label or "]KEY." in label or label[:6] == "--KEY."
            for section in sections
            for label, _ in section.rows
        ):
            closing += " KEY stands for any name."
        last = [*self.own, *self._environment()]
        text = page.lay_out([self.title, self.about, *sections, closing, *last])
        return f"{usage}\n\n{text}\n"

    def variable(self, flag: Listed) -> str:
        """The environment variable that stands for a flag, "" where there is none."""
        if self.env_prefix is None or not flag.name:
            return ""
        return variable_of(self.env_prefix, flag.path)

    def _about(self, name: str) -> Iterable[Section]:
        """All that is known of a section, a flag or the presets."""
        from .pages import about_flag, about_presets

        if name in self.topics:
            return self.topics[name]
        # At the top these go before settings, which have no flags of the same names.
        others = _rows_by_name([self.general, *self.own])
        known = meant(name, others)
        if known is not None and known != "preset":
            return [Section(*others[known], ())]
        flags = self._named(name) if known is None else ()
        paths = {flag.path for flag in flags if flag.open}
        if paths:
            below = [flag for flag in self.flags if any(_is_in(flag, path) for path in paths)]
            return _sections(grouped(below)[1:], 4 * _MANY, full=True)
        if flags:
            groups = grouped(self.flags)
            return [about_flag(self, flag, groups) for flag in flags]
        if name in ("preset", "presets"):
            return about_presets(self)
        for sections in self.topics.values():
            rows = _rows_by_name(sections)
            if (known := meant(name, rows)) is not None:
                return [Section(*rows[known], ())]
        raise SettingsError([Problem((), self._message(f"--{name}", others))], self.name)

    def _environment(self) -> Iterator[Section]:
        named = [flag for flag in self.flags if flag.name and not flag.open]
        for example in [*[flag for flag in named if len(flag.path) > 1], *named][:1]:
            if variable := self.variable(example):
                text = f"Under each flag lies a variable: {variable} under --{example.name}."
                yield Section("Environment", text, ())

    def _message(self, typed: str, others: Iterable[str]) -> str:
        """What there is to say about a flag that nobody has, neither settings nor `others`."""
        if self.unknown is not None:
            return self.unknown(typed, others)
        from .unknown_flags import suggestion

        names = {flag.name: "boolean" in flag.field.kinds for flag in self.flags if flag.name}
        return suggestion(typed, dict.fromkeys(others, False) | names)

    def _required(self) -> Sequence[str]:
        """The flags at the top that must be given, if they are few."""
        required = [
            label_of(flag)
            for flag in self.flags
            if len(flag.path) == 1 and flag.field.required and not flag.open
        ]
        return required if len(required) <= 5 else ()

    def _named(self, name: str) -> Sequence[Listed]:
        """The flags that a name stands for: several where kinds of objects share it."""
        for fits in (_is_exactly, _is_meant, _was, _may_be):
            found = [flag for flag in self.flags if fits(flag, name)]
            if found:
                return found
        other = self.find(name)
        if other is None:
            return []
        return [flag for flag in self.flags if flag.path == other.path] or [other]


def format_help(cls: type[Settings], prog: str | None = None, width: int | None = None) -> str:
    """The help of the command line of `cls`, without colour.

    Args:
        prog: the program's name in the usage line; by default as it was started.
        width: columns of the terminal; by default asked of it, and at most 100.
    """
    return manual_of(cls).text("", prog, Page(width))


def manual_of(
    cls: type[Settings],
    own: Sequence[Section] = (),
    env_prefix: str | None = None,
    topics: Mapping[str, Sequence[Section]] = {},
) -> Manual:
    """The manual of a settings class.

    Args:
        own, topics: sections of the program around it, as `Manual` has them.
        env_prefix: what its environment variables begin with, if there are any.
    """
    from .names import find_flag

    def find(name: str) -> Listed | None:
        flag = find_flag(cls, name)
        if flag is None or flag.field is None:
            return None
        path = tuple(map(str, flag.path))
        row = secrets.at(*flag.path).told(flag.field)
        return Listed(path, row, False, ".".join(path), None, row.default)

    def unknown(typed: str, others: Iterable[str]) -> str:
        from .unknown_flags import unknown_flag

        return unknown_flag(cls, typed, others)

    secrets = secrets_of(cls.__brevetti__)
    presets = {name: masked(preset, secrets) for name, preset in cls.presets().items()}
    variables = "" if env_prefix is None else "environment variables over them, "
    return Manual(
        listed_flags(cls),
        name=cls.__name__,
        title=visible(cls.__brevetti__.title),
        about=class_text(cls),
        general=_general(presets),
        own=own,
        topics=topics,
        presets=presets,
        closing="Presets and settings files count in the order typed, "
        f"{variables}flags over them. A dash may stand for an underscore.",
        find=find,
        unknown=unknown,
        env_prefix=env_prefix,
    )


def program() -> str:
    """How this program was started, as a person would type it."""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    if spec is not None:
        return f"python -m {spec.name.removesuffix('.__main__')}"
    name = os.path.basename(sys.argv[0]) if sys.argv else ""
    return name if name.strip("-c") else "program"


def _general(presets: Iterable[str]) -> list[tuple[str, str]]:
    names = ", ".join(map(shown, presets))
    rows = {**GENERAL_FLAGS}
    rows["preset"] = ("--preset NAME", f"Start from a preset: {names}. {_MORE}")
    return [row for name, row in rows.items() if names or name != "preset"]


def _sections(groups: Sequence[Group], limit: int, *, full: bool = False) -> list[Section]:
    """Sections of groups; of more flags than `limit` the first, and a list of what is below."""
    path = groups[0].path
    own = [group for group in groups if group.path == path]
    if sum(len(group.flags) for group in groups) <= limit or len(own) == len(groups):
        return sections_of(groups, full=full)
    below = [group for group in groups if group.path != path]
    return [*sections_of(own, full=full), _contents(below)]


def _contents(groups: Sequence[Group]) -> Section:
    """The outermost sections of groups, each with what it is and how many flags it has."""
    rows: dict[tuple[str, ...], tuple[str, str]] = {}
    for group in groups:
        inner = group.path
        if group.head is None or any(_is_in(group.head, known) for known in rows):
            continue
        count = sum(len(other.flags) for other in groups if other.path[: len(inner)] == inner)
        title, text = group_title(group.head.field), group_text(group.head.field)
        texts = [title if title != inner[-1] else "", text.partition(". ")[0].rstrip(".")]
        about = ": ".join(filter(None, texts))
        note = f"[{counted(count, 'flag')}]"
        rows[inner] = ".".join(inner), f"{about} {unbroken(note)}".strip()
    return Section("Sections, each shown by --help NAME", "", [*rows.values()])


def _advertised(flags: Iterable[Listed]) -> Iterator[Listed]:
    """The flags without deprecated ones, and what is inside those, unless they must be given."""
    hidden: list[tuple[str, ...]] = []
    for flag in flags:
        if flag.field.deprecated and not flag.field.required:
            hidden.append(flag.path)
        elif not any(_is_in(flag, path) for path in hidden[-1:]):
            yield flag


def _is_in(flag: Listed, path: tuple[str, ...]) -> bool:
    return flag.path[: len(path)] == path


def _rows_by_name(sections: Iterable[Section]) -> dict[str, tuple[str, str]]:
    """The rows of sections by the flags that they name, each the first one."""
    rows = [row for section in sections for row in section.rows]
    return {known: row for row in reversed(rows) for known in _names(row[0])}


def _names(label: str) -> list[str]:
    """The flags that a label names, without dashes."""
    words = (word.partition("[")[0] for word in label.split(" ") if word[:2] == "--")
    return [word[2:] for word in words]


def _is_exactly(flag: Listed, name: str) -> bool:
    return ".".join(flag.path) == name


def _is_meant(flag: Listed, name: str) -> bool:
    return meant(name, [".".join(flag.path)]) is not None


def _was(flag: Listed, name: str) -> bool:
    """Whether a name is an old one of the flag."""
    above, _, last = name.rpartition(".")
    return ".".join(flag.path[:-1]) == above and last in flag.field.old_keys


def _may_be(flag: Listed, name: str) -> bool:
    """Whether a name means the flag with an index or a key for what stands for any."""
    steps = name.split(".")
    return len(steps) == len(flag.path) and all(
        meant(step, [known]) or known == "KEY" or (known == "N" and (step.isdigit() or step == "+"))
        for step, known in zip(steps, flag.path, strict=True)
    )
