"""What pages and Markdown may show, whatever a schema says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from markdown_it import MarkdownIt

from .texts import CANARY

_TAGS = frozenset(
    """a article aside body button caption code dd details div dl dt em fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html input kbd label
    legend li link main mark meta nav noscript ol optgroup option output p pre progress
    script search section select small span strong style sub summary sup table tbody td
    template textarea tfoot th thead time title tr ul var br""".split()
)
#: Where an address may lead, for each attribute that is one.
_ADDRESSES = {"href": ("#", "data:,"), "src": ("data:image/",)}
_NEVER = ("srcset", "action", "formaction", "srcdoc", "style", "background", "ping", "xlink:href")


class Page(HTMLParser):
    """A page as browsers take it apart.

    Attributes:
        faults: what a page of ours never has.
        scripts: the types and texts of its scripts.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.scripts: list[tuple[str, str]] = []
        self._raw = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.faults.append(f"an element {tag[:80]}")
        given = {name: value or "" for name, value in attrs}
        self._raw = tag
        if tag == "script":
            self.scripts.append((given.get("type", ""), ""))
        for name, value in given.items():
            leads = _ADDRESSES.get(name)
            if name.startswith("on") or name in _NEVER or (leads and not value.startswith(leads)):
                self.faults.append(f"{tag} has {name}={value[:80]!r}")
            if not re.fullmatch(r"[a-z][a-zA-Z-]*", name):
                self.faults.append(f"{tag} has an attribute {name[:80]!r}")

    def handle_endtag(self, tag: str) -> None:
        self._raw = ""

    def handle_data(self, data: str) -> None:
        if self._raw == "script":
            kind, text = self.scripts[-1]
            self.scripts[-1] = (kind, text + data)

    def handle_comment(self, data: str) -> None:
        if CANARY in data:
            self.faults.append("text in a comment")


def page_faults(path: Path) -> Iterator[str]:
    """What is wrong with a page in a file."""
    return text_faults(path.read_text("utf-8"))


def text_faults(text: str) -> Iterator[str]:
    """What is wrong with a page."""
    page = Page(text)
    yield from page.faults
    for kind, text in page.scripts:
        if kind == "application/json":
            try:
                json.loads(text)
            except ValueError as error:
                yield f"the data are no JSON: {error}"
        elif CANARY in text:
            yield "text in a script"


def markdown_faults(path: Path) -> Iterator[str]:
    """What is wrong with Markdown, as GitHub and others draw it."""
    drawn = MarkdownIt("commonmark", {"html": True}).enable("table").render(path.read_text("utf-8"))
    page = Page(drawn)
    for fault in page.faults:
        if not re.fullmatch(r"a has href='[\w./%-]*(\.md(#[\w.%-]*)?)?'", fault):
            yield fault
