"""A program whose job does what its settings say: a sweep runs it in tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from brevettiai.platform import Job

if os.environ.get("SWEPT_JOB") == "broken":
    raise ImportError("nothing works today")


@dataclass
class Doing:
    """What a run is to do."""

    do: str
    status: int | str = 0
    name: str = ""


class Swept(Job):
    """Does the one thing that `settings.do` names."""

    settings: Doing

    def on_stop(self) -> None:
        if self.settings.do != "deaf":
            self.check_stopping()

    def run(self) -> str | None:
        print("output of", self.settings.do, flush=True)
        self.log(epoch=1, loss=0.5)
        self.report(2, {"loss": 0.25})
        self.get_remote_monitor().on_epoch_end(3, {"val_loss": 0.125})
        self.add_output_metric("score", 7)
        getattr(self, f"do_{self.settings.do}")()
        return None

    def do_nothing(self) -> None:
        pass

    def do_raise(self) -> None:
        raise ValueError("wrong learning rate")

    def do_exit(self) -> None:
        sys.exit(self.settings.status)

    def do_vanish(self) -> None:
        os._exit(0)

    def do_signal(self) -> None:
        os.kill(os.getpid(), getattr(signal, self.settings.name))
        time.sleep(300)

    def do_wait(self) -> None:
        time.sleep(300)

    do_deaf = do_wait

    def do_read(self) -> None:
        self.add_output_metric("typed", sys.stdin.read())

    def do_leave(self) -> None:
        left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
        self.add_output_metric("left", left.pid)

    def do_grow(self) -> None:
        held = "bytearray(200_000_000)"
        subprocess.run([sys.executable, "-c", f"import time; x = {held}; time.sleep(300)"])

    def do_tell(self) -> None:
        self.add_output_metrics(
            {
                "devices": os.environ.get("CUDA_VISIBLE_DEVICES", ""),
                "threads": os.environ.get("OMP_NUM_THREADS", ""),
                "words": " ".join(sys.argv[1:]),
                "job_dir": self.job_dir,
                "id": self.id,
                "attempt": self.attempt,
                "table": [*range(10_000)],
            }
        )


def main() -> None:
    """Begin the job, or do without one."""
    if os.environ.get("SWEPT_JOB") == "none":
        return
    job = Swept.init(job_dir="never", settings={"do": "never"})
    other = Swept.init(job_dir=f"{job.job_dir}/other", settings={"do": "nothing"}, args=[])
    assert other.job_dir == f"{job.job_dir}/other"
    job.start()


if __name__ == "__main__":
    main()
