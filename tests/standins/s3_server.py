"""An S3 server over HTTP on this machine, behind a gate that can make anything go wrong."""

from __future__ import annotations

import base64
import hashlib
import http.client
import logging
import re
import socket
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.server import create_backend_app
from werkzeug.serving import make_server

ERROR = "<Error><Code>{code}</Code><Message>{message}</Message></Error>"

# Of what S3 answers, those that may be of all of a body.
_SUMS = ("x-amz-checksum-crc32", "x-amz-checksum-sha256")
STATUS = {
    "BadDigest": 400,
    "ExpiredToken": 400,
    "InternalError": 500,
    "PermanentRedirect": 301,
    "ServiceUnavailable": 503,
    "SlowDown": 503,
    "TemporaryRedirect": 307,
    "TooManyRequests": 429,
}
"""Of the codes that a gate can say; others are refusals."""


class S3Server:
    """moto's S3, or another server, behind a gate.

    Args:
        upstream: host and port of the other server.

    Attributes:
        gate: called with the access key and the method and path of each request; gives None to let
            it through, the code of an error to answer, or one of these: "drop" closes the
            connection, "cut sent" in the midst of what is sent; "flip sent" damages that; "lost"
            does what was asked and closes, "lost 500" answers an error then; "hold" does it and
            does not answer for long; "cut", "flip" and "stall" do that to the body of the answer.
        requests: the method and path of every request.
        cut: how many more bodies of answers are cut off in the middle.
        flip: of how many more bodies one bit is flipped, where the answer tells their checksum.
        flip_parts: the same of parts of an object, of which it does not.
    """

    def __init__(self, upstream: tuple[str, int] | None = None) -> None:
        self.gate: Callable[[str, str, str], str | None] = lambda key, method, path: None
        self.requests: list[tuple[str, str]] = []
        self.cut = self.flip = self.flip_parts = 0
        self.held = threading.Event()
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        # moto's own server asks for each request which of its services is meant, one at a time.
        self._moto = (
            None
            if upstream
            else make_server("127.0.0.1", 0, create_backend_app("s3"), threaded=True)
        )
        if self._moto:
            threading.Thread(target=self._moto.serve_forever, daemon=True).start()
        self.upstream = upstream or ("127.0.0.1", self._moto.server_port)
        server = self

        class Handler(_Handler):
            owner = server

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    @property
    def has_moto(self) -> bool:
        """Whether the server is moto's, which knows no wrong keys."""
        return self._moto is not None

    @property
    def url(self) -> str:
        """The address behind the gate."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def direct_url(self) -> str:
        """The address of the server itself."""
        return "http://{}:{}".format(*self.upstream)

    def objects(self, bucket: str) -> dict[str, bytes]:
        """What the server really has, by key."""
        keys = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[bucket].keys
        return {name: key.value for name, key in keys.items()}

    def open_uploads(self, bucket: str) -> set[str]:
        """Uploads in parts that were neither completed nor given up, though a client knew them.

        Whoever never heard the answer that told of an upload's beginning cannot end it.
        """
        named = {
            upload
            for _, path in self.requests
            for upload in parse_qs(urlsplit(path).query).get("uploadId", [])
        }
        return named & set(s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[bucket].multiparts)

    def stop(self) -> None:
        """End both servers."""
        self.held.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if self._moto:
            self._moto.shutdown()
            self._moto.server_close()

    def open_gate(self) -> None:
        """Let everything through again."""
        self.gate = lambda key, method, path: None
        self.cut = self.flip = self.flip_parts = 0
        self.held.set()
        self.held = threading.Event()
        self.requests.clear()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    owner: S3Server
    protocol_version = "HTTP/1.1"
    # What is held up is so at the latest until the client's patience ends.
    longest_hold = 60.0

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self._upstream = http.client.HTTPConnection(*self.owner.upstream)

    def handle(self) -> None:
        with suppress(OSError, ValueError):  # The client went away, or was sent away.
            super().handle()

    def finish(self) -> None:
        self._upstream.close()
        with suppress(OSError, ValueError):
            super().finish()

    def _answer(self) -> None:
        owner = self.owner
        length = int(self.headers.get("Content-Length") or 0)
        found = re.search(r"Credential=([^/]+)/", self.headers.get("Authorization", ""))
        owner.requests.append((self.command, self.path))
        fault = owner.gate(found[1] if found else "", self.command, self.path)
        if fault == "cut sent":
            self.rfile.read(length // 2)
            fault = "drop"
        else:
            body = self.rfile.read(length)
        if fault == "drop":
            self._drop()
            return
        if fault == "flip sent" and body:
            body = _flipped(body)
            if not self._fits(body):
                fault = "BadDigest"
        if fault is not None and fault[0].isupper():
            text = ERROR.format(code=fault, message=f"the gate says {fault}").encode()
            self._send(STATUS.get(fault, 403), {}, text)
            return
        self._upstream.putrequest(self.command, self.path, True, True)
        for name, value in self.headers.items():
            if name.lower() not in ("expect", "connection"):
                self._upstream.putheader(name, value)
            if name.lower() == "x-amz-checksum-sha256":  # S3 needs no other word to keep it.
                self._upstream.putheader("x-amz-sdk-checksum-algorithm", "SHA256")
        self._upstream.endheaders(body or None)
        answer = self._upstream.getresponse()
        content = answer.read()
        if fault in ("lost", "hold"):
            if fault == "hold":
                owner.held.wait(self.longest_hold)
            self._drop()
        elif fault == "lost 500":
            self._send(500, {}, ERROR.format(code="InternalError", message="lost").encode())
        else:
            self._send(answer.status, dict(answer.getheaders()), content, fault)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _answer

    def _fits(self, body: bytes) -> bool:
        """Whether a body has the digests that came with it, one at least."""
        told = {
            "x-amz-checksum-crc32": base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode(),
            "content-md5": base64.b64encode(hashlib.md5(body).digest()).decode(),
            "x-amz-content-sha256": hashlib.sha256(body).hexdigest(),
        }
        return all(self.headers.get(name, digest) == digest for name, digest in told.items())

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _send(
        self, status: int, headers: dict[str, str], body: bytes, fault: str | None = None
    ) -> None:
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
        owner = self.owner
        if owner.flip > 0 and self.command == "GET" and len(body) > 1000:
            owner.flip -= 1
            fault = "flip"
        if owner.flip_parts > 0 and self.command == "GET" and len(body) > 1000:
            owner.flip_parts -= 1
            body = _flipped(body, owner.flip_parts)
        if owner.cut > 0 and self.command == "GET" and len(body) > 1000:
            owner.cut -= 1
            fault = "cut"
        asks = "x-amz-checksum-mode" in self.headers
        if fault == "flip" and self.command == "GET" and _is_summed(status, headers, asks):
            body = _flipped(body)
        if fault in ("cut", "stall"):
            self.wfile.write(body[: len(body) // 2])
            if fault == "stall":
                owner.held.wait(self.longest_hold)
            self._drop()
            return
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _flipped(body: bytes, number: int = 0) -> bytes:
    place = (len(body) // 2 + number) % len(body)
    return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]


def _is_summed(status: int, headers: dict[str, str], asks: bool) -> bool:
    """Whether an answer tells a checksum of all of its body: its own, or an MD5 as its tag."""
    # With a dash it is one of the parts' checksums.
    sums = [value for name, value in headers.items() if name.lower() in _SUMS]
    if not asks:
        sums = [headers.get("ETag", headers.get("etag", "-"))]
    return status == 200 and any("-" not in value for value in sums)
