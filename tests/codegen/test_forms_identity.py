"""A form that became a schema gives itself back, whatever is in it, key order included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.load import load_package
from conformance.generated import needs_shared, shared
from hypothesis import given, settings
from hypothesis import strategies as st
from random_forms import forms

ROOT = Path(__file__).parents[2]


def given_back(folder: Path, values: list[dict[str, Any]]) -> list[Any]:
    """The forms of the classes of `values`, which are forms."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"form_{number:03}.form.json" for number in range(len(values))]
    for path, value in zip(paths, values, strict=True):
        path.write_text(json.dumps(value))
    loaded = {found.source.path: found.cls for found in load_package(paths).classes}
    return [loaded[path].get_schema().schema for path in paths]


@settings(max_examples=12, deadline=None)
@given(values=st.lists(forms(), min_size=6, max_size=12))
def test_random_forms(values: list[Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    found = given_back(tmp_path_factory.mktemp("forms"), values)
    assert list(map(json.dumps, found)) == list(map(json.dumps, values))


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(values=st.lists(forms(), min_size=20, max_size=30))
def test_many_random_forms(values: list[Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    found = given_back(tmp_path_factory.mktemp("forms"), values)
    assert list(map(json.dumps, found)) == list(map(json.dumps, values))


def test_our_own_forms(tmp_path: Path) -> None:
    paths = [ROOT / "schemas" / "classifier.form.json"]
    values = [json.loads(path.read_text("utf-8")) for path in paths]
    assert list(map(json.dumps, given_back(tmp_path, values))) == list(map(json.dumps, values))


@needs_shared("forms")
def test_recorded_forms(tmp_path: Path) -> None:
    folder = shared("forms")
    assert folder is not None
    goldens = [json.loads(path.read_text("utf-8")) for path in folder.glob("golden/*.json")]
    values = [golden["schema"] for golden in goldens]
    values += [json.loads(path.read_text("utf-8")) for path in folder.glob("*.form.json")]
    assert len(values) >= 2
    assert list(map(json.dumps, given_back(tmp_path, values))) == list(map(json.dumps, values))
