"""What of settings may vary: the space that names ask for, and the settings at its points."""

from __future__ import annotations

import pickle
from random import Random
from typing import Annotated, Any, Literal

import pytest
from brevettiai.adapters import SettingsAdapter
from brevettiai.search.space import Choices, Numbers
from brevettiai.search.spaces import Space
from brevettiai.settings import SettingsError
from loaded_classes import loaded_class, tagged
from pydantic import BaseModel, Field, field_validator, model_validator

RATE = {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "default": 0.1}
OPTIMIZER = {
    "anyOf": [
        tagged("adam", rate=RATE, beta={"type": "number", "minimum": 0, "maximum": 1}),
        tagged("sgd", rate={**RATE, "maximum": 10}, nesterov={"type": "boolean"}),
    ],
    "default": {"name": "adam"},
}
PROPERTIES: dict[str, Any] = {
    "epochs": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
    "size": {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 100, "multipleOf": 32},
    "share": {"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.1},
    "loss": {"enum": ["dice", "focal"], "default": "dice"},
    "flip": {"type": "boolean", "default": False},
    "seed": {"type": ["integer", "null"], "minimum": 0, "maximum": 9, "default": None},
    "optimizer": OPTIMIZER,
    "stopping": {
        "type": ["object", "null"],
        "properties": {
            "patience": {"type": "integer", "minimum": 1, "maximum": 50, "default": 5},
            "delta": {"type": "number", "minimum": 0, "default": 0},
        },
        "default": None,
    },
    "mean": {"type": "array", "items": {"type": "number"}, "default": [0.1, 0.2]},
    "weights": {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}},
    "notes": {"type": "string", "pattern": "^[a-z]+$"},
    "token": {"type": "string", "writeOnly": True},
    "rotation": {"type": "integer", "minimum": 0, "maximum": 3, "deprecated": True},
    "odd": {"type": "integer", "minimum": 1, "maximum": 9, "not": {"multipleOf": 2}},
}
Training = loaded_class(PROPERTIES)


def problems(*names: str, cls: Any = Training, base: Any = None) -> list[str]:
    """What is wrong with what was asked, a line for each."""
    with pytest.raises(SettingsError) as error:
        cls.search_space(*names, base=base)
    return [str(problem) for problem in error.value.problems]


class Lowest:
    """A trial that takes the first of everything, and notes what it was asked."""

    def __init__(self) -> None:
        self.params: dict[str, Any] = {}
        self.asked: dict[str, tuple[Any, ...]] = {}

    def suggest_float(
        self, name: str, low: float, high: float, *, step: float | None = None, log: bool = False
    ) -> float:
        self.asked[name] = (low, high, step, log)
        return self.params.setdefault(name, low)

    suggest_int: Any = suggest_float

    def suggest_categorical(self, name: str, choices: list[str]) -> str:
        self.asked[name] = tuple(choices)
        return str(self.params.setdefault(name, choices[0]))


def one(*names: str, cls: Any = Training) -> Any:
    """The only parameter of a space."""
    (parameter,) = cls.search_space(*names)
    return parameter


def test_limits_are_those_of_the_schema() -> None:
    assert one("epochs") == Numbers("epochs", ("epochs",), 1, 100, integer=True)
    assert one("share") == Numbers("share", ("share",), 0.0, 1.0, step=0.1)
    assert one("size") == Numbers("size", ("size",), 32, 96, integer=True, step=32)
    rate = one("optimizer.rate")
    assert 0 < rate.low < 1e-300
    assert rate.high == 1
    assert [choice.value for choice in one("flip").choices] == [False, True]
    assert [choice.label for choice in one("loss").choices] == ["dice", "focal"]


