"""Classes of other libraries: the same names, as much of the schema as they can hold."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import generated_code
import pytest
from brevetti_gen import GenerationError, generate
from brevettiai.adapters import SettingsAdapter
from conformance.generated import importable, write_json
from generated_code import texts
from style_classes import STYLES, Make, Refused, attributes, keep, load, lost

TOP = generated_code.TOP
GOLDEN = TOP / "tests" / "golden" / "styles"
LIBRARIES = ("pydantic", "dataclass", "msgspec")

each_style = pytest.mark.parametrize("style", STYLES)
each_library = pytest.mark.parametrize("style", LIBRARIES)

# The example schemas


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package `settings_of_STYLE` of the example schemas for each style."""
    folder = tmp_path_factory.mktemp("examples")
    for style in ("plain", *STYLES):
        generate([TOP / "schemas"], folder / f"settings_of_{style}", style=style)
    return folder


@each_style
def test_the_example_schemas_give_the_golden_package(
    style: str, examples: Path, pytestconfig: pytest.Config
) -> None:
    made, golden = texts(examples / f"settings_of_{style}"), GOLDEN / style / "settings"
    if pytestconfig.getoption("--update-golden"):
        golden.mkdir(parents=True, exist_ok=True)
        for stale in texts(golden).keys() - made.keys():
            (golden / stale).unlink()
        for path, text in made.items():
            (golden / path).write_bytes(text.encode())
    assert texts(golden) == made


@each_style
def test_the_golden_packages_suit_linters_and_type_checkers(style: str) -> None:
    assert generated_code.ruff(GOLDEN / style / "settings") == ""
    assert generated_code.mypy(GOLDEN / style / "settings") == ""


@pytest.mark.slow
def test_the_golden_packages_suit_pyright(tmp_path: Path) -> None:
    packages = [GOLDEN / style / "settings" for style in LIBRARIES]
    assert generated_code.pyright(tmp_path, *packages) == ""


@each_style
def test_modules_classes_and_attributes_have_the_names_of_our_own_style(
    style: str, examples: Path
) -> None:
    with (
        importable(examples / "settings_of_plain") as plain,
        importable(examples / f"settings_of_{style}") as other,
    ):
        assert other.root_classes == plain.root_classes
        for name in ("classifier", "common", "segmentation", "test_report"):
            assert other.module(name).__all__ == plain.module(name).__all__
            for cls in plain.module(name).__all__:
                ours, theirs = getattr(plain.module(name), cls), getattr(other.module(name), cls)
                if style == "typeddict":
                    assert issubclass(theirs, dict)
                else:
                    assert attributes(style, theirs) == set(ours.__annotations__)


CONFIGS = [
    {},
    {"seed": 7, "notes": "again", "x-origin": "here"},
    {"training": {"optimizer": {"name": "sgd", "momentum": 0.5}, "early_stopping": None}},
    {"input": {"size": {"width": 64, "height": 128}, "channels": 1}, "class_weights": {"dent": 2}},
]


@each_style
@pytest.mark.parametrize("config", CONFIGS)
def test_valid_configs_are_taken(style: str, config: dict[str, Any], examples: Path) -> None:
    with importable(examples / f"settings_of_{style}") as package:
        load(style, package.root_class("Segmentation"), config)


@each_style
@pytest.mark.parametrize(
    "config",
    [
        {"seed": "7"},
        {"device": "tpu"},
        {"training": {"optimizer": {"name": "lion"}}},
        {"classes": ["dent", 5]},
        {"input": {"size": 5}},
        {"model": {"pretrained": 1}},
    ],
)
def test_wrong_types_are_refused(style: str, config: dict[str, Any], examples: Path) -> None:
    with importable(examples / f"settings_of_{style}") as package, pytest.raises(Refused):
        load(style, package.root_class("Segmentation"), config)


@pytest.mark.parametrize("style", ["pydantic", "msgspec"])
@pytest.mark.parametrize(
    "config",
    [
        {"classes": []},
        {"classes": [""]},
        {"class_weights": {"dent": 0}},
        {"seed": -1},
        {"model": {"checkpoint": "weights.zip"}},
        {"training": {"optimizer": {"name": "sgd", "momentum": 2}}},
        {"model": {"backbone": "resnet18", "spine": "straight"}},
    ],
)
def test_ranges_sizes_patterns_and_keys_are_checked(
    style: str, config: dict[str, Any], examples: Path
) -> None:
    with importable(examples / f"settings_of_{style}") as package, pytest.raises(Refused):
        load(style, package.root_class("Segmentation"), config)


