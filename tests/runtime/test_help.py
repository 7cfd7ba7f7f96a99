from __future__ import annotations

import sys
from typing import Any

import pytest
from brevettiai.cli.help import format_help, manual_of
from brevettiai.cli.layout import Page
from settings_standins import Augmentation, Training, Tree, field, settings

HELP = """\
usage: augment [FLAG ...]

Augmentation

How images are changed before they are used.

Settings:
  --angle INT               Largest rotation, in degrees, to either
                            side. [0 to 180; default: 20]
  --[no-]flip               Mirror images at random. [default: true]

Blur (--blur JSON|null):
  --blur.radius NUMBER      [at least 0; default: 1.5]
  --[no-]blur.no-border

General:
  --settings-file FILE      Read settings from a JSON, TOML or YAML
                            file; NAME=FILE reads the one setting NAME.
  --unset NAME              Take back what presets, files and variables
                            say of NAME.
  --. JSON                  Many settings at once, as one JSON object.
  --show-settings[=FORMAT]  Show all settings and where each comes from;
                            =json, =toml or =yaml is a file of them.
  --completion SHELL        Print what completes these flags in bash,
                            zsh or fish.
  -h, --help [NAME]         Show this help, or all about a section or a
                            flag.

Presets and settings files count in the order typed, flags over them. A
dash may stand for an underscore.
"""


def test_help_is_grouped_as_the_schema_is() -> None:
    assert format_help(Augmentation, "augment", 72) == HELP


def topic(cls: Any, name: str) -> str:
    return manual_of(cls).text(name, "some", Page(80))


def help_of(*fields: Any, width: int = 100, **facts: Any) -> str:
    return format_help(settings("Some", *fields, **facts), "some", width)


@pytest.mark.parametrize("width", [20, 40, 57, 80, 100, 200])
def test_lines_fit_the_terminal(width: int) -> None:
    text = format_help(Training, "train", width)
    assert max(map(len, text.splitlines())) <= max(width, 40)
    assert " \n" not in text


def test_width_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    assert max(map(len, format_help(Training, "train").splitlines())) in range(40, 50)


def test_usage_names_what_is_required() -> None:
    assert format_help(Training, "train", 80).startswith("usage: train --epochs INT [FLAG ...]\n")


def test_the_name_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None)
    monkeypatch.setattr(sys, "argv", ["/some/where/train.py", "--help"])
    assert format_help(Training).startswith("usage: train.py ")
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", sys.__spec__)
    assert format_help(Training).startswith("usage: python -m sys ")


def test_presets_only_where_there_are_some() -> None:
    assert "--preset NAME  " in format_help(Training, "train", 80)
    assert "Start from a preset: fast, slow. --help" in format_help(Training, "train", 80)
    assert "--preset" not in help_of(field("a", "string"))


def test_values_of_secrets_are_not_shown() -> None:
    text = help_of(
        field("token", "string", secret=True, default='"hunter2"'),
        field("kind", "string", secret=True, choices=("hunter2",)),
    )
    assert "--token TEXT" in text
    assert "[secret]" in text
    assert "hunter2" not in text


def test_facts() -> None:
    text = help_of(
        field("a", "integer", deprecated=True, required=True, limits={"minimum": 1, "maximum": 5}),
        field("b", "string", examples=("s3://a/b.pt", "c")),
        field("c", "string", examples=("x" * 50,)),
    )
    assert "[deprecated; required; 1 to 5]" in text
    assert "--b TEXT                  [such as s3://a/b.pt]" in text
    assert "xxx" not in text


def test_what_is_deprecated_is_not_advertised() -> None:
    old = settings("Old", field("x", "integer"))
    cls = settings(
        "Some",
        field("a", "integer", deprecated=True),
        field("old", "object", cls=old, deprecated=True),
        field("new", "integer", old_keys=("former",)),
    )
    text = format_help(cls, "some", 80)
    assert "--new INT" in text
    assert not {"--a", "--old", "--old.x", "--former"}.intersection(text.split())
    for name, shown in {"a": "deprecated", "old": "--old.x INT", "new": "--former"}.items():
        assert shown in topic(cls, name)


@pytest.mark.parametrize(
    ("kinds", "label"),
    [
        (("integer", "number"), "--x NUMBER"),
        (("null", "string"), "--x TEXT|null"),
        (("array", "object"), "--x JSON"),
        (("boolean", "null"), "--[no-]x [null]"),
        (("boolean", "null", "integer", "number", "string", "array", "object"), "--[no-]x [VALUE]"),
        ((), "--x VALUE"),
    ],
)
def test_placeholders(kinds: tuple[str, ...], label: str) -> None:
    assert f"  {label}\n" in help_of(field("x", *kinds))


def test_long_choices_are_cut() -> None:
    models = tuple(f"model-{number}" for number in range(100))
    text = help_of(field("model", "string", choices=models))
    assert "--model TEXT" in text
    assert "one of model-0, model-1" in text
    assert "more)" in text
    assert "model-99" not in text


def test_defaults_read_as_they_would_be_typed() -> None:
    text = help_of(
        field("a", "string", default='"word"'),
        field("b", "string", default='""'),
        field("c", "array", default='["x"]'),
        field("d", "string", default='"' + "x" * 500 + '"'),
        field("e", "array", item_kinds="string", default='["x", "y z"]'),
    )
    for shown in ("default: word]", 'default: ""]', 'default: ["x"]]', "x…]", 'default: x "y z"]'):
        assert shown in text


def test_what_has_no_flag_is_shown_as_json() -> None:
    inner = settings("Inner", field("x y", "boolean"))
    text = help_of(field("a.b", "integer"), field("in", "object", cls=inner))
    assert "--. '{\"a.b\": INT}'" in text
    assert "--in '{\"x y\": true|false}'" in text


def test_long_descriptions_are_cut_where_there_are_many_flags() -> None:
    long = f"{'A word more. ' * 30}\n\nA second paragraph."
    cls = settings("Some", field("a", "string", description=long), field("b", "string"))
    text = format_help(cls, "some", 80)
    assert " …\n" in text
    assert "second paragraph" not in text
    assert topic(cls, "a").count("more.") == 30
    assert "\n\n  A second paragraph.\n" in topic(cls, "a")


def test_classes_in_themselves_end() -> None:
    assert "--child JSON|null" in format_help(Tree, "tree", 80)


def test_classes_that_multiply_end() -> None:
    inner = settings("Last", field("x", "integer"))
    for _ in range(40):
        inner = settings("Next", field("a", "object", cls=inner), field("b", "object", cls=inner))
    assert len(format_help(inner, "bomb", 80)) < 2_000_000


def test_a_docstring_may_begin_with_the_title() -> None:
    text = help_of(
        field("a", "string"),
        title="My title",
        doc="My title.\n\n    First paragraph\n    goes on.\n\n    Second.\n    ",
    )
    assert text.startswith(
        "usage: some [FLAG ...]\n\nMy title\n\nFirst paragraph goes on.\n\nSecond.\n\nSettings:\n"
    )


def test_texts_cannot_play_with_the_terminal() -> None:
    evil = "\x1b[2J\u202e\x00\x9b\r\x85"
    inner = settings("Inner", field("x", "integer"), title=evil, doc=evil)
    text = help_of(
        field("a", "string", title=evil, default=f'"{evil}"'),
        field("b", "string", description=evil, choices=(evil,)),
        field(evil, "string"),
        field("in", "object", cls=inner, description=evil),
        title=evil,
        doc=evil,
        presets={evil: {}},
    )
    assert all(char == "\n" or char.isprintable() for char in text)
    assert "\\x1b[2J\\u202e\\x00\\x9b" in text
