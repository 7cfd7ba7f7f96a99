"""What drafts mean where they differ from those around them, by the examples of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, generate
from conformance import draft4, draft6, draft2019
from conformance.cases import Example

DRAFTS = {"4": draft4, "6": draft6, "2019": draft2019}


def each(of: str) -> pytest.MarkDecorator:
    """A test of each example of one kind, beside its draft."""
    return pytest.mark.parametrize(
        ("draft", "example"),
        [
            pytest.param(draft.DRAFT, example, id=f"{name}-{example.about}")
            for name, draft in DRAFTS.items()
            for example in getattr(draft, of)
        ],
    )


@each("EXAMPLES")
def test_meaning(draft: str, example: Example, tmp_path: Path) -> None:
    assert example.failures(draft, tmp_path) == {}


@each("FORMATS")
def test_formats(draft: str, example: Example, tmp_path: Path) -> None:
    assert example.failures(draft, tmp_path, assert_formats=True) == {}


@pytest.mark.parametrize("name", DRAFTS)
def test_formats_only_annotate_unless_they_are_asserted(name: str, tmp_path: Path) -> None:
    draft = DRAFTS[name]
    examples: dict[str, Example] = {each.about: each for each in draft.FORMATS}
    schema = {"properties": {about: each.schema for about, each in examples.items()}}
    values = [{about: each.refused[0]} for about, each in examples.items() if each.refused]
    assert values
    assert Example("formats", schema, values).failures(draft.DRAFT, tmp_path) == {}


@pytest.mark.parametrize(
    ("draft", "schema", "message"),
    [(draft.DRAFT, *row) for draft in (draft4, draft6) for row in draft.NO_SCHEMAS],
)
def test_what_is_no_schema(
    draft: str, schema: dict[str, Any], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "some.json"
    path.write_text(json.dumps({"$schema": draft, "type": "object", **schema}))
    with pytest.raises(GenerationError) as refusal:
        generate([path], tmp_path / "settings")
    assert message in str(refusal.value)


def test_a_vocabulary_that_must_be_known(tmp_path: Path) -> None:
    vocabularies = {draft2019.VOCABULARY + "core": True, draft2019.SITE + "v": True}
    meta = draft2019.SITE + "meta"
    example = Example(
        "unknown", {"$schema": meta}, [1], elsewhere={meta: draft2019.metaschema(vocabularies)}
    )
    (failure,) = example.failures(draft2019.DRAFT, tmp_path).values()
    assert f"requires the unknown vocabulary '{draft2019.SITE}v'" in failure
