"""The rows that explain refused configs: each is needed, stands once, and changes with its schema.

That they explain every refusal, and find nothing in what is accepted, is asserted wherever
`accepts` of `conformance.generated` judges: over the official suite, SchemaStore, random schemas.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from brevetti_gen import generate
from brevettiai.messages.findings import Findings
from brevettiai.messages.keywords import READERS
from conformance.generated import importable, needs_shared, shared
from generated_code import machine_of
from test_messages import ALL, CASES, SHAPES

TOP = Path(__file__).parents[1]
ModuleOf = Callable[..., ModuleType]


def told(rows: dict[str, Any], row: Any, config: Any) -> list[str]:
    """What a row has against a config."""
    findings = Findings(rows)
    findings.explain(row, (), config)
    return list(map(str, findings.problems))


def cases_of(draft: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schema with a property for each message of a draft, and a config that gets all of them."""
    cases = [(schema, value) for drafts, schema, value, lines in CASES if lines and draft in drafts]
    cases = [case for case in cases if "#/properties" not in json.dumps(case[0])]
    cases += [
        (SHAPES, {"kind": "circle", "radius": ""}),
        (SHAPES, {"kind": "other", "width": 1}),
        ({"type": "string", "writeOnly": True}, 1),
        ({"type": "string", "x-python-type": "date"}, "tomorrow"),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}),
        ({"anyOf": [{"properties": {"angle": {"type": "integer"}}}]}, {"angle": "x"}),
    ]
    named = {f"v{number}": case for number, case in enumerate(cases)}
    schema = {name: schema for name, (schema, _) in named.items()}
    config = {name: value for name, (_, value) in named.items()}
    return {"$schema": draft, "type": "object", "properties": schema}, config


@pytest.mark.parametrize("draft", ALL)
def test_without_a_row_something_goes_untold(module_of: ModuleOf, draft: str) -> None:
    schema, config = cases_of(draft)
    module = module_of(schema)
    known = module.Training.__brevetti__.tables
    rows, row = known.explanations(), known.row
    lines = told(rows, row, config)
    assert len(lines) >= len(config)
    missed = [key for key in rows if told({**rows, key: {}}, row, config) == lines]
    assert missed == [], [rows[key] for key in missed]


def test_every_keyword_of_a_row_tells_something(
    module_of: ModuleOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed = set(READERS)
    for draft in ALL:
        schema, config = cases_of(draft)
        module = module_of(schema)
        known = module.Training.__brevetti__.tables
        rows, row = known.explanations(), known.row
        lines = told(rows, row, config)
        for keyword in sorted(missed):
            with monkeypatch.context() as patch:
                patch.setitem(READERS, keyword, lambda *_: None)
                if told(rows, row, config) != lines:
                    missed.remove(keyword)
    others = {"$ref", "$dynamicRef", "format", "secret", "may", "sought"}
    assert missed == others, "these have tests of their own"


# Rows in the tables


def tables(folder: Path) -> dict[str, dict[str, Any]]:
    """The table of each module of a package that has one."""
    with importable(folder) as package:
        names = [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]
        modules = {name: package.module(name) for name in names}
        return {n: machine_of(m).machine.texts.explanations() for n, m in modules.items()}


def lines_of(folder: Path) -> list[str]:
    """The lines of a package's modules that are rows."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("texts.py"))]
    return [line for text in texts for line in text.splitlines() if line.startswith(" " * 8 + '"')]


@needs_shared("conformance", "schemastore")
def test_equal_rows_stand_once(tmp_path: Path) -> None:
    places = shared("conformance", "schemastore", "schemas")
    assert places is not None
    sources = [places / f"{name}.json" for name in ("lefthook", "metricshub", "gitleaks")]
    maps = {"https://json.schemastore.org/": places}
    generate([TOP / "schemas"], tmp_path / "examples")
    generate(sources, tmp_path / "real", maps=maps)
    for folder in (tmp_path / "examples", tmp_path / "real"):
        for rows in tables(folder).values():
            assert len(rows) > 5
            assert len({repr(row) for row in rows.values()}) == len(rows)


def test_a_changed_limit_is_one_changed_line(tmp_path: Path) -> None:
    text = (TOP / "schemas" / "segmentation.schema.json").read_text(encoding="utf-8")
    for name, limit in (("before", "180"), ("after", "170")):
        folder = tmp_path / name
        folder.mkdir()
        common = (TOP / "schemas" / "common.schema.json").read_bytes()
        (folder / "common.schema.json").write_bytes(common)
        changed = text.replace('"maximum": 180', f'"maximum": {limit}')
        (folder / "segmentation.schema.json").write_text(changed, encoding="utf-8")
        generate([folder], tmp_path / f"settings_{name}")
    before, after = lines_of(tmp_path / "settings_before"), lines_of(tmp_path / "settings_after")
    changes = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert len(changes) == 1
    assert changes[0][1] == changes[0][0].replace("180", "170")
