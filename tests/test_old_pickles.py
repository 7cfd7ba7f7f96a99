"""Pickles from before a schema changed: they load as a config does, or say why not."""

from __future__ import annotations

import copy
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from brevettiai.settings import UNSET, SettingsError
from conformance.generated import importable, write_json
from random_classes import try_random
from reference import valid

INTEGER: dict[str, Any] = {"type": "integer"}
CROP: dict[str, Any] = {"type": "object", "properties": {"width": {**INTEGER, "default": 64}}}
BASE: dict[str, Any] = {"epochs": {**INTEGER, "default": 20}, "crop": CROP, "comment": {}}
#: Keywords by which presence matters, and fills can do harm.
TRACKS: dict[str, Any] = {"dependentRequired": {"epochs": ["comment"]}}
Versions = Callable[..., Any]


@pytest.fixture
def moved(tmp_path: Path) -> Any:
    """`moved(config, old, new)` pickles an object of one schema, and loads it as of another one."""

    def move(config: Any, old: Any, new: Any, change: Any = None) -> Any:
        folders = [tmp_path / name / "evolving" for name in ("old", "new")]
        for schema, folder in zip((old, new), folders, strict=True):
            write_json(folder.parent / "training.json", {"type": "object", **schema})
            generate([folder.parent / "training.json"], folder)
        with importable(folders[0]) as package:
            made = package.module("training").Training.from_config(config)
            if change is not None:
                change(made)
            data = pickle.dumps(made)
        context = importable(folders[1])
        package = context.__enter__()
        opened.append(context)
        loaded = pickle.loads(data)
        assert type(loaded) is package.module("training").Training
        return loaded

    opened: list[Any] = []
    yield move
    for context in opened:
        context.__exit__(None, None, None)


def with_properties(schema: Any = None, /, **properties: Any) -> dict[str, Any]:
    """The schema of the first version, with some more properties."""
    return {"properties": {**BASE, **properties}, **(schema or {})}


@pytest.mark.parametrize("more", [{}, {"additionalProperties": False}, TRACKS], ids=str)
def test_what_was_added_is_filled_as_the_schema_says(more: Any, moved: Versions) -> None:
    added = {
        "rate": {"type": "number", "default": 0.5},
        "classes": {"type": "array", "items": {"type": "string"}, "default": ["dent"]},
        "stop": {"type": "object", "properties": {"patience": {**INTEGER, "default": 5}}},
        "note": {"type": "string"},
        "seed": {"type": ["integer", "null"]},
    }
    config = {"crop": {"width": 3}}
    loaded = moved(config, with_properties(more), with_properties(more, **added))
    assert list(vars(loaded)) == [*BASE, *added]
    assert (loaded.rate, loaded.classes, loaded.note, loaded.seed) == (0.5, ["dent"], None, UNSET)
    assert loaded.stop.patience == 5
    again = type(loaded).from_config(config)
    assert loaded == again
    assert vars(loaded) == vars(again)
    loaded.validate()


def test_what_is_inside_is_filled_in_its_own_class(moved: Versions) -> None:
    crop = {**CROP, "properties": {**CROP["properties"], "height": {**INTEGER, "default": 32}}}
    loaded = moved({"crop": {"width": 3}}, with_properties(), with_properties(crop=crop))
    assert loaded.get_config() == {"epochs": 20, "crop": {"width": 3, "height": 32}}


def test_what_is_required_now_gets_its_default(moved: Versions) -> None:
    new = with_properties({"required": ["rate"]}, rate={"type": "number", "default": 0.5})
    assert moved({}, with_properties(), new).rate == 0.5


@pytest.mark.parametrize("more", [{}, TRACKS], ids=str)
def test_what_is_required_now_without_a_default_is_told(more: Any, moved: Versions) -> None:
    new = with_properties({"required": ["rate"], **more}, rate={"type": "number"})
    with pytest.raises(SettingsError) as caught:
        moved({"comment": 1}, with_properties(more), new)
    assert str(caught.value) == (
        "Training: 1 problem\n"
        "  rate: is required (from a pickle of an older or newer version of the class)"
    )


def test_what_was_removed_is_kept_where_others_are_allowed(
    moved: Versions, caplog: pytest.LogCaptureFixture
) -> None:
    old = with_properties(rates={"type": "array"}, gone={}, nothing={"type": "string"})
    loaded = moved({"rates": [1], "gone": {"a": 1}}, old, with_properties())
    assert list(vars(loaded)) == [*BASE]
    assert loaded.extra == {"rates": [1], "gone": {"a": 1}}
    assert "Invalid config keys: rates, gone" in caplog.text
    assert loaded.get_config()["gone"] == {"a": 1}


def test_what_was_removed_is_told_where_others_are_refused(moved: Versions) -> None:
    closed = with_properties({"additionalProperties": False})
    with pytest.raises(SettingsError, match=r"gone: is not a known key .*from a pickle"):
        moved({"gone": 1}, with_properties(gone={}), closed)
    assert moved({}, with_properties(gone={"type": "string"}), closed).epochs == 20


