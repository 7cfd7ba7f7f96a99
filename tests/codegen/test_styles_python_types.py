"""`x-python-type` in the classes of other libraries: typed, and without a loss, or told as one."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import generated_code
import msgspec
import pytest
from brevetti_gen import generate
from brevettiai.adapters import SettingsAdapter
from brevettiai.integrations.msgspec import dec_hook, enc_hook
from brevettiai.platform import Job
from brevettiai.settings import SettingsError
from conformance.generated import importable, write_json
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from random_sizes import scaled
from style_classes import STYLES, Make, keep, lost
from test_python_types import CONFIG, PARTS, PROPERTIES, of, texts

UTC = timezone.utc
LIBRARIES = ("pydantic", "dataclass", "msgspec")
each_style = pytest.mark.parametrize("style", STYLES)
each_library = pytest.mark.parametrize("style", LIBRARIES)

#: What no list hint says: the type of its first item alone, beside others of any type.
HELD = {key: schema for key, schema in PROPERTIES.items() if key != "pair"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        **HELD,
        "short": of("date", pattern="^20", minLength=8, maxLength=10),
        "until": {"anyOf": [of("date"), {"const": "never"}], "default": "2020-01-02"},
        "source": {"anyOf": [of("Path"), {"type": "array", "items": of("Path")}]},
        "span": {"prefixItems": [of("date"), of("date")], "items": False, "minItems": 2},
        "job": {"type": "object", "properties": {"path": of("Path", default="./job")}},
    },
    "required": ["start"],
}
SCHEMA["properties"]["span"]["type"] = "array"
GIVEN: dict[str, Any] = {
    **{key: value for key, value in CONFIG.items() if key != "pair"},
    "short": "2020-01-03",
    "until": "never",
    "source": ["a//b", "./c"],
    "span": ["2020-01-01", "2020-01-02"],
    "job": {"path": "x/"},
}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The class `Training` of each style."""
    folder = tmp_path_factory.mktemp("typed")
    write_json(folder / "training.json", SCHEMA)
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        for style in STYLES:
            generate([folder / "training.json"], folder / f"{style}_typed", style=style)
            package = stack.enter_context(importable(folder / f"{style}_typed"))
            found[style] = package.module("training").Training
            keep(found[style])
        yield found


@pytest.fixture
def adapter(style: str, packages: dict[str, Any]) -> SettingsAdapter:
    return SettingsAdapter.of(packages[style])


def value(settings: Any, name: str) -> Any:
    """An attribute, or what a typed dictionary has."""
    return settings[name] if isinstance(settings, dict) else getattr(settings, name)


@each_style
def test_attributes_are_objects(style: str, adapter: SettingsAdapter) -> None:
    settings = adapter.from_config(GIVEN)
    expected = {
        "start": datetime(2020, 1, 1, tzinfo=UTC),
        "date": date(2021, 2, 3),
        "at": time(9, 30),
        "every": timedelta(days=7),
        "paths": [Path("a"), Path("b")],
        "prices": {"x": Decimal("1.50"), "y": Decimal(1000)},
        "id": UUID("123e4567-e89b-12d3-a456-426614174000"),
        "either": date(2020, 1, 1),
        "day": None,
        "short": date(2020, 1, 3),
        "until": "never",
        "source": [Path("a/b"), Path("c")],
    }
    assert {name: value(settings, name) for name in expected} == expected
    assert list(value(settings, "span")) == [date(2020, 1, 1), date(2020, 1, 2)]
    assert value(value(settings, "jobs")[0], "path") == Path("a")
    assert value(value(settings, "job"), "path") == Path("x")
    others = {"either": "soon", "until": "2020-01-05", "source": "a//b", "day": "2020-01-02"}
    settings = adapter.from_config({**GIVEN, **others})
    assert value(settings, "either") == "soon"
    assert value(settings, "until") == date(2020, 1, 5)
    assert value(settings, "source") == Path("a/b")
    assert value(settings, "day") == date(2020, 1, 2)
    assert value(adapter.from_config({**GIVEN, "either": 3}), "either") == 3


@each_style
def test_configs_have_the_very_texts_that_were_given(style: str, adapter: SettingsAdapter) -> None:
    settings = adapter.from_config(GIVEN)
    for again in (
        settings,
        adapter.from_json(adapter.to_json(settings)),
        adapter.from_args(adapter.to_args(settings)),
        adapter.from_settings(adapter.get_settings(settings)),
        pickle.loads(pickle.dumps(settings)),
        copy.deepcopy(settings),
    ):
        assert again == settings
        assert adapter.get_config(again) == GIVEN


