"""The metaschemas of the drafts, as the package `jsonschema-specifications` ships them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .nodes import Unfiled


def metaschema(uri: str) -> Unfiled | None:
    """The metaschema or vocabulary at `uri`, which has no empty fragment; None if there is none."""
    return _metaschemas().get(uri)


@cache
def _metaschemas() -> Mapping[str, Unfiled]:
    """All that the package has, by URI.

    When it is imported it makes a registry of all drafts, which costs a short run more than
    everything else that it does. So the files are read directly.
    """
    spec = find_spec("jsonschema_specifications")  # looks for the package, does not import it
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise ModuleNotFoundError(name="jsonschema_specifications")
    files = [path for path in Path(places[0], "schemas").rglob("*") if os.path.isfile(path)]
    values: list[Any] = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    return {
        str(value.get("$id") or value.get("id")).removesuffix("#"): Unfiled(value)
        for value in values
    }
