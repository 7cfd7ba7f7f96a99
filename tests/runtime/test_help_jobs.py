"""The help of jobs: usage, settings of whatever kind, and last the job's own flags."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from brevettiai.interfaces import vue_schema_utils as vue
from brevettiai.platform import Job
from brevettiai.settings import SettingsError
from loaded_classes import loaded_class
from pydantic import BaseModel, Field

RUNTIME = Path(__file__).parents[2] / "runtime"

Generated = loaded_class(
    {
        "epochs": {"type": "integer", "default": 3, "description": "Passes."},
        "host": {"type": "string"},
        "augmentation": {"type": "object", "properties": {"angle": {"type": "number"}}},
    }
)


class Pydantic(BaseModel):
    """Settings of another style."""

    epochs: int = Field(3, description="Passes.")
    host: str = ""


class ByHand(vue.VueSettingsModule):
    def __init__(self, epochs: int = 3, host: str = "", flip: bool = True) -> None: ...

    @classmethod
    def to_schema(cls, builder: Any, name: str, *args: Any, **kwargs: Any) -> None:
        if name == "epochs":
            builder.add_field(vue.number_input("Epochs", name, 3, hint="Passes."))
        else:
            super().to_schema(builder, name, *args, **kwargs)


def help_of(settings: Any, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a job with these settings prints."""
    job = type("Train", (Job,), {} if settings is None else {"Settings": settings})
    with pytest.raises(SystemExit) as caught:
        job.init(args=["--help", *words])
    assert caught.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("settings", [Generated, Pydantic, ByHand, None])
def test_it_begins_with_usage_and_ends_with_the_flags_of_the_job(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    told = help_of(settings, capsys)
    parts = told.split("\n\n")
    assert parts[0].startswith("usage: ")
    last = parts[-1] if settings is None else parts[-2]
    assert last.startswith("Job:\n")
    assert "--job_dir PATH" in last
    assert "[variable: $BREVETTIAI_HOST_NAME]" in told
    if settings is not None:
        assert parts[-1].startswith("Environment:\n")
        assert "$BREVETTIAI_SETTINGS__" in parts[-1]
        assert "Passes. [default: 3]" in told
        assert told.index("--epochs") < told.index("General:") < told.index("--job_dir")


@pytest.mark.parametrize("settings", [Generated, Pydantic, ByHand])
def test_a_name_of_a_setting(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    told = help_of(settings, capsys, "--epochs")
    assert "  default   3\n" in told
    assert "  variable  $BREVETTIAI_SETTINGS__EPOCHS\n" in told


@pytest.mark.parametrize("settings", [Generated, Pydantic, ByHand, None])
def test_a_name_of_the_job_is_the_jobs(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert help_of(settings, capsys, "host").startswith("--host URL\n  Address of the platform.")


@pytest.mark.parametrize("settings", [Generated, Pydantic, ByHand, None])
def test_an_unknown_name(settings: Any) -> None:
    job = type("Train", (Job,), {} if settings is None else {"Settings": settings})
    with pytest.raises(SettingsError, match="unknown flag --job_dri, did you mean --job_dir"):
        job.init(args=["--help", "job_dri"])


def test_headings_of_a_form_are_sections(capsys: pytest.CaptureFixture[str]) -> None:
    class Nested(vue.VueSettingsModule):
        def __init__(self, by_hand: ByHand, name: str = "x") -> None: ...

        @classmethod
        def to_schema(cls, builder: Any, name: str, *args: Any, **kwargs: Any) -> None:
            if name == "name":
                return super().to_schema(builder, name, *args, **kwargs)
            builder.fields.append(vue.label("By hand", tag="by_hand"))
            builder.fields.append(vue.checkbox("Flip", "by_hand.flip", default=True))
            return None

    told = help_of(Nested, capsys)
    assert "By hand:\n  --[no-]by_hand.flip" in told
    assert help_of(Nested, capsys, "by_hand").startswith("By hand:\n  --[no-]by_hand.flip  Flip")


SCRIPT = """\
from brevettiai.platform import Job
from settings import Training

class Train(Job):
    settings: Training

Train.init()
"""


@pytest.mark.parametrize("start", [["train.py"], ["-m", "train"], ["-m", "settings.training"]])
def test_a_process_ends_as_it_should(start: list[str], tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"epochs": {"type": "integer"}}}
    (tmp_path / "training.json").write_text(json.dumps(schema))
    (tmp_path / "train.py").write_text(SCRIPT)
    generate([tmp_path / "training.json"], tmp_path / "settings")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(RUNTIME)])}
        return subprocess.run(
            [sys.executable, *start, *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    name = "train.py" if start == ["train.py"] else f"python {' '.join(start)}"
    done = run("--epochs", "1", "--help")
    assert done.stdout.startswith(f"usage: {name} [FLAG ...]\n")
    assert (done.stderr, done.returncode) == ("", 0)
    done = run("--help", "--epochs", "1")
    assert done.stdout.startswith("--epochs INT\n  value  ")
    assert (done.stderr, done.returncode) == ("", 0)
    done = run("--help", "epoch")
    assert done.stderr == "Training: 1 problem\n  unknown flag --epoch, did you mean --epochs?\n"
    assert (done.stdout, done.returncode) == ("", 2)
