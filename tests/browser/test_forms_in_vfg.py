"""Every form that can be exported, in the platform's own form library and a real browser.

Each is drawn, looked at, loaded untouched, filled in by keys and clicks, and loaded again.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.load import load_package
from brevettiai.settings import SettingsError
from browser.exported_forms import (
    AUTHORED,
    EXAMPLES,
    IMPORTED,
    MODULES,
    Exported,
    Exports,
    as_json,
    differences,
    opened,
)
from browser.forms_in_browser import (
    ABSENT,
    NOTHING_SELECTED,
    VALUELESS,
    Draw,
    DrawnField,
    FormPage,
    choice_name,
    fields_of,
    is_visible,
    shown_as,
    value_at,
)
from conformance.generated import needs_shared
from conformance.test_schemastore import FOLDER, PLACE, PREFIX

pytestmark = pytest.mark.slow

#: What the library itself complains about: it would rather have the type `upload`.
DEPRECATED_FILES = "The 'file' type in input field is deprecated. Use 'file' field instead."

#: Kinds of inputs that show a value in a way of their own, or none.
SHOWN_OTHERWISE = ("date", "datetime", "datetime-local", "checkbox", "file", "image", "hidden")

every_example = pytest.mark.parametrize("name", EXAMPLES)
every_authored_example = pytest.mark.parametrize("name", AUTHORED)
every_imported_example = pytest.mark.parametrize("name", IMPORTED)
every_module = pytest.mark.parametrize("name", MODULES)


def drawn_as(drawn: DrawnField, field: Mapping[str, Any], value: Any) -> bool:
    """Whether a field shows `value`, which the model has for it."""
    kind = field["type"]
    if kind in VALUELESS or field.get("inputType") in SHOWN_OTHERWISE:
        return True
    if kind in ("checkbox", "switch"):
        return drawn.shown is (value is not ABSENT and value in (True, field.get("valueOn")))
    if kind == "checklist":
        ticked = [] if value in (None, ABSENT) else value
        if not field.get("listBox"):
            return drawn.shown == f"{len(ticked)} selected"
        return isinstance(drawn.shown, tuple) and {*drawn.shown} == names(field, ticked)
    if kind == "radios":
        return isinstance(drawn.shown, tuple) and {*drawn.shown} == names(field, [value])
    if isinstance(value, dict) and kind != "select" and not field.get("isJson"):
        return True  # a path inside another field's value: nobody can read it
    if value in (None, ABSENT):
        none = (field.get("selectOptions") or {}).get("noneSelectedText", NOTHING_SELECTED)
        return (
            drawn.shown == (none if kind == "select" else "") or field.get("inputType") == "range"
        )
    if kind == "select":
        return drawn.shown == next(iter(names(field, [value])), None)
    if isinstance(value, int | float) and drawn.control in ("number", "range"):
        return isinstance(drawn.shown, str) and float(drawn.shown) == value
    return drawn.shown == shown_as(value)


def names(field: Mapping[str, Any], values: list[Any]) -> set[str]:
    """The names of those values that a field offers."""
    found = set()
    for value in values:
        try:
            found.add(choice_name(field, value))
        except LookupError:
            continue
    return found


def text_of(label: str) -> str:
    """The text of a label, which the library inserts as HTML; no label here has an element."""
    return " ".join(html.unescape(label).split())


def captioned(field: Mapping[str, Any]) -> bool:
    """Whether the library draws the label of a field."""
    buttons = ("submit", "button", "reset")
    return field.get("label") is not None and not {field["type"], field.get("inputType")} & {
        *buttons
    }


def merged(model: Any, part: Any) -> Any:
    """A form model with a preset of the form laid over it, as the platform does."""
    if isinstance(model, dict) and isinstance(part, dict):
        return {**model, **{key: merged(model.get(key), value) for key, value in part.items()}}
    return part


def assert_drawn(draw: Draw, form: dict[str, Any]) -> Any:
    """Draw a form; all of it is there, labelled, with its defaults, and nobody complains."""
    page = draw(form)
    fields, drawn = fields_of(form), page.fields()
    assert [(field.model, field.type) for field in drawn] == [
        (field.get("model"), field["type"]) for field in fields
    ]
    labels = {field["label"]: None for field in fields if captioned(field)}
    assert [shown.label for shown in drawn if shown.label is not None] == [
        text_of(field["label"]) for field in fields if captioned(field)
    ], labels
    model = page.model()
    wrong = {
        field["model"]: (shown.shown, value_at(model, field["model"]))
        for shown, field in zip(drawn, fields, strict=True)
        if field.get("model") and not drawn_as(shown, field, value_at(model, field["model"]))
    }
    assert wrong == {}, "(shown, in the model)"
    assert [text for text in page.complaints if text != DEPRECATED_FILES] == []
    return page


# --- drawn --------------------------------------------------------------------------------------


@every_example
def test_every_field_is_drawn_with_its_label_and_default(
    draw: Draw, exported: Exports, name: str
) -> None:
    assert_drawn(draw, opened(exported[name].form))


@every_imported_example
def test_a_form_that_is_imported_is_drawn_as_it_stands(
    draw: Draw, exported: Exports, name: str
) -> None:
    assert_drawn(draw, opened(exported.original(name)))


@every_imported_example
def test_a_form_that_was_imported_is_exported_as_it_stood(exported: Exports, name: str) -> None:
    assert json.dumps(exported[name].form) == json.dumps(exported.original(name))


@every_module
def test_forms_of_modules_written_by_hand_are_drawn(draw: Draw, name: str) -> None:
    module, _ = MODULES[name]
    assert_drawn(draw, opened(as_json(module.get_schema().schema)))


@every_example
def test_hidden_fields_are_not_drawn_but_keep_their_default(
    draw: Draw, exported: Exports, name: str
) -> None:
    form = exported[name].form
    hidden = {**form, "fields": [field for field in form["fields"] if not is_visible(field)]}
    page = draw(hidden)
    assert [field.model for field in page.fields()] == [
        field.get("model") for field in fields_of(hidden) if is_visible(field)
    ]
    for field in hidden["fields"]:
        if "default" in field:
            assert value_at(page.model(), field["model"]) == field["default"]


@every_authored_example
def test_each_field_has_an_id_of_its_own_that_its_label_leads_to(
    draw: Draw, exported: Exports, name: str
) -> None:
    page = draw(exported[name].form)
    ids = page.ids()
    assert [element for element in ids if not element or ids.count(element) > 1] == []
    for field in page.fields():
        if field.control not in ("checklist", "radios"):
            assert field.label_hits_control, field


@every_authored_example
def test_labels_helps_and_hints_are_text(draw: Draw, exported: Exports, name: str) -> None:
    for field in draw(exported[name].form).fields():
        assert field.markup == (), field


# --- untouched ----------------------------------------------------------------------------------


@every_example
def test_an_untouched_form_loads_as_the_defaults(draw: Draw, exported: Exports, name: str) -> None:
    cls = exported[name].cls
    untouched = cls.from_settings(draw(opened(exported[name].form)).model())
    assert differences(untouched, cls.from_config({})) == {}


@needs_shared(*PLACE)
def test_untouched_forms_of_schemastore_load_as_the_defaults(
    draw: Draw, form_library: Path
) -> None:
    """Of the schemas that need nothing; those of the others are drawn."""
    assert FOLDER is not None
    folder = FOLDER / "schemas"
    page = draw({"fields": []}).page
    wrong, drawn = dict[str, Any](), 0
    for found in load_package([folder], maps={PREFIX: folder}).classes:
        if (cls := found.cls) is None:
            continue
        shown = FormPage(page, form_library, as_json(cls.get_schema().schema))
        with suppress(SettingsError):
            usual = cls.from_config({})
            wrong[found.source.name] = differences(cls.from_settings(shown.model()), usual)
        drawn += 1
        shown.close()
    assert {name: why for name, why in wrong.items() if why} == {}
    assert drawn >= 40


@every_module
def test_an_untouched_form_of_a_module_loads_as_the_defaults(draw: Draw, name: str) -> None:
    module, _ = MODULES[name]
    model = draw(opened(as_json(module.get_schema().schema))).model()
    assert differences(module.from_settings(model), module()) == {}


@every_authored_example
def test_the_browser_finds_nothing_wrong_with_the_defaults(
    draw: Draw, exported: Exports, name: str
) -> None:
    page = draw(exported[name].form)
    assert page.validate() == {}
    assert page.complaints == []


# --- filled in ----------------------------------------------------------------------------------


def config_to_fill(given: Exported, name: str) -> dict[str, Any]:
    config: dict[str, Any] = given.cls.from_config(EXAMPLES[name].filled).get_config()
    return config


@every_example
def test_what_people_fill_in_loads_as_meant(draw: Draw, exported: Exports, name: str) -> None:
    given = exported[name]
    page = draw(opened(given.form))
    page.fill(config_to_fill(given, name))
    loaded = given.cls.from_settings(page.model())
    assert differences(loaded, given.cls.from_config(EXAMPLES[name].filled)) == {}
    assert [text for text in page.complaints if text != DEPRECATED_FILES] == []


@every_authored_example
def test_the_browser_finds_nothing_wrong_with_what_is_valid(
    draw: Draw, exported: Exports, name: str
) -> None:
    given = exported[name]
    page = draw(given.form, as_json(given.cls.from_config(EXAMPLES[name].filled).get_settings()))
    assert page.validate() == {}
    assert page.complaints == []


@every_module
def test_what_people_fill_in_the_form_of_a_module_loads_as_meant(draw: Draw, name: str) -> None:
    module, config = MODULES[name]
    page = draw(opened(as_json(module.get_schema().schema)))
    page.fill(config)
    assert differences(module.from_settings(page.model()).get_config(), config) == {}
    assert page.complaints == []


# --- stored settings and presets ----------------------------------------------------------------


@every_example
def test_stored_settings_are_shown_and_load_as_they_were(
    draw: Draw, exported: Exports, name: str
) -> None:
    given = exported[name]
    settings = given.cls.from_config(EXAMPLES[name].filled)
    model = as_json(settings.get_settings())
    page = draw(opened(given.form), model)
    for shown in page.fields():
        field = next(f for f in fields_of(given.form) if f.get("model") == shown.model)
        if shown.model:
            value = value_at(page.model(), shown.model)
            assert drawn_as(shown, field, value), (shown, value)
    assert differences(given.cls.from_settings(page.model()), settings) == {}


PRESETS = [
    *(("segmentation", preset) for preset in ("Quick look", "Fine details")),
    ("test_report", "Strict"),
    *(("classifier", preset) for preset in ("Quick look", "Good or bad")),
    ("every_kind", "Other"),
    ("every_field", "Other"),
]


@pytest.mark.parametrize(("name", "preset"), PRESETS)
def test_a_preset_of_the_form_loads_as_the_preset_of_the_class(
    draw: Draw, exported: Exports, name: str, preset: str
) -> None:
    given = exported[name]
    untouched = draw(opened(given.form)).model()
    page = draw(opened(given.form), merged(untouched, given.form["presets"][preset]))
    chosen = given.cls.from_settings(page.model())
    assert differences(chosen, given.cls.from_preset(preset)) == {}
    assert [text for text in page.complaints if text != DEPRECATED_FILES] == []
