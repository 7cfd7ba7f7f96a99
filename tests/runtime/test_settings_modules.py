"""`VueSettingsModule`: forms, configs and form models by reflection over `__init__`.

Literals marked RECORDED were produced by running the platform's own library on the same classes;
with `BREVETTI_SHARED` set, its recorded goldens are compared as well. No annotation here is text,
as in the documents that job authors copy from: `test_modules.py` has the ones that are.
"""

import json
import os
from pathlib import Path
from typing import List, Literal, Optional, Union

import pytest
from brevettiai.interfaces import vue_schema_utils as vue
from brevettiai.interfaces.vue_schema_utils import VueSettingsModule
from brevettiai.utils.module import Module

# ruff: noqa: RUF013, UP006, UP007, UP035, UP045 - annotations as job authors write them


class MyCustomObject(VueSettingsModule):
    def __init__(self, custom_param: int = 0):
        self.custom_param = custom_param


class SerializeableObject(VueSettingsModule):
    """The module of the platform's documentation, its odd set default included."""

    def __init__(
        self,
        param_1: float = -1.0,
        param_2: str = None,
        param_3: dict = None,
        custom: MyCustomObject = None,
    ):
        self.param_1 = param_1
        self.param_2 = param_2 or "Param2 not provided"
        self.param_3 = param_3 or {"nested_param"}
        self.custom = custom or MyCustomObject()


class AllKinds(VueSettingsModule):
    def __init__(
        self,
        count: int = 3,
        rate: float = 0.5,
        name: str = "abc",
        on: bool = True,
        table: dict = None,
        items: list = None,
        pair: tuple = (1, 2),
        untyped=7,
        unique: set = None,
        required_int: int = None,
    ):
        self.count, self.rate, self.name, self.on = count, rate, name, on
        self.table, self.items, self.pair = table or {}, items or [], pair
        self.untyped, self.unique, self.required_int = untyped, unique or set(), required_int


class Deep2(VueSettingsModule):
    def __init__(self, leaf: bool = False):
        self.leaf = leaf


class Deep1(VueSettingsModule):
    def __init__(self, deep2: Deep2 = None, width: int = 4):
        self.deep2 = deep2 or Deep2()
        self.width = width


class Deep(VueSettingsModule):
    def __init__(self, deep1: Deep1 = None, label_text: str = "x"):
        self.deep1 = deep1 or Deep1()
        self.label_text = label_text


def fields(module: type[VueSettingsModule]) -> list[dict]:
    return module.get_schema().schema["fields"]


def field_of(annotation, default=None) -> Optional[dict]:
    """The field of one parameter `x`."""

    class Single(VueSettingsModule):
        def __init__(self, x: annotation = default):
            self.x = x

    found = fields(Single)
    return found[0] if found else None


def same_settings(module: VueSettingsModule) -> VueSettingsModule:
    """The module that comes out of the form model, as JSON, of `module`."""
    return type(module).from_settings(json.loads(json.dumps(module.get_settings())))


# --- goldens ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "cls"),
    [("serializeable_object", SerializeableObject), ("all_kinds", AllKinds), ("deep", Deep)],
)
def test_modules_reproduce_the_recorded_goldens(name, cls):
    shared = os.environ.get("BREVETTI_SHARED")
    if not shared:
        pytest.skip("BREVETTI_SHARED is not set: no goldens to compare with")
    golden = json.loads(Path(shared, "forms", "golden", f"{name}.json").read_text())
    assert json.dumps(cls.get_schema().schema) == json.dumps(golden["schema"])
    assert json.dumps(cls().get_config()) == json.dumps(golden["config"])
    if "settings" in golden:
        assert json.dumps(cls().get_settings()) == json.dumps(golden["settings"])
    else:
        assert "set is not JSON serializable" in golden["settings_error"]
        json.dumps(cls().get_settings())


def test_the_documented_example():
    given = {"param_1": 1, "param_2": "Test", "param_3": {"test_dict_serialization": "nested"}}
    config = SerializeableObject(**given).get_config()
    assert config == {**given, "custom": {"custom_param": 0}}
    assert SerializeableObject.from_config(config).get_config() == config


