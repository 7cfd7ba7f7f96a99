"""Law 1 for random schemas of every draft: our verdict is the specification's.

The verdict is that of real generated classes, and so are the problems that they name. The oracles
are our own, in `oracle`, and the library `jsonschema`, which must agree with it but for what the
library is wrong about: what 2019-09 and 2020-12 leave unevaluated.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from brevetti_gen.schema.dialects import DIALECTS
from conformance.generated import accepts, generated, write_json
from jsonschema.exceptions import SchemaError
from jsonschema.validators import Draft7Validator, extend, validator_for
from oracle import Oracle
from random_schemas import DRAFTS, SchemaMaker, value

VALUES = 25
#: What 2020-12 cannot say as older drafts do: `contains` evaluates items there.
NOT_OF_2020 = frozenset({"unevaluatedItems"})
#: What the random schemas leave to other tests: notes, names for references, what only we know.
NOTES = frozenset(
    """id $anchor $comment $vocabulary $defs title description default examples deprecated readOnly
    writeOnly format contentEncoding contentMediaType contentSchema x-python-type""".split()
)


@pytest.mark.parametrize("draft", DRAFTS)
def test_verdicts(draft: str, tmp_path: Path) -> None:
    assert judge(draft, 16, Random(f"sample {draft}"), tmp_path) == 16 * VALUES


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
@pytest.mark.parametrize("draft", DRAFTS)
def test_many_verdicts(draft: str, part: int, tmp_path: Path) -> None:
    assert judge(draft, 50, Random(f"{part} {draft}"), tmp_path) == 50 * VALUES


@pytest.mark.parametrize("draft", DRAFTS)
def test_every_keyword_is_reached(draft: str) -> None:
    random = Random(draft)
    documents = [document(draft, random) for _ in range(60)]
    reached = {keyword for schema in documents for keyword in keys(schema)}
    known = DIALECTS[draft.removesuffix("#")].keywords
    assert known - NOTES <= reached | {"$id"}
    later = {"prefixItems", "unevaluatedItems", "dependentRequired", "const", "if"}
    assert later <= reached, "what a draft does not know is there as well"


def keys(value: Any) -> set[str]:
    """The keys of all objects in a value."""
    if isinstance(value, dict):
        return value.keys() | {key for inner in value.values() for key in keys(inner)}
    return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()


def judge(draft: str, number: int, random: Random, folder: Path) -> int:
    """Compare the verdicts on `number` schemas; the number of pairs.

    The class of every second one is of the newest draft, and so is its `json_schema()`.
    """
    documents = {f"case_{index:03}": document(draft, random) for index in range(number)}
    for name, schema in documents.items():
        write_json(folder / "schemas" / f"{name}.json", schema)
        own = draft if int(name[5:]) % 2 else [*DRAFTS][-1]
        wrapper = {"properties": {"value": {"$ref": f"{name}.json"}}, "type": "object"}
        wrapper = {"$schema": own, **wrapper}
        write_json(folder / "schemas" / f"wrapper_{name[5:]}.json", wrapper)
    pairs = 0
    with generated([folder / "schemas"], folder, {}) as package:
        for name, schema in documents.items():
            oracle, other = Oracle(schema), library_validator(schema)
            is_other_right = not any(key.startswith("unevaluated") for key in keys(schema))
            cls = getattr(package.module(f"wrapper_{name[5:]}"), f"Wrapper{name[5:]}")
            whole = cls.json_schema()
            is_same = not NOT_OF_2020 & keys(schema) if whole["$schema"] != draft else True
            bundle = Oracle(whole)
            for _ in range(VALUES):
                given = value(random, 3)
                expected = oracle.is_valid(given)
                assert accepts(cls, {"value": given}) is expected, (schema, given)
                assert not is_other_right or other.is_valid(given) is expected, (schema, given)
                said = bundle.is_valid({"value": given})
                assert not is_same or said is expected, (schema, given, whole)
                pairs += 1
    return pairs


def library_validator(schema: dict[str, Any]) -> Any:
    """The library's validator, with `dependencies` in all drafts, as the later ones allow."""
    cls: Any = validator_for(schema)
    rules = {"dependencies": Draft7Validator.VALIDATORS["dependencies"]}
    return (cls if "dependencies" in cls.VALIDATORS else extend(cls, rules))(schema)


def document(draft: str, random: Random) -> dict[str, Any]:
    """A schema that its draft allows."""
    while True:
        schema = SchemaMaker(random, draft).document()
        try:
            validator_for(schema).check_schema(schema)
        except SchemaError:
            continue
        return schema
