"""The preview marks what was changed, and tells of required fields when they were left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser.preview_in_browser import Serving, Visit, Visiting, html_file, write

pytestmark = pytest.mark.slow

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "epochs": {"type": "integer", "default": 3},
        "sizes": {"type": "array", "items": {"type": "integer"}, "default": [12345678901234567890]},
        "training": {
            "type": "object",
            "properties": {"loss": {"enum": ["dice", "focal"], "default": "dice"}},
        },
        "data": {
            "type": "object",
            "properties": {"path": {"type": "string"}},
            "required": ["path"],
        },
    },
    "required": ["name", "data"],
    "x-presets": {"Long": {"epochs": 9}},
}


@pytest.fixture
def visit(tmp_path: Path, serving: Serving, visiting: Visiting) -> Visit:
    return visiting(serving(write(tmp_path / "marks.json", SCHEMA)).url)


def has_changed(visit: Visit, *models: str) -> None:
    expect(visit.page.locator(".is-changed code.path")).to_have_text([*models])


def has_fields(visit: Visit, *models: str) -> None:
    expect(visit.page.locator(".field:visible code.path")).to_have_text([*models])


def test_changed_fields_are_marked_and_reset_alone(visit: Visit) -> None:
    page, only = visit.page, visit.page.get_by_label("Only changes")
    has_changed(visit)
    expect(only).to_be_hidden()
    visit.control("epochs").fill("7")
    visit.control("sizes").fill("[ 12345678901234567890 ]")
    has_changed(visit, "epochs")
    # Another number, though JavaScript reads the same one.
    visit.control("sizes").fill("[ 12345678901234567891 ]")
    has_changed(visit, "epochs", "sizes")
    visit.control("training.loss").select_option("focal")
    expect(page.locator("label[for=only-changes]")).to_have_text("Only changes (3)")
    only.check()
    has_fields(visit, "epochs", "sizes", "training.loss")
    expect(page.locator(".heading:visible")).to_have_text(["Training"])
    # A field stays in sight until the switch is used again.
    visit.control("epochs").fill("3")
    has_changed(visit, "sizes", "training.loss")
    reset = page.get_by_role("button", name="Reset Sizes")
    reset.focus()
    page.keyboard.press("Enter")
    expect(visit.control("sizes")).to_be_focused()
    expect(visit.control("sizes")).to_have_value("[\n  12345678901234567890\n]")
    has_changed(visit, "training.loss")
    has_fields(visit, "epochs", "sizes", "training.loss")
    only.uncheck()
    only.check()
    has_fields(visit, "training.loss")
    page.get_by_role("button", name="Undo").click()
    has_changed(visit, "sizes", "training.loss")
    page.locator("#reset").click()
    has_changed(visit)
    expect(visit.control("name")).to_be_visible()
    page.get_by_label("Preset").select_option("Long")
    expect(visit.control("epochs")).to_have_value("9")
    has_changed(visit)
    visit.control("epochs").fill("3")
    has_changed(visit, "epochs")
    page.get_by_role("button", name="Reset Epochs").click()
    expect(visit.control("epochs")).to_have_value("9")


def test_required_fields_are_told_when_they_were_left_or_all_is_checked(visit: Visit) -> None:
    page = visit.page
    name, path = visit.control("name"), visit.control("data.path")
    expect(page.locator("#waiting-text")).to_have_text("2 required fields are still empty.")
    expect(page.locator(".errors p")).to_have_count(0)
    expect(page.locator("#problem-count")).to_be_empty()
    expect(page.locator("#verdict")).not_to_contain_text("accepts")
    name.focus()
    page.keyboard.press("Tab")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(visit.field("name")).to_contain_text("is required")
    expect(page.locator("#waiting-text")).to_have_text("1 required field is still empty.")
    page.get_by_role("button", name="Check all").click()
    expect(name).to_be_focused()
    expect(path).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("button", name="Check all")).to_be_hidden()
    name.fill("a")
    path.fill("b")
    visit.has_config(name="a", data__path="b")
    expect(page.locator("#verdict")).to_have_text("The generated class accepts this form.")
    # What is reset has nobody been to.
    page.locator("#reset").click()
    expect(page.locator("#waiting-text")).to_have_text("2 required fields are still empty.")
    expect(page.locator(".errors p")).to_have_count(0)


@pytest.mark.slow
def test_a_file_marks_and_waits_too(tmp_path: Path, visiting: Visiting) -> None:
    visit = visiting(html_file(tmp_path, write(tmp_path / "marks.json", SCHEMA)))
    page = visit.page
    expect(page.locator("#waiting-text")).to_have_text("2 required fields are still empty.")
    visit.control("epochs").fill("7")
    has_changed(visit, "epochs")
    page.get_by_role("button", name="Check all").click()
    expect(visit.control("name")).to_be_focused()
    page.get_by_role("button", name="Reset Epochs").click()
    expect(visit.control("epochs")).to_have_value("3")
