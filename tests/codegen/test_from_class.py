"""`brevetti-gen from-class`: schemas of classes that people wrote by hand, and classes of these."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import strategies
from brevetti_gen.cli import main as cli
from brevettiai.adapters import SettingsAdapter
from brevettiai.settings import SettingsError
from conformance.generated import needs_shared, shared
from hypothesis import HealthCheck, given, seed, settings
from loaded_classes import loaded_class

ROOT = Path(__file__).resolve().parents[2]
MODULES = "runtime.test_settings_modules"
Write = Callable[[str], "Written"]


class Written:
    """What the command made of a class or a parser."""

    def __init__(self, target: str, told: str, *commands: str) -> None:
        self.schema: dict[str, Any] = json.loads(Path("made.schema.json").read_text("utf-8"))
        self.told = told
        module, _, name = target.partition(":")
        self.old: Any = getattr(importlib.import_module(module), name)
        document = dict(self.schema)
        self.new: Any = loaded_class(document.pop("properties", {}), **document)

    @property
    def properties(self) -> dict[str, Any]:
        found: dict[str, Any] = self.schema["properties"]
        return found

    @property
    def losses(self) -> list[str]:
        """The remarks, without places."""
        lines = [line for line in self.told.splitlines() if "[class-loss]" in line]
        return [line.partition("warning: ")[2].removesuffix(" [class-loss]") for line in lines]


@pytest.fixture
def write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Written]]:
    """`write("module:Class")`, or `write("class …")` of the source of a module, and a name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(ROOT / "tests"))
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    count = 0

    def make(source: str, name: str = "", *commands: str) -> Written:
        nonlocal count
        count += 1
        target = source
        if name:
            Path(f"by_hand_{count}.py").write_text(dedent(source), encoding="utf-8")
            importlib.invalidate_caches()
            target = f"by_hand_{count}:{name}"
        words = ["from-class", target, *commands, "-o", "made.schema.json", "--force"]
        assert cli.main(words) == 0, capsys.readouterr().err
        return Written(target, capsys.readouterr().err, *commands)

    yield make
    for module in [m for m in set(sys.modules) - before if m.startswith("by_hand_")]:
        del sys.modules[module]


# Hand-written modules


@pytest.mark.parametrize("name", ["SerializeableObject", "AllKinds", "Deep"])
@needs_shared("forms", "golden")
def test_modules_keep_their_config_and_their_form(name: str, write: Callable[..., Written]) -> None:
    made = write(f"{MODULES}:{name}")
    snake = {"SerializeableObject": "serializeable_object", "AllKinds": "all_kinds"}
    folder = shared("forms", "golden")
    assert folder is not None
    golden = json.loads((folder / f"{snake.get(name, name.lower())}.json").read_text("utf-8"))
    assert json.dumps(made.new.get_schema().schema) == json.dumps(golden["schema"])
    assert made.new.from_config({}).get_config() == golden["config"]
    assert made.new.__name__ == name
    assert not [line for line in made.losses if "another" in line]


def test_configs_of_a_module_load_as_before(write: Callable[..., Written]) -> None:
    made = write(f"{MODULES}:SerializeableObject")
    given = {"param_1": 1, "param_2": "Test", "param_3": {"a": "b"}, "custom": {"custom_param": 5}}
    assert made.new.from_config(given).get_config() == made.old.from_config(given).get_config()
    assert made.new.from_config({}).custom.custom_param == 0
    assert made.losses == [
        "SerializeableObject.param_2: its default is now what __init__ makes of None, and null "
        "itself is refused",
        "SerializeableObject.param_3: its default is now what __init__ makes of None, and null "
        "itself is refused",
        "SerializeableObject.param_3: its default, a list, does not fit its type: both are taken",
    ]


def test_the_form_of_a_module_with_its_own_fields_is_kept(write: Callable[..., Written]) -> None:
    made = write(f"{MODULES}:AroundCustomised")
    assert json.dumps(made.new.get_schema().schema) == json.dumps(made.old.get_schema().schema)
    losses = [line for line in made.losses if "Customised: what its own" in line]
    assert losses == [
        "Customised: what its own to_config does is not in the schema",
        "Customised: what its own to_settings does is not in the schema",
    ]


