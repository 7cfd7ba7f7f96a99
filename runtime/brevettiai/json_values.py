"""JSON values in Python: their kinds, when they are equal, anything as one, and the absent one.

Also what checks found of them. Below all concerns of the runtime and of the generator. Imports
only what is built in.
"""

from __future__ import annotations

from _thread import _local  # pyright: ignore[reportPrivateUsage]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from typing import Any, Final, TypeAlias, TypeGuard, TypeVar

    from .settings import Settings

    #: Property names and item indices that a check evaluated.
    Marks: TypeAlias = set[str | int]
    Check = TypeVar("Check", bound=Callable[..., bool])
    R = TypeVar("R")

    def class_of(value: object) -> type[object]:
        """`type(value)`, of which strict type checkers make an unknown class for `Any`."""
        ...
else:
    class_of = type

#: The classes of scalars.
ATOMS = frozenset({str, int, float, bool, type(None)})


class Unset:
    """The type of `UNSET`: the value of an optional property that is absent and may be null."""

    __slots__ = ()
    __module__ = "brevettiai.settings"  # where people find it, pickles too

    def __new__(cls) -> Unset:
        return UNSET

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"

    def __copy__(self) -> Unset:
        return self

    def __deepcopy__(self, memo: object) -> Unset:
        return self


#: Stands for an absent property where `None` would mean JSON null. Falsy, and only one exists.
UNSET: Final[Unset] = object.__new__(Unset)


def json_of(text: str | bytes) -> Any:
    """The value of JSON text that comes from elsewhere.

    Raises:
        ValueError: it is no JSON, or nested deeper than Python follows.
    """
    import json

    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def is_absent(value: object, kinds: tuple[str, ...]) -> bool:
    """Whether an attribute's value stands for an absent property that admits `kinds`."""
    return value is UNSET or (value is None and "null" not in kinds)


def is_object(value: object) -> TypeGuard[dict[Any, Any]]:
    """Whether `value` is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether `value` is a JSON array, for which a tuple may stand."""
    return isinstance(value, (list, tuple))


