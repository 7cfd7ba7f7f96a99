"""The server of the preview: for the pages that it gave itself, on this machine."""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from ..json_values import is_object
from .catalog import Catalog
from .page import live_page
from .state import view_document
from .verdict import verdict_document

#: Between two looks at the files, in seconds: soon enough for a person, cheap for the machine.
INTERVAL = 0.4


class Watch:
    """Looks at `state` again and again, in a thread of its own, and counts how often it changed."""

    def __init__(self, state: Callable[[], Any], interval: float = INTERVAL) -> None:
        self._state = state
        self._interval = interval
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self.changes = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and the waiting of everyone."""
        self._stopped.set()
        with self._changed:
            self._changed.notify_all()

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    def wait(self, seen: int, timeout: float) -> int:
        """The number of changes, as soon as it is not `seen`, or after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.changes != seen or self.is_stopped, timeout)
            return self.changes

    def _run(self) -> None:
        before = self._state()
        while not self._stopped.wait(self._interval):
            now = self._state()
            if now != before:
                before = now
                with self._changed:
                    self.changes += 1
                    self._changed.notify_all()


#: The address that only this machine reaches.
ADDRESS = "127.0.0.1"
#: The longest form model that is read, in bytes.
MAX_BODY = 4 * 1024 * 1024
#: How long a client may take over a request, in seconds.
_PATIENCE = 30
#: Between two signs of life to a waiting page, in seconds; they also find pages that are gone.
_HEARTBEAT = 10.0
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Refused(Exception):
    """A request that is not answered, with the status and the reason that are told instead."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class PreviewServer(ThreadingHTTPServer):
    """Serves the page of a catalog until it is shut down."""

    daemon_threads = True
    # On Windows, reuse would let two programs take one port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, catalog: Catalog, port: int = 0) -> None:
        """Listen on `port`, a free one for 0.

        Raises:
            OSError: the port is taken, or may not be taken.
        """
        self.catalog = catalog
        self.watch = Watch(catalog.watched)
        super().__init__((ADDRESS, port), _Handler)
        self.watch.start()

    @property
    def url(self) -> str:
        return f"http://{ADDRESS}:{self.server_port}/"

    @property
    def hosts(self) -> tuple[str, ...]:
        """What requests of people on this machine have in `Host`."""
        names = (ADDRESS, "localhost")
        hosts = tuple(f"{name}:{self.server_port}" for name in names)
        return (*hosts, *names) if self.server_port == 80 else hosts

    def server_bind(self) -> None:
        # Without the look-up of this machine's name, which can take seconds, of the class between.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = ADDRESS, self.server_address[1]

    def server_close(self) -> None:
        self.watch.stop()
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over pages that were closed while they were answered; tell anything else."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE

    def version_string(self) -> str:
        return "brevetti-gen"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a page asks many times a minute, and the terminal belongs to the user."""

    def do_GET(self) -> None:
        self._answer({"/": self._page, "/state": self._state, "/events": self._events})

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self._answer({"/verdict": self._verdict})

    def _answer(self, routes: dict[str, Any]) -> None:
        try:
            self._check_origin()
            if self._target.path not in routes:
                raise Refused(HTTPStatus.NOT_FOUND, "there is no such page")
            routes[self._target.path]()
        except Refused as refused:
            # What was sent of the request may be unread: the connection cannot be used again.
            self.close_connection = True
            self._send(refused.status, "text/plain; charset=utf-8", f"{refused.reason}\n")
        except OSError:
            raise  # the page was closed
        except Exception as error:
            traceback.print_exc()
            self.close_connection = True
            reason = f"the preview failed: {type(error).__name__}: {error}\n"
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", reason)

    @property
    def _target(self) -> SplitResult:
        """What is asked for."""
        try:
            return urlsplit(self.path)
        except ValueError:
            raise Refused(HTTPStatus.BAD_REQUEST, "the address is none") from None

    def _check_origin(self) -> None:
        """Refuse what no page of ours sends.

        The host keeps out sites whose name was made to point to this machine, the rest sites
        that send forms and scripts' requests here.
        """
        hosts = self.server.hosts
        if self.headers.get_all("Host", []) not in [[host] for host in hosts]:
            reason = f"this preview answers as {self.server.url} only"
            raise Refused(HTTPStatus.MISDIRECTED_REQUEST, reason)
        origin = self.headers.get("Origin")
        if origin is not None and origin not in [f"http://{host}" for host in hosts]:
            raise Refused(HTTPStatus.FORBIDDEN, "requests of other sites are refused")
        site = self.headers.get("Sec-Fetch-Site", "none")
        is_navigation = self.headers.get("Sec-Fetch-Mode") == "navigate" and self.command == "GET"
        if site not in ("none", "same-origin") and not is_navigation:
            raise Refused(HTTPStatus.FORBIDDEN, "requests of other sites are refused")

    # What there is

    def _page(self) -> None:
        page = live_page(self._current())
        policy = f"{page.policy}; frame-ancestors 'none'"
        self._send(HTTPStatus.OK, "text/html; charset=utf-8", page.html, policy)

    def _state(self) -> None:
        self._send_json(self._current())

    def _current(self) -> dict[str, Any]:
        """The schemas, and the one that the query asks for, by default the first."""
        catalog = self.server.catalog
        sources = [(".".join(source.module), source.name) for source in catalog.sources()]
        asked = parse_qs(self._target.query).get("schema", [sources[0][0]])[0]
        view = catalog.view(asked)
        return {
            "schemas": [{"module": module, "file": name} for module, name in sources],
            "view": view_document(view) if view is not None else None,
        }

    def _verdict(self) -> None:
        request = self._body()
        module, model, preset = (request.get(key) for key in ("schema", "model", "preset"))
        if not (isinstance(module, str) and is_object(model)):
            raise Refused(HTTPStatus.BAD_REQUEST, "schema must be a name, and model an object")
        if not (preset is None or isinstance(preset, str)):
            raise Refused(HTTPStatus.BAD_REQUEST, "preset must be a name or null")
        view = self.server.catalog.view(module)
        if view is None or view.cls is None:
            raise Refused(HTTPStatus.NOT_FOUND, "there is no class of this schema")
        self._send_json(verdict_document(view.cls, module, model, preset))

    def _body(self) -> dict[str, Any]:
        """The JSON object that was sent."""
        if self.headers.get_content_type() != "application/json":
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send application/json")
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "say how long the request is")
        if len(length) > 12 or int(length) > MAX_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the form holds too much")
        try:
            value = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            raise Refused(HTTPStatus.BAD_REQUEST, "the request is not JSON") from None
        if not is_object(value):
            raise Refused(HTTPStatus.BAD_REQUEST, "the request is no JSON object")
        return value

    def _events(self) -> None:
        """Server-sent events: `change` when the page should ask again."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self._send_headers("text/event-stream; charset=utf-8")
        self.end_headers()
        watch, seen = self.server.watch, self.server.watch.changes
        self.wfile.write(b"retry: 1000\n\n")
        while not watch.is_stopped:
            self.wfile.flush()
            changes = watch.wait(seen, _HEARTBEAT)
            self.wfile.write(b"event: change\ndata: 1\n\n" if changes != seen else b":\n\n")
            seen = changes

    # Answers

    def _send_json(self, value: Any) -> None:
        self._send(HTTPStatus.OK, "application/json", json.dumps(value, allow_nan=False))

    def _send(self, status: HTTPStatus, kind: str, text: str, policy: str | None = None) -> None:
        content = text.encode("utf-8", "replace")
        self.send_response(status)
        self._send_headers(kind)
        self.send_header("Content-Security-Policy", policy or "default-src 'none'")
        self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _send_headers(self, kind: str) -> None:
        self.send_header("Content-Type", kind)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
