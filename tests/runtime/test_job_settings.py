"""Jobs with generated settings classes: stored form models, flags over them, what is stored."""

import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import pytest
from brevettiai.interfaces.vue_schema_utils import VueSettingsModule
from brevettiai.platform import Job
from brevettiai.settings import Settings, SettingsError
from pydantic import BaseModel, SecretStr

SCHEMA = {
    "type": "object",
    "properties": {
        "epochs": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
        "token": {"type": "string", "format": "password", "default": "t0k3n"},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}},
        "augmentation": {
            "type": "object",
            "properties": {"angle": {"type": "number", "maximum": 180, "default": 5}},
        },
    },
}


@pytest.fixture
def job_class(class_of: Callable[..., Any]) -> type[Job]:
    settings_class = class_of(SCHEMA)

    class Train(Job):
        Settings = settings_class
        settings: Settings

    return Train


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A job folder with the settings that the platform's form stored: JSON fields as text."""
    model = {
        "epochs": 20,
        "weights": '{"cat": 2}',
        "augmentation": {"angle": 90},
        "from_the_old_days": 1,
    }
    info = {"id": "a-job", "name": "a job", "settings": model, "datasets": [], "tags": []}
    folder = tmp_path / "job"
    folder.mkdir()
    (folder / "info.json").write_text(json.dumps(info))
    return folder