def test_steps_are_exact_in_decimals() -> None:
    points = [point["share"] for point in Training.search_space("share").grid()]
    assert points == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert all(Training(share=share).share == share for share in points)
    assert Training.search_space("share").point_of({"share": 0.1 + 0.2}) == {"share": 0.3}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("epochs=5..10", Numbers("epochs", ("epochs",), 5, 10, integer=True)),
        ("epochs=..10", Numbers("epochs", ("epochs",), 1, 10, integer=True)),
        ("epochs=10..", Numbers("epochs", ("epochs",), 10, 100, integer=True)),
        ("epochs=5..22:5", Numbers("epochs", ("epochs",), 5, 20, integer=True, step=5)),
        ("epochs=5..22:step=5", Numbers("epochs", ("epochs",), 5, 20, integer=True, step=5)),
        ("epochs=..:log", Numbers("epochs", ("epochs",), 1, 100, integer=True, log=True)),
        (
            "optimizer.rate=1e-5..1e-1:log",
            Numbers("optimizer.rate", ("optimizer", "rate"), 1e-5, 0.1, log=True),
        ),
        ("share=0.25..0.5", Numbers("share", ("share",), 0.3, 0.5, step=0.1)),
        ("seed=3..5", Numbers("seed", ("seed",), 3, 5, integer=True)),
        ("mean.1=0..1", Numbers("mean.1", ("mean", 1), 0.0, 1.0)),
        ("weights.scratch=1..10", Numbers("weights.scratch", ("weights", "scratch"), 1.0, 10.0)),
    ],
)
def test_ranges_may_be_typed(name: str, expected: Numbers) -> None:
    assert one(name) == expected


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("epochs=1,5,10", [1, 5, 10]),
        ("notes=a,b", ["a", "b"]),
        ("seed=null,3", [None, 3]),
        ("mean=[1, 2],[0.5,0.5]", [[1, 2], [0.5, 0.5]]),
        ('weights={"a": 1},{}', [{"a": 1}, {}]),
        ("loss=focal", ["focal"]),
        ("optimizer.name=sgd", ["sgd"]),
    ],
)
def test_choices_may_be_typed(name: str, values: list[Any]) -> None:
    parameter = one(name)
    assert [choice.value for choice in parameter.choices] == values
    space = Training.search_space(name)
    for point in space.grid():
        config = space.settings(point).get_config()
        for step in parameter.path:
            config = config[step]
        assert config == point[parameter.name]


def test_a_branch_that_is_chosen_brings_settings_of_its_own() -> None:
    space = Training.search_space("optimizer.*")
    (union,) = space.parameters
    assert isinstance(union, Choices)
    assert union.name == "optimizer.name"
    inside = {choice.label: [each.name for each in choice.inside] for choice in union.choices}
    assert inside == {
        "adam": ["optimizer[adam].rate", "optimizer[adam].beta"],
        "sgd": ["optimizer[sgd].rate", "optimizer[sgd].nesterov"],
    }
    assert Training.search_space("optimizer") == space
    point = space.suggest(Lowest())
    assert [*point] == ["optimizer.name", "optimizer[adam].rate", "optimizer[adam].beta"]
    sgd = {"optimizer.name": "sgd", "optimizer[sgd].rate": 2.0, "optimizer[sgd].nesterov": True}
    assert space.words(sgd) == [
        "--optimizer.name=sgd",
        "--optimizer.rate=2.0",
        "--optimizer.nesterov=true",
    ]
    assert space.settings(sgd).optimizer.get_config() == {
        "name": "sgd",
        "rate": 2.0,
        "nesterov": True,
    }


def test_the_base_decides_what_does_not_vary() -> None:
    assert one("optimizer.beta").name == "optimizer.beta"
    assert problems("optimizer.nesterov") == [
        "optimizer.nesterov: belongs to 'sgd', but 'adam' is there; "
        "name optimizer.name too, to vary that (from 'optimizer.nesterov')"
    ]
    base = Training(optimizer=Training.from_args(["--optimizer.name=sgd"]).optimizer, epochs=7)
    space = Training.search_space("optimizer.rate=0.5..5", base=base)
    assert space.settings({"optimizer.rate": 2.0}).optimizer.name == "sgd"
    assert space.settings({"optimizer.rate": 2.0}).epochs == 7
    assert space.settings({"optimizer.rate": 0.5}, {"epochs": 3}).epochs == 3


