"""The preview beside the platform's form library: the same form, worked alike, holds the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser.preview_in_browser import SCHEMAS, Serving, Visit, Visiting

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from browser.forms_in_browser import Draw, FormPage

HERE = Path(__file__).parent
FORMS = [HERE / "every_field.form.json", SCHEMAS / "classifier.form.json"]
#: What is typed into an input of a type; types that are left out are not typed into.
TYPED = {
    "number": ("7", "", "2.5"),
    "text": ("x", ""),
    "email": ("b@example.org",),
    "search": ("",),
    "password": ("secret",),
}


@pytest.fixture(params=FORMS, ids=lambda path: path.name)
def both(
    request: pytest.FixtureRequest, draw: Draw, serving_unchanged: Serving, visiting: Visiting
) -> tuple[FormPage, Visit]:
    """A form as the library draws it, and as the preview does."""
    form = json.loads(request.param.read_text(encoding="utf-8"))
    server = serving_unchanged(request.param)
    return draw(form), visiting(server.url, timezone_id="Europe/Copenhagen")


def test_a_form_opens_with_the_same_model(both: tuple[FormPage, Visit]) -> None:
    library, preview = both
    assert preview.models[0]["model"] == library.model()


def test_the_same_fields_are_seen_under_the_same_names(both: tuple[FormPage, Visit]) -> None:
    library, preview = both
    headings = [field.get("model") for field in library.form["fields"] if field["type"] == "label"]
    fields = [field for field in library.fields() if field.model not in headings]
    drawn = {field.model: field.label for field in fields if field.model}
    script = """() => Object.fromEntries([...document.querySelectorAll(".field:not([hidden])")]
        .filter((each) => each.querySelector("code.path"))
        .map((each) => [
            each.querySelector("code.path").textContent,
            each.querySelector(".label span")?.textContent ?? "",
        ]))"""
    seen: dict[str, str] = preview.page.evaluate(script)
    assert set(seen) == set(drawn)
    for model, label in drawn.items():
        assert seen[model] == (label or "")


#: Of each field that is seen: its label, its help and its hint.
LIBRARY = """() => [...document.querySelectorAll(".form-group")].map((group) =>
    [":scope > label > span", ".helpText", ".hint"]
        .map((part) => group.querySelector(part)?.textContent.trim() ?? null))"""
PREVIEW = """() => [...document.querySelectorAll("#form :is(.field, .heading)")]
    .filter((each) => each.checkVisibility())
    .map((each) => [".label:not(.unseen), h2, h3, h4, h5", ".helped > .help", ":scope > .hint"]
        .map((part) => each.querySelector(part)?.textContent ?? null)
        .map((text) => text && text.replace(/[*]$|<[^>]*>/g, "")))"""


def test_what_the_platform_draws_is_drawn_at_wish(both: tuple[FormPage, Visit]) -> None:
    library, preview = both
    page = preview.page
    page.get_by_label("As the platform draws it").check()
    expect(page.locator("#form")).to_have_class("as-platform")
    assert page.evaluate(PREVIEW) == library.page.evaluate(LIBRARY)
    ours = page.locator("#form").locator(".note, .path, .fold, .rows").filter(visible=True)
    expect(ours).to_have_count(0)
    helped = page.locator(".helped").first
    expect(helped.locator(".help")).to_be_hidden()
    helped.get_by_role("button").focus()
    expect(helped.locator(".help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(helped.locator(".help")).to_be_hidden()


def test_the_same_work_makes_the_same_model(both: tuple[FormPage, Visit]) -> None:
    library, preview = both
    for field in listed(library.form):
        model = field["model"]
        control = preview.control(model)
        if field["type"] in ("input", "textArea"):
            kind = "text" if field["type"] == "textArea" else field["inputType"]
            for text in TYPED.get(kind, ()):
                library.type(model, text)
                control.fill(text)
        elif field["type"] in ("checkbox", "switch"):
            library.tick(model)
            control.click()
        elif field["type"] == "select":
            for shown in library.field(model).choices[-2:]:
                library.choose(model, shown)
                control.select_option(shown)
        elif field["type"] == "checklist":
            tick_all(library, preview, field)
        elif field["type"] == "radios":
            for name in library.field(model).choices:
                library.tick(model, name)
                preview.field(model).get_by_text(name, exact=True).click()
    library.page.wait_for_timeout(1200)  # the library waits a second before it takes a number
    assert preview.models[-1]["model"] == library.model()


def listed(form: Any) -> list[dict[str, Any]]:
    """The fields that people can change, each model once."""
    fields = {
        field["model"]: field
        for field in form["fields"]
        if field.get("model") and (field.get("visible") is None or field["visible"])
    }
    models = [field.get("model") for field in form["fields"]]
    return [
        field
        for model, field in fields.items()
        if not (field.get("readonly") or field.get("disabled"))
        and models.count(model) == 1
        and not any(str(other).startswith(f"{model}.") for other in models)
        and not any(model.startswith(f"{other}.") for other in models)
    ]


def tick_all(library: FormPage, preview: Visit, field: dict[str, Any]) -> None:
    """Tick or untick all items of a checklist, from the last to the first."""
    model = field["model"]
    summary = preview.field(model).locator("summary")
    if summary.count():
        summary.click()
    labels = preview.field(model).locator("label.choice")
    for item in reversed(range(labels.count())):
        name = labels.nth(item).inner_text().strip()
        library.tick(model, name)
        labels.nth(item).click()
