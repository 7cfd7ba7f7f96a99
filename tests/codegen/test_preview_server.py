"""The preview's server, asked over HTTP as pages, other sites and mistaken programs ask it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.cli import main as cli
from brevetti_gen.preview.catalog import Catalog
from brevetti_gen.preview.server import MAX_BODY, PreviewServer

SCHEMA = {
    "title": "Training",
    "type": "object",
    "properties": {"epochs": {"type": "integer", "maximum": 100, "default": 5}},
}


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    path = tmp_path / "training.schema.json"
    path.write_text(json.dumps(SCHEMA), encoding="utf-8")
    return path


@pytest.fixture
def server(schema: Path) -> Iterator[PreviewServer]:
    with PreviewServer(Catalog([schema.parent])) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Answer:
    """What came back."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()

    def json(self) -> Any:
        assert self.headers["Content-Type"] == "application/json"
        return json.loads(self.text)


Ask = Callable[..., Answer]


@pytest.fixture
def ask(server: PreviewServer) -> Ask:
    """`ask("/state", Host="…")`; with a `body` it is a POST. A header of None is left out."""

    def asking(path: str, body: Any = None, method: str = "", **headers: Any) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=300)
        content = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        connection.putrequest(method or ("GET" if body is None else "POST"), path, skip_host=True)
        defaults: dict[str, Any] = {"Host": f"127.0.0.1:{server.server_port}"}
        if content is not None:
            defaults |= {"Content-Type": "application/json", "Content-Length": len(content)}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {**defaults, **given}.items():
            if value is not None:
                connection.putheader(name, str(value))
        connection.endheaders()
        if content:
            with suppress(OSError):  # it may be refused before all was sent
                connection.send(content)
        try:
            return Answer(connection.getresponse())
        finally:
            connection.close()

    return asking


def test_the_page_holds_everything_and_fetches_nothing(ask: Ask) -> None:
    answer = ask("/")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<title>Training · form preview</title>" in answer.text
    addresses = re.findall(r"""(?:src|href)=["']?([^"' >]+)|url\(|@import""", answer.text)
    assert {address for address in addresses if not address.startswith("#")} == {"data:,"}


