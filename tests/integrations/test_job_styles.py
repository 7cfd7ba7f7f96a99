"""The example job, run with hand-written settings of each style instead of the generated class."""

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from brevettiai.platform import Job, JobError
from brevettiai.settings import SettingsError
from typing_extensions import TypedDict

pydantic = pytest.importorskip("pydantic", reason="needs pydantic")
msgspec = pytest.importorskip("msgspec", reason="needs msgspec")

ROOT = Path(__file__).resolve().parents[2]
FLAGS = "--training.epochs 2 --training.optimizer.momentum 0.5 --classes dent"


class PydanticOptimizer(pydantic.BaseModel):  # type: ignore[misc,name-defined]
    learning_rate: float = 0.1
    momentum: float = pydantic.Field(0.9, ge=0, lt=1)
    nesterov: bool = False


class PydanticTraining(pydantic.BaseModel):  # type: ignore[misc,name-defined]
    epochs: int = pydantic.Field(20, ge=1)
    batch_size: int = 8
    optimizer: PydanticOptimizer = PydanticOptimizer()
    early_stopping: None = None


class PydanticColor(pydantic.BaseModel):  # type: ignore[misc,name-defined]
    brightness: float = 0.1


class PydanticAugmentation(pydantic.BaseModel):  # type: ignore[misc,name-defined]
    color: PydanticColor = PydanticColor()


class PydanticValidation(pydantic.BaseModel):  # type: ignore[misc,name-defined]
    share: float = 20


class PydanticSegmentation(pydantic.BaseModel):  # type: ignore[misc,name-defined]
    classes: list[str] = pydantic.Field(default_factory=lambda: ["scratch"])
    class_weights: dict[str, float] = pydantic.Field(default_factory=dict)
    seed: int | None = None
    token: pydantic.SecretStr = pydantic.SecretStr("t0k3n")  # type: ignore[name-defined]
    training: PydanticTraining = PydanticTraining()
    augmentation: PydanticAugmentation = PydanticAugmentation()
    validation: PydanticValidation = PydanticValidation()


class MsgspecOptimizer(msgspec.Struct):  # type: ignore[misc,name-defined]
    learning_rate: float = 0.1
    momentum: float = 0.9
    nesterov: bool = False


class MsgspecTraining(msgspec.Struct):  # type: ignore[misc,name-defined]
    epochs: int = 20
    batch_size: int = 8
    optimizer: MsgspecOptimizer = msgspec.field(default_factory=MsgspecOptimizer)
    early_stopping: None = None


class MsgspecColor(msgspec.Struct):  # type: ignore[misc,name-defined]
    brightness: float = 0.1


class MsgspecAugmentation(msgspec.Struct):  # type: ignore[misc,name-defined]
    color: MsgspecColor = msgspec.field(default_factory=MsgspecColor)


class MsgspecValidation(msgspec.Struct):  # type: ignore[misc,name-defined]
    share: float = 20


class MsgspecSegmentation(msgspec.Struct):  # type: ignore[misc,name-defined]
    classes: list[str] = msgspec.field(default_factory=lambda: ["scratch"])
    class_weights: dict[str, float] = msgspec.field(default_factory=dict)
    seed: int | None = None
    training: MsgspecTraining = msgspec.field(default_factory=MsgspecTraining)
    augmentation: MsgspecAugmentation = msgspec.field(default_factory=MsgspecAugmentation)
    validation: MsgspecValidation = msgspec.field(default_factory=MsgspecValidation)


@dataclass
class PlainOptimizer:
    learning_rate: float = 0.1
    momentum: float = 0.9
    nesterov: bool = False


@dataclass
class PlainTraining:
    epochs: int = 20
    batch_size: int = 8
    optimizer: PlainOptimizer = field(default_factory=PlainOptimizer)
    early_stopping: None = None


@dataclass
class PlainColor:
    brightness: float = 0.1


@dataclass
class PlainAugmentation:
    color: PlainColor = field(default_factory=PlainColor)


@dataclass
class PlainValidation:
    share: float = 20


