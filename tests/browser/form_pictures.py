"""Makes the pictures of docs/forms.md anew, with those of README: `python tasks.py pictures`.

Each shows the form of a schema on the page, drawn by one of the libraries, untouched.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests"))

from brevetti_gen.load import load_package  # noqa: E402
from brevettiai.form.libraries import form_for  # noqa: E402
from browser import conftest  # noqa: E402
from browser.forms_in_browser import SCRIPTS, STYLES, FormPage  # noqa: E402
from browser.library_pages import LibraryPage  # noqa: E402

PAGE = TOP / "docs" / "forms.md"
IMAGES = TOP / "docs" / "images"
LIBRARIES = ("vue-form-generator", "rjsf", "jsonforms")
WIDTH = 360
#: Bytes of a picture, at most.
MOST_BYTES = 40_000
#: Labels above their controls, signs on buttons: the libraries leave it to a theme.
_LOOK = """
body { font: 13px/1.35 sans-serif; margin: 0; background: #fff; color: #222 }
body > * { padding: 8px; width: 344px; box-sizing: border-box }
body > * * { box-sizing: border-box }
label { font-weight: 600 }
p, ul, .hint, .field-description { margin: 2px 0; color: #555; font-size: 12px }
input:not([type=checkbox], [type=radio]), select, textarea { width: 100%; font: inherit }
fieldset { border: 1px solid #bbb; margin: 4px 0; padding: 6px }
legend, .group-label { font-weight: 700 }
.control, .form-group { margin: 4px 0 }
.field-label .field-wrap { font-weight: 700 }
.glyphicon { font-style: normal }
.glyphicon-plus::before { content: "+" }
.glyphicon-remove::before { content: "x" }
.glyphicon-arrow-up::before { content: "↑" }
.glyphicon-arrow-down::before { content: "↓" }
[data-validate], [type=submit] { display: none }
"""


class Pictured(NamedTuple):
    """A schema on the page of forms."""

    name: str
    text: str

    def picture(self, library: str) -> Path:
        """Where the form is shown that a library draws."""
        return IMAGES / f"form-{self.name}-{library}.png"

    def cls(self, folder: Path) -> Any:
        """Its class."""
        path = folder / f"{self.name}.yaml"
        path.write_text(self.text, encoding="utf-8")
        return load_package([path]).classes[0].cls


def pictured() -> Iterator[Pictured]:
    """The schemas of which pictures are shown, by the first word of their titles."""
    section = PAGE.read_text(encoding="utf-8").partition("### How they look\n")[2]
    for text in re.findall(
        r"^```yaml\n(title: .*?)^```$", section.partition("\n## ")[0], re.M | re.S
    ):
        yield Pictured(text.split()[1].lower(), text)


def main() -> None:
    from playwright.sync_api import sync_playwright

    browser_path = next(filter(None, map(shutil.which, conftest.CHROMIUMS)))
    modules = conftest.installed("form-library", conftest.PACKAGES, [*SCRIPTS, *STYLES])
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        size: Any = {"width": WIDTH, "height": 400}
        for each in pictured():
            cls = each.cls(Path(folder))
            for library in LIBRARIES:
                page = browser.new_page(viewport=size, color_scheme="light")
                if library == LIBRARIES[0]:
                    FormPage(page, modules, cls.get_schema().schema)
                else:
                    bundle = conftest.bundled(library)
                    LibraryPage(page, library, bundle).open(form_for(cls, library))
                page.add_style_tag(content=_LOOK)
                page.locator("body > :not(script)").screenshot(path=each.picture(library))
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
