"""What the preview's server answers to its own page and to others, without a network."""

from __future__ import annotations

import http.client
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from brevetti_gen.preview.catalog import Catalog
from brevetti_gen.preview.server import PreviewServer
from brevetti_gen.problems import GenerationError

from .desk import Case, Desk
from .documents import damaged
from .pages import text_faults
from .texts import hostile_text

_OURS = ("127.0.0.1", "localhost")
_HEADERS = frozenset(
    """cache-control connection content-length content-security-policy content-type
    cross-origin-opener-policy cross-origin-resource-policy date referrer-policy server
    x-content-type-options x-frame-options""".split()
)
#: What may be wrong with a request, and is told by its status.
_REFUSALS = frozenset([400, 403, 404, 405, 408, 411, 413, 414, 415, 421, 431, 501, 505])
_TYPES = ("text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8")


class Wire:
    """A connection on which everything was sent that is."""

    def __init__(self, request: bytes) -> None:
        self._request, self.answers = io.BytesIO(request), io.BytesIO()

    def makefile(self, mode: str, *_: object) -> io.BytesIO:
        return self._request if "r" in mode else self.answers

    def sendall(self, data: bytes) -> None:
        self.answers.write(data)

    def settimeout(self, seconds: float | None) -> None: ...


class Asked:
    """A server, which never listens: it is given connections.

    Args:
        server: of which the port is told for its address.
    """

    def __init__(self, desk: Desk, server: PreviewServer) -> None:
        self._desk, self._server = desk, server

    def send(self, line: str, headers: list[tuple[str, str]], body: bytes = b"") -> Any:
        """Send a request, look at the answer, and give its JSON, if it is any; else None."""
        lines = [line, *(f"{name}: {value}" for name, value in headers), "", ""]
        request = "\r\n".join(lines).encode("utf-8", "surrogatepass") + body
        wire, told = Wire(request), io.StringIO()
        with redirect_stderr(told):
            handler: Any = self._server.RequestHandlerClass
            self._desk.attempt(lambda: handler(wire, ("127.0.0.1", 9), self._server))
        if told.getvalue():
            self._desk.fault(f"it tells the terminal: {told.getvalue()[-800:]}")
        wire.answers.seek(0)
        if not wire.answers.getvalue().startswith(b"HTTP/"):  # of HTTP 0.9, or none
            return None
        return self._look(line, wire.answers, is_welcome=self._is_welcome(headers))

    def _is_welcome(self, headers: list[tuple[str, str]]) -> bool:
        """Whether a browser sends these for a page of ours."""
        hosts = [f"{name}:{self._server.server_port}" for name in _OURS]
        given = [value.strip() for name, value in headers if name.lower() == "host"]
        origins = [value.strip() for name, value in headers if name.lower() == "origin"]
        return len(given) == 1 and given[0] in hosts and origins[:1] in ([], [f"http://{given[0]}"])

    def _look(self, line: str, answers: io.BytesIO, *, is_welcome: bool) -> Any:
        """Whether an answer is one of ours: its status, headers, and what is in it."""
        wire: Any = Wire(answers.getvalue())
        answer = http.client.HTTPResponse(wire, method=line.partition(" ")[0])
        answer.begin()
        content = answer.read()
        what = f"{line[:200]!r} gives {answer.status}"
        kind = answer.headers.get("Content-Type", "")
        if strange := {name.lower() for name in answer.headers} - _HEADERS:
            self._desk.fault(f"{what} with the headers {strange}")
        if answer.status != 200 and answer.status not in _REFUSALS:
            self._desk.fault(f"{what}: {content[-800:]!r}")
        if answer.status == 200 and not is_welcome:
            self._desk.fault(f"{what} to strangers")
        if answer.status == 200 and (kind not in _TYPES or "'none'" not in _policy(answer)):
            self._desk.fault(f"{what}: {kind}, {_policy(answer)}")
        text = content.decode("utf-8", "replace")
        if "html" in kind:
            for fault in text_faults(text):
                self._desk.fault(f"{what}: {fault}")
        if kind == "application/json" and content:
            return self._desk.attempt(lambda: json.loads(text, parse_constant=_no_json))
        return None


def _policy(answer: http.client.HTTPResponse) -> str:
    return answer.headers.get("Content-Security-Policy", "")


