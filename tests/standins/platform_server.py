"""A stand-in for the platform: its HTTP interface, on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

JOB_ID = "ae03ff72-b7a2-444d-8fe9-623f61dc4c71"
KEY = 'k3y/with+"odd" ch=racters&more%20'

ASSUME_ROLE = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser>
      <AssumedRoleId>AROA:job</AssumedRoleId>
      <Arn>arn:aws:sts::123456789012:assumed-role/job/job</Arn>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>{access}</AccessKeyId>
      <SecretAccessKey>secret/of+{access}=</SecretAccessKey>
      <SessionToken>
        token-of-{access}
      </SessionToken>
      <Expiration>{expiration}</Expiration>
    </Credentials>
  </AssumeRoleResult>
  <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
</AssumeRoleResponse>
"""


class PlatformServer:
    """The platform for one job.

    Attributes:
        lifetime: of the credentials that it gives.
        given: the access key of every credentials it gave, `<what>-<id>-<number>`.
        posts: path with query, and form, of every POST.
        marks: the `Idempotency-Key` of every POST.
        failures: statuses to answer to the next requests instead, first things first.
        headers: more headers of these answers.
        gate: called with method and path of each request before it counts; where it returns False,
            there is no answer.
        lost: of how many POSTs to come the answer is lost, though they count.
        credentials_answer: what to answer instead of credentials.
    """

    def __init__(self, job_id: str, api_key: str) -> None:
        self.job_id = job_id
        self.api_key = api_key
        self.lifetime = timedelta(hours=1)
        self.given: list[str] = []
        self.posts: list[tuple[str, dict[str, list[str]]]] = []
        self.marks: list[str] = []
        self.failures: list[int] = []
        self.headers: dict[str, str] = {}
        self.gate: Callable[[str, str], bool] = lambda method, path: True
        self.lost = 0
        self.credentials_answer: str | None = None
        self.tags: Any = [{"id": "t1", "name": "root"}]
        self.requests = 0
        server = self

        class Handler(_Handler):
            owner = server

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The address of the platform."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, str]:
        """Status and body of the answer to a GET."""
        if query.get("key") != [self.api_key]:
            return 403, "<html>no</html>"
        if path == "/api/resources/roottags" and query.get("id") == [self.job_id]:
            return 200, json.dumps(self.tags)
        if path == f"/api/models/{self.job_id}/securitycredentials":
            kind = "datasetId" if "datasetId" in query else "modelId"
            access = f"{kind}-{query[kind][0]}-{len(self.given)}"
            self.given.append(access)
            expiration = datetime.now(timezone.utc) + self.lifetime
            text = ASSUME_ROLE.format(
                access=access, expiration=expiration.strftime("%Y-%m-%dT%H:%M:%SZ")
            )
            return 200, self.credentials_answer or text
        return 404, "nothing here"


class _Handler(BaseHTTPRequestHandler):
    owner: PlatformServer

    def do_GET(self) -> None:
        if not self.owner.gate("GET", self.path):
            return
        address = urlsplit(self.path)
        self._answer(*self.owner.answer(address.path, parse_qs(address.query)))

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        form = parse_qs(self.rfile.read(length).decode())
        if not self.owner.gate("POST", self.path):
            return
        if not self.owner.failures:
            self.owner.posts.append((self.path, form))
            self.owner.marks.append(self.headers.get("Idempotency-Key", ""))
            if self.owner.lost:
                self.owner.lost -= 1
                return
        self._answer(200, "")

    def _answer(self, status: int, body: str) -> None:
        self.owner.requests += 1
        headers: dict[str, str] = {}
        if self.owner.failures:
            status, body, headers = self.owner.failures.pop(0), "it fails", self.owner.headers
        content = body.encode()
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass
