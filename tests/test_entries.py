"""Keys that no class declares by name, where the schema says what they hold: objects of classes."""

from __future__ import annotations

import copy
import logging
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import generated_code
import pytest
from brevetti_gen import generate
from brevettiai.cli.completion import complete
from brevettiai.settings import SettingsError
from conformance.generated import generated, write_json

ClassOf = Callable[..., Any]
JOB = {
    "type": "object",
    "properties": {
        "script": {"type": "string", "x-renamed-from": "command"},
        "timeout": {"type": "integer", "maximum": 60, "default": 10},
        "token": {"type": "string", "writeOnly": True},
    },
}
#: As a pipeline of GitLab: settings of its own, hidden keys that are anything, and jobs.
PIPELINE: dict[str, Any] = {
    "type": "object",
    "properties": {"stages": {"type": "array", "items": {"type": "string"}}},
    "patternProperties": {"^[.]": {}},
    "additionalProperties": {"$ref": "#/$defs/Job"},
    "$defs": {"Job": JOB},
}


def test_entries_beside_properties_are_of_their_class(class_of: ClassOf) -> None:
    cls = class_of(pipeline=PIPELINE)
    config = {"stages": ["a"], ".base": {"timeout": 3}, "build": {"script": "make"}, "test": {}}
    pipeline = cls.from_config(config)
    assert type(pipeline.extra["build"]).__name__ == "Job"
    assert (pipeline.extra["build"].timeout, pipeline.extra["build"].script) == (10, "make")
    assert pipeline.extra[".base"] == {"timeout": 3}
    filled = {**config, "build": {"script": "make", "timeout": 10}, "test": {"timeout": 10}}
    assert pipeline.get_config() == filled
    assert list(pipeline.get_config()) == list(config)


def test_round_trips_keep_the_classes_of_entries(class_of: ClassOf) -> None:
    cls = class_of(pipeline=PIPELINE)
    pipeline = cls.from_config({".base": {"x": [1]}, "build": {"script": "make"}})
    for again in (
        cls.from_config(pipeline.get_config()),
        cls.from_json(pipeline.to_json()),
        cls.from_args(pipeline.to_args()),
        cls.from_settings(pipeline.get_settings()),
        pickle.loads(pickle.dumps(pipeline)),
        copy.deepcopy(pipeline),
        pipeline.replace(stages=None),
    ):
        assert again == pipeline
        assert type(again.extra["build"]) is type(pipeline.extra["build"])
        again.extra["build"].timeout = 2
        assert pipeline.extra["build"].timeout == 10


def test_the_shortest_config_leaves_out_what_fills_entries(class_of: ClassOf) -> None:
    cls = class_of(pipeline=PIPELINE)
    config = {"build": {"script": "make"}, "test": {}, ".base": {"timeout": 10}}
    pipeline = cls.from_config(config)
    assert pipeline.get_config(exclude_defaults=True) == config
    pipeline.extra["test"].timeout = 5
    assert pipeline.get_config(exclude_defaults=True)["test"] == {"timeout": 5}


def test_entries_are_checked_where_they_lie(class_of: ClassOf) -> None:
    cls = class_of(pipeline=PIPELINE)
    with pytest.raises(SettingsError, match=r"build.timeout: must be at most 60 \(got 61\)"):
        cls.from_config({"build": {"timeout": 61}})
    pipeline = cls.from_config({"build": {}})
    pipeline.extra["build"].timeout = 61
    with pytest.raises(SettingsError, match=r"build.timeout: must be at most 60 \(got 61\)"):
        pipeline.validate()
    pipeline.extra["build"].timeuot = 5
    with pytest.raises(SettingsError, match=r"build.timeuot: is no setting, did you mean"):
        pipeline.get_config()


def test_old_names_unknown_keys_and_secrets_of_entries(
    class_of: ClassOf, caplog: pytest.LogCaptureFixture
) -> None:
    cls = class_of(pipeline=PIPELINE)
    with caplog.at_level(logging.WARNING), pytest.warns(DeprecationWarning, match="command"):
        pipeline = cls.from_config({"build": {"command": "make", "scrip": 1}, ".b": {"command": 1}})
    assert [record.getMessage() for record in caplog.records] == [
        "Renamed config keys: build.command (now script)",
        "Invalid config keys: build.scrip (did you mean 'script'?)",
    ]
    assert pipeline.extra["build"].script == "make"
    assert pipeline.extra[".b"] == {"command": 1}
    pipeline.extra["build"].token = "s3cret"
    assert "s3cret" not in repr(pipeline)
    assert "token" not in pipeline.get_config(hide_secrets=True)["build"]


