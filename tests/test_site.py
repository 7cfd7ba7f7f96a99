"""The site of the documentation: what is public stands in its reference, and it can be made."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
DOCS = TOP / "docs"
PUBLIC = (
    "brevettiai.settings",
    "brevettiai.platform",
    "brevettiai.io",
    "brevettiai.sweep",
    "brevettiai.adapters",
    "brevetti_gen",
)
#: The type of `UNSET`, the version, and what is for integrations.
NOT_SHOWN = {"Unset", "__version__", "construct"}


def test_the_reference_has_every_public_name() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in (DOCS / "api").glob("*.md"))
    shown: set[tuple[str, str]] = set()
    module = ""
    for line in text.splitlines():
        if line.startswith(".. currentmodule:: "):
            module = line.split()[-1]
        elif line.startswith(".. auto"):
            shown.add((module, line.split()[-1]))
    public = {(name, item) for name in PUBLIC for item in importlib.import_module(name).__all__}
    assert {entry for entry in public if entry[1] not in NOT_SHOWN} <= shown


@pytest.mark.slow
def test_the_site_is_whole_and_needs_no_other(tmp_path: Path) -> None:
    for library in ("sphinx", "myst_parser", "furo", "click", "cattrs", "msgspec", "pydantic"):
        pytest.importorskip(library, reason="needs the extra `docs`")
    words = ["-W", "--keep-going", "-q", "-b", "html", "-d", str(tmp_path / "doctrees")]
    made = subprocess.run(
        [sys.executable, "-m", "sphinx", *words, str(DOCS), str(tmp_path / "site")],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (made.returncode, made.stderr) == (0, "")
    pages = list((tmp_path / "site").rglob("*.html"))
    assert {page.relative_to(tmp_path / "site").with_suffix(".md").as_posix() for page in pages} > {
        page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")
    }
    loads = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=["'](?:https?:)?//""")
    for page in pages:
        assert not loads.findall(page.read_text(encoding="utf-8")), page
    for style in (tmp_path / "site").rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.findall(r"""(?:url\(|@import)\s*["']?(?:https?:)?//""", text), style
