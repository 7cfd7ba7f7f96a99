"""What words mean: Booleans, files, secrets, old names; and that no word is ever dropped."""

from __future__ import annotations

import io
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevettiai.cli.flags import parse
from brevettiai.cli.saying import to_args
from brevettiai.compiled import json_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from loaded_classes import loaded_class, tagged
from random_sizes import scaled

NUMBER = {"type": "number"}
Training = loaded_class(
    {
        "name": {"type": "string"},
        "flip": {"type": "boolean"},
        "limit": {"type": ["boolean", "integer"]},
        "cache": {"type": ["boolean", "string"]},
        "share": {"type": ["number", "string"]},
        "note": {"type": ["string", "null"]},
        "tags": {"type": ["string", "array"], "items": {"type": "string"}},
        "mode": {"enum": [True, "auto", 3]},
        "classes": {"type": "array", "items": {"type": "string"}},
        "sizes": {"type": "array", "items": {"type": "integer"}},
        "weights": {"type": "object", "additionalProperties": NUMBER},
        "optimizer": {"anyOf": [tagged("adam", lr=NUMBER), tagged("sgd", lr=NUMBER)]},
        "part": {"type": "object", "properties": {"angle": NUMBER, "flip": {"type": "boolean"}}},
        "token": {"type": "string", "writeOnly": True},
        "pin": {"type": "integer", "format": "password"},
        "epochs": {"type": "integer", "x-renamed-from": ["passes"]},
        "inner": {
            "type": "object",
            "x-renamed-from": ["inside"],
            "properties": {"new_name": {"type": "integer", "x-renamed-from": ["old-name"]}},
        },
    }
)


def config(*args: str) -> Any:
    """The config that a command line without mistakes gives."""
    parsed = parse(Training, args)
    assert parsed.problems == []
    return parsed.config


def problem(*args: str) -> str:
    """The only problem of a command line."""
    (found,) = parse(Training, args).problems
    return str(found)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [  # the table of docs/command-line.md
        ("flip", "ON", True),
        ("flip", "0", False),
        ("limit", "1", 1),
        ("limit", "yes", True),
        ("cache", "true", True),
        ("cache", "TRUE", "TRUE"),
        ("cache", "yes", "yes"),
        ("share", "5", 5),
        ("share", '"5"', "5"),
        ("share", "5px", "5px"),
        ("note", "null", None),
        ("note", '"null"', "null"),
        ("name", "null", "null"),
        ("name", '"a"', '"a"'),
        ("tags", "a", "a"),
        ("tags", '["a"]', ["a"]),
        ("mode", "auto", "auto"),
        ("mode", "true", True),
        ("mode", "3", 3),
        ("classes", "5", ["5"]),
    ],
)
def test_readings(name: str, text: str, value: Any) -> None:
    assert json_equal(config(f"--{name}={text}"), {name: value})
    assert json_equal(config(f"--{name}", text), {name: value})


# Files


def test_a_value_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_bytes(b"two\r\nlines\r\n")
    assert config("--name", f"@{file}", "--classes", f"@{file}", "x") == {
        "name": "two\r\nlines",
        "classes": ["two\r\nlines", "x"],
    }
    file.write_text('{"a": 1}\n')
    assert config(f"--weights=@{file}", "--.", f"@{file}") == {"weights": {"a": 1}, "a": 1}
    file.write_text("maybe\n")
    assert problem(f"--part.flip=@{file}") == "part.flip: must be true or false (from --part.flip)"
    assert config("--name", "@@x", "--classes=@@@") == {"name": "@x", "classes": ["@@"]}


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert problem("--name=@none") == (
        "name: cannot be read from the file 'none': No such file or directory; @@none is the text "
        "@none (from --name)"
    )
    file = tmp_path / "binary"
    file.write_bytes(b"\xff")
    assert "it is no UTF-8 text" in problem("--flip", f"@{file}")


