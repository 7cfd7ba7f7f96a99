"""The example schemas in each style of class that `--style` makes: in jobs, forms and presets."""

import importlib
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from brevettiai.adapters import SettingsAdapter
from brevettiai.platform import Job
from brevettiai.settings import SettingsError
from style_classes import STYLES
from style_forms import assert_same_form

pytest.importorskip("datamodel_code_generator", reason="needs the extra `gen`")
pytest.importorskip("pydantic", reason="needs pydantic")
pytest.importorskip("msgspec", reason="needs msgspec")

ROOT = Path(__file__).resolve().parents[2]
CLASSES = {
    "segmentation": "Segmentation",
    "classifier": "Classifier",
    "test_report": "TestReport",
}
LIBRARIES = tuple(style for style in STYLES if style != "typeddict")

#: What a person stored with the form of the example job.
STORED = {
    "seed": 1.0,
    "class_weights": '{"dent": 2}',
    "input": {"size": {"width": "64"}, "channels": 1.0},
    "model": {"checkpoint": "last.pt"},
    "training": {"epochs": 9, "batch_size": "50", "early_stopping": '{"patience": 3}'},
    "notes": None,
}
FLAGS = [
    *("--training.epochs", "2", "--no-augmentation.flip-horizontal"),
    *("--training.optimizer", '{"name": "sgd", "momentum": 0.5}'),
    *("--model.decoder.channels", "[8.0, 4]", "--classes", "dent"),
]

