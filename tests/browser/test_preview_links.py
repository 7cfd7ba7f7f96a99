"""Links into the preview: to a preset, a field, and what was typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browser.preview_in_browser import SCHEMAS, Serving, Visit, Visiting, html_file, write

pytestmark = pytest.mark.slow

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

SEGMENTATION = SCHEMAS / "segmentation.schema.json"


def values(found: Any) -> str:
    return "#&values=" + quote(json.dumps(found))


def copied(visit: Visit) -> str:
    """What "Copy link" copies."""
    visit.page.get_by_role("button", name="Copy link").click()
    expect(visit.page.locator("#toast")).to_contain_text("link is copied")
    return str(visit.page.evaluate("navigator.clipboard.readText()"))


def test_a_link_opens_a_preset_a_field_and_what_was_typed(
    serving: Serving, visiting: Visiting
) -> None:
    url = serving(SEGMENTATION).url
    visit = visiting(f"{url}?preset=Quick%20look#model.decoder.dropout")
    expect(visit.control("model.decoder.dropout")).to_be_focused()
    visit.has_config(training__epochs=2)
    visit.control("notes").fill("a & b = #1")
    visit.control("seed").fill("7")
    visit.control("classes").fill("[")
    link = copied(visit)
    other = visiting(link)
    expect(other.control("model.decoder.dropout")).to_be_focused()
    expect(other.control("notes")).to_have_value("a & b = #1")
    expect(other.control("classes")).to_have_value("[")
    expect(other.control("seed")).to_have_value("7")
    expect(other.page.get_by_label("Preset")).to_have_value("1")
    # Taken in, the values are typed ones: the address has no more of them, a reload keeps them.
    other.page.wait_for_function("!location.hash.includes('values')")
    other.control("seed").fill("8")
    other.page.reload()
    expect(other.control("seed")).to_have_value("8")
    expect(other.control("notes")).to_have_value("a & b = #1")


@pytest.mark.slow
def test_links_work_in_a_file_too(tmp_path: Path, visiting: Visiting) -> None:
    url = html_file(tmp_path, SCHEMAS)
    visit = visiting(f"{url}?schema=segmentation&preset=Quick%20look#training.epochs")
    expect(visit.page.locator("h1")).to_have_text("Segmentation training")
    visit.has_config(training__epochs=2)
    expect(visit.control("training.epochs")).to_be_focused()
    visit.control("training.epochs").fill("5")
    other = visiting(copied(visit))
    other.has_config(training__epochs=5)
    # What was typed into one schema is there again after a look at another.
    other.page.get_by_label("Schema").select_option("test_report")
    expect(other.page.locator("h1")).to_have_text("Test report")
    other.page.get_by_label("Schema").select_option("segmentation")
    other.has_config(training__epochs=5)


def test_secrets_are_in_no_link(tmp_path: Path, serving: Serving, visiting: Visiting) -> None:
    token = {"type": "string", "writeOnly": True, "title": "Token"}
    accounts = {"type": "object", "properties": {"token": token}}
    properties = {
        "name": {"type": "string", "default": "a"},
        "token": token,
        "accounts": {"type": "array", "items": accounts, "title": "Accounts"},
    }
    source = write(tmp_path / "secret.json", {"type": "object", "properties": properties})
    visit = visiting(serving(source).url)
    visit.control("name").fill("b")
    visit.control("token").fill("hush")
    visit.control("accounts").fill('[{"token": "hush"}]')
    visit.has_config(name="b")
    link = copied(visit)
    assert "hush" not in link
    assert '"name":"b"' in link.replace("%22", '"').replace("%3A", ":")
    expect(visit.page.locator("#toast")).to_contain_text("Without the secret values of Token, Acc")
    assert "hush" not in visit.page.evaluate("JSON.stringify({...sessionStorage})")
    # Nor does one fill them in.
    other = visiting(visit.origin + values({"name": "c", "token": "theirs"}))
    other.has_config(name="c")
    expect(other.control("token")).to_have_value("")
    expect(other.page.locator("#toast")).to_contain_text("1 value of it fit no field")


def test_hostile_links_do_no_harm(serving: Serving, visiting: Visiting) -> None:
    url = serving(SEGMENTATION).url
    markup = "<img src=x onerror=hacked=1>"
    visit = visiting(f"{url}?preset={quote(markup)}#__proto__")
    page = visit.page
    toast = page.locator("#toast")
    expect(toast).to_contain_text(f"There is no preset “{markup}”")
    expect(toast).to_contain_text("There is no field “__proto__”")
    for link, told in [
        (f"#{quote(markup)}", f"There is no field “{markup}”"),
        ("#%E0%A4%A", "There is no field “%E0%A4%A”"),
        ("#&values=[1", "The values of the link cannot be read"),
        ("#&values=%E0%A4%A", "The values of the link cannot be read"),
        (values([1]), "The values of the link cannot be read"),
        (values({"__proto__": {"a": 1}, "constructor": 1, "x.y": 1}), "filled in 0 fields. 3 "),
        (values({"notes": {"a": 1}, "model.pretrained": "no"}), "filled in 0 fields. 2 values"),
        (values({"training.loss": markup, "notes": markup}), "filled in 1 field. 1 value"),
    ]:
        page.evaluate("link => { location.hash = link }", link)
        expect(toast).to_contain_text(told)
        page.evaluate("document.getElementById('toast').textContent = ''")
    expect(page.locator("#verdict")).to_have_text("The generated class accepts this form.")
    assert page.evaluate("[window.hacked, ({}).a]") == [None, None]
    assert page.locator("img").count() == 0


@pytest.mark.slow
def test_what_a_link_replaces_can_be_had_back(segmentation: Visit) -> None:
    page = segmentation.page
    segmentation.control("notes").fill("mine")
    segmentation.has_config(notes="mine")
    page.evaluate("address => { location.hash = address }", values({"notes": "theirs"}))
    segmentation.has_config(notes="theirs")
    page.get_by_role("button", name="Undo").click()
    segmentation.has_config(notes="mine")
