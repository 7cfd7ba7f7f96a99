"""Forms all the way: form → classes → command line → job → output, alone and nested."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brevettiai.interfaces.vue_schema_utils import SchemaBuilder, VueSettingsModule, number_input
from brevettiai.platform import Job
from brevettiai.settings import Settings, SettingsError
from conformance.generated import Package, generated, shared

ROOT = Path(__file__).parents[1]
CLASSIFIER = ROOT / "schemas" / "classifier.form.json"

_SHARED = shared("forms")
PLATFORM_FORMS = sorted(_SHARED.glob("*.form.json")) if _SHARED is not None else []
FORMS = [CLASSIFIER, *PLATFORM_FORMS]


def form_of(path: Path) -> dict[str, Any]:
    form: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return form


def fields_of(form: dict[str, Any]) -> list[dict[str, Any]]:
    return [field for field in form["fields"] if "model" in field]


def untouched(form: dict[str, Any]) -> dict[str, Any]:
    """The model that the form library makes of a form nobody touched: its defaults."""
    model: dict[str, Any] = {}
    for field in fields_of(form):
        if "default" in field:
            *parents, last = field["model"].split(".")
            node = model
            for name in parents:
                node = node.setdefault(name, {})
            node[last] = field["default"]
    return model


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    """The classes of all forms, and of a schema that nests each of them."""
    folder = tmp_path_factory.mktemp("forms")
    for path in FORMS:
        shutil.copy(path, folder / path.name)
    parts = {path.name.split(".")[0]: {"$ref": path.name} for path in FORMS}
    outer = {"type": "object", "properties": parts | {"seed": {"type": "integer", "default": 0}}}
    (folder / "outer.schema.json").write_text(json.dumps(outer))
    with generated([folder], tmp_path_factory.mktemp("out"), {}) as found:
        yield found


def class_of(package: Package, path: Path) -> type[Settings]:
    module = package.module(path.name.split(".")[0].replace("-", "_"))
    found = next(
        value
        for name, value in vars(module).items()
        if name in module.__all__ and not value.__brevetti__.tables.place
    )
    assert issubclass(found, Settings)
    return found


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_the_untouched_form_is_the_default(path: Path, package: Package) -> None:
    cls = class_of(package, path)
    assert cls.from_settings(untouched(form_of(path))) == cls.from_config({})


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_every_setting_has_a_flag(path: Path, package: Package) -> None:
    cls = class_of(package, path)
    numbers = [
        field
        for field in fields_of(form_of(path))
        if field.get("inputType") == "number" and field["default"] < field["max"]
    ]
    assert numbers
    for field in numbers:
        settings = cls.from_args([f"--{field['model']}", str(field["max"])])
        value: Any = settings.get_config()
        for name in field["model"].split("."):
            value = value[name]
        assert value == field["max"]
        with pytest.raises(SettingsError, match=f"must be at most {field['max']}"):
            cls.from_args([f"--{field['model']}", str(field["max"] + 1)])


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_job_with_the_settings_of_a_form(
    path: Path, package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_class = class_of(package, path)
    form = form_of(path)
    field = next(f for f in fields_of(form) if f.get("inputType") == "number")
    model = untouched(form)
    info = {"id": "a-job", "name": "a job", "settings": model, "datasets": [], "tags": []}
    (tmp_path / "info.json").write_text(json.dumps(info))

    class Train(Job):
        Settings = settings_class

        def run(self) -> None:
            self.add_output_metric("done", True)

    words = ["--job_dir", str(tmp_path), f"--{field['model']}", str(field["max"])]
    monkeypatch.setattr(sys, "argv", ["job.py", *words])
    Train.init().start()
    output = json.loads((tmp_path / "artifacts" / "output.json").read_text())
    expected = settings_class.from_args(words[2:]).get_config()
    assert output["config"]["settings"] == expected


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_nested_in_a_hand_written_module(path: Path, package: Package) -> None:
    settings_class = class_of(package, path)

    class Experiment(VueSettingsModule):
        def __init__(self, training: Any, repeats: int = 3) -> None:
            self.training = training
            self.repeats = repeats

    Experiment.__init__.__annotations__.update(training=settings_class, repeats=int)
    form = form_of(path)
    schema = Experiment.get_schema().schema
    shown = [field["model"] for field in schema["fields"] if "model" in field]
    assert shown == [*(f"training.{field['model']}" for field in fields_of(form)), "repeats"]
    experiment = Experiment.from_settings({"training": untouched(form), "repeats": "4"})
    assert experiment.repeats == 4
    assert experiment.training == settings_class.from_config({})
    again = Experiment.from_settings(experiment.get_settings())
    assert again.get_config() == experiment.get_config()


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_nested_in_a_generated_class(path: Path, package: Package) -> None:
    key = path.name.split(".")[0]
    outer = package.root_class("Outer")
    form = form_of(path)
    shown = [f["model"] for f in outer.get_schema().schema["fields"] if "model" in f]
    expected = [f"{key}.{field['model']}" for field in fields_of(form)]
    assert [model for model in shown if model.startswith(f"{key}.")] == expected
    model = {key: untouched(form), "seed": 7}
    settings = outer.from_settings(model)
    assert settings.get_config()[key] == class_of(package, path).from_config({}).get_config()
    assert outer.from_settings(settings.get_settings()) == settings


def test_the_form_of_a_class_can_be_part_of_a_builder(package: Package) -> None:
    builder = SchemaBuilder([number_input("Seed", "seed", 1)], advanced=False)
    builder.append(class_of(package, CLASSIFIER).get_schema("training"))
    models = [field["model"] for field in builder.schema["fields"] if "model" in field]
    assert models[:3] == ["seed", "training.image.width", "training.image.height"]


def test_presets_of_the_classifier(package: Package) -> None:
    cls = class_of(package, CLASSIFIER)
    for name, preset in form_of(CLASSIFIER)["presets"].items():
        model = json.loads(json.dumps(untouched(form_of(CLASSIFIER))))
        for key, value in preset.items():
            model[key] = {**model.get(key, {}), **value} if isinstance(value, dict) else value
        assert cls.from_preset(name) == cls.from_settings(model)
        assert cls.from_args(["--preset", name]) == cls.from_preset(name)
        assert cls.get_schema().presets[name] == preset
