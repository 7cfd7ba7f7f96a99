"""The document `output.json` that a job leaves among its artifacts."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from brevettiai.config.json_text import json_text
from brevettiai.io.processes import host
from brevettiai.json_values import is_array, is_mapping, is_set, plain
from brevettiai.messages.hidden import Secret
from brevettiai.platform.attempts import Attempt, history_beside, now
from brevettiai.platform.log import job_log
from brevettiai.platform.ranks import launched_by
from brevettiai.platform.revision import Revision

_LONGEST_TRACEBACK = 20_000
"""Characters of a traceback that are stored."""


def format_output(
    attempt: Attempt, config: Mapping[str, Any], environment: Mapping[str, Any], key: Secret | None
) -> str:
    """The text of an `output.json`: what the job measured, what it is, and how it goes.

    Sets become sorted lists, numpy and tensor values plain ones, NaN and infinities null; objects
    with `get_config` their config; anything else its text. The key, wherever it stands, is masked.
    """
    present = storable({"config": config, "environment": environment})
    document = {
        "output": _stored_metrics(attempt.metrics),
        **present,
        "state": attempt.state,
        "attempt": attempt.number,
        "began": attempt.began,
        "written": now(),
        "ended": attempt.ended,
        "seconds": attempt.seconds,
        "error": attempt.error,
        "history": history_beside(attempt, present),
    }
    text = json_text(document, 2)
    return (key.mask(text) if key else text) + "\n"


def _stored_metrics(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """The metrics as they are stored; one that JSON cannot hold leaves the others alone."""
    stored: dict[str, Any] = {}
    for name, value in dict(metrics).items():  # A copy, as the job may add some meanwhile.
        try:
            stored[str(name)] = storable(value)
        except Exception as error:
            job_log.warning("The metric %r cannot be stored: %s", name, error)
            stored[str(name)] = f"cannot be stored: {type(error).__name__}"
    return stored


def describe_error(error: BaseException, secrets: Iterable[Secret]) -> dict[str, str]:
    """The type, message and traceback of an error, without secrets or values of variables."""
    import traceback

    described = traceback.TracebackException.from_exception(error)
    kind = type(error)
    where = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    lines = "".join(described.format())
    if len(lines) > _LONGEST_TRACEBACK:
        half = _LONGEST_TRACEBACK // 2
        lines = f"{lines[:half]}\n[…]\n{lines[-half:]}"
    texts = {"message": str(described), "traceback": lines}
    # The longest first, as others may be parts of it.
    for secret in sorted(secrets, key=lambda each: -len(each.reveal())):
        texts = {name: secret.mask(text) for name, text in texts.items()}
    return {"type": f"{where}{kind.__qualname__}", **texts}


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


def environment_of(revision: Revision | None, wait: float = 0.0) -> dict[str, Any]:
    """Where a job runs: Python, packages, the machine and the revision of the code.

    Args:
        wait: seconds to wait for git to compare files.
    """
    modules = _installed()
    own = [module.partition("==")[2] for module in modules if module.startswith("brevetti==")]
    return {
        "brevetti": own[0] if own else "unknown",
        "python": sys.version.split()[0],
        "system": sys.platform,
        "host": host(),
        "pid": os.getpid(),
        "launch": launched_by(),
        "git": None if revision is None else revision.facts(wait),
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
