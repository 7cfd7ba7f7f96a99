"""`x-renamed-from`: stored configs keep loading after a property got another name."""

from __future__ import annotations

import json
import runpy
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, generate
from brevettiai.settings import SettingsError
from conformance.generated import write_json
from generated_code import machine_text

ClassOf = Callable[..., Any]
ITEM = {
    "type": "object",
    "properties": {"size": {"type": "integer", "x-renamed-from": "width"}},
    "additionalProperties": False,
}
SCHEMA = {
    "properties": {
        "rate": {"type": "number", "default": 1, "x-renamed-from": ["learning-rate", "speed"]},
        "mapping": {"type": "array", "x-renamed-from": "old-mapping"},
        "inner": {"$ref": "#/$defs/Item"},
        "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
        "map": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Item"}},
        "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"$ref": "#/$defs/Item"}]},
        "maybe": {"anyOf": [{"$ref": "#/$defs/Item"}, {"type": "null"}]},
        "tagged": {
            "anyOf": [
                {
                    "properties": {"kind": {"const": "a"}, "n": {"x-renamed-from": "m"}},
                    "required": ["kind"],
                },
                {"properties": {"kind": {"const": "b"}, "m": {}}, "required": ["kind"]},
            ]
        },
        "either": {
            "oneOf": [
                {"$ref": "#/$defs/Item"},
                {
                    "properties": {"length": {"type": "integer", "x-renamed-from": "width"}},
                    "required": ["length"],
                    "maxProperties": 1,
                },
            ]
        },
    },
    "additionalProperties": False,
    "$defs": {"Item": ITEM},
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"learning-rate": 2}, {"rate": 2}),
        ({"speed": 2}, {"rate": 2}),
        ({"inner": {"width": 1}}, {"inner": {"size": 1}}),
        ({"items": [{}, {"width": 1}]}, {"items": [{}, {"size": 1}]}),
        ({"map": {"a": {"width": 1}}}, {"map": {"a": {"size": 1}}}),
        ({"pair": ["a", {"width": 1}]}, {"pair": ["a", {"size": 1}]}),
        ({"maybe": {"width": 1}}, {"maybe": {"size": 1}}),
        ({"tagged": {"kind": "a", "m": 1}}, {"tagged": {"kind": "a", "n": 1}}),
    ],
)
def test_old_names_are_read_wherever_a_class_is(
    class_of: ClassOf, old: dict[str, Any], new: dict[str, Any]
) -> None:
    cls = class_of(SCHEMA)
    before = json.dumps(old)
    settings = cls.from_config(old)
    assert settings == cls.from_config(new)
    assert settings.get_config().items() >= new.items()
    assert json.dumps(old) == before


