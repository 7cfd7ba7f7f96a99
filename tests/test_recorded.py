"""Code that was generated once runs on every later runtime of the same major version.

`tests/recorded/level_N` is the package that `brevetti-gen schemas/` wrote when the level of
`brevettiai.compiled` was N. It is never generated again. To record another, after the level grew:

    brevetti-gen schemas/ -o tests/recorded/level_N && git add tests/recorded/level_N
"""

from __future__ import annotations

import copy
import importlib
import inspect
import json
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from brevettiai import compiled
from brevettiai.compiled import LEVEL
from brevettiai.settings import Settings, SettingsError

FOLDER = Path(__file__).parent / "recorded"
INTERFACE = FOLDER / "interface.txt"
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


# The interface


def test_what_generated_code_calls_stays() -> None:
    """Later, names may come, and parameters with a default behind the others; the record grows."""
    recorded = dict(map(split, INTERFACE.read_text(encoding="utf-8").splitlines()))
    now = dict(map(split, interface()))
    assert recorded.keys() - now.keys() == set(), "gone"
    assert now.keys() - recorded.keys() == set(), f"new: add to {INTERFACE.name}"
    for name, parameters in recorded.items():
        more = now[name][len(parameters) :]
        assert now[name][: len(parameters)] == parameters, name
        assert all(each.endswith("=") or each.startswith("*") for each in more), name


def split(line: str) -> tuple[str, list[str]]:
    name, _, parameters = line.rstrip(")").partition("(")
    return name, parameters.split(", ")


def interface() -> list[str]:
    """What generated code and its users call: a line for each name, with its parameters."""
    holders = (compiled, compiled.Machine, compiled.Half, compiled.Field, compiled.Properties)
    return sorted(
        f"{holder.__name__.rpartition('.')[2]}.{name}{parameters(getattr(holder, name))}"
        for holder in (*holders, Settings)
        for name in dir(holder)
        if not (name.startswith("_") or name in ("TYPE_CHECKING", "annotations"))
    )


def parameters(value: object) -> str:
    """`(first, second=)` for functions and classes of ours."""
    if not str(getattr(value, "__module__", "")).startswith("brevettiai"):
        return ""
    called = value.__init__ if inspect.isclass(value) else value  # type: ignore[misc]
    if not (inspect.isfunction(called) or inspect.ismethod(called)):
        return ""
    said = []
    for each in inspect.signature(value).parameters.values():
        star = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        said.append(f"{star}{each.name}{'=' if each.default is not each.empty else ''}")
    return f"({', '.join(said)})"
