"""Serving the page to people at a terminal, until they interrupt it."""

from __future__ import annotations

import errno
import sys
import threading
import webbrowser

from .catalog import Catalog
from .server import ADDRESS, PreviewServer


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
