"""Small schemas of which the ways multiply from level to level: an answer or an error, and soon.

What is done is counted, not timed: as calls of Python functions.
"""

from __future__ import annotations

import faulthandler
import json
import logging
import subprocess
import sys
import tracemalloc
from collections.abc import Generator
from contextlib import contextmanager
from cProfile import Profile
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from bombs import FILES, LARGE, MANY, OF_PARTS, REQUIRED, bombs, configs, tower
from brevetti_gen import GenerationError, generate
from brevetti_gen.cli.main import main
from brevetti_gen.workbench.lint import ways
from brevetti_gen.workbench.tools.from_class.texts import texts_of
from brevettiai.cli.files import SettingsFileError, read_settings_file
from brevettiai.settings import SettingsError
from conformance.generated import Package, accepts, generated, importable, write_json
from oracle import Oracle

#: So many that nobody could go every way.
LEVELS = 30
STYLES = ("plain", "pydantic", "dataclass", "msgspec", "typeddict")
#: Schemas with references that it does not follow.
_NOT_FOR_THE_ORACLE = {"files", "$dynamicRef", "$recursiveRef"}
_BENCHMARK = Path(__file__).parent / "benchmarks" / "bench_bombs.py"


@contextmanager
def calls_below(most: int) -> Generator[None]:
    """Fail where more Python functions are called in the block; what never ends is ended."""
    profile = Profile(builtins=False)
    faulthandler.dump_traceback_later(600, exit=True, file=sys.__stderr__)
    profile.enable()
    try:
        yield
    finally:
        profile.disable()
        faulthandler.cancel_dump_traceback_later()
    assert calls_in(profile) <= most


def calls_in(profile: Profile) -> int:
    return sum(entry.callcount for entry in profile.getstats())


def calls_of(words: list[str]) -> int:
    """How many Python functions a command calls."""
    profile = Profile(builtins=False)
    assert profile.runcall(main, words) in (0, 1)
    return calls_in(profile)


def schemas_in(folder: Path, files: dict[str, Any]) -> Path:
    """A folder with schemas by the names of their files."""
    for name, schema in files.items():
        write_json(folder / "schemas" / f"{name}.json", schema)
    return folder / "schemas"


@contextmanager
def package_of(folder: Path, files: dict[str, Any]) -> Generator[Package]:
    with generated([schemas_in(folder, files)], folder, {}) as package:
        yield package


def use(package: Package) -> None:
    """Do what people do with settings."""
    cls = package.root_class("Root")
    for config in configs(LEVELS).values():
        try:
            settings = cls.from_config(config)
        except SettingsError:
            continue
        again = cls.from_config(settings.get_config())
        assert again == settings
        assert repr(settings)
    cls.json_schema()
    cls.get_schema()
    for arguments in (["--r", '{"x": "q"}'], ["--r.x", "1"], ["--s", "1"], ["--help"]):
        try:
            cls.from_args(arguments)
        except (SettingsError, SystemExit):
            continue


@pytest.mark.parametrize(
    "name",
    [
        name if number % 4 == 0 else pytest.param(name, marks=pytest.mark.slow)
        for number, name in enumerate(bombs(1))
    ],
)
def test_a_bomb_ends(
    name: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.ERROR)
    folder = schemas_in(tmp_path, bombs(LEVELS)[name])
    with calls_below(3_000_000):
        try:
            generate([folder], tmp_path / "bomb")
        except GenerationError as error:
            text = str(error)
            assert any(word in text for word in ("multiply to", "lead to one another", "filled"))
            return
    size = sum(path.stat().st_size for path in (tmp_path / "bomb").rglob("*.py"))
    assert size < 200_000
    with importable(tmp_path / "bomb") as package, calls_below(4_000_000):
        use(package)


