"""Many processes of one job: ranks, copies in workers; and attempts on other machines, on S3."""

from __future__ import annotations

import copy
import json
import multiprocessing
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
from brevettiai.platform import Job
from brevettiai.platform.ranks import rank
from standins.copied_jobs import CopiedJob, work_of_copy
from standins.platform_server import JOB_ID, KEY, PlatformServer
from standins.s3_server import S3Server

RUNTIME = Path(__file__).parents[2] / "runtime"
VARIABLES = (
    *("RANK", "LOCAL_RANK", "NODE_RANK", "GROUP_RANK", "LOCAL_WORLD_SIZE", "WORLD_SIZE"),
    *("SLURM_PROCID", "MASTER_ADDR", "MASTER_PORT"),
)

SCRIPT = """
import glob, os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from brevettiai.platform import Job

class Training(Job):
    def run(self):
        assert self.is_first == (self.rank == 0)
        open(f"begun-{self.rank}", "w").close()
        if "--together" in sys.argv:
            while len(glob.glob("begun-*")) < int(os.environ["WORLD_SIZE"]):
                time.sleep(0.01)
        self.get_remote_monitor().on_epoch_end(0, {"loss": self.rank})
        self.add_output_metric("runs", self.metrics.get("runs", 0) + 1)
        if "--die" in sys.argv:
            self.upload_job_output()
            os.kill(os.getpid(), getattr(signal, sys.argv[-1]))
            time.sleep(60)
        print(self.attempt, flush=True)
        return self.upload_artifact(f"model-{self.rank}.bin", "weights")

Training.init(unknown="ignore").start()
"""


@pytest.fixture
def s3(s3_server: S3Server) -> Any:
    return boto3.client("s3", region_name="eu-west-1", endpoint_url=s3_server.direct_url)


@pytest.fixture
def environment(platform: PlatformServer, bucket: str, s3: Any, tmp_path: Path) -> dict[str, str]:
    """The variables of a job that the platform knows, whose folder is on S3."""
    info = {
        "id": JOB_ID,
        "host_name": platform.url,
        "complete_url": "/complete?path=",
        "remote_url": "/epoch",
    }
    s3.put_object(Bucket=bucket, Key=f"{JOB_ID}/info.json", Body=json.dumps(info).encode())
    found = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return {
        **found,
        "PYTHONPATH": str(RUNTIME),
        "TMPDIR": str(tmp_path),
        "job_id": JOB_ID,
        "api_key": KEY,
        "BREVETTIAI_HOST_NAME": platform.url,
        "BREVETTIAI_DATA_BUCKET": f"s3://{bucket}",
    }


