"""The texts of references: URIs, JSON Pointers, and why they lead nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from ..json_values import is_array, is_object
from ..problems import pointer_text
from .dialects import Pointer


@dataclass(eq=False)
class Nowhere(Exception):
    """Why a reference leads nowhere, as the rest of a sentence."""

    message: str
    hint: str | None = None
    #: Where a schema was looked for, if none was there.
    uri: str | None = None
    #: A name that nothing has, and those that something has there.
    name: str = ""
    beside: tuple[str, ...] = ()


def joined(base: str, reference: str) -> str:
    """The URI that `reference` means in a resource with the URI `base`.

    Raises:
        Nowhere: it is none.
    """
    try:
        if reference.startswith("#"):
            return urldefrag(base)[0] + reference
        if not base or urlsplit(reference).scheme:
            return reference
        return urljoin(base, reference)
    except ValueError as error:
        raise Nowhere(f"is no URI: {error}") from None


def step_into(value: Any, name: str, pointer: Pointer) -> str | int:
    """The key or index in `value`, which lies at `pointer`, that a token of a JSON Pointer means.

    Raises:
        Nowhere: there is nothing of that name.
    """
    if is_object(value) and name in value:
        return name
    if is_array(value) and _INDEX.fullmatch(name) and int(name) < len(value):
        return int(name)
    message = f"leads nowhere: there is no {name!r} at {pointer_text(pointer)}"
    raise Nowhere(message, name=name, beside=tuple(value) if is_object(value) else ())


_INDEX = re.compile("0|[1-9][0-9]{0,9}")