@dataclass
class PlainSegmentation:
    classes: list[str] = field(default_factory=lambda: ["scratch"])
    class_weights: dict[str, float] = field(default_factory=dict)
    seed: int | None = None
    training: PlainTraining = field(default_factory=PlainTraining)
    augmentation: PlainAugmentation = field(default_factory=PlainAugmentation)
    validation: PlainValidation = field(default_factory=PlainValidation)


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module of the example job, which imports the generated package `settings`."""
    generate([ROOT / "schemas"], tmp_path / "settings")
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("examples.train_segmentation")
    for name in [n for n in sys.modules if n.partition(".")[0] in ("settings", "examples")]:
        del sys.modules[name]


@pytest.fixture
def job_dir(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Makes the folder of a job of the platform, with the settings that a form stored."""

    def make(settings: dict[str, Any]) -> Path:
        info = {"id": "a-job", "name": "a job", "settings": settings, "datasets": [], "tags": []}
        folder = tmp_path / "job"
        folder.mkdir()
        (folder / "info.json").write_text(json.dumps(info))
        return folder

    return make


def output_of(folder: Path) -> Any:
    return json.loads((folder / "artifacts" / "output.json").read_text())


@pytest.mark.parametrize(
    "style",
    [PydanticSegmentation, MsgspecSegmentation, PlainSegmentation],
    ids=lambda c: c.__name__,
)
def test_the_example_job(
    style: Any, example: Any, job_dir: Callable[[dict[str, Any]], Path]
) -> None:
    class Train(example.TrainSegmentation):  # type: ignore[misc,name-defined]
        Settings = style
        settings: style

    stored = {
        "seed": 1,
        "class_weights": '{"dent": 2}',
        "training": {"epochs": 9, "batch_size": "50"},
    }
    folder = job_dir(stored)
    job = Train.init(job_dir=folder, args=FLAGS.split())
    job.start()

    assert type(job.settings) is style
    assert job.settings.training.epochs == 2
    assert (folder / "artifacts" / "model.json").exists()
    output = output_of(folder)
    assert output["output"]["epochs"] == 2
    assert output["config"]["settings"] == {
        "classes": ["dent"],
        "class_weights": {"dent": 2},
        "seed": 1,
        "training": {
            "epochs": 2,
            "batch_size": 50,
            "optimizer": {"learning_rate": 0.1, "momentum": 0.5, "nesterov": False},
            "early_stopping": None,
        },
        "augmentation": {"color": {"brightness": 0.1}},
        "validation": {"share": 20},
    }
    assert len(output["config"]["schema_digest"]) == 16


def test_a_typed_dict(job_dir: Callable[[dict[str, Any]], Path]) -> None:
    class Training(TypedDict, total=False):
        epochs: int
        sizes: list[int]

    class Train(Job):
        settings: Training

    folder = job_dir({"epochs": 3, "sizes": "[1, 2]"})
    job = Train.init(job_dir=folder, args=["--epochs=4"])
    assert job.settings == {"epochs": 4, "sizes": [1, 2]}
    assert output_of(folder)["config"]["settings"] == {"epochs": 4, "sizes": [1, 2]}


def test_what_does_not_fit_says_where_it_comes_from(
    job_dir: Callable[[dict[str, Any]], Path],
) -> None:
    class Train(Job):
        settings: PydanticSegmentation

    folder = job_dir({"training": {"batch_size": "many"}})
    with pytest.raises(SettingsError) as caught:
        Train.init(job_dir=folder, args=["--training.epochs", "0"])
    assert "training.epochs: must be at least 1 (got 0, from --training.epochs)" in str(
        caught.value
    )
    assert "training.batch_size: must be a whole number (got 'many'" in str(caught.value)


def test_help_of_a_job(capsys: pytest.CaptureFixture[str]) -> None:
    class Train(Job):
        settings: PlainSegmentation

    with pytest.raises(SystemExit):
        Train.init(args=["--help"])
    shown = capsys.readouterr().out
    assert "--job_id ID" in shown
    assert "--training.optimizer.momentum NUMBER" in shown


def test_a_class_that_holds_no_settings() -> None:
    class Train(Job):
        settings: Path

    with pytest.raises(JobError, match="a pydantic model, a dataclass, a msgspec struct"):
        Train.init(args=[])
