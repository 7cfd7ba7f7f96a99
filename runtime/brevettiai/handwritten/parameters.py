"""What the `__init__` of a module says about it: its parameters, read once per class.

Loaded at the first use of a hand-written module. The annotations that count are plain classes,
`Optional`, unions (also `A | B`), `Literal`, `Annotated`, and the generic forms of `list`, `dict`
and `tuple`; as objects or as text (`from __future__ import annotations`).
"""

from __future__ import annotations

import collections.abc
import dataclasses
import inspect
import sys
import types
import typing
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from brevettiai.errors import ModuleError
from brevettiai.json_values import is_array, is_module, is_object, plain

MISSING: Any = inspect.Parameter.empty
"""Stands for a default that there is not; the value that `to_schema` is given for it."""

#: Where the base classes of modules are defined.
_BASES = "brevettiai.modules"

_NONE = type(None)
_UNIONS = (typing.Union, types.UnionType)
_CONTAINERS: dict[Any, type] = {
    list: list,
    dict: dict,
    tuple: tuple,
    set: set,
    frozenset: set,
    collections.abc.Sequence: list,
    collections.abc.Mapping: dict,
    collections.abc.MutableMapping: dict,
    collections.abc.MutableSequence: list,
}


@dataclasses.dataclass(frozen=True)
class Unresolved:
    """An annotation whose text names nothing that can be found where the class is defined."""

    text: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Parameter:
    """One parameter of a module's `__init__`.

    Attributes:
        name: Its name, which is the config key and the attribute.
        kind: How it is passed, a kind of `inspect.Parameter`.
        annotation: The resolved annotation; without one, the type of the default.
        ptype: What the annotation means for a form: a class wherever there is one, so `int` for
            `Optional[int]`, `list` for `list[int]`; else the union or `Literal` itself.
        default: The default, or `MISSING`.
    """

    name: str
    kind: Any
    annotation: Any
    ptype: Any
    default: Any

    @property
    def variadic(self) -> bool:
        """Whether this is `*args` or `**kwargs`."""
        return self.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)

    def is_default(self, value: Any) -> bool:
        """Whether a config value is what the parameter has anyway."""
        if self.variadic:
            return not value
        return self.default is not MISSING and bool(plain(self.default) == value)


_parameters: weakref.WeakKeyDictionary[type, tuple[Any, dict[str, Parameter]]]
_parameters = weakref.WeakKeyDictionary()


def parameters_of(cls: type) -> dict[str, Parameter]:
    """The parameters of `cls.__init__` without `self`, by name, in their order."""
    init: Any = inspect.getattr_static(cls, "__init__")
    known = _parameters.get(cls)
    if known is None or known[0] is not init:  # `__init__` may be replaced after the first use
        known = _parameters[cls] = (init, _read_parameters(cls, init))
    return known[1]


def _read_parameters(cls: type, init: Any) -> dict[str, Parameter]:
    if init is object.__init__:
        return {}
    listed = list(inspect.signature(init).parameters.values())[1:]
    return {entry.name: _read_parameter(cls, init, entry) for entry in listed}


def _read_parameter(cls: type, init: Any, entry: inspect.Parameter) -> Parameter:
    default = _default(cls, entry)
    annotation: Any = _NONE
    if entry.kind in (entry.VAR_POSITIONAL, entry.VAR_KEYWORD):
        pass  # the annotation of `*args: int` is that of one item
    elif entry.annotation is not MISSING:
        annotation = _evaluate(cls, init, entry.annotation)
    elif default is not MISSING:
        value: Any = plain(default) if hasattr(default, "dtype") else default
        annotation = typing.cast("Any", type)(value)
    return Parameter(entry.name, entry.kind, annotation, _form_type(annotation), default)


def _default(cls: type, entry: inspect.Parameter) -> Any:
    """The default of a parameter; of a dataclass field with a factory, what the factory makes."""
    field = getattr(cls, "__dataclass_fields__", {}).get(entry.name)
    if field is not None and field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return entry.default


def _evaluate(cls: type, init: Any, annotation: Any) -> Any:
    """Turn text into what it names where `__init__` is defined; also text inside of generics."""
    module = sys.modules.get(cls.__module__)
    names = getattr(inspect.unwrap(init), "__globals__", {} if module is None else vars(module))
    holder = types.SimpleNamespace(__annotations__={"it": annotation})
    try:
        try:
            return typing.get_type_hints(holder, names, vars(cls))["it"]
        except NameError:
            return typing.get_type_hints(holder, names, _modules_in_sight(cls))["it"]
    except Exception as error:
        if isinstance(annotation, str):
            return Unresolved(annotation, f"{type(error).__name__}: {error}")
        return annotation  # no type at all: a value used as a note to the reader


def _modules_in_sight(cls: type) -> dict[str, type]:
    """The modules defined in the same function or class as `cls`, or around it, by name.

    The names in a function's body are gone when its annotations are resolved, so modules that
    are defined there are found by their qualified names: the latest one counts.
    """
    found: dict[str, type] = {}
    ahead: list[type] = [base for base in cls.__mro__ if is_module(base)][-1:]
    while ahead:
        each = ahead.pop(0)
        ahead.extend(each.__subclasses__())
        scope = each.__qualname__.rpartition(".")[0]
        if each.__module__ == cls.__module__ and f"{cls.__qualname__}.".startswith(f"{scope}."):
            found[each.__name__] = each
    return found


