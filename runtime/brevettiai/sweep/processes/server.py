"""The process that forks one for each run, of which it has imported already what runs need.

It has one thread, as only then a fork is safe. It reads requests and writes answers, by the key of
a run, and ends with who started it: at the end of its requests all that it has started is killed.
Where nothing is forked, the process does one run itself. Where the program reuses processes, one
that has done a run without fault, and was not asked to end it, waits for another one with the same
variables.

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
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import ModuleType
from typing import IO, Any, NamedTuple

from brevettiai.sweep.processes.doing import do, leave_after
from brevettiai.sweep.processes.frames import Channel, Unpacker, packed, read
from brevettiai.sweep.processes.setup import Order, Setup

_CHUNK = 1 << 16
_PATIENCE = 3
"""Seconds that processes without a run have to end."""
_PARENT_DEATH = 1  # PR_SET_PDEATHSIG


class Task(NamedTuple):
    """What the process of a run has to do."""

    setup: Setup
    loaded: Any
    order: Order
    channel: Channel
    learns: bool
    orders: int | None = None

    def work(self) -> None:
        """Do it, and what else is ordered then."""
        do(self.setup, self.loaded, self.order, self.channel, self.learns)
        if self.orders is None:
            return
        with os.fdopen(self.orders, "rb", 0) as orders:
            while True:
                # A signal that comes now is for the last run: after it nothing is ordered.
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                self.channel.send(("rests",))
                order = read(orders)
                if order is None:
                    return
                do(self.setup, self.loaded, order, self.channel, False)


@dataclass(eq=False)
class _Child:
    """The process of a run.

    Attributes:
        key: of the run; "" where it waits for one.
        pipe: what it says.
        orders: where it is told of more runs; None where it does no more.
    """

    key: str
    process: int
    pipe: int
    environ: Mapping[str, str]
    orders: int | None
    unpacker: Unpacker = field(default_factory=Unpacker)

    def do_no_more(self) -> None:
        """End after this run, or now where there is none."""
        if self.orders is not None:
            os.close(self.orders)
            self.orders = None


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
        leave_after(task.work)
    elif task is not None:
        task.work()


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
        self._children: list[_Child] = []
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
                elif isinstance(key.data, _Child) and key.data in self._children:
                    self._hear(key.data)

    def _obey(self, kind: str, key: str, what: Any) -> Task | None:
        if kind == "run":
            return None if self._reuse(key, what) else self._fork(key, what)
        for child in [each for each in self._children if each.key == key]:
            child.do_no_more()
            if what == signal.SIGKILL:
                _kill_group(child.process)
            else:
                os.kill(child.process, what)  # It is not reaped yet, so this is the run.
        return None

    def _reuse(self, key: str, order: Order) -> bool:
        """Let a process that waits for a run do it, if there is one."""
        for child in self._children:
            if child.key or child.orders is None or child.environ != order.environ:
                continue
            try:
                with open(child.orders, "wb", closefd=False) as orders:
                    orders.write(packed(order))
            except BrokenPipeError:  # What a run left behind has ended it.
                child.do_no_more()
                continue
            child.key = key
            self._channel.send((key, ("started", child.process)))
            return True
        return False

    def _fork(self, key: str, order: Order) -> Task | None:
        """Begin a run; in its process, what it has to do."""
        reading, writing = os.pipe()
        ordered, ordering = os.pipe() if self._setup.program.reuses else (None, None)
        theirs = [writing] if ordered is None else [writing, ordered]
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        server, process = os.getpid(), -1
        try:
            process = os.fork()
        except OSError as error:  # The system has no room for more.
            for descriptor in (reading, ordering, *theirs):
                if descriptor is not None:
                    os.close(descriptor)
            self._channel.send((key, ("raised", f"no process could be started: {error}")))
            self._channel.send((key, ("exited", 1)))
            return None
        finally:
            if process:
                signal.pthread_sigmask(signal.SIG_SETMASK, held)
        if process:
            for descriptor in theirs:
                os.close(descriptor)
            os.set_blocking(reading, False)
            child = _Child(key, process, reading, order.environ, ordering)
            self._children.append(child)
            self._selector.register(reading, selectors.EVENT_READ, child)
            self._channel.send((key, ("started", process)))
            return None
        self._become_child(reading, ordering)
        self._die_with(server)
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
        os.environ.update(order.environ)
        learns = not self._learned
        return Task(self._setup, self._loaded, order, Channel(writing), learns, ordered)

    def _become_child(self, *own: int | None) -> None:
        """Leave all behind that belongs to the server."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._selector.close()
        self._requests.close()
        pipes = [each for child in self._children for each in (child.pipe, child.orders)]
        for descriptor in (*own, self._answers, self._woken, self._waking, *pipes):
            if descriptor is not None:
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
                elif message[0] == "rests":
                    self._channel.send((child.key, ("exited", 0)))
                    child.key = ""
                elif child.key:
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
        for child in [*self._children]:
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
            child.do_no_more()
            self._children.remove(child)
            if child.key:
                self._channel.send((child.key, ("exited", os.waitstatus_to_exitcode(status))))

    def _kill_all(self) -> None:
        """Kill the runs; processes that wait for one end by themselves."""
        for child in self._children:
            child.do_no_more()
            if child.key:
                _kill_group(child.process)
        signal.alarm(_PATIENCE)  # It ends this process, and by that those that do not end.
        for child in self._children:
            os.waitpid(child.process, 0)


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
