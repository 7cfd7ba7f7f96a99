"""Fields in the preview, as the platform's form library has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.preview_in_browser import Serving, Visiting, form, write

pytestmark = pytest.mark.slow

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect


def test_values_are_those_of_the_form_library(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    number = {"type": "input", "inputType": "number"}
    source = form(
        tmp_path,
        {**number, "model": "cleared", "default": 5},
        {"type": "input", "inputType": "text", "model": "text", "default": "a"},
        {"type": "select", "model": "select", "values": ["a", {"id": 2, "name": "Two"}]},
        {"type": "checklist", "listBox": True, "model": "ticks", "values": ["a", "b", "c"]},
        {"type": "checklist", "model": "closed", "values": ["a", "b"], "default": ["a", "gone"]},
        {"type": "radios", "model": "radios", "values": ["x", {"value": 7, "name": "Seven"}]},
        {"type": "switch", "model": "switch", "valueOn": "on!", "valueOff": "off!"},
        {
            "type": "vueMultiSelect",
            "model": "multi",
            "values": [{"name": "N", "k": 1}, {"name": "M"}],
            "selectOptions": {"multiple": True},
        },
        {"type": "noUiSlider", "model": "slider", "min": 0, "max": 10, "default": [2, 8]},
        {"type": "pikaday", "model": "day", "format": "DD.MM.YYYY", "default": "06.05.2024"},
        {"type": "input", "inputType": "date", "model": "stamp"},
        {"type": "spectrum", "model": "color", "default": "#ff8800"},
        {"type": "textArea", "model": "json", "isJson": True, "default": "[1]"},
        {"type": "checkbox", "model": "odd", "default": "false"},
        groups=[{"legend": "More", "fields": [{**number, "model": "grouped", "default": 1}]}],
    )
    visit = visiting(serving(source).url, timezone_id="Europe/Copenhagen")
    assert visit.models[0]["model"] == {
        "cleared": 5,
        "text": "a",
        "closed": ["a", "gone"],
        "slider": [2, 8],
        "day": "06.05.2024",
        "color": "#ff8800",
        "json": "[1]",
        "odd": "false",
    }
    expect(visit.field("grouped")).to_contain_text("does not fill in defaults")
    expect(visit.page.get_by_role("group", name="More").get_by_label("grouped")).to_be_visible()
    expect(visit.control("odd")).to_be_checked()
    visit.control("cleared").fill("")
    visit.control("text").fill("")
    visit.control("select").select_option("Two")
    for name in ("c", "a", "b", "a"):
        visit.field("ticks").get_by_label(name, exact=True).click()
    expect(visit.field("closed").locator("summary")).to_have_text("2 selected")
    visit.field("closed").locator("summary").click()
    visit.field("closed").get_by_label("b").check()
    visit.page.get_by_label("Seven").check()
    visit.control("switch").check()
    visit.field("multi").locator("summary").click()
    visit.field("multi").get_by_label("N").check()
    visit.field("slider").get_by_label("To").fill("9")
    visit.control("day").fill("2024-12-24")
    visit.control("stamp").fill("2024-12-24")
    visit.control("color").fill("")
    visit.control("json").fill("{")
    visit.control("odd").uncheck()
    expected = {
        "cleared": None,
        "text": "",
        "select": 2,
        "ticks": ["c", "b"],
        "closed": ["a", "gone", "b"],
        "radios": 7,
        "switch": "on!",
        "multi": [{"name": "N", "k": 1}],
        "slider": [2, 9],
        "day": "24.12.2024",
        "stamp": 1734994800000,
        "color": None,
        "json": "{",
        "odd": False,
    }
    visit.sends(**expected)
    assert visit.models[-1]["model"] == expected
    visit.control("select").select_option("<Nothing selected>")
    visit.sends(select=None)


def test_fields_are_shown_as_the_form_says(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    text = {"type": "input", "inputType": "text"}
    source = form(
        tmp_path,
        {"type": "label", "label": "Size &lt;big&gt;"},
        {
            **text,
            "model": "a",
            "label": "R &amp; D",
            "required": True,
            "hint": "&deg;C",
            "help": "H",
        },
        {**text, "model": "b", "readonly": True, "default": "r"},
        {**text, "model": "c", "disabled": True, "default": "d"},
        {**text, "model": "d", "visible": False, "default": "h", "placeholder": "P"},
        {"type": "select", "model": "e", "values": ["x"], "required": True},
        {"type": "textArea", "model": "f", "max": 5},
        {"type": "unknown", "model": "g"},
        {**text, "model": "h", "label": "List<int>"},
    )
    visit = visiting(serving(source).url)
    page = visit.page
    expect(page.get_by_role("heading", name="Size <big>")).to_be_visible()
    named = page.get_by_role("textbox", name="R & D")
    expect(named).to_have_accessible_description("H °C")
    expect(named).to_have_attribute("aria-required", "true")
    expect(visit.control("b")).not_to_be_editable()
    expect(visit.control("c")).to_be_disabled()
    expect(visit.field("d")).to_be_hidden()
    page.get_by_label("Show hidden fields (1)").check()
    expect(visit.control("d")).to_have_value("h")
    expect(visit.control("d")).to_have_attribute("placeholder", "P")
    expect(visit.control("e").locator("option").first).to_be_disabled()
    visit.control("f").press_sequentially("1234567")
    expect(visit.control("f")).to_have_value("12345")
    expect(visit.field("g")).to_contain_text("knows no type “unknown”")
    expect(visit.field("h").locator(".label")).to_have_text("List<int>")
    expect(visit.field("h")).to_contain_text("for HTML")


def test_a_problem_at_a_hidden_field_can_be_reached(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    field = {"title": "Deep", "type": "integer", "x-form": {"set": {"visible": False}}}
    schema = {"type": "object", "properties": {"deep": field}, "required": ["deep"]}
    visit = visiting(serving(write(tmp_path / "sample.json", schema)).url)
    expect(visit.control("deep")).to_be_hidden()
    expect(visit.page.locator("#config-text")).to_have_text("{}")
    visit.page.get_by_role("link", name="Deep").click()
    expect(visit.control("deep")).to_be_focused()
    visit.control("deep").fill("3")
    visit.has_config(deep=3)
