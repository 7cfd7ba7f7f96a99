"""What people see of a sweep: while it goes, and in its end."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from brevettiai.adapters import SettingsAdapter, owner_of
from brevettiai.interfaces import vue_schema_utils as vue
from brevettiai.io import Storage
from brevettiai.platform.flags import NAMES
from brevettiai.settings import SettingsError
from brevettiai.sweep.best import Best, best_of_row, program_words
from brevettiai.sweep.definition import Definition
from brevettiai.sweep.flags import OF_JOBS
from brevettiai.sweep.goals import read_goals
from brevettiai.sweep.outcome import Outcome, write_best
from brevettiai.sweep.progress import Progress, Result
from brevettiai.sweep.rows import Row
from brevettiai.sweep.runs import Reported, Run
from brevettiai.sweep.watching import LiveTable, Watcher, watcher
from brevettiai.sweep.wording import duration_text, short_names
from loaded_classes import loaded_class, tagged
from pydantic import BaseModel, SecretStr
from rich.console import Console

NUMBER = {"type": "number"}
Settings = loaded_class(
    {
        "epochs": {"type": "integer", "default": 3},
        "notes": {"type": "string"},
        "server": {
            "type": "object",
            "properties": {
                "token": {"type": "string", "writeOnly": True},
                "url": {"type": "string", "default": "here"},
            },
        },
        "optimizer": {
            "anyOf": [tagged("adam", lr=NUMBER), tagged("sgd", lr=NUMBER, momentum=NUMBER)],
            "default": {"name": "adam"},
        },
    }
)


class Pydantic(BaseModel):
    epochs: int = 3
    token: SecretStr = SecretStr("")


GOALS = read_goals("min loss")


def row(run: int, state: Any = "done", values: Sequence[float] = (0.5,), **options: Any) -> Row:
    return Row(run, state, tuple(values), seconds=3.21, **options)


def outcome(rows: list[Row], bests: list[Best], goals: str = "min loss", **result: Any) -> Outcome:
    definition = Definition(
        *("-m examples.train", "settings:Training", "", {}, ("epochs",), read_goals(goals), 4)
    )
    best = [each.row for each in bests]
    return Outcome(Result(definition, "sweeps/a b", rows, best, **result), tuple(bests))


def test_the_command_line_gives_the_best_settings_again_without_their_secrets() -> None:
    settings: Any = Settings.from_config(
        {
            "epochs": 5,
            "notes": "it's $HOME",
            "server": {"token": "hidden", "url": "there"},
            "optimizer": {"name": "sgd", "lr": 0.25},
        }
    )
    best = best_of_row(row(3), settings, Settings)
    command = best.command("-m examples.train")
    assert best.hides_secrets
    assert "hidden" not in command
    words = shlex.split(command)
    assert words[:3] == ["python", "-m", "examples.train"]
    again: Any = Settings.from_args(words[3:])
    assert again.get_config() == settings.get_config(hide_secrets=True)
    # No more than what differs, unless other layers may say something else.
    assert not any("epochs=3" in word or "adam" in word for word in words)
    assert "--epochs=3" in best_of_row(row(3), Settings.from_config({}), Settings, True).args


def test_settings_with_the_names_of_flags_of_jobs_are_said_as_json() -> None:
    hosts: Any = loaded_class({"host": {"type": "string"}, "size": {"type": "integer"}})
    settings = hosts.from_config({"host": "a b", "size": 3})
    args = best_of_row(row(0), settings, hosts).args
    assert args == ['--.={"host":"a b"}', "--size=3"]
    assert hosts.from_args(args) == settings
    assert set(NAMES) == OF_JOBS


def test_settings_of_other_styles_are_said_as_well() -> None:
    owner = SettingsAdapter.of(Pydantic)
    best = best_of_row(row(1), Pydantic(epochs=7, token=SecretStr("hidden")), owner)
    assert best.args == ["--epochs=7"]
    assert best.hides_secrets
    assert best.config == {"epochs": 7}


class Inner(vue.VueSettingsModule):
    def __init__(self, lr: float = 0.5, flip: bool = True) -> None:
        self.lr, self.flip = lr, flip


class ByHand(vue.VueSettingsModule):
    def __init__(self, epochs: int = 3, inner: Inner | None = None, kind: str = "a") -> None:
        self.epochs, self.inner, self.kind = epochs, inner or Inner(), kind

    @classmethod
    def to_schema(cls, builder: Any, name: str, *args: Any, **kwargs: Any) -> None:
        if name == "kind":
            builder.add_field(vue.select("Kind", name, "a", ["a", "b"]))
        elif name == "inner":
            super().to_schema(builder, name, Inner, Inner(), **kwargs)
        else:
            super().to_schema(builder, name, *args, **kwargs)


def test_hand_written_settings_vary_as_their_form_says() -> None:
    owner = owner_of(ByHand)
    space = owner.search_space("epochs", "inner.lr=0..1", "inner.flip", "kind")
    assert [each.name for each in space] == ["epochs", "inner.lr", "inner.flip", "kind"]
    settings = space.settings({"epochs": 7, "inner.lr": 0.25, "inner.flip": False, "kind": "b"})
    best = best_of_row(row(0), settings, owner)
    model = vue.parse_settings_args(ByHand.get_schema(), best.args)
    assert ByHand.from_settings(model).get_config() == settings.get_config() == best.config
    with pytest.raises(SettingsError, match=r"inner\.lr"):
        owner.search_space("inner.lr=-5..1")


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("-m train", ["python", "-m", "train"]),
        ("'my dir/train.py'", ["python", "my dir/train.py"]),
        ("train", ["train"]),
    ],
)
def test_a_program_is_started_as_it_was(program: str, words: list[str]) -> None:
    assert program_words(program) == words


def test_the_best_settings_are_a_settings_file(tmp_path: Path) -> None:
    settings: Any = Settings.from_config({"epochs": 5, "server": {"token": "hidden"}})
    write_best(Storage(), str(tmp_path), best_of_row(row(3), settings, Settings))
    text = (tmp_path / "best.json").read_text()
    assert "hidden" not in text
    assert json.loads(text)["epochs"] == 5
    again: Any = Settings.from_args(["--settings-file", str(tmp_path / "best.json")])
    assert again.epochs == 5


def test_the_end_says_the_best_and_where_all_is() -> None:
    best = best_of_row(row(1, values=[0.25]), Settings.from_config({"epochs": 5}), Settings)
    rows = [row(0), best.row, row(2, "failed", (), error="ValueError: no\nmore"), row(3, "pruned")]
    told = outcome(rows, [best], rejected=2)
    assert told.exit_code == 0
    assert told.text().splitlines() == [
        "Ended 4 runs: 2 done, 1 pruned, 1 failed, 2 proposals rejected by the settings",
        "Best: loss 0.25, of run 1",
        "  python -m examples.train --epochs=5",
        "Runs: sweeps/a b/runs.jsonl",
        "Best settings, for --settings-file: sweeps/a b/best.json",
        "A report: python -m brevettiai.sweep report 'sweeps/a b'",
    ]


def test_where_none_is_done_the_last_error_is_told() -> None:
    told = outcome([row(0, "failed", (), error="ValueError: no\nmore")], [])
    assert told.exit_code == 1
    assert told.text().splitlines()[:2] == [
        "Ended 1 of 4 runs: 1 failed",
        "The last error: ValueError: no",
    ]


def test_a_sweep_that_was_stopped_says_how_to_go_on() -> None:
    told = outcome([], [], interrupted=True)
    assert told.exit_code == 130
    assert told.text().splitlines()[-1] == (
        "Go on with: python -m examples.train --resume --sweep-dir 'sweeps/a b'"
    )


def test_of_several_goals_the_front_is_a_table() -> None:
    bests = [
        best_of_row(
            row(number, values=[loss, iou], params={"a.epochs": number}),
            Settings.from_config({"epochs": number}),
            Settings,
        )
        for number, loss, iou in [(1, 0.25, 0.5), (12, 0.5, 0.75)]
    ]
    lines = outcome([each.row for each in bests], bests, "min loss, max iou").text().splitlines()
    assert lines[1:6] == [
        "Best, as none is better in all of min loss and max iou:",
        "  run  loss   iou  settings",
        "    1  0.25   0.5  epochs=1",
        "   12   0.5  0.75  epochs=12",
        "The settings of run 1, the first of these:",
    ]


def watch(seen: Watcher) -> None:
    """Some events of a sweep."""
    point = {"model.backbone": "resnet", "training.\x1b[7mlr": 0.0123456789}
    with seen:
        seen.began(Run(0, 1, None, {}), point)
        seen.began(Run(1, 1, None, {}), point)
        seen.reported(Reported(0, 3, {"loss": 0.75, "other": 1}))
        seen.progressed(Progress(4, running=2))
        done = row(1, params=point)
        seen.ended(done, True)
        seen.progressed(Progress(4, done=1, running=1, best=[done], seconds_left=200))
        seen.ended(row(2, "failed", (), error="Error: \x1b[2Jno\nmore", params={}), False)
        seen.retried(0, "its worker was lost")
        seen.began(Run(0, 2, None, {}), point)
        seen.progressed(Progress(4, done=1, failed=1, running=1, best=[done]))


def test_without_a_terminal_each_run_is_a_line() -> None:
    stream = io.StringIO()
    watch(watcher(GOALS, "folder", stream))
    assert stream.getvalue().splitlines() == [
        "run 1 done: loss 0.5 [backbone=resnet \\x1b[7mlr=0.012346] in 3.2 s, "
        "the best so far (1 of 4)",
        "run 0 is tried again: its worker was lost",
        "run 2 failed: Error: \\x1b[2Jno [] in 3.2 s (2 of 4)",
    ]


def test_on_a_terminal_there_is_a_table() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=90, markup=False)
    seen = LiveTable(GOALS, "folder", console)
    watch(seen)
    shown = io.StringIO()
    Console(file=shown, width=90, markup=False).print(seen.table())
    lines = [line.rstrip() for line in shown.getvalue().splitlines()]
    assert "2 of 4" in lines[0]
    assert "1 done, 1 failed, 1 running" in lines[1]
    assert [line.split()[:2] for line in lines[3:]] == [
        ["best", "1"],
        ["failed", "2"],
        ["done", "1"],
    ]
    assert "loss 0.5" in lines[3]
    assert "lr=0.012346" in lines[3]
    assert "\x1b[7m" not in stream.getvalue()
    assert "\x1b[2Jno" not in stream.getvalue()


def test_long_settings_are_cut_where_there_is_no_room() -> None:
    seen = LiveTable(GOALS, "folder", Console(file=io.StringIO(), width=60))
    seen.began(Run(0, 1, None, {}), {f"name{i}": "long " * 20 for i in range(4)})
    seen.reported(Reported(0, 3, {"loss": 0.75, "other": 1}))
    shown = io.StringIO()
    Console(file=shown, width=60, markup=False).print(seen.table())
    lines = shown.getvalue().splitlines()
    assert lines[3].startswith("running      0  loss 0.75 at 3")
    assert all(len(line) <= 60 for line in lines)
    assert len(lines) == 4


def test_names_are_as_short_as_can_be() -> None:
    found = short_names(["a.lr", "b.lr", "b.size", "c.x"])
    assert [*found.values()] == ["a.lr", "b.lr", "size", "x"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (42.4, "42 s"), (150, "2 min"), (7500, "2 h 5 min")],
)
def test_times_are_in_units_that_people_say(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
