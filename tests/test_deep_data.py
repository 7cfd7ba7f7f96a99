"""Data that is nested deeper than Python's stack ends in an error that says so, not in a crash."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from brevettiai.settings import SettingsError
from conformance.generated import generated, write_json

RECURSIVE: dict[str, dict[str, Any]] = {
    "node": {"properties": {"child": {"$ref": "#"}, "n": {"type": "integer", "default": 1}}},
    "tree": {"properties": {"children": {"type": "array", "items": {"$ref": "#"}}}},
    "nested_lists": {
        "properties": {"v": {"$ref": "#/$defs/list"}},
        "$defs": {"list": {"type": ["array", "integer"], "items": {"$ref": "#/$defs/list"}}},
    },
    "nested_maps": {
        "properties": {"v": {"$ref": "#/$defs/map"}},
        "$defs": {
            "map": {"type": ["object", "null"], "additionalProperties": {"$ref": "#/$defs/map"}}
        },
    },
    "anything": {"properties": {"v": {}}},
    "unique": {"properties": {"v": {"type": "array", "uniqueItems": True}}},
    "branches": {
        "properties": {"v": {"$ref": "#/$defs/choice"}},
        "$defs": {
            "choice": {
                "oneOf": [
                    {"type": "integer"},
                    {"type": "array", "items": {"$ref": "#/$defs/choice"}},
                ]
            }
        },
    },
    "closed": {
        "properties": {"child": {"$ref": "#"}},
        "allOf": [{"properties": {"n": {"type": "integer"}}}],
        "unevaluatedProperties": False,
    },
}
STEPS: dict[str, Callable[[Any], Any]] = {
    "node": lambda inner: {"child": inner},
    "tree": lambda inner: {"children": [inner]},
    "closed": lambda inner: {"child": inner},
    "nested_maps": lambda inner: {"a": inner},
}


def config(name: str, depth: int, leaf: Any) -> Any:
    """A config of one of the schemas, nested `depth` times around `leaf`."""
    step = STEPS.get(name, lambda inner: [inner])
    value = leaf
    for _ in range(depth):
        value = step(value)
    return value if name in ("node", "tree", "closed") else {"v": value}


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The classes by the names of their schemas."""
    folder = tmp_path_factory.mktemp("deep")
    for name, schema in RECURSIVE.items():
        write_json(folder / "schemas" / f"{name}.json", {"type": "object", **schema})
    with generated([folder / "schemas"], folder, {}) as package:
        yield {name: main_class(package.module(name), name) for name in RECURSIVE}


def main_class(module: ModuleType, name: str) -> Any:
    return getattr(module, name.title().replace("_", ""))


def is_told(action: Callable[[], object]) -> bool:
    """Whether `action` fails with the promised error."""
    with pytest.raises(SettingsError) as refusal:
        action()
    return "nested too deeply" in str(refusal.value)


@pytest.mark.parametrize("name", RECURSIVE)
def test_loading(name: str, classes: dict[str, Any]) -> None:
    cls, leaf = classes[name], {} if name in STEPS else 1
    for innermost in (leaf, "no", None):
        deep = config(name, 100_000, innermost)
        assert is_told(partial(cls.from_config, deep))
        assert is_told(partial(cls, **deep))
    text = "[" * 100_000 + "]" * 100_000
    assert is_told(lambda: cls.from_json(text))
    assert is_told(lambda: cls.from_json(f'{{"v": {text}}}'))
    with pytest.raises(SettingsError, match="nested too deeply"):
        cls.from_args(["--.", f'{{"v": {text}}}'])


@pytest.mark.parametrize("name", RECURSIVE)
def test_what_loads_can_be_worked_with(name: str, classes: dict[str, Any]) -> None:
    settings = classes[name].from_config(config(name, 150, {} if name in STEPS else 1))
    assert settings == settings.copy() == copy.deepcopy(settings)
    assert settings == type(settings).from_json(settings.to_json())
    assert settings == type(settings).from_settings(settings.get_settings())
    settings.validate()
    assert repr(settings).startswith(type(settings).__name__)


@pytest.mark.parametrize(
    "name", ["node", *(pytest.param(n, marks=pytest.mark.slow) for n in ("closed", "tree"))]
)
def test_objects_that_hold_one_another_too_often(name: str, classes: dict[str, Any]) -> None:
    cls = classes[name]
    settings = cls.from_config({})
    for _ in range(10_000):
        outer = cls.from_config({})
        if name == "tree":
            outer.children = [settings]
        else:
            outer.child = settings
        settings = outer
    for action in (
        settings.get_config,
        lambda: settings.get_config(hide_secrets=True),
        settings.to_json,
        settings.to_args,
        settings.get_settings,
        settings.validate,
        settings.copy,
        settings.replace,
        lambda: copy.deepcopy(settings),
        lambda: settings == copy.copy(settings),
    ):
        assert is_told(action)
    assert f"<{cls.__name__} that is nested too deeply>" in repr(settings)


@pytest.mark.parametrize(
    ("name", "wrong", "path"),
    [
        ("node", {"n": "x"}, ("child",) * 100 + ("n",)),
        ("closed", {"n": "x"}, ("child",) * 100 + ("n",)),
        ("tree", {"children": 1}, ("children", 0) * 100 + ("children",)),
        ("nested_lists", "no", ("v",) + (0,) * 100),
        ("nested_maps", "no", ("v",) + ("a",) * 100),
        ("branches", "no", ("v",) + (0,) * 100),
    ],
)
def test_the_place_of_a_deep_problem_is_told(
    name: str, wrong: Any, path: tuple[Any, ...], classes: dict[str, Any]
) -> None:
    with pytest.raises(SettingsError) as refusal:
        classes[name].from_config(config(name, 100, wrong))
    (problem,) = refusal.value.problems
    assert problem.path == path


def test_a_copy_keeps_what_is_shared_and_what_was_added(classes: dict[str, Any]) -> None:
    own = {"__slots__": ("mark",), "__annotations__": {"first": "list", "second": "list"}}
    cls = type("Mine", (classes["node"],), own)
    shared = [1]
    settings = cls.from_config({"child": {"n": 2}})
    settings.first, settings.second, settings.mark = shared, shared, {"a": shared}
    copied = settings.copy()
    assert type(copied) is cls
    assert copied == settings
    assert copied.child is not settings.child
    assert copied.first is copied.second is copied.mark["a"]
    assert copied.first is not shared


@pytest.mark.skipif(sys.version_info < (3, 11), reason="every call takes from C's stack there")
@pytest.mark.slow
def test_a_larger_limit_does_not_end_in_a_crash(tmp_path: Path) -> None:
    """With the limit out of the way, only calls that do not use up C's stack may be nested."""
    schema = {"type": "object", **RECURSIVE["unique"]}
    write_json(tmp_path / "schemas" / "unique.json", schema)
    deep = """
import sys
sys.setrecursionlimit(10**6)
from settings.unique import Unique
a = b = 1
for _ in range(6_000):
    a, b = [a], {"a": b}
settings = Unique.from_config({"v": [a, b]})
assert settings == settings.copy()
try:
    settings.v = [a, b, a]
    settings.validate()
except ValueError as error:
    print(error)
"""
    with generated([tmp_path / "schemas"], tmp_path, {}) as package:
        code = deep.replace("settings.unique", f"{package.name}.unique")
        folders = [str(tmp_path), *(path for path in sys.path if path)]
        run = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path[:0] = {json.dumps(folders)}\n{code}"],
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stderr[-500:]
    assert "must not repeat an earlier item" in run.stdout
