"""Code that was generated once runs on every later runtime of the same major version.

`tests/recorded/level_N` is the package that `brevetti-gen schemas/` wrote when the level of
`brevettiai.compiled` was N. It is never generated again. To record another, after the level grew:

    brevetti-gen schemas/ -o tests/recorded/level_N && git add tests/recorded/level_N
"""

from __future__ import annotations

import copy
import importlib
import json
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from brevettiai.compiled import LEVEL
from brevettiai.settings import SettingsError

FOLDER = Path(__file__).parent / "recorded"
LEVELS = sorted(path.name for path in FOLDER.iterdir() if (path / "__init__.py").is_file())


@pytest.fixture(params=LEVELS)
def package(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a recorded package that can be imported."""
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield request.param
    for name in [name for name in sys.modules if name.partition(".")[0] == request.param]:
        del sys.modules[name]


@pytest.fixture
def segmentation(package: str) -> ModuleType:
    return importlib.import_module(f"{package}.segmentation")


def test_there_is_a_record_of_this_level() -> None:
    assert f"level_{LEVEL}" in LEVELS


def test_every_class_loads_saves_and_describes_itself(package: str) -> None:
    root = importlib.import_module(package)
    assert set(root.__all__) >= {"Classifier", "Segmentation", "TestReport"}
    for name in root.__all__:
        cls = getattr(root, name)
        settings = cls.from_config({})
        config = settings.get_config()
        settings.validate()
        for again in (
            cls.from_config(config),
            cls.from_json(settings.to_json()),
            cls.from_args(settings.to_args()),
            cls.from_settings(json.loads(json.dumps(settings.get_settings()))),
            pickle.loads(pickle.dumps(settings)),
            copy.deepcopy(settings),
            settings.replace(),
        ):
            assert again == settings
        assert cls.json_schema()
        assert cls.get_schema().schema["fields"] is not None
        assert cls.format_help()
        assert repr(settings).startswith(name + "(")


def test_what_does_not_fit_is_explained(segmentation: ModuleType) -> None:
    config: Any = {
        "augmentation": {"angle": 400},
        "training": {"optimizer": {"name": "sgd", "x": 1}},
    }
    with pytest.raises(SettingsError) as caught:
        segmentation.Segmentation.from_config(config)
    assert {problem.path for problem in caught.value.problems} == {
        ("augmentation", "angle"),
        ("training", "optimizer", "x"),
    }


def test_constructors_flags_and_presets(segmentation: ModuleType) -> None:
    cls = segmentation.Segmentation
    settings = cls(augmentation=segmentation.Augmentation(angle=20), seed=None)
    assert settings.augmentation.angle == 20
    assert cls.from_args(["--augmentation.angle", "20"]) == settings
    for name in cls.presets():
        cls.from_preset(name).validate()