def test_modules_in_lists_unions_and_themselves(write: Callable[..., Written]) -> None:
    source = '''
    from typing import Optional, Union, Literal
    from brevettiai.interfaces.vue_schema_utils import VueSettingsModule

    class Leaf(VueSettingsModule):
        def __init__(self, size: int = 3, kind: Literal["leaf"] = "leaf"):
            self.size, self.kind = size, kind

    class Tree(VueSettingsModule):
        """A tree.

        Args:
            depth (int): how deep it
                may be
            name: what it is called
        """

        def __init__(
            self,
            needed: str,
            depth: int = 2,
            name=None,
            rate=1,
            leaves: list[Leaf] = (),
            twice: Leaf = None,  # the second one
            maybe: Optional[Leaf] = None,
            below: Optional["Tree"] = None,
            **rest,
        ):
            self.needed, self.depth, self.name, self.rate = needed, depth, name, rate
            self.leaves, self.twice = leaves, twice or Leaf()
            self.maybe, self.below = maybe, below
    '''
    made = write(source, "Tree")
    assert made.schema["description"] == "A tree."
    assert made.schema["required"] == ["needed"]
    assert made.properties["depth"]["description"] == "how deep it may be"
    assert made.properties["twice"]["description"] == "the second one"
    assert made.properties["rate"]["type"] == "number"
    config = {
        "needed": "x",
        "leaves": [{"size": 1, "kind": "leaf"}],
        "below": {"needed": "y", "twice": {"size": 7}},
        "name": [1],
    }
    old, new = made.old.from_config(config), made.new.from_config(config)
    assert new.below.twice.size == old.below.twice.size == 7
    assert new.leaves[0].size == 1
    assert "Tree.name: has no annotation: any value is taken" in made.losses
    assert "Tree.rest: any number of arguments is not in the schema" in made.losses


# Dataclasses, models, structs

STYLES = "integrations.styles"
SAMPLES = ["PydanticTraining", "MsgspecTraining", "PlainTraining", "DictTraining"]


@pytest.mark.parametrize("name", SAMPLES)
def test_classes_of_every_style_keep_names_defaults_and_types(
    name: str, write: Callable[..., Written]
) -> None:
    pytest.importorskip("pydantic", reason="needs pydantic")
    pytest.importorskip("msgspec", reason="needs msgspec")
    made = write(f"{STYLES}:{name}")
    adapter = SettingsAdapter.of(made.old)
    expected = adapter.json_schema()
    schema, expected = followed(made.schema), followed(expected)
    assert list(schema["properties"]) == list(expected["properties"])
    assert schema["description"] == "Trains a network."
    config = {"epochs": 3}
    before, after = adapter.get_config(adapter.from_config(config)), made.new.from_config(config)
    token = before.pop("token", None)
    filled = {"augmentation": {}} if name == "DictTraining" else {}
    assert after.get_config() == {**before, **filled}
    if token is not None:
        assert token not in json.dumps(made.schema)
        assert any("its default is a secret" in line for line in made.losses)
        assert after.token is None


@pytest.mark.parametrize("name", ["PlainTraining", "DictTraining", "PydanticTraining"])
def test_verdicts_stay_the_same(name: str, write: Callable[..., Written]) -> None:
    pytest.importorskip("pydantic", reason="needs pydantic")
    pytest.importorskip("msgspec", reason="needs msgspec")
    same_verdicts(write(f"{STYLES}:{name}"), 20)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["PlainTraining", "DictTraining", "PydanticTraining"])
def test_verdicts_stay_the_same_of_many_configs(name: str, write: Callable[..., Written]) -> None:
    pytest.importorskip("pydantic", reason="needs pydantic")
    pytest.importorskip("msgspec", reason="needs msgspec")
    same_verdicts(write(f"{STYLES}:{name}"), 300)


