"""Signatures of generated constructors. Loaded when somebody asks for one."""

from __future__ import annotations

from inspect import Parameter, Signature
from typing import Any

from ..binding import BoundInit


def signature_of(cls: type, owner: Any) -> Signature:
    """How objects of `cls`, whose generated class is `owner`, are constructed.

    Raises:
        AttributeError: somebody wrote an `__init__`, of which Python tells.
    """
    known = vars(owner.__dict__.get("__brevetti__", owner)).get("init")
    init = next(vars(base)["__init__"] for base in cls.__mro__ if "__init__" in vars(base))
    if not isinstance(init, BoundInit) and init is not known:
        raise AttributeError("__signature__")
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
