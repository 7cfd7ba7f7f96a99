"""Attributes that are no settings, and deleted ones: told, wherever they are, and never lost."""

from __future__ import annotations

import copy
import functools
import json
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from brevettiai.platform import Job
from brevettiai.settings import SettingsError
from brevettiai.utils.module import Module

TRAINING: dict[str, Any] = {
    "type": "object",
    "properties": {
        "epochs": {"type": "integer", "default": 20},
        "comment": {"type": "string"},
        "learning-rate": {"type": "number", "default": 0.1},
    },
}
#: Presence can matter to it, so that it remembers what was given.
TRACKED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "cache": {"type": "boolean", "default": True},
        "folder": {"type": "string"},
        "inner": {"$ref": "#/$defs/Part"},
    },
    "dependentRequired": {"folder": ["cache"]},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "training": TRAINING,
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
        "maps": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Part"}},
        "optimizer": {
            "oneOf": [
                {"properties": {"name": {"const": "sgd"}, "momentum": {}}, "required": ["name"]},
                {"properties": {"name": {"const": "adam"}, "beta": {}}, "required": ["name"]},
            ]
        },
        "tracked": TRACKED,
        "closed": {**TRAINING, "additionalProperties": False},
    },
    "$defs": {"Part": {"type": "object", "properties": {"width": {"type": "integer"}}}},
}
CONFIG: dict[str, Any] = {
    "training": {"epochs": 3},
    "parts": [{"width": 1}, {"width": 2}],
    "maps": {"a.b": {"width": 3}},
    "optimizer": {"name": "adam", "beta": 1},
    "tracked": {"inner": {"width": 4}},
    "closed": {},
}
#: How to come to an object, and what a message calls its attributes.
PLACES: dict[str, Callable[[Any], Any]] = {
    "": lambda settings: settings,
    "training.": lambda settings: settings.training,
    "parts[1].": lambda settings: settings.parts[1],
    "maps['a.b'].": lambda settings: settings.maps["a.b"],
    "optimizer.": lambda settings: settings.optimizer,
    "tracked.": lambda settings: settings.tracked,
    "tracked.inner.": lambda settings: settings.tracked.inner,
    "closed.": lambda settings: settings.closed,
}
#: What goes by the config of settings.
WAYS: dict[str, Callable[[Any], object]] = {
    "validate": lambda settings: settings.validate(),
    "get_config": lambda settings: settings.get_config(),
    "hide_secrets": lambda settings: settings.get_config(hide_secrets=True),
    "to_json": lambda settings: settings.to_json(),
    "to_args": lambda settings: settings.to_args(),
    "get_settings": lambda settings: settings.get_settings(),
    "to_config": lambda settings: type(settings).to_config(settings),
    "replace": lambda settings: settings.replace(),
    "from_config": lambda settings: type(settings).from_config(settings),
    "equal": lambda settings: settings == type(settings).from_config(CONFIG),
    "copy": lambda settings: settings.copy().get_config(),
    "shallow": lambda settings: copy.copy(settings).get_config(),
}


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from conformance.generated import generated, write_json

    folder = tmp_path_factory.mktemp("assigned")
    write_json(folder / "schemas" / "main.json", SCHEMA)
    with generated([folder / "schemas"], folder, {}) as package:
        yield package.module("main")


@pytest.fixture
def settings(module: ModuleType) -> Any:
    return module.Main.from_config(CONFIG)