def _no_json(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def draw_serving(random: Random, files: dict[str, Any]) -> Case:
    """Schemas, what one of them is later, and requests."""
    name, schema = next(iter(files.items()))
    later = damaged(random, schema) if isinstance(schema, dict) and schema else {}
    files = {**files, "later.json": later}
    return Case("serving", files, [name], random.getrandbits(32))


def run_serving(desk: Desk, case: Case) -> None:
    """Ask as the page does, and as others do; then once more after a schema was changed."""
    random = Random(case.more)
    try:
        catalog = desk.attempt(lambda: Catalog(["s"]), GenerationError)
        server = PreviewServer(catalog) if catalog is not None else None
    except OSError as error:
        desk.fault(f"no server: {error}")
        return
    if server is None:
        return
    before = set(_tree(desk.top))
    with server:
        asked = Asked(desk, server)
        _ask(asked, server.server_port, random)
        if os.path.exists("later.json") and os.path.exists(case.words[0]):
            shutil.copy("later.json", case.words[0])
            _ask(asked, server.server_port, random)
    if changed := before ^ set(_tree(desk.top)):
        desk.fault(f"it wrote {changed}")


def _tree(top: Path) -> Iterator[str]:
    return (os.path.join(folder, name) for folder, _, names in os.walk(top) for name in names)


def _ask(asked: Asked, port: int, random: Random) -> None:
    own = [("Host", f"127.0.0.1:{port}")]
    asked.send("GET / HTTP/1.1", own)
    state = asked.send("GET /state HTTP/1.1", own) or {"schemas": [], "view": None}
    for schema in state["schemas"][:3]:
        module = quote(schema["module"].encode("utf-8", "surrogatepass"), safe="")
        found = asked.send(f"GET /state?schema={module} HTTP/1.1", own)
        view = found and found["view"]
        if view and view["form"]:
            _verdicts(asked, own, view, random)
    for _ in range(3):
        asked.send(*_hostile(random, port))


def _verdicts(asked: Asked, own: list[tuple[str, str]], view: Any, random: Random) -> None:
    """Models of a form with hostile texts in its fields, and damaged ones."""
    fields, given = (view["form"].get(name) for name in ("fields", "presets"))
    fields = fields if isinstance(fields, list) else []
    models = [field.get("model") for field in fields if isinstance(field, dict)]
    presets = [*(given if isinstance(given, dict) else ()), None, hostile_text(random)]
    for _ in range(2):
        model: dict[str, Any] = {}
        for path in filter(None, models):
            inner = model
            *way, last = str(path).split(".")[:60]
            for step in way:
                made = inner.setdefault(step, {})
                inner = made if isinstance(made, dict) else {}
            inner[last] = hostile_text(random)
        request = {"schema": view["module"], "model": damaged(random, {**model, "?": 1})}
        request["preset"] = random.choice(presets)
        body = json.dumps(request).encode()
        length = ("Content-Length", str(len(body)))
        asked.send(
            "POST /verdict HTTP/1.1", [*own, ("Content-Type", "application/json"), length], body
        )


def _hostile(random: Random, port: int) -> tuple[str, list[tuple[str, str]], bytes]:
    """A request with something that no page of ours sends."""
    text = hostile_text(random)[:3000]
    own = ("Host", f"{random.choice(_OURS)}:{port}")
    line = random.choice(
        [
            "GET / HTTP/1.1",
            "GET /state HTTP/1.1",
            f"GET {text} HTTP/1.1",
            f"GET /{quote(text.encode('utf-8', 'replace'))} HTTP/1.1",
            f"GET /state?schema={quote(text.encode('utf-8', 'replace'))} HTTP/1.1",
            f"GET /state?{text} HTTP/1.1",
            f"{text} / HTTP/1.1",
            f"GET / {text}",
            text,
            "POST /verdict HTTP/1.1",
            "HEAD / HTTP/1.1",
        ]
    )
    body = random.choice(
        [text, json.dumps(text), json.dumps({"schema": text, "model": {text: text}})]
    )
    content = body.encode("utf-8", "surrogatepass")
    length = random.choice([str(len(content)), text, "-1", "99999999999", "1"])
    headers = random.choice(
        [
            [own],
            [("Host", text)],
            [own, ("Host", text)],
            [own, ("Origin", text)],
            [own, ("Origin", f"http://{text}")],
            [own, ("Sec-Fetch-Site", text)],
            [own, (text, text)],
            [own, ("Content-Type", text), ("Content-Length", length)],
            [own, ("Content-Type", "application/json"), ("Content-Length", length)],
        ]
    )
    return line, headers, content
