"""What a preview's page is told of a form model."""

from __future__ import annotations

import json
import logging
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.forms.untouched import untouched_model
from brevetti_gen.load import load_package
from brevetti_gen.preview.catalog import Catalog
from brevetti_gen.preview.verdict import (
    command_line,
    judge,
    shell_word,
    short_args,
    verdict_document,
)
from brevettiai.form.placing import laid_over
from brevettiai.settings import Settings, SettingsError

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


@pytest.fixture(scope="module")
def segmentation() -> type[Settings]:
    loaded = load_package([SCHEMAS])
    cls = next(entry.cls for entry in loaded.classes if entry.source.module == ("segmentation",))
    assert cls is not None
    return cls


def test_a_form_as_it_opens_says_nothing_that_the_defaults_do_not(
    segmentation: type[Settings],
) -> None:
    model = untouched_model(segmentation.get_schema().schema)
    verdict = verdict_document(segmentation, "segmentation", model)
    assert verdict["problems"] == []
    assert json.loads(verdict["config"]) == segmentation.from_config({}).get_config()
    assert verdict["command"]["short"] == "python -m settings.segmentation"


def test_the_command_line_makes_the_same_settings(segmentation: type[Settings]) -> None:
    settings = segmentation.from_config(
        {"augmentation": {"angle": 20}, "notes": "it's\nlate", "training": {"epochs": 3}}
    )
    args = short_args(settings)
    assert [arg.partition("=")[0] for arg in args] == [
        "--augmentation.angle",
        "--training.epochs",
        "--notes",
    ]
    assert segmentation.from_args(args) == settings
    line = command_line("segmentation", args)
    assert line.splitlines()[0] == "python -m settings.segmentation \\"


def test_a_preset_is_named_where_it_helps(segmentation: type[Settings]) -> None:
    quick = segmentation.from_preset("Quick look")
    assert short_args(quick, "Quick look") == ["--preset=Quick look"]
    verdict = verdict_document(segmentation, "segmentation", quick.get_settings(), "Quick look")
    assert verdict["command"]["short"].endswith("--preset='Quick look'")
    assert segmentation.from_args(short_args(quick, "no such")) == quick


def test_settings_that_must_be_given_are_given(class_of: Callable[..., Any]) -> None:
    training = class_of(
        {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "size": {
                    "type": "object",
                    "properties": {"width": {"type": "integer"}, "deep": {"default": 1}},
                    "required": ["width"],
                },
                "epochs": {"type": "integer", "default": 5},
            },
            "required": ["name", "size"],
        }
    )
    settings = training.from_config({"name": "a b", "size": {"width": 3}})
    args = short_args(settings)
    assert training.from_args(args) == settings
    assert not any("epochs" in arg for arg in args)


def test_problems_say_where_they_are(segmentation: type[Settings]) -> None:
    model = {"augmentation": {"angle": 400}, "model": {"decoder": {"channels": "[1]"}}}
    verdict = verdict_document(segmentation, "segmentation", model)
    assert not verdict["accepted"]
    assert {tuple(problem["path"]) for problem in verdict["problems"]} == {
        ("augmentation", "angle"),
        ("model", "decoder", "channels", 0),
    }
    assert "must be at most 180 (got 400)" in [problem["text"] for problem in verdict["problems"]]


def test_a_refused_form_has_a_config_and_a_command_line_as_far_as_they_go(
    segmentation: type[Settings],
) -> None:
    model = untouched_model(segmentation.get_schema().schema)
    accepted = json.loads(verdict_document(segmentation, "segmentation", model)["config"])
    model["augmentation"]["angle"] = 400
    model["training"]["epochs"] = "x"
    model["classes"] = "[1,"
    del model["device"], model["training"]["optimizer"]
    verdict = verdict_document(segmentation, "segmentation", model, "Quick look")
    # All else is as it would load, in the same order; what cannot be read is as it was typed.
    accepted["augmentation"]["angle"] = 400
    accepted["training"]["epochs"] = "x"
    accepted["classes"] = "[1,"
    assert verdict["config"] == json.dumps(accepted, indent=2)
    words = shlex.split(verdict["command"]["short"].replace("\\\n", ""))[3:]
    assert words[0] == "--preset=Quick look"
    with pytest.raises(SettingsError) as caught:
        segmentation.from_args(words)
    refused = {problem.path for problem in caught.value.problems}
    assert refused == {tuple(problem["path"]) for problem in verdict["problems"]}
    assert not any("flip_vertical" in word for word in words)


