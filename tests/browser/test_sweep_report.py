"""The report of a sweep, as people read it in a browser, without a network."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from brevettiai.sweep.folder import SweepFolder
from brevettiai.sweep.runs import Run
from browser.test_preview_for_everyone import CONTRASTS
from browser.test_reference_page import HOSTILE
from browser.test_reference_page import reading as reading
from standins.sweeps import Sweep

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect
pytest.importorskip("optuna", reason="needs the extra `sweep`")
pytest.importorskip("plotly", reason="needs the extra `sweep`")

Reading = Callable[..., "Page"]
LINK = '<b>bold</b><a href="javascript:window.hacked = 1">x</a>'
SCHEMA = {
    "type": "object",
    "properties": {
        "rate": {"type": "number", "minimum": 0.001, "maximum": 1},
        HOSTILE: {"enum": [HOSTILE, LINK]},
        LINK: {"type": "number", "minimum": 0, "maximum": 1},
    },
}


def written(folder: Path, cls: Any, goal: str) -> str:
    """The address of the report of a sweep in which all that can be is hostile."""
    from brevettiai.sweep.reports import report_of

    def job(run: Run) -> Iterator[dict[str, Any]]:
        rate = run.config["rate"]
        if run.number % 5 == 4:
            raise RuntimeError(HOSTILE)
        for step in range(4):
            yield {LINK: rate + 1 / (step + 1)}
        return {LINK: rate, HOSTILE: 1 - rate * rate}

    sweep = Sweep(cls, str(folder / "sweep"), "*")
    program = f"-m {shlex.quote(HOSTILE)}"
    sweep.drive(job, goal=goal, runs=20, search="random", program=program)
    page = folder / "report.html"
    page.write_text(report_of(SweepFolder(sweep.folder)), encoding="utf-8")
    return page.as_uri()


def drawn(page: Page) -> Page:
    """All figures of a page are drawn."""
    figures = page.locator("[data-figure]")
    for figure in figures.all():
        figure.scroll_into_view_if_needed()
    expect(page.locator(".is-drawn")).to_have_count(figures.count(), timeout=60_000)
    return page


@pytest.mark.parametrize("goal", [f"min {LINK}", f"min {LINK}, max {HOSTILE}"])
def test_texts_of_strangers_stay_text(
    tmp_path: Path, class_of: Any, reading: Reading, axe: str, goal: str
) -> None:
    address = written(tmp_path, class_of(SCHEMA), goal)
    page = drawn(reading(address))
    expect(page.get_by_role("heading", level=1)).to_contain_text(HOSTILE)
    assert page.locator("img, iframe, object, embed, main a").count() == 0
    assert page.locator("svg a").count() == 0
    # Plotly would have made it bold.
    assert page.locator("svg [style*=bold]").count() == 0
    assert page.locator("svg text", has_text="<b>bold</b>").count() > 0
    assert page.evaluate("window.hacked") is None

    page.evaluate(f"{axe}; undefined")
    script = """async () => (await axe.run()).violations.map(
        (each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html)}`)"""
    assert page.evaluate(script) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_any_screen_in_both_themes(
    tmp_path: Path, class_of: Any, reading: Reading, theme: str, width: int
) -> None:
    address = written(tmp_path, class_of(SCHEMA), f"min {LINK}")
    size = {"width": width, "height": 900}
    page = drawn(reading(address, viewport=size, color_scheme=theme, java_script_enabled=True))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRASTS) == []
    page.emulate_media(color_scheme="dark" if theme == "light" else "light")
    expect(page.locator("[data-figure] text").first).to_be_visible()


def test_what_is_shown_can_be_copied(tmp_path: Path, class_of: Any, reading: Reading) -> None:
    page = reading(written(tmp_path, class_of(SCHEMA), f"min {LINK}"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy: Settings file").click()
    expect(page.locator(".copied [role=status]").nth(1)).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".copied pre").nth(1).text_content()


def test_the_page_can_be_read_without_its_script(
    tmp_path: Path, class_of: Any, reading: Reading
) -> None:
    address = written(tmp_path, class_of(SCHEMA), f"min {LINK}")
    page = reading(address, java_script_enabled=False)
    expect(page.get_by_role("heading", name="Best settings")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("region", name="Runs", exact=True)).to_be_visible()