DATACLASS = '''
from __future__ import annotations
import enum
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Optional, Union


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Inner:
    """What is inside."""

    # The size
    # in pixels
    size: int = 3
    tags: list[str] = field(default_factory=list)


@dataclass
class Outer:
    """All of it."""

    name: str
    inner: Inner = field(default_factory=Inner)
    other: Inner = field(default_factory=lambda: Inner(size=5))
    color: Color = Color.RED
    level: Literal[1, 2, None] = 1
    pair: tuple[int, str] = (1, "a")
    row: tuple[float, ...] = ()
    inners: dict[str, Inner] = field(default_factory=dict)
    rate: Annotated[float, "How fast"] = 0.1
    """Not this."""
    either: Union[int, str, None] = None
    many: Optional[list[Inner]] = None
    anything: Any = None
    unique: set[int] = field(default_factory=set)  # each once
    "and what stands below goes first"
'''
TYPES = """
    when: Optional[datetime] = None
    day: date = date(2024, 1, 31)
    out: Path = Path("a") / "b"
    length: timedelta = timedelta(hours=1)
    money: Decimal = Decimal("1.50")
    id: uuid.UUID = uuid.UUID(int=1)
    function: Callable[[int], int] = print
    data: bytes = b""
    hidden: int = field(init=False, default=3)
    api_key: str = "hush"

    def __post_init__(self):
        raise RuntimeError("objects are not made")
"""


def test_dataclasses(write: Callable[..., Written]) -> None:
    made = write(DATACLASS, "Outer")
    assert made.new.__name__ == "Outer"
    assert made.schema["description"] == "All of it."
    assert made.properties["inner"] == {"$ref": "#/$defs/Inner"}
    assert made.properties["other"]["default"] == {"size": 5, "tags": []}
    assert made.properties["rate"]["description"] == "How fast"
    assert made.properties["unique"]["description"] == "and what stands below goes first"
    inner = made.schema["$defs"]["Inner"]
    assert inner["description"] == "What is inside."
    assert inner["properties"]["size"]["description"] == "The size in pixels"
    assert made.properties["level"] == {"enum": [1, 2, None], "default": 1}
    assert made.properties["either"] == {"type": ["integer", "string", "null"], "default": None}
    assert made.losses == [
        "Outer.color: values are those of Color, not its members",
        "Outer.unique: values are lists in which nothing is twice, no sets",
    ]
    adapter = SettingsAdapter.of(made.old)
    before = adapter.get_config(adapter.from_config({"name": "n"}))
    assert made.new.from_config({"name": "n"}).get_config() == before
    # A list that is made a set may have items twice; that is told, and refused now.
    same_verdicts(made, 20, without=("unique", "many"))
    for many in ([{"size": 1}], [{"size": "1"}], [None], None, {}):
        config = {"name": "n", "many": many}
        assert is_taken(made.new.from_config, config) == is_taken(adapter.from_config, config)


def test_no_secret_of_a_class_is_in_its_schema(write: Callable[..., Written]) -> None:
    source = """
    import argparse
    from dataclasses import dataclass, field

    @dataclass
    class Login:
        user: str = "me"
        password: str = "hUsH"

    @dataclass
    class Outer:
        login: Login = field(default_factory=lambda: Login(password="hUsH"))
        logins: list[Login] = field(default_factory=lambda: [Login("you", "hUsH")])
        pin: str = field(default="hUsH", metadata={"format": "password"})
        max_tokens: int = 5

    parser = argparse.ArgumentParser()
    parser.add_argument("--api-key", default="hUsH", help="the key (default: %(default)s)")
    """
    made = write(source, "Outer")
    assert "hUsH" not in json.dumps(made.schema) + made.told
    assert made.properties["logins"]["default"] == [{"user": "you"}]
    assert made.properties["max_tokens"]["default"] == 5
    module = """
    from brevettiai.interfaces.vue_schema_utils import VueSettingsModule

    class Login(VueSettingsModule):
        def __init__(self, password: str = "hUsH", user: str = "me"):
            self.password, self.user = password, user

    class Around(VueSettingsModule):
        def __init__(self, login: Login = None, table: dict = {"token": "hUsH", "a": 1}):
            self.login, self.table = login or Login("hUsH again"), table

        @classmethod
        def get_schema(cls, namespace=None):
            builder = super().get_schema(namespace)
            builder.add_preset("p", "login.password", "hUsH")
            return builder
    """
    hidden = write(module, "Around")
    assert "hUsH" not in json.dumps(hidden.schema) + hidden.told
    fields = {each.get("model"): each for each in hidden.new.get_schema().schema["fields"]}
    assert fields["login.password"]["inputType"] == "password"
    assert not [line for line in hidden.losses if "form" in line]
    made = write(source, "parser")
    assert "hUsH" not in json.dumps(made.schema) + made.told
    assert made.properties["api_key"]["writeOnly"] is True


