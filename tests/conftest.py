"""Options of the tests, and fixtures for those that try generated classes."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import random_sizes
from conformance.generated import generated, write_json
from hypothesis import HealthCheck, settings

#: Other work on the machine makes no example wrong.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture
def module_of(tmp_path: Path) -> Iterator[Callable[..., ModuleType]]:
    """Generates a package from schemas and imports the module of the first.

    `module_of({...})` gives the module `training`; `module_of(training={...}, common={...})` has
    a file `NAME.json` for each keyword.
    """
    with _modules_below(tmp_path) as make:
        yield make


@contextmanager
def _modules_below(folder_of_all: Path) -> Generator[Callable[..., ModuleType]]:
    with ExitStack() as stack:
        count = 0

        def make(schema: Any = None, /, **schemas: Any) -> ModuleType:
            nonlocal count
            count += 1
            given = {"training": schema} if schema is not None else schemas
            folder = folder_of_all / f"package_{count}"
            for name, value in given.items():
                write_json(folder / "schemas" / f"{name}.json", value)
            package = stack.enter_context(generated([folder / "schemas"], folder, {}))
            return package.module(next(iter(given)))

        yield make


@pytest.fixture
def class_of(module_of: Callable[..., ModuleType]) -> Callable[..., Any]:
    """As `module_of`, but gives the root's class, `Training`."""

    return lambda schema=None, /, **schemas: _root_of(module_of(schema, **schemas))


@pytest.fixture(scope="module")
def kept_class_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Any], Any]]:
    """As `class_of`, of one schema: all tests of a file have the same class of it."""
    with _modules_below(tmp_path_factory.mktemp("kept")) as make:
        made = cache(lambda text: _root_of(make(json.loads(text))))
        yield lambda schema: made(json.dumps(schema))


def _root_of(module: ModuleType) -> Any:
    name = module.__name__.rpartition(".")[2]
    return getattr(module, "".join(part.title() for part in name.split("_")))


def pytest_configure(config: pytest.Config) -> None:
    """Random tests try a third of their examples where the slow tests are left out."""
    random_sizes.share = 1 / 3 if config.option.markexpr == "not slow" else 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """One more than there are processors, as some tests wait more than they work.

    None for what lies in one file: they would take longer to start than its tests.
    """
    words = [word for word in config.args if not Path(word).is_dir()]
    files = {word.partition("::")[0] for word in words}
    few = len(words) == len(config.args) and len(files) == 1
    if few or config.getoption("--update-golden"):
        return 0
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: Python need not look for garbage in it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)
        gc.enable()


#: Libraries for which tests do the same again as for one that has a turn in every run.
_AGAIN_FOR = frozenset({"dataclass", "msgspec", "typeddict", "obstore"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What tests do again for another library is `slow`."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        values = callspec.params.values() if callspec else ()
        if any(isinstance(value, str) and value in _AGAIN_FOR for value in values):
            item.add_marker(pytest.mark.slow)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what is generated now to tests/golden, instead of comparing",
    )


@pytest.fixture
def dask_client(tmp_path: Path) -> Iterator[Any]:
    """A client of a cluster of Dask with one worker, a process of its own."""
    distributed = pytest.importorskip("distributed", reason="needs dask[distributed]")
    cluster = distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        local_directory=str(tmp_path / "dask"),
    )
    with cluster, distributed.Client(cluster) as client:
        yield client
