"""A sweep from code: of functions and job classes, and what comes of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cloudpickle
import pytest
from brevettiai.platform import Job
from brevettiai.settings import SettingsError
from brevettiai.sweep import SweepError, sweep
from loaded_classes import loaded_class
from pydantic import BaseModel, Field, SecretStr

Settings: Any = loaded_class({"lr": {"type": "number", "minimum": 0, "maximum": 1}})


class Options(BaseModel):
    """Settings of another style."""

    lr: float = Field(0.5, ge=0, le=1)
    kind: str = "a"
    token: SecretStr = SecretStr("")


def train(settings: Options) -> dict[str, float]:
    """Two metrics, of which none is best for both."""
    if settings.lr > 0.9:
        raise ValueError(f"no way with {settings.token.get_secret_value()}")
    return {"loss": settings.lr, "iou": settings.lr + (settings.kind == "b") / 2}


def where(settings: Options) -> dict[str, float]:
    """The process that does this."""
    return {"value": settings.lr, "pid": os.getpid()}


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder; what stands in this module reaches the runs as that of a notebook does."""
    monkeypatch.chdir(tmp_path)
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    yield tmp_path
    cloudpickle.unregister_pickle_by_value(sys.modules[__name__])


def test_a_function_is_swept(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = sweep(
        train,
        *("lr=0.25,0.5,0.95", "kind=a,b"),
        goal=["min loss", "max iou"],
        search="grid",
        settings={"token": "hidden"},
        folder="sweep",
        retries=0,
    )
    assert len(result.rows) == 6
    assert {(each.lr, each.kind) for each in result.front} == {(0.25, "b"), (0.5, "b")}
    assert result.best_args == ["--lr=0.25", "--kind=b"]
    assert result.best_metrics == {"loss": 0.25, "iou": 0.75}
    assert result.best.token.get_secret_value() == "hidden"
    assert str(desk / "sweep") in repr(result)
    assert list(result.to_pandas()["run"]) == [0, 1, 2, 3, 4, 5]
    failed = [row for row in result.rows if row["state"] == "failed"]
    assert {row["params.lr"] for row in failed} == {0.95}
    assert not [row["error"] for row in failed if "no way with ***" not in row["error"]]
    assert json.loads((desk / "sweep/best.json").read_text()) == {"lr": 0.25, "kind": "b"}
    # Each run is a line; secrets are nowhere.
    shown = capsys.readouterr().out
    assert shown.count("\nrun ") + shown.startswith("run ") == 6
    assert "hidden" not in shown
    written = [path for path in (desk / "sweep").rglob("*") if path.is_file()]
    assert not any("hidden" in path.read_text() for path in written)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"runs": 0}, "runs must be a whole number"),
        ({"goal": None}, "needs goal"),
        ({"goal": "loss"}, "goal"),
        ({"memory": "4XB"}, "memory must be a size"),
        ({"search": "gird"}, "did you mean 'grid'"),
        ({"resume": True}, "needs folder"),
        ({"resume": True, "folder": "nowhere"}, "there is no sweep"),
        ({"cluster": "host:1"}, "cluster must be the address"),
    ],
)
def test_what_is_wrong_with_arguments_is_told(
    options: dict[str, Any], expected: str, desk: Path
) -> None:
    with pytest.raises(SweepError, match=expected):
        sweep(train, "lr", **{"goal": "min loss", **options})
    assert not list(desk.iterdir())


def test_what_cannot_be_swept_is_told() -> None:
    with pytest.raises(SettingsError, match="did you mean kind"):
        sweep(train, "kidn", goal="min loss")
    with pytest.raises(TypeError, match=r"annotate its argument"):
        sweep(lambda settings: 1, "lr", goal="min")
    with pytest.raises(TypeError, match="not of 3"):
        sweep(3, "lr", goal="min")  # type: ignore[arg-type]
    with pytest.raises(SweepError, match="a job with a settings class"):
        sweep(type("Bare", (Job,), {}), "lr", goal="min loss")
    job = type("Bare", (Job,), {"Settings": Settings})
    with pytest.raises(SweepError, match="reuse is for functions, and Bare is a job"):
        sweep(job, "lr", goal="min loss", reuse=True)


def test_runs_of_a_function_may_share_a_process() -> None:
    result = sweep(where, "lr=0,1", goal="min", search="grid", reuse=True, workers=1, quiet=True)
    assert result.rows[0]["metrics.pid"] == result.rows[1]["metrics.pid"] != os.getpid()
