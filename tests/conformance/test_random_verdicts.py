"""Law 1 for random schemas of every draft: our verdict is the specification's.

The oracle is `jsonschema`; the verdict is that of real generated classes, and so are the problems
that they name.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from brevettiai.settings import SettingsError
from conformance.generated import generated, write_json
from jsonschema.exceptions import SchemaError
from jsonschema.validators import validator_for
from random_schemas import DRAFTS, SchemaMaker, value

VALUES = 25


@pytest.mark.parametrize("draft", DRAFTS)
def test_verdicts(draft: str, tmp_path: Path) -> None:
    assert judge(draft, 24, Random(f"sample {draft}"), tmp_path) > 400


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("draft", DRAFTS)
def test_many_verdicts(draft: str, part: int, tmp_path: Path) -> None:
    assert judge(draft, 50, Random(f"{part} {draft}"), tmp_path) > 1000


def judge(draft: str, number: int, random: Random, folder: Path) -> int:
    """Compare the verdicts on `number` schemas; the number of pairs."""
    documents = {f"case_{index:03}": document(draft, random) for index in range(number)}
    for name, schema in documents.items():
        write_json(folder / "schemas" / f"{name}.json", schema)
        wrapper = {"properties": {"value": {"$ref": f"{name}.json"}}, "type": "object"}
        write_json(folder / "schemas" / f"wrapper_{name[5:]}.json", wrapper)
    pairs = 0
    with generated([folder / "schemas"], folder, {}) as package:
        for name, schema in documents.items():
            oracle = validator_for(schema)(schema)
            cls = getattr(package.module(f"wrapper_{name[5:]}"), f"Wrapper{name[5:]}")
            for _ in range(VALUES):
                given = value(random, 3)
                expected = verdict(oracle, given)
                if expected is not None:
                    assert fits(cls, given) is expected, (schema, given)
                    pairs += 1
    return pairs


def document(draft: str, random: Random) -> dict[str, Any]:
    """A schema that its draft allows."""
    while True:
        schema = SchemaMaker(random, draft).document()
        try:
            validator_for(schema).check_schema(schema)
        except SchemaError:
            continue
        return schema


def verdict(oracle: Any, given: Any) -> bool | None:
    """What the oracle says; None where it fails itself."""
    try:
        return bool(oracle.is_valid(given))
    except (TypeError, RecursionError):
        return None


def fits(cls: Any, given: Any) -> bool:
    """Whether the class takes the value; a refusal must have found out why."""
    found: tuple[Any, ...] = ()
    try:
        cls.from_config({"value": given})
    except SettingsError as error:
        found = error.problems
    else:
        return True
    assert found
    assert all(problem.expected != "does not fit the schema" for problem in found), given
    return False
