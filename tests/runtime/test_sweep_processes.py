"""The processes that do runs of a sweep: what they are told, and each way in which they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from brevettiai.io import Storage
from brevettiai.messages.hidden import Secret
from brevettiai.sweep import link
from brevettiai.sweep.processes import pool
from brevettiai.sweep.processes.pool import RunProcesses
from brevettiai.sweep.processes.setup import Setup
from brevettiai.sweep.program import Program
from brevettiai.sweep.runs import Ended, Reported, Run
from standins import swept_function, swept_job
from standins.platform_server import JOB_ID, KEY, PlatformServer
from standins.processes import all_end, pids_below

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
PROGRAM = Program("file", str(Path(swept_job.__file__)), ("--batch", "8"))

REPORTED = {"loss": 0.25, "val_loss": 0.125}
METRICS = {**REPORTED, "score": 7}


class Workshop:
    """Processes of a program, and what their runs report."""

    def __init__(self, program: Program = PROGRAM, forks: bool = True, **options: Any) -> None:
        given = options.pop("given", {})
        setup = Setup(program, given=given, path=tuple(sys.path), forks=forks)
        self.processes = RunProcesses(setup, **options)
        self.reported: list[Reported] = []
        self.count = 0

    def do(
        self,
        on_report: Callable[[str], object] = bool,
        folder: Path | None = None,
        **config: Any,
    ) -> Ended:
        """Do a run; `on_report` is called with its key when it reports."""
        self.count += 1
        key = f"key-{self.count}"

        def report(metrics: Sequence[Reported]) -> None:
            self.reported += metrics
            if metrics[-1].step == 3 or metrics[-1].step == 0:
                on_report(key)

        place = str(folder or Path(f"runs/{self.count}").absolute())
        return self.processes.do(key, Run(self.count, 1, place, config), report)


@pytest.fixture(scope="module")
def shared() -> Iterator[Workshop]:
    """Processes that several tests use, one after the other."""
    workshop = Workshop()
    yield workshop
    workshop.processes.close()


@pytest.fixture(autouse=True)
def workplace(workplace: Path) -> Path:
    return workplace


def output_of(run: int) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(Path(f"runs/{run}/artifacts/output.json").read_text())
    return document


REUSING = replace(Program.of_function(swept_function.places), reuses=True)
forking = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")


@forking
def test_a_process_does_several_runs_with_the_same_variables() -> None:
    workshop = Workshop(REUSING, devices=("a", "b"), run_devices=1)
    done = [workshop.do(waits=False).metrics for _ in range(4)]
    workshop.processes.close()
    assert [each["CUDA_VISIBLE_DEVICES"] for each in done] == ["a", "b", "a", "b"]
    assert [each["pid"] for each in done] == 2 * [done[0]["pid"], done[1]["pid"]]
    assert done[0]["pid"] != done[1]["pid"]
    all_end({int(each["pid"]) for each in done})


@forking
def test_no_run_is_done_by_a_process_that_was_at_fault() -> None:
    workshop = Workshop(REUSING)

    def process() -> int:
        return int(workshop.reported[-1].metrics["pid"])

    def next_is_another() -> None:
        earlier = process()
        assert workshop.do(waits=False).outcome == workshop.do(waits=False).outcome == "done"
        assert process() == int(workshop.reported[-2].metrics["pid"]) != earlier

    workshop.do(waits=False)
    os.kill(process(), signal.SIGKILL)  # Which is no fault of the next run.
    all_end({process()})
    next_is_another()
    assert workshop.do(workshop.processes.stop, waits=True).outcome == "stopped"
    next_is_another()
    assert workshop.do().outcome == "failed"  # As that says nothing of `waits`.
    next_is_another()
    killed = workshop.do(lambda key: os.kill(process(), signal.SIGKILL), waits=True)
    assert killed.outcome == "lost"
    next_is_another()
    workshop.processes.close()
    all_end({process()})


@pytest.mark.parametrize("forks", [True, False])
def test_a_run_has_its_settings_and_folder_from_the_sweep(
    forks: bool, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREVETTIAI_SETTINGS__DO", "never")
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    workshop = Workshop(forks=forks)
    ended = workshop.do(do="tell")
    workshop.processes.close()
    assert ended.outcome == "done", ended.error
    folder = str(Path("runs/1").absolute())
    own = {name: ended.metrics[name] for name in ("devices", "threads", "words", "job_dir")}
    assert own == {"devices": "", "threads": "3", "words": "--batch 8", "job_dir": folder}
    assert {name: ended.metrics[name] for name in METRICS} == METRICS
    assert ended.metrics["table"] == [*range(10_000)]
    assert [(each.step, each.metrics) for each in workshop.reported] == [
        *((1, {"loss": 0.5}), (2, {"loss": 0.25}), (3, {"val_loss": 0.125})),
    ]
    assert ended.memory > 1_000_000
    assert output_of(1)["state"] == "completed"
    assert "output of tell" in Path("runs/1/output.log").read_text()
    assert not Path("never").exists()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("config", "outcome", "error"),
    [
        ({"do": "nothing"}, "done", ""),
        ({"do": "read"}, "done", ""),
        ({"do": "raise"}, "failed", "ValueError: wrong learning rate"),
        ({"do": "exit", "status": 0}, "failed", "exited with status 0 before its job was complete"),
        ({"do": "exit", "status": 3}, "failed", "exited with status 3 before its job was complete"),
        ({"do": "exit", "status": "no"}, "failed", "exited with status 1 (no) before its job"),
        ({"do": "vanish"}, "failed", "exited with status 0 before its job was complete"),
        ({"do": "signal", "name": "SIGSEGV"}, "failed", "crashed by SIGSEGV"),
        ({"do": "signal", "name": "SIGKILL"}, "lost", "was killed by SIGKILL: out of memory?"),
        ({"do": "signal", "name": "SIGTERM"}, "lost", "was ended by SIGTERM, which the sweep did"),
    ],
)
def test_how_a_run_ends(shared: Workshop, config: dict[str, Any], outcome: str, error: str) -> None:
    shared.count += 100
    ended = shared.do(**config)
    assert (ended.outcome, ended.error[: len(error)]) == (outcome, error)
    assert ended.metrics.items() >= REPORTED.items()
    assert (f"{shared.count}/output.log" in ended.error) == (outcome != "done")


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("none", "ended without beginning a job"),
        ("broken", "ImportError: nothing works today (swept_job.py:"),
    ],
)
def test_a_program_without_a_job_is_told_as_such(
    kind: str, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWEPT_JOB", kind)
    workshop = Workshop()
    ended = workshop.do(do="nothing")
    workshop.processes.close()
    assert ended.outcome == "failed"
    assert ended.error.startswith(error)


@pytest.mark.parametrize("forks", [True, False])
def test_a_run_whose_output_cannot_be_written_says_why(forks: bool) -> None:
    Path("file").touch()
    workshop = Workshop(forks=forks)
    ended = workshop.do(folder=Path("file/1").absolute(), do="nothing")
    workshop.processes.close()
    assert ended.outcome == "failed"
    assert ended.error.startswith("NotADirectoryError: ")


def test_a_program_whose_imports_start_threads_is_not_forked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"
    Path("starts_thread.py").write_text(code)
    monkeypatch.syspath_prepend(os.getcwd())
    workshop = Workshop(replace(PROGRAM, needs=("starts_thread",)))

    def do(number: int) -> str:
        run = Run(number, 1, str(Path(f"runs/{number}").absolute()), {"do": "nothing"})
        ended = workshop.processes.do(f"key-{number}", run, bool)
        return ended.error or ended.outcome

    # Both wait for the server that finds it out.
    with ThreadPoolExecutor(2) as both:
        assert [*both.map(do, range(2))] == ["done", "done"]
    assert do(2) == "done"
    workshop.processes.close()


@pytest.mark.parametrize("forks", [True, False])
def test_a_run_that_is_asked_to_stop_keeps_its_output(forks: bool) -> None:
    workshop = Workshop(forks=forks)
    ended = workshop.do(workshop.processes.stop, do="wait")
    workshop.processes.close()
    assert (ended.outcome, ended.error) == ("stopped", "")
    assert ended.metrics == METRICS
    assert output_of(1)["state"] == "stopped"


@pytest.mark.parametrize("forks", [True, False])
def test_a_run_that_does_not_stop_is_killed(forks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "GRACE", 0.2)
    workshop = Workshop(forks=forks)
    ended = workshop.do(workshop.processes.stop, do="deaf")
    workshop.processes.close()
    assert ended.outcome == "stopped"
    assert ended.error == "was killed, as it did not end when asked to"


def test_a_run_that_was_asked_to_stop_before_does_not_begin(shared: Workshop) -> None:
    shared.count += 100
    shared.processes.stop(f"key-{shared.count + 1}")
    assert shared.do(do="nothing").outcome == "stopped"
    assert not Path(f"runs/{shared.count}").exists()


def test_memory_is_that_of_all_processes_of_a_run() -> None:
    workshop = Workshop(memory=150_000_000)
    ended = workshop.do(do="grow")
    workshop.processes.close()
    assert ended.outcome == "failed"
    assert ended.error.startswith("used more than 150 MB of memory (--run-memory)")
    assert ended.memory > 150_000_000


def test_what_a_run_leaves_behind_ends_with_it(shared: Workshop) -> None:
    shared.count += 100
    ended = shared.do(do="leave")
    assert ended.outcome == "done"
    all_end({ended.metrics["left"]})


def test_runs_are_lost_with_their_server_and_the_next_ones_have_another() -> None:
    workshop = Workshop()
    below: set[int] = set()

    def kill(key: str) -> None:
        server = workshop.processes._server
        assert server is not None
        below.update(pids_below(server._process.pid))
        os.kill(server._process.pid, signal.SIGKILL)

    ended = workshop.do(kill, do="wait")
    assert ended.outcome == "lost"
    assert ended.error.startswith("the process that does runs has died (SIGKILL)")
    assert below
    all_end(below)
    assert workshop.do(do="nothing").outcome == "done"
    workshop.processes.close()


def test_closing_asks_runs_to_end() -> None:
    workshop = Workshop()
    closing: list[threading.Thread] = []

    def close(key: str) -> None:
        closing.append(threading.Thread(target=workshop.processes.close, args=(300,)))
        closing[0].start()

    assert workshop.do(close, do="wait").outcome == "stopped"
    closing[0].join()
    assert output_of(1)["state"] == "stopped"


def test_runs_whose_worker_leaves_are_lost() -> None:
    workshop = Workshop()
    closing: list[threading.Thread] = []

    def close(key: str) -> None:
        words = (300, "its worker was closed")
        closing.append(threading.Thread(target=workshop.processes.close, args=words))
        closing[0].start()

    ended = workshop.do(close, do="wait")
    closing[0].join()
    assert (ended.outcome, ended.error[:21]) == ("lost", "its worker was closed")
    assert output_of(1)["state"] == "stopped"


def test_the_next_attempt_goes_on_in_the_same_folder(shared: Workshop) -> None:
    shared.count += 100
    folder = Path("here").absolute()
    assert shared.do(folder=folder, do="vanish").outcome == "failed"
    ended = shared.do(folder=folder, do="tell")
    assert ended.metrics["attempt"] == 2
    text = (folder / "output.log").read_text()
    assert [line for line in text.splitlines() if line.startswith("output of")] == [
        *("output of vanish", "output of tell"),
    ]


def test_a_function_reports_and_returns_metrics() -> None:
    program = Program.of_function(swept_function.half, secrets=[Secret("hunter2")])
    workshop = Workshop(Program.from_json(json.loads(json.dumps(program.as_json()))))
    ended = workshop.do(x=4, password="hunter2")
    assert (ended.outcome, ended.metrics) == ("done", {"loss": 2.0, "half": 2.0})
    assert [(each.step, each.metrics) for each in workshop.reported] == [
        (step, {"loss": 2.0}) for step in (1, 2)
    ]
    assert workshop.do(x=0).metrics == {"loss": 0.0, "value": 0.0}
    failed = workshop.do(x=3, password="hunter2")
    assert failed.error.startswith("ValueError: no half of 3 with *** (swept_function.py:")
    failed = workshop.do(x=9, password="hunter2")
    assert failed.error.startswith("exited with status 2 (ValueError: no half of 9 with *** (")
    failed = workshop.do(x=5)
    assert failed.error.startswith("the function returned a list: no metrics by name, nor a number")
    stopped = workshop.do(workshop.processes.stop, x=7)
    assert (stopped.outcome, stopped.metrics) == ("stopped", {"loss": 1.0})
    workshop.processes.close()


def test_a_metric_is_one_of_epochs_or_of_steps() -> None:
    heard: list[object] = []
    own = link.Link(Run(0, 1, None, {}), {}, heard.append)
    own.report({"step": 100, "loss": 1})
    own.report({"step": 200, "epoch": 1, "loss": 0.5, "iou": 0.25})
    own.report({"step": 300, "note": "text", "is_best": True, "iou": 0.5})
    own.report({"loss": 0.125})
    assert heard == [("reported", 100, {"loss": 1.0}), ("reported", 1, {"iou": 0.25})]


def test_reports_outside_of_a_sweep_are_heard_by_nobody() -> None:
    assert swept_function.half({"x": 4}) == {"half": 2.0}


@pytest.mark.usefixtures("platform_environment")
def test_a_run_of_a_sweep_on_the_platform_does_not_complete_its_job(
    platform: PlatformServer, info: dict[str, Any], tmp_path: Path
) -> None:
    Path("info.json").write_text(json.dumps(info))
    given = {
        "job_id": JOB_ID,
        "api_key": Secret(KEY),
        "info_file": str(tmp_path / "info.json"),
        "host": platform.url,
    }
    workshop = Workshop(given=given)
    ended = workshop.do(do="tell")
    failed = workshop.do(do="raise")
    workshop.processes.close()
    assert ended.outcome == "done", ended.error
    assert failed.error.startswith("ValueError")
    assert ended.metrics["id"] == JOB_ID
    sent = [json.loads(form["data"][0]) for _, form in platform.posts]
    assert {(each["epoch"], each["run"]) for each in sent} == {
        (epoch, run) for epoch in (1, 2, 3) for run in (1, 2)
    }
    assert len(set(platform.marks)) == len(platform.marks)
    assert not [path for path, _ in platform.posts if "complete" in path]
    journal = Path("runs/1/artifacts/metrics.jsonl").read_text()
    assert '"run"' not in journal
    everything = [path.read_bytes() for path in Path("runs").rglob("*") if path.is_file()]
    assert not any(KEY.encode() in each for each in everything)


@pytest.mark.slow
def test_the_output_of_a_run_on_s3_is_stored_with_it(
    bucket: str, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(workplace))
    workshop = Workshop()
    folder = f"s3://{bucket}/runs/1"
    run = Run(1, 1, folder, {"do": "vanish"})
    assert workshop.processes.do("first", run, print).outcome == "failed"
    ended = workshop.processes.do("second", Run(1, 2, folder, {"do": "tell"}), print)
    workshop.processes.close()
    assert (ended.outcome, ended.metrics["attempt"]) == ("done", 2)
    text = Storage().read_file(f"{folder}/output.log").decode()
    assert [line for line in text.splitlines() if line.startswith("output of")] == [
        *("output of vanish", "output of tell"),
    ]
    assert not [*workplace.glob("brevettiai-run-*")]


def test_a_job_class_of_a_notebook_brings_its_settings_class() -> None:
    script = Path("notebook.py")
    script.write_text(
        "from __future__ import annotations\n"
        "import sys\n"
        "from dataclasses import dataclass\n"
        "from brevettiai.platform import Job\n"
        "from brevettiai.sweep.program import Program\n"
        "@dataclass\n"
        "class Doing:\n"
        "    lr: float\n"
        "class Swept(Job):\n"
        "    settings: Doing\n"
        "    def run(self):\n"
        "        self.add_output_metric('twice', 2 * self.settings.lr)\n"
        "sys.stdout.buffer.write(Program.of_job(Swept, Doing).pickled)\n"
    )
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run(
        [sys.executable, str(script)], env=environ, capture_output=True, check=True
    )
    workshop = Workshop(Program("job", "Swept", pickled=said.stdout))
    ended = workshop.do(lr=0.25)
    workshop.processes.close()
    assert (ended.outcome, ended.metrics) == ("done", {"twice": 0.5}), ended.error
