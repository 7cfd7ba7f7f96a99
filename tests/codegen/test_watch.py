"""`brevetti-gen --watch`, as a process, while schemas are saved, broken, moved and deleted."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.cli import main as cli

pytest.importorskip("watchfiles", reason="it comes with the extra `gen`")

#: How long one waits for a line, in seconds: on a machine with much to do, this takes its time.
PATIENCE = 120.0
READY = "watching for changes"


def settings(**properties: Any) -> str:
    return json.dumps({"type": "object", "properties": properties})


def save(name: str, text: str) -> None:
    """As editors do that save whole or not at all: a file beside it, then renamed."""
    path = Path(name)
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


class Watcher:
    """A process that watches, and the lines that it prints."""

    def __init__(self, *words: str) -> None:
        # Ctrl-C is ignored by what a shell began in the background; here it has to be heard.
        start = (
            "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "from brevetti_gen.cli.main import main; sys.exit(main())"
        )
        path = os.pathsep.join(entry for entry in sys.path if entry)
        self.process = subprocess.Popen(
            [sys.executable, "-c", start, *words, "--watch"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": path},
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put("ended")

    def until(self, text: str) -> list[str]:
        """The lines up to the first with `text` in it."""
        lines: list[str] = []
        while not lines or text not in lines[-1]:
            try:
                lines.append(self._lines.get(timeout=PATIENCE))
            except queue.Empty:
                raise AssertionError(f"no {text!r} in {lines}") from None
            assert lines[-1] != "ended" or text == "ended", lines
        return lines

    def end(self) -> int:
        """Ctrl-C, and the exit code."""
        self.process.send_signal(signal.SIGINT)
        self.until("ended")
        return self.process.wait(PATIENCE)


Start = Callable[..., Watcher]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a process that watches in a folder with one schema."""
    monkeypatch.chdir(tmp_path)
    Path("schemas").mkdir()
    Path("schemas/one.json").write_text(settings(x={"type": "integer"}))
    watchers: list[Watcher] = []

    def started(*words: str) -> Watcher:
        watchers.append(Watcher(*(words or ("schemas", "-o", "settings"))))
        watchers[-1].until(READY)
        return watchers[-1]

    yield started
    for watcher in watchers:
        watcher.process.kill()
        watcher.process.wait()


def test_saves_breaks_and_moves(start: Start) -> None:
    watcher = start()
    one, settings_file = Path("schemas/one.json"), Path("settings/one.py")
    assert settings_file.exists()

    save("schemas/one.json", settings(y={"type": "integer"}))
    (line,) = watcher.until("written")
    assert "schemas/one.json: 1 module, " in line
    assert "y: int" in settings_file.read_text("utf-8")

    save("schemas/one.json", settings(y={"type": "intger"}))
    lines = watcher.until("nothing was generated")
    assert "schemas/one.json: not generated" in lines[0]
    assert "schemas/one.json:1:49: error: " in lines[1]
    assert "y: int" in settings_file.read_text("utf-8")

    one.write_text(settings(z={"type": "integer"}))  # in place, as other editors do
    lines = watcher.until("written")
    assert "schemas/one.json: mended, 1 module, " in lines[-1]
    assert "z: int" in settings_file.read_text("utf-8")

    Path("schemas/deep").mkdir()
    one.rename("schemas/deep/two.json")
    watcher.until("removed")
    assert not settings_file.exists()
    assert Path("settings/deep/two.py").exists()

    Path("schemas").rename("elsewhere")
    watcher.until("no such file or folder")
    watcher.until("nothing was generated")
    Path("elsewhere").rename("schemas")
    watcher.until("mended")
    save("schemas/deep/two.json", settings(w={"type": "integer"}))
    watcher.until("written")
    assert "w: int" in Path("settings/deep/two.py").read_text("utf-8")

    shutil.rmtree("schemas/deep")
    watcher.until("nothing was generated")
    assert watcher.end() == 130


def test_many_saves_at_once_and_options_of_the_project(start: Start) -> None:
    table = '[tool.brevetti-gen]\nschemas = ["schemas"]\noutput = "{}"\n'
    save("pyproject.toml", table.format("schemas/settings"))
    watcher = start("--verbose")
    for number in range(30):
        save(f"schemas/s{number}.json", settings(x={"type": "integer"}))
    watcher.until("31 modules")
    assert Path("schemas/settings/s29.py").exists()

    save("pyproject.toml", table.format("settings") + "colour = 1\n")
    watcher.until("there is no option 'colour'")
    save("pyproject.toml", "")
    watcher.until("the options are not complete any more")
    save("pyproject.toml", table.format("settings"))
    watcher.until("settings: mended, 31 modules")
    assert Path("settings/s29.py").exists()
    # Neither what it writes itself nor anything else leads to another run.
    save("settings/note.json", "{")
    Path("schemas/notes.txt").write_text("1")
    save("schemas/one.json", settings(last={"type": "integer"}))
    assert len(watcher.until("schemas/one.json: ")) == 1
    assert watcher.end() == 130


def test_files_behind_a_map_and_beside_a_given_one(start: Start) -> None:
    save("mapped.txt.json", '{"type": "integer"}')
    properties = {"m": {"$ref": "urn:m"}, "n": {"$ref": "beside.json"}}
    save("schemas/one.json", settings(**properties))
    save("schemas/beside.json", '{"type": "integer"}')
    watcher = start("schemas/one.json", "-o", "settings", "--map", "urn:m=mapped.txt.json")
    save("mapped.txt.json", '{"type": "boolean"}')
    watcher.until("mapped.txt.json: ")
    assert "m: bool" in Path("settings/one.py").read_text("utf-8")
    save("schemas/beside.json", '{"type": "boolean"}')
    watcher.until("beside.json: ")
    assert "n: " in Path("settings/one.py").read_text("utf-8")
    assert "bool" in Path("settings/beside.py").read_text("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed there")
def test_without_its_folder_it_ends(start: Start) -> None:
    watcher = start()
    shutil.rmtree(Path.cwd())
    watcher.until("the working directory is gone")
    watcher.until("ended")
    assert watcher.process.wait(PATIENCE) == 1


@pytest.mark.parametrize("other", ["--check", "--diff"])
def test_what_writes_nothing_does_not_go_with_it(
    other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["schemas", "-o", "settings", "--watch", other])
    assert ended.value.code == 2
    assert "--watch writes: it does not go with --check or --diff" in capsys.readouterr().err


def test_without_the_library_the_extra_is_named(
    start: Start, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert cli.main(["schemas", "-o", "settings", "--watch"]) == 1
    assert 'the extra `gen`: pip install "brevetti[gen]"' in capsys.readouterr().err
    assert not Path("settings").exists()
