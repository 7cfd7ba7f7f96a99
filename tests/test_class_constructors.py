"""Constructors of generated classes: whatever is given, they do what `from_config` does."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from brevettiai.settings import UNSET, Settings, SettingsError

ClassOf = Callable[..., Any]
ModuleOf = Callable[..., ModuleType]

STRAIGHT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "epochs": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
        "rate": {"type": "number", "minimum": 0, "default": 0.5},
        "loss": {"enum": ["mse", "mae"], "default": "mse"},
        "level": {"enum": [0, 1, 2], "default": 1},
        "stages": {"type": "array", "items": {"type": "integer"}, "default": [1, 2]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}, "default": {}},
        "seed": {"type": ["integer", "null"]},
        "inner": {"$ref": "#/$defs/Inner"},
        "late": {"$ref": "#/$defs/Late"},
        "old": {"type": "number", "deprecated": True},
    },
    "$defs": {
        "Inner": {
            "type": "object",
            "properties": {
                "angle": {"type": "number", "minimum": 0, "maximum": 180, "default": 5},
                "names": {"type": "array", "items": {"type": "string"}, "default": []},
                "deep": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"on": {"type": "boolean", "default": False}},
                },
            },
        },
        "Late": {
            "type": "object",
            "properties": {"size": {"type": "integer"}},
            "required": ["size"],
        },
    },
}
#: The same, except that its class cannot be checked and loaded in one pass.
WINDING = {**STRAIGHT, "minProperties": 0, "propertyNames": {"maxLength": 20}}


class Anything:
    """Says that it equals whatever it is compared with."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return hash("mse")


@pytest.fixture(params=["straight", "winding"])
def module(request: pytest.FixtureRequest, module_of: ModuleOf) -> ModuleType:
    return module_of(STRAIGHT if request.param == "straight" else WINDING)


GIVEN: list[dict[str, Any]] = [
    {},
    {"epochs": 3, "rate": 1, "loss": "mae", "level": 2},
    {"epochs": 3.0, "level": 2.0, "seed": 5.0, "stages": [1.0, 2]},
    {"rate": 10**400},
    {"epochs": 3.5},
    {"epochs": True},
    {"epochs": 101},
    {"epochs": "3"},
    {"epochs": None},
    {"rate": float("nan")},
    {"rate": float("inf")},
    {"rate": -0.001},
    {"rate": False},
    {"loss": "huber"},
    {"level": True},
    {"level": False},
    {"stages": [True]},
    {"stages": [1.5]},
    {"stages": "12"},
    {"tags": None},
    {"tags": ["a", 1]},
    {"weights": {"a": 1}},
    {"weights": {"a": None}},
    {"weights": []},
    {"seed": None},
    {"seed": "1"},
    {"inner": None},
    {"inner": 5},
    {"late": None},
    {"old": 1},
    {"old": "1"},
]


@pytest.mark.parametrize("given", GIVEN, ids=str)
@pytest.mark.filterwarnings("ignore:Deprecated config keys")
def test_arguments_mean_what_their_config_means(module: ModuleType, given: dict[str, Any]) -> None:
    cls = module.Training
    # For an optional argument that may not be null, None says nothing.
    config = {key: value for key, value in given.items() if value is not None or key == "seed"}
    problem: SettingsError | None = None
    try:
        expected = cls.from_config(config)
    except SettingsError as error:
        problem = error
    if problem is not None:
        with pytest.raises(SettingsError) as caught:
            cls(**given)
        assert str(caught.value) == str(problem)
        return
    made = cls(**given)
    assert made == expected
    assert repr(vars(made)) == repr(vars(expected))
    assert list(vars(made)) == list(vars(expected))
    assert repr(made.get_config()) == repr(expected.get_config())


def test_only_json_passes_for_a_constant(module: ModuleType) -> None:
    for key in ("loss", "level"):
        for make in (module.Training.from_config, lambda given: module.Training(**given)):
            with pytest.raises(SettingsError, match=rf"{key}: must be a JSON value"):
                make({key: Anything()})


