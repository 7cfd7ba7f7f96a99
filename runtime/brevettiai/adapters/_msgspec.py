"""msgspec structs as settings classes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from ..classes import config_of
from ..errors import Problem, SettingsError
from ..integrations.msgspec import TextRefused, dec_hook, enc_hook, schema_hook
from ..json_values import class_of, is_array, is_object, plain
from ..messages.findings import Findings, Path
from ..messages.words import ARTICLES, shown
from ._style import UNKNOWN, ConfigRefused, Style, presets_of
from ._walk import choices

_PLACE = re.compile(r"^(?P<text>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?$", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<key>.*)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>.*)`")
_WRONG_TYPE = re.compile(r"Expected `(?P<types>[^`]*)`, got `[^`]*`")
_OUT_OF_RANGE = re.compile(r"Expected `[^`]*` (?P<sign><=|>=|<|>) (?P<limit>.*)")
_SIGNS = {"<=": "at most", ">=": "at least", "<": "less than", ">": "more than"}
#: The JSON types that msgspec calls otherwise.
_TYPES = {"int": "integer", "float": "number", "str": "string", "bool": "boolean"}
_MOST_PROBLEMS = 50


class MsgspecStyle(Style):
    """A `msgspec.Struct`."""

    def json_schema(self) -> dict[str, Any]:
        """The schema that msgspec gives, with the values of default factories.

        What msgspec has no schema for may be anything.
        """
        schema = msgspec.json.schema(self.cls, schema_hook=_any_schema)
        structs: set[Any] = set()
        _add_defaults(msgspec.inspect.type_info(self.cls), schema.get("$defs", {}), structs)
        _reorder(schema, {_kept(v): v for cls in structs for v in _literals_of(cls)})
        return {**schema, **presets_of(self.cls)}

    def load(self, config: dict[str, Any]) -> Any:
        """Convert a config. msgspec stops at the first problem, so the rest is tried without it."""
        problems: list[Problem] = []
        remaining: Any = config
        while len(problems) < _MOST_PROBLEMS:
            try:
                settings = msgspec.convert(
                    remaining, self.cls, dec_hook=dec_hook, str_keys=True, strict=True
                )
            except msgspec.ValidationError as error:
                path, found = _problems(error, remaining)
                if any(problem.path == told.path for problem in found for told in problems):
                    break
                problems += [self._among_choices(problem, remaining) for problem in found]
                remaining = _without(remaining, path)
            else:
                if problems:
                    break
                for struct, given in _structs(settings, config):
                    cls: Any = class_of(struct)
                    if _keeps_others(cls):
                        known: set[str] = {
                            *struct.__struct_encode_fields__,
                            cls.__struct_config__.tag_field,
                        }
                        struct.extra.update({k: v for k, v in given.items() if k not in known})
                return settings
        raise ConfigRefused(problems)

    def _among_choices(self, problem: Problem, config: Any) -> Problem:
        """A problem with the choices, which msgspec does not name."""
        allowed = choices(self.walk.at(problem.path))
        if not problem.expected.startswith("is an invalid enum value") or not allowed:
            return problem
        findings = Findings(secrets=self.secrets)
        findings.explain({"enum": allowed}, problem.path, _at(config, problem.path))
        return (findings.problems or [problem])[0]

    def save(self, settings: Any) -> dict[str, Any]:
        """What msgspec writes, under the names that it writes."""
        config = cast("dict[str, Any]", _saved(settings))
        for struct, written in list(_structs(settings, config)):
            if _keeps_others(type(struct)):
                written.update(plain(struct.extra))
        return config


def _saved(value: Any) -> Any:
    """What msgspec writes of a value, in the words that texts were read from."""
    # Its own words for some of them are others; and it leaves tuples as they are.
    kinds = (datetime, date, time, timedelta, Decimal, UUID)
    written = msgspec.to_builtins(value, enc_hook=enc_hook, str_keys=True, builtin_types=kinds)
    return config_of(written)


def _keeps_others(cls: Any) -> bool:
    """Whether structs have a place for keys that are no fields: `extra`, as `--style` writes it."""
    return cls.__struct_config__.dict and isinstance(getattr(cls, "extra", None), property)


def _structs(value: Any, config: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """All structs in a value, each with its config."""
    parts: list[tuple[Any, Any]] = []
    if isinstance(value, msgspec.Struct) and is_object(config):
        yield value, config
        names = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        parts = [(getattr(value, name), config[key]) for key, name in names if key in config]
    elif is_object(value) and is_object(config):
        parts = [(item, config.get(key)) for key, item in value.items()]
    elif isinstance(value, (list, tuple)) and is_array(config):
        parts = list(zip(cast("list[Any]", value), config, strict=False))
    for part in parts:
        yield from _structs(*part)


def _add_defaults(kind: Any, definitions: dict[str, Any], seen: set[Any]) -> None:
    """Add what factories make to the definitions of all structs in a type."""
    if is_array(kind):
        for each in kind:
            _add_defaults(each, definitions, seen)
    if not isinstance(kind, msgspec.inspect.Type):
        return
    if isinstance(kind, msgspec.inspect.StructType):
        if kind.cls in seen:
            return
        seen.add(kind.cls)
        definition = definitions.get(kind.cls.__name__, {})
        properties = definition.get("properties", {})
        if _keeps_others(kind.cls):
            definition["additionalProperties"] = True
        for field in kind.fields:
            _add_defaults(field.type, definitions, seen)
            schema = properties.get(field.encode_name)
            if schema is not None and field.default_factory is not msgspec.NODEFAULT:
                schema.setdefault("default", _saved(field.default_factory()))
        return
    for name in kind.__struct_fields__:
        _add_defaults(getattr(kind, name), definitions, seen)


def _literals_of(cls: Any) -> Iterator[list[Any]]:
    """The choices of all `Literal`s in the hints of a struct, in their order."""
    ahead: list[Any] = list(get_type_hints(cls, include_extras=True).values())
    while ahead:
        hint = ahead.pop()
        if get_origin(hint) is Literal:
            yield list(get_args(hint))
        else:
            ahead += get_args(hint)


def _kept(choices: list[Any]) -> frozenset[str]:
    return frozenset(map(repr, choices))


def _reorder(schema: Any, orders: Mapping[frozenset[str], list[Any]]) -> None:
    """Give choices the order that people chose; msgspec sorts them."""
    if not is_object(schema):
        return
    if "enum" in schema:
        schema["enum"] = orders.get(_kept(schema["enum"]), schema["enum"])
    for keyword, value in schema.items():
        if keyword in ("properties", "$defs"):
            parts = list(value.values())
        else:
            parts = [] if keyword == "default" else value if is_array(value) else [value]
        for part in parts:
            _reorder(part, orders)


def _any_schema(cls: type) -> dict[str, Any]:
    try:
        return schema_hook(cls)
    except NotImplementedError:
        return {}


def _problems(error: msgspec.ValidationError, config: Any) -> tuple[Path, list[Problem]]:
    """Where msgspec's message says that the problem is, and the problem in our words.

    Of our own settings in the struct all their problems.
    """
    match = _PLACE.match(str(error))
    assert match is not None
    path = _path(match["path"] or "", config)
    text = match["text"]
    cause = error.__cause__
    if isinstance(cause, SettingsError):
        return path, list(cause.within(*path).problems)
    if isinstance(cause, TextRefused):
        path, text = (*path, *cause.path), str(cause)
    for pattern, expected in ((_MISSING, "is required"), (_UNKNOWN, UNKNOWN)):
        found = pattern.fullmatch(text)
        if found:
            path = (*path, found["key"])
            return path, [Problem(path, expected)]
    return path, [Problem(path, _reworded(text), shown(_at(config, path)))]


def _reworded(text: str) -> str:
    found = _WRONG_TYPE.fullmatch(text)
    if found:
        types = [ARTICLES.get(_TYPES.get(name, name), name) for name in found["types"].split(" | ")]
        return f"must be {' or '.join(dict.fromkeys(types))}"
    found = _OUT_OF_RANGE.fullmatch(text)
    if found:
        return f"must be {_SIGNS[found['sign']]} {found['limit'].removesuffix('.0')}"
    if text.startswith("Expected "):
        return f"must be {text.removeprefix('Expected ').replace('`', '')}"
    if text.startswith("Invalid "):
        return f"is an {text[0].lower()}{text[1:].replace('`', '')}"
    return text


def _path(text: str, config: Any) -> Path:
    """`.training.sizes[2]` as steps; keys may hold dots, so the config decides where they end.

    Keys of maps are `[...]` in msgspec's messages: the path ends there.
    """
    path: list[Any] = []
    value: Any = config
    while text:
        index = re.match(r"\[(\d+)\]", text)
        if index is not None and is_array(value) and int(index[1]) < len(value):
            path.append(int(index[1]))
            text = text[index.end() :]
        else:
            keys = [key for key in value if _begins(text, key)] if is_object(value) else []
            if not keys:
                break
            path.append(max(keys, key=len))
            text = text[len(path[-1]) + 1 :]
        value = value[path[-1]]
    return tuple(path)


def _begins(text: str, key: str) -> bool:
    return text.startswith(f".{key}") and text[len(key) + 1 :][:1] in ("", ".", "[")


def _at(config: Any, path: Path) -> Any:
    for step in path:
        config = config[step]
    return config


def _without(config: Any, path: Path) -> Any:
    """A copy of a config without the value at a path; `{}` without the whole of it."""
    if not path:
        return {}
    changed = plain(config)
    holder, step = _at(changed, path[:-1]), cast("Any", path[-1])
    if is_array(holder):
        del holder[step]
    else:
        holder.pop(step, None)  # what is missing is a problem, too
    return changed
