"""`import-form --tidy`: a shorter schema, that means the same; and what becomes of the form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from brevetti_gen.cli.main import main
from brevetti_gen.compile.judge import judge_of
from brevetti_gen.forms.importing import schema_of_form
from brevetti_gen.forms.untouched import untouched_model
from brevetti_gen.load import load_package
from brevetti_gen.workbench.tools.import_form import form_in
from brevettiai.compiled import json_equal
from brevettiai.settings import SettingsError
from budgets import TOP
from conformance.generated import needs_shared, shared
from hypothesis import given, settings
from hypothesis import strategies as st
from random_forms import MODELS, forms
from random_sizes import scaled

NUMBER = {"type": "input", "inputType": "number"}


class Pair(NamedTuple):
    """A form, its two schemas, and the classes of these."""

    form: dict[str, Any]
    schemas: tuple[dict[str, Any], dict[str, Any]]
    classes: tuple[Any, Any]


def pairs(folder: Path, values: list[dict[str, Any]]) -> Iterator[Pair]:
    """The exact and the tidy import of forms."""
    schemas = [
        tuple(imported(folder, value, tidy=tidy) for tidy in (False, True)) for value in values
    ]
    loaded = []
    for which in (0, 1):
        paths = [folder / str(which) / f"form_{number:03}.json" for number in range(len(values))]
        for path, both in zip(paths, schemas, strict=True):
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(both[which]))
        found = {each.source.path: each.cls for each in load_package(paths).classes}
        loaded.append([found[path] for path in paths])
    for value, both, classes in zip(values, schemas, zip(*loaded, strict=True), strict=True):
        yield Pair(value, (both[0], both[1]), classes)


def imported(folder: Path, form: Any, *, tidy: bool) -> dict[str, Any]:
    path = folder / "some.form.json"
    path.write_text(json.dumps(form))
    return schema_of_form(form_in(str(path)), judge_of, tidy=tidy).schema


def meaning(schema: Any, *, is_object: bool = False) -> Any:
    """A schema without what only forms and people read of it."""
    if isinstance(schema, list):
        return [meaning(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    skipped = () if is_object else ("x-form", "title", "description")
    return {
        key: meaning(value, is_object=key == "properties")
        if key not in ("default", "enum", "const", "x-presets")
        else value
        for key, value in schema.items()
        if key not in skipped
    }


def outcome(cls: Any, model: Any) -> Any:
    try:
        return cls.from_settings(model).get_config()
    except SettingsError as error:
        return [(problem.path, problem.expected) for problem in error.problems]


def assert_same(pair: Pair, models: list[Any]) -> None:
    """Both mean the same, and what the tidy form gives stays as it is."""
    exact, tidy = pair.classes
    assert json_equal(meaning(pair.schemas[0]), meaning(pair.schemas[1]))
    form = tidy.get_schema().schema
    models = [*models, untouched_model(pair.form), untouched_model(form)]
    for each in (pair.form, form):
        models += [*each["presets"].values()] if isinstance(each.get("presets"), dict) else []
    for model in models:
        assert json.dumps(outcome(exact, model)) == json.dumps(outcome(tidy, model))
    untouched = [exact.from_settings(untouched_model(each)) for each in (form, pair.form)]
    assert untouched[0] == untouched[1]
    assert exact.presets().keys() == tidy.presets().keys()


def assert_stable(folder: Path, found: list[Pair]) -> None:
    """The tidy form of a tidy form is that form."""
    given = [pair.classes[1].get_schema().schema for pair in found]
    again = [pair.classes[1].get_schema().schema for pair in pairs(folder, given)]
    assert list(map(json.dumps, again)) == list(map(json.dumps, given))


def assert_shorter(pair: Pair) -> None:
    exact, tidy = (len(json.dumps(schema, indent=2).splitlines()) for schema in pair.schemas)
    assert tidy <= exact


def assert_all(values: list[Any], models: list[Any], folder: Path) -> None:
    found = list(pairs(folder, values))
    for pair in found:
        assert_same(pair, models)
    assert_stable(folder, found)


@settings(max_examples=scaled(4), deadline=None, derandomize=True)
@given(values=st.lists(forms(), min_size=6, max_size=10), models=st.lists(MODELS, max_size=4))
def test_random_forms_mean_the_same(
    values: list[Any], models: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_all(values, models, tmp_path_factory.mktemp("forms"))


@pytest.mark.slow
@settings(max_examples=3, deadline=None, derandomize=True)
@given(values=st.lists(forms(), min_size=15, max_size=20), models=st.lists(MODELS, max_size=8))
def test_many_random_forms_mean_the_same(
    values: list[Any], models: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_all(values, models, tmp_path_factory.mktemp("forms"))


@needs_shared("forms")
def test_recorded_forms_mean_the_same_and_become_shorter(tmp_path: Path) -> None:
    folder = shared("forms")
    assert folder is not None
    values = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.form.json"))]
    goldens = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("golden/*.json"))]
    found = list(pairs(tmp_path, values + [golden["schema"] for golden in goldens]))
    for pair, golden in zip(found, [*(None for _ in values), *goldens], strict=True):
        stored = {} if golden is None else golden
        assert_same(pair, [stored[key] for key in ("settings", "config") if key in stored])
    assert_stable(tmp_path, found)
    assert all(len(lines(pair.schemas[1])) < len(lines(pair.schemas[0])) for pair in found)
    exact, tidy = found[0].schemas
    assert len(lines(tidy)) * 2 < len(lines(exact))


def test_our_own_form_means_the_same(tmp_path: Path) -> None:
    form = json.loads((TOP / "schemas" / "classifier.form.json").read_text("utf-8"))
    (pair,) = pairs(tmp_path, [form])
    assert_same(pair, [])
    assert_stable(tmp_path, [pair])


def lines(schema: dict[str, Any]) -> list[str]:
    return json.dumps(schema, indent=2).splitlines()


# What is different


FORM = {
    "fields": [
        {"type": "label", "label": "Size"},
        {"model": "w", "label": "W", **NUMBER, "min": 1, "max": 9, "default": 3, "required": True},
        {"model": "h", "label": "H", **NUMBER, "min": 0, "max": 100, "step": 1, "default": 3},
        {"type": "label", "label": "Part"},
        {"model": "p.a", "type": "checkbox", "default": True, "readonly": False},
        {"model": "p.b", "label": "B", "help": "A &amp; B", **NUMBER, "min": 5, "default": 3},
        {"type": "label", "label": "Rest"},
        {"model": "names", "type": "textArea", "isJson": True, "default": '["a"]'},
        {"model": "kind", "type": "select", "values": [{"id": "x", "name": "x"}, "y"]},
    ]
}


def test_what_is_left_and_what_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.form.json").write_text(json.dumps(FORM))
    assert main(["import-form", "a.form.json", "--tidy"]) == 0
    said = capsys.readouterr()
    schema = json.loads(said.out)
    properties = schema["properties"]
    assert properties["w"] == {
        "title": "W",
        "type": "integer",
        "minimum": 1,
        "maximum": 9,
        "default": 3,
    }
    assert properties["h"] == {"title": "H", "type": "integer", "default": 3}
    part = properties["p"]
    assert part["title"] == "Part"
    assert part["properties"]["a"] == {
        "type": "boolean",
        "default": True,
        "x-form": {"omit": ["label"]},
    }
    # A limit that its own default breaks is one of the form alone, which does not check it.
    assert part["properties"]["b"]["x-form"] == {"set": {"min": 5}, "omit": ["validator"]}
    assert properties["names"]["x-form"] == {"omit": ["label"]}
    assert properties["kind"]["x-form"] == {"omit": ["label"]}
    headings = [{"type": "label", "label": label} for label in ("Size", "Rest")]
    assert schema["x-form"] == {"entries": [headings[0], "w", headings[1], "names"]}
    told = [line.partition("warning: ")[2] for line in said.err.splitlines() if "warning" in line]
    assert told == [
        "no longer marked as required: 1 field (w) [form-loss]",
        "no longer with the range 0 to 100: 1 number (h) [form-loss]",
        "now as high as the default needs: 1 text area (names) [form-loss]",
        "now checked in the form: 2 fields (w, h) [form-loss]",
        "now in the usual spelling: 1 default (names) [form-loss]",
        "now the title of the object whose fields follow: 1 heading (Part) [form-loss]",
        "now with a hint at the JSON that is expected: 1 field (names) [form-loss]",
    ]
    assert "which --verbose shows" in said.err
    assert main(["import-form", "a.form.json", "--tidy", "-v"]) == 0
    verbose = capsys.readouterr().err
    assert ":1:" in verbose
    assert "note: h: no longer with the range 0 to 100" in verbose


def test_validators_of_the_form_alone_stay(tmp_path: Path) -> None:
    fields = [
        {
            "model": "a",
            "label": "A",
            **NUMBER,
            "validator": ["required", "number"],
            "required": True,
        },
        {"model": "b", "label": "B", **NUMBER, "default": 0.5, "validator": "double"},
        {"model": "c", "label": "C", **NUMBER, "default": 1, "min": 0, "max": 100, "step": 1}
        | {"validator": ["integer"]},
    ]
    a, b, c = imported(tmp_path, {"fields": fields}, tidy=True)["properties"].values()
    assert a["x-form"]["set"] == {"required": True, "validator": ["required", "number"]}
    assert "x-form" not in b
    assert (c["minimum"], c["maximum"], c.get("x-form")) == (0, 100, None)


@pytest.mark.parametrize(
    ("field", "is_kept"),
    [
        ({"type": "input", "inputType": "text", "default": 128}, True),
        ({"type": "checkbox", "default": "false"}, True),
        ({**NUMBER, "default": "128"}, False),
        ({"type": "textArea", "isJson": True, "default": '["a"]'}, False),
    ],
)
def test_stored_models_with_the_original_default_load(
    field: dict[str, Any], is_kept: bool, tmp_path: Path
) -> None:
    (pair,) = pairs(tmp_path, [{"fields": [{"model": "a", "label": "A", **field}]}])
    assert_same(pair, [])
    changed = pair.schemas[1]["properties"]["a"].get("x-form", {}).get("set", {})
    assert ("default" in changed) is is_kept


def test_a_new_property_comes_behind_the_one_before_it(tmp_path: Path) -> None:
    schema = imported(tmp_path, FORM, tidy=True)
    properties = schema["properties"]
    schema["properties"] = {"w": properties.pop("w"), "new": {"type": "integer"}, **properties}
    path = tmp_path / "some.schema.json"
    path.write_text(json.dumps(schema))
    cls = load_package([path]).classes[0].cls
    assert cls is not None
    shown = [field.get("model") or field["label"] for field in cls.get_schema().schema["fields"]]
    assert shown == ["Size", "w", "new", "h", "Part", "p.a", "p.b", "Rest", "names", "kind"]