def test_names_say_which_branch_is_meant() -> None:
    space = Training.search_space("optimizer.name", "optimizer[sgd].rate=1..5", "optimizer.rate")
    (union,) = space.parameters
    assert isinstance(union, Choices)
    assert [choice.inside[0].name for choice in union.choices] == [
        "optimizer[adam].rate",
        "optimizer[sgd].rate",
    ]
    assert problems("optimizer.name optimizer.rate=0..5") == [
        "optimizer.rate: must be more than 0, not 0 (from 'optimizer.rate=0..5')",
        "optimizer.rate: must be more than 0, not 0 (from 'optimizer.rate=0..5')",
    ]


def test_what_stays_of_another_branch_must_fit() -> None:
    cls = loaded_class(
        {
            "kind": {
                "anyOf": [
                    tagged("a", size={"type": "string"}, share=RATE),
                    tagged("b", size={"type": "number"}, share=RATE),
                ],
                "default": {"name": "a"},
            }
        }
    )
    assert len(one("kind", cls=cls).choices) == 2
    base = {"kind": {"name": "a", "size": "large"}}
    space = cls.search_space("kind", base=base)
    (union,) = space.parameters
    assert isinstance(union, Choices)
    assert [choice.label for choice in union.choices] == ["a"]
    assert space.left_out["kind[b]"] == ("has size from the base settings, which must be a number")
    assert "has size from the base" in problems("kind.name", cls=cls, base=base)[0]
    # What varies there is replaced.
    space = cls.search_space("kind kind[b].size=1..2", base=base)
    assert len(space.parameters[0].choices) == 2  # type: ignore[union-attr]


def test_branches_need_what_they_require() -> None:
    needy = tagged("b", size={"type": "integer", "minimum": 1, "maximum": 3})
    needy["required"] = ["name", "size", "text"]
    needy["properties"]["text"] = {"type": "string"}
    cls = loaded_class({"kind": {"anyOf": [tagged("a"), needy], "default": {"name": "a"}}})
    assert problems("kind.name", cls=cls) == [
        "kind: needs size, which the base settings lack (from 'kind.name')"
    ]
    space = cls.search_space("kind")
    assert space.left_out["kind[b]"] == "needs text, which the base settings lack"
    assert [choice.label for choice in space.parameters[0].choices] == ["a"]
    assert [choice.label for choice in one("kind[b].text=x,y kind", cls=cls).choices] == ["a", "b"]


def test_objects_are_made_with_the_constants_that_they_require() -> None:
    cls = loaded_class(
        {
            "tagged": {"anyOf": [tagged("a", rate=RATE), {"type": "null"}], "default": None},
            "either": {
                "anyOf": [
                    {"type": "object", "properties": {"x": RATE}, "required": ["x"]},
                    {"type": "object", "properties": {"y": RATE}, "required": ["y"]},
                    {"type": "null"},
                ],
                "default": None,
            },
        }
    )
    space = cls.search_space("tagged")
    point = {"tagged": "object", "tagged.rate": 0.5}
    assert space.words(point) == ['--tagged={"name":"a"}', "--tagged.rate=0.5"]
    assert space.settings(point).tagged.rate == 0.5
    assert "takes several kinds of objects; give the choices" in problems("either", cls=cls)[0]
    there = cls.search_space("either.y", base={"either": {"y": 0.3}})
    assert there.parameters == (Numbers("either.y", ("either", "y"), 5e-324, 1.0),)