@each_library
def test_defaults_are_objects(style: str, adapter: SettingsAdapter) -> None:
    settings = adapter.from_config({"start": "2020-01-01T00:00:00Z"})
    for each in (settings, adapter.cls(start=datetime(2020, 1, 1, tzinfo=UTC))):
        assert (each.date, each.every) == (date(2020, 1, 31), timedelta(minutes=90))
        assert (each.paths, each.until) == ([Path("a/b")], date(2020, 1, 2))
        assert each.job.path == Path("job")
        config = adapter.get_config(each)
        assert config["job"] == {"path": "./job"}
        assert (config["every"], config["paths"]) == ("PT90M", ["a//b"])
    properties = adapter.facts.__brevetti__.fields()
    told = {field.key: field.default for field in properties}
    assert (told["every"], told["paths"]) == ('"PT90M"', '["a//b"]')


@each_library
def test_what_is_assigned_is_written_in_the_usual_form(
    style: str, adapter: SettingsAdapter
) -> None:
    settings = adapter.from_config(GIVEN)
    settings.start += timedelta(hours=1)
    settings.every = timedelta(days=1, milliseconds=1500)
    settings.paths.append(Path("c") / "d")
    settings.prices["z"] = Decimal("0.10")
    settings.id = UUID(int=1)
    config = adapter.get_config(settings)
    assert (config["start"], config["every"]) == ("2020-01-01T01:00:00Z", "P1DT1.5S")
    assert config["paths"] == ["./a", "b", "c/d"]
    assert config["prices"] == {"x": "1.50", "y": "1e3", "z": "0.10"}
    assert config["id"] == str(UUID(int=1))


BAD = {
    "start": "2016-12-31T23:59:60Z",
    "date": "0000-01-01",
    "every": "P1M",
    "paths": ["s3://bucket/a"],
    "until": "soon",
    "source": ["a", "s3://b"],
    "day": "x",
    "job": {"path": "s3://c"},
}


@each_style
def test_what_no_type_holds_is_told(style: str, adapter: SettingsAdapter) -> None:
    with pytest.raises(SettingsError) as caught:
        adapter.from_config(BAD)
    told = {".".join(map(str, p.path)): f"{p.expected} {p.given}" for p in caught.value.problems}
    until, day = told.pop("until"), told.pop("day")
    path = "must be a path; a Path cannot hold an address"
    assert told == {
        "start": "must be a date and time such as 2026-01-31T23:59:00Z; Python has no leap seconds"
        " '2016-12-31T23:59:60Z'",
        "date": "must be a date such as 2026-01-31; Python's years begin with 1 '0000-01-01'",
        "every": "must be a duration such as P1DT12H; Python's durations have no years and months"
        " 'P1M'",
        "paths.0": f"{path} 's3://bucket/a'",
        "source.1": f"{path} 's3://b'",
        "job.path": f"{path} 's3://c'",
    }
    assert until.startswith("must be a date such as 2026-01-31")
    assert day.startswith("must be ")
    assert "'2020-01-01'" in day


@pytest.mark.parametrize("style", ["pydantic", "msgspec"])
def test_limits_are_of_the_text(style: str, adapter: SettingsAdapter) -> None:
    for text, told in (("1999-01-01", "pattern|regex"), ("3", "8"), ("20300101", "a date such as")):
        with pytest.raises(SettingsError, match=rf"short: must .*({told}).*got '{text}'"):
            adapter.from_config({**GIVEN, "short": text})


@each_style
def test_help_and_forms_say_what_they_take(style: str, adapter: SettingsAdapter) -> None:
    rows = [line.split() for line in adapter.format_help().splitlines()]
    told = {words[0]: words[1] for words in rows if words[1:]}
    expected = {
        "--start": "DATETIME",
        "--at": "TIME|null",
        "--every": "TIMEDELTA",
        "--paths": "PATH",
        "--prices.KEY": "DECIMAL",
        "--short": "DATE",
        "--either": "INT|TEXT",
        "--day": "TEXT|null",
    }
    assert {flag: told[flag] for flag in expected} == expected
    assert "one of 2020-01-01, 2020-01-02, null" in " ".join(" ".join(each) for each in rows)
    fields = {field.get("model"): field for field in adapter.get_schema().schema["fields"]}
    assert (fields["start"]["type"], fields["start"]["inputType"]) == ("input", "text")
    assert fields["paths"]["hint"].startswith("JSON: a list of paths")