@pytest.mark.parametrize("name", LARGE)
def test_a_large_one_ends_too(name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    folder = schemas_in(tmp_path, {"root": LARGE[name]})
    told: set[str] = set()
    with calls_below(3_000_000):
        try:
            generate([folder], tmp_path / "bomb")
        except GenerationError as error:
            told = {problem.code for problem in error.problems}
    assert "internal" not in told
    if told:
        return
    with importable(tmp_path / "bomb") as package, calls_below(1_000_000):
        cls = package.root_class("Root")
        cls.json_schema()
        cls.get_schema()


@pytest.mark.parametrize(
    ("name", "words"), [("lists", ["docs", "s", "-o", "out"]), ("objects", ["diff", "s", "new"])]
)
def test_examples_of_large_configs_are_not_made(
    name: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_json(tmp_path / "s" / "a.json", REQUIRED[name])
    write_json(tmp_path / "new" / "a.json", {"type": "object", "properties": {"r": False}})
    monkeypatch.chdir(tmp_path)
    with calls_below(1_000_000):
        assert main(words) in (0, 1)


def test_defaults_are_read_once_to_be_shown(tmp_path: Path) -> None:
    calls: list[int] = []
    for size in (4, 40, 120):
        default = {f"k{number}": number for number in range(size)}
        schema = {"type": "object", "additionalProperties": {"type": "integer"}, "default": default}
        files = {"root": {"type": "object", "properties": {"a": schema}}}
        with package_of(tmp_path / str(size), files) as package:
            profile = Profile(builtins=False)
            with pytest.raises(SystemExit):
                profile.runcall(package.root_class("Root").from_args, ["--show-settings"])
        calls.append(calls_in(profile))
    assert calls[2] < 4 * calls[1]


@pytest.mark.parametrize("name", MANY)
def test_a_command_works_as_much_as_schemas_are_large(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is done once for each pair of parts takes eight times as long for three times more."""
    calls: list[int] = []
    for size in (4, 40, 120):  # The first loads what is loaded when it is used.
        folder = tmp_path / str(size)
        words, schema_of = MANY[name]
        write_json(folder / "s" / "a.json", schema_of(size))
        monkeypatch.chdir(folder)
        calls.append(calls_of(words))
    assert "internal" not in capsys.readouterr().err
    assert calls[2] < 4 * calls[1]


@pytest.mark.parametrize("name", FILES)
def test_a_settings_file_is_read_or_refused(name: str, tmp_path: Path) -> None:
    text, expected = FILES[name]
    if name.endswith(".toml") and sys.version_info < (3, 11):
        pytest.skip("TOML is in Python from 3.11 on")
    (tmp_path / name).write_text(text, encoding="utf-8")
    with calls_below(200_000), pytest.raises(SettingsFileError, match=expected) as caught:
        read_settings_file(str(tmp_path / name))
    assert len(str(caught.value)) < 500


@pytest.mark.skipif(sys.version_info < (3, 11), reason="TOML is in Python from 3.11 on")
@pytest.mark.parametrize(
    "text", ["a = [\n" + "  1, # ]\n" * 500 + "]\n", 'a = """\n' + '[\\"\n' * 500 + '"""\n']
)
def test_lines_of_long_values_in_toml_are_found_at_once(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(f"{text}[t]\nb = '#'\nc = 1\n", encoding="utf-8")
    origin = read_settings_file(str(path)).origin
    with calls_below(20_000):
        assert origin.line(("t", "c")) == 505


def test_what_only_json_can_say_is_told(tmp_path: Path) -> None:
    with package_of(tmp_path, {"root": {"type": "object"}}) as package:
        cls, path = package.root_class("Root"), tmp_path / "deep.json"
        path.write_text('{"a":' * 250 + "1" + "}" * 250, encoding="utf-8")
        for language in ("toml", "yaml"):
            with pytest.raises(SettingsError, match="nested deeper than 200 levels"):
                cls.from_args([f"--settings-file={path}", f"--show-settings={language}"])


def test_a_module_is_parsed_once_for_all_its_classes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    calls: list[int] = []
    for size in (4, 40, 120):
        lines = [f"class C{n}:\n    a = {n}  # Said of {n}\n" for n in range(size)]
        (tmp_path / f"classes{size}.py").write_text("".join(lines), encoding="utf-8")
        module, profile = import_module(f"classes{size}"), Profile(builtins=False)
        for n in range(size):
            texts = profile.runcall(texts_of, getattr(module, f"C{n}"))
            assert texts.members == {"a": f"Said of {n}"}
        calls.append(calls_in(profile))
    assert calls[2] < 4 * calls[1]


@pytest.mark.parametrize("text", ["word ", '\\n\\"', "\\"], ids=["words", "escapes", "backslashes"])
def test_a_long_text_takes_no_memory_for_each_character(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "s" / "a.json"
    write_json(path, {"properties": {"p": {"description": "HERE", "default": "HERE"}}})
    long = path.read_text(encoding="utf-8").replace("HERE", text * (300_000 // len(text)), 1)
    monkeypatch.chdir(tmp_path)
    main(["lint", "s"])
    path.write_text(long, encoding="utf-8")
    tracemalloc.start()
    try:
        assert main(["lint", "s"]) == 1
        assert tracemalloc.get_traced_memory()[1] < 20 * len(long)
    finally:
        tracemalloc.stop()
    assert "internal" not in capsys.readouterr().err


def test_a_problem_at_the_end_of_many_ways_is_told_once(tmp_path: Path) -> None:
    for name in ("allOf", "anyOf", "if", "dependentSchemas", "files"):
        with package_of(tmp_path / name, bombs(LEVELS)[name]) as package:
            with pytest.raises(SettingsError) as caught:
                package.root_class("Root").from_config({"r": {"x": "q"}})
            ((path, expected),) = {(p.path, p.expected) for p in caught.value.problems}
            assert path == ("r", "x")
            assert expected.startswith("must be a whole number")


def test_an_error_says_which_definitions_multiply(tmp_path: Path) -> None:
    schema = tower(20, OF_PARTS["prefixItems"])
    with pytest.raises(GenerationError) as caught:
        generate([schemas_in(tmp_path, {"root": schema})], tmp_path / "bomb")
    (problem,) = caught.value.problems
    text = "the schemas that lead from one to the next multiply to a type of 1,079 parts"
    assert (problem.message, problem.pointer) == (text, "#/$defs/d14")
    assert problem.hint is not None
    assert "'d14' leads to 'd15' 2 times, 'd15' leads to 'd16' 2 times" in problem.hint
    deep = tower(100, OF_PARTS["items of lists"])
    with pytest.raises(GenerationError, match=r"multiply to \d+(,\d{3}){9,} ways"):
        generate([schemas_in(tmp_path / "deep", {"root": deep})], tmp_path / "deep" / "bomb")


@pytest.mark.parametrize("name", sorted(bombs(1).keys() - _NOT_FOR_THE_ORACLE))
def test_checks_that_keep_their_verdicts_judge_as_others_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "MAX_WAYS", 0)
    files = bombs(2)[name]
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **files["root"]}
    oracle = Oracle(schema)
    tried = [*configs(3).values(), {"r": {"y": 1, "x": 1}}, {"r": ["q", 1]}, {"r": {"x": {"x": 1}}}]
    with package_of(tmp_path, files) as package:
        texts = "".join(path.read_text() for path in package.folder.rglob("*.py"))
        assert "@once\n" in texts or name in ("choices", "ring", "properties", "presets", "mixed")
        for config in tried:
            assert accepts(package.root_class("Root"), config) == oracle.is_valid(config), config


def test_verdicts_are_kept_no_longer_than_a_value_is_judged(tmp_path: Path) -> None:
    with package_of(tmp_path, bombs(LEVELS)["allOf"]) as package:
        cls = package.root_class("Root")
        config: dict[str, Any] = {"r": {"x": 1}}
        assert cls.from_config(config)
        config["r"]["x"] = "q"
        with pytest.raises(SettingsError):
            cls.from_config(config)
        config["r"]["x"] = 1
        assert cls.from_config(config)


def test_deep_lists_without_a_class_can_be_shown(tmp_path: Path) -> None:
    schema = tower(90, lambda d: {"type": "array", "items": d}, last={"type": "integer"})
    with package_of(tmp_path, {"root": schema}) as package:
        settings = package.root_class("Root").from_config({"r": [[[]]]})
        assert "[[[]]]" in repr(settings)
        with pytest.raises(SettingsError):
            package.root_class("Root").from_args(["--r", "1"])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs fork, and /proc to tell of memory")
@pytest.mark.parametrize("style", ["plain", "pydantic"])
def test_bombs_of_a_hundred_levels_take_little_memory(style: str) -> None:
    """The benchmark lets each one work in a fork of its own."""
    command = [sys.executable, str(_BENCHMARK), "--style", style, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=True)
    rows = json.loads(done.stdout)
    assert rows.keys() == bombs(1).keys()
    for name, row in rows.items():
        assert row["ended"], name
        assert row["megabytes"] < 300, name
