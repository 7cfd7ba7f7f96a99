"""The laws of docs/architecture.md, held against the reference interpreter for random schemas."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from brevettiai.compiled import json_equal
from conformance.generated import accepts
from random_classes import try_random
from reference import expected_config, valid

CONFIGS_PER_SCHEMA = 12


def check_laws(cls: Any, schema: dict[str, Any], config: Any) -> None:
    """Every law that one config of one schema can show."""
    fits = isinstance(config, dict) and valid(schema, config)
    before = copy.deepcopy(config)
    if not fits:
        assert not accepts(cls, config)
        return
    assert accepts(cls, config)
    loaded = cls.from_config(config)
    assert config == before
    saved = loaded.get_config()
    expected = expected_config(schema, config)
    assert json_equal(saved, expected), (saved, expected)
    assert valid(schema, saved)
    loaded.validate()
    for again in (
        cls.from_config(saved),
        cls.from_json(loaded.to_json()),
        cls.from_args(loaded.to_args()),
        cls.from_settings(json.loads(json.dumps(loaded.get_settings()))),
        pickle.loads(pickle.dumps(loaded)),
        copy.deepcopy(loaded),
        loaded.copy(),
    ):
        assert again == loaded
        assert json_equal(again.get_config(), saved)
    if not loaded.extra and not cls.__brevetti__.tracks:
        made = cls(**vars(loaded))
        assert made == loaded
        assert vars(made).keys() == vars(loaded).keys()


def test_laws_for_random_schemas(tmp_path_factory: pytest.TempPathFactory) -> None:
    run_random(tmp_path_factory, 40, derandomized=0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 5))
def test_laws_for_many_random_schemas(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    run_random(tmp_path_factory, 60, derandomized=seed)


def run_random(folders: pytest.TempPathFactory, examples: int, *, derandomized: int) -> None:
    """Try the laws on `examples` schemas, the same ones for the same number."""

    def laws(module: Any, schema: dict[str, Any], config: Any) -> None:
        check_laws(module.Training, schema, config)

    try_random(laws, folders, examples, number=derandomized, configs_each=CONFIGS_PER_SCHEMA)
