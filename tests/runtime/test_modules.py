"""`Module`: what is stored of an object, by reflection over its `__init__`."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Annotated, List, Literal, Optional, Union  # noqa: UP035

import pytest
from brevettiai.utils.module import Module, ModuleError, plain

if TYPE_CHECKING:
    from somewhere import Elsewhere  # pyright: ignore[reportMissingImports]


class Inner(Module):
    def __init__(self, angle: int = 0, table: dict | None = None):
        self.angle = angle
        self.table = table or {}


class Outer(Module):
    def __init__(self, rate: float = 0.5, inner: Inner = None):
        self.rate = rate
        self.inner = inner or Inner()


class Foreign:
    def __init__(self, secret):
        self.secret = secret

    def get_config(self):
        return {"written": self.secret}

    @classmethod
    def from_config(cls, config):
        return cls(config["written"] + 1)


# --- config -------------------------------------------------------------------------------------


def test_a_config_is_made_of_the_constructor_arguments():
    config = Outer(0.25, Inner(3)).get_config()
    assert config == {"rate": 0.25, "inner": {"angle": 3, "table": {}}}
    assert list(config) == ["rate", "inner"]
    again = Outer.from_config(config)
    assert isinstance(again.inner, Inner)
    assert again.get_config() == config


def test_only_constructor_arguments_with_an_attribute_are_stored():
    class Partly(Module):
        def __init__(self, kept=1, dropped=2):
            self.kept = kept
            self.derived = 3

    assert Partly().get_config() == {"kept": 1}


def test_configs_share_nothing_with_their_module():
    table = {"a": [1]}
    module = Inner(table=table)
    module.get_config()["table"]["a"].append(2)
    assert module.table == {"a": [1]}
    loaded = Inner.from_config({"table": table})
    loaded.table["a"].append(2)
    assert table == {"a": [1]}
    duplicate = module.copy()
    duplicate.table["a"].append(2)
    assert module.table == {"a": [1]}


def test_modules_stay_plain_python_objects():
    module = Outer()
    assert vars(module) == {"rate": 0.5, "inner": module.inner}
    assert repr(module).startswith("<")
    assert "object at 0x" in repr(module)
    assert Outer() != Outer()
    assert pickle.loads(pickle.dumps(module)).get_config() == module.get_config()
    assert copy.deepcopy(module).inner is not module.inner


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((1, 2), [1, 2]),
        ({3, 1, 2}, [1, 2, 3]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({"k": ({1}, Inner(2))}, {"k": [[1], {"angle": 2, "table": {}}]}),
        ([Inner(1), None], [{"angle": 1, "table": {}}, None]),
    ],
)
def test_configs_are_json(value, expected):
    assert json.loads(json.dumps(Inner(value).get_config()))["angle"] == expected
    assert plain(value) == expected


def test_a_set_of_several_types_has_a_stable_order():
    assert plain({"b", 2, None, "a", 1}) == plain({1, "a", "b", None, 2})


def test_array_scalars_and_arrays_become_numbers_and_lists():
    class Scalar:
        """What numpy scalars and arrays have in common, without numpy."""

        dtype = "float32"

        def __init__(self, value):
            self.value = value

        def tolist(self):
            return self.value

    assert Inner({"mean": Scalar(1.5)}).get_config()["angle"] == {"mean": 1.5}
    assert plain(Scalar([1, 2])) == [1, 2]

    class Policy:
        dtype = "float16"  # has a dtype, is no array

    policy = Policy()
    assert plain(policy) is policy


# --- keys ---------------------------------------------------------------------------------------


def test_unknown_keys_are_one_warning(caplog):
    module = Inner.from_config({"zz": 1, "some_setting_i_need": 2, "angle": 4})
    assert vars(module) == {"angle": 4, "table": {}}
    assert caplog.record_tuples == [
        (
            "brevettiai.utils.module",
            logging.WARNING,
            "Invalid config keys: zz, some_setting_i_need",
        )
    ]


def test_each_module_warns_of_its_own_keys(caplog):
    Outer.from_config({"x": 1, "inner": {"y": 2}})
    assert [record.getMessage() for record in caplog.records] == [
        "Invalid config keys: y",  # RECORDED order: from inside out
        "Invalid config keys: x",
    ]


def test_a_module_with_keyword_arguments_takes_any_key_silently(caplog):
    class Anything(Module):
        def __init__(self, known=1, **kwargs):
            self.known = known
            self.kwargs = kwargs

    module = Anything.from_config({"known": 2, "zz": [1]})
    assert module.get_config() == {"known": 2, "kwargs": {"zz": [1]}}
    assert Anything.from_config(module.get_config()).get_config() == module.get_config()
    assert not caplog.records


def test_positional_parameters_are_passed_by_position():
    class Positional(Module):
        def __init__(self, first=1, /, second=2, *args, third=3):
            self.first, self.second, self.args, self.third = first, second, args, third

    assert Positional.from_config({"first": 5}).get_config() == {
        "first": 5,
        "second": 2,
        "args": [],
        "third": 3,
    }
    module = Positional(1, 9, 8, 7, third=4)
    assert Positional.from_config(module.get_config()).args == (8, 7)


def test_missing_parameters_are_all_named():
    class Needs(Module):
        def __init__(self, a: int, b: str, c: int = 1):
            self.a, self.b, self.c = a, b, c

    class Holds(Module):
        def __init__(self, needs: Needs):
            self.needs = needs

    with pytest.raises(ValueError, match="the config of Needs lacks 'a', 'b'; give a value"):
        Needs.from_config({"c": 3})
    with pytest.raises(ValueError, match=r"^needs: the config of Needs lacks 'b'"):
        Holds.from_config({"needs": {"a": 1}})


@pytest.mark.parametrize("value", ["abc", 5, [1]])
def test_something_else_than_a_nested_config_is_an_error_with_its_place(value):
    class Around(Module):
        def __init__(self, outer: Outer = None):
            self.outer = outer

    kind = type(value).__name__
    with pytest.raises(
        ModuleError, match=rf"outer\.inner: expected the config of Inner .*, got {kind}"
    ):
        Around.from_config({"outer": {"inner": value}})
    with pytest.raises(ModuleError, match=f"expected the config of Inner .*, got {kind}"):
        Inner.from_config(value)


def test_null_and_instances_are_handed_on():
    inner = Inner(5)
    assert Outer.from_config({"inner": inner}).inner is inner
    assert Outer.from_config({"inner": None}).get_config()["inner"] == {"angle": 0, "table": {}}


# --- annotations (this file has `from __future__ import annotations`: all of them are text) -------


def test_annotations_say_where_modules_are():
    class Everywhere(Module):
        def __init__(
            self,
            optional: Optional[Inner] = None,  # noqa: UP045
            union: Inner | None = None,
            items: list[Inner] | None = None,
            old: List[Inner] = (),  # noqa: UP006
            by_name: dict[str, Inner] | None = None,
            pair: tuple[int, Inner] = (1, None),
            noted: Annotated[Inner, "note"] = None,
            untyped=Inner(8),  # noqa: B008
        ):
            self.__dict__.update({k: v for k, v in locals().items() if k != "self"})

    inner = {"angle": 3}
    module = Everywhere.from_config(
        {
            "optional": inner,
            "union": inner,
            "items": [inner],
            "old": [inner],
            "by_name": {"a": inner},
            "pair": [1, inner],
            "noted": inner,
            "untyped": inner,
        }
    )
    found = [
        module.optional,
        module.union,
        module.items[0],
        module.old[0],
        module.by_name["a"],
        module.pair[1],
        module.noted,
        module.untyped,
    ]
    assert [(type(each), each.angle) for each in found] == [(Inner, 3)] * len(found)
    with pytest.raises(ModuleError, match=r"^items\.1\.needs|^items\.1: expected the config"):
        Everywhere.from_config({"items": [inner, 5]})


def test_a_union_of_modules_is_read_by_the_first_that_knows_every_key(caplog):
    class Either(Module):
        def __init__(self, part: Union[Inner, Outer, str] = None):  # noqa: UP007
            self.part = part

    assert type(Either.from_config({"part": {"angle": 1}}).part) is Inner
    assert type(Either.from_config({"part": {"rate": 1}}).part) is Outer
    assert Either.from_config({"part": "text"}).part == "text"
    assert not caplog.records
    assert type(Either.from_config({"part": {"zz": 1}}).part) is Inner
    assert len(caplog.records) == 1


def test_an_annotation_that_names_nothing_is_an_error_only_where_it_matters():
    class Typed(Module):
        def __init__(self, thing: Elsewhere = None):
            self.thing = thing

    assert Typed.from_config({"thing": 3}).get_config() == {"thing": 3}
    with pytest.raises(ModuleError, match=r"thing: the annotation 'Elsewhere' cannot be resolved"):
        Typed.from_config({"thing": {"a": 1}})


def test_values_are_never_converted():
    class Typed(Module):
        def __init__(self, count: int, mode: Literal["a", "b"], pair: tuple = ()):
            self.count, self.mode, self.pair = count, mode, pair

    config = {"count": "5", "mode": "z", "pair": [1, 2]}
    assert Typed.from_config(config).get_config() == config


def test_a_constructor_is_inherited_and_may_be_replaced():
    class Child(Outer):
        pass

    assert type(Child.from_config({"inner": {"angle": 1}}).inner) is Inner

    def init(self, other=1):
        self.other = other

    Child.__init__ = init
    assert Child.from_config({"other": 2}).get_config() == {"other": 2}


def test_a_module_without_constructor_is_empty(caplog):
    class Empty(Module):
        pass

    assert Empty().get_config() == {}
    assert type(Empty.from_config({"a": 1})) is Empty
    assert caplog.messages == ["Invalid config keys: a"]


def test_modules_defined_in_a_function_find_each_other():
    class Leaf(Module):
        def __init__(self, size: int = 1):
            self.size = size

    class Tree(Module):
        def __init__(self, left: Leaf = None, children: list[Tree] = ()):
            self.left = left
            self.children = children

    config = {"left": {"size": 2}, "children": [{"left": None, "children": []}]}
    tree = Tree.from_config(config)
    assert type(tree.left) is Leaf
    assert type(tree.children[0]) is Tree
    assert tree.get_config() == config


def test_dataclasses_are_modules_too():
    @dataclasses.dataclass
    class Data(Module):
        count: int = 1
        inner: Inner = dataclasses.field(default_factory=Inner)

    assert Data.from_config({"inner": {"angle": 2}}).get_config() == {
        "count": 1,
        "inner": {"angle": 2, "table": {}},
    }


def test_nested_classes_with_the_same_protocol_are_read_by_their_own_methods():
    class Holder(Module):
        def __init__(self, part: Foreign):
            self.part = part

    holder = Holder.from_config({"part": {"written": 1}})
    assert holder.part.secret == 2
    assert holder.get_config() == {"part": {"written": 2}}


def test_an_error_of_a_foreign_class_is_told_its_place():
    class Refused(ValueError):
        path = ""

        def within(self, name):
            error = Refused(*self.args)
            error.path = f"{name}.{self.path}"
            return error

    class Strict(Inner):
        @classmethod
        def from_config(cls, config):
            raise Refused("no")

    class Holder(Module):
        def __init__(self, part: Strict = None):
            self.part = part

    with pytest.raises(Refused) as caught:
        Holder.from_config({"part": {}})
    assert caught.value.path == "part."


def test_importing_modules_is_cheap():
    heavy = "argparse inspect json logging re typing dataclasses collections.abc enum pathlib"
    code = (
        "import sys; before = set(sys.modules)\n"
        "import brevettiai.interfaces.vue_schema_utils\n"
        f"loaded = (set(sys.modules) - before) & set({heavy.split()!r})\n"
        "assert not loaded, loaded\n"
    )
    subprocess.run([sys.executable, "-S", "-c", code], check=True, env={"PYTHONPATH": _runtime()})


def _runtime() -> str:
    return next(path for path in sys.path if path.endswith("runtime") and "tests" not in path)
