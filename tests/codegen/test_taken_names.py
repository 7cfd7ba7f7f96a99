"""No name that a schema can give is one by which generated code reaches something else."""

from __future__ import annotations

import ast
import builtins
import importlib
import pickle
import re
import symtable
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import generated_code
import pytest
from brevetti_gen import GenerationError, generate
from brevetti_gen.model.names import GENERATED_NAMES
from brevettiai.halves import PARTS
from conformance.generated import importable, write_json
from style_classes import STYLES, load

#: What else Python and packages have uses for.
ELSEWHERE = """AttributeError BaseModel ModuleType TYPE_CHECKING _MODULES __all__ __dir__
    __getattr__ __import__ __init__ __main__ __modules__ __name__ __path__ __python__ _brevetti
    annotations base64 builtins getattr globals isinstance json list str super sys type
    typing""".split()
ALL_STYLES = ("plain", *STYLES)
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated")
each_style = pytest.mark.parametrize("style", ALL_STYLES)

#: By what attributes hold for it: text.
TEXTS = {
    "datetime": "2026-01-31T12:00:00Z",
    "date": "2026-01-31",
    "time": "12:00:00",
    "timedelta": "PT1H",
    "Path": "a",
    "Decimal": "1.50",
    "UUID": "123e4567-e89b-12d3-a456-426614174000",
}


def schema_of(name: str) -> dict[str, Any]:
    """A schema that asks much of generated code; a class, its map and properties have `name`."""
    return {
        "type": "object",
        "properties": {
            name: {"type": "integer", "default": 3},
            "zqinner": {"$ref": "#/$defs/ZqNamed"},
            "zqlist": {"type": "array", "items": {"$ref": "#/$defs/ZqNamed"}, "default": [{}]},
            "zqmap": {"additionalProperties": {"$ref": "#/$defs/ZqNamed"}, "type": "object"},
            "zqeither": {
                "anyOf": [{"$ref": "#/$defs/ZqOne"}, {"$ref": "#/$defs/ZqTwo"}],
                "default": {"zqkind": "one"},
            },
            "zqone-of": {"oneOf": [{"$ref": "#/$defs/ZqTwo"}, {"type": "null"}]},
            "zqtext": {"anyOf": [{"type": "string", "pattern": "^[a-z]+$"}, {"type": "integer"}]},
            "zqlong": {"enum": [f"a choice with a long name {n}" for n in range(4)]},
            "zqsecret": {"type": "string", "writeOnly": True},
            "zqrenamed": {"type": "number", "x-renamed-from": ["zqformer"], "default": 1},
            "zqgone": {"type": "boolean", "deprecated": True},
            "zqnumbers": {"type": "array", "items": {"type": "number"}, "uniqueItems": True},
            "zqstep": {"type": "number", "multipleOf": 0.5, "minimum": 0},
            "zqpair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]},
            "zqcount": {"type": ["integer", "null"]},
            "zqemail": {"type": "string", "format": "email"},
            "zqany": {},
            **{
                f"zq{kind}": {"type": "string", "x-python-type": kind, "default": text}
                for kind, text in TEXTS.items()
            },
            "zqtexts": {"type": "array", "items": {"type": "string", "x-python-type": "Path"}},
            "zqother": {"$ref": "zqothers.json"},
            "zqsimple": {"$ref": "#/$defs/ZqSimple"},
        },
        "required": ["zqstep"],
        "$defs": {
            "ZqNamed": {
                "x-python-name": name,
                "type": "object",
                "properties": {name: {"type": "string"}, "zqagain": {"$ref": "#/$defs/ZqNamed"}},
                "patternProperties": {"^zq-x": {"type": "integer"}},
                "additionalProperties": False,
            },
            "ZqSimple": {
                "type": "object",
                "properties": {
                    "zqinner": {"$ref": "zqothers.json#/items"},
                    "zqlist": {"type": "array", "items": {"$ref": "zqothers.json#/items"}},
                    name: {"type": "array", "items": {"type": "string"}, "default": ["a"]},
                    "zqeither": {"oneOf": [{"$ref": "#/$defs/ZqOne"}, {"type": "null"}]},
                },
            },
            "ZqOne": {
                "type": "object",
                "properties": {
                    "zqkind": {"const": "one"},
                    name: {"type": "string", "default": "n"},
                },
                "required": ["zqkind"],
            },
            "ZqTwo": {
                "type": "object",
                "properties": {
                    "zqkind": {"const": "two"},
                    name: {"$ref": "#/$defs/ZqThree"},
                    "zqmore": {"type": "array", "contains": {"type": "string"}},
                },
                "required": ["zqkind"],
            },
            "ZqThree": {
                "type": "object",
                "properties": {name: {"type": "array", "items": {"type": "integer"}}},
                "additionalProperties": {"type": "number"},
                "if": {"required": [name]},
                "then": {"minProperties": 1},
                "dependentSchemas": {name: {"not": {"required": ["absent"]}}},
                "unevaluatedProperties": True,
            },
        },
    }


