"""Settings objects in what msgspec reads and writes.

    msgspec.json.encode(whole, enc_hook=enc_hook)
    msgspec.json.decode(text, type=Whole, dec_hook=dec_hook)
    msgspec.json.schema(Whole, schema_hook=schema_hook)

Each hook serves all settings classes, generated and hand-written ones. For types of your own,
call them from your own hooks.
"""

from __future__ import annotations

from typing import Any

from ..json_values import is_module, plain
from .embedding import embeddable_schema

__all__ = ["dec_hook", "enc_hook", "schema_hook"]


def enc_hook(value: Any) -> Any:
    """The config of a settings object; also plain numbers and lists of numpy and tensors.

    Raises:
        NotImplementedError: it is nothing of the kind, as msgspec wants it said.
    """
    given = plain(value)
    if given is value:
        raise NotImplementedError(f"objects of type {type(value).__name__} are no settings")
    return given


def dec_hook(cls: type, value: Any) -> Any:
    """A settings object from what msgspec read.

    Raises:
        SettingsError: it does not fit; msgspec tells it as its own ValidationError, with the path.
        NotImplementedError: `cls` is no settings class.
    """
    if isinstance(value, cls):
        return value
    if not is_module(cls):
        raise NotImplementedError(f"{cls.__name__} is no settings class")
    settings: Any = cls
    return settings.from_config(value)


def schema_hook(cls: type) -> dict[str, Any]:
    """The JSON Schema of a settings class.

    Raises:
        NotImplementedError: `cls` is no settings class.
    """
    if not is_module(cls):
        raise NotImplementedError(f"{cls.__name__} is no settings class")
    return embeddable_schema(cls)
