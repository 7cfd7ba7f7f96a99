"""The preview in a real browser: typed into, filled by presets, given what is wrong."""

from __future__ import annotations

import pytest
from browser.preview_in_browser import Visit

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

pytestmark = pytest.mark.slow


def test_what_is_typed_shows_in_config_and_command_line(segmentation: Visit) -> None:
    expect(segmentation.page.locator("h1")).to_have_text("Segmentation training")
    expect(segmentation.command).to_have_text("python -m settings.segmentation")
    segmentation.control("augmentation.angle").fill("20")
    segmentation.control("model.pretrained").uncheck()
    segmentation.control("training.loss").select_option("focal")
    segmentation.control("notes").fill("it's late")
    segmentation.has_config(
        augmentation__angle=20, model__pretrained=False, training__loss="focal", notes="it's late"
    )
    assert segmentation.command.inner_text().split(" \\\n  ") == [
        "python -m settings.segmentation",
        "--model.pretrained=false",
        "--augmentation.angle=20",
        "--training.loss=focal",
        "--notes='it'\"'\"'s late'",
    ]
    segmentation.page.get_by_label("every flag").check()
    expect(segmentation.command).to_contain_text("--training.batch_size=8")


def test_copying(segmentation: Visit) -> None:
    segmentation.control("training.epochs").fill("3")
    segmentation.has_config(training__epochs=3)
    page = segmentation.page
    for name, text in (("the command line", "--training.epochs=3"), ("the config", '"epochs": 3')):
        page.get_by_role("button", name=f"Copy {name}").click()
        expect(page.get_by_role("button", name=f"Copied {name}")).to_be_visible()
        assert text in page.evaluate("navigator.clipboard.readText()")
    expect(page.get_by_role("status")).to_have_text("Copied")


def test_a_problem_shows_at_its_field_and_in_the_summary(segmentation: Visit) -> None:
    angle = segmentation.control("augmentation.angle")
    angle.fill("400")
    expect(angle).to_have_attribute("aria-invalid", "true")
    expect(angle).to_have_accessible_description(
        "Largest rotation to either side in degrees. must be at most 180 (got 400)"
    )
    segmentation.control("model.decoder.channels").fill("[256, 1]")
    segmentation.control("classes").fill("[")
    page = segmentation.page
    expect(page.locator("#problem-list li")).to_contain_text(["must be JSON"])
    segmentation.control("classes").fill('["dent"]')
    expect(page.locator("#problem-list li")).to_have_count(2)
    expect(page.locator("#problem-list li").first).to_contain_text("Channels, [1]: must be")
    expect(page.locator("#problem-count")).to_have_text("2")
    expect(page.get_by_role("status")).to_contain_text("2 problems")
    expect(page.locator("#config-badge")).to_have_text("refused")
    page.locator("#problem-list").get_by_role("link", name="Rotation").click()
    expect(angle).to_be_focused()
    angle.fill("40")
    segmentation.control("model.decoder.channels").fill("[256, 4]")
    expect(page.locator("#verdict")).to_have_text("The generated class accepts this form.")
    expect(angle).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#config-badge")).to_be_hidden()


def test_a_preset_fills_the_form_and_can_be_undone(segmentation: Visit) -> None:
    page = segmentation.page
    segmentation.control("training.epochs").fill("7")
    segmentation.has_config(training__epochs=7)
    page.get_by_label("Preset").select_option("Fine details")
    segmentation.has_config(training__epochs=20, training__batch_size=2)
    expect(segmentation.control("model.backbone")).to_have_value("2")
    expect(segmentation.command).to_contain_text("--preset='Fine details'")
    assert segmentation.config()["training"]["early_stopping"]["patience"] == 10
    segmentation.control("training.batch_size").fill("4")
    segmentation.has_config(training__batch_size=4)
    expect(segmentation.command).to_contain_text("--training.batch_size=4")
    page.get_by_role("button", name="Reset").click()
    segmentation.has_config(training__batch_size=2)
    page.get_by_role("button", name="Undo").click()
    segmentation.has_config(training__batch_size=4)
    page.get_by_label("Preset").select_option("None")
    segmentation.has_config(training__batch_size=8)


def test_steps_are_undone_and_done_again_one_by_one(segmentation: Visit) -> None:
    page = segmentation.page
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    expect(undo).to_be_disabled()
    segmentation.control("training.epochs").fill("")
    # What is typed into a field in one go is one step.
    page.keyboard.type("123")
    segmentation.has_config(training__epochs=123)
    segmentation.control("notes").fill("a")
    segmentation.control("training.loss").select_option("focal")
    segmentation.has_config(training__epochs=123, notes="a", training__loss="focal")
    undo.click()
    expect(page.locator("#toast")).to_have_text("Undone: Loss.")
    segmentation.has_config(training__loss="dice", notes="a")
    expect(undo).to_be_focused()
    undo.click()
    undo.click()
    segmentation.has_config(training__epochs=20, notes=None)
    expect(undo).to_be_disabled()
    # Outside of fields the keys do the same.
    page.keyboard.press("Control+Shift+Z")
    segmentation.has_config(training__epochs=123, notes=None)
    page.keyboard.press("Control+Y")
    segmentation.has_config(training__epochs=123, notes="a")
    page.keyboard.press("Control+Z")
    segmentation.has_config(training__epochs=123, notes=None)
    # In a text they are the browser's; a new step ends what could be done again.
    segmentation.control("notes").fill("b")
    page.keyboard.press("Control+Z")
    expect(segmentation.control("notes")).to_have_value("")
    expect(segmentation.control("training.epochs")).to_have_value("123")
    expect(redo).to_be_disabled()


def test_presets_are_tried_and_nothing_typed_is_lost(segmentation: Visit) -> None:
    page = segmentation.page
    segmentation.control("training.epochs").fill("7")
    segmentation.has_config(training__epochs=7)
    page.get_by_label("Preset").select_option("Fine details")
    segmentation.has_config(training__epochs=20)
    segmentation.control("training.batch_size").fill("4")
    segmentation.has_config(training__batch_size=4)
    page.get_by_label("Preset").select_option("Quick look")
    segmentation.has_config(training__epochs=2, training__batch_size=8)
    # The address is that of the preset, and what was typed outlives a reload, all of it.
    page.wait_for_function("location.search === '?preset=Quick+look'")
    page.reload()
    segmentation.has_config(training__epochs=2)
    page.get_by_label("Preset").select_option("Fine details")
    segmentation.has_config(training__epochs=20, training__batch_size=4)
    expect(page.locator("#toast")).to_contain_text("and what you typed there: 1 field")
    page.get_by_label("Preset").select_option("None")
    segmentation.has_config(training__epochs=7, training__batch_size=8)
    page.get_by_role("button", name="Reset").click()
    segmentation.has_config(training__epochs=20)
    for _ in range(2):
        page.get_by_role("button", name="Undo").click()
    segmentation.has_config(training__epochs=20, training__batch_size=4)


def test_what_is_typed_outlives_a_reload_of_the_page(segmentation: Visit) -> None:
    segmentation.page.get_by_label("Preset").select_option("Quick look")
    segmentation.control("training.batch_size").fill("16")
    segmentation.has_config(training__batch_size=16, training__epochs=2)
    segmentation.page.reload()
    segmentation.has_config(training__batch_size=16, training__epochs=2)
    expect(segmentation.control("training.batch_size")).to_have_value("16")
