"""The document `output.json` that a job leaves among its artifacts."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from brevettiai.config.json_text import json_text
from brevettiai.json_values import is_array, is_mapping, is_set, plain
from brevettiai.platform.secret import Secret


def format_output(output: Mapping[str, Any], config: Mapping[str, Any], key: Secret | None) -> str:
    """The text of an `output.json`: what the job measured, and what it is.

    Sets become sorted lists, numpy and tensor values plain ones, NaN and infinities null; objects
    with `get_config` their config; anything else its text. The key, wherever it stands, is masked.
    """
    document = {"output": output, "config": config, "environment": _environment()}
    text = json_text(storable(document), 2)
    return (key.mask(text) if key else text) + "\n"


def storable(value: object) -> Any:
    """A value as JSON can hold it, see `format_output`."""
    if value is None or isinstance(value, (bool, str, int)):
        return hex(value) if isinstance(value, int) and value.bit_length() > 14_000 else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if is_mapping(value):
        return {str(name): storable(item) for name, item in value.items()}
    if is_array(value):
        return [storable(item) for item in value]
    if is_set(value):
        return storable(plain(value))
    for name in ("get_config", "tolist", "item", "isoformat"):
        convert = getattr(value, name, None)
        if callable(convert) and not isinstance(value, type):
            return storable(convert())
    return str(value)


def _environment() -> dict[str, Any]:
    modules = _installed()
    own = [module.partition("==")[2] for module in modules if module.startswith("brevetti==")]
    return {
        "brevetti": own[0] if own else "unknown",
        "python": sys.version.split()[0],
        "system": sys.platform,
        "BUILD_ID": os.environ.get("BUILD_ID"),
        "modules": list(modules),
    }


@lru_cache(maxsize=1)
def _installed() -> tuple[str, ...]:
    """The distributions on the path, as `name==version`.

    Their metadata folders say so by their names, in a fiftieth of the time that
    `importlib.metadata` takes to read them.
    """
    found: set[str] = set()
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith(".dist-info"):
                found.add(name.removesuffix(".dist-info").replace("-", "==", 1))
    return tuple(sorted(found))
