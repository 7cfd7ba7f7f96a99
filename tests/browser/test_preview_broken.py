"""A schema that is broken while one looks at its form: what is told, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.preview_in_browser import Serving, Visiting

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

LINES = [
    '{"type": "object", "properties": {',
    '  "training": {"type": "object", "properties": {',
    '    "epochs": {"type": "integer", "default": 3}',
    "  }},",
    '  "size": {"$ref": "#/$defs/Size"},',
    *(f'  "field{number}": {{"type": "string", "default": "x"}},' for number in range(30)),
    '  "last/one": {"title": "Last one", "type": "string", "default": "y"}',
    '}, "$defs": {"Size": {"type": "object", "properties": {',
    '  "width": {"title": "Width", "type": "integer", "default": 9}',
    "}}}}",
]
OLD = "The class of the last version accepts this form."


@pytest.mark.slow
def test_a_broken_schema_is_told_where_one_is_looking(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    source = tmp_path / "sample.json"

    def write(*changes: tuple[str, str]) -> None:
        text = "\n".join(LINES)
        for old, new in changes:
            text = text.replace(old, new)
        source.write_text(text, encoding="utf-8")

    write()
    visit = visiting(serving(source).url)
    page = visit.page
    notice = page.get_by_role("alert")
    visit.control("training.epochs").fill("7")
    visit.control("last/one").fill("typed")
    write(('"integer"', '"int"'), ('"type": "string", "default": "y"', '"type": 5'))
    # Far below, the notice is in sight, with the lines; the form stays, and says that it is old.
    expect(notice).to_be_in_viewport()
    expect(notice).to_contain_text("sample.json:3:24")
    expect(notice.locator(".excerpt").first).to_have_text(
        '3     "epochs": {"type": "int", "default": 3}'
    )
    expect(notice.locator(".excerpt mark").first).to_have_text('"int"')
    expect(page.locator("#age")).to_contain_text("last version that could be compiled")
    expect(page.locator("#verdict")).to_have_text(OLD)
    broken = visit.field("training.epochs").locator(".broken")
    expect(broken).to_contain_text('broken here, in line 3: "type" must be one of')
    expect(visit.field("last/one").locator(".broken")).to_contain_text("in line 36")
    expect(visit.control("last/one")).to_have_value("typed")
    notice.get_by_role("link", name="To “Epochs”").click()
    expect(visit.control("training.epochs")).to_be_focused()
    # What has the keyboard does not lie below the notice.
    script = """() => document.activeElement.getBoundingClientRect().top >=
        document.getElementById("notice").getBoundingClientRect().bottom"""
    page.wait_for_function(script)
    visit.control("training.epochs").fill("8")
    visit.has_config(training__epochs=8)
    # A definition is shown where it is used.
    write(('"default": 9', '"minimum": "x"'))
    expect(notice.get_by_role("link")).to_have_text(["To “Width”"])
    expect(visit.field("size.width").locator(".broken")).to_contain_text("in line 38")
    # A text that is no JSON has no pointers.
    write(('"default": 3', '"default" 3'))
    expect(notice.locator(".excerpt mark")).to_have_text(["3"])
    expect(page.locator(".broken")).to_have_count(0)
    write(('"Last one"', '"The very last"'))
    expect(notice).to_be_hidden()
    expect(page.locator("#age")).to_be_hidden()
    expect(visit.field("last/one")).to_contain_text("The very last")
    expect(visit.control("training.epochs")).to_have_value("8")
    expect(page.locator("#verdict")).to_have_text("The generated class accepts this form.")
