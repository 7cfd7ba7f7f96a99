"""The preview in a browser, and what a person does with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brevetti_gen.cli import main as cli
from brevetti_gen.preview.server import PreviewServer

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Request, Route

#: Milliseconds after which a config that is not there never comes.
PATIENCE = 60_000
SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


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
        found: Any = None
        for _ in range(PATIENCE // 50):
            text = self.page.locator("#config-text").inner_text()
            found = json.loads(text) if text.startswith("{") else {}
            if all(_at(found, path.split("__")) == value for path, value in values.items()):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"not {values} but {found}")

    def sends(self, **parts: Any) -> None:
        """Wait until the model that was sent last has these parts."""
        found: Any = None
        for _ in range(PATIENCE // 50):
            found = self.models[-1]["model"]
            if all(key in found and found[key] == part for key, part in parts.items()):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"not {parts} but {found}")

    @property
    def command(self) -> Locator:
        return self.page.locator("#command-text")


def _at(value: Any, path: list[str]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


Visiting = Callable[..., Visit]
Serving = Callable[..., PreviewServer]


def write(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def form(folder: Path, *fields: dict[str, Any], **document: Any) -> Path:
    """A form in a file, its fields labelled by their models."""
    labelled = [{"label": field.get("model", "-"), **field} for field in fields]
    return write(folder / "sample.form.json", {"fields": labelled, **document})


def html_file(folder: Path, *sources: Path) -> str:
    """The address of the page of schemas as a file."""
    path = folder / "preview.html"
    assert cli.main(["preview", *map(str, sources), "--html", str(path)]) == 0
    return path.as_uri()
