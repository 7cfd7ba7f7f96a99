"""What is generated grows with the schemas and no faster; it can be imported whatever its shape."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from conformance.generated import generated, write_json


def chain(length: int) -> dict[str, Any]:
    """Files of which each refers to the next."""
    last = {"type": "object", "properties": {"v": {"type": "integer", "default": 0}}}
    links = {
        f"link_{number:03}": {
            "type": "object",
            "properties": {"next": {"$ref": f"link_{number + 1:03}.json"}},
        }
        for number in range(length - 1)
    }
    return {**links, f"link_{length - 1:03}": last}


def definitions(number: int) -> dict[str, Any]:
    """A file with many definitions that refer to one another."""
    return {
        "many": {
            "type": "object",
            "properties": {"first": {"$ref": "#/$defs/Part0"}},
            "$defs": {
                f"Part{n}": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string", "minLength": 1},
                        "next": {"$ref": f"#/$defs/Part{(7 * n + 1) % number}"},
                    },
                }
                for n in range(number)
            },
        }
    }


def properties(number: int) -> dict[str, Any]:
    """A file with many properties in one object."""
    table = {f"part_{n}": {"type": ["integer", "null"], "maximum": n} for n in range(number)}
    return {"many": {"type": "object", "properties": table, "additionalProperties": False}}


def branches(number: int) -> dict[str, Any]:
    """A file with many alternatives that say their kind."""
    return {
        "many": {
            "type": "object",
            "properties": {
                "v": {
                    "oneOf": [
                        {
                            "type": "object",
                            "properties": {"kind": {"const": f"k{n}"}, "n": {"minimum": n}},
                            "required": ["kind"],
                        }
                        for n in range(number)
                    ]
                }
            },
        }
    }


def size(schemas: dict[str, Any], folder: Path) -> int:
    """How much is generated, in bytes."""
    for name, schema in schemas.items():
        write_json(folder / "schemas" / f"{name}.json", schema)
    generate([folder / "schemas"], folder / "settings")
    return sum(path.stat().st_size for path in (folder / "settings").rglob("*.py"))


@pytest.mark.parametrize("shape", [chain, definitions, properties, branches])
def test_twice_the_schemas_make_twice_the_code(shape: Any, tmp_path: Path) -> None:
    small, large = size(shape(60), tmp_path / "small"), size(shape(120), tmp_path / "large")
    assert large < 2.2 * small


def test_files_may_refer_to_one_another_in_chains_of_any_length(tmp_path: Path) -> None:
    for name, schema in chain(300).items():
        write_json(tmp_path / "schemas" / f"{name}.json", schema)
    with generated([tmp_path / "schemas"], tmp_path, {}) as package:
        cls = package.root_class("Link000")
        imported = [name for name in sys.modules if name.startswith(f"{package.name}.")]
        assert len(imported) == 1, "others are imported when they are needed"
        config: dict[str, Any] = {}
        for _ in range(50):
            config = {"next": config}
        assert cls.from_config(config).get_config() is not None
        schema = cls.json_schema()
        assert len(schema["$defs"]) == 299
        assert "link_299" in schema["$defs"]
