"""How Sphinx makes the site of these pages: `python tasks.py docs`.

The pages are Markdown, as GitHub shows them. `index.md` lists them, and its lists are the site's
navigation too.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from brevetti_gen import __version__
from pygments.lexers.data import JsonLexer

DOCS = Path(__file__).resolve().parent

project = "brevetti"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = "brevetti"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_theme_options = {"footer_icons": []}
# Names and words of code in docstrings stand between single backticks.
default_role = "code"
# The text of a class tells its attributes once.
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autoclass_content = "class"
maximum_signature_line_length = 88
python_use_unqualified_type_names = True


def _navigation(listing: str) -> str:
    """A contents tree for each section of `index.md`; pages that it does not list come last."""
    sections = re.split(r"^## (.*)$", listing, flags=re.MULTILINE)[1:]
    trees = [
        (caption, re.findall(r"^- .*?\]\(/?([\w/.-]+)\.md\)", text, re.MULTILINE))
        for caption, text in zip(sections[::2], sections[1::2], strict=True)
    ]
    listed = {"index", *(page for _, pages in trees for page in pages)}
    found = (path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md"))
    trees[-1][1].extend(sorted(set(found) - listed))
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(pages) + "\n```\n"
        for caption, pages in trees
        if pages
    )


def _read(app: Any, page: str, source: list[str]) -> None:
    text = source[0]
    # What lies beside `docs/` has a page in `site/` that includes it.
    outside = r"\]\((?:\.\./)+(CONTRIBUTING|CHANGELOG|SECURITY)\.md"
    text = re.sub(outside, lambda found: f"](/site/{found[1].lower()}.md", text)
    # Pages begin with a list of what they hold; on the site that stands beside them.
    text = re.sub(r"^(?:- \[[^\]\n]*\]\(#[^)\n]*\)\n){3,}", "", text, flags=re.MULTILINE)
    source[0] = text + _navigation(text) if page == "index" else text


def _examples(
    app: Any, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """An indented example below a colon is one to docstrings as Markdown; make it one to Sphinx."""
    for at, (line, blank, example) in enumerate(zip(lines, lines[1:], lines[2:], strict=False)):
        if line.endswith(":") and not blank and example.startswith("    "):
            lines[at] += ":"


def setup(app: Any) -> None:
    # Pygments knows comments in JSON, but not by this name.
    app.add_lexer("jsonc", JsonLexer)
    app.connect("source-read", _read)
    app.connect("autodoc-process-docstring", _examples, priority=400)  # before those of Napoleon
