"""Jobs with generated settings classes: stored form models, flags over them, what is stored."""

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevettiai.interfaces.vue_schema_utils import VueSettingsModule
from brevettiai.platform import Job
from brevettiai.settings import Settings, SettingsError

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
