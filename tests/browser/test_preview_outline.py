"""The outline of the preview: links to fields, the filter over them, and sections that fold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser.preview_in_browser import Serving, Visit, Visiting, write

pytestmark = pytest.mark.slow

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect


def outline(visit: Visit) -> Any:
    return visit.page.get_by_role("navigation", name="Fields of the form")


def seen(visit: Visit) -> Any:
    """The models of the fields that can be seen."""
    return visit.page.locator(".field:visible code.path")


def test_the_filter_shows_what_has_all_words(segmentation: Visit) -> None:
    page = segmentation.page
    whole = seen(segmentation).count()
    keys = page.keyboard
    keys.press("/")
    expect(page.get_by_label("Filter the fields")).to_be_focused()
    keys.type("DECODER  drop")
    expect(seen(segmentation)).to_have_text(["model.decoder.dropout"])
    expect(page.locator("#found")).to_have_text(f"1 of {whole} fields")
    # The sections around it are seen, and no others, here as in the outline.
    expect(page.locator(".heading:visible :is(h2, h3)")).to_have_text(["Model", "Decoder"])
    expect(outline(segmentation).locator(".link:visible")).to_have_text(
        ["Model", "Decoder", "Dropout"]
    )
    # Help, models and names of choices have words too.
    page.get_by_label("Filter the fields").fill("largest rotation")
    expect(seen(segmentation)).to_have_text(["augmentation.angle"])
    page.get_by_label("Filter the fields").fill("training.lo focal")
    expect(seen(segmentation)).to_have_text(["training.loss"])
    page.get_by_label("Filter the fields").fill("nothing has this")
    expect(seen(segmentation)).to_have_count(0)
    page.get_by_role("button", name="Show all").click()
    expect(seen(segmentation)).to_have_count(whole)
    expect(page.get_by_label("Filter the fields")).to_be_focused()


@pytest.mark.slow
def test_arrows_lead_from_the_filter_to_a_field(segmentation: Visit) -> None:
    page = segmentation.page
    keys = page.keyboard
    # Where a slash can be typed, it is.
    segmentation.control("notes").fill("")
    keys.type("a/b")
    expect(segmentation.control("notes")).to_have_value("a/b")
    page.get_by_label("Filter the fields").fill("decoder")
    keys.press("ArrowDown")
    expect(page.locator(":focus")).to_have_text("Model")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(page.locator(":focus")).to_have_text("Channels")
    keys.press("Enter")
    expect(segmentation.control("model.decoder.channels")).to_be_focused()
    expect(outline(segmentation).locator("[aria-current]")).to_have_text("Channels")
    page.get_by_label("Filter the fields").focus()
    keys.press("Escape")
    expect(page.get_by_label("Filter the fields")).to_have_value("")
    expect(segmentation.field("notes")).to_be_visible()
    # The key can be turned off, for those whose voice or shaking hand hits it.
    page.get_by_label("leads here").uncheck()
    page.reload()
    expect(page.get_by_label("leads here")).not_to_be_checked()
    page.locator("#contents summary").focus()
    keys.press("/")
    expect(page.locator("#contents summary")).to_be_focused()


def test_sections_fold_and_problems_lead_into_them(segmentation: Visit) -> None:
    page = segmentation.page
    toggle = page.get_by_role("button", name="Fields of Model", exact=True)
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(segmentation.field("model.backbone")).to_be_hidden()
    # The section in it is gone with it, the next one is not.
    expect(segmentation.field("model.decoder.dropout")).to_be_hidden()
    expect(segmentation.field("augmentation.angle")).to_be_visible()
    expect(page.locator(".heading", has=toggle)).to_contain_text("5 fields")
    # The filter finds what is folded, and leaves it so.
    page.get_by_label("Filter the fields").fill("backbone")
    expect(segmentation.field("model.backbone")).to_be_visible()
    page.get_by_label("Filter the fields").fill("")
    expect(segmentation.field("model.backbone")).to_be_hidden()
    outline(segmentation).get_by_role("link", name="Dropout").click()
    expect(segmentation.control("model.decoder.dropout")).to_be_focused()
    expect(segmentation.field("model.backbone")).to_be_visible()
    segmentation.control("model.decoder.dropout").fill("7")
    expect(outline(segmentation).get_by_role("link", name="Dropout has a problem")).to_be_visible()
    expect(outline(segmentation).get_by_role("link", name="Model 1 problem")).to_be_visible()
    page.get_by_role("button", name="Fold all").click()
    expect(segmentation.field("model.decoder.dropout")).to_be_hidden()
    page.locator("#problem-list").get_by_role("link", name="Dropout").click()
    expect(segmentation.control("model.decoder.dropout")).to_be_focused()
    # A redrawn form is folded as it was.
    page.get_by_label("Preset").select_option("Quick look")
    segmentation.has_config(training__epochs=2)
    expect(segmentation.field("training.epochs")).to_be_hidden()
    page.get_by_role("button", name="Fold all").click()
    page.get_by_role("button", name="Unfold all").click()
    expect(segmentation.field("training.epochs")).to_be_visible()


TOUCHED = """() => {
  window.touched = new Set();
  const observer = new MutationObserver((records) => {
    records.forEach(({ target, addedNodes }) => {
      [target, ...addedNodes].forEach((each) => touched.add(each));
    });
  });
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  observer.observe(document, all);
}"""


@pytest.mark.slow
def test_a_long_form_lists_its_sections_and_leads_to_each_field(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    def section(name: str) -> dict[str, Any]:
        field = {"type": "array", "items": {"type": "integer"}, "default": [1, 2, 3]}
        fields = {f"{name}_{i}": {**field, "title": f"{name}_{i}"} for i in range(20)}
        return {"type": "object", "title": name, "properties": fields}

    properties = {f"s{i}": section(f"f{i}") for i in range(6)}
    source = write(tmp_path / "long.json", {"type": "object", "properties": properties})
    visit = visiting(serving(source).url)
    page = visit.page
    expect(outline(visit).locator("a:visible")).to_have_count(6)
    page.get_by_role("button", name="Links to the fields of f4").click()
    expect(outline(visit).locator("a:visible")).to_have_count(26)
    outline(visit).get_by_role("link", name="f4_3", exact=True).click()
    expect(visit.control("s4.f4_3")).to_be_focused()
    expect(visit.control("s4.f4_3")).to_be_in_viewport(ratio=1)
    visit.control("s4.f4_3").fill("[4]")
    visit.has_config(s4__f4_3=[4])
    # What is typed in one field leaves nearly all of a long page as it is.
    page.evaluate(TOUCHED)
    visit.control("s4.f4_3").fill("[4, 5]")
    visit.has_config(s4__f4_3=[4, 5])
    assert 0 < page.evaluate("touched.size") < 40