def test_types_of_python_and_what_no_schema_says(write: Callable[..., Written]) -> None:
    source = DATACLASS.replace("from typing import", "from typing import Callable,") + TYPES
    made = write(source, "Outer")
    expected = {
        "when": ("datetime", None),
        "day": ("date", "2024-01-31"),
        "out": ("Path", "a/b"),
        "length": ("timedelta", "PT1H"),
        "money": ("Decimal", "1.50"),
        "id": ("UUID", "00000000-0000-0000-0000-000000000001"),
    }
    found = {name: made.properties[name] for name in expected}
    assert {
        name: (each["x-python-type"], each["default"]) for name, each in found.items()
    } == expected
    loaded = made.new.from_config({"name": "n"})
    assert loaded.out == Path("a/b")
    assert made.properties["function"] == {}
    assert made.properties["api_key"] == {"type": "string", "writeOnly": True}
    assert made.losses == [
        "Outer: what __post_init__ checks and changes is not in the schema",
        "Outer.color: values are those of Color, not its members",
        "Outer.unique: values are lists in which nothing is twice, no sets",
        "Outer.function: its default is no JSON, and left out",
        "Outer.function: no schema says what a Callable is: any value is taken",
        "Outer.data: its default is no JSON, and left out",
        "Outer.data: no schema says what a bytes is: any value is taken",
        "Outer.hidden: is no argument of __init__, so configs never have it",
        "Outer.api_key: is taken for a secret, which is shown and stored nowhere",
        "Outer.api_key: its default is a secret, and left out",
    ]
    assert "by_hand_1.py:28: warning: Outer: what __post_init__" in made.told


def test_hints_that_are_odd(write: Callable[..., Written]) -> None:
    source = """
    from __future__ import annotations
    from dataclasses import InitVar, dataclass, field
    from typing import ClassVar, Generic, Mapping, NamedTuple, Optional, TypeVar

    T = TypeVar("T")

    class Point(NamedTuple):
        x: int
        y: int = 0

    @dataclass
    class Box(Generic[T]):
        value: T

    @dataclass
    class Odd:
        constant: ClassVar[int] = 3
        given: InitVar[int] = 5
        point: Point = Point(1, 2)
        box: Optional[Box[int]] = None
        gone: Nowhere = None
        infinite: float = float("inf")
        numbers: Mapping[int, str] = field(default_factory=dict)
        broken: int = field(default_factory=lambda: 1 // 0)
        renamed: int = field(default=1, metadata={"alias": "other"})
        text: str = "\\ud800"
    """
    made = write(source, "Odd")
    integers = [{"type": "integer"}] * 2
    assert made.properties["point"]["prefixItems"] == integers
    assert list(made.properties) == [
        "point",
        "box",
        "gone",
        "infinite",
        "numbers",
        "broken",
        "other",
        "text",
    ]
    assert [line.removeprefix("Odd.") for line in made.losses] == [
        "Box.value: no schema says what T is: any value is taken",
        "given: is given to __init__ and not stored",
        "point: values are lists, no objects of Point",
        "gone: its hint cannot be resolved (name 'Nowhere' is not defined): any value is taken",
        "infinite: its default is no JSON, and left out",
        "numbers: keys are text in configs, not int",
        "broken: its default cannot be made (ZeroDivisionError('integer division or modulo by "
        "zero')), and is left out",
        "renamed: the attribute is called other now, as configs call it",
        "text: its default is no JSON, and left out",
    ]


