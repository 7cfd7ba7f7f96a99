"""Flags, variables and settings files that try to take for ever, or to end in a traceback."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevettiai.cli import environment, places, words
from brevettiai.settings import SettingsError
from loaded_classes import loaded_class, tagged

KINDS = {"anyOf": [tagged("a", x={"type": "integer"}), tagged("b", y={"type": "integer"})]}
Training = loaded_class(
    {
        "tree": {"$ref": "#/$defs/Tree"},
        "list": {"type": "array", "items": {"type": "integer"}},
        "kinds": {"type": "array", "items": KINDS},
        "map": {"type": "object", "additionalProperties": {"type": "integer"}},
        "any": {},
        "token": {"type": "string", "format": "password"},
    },
    **{
        "$defs": {
            "Tree": {
                "type": "object",
                "properties": {"v": {"type": "integer"}, "next": {"$ref": "#/$defs/Tree"}},
            }
        }
    },
)
DIGITS = "9" * 5000


def told(*args: str, **given: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        Training.from_args(list(args), **given)
    return str(caught.value)


def made(depth: int) -> Any:
    value: dict[str, Any] = {"v": 1}
    for _ in range(depth):
        value = {"next": value}
    return Training.from_config({"tree": value})


@pytest.mark.parametrize("name", [f"list.{DIGITS}", f"kinds.{DIGITS}.x", f"map.{DIGITS}.x"])
def test_no_list_has_an_index_of_thousands_of_digits(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"unknown flag --{name[:40]}" in told(f"--{name}=1")
    assert f"--unset {name[:40]}" in told("--unset", name)
    with pytest.raises(SystemExit) as ended:
        Training.from_args(["--completion", f"zsh\x1f--{name}\x1f"])
    assert ended.value.code == 0
    assert capsys.readouterr().err == ""
    variable = f"T__{name.upper().replace('.', '__')}"
    monkeypatch.setenv(variable, "1")
    assert f"unknown variable ${variable[:40]}" in told(env_prefix="T")


@pytest.mark.parametrize("index", ["00", "-1", "٣", "1e3", "²"])
def test_only_numbers_are_indices(index: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"unknown flag --list.{index}" in told(f"--list.{index}=1")
    monkeypatch.setenv(f"T__LIST__{index}", "1")
    assert told(env_prefix="T").count("\n") == 1
    assert f"unknown variable $T__LIST__{index}" in told(env_prefix="T")


@pytest.mark.parametrize("steps", ["tree.next", "any.a", "z.z"])
def test_a_name_of_many_steps_is_followed_as_far_as_values_go(
    steps: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[str] = []
    follow: Any = places._follow  # pyright: ignore[reportPrivateUsage]

    def noted(cls: Any, name: str, **given: Any) -> Any:
        followed.append(name)
        return follow(cls, name, **given)

    monkeypatch.setattr(places, "_follow", noted)
    name = steps + f".{steps.partition('.')[2]}" * 20_000
    assert f"unknown flag --{steps}" in told(f"--{name}=1")
    assert len(followed) <= 3 * words.MOST_STEPS
    assert all(name.count(".") <= words.MOST_STEPS for name in followed)


@pytest.mark.parametrize("name", ["TREE" + "__NEXT" * 3000 + "__V", "ANY" + "__A" * 3000])
def test_a_variable_that_leads_too_deep(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"T__{name}", "1")
    assert f"is nested too deeply (from $T__{name[:40]}" in told(env_prefix="T")


def test_of_thousands_of_wrong_variables_a_hundred_come_with_a_guess(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []
    flags: Any = vars(environment)["listed_flags"]

    def noted(cls: Any) -> Any:
        asked.append(cls)
        return flags(cls)

    monkeypatch.setattr(environment, "listed_flags", noted)
    for number in range(300):
        monkeypatch.setenv(f"T__TOKN{number}", "1")
    assert "unknown variable $T__TOKN0, did you mean $T__TOKEN?" in told(env_prefix="T")
    assert len(asked) == 100


def test_the_items_of_a_list_come_in_order_of_their_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(12):
        monkeypatch.setenv(f"T__LIST__{number}", str(number))
    assert Training.from_args([], env_prefix="T").list == [*range(12)]


def test_flags_that_choose_the_kinds_of_many_items(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[object] = []
    is_barrier: Any = places._is_barrier  # pyright: ignore[reportPrivateUsage]

    def noted(*given: Any) -> Any:
        looks.append(given)
        return is_barrier(*given)

    monkeypatch.setattr(places, "_is_barrier", noted)
    said = [f"--kinds.{number}.name=a" for number in range(500)]
    assert len(Training.from_args(said).kinds) == 500
    assert len(looks) < 5000
    again = Training.from_args(["--kinds.0.y=1", "--kinds.0.name=b", "--kinds.1.name=a"])
    assert again.get_config()["kinds"] == [{"name": "b", "y": 1}, {"name": "a"}]


@pytest.mark.parametrize("depth", [300, 600, 900, 5000])
def test_values_that_are_deep_load_or_end_in_an_error_whoever_gives_them(
    depth: int, tmp_path: Path
) -> None:
    tree: dict[str, Any] = {}
    for _ in range(depth):
        tree = {"next": tree}
    (tmp_path / "deep.json").write_text('{"next":' * depth + "{}" + "}" * depth)
    listed = f'{{"any": {"[" * depth}{"]" * depth}}}'
    given: list[tuple[list[str], Any]] = [
        ([], {"tree": tree}),
        (["--.", f'{{"tree": {(tmp_path / "deep.json").read_text()}}}'], None),
        (["--settings-file", f"tree={tmp_path}/deep.json"], None),
        (["--.", listed], None),
    ]
    for words_given, config in given:
        error = ""
        try:
            Training.from_args(words_given, config=config)
        except SettingsError as refused:
            error = str(refused)
        assert "nested too deeply" in error or (depth < 5000 and not error)


@pytest.mark.parametrize(
    "asked", ["1", "x\x1fa\x1fb", "1\x1fa", "1\x1fa\x1fb\x1fc", "-1\x1fa\x1fb"]
)
def test_completion_is_not_asked_so(asked: str) -> None:
    assert "--completion=bash takes" in told("--completion", f"bash\x1f{asked}")


def test_a_file_without_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MOST_READ", 2)
    path = tmp_path / "zero.json"
    path.symlink_to("/dev/zero")
    text = "cannot be read: it holds more than 2 MB"
    assert text in told("--settings-file", str(path))
    assert "it holds more than 2 MB" in told("--any", f"@{path}")
    with pytest.raises(SettingsError, match=text):
        Training.from_file(path)
    (tmp_path / "large.json").write_bytes(b'"' + b"a" * ((2 << 20) - 2) + b'"')
    assert len(Training.from_args(["--any", f"@{tmp_path}/large.json"]).any) == (2 << 20) - 2


@pytest.mark.skipif(os.name == "nt", reason="modes of files are not those of POSIX")
def test_a_new_file_with_secrets_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        Training(token="hunter2").to_file(tmp_path / "secret.json")
        Training(token="hunter2").to_file(tmp_path / "hidden.json", hide_secrets=True)
        Training(list=[1]).to_file(tmp_path / "none.json")
        Training(token="hunter2").to_file(tmp_path / "none.json")
    finally:
        os.umask(before)
    modes = {path.stem: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"secret": 0o600, "hidden": 0o644, "none": 0o644}


def test_deep_settings_as_yaml(tmp_path: Path) -> None:
    path = tmp_path / "deep.yaml"
    for settings in (made(210), Training.from_args(["--any", "[" * 400 + "]" * 400])):
        with pytest.raises(SettingsError, match=r"as YAML: 1 problem\n .*nested"):
            settings.to_file(path)
        assert not path.exists()
    settings = made(60)
    settings.to_file(path)
    assert Training.from_file(path) == settings


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Training.from_config({"map": {"k" * 100_000: "x"}}),
        lambda: Training.from_args([f"--{'z' * 100_000}"]),
        lambda: Training.from_json('{"%s":1,"%s":2}' % (("k" * 100_000,) * 2)),
        lambda: Training.from_args(["--settings-file", "f" * 100_000 + ".json"]),
    ],
)
def test_an_error_is_no_longer_than_people_read(wrong: Callable[[], object]) -> None:
    with pytest.raises(SettingsError) as caught:
        wrong()
    assert len(str(caught.value)) < 5000


@pytest.mark.parametrize("word", ["*hunter2", "!hunter2", "!!hunter2 x", "!<hunter2> x"])
def test_a_password_that_is_no_yaml_is_not_told(word: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text(f"list: []\ntoken: {word}\n")
    with pytest.raises(SettingsError) as caught:
        Training.from_file(path)
    assert "hunter2" not in str(caught.value)
    assert "line 2, column 8: " in str(caught.value)
    assert "put it in quotes if text is meant" in str(caught.value)