@each_library
def test_nested_objects_are_built_from_their_own_defaults(style: str, examples: Path) -> None:
    with importable(examples / f"settings_of_{style}") as package:
        cls = package.root_class("Segmentation")
        for settings in (cls(), load(style, cls, {})):
            assert settings.model.decoder.channels == [256, 128, 64, 32]
            assert settings.input.size.width == 512
            assert settings.training.optimizer.learning_rate == 0.001
            assert settings.training.early_stopping is None
        assert cls().classes is not cls().classes
        assert cls().model.decoder.channels is not cls().model.decoder.channels


@pytest.mark.parametrize("style", ["pydantic", "msgspec"])
@pytest.mark.parametrize("config", CONFIGS)
def test_what_they_write_is_what_our_own_classes_write(
    style: str, config: dict[str, Any], examples: Path
) -> None:
    import msgspec

    with importable(examples / f"settings_of_{style}") as package:
        settings = load(style, package.root_class("Segmentation"), config)
    written = settings.model_dump() if style == "pydantic" else msgspec.to_builtins(settings)
    with importable(examples / "settings_of_plain") as package:
        expected = package.root_class("Segmentation").from_config(config).get_config()
    # Keys that nobody declared have no place in a struct.
    expected = {key: value for key, value in expected.items() if key in written}
    assert written == expected


def test_pydantic_tells_presets_and_secrets_in_its_schema(styled: Make) -> None:
    schema = {
        "type": "object",
        "properties": {"rate": {"type": "number"}, "key": {"type": "string", "writeOnly": True}},
        "x-presets": {"fast": {"rate": 1}},
    }
    told = styled("pydantic", schema).Training.model_json_schema()
    assert told["x-presets"] == {"fast": {"rate": 1}}
    assert told["properties"]["key"]["writeOnly"] is True


# Names


NAMES = {
    "type": "object",
    "properties": {
        "learning-rate": {"type": "number", "default": 0.1},
        "class": {"type": "string"},
        "2d": {"type": "boolean", "default": True},
        "copy": {"type": "integer"},
        "json": {"type": "string", "default": "text"},
        "list": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
        "str": {"type": "object", "additionalProperties": {"type": "string"}},
        "Inner": {"$ref": "#/$defs/Inner"},
        "inner": {"type": "array", "items": {"$ref": "#/$defs/Inner"}},
        "Literal": {"enum": ["a", "b"], "default": "a"},
    },
    "required": ["class"],
    "$defs": {
        "Inner": {"type": "object", "properties": {"x y": {"type": "integer", "default": 1}}},
        "Field": {"type": "object", "properties": {"list": {"type": "string"}}},
        "BaseModel": {"type": "object", "properties": {"Meta": {"type": "integer", "minimum": 0}}},
        "dataclass": {"type": "object", "properties": {"field": {"const": "f"}}},
    },
}
GIVEN = {
    "learning-rate": 0.5,
    "class": "dent",
    "2d": False,
    "copy": 2,
    "json": "{}",
    "list": ["b"],
    "str": {"k": "v"},
    "Inner": {"x y": 5},
    "inner": [{}, {"x y": 7}],
    "Literal": "b",
}


@each_library
def test_config_keys_survive_where_attributes_have_other_names(style: str, styled: Make) -> None:
    module = styled(style, NAMES)
    settings = load(style, module.Training, GIVEN)
    assert (settings.learning_rate, settings.class_, settings._2d) == (0.5, "dent", False)
    assert (settings.copy_, settings.json, settings.list) == (2, "{}", ["b"])
    assert settings.Inner.x_y == 5
    assert [inner.x_y for inner in settings.inner] == [1, 7]
    assert settings.Literal == "b"
    assert {"Inner", "Field2", "BaseModel", "Dataclass"} <= set(module.__all__)


def test_typed_dictionaries_have_the_keys_of_configs(styled: Make) -> None:
    module = styled("typeddict", NAMES)
    assert module.Training.__required_keys__ == {"class"}
    assert module.Training.__required_keys__ | module.Training.__optional_keys__ == set(GIVEN)
    assert load("typeddict", module.Training, GIVEN) == GIVEN