PYDANTIC = '''
from datetime import datetime
from pathlib import Path
from typing import Literal, Optional, Union
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator


class Blur(BaseModel):
    """Blurs."""

    model_config = ConfigDict(strict=True)
    kind: Literal["blur"]
    radius: float = Field(1.5, gt=0, description="in pixels")


class Noise(BaseModel):
    model_config = ConfigDict(strict=True)
    kind: Literal["noise"]
    # how loud
    level: int = Field(3, ge=0, le=9)


class Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    name: str = Field(min_length=1)
    step: Union[Blur, Noise] = Field(Blur(kind="blur"), discriminator="kind")
    steps: list[Union[Blur, Noise]] = Field(default_factory=list, max_length=3)
    limit: Optional[int] = Field(None, ge=1)
    table: dict[str, float] = Field({}, alias="of-rates")
    out: Path = Path("out")
    when: datetime | None = None
    key: SecretStr = SecretStr("hush")
    children: list["Model"] = []

    @field_validator("name")
    @classmethod
    def not_bad(cls, value):
        return value
'''


def test_pydantic_models(write: Callable[..., Written]) -> None:
    pytest.importorskip("pydantic", reason="needs pydantic")
    made = write(PYDANTIC, "Model")
    assert made.new.__name__ == "Model"
    definitions = made.schema["$defs"]
    assert definitions["Blur"]["description"] == "Blurs."
    assert definitions["Noise"]["properties"]["level"]["description"] == "how loud"
    assert "hush" not in json.dumps(made.schema)
    assert made.losses == [
        "Model.name: what the validator not_bad does is not in the schema",
        "Model.table: the attribute is called of_rates now, as configs call it",
        "Model.key: its default is a secret, and left out",
    ]
    loaded = made.new.from_config({"name": "n", "children": [{"name": "m"}]})
    assert loaded.out == Path("out")
    assert loaded.step.radius == 1.5
    assert loaded.children[0].name == "m"
    assert loaded.limit is None
    for config in (
        {"name": ""},
        {"name": "n", "other": 1},
        {"name": "n", "limit": 0},
        {"name": "n", "step": {"kind": "blur", "radius": 0}},
        {"name": "n", "step": {"kind": "none"}},
        {"name": "n", "steps": [{"kind": "noise"}] * 4},
    ):
        with pytest.raises(SettingsError):
            made.new.from_config(config)
        with pytest.raises(SettingsError):
            SettingsAdapter.of(made.old).from_config(config)


def test_models_in_dataclasses_bring_their_definitions(write: Callable[..., Written]) -> None:
    pytest.importorskip("pydantic", reason="needs pydantic")
    source = PYDANTIC + dedent("""
    from dataclasses import dataclass

    @dataclass
    class Noise:
        loud: bool = True

    @dataclass
    class Around:
        model: Model
        noise: Noise
        again: list[Model]
    """)
    made = write(source, "Around")
    config = {
        "model": {"name": "n"},
        "noise": {},
        "again": [{"name": "m", "step": {"kind": "noise"}}],
    }
    loaded = made.new.from_config(config)
    assert loaded.noise.loud is True
    assert loaded.again[0].step.level == 3


def followed(schema: dict[str, Any]) -> dict[str, Any]:
    """A document whose root may refer to one of its definitions, with that in the root."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found = {**schema, **schema["$defs"][reference.rpartition("/")[2]]}
    return {key: value for key, value in found.items() if key != "$ref"}


def is_taken(load: Callable[[Any], object], config: Any) -> bool:
    try:
        load(config)
    except SettingsError:
        return False
    return True


def same_verdicts(made: Written, examples: int, without: tuple[str, ...] = ()) -> None:
    """The old class and the new one take the same of random configs near the schema."""
    adapter = SettingsAdapter.of(made.old)
    schema = followed(made.schema)
    properties = {key: each for key, each in schema["properties"].items() if key not in without}
    schema = {**schema, "properties": properties}
    counts = [0, 0]

    @seed(0)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(strategies.configs(schema))
    def agree(config: Any) -> None:
        if not isinstance(config, dict):
            return
        config = {key: value for key, value in config.items() if key != "token"}
        before = is_taken(adapter.from_config, config)
        assert is_taken(made.new.from_config, config) == before, config
        counts[before] += 1

    agree()
    assert min(counts) > examples // 10, counts


# Parsers

PARSER = """
import argparse
from pathlib import Path


