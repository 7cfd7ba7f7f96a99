"""`JobSettings`, as hand-written settings for the platform's library use it."""

import json
from pathlib import Path
from typing import Literal

import pytest

pytest.importorskip("pydantic", reason="needs pydantic")

from brevettiai import Job, JobSettings
from brevettiai.interfaces.vue_schema_utils import VueSettingsModule
from brevettiai.settings import SettingsError
from pydantic import Field, PrivateAttr


class Sampling(VueSettingsModule):
    def __init__(self, rate: float = 1.0, groups: tuple = ()) -> None:  # type: ignore[type-arg]
        self.rate = rate
        self.groups = list(groups)


class Pooling(JobSettings):
    """Pools the pixels of an annotation."""

    method: Literal["max", "average"] = Field(default="max")
    output_key: str = Field(default=None)
    pool_size: tuple[int, int] | list[int] = Field(default=None)

    _calls: int = PrivateAttr(default=0)

    def __init__(self, **data: object) -> None:
        super().__init__(**data)
        if self.output_key is None:
            self.output_key = "segmentation"

    def __call__(self) -> str:
        self._calls += 1
        return f"{self.method} {self._calls}"


class MySettings(JobSettings):
    epochs: int = Field(default=25, ge=1, description="Passes through the images.")
    folds: int = Field(default=1, json_schema_extra={"advanced": True})
    pooling: Pooling = Field(default_factory=Pooling)
    sampling: Sampling = Field(default_factory=Sampling)


class MyJob(Job):
    settings: MySettings

    def run(self) -> None:
        self.add_output_metric("pooled", self.settings.pooling())


def test_all_names_mean_the_same_class() -> None:
    from brevettiai.platform import JobSettings as in_platform
    from brevettiai.platform.models import Job as job_in_models
    from brevettiai.platform.models import JobSettings as in_models
    from brevettiai.platform.models.job import JobSettings as in_job

    assert in_platform is in_models is in_job is JobSettings
    assert job_in_models is Job


def test_unknown_keys_are_extra() -> None:
    settings = JobSettings(test="value")
    assert settings.extra == {"test": "value"}
    assert JobSettings(**settings.model_dump()) == settings


def test_a_job(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    stored = {
        "epochs": "7",
        "pooling": {"pool_size": "[2, 2]", "output_key": None},
        "sampling": {"rate": 2, "groups": '["a"]'},
        "old": 1,
    }
    (tmp_path / "info.json").write_text(json.dumps({"id": "a", "name": "a", "settings": stored}))
    job = MyJob.init(job_dir=tmp_path, args=["--pooling.method", "average", "--sampling.rate=3"])
    job.start()
    assert job.settings.epochs == 7
    assert list(job.settings.pooling.pool_size) == [2, 2]
    assert job.settings.extra == {"old": 1}
    assert isinstance(job.settings.sampling, Sampling)
    output = json.loads((tmp_path / "artifacts" / "output.json").read_text())
    assert output["output"] == {"pooled": "average 1"}
    assert output["config"]["settings"] == {
        "extra": {"old": 1},
        "epochs": 7,
        "folds": 1,
        "pooling": {
            "extra": {},
            "method": "average",
            "output_key": "segmentation",
            "pool_size": [2, 2],
        },
        "sampling": {"rate": 3, "groups": ["a"]},
    }
    assert not [record for record in caplog.messages if "Invalid config keys" in record]


def test_its_form() -> None:
    fields = MySettings.platform_schema().schema["fields"]
    assert [field.get("model", field.get("tag")) for field in fields] == [
        "epochs",
        "folds",
        "pooling",
        "pooling.method",
        "pooling.output_key",
        "pooling.pool_size",
        "sampling",
        "sampling.rate",
        "sampling.groups",
    ]
    by_model = {field.get("model"): field for field in fields}
    assert by_model["epochs"]["help"] == "Passes through the images."
    assert by_model["epochs"]["min"] == 1
    assert by_model["folds"]["visible"] is False
    assert by_model["pooling.method"]["values"] == ["max", "average"]


def test_what_does_not_fit() -> None:
    with pytest.raises(SettingsError) as caught:
        MyJob.init(args=["--epochs", "0", "--pooling.method", "min"])
    assert sorted(str(problem) for problem in caught.value.problems) == [
        "epochs: must be at least 1 (got 0, from --epochs)",
        "pooling.method: must be one of 'max' or 'average' (got 'min', from --pooling.method)",
    ]
