"""Telling many problems: what is told, and that the work grows with their number only."""

from __future__ import annotations

import cProfile
import difflib
import json
import logging
import random
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, generate
from brevetti_gen.preview.verdict import verdict_document
from brevettiai.json_values import all_unique, repeated
from brevettiai.messages.spellings import nearest
from brevettiai.settings import SettingsError
from loaded_classes import loaded_class, tagged

INTEGERS = {"type": "array", "items": {"type": "integer"}}
NAMES = [f"{word}_{i}" for i in range(100) for word in ("rate", "angle", "depth", "size", "level")]


@pytest.fixture(scope="module")
def cls() -> Any:
    branches = [tagged("x", v={"type": "integer"}), tagged("y", v={"type": "string"})]
    return loaded_class(
        {
            "integers": INTEGERS,
            "unique": {"type": "array", "uniqueItems": True},
            "secrets": {
                "type": "object",
                "additionalProperties": {"type": "string", "minLength": 3, "writeOnly": True},
            },
            "union": {"type": "array", "items": {"anyOf": branches}},
            "choices": {"type": "array", "items": {"enum": NAMES}},
            "names": {"type": "object", "propertyNames": {"maxLength": 2}},
            "texts": {"type": "object", "additionalProperties": {"type": "string"}},
            "strict": {
                "type": "object",
                "properties": {name: {"type": "integer"} for name in NAMES},
                "additionalProperties": False,
            },
        }
    )


def refused(cls: Any, config: Any) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        cls.from_config(config)
    return caught.value


def test_the_text_has_the_first_hundred_and_the_error_all(cls: Any) -> None:
    error = refused(cls, {"integers": ["x"] * 250})
    lines = str(error).splitlines()
    assert len(error.problems) == 250
    assert lines[0] == "Training: 250 problems"
    assert lines[100] == "  integers[99]: must be a whole number (got 'x')"
    assert lines[101:] == ["  and 150 more"]
    assert len(str(refused(cls, {"integers": ["x"] * 100})).splitlines()) == 101


def test_near_names_are_sought_for_the_first_hundred(cls: Any) -> None:
    error = refused(cls, {"strict": {f"{name}x": 1 for name in NAMES}})
    guesses = ["did you mean" in problem.expected for problem in error.problems]
    assert guesses == [True] * 100 + [False] * 400


