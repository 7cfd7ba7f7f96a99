"""Every method of a generated class, used as its users do."""

from __future__ import annotations

import argparse
import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from brevetti_gen import generate
from brevettiai.cli.program import run
from brevettiai.interfaces.vue_schema_utils import SchemaBuilder, VueSettingsModule
from brevettiai.settings import Settings, SettingsError
from conformance.generated import Package, generated

SCHEMAS = Path(__file__).parent.parent / "schemas"
ClassOf = Callable[..., Any]
ModuleOf = Callable[..., ModuleType]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Package]:
    """The package of the example schemas."""
    with generated([SCHEMAS], tmp_path_factory.mktemp("examples"), {}) as package:
        yield package


@pytest.fixture
def segmentation(package: Package) -> ModuleType:
    return package.module("segmentation")


@pytest.fixture
def settings(segmentation: ModuleType) -> Any:
    """Settings of the example, some of them not the default."""
    config = {
        "classes": ["crack"],
        "seed": 7,
        "augmentation": {"angle": 20, "color": {"contrast": 0.5}},
        "training": {"optimizer": {"name": "sgd", "momentum": 0.5}},
    }
    return segmentation.Segmentation.from_config(config)


# Configs and JSON


def test_a_config_becomes_nested_objects_with_every_default(segmentation: ModuleType) -> None:
    settings = segmentation.Segmentation.from_config({"augmentation": {"angle": 20}})
    assert settings.augmentation.angle == 20
    assert settings.augmentation.color.brightness == 0.1
    assert isinstance(settings.training.optimizer, segmentation.Adam)
    assert settings.training.optimizer.learning_rate == 0.001
    config = settings.get_config()
    assert config["augmentation"]["angle"] == 20
    assert config["training"]["optimizer"]["name"] == "adam"
    assert segmentation.Segmentation.from_config(config) == settings


def test_json_text_goes_both_ways(settings: Any) -> None:
    text = settings.to_json()
    assert json.loads(text) == settings.get_config()
    assert type(settings).from_json(text) == settings
    assert type(settings).from_json(text.encode()) == settings
    assert settings.to_json(indent=2).startswith('{\n  "classes": [\n    "crack"')


