"""The preview in a real browser: typed into, read, broken and mended, as its users do."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from brevetti_gen import cli
from brevetti_gen.preview.catalog import Catalog
from brevetti_gen.preview.server import PreviewServer

expect = pytest.importorskip("playwright.sync_api", reason="needs playwright").expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Request, Route

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
HERE = Path(__file__).parent
HOSTILE = "</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>]]>"


class Visit:
    """A page of the preview, with everything that it asked for and complained about."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.models: list[Any] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        page.context.route("**/*", self._on_request)

    def _on_console(self, message: Any) -> None:
        # That the server is gone is a part of one test, and not for the page to prevent.
        if message.type in ("error", "warning") and "ERR_CONNECTION" not in message.text:
            self.complaints.append(message.text)

    def _on_request(self, route: Route, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:,")):
            self.strangers.append(request.url)
            route.abort()
            return
        if request.url.endswith("/verdict"):
            self.models.append(json.loads(request.post_data or ""))
        route.continue_()

    def field(self, model: str) -> Locator:
        """What is drawn for the field with this model."""
        return self.page.locator(".field", has=self.page.locator(f"code.path:text-is('{model}')"))

    def control(self, model: str) -> Locator:
        return self.field(model).locator("input, select, textarea").first

    def config(self) -> Any:
        return json.loads(self.page.locator("#config-text").inner_text())

    def has_config(self, **values: Any) -> None:
        """Wait until the config has these values, by path with `__` for a dot."""
        script = """(values) => {
            try {
                const config = JSON.parse(document.getElementById("config-text").textContent);
                return Object.entries(values).every(([path, value]) => JSON.stringify(
                    path.split("__").reduce((at, key) => at[key], config)
                ) === JSON.stringify(value));
            } catch { return false; }
        }"""
        self.page.wait_for_function(script, arg=values)

    @property
    def command(self) -> Locator:
        return self.page.locator("#command-text")


Visiting = Callable[..., Visit]
Serving = Callable[..., PreviewServer]


@pytest.fixture
def serving() -> Iterator[Serving]:
    """`serving("file.json")` starts a preview of files and folders."""
    with ExitStack() as stack:

        def serve(*sources: str | Path) -> PreviewServer:
            server = stack.enter_context(PreviewServer(Catalog([*sources])))
            options = {"poll_interval": 0.02}
            thread = threading.Thread(target=server.serve_forever, kwargs=options)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            return server

        yield serve


@pytest.fixture
def visiting(browser: Browser) -> Iterator[Visiting]:
    """`visiting(url)` opens a page; it may complain of nothing and ask no one else."""
    visits: list[Visit] = []

    def visit(url: str, **options: Any) -> Visit:
        options = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US", **options}
        context = browser.new_context(**options)
        context.set_default_timeout(5000)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        found = Visit(context.new_page(), url.partition("?")[0])
        visits.append(found)
        found.page.goto(url)
        expect(found.page.locator("#verdict")).not_to_be_empty()
        return found

    yield visit
    for each in visits:
        each.page.context.close()
    assert [each.complaints for each in visits] == [[] for _ in visits]
    assert [each.strangers for each in visits] == [[] for _ in visits]


@pytest.fixture
def segmentation(serving: Serving, visiting: Visiting) -> Visit:
    return visiting(serving(SCHEMAS / "segmentation.schema.json").url)


def write(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def form(folder: Path, *fields: dict[str, Any], **document: Any) -> Path:
    """A form in a file, its fields labelled by their models."""
    labelled = [{"label": field.get("model", "-"), **field} for field in fields]
    return write(folder / "sample.form.json", {"fields": labelled, **document})


# Typing, presets, problems


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
    for name, text in (("the command line", "--training.epochs=3"), ("the config", '"epochs": 3')):
        segmentation.page.get_by_role("button", name=f"Copy {name}").click()
        expect(segmentation.page.get_by_role("status")).to_have_text("Copied")
        assert text in segmentation.page.evaluate("navigator.clipboard.readText()")


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
    # The last config that was valid stays, and is marked as what it is.
    expect(page.locator("#config-badge")).to_have_text("last valid")
    assert segmentation.config()["augmentation"]["angle"] == 5
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


def test_what_is_typed_outlives_a_reload_of_the_page(segmentation: Visit) -> None:
    segmentation.page.get_by_label("Preset").select_option("Quick look")
    segmentation.control("training.batch_size").fill("16")
    segmentation.has_config(training__batch_size=16, training__epochs=2)
    segmentation.page.reload()
    segmentation.has_config(training__batch_size=16, training__epochs=2)
    expect(segmentation.control("training.batch_size")).to_have_value("16")


# Fields as the platform's form library has them


def test_values_are_those_of_the_form_library(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    number = {"type": "input", "inputType": "number"}
    source = form(
        tmp_path,
        {**number, "model": "cleared", "default": 5},
        {"type": "input", "inputType": "text", "model": "text", "default": "a"},
        {"type": "select", "model": "select", "values": ["a", {"id": 2, "name": "Two"}]},
        {"type": "checklist", "listBox": True, "model": "ticks", "values": ["a", "b", "c"]},
        {"type": "checklist", "model": "closed", "values": ["a", "b"], "default": ["a", "gone"]},
        {"type": "radios", "model": "radios", "values": ["x", {"value": 7, "name": "Seven"}]},
        {"type": "switch", "model": "switch", "valueOn": "on!", "valueOff": "off!"},
        {
            "type": "vueMultiSelect",
            "model": "multi",
            "values": [{"name": "N", "k": 1}, {"name": "M"}],
            "selectOptions": {"multiple": True},
        },
        {"type": "noUiSlider", "model": "slider", "min": 0, "max": 10, "default": [2, 8]},
        {"type": "pikaday", "model": "day", "format": "DD.MM.YYYY", "default": "06.05.2024"},
        {"type": "input", "inputType": "date", "model": "stamp"},
        {"type": "spectrum", "model": "color", "default": "#ff8800"},
        {"type": "textArea", "model": "json", "isJson": True, "default": "[1]"},
        {"type": "checkbox", "model": "odd", "default": "false"},
        groups=[{"legend": "More", "fields": [{**number, "model": "grouped", "default": 1}]}],
    )
    visit = visiting(serving(source).url, timezone_id="Europe/Copenhagen")
    assert visit.models[0]["model"] == {
        "cleared": 5,
        "text": "a",
        "closed": ["a", "gone"],
        "slider": [2, 8],
        "day": "06.05.2024",
        "color": "#ff8800",
        "json": "[1]",
        "odd": "false",
    }
    expect(visit.field("grouped")).to_contain_text("does not fill in defaults")
    expect(visit.page.get_by_role("group", name="More").get_by_label("grouped")).to_be_visible()
    expect(visit.control("odd")).to_be_checked()
    visit.control("cleared").fill("")
    visit.control("text").fill("")
    visit.control("select").select_option("Two")
    for name in ("c", "a", "b", "a"):
        visit.field("ticks").get_by_label(name, exact=True).click()
    expect(visit.field("closed").locator("summary")).to_have_text("2 selected")
    visit.field("closed").locator("summary").click()
    visit.field("closed").get_by_label("b").check()
    visit.page.get_by_label("Seven").check()
    visit.control("switch").check()
    visit.field("multi").locator("summary").click()
    visit.field("multi").get_by_label("N").check()
    visit.field("slider").get_by_label("To").fill("9")
    visit.control("day").fill("2024-12-24")
    visit.control("stamp").fill("2024-12-24")
    visit.control("color").fill("")
    visit.control("json").fill("{")
    visit.control("odd").uncheck()
    expected = {
        "cleared": None,
        "text": "",
        "select": 2,
        "ticks": ["c", "b"],
        "closed": ["a", "gone", "b"],
        "radios": 7,
        "switch": "on!",
        "multi": [{"name": "N", "k": 1}],
        "slider": [2, 9],
        "day": "24.12.2024",
        "stamp": 1734994800000,
        "color": None,
        "json": "{",
        "odd": False,
    }
    visit.page.wait_for_timeout(300)
    assert visit.models[-1]["model"] == expected
    visit.control("select").select_option("<Nothing selected>")
    visit.page.wait_for_timeout(300)
    assert visit.models[-1]["model"]["select"] is None


def test_fields_are_shown_as_the_form_says(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    text = {"type": "input", "inputType": "text"}
    source = form(
        tmp_path,
        {"type": "label", "label": "Size &lt;big&gt;"},
        {
            **text,
            "model": "a",
            "label": "R &amp; D",
            "required": True,
            "hint": "&deg;C",
            "help": "H",
        },
        {**text, "model": "b", "readonly": True, "default": "r"},
        {**text, "model": "c", "disabled": True, "default": "d"},
        {**text, "model": "d", "visible": False, "default": "h", "placeholder": "P"},
        {"type": "select", "model": "e", "values": ["x"], "required": True},
        {"type": "textArea", "model": "f", "max": 5},
        {"type": "unknown", "model": "g"},
        {**text, "model": "h", "label": "List<int>"},
    )
    visit = visiting(serving(source).url)
    page = visit.page
    expect(page.get_by_role("heading", name="Size <big>")).to_be_visible()
    named = page.get_by_role("textbox", name="R & D")
    expect(named).to_have_accessible_description("H °C")
    expect(named).to_have_attribute("aria-required", "true")
    expect(visit.control("b")).not_to_be_editable()
    expect(visit.control("c")).to_be_disabled()
    expect(visit.field("d")).to_be_hidden()
    page.get_by_label("Show hidden fields (1)").check()
    expect(visit.control("d")).to_have_value("h")
    expect(visit.control("d")).to_have_attribute("placeholder", "P")
    expect(visit.control("e").locator("option").first).to_be_disabled()
    visit.control("f").press_sequentially("1234567")
    expect(visit.control("f")).to_have_value("12345")
    expect(visit.field("g")).to_contain_text("knows no type “unknown”")
    expect(visit.field("h").locator(".label")).to_have_text("List<int>")
    expect(visit.field("h")).to_contain_text("for HTML")


def test_a_problem_at_a_hidden_field_can_be_reached(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    field = {"title": "Deep", "type": "integer", "x-form": {"set": {"visible": False}}}
    schema = {"type": "object", "properties": {"deep": field}, "required": ["deep"]}
    visit = visiting(serving(write(tmp_path / "sample.json", schema)).url)
    expect(visit.control("deep")).to_be_hidden()
    expect(visit.page.locator("#config-text")).to_contain_text("Nothing yet")
    visit.page.get_by_role("link", name="Deep").click()
    expect(visit.control("deep")).to_be_focused()
    visit.control("deep").fill("3")
    visit.has_config(deep=3)


# Keyboard, screen readers, phones, themes


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
        .filter((each) => !each.labels?.length && !each.ariaLabel && !each.innerText.trim())
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


# Changes of the schema


def test_the_page_follows_the_schema_and_keeps_what_was_typed(
    tmp_path: Path, serving: Serving, visiting: Visiting
) -> None:
    name = {"title": "Name", "type": "string", "default": "a"}
    kind = {"title": "Kind", "enum": ["x", "y"], "default": "x"}
    schema: dict[str, Any] = {"type": "object", "properties": {"name": name, "kind": kind}}
    source = write(tmp_path / "sample.json", {**schema, "title": "First"})
    server = serving(source)
    visit = visiting(server.url)
    page = visit.page
    visit.control("name").fill("typed")
    visit.control("kind").select_option("y")
    visit.has_config(name="typed", kind="y")
    visit.control("name").press("ArrowLeft")
    schema["properties"] = {
        "epochs": {"title": "Epochs", "type": "integer", "default": 3},
        "name": {**name, "title": "Full name", "maxLength": 4},
        "kind": {**kind, "enum": ["x", "z"]},
    }
    write(source, {**schema, "title": "Second"})
    expect(page.locator("h1")).to_have_text("Second")
    expect(visit.control("epochs")).to_have_value("3")
    named = page.get_by_role("textbox", name="Full name")
    expect(named).to_have_value("typed")
    expect(named).to_be_focused()
    assert page.evaluate("document.activeElement.selectionStart") == 4
    # The new limit holds, and the choice that is none any more is gone.
    expect(visit.field("name")).to_contain_text("at most 4")
    expect(visit.control("kind")).to_have_value("0")
    source.write_text('{"type": ', encoding="utf-8")
    expect(page.get_by_role("alert")).to_contain_text("cannot be compiled")
    expect(page.get_by_role("alert")).to_contain_text("sample.json:1:")
    expect(named).to_have_value("typed")
    visit.control("epochs").fill("9")
    write(source, {**schema, "title": "Third"})
    expect(page.locator("h1")).to_have_text("Third")
    expect(page.locator("#notice")).to_be_hidden()
    expect(visit.control("epochs")).to_have_value("9")
    server.watch.stop()
    server.shutdown()
    server.server_close()
    expect(page.get_by_role("alert")).to_contain_text("The preview has ended")


def test_a_broken_schema_can_be_mended_in_front_of_the_page(
    tmp_path: Path, serving: Serving, browser: Browser
) -> None:
    source = write(tmp_path / "sample.json", {"type": "objekt"})
    server = serving(source)
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(server.url)
        expect(page.get_by_role("alert")).to_contain_text("objekt")
        write(source, {"type": "object", "properties": {"a": {"type": "string", "default": "b"}}})
        expect(page.locator("#config-text")).to_contain_text('"a": "b"')
        expect(page.get_by_role("alert")).to_be_hidden()
    finally:
        context.close()


def test_schemas_are_chosen_from_a_list(serving: Serving, visiting: Visiting) -> None:
    visit = visiting(serving(SCHEMAS).url)
    page = visit.page
    expect(page.locator("h1")).to_have_text("Classifier")
    visit.control("training.epochs").fill("99")
    visit.has_config(training__epochs=99)
    page.get_by_label("Schema").select_option("test_report")
    expect(visit.command).to_contain_text("python -m settings.test_report")
    page.get_by_label("Schema").select_option("classifier")
    expect(visit.control("training.epochs")).to_have_value("99")


# Strangers' texts


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


# A page without a server


def html_file(folder: Path, *sources: Path) -> str:
    path = folder / "preview.html"
    assert cli.main(["preview", *map(str, sources), "--html", str(path)]) == 0
    return path.as_uri()


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
    expect(page.locator("#verdict")).to_have_text("The form itself finds nothing wrong.")
    expect(page.locator("#config-badge")).to_have_text("made in the page")
    expect(visit.command).to_contain_text("--notes='a b'")
    expect(visit.command).to_contain_text("--class_weights='{\"dent\":2}'")
    # The form's own validators, and JSON, are checked; an emptied number means its default.
    visit.control("augmentation.angle").fill("400")
    expect(visit.field("augmentation.angle")).to_contain_text("must be at most 180")
    visit.control("augmentation.angle").fill("")
    visit.control("classes").fill("[")
    expect(visit.field("classes").locator(".errors")).to_contain_text("must be JSON")
    expect(page.locator("#config-badge")).to_have_text("last valid")
    visit.control("classes").fill('["c"]')
    visit.has_config(classes=["c"], augmentation__angle=5)
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


def test_hostile_texts_stay_text_in_a_file(tmp_path: Path, visiting: Visiting) -> None:
    visit = visiting(html_file(tmp_path, hostile_schema(tmp_path)))
    expect(visit.page.locator("h1")).to_have_text(HOSTILE)
    expect(visit.control("text")).to_have_value(HOSTILE)
    visit.page.get_by_label("Preset").select_option(index=1)
    expect(visit.control("text")).to_have_value(HOSTILE + "2")
    assert visit.page.evaluate("window.hacked") is None
    assert visit.page.locator("script").count() == 2
