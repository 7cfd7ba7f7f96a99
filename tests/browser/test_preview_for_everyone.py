"""The preview for people with keyboards, screen readers and phones, by day and by night."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from browser.preview_in_browser import SCHEMAS, Serving, Visit, Visiting, form, write

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

pytestmark = pytest.mark.slow


def test_everything_can_be_done_by_keyboard(segmentation: Visit) -> None:
    page = segmentation.page
    keys = page.keyboard

    def focused() -> str:
        script = "document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText"
        return str(page.evaluate(script)).strip()

    keys.press("Tab")
    assert focused() == "Skip to the form"
    keys.press("Enter")
    keys.press("Tab")
    assert focused() == "Classes"
    seen = []
    for _ in range(200):
        keys.press("Tab")
        seen.append(focused())
        if seen[-1] == "Rotation":
            break
    keys.type("400")
    expect(page.locator("#problem-count")).to_have_text("1")
    # On to the summary: each of its links leads back to its field.
    for _ in range(200):
        keys.press("Tab")
        if page.evaluate("document.activeElement.matches('#problem-list a')"):
            break
    keys.press("Enter")
    expect(segmentation.control("augmentation.angle")).to_be_focused()
    keys.press("Control+A")
    keys.type("12")
    segmentation.has_config(augmentation__angle=12)
    keys.press("Shift+Tab")
    expect(page.locator(":focus")).to_have_css("outline-style", "solid")
    page.get_by_label("Preset").focus()
    keys.press("ArrowDown")
    segmentation.has_config(training__epochs=2)


def test_every_control_has_a_name(segmentation: Visit) -> None:
    script = """() => [...document.querySelectorAll("input, select, textarea, button, pre")]
        .filter((each) => !each.labels?.length && !each.textContent.trim())
        .filter((each) => !each.ariaLabel && !each.ariaLabelledByElements?.length)
        .map((each) => each.outerHTML)"""
    assert segmentation.page.evaluate(script) == []
    ids = segmentation.page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_is_wider_than_a_phone(
    tmp_path: Path, serving: Serving, visiting: Visiting, width: int
) -> None:
    long = "w" * 300
    text = {"type": "input", "inputType": "text"}
    wide = form(
        tmp_path,
        {"type": "label", "label": long},
        {**text, "model": long, "label": long, "hint": long, "help": long, "default": long},
        {"type": "select", "model": "s", "values": [long], "default": long},
        {"type": "checklist", "listBox": True, "model": "c", "values": [long]},
        presets={long: {"s": long}},
    )
    for source in (wide, SCHEMAS):
        visit = visiting(serving(source).url, viewport={"width": width, "height": 700})
        page = visit.page
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("navigation", name="Parts").get_by_role("link", name="Config").click()
        expect(page.locator("#config-text")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = page.locator("#config-text").bounding_box()
        assert box is not None
        assert box["width"] > width / 2


CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = (color) => {
    const [r, g, b] = [...rgba(color)].slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (rgba(color)[3] === 255) {
        return color;
      }
    }
    return "white";
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const controls = "input:not(:disabled, [type=checkbox]), select, textarea";
  const elements = new Set(document.querySelectorAll(controls));
  while (texts.nextNode()) {
    if (texts.currentNode.data.trim() && texts.currentNode.parentElement.checkVisibility()) {
      elements.add(texts.currentNode.parentElement);
    }
  }
  return [...elements]
    .filter((element) => !element.closest("button:disabled, option, script, style"))
    .map((element) => {
      const [one, other] = [getComputedStyle(element).color, ground(element)].map(light);
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      return [ratio, `${element.tagName} ${element.className} ${element.innerText?.slice(0, 30)}`];
    })
    .filter(([ratio]) => ratio < 4.5);
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_can_be_read_in_both_themes(
    tmp_path: Path, serving: Serving, visiting: Visiting, theme: str
) -> None:
    source = form(
        tmp_path,
        {"type": "label", "label": "Heading"},
        {
            "type": "input",
            "inputType": "number",
            "model": "a.n",
            "default": 1,
            "max": 5,
            "required": True,
            "help": "Help",
            "hint": "Hint",
        },
        {"type": "input", "inputType": "text", "model": "r", "readonly": True, "default": "x"},
        {"type": "unknown", "model": "u", "visible": False},
        {"type": "switch", "model": "s"},
        {"type": "checklist", "model": "c", "values": ["a"]},
        presets={"P": {"r": "y"}},
    )
    visit = visiting(serving(source).url, color_scheme=theme)
    visit.page.get_by_label("Show hidden fields").check()
    assert visit.page.evaluate(CONTRASTS) == []
    visit.control("a.n").fill("77")
    expect(visit.page.locator("#config-badge")).to_be_visible()
    assert visit.page.evaluate(CONTRASTS) == []


AXE = """async (rules) => {
  const found = await axe.run(document, {
    runOnly: rules ?? ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations", "incomplete"],
  });
  return [...found.violations, ...found.incomplete].flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html} ${node.any.map(({ message }) => message)}`)
  );
}"""
#: A field of each kind, and what stands beside fields.
KINDS = Path(__file__).with_name("every_field.form.json")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_doubts_nothing(
    tmp_path: Path, serving: Serving, visiting: Visiting, axe: str, theme: str
) -> None:
    document = json.loads(KINDS.read_text(encoding="utf-8"))
    # One of each kind: the time that it takes grows with what there is.
    kinds = {(each["type"], each.get("inputType")): each for each in reversed(document["fields"])}
    fields = [
        each
        for each in document["fields"]
        if each in kinds.values() or not each.get("visible", True)
    ]
    source = write(tmp_path / "kinds.form.json", {"fields": fields, "presets": {"P": {}}})
    visit = visiting(serving(source).url, color_scheme=theme)
    page = visit.page
    page.evaluate(f"{axe}; undefined")
    page.get_by_label("Show hidden fields").check()
    page.get_by_label("Preset").select_option("P")
    visit.control("input.number").fill("999")
    expect(page.locator("#problem-list li")).not_to_have_count(0)
    page.get_by_role("button", name="Fields of").first.click()
    for width in (390, 1280, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(AXE) == []
    page.get_by_label("Filter the fields").fill("number")
    assert page.evaluate(AXE) == []


def test_axe_decides_of_what_is_out_of_sight_and_under_help(
    tmp_path: Path, serving: Serving, visiting: Visiting, axe: str
) -> None:
    text = {"type": "textArea", "rows": 9, "help": "Help. " * 20, "hint": "H"}
    source = form(tmp_path, *({**text, "model": f"m{number}"} for number in range(20)))
    page = visiting(serving(source).url).page
    page.evaluate(f"{axe}; undefined")
    page.get_by_label("As the platform draws it").check()
    page.evaluate(
        "document.getElementById('form').classList.add('is-long')"
    )  # quicker than 100 fields
    page.get_by_role("button", name="Help: m0", exact=True).focus()
    expect(page.locator("#form .help").first).to_be_visible()
    assert page.evaluate(AXE, ["color-contrast"]) == []


def test_the_theme_follows_the_system_or_the_choice(segmentation: Visit) -> None:
    page = segmentation.page

    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    page.emulate_media(color_scheme="light")
    light = ground()
    page.emulate_media(color_scheme="dark")
    dark = ground()
    assert dark != light
    page.get_by_label("Theme").select_option("Light")
    assert ground() == light
    page.reload()
    expect(page.get_by_label("Theme")).to_have_value("light")
    assert ground() == light
    page.emulate_media(color_scheme="light")
    page.get_by_label("Theme").select_option("Dark")
    assert ground() == dark