# Secrets


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody who answers every question with `hunter2`; the questions."""
    asked: list[str] = []

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return "hunter2"

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", answer)
    return asked


def test_a_secret_is_asked_for_at_a_terminal(terminal: list[str]) -> None:
    assert config("--token", "--flip") == {"token": "hunter2", "flip": True}
    assert terminal == ["--token: "]
    assert problem("--pin") == "pin: must be a whole number (from --pin)"
    assert parse(Training, ["--token", "--help"]).help == ""
    assert len(terminal) == 2


def test_nobody_is_asked_where_nobody_can_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("hunter2"))
    assert problem("--token") == (
        "token: needs a value; --token @FILE reads it from a file, and at a terminal --token "
        "alone asks for it (from --token)"
    )


def test_a_secret_in_plain_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "secret"
    file.write_text("hunter2\n")
    assert config("--token", f"@{file}") == {"token": "hunter2"}
    assert caplog.records == []
    config("--token", "hunter2")
    assert [record.name for record in caplog.records] == ["brevettiai.cli"]
    assert "--token @FILE" in caplog.text
    assert "hunter2" not in caplog.text
    assert "hunter2" not in problem("--pin", "hunter2")


def test_secrets_inside_of_what_is_typed_are_warned_of(
    class_of: Callable[[Any], Any], caplog: pytest.LogCaptureFixture
) -> None:
    key = {"type": "string", "writeOnly": True}
    jobs = {"type": "array", "items": {"properties": {"key": key, "n": {"type": "integer"}}}}
    keys = {"type": "array", "items": key}
    cls = class_of({"type": "object", "properties": {"keys": keys, "jobs": jobs}})
    cls.from_args(["--jobs", '[{"n": 3}]', "--jobs.0.n", "4"])
    cls.from_args(["--keys", "[]", "--.", "{}"])
    assert caplog.messages == []
    cls.from_args(["--keys", "hunter2", "hunter3", "--jobs", '[{"key": "hunter4"}]'])
    cls.from_args(["--.", '{"keys": ["hunter2"]}'])
    assert [text.partition(",")[0] for text in caplog.messages] == [
        "--keys has a secret in it",
        "--jobs has a secret in it",
        "--. has a secret in it",
    ]
    assert all("@FILE" in text and "hunter" not in text for text in caplog.messages)


# Old names


def test_old_names_work_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.warns(DeprecationWarning, match=r"Renamed flag: --passes \(now --epochs\)"):
        assert config("--passes", "3") == {"epochs": 3}
    assert [record.name for record in caplog.records] == ["brevettiai.utils.module"]
    with pytest.warns(DeprecationWarning, match=r"now --inner\.new_name"):
        assert config("--inside.old_name=1") == {"inner": {"new_name": 1}}


def test_both_names_are_a_problem() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert problem("--passes=1", "--epochs=2") == (
            "passes: is the old name of 'epochs', which is given too (from --passes)"
        )
        assert "is the old name of 'inner'" in problem("--inside.new_name=1", "--inner.new_name=2")
    assert problem("--pases=1") == "unknown flag --pases; --help lists all"


# No word is dropped

WORDS = st.sampled_from(
    [
        *("x", "-x", "--x", "--", "5", "-5", "true", "no", "[1]", "{}", "--flip", "--no-flip"),
        *("--part.angle", "--part", "--sizes", "--classes", "--weights.a", "--optimizer.name"),
        *("--optimizer.lr", "--name", "--cache", "--limit", "--tags", "--unset", "name", "sgd"),
        *("--classes.0", "--sizes.+", "--", "--no-part.flip", "--.", "", "=", "--=", "--name="),
    ]
)
VALID = {
    "name": "n",
    "sizes": [1, 2],
    "classes": ["a"],
    "weights": {"a": 1},
    "optimizer": {"name": "adam", "lr": 1},
    "part": {"angle": 2},
}
LINES = [
    to_args(Training, VALID),
    ["--name", "n", "--sizes", "1", "2", "--classes", "a", "--weights.a", "1", "--part.angle", "2"],
]


@settings(max_examples=scaled(500), deadline=None)
@given(line=st.sampled_from(LINES), word=WORDS, data=st.data())
def test_no_word_is_dropped(line: list[str], word: str, data: st.DataObject) -> None:
    """A word that is put anywhere changes what comes out, or a problem tells of it."""
    at = data.draw(st.integers(0, len(line)))
    changed = parse(Training, [*line[:at], word, *line[at:]])
    name = word.partition("=")[0]
    is_said_again = any(other.partition("=")[0] == name for other in line)
    is_end = word == "--" and at == len(line)
    if not (changed.problems or is_said_again or is_end):
        before = parse(Training, line)
        is_same = json_equal(changed.config, before.config) and changed.origins == before.origins
        assert not is_same


@settings(max_examples=scaled(500), deadline=None)
@given(data=st.data())
def test_no_letter_is_dropped(data: st.DataObject) -> None:
    """A letter more, less or other in a flag says something else, or is a problem."""
    line = data.draw(st.sampled_from(LINES))
    number = data.draw(st.sampled_from([n for n, word in enumerate(line) if word[:2] == "--"]))
    word = line[number]
    at = data.draw(st.integers(2, len(word)))
    letter = data.draw(st.sampled_from("abez_.-=5"))
    kind = data.draw(st.sampled_from(["more", "less", "other"]))
    other = word[:at] + ("" if kind == "less" else letter) + word[at + (kind != "more") :]
    if other != word:
        changed = parse(Training, [*line[:number], other, *line[number + 1 :]])
        before = parse(Training, line)
        assert changed.problems or not json_equal(changed.config, before.config)
