"""Large modules, whose machine half comes in volumes: nobody notices but by the time it takes."""

from __future__ import annotations

import importlib
import inspect
import pickle
import subprocess
import sys
from collections.abc import Iterator
from modulefinder import ModuleFinder
from pathlib import Path
from typing import Any

import generated_code
import pytest
from brevetti_gen import generate
from brevetti_gen.load import load_package
from brevettiai.settings import SettingsError, fields
from conformance.generated import write_json

TOP = generated_code.TOP
#: So many classes stand in a volume here; segmentation has eleven.
VOLUME = 2


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the packages `whole_settings` and `many_settings` of the example schemas."""
    folder = tmp_path_factory.mktemp("volumes")
    generate([TOP / "schemas"], folder / "whole_settings")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("brevetti_gen.compile.program.VOLUME", VOLUME)
        generate([TOP / "schemas"], folder / "many_settings")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield folder
    for name in [name for name in sys.modules if name.split(".")[0].endswith("_settings")]:
        del sys.modules[name]


CONFIGS: list[Any] = [
    {},
    {"seed": 3, "training": {"optimizer": {"name": "sgd", "learning_rate": 0.5}}},
    {"training": {"optimizer": {"name": "none"}, "epochs": 0}},
    {"model": {"decoder": {"dropout": 7, "unknown": 1}}, "augmentation": {"color": None}},
    {"input": {"size": {"width": "x"}, "channels": 2}, "validation": {"tags": [1]}},
    {"training": {"early_stopping": {"patience": 3.0}}, "notes": 5, "x-own": 1},
]


def seen(cls: Any) -> list[Any]:
    """What a class does."""
    found: list[Any] = [cls.json_schema(), cls.schema_digest(), cls.format_help("p"), cls.presets()]
    found += [cls.get_schema().schema, inspect.signature(cls)]
    if not any(field.required for field in fields(cls)):
        found.append(cls().get_config())
    for config in CONFIGS:
        try:
            settings = cls.from_config(config)
            found += [settings.get_config(), repr(settings), settings.to_args()]
            found += [cls.from_args(settings.to_args()) == settings, settings.get_settings()]
            found.append(pickle.loads(pickle.dumps(settings)) == settings)
        except SettingsError as error:
            found.append(str(error))
    return found


def test_a_class_is_the_same_in_volumes(packages: Path) -> None:
    for name in ("segmentation", "classifier", "test_report", "common"):
        whole = importlib.import_module(f"whole_settings.{name}")
        many = importlib.import_module(f"many_settings.{name}")
        assert many.__all__ == whole.__all__
        for cls in whole.__all__:
            assert seen(getattr(many, cls)) == seen(getattr(whole, cls)), cls


def test_people_see_no_difference(packages: Path) -> None:
    def text(package: str) -> list[str]:
        lines = (packages / package / "segmentation.py").read_text(encoding="utf-8").splitlines()
        return [line for line in lines if "__machine_" not in line and "Half(" not in line][2:]

    assert text("many_settings") == text("whole_settings")


def test_who_uses_one_class_loads_its_volume(packages: Path) -> None:
    code = (
        "import sys; from many_settings.segmentation import EarlyStopping as C; C.from_config({})\n"
        "print(*sorted(n for n in sys.modules if n.startswith('many_settings._brevetti.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=packages,
        env={"PYTHONPATH": str(generated_code.RUNTIME)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = done.stdout.split()
    assert len(loaded) == 2, loaded
    assert loaded[1].startswith("many_settings._brevetti.segmentation.v")


@pytest.mark.slow
def test_checkers_and_freezers_see_all_of_it(packages: Path) -> None:
    assert generated_code.mypy(packages / "many_settings") == ""
    finder = ModuleFinder([str(packages), str(generated_code.RUNTIME)])
    script = packages / "script.py"
    script.write_text("import many_settings.segmentation\n", encoding="utf-8")
    finder.run_script(str(script))
    parts = {name for name in finder.modules if name.startswith("many_settings._brevetti.")}
    volumes = list((packages / "many_settings/_brevetti/segmentation").glob("v*"))
    assert len(volumes) == 6
    for volume in volumes:
        name = f"many_settings._brevetti.segmentation.{volume.name}"
        assert {name, f"{name}.flags", f"{name}.texts"} <= parts


def test_a_reload_takes_all_volumes_along(packages: Path) -> None:
    module: Any = importlib.import_module("many_settings.segmentation")
    old = module.Segmentation.from_config({})
    importlib.reload(module)
    new = module.Segmentation.from_config({})
    assert type(new.augmentation.color) is module.Color
    assert type(old.augmentation.color) is not module.Color
    assert new.get_config() == old.get_config()
    old.validate()


def test_loaded_classes_go_on_without_their_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("brevetti_gen.compile.program.VOLUME", VOLUME)
    loaded = load_package([TOP / "schemas"])
    classes = {found.source.module[-1]: found.cls for found in loaded.classes}
    cls: Any = classes["segmentation"]
    assert cls.format_help("p")
    assert cls.json_schema()["$defs"]
    assert cls().get_config() == cls.from_config({}).get_config()
    with pytest.raises(SettingsError, match=r"model\.decoder\.dropout"):
        cls.from_config({"model": {"decoder": {"dropout": 7}}})


def test_thousands_of_definitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    things = {
        f"Thing{n}": {
            "type": "object",
            "properties": {"n": {"minimum": n}, "next": {"$ref": f"#/$defs/Thing{n + 1}"}},
        }
        for n in range(401)
    }
    write_json(tmp_path / "big.json", {"$defs": {**things, "Thing401": {"type": "null"}}})
    generate([tmp_path / "big.json"], tmp_path / "big_settings")
    monkeypatch.syspath_prepend(str(tmp_path))
    module: Any = importlib.import_module("big_settings.big")
    with pytest.raises(SettingsError, match=r"next\.n: must be at least 200"):
        module.Thing199.from_config({"n": 199, "next": {"n": 199}})
    assert module.Thing400.from_config({"n": 400, "next": None}).n == 400
    loaded = [name for name in sys.modules if name.startswith("big_settings._brevetti.big.v")]
    assert {name.split(".")[3] for name in loaded} <= {"v0", "v1", "v2"}
    for name in [name for name in sys.modules if name.partition(".")[0] == "big_settings"]:
        del sys.modules[name]