each_style = pytest.mark.parametrize("style", STYLES)
each_library = pytest.mark.parametrize("style", LIBRARIES)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that is importable, with `settings`, the example, and `settings_of_STYLE`."""
    folder = tmp_path_factory.mktemp("packages")
    generate([ROOT / "schemas"], folder / "settings")
    for style in STYLES:
        generate([ROOT / "schemas"], folder / f"settings_of_{style}", style=style)
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        patch.syspath_prepend(str(folder))
        yield folder
    tops = {"settings", "examples"}
    for name in set(sys.modules) - before:
        # msgspec 0.22 crashes when generated structs are collected, so other styles stay.
        if name.partition(".")[0] in tops:
            del sys.modules[name]


def class_in(package: str, module: str) -> Any:
    return getattr(importlib.import_module(f"{package}.{module}"), CLASSES[module])


def adapters(style: str, packages: Path) -> Iterator[tuple[Any, SettingsAdapter]]:
    """Each class of the example schemas, plain and in a style."""
    for module in CLASSES:
        other = class_in(f"settings_of_{style}", module)
        yield class_in("settings", module), SettingsAdapter.of(other)


def output_of(job_class: type[Job], folder: Path, args: list[str]) -> Any:
    """What a job of the platform with the settings `STORED` wrote."""
    folder.mkdir()
    info = {"id": "a-job", "name": "a job", "settings": STORED, "datasets": [], "tags": []}
    (folder / "info.json").write_text(json.dumps(info))
    job_class.init(job_dir=folder, args=args).start()
    assert (folder / "artifacts" / "model.json").exists()
    return json.loads((folder / "artifacts" / "output.json").read_text())


@each_library
def test_the_example_job(style: str, packages: Path, tmp_path: Path) -> None:
    example = importlib.import_module("examples.train_segmentation")

    class Train(example.TrainSegmentation):  # type: ignore[misc,name-defined]
        Settings = class_in(f"settings_of_{style}", "segmentation")

    plain = output_of(example.TrainSegmentation, tmp_path / "plain", FLAGS)
    made = output_of(Train, tmp_path / "job", FLAGS)
    assert made["config"]["settings"] == plain["config"]["settings"]
    assert made["config"]["settings"]["model"]["decoder"] == {"channels": [8, 4], "dropout": 0.1}
    assert made["output"] == plain["output"]


def test_a_job_with_a_typed_dictionary_has_what_was_given(packages: Path, tmp_path: Path) -> None:
    class Train(Job):
        Settings = class_in("settings_of_typeddict", "segmentation")

        def run(self) -> str:
            path = self.artifact_path("model.json")
            self.io.write_file(path, json.dumps(self.settings["training"]["epochs"]))
            return path

    config = output_of(Train, tmp_path / "job", FLAGS)["config"]["settings"]
    assert config == {
        "classes": ["dent"],
        "class_weights": {"dent": 2},
        "seed": 1,
        "input": {"size": {"width": 64}, "channels": 1},
        "model": {"checkpoint": "last.pt", "decoder": {"channels": [8, 4]}},
        "augmentation": {"flip_horizontal": False},
        "training": {
            "epochs": 2,
            "batch_size": 50,
            "early_stopping": {"patience": 3},
            "optimizer": {"name": "sgd", "momentum": 0.5},
        },
    }


@each_library
def test_defaults_and_presets_are_those_of_our_own_classes(style: str, packages: Path) -> None:
    for plain, adapter in adapters(style, packages):
        assert adapter.get_config(adapter.from_config({})) == plain.from_config({}).get_config()
        assert adapter.presets() == plain.presets()
        for name in plain.presets():
            ours, theirs = plain.from_preset(name), adapter.from_args([f"--preset={name}"])
            assert adapter.get_config(theirs) == ours.get_config()


@each_style
def test_forms_are_those_of_our_own_classes(style: str, packages: Path) -> None:
    for plain, adapter in adapters(style, packages):
        assert_same_form(style, plain, adapter)


@each_library
def test_form_models_are_those_of_our_own_classes(style: str, packages: Path) -> None:
    for plain, adapter in adapters(style, packages):
        settings = adapter.from_settings({})
        model = adapter.get_settings(settings)
        assert plain.from_settings(model).get_config() == adapter.get_config(settings)
        assert adapter.from_args(adapter.to_args(settings)) == settings


@each_style
def test_whole_numbers_may_have_a_point(style: str, packages: Path) -> None:
    adapter = SettingsAdapter.of(class_in(f"settings_of_{style}", "segmentation"))
    given = {
        "seed": 7.0,
        "input": {"channels": 1.0},
        "model": {"decoder": {"channels": [8.0, 4]}},
        "augmentation": {"angle": 3.0},
    }
    config = adapter.get_config(adapter.from_config(given))
    texts = [repr(config["seed"]), repr(config["input"]["channels"])]
    assert texts == ["7", "1"]
    assert repr(config["model"]["decoder"]["channels"]) == "[8, 4]"
    with pytest.raises(SettingsError, match="seed: must be"):
        adapter.from_config({"seed": 7.5})


def test_dataclasses_leave_out_what_is_absent(
    packages: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """`None` stands for it there, where null is no value, and is one elsewhere."""
    adapter = SettingsAdapter.of(class_in("settings_of_dataclass", "segmentation"))
    settings = adapter.from_config({"notes": "more", "seed": None})
    settings.notes = None
    with caplog.at_level(logging.WARNING):
        config = adapter.get_config(settings)
    assert "notes" not in config
    assert config["seed"] is None
    assert "checkpoint" not in config["model"]
    assert adapter.from_config(config) == settings
    notes = next(f for f in adapter.get_schema().schema["fields"] if f.get("model") == "notes")
    assert notes["type"] == "textArea"
    assert "default" not in notes


@pytest.mark.filterwarnings("error::DeprecationWarning")
@each_library
def test_writing_deprecated_settings_warns_nobody(style: str, packages: Path) -> None:
    adapter = SettingsAdapter.of(class_in(f"settings_of_{style}", "segmentation"))
    settings = adapter.from_config({"augmentation": {"rotation": 5}})
    assert adapter.get_config(settings)["augmentation"]["rotation"] == 5


@each_library
def test_texts_of_docstrings_are_not_cut_into_lines(style: str, packages: Path) -> None:
    for _, adapter in adapters(style, packages):
        for field in adapter.get_schema().schema["fields"]:
            assert "\n" not in field.get("help", "")
            assert field.get("help") != field["label"]
