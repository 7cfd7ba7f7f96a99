"""How the two halves of a generated module meet.

People read and import one module: classes with annotations, defaults and docstrings. What the
machine needs lies in a private package beside it and is imported when one of those classes is
used first: the functions that check and load, and later, each when it is asked for, those that
construct and save, the tables behind flags and help, and those behind explanations, forms and
schemas. All parts carry the same digest; parts that do not belong together are refused, never
half used.

What generated code calls of this is in `compiled`, frozen as that is.
"""

from __future__ import annotations

import sys
from _thread import RLock

from .classes import Compiled
from .json_values import class_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from typing_extensions import dataclass_transform

    from .classes import Field
    from .compiled import Rows

    T = TypeVar("T")
    Save = Callable[[Any], dict[str, Any]]

#: Grows with every addition to `compiled`. Generated code asks for the one it was written for.
LEVEL = 1

#: What to do about parts that do not belong together.
MEND = "generate the package again, or restart the process (of a notebook, its kernel)"
#: The parts of a machine half that are imported when they are asked for.
PARTS = ("objects", "flags", "texts")
_machines = RLock()


def field(*, default: Any) -> Any:
    """The default of a property that stands for an object of a class, or could be changed."""
    return default


if TYPE_CHECKING:

    @dataclass_transform(kw_only_default=True, field_specifiers=(field,))
    def settings_class(cls: type[T]) -> type[T]:
        """Decorate a generated class, to which its machine half is bound at its first use."""
        ...

else:

    def settings_class(cls):
        # Left in the class, defaults would slow down loading, and an object without an attribute
        # would show the class's.
        held = cls.__dict__
        defaults = {name: held[name] for name in cls.__annotations__ if name in held}
        for name in defaults:
            delattr(cls, name)
        half = sys._getframe(1).f_globals["__half__"]
        cls.__declared__ = (half.of_next_class(), defaults, cls.__annotations__)
        if cls.__module__ != half.name:
            cls.__module__ = half.name
        return cls


def absolute(name: str, package: str) -> str:
    """The full name of the module with a relative `name`, as an `import` in `package` has it."""
    bare = name.lstrip(".")
    return f"{package.rsplit('.', len(name) - len(bare) - 1)[0]}.{bare}"


