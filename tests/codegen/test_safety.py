"""A schema is input from strangers: none of its text becomes code."""

from __future__ import annotations

import ast
import io
import json
import keyword
import pickle
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, TypeGuard

import generated_code
import pytest
from brevetti_gen import GenerationError, generate
from brevetti_gen._version import VERSION
from hostile_texts import (
    HOSTILE,
    KEYS,
    MARK,
    config_of,
    harmless_words,
    kinds,
    schema_of,
    tree_of,
    words,
)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package with a module `hostile_N` for each text, and a `harmless_N` to compare."""
    folder = tmp_path_factory.mktemp("safety")
    (folder / "schemas").mkdir()
    for number, text in enumerate(HOSTILE):
        value = schema_of(words(text))
        (folder / "schemas" / f"hostile_{number}.json").write_text(json.dumps(value))
        value = schema_of(harmless_words(text))
        (folder / "schemas" / f"harmless_{number}.json").write_text(json.dumps(value))
    generate([folder / "schemas"], folder / "settings_of_strangers")
    return folder / "settings_of_strangers"


@contextmanager
def importable(package: Path) -> Iterator[Callable[[str], ModuleType]]:
    """Imports modules of a package, until the block ends."""
    import importlib
    import sys

    sys.path.insert(0, str(package.parent))
    try:
        yield lambda name: importlib.import_module(f"{package.name}.{name}")
    finally:
        sys.path.remove(str(package.parent))
        for name in [name for name in sys.modules if name.partition(".")[0] == package.name]:
            del sys.modules[name]


def free_calls(tree: ast.Module) -> Counter[str]:
    """What is called that the module does not define itself: names, and methods as `.name`."""
    own = {n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    found: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else f".{called.attr}"  # type: ignore[attr-defined]
            if name not in own:
                found[name] += 1
    return found


_TESTS = (ast.If, ast.BoolOp, ast.boolop, ast.UnaryOp, ast.unaryop, ast.Compare, ast.cmpop)
_BY_LENGTH = (ast.Assign, ast.AnnAssign, ast.Name, ast.expr_context, ast.Constant, ast.Subscript)
_BY_LENGTH += _TESTS


def node_types(tree: ast.Module) -> Counter[str]:
    """How often each kind of node occurs in what runs.

    Left out is what may depend on the lengths of names: how a type is written, whether a value has
    a name, and whether two tests stand in one statement.
    """
    found: Counter[str] = Counter()
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if not isinstance(node, _BY_LENGTH):
            found[type(node).__name__] += 1
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns") or _is_for_type_checkers(node):
                continue
            stack += [v for v in (value if isinstance(value, list) else [value]) if _is_node(v)]
    return found


def _is_for_type_checkers(node: ast.AST) -> bool:
    test = node.test if isinstance(node, ast.If) else None
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _is_node(value: object) -> TypeGuard[ast.AST]:
    return isinstance(value, ast.AST)


numbered = pytest.mark.parametrize(
    "number", range(len(HOSTILE)), ids=[ascii(text)[1:-1] or "empty" for text in HOSTILE]
)


class _Bare(ast.NodeTransformer):
    """Takes away the field specifier, which depends on the length of a default."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        is_field = isinstance(node.func, ast.Name) and node.func.id == "__field__"
        return node.keywords[0].value if is_field else self.generic_visit(node)


#: The files of such a module.
FILES = [part for part in generated_code.PARTS if "objects" not in part]


@numbered
def test_hostile_text_changes_no_code(number: int, package: Path) -> None:
    for file in FILES:
        hostile, harmless = (
            _Bare().visit(tree_of((package / file.format(f"{name}_{number}")).read_text("utf-8")))
            for name in ("hostile", "harmless")
        )
        assert node_types(hostile) == node_types(harmless)
        assert kinds(hostile) == kinds(harmless)
        assert free_calls(hostile) == free_calls(harmless)


@pytest.mark.parametrize("file", FILES)
@numbered
def test_hostile_text_is_in_literals_and_plain_identifiers_only(
    number: int, file: str, package: Path
) -> None:
    source = (package / file.format(f"hostile_{number}")).read_text("utf-8")
    assert all(c == "\n" or c.isprintable() for c in source)
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for token in tokens:
        if token.type == tokenize.NAME:
            assert token.string.isidentifier()
        elif token.type != tokenize.STRING:
            assert MARK not in token.string
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    source_name = f"hostile_{number}.json"
    header = f"# Generated by brevetti-gen {VERSION} from {source_name}. Changes here are lost."
    assert comments[0] == header
    assert comments.pop(1).startswith(f"# {file.format(source_name[:-5])} sha256:")
    rest = ["# noqa: F401"] if file == FILES[0] else ["# fmt: off", "# ruff: noqa"]
    assert comments[1:] == rest


