"""No text of a schema becomes code in any style, and none of it reaches the library."""

from __future__ import annotations

import ast
import io
import json
import socket
import tokenize
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, generate
from brevetti_gen.styles import library
from conformance.generated import importable, write_json
from hostile_texts import (
    HOSTILE,
    KEYS,
    MARK,
    config_of,
    kinds,
    numbered,
    schema_of,
    tree_of,
    words,
    write_hostile,
)
from style_classes import STYLES, load

pytestmark = pytest.mark.slow

each_style = pytest.mark.parametrize("style", STYLES)
#: What msgspec cannot have in the name of a field, so that the code is another one.
NO_NAMES = frozenset('"\\') | frozenset(map(chr, range(32)))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package for each style, with `hostile_N` for each text and `harmless_N` to compare."""
    folder = tmp_path_factory.mktemp("safety")
    write_hostile(folder / "schemas")
    for style in STYLES:
        generate([folder / "schemas"], folder / f"{style}_of_strangers", style=style)
    return folder


def source_of(packages: Path, style: str, name: str) -> str:
    return (packages / f"{style}_of_strangers" / f"{name}.py").read_text("utf-8")


class _Skeleton(ast.NodeTransformer):
    """A tree without the words of the schema: what is left is code."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(_bare(node.id), node.ctx)

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        return ast.keyword(_bare(node.arg or ""), self.visit(node.value))

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        node.name = _bare(node.name)
        return node


def _bare(name: str) -> str:
    is_text = MARK in name.lower() or name.startswith(("Hostile", "Harmless"))
    return "text" if is_text else name


def skeleton(source: str) -> str:
    return ast.dump(_Skeleton().visit(tree_of(source)), indent=1)


@each_style
@numbered
def test_hostile_text_changes_no_code(number: int, style: str, packages: Path) -> None:
    hostile = source_of(packages, style, f"hostile_{number}")
    harmless = source_of(packages, style, f"harmless_{number}")
    if style == "msgspec" and NO_NAMES & set(HOSTILE[number]):
        assert kinds(tree_of(hostile)) <= kinds(tree_of(harmless))
    else:
        assert skeleton(hostile) == skeleton(harmless)


@each_style
@numbered
def test_hostile_text_is_in_literals_and_plain_identifiers_only(
    number: int, style: str, packages: Path
) -> None:
    source = source_of(packages, style, f"hostile_{number}")
    assert all(c == "\n" or c.isprintable() for c in source)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME:
            assert token.string.isidentifier()
        elif token.type not in (tokenize.STRING, tokenize.COMMENT):
            assert MARK not in token.string


@each_style
@numbered
def test_hostile_text_comes_back_as_it_was(number: int, style: str, packages: Path) -> None:
    if style == "msgspec" and NO_NAMES & set(HOSTILE[number]):
        pytest.skip("msgspec has no fields of such names")
    word = words(HOSTILE[number])
    config = config_of(word)
    with importable(packages / f"{style}_of_strangers") as package:
        module = package.module(f"hostile_{number}")
        settings = load(style, getattr(module, f"Hostile{number}"), config)
    if style == "pydantic":
        assert settings.model_dump() == config
    elif style == "msgspec":
        import msgspec

        assert msgspec.to_builtins(settings) == config
    elif style == "typeddict":
        assert settings == config


def test_no_text_of_a_schema_reaches_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    generated = library._generated

    def spy(definitions: Any, *rest: Any) -> str:
        given.append(json.dumps(definitions))
        return generated(definitions, *rest)

    monkeypatch.setattr(library, "_generated", spy)
    write_json(tmp_path / "a.json", schema_of(words("text")))
    for style in STYLES:
        generate([tmp_path / "a.json"], tmp_path / style, style=style)
    assert len(given) == len(STYLES)
    assert not any(MARK in text for text in given)


INJECTIONS = {
    "customBasePath": "os.path.join",
    "customTypePath": "os.system",
    "x-python-import": {"module": "os", "name": "system"},
    "x-customTypePath": "os.system",
    "x-enum-varnames": ["A", "B"],
    "x-is-base-class": True,
    "typeName": "os",
    "extras": {"default_factory": "os.getcwd", "validators": ["os.system"]},
    "default_factory": "os.getcwd",
    "discriminator": {"propertyName": "os", "mapping": {"a": "https://example.com/a.json"}},
    "nullable": True,
}


