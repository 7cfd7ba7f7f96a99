from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import Any

import pytest
from brevettiai.cli.files import SettingsFileError, read_config_file, read_settings_file
from brevettiai.cli.flags import parse
from brevettiai.config.json_text import NotJSONText, parse_json
from settings_standins import Training


def read(folder: Path, name: str, text: str | bytes) -> dict[str, Any]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_config_file(str(path), Training).value


def test_json(tmp_path: Path) -> None:
    text = '{"epochs": 3, "classes": ["ä"], "note": null}'
    expected = {"epochs": 3, "classes": ["ä"], "note": None}
    assert read(tmp_path, "a.json", text) == expected
    assert read(tmp_path, "a.JSON", b"\xef\xbb\xbf" + text.encode()) == expected


@pytest.mark.skipif(sys.version_info < (3, 11), reason="TOML is in Python from 3.11 on")
def test_toml(tmp_path: Path) -> None:
    text = "epochs = 3\r\nday = 2024-02-29\r\n[augmentation]\r\nangle = 1e1\r\nat = [07:30:00]\r\n"
    assert read(tmp_path, "a.toml", text) == {
        "epochs": 3,
        "day": "2024-02-29",
        "augmentation": {"angle": 10.0, "at": ["07:30:00"]},
    }
    with pytest.raises(SettingsFileError, match=r"is not valid TOML: .*line 1"):
        read(tmp_path, "a.toml", "epochs = \n")
    with pytest.raises(SettingsFileError, match="nan, which is no finite number"):
        read(tmp_path, "a.toml", "epochs = nan\n")


@pytest.mark.skipif(sys.version_info >= (3, 11), reason="TOML is in Python from 3.11 on")
def test_toml_before_python_3_11(tmp_path: Path) -> None:
    with pytest.raises(SettingsFileError, match=r"needs Python 3\.11"):
        read(tmp_path, "a.toml", "")


def test_yaml(tmp_path: Path) -> None:
    pytest.importorskip("ruamel.yaml")
    text = "epochs: 3\nrate: 1e-3\nflag: no\nday: 2024-02-29\naugmentation: {angle: 5}\n"
    expected = {
        "epochs": 3,
        "rate": 0.001,
        "flag": "no",
        "day": "2024-02-29",
        "augmentation": {"angle": 5},
    }
    assert read(tmp_path, "a.yaml", text) == expected
    assert read(tmp_path, "a.yml", text) == expected
    with pytest.raises(SettingsFileError, match="is not valid YAML: line 2, column 1: "):
        read(tmp_path, "a.yaml", "a: 1\na: 2\n")


def test_yaml_without_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_yaml(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("ruamel"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_yaml)
    with pytest.raises(SettingsFileError, match=r"pip install 'brevetti\[yaml\]'"):
        read(tmp_path, "a.yaml", "a: 1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "is not valid JSON: expecting value at column 1"),
        (b'{\n"a": 1,\n}', "at line 3, column 1"),
        (b"[]", "must hold one object"),
        (b'{"a": NaN}', "NaN, which is no JSON number"),
        (b'{"a": 1e999}', "1e999, which is no finite number"),
        (b'{"a": 1, "a": 2}', "the key 'a' given twice"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too many digits"),
        (b'{"a": ' * 100_000, "nested too deeply"),
        (b'{"a": "\xff"}', r"is not UTF-8 text \(byte 7\)"),
    ],
)
def test_bad_json(tmp_path: Path, text: bytes, message: str) -> None:
    with pytest.raises(SettingsFileError, match=message):
        read(tmp_path, "a.json", text)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.json", "cannot be read: No such file"),
        ("folder.json", "cannot be read"),
        ("settings.ini", r"has the suffix '\.ini'; settings files are \.json"),
        ("settings", "has a name without suffix"),
        ("nul\0.json", "cannot be read"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(SettingsFileError, match=message):
        read_settings_file(f"{tmp_path}/{name}")


def test_a_file_below_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "mine.json").write_text('{"epochs": 1}')
    parsed = parse(Training, ["--settings-file=~/mine.json"])
    assert parsed.config == {"epochs": 1}
    assert parsed.origins == {("epochs",): "~/mine.json"}


def test_files_are_merged_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(
        '{"epochs": 1, "weights": {"a": 1}, "augmentation": {"angle": 1}}'
    )
    (tmp_path / "2.json").write_text('{"weights": {"b": 2}, "augmentation": {"flip": true}}')
    args = [f"--settings_file={tmp_path}/1.json", "--settings-file", f"{tmp_path}/2.json"]
    assert parse(Training, args).config == {
        "epochs": 1,
        "weights": {"b": 2},
        "augmentation": {"angle": 1, "flip": True},
    }


def test_a_file_that_fails_is_one_problem_of_all(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{")
    parsed = parse(Training, [f"--settings-file={bad}", "--epochs=x"])
    assert [problem.expected for problem in parsed.problems] == [
        f"the settings file {bad} is not valid JSON: "
        "expecting property name enclosed in double quotes at column 2",
        "must be a whole number",
    ]


def test_parse_json_takes_json_only() -> None:
    assert parse_json(' {"a": [1, 2.5, "\\u00e4", true, null]} ') == {
        "a": [1, 2.5, "ä", True, None]
    }
    for text in ("", "'a'", "{a: 1}", "[1,]", "01", "Infinity", "// 1"):
        with pytest.raises(NotJSONText):
            parse_json(text)