@pytest.mark.parametrize("more", [{}, TRACKS], ids=str)
def test_what_was_renamed_has_its_new_name(more: Any, moved: Versions) -> None:
    part = {"$ref": "#/$defs/Part"}
    more = {**more, "$defs": {"Part": {"type": "object", "properties": {"n": INTEGER}}}}
    old = with_properties(more, **{"learning-rate": {"type": "number"}, "stop": part})
    rate = {"type": "number", "x-renamed-from": ["speed", "learning-rate"]}
    new = with_properties(more, rate=rate, halt={**part, "x-renamed-from": "stop"})
    with pytest.warns(DeprecationWarning, match=r"learning-rate \(now rate\), stop \(now halt\)"):
        loaded = moved({"learning-rate": 0.5, "stop": {"n": 2}}, old, new)
    assert (loaded.rate, loaded.halt.n, loaded.extra) == (0.5, 2, {})


def test_a_pickle_from_before_a_class_remembered_what_was_given(moved: Versions) -> None:
    loaded = moved({"crop": {"width": 3}}, with_properties(), with_properties(TRACKS))
    assert loaded.get_config() == {"crop": {"width": 3}}
    loaded.validate()


def test_what_was_given_is_remembered(moved: Versions) -> None:
    new = with_properties(TRACKS, n={**INTEGER, "default": 1})
    loaded = moved({"crop": {}}, with_properties(TRACKS), new)
    assert loaded.get_config() == {"crop": {}}

    def give(made: Any) -> None:
        made.comment = "later"

    loaded = moved({}, with_properties(TRACKS), new, give)
    assert loaded.get_config() == {
        "epochs": 20,
        "crop": {"width": 64},
        "comment": "later",
        "n": 1,
    }


def test_what_does_not_fit_any_more_is_told(moved: Versions) -> None:
    epochs = {**INTEGER, "default": 5, "maximum": 10}
    with pytest.raises(SettingsError, match=r"epochs: must be at most 10 \(got 12, from a pickle"):
        moved({"epochs": 12}, with_properties(), with_properties(epochs=epochs, n=INTEGER))


def test_objects_that_are_shared_stay_shared(moved: Versions) -> None:
    parts = {"type": "array", "items": {"$ref": "#/$defs/Part"}}
    defs = {"$defs": {"Part": {"type": "object", "properties": {"n": INTEGER}}}}

    def share(made: Any) -> None:
        made.parts *= 2
        made._mine = made.parts[0]

    old, new = (with_properties(defs, parts=parts, **more) for more in ({}, {"late": INTEGER}))
    loaded = moved({"parts": [{"n": 1}]}, old, new, share)
    assert loaded.parts[0] is loaded.parts[1] is loaded._mine


def test_across_processes(tmp_path: Path) -> None:
    def run(code: str) -> str:
        paths = os.pathsep.join(
            [str(tmp_path), str(Path(sys.modules["brevettiai"].__file__ or "").parents[1])]
        )
        command = [sys.executable, "-c", code]
        environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    for more in ({}, {"rate": {"type": "number", "default": 0.5}}):
        write_json(tmp_path / "training.json", {"type": "object", **with_properties(**more)})
        generate([tmp_path / "training.json"], tmp_path / "evolving")
        if not more:
            head = "import pickle, sys; from evolving.training import Training; "
            made = "print(pickle.dumps(Training(epochs=3)).hex())"
            data = run(head + made).strip()
    load = f"import pickle; print(pickle.loads(bytes.fromhex({data!r})).to_json())"
    assert json.loads(run(load)) == {"epochs": 3, "crop": {"width": 64}, "rate": 0.5}


# Of the same version


class _Everything:
    """Any value that pickle takes."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Everything)

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_what_was_assigned_comes_back_whatever_it_is(protocol: int, class_of: Any) -> None:
    made = class_of(with_properties()).from_config({"other": 1})
    made.epochs, made.comment, made.crop._cache = _Everything(), [made.crop], {1}
    loaded = pickle.loads(pickle.dumps(made, protocol))
    assert (loaded.epochs, loaded.extra) == (_Everything(), {"other": 1})
    assert loaded.comment[0] is loaded.crop
    assert loaded.crop._cache == {1}
    assert vars(copy.copy(made)) == vars(made)


def test_random_objects_come_back(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Also after an optional property, which another version does not have, was added."""

    def back(module: Any, schema: Any, value: Any) -> None:
        if not (isinstance(value, dict) and valid(schema, value)):
            return
        made = module.Training.from_config(value)
        lacking = pickle.loads(pickle.dumps(made))
        assert vars(lacking) == vars(made)
        for field in made.__brevetti__.fields():
            if not field.required and field.key not in value:
                del lacking.__dict__[field.attribute]
        state = (vars(lacking), {"__extra__": lacking.__extra__})
        again = object.__new__(module.Training)
        if hasattr(made, "__given__"):
            state[1]["__given__"] = made.__given__
        again.__setstate__(state)
        assert vars(again) == vars(made)
        assert again == made

    try_random(back, tmp_path_factory, 20, number=0)
