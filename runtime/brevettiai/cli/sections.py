"""Flags under headings: those of a class, of what lies inside it, of each kind of object there."""

from __future__ import annotations

from functools import cached_property

from ..classes import Field
from ..json_values import is_object
from .describe import (
    class_text,
    describe,
    facts_text,
    group_text,
    group_title,
    json_value,
    label_of,
    shown,
)
from .inside import rows_inside
from .layout import Section, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .inside import Kind
    from .tree import Listed

    Row = tuple[str, str]


class Group:
    """The flags that stand under one heading, in order.

    Attributes:
        head: the setting that they are inside, None for the root.
        kind: the kind of its objects that has them, where they can be of several.
        kinds: the groups of all kinds, of a group for a setting with several.
        above: the group in which this one is shown, as one of its kinds or inside one.
        depth: how many those are.
    """

    def __init__(self, head: Listed | None, kind: Kind | None, above: Group | None) -> None:
        self.head = head
        self.kind = kind
        self.above = above
        self.depth: int = 0 if above is None else above.depth + 1
        self.flags: list[Listed] = []
        self.kinds: list[Group] = []

    @property
    def path(self) -> tuple[str, ...]:
        """That of the setting that they are inside."""
        return () if self.head is None else self.head.path

    @cached_property
    def tag(self) -> Listed | None:
        """The flag that chooses between the kinds, with all that it can be."""
        for flag in self.kinds[0].flags if self.kinds else ():
            same = [other for kind in self.kinds for other in kind.flags if other.path == flag.path]
            tags = [kind.kind.tags for kind in self.kinds if kind.kind is not None]
            if flag.name and [other.field.choices for other in same] == tags:
                choices = tuple(tag for each in tags for tag in each)
                text = flag.field.description or flag.field.title or "Which of these it is."
                kinds = " ".join(flag.field.kinds)
                field = Field(flag.field.key, kinds, choices=choices, description=text)
                defaults = [other.default for other in same if other.default is not None]
                # Of several, each is that of its kind: none says which kind it is.
                default = defaults[0] if len(defaults) == 1 else None
                return flag._replace(field=field, default=default)
        return None


def grouped(flags: Iterable[Listed]) -> list[Group]:
    """The groups of flags, as `listed_flags` lists them, in the order of their headings."""
    groups = [Group(None, None, None)]
    places: dict[tuple[str, ...], Group] = {(): groups[0]}
    of_kinds: dict[tuple[Group, type], Group] = {}
    for flag in flags:
        above = flag.path[:-1]
        while above not in places:  # Indices and keys have no place of their own.
            above = above[:-1]
        group = places[above]
        if group.head is not None and flag.kind is not None and flag.kind != group.head.kind:
            key = (group, flag.kind.cls)  # Tags may be lists.
            if key not in of_kinds:
                of_kinds[key] = Group(group.head, flag.kind, group)
                group.kinds.append(of_kinds[key])
                groups.append(of_kinds[key])
            group = of_kinds[key]
        if flag.open:
            places[flag.path] = Group(flag, None, group if group.kind else group.above)
            groups.append(places[flag.path])
        else:
            group.flags.append(flag)
    return groups


def sections_of(groups: Iterable[Group], *, full: bool = False) -> list[Section]:
    """Groups with what there is to say about their flags; those without anything are left out.

    What is the same in all kinds of a setting stands before them.
    """
    sections: list[Section] = []
    told: dict[int, tuple[Listed | None, list[Row]]] = {}
    for group in groups:
        if group.kind is not None and id(group) in told:
            sections.append(_section_of_kind(group, *told[id(group)], full))
            continue
        rows = _rows(group.flags, full)
        if group.kinds:
            tag, of_kinds = group.tag, [_rows(kind.flags, full) for kind in group.kinds]
            shared = [row for row in of_kinds[0] if all(row in others for others in of_kinds)]
            told |= {id(kind): (tag, shared) for kind in group.kinds}
            rows += _rows([tag] if tag else [], full) + shared
        if group.head is None:
            section = Section("Settings", "", rows)
        else:
            section = Section(
                _heading(group.head), _about(group, group.head, full), rows, group.depth
            )
        if section.rows or section.text or group.kinds:
            sections.append(section)
    return sections


def heading_of_kind(group: Group, tag: Listed | None) -> str:
    """What kind of object has the flags of a group, and the flag that chooses it."""
    assert group.kind is not None
    cls, tags = group.kind
    words = "|".join(map(shown, tags))
    title = visible(cls.__brevetti__.title) or words or cls.__name__
    return title if tag is None else f"{title} (--{tag.name} {words})"


def _section_of_kind(
    group: Group, tag: Listed | None, shared: Sequence[Row], full: bool
) -> Section:
    flags = [flag for flag in group.flags if tag is None or flag.path != tag.path]
    rows = [row for row in _rows(flags, full) if row not in shared]
    about = class_text(group.kind.cls) if group.kind is not None else ""
    return Section(heading_of_kind(group, tag), about, rows, group.depth)


def _rows(flags: Iterable[Listed], full: bool) -> list[Row]:
    return [(label_of(flag), describe(flag.field, flag.default, full=full)) for flag in flags]


def _heading(head: Listed) -> str:
    return f"{group_title(head.field)} ({label_of(head)})" if head.name else group_title(head.field)


def _about(group: Group, head: Listed, full: bool) -> str:
    """What there is to say about a setting with others inside, apart from those."""
    field, default = head.field, head.default
    if default is not None and (field.cls or group.kinds) and is_object(json_value(default)):
        default = None  # It is told with the flags of its parts.
    steps = [step for step, _ in rows_inside(field)]
    counted = f"N counts from 0; --{head.name}.+ JSON adds one at the end."
    texts = [
        group_text(field),
        "It is of one of these kinds." if group.kinds and not group.tag else "",
        counted if "N" in steps else "",
        "KEY stands for any name." if "KEY" in steps else "",
        facts_text(field, default, full=full),
    ]
    return " ".join(filter(None, texts))