def test_null_is_one_of_the_choices() -> None:
    space = Training.search_space("seed", "stopping")
    seed, stopping = space.parameters
    assert isinstance(seed, Choices)
    assert isinstance(stopping, Choices)
    assert [choice.label for choice in seed.choices] == ["null", "integer"]
    assert [choice.label for choice in stopping.choices] == ["null", "object"]
    point = {
        "seed": "integer",
        "seed[integer]": 4,
        "stopping": "object",
        "stopping.patience": 9,
    }
    settings = space.settings(point)
    assert (settings.seed, settings.stopping.patience) == (4, 9)
    assert space.settings({"seed": None, "stopping": None}).stopping is None
    # What cannot vary for want of a limit is told once, and left as it is.
    assert space.left_out == {
        "stopping.delta": "has no upper limit in its schema; give it, as in stopping.delta=0..100"
    }
    # Named inside, the object is always there.
    assert one("stopping.patience").name == "stopping.patience"


def test_a_star_takes_what_can_vary_and_leaves_what_should_not() -> None:
    space = Training.search_space("*")
    names = [parameter.name for parameter in space]
    assert names == "epochs size share loss flip seed optimizer.name stopping".split()
    assert space.left_out["token"] == "is a secret, which never varies"
    assert space.left_out["rotation"] == "is deprecated"
    assert "text" in space.left_out["notes"]
    assert "must not be a multiple of 2" in space.left_out["odd"]
    assert one("rotation").high == 3


def test_what_is_named_itself_goes_before_the_star() -> None:
    space = Training.search_space("* epochs=1,2")
    assert isinstance(space.parameters[0], Choices)
    assert Training.search_space("stopping stopping.delta=0..1").left_out == {}


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("epoch", "there is no setting 'epoch'; did you mean epochs?"),
        ("rate", "there is no setting 'rate'; did you mean optimizer.rate?"),
        ("mean.5=0..1", "mean[5]: has 2 items; the next one is mean.2 or mean.+"),
        ("epochs=0..10", "epochs: must be at least 1, not 0"),
        ("epochs=5..101", "epochs: must be at most 100, not 101"),
        ("epochs=10..5", "epochs: has no value between 10 and 5; write epochs=5..10"),
        ("epochs=1..5:0", "epochs: '0' is no part of a range"),
        ("epochs=1..9:log:2", "epochs: takes either a step or log"),
        ("share=0..1:log", "share: takes a lower limit above 0 for log"),
        ("size=32..96:log", "size: takes multiples of 32 only, which do not go with log"),
        ("share=0..1:0.25", "share: takes a multiple of 1/10 for a step, not 0.25"),
        ("epochs=1..5:0.5", "epochs: takes an integer for a step, not 0.5"),
        ("stopping.delta", "stopping.delta: has no upper limit in its schema; give it, as in"),
        ("mean.0", "mean[0]: has no limits in its schema; give them, as in mean.0=0..100"),
        ("notes", "notes: takes any text; give the choices, as in notes=…,…"),
        ("notes=a,B", "notes: must match the pattern ^[a-z]+$ (got B"),
        ("loss=dise,focal", "loss: must be one of 'dice', 'focal', did you mean 'dice'?"),
        ("loss=dice,dice", "loss: is given twice (got dice"),
        ("loss=", "loss: lacks its values; write loss=a,b or loss=0..1"),
        ("epochs=x", "epochs: must be a whole number (got x"),
        ("token=a,b", "token: is a secret, which never varies"),
        ("epochs epochs", "epochs: is given twice"),
        ("seed=1,2 seed.x", "seed: is a part of seed, which varies as well"),
        ("odd", "odd: must not be a multiple of 2, so that 2 is refused"),
        ("*=1..2", "takes no range, which belongs to one setting"),
        ("optimizer[rms].rate", "optimizer.rate: is not there in the base settings"),
        ("epochs.x", "there is no setting 'epochs.x'; did you mean epochs?"),
    ],
)
def test_what_is_wrong_is_told(name: str, problem: str) -> None:
    assert problems(name)[0].startswith(problem)


