"""Settings objects as fields of pydantic models."""

from typing import Any

import pytest
from brevettiai.interfaces.vue_schema_utils import VueSettingsModule

pydantic = pytest.importorskip("pydantic", reason="needs pydantic")
jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema")


class Sampling(VueSettingsModule):
    def __init__(self, rate: float = 1.0, names: tuple = ("a",)) -> None:  # type: ignore[type-arg]
        self.rate = rate
        self.names = names


@pytest.fixture
def whole(training_class: Any) -> Any:
    """A pydantic model with settings in it."""

    class Whole(pydantic.BaseModel):  # type: ignore[misc,name-defined]
        name: str
        training: training_class
        others: list[training_class] = pydantic.Field(default_factory=list)
        best: training_class | None = None

    return Whole


def test_configs_and_objects_are_taken(whole: Any, training_class: Any) -> None:
    given = training_class(epochs=3)
    model = whole(name="x", training=given, others=[{"epochs": 5}])
    assert model.training is given
    assert model.others == [training_class(epochs=5)]
    assert whole.model_validate_json('{"name": "x", "training": {}}').training == training_class()


def test_dumps_are_configs_and_json_has_no_secrets(whole: Any, training_class: Any) -> None:
    model = whole(name="x", training={"epochs": 3, "token": "hush"})
    dumped = model.model_dump()
    assert dumped["training"] == training_class(epochs=3, token="hush").get_config()
    assert whole(**dumped) == model
    assert "hush" not in model.model_dump_json()
    again = whole.model_validate_json(model.model_dump_json())
    assert again.training.get_config(hide_secrets=True) == model.training.get_config(
        hide_secrets=True
    )


def test_every_problem_has_its_place(whole: Any) -> None:
    with pytest.raises(pydantic.ValidationError) as caught:
        whole(name="x", training={"epochs": 0, "token": 17, "augmentation": {"angle": 400}})
    told = {each["loc"]: (each["msg"], each["input"]) for each in caught.value.errors()}
    assert told == {
        ("training", "epochs"): ("must be at least 1", "0"),
        ("training", "augmentation", "angle"): ("must be at most 180", "400"),
        ("training", "token"): ("must be text", "a hidden value"),
    }


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_json_schema_says_what_is_taken(whole: Any, mode: Any) -> None:
    schema = whole.model_json_schema(mode=mode)
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    assert check.is_valid({"name": "x", "training": {"epochs": 3, "augmentation": {"next": {}}}})
    assert not check.is_valid({"name": "x", "training": {"epochs": 0}})
    assert not check.is_valid({"name": "x", "training": {"augmentation": {"angle": 181}}})
    properties = schema["$defs"]["Training"]["properties"]
    assert properties["epochs"]["description"] == "Passes & more."


def test_hand_written_modules_too() -> None:
    class Whole(pydantic.BaseModel):  # type: ignore[misc,name-defined]
        sampling: Sampling

    model = Whole(sampling={"rate": 3})
    assert isinstance(model.sampling, Sampling)
    assert model.model_dump() == {"sampling": {"rate": 3, "names": ["a"]}}
    properties = Whole.model_json_schema()["$defs"]["Sampling"]["properties"]
    assert properties["rate"] == {"type": "number", "default": 1.0}


def test_hand_written_modules_that_are_pydantic_dataclasses_stay_that() -> None:
    from pydantic.dataclasses import dataclass

    @dataclass
    class Sampling(VueSettingsModule):
        rate: float = 1.0

    assert Sampling(rate="3").rate == 3  # type: ignore[arg-type]


@pytest.mark.parametrize("draft", ["draft-04", "draft-07"])
def test_schemas_of_old_drafts_stand_in_documents_of_the_newest(class_of: Any, draft: str) -> None:
    strict = (
        {"minimum": 0, "exclusiveMinimum": True} if draft == "draft-04" else {"exclusiveMinimum": 0}
    )
    cls = class_of(
        {
            "$schema": f"http://json-schema.org/{draft}/schema#",
            "definitions": {"rate": {"type": "number", **strict}},
            "properties": {
                "rate": {"$ref": "#/definitions/rate"},
                "size": {"items": [{"type": "integer"}], "additionalItems": False},
            },
        }
    )
    schema = pydantic.TypeAdapter(cls).json_schema()
    check = jsonschema.Draft202012Validator(schema)
    assert check.is_valid({"rate": 0.1, "size": [1]})
    assert not check.is_valid({"rate": 0})
    assert not check.is_valid({"size": [1, 2]})
    assert not check.is_valid(3)


def test_what_a_form_keeps_of_another_branch_is_left_out() -> None:
    from typing import Literal

    from brevettiai.adapters import owner_of
    from pydantic import BaseModel, ConfigDict, Field

    class Adam(BaseModel):
        model_config = ConfigDict(extra="forbid")
        name: Literal["adam"] = "adam"
        beta: float = 0.9

    class Sgd(BaseModel):
        model_config = ConfigDict(extra="forbid")
        name: Literal["sgd"] = "sgd"
        momentum: float = 0.5

    class Training(BaseModel):
        optimizer: Adam | Sgd = Field(default=Adam(), discriminator="name")

    model = {"optimizer": '{"name": "sgd", "momentum": 0.1, "beta": 0.3}'}
    assert owner_of(Training).from_settings(model) == Training(optimizer=Sgd(momentum=0.1))
