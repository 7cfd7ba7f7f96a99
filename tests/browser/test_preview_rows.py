"""Rows and kinds beside the JSON text of the preview's fields: one value, edited in two ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser.preview_in_browser import Serving, Visit, Visiting, html_file, write
from browser.test_preview_for_everyone import AXE

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from playwright.sync_api import Locator

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

LONG = 12345678901234567890
HOSTILE = "</script><img src=x onerror='window.hacked = 1'>"


def branch(name: str, title: str, **properties: Any) -> dict[str, Any]:
    known = {"name": {"const": name}, **properties}
    return {"title": title, "type": "object", "properties": known, "required": ["name"]}


SCHEMA: dict[str, Any] = {
    "type": "object",
    "$defs": {
        "adam": branch("adam", "Adam", rate={"title": "Rate", "type": "number", "default": 0.1}),
        "sgd": branch("sgd", "Descent", nesterov={"type": "boolean", "default": False}),
        "tree": {
            "type": "object",
            "properties": {
                "leaf": {"type": "string", "title": HOSTILE},
                "key": {"type": "string", "writeOnly": True},
                "inner": {"type": "array", "items": {"$ref": "#/$defs/tree"}},
            },
        },
    },
    "properties": {
        "sizes": {"type": "array", "items": {"type": "number"}, "default": [1, 2]},
        "names": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}},
        "optimizer": {
            "anyOf": [{"$ref": "#/$defs/adam"}, {"$ref": "#/$defs/sgd"}, {"type": "null"}],
            "default": {"name": "adam", "rate": 0.5},
            "x-form": {"set": {"type": "textArea"}},
        },
        "stop": {
            "type": ["object", "null"],
            "properties": {"patience": {"type": "integer", "default": 5}},
            "default": None,
        },
        "solver": {
            "anyOf": [
                branch("adam", "Adam", betas={"type": "array", "items": {"type": "number"}}),
                branch("sgd", "Descent"),
            ]
        },
        "trees": {"type": "array", "items": {"$ref": "#/$defs/tree"}},
    },
}


@pytest.fixture
def visit(tmp_path: Path, serving: Serving, visiting: Visiting) -> Visit:
    return visiting(serving(write(tmp_path / "rows.json", SCHEMA)).url)


def opened(visit: Visit, model: str) -> Locator:
    """The field, its rows shown."""
    field = visit.field(model)
    field.locator("summary").click()
    expect(field.locator(".rows")).to_have_attribute("open", "")
    return field


def cell(field: Locator, name: str) -> Locator:
    return field.get_by_label(name, exact=True)


def has_text(field: Locator, text: str) -> None:
    expect(field.locator("textarea").first).to_have_value(text)


def test_rows_are_edited_by_keyboard_alone_and_keep_digits(visit: Visit) -> None:
    sizes = visit.field("sizes")
    keyboard, status = visit.page.keyboard, visit.page.get_by_role("status")
    # What is said of problems is said once, and not over what is said of rows.
    expect(status).to_have_text("No problems")
    visit.control("sizes").fill(f"[2.50, {LONG}, 1E3]")
    keyboard.press("Tab")
    expect(sizes.locator("summary")).to_be_focused()
    keyboard.press("Enter")
    expect(cell(sizes, "Sizes, item 2")).to_have_value(str(LONG))
    keyboard.press("Tab")
    expect(cell(sizes, "Sizes, item 1")).to_be_focused()
    keyboard.insert_text(".5")
    has_text(sizes, f"[0.5, {LONG}, 1E3]")
    keyboard.press("Tab")
    expect(cell(sizes, "Move down Sizes, item 1")).to_be_focused()
    keyboard.press("Enter")
    has_text(sizes, f"[{LONG}, 0.5, 1E3]")
    expect(cell(sizes, "Move down Sizes, item 2")).to_be_focused()
    expect(status).to_have_text("item 1 is now number 2 of 3")
    keyboard.press("Enter")
    has_text(sizes, f"[{LONG}, 1E3, 0.5]")
    expect(cell(sizes, "Move up Sizes, item 3")).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Enter")
    has_text(sizes, f"[{LONG}, 1E3]")
    expect(cell(sizes, "Remove Sizes, item 2")).to_be_focused()
    expect(status).to_have_text("item 3 removed, 2 left")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(cell(sizes, "Sizes, item 3")).to_be_focused()
    keyboard.type("7")
    has_text(sizes, f"[{LONG}, 1E3, 7]")
    visit.has_config(sizes=[LONG, 1000, 7])
    keyboard.type("x")
    has_text(sizes, f'[{LONG}, 1E3, "7x"]')
    expect(cell(sizes, "Sizes, item 3")).to_have_attribute("aria-invalid", "true")
    expect(sizes.locator(".errors")).to_contain_text("[2]: must be a number")
    visit.control("sizes").fill('[1, "2", null]')
    for place, wrong in ((1, "false"), (2, "true"), (3, "true")):
        item = cell(sizes, f"Sizes, item {place}")
        expect(item).to_have_attribute("aria-invalid", wrong)
    description = "[1]: must be a number (got '2') [2]: must be a number (got null)"
    expect(cell(sizes, "Sizes, item 2")).to_have_accessible_description(description)


def test_text_and_rows_follow_each_other(visit: Visit) -> None:
    names = opened(visit, "names")
    text = visit.control("names")
    text.fill("b\nc")
    cell(names, "Names, item 2").fill('d "e"')
    has_text(names, '[\n  "b",\n  "d \\"e\\""\n]')
    visit.has_config(names=["b", 'd "e"'])
    text.fill('["b", ')
    expect(names.locator(".rows-body")).to_contain_text("No rows: the text is no JSON")
    has_text(names, '["b", ')
    text.fill('["b", "\\u00e4", {"c": 1}]')
    expect(cell(names, "Names, item 3, c")).to_have_value("1")
    cell(names, "Names, item 1").fill("")
    has_text(names, '["", "\\u00e4", {"c": 1}]')
    text.fill("")
    expect(names.locator(".rows-body")).to_contain_text("No items.")
    names.get_by_role("button", name="Add item").click()
    has_text(names, '[\n  ""\n]')


def test_keys_of_maps_are_texts_of_strangers(visit: Visit) -> None:
    weights = opened(visit, "weights")
    for place, key in enumerate(("__proto__", HOSTILE, "constructor"), 1):
        weights.get_by_role("button", name="Add entry").click()
        expect(cell(weights, f"Key of Weights, entry {place}")).to_be_focused()
        visit.page.keyboard.type(key)
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.type(f"{place}.50")
    expected = {"__proto__": 1.5, HOSTILE: 2.5, "constructor": 3.5}
    visit.has_config(weights=expected)
    assert json.loads(weights.locator("textarea").first.input_value()) == expected
    assert "3.50" in weights.locator("textarea").first.input_value()
    third = cell(weights, "Key of Weights, entry 3")
    third.fill("__proto__")
    expect(third).to_have_attribute("aria-invalid", "true")
    expect(cell(weights, "Key of Weights, entry 1")).to_have_attribute("aria-invalid", "true")
    third.fill("c")
    expect(cell(weights, "Key of Weights, entry 1")).to_have_attribute("aria-invalid", "false")
    visit.has_config(weights={"__proto__": 1.5, HOSTILE: 2.5, "c": 3.5})
    assert visit.page.evaluate("[window.hacked, document.images.length, ({}).a]") == [None, 0, None]


def test_a_kind_is_picked_with_its_default_and_nothing_typed_is_lost(visit: Visit) -> None:
    optimizer = opened(visit, "optimizer")
    kind = cell(optimizer, "Kind of Optimizer")
    expect(kind.locator("option")).to_have_text(["adam", "sgd (Descent)", "null"])
    expect(kind).to_have_value("0")
    cell(optimizer, "Optimizer, Rate").fill("0.25")
    kind.focus()
    visit.page.keyboard.press("ArrowDown")
    has_text(optimizer, '{\n  "name": "sgd",\n  "nesterov": false\n}')
    expect(kind).to_be_focused()
    cell(optimizer, "Optimizer, nesterov").check()
    visit.has_config(optimizer__name="sgd", optimizer__nesterov=True)
    kind.select_option("adam")
    expect(cell(optimizer, "Optimizer, Rate")).to_have_value("0.25")
    kind.select_option("null")
    has_text(optimizer, "null")
    visit.has_config(optimizer=None)
    kind.select_option("sgd (Descent)")
    expect(cell(optimizer, "Optimizer, nesterov")).to_be_checked()
    visit.control("optimizer").fill('{"name": "adam", "rate": "fast"}')
    expect(kind).to_have_value("0")
    visit.control("optimizer").fill("null")
    betas = opened(visit, "solver.betas")
    betas.get_by_role("button", name="Add item").click()
    has_text(betas, "[\n  0\n]")
    cell(visit.field("stop"), "Kind of Stop").select_option("an object")
    visit.has_config(stop={"patience": 5})


@pytest.mark.slow
def test_rows_lie_in_rows(visit: Visit) -> None:
    trees = opened(visit, "trees")
    trees.get_by_role("button", name="Add item").click()
    has_text(trees, "[\n  {}\n]")
    trees.get_by_role("button", name="inner").click()
    trees.get_by_role("button", name="Add item to Trees, item 1, inner").click()
    trees.get_by_role("button", name=f"+ {HOSTILE} to Trees, item 1, inner, item 1").click()
    expect(cell(trees, f"Trees, item 1, inner, item 1, {HOSTILE}")).to_be_focused()
    visit.page.keyboard.type("x")
    visit.has_config(trees=[{"inner": [{"leaf": "x"}]}])
    trees.get_by_role("button", name="+ key to Trees, item 1, inner, item 1").click()
    expect(cell(trees, "Trees, item 1, inner, item 1, key")).to_have_attribute("type", "password")
    nested = '[{"inner": %s}]'
    visit.control("trees").fill(nested % nested % nested % '[{"inner": []}]')
    deep = trees.locator(".rows textarea")
    expect(deep).to_have_count(1)
    deep.fill('{"leaf": 1')
    expect(deep).to_have_attribute("aria-invalid", "true")
    deep.fill('[{"leaf": "y"}]')
    has_text(trees, nested % nested % nested % '[{"leaf": "y"}]')


@pytest.mark.slow
def test_rows_are_there_in_a_file_too(tmp_path: Path, visiting: Visiting) -> None:
    visit = visiting(html_file(tmp_path, write(tmp_path / "rows.json", SCHEMA)))
    sizes = opened(visit, "sizes")
    cell(sizes, "Sizes, item 2").fill("3")
    visit.has_config(sizes=[1, 3])
    cell(visit.field("optimizer"), "Kind of Optimizer").select_option("null")
    visit.has_config(optimizer=None)


@pytest.mark.slow
def test_axe_finds_nothing_in_rows_and_marks(
    tmp_path: Path, serving: Serving, visiting: Visiting, axe: str
) -> None:
    server = serving(write(tmp_path / "rows.json", SCHEMA))
    visit = visiting(server.url, color_scheme="dark", viewport={"width": 390, "height": 900})
    for model in ("sizes", "weights", "optimizer", "trees"):
        opened(visit, model)
    visit.control("sizes").fill('[1, "2"]')
    visit.control("weights").fill('{"a": 1, "b": true}')
    visit.control("trees").fill('[{"inner": [{"leaf": "x"}]}]')
    expect(visit.page.locator(".rows [aria-invalid=true]")).to_have_count(2)
    visit.page.evaluate(f"{axe}; undefined")
    for width in (390, 1280):
        visit.page.set_viewport_size({"width": width, "height": 900})
        assert visit.page.evaluate(AXE) == []
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
