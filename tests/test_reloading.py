"""Modules of generated packages that are loaded again, and what was made of them before."""

from __future__ import annotations

import copy
import importlib
import pickle
import sys
from collections.abc import Callable
from types import ModuleType

import pytest
from brevettiai.settings import SettingsError
from two_modules import SCHEMAS, common_of, refused, use


@pytest.fixture
def training(module_of: Callable[..., ModuleType]) -> ModuleType:
    """The main module of a package, of which nothing was used yet."""
    return module_of(**SCHEMAS)


def test_reloading_before_first_use(training: ModuleType) -> None:
    old = training.Training
    new = importlib.reload(training).Training
    assert new is not old
    with pytest.raises(ImportError, match="restart the process"):
        old(name="n")
    assert use(new).optimizer.rate == 0.1
    with pytest.raises(ImportError, match="restart the process"):
        old(name="n")
    assert type(new(name="n").augmentation) is training.Augmentation


def test_objects_outlive_reloading(training: ModuleType) -> None:
    old, nested = training.Training, training.Augmentation
    settings = old(name="n", epochs=3)
    config = settings.get_config()
    for _ in range(3):
        new = importlib.reload(training).Training
        assert use(new).epochs == 20
        assert not isinstance(use(new), old)
        assert type(use(new).augmentation) is training.Augmentation
    assert settings.get_config() == config
    assert type(old.from_config(config).augmentation) is nested
    assert old.from_args(settings.to_args()) == settings == copy.deepcopy(settings)
    assert "--augmentation.angle" in old.format_help()
    assert old.json_schema() == new.json_schema()
    settings.epochs = 51
    with pytest.raises(SettingsError, match="at most 50"):
        settings.validate()
    with pytest.raises(SettingsError, match="at most 50"):
        old.from_config({"name": "n", "epochs": 51})
    with pytest.raises(pickle.PicklingError, match="not the same object"):
        pickle.dumps(settings)
    assert pickle.loads(pickle.dumps(training.Size())) == training.Size()


def test_objects_outlive_reloading_with_what_was_not_needed_before(training: ModuleType) -> None:
    old, nested = training.Training, training.Augmentation
    settings = use(old)
    new = importlib.reload(training).Training
    assert use(new).get_config() == new(name="n").get_config()
    assert type(old(name="n").augmentation) is nested
    assert old(name="n") == settings
    assert old.__brevetti__.fields()[2].cls is nested
    assert old.from_args(settings.to_args()) == settings
    refused(old, name="n", epochs=51)
    settings.epochs = 51
    with pytest.raises(SettingsError, match="at most 50"):
        settings.validate()


def test_parts_of_a_reloaded_module_are_not_mixed_with_older_ones(training: ModuleType) -> None:
    """A part that could not be had when its module was loaded again, and can be had later."""
    old = training.Training
    use(old)
    sys.modules[old.__module__.replace(".training", "._brevetti.training.flags")] = None  # type: ignore[assignment]
    new = importlib.reload(training).Training
    use(new)
    assert "--epochs" in new.format_help()
    with pytest.raises(ImportError, match="restart the process"):
        old.format_help()
    assert use(old).get_config() == use(new).get_config()


def test_a_module_is_reloaded_with_those_that_refer_to_it(training: ModuleType) -> None:
    common = common_of(training)
    old = training.Training(name="n")
    importlib.reload(common)
    assert type(training.Training(name="n").optimizer) is type(old.optimizer)
    importlib.reload(training)
    assert type(training.Training(name="n").optimizer) is common.Optimizer
    assert training.Training(name="n", optimizer=common.Optimizer(rate=2)).optimizer.rate == 2


def test_a_module_that_is_imported_anew_has_a_machine_of_its_own(training: ModuleType) -> None:
    """As tests do it, which take modules out of `sys.modules`."""
    name, old = training.__name__, training.Training
    early = importlib.reload(training).Training
    use(early)
    del sys.modules[name]
    with pytest.raises(ImportError, match="restart the process"):
        use(old)
    assert early(name="n").epochs == 20
    assert use(importlib.import_module(name).Training).epochs == 20