def test_pydantic_writes_config_keys_and_takes_attributes(styled: Make) -> None:
    cls = styled("pydantic", NAMES).Training
    settings = cls(class_="dent", learning_rate=0.25)
    assert settings.model_dump()["learning-rate"] == 0.25
    settings._2d = False
    assert settings.model_dump()["2d"] is False


def test_msgspec_writes_config_keys(styled: Make) -> None:
    import msgspec

    cls = styled("msgspec", NAMES).Training
    written = msgspec.to_builtins(cls(class_="dent", learning_rate=0.25))
    assert written["learning-rate"] == 0.25
    assert "copy" not in written


@each_style
def test_any_names_suit_type_checkers(style: str, styled: Make) -> None:
    folder = Path(str(styled(style, NAMES).__file__)).parent
    assert generated_code.mypy(folder) == ""
    assert generated_code.ruff(folder) == ""


# Meaning


def test_descriptions_are_docstrings_that_pydantic_knows(styled: Make) -> None:
    schema = {
        "type": "object",
        "description": "How to train.",
        "properties": {"rate": {"type": "number", "title": "Rate", "description": "Step size."}},
    }
    cls = styled("pydantic", schema).Training
    assert cls.__doc__ == "How to train."
    assert cls.model_fields["rate"].description == "Step size."
    assert cls.model_fields["rate"].title == "Rate"


@each_library
def test_defaults_can_be_objects_of_alternatives(style: str, styled: Make) -> None:
    schema = {
        "type": "object",
        "properties": {
            "steps": {
                "type": "array",
                "items": {"anyOf": [{"$ref": "#/$defs/crop"}, {"$ref": "#/$defs/flip"}]},
                "default": [{"op": "flip"}, {"op": "crop", "box": {"width": 3}}],
            }
        },
        "$defs": {
            "crop": {
                "type": "object",
                "properties": {
                    "op": {"const": "crop"},
                    "box": {
                        "type": "object",
                        "properties": {
                            "width": {"type": "integer", "default": 1},
                            "height": {"type": "integer", "default": 2},
                        },
                    },
                },
                "required": ["op"],
            },
            "flip": {
                "type": "object",
                "properties": {"op": {"const": "flip"}},
                "required": ["op"],
            },
        },
    }
    flip, crop = styled(style, schema).Training().steps
    assert (flip.op, crop.op) == ("flip", "crop")
    assert (crop.box.width, crop.box.height) == (3, 2)


@each_library
def test_classes_may_contain_themselves(style: str, styled: Make) -> None:
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "default": "root"},
            "children": {"type": "array", "items": {"$ref": "#"}, "default": []},
            "left": {"$ref": "#/$defs/left"},
        },
        "$defs": {"left": {"type": "object", "properties": {"right": {"$ref": "#"}}}},
    }
    tree = {"children": [{"name": "a", "left": {"right": {"name": "b"}}}]}
    settings = load(style, styled(style, schema).Training, tree)
    assert settings.children[0].left.right.name == "b"


@each_style
@pytest.mark.parametrize("huge", [10**400, 10**4000])
def test_limits_that_no_library_holds_are_lost(style: str, huge: int, styled: Make) -> None:
    kinds: dict[str, Any] = {
        "least": {"type": "integer", "minimum": -huge},
        "most": {"type": "number", "minimum": 0.5, "maximum": huge},
        "more": {"type": "integer", "exclusiveMinimum": -1e308, "exclusiveMaximum": huge},
        "step": {"type": "number", "multipleOf": huge},
        "text": {"type": "string", "maxLength": huge},
        "list": {"type": "array", "maxItems": huge, "items": {"type": "integer"}},
        "map": {"type": "object", "maxProperties": huge},
        "given": {"type": "integer", "default": huge},
        "one": {"enum": [huge, 1]},
    }
    module = styled(style, {"type": "object", "properties": kinds})
    config = {"least": 1, "most": 1.5, "more": 2, "text": "a", "list": [1], "map": {"a": 1}}
    assert load(style, module.Training, {**config, "one": 1})
    assert "#/properties/most/maximum" in lost(styled.report)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "style",
    [
        style if style == "pydantic" else pytest.param(style, marks=pytest.mark.slow)
        for style in STYLES
    ],
)
def test_hundreds_of_alternatives_are_no_chain(style: str, styled: Make) -> None:
    branches = [
        {
            "type": "object",
            "properties": {"kind": {"const": f"k{n}"}, f"p{n}": {"type": "integer"}},
            "required": ["kind"],
        }
        for n in range(300)
    ]
    module = styled(style, {"properties": {"u": {"oneOf": branches}}, "type": "object"})
    config = {"u": {"kind": "k299", "p299": 1}}
    assert "299" in repr(load(style, module.Training, config))
    with pytest.raises(Refused):
        load(style, module.Training, {"u": {"kind": "k300"}})