def test_what_was_renamed_is_told_once(class_of: ClassOf, caplog: pytest.LogCaptureFixture) -> None:
    cls = class_of(SCHEMA)
    text = "Renamed config keys: speed (now rate), items[0].width (now size)"
    with pytest.warns(DeprecationWarning, match="Renamed") as caught:
        cls.from_config({"speed": 2, "items": [{"width": 1}]})
    assert [str(warning.message) for warning in caught] == [text]
    assert caught[0].filename == __file__
    assert [(record.name, record.getMessage()) for record in caplog.records] == [
        ("brevettiai.utils.module", text)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cls.from_config({"rate": 2})


def test_a_generated_module_that_runs_as_the_program_is_not_who_has_to_change(
    class_of: ClassOf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = class_of(SCHEMA).__module__
    monkeypatch.setattr(sys, "argv", [name, "--speed", "2"])
    monkeypatch.delitem(sys.modules, name)
    with pytest.warns(DeprecationWarning, match="Renamed flag: --speed") as caught:
        runpy.run_module(name, run_name="__main__")
    assert "runpy" in caught[0].filename  # which Python's own filter does not show
    assert json.loads(capsys.readouterr().out)["rate"] == 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_verdict_is_that_of_the_renamed_config(class_of: ClassOf) -> None:
    cls = class_of(SCHEMA)
    with pytest.raises(SettingsError, match=r"rate: must be a number \(got 'fast'\)"):
        cls.from_config({"speed": "fast"})


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_old_name_of_one_branch_may_be_a_name_of_another(class_of: ClassOf) -> None:
    cls = class_of(SCHEMA)
    other = cls.from_config({"tagged": {"kind": "b", "m": 1}}).tagged
    assert other.get_config() == {"kind": "b", "m": 1}
    # The first branch that fits once its own old names are put right.
    assert cls.from_config({"either": {"width": 1}}).get_config()["either"] == {"size": 1}
    assert cls.from_config({"either": {"length": 1}}).get_config()["either"] == {"length": 1}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_both_names_are_a_problem_like_any_other(class_of: ClassOf) -> None:
    cls = class_of(SCHEMA)
    with pytest.raises(SettingsError) as caught:
        cls.from_config({"speed": 1, "rate": 2, "inner": {"width": 1, "size": "x"}})
    assert [str(problem) for problem in caught.value.problems] == [
        "speed: is the old name of 'rate', which is given too",
        "inner.width: is the old name of 'size', which is given too",
        "inner.size: must be a whole number (got 'x')",
    ]
    with pytest.raises(SettingsError, match="speed: is the old name"):
        cls.from_config({"speed": 1, "learning-rate": 1})


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_stored_form_models_and_files_may_have_old_names(class_of: ClassOf, tmp_path: Path) -> None:
    cls = class_of(SCHEMA)
    model = {"old-mapping": "[1, 2]", "inner": {"width": 1}}
    expected = {"mapping": [1, 2], "inner": {"size": 1}}
    assert cls.from_settings(model) == cls.from_config(expected)
    assert cls.from_json('{"speed": 2}').rate == 2
    path = tmp_path / "stored.json"
    write_json(path, {"speed": 2, "inner": {"width": 1}})
    flags = ["--settings-file", str(path), "--rate", "3", "--map", '{"a": {"width": 4}}']
    settings = cls.from_args(flags)
    assert (settings.rate, settings.inner.size, settings.map["a"].size) == (3, 1, 4)
    assert cls.from_args(["--inner", '{"width": 5}'], config={"speed": 6}).inner.size == 5
    write_json(path, {"speed": 2, "rate": 3})
    with pytest.raises(SettingsError) as caught:
        cls.from_args(["--settings-file", str(path)])
    assert str(caught.value.problems[0]) == (
        f"speed: is the old name of 'rate', which is given too (from {path}:1)"
    )


def test_constructors_know_the_new_names_only(class_of: ClassOf) -> None:
    cls = class_of(SCHEMA)
    with pytest.raises(TypeError, match="speed"):
        cls(speed=2)
    assert cls(rate=2).replace(rate=3).rate == 3


def test_classes_without_old_names_pay_nothing(tmp_path: Path) -> None:
    write_json(tmp_path / "plain.json", {"properties": {"n": {"type": "integer"}}})
    write_json(tmp_path / "user.json", {"properties": {"n": {"$ref": "renamed.json"}}})
    write_json(tmp_path / "renamed.json", {"properties": {"n": {"x-renamed-from": "m"}}})
    generate([tmp_path], tmp_path / "settings")
    folder = tmp_path / "settings"
    assert "rename" not in machine_text(folder, "plain")
    assert 'rename_key(c, "m", "n", at, out)' in machine_text(folder, "renamed")
    assert "renamed_module.rename_renamed" in machine_text(folder, "user")


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"a": {"x-renamed-from": 1}}, "x-renamed-from must be a name or a list of names"),
        ({"a": {"x-renamed-from": "b"}, "b": {}}, "the old name 'b' of 'a' is a property too"),
        (
            {"a": {"x-renamed-from": "c"}, "b": {"x-renamed-from": ["c"]}},
            "the old name 'c' of 'b' is taken by another property",
        ),
    ],
)
def test_unusable_old_names_are_errors(
    tmp_path: Path, properties: dict[str, Any], message: str
) -> None:
    write_json(tmp_path / "training.json", {"properties": properties})
    with pytest.raises(GenerationError) as caught:
        generate([tmp_path / "training.json"], tmp_path / "settings")
    assert message in str(caught.value)
    assert not (tmp_path / "settings").exists()


def test_an_old_name_where_no_class_has_a_property_is_a_warning(tmp_path: Path) -> None:
    schema = {
        "properties": {"a": {"$ref": "#/$defs/A"}},
        "$defs": {"A": {"type": "integer", "x-renamed-from": "b"}},
    }
    write_json(tmp_path / "training.json", schema)
    report = generate([tmp_path / "training.json"], tmp_path / "settings")
    [warning] = report.warnings
    assert "x-renamed-from counts at properties that a class always has" in warning.message
    assert warning.pointer == "#/$defs/A/x-renamed-from"
