"""Type hints to JSON Schemas; what a schema cannot say is remarked on."""

from __future__ import annotations

import collections.abc
import enum
import pathlib
import typing
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, cast

from brevettiai.adapters._hints import LISTS, MAPS, TYPE_NAMES, UNIONS
from brevettiai.formats.python_types import text_of
from brevettiai.integrations.python_types import is_typed, name_of
from brevettiai.json_values import ATOMS, class_of, json_equal, plain
from brevettiai.messages.secrets import marks_secret

from ....json_values import is_array, is_object, json_type
from ....problems import Problem
from ..secret_names import is_secret_name
from .texts import Place

#: Stands for a default that there is not.
MISSING: Any = object()

SETS = "values are lists in which nothing is twice, no sets"
ENUMS = "values are those of {}, not its members"
RENAMED = "the attribute is called {} now, as configs call it"
NO_JSON = "its default is no JSON, and left out"

SET_TYPES: tuple[Any, ...] = (set, frozenset, collections.abc.Set, collections.abc.MutableSet)
#: What the marks of `annotated_types`, and of pydantic, are called in a schema.
_LIMITS: Mapping[str, str] = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
    "pattern": "pattern",
}
#: Keywords that can refuse null, whatever the type allows, or that make classes.
_REFUSE_NULL = frozenset(
    {"enum", "const", "allOf", "anyOf", "oneOf", "not", "if", "$ref", "properties"}
)
_LENGTHS = {"min_length": ("minLength", "minItems"), "max_length": ("maxLength", "maxItems")}