def told(call: Callable[[Any], object], settings: Any) -> list[str]:
    """The problems that a call finds."""
    with pytest.raises(SettingsError) as caught:
        call(settings)
    assert caught.value.title == type(settings).__name__
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("way", WAYS)
def test_a_misspelled_attribute_is_told_with_its_place(way: str, settings: Any) -> None:
    settings.training.epoch = 12
    message = "training.epoch: is no setting, did you mean 'epochs'?"
    assert told(WAYS[way], settings) == [message]
    del settings.training.epoch
    WAYS[way](settings)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_not_made_of_it(protocol: int, settings: Any) -> None:
    """As it would look like one from before the schema changed."""
    settings.training.epoch = 12
    problem = "epoch: is no setting, did you mean 'epochs'?"
    with pytest.raises(SettingsError, match=re.escape(problem)):
        pickle.dumps(settings, protocol)
    del settings.training.epoch, settings.training.comment
    with pytest.raises(SettingsError, match="comment: was deleted"):
        pickle.dumps(settings, protocol)


@pytest.mark.parametrize("way", ["validate", "get_config", "replace", "from_config"])
@pytest.mark.parametrize("place", PLACES)
def test_at_any_depth(place: str, way: str, settings: Any) -> None:
    PLACES[place](settings).stray = 1
    assert told(WAYS[way], settings) == [f"{place}stray: is no setting"]


@pytest.mark.parametrize("way", ["validate", "get_config", "replace", "from_config"])
def test_all_are_told_at_once(way: str, settings: Any) -> None:
    for number, find in enumerate(PLACES.values()):
        setattr(find(settings), f"stray_{number}", 1)
    expected = {f"{place}stray_{number}: is no setting" for number, place in enumerate(PLACES)}
    problems = told(WAYS[way], settings)
    assert len(problems) == len(expected)
    assert set(problems) == expected


def test_wrong_values_are_told_beside_them(settings: Any) -> None:
    settings.training.epochs = {1}
    settings.training.epoch = 12
    settings.parts[0] = settings.tracked
    settings.parts[0].caches = True
    problems = told(WAYS["validate"], settings)
    assert "training.epochs: must be a JSON value (got a set)" in problems
    assert "training.epoch: is no setting, did you mean 'epochs'?" in problems
    assert "parts[0].caches: is no setting, did you mean 'cache'?" in problems
    assert len(problems) == len(set(problems)) == 4


def test_a_key_that_is_no_attribute_is_one_letter_away(settings: Any) -> None:
    setattr(settings.training, "learning-rate", 1)
    assert told(WAYS["get_config"], settings) == [
        "training.learning-rate: is no setting, did you mean 'learning_rate'?"
    ]


@pytest.mark.parametrize("way", ["validate", "get_config", "to_json", "replace"])
@pytest.mark.parametrize("place", ["training.epochs", "training.comment", "tracked.cache"])
def test_a_deleted_attribute_is_told(place: str, way: str, settings: Any) -> None:
    part, name = place.split(".")
    delattr(getattr(settings, part), name)
    assert told(WAYS[way], settings) == [f"{place}: was deleted"]


def test_what_took_the_place_of_a_deleted_attribute_is_told(settings: Any) -> None:
    vars(settings.training)["comments"] = vars(settings.training).pop("comment")
    expected = [
        "training.comments: is no setting, did you mean 'comment'?",
        "training.comment: was deleted",
    ]
    assert told(WAYS["get_config"], settings) == told(WAYS["validate"], settings) == expected


@pytest.mark.parametrize("place", [place for place in PLACES if place])
def test_one_in_an_argument_is_told_by_the_constructor_or_by_the_config(
    place: str, module: ModuleType, settings: Any
) -> None:
    PLACES[place](settings).stray = 1
    name = re.split(r"[.\[]", place)[0]

    def make(settings: Any) -> object:
        return module.Main(**{name: getattr(settings, name)}).get_config()

    assert told(make, settings) == [f"{place}stray: is no setting"]


def test_values_are_not_shown_as_they_may_be_secrets(module_of: Callable[..., ModuleType]) -> None:
    key = {"type": "string", "writeOnly": True}
    settings = module_of({"properties": {"api_key": key}}).Training(api_key="hush")
    settings.api_kye = "hush!"
    with pytest.raises(SettingsError) as caught:
        settings.get_config()
    assert "hush" not in str(caught.value)
    assert repr(settings) == "Training(api_key=***, api_kye=***)"
    assert "hush" not in settings._repr_html_()