@each_style
def test_modules_may_need_each_other(style: str, styled: Make) -> None:
    ping = {"type": "object", "properties": {"pong": {"$ref": "pong.json"}}}
    pong = {
        "type": "object",
        "properties": {"ping": {"$ref": "ping.json"}, "count": {"type": "integer"}},
    }
    cls = styled(style, ping=ping, pong=pong).Ping
    load(style, cls, {"pong": {"ping": {"pong": {"count": 3}}}})
    with pytest.raises(Refused):
        load(style, cls, {"pong": {"ping": {"pong": {"count": "three"}}}})


@each_style
def test_a_root_that_is_no_object_is_a_type(style: str, styled: Make) -> None:
    module = styled(style, {"type": "array", "items": {"type": ["string", "null"]}})
    assert module.__all__ == ["Training"]
    assert module.Training == list[str | None]


def test_pydantic_reads_old_names_and_hides_secrets(styled: Make) -> None:
    schema = {
        "type": "object",
        "properties": {
            "rate": {"type": "number", "x-renamed-from": "speed"},
            "token": {"type": "string", "writeOnly": True},
        },
    }
    cls = styled("pydantic", schema).Training
    settings = cls.model_validate({"speed": 2, "token": "very secret"})
    assert settings.rate == 2
    assert "very secret" not in repr(settings)
    assert settings.model_dump()["rate"] == 2


def test_pydantic_refuses_what_is_no_json(styled: Make) -> None:
    cls = styled("pydantic", {"type": "object", "properties": {"a": {"type": "number"}}}).Training
    for value in (float("nan"), float("inf"), "1", True):
        with pytest.raises(Refused):
            load("pydantic", cls, {"a": value})
    assert load("pydantic", cls, {"b": 5}).model_extra == {"b": 5}


def test_msgspec_keeps_absent_and_null_apart(styled: Make) -> None:
    import msgspec

    schema = {"type": "object", "properties": {"seed": {"type": ["integer", "null"]}}}
    cls = styled("msgspec", schema).Training
    assert cls().seed is msgspec.UNSET
    assert msgspec.to_builtins(load("msgspec", cls, {"seed": None})) == {"seed": None}
    assert msgspec.to_builtins(cls()) == {}


def test_dataclasses_name_config_keys_in_their_metadata(styled: Make) -> None:
    cls = styled("dataclass", NAMES).Training
    fields = {field.name: field.metadata.get("alias") for field in dataclasses.fields(cls)}
    assert fields["learning_rate"] == "learning-rate"
    assert fields["list"] is None
    metadata = {field.name: field.metadata for field in dataclasses.fields(cls)}
    assert metadata["copy_"] == {"alias": "copy", "nullable": False}


# What is lost


LOSSY = {
    "type": "object",
    "properties": {
        "size": {"type": "integer", "minimum": 1, "multipleOf": 2},
        "names": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "word": {"type": "string", "pattern": "^a", "not": {"const": "ab"}},
        "either": {
            "oneOf": [{"type": "string", "minLength": 2}, {"type": "string", "pattern": "b"}]
        },
        "kinds": {"oneOf": [{"type": "string", "minLength": 2}, {"type": "integer"}]},
    },
    "patternProperties": {"^x-": True, "^y-": {"type": "integer"}},
    "dependentRequired": {"size": ["word"]},
    "if": {"required": ["size"]},
    "then": {"required": ["names"]},
}
ALWAYS_LOST = [
    "#/dependentRequired",
    "#/if",
    "#/patternProperties",
    "#/properties/either/oneOf",
    "#/properties/names/uniqueItems",
    "#/properties/word/not",
]
LIMITS = [
    "#/properties/kinds/oneOf/0/minLength",
    "#/properties/size/minimum",
    "#/properties/size/multipleOf",
    "#/properties/word/pattern",
]