@pytest.mark.parametrize(
    ("schema", "config", "expected"),
    [
        ({"additionalProperties": {"$ref": "#/$defs/Job"}}, {"a": {}}, {"a": {"timeout": 10}}),
        ({"patternProperties": {"^a": JOB}}, {"a": {}, "b": {}}, {"a": {"timeout": 10}, "b": {}}),
        (
            {"patternProperties": {"^a": JOB}, "additionalProperties": False},
            {"a": {}},
            {"a": {"timeout": 10}},
        ),
        (  # A key could be of both, which nothing tells apart.
            {"patternProperties": {"^a": JOB, "a$": {"required": ["x"]}}},
            {"ab": {}},
            {"ab": {}},
        ),
        (
            {"additionalProperties": {"anyOf": [{"type": "integer"}, {"$ref": "#/$defs/Job"}]}},
            {"a": {}, "b": 1.0},
            {"a": {"timeout": 10}, "b": 1},
        ),
        (
            {"additionalProperties": {"type": "array", "items": {"$ref": "#/$defs/Job"}}},
            {"a": [{}]},
            {"a": [{"timeout": 10}]},
        ),
        ({"additionalProperties": {"$ref": "#"}}, {"a": {"b": {}}}, {"a": {"b": {}}}),
        (  # Filled, they would be too much for the schema.
            {"additionalProperties": {"$ref": "#/$defs/Job"}, "not": {"required": ["x"]}},
            {"a": {}},
            {"a": {"timeout": 10}},
        ),
        (
            {
                "additionalProperties": {
                    "type": "array",
                    "uniqueItems": True,
                    "items": {"$ref": "#/$defs/Job"},
                }
            },
            {"a": [{}, {"timeout": 10}]},
            {"a": [{}, {"timeout": 10}]},
        ),
    ],
)
@pytest.mark.parametrize("properties", [{}, {"properties": {"name": {"type": "string"}}}])
def test_what_is_filled(
    class_of: ClassOf, schema: Any, config: Any, expected: Any, properties: Any
) -> None:
    cls = class_of({"type": "object", **properties, **schema, "$defs": {"Job": JOB}})
    loaded = cls.from_config(config)
    assert loaded.get_config() == expected
    assert cls.from_config(loaded.get_config()) == loaded


def test_a_default_that_makes_entries_without_end_is_not_filled(class_of: ClassOf) -> None:
    tree = {
        "type": "object",
        "properties": {"child": {"$ref": "#", "default": {"more": {}}}},
        "additionalProperties": {"$ref": "#"},
    }
    assert class_of(tree).from_config({}).get_config() == {}


def test_type_checkers_know_what_entries_are(tmp_path: Path) -> None:
    catalog = {**PIPELINE, "patternProperties": {}}
    text = {"property": {"type": "string"}, "TYPE_CHECKING": {"type": "integer"}}
    hidden = {**catalog, "properties": text}
    closed = {"patternProperties": {"^a": JOB}, "additionalProperties": False}
    schemas = {
        "catalog": catalog,
        "hidden": hidden,
        "closed": {"type": "object", "properties": {"dict": {}}, **closed},
        "pipeline": PIPELINE,
    }
    for name, schema in schemas.items():
        write_json(tmp_path / "schemas" / f"{name}.json", schema)
    with generated([tmp_path / "schemas"], tmp_path, {}) as package:
        folder = tmp_path / package.name
        (folder / "use.py").write_text(
            "from .catalog import Catalog\n"
            "from .closed import Closed\n\n"
            'timeouts: list[int] = [Catalog.from_config({}).extra["a"].timeout]\n'
            'timeouts.append(Closed.from_config({}).extra["a"].timeout)\n'
            'Catalog.from_config({}).extra["a"].timeuot\n'
        )
        complaints = generated_code.mypy(folder)
        (folder / "use.py").unlink()
        assert complaints.count("error:") == 1
        assert '"timeuot"' in complaints
        assert generated_code.ruff(folder) == ""


#: Maps of which some keys hold jobs, and others anything; in each way in which a map can stand.
PATTERNED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "jobs": {"type": "object", "patternProperties": {"^x": {"$ref": "#/$defs/Job"}}},
        "more": {
            "type": ["object", "null"],
            "patternProperties": {"^x": {"type": "array", "items": {"$ref": "#/$defs/Job"}}},
            "additionalProperties": True,
            "default": {"xs": [{}], "y": 1},
        },
    },
    "$defs": {"Job": JOB},
}


def test_maps_hold_objects_under_the_keys_that_say_so(class_of: ClassOf) -> None:
    cls = class_of(PATTERNED)
    settings = cls.from_config({"jobs": {"xa": {"command": "make"}, "b": {"command": 3}}})
    assert (settings.jobs["xa"].script, settings.jobs["xa"].timeout) == ("make", 10)
    assert settings.jobs["b"] == {"command": 3}
    assert settings.more["xs"][0].timeout == 10
    assert settings.get_config() == {
        "jobs": {"xa": {"script": "make", "timeout": 10}, "b": {"command": 3}},
        "more": {"xs": [{"timeout": 10}], "y": 1},
    }
    for again in (
        cls.from_args(settings.to_args()),
        cls.from_settings(settings.get_settings()),
        pickle.loads(pickle.dumps(settings)),
        copy.deepcopy(settings),
        cls(**vars(settings)),
    ):
        assert again == settings
        assert type(again.jobs["xa"]) is type(settings.jobs["xa"])
    settings.jobs["xa"].token = "t"
    assert "token=***" in repr(settings)
    assert settings.get_config(hide_secrets=True)["jobs"]["xa"] == {"script": "make", "timeout": 10}
    with pytest.raises(SettingsError, match=r"jobs\.xa\.timeout: must be at most 60"):
        cls.from_config({"jobs": {"xa": {"timeout": 61}, "b": {"timeout": 61}}})