def test_numpy_values_become_plain_ones(module: ModuleType) -> None:
    made = module.Training(
        epochs=np.int64(4),
        rate=np.float64(0.25),
        loss=np.str_("mae"),
        level=np.int8(2),
        stages=np.array([3, 4]),
        tags=[np.str_("a")],
        weights={np.str_("a"): np.float32(0.5)},
        inner=module.Inner(angle=np.float64(1.5)),
    )
    assert repr(made.get_config()) == repr(
        {
            "epochs": 4,
            "rate": 0.25,
            "loss": "mae",
            "level": 2,
            "stages": [3, 4],
            "tags": ["a"],
            "weights": {"a": 0.5},
            "inner": {"angle": 1.5, "names": [], "deep": {"on": False}},
        }
    )
    assert type(made.loss) is str
    assert type(module.Training.from_config({"loss": np.str_("mae")}).loss) is str


def test_keys_that_are_no_text_are_a_problem_of_the_settings(module: ModuleType) -> None:
    with pytest.raises(SettingsError, match="weights: must have text for keys"):
        module.Training(weights={1: 2.0})


# Objects inside


def test_objects_are_kept_as_they_are(module: ModuleType) -> None:
    inner, late = module.Inner(angle=7), module.Late(size=3)
    made = module.Training(inner=inner, late=late)
    assert made.inner is inner
    assert made.late is late
    subclass = type("Sub", (module.Inner,), {})
    assert type(module.Training(inner=subclass()).inner) is subclass


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"angle": 200}, "inner.angle: must be at most 180 (got 200)"),
        ({"angle": float("nan")}, "inner.angle: must be a finite number"),
        ({"names": [1]}, "inner.names[0]: must be text (got 1)"),
        ({"deep": 5}, "inner.deep: must be an object"),
        ({"deep": {"on": 1}}, "inner.deep"),
    ],
    ids=str,
)
def test_objects_that_somebody_spoiled_are_refused(
    module: ModuleType, change: dict[str, Any], problem: str
) -> None:
    inner = module.Inner()
    vars(inner).update(change)
    with pytest.raises(SettingsError) as caught:
        module.Training(inner=inner)
    assert problem in str(caught.value)


def test_objects_inside_objects_are_looked_at_too(module: ModuleType) -> None:
    inner = module.Inner()
    inner.deep.extra["off"] = 1  # nothing that its class ever gives back
    assert module.Training(inner=inner) == module.Training()
    inner.deep.on = 1
    with pytest.raises(SettingsError, match=r"inner\.deep\.on: must be true or false"):
        module.Training(inner=inner)


def test_unknown_keys_inside_objects_are_looked_at_too(module: ModuleType) -> None:
    inner = module.Inner()
    inner.extra["note"] = [1, {"a": None}]
    config = module.Training(inner=inner).get_config()
    assert config["inner"]["note"] == [1, {"a": None}]
    inner.extra["angle"] = 200
    with pytest.raises(SettingsError, match=r"inner\.angle: must be at most 180"):
        module.Training(inner=inner)
    inner.extra.clear()
    inner.extra["note"] = object()
    with pytest.raises(SettingsError, match=r"inner\.note: must be a JSON value"):
        module.Training(inner=inner)


def test_objects_of_another_class_are_taken_by_their_config(module: ModuleType) -> None:
    class Handmade:
        def get_config(self) -> dict[str, Any]:
            return {"angle": 9}

    made = module.Training(inner=Handmade())
    assert type(made.inner) is module.Inner
    assert made.inner.angle == 9
    assert type(module.Training(inner={"angle": 9}).inner) is module.Inner
    with pytest.raises(SettingsError, match=r"late\.size: is required"):
        module.Training(late=module.Inner())


def test_an_attribute_without_a_value_is_absent_inside_too(module: ModuleType) -> None:
    inner = module.Inner()
    inner.deep = None
    made = module.Training(inner=inner)
    assert made.inner is inner
    assert made.get_config()["inner"] == {"angle": 5, "names": []}