def config_of(name: str) -> dict[str, Any]:
    """A config of that schema, with a value for each property."""
    named = {name: "given", "zqagain": {name: "deep"}}
    return {
        name: 4,
        "zqinner": named,
        "zqlist": [named],
        "zqmap": {"k": named},
        "zqeither": {"zqkind": "two", name: {name: [1], "y": 1.5}, "zqmore": ["z"]},
        "zqone-of": None,
        "zqtext": "abc",
        "zqlong": "a choice with a long name 2",
        "zqsecret": "s",
        "zqrenamed": 2.5,
        "zqgone": True,
        "zqnumbers": [1.5, 2],
        "zqstep": 0.5,
        "zqpair": ["a", 1],
        "zqcount": None,
        "zqemail": "a@example.com",
        "zqany": {"b": [1]},
        **{f"zq{kind}": text for kind, text in TEXTS.items()},
        "zqtexts": ["a/b"],
        "zqother": [{"zqother": 1}],
        "zqsimple": {
            "zqinner": {"zqother": 1},
            "zqlist": [{"zqother": 2}],
            name: ["b"],
            # As many keys as there are properties, and not those.
            "zqunknown": None,
        },
    }


SIMPLE = {"type": "object", "properties": {"zqother": {"type": "integer"}}, "default": {}}
OTHERS = {"type": "array", "items": SIMPLE}


def names_in(package: Path) -> set[str]:
    """All that modules of a package call something for reasons of their own."""
    found = set[str]()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, ast.arg):
                found.add(node.arg)
            elif isinstance(node, ast.alias):
                found.add(node.asname or node.name)
    return {name for name in found if name.isidentifier() and "zq" not in name.lower()}


def write_schemas(
    folder: Path, style: str, names: Sequence[str], refused: Collection[str] = ()
) -> None:
    write_json(folder / "zqothers.json", OTHERS)
    for number, name in enumerate(names):
        schema = schema_of(name)
        if style != "plain":  # where these are data
            schema["x-presets"] = {"small": {"zqstep": 1}}
        if name in refused:
            del schema["$defs"]["ZqNamed"]["x-python-name"]
        write_json(folder / f"zq_{number}.json", schema)


def refused_names(folder: Path, style: str, names: Sequence[str]) -> set[str]:
    """The names that no class can have."""
    for number, name in enumerate(names):
        part = {"x-python-name": name, "properties": {"zqa": {"type": "string"}}}
        write_json(folder / f"zq_{number}.json", {"properties": {"zqinner": part}})
    with pytest.raises(GenerationError) as caught:
        generate([folder], folder.with_name("none"), style=style)
    errors = [each.message for each in caught.value.problems if each.severity == "error"]
    found = [re.match(r"x-python-name '(\w+)' is (taken|no name)", error) for error in errors]
    return {match[1] if match else "" for match in found}


