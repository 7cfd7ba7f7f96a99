"""First uses of generated classes in fresh processes, in packages of other kinds, by libraries."""

from __future__ import annotations

import ast
import json
import os
import pickle
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import brevettiai
import pytest
from brevetti_gen import generate
from brevetti_gen.load import load_package
from brevettiai.settings import SettingsError
from conformance.generated import Package, importable, write_json

RUNTIME = str(Path(brevettiai.__file__).parents[1])
SOURCES = sorted(
    path for top in ("codegen", "runtime") for path in (Path(RUNTIME).parent / top).rglob("*.py")
)
COUNT = 8


def ring(number: int) -> dict[str, Any]:
    """The schema of a module that refers to two others, which come back to it."""
    following, after = (f"../r{(number + step) % COUNT}/node.json" for step in (1, 2))
    return {
        "type": "object",
        "title": f"Node {number}",
        "x-presets": {"high": {"level": 9}},
        "properties": {
            "level": {"type": "integer", "maximum": 9, "default": number},
            "following": {"$ref": following},
            "part": {"$ref": f"{following}#/$defs/Part"},
            "others": {"type": "array", "items": {"$ref": after}},
            "either": {"anyOf": [{"type": "string"}, {"$ref": f"{after}#/$defs/Part"}]},
        },
        "$defs": {
            "Part": {"type": "object", "properties": {"size": {"type": "integer", "default": 1}}}
        },
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `schemas` and the package `ring_settings`, made of them."""
    folder = tmp_path_factory.mktemp("first_use")
    for number in range(COUNT):
        write_json(folder / "schemas" / f"r{number}" / "node.json", ring(number))
    generate([folder / "schemas"], folder / "ring_settings")
    return folder


@pytest.fixture
def package(folder: Path) -> Iterator[Package]:
    """The package in this process, of which nothing was imported yet."""
    with importable(folder / "ring_settings") as package:
        yield package


def python(
    folder: Path, *words: str, given: str | None = None, path: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter in a folder."""
    known = os.pathsep.join(filter(None, (path, RUNTIME)))
    environment = {**os.environ, "PYTHONPATH": known, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *words]
    return subprocess.run(
        command, cwd=folder, env=environment, input=given, capture_output=True, text=True
    )


def said(result: subprocess.CompletedProcess[str]) -> Any:
    """What a process printed, as JSON."""
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


# Threads

THREADS = """
import importlib, sys, threading
from brevettiai.settings import SettingsError

sys.setswitchinterval(1e-6)
failures = []


def refused(cls):
    try:
        cls.from_config({"level": 10})
    except SettingsError:
        return cls()
    raise AssertionError("accepted")


USES = [
    lambda cls: cls(),
    lambda cls: cls.from_config({"following": {}, "others": [{}], "either": {"size": 2}}),
    lambda cls: cls.from_args(["--level", "3", "--following.level", "4"]),
    lambda cls: cls.from_preset("high"),
    lambda cls: cls.json_schema() and cls.format_help() and cls(),
    refused,
]


def use(barrier, number, first):
    barrier.wait(20)
    try:
        settings = first(modules[number % COUNT].Node)
        assert type(settings) is modules[number % COUNT].Node
        assert type(settings.part) is modules[(number + 1) % COUNT].Part
        assert settings.following is None or type(settings.following) is modules[
            (number + 1) % COUNT
        ].Node
        assert type(settings).from_config(settings.get_config()) == settings
    except BaseException as error:
        failures.append(repr(error))


for turn in range(TURNS):
    if turn % 3 == 2:  # the machines of old modules are there
        modules = [importlib.reload(module) for module in modules]
    else:
        for name in [name for name in sys.modules if name.startswith("ring_settings")]:
            del sys.modules[name]
        modules = [importlib.import_module(f"ring_settings.r{n}.node") for n in range(COUNT)]
    barrier = threading.Barrier(32)
    threads = [
        threading.Thread(target=use, args=(barrier, n, USES[(n + turn) % len(USES)]), daemon=True)
        for n in range(32)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive(), "a thread hangs"
    assert not failures, (turn, failures[:3])
"""


def test_many_threads_may_use_classes_that_refer_to_one_another_first(folder: Path) -> None:
    result = python(folder, "-c", f"COUNT, TURNS = {COUNT}, 9\n{THREADS}")
    assert result.returncode == 0, result.stderr


# Processes


def test_pickles_may_be_the_first_thing_that_is_loaded(folder: Path, package: Package) -> None:
    node = package.module("r0.node").Node
    config = {"level": 3, "following": {"level": 4}, "others": [{"either": {"size": 2}}], "x": 1}
    file = folder / "nodes.pickle"
    file.write_bytes(pickle.dumps([node.from_config(config), node(level=7)]))
    code = """
import copy, json, pickle, sys
first, second = pickle.load(open("nodes.pickle", "rb"))
assert not any("_brevetti" in name for name in sys.modules)
again = copy.deepcopy(first)
assert copy.copy(first).level == 3
assert type(first.others[0].either).__module__ == "ring_settings.r4.node"
assert first == again != second
second.validate()
print(json.dumps(again.get_config()))
"""
    assert said(python(folder, "-c", code)) == node.from_config(config).get_config()


def test_classes_are_made_without_asserts_and_docstrings_too(folder: Path) -> None:
    code = """
import inspect, json
from ring_settings.r0.node import Node
from ring_settings.r1.node import Part
assert False, "asserts are not left out"
class Mine(Part):
    pass
class Narrow(Node):
    part: Mine
parameters = list(inspect.signature(Node).parameters)
print(json.dumps([Node(level=3).get_config(), Narrow(level=4).level, Node().level, parameters]))
"""
    config, *others, parameters = said(python(folder, "-OO", "-c", code))
    assert (config["level"], others) == (3, [4, 0])
    assert parameters == ["level", "following", "part", "others", "either"]


def test_no_assert_does_anything() -> None:
    # `python -O` leaves them out. What they look at is there already: no attribute is loaded.
    for source in SOURCES:
        if "assert " not in (code := source.read_text(encoding="utf-8")):
            continue
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Assert):
                text = ast.unparse(node.test)
                harmless = r"isinstance\(.*|is_object\(\w+\)|.* is (not )?None|.* in \(.*"
                assert re.fullmatch(harmless, text), (source, text)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_classes_may_be_used_first_after_a_fork(folder: Path) -> None:
    code = """
import json, os
import ring_settings.r0.node, ring_settings.r1.node
ring_settings.r1.node.Node()
for used in (0, 1):
    if os.fork() == 0:
        node = [ring_settings.r0.node, ring_settings.r1.node][used].Node(level=8)
        os._exit(node.get_config()["level"] if "--level" in node.format_help() else 1)
print(json.dumps(sorted(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(2))))
"""
    assert said(python(folder, "-c", code)) == [8, 8]


