"""Classes of other styles do what generated settings classes do."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import pytest
from brevettiai.adapters import SettingsAdapter
from brevettiai.settings import SettingsError

pytest.importorskip("pydantic", reason="needs pydantic")
pytest.importorskip("msgspec", reason="needs msgspec")

import msgspec
import pydantic
from integrations.styles import (
    CLASSES,
    Device,
    DictTraining,
    MsgspecTraining,
    PlainTraining,
    PydanticTraining,
)

CONFIG = {
    "epochs": 3,
    "augmentation": {"angle": 45, "flip": True},
    "learning-rate": 0.5,
    "seed": 7,
    "device": "gpu",
    "loss": "focal",
    "classes": ["dent", "scratch"],
    "size": [5, 6],
    "blur": {"radius": 2},
    "token": "secret",
}


@pytest.fixture(params=CLASSES, ids=lambda cls: cls.__name__)
def adapter(request: pytest.FixtureRequest) -> SettingsAdapter:
    return SettingsAdapter.of(request.param)


def test_configs_go_in_and_out(adapter: SettingsAdapter) -> None:
    settings = adapter.from_config(CONFIG)
    assert type(settings) is adapter.cls
    assert settings.augmentation.angle == 45
    assert settings.device is Device.GPU
    assert settings.size == (5, 6)
    assert settings.blur.radius == 2
    assert adapter.get_config(settings) == CONFIG
    assert adapter.from_json(adapter.to_json(settings)) == settings


def test_defaults_are_the_classes_own(adapter: SettingsAdapter) -> None:
    assert adapter.get_config(adapter.from_config({"epochs": 1})) == {
        "epochs": 1,
        "augmentation": {"angle": 5, "flip": False},
        "learning-rate": 0.1,
        "seed": None,
        "device": "cpu",
        "loss": "dice",
        "classes": [],
        "size": [2, 3],
        "blur": None,
        "token": "t0k3n",
    }


def test_flags(adapter: SettingsAdapter) -> None:
    words = "--epochs 3 --augmentation.angle=45 --augmentation.flip --learning_rate 0.5 --seed 7"
    words += " --device gpu --loss focal --classes dent --classes scratch --size [5,6]"
    settings = adapter.from_args([*words.split(), '--blur={"radius": 2}', "--token", "secret"])
    assert settings == adapter.from_config(CONFIG)
    assert adapter.from_args(adapter.to_args(settings)) == settings
    assert adapter.from_args(["--epochs", "1"], config={"seed": 3}).seed == 3


def test_form_models(adapter: SettingsAdapter) -> None:
    settings = adapter.from_config(CONFIG)
    model = adapter.get_settings(settings)
    assert model["size"] == [5, 6]
    assert json.loads(model["blur"]) == {"radius": 2}
    assert model["augmentation"] == {"angle": 45, "flip": True}
    assert adapter.from_settings(model) == settings
    emptied = {"epochs": "4", "blur": "", "seed": None, "loss": None}
    assert adapter.from_settings(emptied) == adapter.from_config({"epochs": 4})


def test_the_form(adapter: SettingsAdapter) -> None:
    fields = adapter.get_schema().schema["fields"]
    by_model = {field.get("model", field.get("tag")): field for field in fields}
    assert by_model["epochs"]["help"] == "Passes through the images."
    assert by_model["epochs"]["validator"] == ["required", "integer"]
    assert by_model["augmentation"] | {"help": ""} == {
        "type": "label",
        "label": "Augmentation",
        "tag": "augmentation",
        "help": "",
    }
    assert by_model["augmentation.angle"]["default"] == 5
    assert by_model["loss"]["values"] == ["dice", "focal"]
    assert by_model["device"]["values"] == ["cpu", "gpu"]
    assert by_model["token"]["inputType"] == "password"
    assert "default" not in by_model["token"]
    assert by_model["blur"]["isJson"] is True
    below = adapter.get_schema("training").schema["fields"]
    assert below[0]["model"] == "training.epochs"


def test_the_help(adapter: SettingsAdapter) -> None:
    text = adapter.format_help("train")
    assert text.startswith("usage: train --epochs INT [FLAG ...]\n\nTrains a network.\n")
    assert "Largest rotation in degrees." in text
    assert "--device cpu|gpu" in text
    assert "t0k3n" not in text
    assert "Device" not in text.partition("device")[0]  # No name of a class for a title.


def test_all_problems_with_their_origins(adapter: SettingsAdapter) -> None:
    words = "--epochs many --loss dices --augmentation.angle flat --colour red --size [1,2,3]"
    with pytest.raises(SettingsError) as caught:
        adapter.from_args(words.split(), config={"seed": "x"})
    told = {str(problem) for problem in caught.value.problems}
    assert "epochs: must be a whole number (got 'many', from --epochs)" in told
    assert "augmentation.angle: must be a number (got 'flat', from --augmentation.angle)" in told
    assert any(text.startswith("unknown flag --colour") for text in told)
    places = {problem.path for problem in caught.value.problems}
    assert places >= {("loss",), ("seed",), ("size",)}


def test_secrets_are_told_to_nobody(adapter: SettingsAdapter) -> None:
    config = adapter.get_config(adapter.from_config(CONFIG), hide_secrets=True)
    assert config == {key: value for key, value in CONFIG.items() if key != "token"}
    with pytest.raises(SettingsError) as caught:
        adapter.from_config({"epochs": 1, "token": ["hunter2"]})
    assert "hunter2" not in str(caught.value)
    assert "got a hidden value" in str(caught.value)


def test_unknown_keys_are_one_warning(
    adapter: SettingsAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    adapter.from_config({"$schema": "x", "epochs": 1, "augmentation": {"angel": 3}, "old": 1})
    expected = "Invalid config keys: augmentation.angel (did you mean 'angle'?), old"
    assert caplog.record_tuples == [("brevettiai.utils.module", logging.WARNING, expected)]


def test_numbers_of_numpy_are_numbers(adapter: SettingsAdapter) -> None:
    numpy = pytest.importorskip("numpy", reason="needs numpy")
    given = {"epochs": numpy.int64(3), "size": numpy.array([5, 6])}
    settings = adapter.from_config(given)
    assert (settings.epochs, settings.size) == (3, (5, 6))


def test_lists_of_objects_are_looked_into(caplog: pytest.LogCaptureFixture) -> None:
    import msgspec

    @dataclass
    class Source:
        path: str = ""
        token: Annotated[
            str,
            pydantic.Field(json_schema_extra={"format": "password"}),
            msgspec.Meta(extra_json_schema={"format": "password"}),
        ] = ""

    class Modeled(pydantic.BaseModel):
        sources: list[Source] = []
        keys: dict[str, pydantic.SecretStr] = {}

    class Structured(msgspec.Struct):
        sources: list[Source] = []
        keys: dict[str, Annotated[str, msgspec.Meta(extra_json_schema={"writeOnly": True})]] = {}

    config = {"sources": [{"path": "a", "token": "hush"}], "keys": {"b": "hush"}}
    for cls in (Modeled, Structured):
        adapter = SettingsAdapter.of(cls)
        settings = adapter.from_config(config)
        assert adapter.get_config(settings) == config
        assert "hush" not in str(adapter.get_config(settings, hide_secrets=True))
        with pytest.raises(SettingsError) as caught:
            adapter.from_config({"keys": {"b": ["hush"]}})
        assert "hush" not in str(caught.value)
        caplog.clear()
        adapter.from_config({"sources": [{"paht": "a"}]})
        assert caplog.messages == ["Invalid config keys: sources[0].paht (did you mean 'path'?)"]


def test_what_json_has_no_word_for_is_stored_as_text() -> None:
    class Odd:
        def __str__(self) -> str:
            return "odd"

    class Modeled(pydantic.BaseModel, arbitrary_types_allowed=True):
        odd: Odd = Odd()
        epochs: int = 1

    adapter = SettingsAdapter.of(Modeled)
    assert adapter.get_config(adapter.from_args(["--epochs", "2"])) == {"odd": "odd", "epochs": 2}


def test_a_hint_that_names_nothing() -> None:
    @dataclass
    class Lost:
        where: "Nowhere"  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(TypeError, match="'Nowhere' is not defined; define or import"):
        SettingsAdapter.of(Lost)


def test_without_pydantic_the_error_says_what_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass
    class Dated:
        begin: date

    monkeypatch.delitem(sys.modules, "brevettiai.adapters._pydantic", raising=False)
    monkeypatch.setitem(sys.modules, "pydantic", None)
    with pytest.raises(ImportError, match=r"objects of date .* pip install pydantic"):
        SettingsAdapter.of(Dated)


def test_limits_of_the_library_are_in_our_words() -> None:
    for cls in (PydanticTraining, MsgspecTraining):
        with pytest.raises(SettingsError) as caught:
            SettingsAdapter.of(cls).from_config({"epochs": 0, "augmentation": {"angle": 400}})
        told = [str(problem) for problem in caught.value.problems]
        assert sorted(told) == [
            "augmentation.angle: must be at most 180 (got 400)",
            "epochs: must be at least 1 (got 0)",
        ]


def test_refused_keys_are_named_with_what_was_meant() -> None:
    import msgspec

    class Strict(pydantic.BaseModel, extra="forbid"):
        angle: int = 1

    class Closed(msgspec.Struct, forbid_unknown_fields=True):
        angle: int = 1

    for cls in (Strict, Closed):
        with pytest.raises(SettingsError) as caught:
            SettingsAdapter.of(cls).from_config({"angel": 1})
        assert str(caught.value).splitlines()[1] == (
            "  angel: is not a known key, did you mean 'angle'?"
        )


def test_a_typed_dict_is_its_config() -> None:
    adapter = SettingsAdapter.of(DictTraining)
    settings = adapter.from_args(["--epochs", "3", "--augmentation.flip", "--classes", "dent"])
    assert settings == {"epochs": 3, "augmentation": {"flip": True}, "classes": ["dent"]}
    with pytest.raises(SettingsError) as caught:
        adapter.from_config({"loss": "x", "augmentation": []})
    assert [problem.path for problem in caught.value.problems] == [
        ("epochs",),
        ("augmentation",),
        ("loss",),
    ]


def test_dataclasses_that_go_beyond_json_are_pydantics() -> None:
    @dataclass
    class Dated:
        begin: date
        note: str = ""

    adapter = SettingsAdapter.of(Dated)
    settings = adapter.from_args(["--begin", "2024-02-29"])
    assert settings == Dated(date(2024, 2, 29))
    assert adapter.get_config(settings) == {"begin": "2024-02-29", "note": ""}
    with pytest.raises(SettingsError, match="begin: must be a valid date"):
        adapter.from_args(["--begin", "2024-02-30"])


def test_what_post_init_refuses_is_a_problem() -> None:
    @dataclass
    class Range:
        low: int = 0
        high: int = 1

        def __post_init__(self) -> None:
            if self.low > self.high:
                raise ValueError("low must not be above high")

    with pytest.raises(SettingsError, match="low must not be above high"):
        SettingsAdapter.of(Range).from_config({"low": 2})


def test_other_classes_are_refused() -> None:
    class Plain:
        epochs = 3

    with pytest.raises(TypeError, match="adapters take pydantic models, dataclasses"):
        SettingsAdapter.of(Plain)


@pytest.mark.parametrize("style", ["dataclass", "ours"])
def test_libraries_load_only_for_their_classes(style: str) -> None:
    code = {
        "dataclass": "import dataclasses\n"
        "@dataclasses.dataclass\nclass S:\n    a: int = 1\n"
        "from brevettiai.adapters import SettingsAdapter\n"
        "assert SettingsAdapter.of(S).from_args(['--a', '3']) == S(3)\n",
        "ours": "import brevettiai, brevettiai.platform, brevettiai.settings\n",
    }[style]
    code += "import sys; print({'pydantic', 'msgspec'} & set(sys.modules))"
    path: list[Any] = [entry for entry in sys.path if entry]
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{code}"]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "set()\n"


def test_the_same_with_and_without_pydantic() -> None:
    """What a dataclass takes does not depend on what is installed beside it."""
    with pytest.raises(SettingsError):
        SettingsAdapter.of(PlainTraining).from_config({"epochs": "3"})
    assert SettingsAdapter.of(PlainTraining).from_config({"epochs": 3.0}).epochs == 3


def test_a_text_that_was_cleared_in_a_form_is_absent_where_the_library_refuses_it() -> None:
    class Model(pydantic.BaseModel):
        name: str = pydantic.Field("net", min_length=1)
        note: str = "n"

    class Struct(msgspec.Struct):
        name: Annotated[str, msgspec.Meta(min_length=1)] = "net"
        note: str = "n"

    for cls in (Model, Struct):
        adapter = SettingsAdapter.of(cls)
        assert adapter.from_settings({"name": "", "note": ""}) == cls(note="")
        assert adapter.to_config({"name": "", "note": ""}) == {"note": ""}
