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
from _thread import allocate_lock

from .classes import Compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from inspect import Signature
    from typing import Any, TypeVar

    from typing_extensions import dataclass_transform

    from .classes import Field
    from .compiled import Rows

    T = TypeVar("T")

#: Grows with every addition to `compiled`. Generated code asks for the one it was written for.
LEVEL = 1

#: What to do about parts that do not belong together.
MEND = "generate the package again, or restart the process (of a notebook, its kernel)"
#: The parts of a machine half that are imported when they are asked for.
PARTS = ("objects", "flags", "texts")
_stale_machines = allocate_lock()


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
        cls.__declared__ = (sys._getframe(1).f_globals["__half__"], defaults)
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

    Raises:
        ImportError: the runtime is older than the generated code, or another distribution's
            package of the same name lies over it.
    """

    def __init__(self, level: int, name: str, machine: str, digest: str) -> None:
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
        self.name = name
        self.machine = absolute(machine, name.rpartition(".")[0])
        self.digest = digest

    def bind(self) -> None:
        """Import the machine half, which gives the classes what was compiled for them.

        Raises:
            ImportError: it is missing, broken, or belongs to another version of the module.
        """
        self._forget_a_stale_machine()
        try:
            __import__(self.machine)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{self.machine}.".startswith(f"{error.name}."):
                raise
            message = f"{self.name} lacks its machine half, {error.name}: {MEND}"
            raise ImportError(message, name=self.name) from None
        except SyntaxError as error:
            message = f"{self.name}: its machine half, {error.filename}, is broken: {MEND}"
            raise ImportError(message, name=self.name) from error

    def _forget_a_stale_machine(self) -> None:
        """Let a module that was reloaded have a machine of its own.

        Objects of the old classes go on with the old one, and with the tables it has by then.
        """
        if not _is_stale(sys.modules.get(self.machine), self):
            return
        with _stale_machines:
            module: Any = sys.modules.get(self.machine)
            if _is_stale(module, self):
                module.machine.load_parts()
                for part in ("", *(f".{name}" for name in PARTS)):
                    sys.modules.pop(self.machine + part, None)


def _is_stale(module: Any, half: Half) -> bool:
    """Whether a machine was bound to classes that its module, which has `half` now, had before."""
    bound = getattr(getattr(module, "machine", None), "half", half)
    return bound is not half and vars(sys.modules[half.name]).get("__half__") is half


class Machine:
    """The machine half of a generated module, as its `machine`.

    Args:
        name: the name of the package that it is.
        half: that of the classes.
        digest: what the parts of the module have in common.

    Raises:
        ImportError: the halves do not belong together.
    """

    def __init__(self, name: str, half: Half, digest: str) -> None:
        self.name = name
        self.half = half
        self._bound: dict[str, tuple[Any, Compiled]] = {}
        self._parts: dict[str, Any] = {}
        self.tied(half.name, digest)

    def tied(self, other: str, digest: str) -> str:
        """The `digest` of the part `other`, which is that of all.

        Raises:
            ImportError: it is another one.
        """
        if digest != self.half.digest:
            message = f"{other} and {self.name} are of different versions: {MEND}"
            raise ImportError(message, name=other)
        return digest

    def bind(
        self, cls: Any, stem: str, init: Callable[..., None] | None = None, **functions: Any
    ) -> None:
        """Give `cls` what was compiled for it; `stem` is its part of the names of tables."""
        compiled = Compiled(ClassTables(self, stem), **functions)
        self._bound[stem] = cls, compiled
        if init is not None:
            self.complete(stem, init)
        cls.__brevetti__ = compiled

    def complete(
        self,
        stem: str,
        init: Callable[..., None],
        save: Callable[[Any], dict[str, Any]] | None = None,
    ) -> None:
        """Give a class its constructor, and what saves its objects if nothing general does."""
        cls, compiled = self._bound[stem]
        compiled.init = init
        if init.__module__.startswith(self.name):
            init.__name__, init.__qualname__ = "__init__", f"{cls.__qualname__}.__init__"
        if "__init__" not in cls.__dict__:
            cls.__init__ = init
        if save is not None:
            compiled.save = cls.__save__ = save
            compiled.config = save

    @property
    def objects(self) -> Any:
        """The module of constructors, and of what saves objects."""
        return self._part("objects")

    @property
    def flags(self) -> Any:
        """The module of tables for flags and help."""
        return self._part("flags")

    @property
    def texts(self) -> Any:
        """The module of tables for explanations, forms and schemas."""
        return self._part("texts")

    def _part(self, name: str) -> Any:
        if name not in self._parts:
            self._parts[name] = __import__(f"{self.name}.{name}", fromlist=[""])
        return self._parts[name]

    def load_parts(self) -> None:
        """Have all parts that can be had, before the files behind them may change."""
        for name in PARTS:
            try:
                self._part(name)
            except (ImportError, SyntaxError):
                continue


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
        assert self.machine.objects

    def fields(self) -> tuple[Field, ...]:
        """The rows of the property table."""
        rows: tuple[Field, ...] = getattr(self.machine.flags, f"fields_{self._stem}")()
        return rows

    @property
    def title(self) -> str:
        """What the schema calls the class for people."""
        title: str = self.machine.flags.TITLES.get(self._stem, "")
        return title

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

        texts = self.machine.texts
        schema = getattr(texts, "ANNOTATIONS", None) or loads(texts.SCHEMA)
        return schema.get(keyword) if isinstance(schema, dict) else None


# What classes have before their machine is bound


def owner_of(cls: type) -> Any:
    """The generated class that `cls` is or inherits from; None without one."""
    for base in cls.__mro__:
        if "__declared__" in base.__dict__:
            return base
    return None


def narrowed_names(cls: type) -> set[str]:
    """The attributes of its generated class that `cls`, a subclass, annotates anew."""
    owner = owner_of(cls)
    return set() if owner is None else {*owner.__annotations__} & {*cls.__annotations__}


def compiled_of(cls: type) -> Compiled:
    """What was compiled for `cls`, bound to its generated class if it was not yet.

    Raises:
        AttributeError: no generated class is behind it.
        ImportError: the halves of its module do not belong together.
    """
    owner = owner_of(cls)
    if owner is None:
        raise AttributeError(f"{cls.__name__} was not generated from a schema")
    if "__brevetti__" not in owner.__dict__:
        owner.__declared__[0].bind()
    compiled: Compiled | None = owner.__dict__.get("__brevetti__")
    if compiled is None:
        message = f"{owner.__module__} was loaded again since this class of it was made: {MEND}"
        raise ImportError(message, name=owner.__module__)
    return compiled


class BoundCompiled:
    """`__brevetti__` of a class whose machine is not bound yet."""

    def __get__(self, settings: object, cls: type) -> Compiled:
        return compiled_of(cls)


class BoundInit:
    """`__init__` of a class whose machine is not bound yet, or whose own was taken away."""

    def __get__(self, settings: object, cls: type) -> Callable[..., None]:
        init = _not_generated if owner_of(cls) is None else compiled_of(cls).init
        return init if settings is None else init.__get__(settings, cls)


def _not_generated(settings: object, /, **given: object) -> None:
    raise TypeError(f"{type(settings).__name__} was not generated from a schema")


class DeclaredSignature:
    """`__signature__`, as the class declares it: for `inspect.signature`, before the first use too.

    It stands aside where somebody wrote an `__init__`.
    """

    def __get__(self, settings: object, cls: type) -> Signature:
        owner = owner_of(cls)
        if owner is None or _has_own_init(cls, owner):
            raise AttributeError("__signature__")
        from inspect import Parameter, Signature

        defaults = owner.__declared__[1]
        parameters = [
            Parameter(
                name.removeprefix(f"_{owner.__name__.lstrip('_')}") if "__" in name else name,
                Parameter.KEYWORD_ONLY,
                default=defaults.get(name, Parameter.empty),
                annotation=hint,
            )
            for name, hint in owner.__annotations__.items()
        ]
        return Signature(parameters, return_annotation=None)


def _has_own_init(cls: type, owner: Any) -> bool:
    """Whether the `__init__` that objects of `cls` are made with is not the generated one."""
    known = vars(owner.__dict__.get("__brevetti__", owner)).get("init")
    init = next(vars(base)["__init__"] for base in cls.__mro__ if "__init__" in vars(base))
    return not isinstance(init, BoundInit) and init is not known


class MatchArgs:
    """`__match_args__`: the attributes in the order of the schema, made when first asked for."""

    __slots__ = ()

    def __get__(self, settings: object, cls: Any) -> tuple[str, ...]:
        names = tuple(field.attribute for field in cls.__brevetti__.fields())
        type.__setattr__(owner_of(cls), "__match_args__", names)
        return names
