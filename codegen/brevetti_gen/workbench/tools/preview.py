"""`brevetti-gen preview`: serve the page of schemas, or write it to a file."""

from __future__ import annotations

import argparse
import errno
import os
import sys
import threading
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from ...preview.catalog import Catalog
from ...preview.page import GENERATOR_MARK, offline_page
from ...preview.server import ADDRESS, PreviewServer
from ...preview.state import offline_document
from ...problems import GenerationError, Problem
from ..telling.report import Telling, command_parser
from ..telling.whole import write_whole
from .arguments import add_sources, not_empty, parsed

_DESCRIPTION = """\
See the form of a schema as people will see it, with the config and the command line that it makes
and what the generated class says of them, in a page that follows every change of the schema."""
_EPILOG = """\
A schema that is given alone brings along the files beside it that it refers to. The page loads
nothing from elsewhere and is served to this machine only; Ctrl-C ends it."""


def main(arguments: Sequence[str]) -> int:
    options = parsed(_parser(), arguments)
    port, opens_browser, html = (options.pop(n, None) for n in ("port", "opens_browser", "html"))
    catalog = Catalog(**options)
    if html is not None:
        warnings = _write_page(catalog, Path(html))
        Telling().problems(warnings)
        Telling().done(f"{Path(html)}: written")
        return 0
    return serve(catalog, port, opens_browser=opens_browser)


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("brevetti-gen preview", _DESCRIPTION, _EPILOG)
    add_sources(parser)
    text = "the port to serve the page at; a free one by default"
    parser.add_argument("--port", type=_port, default=0, help=text)
    text = "leave it to you to open the page in a browser"
    parser.add_argument("--no-open", action="store_false", dest="opens_browser", help=text)
    parser.add_argument(
        "--html",
        type=not_empty,
        metavar="FILE",
        help="write the page to one file that needs no server, and end; it checks only what the "
        "form itself says",
    )
    return parser


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdecimal() else -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port, a number up to 65535")
    return port


def serve(catalog: Catalog, port: int, *, opens_browser: bool) -> int:
    """Serve the page of `catalog` at `port`, a free one for 0; gives the exit code of a command."""
    try:
        server = PreviewServer(catalog, port)
    except OSError as error:
        print(f"brevetti-gen preview: error: {_reason(error, port)}", file=sys.stderr)
        return 1
    with server:
        print(f"The preview is at {server.url} and follows the files; Ctrl-C ends it.", flush=True)
        if opens_browser:
            # In a thread: a browser in the terminal would hold up the server that it asks.
            threading.Thread(target=webbrowser.open, args=(server.url,), daemon=True).start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


def _reason(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {ADDRESS} is in use; name another --port, or none for a free one"
    if error.errno == errno.EACCES:
        return f"port {port} needs rights that you do not have; name a --port from 1024"
    return f"cannot listen on port {port} of {ADDRESS}: {error.strerror or error}"


def _write_page(catalog: Catalog, path: Path) -> list[Problem]:
    """Write the page of all schemas of `catalog` to a file, and give their warnings.

    Raises:
        GenerationError: a schema has errors, or the file is somebody else's or cannot be written.
    """
    found = (catalog.view(".".join(source.module)) for source in catalog.sources())
    views = [view for view in found if view is not None]
    problems = list(dict.fromkeys(p for view in views for p in (*view.errors, *view.warnings)))
    if any(view.errors for view in views):
        raise GenerationError(problems)
    documents = [offline_document(view) for view in views]
    schemas = [{name: document[name] for name in ("module", "file")} for document in documents]
    page = offline_page({"schemas": schemas, "view": documents[0], "views": documents})
    if os.path.exists(path) and not (os.path.isdir(path) or _is_ours(path)):
        message = "is no page of brevetti-gen and is not overwritten"
        hint = "remove it first"
        raise GenerationError([Problem(message, str(path), hint=hint, code="in-the-way")])
    write_whole(path, page.html)
    return problems


def _is_ours(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return GENERATOR_MARK in file.read(4096)
    except OSError:
        return False
