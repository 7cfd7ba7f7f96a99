"""Settings objects given to other processes: pools, Dask, and workers in the manner of Ray."""

import json
import multiprocessing
import pickle
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from integrations.conftest import SCHEMA

WORK = """
from farm_settings import Training


def total(settings, factor=1):
    '''Work that takes settings and gives others back.'''
    assert isinstance(settings, Training)
    return settings.replace(epochs=settings.epochs * factor)


def loaded(payload):
    '''What a worker does with what a driver sent.'''
    import pickle

    function, settings = pickle.loads(payload)
    return pickle.dumps(function(settings), protocol=5)
"""


@pytest.fixture
def farm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module with the work, importable in other processes too, as an installed one is."""
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "training.json").write_text(json.dumps(SCHEMA))
    generate([tmp_path / "schemas"], tmp_path / "farm_settings")
    (tmp_path / "farm_work.py").write_text(WORK)
    monkeypatch.syspath_prepend(str(tmp_path))
    import importlib
    import sys

    yield importlib.import_module("farm_work")
    for name in [name for name in sys.modules if name.partition(".")[0].startswith("farm_")]:
        del sys.modules[name]


def test_a_pool_of_spawned_processes(farm: Any) -> None:
    given = [farm.Training(epochs=n, augmentation={"angle": n}, stages=[{}]) for n in (1, 2, 3)]
    given[0].extra["note"] = "kept"
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        results = list(pool.map(farm.total, given, [2, 2, 2]))
    assert results == [settings.replace(epochs=settings.epochs * 2) for settings in given]
    assert results[0].extra == {"note": "kept"}


def test_workers_in_the_manner_of_ray(farm: Any) -> None:
    """Work and settings as one payload of cloudpickle, results as one of pickle protocol 5."""
    cloudpickle = pytest.importorskip("cloudpickle", reason="needs cloudpickle")
    settings = farm.Training(epochs=3)
    bound = settings.replace(epochs=2)

    def closure(given: Any) -> Any:
        return given.replace(epochs=given.epochs * bound.epochs)

    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        result = pool.submit(farm.loaded, cloudpickle.dumps((closure, settings))).result()
    assert pickle.loads(result) == settings.replace(epochs=6)


def test_a_dask_cluster(farm: Any, dask_client: Any) -> None:
    settings = farm.Training(epochs=3)
    assert dask_client.submit(farm.total, settings, factor=2).result(30) == settings.replace(
        epochs=6
    )
    scattered = dask_client.scatter(settings)
    assert dask_client.submit(farm.total, scattered).result(30) == settings


def test_dask_knows_equal_settings(farm: Any) -> None:
    base = pytest.importorskip("dask.base", reason="needs dask")
    settings = farm.Training(epochs=3)
    assert base.tokenize(settings) == base.tokenize(settings.copy())
    assert base.tokenize(settings) != base.tokenize(farm.Training(epochs=4))