def test_json_text_keeps_characters_as_they_are(class_of: ClassOf) -> None:
    cls = class_of({"properties": {"name": {"type": "string"}}})
    assert cls(name="Größe 🔥").to_json() == '{"name": "Größe 🔥"}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"seed": 1, "seed": 2}', "the key 'seed' given twice"),
        ('{"seed":\n 1 "a"}', "line 2, column 4"),
        ('{"seed": NaN}', "NaN"),
        (b'{"seed": "\xff"}', "utf-8"),
        ("[]", "must be an object"),
    ],
)
def test_text_that_is_no_config_is_refused(
    segmentation: ModuleType, text: str | bytes, message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        segmentation.Segmentation.from_json(text)


def test_every_problem_is_reported_at_once(segmentation: ModuleType) -> None:
    config = {
        "augmentation": {"angle": 400, "angel": 1},
        "training": {"epochs": "many", "optimizer": {"name": "sgd", "momentum": 2}},
        "classes": [],
    }
    with pytest.raises(SettingsError) as caught:
        segmentation.Segmentation.from_config(config)
    assert str(caught.value).splitlines() == [
        "Segmentation: 5 problems",
        "  classes: must have at least 1 item, not 0",
        "  augmentation.angle: must be at most 180 (got 400)",
        "  augmentation.angel: is not a known key, did you mean 'angle'?",
        "  training.epochs: must be a whole number (got 'many')",
        "  training.optimizer.momentum: must be at most 1 (got 2)",
    ]
    problem = caught.value.problems[1]
    assert (problem.path, problem.given) == (("augmentation", "angle"), "400")
    assert isinstance(caught.value, ValueError)
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems


# The constructor


def test_a_constructor_takes_values_and_objects(segmentation: ModuleType) -> None:
    augmentation = segmentation.Augmentation(angle=20)
    settings = segmentation.Segmentation(
        classes=["crack"], augmentation=augmentation, training=segmentation.Training(epochs=3)
    )
    assert settings.augmentation is augmentation
    given = {"classes": ["crack"], "augmentation": {"angle": 20}, "training": {"epochs": 3}}
    assert settings == segmentation.Segmentation.from_config(given)


def test_wrong_and_missing_names_are_type_errors(segmentation: ModuleType) -> None:
    with pytest.raises(TypeError, match="'epoch'"):
        segmentation.Training(epoch=3)
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'name'"):
        segmentation.Sgd(momentum=0.5)
    with pytest.raises(TypeError, match="positional"):
        segmentation.Training(3)


def test_bad_values_are_settings_errors_all_at_once(segmentation: ModuleType) -> None:
    with pytest.raises(SettingsError) as caught:
        segmentation.Training(epochs="many", batch_size=0, optimizer=segmentation.Color())
    paths = {problem.path[0] for problem in caught.value.problems}
    assert paths == {"epochs", "batch_size", "optimizer"}


def test_what_is_required_is_mandatory_even_with_a_default(class_of: ClassOf) -> None:
    cls = class_of({"properties": {"n": {"type": "integer", "default": 1}}, "required": ["n"]})
    with pytest.raises(TypeError, match="'n'"):
        cls()
    with pytest.raises(SettingsError, match="n: is required"):
        cls.from_config({})
    assert cls(n=2).n == 2


def test_attributes_hold_what_their_hints_say(module_of: ModuleOf) -> None:
    inner = {"type": "object", "properties": {"n": {"type": "integer"}}}
    other = {"type": "object", "properties": {"n": {"type": "integer"}, "m": {}}}
    module = module_of({"properties": {"inner": inner, "other": other}})
    for given in ({"n": 2.0}, module.Other(n=2)):
        settings = module.Training(inner=given)
        assert isinstance(settings.inner, module.Inner)
        assert settings.get_config()["inner"] == {"n": 2}
        assert isinstance(settings.replace(inner=given).inner, module.Inner)


def test_names_that_python_does_not_allow(class_of: ClassOf) -> None:
    keys = ["learning-rate", "class", "2d", "get_config", "a.b", "__init__", "", "self"]
    cls = class_of({"properties": {key: {"type": "integer"} for key in keys}})
    settings = cls(learning_rate=1, class_=2, _2d=3, get_config_=4, a_b=5)
    config = {"learning-rate": 1, "class": 2, "2d": 3, "get_config": 4, "a.b": 5}
    assert settings.get_config() == config
    everything = dict.fromkeys(keys, 6)
    assert cls.from_config(everything).get_config() == everything
    assert set(vars(settings).values()) == {1, 2, 3, 4, 5, None}


# Plain objects


def test_attributes_are_plain_and_assignable(settings: Any) -> None:
    assert list(vars(settings))[:3] == ["classes", "class_mapping", "class_weights"]
    settings.training.epochs = 7
    settings.classes.append("hole")
    settings.validate()
    assert settings.get_config()["training"]["epochs"] == 7
    settings.training.epochs = 0
    settings.augmentation.angle = "much"
    with pytest.raises(SettingsError) as caught:
        settings.validate()
    assert [str(problem) for problem in caught.value.problems] == [
        "augmentation.angle: must be a number (got 'much')",
        "training.epochs: must be at least 1 (got 0)",
    ]


def test_validate_finds_plain_containers_where_objects_belong(settings: Any) -> None:
    settings.augmentation.color = {"contrast": 0.5}
    settings.model = {}
    settings.classes = None
    with pytest.raises(SettingsError) as caught:
        settings.validate()
    assert [str(problem) for problem in caught.value.problems] == [
        "model: must be an object of the class Model (got a dict)",
        "augmentation.color: must be an object of the class Color (got a dict)",
    ]


def test_a_copy_shares_nothing(settings: Any) -> None:
    for other in (
        settings.copy(),
        copy.deepcopy(settings),
        pickle.loads(pickle.dumps(settings)),
    ):
        assert type(other) is type(settings)
        assert other == settings
        other.augmentation.color.contrast = 0.75
        other.classes.append("hole")
        assert other != settings
    assert settings.augmentation.color.contrast == 0.5
    assert settings.classes == ["crack"]


def test_replace_gives_a_changed_and_checked_copy(settings: Any, segmentation: ModuleType) -> None:
    other = settings.replace(seed=None, augmentation=segmentation.Augmentation(angle=1))
    assert (other.seed, other.augmentation.angle) == (None, 1)
    assert other.classes == ["crack"]
    assert settings.seed == 7
    with pytest.raises(SettingsError, match=r"seed: must be at least 0 \(got -1\)"):
        settings.replace(seed=-1)
    with pytest.raises(TypeError, match="no attribute 'sead', did you mean 'seed'"):
        settings.replace(sead=1)


def test_equality_is_that_of_configs_of_one_class(segmentation: ModuleType) -> None:
    color = segmentation.Color
    assert color(brightness=1) == color(brightness=1.0)
    assert color(brightness=0.1) == color(), "a default that is given is the default"
    assert color(brightness=1) != color()
    assert color() != segmentation.Decoder()
    assert color() != color().get_config()
    with pytest.raises(TypeError, match="unhashable"):
        hash(color())


def test_repr_is_readable_and_hides_secrets(module_of: ModuleOf) -> None:
    schema = {
        "properties": {
            "name": {"type": "string"},
            "key": {"type": "string", "writeOnly": True},
            "login": {"properties": {"word": {"type": "string", "format": "password"}}},
            "seed": {"type": ["integer", "null"], "default": None},
            "notes": {"type": "string"},
        }
    }
    cls = module_of(schema).Training
    config = {"name": "a", "key": "s3cret", "login": {"word": "s3cret"}}
    settings = cls.from_config(config)
    assert repr(settings) == "Training(name='a', key=***, login=Login(word=***), seed=None)"
    assert settings.get_config() == {**config, "seed": None}
    public = settings.get_config(hide_secrets=True)
    assert public == {"name": "a", "login": {}, "seed": None}


# Subclasses


def test_a_subclass_adds_methods_and_loads_as_itself(segmentation: ModuleType) -> None:
    class Color(segmentation.Color):  # type: ignore[misc,name-defined]
        def strength(self) -> float:
            return float(self.brightness + self.contrast)

    for color in (
        Color.from_config({"brightness": 0.4}),
        Color(brightness=0.4),
        Color.from_json('{"brightness": 0.4}'),
        Color.from_args(["--brightness", "0.4"]),
        Color.from_settings({"brightness": 0.4}),
        Color(brightness=0.1).replace(brightness=0.4),
        Color(brightness=0.4).copy(),
    ):
        assert type(color) is Color
        assert color.strength() == 0.5
    augmentation = segmentation.Augmentation(color=Color(brightness=0.4))
    assert augmentation.color.strength() == 0.5


def test_a_subclass_may_have_a_constructor_of_its_own(segmentation: ModuleType) -> None:
    class Color(segmentation.Color):  # type: ignore[misc,name-defined]
        def __init__(self, *, everything: float) -> None:
            super().__init__(brightness=everything, contrast=everything, saturation=everything)

    assert Color(everything=1).get_config() == dict.fromkeys(
        ("brightness", "contrast", "saturation"), 1
    )
    assert type(Color.from_config({})) is Color
    assert Color.from_config({}).brightness == 0.1


# Flags


def test_flags_set_nested_values(segmentation: ModuleType) -> None:
    flags = [
        "--augmentation.angle",
        "20",
        "--training.epochs=3",
        "--no-augmentation.flip-horizontal",
    ]
    settings = segmentation.Segmentation.from_args(flags)
    assert settings.augmentation.angle == 20
    assert settings.training.epochs == 3
    assert settings.augmentation.flip_horizontal is False


def test_flags_come_after_the_config(segmentation: ModuleType) -> None:
    base = {"training": {"epochs": 3, "batch_size": 2}}
    settings = segmentation.Segmentation.from_args(["--training.epochs", "4"], config=base)
    assert (settings.training.epochs, settings.training.batch_size) == (4, 2)
    assert base == {"training": {"epochs": 3, "batch_size": 2}}


def test_an_error_says_which_flag_brought_the_value(segmentation: ModuleType) -> None:
    with pytest.raises(SettingsError) as caught:
        segmentation.Segmentation.from_args(["--augmentation.angle", "400", "--sede", "1"])
    text = str(caught.value)
    assert "augmentation.angle: must be at most 180 (got 400, from --augmentation.angle)" in text
    assert "unknown flag --sede, did you mean --seed?" in text


def test_settings_give_the_flags_that_make_them(settings: Any) -> None:
    flags = settings.to_args()
    assert all(isinstance(flag, str) for flag in flags)
    assert type(settings).from_args(flags) == settings


def test_flags_in_a_parser_of_your_own(segmentation: ModuleType) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gpu", type=int)
    segmentation.Segmentation.add_arguments(parser, prefix="settings.")
    namespace = parser.parse_args(["--gpu", "1", "--settings.training.epochs", "3"])
    assert namespace.gpu == 1
    settings = segmentation.Segmentation.from_namespace(namespace, prefix="settings.")
    assert settings == segmentation.Segmentation.from_config({"training": {"epochs": 3}})


def test_help_is_printed_and_exits(
    segmentation: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        segmentation.Segmentation.from_args(["--help"], prog="train")
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith("usage: train")
    assert "--augmentation.angle" in text
    assert "Largest rotation to either side in degrees." in " ".join(text.split())


# Presets


def test_presets_are_named_configs(segmentation: ModuleType) -> None:
    cls = segmentation.Segmentation
    assert "Quick look" in cls.presets()
    settings = cls.from_preset("Quick look", classes=["hole"])
    expected = cls.from_config({**cls.presets()["Quick look"], "classes": ["hole"]})
    assert settings == expected
    with pytest.raises(SettingsError, match="no preset 'Quick lock', did you mean 'Quick look'"):
        cls.from_preset("Quick lock")
    assert segmentation.Color.presets() == {}


def test_a_preset_and_its_changes_make_one_config(class_of: ClassOf) -> None:
    schema = {
        "properties": {"name": {"type": "string"}, "seed": {"type": "integer"}},
        "required": ["name"],
        "x-presets": {"fixed": {"seed": 1}},
    }
    cls = class_of(schema)
    assert cls.from_preset("fixed", name="a").get_config() == {"name": "a", "seed": 1}
    assert cls.from_preset("fixed", name="a", seed=None).get_config() == {"name": "a"}
    with pytest.raises(SettingsError, match="name: is required"):
        cls.from_preset("fixed")
    with pytest.raises(TypeError, match="no attribute 'sead'"):
        cls.from_preset("fixed", name="a", sead=2)


def test_presets_are_fresh_each_time(segmentation: ModuleType) -> None:
    segmentation.Segmentation.presets()["Quick look"].clear()
    assert segmentation.Segmentation.presets()["Quick look"]


# Forms


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("segmentation", "Segmentation"),
        ("classifier", "Classifier"),
        ("test_report", "TestReport"),
    ],
)
def test_form_models_and_configs_are_two_ways_to_write_settings(
    package: Package, module: str, name: str
) -> None:
    cls = getattr(package.module(module), name)
    settings = cls.from_config({})
    model = json.loads(json.dumps(settings.get_settings()))
    assert cls.from_settings(model) == settings
    assert cls.to_config(model) == settings.get_config()
    form = cls.get_schema()
    assert isinstance(form, SchemaBuilder)
    models = [field["model"] for field in form.schema["fields"] if "model" in field]
    assert models
    for path in models:
        inner: Any = cls.json_schema()
        assert isinstance(inner, dict)
        assert path.split(".")[0] in {*inner.get("properties", {}), *vars(settings)}