@each_style
def test_jobs_take_them(style: str, adapter: SettingsAdapter, tmp_path: Path) -> None:
    seen: list[Any] = []

    class Train(Job):
        Settings = adapter.cls

        def run(self) -> None:
            seen.append(value(self.settings, "paths"))

    info = {"id": "a-job", "name": "a job", "settings": {"every": "P1W"}, "datasets": []}
    write_json(tmp_path / "info.json", info)
    args = ["--start", "2020-01-01 10:00", "--paths", "x//y", "--job.path", "z/"]
    Train.init(job_dir=tmp_path, args=args).start()
    assert seen == [[Path("x/y")]]
    output = json.loads((tmp_path / "artifacts" / "output.json").read_text())
    config = output["config"]["settings"]
    assert (config["start"], config["every"]) == ("2020-01-01 10:00", "P1W")
    assert (config["paths"], config["job"]) == (["x//y"], {"path": "z/"})
    with pytest.raises(SettingsError, match=r"start: must be a date and time .*from --start"):
        Train.init(job_dir=tmp_path, args=["--start", "tomorrow"])


@each_style
def test_show_settings_shows_text(
    style: str, adapter: SettingsAdapter, capsys: pytest.CaptureFixture[str]
) -> None:
    args = ["--start", "2020-01-01 10:00", "--paths", "x//y", "--show-settings=json"]
    with pytest.raises(SystemExit):
        adapter.from_args(args, prog="train")
    shown = json.loads(capsys.readouterr().out)
    assert (shown["start"], shown["paths"]) == ("2020-01-01 10:00", ["x//y"])


@settings(deadline=None, max_examples=scaled(25))
@given(
    config=st.fixed_dictionaries(
        {"start": texts("datetime")},
        optional={
            **PARTS,
            "until": texts("date") | st.just("never"),
            "source": texts("Path") | st.lists(texts("Path")),
            "span": st.lists(texts("date"), min_size=2, max_size=2),
        },
    )
)
def test_whatever_way_configs_go_they_stay_as_they_are(
    packages: dict[str, Any], config: Any
) -> None:
    for cls in packages.values():
        adapter = SettingsAdapter.of(cls)
        settings = adapter.from_config(config)
        whole = adapter.get_config(settings)
        assert {key: whole[key] for key in config} == config
        for again in (
            adapter.from_args(adapter.to_args(settings)),
            adapter.from_settings(adapter.get_settings(settings)),
        ):
            assert adapter.get_config(again) == whole


# The libraries themselves


def test_pydantic_takes_objects_and_texts(packages: dict[str, Any]) -> None:
    cls = packages["pydantic"]
    start, path = datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=2), "here")), Path("a")
    settings = cls(start=start, paths=[path, "b//c"], every="PT1H", either=date(2020, 1, 1))
    assert settings.start is start
    assert settings.paths[0] is path
    assert settings.either == date(2020, 1, 1)
    assert (settings.paths[1], settings.every) == (Path("b/c"), timedelta(hours=1))
    written = settings.model_dump(mode="json")
    assert written["start"] == "2020-01-01T00:00:00+02:00"
    assert (written["paths"], written["every"]) == (["a", "b//c"], "PT1H")
    assert json.loads(settings.model_dump_json()) == written
    assert cls.model_validate(settings.model_dump()) == settings
    assert cls.model_validate_json(settings.model_dump_json()).model_dump(mode="json") == written
    for wrong in (date(2020, 1, 1), 3, None):
        with pytest.raises(ValidationError):
            cls(start=wrong)
    with pytest.raises(ValidationError, match="String should match pattern"):
        cls(start=start, short=date(1999, 1, 1))
    with pytest.raises(ValidationError, match="should be a duration such as P1DT12H; Python's"):
        cls.model_validate({"start": "2020-01-01T00:00:00Z", "every": "P1M"})


def test_the_schema_of_pydantic_is_of_text(packages: dict[str, Any]) -> None:
    for mode in ("validation", "serialization"):
        properties = packages["pydantic"].model_json_schema(mode=mode)["properties"]
        assert properties["start"]["type"] == "string"
        assert properties["start"]["x-python-type"] == "datetime"
        assert properties["every"]["default"] == "PT90M"
    properties = packages["pydantic"].model_json_schema()["properties"]
    assert properties["short"]["pattern"] == "^20"
    assert properties["day"]["anyOf"][0]["enum"] == ["2020-01-01", "2020-01-02"]


