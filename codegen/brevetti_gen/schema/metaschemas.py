"""The metaschemas of the drafts, as the package `jsonschema-specifications` ships them."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

_PLACE = re.compile(r"/draft(?:/|-0?)([0-9]+)(?:-([0-9]+))?/(?:schema|meta/([a-z-]+))")


def metaschema(uri: str) -> Any | None:
    """The metaschema or vocabulary at `uri`, which has no empty fragment; None if there is none.

    The package makes a registry of all drafts when it is imported, which costs a short run more
    than everything else it does. So its file is read directly, and the registry only asked where
    the file is not where it was in all releases so far.
    """
    if not urlsplit(uri).netloc.endswith("json-schema.org"):
        return None
    found = _from_file(uri)
    return found if found is not None else _from_registry(uri)


def _from_file(uri: str) -> Any | None:
    place = _PLACE.fullmatch(urlsplit(uri).path)
    folder = _folder()
    if place is None or folder is None:
        return None
    year, month, vocabulary = place.groups()
    name = f"vocabularies/{vocabulary}" if vocabulary else "metaschema.json"
    try:
        text = (folder / f"draft{year}{month or ''}" / name).read_text(encoding="utf-8")
        value: Any = json.loads(text)
    except (OSError, ValueError):
        return None
    if not isinstance(value, dict):
        return None
    content = cast("dict[str, Any]", value)
    identifier = content.get("$id", content.get("id"))
    return content if isinstance(identifier, str) and identifier.rstrip("#") == uri else None


@cache
def _folder() -> Path | None:
    spec = find_spec("jsonschema_specifications")  # looks for the package, does not import it
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0], "schemas") if places else None


def _from_registry(uri: str) -> Any | None:
    # The package has annotations, but does not say so with a `py.typed`.
    from jsonschema_specifications import REGISTRY  # pyright: ignore[reportMissingTypeStubs]

    try:
        return REGISTRY[uri if uri in REGISTRY else uri + "#"].contents
    except LookupError:
        return None
