"""Which absent properties are filled, with what, and which classes must remember what was given.

This is law 3: an absent property gets its default; else, if it is one settings class that `{}`
fits, that class filled in turn; else it stays absent.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from ..graphs import children_first, components, reached
from ..json_values import is_array, is_object
from ..problems import Problem
from ..schema.documents import problem_at
from ..schema.keywords import UNCHANGED_BY_FILLS
from ..schema.nodes import Node
from ..schema.verdicts import Judge, TooCostly
from . import types
from .build import default_of
from .shapes import ALL_TYPES, matches
from .types import ClassKey, Model, Module, Property, SettingsClass, Shape, Type

#: The classes of the objects that filling makes, by class and property.
Made: TypeAlias = dict[ClassKey, dict[str, list[ClassKey]]]
#: The most objects that `from_config({})` may make.
MAX_FILLED_OBJECTS = 10_000


def filled(model: Model, judge: Judge) -> tuple[Model, list[Problem]]:
    """The model with all fills, its classes with `tracks` and `ambiguous`; and what is no good."""
    filler = _Filler(model, judge)
    return _Tracking(filler.filled()).decided(), filler.problems


class _Filler:
    def __init__(self, model: Model, judge: Judge) -> None:
        self.model = model
        self.judge = judge
        self.problems: list[Problem] = []

    def filled(self) -> Model:
        properties = [p for cls in self.model.classes.values() for p in cls.properties]
        always = [p for p in properties if p.unconditional]
        judged = [p for p in always if default_of(p) is not None or self._is_one_class(p)]
        self.judge.prepare(node for prop in judged for node in prop.nodes)
        model = self.model.changed(lambda cls: cls.with_properties(self._with_fill))
        made = {
            key: {p.key: list(self._made(p.type, p.fill.value)) for p in cls.properties if p.fill}
            for key, cls in model.classes.items()
        }
        _drop_circles(made)
        self._check_size(made)
        filling: Made = {} if self.problems else made
        return model.changed(lambda cls: _only_filling(cls, filling.get(cls.key, ())))

    def _with_fill(self, prop: Property) -> Property:
        fill = self._fill(prop) if prop.unconditional else None
        if prop.required:
            return prop._replace(proposal=fill if fill and fill.is_default else None)
        return prop._replace(fill=fill)

    def _fill(self, prop: Property) -> types.Fill | None:
        default = default_of(prop)
        if default is not None:
            with suppress(TooCostly):
                if self.judge.fits(prop.nodes, default[1]):
                    return types.Fill(default[1], True)
            return None
        if self._is_one_class(prop) and self.judge.fits(prop.nodes, {}):
            return types.Fill({}, False)
        return None

    def _is_one_class(self, prop: Property) -> bool:
        """Whether values are objects of one class, which no alternative had to bring in."""
        cls = self.model.settings_class(prop.type)
        if cls is None or not (cls.is_root or self.model.shapes.has_properties(prop.shape)):
            return False
        is_class = isinstance(prop.type, types.ClassType)
        return is_class or self.model.shapes.admitted(prop.shape) == ALL_TYPES

    def _made(self, kind: Type, value: Any) -> Iterator[ClassKey]:
        """The classes of which loading `value` makes objects, as far as `value` itself goes."""
        if isinstance(kind, types.ClassType) and is_object(value):
            yield kind.key
            cls = self.model.of(kind)
            for prop in cls.properties:
                if prop.key in value:
                    yield from self._made(prop.type, value[prop.key])
            for key in value.keys() - {prop.key for prop in cls.properties}:
                for entries in _entries_of(cls, key):
                    yield from self._made(entries.type, value[key])
        elif isinstance(kind, types.ListType) and is_array(value):
            for index, item in enumerate(value):
                inner = kind.prefix[index] if index < len(kind.prefix) else kind.item
                yield from self._made(inner, item)
        elif isinstance(kind, types.MapType) and is_object(value):
            for key, item in value.items():
                if not kind.patterns or matches(kind.patterns, key):
                    yield from self._made(kind.value, item)
        elif isinstance(kind, types.UnionType):
            for branch in kind.branches:
                if self.judge.fits(branch.shape, value):
                    yield from self._made(branch.type, value)

    def _check_size(self, made: Made) -> None:
        """Refuse schemas of which an empty config would be filled with a flood of objects."""
        targets = {key: [t for found in by.values() for t in found] for key, by in made.items()}
        sizes: dict[ClassKey, int] = {}
        for key in children_first(targets, targets.__getitem__):
            sizes[key] = 1 + sum(sizes[target] for target in targets[key])
        for key, cls in self.model.classes.items():
            if sizes[key] > MAX_FILLED_OBJECTS:
                message = f"an empty config would be filled with {sizes[key]:,} objects"
                self.problems.append(problem_at(cls.node, "too-large", message))


def _entries_of(cls: SettingsClass, key: str) -> tuple[types.Entries, ...]:
    """What says what a key holds that is no property, if anything does."""
    found = [each for each in cls.entries if matches(each.patterns, key)]
    return tuple(found or (each for each in cls.entries if not each.patterns))


def _drop_circles(made: Made) -> None:
    """Drop the properties of which the filling would never end: by which a class makes itself."""
    component = components({key: {t for f in by.values() for t in f} for key, by in made.items()})
    for key, by in made.items():
        for name, targets in list(by.items()):
            if any(component[target] == component[key] for target in targets):
                del by[name]


def _only_filling(cls: SettingsClass, filling: Container[str]) -> SettingsClass:
    """`cls` with no fills but those of the properties of these names."""
    return cls.with_properties(lambda p: p if p.key in filling else p._replace(fill=None))


class _Tracking(NamedTuple):
    """Decides which classes remember what was given."""

    model: Model

    def decided(self) -> Model:
        """Mark the classes of which the whole config must be tried, and all that is in them."""
        classes = self.model.classes.values()
        containing = self.model.containing
        moving = [c.key for c in classes if any(self._is_ambiguous(kind) for _, kind in c.holding)]
        ambiguous = reached(moving, containing)
        depending = [cls.key for cls in classes if self._depends_on_presence(cls)]
        depending += [key for module in self.model.modules for key in self._depending_on(module)]
        tracking = reached([*ambiguous, *depending], containing)
        tracking = reached(tracking, self.model.contained)
        # Where nothing can be filled, the config is what was given.
        filled = reached([c.key for c in classes if any(p.fill for p in c.properties)], containing)
        return self.model.changed(
            lambda cls: replace(
                cls,
                ambiguous=cls.key in ambiguous & filled,
                tracks=cls.key in tracking,
                remembers=cls.key in tracking & filled,
            )
        )

    def _depends_on_presence(self, cls: SettingsClass) -> bool:
        return self._can_change(cls.shape) or any(
            self._containers_can_change(shape, kind)
            for shape, kind in cls.holding
            if any(self.model.classes_in(kind))
        )

    def _depending_on(self, module: Module) -> Iterator[ClassKey]:
        """The classes in a root that is no class, if their fills can matter to it."""
        kind = module.root_type
        if kind is not None:
            shape = self.model.shapes.normal([module.root])
            if self._is_ambiguous(kind) or self._containers_can_change(shape, kind):
                yield from (cls.key for cls in self.model.classes_in(kind))

    def _can_change(self, shape: Shape, own: frozenset[str] = frozenset()) -> bool:
        """Whether keywords but the `own` ones can say another thing of what is filled."""
        unchanged = UNCHANGED_BY_FILLS | own
        applied = self.model.shapes.applied(shape)
        return any(not unchanged.issuperset(self.model.shapes.asserting(node)) for node in applied)

    def _containers_can_change(self, shape: Shape, kind: Type) -> bool:
        """The same of what sees filled objects from outside: lists, maps and alternatives."""
        shapes = {shape}
        while shapes and not isinstance(kind, types.ClassType):
            if any(self._container_can_change(each, kind) for each in shapes):
                return True
            parts: list[Node] = []
            if isinstance(kind, types.MapType):
                keyword = "patternProperties" if kind.patterns else "additionalProperties"
                parts = [p for each in shapes for p in self.model.shapes.parts(each, keyword)]
                kind = kind.value
            elif isinstance(kind, types.ListType):
                items = [p for each in shapes for p in self.model.shapes.parts(each, "items")]
                parts = [p for p in items if is_object(p.schema) and p.pointer[-1] == "items"]
                kind = kind.item
            # Each once: what two patterns lead to is often the same.
            shapes = {self.model.shapes.normal([part]) for part in parts}
        return False

    def _container_can_change(self, shape: Shape, kind: Type) -> bool:
        applied = self.model.shapes.applied(shape)
        choices = sum(node.has(keyword) for node in applied for keyword in ("anyOf", "oneOf"))
        # The one choice that made a union is looked after by `ambiguous`.
        is_own = choices == 1 and isinstance(kind, types.UnionType)
        return self._can_change(shape, frozenset(["anyOf", "oneOf"] if is_own else []))

    def _is_ambiguous(self, kind: Type) -> bool:
        """Whether filling an object inside can move it to another branch of a union."""
        inner = list(types.types_in(kind))
        if any(map(self._is_ambiguous, inner)):
            return True
        if not isinstance(kind, types.UnionType):
            return False
        objects = sum(isinstance(each, types.OBJECTS) for each in inner)
        lists = sum(isinstance(each, types.ListType) for each in inner)
        return lists > 1 or (objects > 1 and kind.tag is None)