def test_json_fields_of_a_form_model_are_text(segmentation: ModuleType, settings: Any) -> None:
    model = settings.get_settings()
    assert json.loads(model["class_mapping"]) == settings.class_mapping
    model["class_mapping"] = '{"crack": ["crack", "tear"]}'
    changed = segmentation.Segmentation.from_settings(model)
    assert changed.class_mapping == {"crack": ["crack", "tear"]}
    model["class_mapping"] = "{crack"
    with pytest.raises(SettingsError, match=r"class_mapping: must be JSON: .*the field 'Class map"):
        segmentation.Segmentation.from_settings(model)


# Hand-written modules


class Pipeline(VueSettingsModule):
    """A module with generated settings inside; made in the test, as the classes are."""

    def __init__(self, name: str = "p", augmentation: Any = None) -> None:
        self.name = name
        self.augmentation = augmentation


def test_generated_classes_nest_in_hand_written_modules(segmentation: ModuleType) -> None:
    class Nest(Pipeline):
        def __init__(self, name: str = "p", augmentation: Any = None) -> None:
            super().__init__(name, augmentation)

    # What an import and a plain annotation do at the top of a module.
    Nest.__init__.__annotations__["augmentation"] = segmentation.Augmentation
    nest = Nest("q", segmentation.Augmentation(angle=20))
    config = nest.get_config()
    assert config["augmentation"]["angle"] == 20
    again = Nest.from_config(config)
    assert isinstance(again.augmentation, segmentation.Augmentation)
    assert again.get_config() == config
    assert Nest.from_settings(nest.get_settings()).get_config() == config
    fields = {field.get("model") for field in Nest.get_schema().schema["fields"]}
    assert {"name", "augmentation.angle", "augmentation.color.contrast"} <= fields


