"""The two hardest questions for straight-line checks, and the price of importing them.

`unevaluatedProperties` needs to know what other keywords evaluated; `$dynamicRef` means another
schema in another context. Both are compiled to plain functions: one check per subschema and, where
a dynamic reference can tell the difference, per dynamic scope; sets of evaluated names exist only
where something asks for them.
"""

from __future__ import annotations

import ast
import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from brevetti_gen import generate
from conformance.generated import accepts, write_json
from generated_code import machine_of
from jsonschema import Draft202012Validator

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ModuleOf = Callable[..., ModuleType]

# unevaluatedProperties with anyOf


def has(key: str, **more: Any) -> dict[str, Any]:
    """An object that has an integer `key`."""
    return {"properties": {key: {"type": "integer"}, **more}, "required": [key]}


UNEVALUATED = {
    "$schema": DRAFT,
    "properties": {
        "kind": {"type": "string"},
        "plain": {"anyOf": [has("a"), has("b")]},
    },
    "anyOf": [has("a"), has("b", c={"type": "string"}), {"$ref": "#/$defs/Other"}],
    "unevaluatedProperties": False,
    "$defs": {"Other": {"allOf": [has("d")], "patternProperties": {"^x-": True}}},
}


def objects(values: dict[str, list[Any]]) -> Iterable[dict[str, Any]]:
    """Every object that gives each key one of its values, or leaves it out."""
    absent = object()
    for row in itertools.product(*([absent, *some] for some in values.values())):
        pairs = zip(values, row, strict=True)
        yield {key: value for key, value in pairs if value is not absent}


def assert_same_verdicts(cls: Any, schema: Any, configs: Iterable[Any]) -> None:
    validator = Draft202012Validator(schema)
    verdicts = set()
    for config in configs:
        verdict = validator.is_valid(config)
        verdicts.add(verdict)
        assert accepts(cls, config) == verdict, config
    assert verdicts == {True, False}


def test_unevaluated_properties_are_judged_as_specified(module_of: ModuleOf) -> None:
    cls = module_of(UNEVALUATED).Training
    values = {key: [1, "text"] for key in ("kind", "a", "b", "c", "d", "x-1", "other")}
    assert_same_verdicts(cls, UNEVALUATED, objects(values))


def test_only_what_unevaluated_properties_asks_for_is_marked(module_of: ModuleOf) -> None:
    functions = functions_of(module_of(UNEVALUATED))
    marking = {name for name in functions if name.startswith("mark_")}
    # The three branches, the part of one, and the root for its explanation.
    assert marking == {"mark_0", "mark_1", "mark_other", "mark_other_0", "mark_training"}
    assert calls(functions["check_training"]) >= {"no_marks", "mark_0", "mark_1", "mark_other"}
    # The same anyOf without the question costs no sets.
    plain = functions["check_plain"]
    assert calls(plain).isdisjoint({"no_marks", *marking})
    assert all(not names_loops(function) for name, function in functions.items() if "plain" in name)


def test_a_set_is_made_once_per_question_and_once_per_branch(module_of: ModuleOf) -> None:
    check = functions_of(module_of(UNEVALUATED))["check_training"]
    made = [node for node in ast.walk(check) if called(node) == "no_marks"]
    assert len(made) == 1 + len(UNEVALUATED["anyOf"])


def chain(length: int) -> dict[str, Any]:
    """Definitions that each ask, and each contain the next one in a branch."""
    definitions: dict[str, Any] = {"D0": has("a0")}
    for number in range(1, length):
        definitions[f"D{number}"] = {
            "anyOf": [has(f"a{number}"), {"$ref": f"#/$defs/D{number - 1}"}],
            "properties": {f"b{number}": {"$ref": f"#/$defs/D{number - 1}"}},
            "unevaluatedProperties": False,
        }
    return {"$schema": DRAFT, "$defs": definitions, "$ref": f"#/$defs/D{length - 1}"}


def test_functions_grow_linearly_with_the_schema(module_of: ModuleOf) -> None:
    numbers = [len(check_functions(module_of(chain(length)))) for length in (5, 10, 15)]
    assert numbers[2] - numbers[1] == numbers[1] - numbers[0]
    # Verdict and explanation of a definition, its branch and its property; what a question marks.
    assert numbers[2] <= 15 * 8


# $dynamicRef

TREE = {
    "$id": "tree",
    "$dynamicAnchor": "node",
    "type": "object",
    "properties": {
        "data": True,
        "children": {"type": "array", "items": {"$dynamicRef": "#node"}},
        "size": {"$ref": "#/$defs/size"},
    },
    "$defs": {"size": {"type": "integer", "minimum": 0}},
}
STRICT = {
    "$schema": DRAFT,
    "$id": "https://schemas.example/strict",
    "$dynamicAnchor": "node",
    "$ref": "tree",
    "unevaluatedProperties": False,
    "$defs": {"tree": TREE},
}
BOTH = {
    "$schema": DRAFT,
    "$id": "https://schemas.example/both",
    "type": "object",
    "properties": {"strict": {"$ref": "strict"}, "loose": {"$ref": "tree"}},
    "$defs": {"strict": {k: v for k, v in STRICT.items() if k != "$defs"}, "tree": TREE},
}


