"""What the preview shows of a form that is refused: by whom, and what is wrong in its config."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser.preview_in_browser import Serving, Visit, Visiting, form, write

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"title": "Name", "type": "string"},
        "epochs": {"title": "Epochs", "type": "integer", "default": 5, "maximum": 9},
        "classes": {
            "title": "Classes",
            "type": "array",
            "items": {"type": "object", "properties": {"id": {"type": "integer"}}},
            "default": [{"id": 1}, {"id": 2}],
        },
        "odd key": {"title": "Odd", "type": "integer", "default": 1, "maximum": 3},
    },
    "required": ["name"],
}


@pytest.fixture
def visit(tmp_path: Path, serving: Serving, visiting: Visiting) -> Visit:
    return visiting(serving(write(tmp_path / "sample.json", SCHEMA)).url)


def marked(visit: Visit, panel: str) -> Locator:
    return visit.page.locator(f"#{panel}-text .line.is-wrong")


def test_the_class_and_the_form_itself_say_what_they_find(visit: Visit) -> None:
    page = visit.page
    of_class, of_form = page.locator("#verdict"), page.locator("#form-verdict")
    difference = page.locator("#difference")
    visit.control("name").fill("a")
    expect(of_class).to_have_text("The generated class accepts this form.")
    expect(of_form).to_have_text("The form itself finds nothing wrong.")
    expect(difference).to_be_hidden()
    # The class alone looks into JSON.
    visit.control("classes").fill('[{"id": "x"}]')
    expect(of_class).to_have_text("The generated class refuses this form:")
    expect(page.locator("#problem-list")).to_contain_text("Classes, [0].id: must be")
    expect(of_form).to_have_text("The form itself finds nothing wrong.")
    expect(difference).to_contain_text("can be sent; the program then refuses it")
    # The form alone takes an emptied number for a wrong one.
    visit.control("classes").fill("[]")
    visit.control("epochs").fill("")
    visit.control("name").focus()
    expect(of_class).to_have_text("The generated class accepts this form.")
    expect(of_form).to_have_text("The form itself finds this wrong:")
    expect(page.locator("#form-problem-list")).to_have_text("Epochs: must be a number")
    expect(difference).to_contain_text("cannot be sent, though the program would take it")
    expect(visit.field("epochs").locator(".errors")).to_have_text(
        "The form itself: must be a number"
    )
    expect(page.locator("#problem-count")).to_have_text("1")
    # Both of them.
    visit.control("epochs").fill("77")
    expect(page.locator("#problem-list")).to_have_text("Epochs: must be at most 9 (got 77)")
    expect(page.locator("#form-problem-list")).to_have_text("Epochs: must be at most 9")
    expect(difference).to_be_hidden()
    expect(page.locator("#problem-count")).to_have_text("1")


def test_what_is_wrong_is_marked_in_config_and_command_line(visit: Visit) -> None:
    page = visit.page
    visit.control("epochs").fill("77")
    visit.has_config(epochs=77, classes=[{"id": 1}, {"id": 2}])
    wrong = marked(visit, "config")
    expect(wrong).to_have_text(["{", '"epochs": 77,'])
    expect(wrong.nth(0)).to_have_attribute("data-problem", "name: is required")
    expect(wrong.nth(1)).to_have_attribute("data-problem", "must be at most 9 (got 77)")
    expect(page.locator("#config-badge")).to_have_text("refused")
    expect(page.locator("#command-badge")).to_have_text("refused")
    expect(marked(visit, "command")).to_have_text(
        ["python -m settings.sample \\", "  --epochs=77"], use_inner_text=True
    )
    # What is copied has no marks in it.
    page.locator("#copy-config").click()
    expect(page.locator("#copy-config")).to_have_text("Copied the config")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "must be" not in copied
    assert '"epochs": 77' in copied
    # What its own flag cannot say stands in JSON.
    visit.control("name").fill("a")
    visit.control("epochs").fill("5")
    visit.control("classes").fill("[{")
    visit.has_config(name="a", classes="[{")
    expect(wrong).to_have_text('"classes": "[{",')
    expect(marked(visit, "command")).to_contain_text("--.=")
    visit.control("classes").fill("[]")
    expect(wrong).to_have_count(0)
    expect(marked(visit, "command")).to_have_count(0)
    expect(page.locator("#config-badge")).to_be_hidden()


def test_a_field_and_its_line_in_the_config_lead_to_each_other(visit: Visit) -> None:
    page = visit.page
    lit = page.locator("#config-text .line.is-lit")
    visit.control("name").fill("a")
    visit.has_config(name="a")
    expect(lit).to_have_text('"name": "a",')
    visit.control("classes").focus()
    expect(lit.first).to_have_text('"classes": [')
    expect(lit).to_have_count(8)
    # The lit line is one Tab behind the config, the others are reached by arrows.
    page.locator("#config-text").focus()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text('"classes"')
    page.keyboard.press("ArrowUp")
    expect(page.locator(":focus")).to_have_text('"epochs"')
    page.keyboard.press("Enter")
    expect(visit.control("epochs")).to_be_focused()
    expect(lit).to_have_text('"epochs": 5,')
    page.locator("#config-text").get_by_text('"odd key"').click()
    expect(visit.control("odd key")).to_be_focused()
    # Lines inside of a value belong to the field that holds it.
    page.locator("#config-text").get_by_text('"id"').nth(1).click()
    expect(visit.control("classes")).to_be_focused()


def test_a_form_that_the_library_cannot_check_is_told(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    field = {"type": "input", "inputType": "text", "model": "a", "validator": "nope"}
    visit = visiting(serving(form(tmp_path, field)).url)
    expect(visit.page.locator("#form-verdict")).to_have_text(
        "The form itself cannot be checked by the form library: it knows no validator “nope”."
    )
    expect(visit.page.locator("#verdict")).to_have_text("The generated class accepts this form.")
