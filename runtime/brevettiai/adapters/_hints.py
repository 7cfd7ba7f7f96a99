"""Values by type hints: the JSON Schema of a hint, a value from JSON, JSON from a value.

| hint | JSON |
| --- | --- |
| `bool`, `int`, `float`, `str`, `None`, `Any` | as it is; `5.0` is an `int` too |
| `Literal`, enums | one of the values |
| `list`, `tuple`, `set`, `Sequence` and the like | a list |
| `dict`, `Mapping`, with text for keys | an object |
| `Path` | text |
| dataclasses, TypedDicts, settings classes, hand-written modules | an object |
| unions of these | the first that fits |

The default of a dataclass field is in its schema. Its `metadata` may have `alias`, the name
in configs where that is not the field's, `"nullable": False` where `None` stands for an absent
value, and `title`, `description` and other words of the schema. A `dict` with `"extra": True` that
`__init__` does not take has the keys that are no fields; typed dictionaries have all keys.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import enum
import inspect
import pathlib
import types
import typing
from typing import Any, cast

from ..errors import ModuleError, SettingsError
from ..formats.python_types import read, text_of
from ..integrations.embedding import embeddable_schema
from ..integrations.python_types import is_known, text_row
from ..json_values import ATOMS, is_array, is_module, is_object, json_equal, plain
from ..messages.alternatives import merge
from ..messages.findings import Finding, Findings, Path
from ._members import config_key, is_typed_dict, members_of, none_is_absent, others_of

#: What hints are to JSON, for all who read them.
TYPE_NAMES: dict[Any, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    type(None): "null",
    None: "null",
}
UNIONS: tuple[Any, ...] = (typing.Union, types.UnionType)
LISTS: dict[Any, type] = {
    list: list,
    tuple: tuple,
    set: set,
    frozenset: frozenset,
    collections.abc.Sequence: list,
    collections.abc.MutableSequence: list,
    collections.abc.Iterable: list,
    collections.abc.Collection: list,
    collections.abc.Set: frozenset,
    collections.abc.MutableSet: set,
}
MAPS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)


class UnknownHint(TypeError):
    """A type hint that this module has no JSON for; `str()` names it."""


class HintSchemas:
    """Writes JSON Schemas of hints; classes become definitions, and are referred to."""

    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}
        self._names: dict[type, str] = {}
        self._begun: list[type] = []

    def schema_of(self, hint: Any) -> dict[str, Any]:
        """The JSON Schema of a hint.

        Raises:
            UnknownHint: there is none.
            NameError: a hint of a field names something that cannot be found.
        """
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin is typing.Annotated:
            row, notes = text_row(hint), [note for note in arguments[1:] if not is_known(note)]
            return {**(row or self.schema_of(arguments[0])), **_notes(notes, hint)}
        if hint in TYPE_NAMES:
            return {"type": TYPE_NAMES[hint]}
        if hint is Any or hint is object:
            return {}
        if origin is typing.Literal:
            return {"enum": list(arguments)}
        if origin in UNIONS:
            return {"anyOf": [self.schema_of(branch) for branch in arguments]}
        if (origin or hint) in LISTS:
            return self._list(origin or hint, arguments)
        if (origin or hint) in MAPS:
            if arguments and arguments[0] is not str:
                raise UnknownHint(f"the keys of {hint} are not text")
            item = self.schema_of(arguments[1]) if arguments else {}
            return {"type": "object", "additionalProperties": item or True}
        if isinstance(hint, type):
            return self._class(cast("type[Any]", hint))
        raise UnknownHint(f"the type hint {hint} cannot be checked without a library")

    def _list(self, kind: Any, arguments: tuple[Any, ...]) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "array"}
        if _is_fixed(kind, arguments):
            items = [self.schema_of(each) for each in arguments if each != ()]
            return {**schema, "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
        if arguments:
            schema["items"] = self.schema_of(arguments[0])
        if issubclass(LISTS[kind], (set, frozenset)):
            schema["uniqueItems"] = True
        return schema

    def _class(self, cls: type[Any]) -> dict[str, Any]:
        if issubclass(cls, enum.Enum):
            values = [member.value for member in cls]
            if not all(type(value) in TYPE_NAMES for value in values):
                raise UnknownHint(f"the values of {cls.__qualname__} are no plain JSON")
            return {"enum": values}
        if issubclass(cls, pathlib.PurePath):
            return {"type": "string"}
        if is_module(cls):
            return embeddable_schema(cls)
        if not (dataclasses.is_dataclass(cls) or is_typed_dict(cls)):
            raise UnknownHint(f"objects of {cls.__qualname__} cannot be made without a library")
        name = self._names.get(cls)
        if name is None:
            name = cls.__name__
            while name in self.definitions:
                name += "_"
            self._names[cls] = name
            self.definitions[name] = {}
            self._begun.append(cls)
            self.definitions[name] = self._object(cls)
            self._begun.pop()
        return {"$ref": f"#/$defs/{name}"}

    def _object(self, cls: Any) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        entries = members_of(cls)
        for entry in entries:
            hint = _without_none(entry.hint) if entry.none_is_absent else entry.hint
            schema = {**self.schema_of(hint), **entry.facts}
            is_absent = entry.default is None and entry.none_is_absent
            if entry.default is not dataclasses.MISSING and not is_absent:
                schema["default"] = save_value(entry.default)
            elif not entry.required and self._can_be_empty(entry.hint):
                schema["default"] = {}
            properties[entry.key] = schema
        about = text_about(cls)
        others = others_of(cls)
        return {
            "type": "object",
            "title": cls.__name__,
            **({"description": about} if about else {}),
            "properties": properties,
            **({"additionalProperties": self.schema_of(others[1]) or True} if others else {}),
            "required": [entry.key for entry in entries if entry.required],
        }

    def _can_be_empty(self, hint: Any) -> bool:
        """Whether a hint is a TypedDict that needs no key, and does not lead back to itself."""
        is_dict_class = isinstance(hint, type) and is_typed_dict(hint) and hint not in self._begun
        return is_dict_class and not any(entry.required for entry in members_of(hint))


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) not in UNIONS:
        return hint
    others = tuple(each for each in typing.get_args(hint) if each is not type(None))
    return typing.Union[others] if others else hint  # noqa: UP007 (of a tuple)


def text_about(cls: type) -> str:
    """The docstring of a class, unless it is the signature that `dataclass` writes."""
    about = vars(cls).get("__doc__") or ""
    return "" if about.startswith(f"{cls.__name__}(") else inspect.cleandoc(about)


def _is_fixed(kind: Any, arguments: tuple[Any, ...]) -> bool:
    """Whether a list has as many items as its hint."""
    return kind is tuple and bool(arguments) and arguments[-1] is not Ellipsis


def _notes(notes: list[Any], hint: Any) -> dict[str, Any]:
    """What `Annotated` says beside the type: texts only; constraints are for libraries."""
    facts: dict[str, Any] = {}
    for note in notes:
        text = note if isinstance(note, str) else getattr(note, "documentation", None)
        if not isinstance(text, str):
            raise UnknownHint(f"{note!r} in {hint} cannot be checked without a library")
        facts.setdefault("description", text)
    return facts


def load_as(hint: Any, value: Any, at: Path, findings: Findings) -> Any:
    """The value that a hint makes of JSON. What does not fit is found, and given back as it is."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        row = text_row(hint)
        if row is None:
            return load_as(arguments[0], value, at, findings)
        return read(row["x-python-type"], value) if findings.explain(row, at, value) else value
    if hint in TYPE_NAMES:
        fits = findings.explain({"type": TYPE_NAMES[hint]}, at, value)
        return int(value) if fits and hint is int else value
    if hint is Any or hint is object:
        return value
    if origin is typing.Literal:
        findings.explain({"enum": arguments}, at, value)
        return value
    if origin in UNIONS:
        return _load_union(arguments, value, at, findings)
    if (origin or hint) in LISTS:
        if not findings.explain({"type": "array"}, at, value):
            return value
        return _load_list(origin or hint, arguments, value, at, findings)
    if (origin or hint) in MAPS:
        if not findings.explain({"type": "object"}, at, value):
            return value
        item = arguments[1] if arguments else Any
        return {key: load_as(item, each, (*at, key), findings) for key, each in value.items()}
    return _load_class(hint, value, at, findings)