@pytest.fixture(scope="module")
def own_names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """By style what its modules call something."""
    folder = tmp_path_factory.mktemp("own")
    write_schemas(folder / "schemas", "any", ["zqname"])
    for style in ALL_STYLES:
        generate([folder / "schemas"], folder / style, style=style)
    return {style: sorted(names_in(folder / style)) for style in ALL_STYLES}


def test_no_class_is_called_like_what_a_machine_half_uses(tmp_path: Path) -> None:
    write_schemas(tmp_path / "schemas", "plain", ["zqname"])
    generate([tmp_path / "schemas"], tmp_path / "settings", assert_formats=True)
    golden = generated_code.TOP / "tests/golden/settings/_brevetti"
    used = {*PARTS}
    for path in (*golden.rglob("*.py"), *(tmp_path / "settings/_brevetti").rglob("*.py")):
        text = path.read_text("utf-8")
        imports = re.findall(r"^from brevettiai\.\w+ import (.*)$", text, re.MULTILINE)
        used |= {name.partition(" ")[0] for line in imports for name in line.split(", ")}
        used |= set(_names_inside(symtable.symtable(text, str(path), "exec")))
    assert {"Machine", "load_object", "objects", "KeyError", "t1", "notes", "later"} <= used
    assert {name for name in used if name[0] not in "._"} <= GENERATED_NAMES


def _names_inside(table: symtable.SymbolTable) -> Iterator[str]:
    """The names of locals, but those that attributes have, and of what Python brings along."""
    has_locals = table.get_type() == "function"
    has_attributes = table.get_name().startswith(("init_", "make_"))
    for symbol in table.get_symbols():
        is_own = has_locals and symbol.is_local() and not has_attributes
        if is_own or (symbol.is_global() and hasattr(builtins, symbol.get_name())):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _names_inside(inner)


@pytest.mark.slow
@each_style
def test_classes_and_properties_can_be_called_like_all_that_is_there(
    style: str, own_names: dict[str, list[str]], tmp_path: Path
) -> None:
    # What several libraries' modules have names for is tried with two of them, by turns.
    names, schemas = [], tmp_path / "schemas"
    for number, name in enumerate(own_names[style]):
        others = [each for each in STYLES if name in own_names[each]]
        if style == "plain" or style in [*others, *others][number % len(others) :][:2]:
            names.append(name)
    refused = refused_names(tmp_path / "parts", style, names)
    assert "" not in refused
    write_schemas(schemas, style, names, refused)
    generate([schemas], tmp_path / f"of_names_{style}", style=style)
    broken: dict[str, Any] = {}
    with importable(tmp_path / f"of_names_{style}") as package:
        for number, name in enumerate(names):
            try:
                use(style, package.root_class(f"Zq{number}"), name)
            except Exception as error:
                broken[name] = repr(error)[:200]
    assert broken == {}, (len(broken), len(refused), len(names))


def use(style: str, cls: Any, name: str) -> None:
    config = config_of(name)
    if style != "plain":
        settings = load(style, cls, config)
        assert "given" in repr(settings)
        assert load(style, cls, {"zqstep": 1})
        for key in ("zqinner", "zqlist"):
            with pytest.raises(ValueError):
                load(style, cls, {**config, key: 5})
        return
    settings = cls.from_config(config)
    assert settings.get_config() == config
    given = {name: getattr(settings, name) for name in cls.__annotations__}
    assert cls(**given) == settings
    settings.validate()
    assert "given" in repr(settings)
    assert cls.from_args(settings.to_args()) == settings
    assert pickle.loads(pickle.dumps(settings)) == settings == settings.copy()
    for key in ("zqinner", "zqlist", "zqeither", "zqsimple"):
        with pytest.raises(ValueError, match=key):
            cls.from_config({**config, key: 5})