# Containers


def test_containers_are_copies(module: ModuleType) -> None:
    stages, weights = [3], {"a": 1.0}
    made = module.Training(stages=stages, weights=weights)
    loaded = module.Training.from_config({"stages": stages, "weights": weights})
    stages.append(4)
    weights["b"] = 2.0
    for settings in (made, loaded):
        assert settings.stages == [3]
        assert settings.weights == {"a": 1.0}
        settings.get_config()["stages"].append(5)
        assert settings.stages == [3]


def test_defaults_are_nobody_elses(module: ModuleType) -> None:
    for make in (module.Training, lambda: module.Training.from_config({})):
        first, second = make(), make()
        first.stages.append(3)
        first.weights["a"] = 1.0
        first.inner.deep.on = True
        first.inner.names.append("a")
        assert second.get_config() == make().get_config()
        assert second.stages == [1, 2]
        assert second.inner.deep.on is False


# Names


def test_properties_may_be_called_like_what_functions_use(class_of: ClassOf) -> None:
    text = """s c n t w x d notes new construct load_inner settle_training Training Inner int list
    type self class_of unknown_keys bool float dict UNSET None print Settings __len __x_y _x"""
    names = text.split()
    schema = {
        "type": "object",
        "properties": {
            **{name: {"type": "integer", "minimum": 0, "default": 1} for name in names},
            "inner": {"type": "object", "properties": {"s": {"type": "integer", "default": 2}}},
        },
    }
    cls = class_of(schema)
    expected = {**dict.fromkeys(names, 1), "inner": {"s": 2}}
    assert cls().get_config() == cls.from_config({}).get_config() == expected
    fields = {field.key: field.attribute for field in cls.__brevetti__.fields()}
    for number, name in enumerate(names, 2):
        changed = {**expected, name: number}
        assert cls(**{fields[name]: number}).get_config() == changed
        assert cls.from_config({name: float(number)}).get_config() == changed
        with pytest.raises(SettingsError, match="must be at least 0"):
            cls(**{fields[name]: -1})


def test_many_attributes(class_of: ClassOf) -> None:
    count = 100
    properties = {f"p{i}": {"type": "integer", "default": i} for i in range(count)}
    cls = class_of({"type": "object", "properties": properties})
    expected = {f"p{i}": i for i in range(count)}
    assert list(vars(cls()).items()) == list(vars(cls.from_config({})).items())
    assert cls().get_config() == expected
    assert cls(p77=1, p3=4.0).get_config() == {**expected, "p77": 1, "p3": 4}
    assert cls.from_config(dict(reversed(expected.items()))) == cls()


def test_an_unknown_key_in_the_place_of_a_known_one(class_of: ClassOf) -> None:
    properties = {"a-b": {"type": "integer", "default": 1}, "c": {"type": "boolean"}}
    cls = class_of({"type": "object", "properties": properties})
    made = cls.from_config({"a-b": 5.0, "d": [2]})
    assert vars(made) == {"a_b": 5, "c": None}
    assert made.extra == {"d": [2]}
    assert made.get_config() == {"a-b": 5, "d": [2]}
    closed = class_of({"type": "object", "properties": properties, "additionalProperties": False})
    with pytest.raises(SettingsError, match="d"):
        closed.from_config({"c": True, "d": 2})


def test_a_subclass_may_have_attributes_before_and_after(module: ModuleType) -> None:
    class Mine(module.Training):  # type: ignore[misc, name-defined]
        def __init__(self, *, note: str = "", **given: Any) -> None:
            super().__init__(**given)
            self.note = note

    made = Mine(note="by hand", epochs=3)
    assert made.note == "by hand"
    assert made.get_config() == module.Training(epochs=3).get_config()
    assert isinstance(made, Settings)
    assert Mine.from_config({"epochs": 3}).get_config() == made.get_config()
    assert made.seed is UNSET