def _load_union(branches: tuple[Any, ...], value: Any, at: Path, findings: Findings) -> Any:
    """By the branch that fits and keeps most; else the problems of the one that comes closest."""
    outcomes: list[Findings] = []
    fitting: list[tuple[int, Any]] = []
    for branch in branches:
        outcomes.append(findings.another())
        loaded = load_as(branch, value, at, outcomes[-1])
        if not outcomes[-1].problems:
            fitting.append((_dropped(value, save_value(loaded)), loaded))
    if fitting:
        return min(fitting, key=lambda each: each[0])[1]
    merge(findings, at, value, outcomes)
    return value


def _dropped(given: Any, kept: Any) -> int:
    """How many keys of a config an object does not keep."""
    if is_object(given) and is_object(kept):
        inner = sum(_dropped(item, kept[key]) for key, item in given.items() if key in kept)
        return inner + len(given.keys() - kept.keys())
    if is_array(given) and is_array(kept):
        return sum(map(_dropped, given, kept))
    return 0


def _load_list(
    kind: Any, arguments: tuple[Any, ...], value: list[Any], at: Path, findings: Findings
) -> Any:
    if _is_fixed(kind, arguments):
        hints = [each for each in arguments if each != ()]
        findings.explain({"minItems": len(hints), "maxItems": len(hints)}, at, value)
    else:
        hints = [arguments[0] if arguments else Any] * len(value)
    pairs = enumerate(zip(hints, value, strict=False))
    items = [load_as(each, item, (*at, index), findings) for index, (each, item) in pairs]
    try:
        return LISTS[kind](items)
    except TypeError:  # A set of what cannot be in one.
        findings.add(at, "must have items that can be told apart", value)
        return value


