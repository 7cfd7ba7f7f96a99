from __future__ import annotations

import argparse
from typing import Any

import pytest
from brevettiai.cli.parsers import add_arguments, from_namespace
from settings_standins import ANY, Augmentation, Training, Tree, field, settings


def parser_of(cls: Any, prefix: str = "") -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("prog")
    add_arguments(cls, parser, prefix)
    return parser


def config(cls: Any, *args: str) -> Any:
    parsed = from_namespace(cls, parser_of(cls).parse_args(args))
    assert parsed.problems == []
    return parsed.config


def test_flags_in_a_parser_of_your_own() -> None:
    parser = parser_of(Training)
    parser.add_argument("image")
    parser.add_argument("--mine", type=int)
    namespace = parser.parse_args(
        ["--epochs", "3", "--augmentation.angle=5", "--no-augmentation.flip", "--mine=1", "in.png"]
    )
    assert (namespace.image, namespace.mine) == ("in.png", 1)
    parsed = from_namespace(Training, namespace)
    assert parsed.config == {"epochs": 3, "augmentation": {"angle": 5, "flip": False}}
    assert parsed.origins[("augmentation", "angle")] == "--augmentation.angle"


def test_flags_that_are_not_given_leave_nothing() -> None:
    assert vars(parser_of(Training).parse_args([])) == {}


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--verbose", "--cache"], {"verbose": True, "cache": True}),
        (["--no-verbose", "--cache", "folder"], {"verbose": False, "cache": "folder"}),
        (["--classes", "a", "--classes", '["b"]'], {"classes": ["a", "b"]}),
        (["--sizes=null"], {"sizes": None}),
        (["--learning-rate=1"], {"learning_rate": 1}),
        (["--augmentation.blur.no-border"], {"augmentation": {"blur": {"no-border": True}}}),
        (["--no-augmentation.blur.no-border"], {"augmentation": {"blur": {"no-border": False}}}),
        (
            ["--augmentation", '{"angle": 1}', "--augmentation", "{}"],
            {"augmentation": {"angle": 1}},
        ),
        (["--.", '{"a.b": 1}'], {"a.b": 1}),
    ],
)
def test_values(args: list[str], expected: dict[str, Any]) -> None:
    assert config(Training, *args) == expected


def test_problems_are_found_all_at_once() -> None:
    namespace = parser_of(Training).parse_args(["--epochs=x", "--sizes=y", "--.=[]"])
    parsed = from_namespace(Training, namespace)
    assert [(problem.path, problem.given, problem.source) for problem in parsed.problems] == [
        ((), "", "--."),
        (("epochs",), "'x'", "--epochs"),
        (("sizes",), "'y'", "--sizes"),
    ]


def test_two_classes_in_one_parser() -> None:
    parser = parser_of(Training, "train.")
    add_arguments(Augmentation, parser, "test.")
    namespace = parser.parse_args(
        ["--train.epochs=3", "--test.angle=2", "--no-train.verbose", "--test", '{"flip": true}']
    )
    train = from_namespace(Training, namespace, "train.")
    assert train.config == {"epochs": 3, "verbose": False}
    assert from_namespace(Augmentation, namespace, "test.").config == {"flip": True, "angle": 2}
    assert train.origins[("epochs",)] == "--train.epochs"


def test_old_names_are_flags_that_help_does_not_list(caplog: pytest.LogCaptureFixture) -> None:
    inner = settings("Inner", field("size", "integer", old_keys=("width",)))
    cls = settings("Renamed", field("inner", "object", cls=inner))
    parser = parser_of(cls)
    assert "width" not in parser.format_help()
    parsed = from_namespace(cls, parser.parse_args(["--inner.width", "3"]))
    assert (parsed.config, parsed.problems) == ({"inner": {"size": 3}}, [])
    assert "Renamed flag: --inner.width (now --inner.size)" in caplog.text


def test_defaults_of_the_parser_are_values() -> None:
    parser = parser_of(Training)
    parser.set_defaults(epochs=4, classes=["x"])
    parsed = from_namespace(Training, parser.parse_args([]))
    assert parsed.config == {"epochs": 4, "classes": ["x"]}


def test_help_groups_and_escapes() -> None:
    hostile = "100% %(prog)s %s \x1b["
    inner = settings("Inner", field("x", "integer"), title=hostile, doc=hostile)
    cls = settings(
        "Outer",
        field("a", "string", description=hostile, choices=(hostile,)),
        field("in", "object", cls=inner),
        field("a[b]", "string"),
        field("%(x)s", "string"),
        *(field(f"field_{number}", *ANY) for number in range(30)),
        title=hostile,
        doc=f"{hostile}!",
    )
    text = parser_of(cls).format_help()
    assert text.count("100% %(prog)s %s \\x1b[") >= 4
    assert "--in.x INT" in text
    assert "a[b]" not in text


def test_classes_in_themselves_end() -> None:
    assert config(Tree, "--child", '{"child": {"value": 1}}') == {"child": {"child": {"value": 1}}}
