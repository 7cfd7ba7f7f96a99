"""What a reference says: the values that its templates lay out.

All texts are plain and visible; escaping them is up to the layout.
"""

from __future__ import annotations

from typing import NamedTuple

from brevettiai.cli.general import GENERAL_FLAGS


class Link(NamedTuple):
    """A place in the reference.

    Attributes:
        text: what it is called.
        file: the page of Markdown where it is, with forward slashes.
        anchor: what leads to it, on that page and in the page of HTML.
    """

    text: str
    file: str
    anchor: str


class Fact(NamedTuple):
    """One thing to know of a setting; `is_code` where the text is typed as it stands."""

    name: str
    text: str
    is_code: bool


class Setting(NamedTuple):
    """A setting, or something inside one.

    Attributes:
        path: as flags have it, with N for any index and KEY for any key.
        anchor: what leads to it.
        title: what it is called for people; "" where that says no more than its name.
        description: paragraphs.
        facts: in order: value, step, format, pattern, varies, secret, default, proposed, required,
            deprecated, example, preset, flag, whole, variable, old name, attribute. Some come
            several times.
        see: the section with what is inside it, where that stands further up.
    """

    path: str
    anchor: str
    title: str
    description: tuple[str, ...]
    facts: tuple[Fact, ...]
    see: Link | None

    @property
    def marks(self) -> list[str]:
        """Which of `required`, `deprecated` and `secret` it is."""
        return [f.name for f in self.facts if f.name in ("required", "deprecated", "secret")]


class Section(NamedTuple):
    """Settings that stand together: those of one class at one place.

    Attributes:
        path: of the setting that they are inside; "" at the top.
        anchor, title, description, facts: of that setting.
        depth: inside how many other sections it stands.
        class_name: of the settings; "" where sections of several kinds of objects follow.
        origin: the page of the class, where that is of another module.
        settings: those that have no section of their own.
    """

    path: str
    anchor: str
    title: str
    description: tuple[str, ...]
    facts: tuple[Fact, ...]
    depth: int
    class_name: str
    origin: Link | None
    settings: tuple[Setting, ...]


class PresetChange(NamedTuple):
    """What a preset makes of a setting, and what it is by default, if anything."""

    setting: Link
    value: str
    default: str


class Preset(NamedTuple):
    """A preset with what it changes against the defaults."""

    name: str
    changes: tuple[PresetChange, ...]


class Example(NamedTuple):
    """A config that is valid.

    Attributes:
        text: JSON.
        note: what is to be known of it, as of secrets that it does not show.
    """

    text: str
    note: str


class Use(NamedTuple):
    """A class of a module, and where other pages have its settings."""

    class_name: str
    links: tuple[Link, ...]


class Page(NamedTuple):
    """What there is to say of one schema.

    Attributes:
        module: its module, with dots.
        file: the page of Markdown, with forward slashes.
        anchor: what leads to it.
        source: the schema's file, below the folder that was given.
        class_name: of the root; "" for a root that can be no object, which has no settings.
        title, description: of the root.
        presets: those of the root.
        sections: the first is that of the root.
        example: None where no config was found that is valid.
        uses: the classes of this module whose settings stand on other pages too.
        changes: what changed since, in words.
    """

    module: str
    file: str
    anchor: str
    source: str
    class_name: str
    title: str
    description: tuple[str, ...] = ()
    presets: tuple[Preset, ...] = ()
    sections: tuple[Section, ...] = ()
    example: Example | None = None
    uses: tuple[Use, ...] = ()
    changes: tuple[str, ...] = ()

    @property
    def link(self) -> Link:
        """Where the page is."""
        return Link(self.title, self.file, self.anchor)

    @property
    def setting_count(self) -> int:
        """How many settings it has."""
        return sum(len(section.settings) for section in self.sections)


class Reference(NamedTuple):
    """All that is said.

    Attributes:
        pages: one for each schema, by module.
        general: the flags that all settings have, each with what it does.
        since: what the changes on the pages are counted from; "" where nobody asked.
        removed: what changed in schemas that are gone, in words.
    """

    pages: tuple[Page, ...]
    general: tuple[tuple[str, str], ...] = tuple(GENERAL_FLAGS.values())
    since: str = ""
    removed: tuple[str, ...] = ()
