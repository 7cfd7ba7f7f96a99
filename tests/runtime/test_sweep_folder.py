"""`python -m brevettiai.sweep`: reports, best settings and exports of a sweep's folder."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brevettiai.io import Storage
from brevettiai.sweep.__main__ import main
from brevettiai.sweep.runs import Run
from standins.sweeps import Sweep

pytest.importorskip("optuna", reason="needs the extra `sweep`")

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "rate": {"type": "number", "minimum": 0.001, "maximum": 1, "default": 0.1},
        "size": {"type": "integer", "minimum": 1, "maximum": 64, "default": 8},
        "mode": {"enum": ["fast", "good"], "default": "good"},
        "token": {"type": "string", "writeOnly": True, "default": "pa55word"},
    },
}


def job(run: Run) -> Iterator[dict[str, Any]]:
    rate, size = run.config["rate"], run.config["size"]
    if run.number % 4 == 3:
        raise RuntimeError(f"no memory for a size of {size}")
    for step in range(3):
        yield {"loss": rate + 1 / (step + 1)}
    return {"loss": rate, "iou": size / 64}


@pytest.fixture
def folder(tmp_path: Path, class_of: Any) -> str:
    """The folder of a sweep of twelve runs, of which three failed."""
    sweep = Sweep(class_of(SCHEMA), str(tmp_path / "sweep"), "rate", "size")
    sweep.drive(job, runs=12, search="random", base={"mode": "fast"})
    return sweep.folder


def best_row(folder: str) -> dict[str, Any]:
    lines = Path(folder, "runs.jsonl").read_text().splitlines()
    rows = [row for row in map(json.loads, lines) if row["state"] == "done"]
    return min(rows, key=lambda row: row["metrics.loss"])


def test_the_best_settings(folder: str, capsys: pytest.CaptureFixture[str], class_of: Any) -> None:
    row = best_row(folder)
    assert main(["best", folder]) == 0
    said = capsys.readouterr()
    python, dash, module, *flags = shlex.split(said.out)
    assert [python, dash, module] == ["python", "-m", "examples.train"]
    settings = class_of(SCHEMA).from_args(flags)
    assert (settings.rate, settings.size) == (row["params.rate"], row["params.size"])
    assert settings.mode == "fast"
    assert said.err == "Secrets are left out: give them as in the sweep.\n"

    assert main(["best", folder, "--as", "settings"]) == 0
    config = json.loads(capsys.readouterr().out)
    assert config == {"rate": settings.rate, "size": settings.size, "mode": "fast"}

    assert main(["best", folder, "--as", "preset"]) == 0
    [preset] = json.loads(capsys.readouterr().out)["x-presets"].values()
    assert preset == config


def test_secrets_that_are_stored_nowhere_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], class_of: Any
) -> None:
    rate = SCHEMA["properties"]["rate"]
    token = {"type": "string", "writeOnly": True}
    cls = class_of({"type": "object", "properties": {"rate": rate, "token": token}})
    sweep = Sweep(cls, str(tmp_path / "sweep"), "rate")
    sweep.drive(lambda run: iter([{"loss": 1}]), runs=1, secrets=("token",))
    assert main(["best", sweep.folder]) == 0
    assert capsys.readouterr().err == "Secrets are left out: give them as in the sweep.\n"


def test_the_settings_of_any_run(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["best", folder, "--run", "3", "--as", "settings"]) == 0
    row = json.loads(Path(folder, "runs.jsonl").read_text().splitlines()[3])
    assert json.loads(capsys.readouterr().out)["size"] == row["params.size"]
    assert main(["best", folder, "--run", "12"]) == 2
    assert "no run 12 has ended" in capsys.readouterr().err


def test_an_export(folder: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["export", folder, "--for", "katib"]) == 0
    said = capsys.readouterr()
    assert "maxTrialCount: 12\n" in said.out
    assert "--mode=fast" in said.out
    assert said.err == (
        "lost: IMAGE stands for the container image that has the program: name yours.\n"
    )
    file = tmp_path / "space.yaml"
    words = ["--for", "wandb", "-o", str(file), "--program", "python 'my train.py'"]
    assert main(["export", folder, *words]) == 0
    assert 'command: [python, my train.py, "--mode=fast", "${args}"]' in file.read_text()
    assert "method: random\n" in file.read_text()


def test_a_report(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("plotly", reason="needs plotly")
    assert main(["report", folder]) == 0
    path = capsys.readouterr().out.strip()
    assert path == f"{folder}/report.html"
    page = Path(path).read_text(encoding="utf-8")
    row = best_row(folder)
    assert f"The best is run {row['run']}." in page
    assert "12 runs: 9 done, 3 failed" in page
    assert page.count("RuntimeError: no memory for a size of") == 3
    for title in ("History", "Importance", "Parallel coordinates", "Curves"):
        assert f">{title}</h2>" in page
    assert "too few" not in page
    assert "pa55word" not in page
    assert len(page) < 6_000_000


def test_a_report_of_nothing_yet(
    tmp_path: Path, class_of: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("plotly", reason="needs plotly")
    sweep = Sweep(class_of(SCHEMA), str(tmp_path / "sweep"), "rate")

    def fails(run: Run) -> Iterator[dict[str, Any]]:
        raise OSError("disk full")
        yield {}

    sweep.drive(fails, runs=2)
    assert main(["report", sweep.folder]) == 0
    page = Path(sweep.folder, "report.html").read_text(encoding="utf-8")
    assert "No run is done yet" in page
    assert len(page) < 60_000  # Without figures there is no Plotly.
    capsys.readouterr()
    assert main(["best", sweep.folder]) == 1
    assert "no run is done yet: 2 failed, the last as OSError: disk full" in capsys.readouterr().err


def test_commands_are_those_that_a_shell_reads(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(folder, "sweep.json")
    sweep = json.loads(path.read_text())

    def best(program: str) -> tuple[int, str, str]:
        path.write_text(json.dumps({**sweep, "program": program}))
        return main(["best", folder]), *capsys.readouterr()

    code, out, _ = best("'my \n\x1b[2J' it\\'s")
    assert code == 0
    assert out.startswith("$'my \\012\\033[2J' 'it'\"'\"'s' --")
    for program in ("'", " "):
        code, _, told = best(program)
        assert code == 1
        assert f"its program is no command line: {json.dumps(program)}" in told
    best(sweep["program"])
    assert main(["export", folder, "--for", "katib", "--program", "'"]) == 2
    assert "--program: is no command line: No closing quotation" in capsys.readouterr().err


def test_what_others_recorded_plays_with_no_terminal(
    folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(folder, "sweep.json")
    sweep = json.loads(path.read_text())
    path.write_text(json.dumps({**sweep, "settings": "gone:\x1b[2J"}))
    assert main(["best", folder]) == 1
    assert "gone:\\x1b[2J" in capsys.readouterr().err
    path.write_text(json.dumps({**sweep, "base": {"mode": "fast", "\x7f\u202e": "\x9b"}}))
    assert main(["best", folder, "--as", "settings"]) == 0
    assert capsys.readouterr().out.replace("\n", "").isprintable()


def test_settings_that_are_not_here(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(folder, "sweep.json")
    path.write_text(path.read_text().replace(":Training", ":Gone"))
    assert main(["best", folder]) == 1
    said = capsys.readouterr().err
    assert ":Gone, which cannot be imported here" in said
    assert "call this where the program is started" in said
    module, _ = json.loads(path.read_text())["settings"].split(":")
    path.write_text(path.read_text().replace(f"{module}:Gone", "__main__:Training"))
    assert main(["best", folder]) == 1
    assert "of the settings Training of the program itself" in capsys.readouterr().err
    pytest.importorskip("plotly", reason="needs plotly")
    assert main(["report", folder]) == 0
    assert "of the program itself" in Path(folder, "report.html").read_text(encoding="utf-8")


def test_wrong_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["best", str(tmp_path)]) == 2
    assert "there is no sweep, as it has no sweep.json" in capsys.readouterr().err
    for words in ([], ["export", "x"], ["best", "x", "--as", "yaml"], ["rest"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2


def test_a_folder_on_s3(
    store: Storage, bucket: str, class_of: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("plotly", reason="needs plotly")
    sweep = Sweep(class_of(SCHEMA), f"s3://{bucket}/sweep", "rate", "size", io=store)
    sweep.drive(job, runs=3, search="random")
    assert main(["report", sweep.folder]) == 0
    assert capsys.readouterr().out == f"s3://{bucket}/sweep/report.html\n"
    page = store.read_file(f"s3://{bucket}/sweep/report.html").decode()
    assert "3 runs: 3 done" in page
    assert main(["best", sweep.folder]) == 0