def test_a_set_default_breaks_neither_config_nor_form_model():
    module = SerializeableObject()
    assert module.get_config()["param_3"] == ["nested_param"]
    assert module.get_settings()["param_3"] == '[\n  "nested_param"\n]'
    assert same_settings(module).get_config() == module.get_config()


# --- forms --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotation", "default", "expected"),
    [  # RECORDED, but for set defaults under another annotation, where the library fails
        (int, None, 0),
        (int, True, True),
        (float, None, 0.0),
        (str, None, ""),
        (str, 5, "5"),
        (str, True, "true"),
        (str, [1], "[1]"),
        (bool, None, False),
        (bool, "s", "s"),
        (dict, None, "{}"),
        (dict, {"b": 1, "a": 2}, '{\n  "a": 2,\n  "b": 1\n}'),
        (dict, "text", "text"),
        (dict, {1}, "[\n  1\n]"),
        (list, None, "[]"),
        (tuple, (1, 2), "[\n  1,\n  2\n]"),
        (set, {3, 1}, "[\n  1,\n  3\n]"),
        (set, None, "[]"),
    ],
)
def test_defaults_of_annotated_parameters(annotation, default, expected):
    assert field_of(annotation, default)["default"] == expected


@pytest.mark.parametrize(
    ("annotation", "like"),
    [  # the platform's library fails on all of these; they mean what they say
        (Optional[int], int),
        (int | None, int),
        ("int", int),
        (list[int], list),
        (List[int], list),
        (Optional[List[int]], list),
        (dict[str, int], dict),
        (tuple[int, ...], tuple),
    ],
)
def test_generic_and_optional_annotations_have_the_field_of_their_class(annotation, like):
    assert field_of(annotation) == field_of(like)


def test_without_annotation_the_default_tells_the_type():
    class Untyped(VueSettingsModule):
        def __init__(self, a=7, b=True, c="s", d=(1,), e=None, f=Deep2(), *args, **kwargs):  # noqa: B008
            pass

    assert [(field["type"], field.get("model", field.get("tag"))) for field in fields(Untyped)] == [
        ("input", "a"),
        ("checkbox", "b"),
        ("input", "c"),
        ("textArea", "d"),
        ("label", "f"),
        ("checkbox", "f.leaf"),
    ]


@pytest.mark.parametrize("annotation", [object, bytes, complex, None, "Nowhere", 3, Module])
def test_parameters_of_other_types_have_no_field(annotation, capsys):
    assert field_of(annotation) is None
    assert capsys.readouterr() == ("", "")


def test_literals_are_selects():
    field = field_of(Literal["mse", "mae"], "mae")
    assert (field["type"], field["values"], field["default"]) == ("select", ["mse", "mae"], "mae")
    field = field_of(Literal[1, "a"], "a")
    assert (field["values"], field["isJson"], field["default"]) == (["1", '"a"'], True, '"a"')
    assert field_of(Optional[Literal["a"]])["default"] is None


@pytest.mark.parametrize(
    ("name", "label"),
    [  # RECORDED
        ("param_1", "Param 1"),
        ("foo_bar_2x", "Foo Bar 2X"),
        ("fooBar", "Foobar"),
        ("URL", "Url"),
        ("_p", " P"),
    ],
)
def test_labels_are_the_names_as_titles(name, label):
    builder = vue.SchemaBuilder()
    VueSettingsModule.to_schema(builder, name, int, 1)
    assert builder.fields[0]["label"] == label


def test_a_namespace_comes_before_every_field():
    schema = Deep.get_schema("job.settings").schema
    assert [field.get("model", field.get("tag")) for field in schema["fields"]] == [
        "job.settings.deep1",
        "job.settings.deep1.deep2",
        "job.settings.deep1.deep2.leaf",
        "job.settings.deep1.width",
        "job.settings.label_text",
    ]


