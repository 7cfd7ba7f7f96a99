"""Settings from environment variables."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevettiai.cli.environment import variable_of
from brevettiai.cli.flags import parse
from loaded_classes import loaded_class, tagged
from settings_standins import Training, field
from settings_standins import settings as settings_class


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """What variables say with the prefix `T`, as flags are parsed: `said(EPOCHS="3")`."""

    def parse_variables(*args: str, cls: Any = Training, **variables: str) -> Any:
        with monkeypatch.context() as context:
            for name, value in variables.items():
                context.setenv(f"T__{name}", value)
            return parse(cls, args, env_prefix="T")

    return parse_variables


def told(parsed: Any) -> list[str]:
    return [str(problem) for problem in parsed.problems]


def test_a_variable_is_read_as_the_flag_of_its_setting(said: Callable[..., Any]) -> None:
    parsed = said(
        EPOCHS="3",
        LEARNING_RATE="1e-3",
        VERBOSE="true",
        NOTE="null",
        CLASSES='["a", "b"]',
        WEIGHTS='{"a": 1}',
        AUGMENTATION__BLUR__NO_BORDER="false",
        A_B="5",
        PRESET="mine",
    )
    assert told(parsed) == []
    assert parsed.config == {
        "epochs": 3,
        "learning_rate": 0.001,
        "verbose": True,
        "note": None,
        "classes": ["a", "b"],
        "weights": {"a": 1},
        "augmentation": {"blur": {"no-border": False}},
        "a.b": 5,
        "preset": "mine",
    }
    assert parsed.origins["augmentation", "blur", "no-border"] == (
        "$T__AUGMENTATION__BLUR__NO_BORDER"
    )


def test_variables_lie_over_presets_and_under_flags(said: Callable[..., Any]) -> None:
    args = ["--preset=fast", "--name", "flag"]
    parsed = said(*args, EPOCHS="7", NAME="variable")
    assert parsed.config == {"epochs": 7, "name": "flag", "augmentation": {"angle": 5}}
    assert said("--classes", "b", "--classes=c", CLASSES="a").config == {"classes": ["b", "c"]}


def test_the_whole_comes_before_its_parts(said: Callable[..., Any]) -> None:
    parsed = said(AUGMENTATION__ANGLE="2", AUGMENTATION='{"angle": 1, "flip": true}')
    assert parsed.config == {"augmentation": {"angle": 2, "flip": True}}


def test_what_is_wrong_with_a_variable(said: Callable[..., Any]) -> None:
    assert told(said(EPOCHS="many", AUGMENTATION__ANGEL="1", X="1", epochs="3")) == [
        "unknown variable $T__AUGMENTATION__ANGEL, did you mean $T__AUGMENTATION__ANGLE?",
        "unknown variable $T__X",
        "unknown variable $T__epochs, did you mean $T__EPOCHS?",
        "epochs: must be a whole number (got 'many', from $T__EPOCHS)",
    ]
    assert told(said(PIN="12z4")) == ["pin: must be a whole number (from $T__PIN)"]


def test_a_variable_that_could_mean_two_settings(said: Callable[..., Any]) -> None:
    both = settings_class("Both", field("a_b", "integer"), field("a-b", "integer"))
    assert told(said(cls=both, A_B="1")) == [
        "the variable $T__A_B could mean --a_b or --a-b: give the flag"
    ]


def test_names_of_variables() -> None:
    assert variable_of("T", ("learningRate", "x-1", "über.a")) == "$T__LEARNINGRATE__X_1__ÜBER_A"


def test_without_a_prefix_no_variable_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T__EPOCHS", "3")
    monkeypatch.setenv("T_EPOCHS", "3")
    assert parse(Training, []).config == {}
    assert parse(Training, [], env_prefix="T_").config == {}
    with pytest.raises(ValueError, match="env_prefix must not be empty"):
        parse(Training, [], env_prefix="")


def test_a_prefix_that_no_variable_has_loads_nothing() -> None:
    code = (
        "import sys; from settings_standins import Training\n"
        "from brevettiai.cli.flags import parse\n"
        "before = set(sys.modules)\n"
        "parse(Training, ['--epochs=3'], env_prefix='NOBODY_HAS_THIS')\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=path
    )
    assert run.stdout.split() == []


def test_help_names_a_variable(
    class_of: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    cls = class_of({"properties": {"epochs": {"type": "integer"}}})
    with pytest.raises(SystemExit) as end:
        cls.from_args(["--help"], env_prefix="TRAIN")
    assert end.value.code in (None, 0)
    told = " ".join(capsys.readouterr().out.split())
    assert "environment variables over them, flags over them" in told
    assert "$TRAIN__EPOCHS under --epochs" in told


OPTIMIZER = {
    "default": {"name": "adam", "betas": [0.9, 0.99]},
    "oneOf": [
        tagged("adam", betas={"type": "array", "items": {"type": "number"}}),
        tagged("sgd", momentum={"type": "number"}, **{"weight-decay": {"type": "number"}}),
    ],
}
INSIDE = {
    "optimizer": OPTIMIZER,
    "weights": {"additionalProperties": {"type": "number"}, "default": {"Big chips": 1}},
    "stages": {"type": "array", "items": {"type": "object", "properties": {"lr": {}}}},
    "runs": {"additionalProperties": {"properties": {"lr": {"type": "number"}}}},
}


def test_variables_reach_inside_unions_lists_and_maps(said: Callable[..., Any]) -> None:
    cls = loaded_class(INSIDE)
    parsed = said(
        cls=cls,
        OPTIMIZER__MOMENTUM="0.9",
        OPTIMIZER__NAME="sgd",
        OPTIMIZER__WEIGHT_DECAY="1",
        WEIGHTS__BIG_CHIPS="2",
        WEIGHTS__DENTS="3",
        STAGES__0__LR="4",
        RUNS__FIRST__LR="5",
    )
    assert told(parsed) == []
    assert parsed.config == {
        "optimizer": {"name": "sgd", "momentum": 0.9, "weight-decay": 1},
        "weights": {"Big chips": 2, "dents": 3},
        "stages": [{"lr": 4}],
        "runs": {"first": {"lr": 5}},
    }
    assert parsed.origins["weights", "dents"] == "$T__WEIGHTS__DENTS"
    assert told(said(cls=cls, OPTIMIZER__MOMENTUN="1")) == [
        "unknown variable $T__OPTIMIZER__MOMENTUN, did you mean $T__OPTIMIZER__MOMENTUM?"
    ]


def test_a_variable_may_name_a_file(said: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "token").write_text("hunter2\n")
    assert said(TOKEN=f"@{tmp_path}/token").config == {"token": "hunter2"}
