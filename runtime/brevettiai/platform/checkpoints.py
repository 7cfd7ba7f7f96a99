"""Checkpoints of a job: stored in the background, found again on a new machine."""

from __future__ import annotations

from brevettiai.platform.artifacts import JobFiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from brevettiai.platform.checkpoint_sender import CheckpointSender, PendingCheckpoint
    from brevettiai.platform.checkpoint_store import Checkpoint, CheckpointStore, Mode

_PATIENCE = 5.0
"""Seconds for which one attempt to store a checkpoint waits for S3."""


class JobCheckpoints(JobFiles):
    """What a job does with checkpoints: `Job` has it all."""

    def checkpoint(
        self,
        path: str | os.PathLike[str],
        *,
        step: int,
        metrics: Mapping[str, float] | None = None,
        monitor: str | None = None,
        mode: Mode = "min",
        keep: int = 3,
        move: bool = False,
    ) -> PendingCheckpoint:
        """Store a checkpoint among the artifacts, in the background.

        The file or folder is copied first, so that it can be written over when this returns. A
        checkpoint appears whole or not at all. Where S3 is slower than checkpoints are made, the
        newest one is stored; where it is away, that is tried again until the job ends. Then what is
        not stored stays on this machine, and the log says how to send it.

        Only the first process of a job stores checkpoints (`is_first`); in others nothing happens.

        Args:
            path: of the file or folder.
            step: the step of the training, 0 or more.
            metrics: what was measured there.
            monitor: the metric by which the best checkpoint is kept, beside the last ones.
            mode: whether the smallest or the largest value of it is best.
            keep: how many of the last checkpoints are kept.
            move: take the file or folder away instead of copying it, which costs no time.

        Raises:
            FileNotFoundError: there is nothing at the path.
            ValueError: step is negative, or keep less than 1.
        """
        import errno
        import json
        import os
        from operator import index

        from brevettiai.platform.checkpoint_sender import TORN, PendingCheckpoint, snapshot_name
        from brevettiai.platform.checkpoint_store import DATA, MANIFEST
        from brevettiai.platform.output import storable

        number = index(step)
        if number < 0 or keep < 1 or mode not in ("min", "max"):
            raise ValueError(
                f"step must be 0 or more (got {step}), keep 1 or more (got {keep}), and "
                f"mode 'min' or 'max' (got {mode!r})"
            )
        if not self._life.is_first:
            pending = PendingCheckpoint(number, None)
            pending.end(False)
            return pending
        measured = {str(name): storable(float(value)) for name, value in (metrics or {}).items()}
        sender = self._checkpoint_sender()
        snapshot = self.io.path.join(sender.spool, snapshot_name(number))
        is_file = self.io.isfile(path)
        data = self.io.path.join(snapshot + TORN, DATA)
        target = self.io.path.join(data, os.path.basename(path)) if is_file else data
        try:
            (self.io.move if move else self.io.copy)(path, target)
            if not os.path.isdir(data):
                raise FileNotFoundError(errno.ENOENT, "There are no files", os.fspath(path))
            facts = {"step": number, "metrics": measured, "monitor": monitor, "mode": mode}
            manifest = json.dumps({**facts, "is_file": is_file})
            self.io.write_file(self.io.path.join(snapshot + TORN, MANIFEST), manifest)
            self.io.move(snapshot + TORN, snapshot)
        except BaseException:
            self._forget(snapshot + TORN)
            raise
        pending = PendingCheckpoint(number, snapshot)
        sender.add(pending, keep)
        return pending

    def checkpoints(self) -> Sequence[Checkpoint]:
        """The checkpoints that are stored whole, the last one last."""
        return self._checkpoint_store().find()

    def latest_checkpoint(self) -> Checkpoint | None:
        """The checkpoint that was stored last, of this attempt or one before; None without one.

        What is on its way in this process is waited for.
        """
        self._wait_for_checkpoints()
        store = self._checkpoint_store()
        return next((each for each in reversed(store.find()) if store.is_complete(each)), None)

    def best_checkpoint(
        self, monitor: str | None = None, mode: Mode | None = None
    ) -> Checkpoint | None:
        """The best of the checkpoints that are kept, the later one of equals; None without one.

        Args:
            monitor: the metric; by default the one that `checkpoint` was told last.
            mode: whether the smallest or the largest value is best; by default as told there.
        """
        from brevettiai.platform.checkpoint_store import best_of

        self._wait_for_checkpoints()
        store = self._checkpoint_store()
        return best_of([each for each in store.find() if store.is_complete(each)], monitor, mode)

    def _wait_for_checkpoints(self) -> None:
        if self._life.sender is not None:
            self._life.sender.flush(self.io.settings.patience)

    def _begin_checkpoints(self) -> None:
        """Store what attempts before this one have not, the newest checkpoint of them."""
        earlier, own = self._launch.temp_dir.earlier, self._local_spool()
        if not (earlier or (own and self.io.isdir(own))):
            return
        from brevettiai.platform.checkpoint_sender import SPOOL, PendingCheckpoint, spooled

        spools = [*(self.io.path.join(bundle, SPOOL) for bundle in earlier), own]
        found = [path for spool in spools if spool for path in spooled(spool)]
        for path in found[:-1]:
            self._forget(path)
        if found:
            step = int(found[-1].rpartition("-")[2])
            self._checkpoint_sender().add(PendingCheckpoint(step, found[-1]), keep=None)

    def _finish_checkpoints(self, seconds: float) -> None:
        """Wait until all checkpoints are stored, at most so long; say once what is left."""
        from brevettiai.platform.log import job_log
        from brevettiai.platform.unsent import words_for

        sender = self._life.sender
        if sender is None or sender.told is not None:
            return
        try:
            sender.flush(seconds)
        finally:
            left = sender.give_up()
            if left is not None:
                words = f"That stays in {left.snapshot}"
                if self.io.path.is_address(self.job_dir):
                    words = words_for(self._launch.temp_dir)
                text = "The checkpoint of step %d is not stored. %s; so does the next attempt"
                job_log.error(text, left.step, words)

    def _checkpoint_sender(self) -> CheckpointSender:
        from brevettiai.platform.checkpoint_sender import SPOOL, CheckpointSender
        from brevettiai.platform.checkpoint_store import CheckpointStore

        if self._life.sender is None:
            spool, temp_dir = self._local_spool(), self._launch.temp_dir
            if spool is None:
                spool = self.io.path.join(temp_dir.unsent(), SPOOL)
            ready = temp_dir.cleared.wait if temp_dir.clearing else int
            # The sender tries again itself; the end of the process waits for one attempt.
            io = self.io.with_settings(patience=min(_PATIENCE, self.io.settings.patience))
            self._life.sender = CheckpointSender(CheckpointStore(io, self.job_dir), spool, ready)
        return self._life.sender

    def _local_spool(self) -> str | None:
        """Where snapshots lie until they are renamed to their place; None on S3."""
        if self.io.path.is_address(self.job_dir):
            return None
        return self.io.path.join(self._checkpoint_store().folder, ".spool")

    def _checkpoint_store(self) -> CheckpointStore:
        from brevettiai.platform.checkpoint_store import CheckpointStore

        return CheckpointStore(self.io, self.job_dir, self.temp_path)

    def _forget(self, snapshot: str) -> None:
        import shutil

        shutil.rmtree(snapshot, ignore_errors=True)
