"""The same settings, hand-written in each of the styles that a job takes."""

import enum
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import msgspec
import pydantic
from typing_extensions import NotRequired, TypedDict


class Device(enum.Enum):
    CPU = "cpu"
    GPU = "gpu"


class PydanticBlur(pydantic.BaseModel):
    radius: float = 1.5


class PydanticAugmentation(pydantic.BaseModel):
    """How images are varied."""

    angle: float = pydantic.Field(5, ge=0, le=180, description="Largest rotation in degrees.")
    flip: bool = False


class PydanticTraining(pydantic.BaseModel):
    """Trains a network."""

    epochs: int = pydantic.Field(ge=1, description="Passes through the images.")
    augmentation: PydanticAugmentation = pydantic.Field(default_factory=PydanticAugmentation)
    learning_rate: float = pydantic.Field(0.1, alias="learning-rate")
    seed: int | None = None
    device: Device = Device.CPU
    loss: Literal["dice", "focal"] = "dice"
    classes: list[str] = pydantic.Field(default_factory=list)
    size: tuple[int, int] = (2, 3)
    blur: int | PydanticBlur | None = None
    token: pydantic.SecretStr = pydantic.SecretStr("t0k3n")


class MsgspecBlur(msgspec.Struct):
    radius: float = 1.5


class MsgspecAugmentation(msgspec.Struct):
    """How images are varied."""

    angle: Annotated[
        float, msgspec.Meta(ge=0, le=180, description="Largest rotation in degrees.")
    ] = 5
    flip: bool = False


class MsgspecTraining(msgspec.Struct):
    """Trains a network."""

    epochs: Annotated[int, msgspec.Meta(ge=1, description="Passes through the images.")]
    augmentation: MsgspecAugmentation = msgspec.field(default_factory=MsgspecAugmentation)
    learning_rate: float = msgspec.field(default=0.1, name="learning-rate")
    seed: int | None = None
    device: Device = Device.CPU
    loss: Literal["dice", "focal"] = "dice"
    classes: list[str] = msgspec.field(default_factory=list)
    size: tuple[int, int] = (2, 3)
    blur: int | MsgspecBlur | None = None
    token: Annotated[str, msgspec.Meta(extra_json_schema={"format": "password"})] = "t0k3n"


@dataclass
class PlainBlur:
    radius: float = 1.5


@dataclass
class PlainAugmentation:
    """How images are varied."""

    angle: float = field(default=5, metadata={"description": "Largest rotation in degrees."})
    flip: bool = False


@dataclass
class PlainTraining:
    """Trains a network."""

    epochs: int = field(metadata={"description": "Passes through the images."})
    augmentation: PlainAugmentation = field(default_factory=PlainAugmentation)
    learning_rate: float = field(default=0.1, metadata={"alias": "learning-rate"})
    seed: int | None = None
    device: Device = Device.CPU
    loss: Literal["dice", "focal"] = "dice"
    classes: list[str] = field(default_factory=list)
    size: tuple[int, int] = (2, 3)
    blur: int | PlainBlur | None = None
    token: str = field(default="t0k3n", metadata={"format": "password"})


class DictAugmentation(TypedDict):
    angle: NotRequired[float]
    flip: NotRequired[bool]


class DictTraining(TypedDict):
    """Trains a network."""

    epochs: int
    augmentation: NotRequired[DictAugmentation]
    loss: NotRequired[Literal["dice", "focal"]]
    classes: NotRequired[list[str]]


#: With defaults, and objects that are equal if their settings are.
CLASSES: list[Any] = [PydanticTraining, MsgspecTraining, PlainTraining]