@pytest.mark.parametrize("style", ["dataclass", "typeddict"])
def test_pydantic_knows_the_hints_of_others(style: str, packages: dict[str, Any]) -> None:
    adapter = TypeAdapter(packages[style])
    settings = adapter.validate_python({"start": "2020-01-01 10:00", "paths": ["a//b"]})
    assert value(settings, "start") == datetime(2020, 1, 1, 10)
    written = adapter.dump_python(settings, mode="json", exclude_none=True)
    assert (written["start"], written["paths"]) == ("2020-01-01 10:00", ["a//b"])


def test_msgspec_takes_the_hooks(packages: dict[str, Any]) -> None:
    cls = packages["msgspec"]
    config = {key: item for key, item in GIVEN.items() if key != "id"}
    settings = msgspec.convert(config, cls, dec_hook=dec_hook)
    assert settings.start == datetime(2020, 1, 1, tzinfo=UTC)
    text = msgspec.json.encode(settings, enc_hook=enc_hook)
    assert msgspec.json.decode(text) == config
    assert msgspec.json.decode(text, type=cls, dec_hook=dec_hook) == settings
    with pytest.raises(msgspec.ValidationError, match=r"a date such as .* - at `\$.until`"):
        msgspec.convert({**config, "until": "soon"}, cls, dec_hook=dec_hook)
    for wrong in ("2020-01-01T00:00:00Z", "x", 3):
        with pytest.raises(msgspec.ValidationError, match=r"Expected `AsText\[datetime\]`"):
            msgspec.convert({"start": wrong}, cls)
    with pytest.raises(msgspec.ValidationError, match=r"AsText\[.*date"):
        msgspec.convert({"start": settings.start, "until": "2020-01-01"}, cls)


# What is told as a loss

MIXED = {
    "type": "object",
    "properties": {
        "pair": PROPERTIES["pair"],
        "either": {"anyOf": [of("Path"), {"type": "object", "properties": {"a": of("date")}}]},
        "lists": {
            "anyOf": [{"type": "array", "items": of(name)} for name in ("date", "Path")],
        },
        "map": {"type": "object", "patternProperties": {"^x": of("date")}},
        "seen": {"type": "string", "not": of("date")},
    },
    "additionalProperties": of("UUID"),
}
#: The places at which each style keeps text.
KEPT = {
    "pydantic": ["map/patternProperties/^x", "pair/prefixItems/0"],
    "dataclass": ["map/patternProperties/^x", "pair/prefixItems/0"],
    "msgspec": [
        "additionalProperties",
        "either/anyOf/0",
        "lists/anyOf/0/items",
        "lists/anyOf/1/items",
        "map/patternProperties/^x",
        "pair/prefixItems/0",
    ],
    "typeddict": ["additionalProperties", "map/patternProperties/^x", "pair/prefixItems/0"],
}


@each_style
def test_what_stays_text_is_named_key_by_key(style: str, styled: Make) -> None:
    module = styled(style, MIXED)
    kept = [
        place.removeprefix("#/").removeprefix("properties/").removesuffix("/x-python-type")
        for place in lost(styled.report)  # type: ignore[attr-defined]
        if place.endswith("/x-python-type")
    ]
    assert kept == KEPT[style]
    adapter = SettingsAdapter.of(module.Training)
    keep(module.Training)
    config = {
        "pair": ["2020-01-01", 1],
        "either": {"a": "2020-01-01"},
        "lists": ["a//b"],
        "map": {"xa": "2020-01-01"},
        "other": "123E4567-e89b-12d3-a456-426614174000",
    }
    settings = adapter.from_config(config)
    assert value(settings, "pair") == ["2020-01-01", 1]
    assert value(value(settings, "either"), "a") == date(2020, 1, 1)
    assert adapter.get_config(settings) == config
    settings = adapter.from_config({"either": "a//b"})
    assert value(settings, "either") == ("a//b" if style == "msgspec" else Path("a/b"))


@each_style
def test_nothing_is_lost_where_all_is_held(style: str, styled: Make) -> None:
    properties = {key: HELD[key] for key in ("start", "at", "paths", "prices", "either", "day")}
    styled(style, {"type": "object", "properties": properties, "required": ["start"]})
    assert lost(styled.report) == []  # type: ignore[attr-defined]