def test_a_module_that_can_hold_itself_is_a_json_field():
    class Node(VueSettingsModule):
        def __init__(self, name: str = "n", below: Optional["Node"] = None):
            self.name, self.below = name, below

    assert [field["model"] for field in fields(Node)] == ["name", "below"]
    node = Node("a", Node("b", Node("c")))
    assert node.get_settings()["below"].startswith("{\n")
    assert same_settings(node).get_config() == node.get_config()
    assert Node.from_settings({}).below is None


# --- form models --------------------------------------------------------------------------------


def test_form_models_hold_json_as_text():
    module = SerializeableObject(param_3={"b": 1, "a": 2})
    assert module.get_settings() == {  # RECORDED
        "param_1": -1.0,
        "param_2": "Param2 not provided",
        "param_3": '{\n  "a": 2,\n  "b": 1\n}',
        "custom": {"custom_param": 0},
    }


def test_form_models_are_read_by_the_form():
    settings = {
        "param_1": "2.5",
        "param_2": 7,
        "param_3": '{"a": 1}',
        "custom": {"custom_param": "3"},
    }
    before = json.dumps(settings)
    module = SerializeableObject.from_settings(settings)
    assert module.get_config() == {
        "param_1": 2.5,
        "param_2": "7",
        "param_3": {"a": 1},
        "custom": {"custom_param": 3},
    }
    assert json.dumps(settings) == before


def test_json_that_is_parsed_already_is_taken_as_it_is():
    assert SerializeableObject.from_settings({"param_3": {"a": 1}}).param_3 == {"a": 1}


def test_absent_settings_get_the_defaults_of_the_form():
    class Required(VueSettingsModule):
        def __init__(self, count: int, name: str, on: bool, table: dict, deep: Deep1, free=None):
            self.__dict__.update({k: v for k, v in locals().items() if k != "self"})

    for nothing in ({}, None):
        assert Required.from_settings(nothing).get_config() == {  # RECORDED
            "count": 0,
            "name": "",
            "on": False,
            "table": {},
            "deep": {"deep2": {"leaf": False}, "width": 4},
            "free": None,
        }


@pytest.mark.parametrize(
    "module",
    [
        SerializeableObject(),
        AllKinds(),
        AllKinds(4, 2.5, "", False, {"a": {1, 2}}, [1], (), 7.5, {2, 1}, 5),
        AllKinds(None, None, None, None),
        Deep(Deep1(Deep2(True), 5)),
    ],
)
def test_form_models_lose_nothing(module):
    assert same_settings(module).get_config() == module.get_config()


def test_what_has_no_field_is_in_the_form_model_only_where_it_would_be_lost():
    class Loose(VueSettingsModule):
        def __init__(self, a=None, b: object = 3, c: Module = None, unique: set = None, **kwargs):
            self.a, self.b, self.c, self.kwargs = a, b, c, kwargs
            self.unique = unique or {1}

    assert Loose().get_settings() == {}  # RECORDED
    module = Loose([1], {"x": 1}, None, {2}, extra=5)
    assert module.get_settings() == {
        "a": [1],
        "b": {"x": 1},
        "unique": "[\n  2\n]",
        "kwargs": {"extra": 5},
    }
    assert same_settings(module).get_config() == module.get_config()


@pytest.mark.parametrize("value", [None, 5, "text", "5", "", "null", [1, {"a": None}], True, 1.5])
@pytest.mark.parametrize("annotation", [Union[int, str], int | str | list | None])
def test_unions_come_back_as_they_were(annotation, value):
    class Either(VueSettingsModule):
        def __init__(self, x: annotation = None):
            self.x = x

    assert same_settings(Either(value)).x == value
    assert type(same_settings(Either(value)).x) is type(value)


