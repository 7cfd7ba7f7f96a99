"""Configs of older versions of a schema: what moved, went, or is said otherwise now."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, generate
from brevetti_gen.cli.main import main
from brevetti_gen.workbench.telling.rules import RULES
from brevettiai.config.growing import scaled
from brevettiai.settings import SettingsError
from conformance.generated import write_json
from generated_code import machine_text

ClassOf = Callable[..., Any]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

SCHEMA = {
    "type": "object",
    "x-version": 3,
    "x-removed": {"legacy": "it was never used", "training": ""},
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "optimizer": {"$ref": "#/$defs/Optimizer"},
        "spare": {"anyOf": [{"$ref": "#/$defs/Spare"}, {"type": "null"}]},
        "data": {
            "type": "object",
            "x-renamed-from": "dataset",
            "additionalProperties": False,
            "properties": {
                "folder": {"type": "string", "x-renamed-from": [".folder", "dataset.path"]},
                "classes": {
                    "type": "array",
                    "items": {"enum": ["cat", "dog"], "x-renamed-values": {"kitty": "cat"}},
                    "x-renamed-from": "training.classes",
                },
                "crop": {
                    "type": "object",
                    "properties": {
                        "size": {"type": "integer", "x-renamed-from": "data.crop_size"},
                        "flip": {"type": "boolean", "x-renamed-from": "training.flip"},
                    },
                },
            },
        },
        "share": {"type": "number", "x-renamed-from": {"name": "percent", "scale": 0.01}},
        "minutes": {
            "type": "array",
            "items": {"type": "number"},
            "x-renamed-from": {"name": "seconds", "scale": "1/60"},
        },
        "mode": {
            "enum": ["fast", "full", None],
            "x-renamed-values": [[True, "full"], [False, "fast"], [1, "full"]],
        },
        "rotation": {"type": "number", "x-deprecated": "give data.crop instead"},
        "map": {
            "type": "object",
            "additionalProperties": {"enum": ["a", "b"], "x-renamed-values": {"c": "a"}},
        },
        "run.id": {"type": "string", "x-renamed-from": "run.name"},
    },
    "$defs": {
        "Optimizer": {
            "type": "object",
            "additionalProperties": False,
            "x-removed": ["momentum"],
            "properties": {
                "kind": {"$ref": "#/$defs/Kind"},
                "rate": {
                    "type": "number",
                    "x-renamed-from": [
                        "lr",
                        "training.lr",
                        {"name": "training.lr_percent", "scale": 0.01},
                    ],
                },
            },
        },
        "Spare": {
            "type": "object",
            "properties": {"rate": {"type": "number", "x-renamed-from": "training.spare"}},
        },
        "Kind": {"enum": ["adam", "sgd"], "x-renamed-values": {"adam_v1": "adam"}},
    },
}

TABLE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"training": {"lr": 0.3}}, {"optimizer": {"rate": 0.3}}),
    ({"training": {"lr_percent": 3}}, {"optimizer": {"rate": 0.03}}),
    ({"training": {"spare": 2}}, {"spare": {"rate": 2}}),
    ({"optimizer": {"lr": 1, "kind": "sgd"}}, {"optimizer": {"kind": "sgd", "rate": 1}}),
    ({"optimizer": {"momentum": 1}}, {"optimizer": {}}),
    (
        {"training": {"lr": 1}, "optimizer": {"kind": "sgd"}},
        {"optimizer": {"kind": "sgd", "rate": 1}},
    ),
    ({"folder": "x"}, {"data": {"folder": "x"}}),
    ({"dataset": {"path": "x"}}, {"data": {"folder": "x"}}),
    (
        {"dataset": {"folder": "x"}, "training": {"flip": True}},
        {"data": {"folder": "x", "crop": {"flip": True}}},
    ),
    ({"dataset": {"classes": ["kitty", "dog"]}}, {"data": {"classes": ["cat", "dog"]}}),
    ({"training": {"classes": ["kitty"]}}, {"data": {"classes": ["cat"]}}),
    ({"data": {"crop_size": 3}}, {"data": {"crop": {"size": 3}}}),
    ({"legacy": [1], "training": {"who": "knows"}}, {}),
    ({"percent": 10, "seconds": [90, 60]}, {"share": 0.1, "minutes": [1.5, 1]}),
    ({"percent": 100}, {"share": 1}),
    ({"mode": True}, {"mode": "full"}),
    ({"mode": 1}, {"mode": "full"}),
    ({"mode": None}, {"mode": None}),
    ({"optimizer": {"kind": "adam_v1"}}, {"optimizer": {"kind": "adam"}}),
    ({"map": {"x": "c", "y": "b"}}, {"map": {"x": "a", "y": "b"}}),
    ({"run.name": "literal"}, {"run.id": "literal"}),
    ({"run": {"name": "nested"}}, {"run.id": "nested"}),
    ({"$version": 2, "name": "x"}, {"$version": 3, "name": "x"}),
]


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from brevetti_gen.load import load_package

    path = tmp_path_factory.mktemp("growing") / "training.json"
    write_json(path, SCHEMA)
    loaded = load_package([path])
    assert not loaded.warnings
    return loaded.classes[0].cls


@pytest.mark.parametrize(("old", "new"), TABLE)
def test_configs_of_older_versions_mean_what_those_of_today_do(
    training: Any, old: dict[str, Any], new: dict[str, Any]
) -> None:
    before = json.dumps(old)
    loaded = training.from_config(old)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert loaded == training.from_config(new)
        assert loaded == training.from_config(loaded.get_config())
    assert json.dumps(old) == before
    # A form model is read in the same way, also where a form has JSON as text.
    texts = training.from_settings(_with_texts(old))
    assert texts == loaded


def _with_texts(value: Any, depth: int = 0) -> Any:
    if isinstance(value, list):
        return json.dumps(value)
    if isinstance(value, dict) and not value.keys() & {"x", "run.name"}:
        return {key: _with_texts(item, depth + 1) for key, item in value.items()}
    return json.dumps(value) if isinstance(value, dict) and depth == 1 else value


def test_what_was_changed_is_told_with_what_to_say_now(
    training: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.warns(DeprecationWarning, match="config") as caught:
        training.from_config(
            {
                "training": {"lr": 1, "left": 2},
                "percent": 5,
                "legacy": 1,
                "optimizer": {"kind": "adam_v1", "momentum": 2},
                "rotation": 3,
            }
        )
    told = [
        "Renamed config keys: training.lr (now optimizer.rate), percent (now share, times 0.01)",
        "Renamed config values: optimizer.kind 'adam_v1' (now 'adam')",
        "Removed config keys, which do nothing: legacy (it was never used), training, "
        "optimizer.momentum",
        "Deprecated config keys: rotation (give data.crop instead)",
    ]
    assert [str(warning.message) for warning in caught] == told
    assert {warning.filename for warning in caught} == {__file__}
    assert [record.getMessage() for record in caplog.records] == told


def test_old_and_new_at_once_are_a_problem_that_names_both(training: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        training.from_config(
            {"training": {"lr": 1}, "optimizer": {"rate": "x"}, "folder": "a", "data": None}
        )
    assert [str(problem) for problem in caught.value.problems] == [
        "training.lr: is the old name of 'optimizer.rate', which is given too",
        "folder: is the old name of 'data.folder', which is given too",
        "optimizer.rate: must be a number (got 'x')",
        "data: must be an object (got null)",
    ]


def test_a_config_of_a_later_version_is_refused_before_anything_else(
    training: Any, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as caught:
        training.from_config({"$version": 4, "unknown": 1, "percent": "x"})
    assert [str(problem) for problem in caught.value.problems] == [
        "$version: is of a later version than these settings, which are of 3: install the version "
        "of the package that wrote it, or a later one (got 4)"
    ]
    for said in ["--settings-file", "--."]:
        text = str(tmp_path / "later.json") if said == "--settings-file" else '{"$version": 4}'
        write_json(tmp_path / "later.json", {"$version": 4, "unknown": 1})
        with pytest.raises(SettingsError) as caught:
            training.from_args([said, text, "--share", "x"])
        [problem] = caught.value.problems
        assert "of a later version" in str(problem)
        assert "$version" not in training.format_help()
    with pytest.raises(SettingsError, match=r"later version .* \(got 4\.0\)"):
        training.from_config({"$version": 4.0})
    assert training.from_config({"$version": 1.0, "name": "x"}) == training(name="x")
    with pytest.raises(SettingsError, match=r"version: must be 3 \(got 'x'\)"):
        training.from_config({"$version": "x"})


def test_the_version_is_saved_and_filled(training: Any, tmp_path: Path) -> None:
    settings = training.from_config({"name": "x"})
    assert settings.get_config() == {
        "$version": 3,
        "name": "x",
        "optimizer": {},
        "data": {"crop": {}},
    }
    settings.to_file(tmp_path / "stored.json")
    assert json.loads((tmp_path / "stored.json").read_text())["$version"] == 3
    assert training.from_file(tmp_path / "stored.json") == settings == training(name="x")


def test_a_nested_class_knows_what_lies_inside_it_only(training: Any) -> None:
    data = type(training.from_config({}).data)
    assert data.from_config({"crop_size": 3}).get_config() == {"crop": {"size": 3}}
    with pytest.raises(SettingsError, match="path: is not a known key"):
        data.from_config({"path": "x"})


@pytest.mark.parametrize(
    ("line", "config", "told"),
    [
        ("--training.lr 3", {"training": {"lr": 3}}, "--training.lr (now --optimizer.rate)"),
        ("--folder x", {"folder": "x"}, "--folder (now --data.folder)"),
        ("--dataset.path=x", {"dataset": {"path": "x"}}, "--dataset.path (now --data.folder)"),
        (
            "--training.classes kitty dog",
            {"data": {"classes": ["cat", "dog"]}},
            "--training.classes (now --data.classes)",
        ),
        ("--percent 10", {"percent": 10}, "--percent (now --share, times 0.01)"),
        ("--training.lr-percent 5", {"optimizer": {"rate": 0.05}}, "(now --optimizer.rate, times"),
        ("--no-training.flip", {"training": {"flip": False}}, "(now --data.crop.flip)"),
        ("--legacy 3 --name x", {"name": "x"}, "does nothing: --legacy (it was never used)"),
        ("--training.who 3", {}, "does nothing: --training.who"),
        ('--training {"lr":3}', {"training": {"lr": 3}}, "training.lr (now optimizer.rate), from"),
        ("--optimizer.kind adam_v1", {"optimizer": {"kind": "adam"}}, "'adam_v1' (now 'adam')"),
    ],
)
def test_flags_of_older_versions_work(
    training: Any, caplog: pytest.LogCaptureFixture, line: str, config: dict[str, Any], told: str
) -> None:
    settings = training.from_args(line.split())
    assert told in caplog.text
    assert caplog.text.count("\n") == 1 + ("kitty" in line)
    assert settings == training.from_config(config)


@pytest.mark.parametrize(
    ("line", "config"),
    [
        ("--training.lr 3 --legacy 4", {"optimizer": {"rate": 3}}),
        ("--percent 10", {"share": 0.1}),
        ("--no-training.flip", {"data": {"crop": {"flip": False}}}),
    ],
)
def test_parsers_of_others_have_the_flags_of_older_versions(
    training: Any, caplog: pytest.LogCaptureFixture, line: str, config: dict[str, Any]
) -> None:
    parser = argparse.ArgumentParser()
    training.add_arguments(parser)
    assert training.from_namespace(parser.parse_args(line.split())) == training.from_config(config)
    assert caplog.text.count("\n") == line.count("--")
    assert "legacy" not in parser.format_help()
    parser.set_defaults(percent=20)
    assert training.from_namespace(parser.parse_args([])).share == 0.2


def test_the_same_flag_by_both_names_is_a_problem(training: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        training.from_args(["--training.lr", "3", "--optimizer.rate", "4"])
    assert str(caught.value.problems[0]) == (
        "training.lr: is the old name of 'optimizer.rate', which is given too (from --training.lr)"
    )


def test_variables_and_files_of_older_versions_work(
    training: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name, text in {"TRAINING__LR_PERCENT": "7", "DATASET__PATH": "x", "LEGACY": "1"}.items():
        monkeypatch.setenv(f"T__{name}", text)
    write_json(tmp_path / "old.json", {"training": {"classes": ["kitty"]}, "dataset": {}})
    write_json(tmp_path / "part.json", {"spare": 2})
    files = [
        f"--settings-file={tmp_path / 'old.json'}",
        f"--settings-file=training={tmp_path / 'part.json'}",
    ]
    settings = training.from_args(files, env_prefix="T")
    expected = {"optimizer": {"rate": 0.07}, "data": {"classes": ["cat"], "folder": "x"}}
    assert settings == training.from_config({**expected, "spare": {"rate": 2}})
    assert "Renamed variable: $T__TRAINING__LR_PERCENT (now $T__OPTIMIZER__RATE, times 0.01)" in (
        caplog.text
    )
    assert f"training.classes (now data.classes), from {tmp_path / 'old.json'}" in caplog.text


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        (3, 0.1, 0.3),
        (10, 0.1, 1),
        (0.3, 10, 3.0),
        (7, 1000, 7000),
        (10**400, 0.1, 10**399),
        (1e308, 10, float("inf")),
        (90, "1/60", 1.5),
        ([1, "x", True, None], 2, [2, "x", True, None]),
    ],
)
def test_values_are_scaled_exactly(value: Any, scale: Any, expected: Any) -> None:
    found = scaled(value, scale)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"properties": {"a": {"x-renamed-from": {"nome": "b"}}}}, "must be a name or a list"),
        ({"properties": {"a": {"x-renamed-from": "b..c"}}}, "must be a name or a list"),
        ({"properties": {"a": {"x-renamed-from": {"name": "b", "scale": 0}}}}, "must be a name"),
        (
            {"properties": {"a": {"x-renamed-from": {"name": "b", "scale": "1/0"}}}},
            "must be a name",
        ),
        (
            {"properties": {"a": {"x-renamed-from": {"name": "b", "scale": "1e9"}}}},
            "must be a name",
        ),
        ({"properties": {"a": {}}, "x-removed": "b"}, "x-removed must be a list of names"),
        ({"properties": {"a": {}}, "x-removed": ["a"]}, "the removed name 'a' is a property too"),
        (
            {"properties": {"a": {"x-renamed-from": "b"}}, "x-removed": ["b"]},
            "the removed name 'b' is an old name too",
        ),
        ({"properties": {"a": {"enum": [1], "x-renamed-values": {"x": 2}}}}, "new value 2 of 'a'"),
        ({"properties": {"a": {"enum": ["x"], "x-renamed-values": {"x": "x"}}}}, "value of today"),
        ({"properties": {"a": {"x-renamed-values": ["x"]}}}, "x-renamed-values must be an object"),
        ({"properties": {"a": {}}, "x-version": 0}, "x-version must be a whole number"),
        ({"properties": {"a": {"x-deprecated": True}}}, "x-deprecated must be a text"),
        ({"properties": {"$version": {"const": 2}}, "x-version": 3}, "none that configs can say"),
        (
            {
                "$schema": "http://json-schema.org/draft-07/schema#",
                "$ref": "#/definitions/A",
                "x-version": 3,
                "definitions": {"A": {"properties": {"a": {}}}},
            },
            "none that configs can say",
        ),
        (
            {"properties": {"a": {"properties": {"b": {}}}, "c": {"x-renamed-from": "a.b"}}},
            "the old name 'a.b' of 'c' is a property too",
        ),
        (
            {"properties": {"a": {"additionalProperties": {}}, "c": {"x-renamed-from": "a.b"}}},
            "the old name 'a.b' of 'c' may be a key of 'a' today",
        ),
        (
            {"properties": {"a": {"x-renamed-from": "c.d"}, "b": {"x-renamed-from": "c.d"}}},
            "the old name 'c.d' of 'b' is taken by another property",
        ),
        (
            {
                "properties": {"a": {"$ref": "#/$defs/A"}, "b": {"$ref": "#/$defs/A"}},
                "$defs": {"A": {"properties": {"n": {"x-renamed-from": "c.d"}}}},
            },
            "the old place 'c.d' of 'n' is read from the root",
        ),
        ({"properties": {"a": {"x-version": 2}}}, "x-version counts at the root of an object"),
        ({"properties": {"a": {"type": "integer", "x-removed": ["b"]}}}, "x-removed counts at"),
    ],
)
def test_what_cannot_be_is_told_of_the_schema(
    tmp_path: Path, schema: dict[str, Any], message: str
) -> None:
    write_json(tmp_path / "training.json", schema)
    with pytest.raises(GenerationError) as caught:
        generate([tmp_path / "training.json"], tmp_path / "settings", strict=True)
    [problem] = [each for each in caught.value.problems if message in each.message]
    assert problem.line
    assert problem.code in RULES


def test_old_values_of_secrets_are_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for new, more in (("y", {}), (1, {"type": "string"})):
        secret = {"writeOnly": True, "x-renamed-values": {"sesame": new}, **more}
        write_json(tmp_path / "a.json", {"properties": {"a": secret}})
        Path("a.json").write_text(Path("a.json").read_text().replace("\n", " "))
        assert main(["lint", "."]) == 1
        told = capsys.readouterr().err
        assert "value of 'a' " in told
        assert "sesame" not in told


def test_nobody_pays_who_has_no_such_schema(tmp_path: Path) -> None:
    write_json(tmp_path / "training.json", {"properties": {"a": {"x-renamed-from": "b"}}})
    generate([tmp_path / "training.json"], tmp_path / "settings")
    assert "grow" not in machine_text(tmp_path / "settings", "training").lower()
    code = (
        "import sys; from settings.training import Training\n"
        "Training.from_args(['--a', '1'])\n"
        "assert Training.from_config({'a': 1}).a == 1\n"
        "print([n for n in sys.modules if n.rpartition('.')[2] in ('growing', 'old_flags')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("style", ["pydantic", "dataclass", "msgspec", "typeddict"])
def test_classes_of_other_libraries_say_what_they_do_not_read(tmp_path: Path, style: str) -> None:
    write_json(tmp_path / "training.json", SCHEMA)
    report = generate([tmp_path / "training.json"], tmp_path / "settings", style=style)
    told = {problem.pointer.rpartition("/")[2] for problem in report.warnings if problem.pointer}
    assert {"x-version", "x-removed", "x-renamed-from", "x-renamed-values"} <= told


def test_secrets_stay_secret_under_their_old_names(
    class_of: ClassOf, caplog: pytest.LogCaptureFixture
) -> None:
    kinds = {"enum": [["a"], ["sesame2"]], "x-renamed-values": [[["sesame"], ["sesame2"]]]}
    secret = {"type": "array", "writeOnly": True, "x-renamed-from": ".key", **kinds}
    auth = {"type": "object", "properties": {"key": secret}, "additionalProperties": False}
    cls = class_of({"properties": {"auth": auth}})
    for refused in (
        lambda: cls.from_config({"key": "sesame"}),
        lambda: cls.from_settings({"key": '["sesame'}),
        lambda: cls.from_args(["--key", "sesame3"]),
        lambda: cls.from_args(["--key", '["sesame"]', "--auth.key", '["sesame"]']),
        lambda: cls.from_config({"key": ["sesame"], "auth": {"key": ["sesame"]}}),
    ):
        with pytest.raises(SettingsError) as caught:
            refused()
        assert "sesame" not in str(caught.value)
    settings = cls.from_config({"key": ["sesame"]})
    assert settings.get_config(hide_secrets=True) == {"auth": {}}
    assert "auth.key a hidden value (now a hidden value)" in caplog.text
    assert "--key is a secret" in caplog.text
    assert "sesame" not in repr(settings) + caplog.text
