"""Makes the pictures of README and of the site's first page anew: `python tasks.py pictures`.

They show what the commands print and what the preview draws now, of the example schemas.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from brevetti_gen import generate
from brevetti_gen.preview.catalog import Catalog
from brevetti_gen.preview.server import PreviewServer
from playwright.sync_api import sync_playwright
from rich import _export_format
from rich.console import Console
from rich.text import Text

TOP = Path(__file__).resolve().parents[2]
IMAGES = TOP / "docs" / "images"
SCHEMA = TOP / "schemas" / "segmentation.schema.json"
COLUMNS = 92
COMMANDS = (
    "python -m settings.segmentation --training.epoch 5 --augmentation.angle 400",
    "python -m settings.segmentation --help training.epochs",
    "python -m settings.segmentation --help validation",
)
#: The colors of prompts and commands.
PROMPT, TYPED = "bold green", "bold"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


def command_line(picture: Path, folder: Path) -> None:
    """Draw a terminal in which the commands were typed."""
    generate([TOP / "schemas"], folder / "settings")
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    path = os.pathsep.join([str(folder), str(TOP / "runtime")])
    looks = {"FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "PYTHONPATH": path, "PYTHONUTF8": "1"}
    for command in COMMANDS:
        words = shlex.split(command)
        printed = subprocess.run(
            [sys.executable, *words[1:]],
            env={**os.environ, **looks},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        ).stdout
        console.print(Text.assemble(("$ ", PROMPT), (command, TYPED)))
        console.print(Text.from_ansi(printed.rstrip("\n") + "\n"))
    # Without fonts from elsewhere: those of the machine will do.
    form = re.sub(r"@font-face \{\{.*?\}\}\s*", "", _export_format.CONSOLE_SVG_FORMAT, flags=re.S)
    form = form.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")
    svg = console.export_svg(title="settings.segmentation", code_format=form, unique_id="readme")
    picture.write_text(re.sub(r"[ \t]+$", "", svg, flags=re.M), encoding="utf-8")


def form(picture: Path) -> None:
    """Draw the preview of the form, with a value that does not fit."""
    browser_path = next(filter(None, map(shutil.which, CHROMIUMS)))
    with PreviewServer(Catalog([SCHEMA])) as server, sync_playwright() as playwright:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1180, "height": 720}, color_scheme="light")
        page.goto(server.url)
        page.select_option("#preset", label="Quick look")
        path = page.locator("code.path:text-is('augmentation.angle')")
        angle = page.locator(".field", has=path).locator("input").first
        angle.fill("400")
        angle.blur()
        page.locator("#problems").get_by_text("must be at most 180").first.wait_for()
        angle.evaluate("node => node.scrollIntoView({block: 'center'})")
        page.screenshot(path=picture)
        browser.close()
        server.shutdown()
        thread.join()


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command_line(IMAGES / "readme-command-line.svg", Path(folder))
    form(IMAGES / "readme-form.png")


if __name__ == "__main__":
    main()
