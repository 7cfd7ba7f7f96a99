"""Forms drawn by react-jsonschema-form and JSON Forms in a browser, and what a person does there.

The libraries are npm's, unchanged, bundled by esbuild with `libraries/NAME.js`. One page serves
many forms, one after another, and is worked by keys alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Error, Locator, Page

HERE = Path(__file__).parent / "libraries"
#: The packages of the libraries; JSON Forms with the renderers that need no others.
PACKAGES: Mapping[str, Mapping[str, str]] = {
    "rjsf": {
        **{f"@rjsf/{name}": "~6.11.1" for name in ("core", "utils", "validator-ajv8")},
        **dict.fromkeys(("react", "react-dom"), "^18.3.1"),
        "esbuild": "~0.28.2",
    },
    "jsonforms": {
        **{f"@jsonforms/{name}": "~3.8.0" for name in ("core", "react", "vanilla-renderers")},
        **dict.fromkeys(("react", "react-dom"), "^18.3.1"),
        "esbuild": "~0.28.2",
    },
}
_BODY = '<!doctype html><html lang="en"><title>Form</title><body><main id="form"></main></body>'
#: JSON Forms tells of a change 10 ms later: timers of a page fire in the order of their times.
_SUBMIT = """() => new Promise(resolve => setTimeout(() => {
  document.querySelector("#form form").requestSubmit();
  setTimeout(() => resolve(JSON.stringify(window.submitted ?? null)), 0);
}, 30))"""


class LibraryPage:
    """A page that draws one form after another.

    Attributes:
        complaints: what the console was told of, since the form was opened.
    """

    def __init__(self, page: Page, library: str, bundle: Path) -> None:
        self.page, self.library = page, library
        self.complaints: list[str] = []
        page.on("console", self._told)
        page.on("pageerror", self._failed)
        page.set_content(_BODY)
        page.add_script_tag(path=bundle)

    def _told(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _failed(self, error: Error) -> None:
        self.complaints.append(str(error))

    def open(self, form: Mapping[str, Any]) -> None:
        """Draw a form in place of the one before."""
        self.complaints.clear()
        self.page.evaluate("form => show(form)", json.loads(json.dumps(form)))

    def submit(self) -> Any:
        """What the form gives when it is sent; None if the library finds something wrong."""
        return json.loads(self.page.evaluate(_SUBMIT))

    def problems(self) -> list[str]:
        """What the library finds wrong."""
        found: list[str] = self.page.evaluate("window.problems")
        return found

    # What people do

    def at(self, path: str) -> Locator:
        """The control of the setting at a dotted path."""
        steps = path.split(".")
        if self.library == "rjsf":
            return self._of_id("_".join(["root", *steps]))
        return self._of_id(f"#/properties/{'/properties/'.join(steps)}-input")

    def _of_id(self, name: str) -> Locator:
        return self.page.locator(f"[id={json.dumps(name, ensure_ascii=False)}]")

    def type(self, control: Locator, text: str) -> None:
        """Replace what a control holds by `text`; clear it if that is nothing."""
        control.focus()
        self.page.keyboard.press("Control+A")
        if text:
            self.page.keyboard.type(text)
        else:
            self.page.keyboard.press("Delete")
        self.page.keyboard.press("Tab")

    def choose(self, control: Locator, name: str) -> None:
        """Choose what is shown as `name` in a list to choose from."""
        names: list[str] = control.evaluate("e => [...e.options].map(o => o.label || o.text)")
        control.focus()
        place, last = names.index(name), len(names) - 1
        is_first = place < last - place
        self.page.keyboard.press("Home" if is_first else "End")
        for _ in range(place if is_first else last - place):
            self.page.keyboard.press("ArrowDown" if is_first else "ArrowUp")

    def press(self, control: Locator, key: str = "Space") -> None:
        """Tick a checkbox, or press a button."""
        control.focus()
        self.page.keyboard.press(key)
