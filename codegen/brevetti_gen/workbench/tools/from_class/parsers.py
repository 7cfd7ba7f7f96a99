"""Parsers of `argparse` to JSON Schemas: each argument is a property, by its `dest`."""

from __future__ import annotations

import argparse
import decimal
import pathlib
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from brevettiai.messages.secrets import MASK

from ....problems import refused
from ..secret_names import is_secret_name
from .hints import HintReader, json_of
from .texts import Place

_TYPES: dict[Any, dict[str, Any]] = {
    None: {"type": "string"},
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    pathlib.Path: {"type": "string", "x-python-type": "Path"},
    decimal.Decimal: {"type": "string", "x-python-type": "Decimal"},
}


def parser_of(parser: argparse.ArgumentParser, commands: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of a command inside of `parser`.

    Raises:
        GenerationError: there is no such command, or there are and none is named.
    """
    found: list[Any] = [action for action in _actions(parser) if _is_kind(action, "SubParsers")]
    choices: dict[str, argparse.ArgumentParser] = found[0].choices if found else {}
    listed = ", ".join(choices)
    if not commands and not choices:
        return parser
    if not commands:
        message = "has commands, each of which has settings of its own"
        hint = f"name one of them behind it: {listed}"
        raise refused("not-settings", message, parser.prog, hint)
    if commands[0] not in choices:
        hint = f"there are {listed}" if choices else "it has no commands"
        raise refused("not-settings", f"there is no command {commands[0]!r}", parser.prog, hint)
    return parser_of(choices[commands[0]], commands[1:])


class ParserReader(HintReader):
    """Writes the JSON Schema of a parser."""

    def document(self, parser: argparse.ArgumentParser) -> dict[str, Any]:
        """The schema of a parser, as a document."""
        properties: dict[str, Any] = {}
        required: list[str] = []
        actions = [a for a in _actions(parser) if not _is_kind(a, "Help", "Version")]
        self._tell_of_flags(actions)
        self._tell_of_headings(parser)
        for action in actions:
            at = Place(_name(action))
            if action.dest == argparse.SUPPRESS:
                continue
            if action.dest in properties:
                self._merge(properties[action.dest], action, at)
                continue
            schema = self._property(action, parser, at)
            properties[action.dest] = self.secret(action.dest, schema, at)
            if action.required and action.default is None:
                required.append(action.dest)
        about = (parser.description or "").strip()
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **({"description": about} if about else {}),
            "type": "object",
            "properties": properties,
            **({"required": required} if required else {}),
        }
        groups = list(self._exclusive(parser, properties))
        return {**schema, **({"allOf": groups} if groups else {})}

    def _tell_of_flags(self, actions: Sequence[argparse.Action]) -> None:
        """Tell of flags that are called otherwise now."""
        for action in actions:
            long = {flag for flag in action.option_strings if flag.startswith("--")}
            if long and not long & _flags_of(action.dest):
                self.remark(Place(_name(action)), f"is the flag --{action.dest} now")
        short = [flag for action in actions for flag in action.option_strings if len(flag) == 2]
        if short:
            self.remark(Place(", ".join(short)), "short flags are none now: write the long ones")

    def _tell_of_headings(self, parser: argparse.ArgumentParser) -> None:
        groups: list[Any] = getattr(parser, "_action_groups", [])
        usual = ("positional arguments", "options", "optional arguments")
        for group in groups:
            if group.title and group.title not in usual and getattr(group, "_group_actions", []):
                self.remark(Place(group.title), "headings of arguments are not in the schema")

    def _property(
        self, action: argparse.Action, parser: argparse.ArgumentParser, at: Place
    ) -> dict[str, Any]:
        schema: dict[str, Any] = {}
        if action.help and action.help != argparse.SUPPRESS:
            schema["description"] = _help(action, parser)
        if getattr(action, "deprecated", False):  # Python 3.13
            schema["deprecated"] = True
        if not action.option_strings:
            self.remark(at, "was a word without a flag: now it is the flag --" + action.dest)
        schema |= self._value(action, at)
        default = action.default
        if isinstance(default, str) and schema.get("type") not in ("string", None):
            default = self._read(action, default, at)
        if default is argparse.SUPPRESS or (default is None and action.required):
            return schema
        return self.with_default(schema, json_of(default), at)

    def _value(self, action: argparse.Action, at: Place) -> dict[str, Any]:
        if _is_kind(action, "StoreTrue", "StoreFalse") or isinstance(
            action, argparse.BooleanOptionalAction
        ):
            return {"type": "boolean"}
        if _is_kind(action, "StoreConst"):
            values = [json_of(action.const)]
            values += [] if action.default is None else [json_of(action.default)]
            return {"enum": values}
        if _is_kind(action, "Count"):
            self.remark(at, "was counted: now its number is given, as in --verbose 2")
            return {"type": "integer", "minimum": 0}
        if _is_kind(action, "AppendConst"):
            return {"type": "array", "items": {"enum": [json_of(action.const)]}}
        if not _is_kind(action, "Store", "Append", "Extend"):
            self.remark(at, f"what the action {type(action).__name__} does is not in the schema")
        schema = self._of_nargs(self._one(action, at), action, at)
        return {"type": "array", "items": schema} if _is_kind(action, "Append") else schema

    def _one(self, action: argparse.Action, at: Place) -> dict[str, Any]:
        kind: Any = action.type
        schema = _TYPES.get(kind)
        if schema is None:
            name = getattr(kind, "__name__", str(kind))
            schema = {"type": "string"}
            if kind is bool:
                self.remark(
                    at, "type=bool takes every text but an empty one for true: now it is a switch"
                )
                schema = {"type": "boolean"}
            elif action.choices is None:
                self.remark(
                    at, f"what {name} makes of the text is not in the schema: it stays text"
                )
        if action.choices is None:
            return dict(schema)
        choices = [json_of(choice) for choice in action.choices]
        if isinstance(action.choices, range) and action.choices.step == 1 and len(choices) > 12:
            return {"type": "integer", "minimum": choices[0], "maximum": choices[-1]}
        return {"enum": choices}

    def _of_nargs(
        self, schema: dict[str, Any], action: argparse.Action, at: Place
    ) -> dict[str, Any]:
        if action.nargs is None:
            return schema
        if action.nargs == argparse.OPTIONAL:
            if action.option_strings and action.const is not None:
                self.remark(
                    at, f"the flag without a word, which meant {action.const!r}, needs one now"
                )
            return schema
        if isinstance(action.nargs, int):
            return {
                "type": "array",
                "items": schema,
                "minItems": action.nargs,
                "maxItems": action.nargs,
            }
        if action.nargs not in (argparse.ZERO_OR_MORE, argparse.ONE_OR_MORE):
            self.remark(at, "takes all words that are left: a flag with words now")
        least = {"minItems": 1} if action.nargs == argparse.ONE_OR_MORE else {}
        return {"type": "array", "items": schema, **least}

    def _read(self, action: argparse.Action, text: str, at: Place) -> Any:
        """A default that is written as a word."""
        try:
            return action.type(text) if callable(action.type) else text
        except Exception:
            self.remark(at, "its default cannot be read, and is left out")
            return argparse.SUPPRESS

    def _merge(self, known: dict[str, Any], action: argparse.Action, at: Place) -> None:
        """A second flag for one value, such as --quiet beside --verbose."""
        if _is_kind(action, "StoreConst") and "enum" in known:
            known["enum"] = [*dict.fromkeys([*known["enum"], json_of(action.const)])]
        elif known.get("type") != "boolean":
            self.remark(at, f"is a second way to set {action.dest}, and not in the schema")

    def _exclusive(
        self, parser: argparse.ArgumentParser, properties: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        groups: list[Any] = getattr(parser, "_mutually_exclusive_groups", [])
        for group in groups:
            members: list[argparse.Action] = getattr(group, "_group_actions", [])
            names = [action.dest for action in members if action.dest in properties]
            names = [*dict.fromkeys(names)]
            if len(names) < 2:
                continue
            others = {name: {"not": {"const": properties[name].get("default")}} for name in names}
            for pair in combinations(names, 2):
                both = {name: others[name] for name in pair}
                yield {"not": {"properties": both, "required": [*pair]}}
            if group.required:
                one = ({"properties": {name: others[name]}, "required": [name]} for name in names)
                yield {"anyOf": [*one]}


def _flags_of(dest: str) -> set[str]:
    """The flags that the property of an argument has."""
    names = {dest, dest.replace("_", "-")}
    return {f"--{no}{name}" for name in names for no in ("", "no-")}


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    found: list[argparse.Action] = getattr(parser, "_actions", [])
    return found


def _is_kind(action: argparse.Action, *names: str) -> bool:
    """Whether an action is of one of argparse's own kinds, by the name without `_` and `Action`."""
    kinds = [getattr(argparse, f"_{name}Action", None) for name in names]
    return type(action) in kinds


def _name(action: argparse.Action) -> str:
    return action.option_strings[-1] if action.option_strings else action.dest


def _help(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    """The help of an action, filled in as argparse does."""
    values = {**vars(action), "prog": parser.prog}
    if is_secret_name(action.dest):
        values["default"] = MASK
    try:
        return str(action.help) % {key: str(value) for key, value in values.items()}
    except (KeyError, TypeError, ValueError):
        return str(action.help)