class HintReader:
    """Writes JSON Schemas of hints.

    Attributes:
        definitions: the schemas of classes, by name.
        remarks: what was lost, and what was guessed.
    """

    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}
        self.remarks: list[Problem] = []

    def remark(self, place: Place, message: str, hint: str | None = None) -> None:
        """Tell of something that is otherwise in the schema than in the class."""
        text = f"{place.name}: {message}"
        found = Problem(
            text, place.path, place.line, severity="warning", hint=hint, code="class-loss"
        )
        if found not in self.remarks:
            self.remarks.append(found)

    def schema_of(self, hint: Any, place: Place) -> dict[str, Any]:
        """The JSON Schema of a hint; {} where there is none, with a remark."""
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if isinstance(hint, typing.NewType):
            return self.schema_of(hint.__supertype__, place)
        if str(origin).rpartition(".")[2] in ("Required", "NotRequired", "ReadOnly", "Final"):
            return self.schema_of(arguments[0], place)
        if origin is typing.Annotated:
            schema = self.schema_of(arguments[0], place)
            for note in arguments[1:]:
                self._add_note(schema, note, place)
            return schema
        if hint in TYPE_NAMES:
            return {"type": TYPE_NAMES[hint]}
        if hint is Any or hint is object:
            return {}
        if origin is typing.Literal:
            return {"enum": [json_of(value) for value in arguments]}
        if origin in UNIONS:
            return union_of([self.schema_of(each, place) for each in arguments])
        if (origin or hint) in LISTS:
            return self._list(origin or hint, arguments, place)
        if (origin or hint) in MAPS:
            return self._map(arguments, place)
        if isinstance(hint, type) or isinstance(origin, type):
            return self._class(cast("type[Any]", origin or hint), place)
        self.remark(place, f"no schema says what {_named(hint)} is: any value is taken")
        return {}

    def class_schema(self, cls: type[Any], place: Place) -> dict[str, Any] | None:
        """The schema of a class of settings; None of any other class."""
        raise NotImplementedError

    def with_default(self, schema: dict[str, Any], default: Any, at: Place) -> dict[str, Any]:
        """The schema with a default, which it takes."""
        if default is MISSING:
            return schema
        if not is_json(default):
            self.remark(at, NO_JSON)
            return schema
        if default is None:
            return {**nullable(schema), "default": None}
        told = without_secrets(default)
        if told != default:
            self.remark(at, "secrets in its default are left out")
            default = told
        if "$ref" in schema and json_equal(default, self._fill_of(schema)):
            return schema
        if not self._takes(schema, default):
            self.remark(
                at, f"its default, {_article(default)}, does not fit its type: both are taken"
            )
            schema = _widened(schema, {"type": json_type(default)})
        return {**schema, "default": default}

    def _takes(self, schema: Mapping[str, Any], value: Any) -> bool:
        from jsonschema import Draft202012Validator

        if "'#'" in str(schema):
            return True  # It leads to the class around it, which is not written yet.
        document = {**schema, "$defs": self.definitions}
        validator: Any = Draft202012Validator(document)
        return bool(validator.is_valid(value))

    def _fill_of(self, schema: Any) -> Any:
        """What an object is that is not given; None where it must be."""
        reference = schema.get("$ref")
        node = self.definitions.get(reference[8:], {}) if isinstance(reference, str) else schema
        if node.get("required") or "properties" not in node:
            return None
        held = {
            key: inner["default"] if "default" in inner else self._fill_of(inner)
            for key, inner in node["properties"].items()
        }
        return {
            key: value
            for key, value in held.items()
            if value is not None or "default" in node["properties"][key]
        }

    def secret(self, name: str, schema: dict[str, Any], place: Place) -> dict[str, Any]:
        """The schema of a setting; one that is secret is shown and stored nowhere.

        It has no default then, which everybody could read.
        """
        kind = schema.get("type")
        is_text = kind == "string" or (is_array(kind) and "string" in kind)
        hides = marks_secret(schema)
        if is_text and not hides and is_secret_name(name):
            self.remark(place, "is taken for a secret, which is shown and stored nowhere")
            schema, hides = {**schema, "writeOnly": True}, True
        if hides and schema.get("default"):
            self.remark(place, "its default is a secret, and left out")
            told = ("default", "examples")
            return {key: value for key, value in schema.items() if key not in told}
        return schema

    def _class(self, cls: type[Any], place: Place) -> dict[str, Any]:
        if issubclass(cls, enum.Enum):
            return self._enum(cls, place)
        if is_typed(cls):
            return {"type": "string", "x-python-type": name_of(cls)}
        if issubclass(cls, pathlib.PurePath):
            return {"type": "string", "x-python-type": "Path"}
        names: Any = getattr(cls, "_fields", ())
        if names and tuple in cls.__mro__:
            known = typing.get_type_hints(cls)
            hints = [known.get(name, Any) for name in names]
            self.remark(place, f"values are lists, no objects of {cls.__name__}")
            return self._list(tuple, hints, place)
        for base, name in TYPE_NAMES.items():
            if base is not None and cls is not base and issubclass(cls, base):
                self.remark(place, f"values are {name}s, no objects of {cls.__name__}")
                return {"type": name}
        schema = self.class_schema(cls, place)
        if schema is None:
            self.remark(place, f"no schema says what a {cls.__name__} is: any value is taken")
            return {}
        return schema

    def _enum(self, cls: type[enum.Enum], place: Place) -> dict[str, Any]:
        if not _has_json_values(cls):
            self.remark(place, f"the values of {cls.__name__} are no JSON: names stand for them")
            return {"enum": [member.name for member in cls]}
        self.remark(place, ENUMS.format(cls.__name__))
        return {"enum": [member.value for member in cls]}

    def _list(self, kind: Any, arguments: Sequence[Any], place: Place) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "array"}
        if kind is tuple and arguments and arguments[-1] is not Ellipsis:
            items = [self.schema_of(each, place) for each in arguments if each != ()]
            prefix = {"prefixItems": items} if items else {}
            return {**schema, **prefix, "minItems": len(items), "maxItems": len(items)}
        inner = self.schema_of(arguments[0], place) if arguments else {}
        unique = {"uniqueItems": True} if kind in SET_TYPES else {}
        if unique:
            self.remark(place, SETS)
        return {**schema, **({"items": inner} if inner else {}), **unique}

    def _map(self, arguments: Sequence[Any], place: Place) -> dict[str, Any]:
        if arguments and arguments[0] not in (str, Any):
            self.remark(place, f"keys are text in configs, not {_named(arguments[0])}")
        inner = self.schema_of(arguments[1], place) if len(arguments) > 1 else {}
        return {"type": "object", "additionalProperties": inner or True}

    def _add_note(self, schema: dict[str, Any], note: Any, place: Place) -> None:
        """What `Annotated` says beside the type: texts and limits."""
        text = note if isinstance(note, str) else None
        text = text or getattr(note, "documentation", None) or getattr(note, "description", None)
        said: dict[str, Any] = {"description": text} if isinstance(text, str) else {}
        title = getattr(note, "title", None)
        if isinstance(title, str) and not isinstance(note, str):
            said["title"] = title
        for name, keyword in _LIMITS.items():
            value = getattr(note, name, None)
            if isinstance(value, (int, float, str)):
                said[keyword] = value
        for name, (of_text, of_list) in _LENGTHS.items():
            value = getattr(note, name, None)
            if isinstance(value, int) and value > 0 - (name == "max_length"):
                said[of_list if schema.get("type") == "array" else of_text] = value
        schema.update(said)
        for inner in getattr(note, "metadata", None) or ():
            self._add_note(schema, inner, place)
            said["metadata"] = inner
        if not said and type(note).__name__ != "_AsText":
            self.remark(place, f"{_named(note)} is not in the schema")