class Half:
    """The half of a generated module that people read, as its `__half__`.

    Args:
        level: the least level of the runtime.
        name: the name of the module.
        machine: the name of its machine half, relative as in an `import`.
        digest: what the parts of the module have in common.
        volume: how many classes each package `v0`, `v1`, … of a large machine half has, else 0.

    Raises:
        ImportError: the runtime is older than the generated code, or another distribution's
            package of the same name lies over it.
    """

    def __init__(self, level: int, name: str, machine: str, digest: str, volume: int = 0) -> None:
        if getattr(sys.modules["brevettiai"], "DISTRIBUTION", None) != "brevetti":
            raise ImportError(
                f"{name} needs the runtime of the distribution brevetti, but another "
                f"distribution's package brevettiai was installed over it: "
                f"pip uninstall brevettiai, then pip install --force-reinstall brevetti"
            )
        if level > LEVEL:
            raise ImportError(
                f"{name} was generated for a newer runtime than the installed one "
                f"(level {level}, here {LEVEL}): pip install --upgrade brevetti"
            )
        self.name = _own_name(name, sys._getframe(1).f_globals)  # pyright: ignore[reportPrivateUsage]
        self.machine = absolute(machine, self.name.rpartition(".")[0])
        self.digest = digest
        self.whole = self
        self._volume = volume
        self._classes = 0
        self._volumes: dict[str, Half] = {}

    def of_next_class(self) -> Half:
        """What the next class of the module is bound by."""
        self._classes += 1
        return self.volume((self._classes - 1) // self._volume) if self._volume else self

    def volume(self, number: int) -> Half:
        """The half that has one volume for its machine; of a machine without any it is this one."""
        return self.at(f"{self.machine}.v{number}") if self._volume else self

    def at(self, machine: str) -> Half:
        """The half that has the package called `machine`."""
        if not self._volume:
            return self
        if machine not in self._volumes:
            half = object.__new__(Half)
            vars(half).update(vars(self), machine=machine, _volume=0)
            self._volumes.setdefault(machine, half)
        return self._volumes[machine]

    def volumes(self) -> list[Half]:
        """All volumes that classes need, or this half."""
        return list(self._volumes.values()) or [self]

    def bind(self) -> Any:
        """Import the machine half and give the classes what was compiled for them.

        Raises:
            ImportError: it is missing, broken, or belongs to another version of the module.
        """
        self._forget_a_stale_machine()
        module = self.part("")
        module.machine.bind_all()
        return module

    def part(self, name: str) -> Any:
        """A module of the machine half: one of `PARTS`, or "" for the first one.

        Raises:
            ImportError: it is missing, broken, or belongs to another version of the module.
        """
        full = self.machine + (name and f".{name}")
        module = _imported(full, self.name)
        found: Any = module.__dict__
        is_ours = _half_of(module, self) is self
        # Its first and its last statement.
        is_whole = found.get("__digest__") == self.digest and found.get("__whole__")
        if not (is_whole and is_ours):
            if is_ours:
                sys.modules.pop(full, None)
            raise _misfit(full, self.name, "they are of different versions")
        return module

    def _forget_a_stale_machine(self) -> None:
        """Let a module that was reloaded have a machine of its own.

        Objects of the old classes go on with the old one, and with the tables it has by then.
        """
        if not _is_stale(sys.modules.get(self.machine), self):
            return
        with _machines:
            module: Any = sys.modules.get(self.machine)
            if _is_stale(module, self):
                module.machine.load_parts()
                for part in ("", *(f".{name}" for name in PARTS)):
                    sys.modules.pop(self.machine + part, None)


def _own_name(name: str, held: dict[str, Any]) -> str:
    """The name of the module that holds `held` and runs as `name`.

    What `python -m` runs is the module itself, not a second one with classes of its own.
    """
    spec = held.get("__spec__")
    if name != "__main__" or spec is None:
        return name
    own: str = spec.name
    program = sys.modules["__main__"]
    if vars(program) is held and own not in sys.modules:
        sys.modules[own] = program
        package, _, last = own.rpartition(".")
        setattr(sys.modules[package], last, program)
    return own


def _imported(name: str, other: str) -> Any:
    """A part of a machine half, for the module `other`.

    Raises:
        ImportError: it is missing, broken, or belongs to another version of a module.
    """
    try:
        return __import__(name, fromlist=["__name__"])
    except (AttributeError, ImportError, NameError, SyntaxError) as error:
        if isinstance(error, ImportError) and MEND in str(error):
            raise
        raise _misfit(name, other, str(error)) from error


def _misfit(name: str, other: str, why: str) -> ImportError:
    message = f"{other} and {name} do not belong together ({why}): {MEND}"
    return ImportError(message, name=other)


def bound_machine(name: str, asker: str) -> Any:
    """The machine half called `name` that another one, `asker`, calls, bound to its classes.

    Raises:
        ImportError: it is missing, broken, or belongs to another version of its module.
    """
    half = _half_of(_imported(name, asker), None)
    if half is None:
        raise _misfit(name, asker, "it is not whole")
    # Its module may have been loaded again.
    current: Half = getattr(sys.modules.get(half.name), "__half__", half.whole)
    return current.at(name).bind()


def _half_of(module: Any, default: Half | None) -> Half | None:
    """Whose machine is in a module."""
    half: Half | None = getattr(getattr(module, "machine", None), "half", default)
    return half


def _is_stale(module: Any, half: Half) -> bool:
    """Whether a machine was bound to classes that its module, which has `half` now, had before."""
    people = sys.modules.get(half.name)
    return _half_of(module, half) is not half and getattr(people, "__half__", None) is half.whole


class Machine:
    """The machine half of a generated module, as its `machine`.

    Args:
        name: the name of the package that it is.
        half: that of the classes.
    """

    def __init__(self, name: str, half: Half) -> None:
        self.name = name
        self.half = half.at(name)
        self._parts: dict[str, Any] = {}
        self._classes: dict[str, tuple[Any, Compiled]] = {}
        self._is_bound = False
        self._completing: list[tuple[str, Callable[..., None], Save | None]] = []

    def bind(
        self, cls: Any, stem: str, init: Callable[..., None] | None = None, **functions: Any
    ) -> None:
        """Have what was compiled for `cls`; `stem` is its part of the names of tables."""
        compiled = Compiled(ClassTables(self, stem), init=init, **functions)
        self._classes[stem] = cls, compiled

    def bind_all(self) -> None:
        """Give all classes what was compiled for them, once the whole module was imported."""
        with _machines:
            for cls, compiled in () if self._is_bound else self._classes.values():
                if "init" in vars(compiled):
                    _give_init(cls, compiled)
                cls.__brevetti__ = compiled
            self._is_bound = True

    def complete(self, stem: str, init: Callable[..., None], save: Save | None = None) -> None:
        """Have a constructor for a class, and what saves its objects if nothing general does."""
        self._completing.append((stem, init, save))

    @property
    def objects(self) -> Any:
        """The module of constructors, and of what saves objects, which its classes then have."""
        with _machines:
            try:
                module = self._part("objects")
                for stem, init, save in self._completing:
                    cls, compiled = self._classes[stem]
                    init.__name__, init.__qualname__ = "__init__", f"{cls.__qualname__}.__init__"
                    compiled.init = init
                    _give_init(cls, compiled)
                    if save is not None:
                        compiled.save = cls.__save__ = save
                        compiled.config = save
            finally:
                self._completing.clear()
        return module

    @property
    def flags(self) -> Any:
        """The module of tables for flags and help."""
        return self._part("flags")

    @property
    def texts(self) -> Any:
        """The module of tables for explanations, forms and schemas."""
        return self._part("texts")

    @property
    def documents(self) -> Any:
        """The tables that have the schema of the module."""
        if "documents" not in self._parts:
            self._parts["documents"] = self.half.whole.volume(0).bind().machine.texts
        return self._parts["documents"]

    def _part(self, name: str) -> Any:
        if name not in self._parts:
            self._parts[name] = self.half.part(name)
        return self._parts[name]

    def load_parts(self) -> None:
        """Have all parts that can be had, before the files behind them may change."""
        for name in (*PARTS, "documents"):
            try:
                getattr(self, name)
            except ImportError:
                continue


def _give_init(cls: Any, compiled: Compiled) -> None:
    """Give `cls` its constructor, unless somebody gave it one."""
    if "__init__" not in vars(cls):
        cls.__init__ = compiled.init


class ClassTables:
    """What tables hold of one generated class, each imported when it is asked for.

    Attributes:
        machine: that of the class's module.
    """

    def __init__(self, machine: Machine, stem: str) -> None:
        self.machine = machine
        self._stem = stem

    def complete(self) -> None:
        """Import what gives the class its constructor and what saves its objects."""
        _ = self.machine.objects

    def fields(self) -> tuple[Field, ...]:
        """The rows of the property table."""
        rows: tuple[Field, ...] = getattr(self.machine.flags, f"fields_{self._stem}")()
        return rows

    @property
    def others(self) -> Any:
        """What keys hold that are no properties: patterns of keys, () for all others; contents."""
        return getattr(self.machine.flags, "OTHERS", {}).get(self._stem, ())

    @property
    def title(self) -> str:
        """What the schema calls the class for people."""
        return self._text(0)

    @property
    def description(self) -> str:
        """What the schema says of the class to people."""
        return self._text(1)

    def _text(self, index: int) -> str:
        return str(self.machine.flags.TEXTS.get(self._stem, ("", ""))[index])

    @property
    def hides(self) -> bool:
        """Whether anything in a config of the class may be a secret."""
        return self._stem in getattr(self.machine.flags, "SECRETS", ())

    @property
    def row(self) -> Any:
        """Which row explains what does not fit the class."""
        return self.machine.texts.CLASSES[self._stem][0]

    @property
    def place(self) -> tuple[str, ...]:
        """References to the class's schemas from its module's document; () for the root."""
        place: tuple[str, ...] = self.machine.texts.CLASSES[self._stem][1]
        return place

    def explanations(self) -> Rows:
        """The rows of the module."""
        rows: Rows = self.machine.texts.explanations()
        return rows

    def annotation(self, keyword: str) -> Any:
        """What the root's schema has under `keyword`; None for classes that are no root."""
        if self.place:
            return None
        from json import loads

        texts = self.machine.documents
        schema: Any = getattr(texts, "ANNOTATIONS", None) or loads(texts.SCHEMA)
        return schema.get(keyword) if class_of(schema) is dict else None
