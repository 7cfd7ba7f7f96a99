"""How the two halves of a generated module meet.

People read and import one module: classes with annotations, defaults and docstrings. What the
machine needs lies in a private package beside it and is imported when one of those classes is
used first: the functions that load, save and construct, and later, each when it is asked for, the
tables behind flags and help, and those behind explanations, forms and schemas. All parts carry
the same digest; parts that do not belong together are refused, never half used.

What generated code calls of this is in `compiled`, frozen as that is.
"""

from __future__ import annotations

import sys
from _thread import RLock

from .classes import ClassTables, Compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from inspect import Signature
    from typing import Any

#: Grows with every addition to `compiled`. Generated code asks for the one it was written for.
LEVEL = 1

#: What to do about parts that do not belong together.
MEND = "generate the package again, or restart the process (of a notebook, its kernel)"
#: The parts of a machine half that are imported when they are asked for.
PARTS = ("objects", "flags", "texts")
_machines = RLock()


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
        self.name = _own_name(name, sys._getframe(1).f_globals)
        self.machine = absolute(machine, self.name.rpartition(".")[0])
        self.digest = digest

    def bind(self) -> Any:
        """Import the machine half and give the classes what was compiled for them.

        Raises:
            ImportError: it is missing, broken, or belongs to another version of the module.
        """
        self._forget_a_stale_machine()
        module = self.part("")
        module.machine.settle()
        return module

    def part(self, name: str) -> Any:
        """A module of the machine half: one of `PARTS`, or "" for what is imported first.

        Raises:
            ImportError: it is missing, broken, or belongs to another version of the module.
        """
        full = self.machine + (name and f".{name}")
        module = _imported(full, self.name)
        # The digest is the last statement, so that what is not whole lacks it.
        owner = _half_of(module, self)
        if owner is not self or vars(module).get("__digest__") != self.digest:
            if owner is self:
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
        return __import__(name, fromlist=[""])
    except (AttributeError, ImportError, NameError, SyntaxError) as error:
        if isinstance(error, ImportError) and MEND in str(error):
            raise
        raise _misfit(name, other, str(error)) from error


def _misfit(name: str, other: str, why: str) -> ImportError:
    return ImportError(f"{other} and {name} do not belong together ({why}): {MEND}", name=other)


def bound_machine(name: str, asker: str) -> Any:
    """The machine half called `name` that another one, `asker`, calls, bound to its classes.

    Raises:
        ImportError: it is missing, broken, or belongs to another version of its module.
    """
    half = _half_of(_imported(name, asker), None)
    if half is None:
        raise _misfit(name, asker, "it is not whole")
    # Its module may have been loaded again.
    current: Half = getattr(sys.modules.get(half.name), "__half__", half)
    return current.bind()


def _half_of(module: Any, default: Half | None) -> Half | None:
    """Whose machine is in a module."""
    half: Half | None = getattr(getattr(module, "machine", None), "half", default)
    return half


def _is_stale(module: Any, half: Half) -> bool:
    """Whether a machine was bound to classes that its module, which has `half` now, had before."""
    people = sys.modules.get(half.name)
    return _half_of(module, half) is not half and getattr(people, "__half__", None) is half


class Machine:
    """The machine half of a generated module, as its `machine`.

    Args:
        name: the name of the package that it is.
        half: that of the classes.
    """

    def __init__(self, name: str, half: Half) -> None:
        self.name = name
        self.half = half
        self._bound: dict[str, tuple[Any, Compiled]] = {}
        self._completing: dict[str, tuple[Any, Any]] = {}
        self._parts: dict[str, Any] = {}

    def bind(
        self, cls: Any, stem: str, init: Callable[..., None] | None = None, **functions: Any
    ) -> None:
        """Have what was compiled for `cls`; `stem` is its part of the names of tables."""
        self._bound[stem] = cls, Compiled(ClassTables(self, stem), **functions)
        if init is not None:
            self.complete(stem, init)

    def complete(
        self,
        stem: str,
        init: Callable[..., None],
        save: Callable[[Any], dict[str, Any]] | None = None,
    ) -> None:
        """Have the constructor of a class, and what saves its objects if nothing general does."""
        self._completing[stem] = init, save

    def settle(self) -> None:
        """Give the classes what there is for them, once a part of it was imported as a whole."""
        with _machines:
            for stem, (cls, compiled) in self._bound.items():
                if stem in self._completing:
                    init, save = self._completing.pop(stem)
                    compiled.init = init
                    if init.__module__.startswith(self.name):
                        init.__name__ = "__init__"
                        init.__qualname__ = f"{cls.__qualname__}.__init__"
                    if "__init__" not in cls.__dict__:
                        cls.__init__ = init
                    if save is not None:
                        compiled.save = cls.__save__ = save
                        compiled.config = save
                if "__brevetti__" not in cls.__dict__:
                    cls.__brevetti__ = compiled

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
            part = self.half.part(name)
            if name == "objects":
                self.settle()
            self._parts[name] = part
        return self._parts[name]

    def load_parts(self) -> None:
        """Have all parts that can be had, before the files behind them may change."""
        for name in PARTS:
            try:
                self._part(name)
            except ImportError:
                continue


# What classes have before their machine is bound


def owner_of(cls: type) -> Any:
    """The generated class that `cls` is or inherits from; None without one."""
    for base in cls.__mro__:
        if "__declared__" in base.__dict__:
            return base
    return None


def refuse_two_schemas(cls: type) -> None:
    """Raise TypeError if `cls` inherits from two generated classes, of which one would be lost."""
    owners = [base for base in cls.__mro__ if "__declared__" in base.__dict__]
    for owner in owners[1:]:
        if owner not in owners[0].__mro__:
            names = f"{owners[0].__qualname__} and {owner.__qualname__}"
            raise TypeError(
                f"{cls.__name__} inherits from {names}, which have a schema each: "
                f"let a schema of its own refer to both, or give it attributes of both classes"
            )


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
    compiled: Compiled = owner.__dict__["__brevetti__"]
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
        if settings is not None or owner is None or _has_own_init(cls, owner):
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