@each_style
def test_what_a_style_cannot_hold_is_reported(style: str, styled: Make) -> None:
    styled(style, LOSSY)
    expected = ALWAYS_LOST + (LIMITS if style in ("dataclass", "typeddict") else [])
    found = set(lost(styled.report))  # type: ignore[attr-defined]
    assert sorted(found) == sorted(expected)


def test_reports_name_place_and_style(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"type": "object", "properties": {"x": {"not": {}}}})
    report = generate([tmp_path / "a.json"], tmp_path / "out", style="msgspec")
    (warning,) = report.warnings
    assert str(warning).endswith(
        "a.json:1:48: warning: msgspec classes do not check 'not' (at #/properties/x/not)"
    )


def test_long_reports_are_grouped(tmp_path: Path) -> None:
    properties = {f"p{n}": {"type": "integer", "minimum": n} for n in range(40)}
    write_json(tmp_path / "a.json", {"type": "object", "properties": properties})
    report = generate([tmp_path / "a.json"], tmp_path / "out", style="dataclass")
    assert len(report.warnings) == 6
    assert "nor in 34 more places" in str(report.warnings[-1])


@pytest.mark.parametrize("style", ["pydantic", "msgspec"])
@pytest.mark.parametrize(
    ("schema", "fits"),
    [
        # One hint stands for two alternatives: neither's limits may be asked of the other's values.
        ({"anyOf": [{"type": "string", "minLength": 3}, {"type": "string", "pattern": "^a"}]}, "a"),
        ({"anyOf": [{"enum": ["a"]}, {"type": "string", "minLength": 3}]}, "a"),
        ({"anyOf": [{"type": "integer", "minimum": 5}, {"type": "number", "maximum": 3}]}, 2),
        ({"anyOf": [{"type": "array", "minItems": 2}, {"type": "array", "maxItems": 1}]}, [1]),
        ({"type": ["string", "integer"], "minLength": 3, "minimum": 2}, 2),
        ({"type": "number", "multipleOf": 0.1}, 0.3),
        ({"type": "integer", "minimum": 0.5}, 1),
        ({"type": "integer", "minimum": -(10**30)}, 1),
        ({"type": "string", "pattern": "^\\p{Lu}(?=b)"}, "Äb"),
        ({"enum": [1, "a", None, True]}, True),
        ({"prefixItems": [{"type": "integer", "minimum": 5}, {"type": "string"}]}, [5, "a", None]),
        ({"type": "object", "minProperties": 1, "additionalProperties": {"minimum": 2}}, {"a": 2}),
    ],
)
def test_no_valid_value_is_refused(
    style: str, schema: dict[str, Any], fits: Any, styled: Make
) -> None:
    cls = styled(style, {"type": "object", "properties": {"value": schema}}).Training
    load(style, cls, {"value": fits})


def _branch(**constants: Any) -> dict[str, Any]:
    kinds = {name: {"const": v} if name != "n" else {"type": v} for name, v in constants.items()}
    return {"properties": kinds, "required": [name for name in constants if name != "n"]}


_NESTED = [
    {
        "oneOf": [
            _branch(kind="a", version="2", n="integer"),
            _branch(kind="a", version="3", n="string"),
        ]
    },
    {
        "oneOf": [
            _branch(kind="b", version="2", n="integer"),
            _branch(kind="b", version="3", n="boolean"),
        ]
    },
]
_DECLARED = {"properties": {"mode": {"const": 1}}, "required": ["mode"]}


