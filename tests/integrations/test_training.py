"""The monitor of a job in real trainings: Keras and Lightning, on the CPU.

`python tasks.py training` runs these in an environment of their own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brevettiai.platform import Job
from standins.platform_server import JOB_ID, KEY, PlatformServer

os.environ.setdefault("KERAS_BACKEND", "torch")


@pytest.fixture
def platform() -> Iterator[PlatformServer]:
    server = PlatformServer(JOB_ID, KEY)
    yield server
    server.stop()


@pytest.fixture
def job(platform: PlatformServer, tmp_path: Path) -> Job:
    info = {"id": JOB_ID, "api_key": KEY, "host_name": platform.url, "remote_url": "/epoch"}
    (tmp_path / "info.json").write_text(json.dumps(info))
    return Job.init(info_file=tmp_path / "info.json", job_dir=tmp_path / "job", args=[])


def sent_to(platform: PlatformServer) -> list[dict[str, Any]]:
    return [json.loads(form["data"][0]) for path, form in platform.posts if path == "/epoch"]


def test_keras(job: Job, platform: PlatformServer) -> None:
    pytest.importorskip("torch", reason="needs torch")
    keras = pytest.importorskip("keras", reason="needs keras")
    import numpy

    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
    model.compile(loss="mse", metrics=["mae"])
    data, target = numpy.ones((8, 2)), numpy.zeros((8, 1))
    monitor = job.get_remote_monitor()
    model.fit(
        *(data, target),
        batch_size=2,
        epochs=3,
        validation_data=(data, target),
        callbacks=[monitor],
        verbose=0,
    )
    model.evaluate(data, target, callbacks=[monitor], verbose=0)
    model.predict(data, callbacks=[monitor], verbose=0)
    job.complete()
    sent = sent_to(platform)
    assert [each["epoch"] for each in sent] == [0, 1, 2]
    assert {"loss", "mae", "val_loss", "val_mae"} < sent[0].keys()
    assert all(isinstance(each["loss"], float) for each in sent)


def test_lightning(job: Job, platform: PlatformServer, tmp_path: Path) -> None:
    lightning = pytest.importorskip("lightning.pytorch", reason="needs lightning")
    import torch

    class Line(lightning.LightningModule):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layer = torch.nn.Linear(2, 1)

        def training_step(self, batch: Any, number: int) -> Any:
            loss = self.layer(batch).square().mean()
            self.log("loss", loss, on_epoch=True, on_step=False)
            return loss

        def validation_step(self, batch: Any, number: int) -> None:
            self.log("val_loss", self.layer(batch).square().mean())

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=0.1)

    data = torch.utils.data.DataLoader(torch.ones(8, 2), batch_size=2)
    monitor = job.get_remote_monitor()
    trainer = lightning.Trainer(
        max_epochs=3,
        accelerator="cpu",
        callbacks=[monitor],
        default_root_dir=tmp_path,
        logger=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(Line(), data, data)
    trainer.validate(Line(), data, verbose=False)
    job.complete()
    sent = sent_to(platform)
    assert [each["epoch"] for each in sent] == [0, 1, 2]
    assert [each["step"] for each in sent] == [4, 8, 12]
    assert {"loss", "val_loss"} < sent[0].keys()
