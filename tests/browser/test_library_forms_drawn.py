"""Forms for react-jsonschema-form and JSON Forms, drawn by these and filled in by keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from brevetti_gen.load import load_package
from brevettiai.form.libraries import KEYS, form_for
from brevettiai.settings import SettingsError
from browser.exported_forms import ABSENT, EXAMPLES, Exported, Exports, differences
from browser.forms_in_browser import value_at
from browser.library_pages import LibraryPage
from conformance.generated import needs_shared
from conformance.test_schemastore import FOLDER, PLACE, PREFIX

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("library", KEYS)]

ClassOf = Callable[..., Any]

#: In a form of the platform they stand in the way of others, and are none of these libraries'.
LOCAL = [name for name, example in EXAMPLES.items() if example.source.is_absolute()]


def loaded(cls: Any, page: LibraryPage) -> Any:
    """What loads from what the form gives."""
    submitted = page.submit()
    assert submitted is not None, page.problems()
    return cls.from_settings(submitted)


@pytest.fixture(scope="module")
def schemastore() -> list[tuple[str, Any]]:
    """The classes of real schemas, by name."""
    assert FOLDER is not None
    folder = FOLDER / "schemas"
    loaded = load_package([folder], maps={PREFIX: folder})
    return [(found.source.name, found.cls) for found in loaded.classes if found.cls is not None]


# --- untouched ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCAL)
def test_an_untouched_form_loads_as_the_defaults(
    library_page: LibraryPage, exported: Exports, library: str, name: str
) -> None:
    cls = exported[name].cls
    library_page.open(form_for(cls, library))
    assert differences(loaded(cls, library_page), cls.from_config({})) == {}
    assert [text for text in library_page.complaints if "No applicable cell" not in text] == []


@pytest.mark.parametrize("name", LOCAL)
def test_an_untouched_preset_loads_as_the_preset(
    library_page: LibraryPage, exported: Exports, library: str, name: str
) -> None:
    cls = exported[name].cls
    form = form_for(cls, library)
    for preset, model in form.get("presets", {}).items():
        library_page.open({**form, KEYS[library][2]: model})
        assert differences(loaded(cls, library_page), cls.from_preset(preset)) == {}


@needs_shared(*PLACE)
def test_untouched_forms_of_schemastore_load_as_the_defaults(
    library_page: LibraryPage, library: str, schemastore: list[tuple[str, Any]]
) -> None:
    """Of the schemas that need nothing; the others are sent only when something is filled in."""
    wrong, drawn = dict[str, Any](), 0
    for name, cls in schemastore:
        library_page.open(form_for(cls, library))
        submitted = library_page.submit()
        drawn += 1
        try:
            usual = cls.from_config({})
        except SettingsError:
            continue
        if submitted is None:
            wrong[name] = library_page.problems()
        elif found := differences(cls.from_settings(submitted), usual):
            wrong[name] = found
    assert wrong == {}
    assert drawn >= 40


# --- filled in ----------------------------------------------------------------------------------

#: By path: what is typed (text), chosen (in brackets) or ticked (True), and what loads then.
TYPED: dict[str, tuple[Any, Any]] = {
    "integers.plain": ("-12", -12),
    "integers.without_default": ("0", 0),
    "integers.limited": ("10", 10),
    "integers.exclusive": ("1", 1),
    "integers.of_32": ("96", 96),
    "integers.nullable": ("5", 5),
    "integers.beyond_doubles": ("9007199254740995", 9007199254740995),
    "numbers.plain": ("-0.125", -0.125),
    "numbers.exclusive": ("0.999", 0.999),
    "numbers.quarters": ("0.25", 0.25),
    "numbers.nullable": ("-1", -1),
    "texts.plain": (" kept  as it is ", " kept  as it is "),
    "texts.without_default": ("äöü 日本", "äöü 日本"),
    "texts.sized": ("ab", "ab"),
    "texts.pattern": ("abc-123", "abc-123"),
    "texts.nullable": ("text", "text"),
    "texts.date": ("2025-12-24", "2025-12-24"),
    "texts.address": ("a@example.org", "a@example.org"),
    "texts.place": ("s3://bucket/key", "s3://bucket/key"),
    "texts.token": ("secret token", "secret token"),
    "texts.lines": ("one line", "one line"),
    "texts.like_json": ('{"a": 1}', '{"a": 1}'),
    "switches.on": (True, False),
    "switches.without_default": (True, True),
    "switches.nullable": (["false"], False),
    "choices.text": (["blue"], "blue"),
    "choices.without_default": (["red"], "red"),
    "choices.number": (["-3"], -3),
    "choices.mixed": (['[2, "2"]'], [2, "2"]),
    "choices.look_alikes": (['"1"'], "1"),
    "choices.titled": (["Stochastic gradient descent"], "sgd"),
    "choices.blank": (["<b>"], "<b>"),
    "lists.odd_choices": ('["x"]', ["x"]),
    "lists.pair": ('[2, "two"]', [2, "two"]),
    "objects.free": ('{"x": {"y": [1]}}', {"x": {"y": [1]}}),
    "objects.union": ("5", 5),
    "objects.number_or_text": ("12", 12),
    "objects.anything": ('"text"', "text"),
    "objects.tree.name": ("top", "top"),
    "objects.deep.deeper.leaf": ("2", 2),
    "labels.ключ": (True, True),
    "labels.with space": (True, True),
    "labels.with-dash": (True, True),
    "notes.old": ("2.5", 2.5),
    "notes.free_text": ("Short", "Short"),
}


@pytest.fixture
def every_kind(exported: Exports) -> Exported:
    return exported["every_kind"]


def fill(page: LibraryPage, path: str, what: Any) -> None:
    if what is True:
        page.press(page.at(path))
    elif isinstance(what, list):
        page.choose(page.at(path), what[0])
    else:
        page.type(page.at(path), what)


def test_what_is_typed_loads_as_meant(
    library_page: LibraryPage, every_kind: Exported, library: str
) -> None:
    library_page.open(form_for(every_kind.cls, library))
    for path, (what, _) in TYPED.items():
        fill(library_page, path, what)
    config = loaded(every_kind.cls, library_page).get_config()
    found = {path: value_at(config, path) for path in TYPED}
    expected = {path: value for path, (_, value) in TYPED.items()}
    assert differences(found, expected) == {}


def test_emptied_fields_mean_no_value(
    library_page: LibraryPage, every_kind: Exported, library: str
) -> None:
    library_page.open(form_for(every_kind.cls, library))
    emptied = {
        "integers.plain": 3,
        "integers.without_default": ABSENT,
        "integers.nullable": None,
        "numbers.exclusive": 0.5,
        "texts.sized": "sized",
        "texts.without_default": ABSENT if library == "jsonforms" else "",
        "objects.free": ABSENT,
    }
    for path in emptied:
        library_page.type(library_page.at(path), "7")
        library_page.type(library_page.at(path), "")
    config = loaded(every_kind.cls, library_page).get_config()
    assert {path: value_at(config, path) for path in emptied} == emptied


def test_what_the_library_checks_is_not_sent(
    library_page: LibraryPage, every_kind: Exported, library: str
) -> None:
    form = form_for(every_kind.cls, library)
    wrong = {"integers.limited": "11", "texts.pattern": "no", "numbers.nullable": "-2"}
    for path, text in wrong.items():
        library_page.open(form)
        library_page.type(library_page.at(path), text)
        assert library_page.submit() is None, path
        library_page.type(library_page.at(path), "")
        assert library_page.submit() is not None, path


def test_secrets_are_not_shown_and_what_is_fixed_cannot_be_changed(
    library_page: LibraryPage, every_kind: Exported, library: str
) -> None:
    form = form_for(every_kind.cls, library)
    assert "hunter2" not in json.dumps(form)
    library_page.open(form)
    for name in ("token", "api_key"):
        assert library_page.at(f"texts.{name}").get_attribute("type") == "password"
    for name in ("fixed_number", "fixed_switch", "fixed_choice"):
        control = library_page.at(f"notes.{name}")
        assert control.is_disabled() or control.get_attribute("readonly") is not None, name


# --- lists, maps, unions ------------------------------------------------------------------------

PARTS = {
    "properties": {
        "names": {"title": "Names", "type": "array", "items": {"type": "string"}, "default": ["a"]},
        "sizes": {"title": "Sizes", "type": "array", "items": {"type": "integer"}},
        "gates": {
            "title": "Gates",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "metric": {"title": "Metric", "enum": ["iou", "dice"]},
                    "at_least": {"title": "At least", "type": "number", "default": 0.5},
                },
                "required": ["metric"],
                "additionalProperties": False,
            },
            "default": [],
        },
        "optimizer": {
            "title": "Optimizer",
            "oneOf": [{"$ref": "#/$defs/Adam"}, {"$ref": "#/$defs/Sgd"}],
            "default": {"name": "adam", "rate": 0.5},
        },
        "stopping": {
            "title": "Stopping",
            "type": ["object", "null"],
            "properties": {"patience": {"title": "Patience", "type": "integer", "default": 5}},
            "default": None,
        },
        "extra": {
            "title": "Extra",
            "type": "object",
            "properties": {"depth": {"title": "Depth", "type": "integer", "default": 2}},
            "required": ["depth"],
        },
        "weights": {
            "title": "Weights",
            "type": "object",
            "additionalProperties": {"type": "number"},
            "default": {"a": 1},
        },
        "metrics": {
            "title": "Metrics",
            "type": "array",
            "items": {"enum": ["auc", "f1", "iou"]},
            "default": ["auc"],
        },
        "mean": {
            "title": "Mean",
            "type": "array",
            "items": {"type": "number"},
            "minItems": 3,
            "maxItems": 3,
            "default": [0.5, 0.5, 0.5],
        },
        "mode": {
            "title": "Mode",
            "enum": ["fast", "exact"],
            "default": "fast",
            "x-form": {"set": {"type": "radios"}},
        },
        "day": {"title": "Day", "type": ["string", "null"], "format": "date", "default": None},
        "tint": {"title": "Tint", "type": "string", "format": "color", "default": "#ff8800"},
    },
    "$defs": {
        "Adam": {
            "title": "Adam",
            "type": "object",
            "properties": {"name": {"const": "adam"}, "rate": {"title": "Rate", "type": "number"}},
            "required": ["name"],
            "additionalProperties": False,
        },
        "Sgd": {
            "title": "Gradient descent",
            "type": "object",
            "properties": {
                "name": {"const": "sgd"},
                "momentum": {"title": "Momentum", "type": "number", "default": 0.9},
            },
            "required": ["name"],
            "additionalProperties": False,
        },
    },
}


def test_rows_and_branches_are_worked_by_keys(
    library_page: LibraryPage, class_of: ClassOf, library: str
) -> None:
    cls = class_of(PARTS)
    page = library_page
    page.open(form_for(cls, library))
    work = _work_rjsf if library == "rjsf" else _work_jsonforms
    work(page)
    assert loaded(cls, page).get_config() == {
        "names": ["a", "b"],
        "sizes": [7],
        "gates": [{"metric": "dice", "at_least": 0.25}],
        "optimizer": {"name": "sgd", "momentum": 0.75},
        "stopping": {"patience": 9},
        "extra": {"depth": 4},
        "weights": {"a": 2.5},
        "metrics": ["auc", "f1"],
        "mean": [0.5, 7.5, 0.5],
        "mode": "exact",
        "day": "2025-12-24",
        "tint": "#00aaff",
    }


def _work_rjsf(page: LibraryPage) -> None:
    page.press(page.at("names__add"))
    page.type(page.at("names.1"), "b")
    page.choose(page.at("sizes__anyof_select"), "Sizes")
    page.press(page.at("sizes__add"))
    page.type(page.at("sizes.0"), "7")
    page.press(page.at("gates__add"))
    page.choose(page.at("gates.0.metric"), "dice")
    page.type(page.at("gates.0.at_least"), "0.25")
    page.choose(page.at("optimizer__anyof_select"), "Gradient descent")
    page.type(page.at("optimizer.momentum"), "0.75")
    page.choose(page.at("stopping__anyof_select"), "Stopping")
    page.type(page.at("stopping.patience"), "9")
    page.choose(page.at("extra__anyof_select"), "Extra")
    page.type(page.at("extra.depth"), "4")
    page.type(page.at("weights.a"), "2.5")
    page.press(page.at("metrics-1"))
    page.type(page.at("mean.1"), "7.5")
    page.press(page.at("mode-1"))
    page.type(page.at("day"), "2025-12-24")
    page.type(page.at("tint"), "#00aaff")


def _work_jsonforms(page: LibraryPage) -> None:
    def table(name: str) -> Any:
        header = page.page.locator("header", has_text=name).first
        return header.locator("xpath=..")

    page.press(table("Names").locator("header button"))
    page.type(table("Names").locator("input").nth(1), "b")
    page.press(table("Sizes").locator("header button"))
    page.type(table("Sizes").locator("input"), "7")
    page.press(table("Gates").locator("header button"))
    page.choose(table("Gates").locator("select"), "dice")
    page.type(table("Gates").locator("input"), "0.25")
    page.choose(page.at("optimizer.name"), "Gradient descent")
    scope = "#/properties/optimizer/oneOf/1/properties/momentum-input"
    page.type(page.page.locator(f'[id="{scope}"]'), "0.75")
    page.type(page.at("stopping"), '{"patience": 9}')
    page.type(page.at("extra"), '{"depth": 4}')
    page.type(page.at("weights"), '{"a": 2.5}')
    page.press(table("Metrics").locator("header button"))
    page.choose(table("Metrics").locator("select").nth(1), "f1")
    page.type(table("Mean").locator("input").nth(1), "7.5")
    page.press(page.page.get_by_label("exact"))
    page.type(page.at("day"), "2025-12-24")
    page.type(page.at("tint"), "#00aaff")


# --- strangers ----------------------------------------------------------------------------------

MARKUP = '<img src=x onerror="document.title=1"><b>b</b> [a](javascript:1) **c** {{d}} ${e}'


def test_texts_of_strangers_are_text(
    library_page: LibraryPage, class_of: ClassOf, library: str
) -> None:
    said = {"title": MARKUP, "description": MARKUP}
    cls = class_of(
        {
            **said,
            "properties": {
                "n": {**said, "type": "integer", "default": 1},
                "on": {**said, "type": "boolean"},
                "text": {**said, "type": "string", "examples": [MARKUP], "default": MARKUP},
                "choice": {**said, "oneOf": [{"const": MARKUP, "title": MARKUP}, {"const": "b"}]},
                "list": {**said, "type": "array", "items": {"enum": [MARKUP]}, "default": [MARKUP]},
                "part": {**said, "type": "object", "properties": {"<b>k</b>": {"type": "string"}}},
                "maybe": {
                    **said,
                    "type": ["object", "null"],
                    "properties": {"x": {**said, "type": "integer"}},
                    "default": {},
                },
                "json": {**said, "type": "array", "default": [MARKUP]},
            },
        }
    )
    library_page.open(form_for(cls, library))
    main = library_page.page.locator("#form")
    assert main.locator("img, b, a, strong, em, script, iframe").count() == 0
    assert MARKUP in main.inner_text()
    assert library_page.page.title() == "Form"
    assert differences(loaded(cls, library_page), cls.from_config({})) == {}
