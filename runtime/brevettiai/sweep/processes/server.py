"""The process that forks one for each run, of which it has imported already what runs need.

It has one thread, as only then a fork is safe. It reads requests and writes answers, by the key of
a run, and ends with who started it: at the end of its requests all that it has started is killed.
Where nothing is forked, the process does one run itself.

Requests are `("run", key, Order)` and `("signal", key, number)`. Answers are pairs of a key and a
message: what the run's process says, before that `("started", id)`, and `("exited", status)` at
last, where a status below 0 is a signal; the first, without a key, is `("ready", forks)`.
"""

from __future__ import annotations

import gc
import importlib
import os
import selectors
import signal
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import ModuleType
from typing import IO, Any, NamedTuple

from brevettiai.sweep.processes.doing import do, leave_after
from brevettiai.sweep.processes.frames import Channel, Unpacker, read
from brevettiai.sweep.processes.setup import Order, Setup

_CHUNK = 1 << 16
_PARENT_DEATH = 1  # PR_SET_PDEATHSIG


class Task(NamedTuple):
    """What the process of a run has to do."""

    setup: Setup
    loaded: Any
    order: Order
    channel: Channel
    learns: bool


@dataclass
class _Child:
    key: str
    process: int
    pipe: int
    unpacker: Unpacker = field(default_factory=Unpacker)


def main() -> None:
    """Serve; in the process of a run, do it."""
    requests, answers = os.fdopen(os.dup(0), "rb", 0), os.dup(1)
    _go_quiet()
    setup: Setup | None = read(requests)
    if setup is None:
        return
    if setup.path is not None:
        sys.path[:] = setup.path
    if setup.folder is not None:
        os.chdir(setup.folder)
    channel = Channel(answers)
    loaded = _load(setup)
    forks = setup.forks and threading.active_count() == 1
    channel.send((None, ("ready", forks)))
    if forks:
        task = _Server(setup, loaded, requests, channel, answers).serve()
    else:
        task = _alone(setup, loaded, requests, channel)
    if task is not None and forks:
        leave_after(lambda: do(task.setup, task.loaded, task.order, task.channel, task.learns))
    elif task is not None:
        do(task.setup, task.loaded, task.order, task.channel, False)


