"""How help is laid out: widths of terminals and of characters, colour, what an output can show."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from brevettiai.cli import layout
from brevettiai.cli.help import manual_of
from brevettiai.cli.layout import Page, columns_of, wants_colour, wrapped
from brevettiai.cli.output import write_out
from hypothesis import given
from hypothesis import strategies as st
from settings_standins import Training, field, settings

RUNTIME = Path(__file__).parents[2] / "runtime"


@given(st.text(st.sampled_from("ab -,.漢字、é\u0301\u200d"), max_size=60), st.integers(2, 20))
def test_wrapping_loses_nothing_and_fits(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(columns_of(line) <= width for line in lines)
    assert all(line == line.strip(" ") for line in lines)


def test_wide_characters_take_two_columns_and_lines_may_end_between_them() -> None:
    assert columns_of("漢字 e\u0301") == 6
    assert wrapped("漢字漢字漢字", 5) == ["漢字", "漢字", "漢字"]
    assert wrapped("one 漢字漢字", 8) == ["one 漢字", "漢字"]
    assert wrapped("漢字、漢字", 5) == ["漢", "字、", "漢字"]


def test_columns_stay_straight_beside_wide_characters() -> None:
    cls = settings("Some", field("漢", "integer", title="a"), field("abc", "integer", title="b"))
    rows = [line for line in manual_of(cls).text("", "x", Page(60)).splitlines() if "INT" in line]
    assert [columns_of(row.rpartition("  ")[0]) for row in rows] == [26, 26]


def test_colours_change_nothing_else() -> None:
    plain = manual_of(Training).text("", "train", Page(70))
    coloured = manual_of(Training).text("", "train", Page(70, colour=True))
    assert re.sub("\x1b\\[[0-9]+m", "", coloured) == plain
    assert "\x1b[1mSettings:\x1b[0m\n" in coloured
    assert "  \x1b[36m--level\x1b[0m \x1b[33m1|2|3\x1b[0m\n" in coloured


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "stream", "wanted"),
    [
        ({}, Terminal(), True),
        ({"TERM": "xterm"}, Terminal(), True),
        ({"TERM": "dumb"}, Terminal(), False),
        ({"NO_COLOR": "1"}, Terminal(), False),
        ({"NO_COLOR": ""}, Terminal(), True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, Terminal(), False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, Terminal(), False),
        ({}, io.StringIO(), False),
        ({"FORCE_COLOR": "1"}, io.StringIO(), True),
        ({}, None, False),
    ],
)
def test_when_there_is_colour(
    environment: dict[str, str], stream: Any, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout.os, "name", "posix")
    assert wants_colour(stream, environment) is wanted


def test_old_consoles_of_windows_get_no_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout.os, "name", "nt")
    assert not wants_colour(Terminal(), {})
    assert wants_colour(Terminal(), {"WT_SESSION": "1"})


@pytest.mark.parametrize("columns", ["", "0", "-5", "many", "9" * 5000])
def test_a_width_that_is_none(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert Page().columns in range(40, 101)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8", "utf-16"])
def test_what_an_output_cannot_show_is_escaped_as_in_json(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = {"text": "ä … 漢 😀 \udc80"}
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding))
    write_out(json.dumps(value, ensure_ascii=False))
    assert json.loads(raw.getvalue().decode(encoding)) == value


SCRIPT = """\
from brevettiai.platform import Job
from brevettiai.cli.program import mistakes_end
from brevettiai.interfaces.vue_schema_utils import VueSettingsModule

class Hand(VueSettingsModule):
    def __init__(self, größe: int = 5, 漢字: str = "😀"): ...

class Train(Job):
    settings: Hand

Train.init()
"""


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_a_process_prints_what_its_output_can_show(
    variables: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "train.py").write_text(SCRIPT, encoding="utf-8")

    def run(*words: str) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(RUNTIME), **variables}
        command = [sys.executable, "train.py", *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=300
        )

    helped = run("--help")
    assert (helped.stderr, helped.returncode) == (b"", 0)
    assert b"\\u6f22" in helped.stdout
    mistaken = run("--gr\u00f6sser", "1")
    assert mistaken.returncode == 2
    assert b"Traceback" not in mistaken.stderr
    assert b"unknown flag" in mistaken.stderr