def test_a_refused_form_tells_no_secrets(class_of: Callable[..., Any]) -> None:
    secret = {"type": "string", "format": "password", "minLength": 99}
    inner = {"type": "object", "properties": {"pin": secret, "name": {"type": "string"}}}
    properties = {
        "token": {**secret, "default": "hunter1" * 20},
        "account": {**inner, "default": {"pin": "hunter2" * 20, "name": "a"}},
        "accounts": {"type": "array", "items": inner},
        "epochs": {"type": "integer"},
    }
    cls = class_of({"type": "object", "properties": properties})
    for epochs in (1, "x"):
        account = {"pin": "hunter4", "name": "b"}
        model = {"token": "hunter3", "account": account, "epochs": epochs}
        for accounts in ('[{"pin": "hunter5"}]', '[{"pin": "hunter6"', [account]):
            document = verdict_document(cls, "training", {**model, "accounts": accounts})
            assert "hunter" not in json.dumps(document)
            assert json.loads(document["config"])["account"] == {"name": "b"}
            assert "unset" not in document["command"]["full"]


@pytest.mark.parametrize(
    "model",
    [
        {},
        {"a": 1},
        {"a": {"b": [[{"c": "{"}]]}, "": {"": ""}, "x.y": None, "--": "@"},
        {"a": {"b": "[" * 900}, "name": {"first": []}},
        {"a": {"b": {"tag": "one", "n": "x"}}, "name": "\ud800"},
    ],
)
def test_anything_that_a_form_may_hold_has_a_verdict(
    class_of: Callable[..., Any], model: dict[str, Any]
) -> None:
    one = {"properties": {"tag": {"const": "one"}, "n": {"type": "integer"}}, "required": ["tag"]}
    two = {"properties": {"tag": {"const": "two"}, "m": {"default": [1]}}, "required": ["tag"]}
    part = {"type": "object", "properties": {"b": {"oneOf": [one, two]}}, "required": ["b"]}
    properties = {"name": {"type": "string", "minLength": 1}, "a": part}
    cls = class_of({"type": "object", "properties": properties, "required": ["name"]})
    document = verdict_document(cls, "training", model)
    assert document["problems"]
    config = json.loads(document["config"])
    assert set(config) >= set(model) - {"a"}
    assert document["command"]["full"].startswith("python -m settings.training")


def test_text_that_is_not_json_is_a_problem_of_its_field(segmentation: type[Settings]) -> None:
    verdict = verdict_document(segmentation, "segmentation", {"classes": "[1,"})
    assert [problem["path"] for problem in verdict["problems"]] == [["classes"]]


def test_unknown_keys_are_told_in_the_page_and_not_in_the_terminal(
    segmentation: type[Settings], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        verdict = verdict_document(segmentation, "segmentation", {"colour": 1})
    assert any("colour" in note for note in verdict["notes"])
    assert caplog.records == []


def test_long_numbers_keep_their_digits(class_of: Callable[..., Any]) -> None:
    training = class_of({"type": "object", "properties": {"seed": {"type": "integer"}}})
    verdict = verdict_document(training, "training", {"seed": 2**70})
    assert str(2**70) in verdict["config"]


def test_words_are_quoted_for_shells() -> None:
    assert shell_word("--a.b=1") == "--a.b=1"
    assert shell_word("--name=it's") == "--name='it'\"'\"'s'"
    assert shell_word("--odd key=1") == "'--odd key=1'"
    # Nothing that drives a terminal is in a command that people paste there.
    assert shell_word("--a=\x1b[201~\nrm -rf ~").isprintable()
    for word in ("--a=$(reboot)", "--a=`reboot`", "--a=x;y", "--a='{\"b\": 1}'", "--a="):
        assert shlex.split(shell_word(word)) == [word]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_a_shell_reads_quoted_words_as_they_were() -> None:
    words = ["--a=\x1b[0m\n'\\é\u2028", "--b=it's\t!", "--c=💡\x07", "$(x)"]
    script = f"printf '%s\\0' {' '.join(map(shell_word, words))}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().split("\0")[:-1] == words


def test_models_are_filled_as_the_form_library_fills_them() -> None:
    form = {
        "fields": [
            {"type": "label", "label": "Heading"},
            {"type": "input", "model": "a.b", "default": 1},
            {"type": "input", "model": "a.b", "default": 2},
            {"type": "input", "model": "c"},
        ],
        "groups": [{"fields": [{"type": "input", "model": "d", "default": 1}]}],
    }
    assert untouched_model(form) == {"a": {"b": 1}}
    assert laid_over({"a": {"b": 1, "c": [1]}}, {"a": {"c": [2]}}) == {"a": {"b": 1, "c": [2]}}


def test_the_ranges_of_a_form_may_be_no_limits(tmp_path: Path) -> None:
    field = {"type": "input", "inputType": "number", "model": "size", "min": 1, "default": 3}
    path = tmp_path / "a.form.json"
    path.write_text(json.dumps({"fields": [field]}))
    for ranges, problems in (("limits", 1), ("ignore", 0)):
        view = Catalog([path], form_ranges=ranges).view("a")
        assert view is not None
        assert view.cls is not None
        assert len(judge(view.cls, {"size": 0}).problems) == problems
