"""Subclasses that have objects of subclasses in their attributes. Loaded when there is one.

    class Strong(Augmentation):
        def shear(self) -> float: ...

    class Mine(Segmentation):
        augmentation: Strong

What was generated loads objects of the classes that it knows; they get the narrower class then, so
that classes which narrow nothing pay nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any, cast, get_args, get_type_hints

from ..binding import BoundInit, owner_of
from ..classes import Compiled
from ..json_values import class_of, is_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..compiled import Notes


def narrow(cls: Any, names: Collection[str]) -> None:
    """Let the attributes `names` of `cls` hold what its own annotations say.

    Raises:
        TypeError: one of them names nothing that the attribute can hold.
    """
    cls.__brevetti__ = _Unresolved(cls, names)
    # Who wrote a constructor makes what is in the object too.
    if "__init__" not in vars(cls):
        cls.__init__ = _Init(cls)
    with suppress(_NotYet):
        _ = cls.__brevetti__


class _NotYet(TypeError):
    """An annotation names what is not there; later it may be."""


class Narrowed:
    """What was compiled for the base of a class, with narrower classes by attribute."""

    def __init__(self, base: Compiled, narrower: Mapping[str, tuple[type, ...]]) -> None:
        self._base = base
        self._narrower = narrower
        self.form: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._base, name)

    def load(self, config: Any, settings: Any, notes: Notes) -> bool:
        """As `Compiled.load`."""
        if not self._base.load(config, settings, notes):
            return False
        self.narrow(settings, {})
        return True

    def fill(self, config: Any, settings: Any, notes: Notes) -> Any:
        """As `Compiled.fill`."""
        self._base.fill(config, settings, notes)
        self.narrow(settings, {})
        return settings

    def narrow(self, settings: Any, given: Mapping[str, object]) -> None:
        """Give the objects in `settings` their narrower class, but for those that were `given`."""
        held: Any = settings.__dict__
        for name, classes in self._narrower.items():
            if name in held and (held[name] is None or held[name] is not given.get(name)):
                _give_class(held[name], classes)


def _give_class(value: Any, classes: tuple[type, ...]) -> None:
    kind = class_of(value)
    if kind is list or kind is dict:
        for item in value if kind is list else value.values():
            _give_class(item, classes)
    elif is_settings(value):
        for cls in classes:
            if cls is not kind and issubclass(cls, kind):
                value.__class__ = cls  # type: ignore[assignment]
                compiled: Any = cls.__brevetti__  # type: ignore[attr-defined]
                if isinstance(compiled, Narrowed):
                    compiled.narrow(value, {})
                return


class _Init(BoundInit):
    """The constructor of a class that narrows attributes."""

    def __init__(self, cls: Any) -> None:
        self._cls = cls

    def __get__(self, settings: object, cls: type) -> Callable[..., None]:
        narrowing = self._cls

        def init(self: Any, /, **given: Any) -> None:
            cast("Any", super(narrowing, self)).__init__(**given)
            narrowing.__brevetti__.narrow(self, given)

        return init if settings is None else init.__get__(settings, cls)


class _Unresolved:
    """`__brevetti__` of a class until what its annotations name is there."""

    def __init__(self, cls: Any, names: Collection[str]) -> None:
        self._cls = cls
        self._names = names

    def __get__(self, settings: object, cls: type) -> Narrowed:
        narrowing = self._cls
        base: Compiled = cast("Any", super(narrowing, narrowing)).__brevetti__
        fields = {field.attribute: field for field in base.fields()}
        narrower: dict[str, tuple[type, ...]] = {}
        for name in self._names:
            field = fields[name]
            if "object" in field.kinds or "array" in field.kinds:
                found = tuple(_classes_in(_hint(narrowing, name)))
                inner = field.cls
                if inner is not None and not any(issubclass(each, inner) for each in found):
                    raise TypeError(
                        f"{narrowing.__name__}.{name} must be annotated with a subclass of "
                        f"{inner.__name__}, of which its objects are"
                    )
                narrower[name] = tuple(each for each in found if each is not owner_of(each))
        compiled = Narrowed(base, narrower)
        narrowing.__brevetti__ = compiled
        return compiled


def _hint(cls: Any, name: str) -> Any:
    """What the annotation of the attribute `name` in the body of `cls` means."""
    text = cls.__annotations__[name]
    holder = type(cls.__name__, (), {"__annotations__": {name: text}})
    module = sys.modules.get(cls.__module__)
    names = {**(vars(module) if module else {}), cls.__name__: cls}
    try:
        return get_type_hints(holder, names)[name]
    except NameError as error:
        raise _NotYet(
            f"{cls.__name__}.{name}: the annotation {text!r} has no meaning at run time ({error}): "
            "define or import it at the top of the module"
        ) from None


def _classes_in(hint: Any) -> Iterator[type]:
    """The settings classes that a type names."""
    if isinstance(hint, type) and owner_of(hint) is not None:
        yield hint
    for part in get_args(hint):
        yield from _classes_in(part)