def is_hand_written(cls: type) -> bool:
    """Whether a class has our base class of modules, and so is stored by its `__init__`."""
    return any(base.__module__ == _BASES for base in cls.__mro__)


def is_inherited(cls: Any, method: str) -> bool:
    """Whether a class has a method as our base classes give it: by reading its `__init__`."""
    return getattr(getattr(cls, method, None), "__module__", None) == _BASES


def _form_type(annotation: Any) -> Any:
    if isinstance(annotation, typing.NewType):
        return _form_type(annotation.__supertype__)
    origin = typing.get_origin(annotation)
    if origin in _UNIONS:
        members = tuple(member for member in typing.get_args(annotation) if member is not _NONE)
        return _form_type(members[0]) if len(members) == 1 else typing.Union[members]  # noqa: UP007
    if origin is not None and origin is not typing.Literal:
        return _CONTAINERS.get(origin, origin)
    return annotation


def bind(cls: type, config: object) -> tuple[list[Any], dict[str, Any], list[str]]:
    """Turn a config into the arguments of a call, and list the keys that the call has no place for.

    Returns:
        Positional arguments, keyword arguments, unknown keys in the order of the config.
    """
    entries = dict(expect_mapping(config, cls))
    values: dict[str, Any] = {}
    rest: list[Any] = []
    takes_any, extra = False, dict[str, Any]()
    for name, parameter in parameters_of(cls).items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            takes_any = True
            if is_object(entries.get(name)):  # as `get_config` wrote it
                extra = dict(entries.pop(name))
        elif parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            if is_array(entries.get(name)):
                rest = list(entries.pop(name))
        elif name in entries:
            values[name] = at_path((name,), load, parameter.annotation, entries.pop(name))
    if takes_any:
        extra.update((str(key), load(None, value)) for key, value in entries.items())
        entries.clear()
    positional = _take_positional(cls, values, bool(rest))
    return [*positional, *rest], {**values, **extra}, [str(key) for key in entries]


def _take_positional(cls: type, values: dict[str, Any], all_positional: bool) -> list[Any]:
    """Take out of `values` what has to go by position, after a check that nothing is missing."""
    parameters = [entry for entry in parameters_of(cls).values() if not entry.variadic]
    missing = [p.name for p in parameters if p.default is MISSING and p.name not in values]
    if missing:
        names = ", ".join(repr(name) for name in missing)
        raise ModuleError(
            f"the config of {cls.__name__} lacks {names}; give a value, "
            f"or a default in {cls.__name__}.__init__"
        )
    by_position = [
        parameter
        for parameter in parameters
        if parameter.kind is inspect.Parameter.POSITIONAL_ONLY
        or (all_positional and parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD)
    ]
    return [values.pop(parameter.name, parameter.default) for parameter in by_position]


def expect_mapping(value: object, cls: type, what: str = "config") -> Mapping[str, Any]:
    """`value` if it is a mapping, else an error that says what `cls` needs."""
    if isinstance(value, Mapping):
        return typing.cast("Mapping[str, Any]", value)
    given = repr(value)
    given = given if len(given) <= 40 else f"{given[:37]}..."
    raise ModuleError(
        f"expected the {what} of {cls.__name__} (an object), got {type(value).__name__} {given}"
    )


def at_path(path: Sequence[str], function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function; a `ValueError` that knows its path is told where it happened."""
    try:
        return function(*arguments)
    except ValueError as error:
        placed: Any = error
        for name in reversed(path):
            within = getattr(placed, "within", None)  # any settings class may name its place so
            if within is None:
                raise
            placed = within(name)
        raise placed from error


def load(annotation: Any, value: object) -> Any:
    """Turn a config value into the argument that `annotation` asks for, modules included."""
    if value is None or is_module(type(value)):
        return value
    if is_module(annotation):
        return annotation.from_config(expect_mapping(value, annotation))
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) in _UNIONS:
        return _load_union(arguments, value)
    if isinstance(annotation, Unresolved) and (is_object(value) or is_array(value)):
        raise ModuleError(
            f"the annotation {annotation.text!r} cannot be resolved ({annotation.reason}), so it "
            "may or may not be a module; define or import the name at module level"
        )
    if is_object(value):
        item = arguments[1] if len(arguments) == 2 else None
        return {key: at_path((str(key),), load, item, each) for key, each in value.items()}
    if is_array(value) and type(value) in (list, tuple):
        kinds = _item_annotations(annotation, len(value))
        indexed = enumerate(zip(kinds, value, strict=True))
        items = [at_path((str(index),), load, kind, each) for index, (kind, each) in indexed]
        return items if type(value) is list else tuple(items)
    return value


def _item_annotations(annotation: Any, count: int) -> list[Any]:
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is tuple and Ellipsis not in arguments:
        return [*arguments, *[None] * count][:count]
    return [arguments[0] if arguments else None] * count


def _load_union(members: tuple[Any, ...], value: object) -> Any:
    """Load by the first module that takes the value with every key in it, else by the first one."""
    modules: list[Any] = [member for member in members if is_module(member)]
    if not is_object(value) or not modules:
        alike = [member for member in members if _form_type(member) is type(value)]
        return load(alike[0] if alike else None, value)
    for module in modules:
        try:
            if not is_inherited(module, "from_config") or not bind(module, value)[2]:
                return module.from_config(value)
        except ValueError:
            continue
    return modules[0].from_config(value)
