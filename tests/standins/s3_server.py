"""An S3 server over HTTP on this machine: moto's, with a gate that can refuse credentials."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from moto.server import ThreadedMotoServer

ERROR = "<Error><Code>{code}</Code><Message>{message}</Message></Error>"


class S3Server:
    """moto's S3 behind a gate.

    Attributes:
        gate: called with the access key and the method and path of each request; gives the code
            of the error to answer, "drop" to close the connection, or None to let it through.
        requests: the method and path of every request.
        cut: how many more bodies of answers are cut off in the middle.
        flip: of how many more bodies one bit is flipped.
    """

    def __init__(self) -> None:
        self.gate: Callable[[str, str, str], str | None] = lambda key, method, path: None
        self.requests: list[tuple[str, str]] = []
        self.cut = self.flip = 0
        self._moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._moto.start()
        self._moto_address = self._moto.get_host_and_port()
        server = self

        class Handler(_Handler):
            owner = server

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The address behind the gate."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def direct_url(self) -> str:
        """The address of moto itself."""
        return "http://{}:{}".format(*self._moto_address)

    def stop(self) -> None:
        """End both servers."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._moto.stop()

    def open_gate(self) -> None:
        """Let everything through again."""
        self.gate = lambda key, method, path: None
        self.cut = self.flip = 0
        self.requests.clear()


class _Handler(BaseHTTPRequestHandler):
    owner: S3Server
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        owner = self.owner
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        found = re.search(r"Credential=([^/]+)/", self.headers.get("Authorization", ""))
        owner.requests.append((self.command, self.path))
        code = owner.gate(found[1] if found else "", self.command, self.path)
        if code == "drop":
            self.close_connection = True
            self.connection.close()
            return
        if code is not None:
            text = ERROR.format(code=code, message=f"the gate says {code}").encode()
            self._send({"ExpiredToken": 400, "SlowDown": 503}.get(code, 403), {}, text)
            return
        upstream = http.client.HTTPConnection(*owner._moto_address)
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() != "expect":
                upstream.putheader(name, value)
        upstream.endheaders(body or None)
        answer = upstream.getresponse()
        self._send(answer.status, dict(answer.getheaders()), answer.read())
        upstream.close()

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _answer

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        head = self.command == "HEAD"
        length = headers.get("Content-Length", "0") if head else str(len(body))
        self.send_header("Content-Length", length)
        self.end_headers()
        if head or not body:
            return
        if self.owner.flip > 0 and self.command == "GET" and len(body) > 1000:
            self.owner.flip -= 1
            body = body[:500] + bytes([body[500] ^ 1]) + body[501:]
        if self.owner.cut > 0 and self.command == "GET" and len(body) > 1000:
            self.owner.cut -= 1
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            self.connection.close()
            return
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass
