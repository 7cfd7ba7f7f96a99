"""`--show-settings`: a table of the settings, and files that give them again."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevettiai.adapters import SettingsAdapter
from brevettiai.cli.files import READERS
from brevettiai.cli.writing import Unsayable, Writer
from brevettiai.settings import SettingsError
from conformance.generated import accepts
from hypothesis import example, given, settings
from hypothesis import strategies as st
from loaded_classes import loaded_class, tagged
from pydantic import BaseModel, Field, SecretStr
from random_classes import try_random
from random_sizes import scaled

LANGUAGES = ["json", "yaml"] + (["toml"] if sys.version_info >= (3, 11) else [])
SCHEMA = {
    "type": "object",
    "required": ["base_model"],
    "properties": {
        "base_model": {"type": "string", "description": "Where training starts:\n\tits *weights*."},
        "token": {"type": "string", "format": "password", "default": "t0k3n"},
        "classes": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
        "seed": {"type": ["integer", "null"]},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}},
        "training": {
            "type": "object",
            "title": "Training",
            "properties": {
                "epochs": {"type": "integer", "default": 20, "title": "Passes"},
                "shuffle": {"type": "boolean", "default": False},
            },
        },
    },
}
ARGS = ["--base_model", "m\x1b[2J", "--weights", '{"chips": 2}', "--training.epochs", "5"]


def shown(cls: Any, *args: str) -> str:
    """What a command line prints before it ends, which it does well."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), pytest.raises(SystemExit) as end:
        cls.from_args([*args])
    assert end.value.code == 0
    return out.getvalue()


def test_a_table_of_value_default_and_origin(class_of: Callable[..., Any]) -> None:
    table = shown(class_of(SCHEMA), *ARGS, "--show-settings")
    assert table == (
        "setting           value         default  from\n"
        'base_model        "m\\u001b[2J"           --base_model\n'
        "token             ***           ***      default\n"
        'classes           ["a"]         ["a"]    default\n'
        "weights.chips     2                      --weights\n"
        "training.epochs   5             20       --training.epochs\n"
        "training.shuffle  false         false    default\n"
    )
    assert shown(class_of(SCHEMA), "--show_settings", "table", *ARGS) == table


def test_a_default_of_the_object_around(class_of: Callable[..., Any]) -> None:
    inner = {"properties": {"a": {"default": 1}, "b": {"default": 2}}}
    cls = class_of({"properties": {"x": {**inner, "default": {"a": 3}}}})
    assert shown(cls, "--show-settings=table").splitlines()[1:] == [
        "x.a      3      3        default",
        "x.b      2      2        default",
    ]


def test_what_another_kind_of_object_drops_is_told() -> None:
    optimizer = {
        "default": {"name": "adam", "betas": [0.9, 0.99]},
        "oneOf": [
            tagged("adam", betas={"type": "array", "items": {"type": "number"}}),
            tagged("sgd", momentum={"type": "number", "default": 0.5}),
        ],
    }
    cls = loaded_class({"optimizer": optimizer, "part": {"properties": {"a": {}, "b": {}}}})
    args = ["--optimizer.name", "sgd", "--part", '{"a": 1, "b": 2}', "--unset", "part.a"]
    assert shown(cls, *args, "--show-settings").splitlines()[1:] == [
        'optimizer.name      "sgd"  "adam"   --optimizer.name',
        "optimizer.momentum  0.5    0.5      default",
        "part.b              2               --part",
        "dropped: optimizer.betas, by --optimizer.name",
        "dropped: part.a, by --unset part.a",
    ]


def test_the_default_of_an_object_is_no_stored_setting() -> None:
    part = {"default": {"a": 1, "b": 2}, "properties": {"a": {}, "b": {}}}
    cls = loaded_class({"part": part, "x": {}})
    found = cls.from_sources(["--part.a=3"], config={"x": 1})
    assert dict(found.origins) == {
        ("x",): "stored settings",
        ("part", "a"): "--part.a",
        ("part", "b"): "default",
    }
    # A file lies over the default of the object too.
    lacking = cls.from_config({"part": {"a": 1}})
    with pytest.raises(SettingsError) as caught:
        cls.from_args([*lacking.to_args(), "--show-settings=json"])
    assert [str(problem) for problem in caught.value.problems] == [
        "part.b: is absent, which a settings file cannot say over the default around it; "
        "give --unset too"
    ]


FILES = {
    "json": (
        '{\n  "base_model": "m\\u001b[2J",\n  "classes": [\n    "a"\n  ],\n'
        '  "weights": {\n    "chips": 2\n  },\n'
        '  "training": {\n    "epochs": 5,\n    "shuffle": false\n  }\n}\n'
    ),
    "toml": (
        "# token is a secret, and left out\n"
        "# Where training starts: its *weights*.\n"
        'base_model = "m\\u001b[2J"\n'
        'classes = ["a"]\n'
        "\n"
        "[weights]\n"
        "chips = 2\n"
        "\n"
        "[training]\n"
        "# Passes\n"
        "epochs = 5\n"
        "shuffle = false\n"
    ),
    "yaml": (
        "# token is a secret, and left out\n"
        "# Where training starts: its *weights*.\n"
        'base_model: "m\\u001b[2J"\n'
        "classes: [a]\n"
        "weights:\n"
        "  chips: 2\n"
        "training:\n"
        "  # Passes\n"
        "  epochs: 5\n"
        "  shuffle: false\n"
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_gives_the_settings_again(
    language: str,
    class_of: Callable[..., Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cls = class_of(SCHEMA)
    text = shown(cls, *ARGS, f"--show-settings={language}")
    assert text == FILES[language]
    # JSON has no comments.
    notice = "token is a secret, and left out\n" if language == "json" else ""
    assert capsys.readouterr().err == notice
    file = tmp_path / f"a.{language}"
    file.write_text(text, encoding="utf-8")
    assert cls.from_args(["--settings-file", str(file)]) == cls.from_args(ARGS)


def test_what_is_said_of_kinds_and_items_are_comments_too(class_of: Callable[..., Any]) -> None:
    lr = {"lr": {"type": "number", "description": "The rate.", "default": 0.1}}
    kinds = [
        {"properties": {"kind": {"const": kind}, **more}, "required": ["kind"]}
        for kind, more in (("sgd", {"momentum": {"description": "How heavy."}}), ("adam", lr))
    ]
    cls = class_of(
        {
            "properties": {
                "optimizer": {"oneOf": kinds},
                "stages": {"type": "array", "items": {"type": "object", "properties": lr}},
            }
        }
    )
    args = ["--optimizer", '{"kind": "adam"}', "--stages", '[{}, {"lr": 1}]']
    assert shown(cls, *args, "--show-settings=yaml") == (
        "optimizer:\n  kind: adam\n  # The rate.\n  lr: 0.1\n"
        "stages:\n  - # The rate.\n    lr: 0.1\n  - # The rate.\n    lr: 1\n"
    )
    assert shown(cls, *args, "--show-settings").splitlines()[1:] == [
        'optimizer.kind  "adam"           --optimizer',
        "optimizer.lr    0.1     0.1      default",
        "stages[0].lr    0.1     0.1      default",
        "stages[1].lr    1       0.1      --stages",
    ]


def test_mistakes_come_first(class_of: Callable[..., Any]) -> None:
    cls = class_of(SCHEMA)
    with pytest.raises(SettingsError) as caught:
        cls.from_args(["--show-settings=xml", "--training.epoch", "1"])
    assert [str(problem) for problem in caught.value.problems] == [
        "--show-settings must be table, json, toml or yaml, not 'xml'",
        "unknown flag --training.epoch, did you mean --training.epochs?",
        "base_model: is required; give --base_model or --settings-file",
    ]


def test_what_a_language_cannot_say_is_a_problem(class_of: Callable[..., Any]) -> None:
    cls = class_of({"properties": {"a": {"type": "object"}, "text": {"type": "string"}}})
    for value, told in (
        ({"a": {"b": [1, None]}}, "a.b[1]: is null, for which TOML has no word"),
        ({"a": {"b": None}}, "a.b: is null, for which TOML has no word"),
        ({"text": "\ud800"}, "text: is no Unicode text, which only JSON can say"),
    ):
        args = cls.from_config(value).to_args()
        assert json_of(shown(cls, *args, "--show-settings=json")) == value
        with pytest.raises(SettingsError) as caught:
            cls.from_args([*args, "--show-settings=toml"])
        assert [str(problem) for problem in caught.value.problems] == [told]


def json_of(text: str) -> Any:
    return READERS[".json"](text)


def test_what_was_told_once_is_not_told_again(
    class_of: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    cls = class_of({"properties": {"a": {"type": ["integer", "null"], "default": None}}})
    with caplog.at_level(logging.WARNING):
        shown(cls, "--.", '{"unknown": 1}', "--show-settings=toml")
    assert caplog.messages == ["Invalid config keys: unknown"]


def test_nobody_need_hear_it(class_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    cls = class_of({"properties": {"text": {"type": "string", "default": "ü"}}})
    with monkeypatch.context() as without:
        without.setattr(sys, "stdout", None)
        with pytest.raises(SystemExit, match="0"):
            cls.from_args(["--show-settings=toml"])


def test_a_pipe_of_another_encoding_gets_a_file_that_can_be_read(
    class_of: Callable[..., Any], tmp_path: Path
) -> None:
    text = "ü\u20ac\U0001f600\x7f\x85\u2028\ufeff"
    cls = class_of({"properties": {"text": {"type": "string", "description": "Größe in €."}}})
    code = f"import sys, {cls.__module__} as m; m.Training.from_args(sys.argv[1:])"
    for language in LANGUAGES:
        for encoding in ("ascii", "cp1252", "utf-8"):
            file = tmp_path / f"{encoding}.{language}"
            run = subprocess.run(
                [sys.executable, "-c", code, f"--text={text}", f"--show-settings={language}"],
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(sys.path),
                    "PYTHONIOENCODING": encoding,
                    "PYTHONUTF8": "0",
                },
                capture_output=True,
                check=False,
            )
            assert run.returncode == 0, run.stderr
            file.write_bytes(run.stdout)
            assert cls.from_file(file).text == text


def test_nothing_that_is_shown_drives_a_terminal(class_of: Callable[..., Any]) -> None:
    text = "\x1b[2J\x7f\x85\x9b2J\u202e\u2066\u200f"
    cls = class_of({"properties": {"text": {"type": "string"}}})
    for way in ("table", *LANGUAGES):
        said = shown(cls, f"--text={text}", f"--show-settings={way}")
        assert all(c.isprintable() or c == "\n" for c in said), way
        assert way == "table" or READERS[f".{way}"](said) == {"text": text}


def test_a_class_of_another_style(capsys: pytest.CaptureFixture[str]) -> None:
    class Inner(BaseModel):
        size: int = Field(default=3, description="In pixels.")

    class Model(BaseModel):
        name: str
        key: SecretStr = SecretStr("x")
        inner: Inner = Inner()

    adapter = SettingsAdapter.of(Model)
    table = shown(adapter, "--name=one", "--show-settings")
    assert table.splitlines()[1] == 'name        "one"           --name'
    assert table.splitlines()[3] == "inner.size  3      3        default"
    text = shown(adapter, "--name=one", "--inner.size", "4", "--show-settings=yaml")
    assert text.endswith("name: one\ninner:\n  # In pixels.\n  size: 4\n")


# Everything that can be said comes back

JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(exclude_categories=["Cs"])),
        st.sampled_from(
            ["no", "Null", "1e3", "a: b", "- a", "# a", "y", "a ", "", "<<", "~", "x y"]
        ),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


class Nothing:
    """A class without properties."""

    class __brevetti__:
        @staticmethod
        def fields() -> tuple[()]:
            return ()


@settings(max_examples=scaled(150), deadline=None)
@example(value={"x" * 2000: 1, "y": [{"z": [{"x" * 2000: 1}]}]}, plain=False)
@example(value={"a": {"b": [[{"c": 1}], {"d": {"e": []}}, {}]}, "<<": "<<"}, plain=False)
@given(
    value=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON, max_size=4),
    plain=st.booleans(),
)
def test_every_value_is_written_as_it_is_read(value: dict[str, Any], plain: bool) -> None:
    cls: Any = Nothing
    writer = Writer(ascii=plain)
    for language in LANGUAGES:
        try:
            text = getattr(writer, language)(cls, value)
        except Unsayable:
            assert language == "toml" or "\\ud" in ascii(value)
            continue
        assert text.isascii() or not plain
        expected = without_null(value) if language == "toml" else value
        assert READERS[f".{language}"](text) == expected


def without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_null(item) for key, item in value.items() if item is not None}
    return [without_null(item) for item in value] if isinstance(value, list) else value


@pytest.mark.slow
def test_files_of_random_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    said: list[str] = []

    folder = tmp_path_factory.mktemp("shown")

    def files_give_the_same(module: Any, schema: Any, value: Any) -> None:
        if accepts(module.Training, value):
            said.extend(check_files(module.Training, module.Training.from_config(value), folder))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try_random(files_give_the_same, tmp_path_factory, 40, number=0, configs_each=5)
    assert {*said} == {*LANGUAGES}


def check_files(cls: Any, loaded: Any, folder: Path) -> list[str]:
    """Have settings shown in every language, and give the files back; which were said."""
    said: list[str] = []
    for language in LANGUAGES:
        file = folder / f"a.{language}"
        try:
            text = shown(cls, *loaded.to_args(), f"--show-settings={language}")
        except SettingsError as error:
            kinds = ("is null", "is absent") if language == "toml" else ("is absent",)
            if not all(problem.expected.startswith(kinds) for problem in error.problems):
                raise
            continue
        file.write_text(text, encoding="utf-8")
        assert cls.from_args(["--settings-file", str(file)]) == loaded
        said.append(language)
    return said
