"""The tabs of the preview: what belongs to a schema, as it is now."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from browser.preview_in_browser import SCHEMAS, Serving, Visiting, html_file, write

pytestmark = pytest.mark.slow

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

#: JavaScript has no such number.
LONG = 12345678901234567891
SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Sample",
    "properties": {
        "epochs": {"title": "Epochs", "type": "integer", "default": 5, "maximum": LONG},
        "seeds": {"title": "Seeds", "type": "array", "items": {"type": "integer", "minimum": LONG}},
        "token": {"title": "Token", "type": "string", "writeOnly": True, "default": "hunter2"},
    },
}


def test_documents_follow_the_form_and_the_schema(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    source = write(tmp_path / "sample.json", SCHEMA)
    visit = visiting(serving(source).url)
    page = visit.page
    text, keys = page.get_by_role("tabpanel"), page.keyboard
    page.locator("#documents > summary").click()
    expect(text).to_contain_text(f'"max": {LONG}')
    visit.control("token").fill("hunter3")
    page.get_by_role("tab", name="Form JSON").focus()
    keys.press("ArrowRight")
    expect(page.get_by_role("tab", name="Form model")).to_be_focused()
    visit.control("epochs").fill("7")
    expect(text).to_contain_text('"epochs": 7')
    assert json.loads(text.inner_text()) == {"epochs": 7, "token": "***"}
    page.get_by_role("tab", name="Class").click()
    expect(text).to_contain_text("class Sample(Settings):")
    assert "hunter" not in page.content()
    page.get_by_role("tab", name="JSON Schema").click()
    expect(text).to_contain_text('"writeOnly": true')
    expect(text).to_contain_text(f'"maximum": {LONG}')
    assert "hunter" not in page.content()
    visit.control("seeds").fill("[]")
    visit.field("seeds").locator("summary").click()
    visit.field("seeds").get_by_role("button", name="Add").click()
    expect(visit.control("seeds")).to_have_value(re.compile(rf"\[\s*{LONG}\s*\]"))
    page.get_by_role("tab", name="--help").click()
    expect(text).to_contain_text("--epochs INT")
    # What was open is open again, and shows what the schema says now.
    page.reload()
    expect(text).to_contain_text("usage: python -m settings.sample")
    properties = {"steps": {"type": "integer", "default": 1}}
    write(source, {**SCHEMA, "properties": properties})
    expect(text).to_contain_text("--steps INT")
    page.locator("#copy-document").click()
    expect(page.locator("#copy-document")).to_have_text("Copied the document")
    assert "--steps INT" in page.evaluate("navigator.clipboard.readText()")


def test_a_file_has_the_documents_too(tmp_path: Path, visiting: Visiting) -> None:
    visit = visiting(html_file(tmp_path, SCHEMAS / "segmentation.schema.json"))
    page = visit.page
    text = page.get_by_role("tabpanel")
    page.locator("#documents > summary").click()
    for name, found in (
        ("Form JSON", '"tag": "augmentation"'),
        ("Class", "class Augmentation(Settings):"),
        ("--help", "--augmentation.angle"),
        ("JSON Schema", '"$defs"'),
        ("Form model", '"epochs": 20'),
    ):
        page.get_by_role("tab", name=name).click()
        expect(text).to_contain_text(found)
    visit.control("training.epochs").fill("7")
    expect(text).to_contain_text('"epochs": 7')