def test_repr_shows_them(settings: Any) -> None:
    settings.training.epoch = 12
    assert "epochs=3, learning_rate=0.1, epoch=12)" in repr(settings)
    assert "training.epoch" in settings._repr_html_()


def test_a_hand_written_module_around_them_tells_too(settings: Any) -> None:
    class Holder(Module):
        def __init__(self, inner: Any = None) -> None:
            self.inner = inner

    holder = Holder(settings)
    holder.anything = 1  # type: ignore[attr-defined]
    assert holder.get_config()["inner"] == settings.get_config()
    settings.training.epoch = 12
    with pytest.raises(SettingsError, match=r"training\.epoch: is no setting"):
        holder.get_config()


def test_a_job_tells_before_it_stores(module: ModuleType, tmp_path: Path) -> None:
    class Train(Job):
        Settings = module.Main

    job: Any = Train.init(args=["--job_dir", str(tmp_path / "job")])
    job.settings.training.epoch = 12
    with pytest.raises(SettingsError, match=r"training\.epoch: is no setting"):
        job.complete()
    del job.settings.training.epoch
    job.complete()
    (output,) = tmp_path.rglob("output.json")
    config = json.loads(output.read_text(encoding="utf-8"))["config"]
    assert config["settings"]["training"]["epochs"] == 20


def test_a_long_way_down_takes_no_time(class_of: Callable[..., Any]) -> None:
    """Nested lists ask each object by a call of its own; none asks for the same twice."""
    nested = {"type": "array", "items": {"$ref": "#"}}
    cls = class_of({"type": "object", "properties": {"inner": nested, "n": {"type": "integer"}}})
    config: dict[str, Any] = {}
    for _ in range(60):
        config = {"inner": [config]}
    settings = cls.from_config(config)
    last = settings
    while last.inner:
        last = last.inner[0]
    last.stray = 1
    for way in ("get_config", "validate", "replace"):
        (problem,) = told(WAYS[way], settings)
        assert problem.endswith("inner[0].stray: is no setting")


# What is no stray


def test_what_a_subclass_declares_is_its_own(module: ModuleType) -> None:
    class Mixin:
        shared = 1

    class Mine(module.Training, Mixin):  # type: ignore[misc, name-defined]
        unit = "pixels"
        label: str
        __slots__ = ("mark",)

        def __init__(self, *, note: str = "", **given: Any) -> None:
            super().__init__(**given)
            self.note = note
            self.seen: list[int] = []

        @functools.cached_property
        def double(self) -> int:
            return 2 * int(self.epochs)

        @property
        def half(self) -> float:
            return float(self.epochs) / 2

        @half.setter
        def half(self, value: float) -> None:
            self.epochs = round(2 * value)

    made = Mine(note="by hand", epochs=3)
    made.unit, made.label, made.mark, made.shared, made._cache = "mm", "x", 1, 2, {}
    assert made.double == 6
    made.half = 2.0
    expected = module.Training(epochs=4).get_config()
    made.validate()
    for again in (made, made.copy(), copy.copy(made)):
        assert again.get_config() == expected
        assert (again.note, again.unit, again.label, again.mark) == ("by hand", "mm", "x", 1)
    assert made.replace(epochs=5).get_config()["epochs"] == 5
    made.epoch = 12
    assert told(WAYS["get_config"], made) == ["epoch: is no setting, did you mean 'epochs'?"]
    del made.epoch
    made.other = 1
    assert told(WAYS["get_config"], made) == [
        "other: is no setting; what is Mine's own, its body or its __init__ names"
    ]


def test_a_method_of_all_settings_is_no_attribute(settings: Any) -> None:
    settings.replace_ = settings.training.copy = 1
    assert told(WAYS["get_config"], settings) == [
        "replace_: is no setting",
        "training.copy: is no setting",
    ]