@each_style
def test_keys_by_which_the_library_imports_say_nothing(style: str, tmp_path: Path) -> None:
    def with_keys(schema: Any) -> Any:
        """The schema with the keys in each of its objects that is a schema."""
        if not isinstance(schema, dict):
            return schema
        parts = {
            key: {name: with_keys(part) for name, part in value.items()}
            if key in ("properties", "$defs")
            else [with_keys(part) for part in value]
            if key == "anyOf"
            else with_keys(value)
            if key in ("items", "additionalProperties")
            else value
            for key, value in schema.items()
        }
        return {**parts, **INJECTIONS}

    schema = schema_of(words("-"))
    write_json(tmp_path / "plain" / "a.json", schema)
    write_json(tmp_path / "injected" / "a.json", with_keys(schema))
    for name in ("plain", "injected"):
        generate([tmp_path / name], tmp_path / f"{name}_out", style=style)
    made = (tmp_path / "injected_out" / "a.py").read_text("utf-8")
    assert made == (tmp_path / "plain_out" / "a.py").read_text("utf-8")
    assert "import os" not in made
    assert "os." not in made


@each_style
def test_nothing_is_fetched(style: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    remote = "https://example.com/remote.json"
    schema = {"$id": "https://example.com/a.json", "$schema": None, "properties": {}}
    schema = {"$id": "https://example.com/a.json", "type": "object", "properties": {"b": {}}}
    write_json(tmp_path / "a.json", {**schema, "$comment": remote, "format": remote})
    generate([tmp_path / "a.json"], tmp_path / "out", style=style)
    write_json(tmp_path / "b.json", {"$ref": remote})
    with pytest.raises(GenerationError, match="remote"):
        generate([tmp_path / "b.json"], tmp_path / "out_b", style=style)


@pytest.mark.parametrize(
    "written",
    [
        "class C0:\n    p0: __import__('os').system('true')",
        "class C0:\n    p0: Annotated[str, Field(default_factory=list)]",
        "class C0:\n    p0: Annotated[str, Field('x')]",
        "class C0:\n    p0: Literal['t0']",
        "class C0:\n    p0: Annotated[str, Field(min_length=5)]",
        "class C0:\n    p0: [str for str in ()]",
        "class C0:\n    other: str",
        "X: TypeAlias = os\nclass C0:\n    p0: X",
    ],
)
def test_what_the_library_should_not_write_ends_the_run(
    written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "_generated", lambda *_: written)
    write_json(tmp_path / "a.json", {"type": "object", "properties": {"a": {"type": "string"}}})
    with pytest.raises(GenerationError, match="datamodel-code-generator"):
        generate([tmp_path / "a.json"], tmp_path / "out", style="pydantic")
    assert not (tmp_path / "out").exists()


# Names

VALUES: list[tuple[dict[str, Any], Any]] = [
    ({"type": "integer"}, 1),
    ({"type": "string", "default": "x"}, "y"),
    ({"type": "array", "items": {"type": "string"}, "default": []}, ["z"]),
    ({"$ref": "#/$defs/list"}, {"type": "t"}),
    ({"enum": ["a", "b"]}, "b"),
    ({"type": "object", "additionalProperties": {"type": "number"}}, {"k": 1}),
]


@each_style
@pytest.mark.parametrize("shift", range(len(VALUES)))
def test_any_key_can_be_a_property(style: str, shift: int, tmp_path: Path) -> None:
    keys = [key for key in KEYS if style != "msgspec" or not NO_NAMES & set(key)]
    pairs = {key: VALUES[(n + shift) % len(VALUES)] for n, key in enumerate(keys)}
    schema = {
        "type": "object",
        "properties": {key: schema for key, (schema, _) in pairs.items()},
        "$defs": {
            "list": {"type": "object", "properties": {"type": {"type": "string"}}},
            "Literal": {"type": "object", "properties": {"Literal": {"$ref": "#/$defs/list"}}},
        },
    }
    write_json(tmp_path / "names.json", schema)
    generate([tmp_path / "names.json"], tmp_path / f"{style}_{shift}", style=style)
    with importable(tmp_path / f"{style}_{shift}") as package:
        cls = package.root_class("Names")
        settings = load(style, cls, {key: value for key, (_, value) in pairs.items()})
        assert "z" in repr(settings)
        if style == "pydantic":
            settings.new_one = settings.model_copy()
            assert settings.new_one == load(style, cls, settings.new_one.model_dump())
        if style != "typeddict":
            assert len(vars(settings) if style != "msgspec" else cls.__struct_fields__) == len(keys)