def test_lists_of_modules_are_json_text():
    class Many(VueSettingsModule):
        def __init__(self, parts: list[MyCustomObject] = ()):
            self.parts = parts

    module = Many([MyCustomObject(1), MyCustomObject(2)])
    assert json.loads(module.get_settings()["parts"]) == [{"custom_param": 1}, {"custom_param": 2}]
    assert [part.custom_param for part in same_settings(module).parts] == [1, 2]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"param_3": "{'a': 1}"},
            r"param_3: field 'Param 3' needs JSON text: .*property name.*; got \"{'a': 1}\"",
        ),
        ({"custom": {"custom_param": "x"}}, r"custom\.custom_param: field 'Custom Param' needs a"),
        ({"custom": '{"custom_param": 1}'}, r"^custom: expected an object .* got str"),
        ([1], "expected the settings of SerializeableObject"),
    ],
)
def test_settings_that_do_not_fit_say_where_and_what(settings, message):
    with pytest.raises(ValueError, match=message):
        SerializeableObject.from_settings(settings)


def test_a_config_that_does_not_fit_the_form_says_where():
    with pytest.raises(ValueError, match=r"deep1\.width: expected a whole number, got 'wide'"):
        Deep(Deep1(width="wide")).get_settings()


def test_null_for_a_nested_module_leaves_it_to_the_module():
    assert Deep.from_settings({"deep1": None}).get_config() == Deep().get_config()


# --- extension points ---------------------------------------------------------------------------


class Customised(VueSettingsModule):
    """Overrides all three extension points, for one parameter each."""

    def __init__(self, loss: str = "mse", size: tuple = (1, 2), inner: MyCustomObject = None):
        self.loss, self.size, self.inner = loss, size, inner or MyCustomObject()

    @classmethod
    def to_schema(cls, builder, name, ptype, default, **kwargs):
        if name == "loss":
            field = vue.select("Loss", name, default, ["mse", "mae"], visible=True)
            return builder.add_field(field, robust="mae")
        if name == "size":
            return builder.add_field(vue.text_input("Size", name, "x".join(map(str, default))))
        return super().to_schema(builder, name, ptype, default, **kwargs)

    @classmethod
    def to_config(cls, settings):
        settings["size"] = [int(part) for part in settings["size"].split("x")]
        return super().to_config(settings)

    @classmethod
    def to_settings(cls, config):
        settings = super().to_settings(config)
        settings["size"] = "x".join(map(str, config["size"]))
        return settings


class AroundCustomised(VueSettingsModule):
    def __init__(self, part: Customised = None):
        self.part = part or Customised()


def test_extension_points_shape_the_form():
    assert Customised.get_schema().schema["presets"] == {"robust": {"loss": "mae"}}
    assert [(f["type"], f["visible"]) for f in fields(AroundCustomised)] == [
        ("label", False),
        ("select", True),
        ("input", False),
        ("label", False),
        ("input", False),
    ]


def test_extension_points_shape_form_models_at_any_depth():
    module = AroundCustomised(Customised(size=(3, 4)))
    settings = module.get_settings()
    assert settings["part"]["size"] == "3x4"
    assert AroundCustomised.from_settings(settings).part.size == [3, 4]
    assert AroundCustomised.from_settings({}).part.size == [1, 2]


def test_facts_given_to_to_schema_are_those_of_the_field():
    class Limited(VueSettingsModule):
        def __init__(self, epochs: int = 3, table: dict = None):
            self.epochs, self.table = epochs, table

        @classmethod
        def to_schema(cls, builder, name, ptype, default, **kwargs):
            if name == "epochs":
                kwargs.update(label="Epochs of training", min=1, visible=True)
            else:
                kwargs.update(rows=9, required=True)
            return super().to_schema(builder, name, ptype, default, **kwargs)

    epochs, table = fields(Limited)
    assert (epochs["label"], epochs["min"], epochs["visible"]) == ("Epochs of training", 1, True)
    assert (table["rows"], table["required"]) == (9, True)
    with pytest.raises(ValueError, match="missing settings: table"):
        Limited.from_settings({})