@each_style
def test_files_can_be_called_like_all_that_is_there(
    style: str, own_names: dict[str, list[str]], tmp_path: Path
) -> None:
    # The file systems that are no good at capitals could not hold all of them.
    names = {name.casefold(): name for name in [*own_names[style], *ELSEWHERE]}
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    for name in names.values():
        write_json(tmp_path / "schemas" / f"{name}.json", schema)
    write_json(tmp_path / "schemas" / "base.json", {**schema, "x-python-name": "folder"})
    write_json(tmp_path / "schemas" / "folder" / "inner.json", schema)
    package = f"of_files_{style}"
    modules = generate([tmp_path / "schemas"], tmp_path / package, style=style).modules
    with importable(tmp_path / package) as found:
        for module in modules:
            bound = importlib.import_module(f"{package}.{module}")
            root = bound.__all__[0]
            space: dict[str, Any] = {}
            statements = [f"from {package}.{module} import {root} as there"]
            # Of two classes of one name a package offers the first.
            modules_of_classes = sys.modules[package].__modules__
            if modules_of_classes.get(root) == module:
                statements.append(f"from {package} import {root} as here")
                if module not in found.root_classes:
                    statements.append(f"from {package} import {module} as module")
            exec("\n".join(statements), space)
            assert space["there"] is space.get("here", space["there"])
            assert space.get("module", bound) is bound
            cls = space["there"]
            assert cls(a=5) if style in ("plain", "typeddict") else load(style, cls, {"a": 5})
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            found.root_class("nothing")
        assert {"folder", "Base64"} <= {*dir(sys.modules[package])}


#: What annotations are made of.
IN_HINTS = (
    "Any Annotated ClassVar Literal Unset ZqlongValue builtins dict int list property str typing"
)


@pytest.mark.slow
def test_type_checkers_see_through_properties_called_like_parts_of_annotations(
    tmp_path: Path,
) -> None:
    names, folder = IN_HINTS.split(), tmp_path / "hints"
    for style in ALL_STYLES:
        schemas = tmp_path / f"schemas_{style}"
        write_schemas(schemas, style, names, names)
        generate([schemas], folder / style, style=style)
    (folder / "__init__.py").write_text("")
    assert generated_code.mypy(folder) == ""
    assert generated_code.ruff(folder) == ""


def test_no_name_is_one_by_which_another_module_is_asked(tmp_path: Path) -> None:
    part = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"$ref": "#/$defs/B"}}}
    common: dict[str, Any] = {"$defs": {"Part": part, "B": {"enum": ["b", "c"]}}}
    uses = {"part": {"$ref": "common.json#/$defs/Part"}, "b": {"$ref": "common.json#/$defs/B"}}
    write_json(tmp_path / "user.json", {"properties": {**uses, "parts": {"items": uses["part"]}}})
    write_json(tmp_path / "common.json", common)
    generate([tmp_path], tmp_path / "plain")
    machine = tmp_path / "plain/_brevetti"
    asked = re.findall(r"common_module\.(\w+)", (machine / "user/__init__.py").read_text())
    asked += re.findall(r"common_module\.(\w+)", (machine / "user/objects.py").read_text())
    assert len({*asked} - {*PARTS}) > 2
    classes = {n: {"x-python-name": n, "properties": {"x": {}}} for n in asked if n not in PARTS}
    common["properties"] = {name: {"$ref": f"#/$defs/{name}"} for name in classes}
    common["$defs"] = {**classes, **common["$defs"]}
    write_json(tmp_path / "common.json", common)
    generate([tmp_path], tmp_path / "taken_by_classes")
    with importable(tmp_path / "taken_by_classes") as package:
        User, Common = package.root_class("User"), package.root_class("Common")
        config = {"part": {"a": 1, "b": "b"}, "b": "c", "parts": [{"a": 2}]}
        settings = User.from_config(config)
        assert settings.get_config() == config
        assert User(part=settings.part, b="c", parts=settings.parts) == settings
        everything = {name: {"x": [name]} for name in classes}
        for name in classes:
            found = Common.from_config(everything).get_config()
            assert found[name] == {"x": [name]}
            assert type(getattr(Common.from_config(everything), name)).__name__ == name
        for wrong in ({"part": {"b": "x"}}, {"part": {"a": "1"}}, {"b": "a"}):
            with pytest.raises(ValueError, match="must be"):
                User.from_config(wrong)