def test_flags_go_over_the_stored_form_model(
    job_class: type[Job],
    stored: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    words = ["--job_dir", str(stored), "--augmentation.angle", "45"]
    monkeypatch.setattr(sys, "argv", ["job.py", *words])
    with caplog.at_level(logging.INFO, "brevettiai"):
        job = job_class.init()
    assert job.settings.epochs == 20
    assert job.settings.augmentation.angle == 45
    assert job.settings.weights == {"cat": 2}
    assert "Invalid config keys: from_the_old_days" in caplog.messages


def test_the_output_has_config_and_digest_and_no_secret(
    job_class: type[Job], stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["job.py", "--job_dir", str(stored)])
    job = job_class.init()
    text = (stored / "artifacts" / "output.json").read_text()
    output = json.loads(text)
    assert output["config"]["settings"]["augmentation"] == {"angle": 90}
    assert output["config"]["schema_digest"] == type(job.settings).schema_digest()
    assert "t0k3n" not in text
    assert job.settings.token == "t0k3n"


def test_settings_that_do_not_fit_say_where_they_come_from(
    job_class: type[Job], stored: Path
) -> None:
    words = ["--job_dir", str(stored), "--epochs", "1000", "--augmentation.angle", "flat"]
    with pytest.raises(SettingsError) as caught:
        job_class.init(args=words)
    assert "epochs: must be at most 100 (got 1000, from --epochs)" in str(caught.value)
    assert "from --augmentation.angle" in str(caught.value)


def test_a_generated_class_inside_a_hand_written_module(
    class_of: Callable[..., Any], stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training_class: type[Settings] = class_of(SCHEMA)

    class Whole(VueSettingsModule):
        def __init__(self, name: str = "n", training: training_class = None) -> None:  # type: ignore[valid-type,assignment]
            self.name = name
            self.training = training or training_class()

    class Train(Job):
        Settings = Whole
        settings: Whole

    info = json.loads((stored / "info.json").read_text())
    info["settings"] = {"name": "x", "training": {"epochs": 7, "weights": '{"a": 1}'}}
    (stored / "info.json").write_text(json.dumps(info))
    monkeypatch.setattr(sys, "argv", ["job.py", "--job_dir", str(stored)])
    job = Train.init()
    assert job.settings.training.epochs == 7
    assert job.settings.training.weights == {"a": 1}
    whole = Whole.from_config(job.settings.get_config())
    assert whole.training == job.settings.training
    models = [field.get("model") for field in Whole.get_schema().schema["fields"]]
    assert "training.augmentation.angle" in models
    assert "t0k3n" not in (stored / "artifacts" / "output.json").read_text()


def test_what_is_wrong_in_the_stored_form_is_told_by_its_labels(
    job_class: type[Job], stored: Path
) -> None:
    info = json.loads((stored / "info.json").read_text())
    info["settings"] |= {"epochs": 500, "augmentation": {"angle": 90}}
    (stored / "info.json").write_text(json.dumps(info))
    words = ["--job_dir", str(stored), "--augmentation.angle", "450"]
    with pytest.raises(SettingsError) as caught:
        job_class.init(args=words)
    assert [str(problem) for problem in caught.value.problems] == [
        "epochs: must be at most 100 (got 500, from the field 'Epochs')",
        "augmentation.angle: must be at most 180 (got 450, from --augmentation.angle)",
    ]


# Layers of a job's settings


def test_variables_lie_over_the_stored_form_model(
    job_class: type[Job], stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREVETTIAI_SETTINGS__EPOCHS", "30")
    monkeypatch.setenv("BREVETTIAI_SETTINGS__AUGMENTATION__ANGLE", "1")
    job = job_class.init(args=["--job_dir", str(stored), "--augmentation.angle=2"])
    assert (job.settings.epochs, job.settings.augmentation.angle) == (30, 2)
    monkeypatch.setenv("BREVETTIAI_SETTINGS__EPOCH", "30")
    with pytest.raises(SettingsError, match=r"did you mean \$BREVETTIAI_SETTINGS__EPOCHS\?"):
        job_class.init(args=["--job_dir", str(stored)])


def test_where_the_settings_of_a_job_come_from(
    job_class: type[Job], stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        job_class.init(args=["--job_dir", str(stored), "--epochs", "30", "--show-settings"])
    assert end.value.code == 0
    assert capsys.readouterr().out.splitlines() == [
        "setting             value  default  from",
        "epochs              30     10       --epochs",
        "token               ***    ***      default",
        "weights.cat         2               stored settings",
        "augmentation.angle  90     5        stored settings",
        "from_the_old_days   1               stored settings",
    ]
    assert [path.name for path in stored.iterdir()] == ["info.json"]


def test_mistakes_of_a_job_come_before_its_settings(
    job_class: type[Job], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        job_class.init(args=["--show-settings", "json", "--epoch=3"])
    assert [str(problem) for problem in caught.value.problems] == [
        "unknown flag --epoch, did you mean --epochs?"
    ]
    assert capsys.readouterr().out == ""


def test_a_run_is_repeated_by_its_output(job_class: type[Job], stored: Path) -> None:
    first = job_class.init(args=["--job_dir", str(stored)])
    output = str(stored / "artifacts" / "output.json")
    again = job_class.init(
        args=["--job_dir", str(stored.parent / "again"), f"--settings-file={output}"]
    )
    assert again.settings == first.settings


# Settings that code gives


def test_code_gives_the_settings_in_place_of_the_stored_ones(
    job_class: Any, stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = job_class.Settings(epochs=7, token="mine")
    args = ["--job_dir", str(stored)]
    job = job_class.init(settings=mine, args=args)
    assert job.settings == mine
    assert job.settings is not mine
    assert job.settings.weights is None
    assert job_class.init(settings=mine, args=[*args, "--epochs=8"]).settings.epochs == 8
    monkeypatch.setenv("BREVETTIAI_SETTINGS__EPOCHS", "9")
    assert job_class.init(settings={"token": "x"}, args=args).settings.epochs == 9
    monkeypatch.delenv("BREVETTIAI_SETTINGS__EPOCHS")
    with pytest.raises(SettingsError, match=r"epochs: must be at most 100 \(got 500\)"):
        job_class.init(settings={"epochs": 500}, args=args)
    with pytest.raises(TypeError, match="takes an object of Training or its config, not a Train"):
        job_class.init(settings=job, args=args)


class Model(BaseModel):
    epochs: int = 3
    token: SecretStr = SecretStr("t")


@dataclass
class Data:
    epochs: int = 3


class Typed(TypedDict, total=False):
    epochs: int


class ByHand(VueSettingsModule):
    def __init__(self, epochs: int = 3, classes: list[str] | None = None) -> None:
        self.epochs = epochs
        self.classes = classes or ["a"]


@pytest.mark.parametrize(
    "given",
    [Model(epochs=7), Data(7), Typed(epochs=7), ByHand(7), ByHand(7, ["b"]), {"epochs": 7}],
    ids=lambda given: type(given).__name__,
)
def test_settings_of_every_style_are_given_by_code(
    given: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cls = Typed if isinstance(given, dict) else type(given)

    class Train(Job):
        Settings = cls

    args = ["--job_dir", str(tmp_path)]
    given_epochs = given["epochs"] if isinstance(given, dict) else given.epochs
    assert given_epochs == 7
    job = Train.init(settings=given, args=args)
    assert job.settings == given or vars(job.settings) == vars(given)
    monkeypatch.setenv("BREVETTIAI_SETTINGS__EPOCHS", "9")
    settings = Train.init(settings=given, args=args).settings
    assert (settings["epochs"] if isinstance(settings, dict) else settings.epochs) == 9
    monkeypatch.setenv("BREVETTIAI_SETTINGS__EPOCH", "9")
    with pytest.raises(ValueError, match=r"unknown variable .*, did you mean"):
        Train.init(args=args)


def test_a_job_without_a_class_takes_what_code_gives(tmp_path: Path) -> None:
    given = Data(7)
    assert Job.init(settings=given, args=["--job_dir", str(tmp_path)]).settings is given
    job = Job.init(settings={"epochs": 7}, args=["--job_dir", str(tmp_path)])
    assert job.settings.epochs == 7


class ByHandInside(VueSettingsModule):
    def __init__(self, rate: float = 0.5, inner: ByHand | None = None) -> None:
        self.rate = rate
        self.inner = inner or ByHand()


def test_secrets_inside_settings_by_hand_are_not_shown(
    class_of: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = {"type": "string", "format": "password"}
    secretive = class_of({"properties": {"key": key, "n": {"type": "integer", "default": 3}}})

    class Holder(VueSettingsModule):
        def __init__(self, inner: secretive | None = None) -> None:  # type: ignore[valid-type]
            self.inner = inner or secretive()

    class Train(Job):
        Settings = Holder

    with pytest.raises(SystemExit):
        Train.init(args=["--show-settings", "--inner.key", "hush!"])
    assert capsys.readouterr().out.splitlines() == [
        "setting    value  default  from",
        "inner.key  ***             --inner.key",
        "inner.n    3      3        default",
    ]


def test_settings_by_hand_are_shown_with_where_they_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Train(Job):
        Settings = ByHandInside

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BREVETTIAI_SETTINGS__INNER__EPOCHS", "9")
    with pytest.raises(SystemExit) as end:
        Train.init(args=["--show-settings", "--rate", "0.1"])
    assert end.value.code == 0
    assert capsys.readouterr().out.splitlines() == [
        "setting        value  default  from",
        "rate           0.1    0.5      --rate",
        "inner.epochs   9      3        $BREVETTIAI_SETTINGS__INNER__EPOCHS",
        'inner.classes  ["a"]  []       default',
    ]
    with pytest.raises(ValueError, match="only generated settings can be a file"):
        Train.init(args=["--show-settings=toml"])
    with pytest.raises(ValueError, match="unknown flag --rat, did you mean --rate"):
        Train.init(args=["--show-settings", "--rat", "1"])
    assert not list(tmp_path.iterdir())
