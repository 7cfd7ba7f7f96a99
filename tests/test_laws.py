"""The laws of docs/architecture.md, held against the reference interpreter for random schemas."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from brevettiai.compiled import json_equal
from conformance.generated import accepts, generated, write_json
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference import expected_config, valid
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


@pytest.mark.parametrize("seed", range(4))
def test_laws_for_random_schemas(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    run_random(tmp_path_factory, 60, derandomized=seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_laws_for_many_random_schemas(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    run_random(tmp_path_factory, 400, derandomized=100 + seed)


def run_random(folders: pytest.TempPathFactory, examples: int, *, derandomized: int) -> None:
    """Try the laws on `examples` schemas, the same ones for the same number."""
    from hypothesis import seed

    @seed(derandomized)
    @settings(max_examples=examples, database=None, print_blob=False, **RELAXED)
    @given(st.data())
    def laws(data: st.DataObject) -> None:
        schema = data.draw(schemas())
        values = [data.draw(configs(schema)) for _ in range(CONFIGS_PER_SCHEMA)]
        folder = folders.mktemp("laws")
        path = folder / "schemas" / "training.json"
        write_json(path, schema)
        with generated([path], folder, {}) as package:
            cls = package.module("training").Training
            for value in values:
                check_laws(cls, schema, value)

    laws()