@pytest.mark.parametrize("style", ["plain", "pydantic", "msgspec", "dataclass", "typeddict"])
def test_hints_of_such_maps_promise_nothing_more(style: str, tmp_path: Path) -> None:
    write_json(tmp_path / "training.json", PATTERNED)
    generate([tmp_path / "training.json"], tmp_path / "settings", style=style)
    text = (tmp_path / "settings" / "training.py").read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if line.startswith("    jobs: "))
    assert "dict[str, Any]" in line
    assert generated_code.mypy(tmp_path / "settings") == ""


# Flags


def test_flags_reach_into_entries(class_of: ClassOf) -> None:
    cls = class_of(pipeline={**PIPELINE, "$defs": {"Job": FLAGGED}})
    pipeline = cls.from_args(
        "--build.timeout 5 --stages a b --no-build.quiet --test.tags x y --test.on.os linux".split()
    )
    assert pipeline.get_config() == {
        "stages": ["a", "b"],
        "build": {"timeout": 5, "quiet": False, "on": {}},
        "test": {"timeout": 10, "tags": ["x", "y"], "on": {"os": "linux"}},
    }
    assert type(pipeline.extra["build"]).__name__ == "Job"
    told = {
        "--build.timeuot 5": "unknown flag --build.timeuot, did you mean --build.timeout?",
        "--stage a": "unknown flag --stage, did you mean --stages?",
        "--test 1": "unknown flag --test; only what is inside has flags, such as --test.timeout",
        "--build.timeout 61": "build.timeout: must be at most 60 (got 61, from --build.timeout)",
        "--help.timeout 1": "unknown flag --help.timeout; --help lists all",
    }
    for words, message in told.items():
        with pytest.raises(SettingsError) as caught:
            cls.from_args(words.split())
        assert str(caught.value).splitlines()[1:] == [f"  {message}"]


FLAGGED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "timeout": {"type": "integer", "maximum": 60, "default": 10},
        "quiet": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "on": {"type": "object", "properties": {"os": {"type": "string"}}},
    },
}


@pytest.mark.parametrize(
    "config",
    [
        {"build": {"timeout": 5}, "stages": ["a"], "test": {"on": {"os": "x"}}},
        {"build": {}, "no-build": {"quiet": True}, "a b": {"timeout": 3}, ".x": {"timeout": "y"}},
        {"help": {"timeout": 3}, "stages": [], "9": {"tags": ["a"]}},
    ],
)
def test_args_say_entries(class_of: ClassOf, config: dict[str, Any]) -> None:
    schema = {**PIPELINE, "$defs": {"Job": FLAGGED}}
    cls = class_of({"type": "object", "properties": {"inner": schema}, **schema})
    for whole in (config, {"inner": config}, {**config, "inner": config}):
        settings = cls.from_config(whole)
        assert cls.from_args(settings.to_args()) == settings
    assert cls.from_config({"build": {"timeout": 5}}).to_args() == ["--build.timeout=5"]


def test_flags_reach_only_keys_whose_pattern_fits(class_of: ClassOf) -> None:
    patterns = {"^x": FLAGGED}
    cls = class_of({"type": "object", "patternProperties": patterns, "additionalProperties": False})
    assert cls.from_args(["--xa.timeout", "5"]).extra["xa"].timeout == 5
    with pytest.raises(SettingsError, match=r"unknown flag --ya\.timeout"):
        cls.from_args(["--ya.timeout", "5"])
    # Else a key can be anything, and no flag says what.
    cls = class_of({"type": "object", "patternProperties": patterns, "properties": {"a": {}}})
    assert cls.from_args(["--xa.timeout", "5"]).extra["xa"].timeout == 5


def test_help_and_completion_know_flags_of_entries(
    class_of: ClassOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    cls = class_of(pipeline={**PIPELINE, "$defs": {"Job": FLAGGED}})
    text = cls.format_help()
    assert "  --KEY.timeout INT         [at most 60; default: 10]\n" in text
    assert "  --[no-]KEY.quiet\n" in text
    assert "  --KEY.on.os TEXT\n" in text
    assert "KEY stands for any name." in text
    assert [*complete(cls, [], "--build.t").words] == ["--build.timeout", "--build.tags"]
    assert [*complete(cls, ["--build.timeout=5", "--stages", "a"], "--b").words] == ["--build."]
    assert "--build." not in complete(cls, ["--stages", "build.x"], "--").words