def _load_class(cls: Any, value: Any, at: Path, findings: Findings) -> Any:
    if issubclass(cls, enum.Enum):
        members: list[Any] = list(cls)
        findings.explain({"enum": [member.value for member in members]}, at, value)
        return next((each for each in members if json_equal(each.value, value)), value)
    if issubclass(cls, pathlib.PurePath):
        return cls(value) if findings.explain({"type": "string"}, at, value) else value
    if not findings.explain({"type": "object"}, at, value):
        return value
    if is_module(cls):
        try:
            return cls.from_config(value)
        except SettingsError as error:
            for problem in error.within(*at).problems:
                findings.put(Finding(problem))
        except ModuleError as error:
            findings.add((*at, *error.path), error.problem)
        return value
    entries = members_of(cls)
    given: dict[str, Any] = {}
    before = findings.refusals
    required = [entry.key for entry in entries if entry.required]
    findings.explain({"required": required}, at, value)
    for entry in entries:
        if entry.key in value:
            place = (*at, entry.key)
            given[entry.attribute] = load_as(entry.hint, value[entry.key], place, findings)
    name, hint = others_of(cls) or ("", Any)
    unknown = value.keys() - {entry.key for entry in entries}
    others = {
        k: load_as(hint, item, (*at, k), findings) for k, item in value.items() if k in unknown
    }
    if findings.refusals > before:
        return value
    if is_typed_dict(cls):
        return {key: given.get(key, item) for key, item in value.items()}
    try:
        made = cls(**given)
    except ValueError as error:  # What `__post_init__` has to say.
        findings.add(at, str(error) or "does not fit")
        return value
    if name:
        getattr(made, name).update(others)
    return made


def save_value(value: Any) -> Any:
    """The plain JSON of a value that `load_as` gave, or that a field has by default."""
    if type(value) in ATOMS:
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, pathlib.PurePath):
        return text_of(value, str(value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and not is_module(value):
        given = ((field, getattr(value, field.name)) for field in dataclasses.fields(value))
        config = {
            config_key(field): save_value(item)
            for field, item in given
            if field.init and not (item is None and none_is_absent(field))
        }
        others = others_of(type(value))
        return {**config, **save_value(getattr(value, others[0]))} if others else config
    if is_object(value):
        return {key: save_value(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return [save_value(item) for item in sorted(cast("set[Any]", value), key=repr)]
    if is_array(value):
        return [save_value(item) for item in value]
    return text_of(value, plain(value))