@each_style
def test_alternatives_of_one_type_are_not_limited(style: str, styled: Make) -> None:
    """There is one hint for both, which must take what either takes."""
    years = {"anyOf": [of("date", pattern="^20"), of("date", pattern="^19"), {"type": "null"}]}
    cls = styled(style, {"type": "object", "properties": {"day": years}}).Training
    keep(cls)
    for text in ("2001-01-01", "1999-01-01"):
        settings = SettingsAdapter.of(cls).from_config({"day": text})
        assert value(settings, "day") == date.fromisoformat(text)
    assert any("anyOf" in place for place in lost(styled.report))  # type: ignore[attr-defined]


@each_style
def test_the_first_alternative_counts(style: str, styled: Make) -> None:
    text_first = {"anyOf": [{"type": "string"}, of("date")]}
    cls = styled(style, {"type": "object", "properties": {"day": text_first}}).Training
    keep(cls)
    assert value(SettingsAdapter.of(cls).from_config({"day": "2020-01-01"}), "day") == "2020-01-01"


@each_library
def test_extra_keys_and_roots_have_types(style: str, styled: Make) -> None:
    cls = styled(style, {"type": "object", "additionalProperties": of("Path")}).Training
    adapter = SettingsAdapter.of(cls)
    keep(cls)
    config = {"a": "x//y"}
    settings = adapter.from_config(config)
    assert adapter.get_config(settings) == config
    held = settings.model_extra if style == "pydantic" else settings.extra
    assert held == {"a": "x//y" if style == "msgspec" else Path("x/y")}


@each_style
def test_secrets_are_not_told(style: str, styled: Make) -> None:
    born = of("date", writeOnly=True)
    cls = styled(style, {"type": "object", "properties": {"born": born}}).Training
    keep(cls)
    adapter = SettingsAdapter.of(cls)
    settings = adapter.from_config({"born": "2020-01-01"})
    assert adapter.get_config(settings) == {"born": "2020-01-01"}
    assert adapter.get_config(settings, hide_secrets=True) == {}
    with pytest.raises(SettingsError, match=r"born: must be a date .* \(got a hidden value\)"):
        adapter.from_config({"born": "tomorrow"})
    if style == "msgspec":
        with pytest.raises(msgspec.ValidationError) as caught:
            msgspec.convert({"born": "tomorrow"}, cls, dec_hook=dec_hook)
        assert "tomorrow" not in str(caught.value)


# The code

#: Classes and attributes may have the names of what is imported.
TAKEN = {
    "UUID": of("UUID"),
    "x": of("UUID"),
    "AsText": of("Path", default="a"),
    "from_text": of("Path", default="a" * 90),
}
USE = """
from datetime import datetime, timezone
from pathlib import Path
from {package}.training import Training
training = Training(start=datetime.now(timezone.utc), paths=[Path("a")])
print({start}.year, [path.parent for path in {paths}])
"""


@pytest.fixture
def written(tmp_path: Path) -> dict[str, Path]:
    """A package of each style, with code that uses it."""
    path = {"$ref": "#/$defs/Path"}
    schema = {**SCHEMA, "properties": {**SCHEMA["properties"], "path": path}}
    defined = {"Path": {"type": "object", "properties": TAKEN}}
    write_json(tmp_path / "training.json", {**schema, "$defs": defined})
    for style in STYLES:
        generate([tmp_path / "training.json"], tmp_path / f"{style}_typed", style=style)
        is_dict = style == "typeddict"
        start = 'training["start"]' if is_dict else "training.start"
        paths = 'training.get("paths", [])' if is_dict else "training.paths"
        use = USE.format(package=f"{style}_typed", start=start, paths=paths)
        (tmp_path / f"{style}_typed" / "use.py").write_text(use)
    return {style: tmp_path / f"{style}_typed" for style in STYLES}


def test_generated_code_suits_linters(written: dict[str, Path]) -> None:
    for package in written.values():
        (package / "use.py").unlink()
        assert generated_code.ruff(package) == ""


@pytest.mark.slow
def test_generated_code_suits_type_checkers(written: dict[str, Path]) -> None:
    packages = [*written.values()]
    assert generated_code.mypy(packages[0].parent) == ""
    assert generated_code.pyright(packages[0].parent, *packages) == ""


@each_style
def test_without_such_texts_nothing_of_ours_is_imported(style: str, tmp_path: Path) -> None:
    write_json(tmp_path / "training.json", {"properties": {"a": {"type": "string"}}})
    generate([tmp_path / "training.json"], tmp_path / "settings", style=style)
    assert "brevettiai" not in (tmp_path / "settings" / "training.py").read_text()
