"""Slow patterns are refused, unless they are accepted; and never run when classes are generated."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, Problem, generate
from brevetti_gen.cli.main import main
from brevetti_gen.load import load_package
from brevetti_gen.write.seals import OPTIONS
from brevettiai.settings import SettingsError
from conformance.generated import generated as loaded

SLOW = "^(a+)+$"
TEXT = "a" * 50 + "b"
MARK = {"x-slow-pattern": True}


def generated(schema: Any, folder: Path, **options: Any) -> tuple[Problem, ...]:
    place = folder / "some.json"
    place.write_text(json.dumps(schema), encoding="utf-8")
    return generate([place], folder / "settings", **options).warnings


def one(**keywords: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": {"type": "string", **keywords}}}


@pytest.mark.parametrize(
    "schema",
    [
        one(pattern=SLOW),
        one(anyOf=[{"pattern": SLOW}, {"minLength": 3}]),
        {"type": "object", "patternProperties": {SLOW: {}}},
        {"type": "object", "propertyNames": {"pattern": SLOW}},
        {"$ref": "#/$defs/b", "$defs": {"b": one(**{"not": {"pattern": SLOW}})}},
        one(pattern=SLOW, maxLength=1000),
        one(pattern=SLOW, **{"x-slow-pattern": False}),
    ],
)
def test_a_pattern_that_explodes_is_refused_wherever_it_stands(schema: Any, tmp_path: Path) -> None:
    with pytest.raises(GenerationError) as caught:
        generated(schema, tmp_path)
    (problem,) = caught.value.problems
    assert "such as 'aaaaaaaaaa" in problem.message
    assert problem.hint is not None
    assert "x-slow-pattern" in problem.hint
    assert "--allow-slow-patterns" in problem.hint


def test_a_pattern_of_a_mapped_schema_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "mapped.json").write_text(json.dumps(one(pattern=SLOW)), encoding="utf-8")
    maps = {"urn:a": tmp_path / "mapped.json"}
    with pytest.raises(GenerationError, match="practically forever"):
        generated({"properties": {"b": {"$ref": "urn:a"}}}, tmp_path, maps=maps)


def test_a_shown_text_takes_forever(tmp_path: Path) -> None:
    with pytest.raises(GenerationError) as caught:
        generated(one(pattern=r"^(\w+\s?)*$"), tmp_path)
    text = caught.value.problems[0].message.partition("such as ")[2]
    code = f"import re; re.search(r'^(\\w+\\s?)*\\Z', {text})"
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", code], timeout=2, check=True)


def test_the_option_accepts_all_and_is_recorded(tmp_path: Path) -> None:
    assert generated(one(pattern=SLOW), tmp_path, allow_slow_patterns=True) == ()
    assert "--allow-slow-patterns" in (tmp_path / "settings" / OPTIONS).read_text().splitlines()
    assert "--allow" not in (tmp_path / "settings/some.py").read_text()
    assert generated(one(pattern=SLOW, title="A"), tmp_path) == ()
    command = [str(tmp_path / "some.json"), "-o", str(tmp_path / "settings")]
    assert main(command) == 0
    assert main([*command, "--no-allow-slow-patterns"]) == 1


def test_a_mark_accepts_what_it_stands_beside(tmp_path: Path) -> None:
    assert generated(one(pattern=SLOW, **MARK), tmp_path) == ()
    assert generated({"type": "object", "patternProperties": {SLOW: {}}, **MARK}, tmp_path) == ()
    with pytest.raises(GenerationError):
        generated({**one(pattern=SLOW), **MARK}, tmp_path)


def test_values_that_meet_a_slow_pattern_are_left_unjudged(tmp_path: Path) -> None:
    schema = one(pattern=SLOW, default=TEXT, examples=[TEXT], **MARK)
    (warning,) = generated({**schema, "x-presets": {}}, tmp_path)
    assert warning.message.startswith("the default of 'a' was not checked, as the pattern ")
    (warning,) = generated(one(pattern=SLOW, default="b", **MARK), tmp_path)
    assert "does not fit: must match the pattern" in warning.message
    assert generated(one(pattern=SLOW, default="aaa", **MARK), tmp_path) == ()
    assert generated(one(pattern=SLOW, enum=[TEXT, "a"], **MARK), tmp_path) == ()
    keys: dict[str, Any] = {"patternProperties": {SLOW: {}}, "default": {TEXT: 1}, **MARK}
    assert generated({"type": "object", **keys}, tmp_path) == ()
    keys = {"properties": {"aa": {"type": "string"}}, "patternProperties": {SLOW: {}}}
    assert generated({"type": "object", **keys, **MARK}, tmp_path) == ()


def test_names_that_cannot_be_held_against_a_slow_pattern_are_refused(tmp_path: Path) -> None:
    schema = {"properties": {TEXT: {}}, "patternProperties": {SLOW: {}}, **MARK}
    with pytest.raises(GenerationError, match="takes too long on a name"):
        generated(schema, tmp_path)


@pytest.mark.parametrize("style", ["pydantic", "dataclass", "msgspec", "typeddict"])
def test_other_styles_run_no_slow_pattern_either(style: str, tmp_path: Path) -> None:
    schema = one(pattern=SLOW, default=TEXT, **MARK)
    assert generated({**schema, "x-presets": {"p": {}}}, tmp_path, style=style)


def test_a_short_enough_text_makes_up_for_a_power(tmp_path: Path) -> None:
    (warning,) = generated(one(pattern="^a*a*a*$"), tmp_path)
    assert warning.hint is not None
    assert 'add "maxLength", at most 214' in warning.hint
    assert generated(one(pattern="^a*a*a*$", maxLength=214), tmp_path) == ()
    (again,) = generated(one(pattern="^a*a*a*$", maxLength=215), tmp_path)
    assert again.hint == warning.hint


def test_what_is_too_long_is_not_searched(tmp_path: Path) -> None:
    place = tmp_path / "some.json"
    place.write_text(json.dumps(one(pattern="^a*a*a*a*a*a*$", maxLength=12)), encoding="utf-8")
    with loaded([place], tmp_path, {}) as package:
        cls = package.module("some").Some
        with pytest.raises(SettingsError) as caught:
            cls.from_config({"a": "a" * 1_000 + "b"})
        (problem,) = caught.value.problems
        assert "must have at most 12 characters" in str(problem)
        with pytest.raises(SettingsError, match="must match the pattern"):
            cls.from_config({"a": "aab"})


def test_what_a_search_repeats_at_its_ends_is_left_out(tmp_path: Path) -> None:
    place = tmp_path / "some.json"
    place.write_text(json.dumps(one(pattern=r"\s+$")), encoding="utf-8")
    with loaded([place], tmp_path, {}) as package:
        cls = package.module("some").Some
        assert cls.from_config({"a": "a  "}).get_config() == {"a": "a  "}
        with pytest.raises(SettingsError, match=r"must match the pattern \\s\+\$"):
            cls.from_config({"a": " " * 200_000 + "a"})


def test_previews_search_briefly(tmp_path: Path) -> None:
    place = tmp_path / "some.json"
    place.write_text(json.dumps(one(pattern=SLOW, **MARK)), encoding="utf-8")
    cls = load_package([place]).classes[0].cls
    assert cls is not None
    assert cls.from_config({"a": TEXT}).get_config() == {"a": TEXT}
    with pytest.raises(SettingsError, match="must match the pattern"):
        cls.from_config({"a": "b"})