def test_to_schema_sees_every_parameter_with_type_and_default():
    import inspect

    seen = []

    class Watched(VueSettingsModule):
        def __init__(self, a: int, b: Optional[str] = None, *args, c=1.5, **kwargs):
            pass

        @classmethod
        def to_schema(cls, builder, name, ptype, default, **kwargs):
            seen.append((name, ptype, default))

    Watched.get_schema()
    none, empty = type(None), inspect.Parameter.empty
    assert seen == [
        ("a", int, empty),
        ("b", str, None),
        ("args", none, empty),
        ("c", float, 1.5),
        ("kwargs", none, empty),
    ]


# --- modules that are read by their own methods (generated classes are) --------------------------


class Compiled(VueSettingsModule):
    """Overrides everything, as a generated class does; looking into it would go wrong."""

    def __init__(self, **given):
        self.given = given

    def get_config(self):
        return {"angle": self.given["angle"]}

    @classmethod
    def from_config(cls, config):
        if not isinstance(config.get("angle"), int):
            raise ValueError("angle: must be an integer")
        return cls(angle=config["angle"])

    @classmethod
    def get_schema(cls, namespace=None):
        builder = vue.SchemaBuilder(namespace=namespace, advanced=False)
        builder.add_field(vue.number_input("Angle", "angle", 1, required=True))
        return builder

    def get_settings(self):
        return {"angle": str(self.given["angle"])}

    @classmethod
    def from_settings(cls, settings):
        return cls.from_config({"angle": int(settings["angle"]) if "angle" in settings else None})


class HoldsCompiled(VueSettingsModule):
    def __init__(self, part: Compiled = None, count: int = 1):
        self.part, self.count = part, count


class HoldsDeeper(VueSettingsModule):
    def __init__(self, middle: HoldsCompiled = None):
        self.middle = middle or HoldsCompiled()


def test_a_module_with_methods_of_its_own_keeps_its_own_form():
    assert [(f.get("model"), f["visible"]) for f in fields(HoldsDeeper)] == [
        (None, False),
        (None, False),
        ("middle.part.angle", True),
        ("middle.count", False),
    ]


def test_a_module_with_methods_of_its_own_reads_its_own_form_model():
    module = HoldsDeeper(HoldsCompiled(Compiled(angle=7), 2))
    settings = module.get_settings()
    assert settings == {"middle": {"part": {"angle": "7"}, "count": 2}}
    again = HoldsDeeper.from_settings(settings)
    assert type(again.middle.part) is Compiled
    assert (
        again.get_config() == module.get_config() == {"middle": {"part": {"angle": 7}, "count": 2}}
    )


def test_any_class_with_the_protocol_can_be_nested():
    class Foreign:
        get_config, get_settings = Compiled.get_config, Compiled.get_settings
        from_config = classmethod(lambda cls, config: cls(config["angle"]))
        from_settings = classmethod(lambda cls, settings: cls(int(settings.get("angle", 0))))
        get_schema = classmethod(lambda cls, namespace=None: Compiled.get_schema(namespace))

        def __init__(self, angle):
            self.given = {"angle": angle}

    class Holder(VueSettingsModule):
        def __init__(self, part: Foreign):
            self.part = part

    holder = Holder.from_settings({"part": {"angle": "3"}})
    assert holder.get_config() == {"part": {"angle": 3}}
    assert holder.get_settings() == {"part": {"angle": "3"}}
    assert Holder.from_settings({}).part.given == {"angle": 0}
    assert fields(Holder)[1]["model"] == "part.angle"


def test_to_config_leaves_a_nested_form_model_to_the_nested_class():
    config = HoldsCompiled.to_config({"part": {"angle": "7"}, "count": 1})
    assert HoldsCompiled.from_config(config).part.given == {"angle": 7}


def test_a_module_that_nothing_is_not_enough_for_stays_at_its_default():
    assert HoldsDeeper.from_settings({}).get_config() == {"middle": {"part": None, "count": 1}}
    with pytest.raises(ValueError, match="must be an integer"):
        HoldsDeeper.from_settings({"middle": {"part": {}}})
    with pytest.raises(ValueError, match=r"middle\.part: expected the settings of Compiled"):
        HoldsDeeper.from_settings({"middle": {"part": 5}})
