"""Real classes to the contents of a reference, in the words of `--help NAME`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from brevettiai.cli.describe import group_title, json_value, label_of
from brevettiai.cli.help import Manual, manual_of
from brevettiai.cli.inside import kinds_of, rows_inside
from brevettiai.cli.pages import changes_of, facts_of
from brevettiai.cli.sections import Group, grouped, heading_of_kind
from brevettiai.cli.tree import Listed
from brevettiai.compiled import Field
from brevettiai.errors import visible
from brevettiai.form.describe import words_of
from brevettiai.settings import Settings

from ....json_values import is_object
from ....load import LoadedClass
from .contents import Fact, Link, Page, Preset, PresetChange, Section, Setting, Use
from .examples import example_of

#: Facts about how a setting is said; they come behind those about its values.
_WAYS = ("flag", "whole", "variable", "old name", "attribute")
_CODE = frozenset(["pattern", "default", "proposed", "example", *_WAYS])
_NOT_IN_ANCHORS = re.compile(r"[^A-Za-z0-9_.-]")

#: By module and name, where the settings of a class stand.
Uses = dict[tuple[str, str], list[Link]]


def pages_of(classes: Sequence[LoadedClass], env_prefix: str) -> list[Page]:
    """The pages of schemas, in the order of their modules.

    Args:
        classes: those of the roots.
        env_prefix: what environment variables begin with.
    """
    files = _files(".".join(loaded.source.module) for loaded in classes)
    uses: Uses = {}
    pages = [_Writer(loaded, files, uses, env_prefix).page() for loaded in classes]
    return [
        page._replace(
            uses=tuple(
                Use(name, tuple(links))
                for (module, name), links in sorted(uses.items())
                if module == page.module
            )
        )
        for page in pages
    ]


def _files(modules: Iterable[str]) -> dict[str, str]:
    """The page of each module; none is called as the index is."""
    files: dict[str, str] = {}
    taken = {"index.md"}
    for module in modules:
        name = module.replace(".", "/")
        while f"{name}.md".casefold() in taken:
            name += "_"
        files[module] = f"{name}.md"
        taken.add(files[module].casefold())
    return files


def _anchor(module: str, path: Iterable[str] = ()) -> str:
    """What leads to a place; without a path, to the page of a module."""
    text = "-".join([module, ".".join(path)]) if path else module
    return _NOT_IN_ANCHORS.sub(lambda found: f"_{ord(found[0]):x}_", text)


class _Writer:
    """Writes the page of one schema; notes in `uses` where classes of others stand on it."""

    def __init__(
        self, loaded: LoadedClass, files: dict[str, str], uses: Uses, env_prefix: str
    ) -> None:
        self._loaded = loaded
        self._files = files
        self._module = ".".join(loaded.source.module)
        self._file = files[self._module]
        self._uses = uses
        self._prefix = env_prefix
        #: How often each anchor was wanted.
        self._taken: dict[str, int] = {}
        #: The sections of classes, by their paths, and the first place of each path.
        self._sections: dict[type[Settings], dict[tuple[str, ...], Link]] = {}
        self._places: dict[tuple[str, ...], Link] = {}

    def page(self) -> Page:
        cls, source = self._loaded.cls, visible(self._loaded.source.uri_path)
        anchor = _anchor(self._module)
        if cls is None:
            return Page(self._module, self._file, anchor, source, "", self._module)
        manual = manual_of(cls, env_prefix=self._prefix)
        groups = grouped(manual.flags)
        # Anchors first: what is above links to what is below.
        inner = [_class_of(group, cls) for group in groups]
        places = [*map(self._places_of, groups, inner)]
        sections = [
            self._section(manual, group, cls_inside, *links)
            for group, cls_inside, links in zip(groups, inner, places, strict=True)
        ]
        return Page(
            self._module,
            self._file,
            anchor,
            source,
            cls.__name__,
            manual.title or cls.__name__,
            _paragraphs(cls.__brevetti__.description),
            tuple(self._presets(manual)),
            tuple(sections),
            example_of(cls),
        )

    def _places_of(self, group: Group, inner: type[Settings] | None) -> tuple[Link, list[Link]]:
        """The place of a section, and those of its settings."""
        path = group.path
        steps = path if group.kind is None else (*path, group.kind.cls.__name__)
        here = self._place(path, steps)
        if inner is not None:
            self._sections.setdefault(inner, {}).setdefault(path, here)
            module = _module_of(inner)
            if module != self._module and module in self._files:
                text = f"{self._module}: {here.text}"
                self._uses.setdefault((module, inner.__name__), []).append(here._replace(text=text))
        return here, [self._place(flag.path, flag.path) for flag in group.flags]

    def _place(self, path: tuple[str, ...], steps: tuple[str, ...]) -> Link:
        base = anchor = _anchor(self._module, steps or ("settings",))
        while anchor in self._taken:
            self._taken[base] += 1
            anchor = f"{base}-{self._taken[base]}"
        self._taken[anchor] = 1
        link = Link(_shown(path), self._file, anchor)
        self._places.setdefault(path, link)
        return link

    def _section(
        self,
        manual: Manual,
        group: Group,
        inner: type[Settings] | None,
        here: Link,
        places: Sequence[Link],
    ) -> Section:
        head, kind = group.head, group.kind
        above = group.above
        title = "Settings"
        description: tuple[str, ...] = ()
        facts: tuple[Fact, ...] = ()
        if kind is not None and above is not None:
            title = heading_of_kind(group, above.tag)
            description = _paragraphs(kind.cls.__brevetti__.description)
        elif head is not None:
            title = group_title(head.field)
            description = _paragraphs(head.field.description)
            facts = self._facts(manual, head, above, _told_below(head, group))
        module = "" if inner is None else _module_of(inner)
        origin = None
        if module != self._module and module in self._files:
            origin = Link(module, self._files[module], _anchor(module))
        flags = zip(group.flags, places, strict=True)
        return Section(
            here.text,
            here.anchor,
            title,
            description,
            facts,
            group.depth,
            "" if inner is None else inner.__name__,
            origin,
            tuple(self._setting(manual, flag, group, place) for flag, place in flags),
        )

    def _setting(self, manual: Manual, flag: Listed, group: Group, place: Link) -> Setting:
        field = flag.field
        title = " ".join(visible(field.title).split())
        if title.casefold() == words_of(field.key).casefold():
            title = ""
        return Setting(
            place.text,
            place.anchor,
            title,
            _paragraphs(field.description),
            self._facts(manual, flag, group if group.kind else None),
            self._elsewhere(flag),
        )

    def _facts(
        self,
        manual: Manual,
        flag: Listed,
        of_kind: Group | None,
        left_out: frozenset[str] = frozenset(),
    ) -> tuple[Fact, ...]:
        field = flag.field
        found = [("flag", label_of(flag)), *facts_of(manual, flag, of_kind)]
        found = [(name, text.lstrip("$") if name == "variable" else text) for name, text in found]
        if field.attribute != field.key:
            found.append(("attribute", field.attribute))
        found.sort(key=lambda fact: _WAYS.index(fact[0]) if fact[0] in _WAYS else -1)
        return tuple(
            Fact(name, visible(text), name in _CODE)
            for name, text in found
            if text and name not in left_out and name != "kind"
        )

    def _elsewhere(self, flag: Listed) -> Link | None:
        """The section in which the settings inside a closed one stand: one around it, if any."""
        known = [] if flag.open else [*map(self._sections.get, _classes_in(flag.field))]
        found = [places for places in known if places]
        for length in range(len(flag.path), -1, -1):
            for places in found:
                if flag.path[:length] in places:
                    return places[flag.path[:length]]
        return next(iter(found[0].values())) if found else None

    def _presets(self, manual: Manual) -> Iterator[Preset]:
        for name, preset in manual.presets.items():
            changes = tuple(
                PresetChange(self._nearest(path), visible(value), visible(default))
                for path, value, default in changes_of(manual, preset)
                if value != default
            )
            yield Preset(" ".join(visible(name).split()), changes)

    def _nearest(self, path: tuple[str, ...]) -> Link:
        """Where a setting stands, or else the one that it is inside."""
        found = next(
            self._places[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self._places
        )
        return found._replace(text=_shown(path))


def _shown(path: Iterable[str]) -> str:
    return " ".join(visible(".".join(path)).split(" "))


def _paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, without the line ends in them."""
    parts = (" ".join(visible(part).split()) for part in text.split("\n\n"))
    return tuple(filter(None, parts))


def _told_below(head: Listed, group: Group) -> frozenset[str]:
    """What is told with the settings inside a setting; nothing where it is a list or a map."""
    if not (head.field.cls or group.kinds):
        return frozenset()
    told = {"preset"}
    if head.field.kinds == ("object",):
        told.add("value")
    if head.default is not None and is_object(json_value(head.default)):
        told.add("default")
    return frozenset(told)


def _class_of(group: Group, root: type[Settings]) -> type[Settings] | None:
    """The class of the settings of a group; None where they are of several."""
    if group.kind is not None:
        return group.kind.cls
    classes = [root] if group.head is None else _classes_in(group.head.field)
    return classes[0] if len(classes) == 1 else None


def _classes_in(field: Field) -> list[type[Settings]]:
    """The classes of the objects that are or lie in values of a field."""
    found = [kind.cls for kind in kinds_of(field).kinds]
    for step, row in rows_inside(field):
        # What objects of a class have under other keys is not in values of the field, but in them.
        if step != "KEY" or not found:
            found += _classes_in(row)
    return list(dict.fromkeys(found))


def _module_of(cls: Any) -> str:
    """The module of a class in its package."""
    return str(cls.__module__).partition(".")[2]
