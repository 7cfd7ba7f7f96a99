"""What a generated class has before its machine half is bound to it, found by walking its bases."""

from __future__ import annotations

from .classes import Compiled
from .halves import MEND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from inspect import Signature
    from typing import Any


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
    """The attributes of its generated class that `cls`, a subclass, annotates anew.

    Raises:
        TypeError: there are two such classes.
    """
    refuse_two_schemas(cls)
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
        half = owner.__declared__[0]
        message = f"{half.machine} does not belong to this class {half.name}.{owner.__qualname__}"
        raise ImportError(f"{message}: {MEND}", name=half.name)
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
                name,
                Parameter.KEYWORD_ONLY,
                default=defaults.get(name, Parameter.empty),
                annotation=hint,
            )
            for name, hint in owner.__annotations__.items()
        ]
        return Signature(parameters, return_annotation=None)


def _has_own_init(cls: type, owner: Any) -> bool:
    """Whether the `__init__` that objects of `cls` are made with is not the generated one."""
    known: Any = owner.__dict__.get("__brevetti__", owner).__dict__
    init = next(vars(base)["__init__"] for base in cls.__mro__ if "__init__" in vars(base))
    return not isinstance(init, BoundInit) and init is not known.get("init")


class MatchArgs:
    """`__match_args__`: the attributes in the order of the schema, made when first asked for."""

    __slots__ = ()

    def __get__(self, settings: object, cls: Any) -> tuple[str, ...]:
        names = tuple(field.attribute for field in cls.__brevetti__.fields())
        type.__setattr__(owner_of(cls), "__match_args__", names)
        return names