def json_type(value: Any) -> str:
    """The JSON type of a value; `1.0` is an integer."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if is_array(value) else "object"


def held(holder: object, key: Any) -> Any:
    """What an object or a list has at a key or an index; None where it has nothing."""
    container: Any = holder
    return None if lacks(holder, key) else container[key]


def lacks(holder: object, key: Any) -> bool:
    """Whether an object or a list has nothing at a key or an index; no other value has anything."""
    if is_object(holder):
        return key not in holder
    return not (is_array(holder) and type(key) is int and key < len(holder))


def is_number(value: object) -> TypeGuard[float]:
    """Whether `value` is a JSON number, which `true` and `false` are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Whether `value` is a dict or behaves as one."""
    if isinstance(value, dict):
        return True
    from collections.abc import Mapping

    return isinstance(value, Mapping)


def is_settings(value: object) -> TypeGuard[Settings]:
    """Whether `value` is an object of a generated class."""
    return hasattr(type(value), "__brevetti__")


def strays(settings: Any, known: Mapping[str, Any]) -> list[str]:
    """The names of attributes of `settings` that are no settings, as they are not `known`.

    Names that begin with an underscore are no strays, nor those of which a class speaks that was
    not generated, in its body or its `__init__`: they are its author's own.
    """
    cls = class_of(settings)
    unknown = [name for name in settings.__dict__ if name not in known and name[:1] != "_"]
    return [name for name in unknown if not _is_own(cls, name)]


def _is_own(cls: type, name: str) -> bool:
    generated = next(base for base in cls.__mro__ if "__declared__" in vars(base)).__mro__
    for base in cls.__mro__:
        if base not in generated:
            code = getattr(vars(base).get("__init__"), "__code__", None)
            spoken = (*code.co_names, *code.co_varnames) if code else ()
            if name in {*vars(base), *getattr(base, "__annotations__", ()), *spoken}:
                return True
    return False


def refuse_strays(settings: Any, known: Mapping[str, Any]) -> None:
    """Raise AttributeError if an attribute of `settings` is no setting."""
    for name in strays(settings, known):
        raise AttributeError(f"the attribute {name!r} is no setting")


def is_module(cls: object) -> bool:
    """Whether `cls` is a class whose objects are stored by their own methods.

    That is a `Module`, or any class with both `from_config` and `get_config`.
    """
    return (
        bool(getattr(cls, "__mro__", ()))
        and callable(getattr(cls, "from_config", None))
        and hasattr(cls, "get_config")
    )


def plain(value: object) -> Any:
    """The JSON value of `value`: nested modules as configs, containers fresh.

    Sets become lists, sorted where their items can be compared, so that the same module gives
    the same bytes in every process. Objects that JSON has no word for stay as they are.
    """
    if type(value) in ATOMS:
        return value
    if is_object(value):
        return {key: plain(item) for key, item in value.items()}
    if is_array(value):
        return [plain(item) for item in value]
    if is_set(value):
        try:
            return [plain(item) for item in sorted(value)]
        except TypeError:  # no order between them, as between text and numbers
            return [plain(item) for item in sorted(value, key=repr)]
    if is_module(type(value)):
        return _method(value, "get_config")()
    if hasattr(value, "dtype"):  # an array or scalar of numpy, torch, tensorflow, ...
        array = value if hasattr(value, "tolist") else getattr(value, "numpy", object)()
        return _method(array, "tolist")() if hasattr(array, "tolist") else value
    return value


def is_set(value: object) -> TypeGuard[set[Any] | frozenset[Any]]:
    return isinstance(value, (set, frozenset))


def _method(value: object, name: str) -> Any:
    return getattr(value, name)


def json_equal(a: Any, b: Any) -> bool:
    """Whether two JSON values are equal: `1` is `1.0`, and neither is `True`.

    It recurses in plain calls, as they alone do not use up the stack of the C code underneath.
    """
    if a is b:
        return True
    kind = class_of(a)
    other = class_of(b)
    if kind is bool or other is bool:
        return False
    if kind is dict and other is dict:
        if a.keys() != b.keys():
            return False
        for key in a:  # noqa: SIM110
            if not json_equal(a[key], b[key]):
                return False
        return True
    if kind is list and other is list:
        if len(a) != len(b):
            return False
        for index, value in enumerate(a):  # noqa: SIM110
            if not json_equal(value, b[index]):
                return False
        return True
    return bool(a == b)


def is_one_of(value: Any, choices: Collection[Any]) -> bool:
    """Whether `value` is JSON-equal to one of `choices`."""
    if class_of(value) is str:
        return value in choices
    if class_of(value) in ATOMS and value not in choices:
        return False
    return any(json_equal(value, choice) for choice in choices)


def is_multiple(value: float, step: float) -> bool:
    """Whether `value` is `step` times a whole number, as their decimal notations say.

    `0.3` is a multiple of `0.1`, whatever their binary fractions are.
    """
    if type(value) is int and type(step) is int:
        return value % step == 0
    if value - value != 0:
        return False
    if type(step) is int and type(value) is float and value.is_integer():
        return int(value) % step == 0
    from fractions import Fraction

    exact, by = (Fraction(n if type(n) is int else str(n)) for n in (value, step))
    return exact % by == 0


def all_unique(items: list[Any]) -> bool:
    """Whether no two items are JSON-equal. Linear in the size of `items`."""
    for _ in repeated(items):
        return False
    return True


def repeated(items: Iterable[Any]) -> Iterator[int]:
    """The indices of items that are JSON-equal to an earlier one. Linear in the size of `items`."""
    seen: set[Any] = set()
    for index, item in enumerate(items):
        key = identity(item)
        if key in seen:
            yield index
        seen.add(key)


#: Smaller integers are their own hash, so that nobody can choose many of one hash.
_HASHED = 1 << 60


def identity(value: Any) -> Any:
    """A hashable that is equal for JSON-equal values only."""
    kind = class_of(value)
    if kind is str or value is None:
        return value
    if (kind is int or kind is float) and -_HASHED < value < _HASHED:
        return value
    return (kind is bool, _canonical(value))


def _canonical(value: Any) -> str:
    """A text that is the same for JSON-equal values only. Flat, as nested tuples hash deeply."""
    kind = class_of(value)
    if kind is list:
        return f"[{','.join([_canonical(item) for item in value])}]"
    if kind is dict:
        parts = [f"{key!r}:{_canonical(value[key])}" for key in sorted(value)]
        return f"{{{','.join(parts)}}}"
    if kind is int or (kind is float and value.is_integer()):
        return hex(int(value))
    return repr(value)


def whole(value: Any) -> Any:
    """`value`, an integral float as the int that it equals."""
    return int(value) if type(value) is float and value.is_integer() else value


class NotJSON(TypeError):
    """A value that JSON cannot hold reached a place that any JSON value fits."""


def copy_json(value: Any) -> Any:
    """A deep copy of a plain JSON value.

    Raises:
        NotJSON: `value` holds what JSON cannot: NaN, an infinity, another type, a key not text.
    """
    kind = class_of(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if kind is float:
        if value - value != 0:
            raise NotJSON
        return value
    if kind is list:
        return [copy_json(item) for item in value]
    if kind is dict:
        copied: dict[str, Any] = {}
        for key, item in value.items():
            if type(key) is not str:
                raise NotJSON
            copied[key] = copy_json(item)
        return copied
    raise NotJSON


def no_marks() -> Marks:
    """An empty set of marks."""
    return set()


class _Judging(_local):
    """What the checks of a thread found so far that judge a value once, while the first one runs:
    whether a value fits, what of it was evaluated, and the value, so that its id stays its own."""

    verdicts: dict[tuple[object, int], tuple[bool, Marks, object]] | None = None


_judging = _Judging()
_NO_MARKS: Marks = set()


def keep_verdicts(work: Callable[..., R], *arguments: Any) -> R:
    """What `work` gives; meanwhile checks that judge a value once keep what they found."""
    if _judging.verdicts is not None:
        return work(*arguments)
    _judging.verdicts = {}
    try:
        return work(*arguments)
    finally:
        _judging.verdicts = None


def changing(container: Any, out: Any) -> None:
    """Say before it is done that a container is changed, of which checks may have kept what they
    found. `out`, if it is an attempt, keeps in `before` what it was."""
    if _judging.verdicts:
        _judging.verdicts.clear()
    if hasattr(out, "before"):
        out.before.append((container, container.copy()))


def once(check: Check) -> Check:
    """A check that many ways lead to for the same value: it is made there once only."""

    def judged(value: Any, marks: Marks | None = None) -> bool:
        verdicts, key = _judging.verdicts, (check, id(value))
        if verdicts is None:
            return keep_verdicts(judged, value, marks)
        found = verdicts.get(key)
        if found is None:
            seen = _NO_MARKS if marks is None else no_marks()
            fits = check(value) if marks is None else check(value, seen)
            found = verdicts[key] = fits, seen, value
        if marks is not None:
            marks |= found[1]
        return found[0]

    return judged  # type: ignore[return-value]
