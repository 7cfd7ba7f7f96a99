"""Settings objects in what msgspec reads and writes.

    msgspec.json.encode(whole, enc_hook=enc_hook)
    msgspec.json.decode(text, type=Whole, dec_hook=dec_hook)
    msgspec.json.schema(Whole, schema_hook=schema_hook)

Each hook serves all settings classes, generated and hand-written ones, and fields that are texts
in configs, as `start: AsText[datetime]`. For types of your own, call them from your own hooks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce
from types import MappingProxyType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Union, get_args, get_origin

import msgspec

from ..formats.python_types import can_read, read, text_of
from ..json_values import is_module, plain
from .embedding import embeddable_schema
from .python_types import expected, is_typed, row_of

__all__ = ["AsText", "TextRefused", "dec_hook", "enc_hook", "schema_hook"]

#: What is told of alternatives none of which fits.
_SAID = ("type", "enum", "x-python-type")


def enc_hook(value: Any) -> Any:
    """The config of a settings object; also plain numbers and lists of numpy and tensors, and text.

    Raises:
        NotImplementedError: it is nothing of the kind, as msgspec wants it said.
    """
    given = plain(value)
    if given is value:
        given = text_of(value, value)
    if given is value:
        raise NotImplementedError(f"objects of type {type(value).__name__} are no settings")
    return given


def dec_hook(cls: type, value: Any) -> Any:
    """A settings object from what msgspec read, or what an `AsText[…]` stands for.

    Raises:
        SettingsError, TextRefused: it does not fit; msgspec tells it as its own ValidationError,
            with the path.
        NotImplementedError: `cls` is no settings class.
    """
    if isinstance(cls, _TextType):
        return cls.load(value)
    if isinstance(value, cls):
        return value
    if not is_module(cls):
        raise NotImplementedError(f"{cls.__name__} is no settings class")
    settings: Any = cls
    return settings.from_config(value)


def schema_hook(cls: type) -> dict[str, Any]:
    """The JSON Schema of a settings class, or of an `AsText[…]`.

    Raises:
        NotImplementedError: `cls` is no settings class.
    """
    if isinstance(cls, _TextType):
        found = [each.schema for each in cls.alternatives]
        return found[0] if len(found) == 1 else {"anyOf": found}
    if not is_module(cls):
        raise NotImplementedError(f"{cls.__name__} is no settings class")
    return embeddable_schema(cls)


class TextRefused(ValueError):
    """A value is nothing that an `AsText[…]` stands for; it is not quoted, as it may be secret.

    Attributes:
        path: the place of what does not fit in it, as far as that is known.
    """

    def __init__(self, expected: str, path: tuple[int, ...] = ()) -> None:
        super().__init__(expected)
        self.path = path


class _Alternative(NamedTuple):
    """What a value may be: for msgspec, and the class of texts that are objects."""

    hint: Any
    kind: Any = None
    row: Mapping[str, Any] = MappingProxyType({})

    @classmethod
    def of(cls, hint: Any) -> _Alternative:
        kind, *notes = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        if not is_typed(kind):
            return cls(hint)
        limits = [note for note in notes if isinstance(note, msgspec.Meta)]
        return cls(Annotated[(str, *limits)] if limits else str, kind, row_of(kind, *notes))

    def load(self, value: Any) -> Any:
        try:
            loaded = msgspec.convert(value, self.hint, dec_hook=dec_hook, str_keys=True)
        except msgspec.ValidationError as error:
            # To errors of its own msgspec adds no place.
            text, _, place = str(error).partition(" - at `$")
            path = map(int, re.findall(r"\[(\d+)\]", place))
            raise TextRefused(text, (*path, *getattr(error.__cause__, "path", ()))) from None
        if self.kind is None:
            return loaded
        name = self.row["x-python-type"]
        if loaded in self.row.get("enum", [loaded]) and can_read(name, loaded):
            return read(name, loaded)
        raise TextRefused(expected(self.row, loaded))

    def has(self, value: object) -> bool:
        """Whether a value is as `load` gives it."""
        if self.kind is not None:
            return isinstance(value, self.kind)
        try:
            msgspec.convert(value, self.hint, str_keys=True)
        except msgspec.ValidationError:
            return False
        return True

    def reads(self, value: object) -> bool:
        """Whether a value is a text that stands for an object."""
        try:
            return self.kind is not None and isinstance(self.load(value), self.kind)
        except TextRefused:
            return False

    @property
    def schema(self) -> dict[str, Any]:
        return {**msgspec.json.schema(self.hint, schema_hook=schema_hook), **self.row}


class _TextType(type):
    """For msgspec a class of somebody else's, about which it asks the hooks."""

    alternatives: tuple[_Alternative, ...] = ()

    def __instancecheck__(cls, value: object) -> bool:
        """Whether a value is as the hooks give it: no text that stands for an object."""
        for each in cls.alternatives:
            if each.has(value) or each.reads(value):
                return each.has(value)
        return False

    def load(cls, value: Any) -> Any:
        """The first alternative that a value is."""
        tried = cls.alternatives
        if not isinstance(value, str):
            # Only texts are ambiguous; of others msgspec knows more together.
            others = [each.hint for each in tried if each.kind is None]
            tried = tried[:1]
            if others:
                tried = (_Alternative(reduce(lambda one, other: one | other, others)),)
        refusals: list[TextRefused] = []
        for each in tried:
            try:
                return each.load(value)
            except TextRefused as error:
                refusals.append(error)
        told = None if len(tried) == 1 else cls._refusal(value)
        raise told or refusals[0]

    def _refusal(cls, value: Any) -> TextRefused | None:
        """What is told where no alternative fits, of which each one says what it takes."""
        schemas = [each.schema for each in cls.alternatives]
        rows = ({key: each[key] for key in _SAID if key in each} for each in schemas)
        text = expected({"anyOf": tuple(rows)}, value)
        return TextRefused(text) if text else None


if TYPE_CHECKING:
    from .python_types import AsText
else:

    class AsText(metaclass=_TextType):
        """As in `python_types`; of a union, all of which is then left to the hooks."""

        def __class_getitem__(cls, hint: Any) -> type:
            is_union = get_origin(hint) in (Union, UnionType)
            kinds = get_args(hint) if is_union else (hint,)
            held = {"alternatives": tuple(map(_Alternative.of, kinds))}
            name = hint.__name__ if isinstance(hint, type) else hint
            return _TextType(f"AsText[{name}]", (), held)
