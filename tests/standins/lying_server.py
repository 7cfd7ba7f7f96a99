"""A server that answers whatever it is told to, and what S3 would say."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import Any, TypeAlias

Body: TypeAlias = "bytes | Callable[[BufferedIOBase], object]"


class Answers:
    """A server that answers every request with what it is told to.

    Attributes:
        answer: gives status, headers and body for method and path of a request; a body that can be
            called writes itself.
        asked: method and path of every request.
    """

    def __init__(self) -> None:
        self.answer: Callable[[str, str], tuple[int, dict[str, str], Body]]
        self.asked: list[tuple[str, str]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                owner.asked.append((self.command, self.path))
                status, headers, body = owner.answer(self.command, self.path)
                if not callable(body):
                    headers = {"Content-Length": str(len(body)), **headers}
                self.send_response_only(status)
                # Else a client could take the connection for its next request, and find it closed.
                for name, value in {"Connection": "close", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):
                    if callable(body):
                        body(self.wfile)
                    elif self.command != "HEAD":
                        self.wfile.write(body)
                self.close_connection = True

            do_HEAD = do_PUT = do_POST = do_DELETE = do_GET

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()


def listing(*keys: str, size: str = "1", more: str = "") -> bytes:
    contents = "".join(
        f"<Contents><Key>{key}</Key><Size>{size}</Size><ETag>x</ETag>"
        "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
        for key in keys
    )
    space = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
    return (
        f"<ListBucketResult {space}><Name>b</Name><Prefix>t/</Prefix>{more}"
        f"<EncodingType>url</EncodingType>{contents}</ListBucketResult>"
    ).encode()


def soon(*doings: Callable[[], Any]) -> list[Any]:
    """What some doings give or raise, in time."""
    told: list[Any] = []

    def work() -> None:
        for doing in doings:
            try:
                told.append(doing())
            except Exception as error:
                told.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(300)
    assert not thread.is_alive()
    return told
