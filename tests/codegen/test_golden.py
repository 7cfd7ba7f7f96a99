"""The generated package of the example schemas, kept to be read and reviewed.

After a change of the generator:

    python -m pytest tests/codegen/test_golden.py --update-golden

writes it anew; the difference is then part of the change.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import generated_code
import pytest
from brevetti_gen import generate
from conformance.generated import write_json
from generated_code import texts

TOP = generated_code.TOP
GOLDEN = TOP / "tests" / "golden" / "settings"


def test_the_example_schemas_give_the_golden_package(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    report = generate([TOP / "schemas"], tmp_path / "settings")
    assert report.warnings == ()
    made = texts(tmp_path / "settings")
    if pytestconfig.getoption("--update-golden"):
        for stale in texts(GOLDEN).keys() - made.keys():
            (GOLDEN / stale).unlink()
        for path, text in made.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(text.encode())
    assert texts(GOLDEN) == made


def test_the_golden_package_suits_ruff() -> None:
    assert generated_code.ruff(GOLDEN) == ""


def test_the_golden_package_suits_mypy() -> None:
    assert generated_code.mypy(GOLDEN) == ""


def test_the_golden_package_suits_pyright(tmp_path: Path) -> None:
    assert generated_code.pyright(tmp_path, GOLDEN) == ""


@pytest.fixture(scope="module")
def shadowed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package with names of modules, classes, and of what Python itself has."""
    folder = tmp_path_factory.mktemp("shadowed")
    point = {"properties": {"x": {"type": "integer"}}}
    write_json(folder / "schemas" / "Base.json", point)
    names = {
        "builtins": {"type": "integer"},
        "list": {"type": "array", "items": {"type": "string"}},
        "parts": {"anyOf": [{"additionalProperties": {"$ref": "Base.json"}}, {"type": "string"}]},
        "kids": {"type": "object", "additionalProperties": {"$ref": "#"}},
        "any": {"items": True},
    }
    other = {"properties": {"o": {"$ref": "Base.json"}, **names}}
    write_json(folder / "schemas" / "other.json", other)
    generate([folder / "schemas"], folder / "shadowed_settings")
    return folder / "shadowed_settings"


def test_names_of_a_package_mean_classes_whatever_was_imported(
    shadowed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(shadowed.parent))
    package: Any = importlib.import_module("shadowed_settings")
    assert package.Other.from_config({"o": {"x": 1}}).o.x == 1
    importlib.import_module("shadowed_settings.Base")
    assert package.Base.__name__ == "Base"
    assert isinstance(package.Other(o=package.Base(x=2)).o, package.Base)


@pytest.mark.slow
def test_such_names_suit_type_checkers(shadowed: Path, tmp_path: Path) -> None:
    assert generated_code.mypy(shadowed) == ""
    assert generated_code.ruff(shadowed) == ""
    assert generated_code.pyright(tmp_path, shadowed) == ""


@pytest.mark.parametrize("style", ["plain", pytest.param("pydantic", marks=pytest.mark.slow)])
def test_what_ruff_writes_in_its_own_way(style: str, tmp_path: Path) -> None:
    # Large floats, null alone, modules that need one another, and what pep8-naming says of names.
    properties = {
        "large": {"type": "number", "default": 1e300},
        "nothing": {"const": None},
        "other": {"$ref": "b.json"},
    }
    write_json(tmp_path / "schemas" / "a.json", {"type": "object", "properties": properties})
    back = {"type": "object", "properties": {"back": {"$ref": "a.json"}, "schema": {}}}
    write_json(tmp_path / "schemas" / "b.json", back)
    for name in ("1", "Name", "größe"):
        write_json(tmp_path / "schemas" / f"{name}.json", {"type": "object"})
    generate([tmp_path / "schemas"], tmp_path / "package", style=style)
    assert "large: float = 1e300\n" in (tmp_path / "package" / "a.py").read_text()
    assert generated_code.ruff(tmp_path / "package") == ""


def test_paragraphs_of_a_description_stay_apart(tmp_path: Path) -> None:
    text = "\n\n\nWhat it is.\n \n\t\nWhat for:\n- this\n- that\n\n"
    write_json(tmp_path / "a.json", {"type": "object", "description": text})
    generate([tmp_path / "a.json"], tmp_path / "package")
    made = '    """What it is.\n\n    What for:\n    - this\n    - that\n    """\n'
    assert made in (tmp_path / "package" / "a.py").read_text()