def test_near_names_of_flags_too(cls: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        cls.from_args([f"--strict.{name}x=1" for name in NAMES])
    texts = [str(problem) for problem in caught.value.problems]
    assert sum("did you mean" in text for text in texts) == 100
    assert texts[-1] == f"unknown flag --strict.{NAMES[-1]}x"


def test_near_names_in_a_log_record(cls: Any, caplog: pytest.LogCaptureFixture) -> None:
    open_class = loaded_class({name: {"type": "integer"} for name in NAMES})
    with caplog.at_level(logging.WARNING):
        open_class.from_config({f"{name}x": 1 for name in NAMES})
    (record,) = caplog.records
    assert record.getMessage().count("did you mean") == 100
    assert f"{NAMES[-1]}x" in record.getMessage()


def test_of_many_names_the_nearest_is_found() -> None:
    rng = random.Random(7)
    letters = "abcdefghijklmnop_"
    names = tuple({"".join(rng.choices(letters, k=rng.randint(4, 14))) for _ in range(1500)})
    for name in rng.sample(names, 100):
        at = rng.randrange(len(name))
        wrong = name[:at] + rng.choice(letters) + name[at + 1 :]
        folded = {each.replace("_", "-"): each for each in reversed(names)}
        (best,) = difflib.get_close_matches(wrong.replace("_", "-"), folded, 1, 0.6)
        assert nearest(wrong, names, 0.6) == folded[best]


@pytest.mark.parametrize("items", [[1, 1.0], ["a", "a"], [{"a": [1]}, {"a": [1.0]}], [2**70] * 2])
def test_an_equal_item_is_found(items: list[Any]) -> None:
    assert [*repeated([None, True, *items])] == [3]


@pytest.mark.parametrize(
    "items", [[1, True], [0, False], ["1", 1], [2**70, hex(2**70)], [[], {}], [2**70, 2**70 + 1]]
)
def test_others_are_not_equal(items: list[Any]) -> None:
    assert all_unique(items)


def test_nobody_can_choose_items_of_one_hash() -> None:
    from brevettiai.json_values import identity

    chosen = [factor * (2**61 - 1) for factor in range(1, 1000)]
    assert len(set(map(hash, chosen))) == 1
    assert len({hash(identity(value)) for value in chosen}) > 900


# How the work grows


def work(action: Callable[[], object]) -> int:
    """How many calls of functions an action makes, those of C code too."""
    profile = cProfile.Profile()
    profile.runcall(action)
    return sum(entry.callcount for entry in profile.getstats())


def is_linear(action: Callable[[int], object]) -> bool:
    action(10)
    return work(lambda: action(800)) < 2.5 * work(lambda: action(400))


CONFIGS: dict[str, Callable[[int], Any]] = {
    "one double": lambda n: {"unique": [*({"a": i} for i in range(n)), {"a": 1}]},
    "doubles": lambda n: {"unique": [1] * n},
    "secrets": lambda n: {"secrets": {f"k{i}": "a" for i in range(n)}},
    "alternatives": lambda n: {"union": [{"name": "z"}, {"name": "x", "v": ""}] * n},
    "choices": lambda n: {"choices": [f"rate_{i}x" for i in range(n)]},
    "names": lambda n: {"names": {f"key{i}": 1 for i in range(n)}},
    "keys": lambda n: {"strict": {f"rate_{i}x": 1 for i in range(n)}},
}
FLAGS: dict[str, Callable[[int], list[str]]] = {
    "a list": lambda n: ["--integers=1"] * n,
    "items": lambda n: [f"--integers.{i}=1" for i in range(n)],
    "appended": lambda n: ["--integers.+=1"] * n,
    "map": lambda n: [f"--texts.k{i}=1" for i in range(n)],
    "list and map": lambda n: [
        word for i in range(n) for word in ("--integers=1", f"--texts.k{i}=1")
    ],
    "unknown": lambda n: [f"--x{i}" for i in range(n)],
}


@pytest.mark.parametrize("kind", CONFIGS)
def test_problems_of_configs(cls: Any, kind: str) -> None:
    assert is_linear(lambda n: str(refused(cls, CONFIGS[kind](n))))


@pytest.mark.slow
@pytest.mark.parametrize("kind", CONFIGS)
def test_problems_in_the_preview(cls: Any, kind: str) -> None:
    def show(n: int) -> None:
        assert verdict_document(cls, "training", CONFIGS[kind](n))["problems"]

    assert is_linear(show)


@pytest.mark.parametrize(
    "kind",
    # A list and a map alone tell less than both together.
    [pytest.param(k, marks=pytest.mark.slow if k in ("a list", "map") else []) for k in FLAGS],
)
def test_flags(cls: Any, kind: str) -> None:
    def parse(n: int) -> None:
        with (
            nullcontext() if kind != "unknown" else pytest.raises(SettingsError, match="flag --x9")
        ):
            cls.from_args(FLAGS[kind](n))

    assert is_linear(parse)


@pytest.mark.slow
def test_references_that_lead_nowhere(tmp_path: Path) -> None:
    source = tmp_path / "root.json"

    def run(n: int) -> None:
        definitions = {f"definition{i}": {"type": "integer"} for i in range(n)}
        properties = {f"p{i}": {"$ref": f"#/$defs/definitin{i}"} for i in range(n)}
        schema = {"$defs": definitions, "type": "object", "properties": properties}
        source.write_text(json.dumps(schema), encoding="utf-8")
        with pytest.raises(GenerationError) as caught:
            generate([source], tmp_path / "settings")
        assert len(caught.value.problems) == n

    assert is_linear(run)


def test_the_preview_tells_the_first_hundred(cls: Any) -> None:
    problems = verdict_document(cls, "training", {"integers": ["x"] * 250})["problems"]
    assert len(problems) == 101
    assert problems[-1]["text"] == "and 150 more"
