"""Texts of strangers in the preview stay text."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.preview_in_browser import Serving, Visit, Visiting, form, html_file, write

pytestmark = pytest.mark.slow

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>]]>"


def hostile_schema(folder: Path) -> Path:
    title = {"title": HOSTILE, "description": HOSTILE}
    return write(
        folder / "hostile.json",
        {
            "type": "object",
            **title,
            "properties": {
                "text": {"type": "string", "default": HOSTILE, **title},
                "choice": {"enum": [HOSTILE, "b"], "default": HOSTILE, **title},
                "ticks": {"type": "array", "items": {"enum": [HOSTILE]}, **title},
                "number": {"type": "integer", "maximum": 1, **title},
                "inner": {"type": "object", "properties": {"deep": {"default": 1}}, **title},
            },
            "x-presets": {HOSTILE: {"text": HOSTILE + "2"}},
        },
    )


def assert_harmless(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("h1")).to_have_text(HOSTILE)
    assert page.title() == f"{HOSTILE} · form preview"
    expect(visit.control("text")).to_have_value(HOSTILE)
    page.get_by_label("Preset").select_option(index=1)
    expect(visit.control("text")).to_have_value(HOSTILE + "2")
    visit.control("number").fill("5")
    expect(page.locator("#problem-list li")).to_contain_text([HOSTILE])
    assert page.evaluate("window.hacked") is None
    assert page.locator("img, iframe, object, embed").count() == 0
    assert page.locator("script").count() == 2


def test_hostile_texts_stay_text(tmp_path: Path, serving: Serving, visiting: Visiting) -> None:
    assert_harmless(visiting(serving(hostile_schema(tmp_path)).url))


def test_no_model_reaches_the_script_s_own_objects(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    text = {"type": "input", "inputType": "text", "default": "x"}
    models = ["__proto__.polluted", "constructor.prototype.polluted", "a.__proto__", "toString"]
    source = form(
        tmp_path,
        *({**text, "model": model} for model in models),
        {**text, "type": "constructor", "model": "type"},
        {**text, "inputType": "__proto__", "model": "kind", "validator": "hasOwnProperty"},
        presets={"__proto__": {"polluted": 1}, "P": {"__proto__": {"polluted": 1}}},
    )
    visit = visiting(serving(source).url)
    visit.control("__proto__.polluted").fill("changed")
    visit.page.get_by_label("Preset").select_option("P")
    visit.page.wait_for_timeout(300)
    assert visit.page.evaluate("[({}).polluted, (() => {}).polluted]") == [None, None]
    assert visit.models[0]["model"]["constructor"] == {"prototype": {"polluted": "x"}}
    expect(visit.field("type")).to_contain_text("knows no type")


def test_hostile_texts_stay_text_in_a_file(tmp_path: Path, visiting: Visiting) -> None:
    visit = visiting(html_file(tmp_path, hostile_schema(tmp_path)))
    expect(visit.page.locator("h1")).to_have_text(HOSTILE)
    expect(visit.control("text")).to_have_value(HOSTILE)
    visit.page.get_by_label("Preset").select_option(index=1)
    expect(visit.control("text")).to_have_value(HOSTILE + "2")
    assert visit.page.evaluate("window.hacked") is None
    assert visit.page.locator("script").count() == 2
