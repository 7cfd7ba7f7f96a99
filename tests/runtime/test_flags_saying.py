"""What a config is as a command line: `to_args`, all of it and the shortest."""

from __future__ import annotations

from typing import Any

import pytest
from brevettiai.cli.flags import parse
from brevettiai.cli.saying import to_args
from brevettiai.compiled import json_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from loaded_classes import loaded_class, tagged
from random_sizes import scaled
from settings_standins import ANY, Augmentation, Training, Tree, field
from settings_standins import settings as settings_class

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False).filter(lambda number: abs(number) != float("inf"))
    | st.text()
    | st.sampled_from(
        ["null", "true", "5", "[", '"', "-x", "--epochs", "", "\0", "1e5", "@x", "@@x", "yes"]
    )
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def configs(cls: Any, depth: int = 3) -> st.SearchStrategy[dict[str, Any]]:
    """JSON objects that look like configs of `cls`, with wrong values and unknown keys too."""
    known = {
        field.key: JSON | configs(field.cls, depth - 1) if field.cls and depth else JSON
        for field in cls.__brevetti__.fields()
    }
    return st.fixed_dictionaries({}, optional=known).flatmap(
        lambda config: st.dictionaries(st.text() | st.just("help"), JSON, max_size=2).flatmap(
            lambda extra: st.permutations(list({**extra, **config}.items())).map(dict)
        )
    )


def key_order(value: Any) -> Any:
    if isinstance(value, dict):
        return [(key, key_order(item)) for key, item in value.items()]
    return [key_order(item) for item in value] if isinstance(value, list) else None


@settings(max_examples=scaled(150), deadline=None)
@given(st.data())
def test_to_args_says_every_config(data: st.DataObject) -> None:
    cls = data.draw(st.sampled_from([Training, Augmentation, Tree]))
    config = data.draw(configs(cls))
    args = to_args(cls, config)
    parsed = parse(cls, args)
    assert parsed.problems == []
    assert json_equal(parsed.config, config)
    assert key_order(parsed.config) == key_order(config)
    assert not any("\0" in arg for arg in args)
    "".join(args).encode()


@settings(max_examples=scaled(150), deadline=None)
@given(
    kinds=st.lists(st.sampled_from(ANY), unique=True),
    items=st.lists(st.sampled_from(ANY), unique=True),
    value=JSON,
)
def test_to_args_says_every_value(kinds: list[str], items: list[str], value: Any) -> None:
    cls = settings_class("One", field("x", *kinds, item_kinds=" ".join(items)))
    parsed = parse(cls, to_args(cls, {"x": value}))
    assert parsed.problems == []
    assert json_equal(parsed.config, {"x": value})


def test_to_args_reads_well() -> None:
    config = {
        "epochs": 3,
        "name": "",
        "help": 1,
        "preset": "p",
        "augmentation": {"flip": False, "blur": {}, "angle": 5, "more": None},
        "classes": ["ä"],
        "note": "null",
        "level": [],
    }
    assert to_args(Training, config) == [
        "--epochs=3",
        "--name=",
        '--.={"help":1,"preset":"p"}',
        "--augmentation.flip=false",
        "--augmentation.blur={}",
        "--augmentation.angle=5",
        '--augmentation={"more":null}',
        "--classes=ä",
        '--note="null"',
        '--.={"level":[]}',
    ]


@pytest.mark.parametrize("value", [float("nan"), [float("inf")]])
def test_to_args_refuses_what_is_no_json(value: object) -> None:
    with pytest.raises(ValueError, match="must be a finite number"):
        to_args(Training, {"epochs": value})


NUMBER = {"type": "number"}
ADAM = tagged("adam", lr={**NUMBER, "default": 0.1}, beta=NUMBER)
SGD = tagged("sgd", lr={**NUMBER, "default": 1}, momentum=NUMBER)
STAGE = {"type": "object", "properties": {"lr": {**NUMBER, "default": 1}, "note": {}}}
NET = {
    "type": "object",
    "properties": {"width": NUMBER, "x y": NUMBER, "depth": {**NUMBER, "default": 3}},
    "default": {"width": 1, "x y": 2, "other": 3},
}
Shortest = loaded_class(
    {
        "opt": {"anyOf": [ADAM, SGD], "default": {"name": "adam", "beta": 0.5}},
        "stages": {"type": "array", "items": STAGE, "default": [{"lr": 2}]},
        "weights": {"type": "object", "additionalProperties": NUMBER, "default": {"a": 1}},
        "jobs": {"type": "object", "additionalProperties": STAGE},
        "sizes": {"type": ["array", "null"], "items": {"type": "integer"}, "default": [1, 2]},
        "net": NET,
        "token": {"type": "string", "writeOnly": True},
        "flip": {"type": "boolean", "default": True},
    }
)


@pytest.mark.parametrize(
    ("config", "args"),
    [
        ({}, []),
        ({"flip": True, "sizes": [1, 2], "opt": {"name": "adam", "beta": 0.5}}, []),
        ({"flip": False}, ["--flip=false"]),
        ({"opt": {"name": "adam", "beta": 0.5, "lr": 3}}, ["--opt.lr=3"]),
        ({"opt": {"name": "sgd", "lr": 1}}, ["--opt.name=sgd"]),
        ({"opt": {"name": "sgd", "momentum": 2}}, ["--opt.name=sgd", "--opt.momentum=2"]),
        ({"opt": {"name": "adam"}}, ["--unset=opt.beta"]),
        ({"stages": [{"lr": 2, "note": None}]}, ['--stages={"lr":2,"note":null}']),
        ({"stages": [{}]}, ["--stages={}"]),
        ({"sizes": [7]}, ["--sizes=7"]),
        ({"sizes": None}, ["--sizes=null"]),
        ({"sizes": []}, ["--sizes=[]"]),
        ({"weights": {"a": 1, "b": 2}}, ["--weights.b=2"]),
        ({"weights": {"b": 2}}, ["--weights.b=2", "--unset=weights.a"]),
        ({"weights": {"a": 1, "x y": 2}}, ['--weights={"a":1,"x y":2}']),
        ({"weights": dict.fromkeys("bcde", 1)}, ['--weights={"b":1,"c":1,"d":1,"e":1}']),
        ({"jobs": {"build": {"lr": 5}}}, ["--jobs.build.lr=5"]),
        ({"jobs": {"build": {}}}, ["--jobs.build={}"]),
        ({"net": {"width": 1, "x y": 2, "other": 3, "depth": 4}}, ["--net.depth=4"]),
        ({"net": {"x y": 2, "other": 3}}, ["--unset=net.width"]),
        ({"net": {"width": 1}}, ['--unset=["net","x y"]', '--unset=["net","other"]']),
        ({"token": "@x"}, ["--token=@@x"]),
    ],
)
def test_the_shortest_says_what_differs(config: dict[str, Any], args: list[str]) -> None:
    settings = Shortest.from_config(config)
    assert settings.to_args() == args
    assert Shortest.from_args(args) == settings
    full = to_args(Shortest, settings.get_config())
    assert json_equal(parse(Shortest, full).config, settings.get_config())


def test_an_own_default_in_an_object_that_fills_itself_is_taken_back() -> None:
    inner = {"properties": {"c": {"type": "string"}}, "type": "object", "default": {"key": 1}}
    cls = loaded_class({"l": {"type": "object", "properties": {"c": inner}, "default": {}}})
    lacking = cls.from_config({"l": {"c": {}}})
    assert cls.from_args(lacking.to_args()) == lacking
