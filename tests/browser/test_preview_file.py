"""The preview as a file without a server."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.preview_in_browser import SCHEMAS, Visiting, html_file

pytestmark = pytest.mark.slow

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect


def test_a_file_works_without_a_server(tmp_path: Path, visiting: Visiting) -> None:
    visit = visiting(html_file(tmp_path, SCHEMAS / "segmentation.schema.json"))
    page = visit.page
    expect(page.locator("#verdict")).to_have_text("The generated class accepts this form.")
    expect(page.locator("#checks-note")).to_contain_text("without the generated class")
    assert visit.config()["training"]["epochs"] == 20
    visit.control("training.epochs").fill("7")
    visit.control("class_weights").fill('{"dent": 2}')
    visit.control("notes").fill("a b")
    visit.has_config(training__epochs=7, class_weights={"dent": 2}, notes="a b")
    expect(page.locator("#verdict")).to_have_text(
        "The generated class has not seen what you typed."
    )
    expect(page.locator("#form-verdict")).to_have_text("The form itself finds nothing wrong.")
    expect(page.locator("#config-badge")).to_have_text("made in the page")
    expect(visit.command).to_contain_text("--notes='a b'")
    expect(visit.command).to_contain_text("--class_weights='{\"dent\":2}'")
    # The form's own validators, and JSON, are checked; an emptied number means its default.
    visit.control("augmentation.angle").fill("400")
    expect(visit.field("augmentation.angle")).to_contain_text("must be at most 180")
    visit.control("augmentation.angle").fill("")
    visit.control("classes").fill("[")
    expect(visit.field("classes").locator(".errors")).to_contain_text("must be JSON")
    # What is no JSON is in the config as it was typed, marked.
    visit.has_config(classes="[")
    expect(page.locator("#config-text .is-wrong")).to_have_text('"classes": "[",')
    visit.control("classes").fill("scratch, dent")
    expect(page.locator("#config-text .is-wrong")).to_have_attribute(
        "data-problem", "only the class knows what this stands for"
    )
    expect(visit.field("classes").locator(".errors")).to_be_empty()
    visit.control("classes").fill('["c"]')
    visit.has_config(classes=["c"], augmentation__angle=5)
    # Another kind of object has its own fields, and nothing of the one before.
    visit.control("training.optimizer.name").select_option("Stochastic gradient descent")
    sgd = {"name": "sgd", "momentum": 0.9, "nesterov": False}
    visit.has_config(training__optimizer=sgd)
    expect(visit.command).to_contain_text("--training.optimizer.name=sgd")
    page.get_by_label("Preset").select_option("Quick look")
    visit.has_config(training__epochs=2)
    expect(page.locator("#verdict")).to_have_text("The generated class accepts this form.")
    expect(visit.command).to_have_text(
        "python -m settings.segmentation \\\n  --preset='Quick look'"
    )
    page.get_by_label("Theme").select_option("Dark")


def test_a_file_of_many_schemas_has_a_list_of_them(tmp_path: Path, visiting: Visiting) -> None:
    visit = visiting(html_file(tmp_path, SCHEMAS))
    visit.page.get_by_label("Schema").select_option("test_report")
    expect(visit.command).to_contain_text("python -m settings.test_report")
    assert visit.config()["threshold"] == 0.5
