"""A job that works until it is killed: forks of one process, so that hundreds take seconds.

Each line on standard input begins one, `work JOB_DIR CACHE` or `start JOB_DIR CACHE`; it says what
it has done on standard output. `start` only begins, and says what it found.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
from tempfile import TemporaryDirectory

import boto3  # noqa: F401  (what is loaded before a fork is not loaded by each)
import requests  # noqa: F401
from brevettiai.platform import Job

LARGE = 9 << 20
"""Of this size a file goes to S3 in parts."""


def content(step: int, size: int = 300_000) -> bytes:
    """What belongs to a step; from its first line on all can be told."""
    line = b"%012d %012d\n" % (step, size)
    return (line * (size // len(line) + 1))[:size]


def is_whole(found: bytes) -> bool:
    """Whether something is the content of any step."""
    return found == content(*map(int, found[:25].split()))


def step_of(found: bytes) -> int:
    """The step that a content belongs to."""
    return int(found[:12])


def say(*words: object) -> None:
    """Tell at once, in one write."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


class Killed(Job):
    """Stores a checkpoint, artifacts and its output in each step."""

    def run(self) -> None:
        latest = self.latest_checkpoint()
        step = latest.step if latest else 0
        while True:
            step += 1
            path = self.temp_path("weights")
            with self.io.open(path, "wb") as file:
                file.write(content(step))
            pending = self.checkpoint(path, step=step, metrics={"step": step}, keep=2)
            self.upload_artifact("small", content(step, 2000))
            say("small", step)
            self.upload_artifact("large", content(step, LARGE if step % 3 == 0 else 400_000))
            say("large", step)
            self.add_output_metric("step", step)
            self.upload_job_output()
            say("output", step)
            if pending.wait():
                say("checkpoint", step)


def begin(job_dir: str, cache: str) -> Killed:
    """An attempt at the job."""
    words = ["--job_dir", job_dir, "--job_id", "killed", "--cache_path", cache]
    return Killed.init(args=words)


def start(job_dir: str, cache: str) -> int | None:
    """Only begin and clear away; the step of the checkpoint that is there, -1 of a damaged one."""
    job = begin(job_dir, cache)
    latest = job.latest_checkpoint()
    found = None
    if latest is not None:
        with latest.open() as file:
            read = file.read()
        found = step_of(read) if is_whole(read) and step_of(read) == latest.step else -1
    job._finish_checkpoints(30)
    assert job._launch.temp_dir.clearing
    job._launch.temp_dir.clearing.join()
    job._end("stopped")
    return found


def main() -> None:
    with TemporaryDirectory() as folder:
        start(f"{folder}/job", f"{folder}/cache")  # So that all is loaded.
    for line in sys.stdin:
        what, job_dir, cache = line.split()
        child = os.fork()
        if child == 0:
            if what == "start":
                say("found", json.dumps(start(job_dir, cache)))
            else:
                begin(job_dir, cache).start()
            atexit._run_exitfuncs()
            os._exit(0)  # Without taking all modules down, which takes most of the time.
        say("pid", child)
        os.waitpid(child, 0)
        say("end")


if __name__ == "__main__":
    main()