@numbered
def test_hostile_text_comes_back_as_it_was(number: int, package: Path) -> None:
    word = words(HOSTILE[number])
    config = config_of(word)
    with importable(package) as module:
        cls = getattr(module(f"hostile_{number}"), f"Hostile{number}")
        settings = cls.from_config(config)
        assert settings.get_config() == config
        assert cls.from_json(settings.to_json()) == settings
        assert cls.from_args(settings.to_args()) == settings
        assert pickle.loads(pickle.dumps(settings)) == settings
        filled = cls.from_config({word("constant"): word("const")}).get_config()
        assert filled[word("text")] == word("default")
        assert filled[word("choice")] == word("one")
        assert filled[word("map")] == {word("pattern"): word("value")}
        assert set(cls.presets()) == {word("preset")}
        assert cls.json_schema() == schema_of(word)
        for key, value in {"text": 5, "choice": "three", "constant": "", "like": ""}.items():
            with pytest.raises(ValueError, match=r"problem|must"):
                cls.from_config({**config, word(key): value})
        repr(settings)
        json.dumps(cls.get_schema().schema)


def test_the_package_suits_mypy(package: Path) -> None:
    assert generated_code.mypy(package) == ""


@pytest.mark.xfail(reason="layout of lines that names of 60 and more characters make too long")
def test_the_package_suits_ruff(package: Path) -> None:
    assert generated_code.ruff(package) == ""


def run_on(tmp_path: Path, value: Any, name: str = "a.json") -> str:
    """The source of the module of a schema."""
    (tmp_path / "schemas").mkdir(exist_ok=True)
    (tmp_path / "schemas" / name).write_text(json.dumps(value), encoding="utf-8")
    report = generate([tmp_path / "schemas" / name], tmp_path / "out", force=True)
    return (tmp_path / "out" / f"{report.modules[0]}.py").read_text("utf-8")


@pytest.mark.parametrize("size", [100, 1000, 10_000])
def test_very_long_texts_come_back_too(size: int, tmp_path: Path) -> None:
    word = words(('x"\\' * size)[:size])
    run_on(tmp_path, schema_of(word))
    with importable(tmp_path / "out") as module:
        cls = module("a").A
        config = config_of(word)
        assert cls.from_config(config).get_config() == config
        assert cls.json_schema() == schema_of(word)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", ["pattern", "patternProperties"])
def test_texts_as_patterns_are_refused_or_literals(place: str, text: str, tmp_path: Path) -> None:
    def schema_with(pattern: str) -> dict[str, Any]:
        named = {pattern: {"type": "string"}}
        value = {"pattern": pattern} if place == "pattern" else {place: named}
        return {"type": "object", "properties": {"a": value}}

    harmless = tree_of(run_on(tmp_path, schema_with(MARK)))
    schema = schema_with(f"{MARK}{text}")
    try:
        source = run_on(tmp_path, schema)
    except GenerationError as error:
        refusals = [problem.message for problem in error.problems]
    else:
        refusals = []
    assert all("cannot be used" in message for message in refusals)
    if refusals:
        return
    assert kinds(tree_of(source)) == kinds(harmless)
    with importable(tmp_path / "out") as module:
        assert module("a").A.json_schema() == schema


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("keyword", ["$id", "$anchor", "$schema", "$ref", "x-python-name"])
def test_texts_as_identifiers_are_refused_or_literals(
    keyword: str, text: str, tmp_path: Path
) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}, keyword: MARK + text}
    try:
        source = run_on(tmp_path, schema)
    except GenerationError as error:
        refusals = list(error.problems)
    else:
        refusals = []
    assert all(problem.line == 1 and problem.pointer for problem in refusals)
    if refusals:
        return
    without = {key: value for key, value in schema.items() if key != keyword}
    assert node_types(tree_of(source)) == node_types(tree_of(run_on(tmp_path, without)))


@pytest.mark.parametrize("text", [t for t in HOSTILE if not set(t) & set('\0/\\:*?"<>|\r\n')])
def test_texts_as_file_names_reach_a_comment_at_most(text: str, tmp_path: Path) -> None:
    source = run_on(tmp_path, {"type": "object"}, f"a{text}.json")
    first, *rest = source.splitlines()
    assert first.startswith("# Generated by brevetti-gen")
    assert all(c.isprintable() for c in first)
    assert node_types(tree_of(source)) == node_types(tree_of(run_on(tmp_path, {"type": "object"})))
    assert any(rest)


