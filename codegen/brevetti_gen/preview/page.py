"""The page: a template, our own style and script, and the data, all in one document."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from brevettiai.show.pages import base_style, digest_of, script_json

from .._version import VERSION
from ..write.render import render_template, templates_folder

#: The parts of the script, in the order in which they need each other.
_SCRIPTS = (
    "numbers model dates checks controls json_text kinds branches rows cells fields typed history"
    " links offline platform broken drawing outline filter changes lines tabs touched verdict page"
).split()
_STYLES = "page fields rows verdict tabs outline platform broken".split()
#: What a page of ours has in its head, so that only such a file is ever overwritten.
GENERATOR_MARK = '<meta name="generator" content="brevetti-gen '


class Page(NamedTuple):
    """A page and its Content-Security-Policy."""

    html: str
    policy: str


def live_page(data: dict[str, Any]) -> Page:
    """The page that the preview's server gives; it may ask that server and no one else."""
    return _page({**data, "live": True}, connect="'self'")


def offline_page(data: dict[str, Any]) -> Page:
    """The page as a file of its own, which may connect to nothing."""
    return _page({**data, "live": False}, connect="'none'")


def _page(data: dict[str, Any], connect: str) -> Page:
    style, script = _style(), _script()
    policy = policy_of(style, script, connect)
    html = render_template(
        "preview/page.html.jinja",
        policy=policy,
        version=VERSION,
        title=data["view"]["title"] if data["view"] else "No schema",
        style=style,
        script=script,
        data=script_json(data),
    )
    return Page(html, policy)


def policy_of(style: str, script: str, connect: str = "'none'") -> str:
    """The Content-Security-Policy of a page that has one style and one script, and loads nothing.

    `connect` is what the script may ask.
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src '{digest_of(script)}'",
            f"style-src '{digest_of(style)}'",
            "img-src data:",
            f"connect-src {connect}",
            "base-uri 'none'",
            "form-action 'none'",
            # No text of a schema can become markup even by a mistake in our own script.
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


@cache
def _style() -> str:
    return "\n".join([base_style(), *(_own_text(f"{name}.css") for name in _STYLES)])


@cache
def _script() -> str:
    """The script, one function around all of it so that the page has no names of ours."""
    parts = "\n".join(_own_text(f"{name}.js") for name in _SCRIPTS)
    return f'(() => {{\n"use strict";\n\n{parts}}})();\n'


def _own_text(name: str) -> str:
    return (templates_folder() / "preview" / name).read_text(encoding="utf-8")
