"""The settings of two versions side by side: what changed about each, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import zip_longest
from typing import Any

from brevettiai.classes import Field
from brevettiai.config.growing import scaled
from brevettiai.json_values import json_equal
from brevettiai.messages.secrets import HIDDEN
from brevettiai.messages.values import content_text, limits_text
from brevettiai.messages.words import exactly, listed

from ....compile.scopes import DynamicScopes
from ....meaning import Meaning
from ....model import types
from ....model.fields import field_of
from ....model.types import ClassKey, Model, Module, Property, SettingsClass, Type
from ....schema.nodes import Node
from ....schema.recognise import VERSION_KEY
from ...lint.old_configs import declared
from .change import GIVEN, Change, name_of, place_of
from .presets import changed_presets


@dataclass(frozen=True)
class _Setting:
    """A property of one version."""

    meaning: Meaning
    cls: SettingsClass
    prop: Property
    #: What the other version multiplies its values by.
    scale: Any = None

    @cached_property
    def row(self) -> Field:
        return field_of(self.prop, self.meaning.model)

    def read(self, value: Any) -> Any:
        """A value of it as the other version reads it."""
        return value if self.scale is None else scaled(value, self.scale)

    @cached_property
    def hides(self) -> bool:
        """Whether it is a secret, can hold one, or lies in one."""
        secret = self.meaning.scopes.hiding, _in_secrets(self.meaning.model, self.meaning.scopes)
        return not all(nodes.isdisjoint(self.prop.nodes) for nodes in secret)

    def told(self, value: Any, *, hides: bool = False) -> str:
        """What the schema says of it, as messages show it; `hides` if another version hides it."""
        return HIDDEN if self.hides or hides else exactly(value)

    @property
    def can_be_absent(self) -> bool:
        return not self.prop.required and self.prop.fill is None


def _is_versioned(cls: SettingsClass) -> bool:
    """Whether a class is a root whose schema says which version it is."""
    found = [prop for prop in cls.properties if cls.is_root and prop.key == VERSION_KEY]
    return any(prop.nodes[0].get("enum") == [prop.nodes[0].get("default")] for prop in found)


@lru_cache(maxsize=2)
def _in_secrets(model: Model, scopes: DynamicScopes) -> set[Node]:
    """All schemas of what is secret, and of what lies in it."""
    properties = (prop for cls in model.classes.values() for prop in cls.properties)
    secret = [node for prop in properties if prop.secret for node in prop.nodes]
    secret += [node for node in scopes.index.everywhere() if node.is_secret]
    return scopes.below(secret)


def changes_of_module(old: Meaning, was: Module, new: Meaning, now: Module) -> list[Change]:
    """What changed about the settings of a module."""
    return _Comparison(old, was, new, now).changes()


@dataclass
class _Comparison:
    old: Meaning
    was: Module
    new: Meaning
    now: Module
    found: list[Change] = field(default_factory=list[Change])
    seen: set[tuple[ClassKey, ClassKey]] = field(default_factory=set[tuple[ClassKey, ClassKey]])
    #: Old places of settings and new ones, and the settings that the old version has there.
    moved: dict[str, str] = field(default_factory=dict[str, str])
    origins: dict[str, _Setting] = field(default_factory=dict[str, _Setting])
    #: Old settings that the new version reads and drops.
    dropped: set[str] = field(default_factory=set[str])

    def changes(self) -> list[Change]:
        was, now = self.was.root_class, self.now.root_class
        if was is not None and now is not None:
            for message, *breaks in changed_presets(self.was, self.new, self.now):
                self._say("", message, *breaks)
            self._class("", was, now)
        elif was is not None:
            self._say("", "the root has no settings class any more", "code", *GIVEN)
        elif now is not None:
            self._say("", "the root has a settings class now")
        self._named_classes()
        return self.found

    def _say(
        self,
        path: str,
        message: str,
        *breaks: str,
        old: _Setting | None = None,
        new: _Setting | None = None,
    ) -> None:
        was = old.prop.nodes[0] if old and old.prop.nodes else self.was.root
        now = new.prop.nodes[0] if new and new.prop.nodes else self.now.root
        both = old is None and new is None
        change = Change(
            name_of(self.now),
            path,
            message,
            place_of(was) if both or old else None,
            place_of(now) if both or new else None,
            frozenset(breaks),
        )
        self.found.append(change)

    # Classes

    def _named_classes(self) -> None:
        """Classes that no setting led to, by their names."""
        met_old = {old for old, _ in self.seen}
        by_name = {cls.name: cls for cls in self.now.classes}
        for cls in self.was.classes:
            if cls.key in met_old:
                continue
            if cls.name in by_name:
                self._class(cls.name, cls, by_name[cls.name])
            else:
                self._say("", f"the class {cls.name} is gone", "code")

    def _class(self, path: str, was: SettingsClass, now: SettingsClass) -> None:
        if (was.key, now.key) in self.seen:
            return
        self.seen.add((was.key, now.key))
        # A root is called as its file is, and other files can be compared.
        if was.name != now.name and not (was.is_root and self.was.path != self.now.path):
            self._say(path, f"the class {was.name} is called {now.name} now", "code")
        olds = {p.key: _Setting(self.old, was, p) for p in was.properties}
        news = {p.key: _Setting(self.new, now, p) for p in now.properties}
        if _is_versioned(was) and _is_versioned(now):
            self._version(path, olds.pop(VERSION_KEY), news.pop(VERSION_KEY))
        renamed = {o: n for n, s in news.items() for o in s.prop.old_keys if o in olds}
        inverse = {n: o for o, n in renamed.items() if n not in olds}
        self._note_moves(path, was, now)
        for key, old in olds.items():
            inner = joined(path, key)
            target = key if key in news else renamed.get(key)
            if target is None:
                self._gone(inner, old)
                continue
            new = news[target]
            if target != key:
                self._say(
                    inner,
                    f"is called {target!r} now, and known by its old name",
                    "code",
                    old=old,
                    new=new,
                )
            self._property(joined(path, target), old, new)
        for key, new in news.items():
            if key not in olds and key not in inverse:
                self._added(joined(path, key), new)
        if was.closed != now.closed:
            what = "are refused" if now.closed else "are kept, with a warning,"
            self._say(path, f"keys that are no settings {what} now")

    def _version(self, path: str, old: _Setting, new: _Setting) -> None:
        """Of which version configs say they are: that of older ones is brought up to date."""
        was, now = (each.prop.nodes[0].get("default") for each in (old, new))
        if was != now:
            text = f"the version of configs is {now} (was: {was})"
            self._say(path, text, old=old, new=new)

    def _note_moves(self, path: str, was: SettingsClass, now: SettingsClass) -> None:
        """Remember what the new version reads from another place below a path."""
        for kind, old, *row in now.growth:
            if kind == "removed":
                self.dropped.add(joined(path, old))
            elif kind == "moved":
                place, target = joined(path, *old), joined(path, *row[0])
                self.moved[place] = target
                found = declared(self.old.model, was, old)
                if len(found) == len(old) and (len(old) > 1 or len(row[0]) > 1 or row[1]):
                    self.origins[target] = _Setting(self.old, was, found[-1], row[1])

    def _gone(self, path: str, old: _Setting) -> None:
        if path in self.moved:
            text = f"is at {self.moved[path]!r} now, and known by its old place"
            origin = self.origins.get(self.moved[path])
            if origin is not None and origin.scale is not None:
                text += f", its values times {origin.scale}"
            self._say(path, text, "code", old=old)
            return
        cls = self.old.model.settings_class(old.prop.type)
        if cls is not None and any(place.startswith(f"{path}.") for place in self.moved):
            self._say(
                path, "the section is gone, and something in it is elsewhere", "code", old=old
            )
            for prop in cls.properties:
                self._gone(joined(path, prop.key), _Setting(self.old, cls, prop))
            return
        is_dropped = path in self.dropped
        breaks = ["code", *GIVEN] + ["output"] * (old.prop.fill is not None)
        how = ", and what old configs say of it is dropped" if is_dropped else ""
        self._say(path, f"the setting is gone{how}", *breaks, old=old)

    def _added(self, path: str, new: _Setting) -> None:
        origin = self.origins.get(path)
        if origin is not None:
            self._property(path, origin, new)
            return
        if new.prop.required:
            self._say(path, "a required setting is new", "code", *GIVEN, new=new)
        else:
            self._say(path, f"a setting is new{_filled_by(new)}", new=new)
        cls = self.new.model.settings_class(new.prop.type)
        for prop in cls.properties if cls is not None else ():
            target = joined(path, prop.key)
            if cls is not None and target in self.origins:
                self._property(target, self.origins[target], _Setting(self.new, cls, prop))

    # Properties

    def _property(self, path: str, old: _Setting, new: _Setting) -> None:
        was, now = old.row, new.row
        if was.attribute != now.attribute and was.key == now.key:
            text = f"the attribute {was.attribute} is called {now.attribute} now"
            self._say(path, text, "code", old=old, new=new)
        for text, breaks in self._differences(old, new):
            self._say(path, text, *breaks, old=old, new=new)
        for inner, one, other in self._paired(path, old.prop.type, new.prop.type):
            self._class(inner, one, other)

    def _differences(self, old: _Setting, new: _Setting) -> Iterator[tuple[str, Iterable[str]]]:
        was, now = old.row, new.row
        if now.required and not was.required:
            yield "is required now", ("code", *GIVEN)
        if was.required and not now.required:
            can = ", and the attribute None where it is not given" * new.can_be_absent
            yield f"need not be given any more{can}", ["code"] * new.can_be_absent
        elif old.can_be_absent != new.can_be_absent and not now.required:
            text = "the attribute can be None now" if new.can_be_absent else "is never absent now"
            yield text, ["code"] * new.can_be_absent
        yield from self._types(old, new)
        if {name: old.read(limit) for name, limit in was.limits.items()} != now.limits:
            one, other = (_limits_words(row.limits) for row in (was, now))
            yield f"takes {other} (was: {one})", ()
        if was.patterns != now.patterns:
            one, other = ("; ".join(row.patterns) or "none" for row in (was, now))
            yield f"the pattern is {other} (was: {one})", ()
        yield from _fills(old, new)
        yield from _notes(was, now)

    def _types(self, old: _Setting, new: _Setting) -> Iterator[tuple[str, Iterable[str]]]:
        was, now = old.row, new.row
        gone = [exactly(value) for value in was.choices if not _among(value, now.choices)]
        come = [exactly(value) for value in now.choices if not _among(value, was.choices)]
        if was.choices and now.choices and (gone or come):
            if old.hides or new.hides:
                yield "the choices are others", ["code"] if gone else ()
                return
            if gone:
                yield f"the choice {listed(gone)} is gone", ["code"]
            if come:
                yield f"the choice {listed(come)} is new", ()
            return
        one = self._hint(old.prop.type, self.old.model)
        other = self._hint(new.prop.type, self.new.model)
        if one != other:
            words = [content_text(row.content) for row in (was, now)]
            if words[0] == words[1]:
                words = [one, other]
            text = f"is {words[1]} now (was: {words[0]})"
            yield "the type is another one" if old.hides or new.hides else text, ["code"]

    def _hint(self, kind: Type, model: Model) -> str:
        """A type in words that compare across versions; classes are compared by themselves."""
        inner = [self._hint(part, model) for part in types.types_in(kind)]
        if isinstance(kind, types.ScalarType):
            return kind.python or kind.name
        if isinstance(kind, types.LiteralType):
            return f"one of {', '.join(sorted(map(repr, kind.values)))}"
        if isinstance(kind, types.ListType):
            return f"list of {', '.join(inner)}" + " and no more" * kind.ends
        if isinstance(kind, types.MapType):
            return f"map of {inner[0]}" + f" under {', '.join(kind.patterns)}" * bool(kind.patterns)
        if isinstance(kind, types.UnionType):
            return " or ".join(sorted(inner))
        return "object" if isinstance(kind, types.ClassType) else "anything"

    def _paired(
        self, path: str, was: Type, now: Type
    ) -> Iterator[tuple[str, SettingsClass, SettingsClass]]:
        """The classes of values of a setting of two versions that stand for each other."""
        if isinstance(was, types.ClassType) and isinstance(now, types.ClassType):
            yield path, self.old.model.of(was), self.new.model.of(now)
        elif isinstance(was, types.ListType) and isinstance(now, types.ListType):
            for one, other in zip_longest(was.prefix, now.prefix):
                yield from self._paired(f"{path}[]", one or was.item, other or now.item)
            yield from self._paired(f"{path}[]", was.item, now.item)
        elif isinstance(was, types.MapType) and isinstance(now, types.MapType):
            yield from self._paired(f"{path}.*", was.value, now.value)
        elif isinstance(was, types.UnionType) or isinstance(now, types.UnionType):
            olds, news = _branches(self.old.model, was), _branches(self.new.model, now)
            for name, one in olds.items():
                if name in news:
                    yield from self._paired(path, one, news[name])


def joined(path: str, *keys: str) -> str:
    """The dotted path of what lies below a path."""
    return ".".join([*([path] if path else []), *keys])


def _branches(model: Model, kind: Type) -> dict[Any, Type]:
    """The alternatives of a type by what tells them apart."""
    if not isinstance(kind, types.UnionType):
        return {_name(model, kind): kind}
    objects = [
        b.type for b in kind.branches if isinstance(b.type, (types.ClassType, types.MapType))
    ]
    by_tag: dict[Any, Type] = dict(zip(kind.tags, objects, strict=False)) if kind.tag else {}
    return {_name(model, branch.type): branch.type for branch in kind.branches} | by_tag


def _name(model: Model, kind: Type) -> str:
    return model.of(kind).name if isinstance(kind, types.ClassType) else type(kind).__name__


def _among(value: Any, choices: Iterable[Any]) -> bool:
    return any(type(value) is type(one) and value == one for one in choices)


def _fills(old: _Setting, new: _Setting) -> Iterator[tuple[str, Iterable[str]]]:
    was, now = old.prop.fill, new.prop.fill
    if was == now or (was and now and json_equal(old.read(was.value), now.value)):
        return
    if was is None and now is not None:
        yield f"has a default now{_filled_by(new)}", ["output"] * (not old.prop.required)
    elif now is None and was is not None:
        yield f"has no default any more{_filled_by(old, 'was', hides=new.hides)}", ["output"]
    elif was is not None and now is not None:
        one = old.told(was.value, hides=new.hides)
        other = new.told(now.value, hides=old.hides)
        yield f"the default is {other} (was: {one})", ["output"]


def _filled_by(setting: _Setting, word: str = "default", *, hides: bool = False) -> str:
    fill = setting.prop.fill
    if fill is None or not fill.is_default:
        return ""
    return f" ({word}: {setting.told(fill.value, hides=hides)})"


def _limits_words(limits: Mapping[str, Any]) -> str:
    parts = [limits_text(limits)] if limits_text(limits) else []
    if "multipleOf" in limits:
        parts.append(f"multiples of {limits['multipleOf']}")
    return ", ".join(parts) or "any value"


def _notes(was: Field, now: Field) -> Iterator[tuple[str, Iterable[str]]]:
    """What is for people and tools."""
    if now.deprecated and not was.deprecated:
        yield "is deprecated now", ()
    if now.secret != was.secret:
        yield ("is secret now" if now.secret else "is no secret any more"), ()
    if now.read_only != was.read_only:
        yield ("forms only show it now" if now.read_only else "forms can change it now"), ()
    for name in was.old_keys:
        if name not in now.old_keys and name != now.key:
            yield f"the old name {name!r} is forgotten", ("output", *GIVEN)
    if was.title != now.title:
        yield f"the title is {now.title!r} (was: {was.title!r})", ()
    if was.description != now.description:
        yield "the description is another one", ()
    if was.x_form is not None and now.x_form is None:
        yield "forms have no field for it any more", ("forms",)
