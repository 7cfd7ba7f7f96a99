"""Check configs against a schema, beside the validators of JSON Schema.

All of them tell whether a config is valid, and make no objects of it. What they build once (a
compiled function, a validator) is built before.
"""

from __future__ import annotations

import importlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trees
from measuring import Case, Work, called, counted, effort, generated, in_turns, offered, too_slow

Validity = Callable[[Any], bool]


def _fastjsonschema(schema: Any) -> Validity:
    import fastjsonschema

    judge = fastjsonschema.compile(schema, use_default=False)
    return lambda config: judge(config) is not None


def _jsonschema(schema: Any) -> Validity:
    from jsonschema.validators import validator_for

    return validator_for(schema)(schema).is_valid


def _jsonschema_rs(schema: Any) -> Validity:
    import jsonschema_rs

    return jsonschema_rs.validator_for(schema).is_valid


PEERS: dict[str, Callable[[Any], Validity]] = {
    "fastjsonschema": _fastjsonschema,
    "jsonschema": _jsonschema,
    "jsonschema-rs": _jsonschema_rs,
}


def check(quick: bool) -> list[Case]:
    """Whether a config is valid: the tree of 22 fields, and records up to 1.6 MB of JSON."""
    draft = trees.RECORDS_SCHEMA["$schema"]
    schemas = {"tree": {"$schema": draft, **trees.SCHEMA}, "records": trees.RECORDS_SCHEMA}
    sizes = (1, 10) if quick else (1, 10, 100, 1000, 10_000)
    given: list[tuple[str, str, Any, int | None]] = [("22 fields", "tree", trees.CONFIG, None)]
    given += [(counted(n, "record"), "records", trees.records_config(n), n) for n in sizes]
    found: list[Case] = []
    with tempfile.TemporaryDirectory() as top:
        generated(schemas, Path(top), "checked_settings")
        for case, name, config, size in given:
            works = {
                peer: too_slow(found, peer, 0.05) or work
                for peer, work in _works(name, schemas[name], config).items()
            }
            found.append(Case(case, in_turns(works, *effort(quick)), size))
    return found


def _works(name: str, schema: Any, config: Any) -> dict[str, Work | str]:
    module = importlib.import_module(f"checked_settings.{name}")
    cls: Any = getattr(module, name.capitalize())
    works: dict[str, Work | str] = {"brevetti": _work(cls.__brevetti__.check, config)}
    for peer, make in PEERS.items():
        module_name = peer.replace("-", "_")
        works[peer] = offered(module_name, lambda make=make: _work(make(schema), config))
    return works


def _work(judge: Validity, config: Any) -> Work:
    """Judging a config, by who was seen to refuse another."""
    assert judge(config) is True
    try:
        is_valid = judge(json.loads(json.dumps({**config, "epochs": "x", "records": 1})))
    except Exception:
        is_valid = False
    assert not is_valid
    return called(lambda: judge(config))
