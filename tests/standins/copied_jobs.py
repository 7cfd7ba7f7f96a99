"""A job for other processes: what these can import."""

from __future__ import annotations

import json

from brevettiai.platform import Job


class CopiedJob(Job):
    """A job that measures something."""

    def run(self) -> None:
        self.add_output_metric("runs", 1)

    @classmethod
    def work_of_its_own(cls, folder: str) -> tuple[bool, str]:
        """Begin a job in this process and run it: whether it speaks, and its state."""
        job = cls.init(job_dir=folder, args=[])
        job.start()
        output = json.loads(job.io.read_file(job.artifact_path("output.json")))
        return job.is_first, output["state"]


def work_of_copy(job: CopiedJob) -> tuple[int, bool, bytes | None]:
    """Do all that a copy can: its rank, whether it speaks, and what the job's folder holds."""
    job.start()
    job.complete()
    job.upload_job_output()
    job.upload_artifact("of-copy", "x")
    shared = job.temp_path("shared")
    content = job.io.read_file(shared) if job.io.isfile(shared) else None
    return job.rank, job.is_first, content
