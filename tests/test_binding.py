"""How generated classes behave before, at and after their first use in a process."""

from __future__ import annotations

import abc
import copy
import dataclasses
import inspect
import pickle
import pydoc
import weakref
from collections.abc import Callable
from types import ModuleType
from typing import Any, Protocol, runtime_checkable
from unittest import mock

import pytest
from brevettiai.settings import UNSET, Settings, SettingsError
from brevettiai.utils.module import Module
from two_modules import SCHEMAS, common_of, is_bound, refused, use


@pytest.fixture
def training(module_of: Callable[..., ModuleType]) -> ModuleType:
    """The main module of a package, of which nothing was used yet."""
    return module_of(**SCHEMAS)


# What a class shows of itself


def test_the_signature_is_the_same_before_and_after_first_use(training: ModuleType) -> None:
    before = inspect.signature(training.Training)
    assert not is_bound(training.Training)
    use(training.Training)
    assert inspect.signature(training.Training) == before
    assert {p.kind for p in before.parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    shown = [str(parameter) for parameter in before.parameters.values()]
    assert shown == [
        "name: 'str'",
        "epochs: 'int' = 20",
        "augmentation: 'Augmentation' = {}",
        "optimizer: 'Optimizer' = {}",
        "tags: 'list[str]' = ['a']",
        "note: 'str | None' = None",
        "seed: 'int | None | Unset' = UNSET",
    ]
    assert before.parameters["seed"].default is UNSET


def test_a_subclass_has_the_signature_of_its_own_constructor(training: ModuleType) -> None:
    class Silent(training.Training):
        run: str = "r"

    class Own(training.Training):
        def __init__(self, path: str) -> None:
            super().__init__(name=path)

    class Heir(Own):
        pass

    for _ in range(2):
        assert inspect.signature(Silent) == inspect.signature(training.Training)
        assert list(inspect.signature(Own).parameters) == ["path"]
        assert list(inspect.signature(Heir).parameters) == ["path"]
        assert Heir("p").name == "p"


def test_the_signature_of_objects_that_can_be_called_is_their_own(training: ModuleType) -> None:
    class Step(training.Training):
        def __call__(self, image: bytes) -> None: ...

    assert list(inspect.signature(Step(name="n")).parameters) == ["image"]
    with pytest.raises(TypeError):
        inspect.signature(training.Training(name="n"))


def test_defaults_are_not_in_the_class(training: ModuleType) -> None:
    cls = training.Training
    for _ in range(2):
        assert [name for name in cls.__annotations__ if hasattr(cls, name)] == []
        settings = use(cls)
        del settings.epochs
        with pytest.raises(AttributeError, match="epochs"):
            _ = settings.epochs
        with pytest.raises(SettingsError, match="epochs: was deleted"):
            settings.get_config()


@pytest.mark.parametrize("key", ["properties", "required"])
def test_properties_may_be_called_as_what_generated_code_uses(
    key: str, class_of: Callable[..., Any]
) -> None:
    names = """setting settings field fields default Half Settings Machine UNSET TYPE_CHECKING
        self cls machine flags texts init load save s c v w x t d notes int list dict str object
        type len Any Literal annotations settings_class kw_only""".split()
    schema: dict[str, Any] = {"properties": {name: {"default": [name]} for name in names}}
    if key == "required":
        schema["required"] = names
    cls = class_of(schema)
    config = {name: [name, 1] for name in names}
    assert cls.from_config(config).get_config() == config
    attributes = [field.attribute for field in cls.__brevetti__.fields()]
    assert list(inspect.signature(cls).parameters) == attributes
    arguments = dict(zip(attributes, config.values(), strict=True))
    assert cls(**arguments).get_config() == config
    assert {attribute for attribute in attributes if attribute not in names} == {"self_"}


def test_none_for_an_optional_argument_means_absent(training: ModuleType) -> None:
    given = dict.fromkeys(["epochs", "augmentation", "optimizer", "tags", "note"])
    settings = training.Training(name="n", **given)
    assert settings == training.Training(name="n")
    assert settings.note is None
    assert "note" not in settings.get_config()
    assert training.Training(name="n", seed=None).get_config()["seed"] is None


def test_matching_by_position_follows_the_schema(training: ModuleType) -> None:
    match training.Size(width=7):
        case training.Size(width, height):
            assert (width, height) == (7, 4)
        case _:
            pytest.fail("does not match")
    assert "__match_args__" in vars(training.Size)  # kept there, not in what all have


def test_annotations_are_text_that_knows_the_classes_of_the_module(training: ModuleType) -> None:
    cls = training.Training
    assert inspect.get_annotations(cls)["note"] == "str | None"
    known = inspect.get_annotations(training.Size, eval_str=True, locals={"Any": Any})
    assert list(known) == ["width", "height"]
    assert eval(cls.__annotations__["augmentation"], vars(training)) is training.Augmentation
    assert not is_bound(cls)


def test_settings_are_no_data_classes(training: ModuleType) -> None:
    for _ in range(2):
        assert not dataclasses.is_dataclass(training.Training)
        assert not dataclasses.is_dataclass(use(training.Training))


def test_help_shows_what_the_schema_says(training: ModuleType) -> None:
    assert training.Training.__doc__ == "Training of a network"
    before = pydoc.render_doc(training.Training, renderer=pydoc.plaintext)
    assert "class Training(brevettiai.settings.Settings)" in before
    assert "epochs: 'int' = 20," in before
    assert "get_config" in before
    use(training.Training)
    assert pydoc.render_doc(training.Training, renderer=pydoc.plaintext) == before
    assert "class Training" in pydoc.render_doc(training, renderer=pydoc.plaintext)
    assert "class Settings" in pydoc.render_doc(Settings, renderer=pydoc.plaintext)


def test_abstract_bases_and_protocols_take_settings(training: ModuleType) -> None:
    @runtime_checkable
    class HasEpochs(Protocol):
        epochs: int

        def get_config(self) -> dict[str, Any]: ...

    class Base(abc.ABC):
        @abc.abstractmethod
        def run(self) -> int: ...

    class Job(training.Training, Base):
        def run(self) -> int:
            return int(self.epochs)

    class Unfinished(training.Training, Base):
        pass

    Base.register(training.Augmentation)
    assert issubclass(training.Augmentation, Base)
    assert Job(name="n").run() == 20
    assert Job.from_config({"name": "n"}).run() == 20
    assert isinstance(use(training.Training), HasEpochs)
    assert not isinstance(training.Augmentation(), HasEpochs)
    with pytest.raises(TypeError, match="abstract"):
        Unfinished(name="n")


def test_settings_can_be_referred_to_weakly(training: ModuleType) -> None:
    settings = use(training.Training)
    assert weakref.ref(settings)() is settings
    assert weakref.ref(training.Training)() is training.Training


def test_what_was_not_generated_says_so() -> None:
    class Mine(Settings):
        epochs: int = 3

    assert not hasattr(Settings, "__brevetti__")
    assert not hasattr(Mine, "__brevetti__")
    for cls in (Mine, Settings):
        with pytest.raises(TypeError, match=f"^{cls.__name__} was not generated from a schema$"):
            cls()
        with pytest.raises(TypeError, match=f"^{cls.__name__} was not generated from a schema$"):
            cls(epochs=3)


# First uses


FIRST_USES: dict[str, Callable[[Any], Any]] = {
    "a constructor": lambda cls: cls(name="n"),
    "a subclass": lambda cls: type("Mine", (cls,), {})(name="n"),
    "a config": lambda cls: cls.from_config({"name": "n"}),
    "flags": lambda cls: cls.from_args(["--name", "n"]),
    "a form model": lambda cls: cls.from_settings({"name": "n"}),
    "a copy": lambda cls: copy.deepcopy(_unpickled(cls)),
    "a shallow copy": lambda cls: copy.copy(_unpickled(cls)),
    "a pickle": lambda cls: pickle.loads(pickle.dumps(_unpickled(cls))),
}


def _unpickled(cls: Any) -> Any:
    """An object as `pickle` makes one, without a use of its class."""
    settings = object.__new__(cls)
    settings.__dict__.update(name="n", epochs=20, tags=["a"], note=None, seed=UNSET)
    settings.augmentation, settings.optimizer = settings, settings
    settings.__extra__ = None
    assert not is_bound(cls)
    return settings


@pytest.mark.parametrize("first", FIRST_USES)
def test_any_use_may_be_the_first(first: str, training: ModuleType) -> None:
    settings = FIRST_USES[first](training.Training)
    settings.augmentation, settings.optimizer = None, None
    assert settings.get_config() == {"name": "n", "epochs": 20, "tags": ["a"]}
    assert training.Training(name="n").optimizer.turn.get_config() == {"angle": 5}


@pytest.mark.parametrize(
    "ask",
    [
        lambda cls: cls.format_help(),
        lambda cls: cls.json_schema(),
        lambda cls: cls.get_schema(),
        lambda cls: cls.presets(),
        lambda cls: cls.__match_args__,
        lambda cls: refused(cls, name=5),
        lambda cls: refused(cls, name="n", epochs=51),
    ],
)
def test_any_question_may_be_the_first(ask: Callable[[Any], Any], training: ModuleType) -> None:
    ask(training.Training)
    assert use(training.Training).epochs == 20


# What people put into classes


@pytest.mark.parametrize("used", [False, True])
@pytest.mark.parametrize("name", ["from_config", "get_config", "__init__", "validate"])
def test_methods_can_be_patched(name: str, used: bool, training: ModuleType) -> None:
    cls = training.Training
    if used:
        use(cls)
    with mock.patch.object(cls, name, return_value=None) as stand_in:
        assert getattr(cls, name)("given") is None
        stand_in.assert_called_once_with("given")
        if name == "__init__":
            assert vars(cls()) == {}
        assert inspect.signature(training.Augmentation).parameters["angle"].default == 5
    assert cls(name="n").get_config() == use(cls).get_config()
    cls(name="n").validate()
    assert inspect.signature(cls).parameters["epochs"].default == 20


def test_stand_ins_are_made_after_the_class(training: ModuleType) -> None:
    double = mock.create_autospec(training.Augmentation)
    double(angle=3)
    with pytest.raises(TypeError):
        double(angel=3)
    assert isinstance(mock.Mock(spec=training.Training(name="n")), training.Training)


@pytest.mark.parametrize("used", [False, True])
def test_a_constructor_that_somebody_gave_the_class_stays(used: bool, training: ModuleType) -> None:
    cls = training.Training
    if used:
        use(cls)

    def init(self: Any, name: str = "mine") -> None:
        self.name = name

    cls.__init__ = init
    for _ in range(2):
        assert training.Size(width=7).get_config() == {"width": 7, "height": 4}
        assert vars(cls()) == {"name": "mine"}
        assert list(inspect.signature(cls).parameters) == ["name"]
        assert use(cls).epochs == 20
        with pytest.raises(SettingsError):
            cls.from_config({"name": 1})
    del cls.__init__
    assert cls(name="n").epochs == 20


@pytest.mark.parametrize("used", [False, True])
def test_subclasses_construct_with_the_generated_constructor(
    used: bool, training: ModuleType
) -> None:
    if used:
        use(training.Training)

    class Run(training.Training):
        def __init__(self, name: str, folder: str = "runs") -> None:
            super().__init__(name=name, augmentation=training.Augmentation(angle=9))
            self.folder = folder

    run = Run("n", "here")
    assert (run.epochs, run.augmentation.angle, run.folder) == (20, 9, "here")
    assert type(Run.from_config({"name": "n"})) is Run


class Stage(Module):
    """A module written by hand, whose constructor knows its parts."""

    def __init__(self, stage: int = 1) -> None:
        self.stage = stage


@pytest.mark.parametrize("used", [False, True])
def test_the_order_of_bases_decides_which_constructor_it_is(
    used: bool, training: ModuleType
) -> None:
    if used:
        use(training.Training)
    mixed: Any = type("Mixed", (training.Training, Stage), {})
    assert mixed(name="n").epochs == 20
    assert mixed.from_config({"name": "n"}).get_config()["epochs"] == 20
    first: Any = type("First", (Stage, training.Training), {})
    assert vars(first(2)) == {"stage": 2}
    assert list(inspect.signature(first).parameters) == ["stage"]


def test_a_class_has_one_schema(training: ModuleType) -> None:
    optimizer = common_of(training).Optimizer
    for bases in ((training.Training, optimizer), (optimizer, training.Training)):
        with pytest.raises(TypeError, match=r"Both inherits from .* and .*, which have a schema"):
            type("Both", bases, {})
    mine = type("Mine", (training.Training,), {})
    assert issubclass(type("Twice", (mine, training.Training), {}), mine)
