"""The preview follows its schemas, broken and mended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser.preview_in_browser import SCHEMAS, Serving, Visiting, write

pytestmark = pytest.mark.slow

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_the_page_follows_the_schema_and_keeps_what_was_typed(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    name = {"title": "Name", "type": "string", "default": "a"}
    kind = {"title": "Kind", "enum": ["x", "y"], "default": "x"}
    schema: dict[str, Any] = {"type": "object", "properties": {"name": name, "kind": kind}}
    source = write(tmp_path / "sample.json", {**schema, "title": "First"})
    server = serving(source)
    visit = visiting(server.url)
    page = visit.page
    visit.control("name").fill("typed")
    visit.control("kind").select_option("y")
    visit.has_config(name="typed", kind="y")
    visit.control("name").press("ArrowLeft")
    schema["properties"] = {
        "epochs": {"title": "Epochs", "type": "integer", "default": 3},
        "name": {**name, "title": "Full name", "maxLength": 4},
        "kind": {**kind, "enum": ["x", "z"]},
    }
    write(source, {**schema, "title": "Second"})
    expect(page.locator("h1")).to_have_text("Second")
    expect(visit.control("epochs")).to_have_value("3")
    named = page.get_by_role("textbox", name="Full name")
    expect(named).to_have_value("typed")
    expect(named).to_be_focused()
    assert page.evaluate("document.activeElement.selectionStart") == 4
    # The new limit holds, and the choice that is none any more is gone.
    expect(visit.field("name")).to_contain_text("at most 4")
    expect(visit.control("kind")).to_have_value("0")
    source.write_text('{"type": ', encoding="utf-8")
    expect(page.get_by_role("alert")).to_contain_text("cannot be compiled")
    expect(page.get_by_role("alert")).to_contain_text("sample.json:1:")
    expect(named).to_have_value("typed")
    visit.control("epochs").fill("9")
    write(source, {**schema, "title": "Third"})
    expect(page.locator("h1")).to_have_text("Third")
    expect(page.locator("#notice")).to_be_hidden()
    expect(visit.control("epochs")).to_have_value("9")
    server.watch.stop()
    server.shutdown()
    server.server_close()
    expect(page.get_by_role("alert")).to_contain_text("The preview has ended")


def test_a_broken_schema_can_be_mended_in_front_of_the_page(
    tmp_path: Path, serving: Serving, browser: Browser
) -> None:
    source = write(tmp_path / "sample.json", {"type": "objekt"})
    server = serving(source)
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(server.url)
        expect(page.get_by_role("alert")).to_contain_text("objekt")
        write(source, {"type": "object", "properties": {"a": {"type": "string", "default": "b"}}})
        expect(page.locator("#config-text")).to_contain_text('"a": "b"')
        expect(page.get_by_role("alert")).to_be_hidden()
    finally:
        context.close()


def test_schemas_are_chosen_from_a_list(serving: Serving, visiting: Visiting) -> None:
    visit = visiting(serving(SCHEMAS).url)
    page = visit.page
    expect(page.locator("h1")).to_have_text("Classifier")
    visit.control("training.epochs").fill("99")
    visit.has_config(training__epochs=99)
    page.get_by_label("Schema").select_option("test_report")
    expect(visit.command).to_contain_text("python -m settings.test_report")
    page.get_by_label("Schema").select_option("classifier")
    expect(visit.control("training.epochs")).to_have_value("99")
