"""The side of a worker: it has a server, lets it do runs, watches these, and tells how they end."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from brevettiai.io import Storage
from brevettiai.sweep.processes.frames import packed, read
from brevettiai.sweep.processes.hearing import Heard, ended
from brevettiai.sweep.processes.log_file import LogFile
from brevettiai.sweep.processes.memory import MemoryWatch, kill_tree
from brevettiai.sweep.processes.setup import Order, Setup
from brevettiai.sweep.runs import Ended, Reported, Run

GRACE = 30.0
"""Seconds that a run which is asked to end has for that, before it is killed."""
_BETWEEN = 0.05
"""Seconds between two reports of a run: what comes meanwhile goes together."""
_ROOT = str(Path(__file__).resolve().parents[3])
_START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1));"
    "from brevettiai.sweep.processes.server import main; main()"
)
_SIGKILL = getattr(signal, "SIGKILL", signal.SIGTERM)


class Server:
    """A process that does runs, see `brevettiai.sweep.processes.server`.

    Args:
        environ: its variables.

    Attributes:
        forks: whether it does more than one run; None until it is ready.
    """

    def __init__(self, setup: Setup, environ: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, _ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environ},
            start_new_session=True,
        )
        self.forks: bool | None = None
        self.ready = threading.Event()
        self._lock = threading.Lock()
        self._runs: dict[str, queue.SimpleQueue[Any]] = {}
        self._pids: dict[str, int] = {}
        self.is_gone = False
        self._request(setup)
        threading.Thread(target=self._listen, name="brevettiai-server", daemon=True).start()

    def begin(self, key: str, order: Order) -> queue.SimpleQueue[Any]:
        """Begin a run; where what is heard of it comes."""
        messages: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with self._lock:
            if self.is_gone:
                messages.put(("gone", self._process.returncode))
                return messages
            self._runs[key] = messages
        self._request(("run", key, order))
        return messages

    def signal(self, key: str, number: int) -> None:
        """Send a signal to a run."""
        if number == _SIGKILL and self.forks is False:
            self._kill()
        else:
            self._request(("signal", key, number))

    def close(self) -> None:
        """End the server, and kill what it still does."""
        with suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:  # As long as it imports, it reads nothing.
            self._kill()

    def _request(self, request: object) -> None:
        if self._process.stdin is not None:
            with self._lock, suppress(OSError, ValueError):  # It has ended.
                self._process.stdin.write(packed(request))
                self._process.stdin.flush()

    def _listen(self) -> None:
        """Pass on what is heard to who waits for it, until the process ends."""
        assert self._process.stdout is not None
        while (answer := read(self._process.stdout)) is not None:
            key, message = answer
            if key is None:
                self.forks = message[1]
                self.ready.set()
                continue
            if message[0] == "started":
                self._pids[key] = message[1]
            messages = self._runs.get(key)
            if message[0] == "exited":
                self._runs.pop(key, None)
                self._pids.pop(key, None)
            if messages is not None:
                messages.put(message)
        self._kill()
        status = self._process.wait()
        with self._lock:
            self.is_gone = True
            left = [*self._runs.values()]
            self._runs.clear()
        self.ready.set()
        for messages in left:
            messages.put(("exited" if self.forks is False else "gone", status))

    def _kill(self) -> None:
        """Kill the process, and what is left of its runs."""
        if os.name != "posix":
            kill_tree(self._process.pid)
            return
        # Not reaped yet, so its id is that of nobody else.
        for leader in [self._process.pid, *self._pids.values()]:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(leader, signal.SIGKILL)


class RunProcesses:
    """Does the runs of a sweep on this machine.

    Args:
        memory: the most that a run may hold, in bytes.
        environ: variables of all runs beside those of this process.
        devices: the GPUs that there are, by the names that `CUDA_VISIBLE_DEVICES` takes.
        run_devices: how many of them each run has; None for what this process has.
        storage: what stores the output of runs whose folders are on S3.
    """

    def __init__(
        self,
        setup: Setup,
        *,
        memory: int | None = None,
        environ: Mapping[str, str] | None = None,
        devices: Sequence[str] = (),
        run_devices: int | None = None,
        storage: Storage | None = None,
    ) -> None:
        self._setup = setup
        self._storage = storage
        self._leaving = ""
        self._memory = memory
        self._environ = {**os.environ, **(environ or {})}
        self._devices = [*devices]
        self._run_devices = run_devices
        self._lock = threading.Lock()
        self._asked: dict[str, float] = {}
        self._going: dict[str, Server] = {}
        self._closed = False
        self._server: Server | None = None
        if setup.forks:
            self._shared()

    def do(self, key: str, run: Run, report: Callable[[Sequence[Reported]], object]) -> Ended:
        """Do a run to its end.

        Args:
            key: what tells this attempt from all others.
            report: takes the metrics that it reports, as they come.
        """
        with self._lock:
            if self._closed or key in self._asked:
                self._asked.pop(key, None)
                return Ended(run.number, "stopped", began=time.time(), worker=_name())
            devices = self._devices[: self._run_devices or 0]
            del self._devices[: len(devices)]
        try:
            return self._do(key, run, report, devices)
        finally:
            with self._lock:
                self._devices += devices
                self._going.pop(key, None)
                self._asked.pop(key, None)

    def stop(self, key: str) -> None:
        """Ask a run to end; one that has not begun here never does."""
        with self._lock:
            self._asked.setdefault(key, time.monotonic())
            server = self._going.get(key)
        if server is not None:
            server.signal(key, signal.SIGTERM)

    def abandon(self, key: str) -> None:
        """Ask a run to end, if it goes on here."""
        if key in self._going:
            self.stop(key)

    def close(self, grace: float = 0.0, leaving: str = "") -> None:
        """Ask all runs to end, kill them when the grace period is over, and end the server.

        Args:
            leaving: why, if that is no wish of the sweep: then the runs are lost.
        """
        with self._lock:
            self._closed = True
            self._leaving = leaving
            going = {**self._going}
        until = time.monotonic() + grace
        for key in going if grace else ():
            self.stop(key)
        while self._going and time.monotonic() < until:
            time.sleep(0.01)
        for server in {*self._going.values(), *([self._server] if self._server else [])}:
            server.close()

    def _shared(self) -> Server:
        """The server that forks; a new one where it has died. Else one for a single run."""
        if not self._setup.forks:
            return Server(self._setup, self._environ)
        with self._lock:
            if self._server is None or self._server.is_gone:
                self._server = Server(self._setup, self._environ)
            return self._server

    def _begin(self, key: str, order: Order) -> tuple[Server, queue.SimpleQueue[Any]]:
        should_fork = self._setup.forks  # Another run may be finding out that it is not safe.
        server = self._shared()
        server.ready.wait()
        if server.forks is False and should_fork:
            # What it imported has started threads, so that a fork is not safe.
            from dataclasses import replace

            with self._lock:
                self._setup = replace(self._setup, forks=False)
                self._server = None
            server.close()
            server = self._shared()
        with self._lock:
            self._going[key] = server
        messages = server.begin(key, order)
        if key in self._asked:
            server.signal(key, signal.SIGTERM)
        return server, messages

    def _do(
        self,
        key: str,
        run: Run,
        report: Callable[[Sequence[Reported]], object],
        devices: Sequence[str],
    ) -> Ended:
        began, clock = time.time(), time.monotonic()
        log = LogFile(run.job_dir, self._storage)
        environ = {"CUDA_VISIBLE_DEVICES": ",".join(devices)} if self._run_devices else {}
        heard = Heard(begins_job=self._setup.program.begins_job, limit=self._memory)
        server, messages = self._begin(key, Order(run, log.path, environ))
        watch: MemoryWatch | None = None
        waiting: list[Reported] = []
        told = 0.0
        while not heard.is_over:
            now = time.monotonic()
            asked = self._asked.get(key)
            due = [watch.next] if watch else []
            due += [told + _BETWEEN] if waiting else []
            due += [asked + GRACE] if asked is not None and not heard.is_killed else []
            try:
                message = messages.get(timeout=max(0.0, min(due, default=now + 1.0) - now))
            except queue.Empty:
                message = None
            if message is not None and message[0] == "started":
                watch = MemoryWatch(message[1], self._memory)
                began, clock = time.time(), time.monotonic()
            elif message is not None and message[0] == "reported":
                waiting.append(Reported(run.number, *message[1:]))
            if message is not None:
                heard.hear(message)
            now = time.monotonic()
            if waiting and (now >= told + _BETWEEN or heard.is_over):
                report(waiting)
                waiting, told = [], now
            if watch is not None and not heard.is_over and now >= watch.next and watch.is_over():
                heard.is_over_memory = True
            is_late = key in self._asked and now > self._asked[key] + GRACE
            if (is_late or heard.is_over_memory) and not heard.is_killed and not heard.is_over:
                heard.is_killed = True
                server.signal(key, _SIGKILL)
        if server is not self._server:
            server.close()
        log.store()
        heard.asked = key in self._asked
        heard.leaving = self._leaving
        heard.memory = max(heard.memory, watch.most if watch else 0)
        return ended(heard, run.number, began, time.monotonic() - clock, _name(), log.told)


def _name() -> str:
    import platform

    return f"{platform.node()} {os.getpid()}"
