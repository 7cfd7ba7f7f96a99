"""Settings from presets, files, variables and flags in layers, and where each value came from."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from brevettiai.settings import Settings, SettingsError, Sourced

SCHEMA = {
    "type": "object",
    "required": ["base_model"],
    "x-presets": {"Quick look": {"training": {"epochs": 2}}, "long": {"training": {"epochs": 99}}},
    "properties": {
        "base_model": {"type": "string"},
        "token": {"type": "string", "format": "password"},
        "classes": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}},
        "stages": {"type": "array", "items": {"type": "object"}},
        "training": {
            "type": "object",
            "properties": {
                "epochs": {"type": "integer", "minimum": 1, "default": 20},
                "shuffle": {"type": "boolean", "default": False},
                "rate": {"type": "number", "x-renamed-from": "lr"},
            },
        },
    },
}
needs_toml = pytest.mark.skipif(sys.version_info < (3, 11), reason="TOML is in Python from 3.11 on")


@pytest.fixture
def training(
    class_of: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> type[Settings]:
    """The class; its files are in the working folder."""
    cls: type[Settings] = class_of(SCHEMA)
    monkeypatch.chdir(tmp_path)
    return cls


def write(name: str, text: str | dict[str, Any]) -> str:
    Path(name).write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return name


@contextmanager
def refused(*lines: str) -> Iterator[None]:
    with pytest.raises(SettingsError) as caught:
        yield
    assert [str(problem) for problem in caught.value.problems] == [*lines]


# Layers


def test_presets_and_files_count_in_the_order_typed(training: Any) -> None:
    file = write("a.json", {"base_model": "m", "training": {"epochs": 7}})
    preset = ["--preset", "Quick look"]
    assert training.from_args(["--settings-file", file, *preset]).training.epochs == 2
    assert training.from_args([*preset, "--settings-file", file]).training.epochs == 7
    assert (
        training.from_args([*preset, f"--settings_file={file}", "--preset=long"]).training.epochs
        == 99
    )


def test_code_gives_presets_and_files_below_those_of_the_command_line(training: Any) -> None:
    first = write("a.json", {"base_model": "m", "training": {"epochs": 7}})
    given: dict[str, Any] = {"files": [Path(first)], "presets": ["Quick look"]}
    assert training.from_sources([], **given).settings.training.epochs == 7
    assert training.from_sources(["--preset=long"], **given).settings.training.epochs == 99


def test_a_part_of_the_settings_is_in_a_file_of_its_own(training: Any) -> None:
    part = write("part.json", '{\n"epochs": 0}')
    args = ["--base_model=m", "--training.shuffle", "--settings-file"]
    with refused("training.epochs: must be at least 1 (got 0, from part.json:2)"):
        training.from_args([*args, f"training={part}"])
    write("part.json", {"epochs": 3})
    settings = training.from_args([*args, f"training={part}"])
    assert (settings.training.epochs, settings.training.shuffle) == (3, True)
    stages = write("stages.json", '[{"a": 1},\n{}]')
    found = training.from_sources(["--base_model=m", f"--settings-file=stages={stages}"])
    assert found.settings.get_config()["stages"] == [{"a": 1}, {}]
    assert found.origins["stages", 1] == "stages.json:2"


def test_a_file_with_an_equals_sign_in_its_name(training: Any) -> None:
    assert training.from_args(["--settings-file", write("training=.json", {"base_model": "m"})])
    with refused(
        "the settings file trainin=x.json cannot be read: No such file or directory; "
        "'trainin' is no setting, did you mean 'training'?"
    ):
        training.from_args(["--base_model=m", "--settings-file", "trainin=x.json"])


def test_the_output_of_a_run_repeats_it(training: Any, class_of: Callable[..., Any]) -> None:
    config = {"base_model": "m", "training": {"epochs": 5}}
    output = {"output": {"loss": 1}, "config": {"id": "x", "settings": config}, "environment": {}}
    file = write("output.json", json.dumps(output, indent=1))
    found = training.from_sources(["--settings-file", file])
    assert found.settings.training.epochs == 5
    assert found.origins["training", "epochs"] == "output.json:10"
    assert training.from_file(file) == found.settings
    later = {**output, "state": "failed", "attempt": 2, "history": []}
    assert training.from_file(write("later.json", later)) == found.settings
    own = class_of({"properties": {"output": {"type": "object"}}})
    assert own.from_file(file).output == {"loss": 1}
    with refused("base_model: is required; give --base_model or --settings-file"):
        training.from_args(["--settings-file", write("more.json", {**output, "more": 1})])


def test_a_secret_that_a_stored_result_leaves_out(class_of: Callable[..., Any]) -> None:
    cls = class_of({**SCHEMA, "required": ["token"]})
    told = "token: is required, and a secret, which stored results leave out; give --token @FILE or"
    with refused(f"{told} --settings-file"):
        cls.from_args([])
    with refused(f"{told} $TRAIN__TOKEN"):
        cls.from_args([], env_prefix="TRAIN")


# Lines


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.json", '{"base_model":\n"m", "training":\r\n{\n"epochs": 0}}', 4),
        pytest.param(
            "a.toml", 'base_model = "m"\n# x\n[training]\nepochs = 0', 4, marks=needs_toml
        ),
        pytest.param("a.toml", 'training.epochs = 0\nbase_model = """\n[x"""', 1, marks=needs_toml),
        ("a.yaml", "base_model: m\ntraining:\n  shuffle: true\n  epochs: 0\n", 4),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_line(
    training: Any, name: str, text: str, line: int
) -> None:
    if name == "a.yaml":
        pytest.importorskip("ruamel.yaml")
    told = f"training.epochs: must be at least 1 (got 0, from {name}:{line})"
    write(name, text)
    with refused(told):
        training.from_args(["--settings-file", name])
    with refused(told):
        training.from_file(name)


@needs_toml
def test_lines_of_toml() -> None:
    from brevettiai.cli.text import Lines
    from brevettiai.cli.toml_text import scan_toml

    text = (
        "a = 1 # \x85 = [\n"
        'b.c = """\n'
        "[a]\n"
        '"""\n'
        "[t]\n"
        "list = [\n"
        "  1,\n"
        "]\n"
        "[[s]]\n"
        "x = 1\n"
        "[[s]]\r\n"
        "x = 2\n"
        '[s."y.z"]\n'
        "v = {w = [3]}\n"
        "[[s.deep]]\n"
        "d = 4\n"
        "[u]"
    )
    places, lines = scan_toml(text), Lines.of(text)
    paths: dict[tuple[str | int, ...], int] = {
        ("a",): 1,
        ("b", "c"): 2,
        ("t",): 5,
        ("t", "list", 0): 6,
        ("s", 0, "x"): 10,
        ("s", 1): 11,
        ("s", 1, "x"): 12,
        ("s", 1, "y.z", "v", "w", 0): 14,
        ("s", 1, "deep", 0, "d"): 16,
        ("u",): 17,
        ("u", "nothing"): 17,
    }
    assert {path: lines.position(places.find(path))[0] for path in paths} == paths