def trees() -> list[Any]:
    leaves = [{}, {"data": 1}, {"daat": 1}, {"size": 2}, {"size": -2}, 3]
    return [*leaves, *({"children": [{"children": [leaf]}]} for leaf in leaves)]


@pytest.mark.parametrize("key", ["strict", "loose"])
def test_a_dynamic_reference_means_what_the_scope_says(module_of: ModuleOf, key: str) -> None:
    cls = module_of(BOTH).Training
    assert_same_verdicts(cls, BOTH, ({key: tree} for tree in trees()))


def test_a_root_may_extend_a_tree(module_of: ModuleOf) -> None:
    cls = module_of(STRICT).Training
    configs = [tree for tree in trees() if isinstance(tree, dict)]
    assert_same_verdicts(cls, STRICT, configs)


def test_one_check_per_subschema_and_needed_scope(module_of: ModuleOf) -> None:
    module = module_of(BOTH)
    names = {name for name in functions_of(module) if name.startswith(("check_", "mark_"))}
    trees = {name for name in names if "tree" in name}
    # The plain one is the tree on its own, the marking one that in `strict`, which asks; both
    # share what feels no dynamic reference.
    assert trees == {"check_tree", "mark_tree", "check_tree_size"}


def test_dynamic_references_are_plain_calls(module_of: ModuleOf) -> None:
    module = module_of(BOTH)
    functions = functions_of(module)
    assert "check_tree" in calls(functions["check_tree"])
    assert "check_strict" in calls(functions["mark_tree"])
    assert "dynamic" not in source(module)


# The shape of generated functions


def source(module: ModuleType) -> str:
    return Path(machine_of(module).__file__).read_text(encoding="utf-8")


def functions_of(module: ModuleType) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(source(module))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def check_functions(module: ModuleType) -> list[str]:
    kinds = ("check_", "mark_", "explain_")
    return [name for name in functions_of(module) if name.startswith(kinds)]


def called(node: ast.AST) -> str | None:
    """The name of the function that `node` calls, if it is such a call."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id
    return None


def calls(function: ast.FunctionDef) -> set[str]:
    return {name for node in ast.walk(function) if (name := called(node)) is not None}


def names_loops(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, (ast.For, ast.While)) for node in ast.walk(function))


def test_checks_walk_no_schema_and_reflect_on_nothing(module_of: ModuleOf) -> None:
    for schema in (UNEVALUATED, BOTH):
        for name, function in functions_of(module_of(schema)).items():
            if name.startswith(("check_", "mark_")):
                suspects = {"getattr", "isinstance", "eval", "exec", "vars"}
                assert calls(function).isdisjoint(suspects)


# Start-up

HEAVY = """typing re json logging inspect argparse boto3 requests dataclasses enum pathlib tempfile
datetime difflib""".split()


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package `settings` of many modules."""
    folder = tmp_path_factory.mktemp("startup")
    for number in range(20):
        schema = {"properties": {"rate": {"type": "number", "pattern": "^a", "default": number}}}
        write_json(folder / "schemas" / f"m{number}.json", schema)
    write_json(folder / "schemas" / "group" / "user.json", {"$ref": "../m1.json"})
    generate([folder / "schemas"], folder / "settings")
    return folder


def imported_by(statement: str, folder: Path) -> set[str]:
    """The modules that a bare interpreter does not have and `statement` imports."""
    import brevettiai

    runtime = Path(brevettiai.__file__).parent.parent
    command = [sys.executable, "-S", "-E", "-X", "importtime", "-c"]
    prefix = f"import sys; sys.path[:0] = [{str(folder)!r}, {str(runtime)!r}]; "

    def run(text: str) -> set[str]:
        result = subprocess.run(
            [*command, prefix + text],
            capture_output=True,
            text=True,
            check=True,
            env={"SYSTEMROOT": os.environ.get("SYSTEMROOT", "")},
        )
        return {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}

    return run(statement) - run("pass")


@pytest.mark.parametrize(
    "statement",
    [
        "import settings",
        "import settings.m3",
        "import settings.group.user",
        "from settings import M3; M3.from_config({'rate': 1}).get_config(); M3(rate=2)",
        "import brevettiai",
        "import brevettiai.settings",
        "import brevettiai.platform",
        "import brevettiai.interfaces.vue_schema_utils",
    ],
)
def test_importing_loads_nothing_heavy(package: Path, statement: str) -> None:
    loaded = imported_by(statement, package)
    assert any(name.startswith(("brevettiai", "settings")) for name in loaded)
    assert not loaded & {*HEAVY, *(f"_{name}" for name in HEAVY)}


def test_importing_one_of_many_modules_imports_that_one(package: Path) -> None:
    def modules(statement: str) -> set[str]:
        return {name for name in imported_by(statement, package) if name.startswith("settings.")}

    assert modules("import settings") == set()
    assert modules("import settings.m3") == {"settings.m3"}
    assert modules("from settings import M3") == {"settings.m3"}
    assert modules("import settings.group") == {"settings.group"}
