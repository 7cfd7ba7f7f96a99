"""The page of `brevetti-gen docs`, as people read it in a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from brevetti_gen.cli import main as cli
from browser.preview_in_browser import SCHEMAS
from browser.test_preview_for_everyone import CONTRASTS

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

Reading = Callable[..., "Page"]
GOLDEN = SCHEMAS.parent / "tests" / "golden" / "docs"
HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of the example schemas, as a file."""
    return made(tmp_path_factory.mktemp("docs"), SCHEMAS)


def made(folder: Path, schemas: Path) -> str:
    assert cli.main(["docs", str(schemas), "-o", str(folder / "docs")]) == 0
    return (folder / "docs" / "index.html").as_uri()


@pytest.fixture
def reading(browser: Browser) -> Iterator[Reading]:
    """`reading(address)` opens a page; it must ask for nothing and complain of nothing."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def read(url: str, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(60_000)  # on a busy machine, of a page with Plotly
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: _note(request.url, url, complaints))
        page.goto(url)
        return page

    yield read
    for context in contexts:
        context.close()
    assert complaints == []


def _note(asked: str, url: str, complaints: list[str]) -> None:
    if asked.partition("#")[0] != url.partition("#")[0] and asked != "data:,":
        complaints.append(f"asked for {asked}")


def shown(page: Page) -> list[str]:
    """The settings that can be seen."""
    return page.locator(".setting:visible h4 code").all_inner_texts()


def test_the_search_shows_what_has_all_words(reading: Reading, address: str) -> None:
    page = reading(address)
    whole = len(shown(page))
    page.get_by_label("Search").fill("Learn  rate")
    assert shown(page) == ["training.learning_rate", *["training.optimizer.learning_rate"] * 2]
    expect(page.get_by_role("status")).to_have_text(f"3 of {whole} settings")
    expect(page.locator(".section:visible h3").first).to_be_visible()
    expect(page.locator("table:visible")).to_have_count(0)
    # Flags and values are found too, and the module's own words.
    page.get_by_label("Search").fill("--training.loss")
    assert set(shown(page)) == {"training.loss"}
    page.get_by_label("Search").fill("test report threshold")
    assert shown(page) == ["threshold", "class_thresholds"]
    page.get_by_label("Search").fill("nothing has this")
    assert shown(page) == []
    page.get_by_role("button", name="Show all").click()
    assert len(shown(page)) == whole
    expect(page.get_by_label("Search")).to_be_focused()


def test_all_can_be_found_by_keyboard(reading: Reading, address: str) -> None:
    page = reading(address)
    keys = page.keyboard
    keys.press("/")
    keys.type("threshold")
    assert shown(page) == ["threshold", "class_thresholds"]
    focused = page.locator(":focus")
    keys.press("ArrowDown")
    expect(focused).to_have_text("threshold")
    keys.press("ArrowDown")
    expect(focused).to_have_text("class_thresholds")
    keys.press("ArrowDown")
    expect(focused).to_have_text("class_thresholds")
    keys.press("Enter")
    expect(page).to_have_url(f"{address}#test_report-class_thresholds")
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    expect(page.get_by_label("Search")).to_be_focused()
    keys.press("Escape")
    expect(page.get_by_label("Search")).to_have_value("")
    assert len(shown(page)) > 2


def test_links_lead_also_to_what_the_search_hides(reading: Reading, address: str) -> None:
    page = reading(f"{address}#segmentation-training.epochs")
    expect(page.locator("h4:target")).to_be_in_viewport()
    page.get_by_label("Search").fill("threshold")
    page.evaluate("location.hash = '#segmentation-augmentation'")
    expect(page.locator("h3:target")).to_be_in_viewport()
    expect(page.get_by_label("Search")).to_have_value("")
    page.get_by_role("navigation").get_by_role("link", name="early_stopping").click()
    expect(page.locator("h3:target")).to_have_text("Early stopping training.early_stopping")
    expect(page.get_by_role("navigation").locator("[aria-current]")).to_have_count(1)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_contents_follow_what_is_read(reading: Reading, address: str, width: int) -> None:
    page = reading(address, viewport={"width": width, "height": 700})
    here = page.get_by_role("navigation").locator("[aria-current]")
    page.evaluate("document.getElementById('test_report-gates').scrollIntoView()")
    place = page.evaluate("scrollY")
    expect(here).to_have_text("gates")
    assert page.evaluate("scrollY") == place


def test_the_page_can_be_read_without_its_script(reading: Reading, address: str) -> None:
    page = reading(address, java_script_enabled=False)
    expect(page.locator(".setting h4").first).to_be_visible()
    expect(page.locator(".finder")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_is_wider_than_a_phone(tmp_path: Path, reading: Reading, width: int) -> None:
    long = "w" * 300
    schema = {
        "title": long,
        "properties": {long: {"default": long, "description": long, "enum": [long]}},
        "x-presets": {long: {long: long}},
    }
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "a.json").write_text(json.dumps(schema), encoding="utf-8")
    page = reading(made(tmp_path, tmp_path / "s"), viewport={"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Search").fill("w")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_can_be_read_in_both_themes(reading: Reading, address: str, theme: str) -> None:
    page = reading(f"{address}#segmentation-training", color_scheme=theme)
    assert page.evaluate(CONTRASTS) == []


def test_axe_finds_nothing(tmp_path: Path, reading: Reading, axe: str) -> None:
    page = reading(made(tmp_path, GOLDEN))
    page.evaluate(f"{axe}; undefined")
    page.get_by_label("Search").fill("size")
    page.get_by_label("Search").fill("")
    script = """async () => (await axe.run()).violations.map(
        (each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html)}`)"""
    assert page.evaluate(script) == []


def test_texts_of_strangers_stay_text(tmp_path: Path, reading: Reading) -> None:
    title = {"title": HOSTILE, "description": HOSTILE}
    properties = {HOSTILE: {"type": "string", "default": HOSTILE, **title}}
    schema = {**title, "properties": properties, "x-presets": {HOSTILE: {HOSTILE: HOSTILE + "2"}}}
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "a.json").write_text(json.dumps(schema), encoding="utf-8")
    page = reading(made(tmp_path, tmp_path / "s"))
    expect(page.locator("h2").first).to_have_text(HOSTILE)
    expect(page.locator("caption")).to_have_text(HOSTILE)
    page.get_by_label("Search").fill("onerror")
    assert len(shown(page)) == 1
    assert page.evaluate("window.hacked") is None
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, object, embed").count() == 0