def test_limits_are_found_where_values_have_no_row_of_their_own() -> None:
    small = {"type": "integer", "minimum": 0, "maximum": 9}
    cls = loaded_class(
        {
            "maybe": {"oneOf": [{"type": "null"}, {"$ref": "#/$defs/Small"}], "default": None},
            "auto": {"anyOf": [small, {"const": "auto"}], "default": "auto"},
            "many": {"type": "array", "items": small, "default": [1, 2]},
            "named": {"type": "object", "additionalProperties": small, "default": {}},
            "both": {"allOf": [{**small, "multipleOf": 2}, {"multipleOf": 3, "minimum": 1}]},
            "either": {"anyOf": [small, {"type": "number", "minimum": 20}]},
        },
        **{"$defs": {"Small": small}},
    )
    space = cls.search_space("maybe", "auto", "many.*", "named.x", "both")
    assert repr(space).splitlines()[1:] == [
        "  maybe             null, integer",
        "    maybe[integer]  0 to 9 (integers)",
        "  auto              auto, integer",
        "    auto[integer]   0 to 9 (integers)",
        "  many.0            0 to 9 (integers)",
        "  many.1            0 to 9 (integers)",
        "  named.x           0 to 9 (integers)",
        "  both              6 to 6, step 6",
    ]
    assert space.settings(space.point_at(0)).get_config()["named"] == {"x": 0}
    # Numbers of several alternatives have no limits in common.
    assert "no limits" in problems("either", cls=cls)[0]
    assert "so that 6.5 is refused" in problems("either=5..30", cls=cls)[0]


@pytest.mark.parametrize(
    "limits",
    [
        {"type": "integer", "minimum": 0, "maximum": 10**20},
        {"type": "number", "minimum": 0, "maximum": 1e15, "multipleOf": 0.01},
        {"type": "number", "minimum": -1e308, "maximum": 1e308},
        {"type": "number", "minimum": 0, "maximum": 10**400},
        {"type": "integer", "minimum": 0, "maximum": 10**400},
    ],
)
def test_what_floats_cannot_tell_apart_needs_a_range(limits: dict[str, Any]) -> None:
    cls = loaded_class({"a": limits})
    assert problems("a", cls=cls)[0].startswith("a: has limits too far apart; give a range")
    assert cls.search_space("a=0..100").parameters[0].high == 100


def test_all_problems_are_told_at_once() -> None:
    assert len(problems("epoch", "loss=x", "share=0..2")) == 3


def test_nothing_to_vary_is_a_problem() -> None:
    assert problems() == [
        "names no setting that varies, and the schema has no x-search; "
        "give names, as in training.epochs=1..10"
    ]
    assert problems("*", cls=loaded_class({"a": {"type": "string"}})) == [
        "nothing of what is named can vary: a takes any text; give the choices, as in a=…,…"
    ]


def test_without_names_what_the_schema_calls_worth_it_varies() -> None:
    cls = loaded_class(
        {
            "rate": {**RATE, "x-search": {"scale": "log", "range": [1e-4, 0.1]}},
            "share": {"type": "number", "minimum": 0, "maximum": 1, "x-search": {"step": 0.5}},
            "inner": {
                "type": "object",
                "properties": {"flip": {"type": "boolean", "x-search": True}},
            },
            "other": {"type": "boolean"},
            "never": {"type": "boolean", "x-search": False},
            "optimizer": {
                "anyOf": [tagged("a", rate={**RATE, "x-search": True}), tagged("b")],
                "default": {"name": "a"},
            },
        }
    )
    space = cls.search_space()
    assert space.parameters[:2] == (
        Numbers("rate", ("rate",), 1e-4, 0.1, log=True),
        Numbers("share", ("share",), 0.0, 1.0, step=0.5),
    )
    assert [each.name for each in space] == ["rate", "share", "inner.flip", "optimizer.rate"]
    assert "never" in cls.search_space("*").left_out
    assert [each.name for each in cls.search_space("never")] == ["never"]
    # What is typed goes before what the schema says, but for the scale.
    assert cls.search_space("rate=0.01..1").parameters[0] == Numbers(
        "rate", ("rate",), 0.01, 1.0, log=True
    )
    assert cls.search_space("rate=0.1..1:0.1").parameters[0].step == 0.1
    assert cls.search_space("rate=..").parameters == space.parameters[:1]