# A module as a program


def test_a_module_that_runs_has_one_class_of_a_name(folder: Path) -> None:
    after = """
import json, ring_settings.r0.node, ring_settings.r7.node
from ring_settings.r0 import node
mine = Node(level=2)
print(json.dumps([
    Node is node.Node is ring_settings.r0.node.Node,
    Node.__module__,
    type(Node().part).__module__,
    type(ring_settings.r7.node.Node.from_config({"following": {}}).following) is Node,
    isinstance(Node.from_config(mine.get_config()), Node),
]))
"""
    result = python(folder, "-i", "-m", "ring_settings.r0.node", "--level", "4", given=after)
    config, _, rest = result.stdout.partition("}\n[")
    assert json.loads(config + "}")["level"] == 4, result.stderr
    expected = [True, "ring_settings.r0.node", "ring_settings.r1.node", True, True]
    assert json.loads(f"[{rest}") == expected, result.stderr


def test_a_module_that_runs_tells_what_is_wrong(folder: Path) -> None:
    result = python(folder, "-m", "ring_settings.r0.node", "--level", "10")
    assert (result.returncode, result.stdout) == (2, "")
    assert "level: must be at most 9 (got 10, from --level)\n" in result.stderr
    assert "Traceback" not in result.stderr
    assert "usage: python -m ring_settings.r0.node" in (
        python(folder, "-m", "ring_settings.r0.node", "--help").stdout
    )


def test_a_module_that_runs_as_a_file_says_how_to_run_it(folder: Path) -> None:
    result = python(folder, "ring_settings/r0/node.py", "--level", "4")
    assert (result.returncode, result.stdout) == (2, "")
    message = "run it as a module of its package: python -m settings.<module>\n"
    assert result.stderr == message


def test_a_module_may_run_beside_what_is_called_main(folder: Path) -> None:
    """As debuggers and test runners do it, which are the main module themselves."""
    code = """
import runpy, sys
sys.argv = ["node.py", "--level", "4"]
try:
    runpy.run_module("ring_settings.r0.node", run_name="__main__")
except SystemExit as error:
    sys.exit(error.code)
import ring_settings.r0.node
assert ring_settings.r0.node.Node(level=4).level == 4
"""
    assert said(python(folder, "-c", code))["level"] == 4


# Packages that are no folders