def build():
    parser = argparse.ArgumentParser(description="Trains.")
    parser.add_argument("data", type=Path, help="where the images lie")
    parser.add_argument("--epochs", type=int, default=3, help="passes (default: %(default)s)")
    parser.add_argument("--rate", type=float, default="0.1")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--no-shuffle", dest="shuffle", action="store_false")
    parser.add_argument("--flip", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--name", action="append")
    parser.add_argument("--size", nargs=2, type=int, default=(3, 4))
    parser.add_argument("--classes", nargs="+", default=["a"])
    group = parser.add_argument_group("Optimizer")
    group.add_argument("--optimizer", choices=["adam", "sgd"], default="adam")
    group.add_argument("--port", type=int, choices=range(1, 65536), default=80)
    parser.add_argument("--loss", action="store_const", const="dice", default="mse")
    parser.add_argument("--run-id", required=True)
    parser.add_argument("-w", "--decay", dest="weight_decay", type=float, default=0.0)
    parser.add_argument("-v", "--verbose", action="count", default=0)
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--gpu", type=int)
    either.add_argument("--cpu", action="store_true")
    parser.add_argument("--odd", type=lambda text: text.split(","), default=["x"])
    parser.add_argument("--version", action="version", version="1")
    return parser


commands = argparse.ArgumentParser()
inner = commands.add_subparsers(dest="command")
train = inner.add_parser("train")
train.add_argument("--epochs", type=int, default=3)
inner.add_parser("test").add_argument("--threshold", type=float, default=0.5)
"""
ARGUMENTS = [
    [],
    "--epochs 5 --rate 2 --seed 7 --fast --no-shuffle --no-flip --port 8080".split(),
    "--name a --name b --size 1 2 --classes x y z --optimizer sgd --loss -vv".split(),
    ["--gpu", "1"],
    ["--cpu"],
]


def test_what_a_parser_reads_loads_and_is_the_same(write: Callable[..., Written]) -> None:
    made = write(PARSER, "build")
    parser: argparse.ArgumentParser = made.old()
    usual = vars(parser.parse_args(["images", "--run-id", "r"]))
    for words in ARGUMENTS:
        namespace = vars(parser.parse_args(["images", "--run-id", "r", *words]))
        config = json.loads(json.dumps(namespace, default=str))
        loaded = made.new.from_config(config)
        assert {name: getattr(loaded, name) for name in namespace} == {
            **namespace,
            "size": list(namespace["size"]),
        }
        # Without what is by default anyway, it is the same.
        given = {key: value for key, value in config.items() if namespace[key] != usual[key]}
        assert made.new.from_config({"data": "images", "run_id": "r", **given}) == loaded
        if "--loss" not in words:
            assert made.new.from_args(["--data", "images", "--run-id", "r", *words]) == loaded


def test_parsers_say_what_they_take(write: Callable[..., Written]) -> None:
    made = write(PARSER, "build")
    assert made.schema["description"] == "Trains."
    assert made.schema["required"] == ["data", "run_id"]
    assert made.properties["epochs"]["description"] == "passes (default: 3)"
    assert made.properties["port"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 65535,
        "default": 80,
    }
    needed = {"data": "images", "run_id": "r"}
    for wrong in ({"gpu": 1, "cpu": True}, {"optimizer": "x"}, {"size": [1]}, {"classes": []}):
        with pytest.raises(SettingsError):
            made.new.from_config({**needed, **wrong})
    assert made.losses == [
        "--decay: is the flag --weight_decay now",
        "--odd: its default, a list, does not fit its type: both are taken",
        "--odd: what <lambda> makes of the text is not in the schema: it stays text",
        "--verbose: was counted: now its number is given, as in --verbose 2",
        "-w, -v: short flags are none now: write the long ones",
        "Optimizer: headings of arguments are not in the schema",
        "data: was a word without a flag: now it is the flag --data",
    ]


def test_a_command_of_a_parser_is_named(
    write: Callable[..., Written], capsys: pytest.CaptureFixture[str]
) -> None:
    made = write(PARSER, "commands", "train")
    assert list(made.properties) == ["epochs"]
    assert cli.main(["from-class", "by_hand_1:commands"]) == 1
    told = capsys.readouterr().err
    assert "has commands, each of which has settings of its own" in told
    assert "name one of them behind it: train, test" in told
    assert cli.main(["from-class", "by_hand_1:commands", "fly"]) == 1
    assert "there is no command 'fly'" in capsys.readouterr().err


# What is no class, or cannot be imported


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for module in [m for m in set(sys.modules) - before if m.startswith("wrong_")]:
        del sys.modules[module]


@pytest.mark.parametrize(
    ("source", "name", "told"),
    [
        (
            "import argparse\nparser = argparse.ArgumentParser()\n"
            "parser.add_argument('--needed', required=True)\nparser.parse_args()",
            "parser",
            "the following arguments are required: --needed",
        ),
        ("import nowhere_at_all", "X", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("import sys\nsys.exit(3)", "X", "SystemExit: 3"),
        ("def f(:", "X", "SyntaxError"),
        ("class Setings: pass", "Settings", "Setings"),
        ("class X: pass", "X", "is a class without fields, of which no schema can be made"),
        ("X = 5", "X", "is a int, of which no schema can be made"),
        ("def X(): return 1 / 0", "X", "calling wrong_module:X failed: ZeroDivisionError"),
        ("def X(a): pass", "X", "missing 1 required positional argument"),
        (
            "from brevettiai.settings import Settings\nclass X(Settings): pass",
            "X",
            "is a class that brevetti-gen made",
        ),
    ],
)
def test_what_is_wrong_with_a_module_is_told(
    source: str, name: str, told: str, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "wrong_module.py").write_text(source, encoding="utf-8")
    importlib.invalidate_caches()
    assert cli.main(["from-class", f"wrong_module:{name}", "-o", "out.json"]) == 1
    shown = capsys.readouterr()
    assert told in shown.err
    assert "Traceback" not in shown.err
    assert "wrong_module:" in shown.err
    assert not Path("out.json").exists()


def test_errors_of_a_module_say_its_line(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "wrong_line.py").write_text("a = 1\nb = a / 0\n", encoding="utf-8")
    importlib.invalidate_caches()
    assert cli.main(["from-class", "wrong_line:X"]) == 1
    assert "(in wrong_line.py, line 2)" in capsys.readouterr().err


def test_a_schema_that_is_printed_plays_with_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config.json").write_text(json.dumps({"\x7f\u202e": "\x9b"}), encoding="utf-8")
    assert cli.main(["infer", "config.json"]) == 0
    out = capsys.readouterr().out
    assert out.replace("\n", "").isprintable()
    assert "\x7f\u202e" in json.loads(out)["properties"]


def test_what_a_module_prints_is_not_in_the_schema(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "from dataclasses import dataclass\nprint('hello')\n@dataclass\nclass X:\n  a: int = 1\n"
    (desk / "wrong_print.py").write_text(text, encoding="utf-8")
    importlib.invalidate_caches()
    assert cli.main(["from-class", "wrong_print:X"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["properties"] == {"a": {"type": "integer", "default": 1}}
    assert "hello" in shown.err


def test_values_that_are_no_objects_are_no_settings(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pydantic", reason="needs pydantic")
    source = "from pydantic import RootModel\nclass X(RootModel[list[int]]): pass\n"
    (desk / "wrong_root.py").write_text(source, encoding="utf-8")
    importlib.invalidate_caches()
    assert cli.main(["from-class", "wrong_root:X", "-o", "out.json"]) == 1
    assert "its values are no objects" in capsys.readouterr().err
    assert not Path("out.json").exists()


@pytest.mark.parametrize(
    ("target", "proposal"),
    [("jobs/train.py:X", "jobs.train:X would do"), ("train", ""), ("a:", ""), ("a:b c", "")],
)
def test_targets_are_a_module_and_a_name(
    target: str, proposal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["from-class", target])
    assert proposal in capsys.readouterr().err