def begin(environment: dict[str, str], folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output_of(s3: Any, bucket: str) -> dict[str, Any]:
    key = f"{JOB_ID}/artifacts/output.json"
    return json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


@pytest.mark.slow
def test_four_ranks_complete_once(
    environment: dict[str, str], platform: PlatformServer, bucket: str, s3: Any, tmp_path: Path
) -> None:
    launch = {**environment, "WORLD_SIZE": "4", "MASTER_PORT": "29500"}
    ranks = [begin({**launch, "RANK": str(number)}, tmp_path, "--together") for number in range(4)]
    for process in ranks:
        said, log = process.communicate(timeout=300)
        assert process.returncode == 0, log
        assert said == "1\n"  # All know that it is the first attempt.
    assert platform.posts == [
        ("/epoch", {"data": ['{"epoch": 0, "loss": 0}']}),
        ("/complete?path=artifacts/model-0.bin", {}),
    ]
    output = output_of(s3, bucket)
    assert (output["state"], output["attempt"], output["output"]) == ("completed", 1, {"runs": 1})
    assert output["environment"]["launch"] == {"MASTER_PORT": "29500", "WORLD_SIZE": "4"}
    found = s3.list_objects_v2(Bucket=bucket, Prefix=f"{JOB_ID}/artifacts/")["Contents"]
    names = [item["Key"].rpartition("/")[2] for item in found]
    models = [name for name in names if name.startswith("model")]
    assert models == [f"model-{number}.bin" for number in range(4)]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize(
    ("name", "codes", "state"),
    [
        ("SIGKILL", (-9,), "killed"),
        pytest.param("SIGTERM", (143,), "stopped", marks=pytest.mark.slow),
        pytest.param("SIGINT", (130, -2), "stopped", marks=pytest.mark.slow),
    ],
)
def test_a_new_machine_goes_on_after_a_signal(
    environment: dict[str, str],
    platform: PlatformServer,
    bucket: str,
    s3: Any,
    tmp_path: Path,
    name: str,
    codes: tuple[int, ...],
    state: str,
) -> None:
    ended = begin(environment, tmp_path, "--die", name)
    _, log = ended.communicate(timeout=300)
    assert ended.returncode in codes, log
    output = output_of(s3, bucket)
    assert (output["state"] == "running") == (state == "killed")
    assert bool([*tmp_path.glob("config-id-*")]) == (state == "killed")
    assert output["output"] == {"runs": 1}
    again = begin(environment, tmp_path, "--resume")
    said, log = again.communicate(timeout=300)
    assert (again.returncode, said) == (0, "2\n"), log
    assert [path for path, _ in platform.posts if path != "/epoch"] == [
        "/complete?path=artifacts/model-0.bin"
    ]
    output = output_of(s3, bucket)
    assert (output["state"], output["attempt"], output["output"]) == ("completed", 2, {"runs": 2})
    [entry] = output["history"]
    assert (entry["state"], entry["output"]) == (state, {"runs": 1})
    assert json.dumps(KEY)[1:-1] not in json.dumps(output)
    assert not [*tmp_path.glob("config-id-*")]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, 0),
        ({"RANK": "3", "SLURM_PROCID": "0", "LOCAL_RANK": "1"}, 3),
        ({"SLURM_PROCID": "2", "LOCAL_RANK": "0"}, 2),
        ({"SLURM_PROCID": "0"}, 0),
        ({"LOCAL_RANK": "1"}, 1),
        ({"LOCAL_RANK": "0", "NODE_RANK": "1", "LOCAL_WORLD_SIZE": "4"}, 4),
        ({"LOCAL_RANK": "0", "GROUP_RANK": "1"}, 1),
        ({"RANK": "", "LOCAL_RANK": "none"}, 0),
    ],
)
def test_launchers_tell_the_rank(
    variables: dict[str, str], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert rank() == expected


def test_a_rank_that_is_not_the_first_works_and_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RANK", "1")
    job = CopiedJob.init(job_dir="here", args=[])
    job.start()
    assert (job.rank, job.is_first, job.metrics) == (1, False, {"runs": 1})
    assert not Path("here").exists()
    monkeypatch.setenv("RANK", "0")
    first = CopiedJob.init(job_dir="here", args=[])
    monkeypatch.setenv("RANK", "1")
    assert first.is_first
    # Of the same launch, and later than the first: the attempt is the same.
    assert CopiedJob.init(job_dir="here", args=[], resume=False).attempt == first.attempt == 1
    assert output_in(first)["state"] == "running"


# Copies


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CopiedJob:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return CopiedJob.init(job_dir="here", args=[])


def output_in(job: Job) -> dict[str, Any]:
    return json.loads(Path(job.job_dir, "artifacts", "output.json").read_text("utf-8"))


def test_a_copy_in_another_process_works_and_does_not_speak(job: CopiedJob) -> None:
    job.io.write_file(job.temp_path("shared"), "of the job")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        rank_in_copy, is_first, content = pool.apply(work_of_copy, (job,))
    assert (rank_in_copy, is_first, content) == (0, False, b"of the job")
    assert output_in(job)["state"] == "running"
    assert output_in(job)["output"] == {}
    assert job.io.read_file(job.artifact_path("of-copy")) == b"x"
    job.start()
    assert output_in(job)["state"] == "completed"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_copy_does_not_speak(job: CopiedJob) -> None:
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(work_of_copy, (job,))[1] is False
    assert output_in(job)["output"] == {}


def test_copies_within_a_process_do_not_speak(job: CopiedJob) -> None:
    for other in (copy.copy(job), pickle.loads(pickle.dumps(job))):
        assert (other.id, other.attempt, other.is_first) == (job.id, 1, False)
        other.start()
        assert output_in(job)["state"] == "running"
    assert job.is_first


@pytest.mark.slow
def test_tasks_of_dask_do_not_speak_unless_the_job_is_their_own(
    job: CopiedJob, tmp_path: Path, dask_client: Any
) -> None:
    assert dask_client.submit(work_of_copy, job).result(60)[1] is False
    own = dask_client.submit(CopiedJob.work_of_its_own, str(tmp_path / "own")).result(60)
    assert output_in(job)["output"] == {}
    assert own == (True, "completed")
