"""What a command line says of a sweep, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from brevettiai.cli.completion import complete
from brevettiai.cli.words import GAP
from brevettiai.platform import Job
from brevettiai.platform.flags import asks_for_sweep
from brevettiai.platform.settings import load_swept
from brevettiai.settings import SettingsError
from brevettiai.sweep.command_line import SweepFlags, take_sweep_flags
from brevettiai.sweep.errors import SweepError
from brevettiai.sweep.flags import FLAGS
from loaded_classes import loaded_class

Settings = loaded_class(
    {
        "epochs": {"type": "integer", "default": 3},
        "workers": {"type": "integer", "default": 1},
        "training": {
            "type": "object",
            "properties": {"lr": {"type": "number"}, "size": {"type": "integer"}},
        },
    }
)


class Train(Job):
    Settings = Settings


def problems(*words: str) -> list[str]:
    """What a job has to say about its words."""
    with pytest.raises(SettingsError) as caught:
        Train.init(args=list(words))
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--sweep", "a b=0..1"], {"names": ("a", "b=0..1")}),
        (["--sweep", "a", "b=0..1"], {"names": ("a", "b=0..1")}),
        (["--sweep=a", "--sweep=b"], {"names": ("a", "b")}),
        (["--sweep"], {"names": ()}),
        (["--sweep", 'a=["x y","z"] b'], {"names": ('a=["x y","z"]', "b")}),
        (["--sweep_dir", "s3://b/f", "--resume"], {"folder": "s3://b/f", "resume": True}),
        (["--goal", "max a,min c/d e"], {"goals": ("max a", "min c/d e")}),
        (["--goal", "min", "loss", "--goal=max iou"], {"goals": ("min loss", "max iou")}),
        (["--run-memory", "1.5GB", "--run-cores=2"], {"memory": 1_500_000_000, "cores": 2}),
        (["--run-memory=512MiB", "--run-gpus", "0"], {"memory": 512 * 1024**2, "gpus": 0}),
        (["--runs", "1", "--runs", "2", "--retries=0"], {"runs": 2, "retries": 0}),
        (["--search=grid", "--prune", "median"], {"search": "grid", "prune": "median"}),
        (["--cluster", "tcp://host:8786", "--workers", "4"], {"cluster": "tcp://host:8786"}),
    ],
)
def test_flags_are_read(words: list[str], expected: dict[str, Any]) -> None:
    flags, rest = take_sweep_flags(words)
    assert {name: getattr(flags, name) for name in expected} == expected
    assert rest == []


def test_other_words_stay_as_they_were() -> None:
    words = ["--epochs", "3", "--runs", "2", "--sweep", "a", "--goal=min x", "--", "--runs"]
    flags, rest = take_sweep_flags(words)
    assert flags == SweepFlags(names=("a",), goals=("min x",), runs=2)
    assert take_sweep_flags(["--run-memory", "1.5GB"])[0].lasting == ("--run-memory=1.5GB",)
    assert rest == ["--epochs", "3", "--", "--runs"]
    # Words that were apart do not meet.
    assert take_sweep_flags(["--flip", "--runs", "2", "stray"])[1] == ["--flip", GAP, "stray"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--runs", "0"], "--runs must be a whole number, at least 1 (got 0)"),
        (["--runs", "many"], "--runs must be a whole number, at least 1 (got many)"),
        (["--runs"], "--runs needs a value"),
        (["--run-memory", "4XB"], "--run-memory must be a size such as 4GB or 512MiB (got 4XB)"),
        (["--run-memory", "0GB"], "--run-memory must be a size such as 4GB or 512MiB (got 0GB)"),
        (
            ["--search", "gird"],
            "--search must be tpe, random, quasi or grid, did you mean 'grid'? (got gird)",
        ),
        (["--workers=0"], "--workers must be a whole number, at least 1 (got 0)"),
        (
            ["--cluster", "host:8786"],
            "--cluster must be the address of a Dask scheduler, such as tcp://host:8786 "
            "(got host:8786)",
        ),
        (["--resume=perhaps"], "--resume is true or false (got perhaps)"),
    ],
)
def test_mistakes_are_told(words: list[str], expected: str) -> None:
    start = ["--sweep", "training.lr=0..1"]
    start += [] if "--goal" in words[0] else ["--goal", "min loss"]
    assert problems(*start, *words) == [expected]


@pytest.mark.parametrize("goal", ["loss", "min", "min a, max a", "least loss"])
def test_a_goal_is_a_direction_and_a_metric(goal: str) -> None:
    (told,) = problems("--sweep", "training.lr=0..1", "--goal", goal)
    assert told.startswith("--goal")
    assert "min" in told or "'a'" in told


def test_all_mistakes_are_told_at_once() -> None:
    told = problems("--sweep", "training.lr=0..1", "--runs=0", "--epoch=3", "--epochs=x")
    assert told == [
        "--runs must be a whole number, at least 1 (got 0)",
        '--sweep needs --goal, the metric that runs are judged by: --goal "min loss"',
        "unknown flag --epoch, did you mean --epochs?",
        "epochs: must be a whole number (got 'x', from --epochs)",
    ]
    assert problems("--sweep=", "--goal=min a", "--run-core=1") == [
        "unknown flag --run-core, did you mean --run-cores?"
    ]


def test_without_a_sweep_they_are_no_flags_of_the_job(tmp_path: Path) -> None:
    hint = "is a flag of a sweep: give --sweep too; --help sweep tells how"
    assert problems("--runs", "5", "--goal", "min loss") == [f"--runs {hint}", f"--goal {hint}"]
    assert problems("--sweep-dir=x") == [f"--sweep-dir {hint}"]
    assert problems("--swep=x") == ["unknown flag --swep, did you mean --sweep?"]
    assert Train.init(args=["--workers", "4", "--job_dir", str(tmp_path)]).settings.workers == 4


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--sweep", "a"], True),
        (["--sweep=a"], True),
        (["--resume", "--sweep_dir=x"], True),
        (["--resume"], False),
        (["--sweep-dir", "x"], False),
        (["--sweep.x", "1"], False),
        (["--", "--sweep"], False),
        ([], False),
    ],
)
def test_what_asks_for_a_sweep(words: list[str], expected: bool) -> None:
    assert asks_for_sweep(words) is expected


def help_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit):
        Train.init(args=["--help", *words])
    return capsys.readouterr().out


def test_help_has_a_heading_and_a_topic(capsys: pytest.CaptureFixture[str]) -> None:
    text = help_of(capsys)
    assert "\nMany runs:\n  --sweep NAMES " in text
    assert "--run-memory" not in text
    topic = help_of(capsys, "sweep")
    assert all(f"--{name}" in topic for name in FLAGS)
    assert help_of(capsys, "runs").startswith("--runs N\n")
    # A setting of that name goes first, as its flag does without a sweep.
    assert help_of(capsys, "--workers").startswith("--workers INT\n")


def test_names_of_settings_are_completed_inside_the_word() -> None:
    own = FLAGS
    # What is inside the only one that fits: alone that would end a word in quotes.
    answer = complete(Settings, ["--sweep"], "tr", own)
    assert list(answer.words) == ["training.lr", "training.size"]
    answer = complete(Settings, ["--sweep"], "epochs training.l", own)
    assert (answer.start, list(answer.words)) == ("epochs ", ["training.lr"])
    assert list(complete(Settings, [], "--search=q", own).words) == ["quasi"]
    assert list(complete(Settings, ["--prune"], "h", own).words) == ["halving", "hyperband"]


def test_where_there_is_no_program_to_run_again_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["/usr/bin/pytest"])
    with pytest.raises(SweepError, match=r"calls `brevettiai\.sweep\.sweep`"):
        Train.init(args=["--sweep", "training.lr=0..1", "--goal", "min loss"])


def test_what_is_required_may_be_what_varies() -> None:
    required: Any = loaded_class(
        {"lr": {"type": "number", "minimum": 0, "maximum": 1}, "data": {"type": "string"}},
        required=["lr", "data"],
    )
    settings = load_swept(required, ["lr=0.5..1"], None, ["--data", "images"])
    assert settings.get_config() == {"lr": 0.5, "data": "images"}
    with pytest.raises(SettingsError) as caught:
        load_swept(required, ["lr=0.5..1"], None, [])
    assert sorted(str(each.path[0]) for each in caught.value.problems) == ["data", "lr"]