def test_lines_are_sought_only_when_they_are_told(
    training: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write("a.json", {"base_model": "m"})
    monkeypatch.setitem(sys.modules, "brevettiai.cli.json_text", None)
    found = training.from_sources(["--settings-file", file, "--training.epochs=3"])
    assert found.origins["training", "epochs"] == "--training.epochs"
    with pytest.raises(ImportError):
        found.origins["base_model",]


def test_what_is_nested_too_deeply_for_lines_is_told_with_its_file(training: Any) -> None:
    deep = '{"base_model": 1, "x": ' + "[" * 300 + "]" * 300 + "}"
    with refused("base_model: must be text (got 1, from a.json)"):
        training.from_args(["--settings-file", write("a.json", deep)])


# Origins


def test_every_value_has_an_origin(training: Any) -> None:
    file = write("a.json", '{\n"weights": {"chips": 1},\n"stages": [{"x": []}],\n"more": {}}')
    args = ["--settings-file", file, "--preset", "Quick look", "--training.shuffle"]
    found = training.from_sources(args, config={"base_model": "m"})
    assert isinstance(found, Sourced)
    settings, origins = found
    assert settings.training.epochs == 2
    assert dict(origins) == {
        ("base_model",): "stored settings",
        ("classes",): "default",
        ("weights", "chips"): "a.json:2",
        ("stages", 0, "x"): "a.json:3",
        ("training", "epochs"): "--preset 'Quick look'",
        ("training", "shuffle"): "--training.shuffle",
        ("more",): "a.json:4",
    }
    assert str(origins) == str(dict(origins))
    with pytest.raises(AttributeError):
        found.settings = settings


def test_the_lines_of_a_long_file_are_found_in_little_time(training: Any) -> None:
    weights = {f"class {number}": number for number in range(20_000)}
    Path("long.json").write_text(json.dumps({"base_model": "m", "weights": weights}, indent=1))
    begin = time.process_time()
    origins = dict(training.from_sources([], files=["long.json"]).origins)
    assert origins["weights", "class 19999"] == "long.json:20003"
    assert time.process_time() - begin < 5


def test_sources_fail_as_flags_do(training: Any) -> None:
    with refused(
        "unknown flag --training.epoch, did you mean --training.epochs?",
        "base_model: is required; give --base_model or --settings-file",
    ):
        training.from_sources(["--training.epoch", "5"])
    assert training.from_sources(["-x", "--base_model=m"], ignore_unknown=True).settings


# Files of whole configs


@pytest.mark.parametrize(
    "name", ["a.json", pytest.param("a.toml", marks=needs_toml), "a.yaml", "b.yml"]
)
def test_settings_go_to_a_file_and_come_from_it(training: Any, name: str) -> None:
    pytest.importorskip("ruamel.yaml")
    settings = training(base_model="ü\n", token="t", weights={"a b": 1.5}, stages=[{"x": [{}]}])
    settings.to_file(name)
    assert training.from_file(name) == settings
    settings.to_file(Path(name), hide_secrets=True)
    assert training.from_file(Path(name)) == settings.replace(token=None)
    assert not [*Path().glob(".brevetti*")]


def test_a_file_is_written_whole_or_not_at_all(training: Any) -> None:
    file = write("a.toml", "old = 1")
    settings = training.from_config({"base_model": "m", "stages": [{"x": [None]}]})
    with refused("stages[0].x[0]: is null, for which TOML has no word"):
        settings.to_file(file)
    assert Path(file).read_text() == "old = 1"
    with refused(
        "the settings file a.ini has the suffix '.ini'; "
        "settings files are .json, .toml, .yaml or .yml"
    ):
        settings.to_file("a.ini")


@needs_toml
def test_what_is_null_is_left_out_of_toml_where_that_means_the_same(
    class_of: Callable[..., Any], tmp_path: Path
) -> None:
    nullable = {"type": ["integer", "null"]}
    cls = class_of({"properties": {"a": {**nullable, "default": None}, "b": nullable}})
    cls(a=None).to_file(tmp_path / "a.toml")
    assert cls.from_file(tmp_path / "a.toml") == cls(a=None)
    with refused("b: is null, for which TOML has no word"):
        cls.from_config({"b": None}).to_file(tmp_path / "a.toml")


def test_a_file_of_a_whole_config_fails_with_clear_words(training: Any) -> None:
    with refused("the settings file none.json cannot be read: No such file or directory"):
        training.from_file("none.json")
    with refused("base_model: is required (from a.json:1)"):
        training.from_file(write("a.json", "{}"))
    with refused("the settings file a.json must hold one object (keys and values) at its top"):
        training.from_file(write("a.json", "[]"))