def test_the_page_may_run_only_its_own_script(ask: Ask) -> None:
    answer = ask("/")
    policy = answer.headers["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert re.fullmatch(r"'sha256-[\w+/]+='", rules["script-src"])
    assert re.fullmatch(r"'sha256-[\w+/]+='", rules["style-src"])
    assert rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in policy
    assert not re.search(r"<[^>]+\son\w+=", answer.text.split("<script")[0])


def test_answers_are_for_this_page_alone(ask: Ask) -> None:
    for path in ("/", "/state", "/nowhere"):
        headers = ask(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Access-Control-Allow-Origin" not in headers
        assert "Python" not in headers["Server"]


def test_the_state_has_the_form(ask: Ask) -> None:
    state = ask("/state?schema=training").json()
    assert [schema["module"] for schema in state["schemas"]] == ["training"]
    (field,) = state["view"]["form"]["fields"]
    assert (field["model"], field["default"]) == ("epochs", 5)
    assert state["view"]["json_schema"]["properties"]["epochs"]["default"] == 5
    assert "class Training(Settings):" in state["view"]["class_text"]
    assert "--epochs INT" in state["view"]["help"]
    assert ask("/state?schema=nothing").json()["view"] is None


def test_a_verdict(ask: Ask) -> None:
    fine = ask("/verdict", {"schema": "training", "model": {"epochs": 7}, "preset": None}).json()
    assert json.loads(fine["config"]) == {"epochs": 7}
    assert fine["command"]["short"] == "python -m settings.training \\\n  --epochs=7"
    wrong = ask("/verdict", {"schema": "training", "model": {"epochs": 700}}).json()
    assert not wrong["accepted"]
    assert json.loads(wrong["config"]) == {"epochs": 700}
    assert wrong["problems"] == [
        {"path": ["epochs"], "place": "epochs", "text": "must be at most 100 (got 700)"}
    ]


def test_names_that_point_to_this_machine_are_not_ours(server: PreviewServer, ask: Ask) -> None:
    port = server.server_port
    for host in (f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port}.evil.example", "", None):
        for path in ("/", "/state", "/events"):
            answer = ask(path, Host=host)
            assert answer.status in (400, 421)
            assert "Training" not in answer.text
    assert ask("/", Host=f"localhost:{port}").status == 200


def test_other_sites_get_nothing(server: PreviewServer, ask: Ask) -> None:
    model = {"schema": "training", "model": {}}
    own = f"http://127.0.0.1:{server.server_port}"
    for origin in ("https://evil.example", "null", "", f"{own}0", "http://127.0.0.1"):
        assert ask("/verdict", model, Origin=origin).status == 403
        assert ask("/state", Origin=origin).status == 403
    assert ask("/verdict", model, Origin=own).status == 200
    for site in ("cross-site", "same-site"):
        assert ask("/verdict", model, Sec_Fetch_Site=site).status == 403
        assert ask("/state", Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors").status == 403
        # A link on another site may lead here.
        assert ask("/", Sec_Fetch_Site=site, Sec_Fetch_Mode="navigate").status == 200


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{}", {"Content_Type": "text/plain"}, 415),
        (b"{}", {"Content_Type": None}, 415),
        (b"{}", {"Content_Length": None}, 411),
        (b"{}", {"Content_Length": "-1"}, 411),
        (b"{}", {"Content_Length": MAX_BODY + 1}, 413),
        (b"{}", {"Content_Length": "9" * 5000}, 413),
        (b"{", {}, 400),
        (b"\xff", {}, 400),
        (b"[" * 200_000, {}, 400),
        (b"[]", {}, 400),
        (b"{}", {}, 400),
        (b'{"schema": "training", "model": []}', {}, 400),
        (b'{"schema": "training", "model": {}, "preset": 1}', {}, 400),
        (b'{"schema": "nothing", "model": {}}', {}, 404),
    ],
)
def test_mistaken_requests(ask: Ask, body: bytes, headers: dict[str, Any], status: int) -> None:
    answer = ask("/verdict", body, **headers)
    assert answer.status == status
    assert "Traceback" not in answer.text
    assert ask("/state").status == 200


def test_only_what_there_is_can_be_asked_for(ask: Ask, capfd: pytest.CaptureFixture[str]) -> None:
    for path in ("/etc/passwd", "/../schemas", "//evil.example/", "/verdict", "/preview.js"):
        assert ask(path).status == 404
    assert ask("/", {}).status == 404
    assert ask("/state", method="PUT").status == 501
    assert ask("/", method="HEAD").text == ""
    assert capfd.readouterr().err == ""


def test_what_is_no_address_is_refused(ask: Ask, capfd: pytest.CaptureFixture[str]) -> None:
    for address in ("http://[", "http://[::1", "http://]/state"):
        assert ask(address).status == 400
        assert ask(address, b"{}").status == 400
    assert ask("/state").status == 200
    assert capfd.readouterr().err == ""


def test_a_mistake_of_ours_is_told_and_the_server_goes_on(
    server: PreviewServer, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(server.catalog, "view", lambda module: 1 / 0)
        answer = ask("/state")
        assert answer.status == 500
        assert "ZeroDivisionError" in answer.text
    assert ask("/state").status == 200


def test_pages_hear_of_changes(server: PreviewServer, schema: Path, ask: Ask) -> None:
    assert ask("/state").json()["view"]["errors"] == []
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=300)
    connection.request("GET", "/events")
    events = connection.getresponse()
    assert events.headers["Content-Type"].startswith("text/event-stream")
    assert events.readline() == b"retry: 1000\n"

    def next_change() -> None:
        while events.readline() != b"event: change\n":
            pass

    schema.write_text('{"type": "object", "title": ', encoding="utf-8")
    next_change()
    broken = ask("/state").json()["view"]
    assert broken["title"] == "Training"
    assert broken["errors"][0]["place"].startswith(f"{schema.as_posix()}:1:")
    schema.write_text(json.dumps({**SCHEMA, "title": "Longer training"}), encoding="utf-8")
    next_change()
    assert ask("/state").json()["view"]["title"] == "Longer training"
    connection.close()


# The command


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = cli.main(["preview", *arguments])
    return code, capsys.readouterr().err


def test_a_port_in_use_is_named(schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, message = run(str(schema), "--port", str(port), "--no-open", capsys=capsys)
    assert code == 1
    assert message.startswith(f"brevetti-gen preview: error: port {port} of 127.0.0.1 is in use")


def test_there_must_be_schemas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, message = run(str(tmp_path / "nothing.json"), capsys=capsys)
    assert code == 1
    assert "no such file or folder" in message
    with pytest.raises(SystemExit):
        cli.main(["preview", str(tmp_path), "--port", "65536"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_the_command_serves_until_it_is_interrupted(schema: Path) -> None:
    paths = [str(Path(__file__).parents[2] / source) for source in ("codegen", "runtime")]
    # As at a terminal: where this process runs in the background, its children ignore SIGINT.
    program = (
        "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "runpy.run_module('brevetti_gen', run_name='__main__', alter_sys=True)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, "preview", str(schema), "--no-open"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stdout.readline())
        assert found
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=300)
        connection.request("GET", "/")
        assert connection.getresponse().status == 200
        # A page that listens does not keep the command from ending.
        events = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=300)
        events.request("GET", "/events")
        assert events.getresponse().status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=300) == 0
        assert process.communicate()[1] == ""
    finally:
        process.kill()
        process.communicate()


def test_the_browser_is_opened_unless_it_shall_not(
    schema: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    done = threading.Event()

    def open_browser(url: str) -> bool:
        opened.append(url)
        done.set()
        return True

    def serve_forever(self: PreviewServer) -> None:
        done.wait(0.5)
        raise KeyboardInterrupt

    monkeypatch.setattr("webbrowser.open", open_browser)
    monkeypatch.setattr(PreviewServer, "serve_forever", serve_forever)
    assert cli.main(["preview", str(schema), "--no-open"]) == 0
    assert opened == []
    assert cli.main(["preview", str(schema)]) == 0
    assert len(opened) == 1