@pytest.mark.parametrize("name", ["coding=utf-7 +AAo-raise SystemExit", "x-*- encoding:rot13 -*-"])
def test_no_file_name_says_how_a_module_is_encoded(name: str, tmp_path: Path) -> None:
    run_on(tmp_path, {"properties": {"a": {"default": "+AAo-"}}}, f"{name}.json")
    for path in (tmp_path / "out").rglob("*.py"):
        with path.open("rb") as file:
            assert tokenize.detect_encoding(file.readline)[0] == "utf-8", path


def test_lone_surrogates_are_refused_by_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"title": "\\ud800"}')
    with pytest.raises(GenerationError, match="surrogate"):
        generate([tmp_path / "a.json"], tmp_path / "out")


# Names

KINDS: list[dict[str, Any]] = [
    {"type": "integer"},
    {"type": "string", "default": "x"},
    {"type": "array", "items": {"type": "string"}},
    {"type": "object", "properties": {"list": {"type": "array"}, "int": {"type": "integer"}}},
    {"type": ["number", "null"], "default": None},
    {"type": "object", "additionalProperties": {"type": "string"}},
    {"enum": ["a", "b"]},
    {"$ref": "#/$defs/list"},
]
VALUES = [1, "y", ["z"], {"int": 5}, 1.5, {"k": "v"}, "b", {"type": "t"}]


def names_schema(shift: int) -> dict[str, Any]:
    """A schema with all `KEYS`, each of another kind for each `shift`."""
    return {
        "title": "Names",
        "type": "object",
        "properties": {
            key: KINDS[(number + shift) % len(KINDS)] for number, key in enumerate(KEYS)
        },
        "required": KEYS[shift :: 2 * len(KINDS)],
        "$defs": {
            "list": {"type": "object", "properties": {"type": {"type": "string"}}},
            "dict": {"type": "object", "properties": {"dict": {"$ref": "#/$defs/dict"}}},
            "Settings": {"type": "object", "properties": {"Settings": {"$ref": "#/$defs/list"}}},
        },
    }


@pytest.fixture(scope="module")
def names_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names")
    (folder / "schemas").mkdir()
    for shift in range(len(KINDS)):
        value = names_schema(shift)
        (folder / "schemas" / f"names_{shift}.json").write_text(json.dumps(value))
    generate([folder / "schemas"], folder / "settings_of_names")
    return folder / "settings_of_names"


@pytest.mark.parametrize("shift", range(len(KINDS)))
def test_any_key_can_be_a_property(shift: int, names_package: Path) -> None:
    config = {key: VALUES[(number + shift) % len(VALUES)] for number, key in enumerate(KEYS)}
    with importable(names_package) as module:
        cls = getattr(module(f"names_{shift}"), f"Names{shift}")
        settings = cls.from_config(config)
        assert settings.get_config() == config
        assert list(settings.get_config()) == KEYS
        assert cls(**_given(settings)) == settings
        assert cls.from_args(settings.to_args()) == settings
        assert settings.copy() == settings


def _given(settings: Any) -> dict[str, Any]:
    """The attributes of settings by name, as the constructor takes them."""
    return {name: getattr(settings, name) for name in type(settings).__annotations__}


def test_attributes_are_identifiers_and_all_different(names_package: Path) -> None:
    tree = tree_of((names_package / "names_0.py").read_text("utf-8"))
    root = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Names0")
    names = [
        node.target.id
        for node in root.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]
    assert len(set(names)) == len(names) == len(KEYS)
    assert not any(keyword.iskeyword(name) for name in names)
    wanted = dict(zip(KEYS, names, strict=True))
    assert wanted["learning-rate"] == "learning_rate_2"
    assert wanted["learning_rate"] == "learning_rate"
    assert wanted["class"] == "class_"
    assert (wanted["2d"], wanted["_2d"]) == ("_2d_2", "_2d")
    assert wanted["self"] == "self_"
    assert wanted["extra"] == "extra_"
    assert wanted["list"] == "list"
    # None that Python takes for its own, or calls something else inside of classes.
    assert not any(name.startswith("__") for name in names)
    assert (wanted["__x"], wanted["_x"], wanted["__class_"]) == ("_x_2", "_x", "_class_")


def test_the_names_suit_mypy(names_package: Path) -> None:
    assert generated_code.mypy(names_package) == ""


def test_the_names_suit_ruff(names_package: Path) -> None:
    assert generated_code.ruff(names_package) == ""
