"""What an empty config is filled with is decided, and bounded, when classes are generated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from brevetti_gen import GenerationError, generate
from conformance.generated import generated, write_json

ModuleOf = Callable[..., ModuleType]


def doubling(levels: int) -> dict[str, Any]:
    """Classes of which an empty config makes two of the next one, so `2 ** levels - 1` in all."""
    definitions: dict[str, Any] = {f"L{levels}": {"type": "object", "properties": {"x": {}}}}
    for level in range(1, levels):
        part = {"$ref": f"#/$defs/L{level + 1}"}
        definitions[f"L{level}"] = {"type": "object", "properties": {"a": part, "b": part}}
    return {"$ref": "#/$defs/L1", "$defs": definitions}


def test_a_flood_of_objects_from_an_empty_config_is_an_error(tmp_path: Path) -> None:
    write_json(tmp_path / "flood.json", doubling(14))
    with pytest.raises(GenerationError) as caught:
        generate([tmp_path / "flood.json"], tmp_path / "out")
    (problem,) = {problem.message for problem in caught.value.problems}
    assert problem == "an empty config would be filled with 16,383 objects"
    assert not (tmp_path / "out").exists()


def test_a_large_fill_below_that_is_made(module_of: ModuleOf) -> None:
    settings = module_of(doubling(10)).Training.from_config({})
    assert settings.a.b.a.b.a.b.a.b.a.get_config() == {}
    assert settings.b is not settings.a


@pytest.mark.parametrize("first", [4, 7])
def test_a_default_is_judged_by_the_draft_of_its_own_schema(first: int, tmp_path: Path) -> None:
    """Also where a schema of another draft says the same words, whichever of them comes first."""
    for name, draft in (("a", first), ("b", 11 - first)):
        schema = {
            "$schema": f"http://json-schema.org/draft-0{draft}/schema#",
            "type": "object",
            # 1.0 is a whole number from draft 6 on.
            "properties": {"count": {"type": "integer", "default": 1.0}},
        }
        write_json(tmp_path / "schemas" / f"{name}_{draft}.json", schema)
    with generated([tmp_path / "schemas"], tmp_path, {}) as package:
        filled = {
            name: package.root_class(name).from_config({}).get_config()
            for name in package.root_classes
        }
    assert {name[-1]: config for name, config in filled.items()} == {"4": {}, "7": {"count": 1}}