def without_secrets(value: Any) -> Any:
    """A value without the secrets in it, by their names."""
    if is_object(value):
        held = {key: without_secrets(inner) for key, inner in value.items()}
        is_told = {key: not (isinstance(inner, str) and inner) for key, inner in held.items()}
        return {key: held[key] for key in held if is_told[key] or not is_secret_name(key)}
    return [*map(without_secrets, value)] if is_array(value) else value


def _named(hint: Any) -> str:
    return getattr(hint, "__name__", None) or str(hint).replace("typing.", "")


def union_of(schemas: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The schema of what one of `schemas` takes, short where only types are listed."""
    if not all(schemas):
        return {}
    others = [schema for schema in schemas if schema != {"type": "null"}]
    if len(others) == 1 < len(schemas):
        return nullable(others[0])
    if all([*schema] == ["type"] for schema in schemas):
        listed = [schema["type"] for schema in schemas]
        kinds = [kind for each in listed for kind in (each if is_array(each) else [each])]
        kinds = [*dict.fromkeys(kinds)]
        if "number" in kinds and "integer" in kinds:
            kinds.remove("integer")
        return {"type": kinds if len(kinds) > 1 else kinds[0]}
    return {"anyOf": [*schemas]}


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that takes null too, with what it says to people where it stood."""
    if not schema or "null" in _kinds(schema) or None in schema.get("enum", ()):
        return schema
    if {"type": "null"} in schema.get("anyOf", ()):
        return schema
    kind = schema.get("type")
    if isinstance(kind, str) and _REFUSE_NULL.isdisjoint(schema):
        return {**schema, "type": [kind, "null"]}
    if is_array(schema.get("enum")) and kind is None:
        return {**schema, "enum": [*schema["enum"], None]}
    told, parts = _parts(schema)
    return {**told, "anyOf": [*parts, {"type": "null"}]}


def _widened(schema: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The schema that takes what another takes too."""
    told, parts = _parts(schema)
    return {**told, **union_of([*parts, other])}


def _parts(schema: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a schema says to people, and its alternatives."""
    told: dict[str, Any] = {key: schema[key] for key in ("title", "description") if key in schema}
    inner = {key: value for key, value in schema.items() if key not in told}
    return told, inner["anyOf"] if [*inner] == ["anyOf"] else [inner]


def _kinds(schema: Mapping[str, Any]) -> list[Any]:
    kind = schema.get("type")
    return kind if is_array(kind) else [kind]


def json_of(value: Any) -> Any:
    """The JSON of a default or a choice; of what has none, the object itself."""
    if isinstance(value, enum.Enum):
        return value.value if _has_json_values(type(value)) else value.name
    if type(value) in ATOMS:
        return value
    if isinstance(value, pathlib.PurePath):
        return text_of(value, value.as_posix())
    dumped = getattr(value, "model_dump", None)
    if dumped is not None and not isinstance(value, type):
        return dumped(mode="json", by_alias=True)
    fields: Any = getattr(class_of(value), "__dataclass_fields__", None)
    if fields is not None and not hasattr(value, "get_config"):
        held = {name: getattr(value, name) for name, field in fields.items() if field.init}
        return {fields[name].metadata.get("alias", name): json_of(v) for name, v in held.items()}
    if is_object(value):
        return {str(json_of(key)): json_of(inner) for key, inner in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(map(json_of, cast("set[Any]", value)), key=repr)
    if isinstance(value, (list, tuple)):
        return [json_of(inner) for inner in cast("list[Any]", value)]
    return text_of(value, plain(value))


def _has_json_values(cls: type[enum.Enum]) -> bool:
    return all(type(member.value) in ATOMS for member in cls)


def is_json(value: Any) -> bool:
    """Whether all of a value is JSON."""
    if is_object(value):
        return all(map(is_json, value.values()))
    if is_array(value):
        return all(map(is_json, value))
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)
    return type(value) in ATOMS and (type(value) is not float or isfinite(value))


def _article(value: Any) -> str:
    kind = json_type(value)
    return f"{'an' if kind[0] in 'aio' else 'a'} {kind}" if not is_array(value) else "a list"
