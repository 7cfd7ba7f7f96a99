"""`x-python-type`: texts that are objects of Python's own classes in attributes, without a loss."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

import brevettiai
import generated_code
import pytest
from brevetti_gen import generate
from brevettiai.formats.python_types import can_read, read, text_of
from brevettiai.settings import UNSET, SettingsError
from conformance.generated import generated, write_json
from hypothesis import given, settings
from hypothesis import strategies as st

ClassOf = Callable[..., Any]
UTC = timezone.utc


def of(name: str, **others: Any) -> dict[str, Any]:
    return {"type": "string", "x-python-type": name, **others}


#: One property for each way in which a type can stand, in a class that is no more than these.
PROPERTIES: dict[str, Any] = {
    "start": of("datetime", description="When it starts."),
    "date": of("date", default="2020-01-31"),
    "at": of("time", type=["string", "null"]),
    "every": of("timedelta", default="PT90M"),
    "paths": {"type": "array", "items": of("Path"), "default": ["a//b"]},
    "prices": {"type": "object", "additionalProperties": of("Decimal")},
    "id": of("UUID"),
    "either": {"anyOf": [of("date"), {"type": "string"}, {"type": "integer"}]},
    "pair": {"type": "array", "prefixItems": [of("date"), {"type": "integer"}]},
    "day": {"enum": ["2020-01-01", "2020-01-02", None], "x-python-type": "date"},
    "jobs": {"type": "array", "items": {"type": "object", "properties": {"path": of("Path")}}},
}
#: The same where presence matters, so that it is loaded in the general way.
KINDS: list[dict[str, Any]] = [
    {"type": "object", "properties": PROPERTIES, "required": ["start"]},
    {"type": "object", "properties": PROPERTIES, "required": ["start"], "maxProperties": 50},
]
CONFIG: dict[str, Any] = {
    "start": "2020-01-01T00:00:00+00:00",
    "date": "2021-02-03",
    "at": "09:30",
    "every": "P1W",
    "paths": ["./a", "b"],
    "prices": {"x": "1.50", "y": "1e3"},
    "id": "123E4567-e89b-12d3-a456-426614174000",
    "either": "2020-01-01",
    "pair": ["2020-01-01", 1, "2020-01-01"],
    "day": None,
    "jobs": [{"path": "a/"}],
}


@pytest.fixture(params=KINDS, ids=["simple", "tracking"])
def cls(request: pytest.FixtureRequest, class_of: ClassOf) -> Any:
    return class_of(request.param)


def test_attributes_are_objects_of_the_types(cls: Any) -> None:
    settings = cls.from_config(CONFIG)
    assert settings.start == datetime(2020, 1, 1, tzinfo=UTC)
    assert (settings.date, settings.at) == (date(2021, 2, 3), time(9, 30))
    assert settings.every == timedelta(days=7)
    assert settings.paths == [Path("a"), Path("b")]
    assert settings.prices == {"x": Decimal("1.50"), "y": Decimal(1000)}
    assert settings.id == UUID("123e4567-e89b-12d3-a456-426614174000")
    assert (settings.either, settings.day) == (date(2020, 1, 1), None)
    assert settings.pair == [date(2020, 1, 1), 1, "2020-01-01"]
    assert settings.jobs[0].path == Path("a")
    assert cls.from_config({**CONFIG, "either": "soon"}).either == "soon"


def test_configs_have_the_very_texts_that_were_given(cls: Any) -> None:
    settings = cls.from_config(CONFIG)
    assert settings.get_config() == CONFIG
    for again in (
        cls.from_json(settings.to_json()),
        cls.from_args(settings.to_args()),
        cls.from_settings(settings.get_settings()),
        pickle.loads(pickle.dumps(settings)),
        copy.deepcopy(settings),
        settings.replace(date=settings.date),
        cls(**vars(settings)),
    ):
        assert again == settings
        assert again.get_config() == CONFIG
    settings.validate()
    assert settings != cls.from_config({**CONFIG, "start": "2020-01-01T00:00:00Z"})


def test_what_is_absent_is_filled_or_absent(cls: Any) -> None:
    settings = cls.from_config({"start": "2020-01-01T00:00:00Z"})
    assert (settings.date, settings.every) == (date(2020, 1, 31), timedelta(minutes=90))
    assert settings.paths == [Path("a/b")]
    assert (settings.at, settings.id) == (UNSET, None)
    assert settings.get_config() == {
        "start": "2020-01-01T00:00:00Z",
        **{key: PROPERTIES[key]["default"] for key in ("date", "every", "paths")},
    }
    assert settings.get_config(exclude_defaults=True) == {"start": "2020-01-01T00:00:00Z"}


def test_constructors_take_objects_and_texts(cls: Any) -> None:
    start, path = datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=2), "here")), Path("a")
    settings = cls(start=start, paths=[path, "b//c"], every="PT1H", at=time(9, 30))
    assert settings.start is start
    assert settings.paths[0] is path
    assert (settings.paths[1], settings.every) == (Path("b/c"), timedelta(hours=1))
    config = settings.get_config()
    assert config["start"] == "2020-01-01T00:00:00+02:00"
    assert (config["paths"], config["every"], config["at"]) == (["a", "b//c"], "PT1H", "09:30:00")
    with pytest.raises(SettingsError, match="start: must be a date and time such as"):
        cls(start=date(2020, 1, 1))
    with pytest.raises(SettingsError, match=r"start: must be text \(got 3\)"):
        cls(start=3)


def test_what_is_assigned_is_written_in_the_usual_form(cls: Any) -> None:
    settings = cls.from_config(CONFIG)
    settings.start += timedelta(hours=1)
    settings.every = timedelta(days=1, milliseconds=1500)
    settings.paths.append(Path("c") / "d")
    settings.prices["z"] = Decimal("0.10")
    settings.id = UUID(int=1)
    settings.validate()
    config = settings.get_config()
    assert (config["start"], config["every"]) == ("2020-01-01T01:00:00Z", "P1DT1.5S")
    assert config["paths"] == ["./a", "b", "c/d"]
    assert config["prices"] == {"x": "1.50", "y": "1e3", "z": "0.10"}
    assert config["id"] == str(UUID(int=1))
    assert pickle.loads(pickle.dumps(settings)) == settings
    settings.start = date(2020, 1, 1)
    with pytest.raises(SettingsError, match="start: must be a date and time"):
        settings.validate()


def test_what_no_type_holds_is_told(cls: Any) -> None:
    bad = {
        "start": "2016-12-31T23:59:60Z",
        "date": "0000-01-01",
        "at": "24:00",
        "every": "P1M",
        "paths": ["s3://bucket/a", 3],
        "prices": {"x": "1,5"},
        "id": "x",
        "day": "x",
    }
    with pytest.raises(SettingsError) as caught:
        cls.from_config(bad)
    assert str(caught.value).splitlines()[1:] == [
        "  start: must be a date and time such as 2026-01-31T23:59:00Z; Python has no leap seconds"
        " (got '2016-12-31T23:59:60Z')",
        "  date: must be a date such as 2026-01-31; Python's years begin with 1 (got '0000-01-01')",
        "  at: must be a time such as 23:59:00 (got '24:00')",
        "  every: must be a duration such as P1DT12H; Python's durations have no years and months"
        " (got 'P1M')",
        "  paths[0]: must be a path; a Path cannot hold an address (got 's3://bucket/a')",
        "  paths[1]: must be text (got 3)",
        "  prices.x: must be a decimal number such as 1.50 (got '1,5')",
        "  id: must be a UUID such as 123e4567-e89b-12d3-a456-426614174000 (got 'x')",
        "  day: must be one of '2020-01-01', '2020-01-02', null (got 'x')",
    ]


def test_help_says_what_flags_take(cls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    lines = cls.format_help().splitlines()
    told = {words[0]: " ".join(words[1:]) for line in lines if (words := line.split())}
    assert told["--start"] == ("DATETIME When it starts. [required; such as 2026-01-31T23:59:00Z]")
    assert told["--at"] == "TIME|null [such as 23:59:00]"
    assert told["--every"] == "TIMEDELTA [default: PT90M]"
    assert told["--paths"] == "PATH ... [default: a//b]"
    assert told["--prices.KEY"] == "DECIMAL"
    assert told["--either"] == "INT|TEXT"
    settings = cls.from_args(
        ["--start", "2020-01-01 10:00", "--paths", "x", "y", "--prices.a", "1", "--at", "null"]
    )
    assert settings.start == datetime(2020, 1, 1, 10)
    assert (settings.paths, settings.at) == ([Path("x"), Path("y")], None)
    assert settings.prices == {"a": Decimal(1)}


def test_forms_edit_text(cls: Any) -> None:
    fields = {field["model"]: field for field in cls.get_schema().schema["fields"]}
    assert fields["start"]["type"] == "input"
    assert fields["start"]["inputType"] == "text"
    assert fields["paths"]["hint"] == 'JSON: a list of paths. Example: ["a//b"]'
    assert cls.from_config(CONFIG).get_settings()["start"] == CONFIG["start"]


def test_repr_shows_plain_objects(cls: Any) -> None:
    settings = cls(start="2020-01-01T00:00:00+00:00", paths=["a//b"], id=CONFIG["id"])
    text = repr(settings)
    assert "start=datetime.datetime(2020, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)" in text
    assert f"paths=[{Path('a/b')!r}]" in text
    assert f"id={settings.id!r}" in text


def test_secrets_and_extra_keys(class_of: ClassOf) -> None:
    cls = class_of(
        {
            "type": "object",
            "properties": {"born": of("date", writeOnly=True)},
            "additionalProperties": {"type": "object", "properties": {"on": of("date")}},
        }
    )
    paths = class_of(
        {
            "type": "object",
            "properties": {
                "map": {"type": "object", "patternProperties": {"^x": of("date")}},
            },
            "additionalProperties": of("Path"),
        }
    )
    config = {"map": {"xa": "2020-01-01", "b": "2020-01-01"}, "here": "a//b"}
    settings = paths.from_config(config)
    assert settings.map == {"xa": date(2020, 1, 1), "b": "2020-01-01"}
    assert settings.extra == {"here": Path("a/b")}
    assert settings.get_config() == config
    assert paths.from_args(settings.to_args()) == settings
    assert "--KEY" not in paths.format_help()
    settings = cls.from_config({"born": "2020-01-01", "x": {"on": "2020-01-02"}})
    assert settings.extra["x"].on == date(2020, 1, 2)
    assert "born=***" in repr(settings)
    assert settings.get_config(hide_secrets=True) == {"x": {"on": "2020-01-02"}}
    with pytest.raises(SettingsError, match=r"born: must be a date .* \(got a hidden value\)"):
        cls.from_config({"born": "tomorrow"})


TAGGED: dict[str, Any] = {
    "type": "object",
    "oneOf": [
        {"properties": {"kind": {"const": "on"}, "v": of("date")}, "required": ["kind"]},
        {
            "properties": {"kind": {"const": "as"}, "v": {"type": "string"}},
            "required": ["kind"],
        },
    ],
}


def test_alternatives_decide_what_is_loaded(class_of: ClassOf) -> None:
    cls = class_of(TAGGED)
    assert cls.from_config({"kind": "on", "v": "2020-01-01"}).v == date(2020, 1, 1)
    assert cls.from_config({"kind": "as", "v": "2020-01-01"}).v == "2020-01-01"
    with pytest.raises(SettingsError, match="v: must be a date"):
        cls.from_config({"kind": "on", "v": "soon"})
    union = class_of({"type": "object", "properties": {"a": {"anyOf": TAGGED["oneOf"]}}})
    assert union.from_config({"a": {"kind": "on", "v": "2020-01-01"}}).a.v == date(2020, 1, 1)
    assert union.from_config({"a": {"kind": "as", "v": "2020-01-01"}}).a.v == "2020-01-01"


def test_it_counts_beside_alternatives_and_references(class_of: ClassOf) -> None:
    cls = class_of(
        {
            "type": "object",
            "properties": {
                "a": of("date", anyOf=[{"pattern": "^20"}, {"pattern": "^19"}]),
                "b": {"$ref": "#/$defs/Text", "x-python-type": "date"},
                "c": {"allOf": [{"$ref": "#/$defs/Day"}], "default": "2020-01-01"},
                "d": {"not": {"x-python-type": "date"}},
            },
            "$defs": {"Text": {"type": "string"}, "Day": of("date")},
        }
    )
    settings = cls.from_config({"a": "1999-01-01", "b": "2020-01-01", "d": "2020"})
    assert [settings.a, settings.b, settings.c] == [date(y, 1, 1) for y in (1999, 2020, 2020)]
    with pytest.raises(SettingsError, match="d: must not"):
        cls.from_config({"d": "2020-01-01"})


def test_a_root_can_be_of_a_type(module_of: Callable[..., Any]) -> None:
    module = module_of({"type": "array", "items": of("Path")})
    assert module.load(["a//b"]) == [Path("a/b")]
    assert module.dump(module.load(["a//b"])) == ["a//b"]
    assert module.dump([Path("c")]) == ["c"]
    assert module_of(of("date")).load("2020-01-01") == date(2020, 1, 1)


#: Of a type that stands beside anything, nothing is imported.
BESIDE_ANYTHING: dict[str, Any] = {
    "type": "object",
    "properties": {"pair": {"type": "array", "prefixItems": [of("date"), {"enum": ["a", "b"]}]}},
}


@pytest.mark.slow
def test_generated_code_suits_type_checkers(tmp_path: Path) -> None:
    # A class and an attribute may have the names of types.
    taken = {"Path": {"type": "object", "properties": {"UUID": of("UUID"), "x": of("UUID")}}}
    packages = tmp_path / "packages"
    for number, schema in enumerate([*KINDS, TAGGED, BESIDE_ANYTHING]):
        properties = {**schema.get("properties", {}), "path": {"$ref": "#/$defs/Path"}}
        path = tmp_path / str(number) / "training.json"
        write_json(path, {**schema, "$defs": taken, "properties": properties})
        package = packages / f"settings_{number}"
        generate([path], package)
        assert generated_code.ruff(package) == ""
        (package / "use.py").write_text(USE if "start" in properties else "")
    (packages / "__init__.py").write_text("")
    assert generated_code.mypy(packages) == ""
    assert generated_code.pyright(tmp_path, packages) == ""


USE = """
from datetime import datetime, timezone
from pathlib import Path
from .training import Training
training = Training(start=datetime.now(timezone.utc), paths=[Path("a")])
print(training.start.year, [path.parent for path in training.paths], training.date.day)
"""


def test_nothing_is_imported_before_a_value_is_loaded(tmp_path: Path) -> None:
    properties = {"start": of("datetime"), "rate": {"type": "number"}}
    write_json(tmp_path / "training.json", {"type": "object", "properties": properties})
    generate([tmp_path / "training.json"], tmp_path / "settings")
    program = """