def test_the_grid_has_all_points_once() -> None:
    space = Training.search_space("loss optimizer.name optimizer.nesterov seed=1,2")
    assert space.size == 2 * (1 + 2) * 2
    points = [*space.grid()]
    assert len({str(point) for point in points}) == space.size
    assert points[0] == {"loss": "dice", "seed": 1, "optimizer.name": "adam"}
    with pytest.raises(IndexError):
        space.point_at(space.size)
    endless = Training.search_space("loss optimizer.beta")
    assert endless.size is None
    with pytest.raises(SettingsError, match=r"give steps, as in optimizer.beta=0\.\.1:step=0\.1"):
        next(endless.grid())


def test_trials_are_asked_as_optuna_is() -> None:
    space = Training.search_space("epochs share optimizer.rate=1e-3..0.1:log loss seed")
    trial = Lowest()
    point = space.suggest(trial)
    assert trial.asked == {
        "epochs": (1, 100, 1, False),
        "share": (0.0, 1.0, 0.1, False),
        "loss": ("dice", "focal"),
        "seed": ("null", "integer"),
        "optimizer.rate": (1e-3, 0.1, None, True),
    }
    assert point["seed"] is None
    assert space.point_of(trial.params) == point
    assert space.params_of(point) == trial.params
    with pytest.raises(SettingsError, match="loss is missing"):
        space.point_of({"epochs": 1, "share": 0.1})
    with pytest.raises(SettingsError, match="loss is missing"):
        space.settings({name: value for name, value in point.items() if name != "loss"})


def test_optuna_itself_proposes_points() -> None:
    optuna = pytest.importorskip("optuna")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space = Training.search_space("*", "optimizer.rate=1e-4..1:log")
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1, n_startup_trials=5))
    for number in range(12):
        trial = study.ask()
        point = space.suggest(trial)
        assert space.point_of(trial.params) == point
        settings = space.settings(point)
        assert Training.from_args(space.words(point)) == settings
        study.tell(trial, float(number))


def test_rules_between_settings_refuse_points_by_themselves() -> None:
    few = {"properties": {"a": {"maximum": 4}}}
    cls = loaded_class(
        {"a": {"type": "integer", "minimum": 0, "maximum": 9}, "b": {"type": "boolean"}},
        **{"if": {"properties": {"b": {"const": True}}}, "then": few},
    )
    space = cls.search_space("*")
    assert space.settings({"a": 9, "b": False}).a == 9
    with pytest.raises(SettingsError, match="--a"):
        space.settings({"a": 9, "b": True})
    with pytest.raises(SettingsError):
        space.config({"a": 9, "b": True})
    assert space.config({"a": 3, "b": True}) == {"a": 3, "b": True}


