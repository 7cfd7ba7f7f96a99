"""A check, tried on classes of random schemas and on configs for them."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from conformance.generated import generated, write_json
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from random_sizes import scaled
from strategies import configs, schemas

RELAXED = {
    "deadline": None,
    "suppress_health_check": [
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
}


def try_random(
    check: Callable[[ModuleType, Any, Any], None],
    folders: pytest.TempPathFactory,
    examples: int,
    *,
    number: int,
    configs_each: int = 8,
) -> None:
    """Call `check` with the module of the class `Training`, its schema, and a config.

    The config need not be valid.

    Args:
        examples: how many schemas are tried where the slow tests run too, the same ones for the
            same `number`.
        configs_each: how many configs for each of them.
    """

    @seed(number)
    @settings(max_examples=scaled(examples), database=None, print_blob=False, **RELAXED)
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        schema = data.draw(schemas())
        values = [data.draw(configs(schema)) for _ in range(configs_each)]
        folder = folders.mktemp("random")
        path = folder / "schemas" / "training.json"
        write_json(path, schema)
        with generated([path], folder, {}) as package:
            module = package.module("training")
            for value in values:
                check(module, schema, value)

    tried()
