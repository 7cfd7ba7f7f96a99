"""A form that became a schema gives itself back, whatever is in it, key order included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.forms.untouched import untouched_model
from brevetti_gen.load import load_package
from conformance.generated import needs_shared, shared
from hypothesis import given, settings
from hypothesis import strategies as st
from random_forms import forms
from random_sizes import scaled

ROOT = Path(__file__).parents[2]


def given_back(folder: Path, values: list[dict[str, Any]]) -> list[Any]:
    """The forms of the classes of `values`, which are forms."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"form_{number:03}.form.json" for number in range(len(values))]
    for path, value in zip(paths, values, strict=True):
        path.write_text(json.dumps(value))
    loaded = {found.source.path: found.cls for found in load_package(paths).classes}
    return [loaded[path].get_schema().schema for path in paths]


@settings(max_examples=scaled(12), deadline=None)
@given(values=st.lists(forms(), min_size=6, max_size=12))
def test_random_forms(values: list[Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    found = given_back(tmp_path_factory.mktemp("forms"), values)
    assert list(map(json.dumps, found)) == list(map(json.dumps, values))


ITEM_FIELDS = st.sampled_from(
    [
        {"type": "input", "inputType": "number", "default": 0.5},
        {"type": "input", "inputType": "number", "default": 3, "min": 0, "max": 9},
        {"type": "input", "inputType": "number", "default": 3, "step": 1, "required": False},
        {"type": "input", "inputType": "text", "default": "x", "maxlength": 4},
        {"type": "select", "values": ["x", "y"], "default": "x"},
        {"type": "radios", "values": [1, 2], "default": 1},
        {"type": "checkbox", "default": True},
        {"type": "input", "inputType": "number"},
        {"type": "select", "values": [{"id": 1, "name": "One"}], "default": 1},
    ]
)


@st.composite
def lists_of_fields(draw: st.DrawFn) -> dict[str, Any]:
    """A form in which each item of a list has a field, in any order, of one kind or of several."""
    size = draw(st.integers(2, 4))
    path, label = draw(st.sampled_from(["m", "a.m"])), draw(st.sampled_from(["M", "Size", ""]))
    one = draw(ITEM_FIELDS)
    fields = [
        {
            **(one if draw(st.integers(0, 3)) else draw(ITEM_FIELDS)),
            "label": f"{label} {place + 1}",
            "model": f"{path}[{place}]",
        }
        for place in range(size)
    ]
    others = [{"type": "checkbox", "model": "a.on", "label": "On", "default": True}]
    fields += draw(st.sampled_from([[], others]))
    if draw(st.booleans()):
        fields = draw(st.permutations(fields))
    return {"fields": list(fields), "presets": {}}


@settings(max_examples=scaled(4), deadline=None)
@given(values=st.lists(lists_of_fields(), min_size=10, max_size=20))
def test_lists_of_which_each_item_has_a_field(
    values: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("forms")
    assert list(map(json.dumps, given_back(folder, values))) == list(map(json.dumps, values))
    for found in load_package([folder]).classes:
        assert found.cls is not None
        found.cls.from_settings(untouched_model(json.loads(found.source.path.read_text())))


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
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