def test_a_zipped_package(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        for file in (folder / "ring_settings").rglob("*.py"):
            archive.write(file, file.relative_to(folder).as_posix())
    code = """
import json
from ring_settings.r0 import Node
from brevettiai.settings import SettingsError
assert "packed.zip" in __import__("ring_settings").__file__
try:
    Node(level=10)
except SettingsError as error:
    problem = str(error)
node = Node.from_args(["--level", "4", "--part.size", "3"])
print(json.dumps([node.get_config()["part"], problem, sorted(Node.json_schema()["$defs"])[0]]))
"""
    part, problem, first = said(python(tmp_path, "-c", code, path="packed.zip"))
    assert part == {"size": 3}
    assert "level: must be at most 9 (got 10)" in problem
    assert first


@pytest.mark.slow
def test_whoever_packs_an_application_finds_all_modules(folder: Path, tmp_path: Path) -> None:
    from modulefinder import ModuleFinder

    (tmp_path / "app.py").write_text("from ring_settings.r0.node import Node\nprint(Node())\n")
    finder = ModuleFinder([str(folder), RUNTIME])
    finder.run_script(str(tmp_path / "app.py"))
    found = {name for name in finder.modules if name.startswith("ring_settings.")}
    # The one that is named refers to two others, they to all.
    parts = [
        f"ring_settings.{half}r{n}.node{part}"
        for n in range(COUNT)
        for half, part in [("", ""), *(("_brevetti.", end) for end in ("", ".flags", ".texts"))]
    ]
    assert sorted(set(parts) - found) == []
    assert {"brevettiai.compiled", "brevettiai.cli.flags", "brevettiai.config.loading"} <= set(
        finder.modules
    )


def test_a_distribution_of_all_packages_holds_the_machine(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("setuptools", reason="needs setuptools")
    setup = """
from setuptools import find_packages, setup
setup(name="mine", version="1", packages=find_packages())
"""
    (tmp_path / "setup.py").write_text(setup)
    (tmp_path / "ring_settings").symlink_to(folder / "ring_settings")
    result = python(tmp_path, "setup.py", "-q", "build", "--build-lib", "built")
    assert result.returncode == 0, result.stderr
    code = "from ring_settings.r0 import Node; Node.format_help(); print(Node().to_json())"
    config = said(python(tmp_path / "built", "-c", code))
    assert config == {"level": 0, "part": {"size": 1}}


# Libraries that look at classes before anybody used them


def by_pydantic(cls: Any) -> Any:
    pydantic = pytest.importorskip("pydantic", reason="needs pydantic")
    whole = pydantic.create_model("Whole", node=(cls, ...))
    with pytest.raises(pydantic.ValidationError, match="at most 9"):
        whole.model_validate({"node": {"level": 10}})
    assert "node" in whole.model_json_schema()["properties"]
    return whole.model_validate({"node": {"level": 4}}).node


def by_attrs(cls: Any) -> Any:
    attrs = pytest.importorskip("attrs", reason="needs attrs")
    whole: Any = attrs.make_class("Whole", {"node": attrs.field(type=cls, factory=cls)})
    assert not attrs.has(cls)
    return attrs.evolve(whole(), node=cls(level=4)).node


def by_cattrs(cls: Any) -> Any:
    cattrs = pytest.importorskip("cattrs", reason="needs cattrs")
    from brevettiai.integrations.cattrs import register

    converter = cattrs.Converter()
    register(converter)
    return converter.structure([{"level": 4}], list[cls])[0]


def by_fastapi(cls: Any) -> Any:
    fastapi = pytest.importorskip("fastapi", reason="needs fastapi")
    testclient = pytest.importorskip("fastapi.testclient", reason="needs httpx")
    app = fastapi.FastAPI()

    def double(node: Any) -> Any:
        return node.replace(level=node.level * 2)

    double.__annotations__ = {"node": Annotated[cls, fastapi.Body()], "return": cls}
    app.post("/")(double)
    client = testclient.TestClient(app)
    assert client.get("/openapi.json").status_code == 200
    return cls.from_config(client.post("/", json={"level": 2}).json())


def by_dataclasses(cls: Any) -> Any:
    from dataclasses import asdict, make_dataclass

    whole: Any = make_dataclass("Whole", [("node", cls)])
    assert asdict(whole(cls(level=4)))["node"] == cls(level=4)
    return whole(cls(level=4)).node


LIBRARIES = (by_pydantic, by_attrs, by_cattrs, by_fastapi, by_dataclasses)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_may_be_the_first_to_look(
    library: Callable[[Any], Any], package: Package
) -> None:
    node = package.module("r0.node").Node
    assert library(node) == node(level=4)


# Classes whose files are gone


def test_loaded_classes_need_their_files_no_more(folder: Path) -> None:
    before = {name for name in sys.modules if name.startswith("_brevetti_loaded")}
    classes: list[Any] = [found.cls for found in load_package([folder / "schemas"]).classes]
    assert {name for name in sys.modules if name.startswith("_brevetti_loaded")} == before
    for number, cls in enumerate(classes):
        assert cls.from_args(["--following.level", "4"]).following.level == 4
        assert type(cls(level=3).part) is type(cls.from_config({}).part)
        assert type(cls.from_config({"following": {}}).following) is classes[(number + 1) % COUNT]
        assert "\n  following " in cls.format_help()
        assert cls.from_preset("high").level == 9
        with pytest.raises(SettingsError, match=r"following\.level: must be at most 9"):
            cls.from_config({"following": {"level": 10}})
        assert cls.json_schema()["title"] == f"Node {number}"
        assert cls.get_schema().schema["fields"]
        settings = cls.from_settings(cls(level=3).get_settings())
        assert settings.copy() == settings
        assert cls.__match_args__[0] == "level"