@pytest.mark.parametrize("style", [*STYLES, None])
@pytest.mark.parametrize(
    ("schema", "config"),
    [
        ({"oneOf": _NESTED}, {"kind": "b", "version": "3", "n": True}),
        (
            {"anyOf": [*_NESTED, _branch(kind="c", version="4")]},
            {"kind": "c", "version": "4", "n": []},
        ),
        (
            {"oneOf": [_NESTED[0], {"allOf": [_NESTED[1]]}]},
            {"kind": "b", "version": "3", "n": True},
        ),
        (
            {"if": _DECLARED, "then": _branch(n="string"), "else": _NESTED[1]},
            {"kind": "b", "version": "3", "n": False},
        ),
        ({"if": _DECLARED, "then": {"properties": {"v": {"enum": [1, 2]}}}}, {"v": 5}),
        (
            {
                "anyOf": [
                    {"properties": {"v": {"const": 1}}, "required": ["v"]},
                    {
                        "oneOf": [
                            {
                                "properties": {"v": {"const": 2}, "w": {"const": 0}},
                                "required": ["w"],
                            },
                            {"required": ["u"]},
                        ]
                    },
                ]
            },
            {"u": 1, "v": 5},
        ),
        ({"dependentSchemas": {"a": {"properties": {"v": {"enum": [1, 2]}}}}}, {"v": 5}),
    ],
)
def test_what_only_some_branch_declares_may_be_what_any_branch_takes(
    style: str | None, schema: dict[str, Any], config: dict[str, Any], styled: Make
) -> None:
    cls = styled(style, {"type": "object", **schema}).Training
    if style is not None:
        load(style, cls, config)
        return
    settings = cls.from_config(config)
    assert settings.get_config() == config
    assert cls.from_args(settings.to_args()) == settings


@each_style
def test_objects_in_what_branches_declare_keep_their_keys(style: str, styled: Make) -> None:
    """Also where the class that comes first would take them too."""
    branches = [
        {
            "properties": {"kind": {"const": kind}, "o": {"type": "object", **inner}},
            "required": ["kind"],
        }
        for kind, inner in (
            ("a", {"properties": {"y": {"type": "integer"}}}),
            ("b", {"properties": {"x": {"type": "integer"}}}),
        )
    ]
    cls = styled(style, {"type": "object", "oneOf": branches}).Training
    keep(cls)
    adapter = SettingsAdapter.of(cls)
    for config in ({"kind": "b", "o": {"x": 1}}, {"kind": "a", "o": {"y": 1}}):
        assert adapter.get_config(adapter.from_config(config)) == config


# The run


@each_style
def test_the_same_again_has_nothing_to_do(style: str, tmp_path: Path) -> None:
    first = generate([TOP / "schemas"], tmp_path / "settings", style=style)
    before = texts(tmp_path / "settings")
    again = generate([TOP / "schemas"], tmp_path / "settings", style=style)
    assert first.written
    assert not again.written
    other = generate([TOP / "schemas"], tmp_path / "other", style=style)
    assert texts(tmp_path / "other") == before
    assert other.modules == first.modules


def test_another_style_is_another_input(tmp_path: Path) -> None:
    generate([TOP / "schemas"], tmp_path / "settings", style="dataclass")
    report = generate([TOP / "schemas"], tmp_path / "settings", style="plain")
    assert "segmentation.py" in report.written
    assert "Settings" in (tmp_path / "settings" / "segmentation.py").read_text("utf-8")


def test_an_unknown_style_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="no style 'attrs'"):
        generate([TOP / "schemas"], tmp_path / "settings", style="attrs")


def test_our_own_style_never_loads_the_library(tmp_path: Path) -> None:
    code = f"""
import sys
from brevetti_gen import generate
generate([{str(TOP / "schemas")!r}], {str(tmp_path / "settings")!r})
assert not any(name.startswith(("datamodel_code_generator", "pydantic")) for name in sys.modules)
assert "brevetti_gen.styles" not in sys.modules
"""
    paths = [str(TOP / "codegen"), str(TOP / "runtime")]
    subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {paths!r}\n{code}"], check=True
    )


def test_every_style_can_be_asked_for() -> None:
    from brevetti_gen.styles.style import STYLES as KNOWN
    from brevetti_gen.write.options import STYLES as NAMES

    assert ("plain", *KNOWN) == NAMES


def test_the_command_has_the_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from brevetti_gen.cli.main import main

    source = tmp_path / "training.json"
    source.write_text(json.dumps({"type": "object", "properties": {"a": {"type": "integer"}}}))
    assert main([str(source), "-o", str(tmp_path / "settings"), "--style", "dataclass"]) == 0
    assert "@dataclass" in (tmp_path / "settings" / "training.py").read_text("utf-8")
    with pytest.raises(SystemExit):
        main([str(source), "-o", str(tmp_path / "settings"), "--style", "attrs"])
    assert "pydantic" in capsys.readouterr().err