def _go_quiet() -> None:
    """Let what is imported read nothing and print nowhere; errors are told by the runs."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)


def _load(setup: Setup) -> Any:
    """What the program loads, or the exception that this raised."""
    for name in setup.program.needs:
        with suppress(BaseException):  # Who needs it tells what is wrong with it.
            importlib.import_module(name)
    try:
        return setup.program.load()
    except BaseException as error:
        return error


class _Keyed:
    """A channel of one run among those of several."""

    def __init__(self, channel: Channel, key: str) -> None:
        self._channel, self._key = channel, key

    def send(self, message: object) -> None:
        self._channel.send((self._key, message))


def _alone(setup: Setup, loaded: Any, requests: IO[bytes], channel: Channel) -> Task | None:
    """Do the first run in this process."""
    request = read(requests)
    if request is None:
        return None
    _, key, order = request
    threading.Thread(target=_obey, args=(requests,), name="brevettiai-sweep", daemon=True).start()
    own: Any = _Keyed(channel, key)
    own.send(("started", os.getpid()))
    os.environ.update(order.environ)
    return Task(setup, loaded, order, own, False)


def _obey(requests: IO[bytes]) -> None:
    """Do what is asked of the only run, and end with who asks."""
    import _thread

    while (request := read(requests)) is not None:
        number = request[2]
        if os.name == "posix":
            os.kill(os.getpid(), number)
        elif signal.getsignal(number) is signal.SIG_DFL:
            os._exit(128 + number)
        else:
            _thread.interrupt_main(number)
    if os.name == "posix":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


class _Server:
    """Forks, hears and reaps."""

    def __init__(
        self, setup: Setup, loaded: Any, requests: IO[bytes], channel: Channel, answers: int
    ) -> None:
        self._setup = setup
        self._loaded = loaded
        self._requests = requests
        self._channel = channel
        self._answers = answers
        self._children: dict[str, _Child] = {}
        self._selector = selectors.DefaultSelector()
        self._woken, self._waking = os.pipe()
        self._learned = False
        self._die_with = _parent_death()

    def serve(self) -> Task | None:
        """Serve until the end of the requests; in the process of a run, what it has to do."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        for descriptor in (self._woken, self._waking):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(self._waking, warn_on_full_buffer=False)
        self._selector.register(self._requests.fileno(), selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        gc.freeze()
        unpacker = Unpacker()
        while True:
            for key, _ in self._selector.select():
                if key.fd == self._requests.fileno():
                    raw = os.read(key.fd, _CHUNK)
                    if not raw:
                        self._kill_all()
                        return None
                    for request in unpacker.feed(raw):
                        task = self._obey(*request)
                        if task is not None:
                            return task
                elif key.fd == self._woken:
                    with suppress(BlockingIOError):
                        os.read(self._woken, _CHUNK)
                    self._reap()
                elif isinstance(key.data, _Child) and key.data.key in self._children:
                    self._hear(key.data)

    def _obey(self, kind: str, key: str, what: Any) -> Task | None:
        if kind == "run":
            return self._fork(key, what)
        child = self._children.get(key)
        if child is not None:
            if what == signal.SIGKILL:
                _kill_group(child.process)
            else:
                os.kill(child.process, what)  # It is not reaped yet, so this is the run.
        return None

    def _fork(self, key: str, order: Order) -> Task | None:
        """Begin a run; in its process, what it has to do."""
        reading, writing = os.pipe()
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        server, process = os.getpid(), -1
        try:
            process = os.fork()
        except OSError as error:  # The system has no room for more.
            os.close(reading)
            os.close(writing)
            self._channel.send((key, ("raised", f"no process could be started: {error}")))
            self._channel.send((key, ("exited", 1)))
            return None
        finally:
            if process:
                signal.pthread_sigmask(signal.SIG_SETMASK, held)
        if process:
            os.close(writing)
            os.set_blocking(reading, False)
            child = _Child(key, process, reading)
            self._children[key] = child
            self._selector.register(reading, selectors.EVENT_READ, child)
            self._channel.send((key, ("started", process)))
            return None
        self._become_child(reading)
        self._die_with(server)
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
        os.environ.update(order.environ)
        return Task(self._setup, self._loaded, order, Channel(writing), not self._learned)

    def _become_child(self, reading: int) -> None:
        """Leave all behind that belongs to the server."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._selector.close()
        self._requests.close()
        pipes = [child.pipe for child in self._children.values()]
        for descriptor in (reading, self._answers, self._woken, self._waking, *pipes):
            os.close(descriptor)

    def _hear(self, child: _Child) -> None:
        """Pass on what the process of a run said."""
        while True:
            try:
                raw = os.read(child.pipe, _CHUNK)
            except BlockingIOError:
                return
            if not raw:
                with suppress(KeyError):
                    self._selector.unregister(child.pipe)
                return
            for message in child.unpacker.feed(raw):
                if message[0] == "learned":
                    self._learn(message[1])
                else:
                    self._channel.send((child.key, message))

    def _learn(self, names: list[str]) -> None:
        """Import what the first run imported, before others do."""
        if not self._learned:
            for name in names:
                with suppress(BaseException):
                    _bind(importlib.import_module(name))
            gc.freeze()
        self._learned = True

    def _reap(self) -> None:
        """Tell of the runs whose processes have ended, and end what they have left behind."""
        for child in [*self._children.values()]:
            how = os.WEXITED | os.WNOHANG | os.WNOWAIT
            if os.waitid(os.P_PID, child.process, how) is None:
                continue
            # As long as the process is not reaped, its group is that of nobody else.
            _kill_group(child.process)
            _, status = os.waitpid(child.process, 0)
            self._hear(child)
            with suppress(KeyError):
                self._selector.unregister(child.pipe)
            os.close(child.pipe)
            del self._children[child.key]
            self._channel.send((child.key, ("exited", os.waitstatus_to_exitcode(status))))

    def _kill_all(self) -> None:
        for child in self._children.values():
            _kill_group(child.process)


def _bind(module: ModuleType) -> None:
    """Let the classes of a generated module do what else their first use does."""
    for each in [*vars(module).values()]:
        if isinstance(each, type) and "__declared__" in vars(each):
            getattr(each, "__brevetti__", None)


def _kill_group(leader: int) -> None:
    """Kill a run, and what it has started in its session."""
    with suppress(PermissionError):  # What macOS says of a group of which all have ended.
        try:
            os.killpg(leader, signal.SIGKILL)
        except ProcessLookupError:  # It has no group of its own yet.
            with suppress(ProcessLookupError):
                os.kill(leader, signal.SIGKILL)


def _parent_death() -> Any:
    """What lets a forked process be killed when its server ends, however that happens."""
    import ctypes

    prctl = getattr(ctypes.CDLL(None), "prctl", None)

    def die_with(server: int) -> None:
        if prctl is not None:
            prctl(_PARENT_DEATH, signal.SIGKILL)
        if os.getppid() != server:  # It has ended meanwhile.
            os._exit(1)

    return die_with
