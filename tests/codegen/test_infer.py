"""`brevetti-gen infer`: schemas for configs that are there already."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from brevetti_gen.cli import main as cli
from brevetti_gen.workbench.tools.infer.configs import Config, read_configs
from brevetti_gen.workbench.tools.infer.inferring import inferred
from brevetti_gen.workbench.tools.secret_names import is_secret_name, looks_secret
from brevettiai.cli.files import FileOrigin
from brevettiai.settings import SettingsError
from jsonschema import Draft202012Validator
from loaded_classes import loaded_class

HUSH = "hUsH-5ecr3t"


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def put(name: str, value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    Path(name).write_text(text, encoding="utf-8")
    return name


def infer(*configs: Any, suggest: bool = False) -> tuple[dict[str, Any], list[str]]:
    """The schema that is inferred, without its dialect, and what is told."""
    names = [put(f"{number}.json", config) for number, config in enumerate(configs)]
    found = inferred(read_configs(names), suggest=suggest)
    schema = dict(found.schema)
    assert schema.pop("$schema") == "https://json-schema.org/draft/2020-12/schema"
    return schema, [problem.message for problem in found.remarks]


def test_a_schema_is_proposed_and_becomes_a_class(capsys: pytest.CaptureFixture[str]) -> None:
    put("a.json", {"$schema": "./s.json", "epochs": 5, "augmentation": {"angle": 5.5}})
    put("b.yaml", "epochs: 7\naugmentation: {angle: 20, flip: yes please}\n")
    assert cli.main(["infer", "a.json", "b.yaml", "-o", "schemas/training.schema.json"]) == 0
    assert capsys.readouterr().out == "schemas/training.schema.json: written\n"
    schema = json.loads(Path("schemas/training.schema.json").read_text("utf-8"))
    assert schema["properties"] == {
        "epochs": {"type": "integer"},
        "augmentation": {
            "type": "object",
            "properties": {"angle": {"type": "number"}, "flip": {"type": "string"}},
            "required": ["angle"],
        },
    }
    assert schema["required"] == ["epochs", "augmentation"]
    assert cli.main(["schemas", "-o", "settings"]) == 0
    assert cli.main(["infer", "a.json", "-o", "schemas/training.schema.json"]) == 1
    assert "this file is there already" in capsys.readouterr().err


def test_without_a_file_the_schema_alone_is_on_standard_output(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["infer", put("a.json", {"b": 1, "a": 2})]) == 0
    told = capsys.readouterr()
    assert list(json.loads(told.out)["properties"]) == ["b", "a"]
    assert "a.json:1: note: b: minimum 0, default 1 may be meant [suggestion]" in told.err


@pytest.mark.skipif(sys.version_info < (3, 11), reason="TOML is read from Python 3.11 on")
def test_toml_is_read_and_lines_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    put("a.toml", "[data]\n\nstart = 2024-01-31\n")
    assert cli.main(["infer", "a.toml"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["properties"]["data"]["properties"] == {"start": {"type": "string"}}
    assert 'a.toml:3: note: data.start: format "date", x-python-type "date"' in told.err


def test_what_is_likely_is_told_or_written() -> None:
    rates = [{"rate": rate, "mode": mode} for rate, mode in [(0.5, "a"), (1, "b"), (0.5, "a")] * 2]
    schema, told = infer(*rates)
    assert schema["properties"] == {"rate": {"type": "number"}, "mode": {"type": "string"}}
    assert told == [
        "rate: minimum 0, maximum 1, default 0.5 may be meant",
        'mode: enum ["a", "b"], default "a" may be meant',
        "--suggest writes into the schema what may be meant",
    ]
    schema, told = infer(*rates, suggest=True)
    assert schema["properties"] == {
        "rate": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
        "mode": {"type": "string", "enum": ["a", "b"], "default": "a"},
    }
    assert "required" not in schema
    assert told == []


def test_what_has_defaults_inside_need_not_be_given() -> None:
    schema, _ = infer({"data": {"size": [2, 3], "deep": {"x": None}}}, suggest=True)
    assert schema == {
        "type": "object",
        "properties": {
            "data": {
                "type": "object",
                "properties": {
                    "size": {"type": "array", "items": {"type": "integer"}, "default": [2, 3]},
                    "deep": {
                        "type": "object",
                        "properties": {"x": {"type": "null", "default": None}},
                    },
                },
            }
        },
    }


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2.5], {"type": "number"}),
        ([1, None], {"type": ["integer", "null"]}),
        ([True, "auto"], {"type": ["boolean", "string"]}),
        ([[], [1]], {"type": "array", "items": {"type": "integer"}}),
        ([[]], {"type": "array"}),
        ([{}], {"type": "object"}),
        (
            [[{"a": 1}, {"a": None, "b": "x"}]],
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"a": {"type": ["integer", "null"]}, "b": {"type": "string"}},
                    "required": ["a"],
                },
            },
        ),
        (
            [3, {"a": 1}],
            {
                "anyOf": [
                    {"type": "integer"},
                    {
                        "type": "object",
                        "properties": {"a": {"type": "integer"}},
                        "required": ["a"],
                    },
                ]
            },
        ),
    ],
)
def test_the_types_of_all_values_are_taken(values: list[Any], expected: dict[str, Any]) -> None:
    schema, _ = infer(*({"it": value} for value in values))
    assert schema["properties"]["it"] == expected


@pytest.mark.parametrize(
    ("objects", "values"),
    [
        # Keys that are no names, and as many objects of one kind as there are keys.
        ([{"class 1": 1, "class 2": 2, "class 3": 1, "class 4": 3}], {"type": "integer"}),
        ([{key: {"min": 1, "max": 2} for key in "abcd"}], None),
        # Keys that differ from config to config.
        ([{"a": 1, "b": 2}, {"c": 1.5}, {"d": 1}], {"type": "number"}),
    ],
)
def test_maps_are_told_from_settings(objects: list[Any], values: Any) -> None:
    schema, told = infer(*({"it": each} for each in objects))
    found = schema["properties"]["it"]
    assert found.keys() == {"type", "additionalProperties"}
    assert values is None or found["additionalProperties"] == values
    assert "it: is taken for a map, whose 4 keys are no settings" in told


@pytest.mark.parametrize(
    "objects",
    [
        [{"a": 1, "b": 2, "c": 3, "d": 4}],
        [{"a": 1, "b": "x", "c-d": 3, "e": 4}],
        [{"x": {"a": 1}, "y": {"b": 1}, "z": {"c": 1}, "w": {"d": 1}}],
        [{"class 1": 1, "class 2": 2}],
    ],
)
def test_settings_are_no_maps(objects: list[Any]) -> None:
    schema, _ = infer(*({"it": each} for each in objects))
    assert "properties" in schema["properties"]["it"]


SECRETS: list[Any] = [
    {"password": HUSH},
    {"db": {"apiKey": HUSH, "note": "x"}},
    {"keys": {"API_KEY": HUSH}, "tokens": [{"token": HUSH}, {"token": HUSH}]},
    {"credentials": {"alice": HUSH, "bob": [HUSH], "deep": {"er": HUSH}}},
    {"credentials": {f"user {n}": HUSH for n in range(5)}},
    {"url": f"https://user:{HUSH}@host/path", "urls": [f"https://u:{HUSH}@host/x"]},
    {"mixed": [{"a": 1}, f"https://u:{HUSH}@host"]},
    {"secret": [HUSH, {"a": HUSH}]},
    {"paths": {f"p {n}": f"s3://u:{HUSH}@host" for n in range(5)}},
    {"password": 5318008},
]


@pytest.mark.parametrize("suggest", [[], ["--suggest"]])
@pytest.mark.parametrize("config", SECRETS)
def test_secrets_are_marked_and_never_shown(
    config: Any, suggest: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    names = [put("a.json", config), put("b.json", config)]
    assert cli.main(["infer", *names, *suggest]) == 0
    told = capsys.readouterr()
    assert HUSH not in told.out + told.err
    assert "5318008" not in told.out + told.err
    assert '"writeOnly": true' in told.out
    schema = json.loads(told.out)
    cls = loaded_class(schema.pop("properties"), **schema)
    assert HUSH not in repr(cls.from_config(config))


def test_names_and_values_of_secrets() -> None:
    secret = "password dbPassword API_KEY apiKey aws_secret_access_key token auth-token privateKey"
    plain = "max_tokens tokenizer key keyboard passes password_length api_url secretary class_names"
    assert [name for name in secret.split() if not is_secret_name(name)] == []
    assert [name for name in plain.split() if is_secret_name(name)] == []
    assert looks_secret("-----BEGIN RSA PRIVATE KEY-----\nabc")
    assert not looks_secret("https://host:8080/path@v1")


def test_the_output_of_a_job_is_taken_for_its_settings(capsys: pytest.CaptureFixture[str]) -> None:
    output = {"output": {}, "config": {"id": "1", "settings": {"epochs": 3}}, "environment": {}}
    assert cli.main(["infer", put("output.json", output)]) == 0
    told = capsys.readouterr()
    assert list(json.loads(told.out)["properties"]) == ["epochs"]
    assert "output.json: note: the output of a job: its settings are read" in told.err


def test_the_info_of_a_job_is_a_form_model(capsys: pytest.CaptureFixture[str]) -> None:
    settings = {"name": "{x}", "table": '{"a": 1}', "inner": {"items": "[1, 2]"}, "n": "5"}
    info = {"id": "1", "settings": settings, "datasets": [], "api_key": HUSH}
    assert cli.main(["infer", put("info.json", info)]) == 0
    told = capsys.readouterr()
    assert HUSH not in told.out + told.err
    properties = json.loads(told.out)["properties"]
    assert [properties[key].get("type") for key in settings] == [
        *("string", "object", "object", "string")
    ]
    assert properties["inner"]["properties"]["items"]["items"] == {"type": "integer"}


def test_every_file_that_is_no_config_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    put("list.json", [1])
    put("bad.json", '{"a": 1,')
    put("twice.json", '{"a": 1, "a": 2}')
    put("text.txt", "")
    Path("folder").mkdir()
    names = ["list.json", "bad.json", "twice.json", "text.txt", "folder", "gone.json"]
    assert cli.main(["infer", *names, "-o", "s.json"]) == 1
    told = capsys.readouterr().err
    assert [line.partition(":")[0] for line in told.splitlines() if ": error: " in line] == [
        *("bad.json", "folder", "gone.json", "list.json", "text.txt", "twice.json")
    ]
    assert "6 errors" in told
    assert "gone.json: error: cannot be read: No such file or directory [not-read]" in told
    assert not Path("s.json").exists()


def test_deep_configs_end_in_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    put("deep.json", '{"a":' * 900 + "1" + "}" * 900)
    assert cli.main(["infer", "deep.json"]) == 1
    assert "error: " in capsys.readouterr().err


def test_without_the_library_the_extra_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "genson", None)
    assert cli.main(["infer", put("a.json", {"a": 1})]) == 1
    assert 'pip install "brevetti[gen]"' in capsys.readouterr().err


# Random configs


def random_value(random: Random, depth: int) -> Any:
    if depth and random.random() < 0.5:
        count = random.choice([0, 1, 2, 2, 3, 5])
        if random.random() < 0.4:
            return [random_value(random, depth - 1) for _ in range(count)]
        return {random_key(random): random_value(random, depth - 1) for _ in range(count)}
    scalars: list[Any] = [None, True, 0, 1, -3, 0.5, 1.0, 1e300, 10**30]
    texts = ["", "x", "2024-01-31", "2024-01-31T10:00:00Z", "a@b.c", "1.2.3.4", "\ud800", "s3://b"]
    return random.choice([*scalars, *texts])


def random_key(random: Random) -> str:
    names = ["a", "b", "c", "class", "learning-rate", "get_config", "", "é", "__x__", "password"]
    return random.choice([*names, "class 1", "0", "\ud800", "items", "properties", "$ref"])


def random_configs(random: Random) -> list[dict[str, Any]]:
    def config() -> dict[str, Any]:
        return {random_key(random): random_value(random, 3) for _ in range(random.randint(0, 5))}

    return [config() for _ in range(random.randint(1, 4))]


def see_accepted(seed: int, *, by_class: bool) -> None:
    """A schema that is inferred from random configs takes each of them."""
    random = Random(seed)
    configs = random_configs(random)
    given = [Config(config, _origin()) for config in configs]
    for suggest in (False, True):
        schema = inferred(given, suggest=suggest).schema
        validator: Any = Draft202012Validator(schema)
        assert all(validator.is_valid(config) for config in configs), seed
        if by_class:
            cls = loaded_class(schema.pop("properties", {}), **schema)
            for config in configs:
                try:
                    cls.from_config(config)
                except SettingsError as error:
                    raise AssertionError(seed) from error


def _origin() -> FileOrigin:
    origin = FileOrigin("random.json")
    origin.text, origin.suffix = "{}", ".json"
    return origin


def test_the_schema_takes_every_config() -> None:
    for seed in range(150):
        see_accepted(seed, by_class=False)
    for seed in range(3):
        see_accepted(seed, by_class=True)


@pytest.mark.slow
def test_the_class_of_the_schema_takes_every_config() -> None:
    for seed in range(1000, 1040):
        see_accepted(seed, by_class=True)
