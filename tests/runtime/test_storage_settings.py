"""The settings of storage: from the environment, from code, and in the docs."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any, cast

import pytest
from brevettiai.io import Storage, StorageSettings

SETTINGS = StorageSettings.table()
PAGE = Path(__file__).parents[2] / "docs" / "storage.md"


def test_the_docs_have_the_table() -> None:
    default = StorageSettings()
    rows = [
        f"| `{name}` | `{setting.variable}` | {_shown(default, name)} | {setting.says} |"
        for name, setting in SETTINGS.items()
    ]
    assert "\n".join(rows) + "\n\n" in PAGE.read_text(encoding="utf-8")


def _shown(settings: StorageSettings, name: str) -> str:
    value = getattr(settings, name)
    return "" if value is None else f"{value:g} {SETTINGS[name].unit}"


def test_the_environment_says_them(monkeypatch: pytest.MonkeyPatch) -> None:
    given = dict(zip(SETTINGS, (2.5, 3.0, 4.0, 5, 6, 7, 0, 0.5, "/spool"), strict=True))
    for name, value in given.items():
        monkeypatch.setenv(SETTINGS[name].variable, str(value))
    assert Storage().settings == StorageSettings(**cast("Any", given))
    monkeypatch.setenv("BREVETTIAI_S3_PATIENCE", "")
    assert Storage().settings.patience == 300


@pytest.mark.parametrize(
    ("variable", "said", "expected"),
    [
        ("S3_PATIENCE", "soon", "a number (seconds) from 0, not 'soon': it is taken for 300"),
        ("S3_PATIENCE", "nan", "a number (seconds) from 0, not nan"),
        ("S3_THREADS", "2.5", "a whole number (files) from 1 to 1000, not '2.5'"),
        ("S3_PART_SIZE", "1", "a whole number (MiB) from 5 to 5120, not 1: it is taken for 8"),
        ("CACHE_SHARE", "25", "a number (of the disk) from 0 to 1, not 25.0"),
    ],
)
def test_what_the_environment_says_wrong_is_told_once(
    variable: str,
    said: str,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv(f"BREVETTIAI_{variable}", said)
    assert StorageSettings.from_environment() == StorageSettings()
    assert f"BREVETTIAI_{variable} must be {expected}" in caplog.text
    caplog.clear()
    Storage()
    assert not caplog.text


def test_what_code_says_wrong_is_an_error() -> None:
    wrong: dict[str, Any] = {"patience": -1, "threads": 0, "part_size": 8.0, "spool_folder": 3}
    for name, value in wrong.items():
        with pytest.raises(ValueError, match=f"{name} must be .* not {value}"):
            StorageSettings(**{name: value})


def test_they_travel_with_a_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    io = Storage(settings=StorageSettings(patience=7))
    monkeypatch.setenv("BREVETTIAI_S3_PATIENCE", "8")
    assert pickle.loads(pickle.dumps(io)).settings.patience == 7