def test_settings_hold_hand_written_modules_as_their_configs(class_of: ClassOf) -> None:
    cls = class_of({"properties": {"pipeline": {"type": "object"}}})
    settings = cls(pipeline=Pipeline("q"))
    assert settings.pipeline["name"] == "q"
    assert cls.from_json(settings.to_json()) == settings


# The module as a program, and versions


def test_a_module_run_as_a_program_prints_the_config(tmp_path: Path) -> None:
    generate([SCHEMAS], tmp_path / "settings")
    command = [sys.executable, "-m", "settings.segmentation"]
    environment = {
        "PYTHONPATH": str(Path(*Path(sys.modules["brevettiai"].__file__ or "").parts[:-2]))
    }

    def run(*flags: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *flags], cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    result = run("--training.epochs", "3", "--seed", "null")
    config = json.loads(result.stdout)
    assert (config["training"]["epochs"], config["seed"]) == (3, None)
    assert config["augmentation"]["angle"] == 5
    result = run("--training.epochs", "none")
    assert result.returncode == 2
    assert result.stdout == ""
    assert "training.epochs: must be a whole number (got 'none', from --training.epochs)" in (
        result.stderr
    )
    assert "usage: python -m settings.segmentation" in run("--help").stdout


def test_what_is_printed_plays_with_no_terminal(
    class_of: ClassOf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cls = class_of({"properties": {"text": {"default": "\x1b\x7f\x9b\u202e ü"}}})
    monkeypatch.setattr(sys, "argv", ["settings"])
    run(cls)
    assert capsys.readouterr().out == '{\n  "text": "\\u001b\\u007F\\u009B\\u202E ü"\n}\n'


def test_a_runtime_that_is_too_old_says_so(
    class_of: ClassOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("brevettiai.halves.LEVEL", 0)
    with pytest.raises(ImportError) as caught:
        class_of({"properties": {"n": {}}})
    assert "training was generated for a newer runtime" in str(caught.value)
    assert "pip install --upgrade brevetti" in str(caught.value)


def test_another_package_of_the_same_name_is_told(
    class_of: ClassOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("brevettiai.DISTRIBUTION")
    with pytest.raises(ImportError, match="pip uninstall brevettiai"):
        class_of({"properties": {"n": {}}})


def test_the_public_names_of_settings_are_the_promised_ones() -> None:
    promised = """from_config get_config from_json to_json from_args to_args add_arguments
        get_schema json_schema get_settings from_settings from_preset presets copy replace validate
        extra""".split()
    assert all(hasattr(Settings, name) for name in promised)