def test_thousands_of_points_do_not_repeat_what_is_told_of_the_base(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cls = loaded_class(
        {
            "epochs": {"type": "integer", "minimum": 1, "maximum": 9, "x-renamed-from": "rounds"},
            "old": {"type": "boolean", "deprecated": True},
        }
    )
    with pytest.warns(DeprecationWarning, match="rounds"):
        space = cls.search_space("epochs", base={"old": True, "unknown": 1, "rounds": 3})
    assert [record.getMessage() for record in caplog.records] == [
        "Renamed config keys: rounds (now epochs)"
    ]
    caplog.clear()
    assert [space.settings(point).epochs for point in space.grid()] == [*range(1, 10)]
    adapter = SettingsAdapter.of(Model)
    adapted = adapter.search_space("size", base={"unknown": 1})
    assert [adapted.settings(point).size for point in adapted.grid()] == [*range(2, 21, 2)]
    assert caplog.records == []


def test_spaces_travel_and_are_read() -> None:
    space = Training.search_space("optimizer.*", "epochs=1..9:2", "seed")
    assert repr(space).splitlines() == [
        "Search space of Training: 8 parameters",
        "  epochs                     1 to 9, step 2",
        "  seed                       null, integer",
        "    seed[integer]            0 to 9 (integers)",
        "  optimizer.name             adam, sgd",
        "    optimizer[adam].rate     above 0 to 1",
        "    optimizer[adam].beta     0 to 1",
        "    optimizer[sgd].rate      above 0 to 10",
        "    optimizer[sgd].nesterov  false, true",
    ]
    assert pickle.loads(pickle.dumps(space.parameters)) == space.parameters


# Classes of other styles


class Adam(BaseModel):
    name: Literal["adam"] = "adam"
    rate: float = Field(
        0.1, gt=0, le=1, json_schema_extra={"x-search": {"scale": "log", "range": [0.01, 1]}}
    )


class Sgd(BaseModel):
    name: Literal["sgd"] = "sgd"
    momentum: float = Field(0.5, ge=0, le=1)


class Model(BaseModel):
    optimizer: Annotated[Adam | Sgd, Field(discriminator="name")] = Adam()
    size: int = Field(4, ge=2, le=20, multiple_of=2)
    zoom: int = Field(1, ge=1, le=9)
    layers: int = Field(2, ge=1, le=10)

    @field_validator("zoom")
    @classmethod
    def _is_known(cls, zoom: int) -> int:
        if zoom == 5:
            raise ValueError("there is no zoom of 5")
        return zoom

    @model_validator(mode="after")
    def _fits(self) -> Model:
        if self.layers > self.size:
            raise ValueError("there are more layers than pixels")
        return self


def test_classes_of_other_libraries_have_spaces() -> None:
    adapter = SettingsAdapter.of(Model)
    space = adapter.search_space("*")
    assert [each.name for each in space] == ["optimizer.name", "size", "layers"]
    point = {"optimizer.name": "sgd", "optimizer[sgd].momentum": 0.9, "size": 8, "layers": 2}
    settings = space.settings(point)
    assert settings == Model(optimizer=Sgd(momentum=0.9), size=8, layers=2)
    assert adapter.from_args(space.words(point)) == settings
    with pytest.raises(SettingsError, match="more layers than pixels"):
        space.settings({**point, "size": 2, "layers": 9})
    assert pickle.loads(pickle.dumps(space)) == space
    assert adapter.search_space().parameters == (
        Numbers("optimizer.rate", ("optimizer", "rate"), 0.01, 1.0, log=True),
    )
    assert isinstance(adapter.search_space("size", base=Model(size=6)), Space)
    with pytest.raises(SettingsError, match="there is no zoom of 5, so that 5 is refused"):
        adapter.search_space("zoom")
    assert "zoom" in space.left_out


def test_applying_a_point_changes_nothing_of_the_base() -> None:
    base = {"optimizer": {"name": "sgd"}, "mean": [1, 2]}
    space = Training.search_space("optimizer.rate=1..2", "mean.0=0..1", base=base)
    random = Random(1)
    for _ in range(3):
        space.settings({"optimizer.rate": 1 + random.random(), "mean.0": random.random()})
    assert base == {"optimizer": {"name": "sgd"}, "mean": [1, 2]} == space.base


def test_a_table_drives_no_terminal() -> None:
    cls = loaded_class({"text": {"enum": ["a\nb", "c"], "default": "c"}})
    table = repr(cls.search_space("text"))
    assert len(table.splitlines()) == 2
    assert "a b, c" in table


def test_what_many_ways_lead_to_is_not_opened_for_each() -> None:
    definitions: dict[str, Any] = {"d20": {"properties": {"v": {"enum": [1, 2]}}}}
    for level in range(20):
        below = {"anyOf": [{"$ref": f"#/$defs/d{level + 1}"}, {"type": "null"}], "default": None}
        definitions[f"d{level}"] = {"type": "object", "properties": {"a": below, "b": below}}
    cls = loaded_class({"x": {"$ref": "#/$defs/d0"}}, **{"$defs": definitions})
    with pytest.raises(SettingsError, match="more than 2,000 objects are reached"):
        cls.search_space("*")