import json, sys
from settings import Training
def new(): return [n for n in ("datetime", "decimal", "uuid", "pathlib") if n in sys.modules]
found = [new()]
Training.from_args(["--rate", "0.5"]).get_config()
found.append(new())
Training.from_args(["--start", "2020-01-01T00:00:00Z"]).get_config()
print(json.dumps([*found, new()]))
"""
    command = [sys.executable, "-S", "-c", program]
    environment = {**os.environ, "PYTHONPATH": str(Path(brevettiai.__file__).parents[1])}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [[], [], ["datetime"]]


# The texts themselves

READABLE = {
    "datetime": [
        *("2020-01-01T00:00:00Z", "2020-01-01t00:00:00z", "2020-01-01T00:00:00-00:00"),
        *("2020-01-01 09:30", "2020-01-01T00:00:00.500Z", "2020-01-01T00:00:00.123456789+02:00"),
    ],
    "date": ["2020-02-29", "0001-01-01", "9999-12-31"],
    "time": ["09:30", "09:30:00Z", "09:30:00.10+23:59"],
    "timedelta": ["P1D", "PT0S", "PT90M", "P1W", "-P1DT0.5S", "p1dt1s", "P1DT2H3M4.5S", "+P1D"],
    "Path": ["", ".", "a/b", "a//b/", "./a", "../a", "C:\\x", "a\nb", "a:b"],
    "Decimal": ["1", "-0", "+1.50", "1e3", "1E+3", ".5", "5.", "00.10"],
    "UUID": ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
}
UNREADABLE = {
    "datetime": [
        *("2020-01-01", "2020-01-01T24:00:00Z", "2020-02-30T00:00:00Z", "2020-01-01T00:00Z\n"),
        *("2020-01-01T00:00:00+01:60", "2020-01-01T00:00:00+24:00", "20200101T000000Z"),
    ],
    "date": ["2019-02-29", "2020-1-1", "20200101", "2020-W01-1", "٢٠٢٠-01-01"],
    "time": ["9:30", "24:00", "09", "09:30:60Z"],
    "timedelta": ["P", "PT", "P1DT", "P1Y", "1D", "P0.5D", "P9999999999D", f"P{'9' * 5000}D"],
    "Path": ["s3://bucket/a", "file:///a", "a\0b"],
    "Decimal": ["", "1_0", "NaN", "Infinity", "1,5", " 1", "٣", f"1e{'9' * 30}"],
    "UUID": ["123e4567e89b12d3a456426614174000", "{123e4567-e89b-12d3-a456-426614174000}"],
}


@pytest.mark.parametrize("name", READABLE)
def test_texts_are_read_and_kept(name: str) -> None:
    for text in READABLE[name]:
        value = read(name, text)
        for each in (value, copy.copy(value), pickle.loads(pickle.dumps(value))):
            assert (text_of(each), each) == (text, value)
            assert (repr(each), hash(each)) == (repr(value), hash(value))
    for text in UNREADABLE[name]:
        assert not can_read(name, text)


@given(
    value=st.one_of(
        st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=-3))])),
        st.dates(),
        st.times(timezones=st.sampled_from([None, UTC])),
        st.timedeltas(),
        st.decimals(allow_nan=False, allow_infinity=False),
        st.uuids(),
        st.lists(st.text("ab.", min_size=1), min_size=1).map(lambda parts: Path(*parts)),
    )
)
def test_what_is_written_is_read_again(value: Any) -> None:
    text = text_of(value)
    assert text is not None
    name = "Path" if isinstance(value, PurePath) else type(value).__name__
    assert read(name, text) == value
    assert type(read(name, text)) is type(value)


@given(st.sampled_from(sorted(READABLE)), st.text("0123456789-+:.TZPDHMSeE/ ", max_size=30))
def test_any_text_is_kept_or_refused(name: str, text: str) -> None:
    if can_read(name, text):
        assert text_of(read(name, text)) == text
        assert text_of(pickle.loads(pickle.dumps(read(name, text)))) == text


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Any]]:
    folder = tmp_path_factory.mktemp("python_types")
    names = ("simple", "tracking")
    for name, schema in zip(names, KINDS, strict=True):
        write_json(folder / f"{name}.json", schema)
    with generated([folder / f"{name}.json" for name in names], folder, {}) as package:
        yield [getattr(package.module(name), name.title()) for name in names]


def texts(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(READABLE[name])


PARTS = {
    "date": texts("date"),
    "at": texts("time") | st.none(),
    "every": texts("timedelta"),
    "paths": st.lists(texts("Path"), max_size=3),
    "prices": st.dictionaries(st.sampled_from("ab."), texts("Decimal")),
    "id": texts("UUID"),
    "either": texts("date") | texts("Path") | st.integers(-3, 3),
    "jobs": st.lists(st.fixed_dictionaries({}, optional={"path": texts("Path")})),
}


@settings(deadline=None)
@given(
    config=st.fixed_dictionaries(
        {"start": texts("datetime")},
        optional={**PARTS, "pair": st.tuples(texts("date"), st.integers(-3, 3)).map(list)},
    )
)
def test_whatever_way_configs_go_they_stay_as_they_are(classes: list[Any], config: Any) -> None:
    for cls in classes:
        settings = cls.from_config(config)
        fills = {key: PROPERTIES[key]["default"] for key in ("date", "every", "paths")}
        whole = {**fills, **config}
        assert settings.get_config() == whole
        for again in (
            cls.from_args(settings.to_args()),
            cls.from_settings(settings.get_settings()),
            cls.from_config(settings.get_config(exclude_defaults=True)),
            pickle.loads(pickle.dumps(settings)),
            cls(**vars(settings)),
        ):
            assert again.get_config() == whole


def test_what_is_made_of_such_an_object_is_plain() -> None:
    later = read("datetime", "2020-01-01T00:00:00+00:00") + timedelta(days=1)
    assert text_of(later) == "2020-01-02T00:00:00Z"
    assert type(pickle.loads(pickle.dumps(later))) is datetime
    assert text_of(read("Path", "a//b") / "c") == "a/b/c"
    assert text_of(3) is None


def test_asserted_formats_are_told_once(tmp_path: Path) -> None:
    properties = {"a": of("date", format="date"), "b": of("datetime", format="date-time")}
    write_json(tmp_path / "training.json", {"type": "object", "properties": properties})
    sources = [tmp_path / "training.json"]
    with generated(sources, tmp_path, {}, assert_formats=True) as package:
        cls = package.module("training").Training
        with pytest.raises(SettingsError) as caught:
            cls.from_config({"a": "x", "b": "2020-01-01T00:00:00"})
    assert len(caught.value.problems) == 2
