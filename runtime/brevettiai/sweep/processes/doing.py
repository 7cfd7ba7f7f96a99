"""What the process of a run does, from its first line to its end."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType
from typing import Any, NoReturn

from brevettiai.json_values import is_mapping
from brevettiai.sweep.link import Link, exit_status, masked, number, open_link, words_of
from brevettiai.sweep.processes.frames import Channel
from brevettiai.sweep.processes.setup import Order, Setup

_MACHINE = "._brevetti"
"""What the private part of a generated package is called, behind the package's name."""


def do(setup: Setup, loaded: Any, order: Order, channel: Channel, learns: bool) -> None:
    """Do a run; whatever its program raises leaves this, as from a process of its own.

    Args:
        loaded: what the program loaded, or the exception that this raised.
        learns: tell which modules were imported meanwhile that a server may import before.
    """
    before = frozenset(sys.modules)
    link = Link(order.run, setup.given, channel.send)
    open_link(link)
    if "numpy" in sys.modules and "numpy.random" in sys.modules:
        sys.modules["numpy"].random.seed()  # Forked processes would have one sequence in common.
    try:
        _redirect(order.log)
        if isinstance(loaded, BaseException):
            raise loaded
        if setup.program.kind == "function":
            _call(link, loaded, order.run.config)
        elif setup.program.kind == "job":
            sys.argv[:] = [setup.program.name]
            job, settings = loaded
            if settings is not None:
                job.Settings = settings
            job.init(args=[]).start()
        else:
            setup.program.run_as_main(loaded)
    except SystemExit as error:
        channel.send(("left", masked(_said(error), link.secrets)))
        raise
    except BaseException as error:
        channel.send(("raised", masked(words_of(error), link.secrets)))
        raise
    finally:
        if learns:
            channel.send(("learned", [*_learned(before)]))
        channel.send(("memory", _peak()))


def _is_status(error: SystemExit) -> bool:
    return error.code is None or isinstance(error.code, int)


def _said(error: SystemExit) -> str:
    """What is known of why a program exits: its own words, or what it exits for."""
    cause = error.__cause__ or error.__context__
    if not _is_status(error):
        return str(error)
    return words_of(cause) if exit_status(error) and cause is not None else ""


def _call(link: Link, loaded: Any, config: Mapping[str, Any]) -> None:
    """Call a function; what it returns are the metrics of its run."""
    function, load, secrets = loaded
    link.secrets |= {*secrets}
    signal.signal(signal.SIGTERM, _stop)
    try:
        result = function(load(config))
    except SystemExit:
        raise
    except BaseException as error:
        link.ended("failed", {}, masked(words_of(error), link.secrets))
        raise
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    alone = number(result)
    if alone is not None:
        link.ended("completed", {"value": alone})
    elif result is None or is_mapping(result):
        metrics = {str(name): _plain(each) for name, each in (result or {}).items()}
        link.ended("completed", metrics)
    else:
        kind = type(result).__name__
        link.ended(
            "failed", {}, f"the function returned a {kind}: no metrics by name, nor a number"
        )


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _plain(value: object) -> object:
    alone = number(value)
    return value if alone is None and isinstance(value, (str, bool)) else alone


def _learned(before: frozenset[str]) -> list[str]:
    """The modules that were imported since, and that are safe to import at any time."""
    own = sys.stdlib_module_names | {"brevettiai"}
    new = [name for name in sys.modules if name not in before]
    # Of generated packages each module of the machine, with that of the people beside it.
    generated = {name for name in new if f"{_MACHINE}." in f"{name}."}
    generated |= {name.replace(f"{_MACHINE}.", ".") for name in generated}
    return [name for name in new if name.partition(".")[0] in own or name in generated]


def _peak() -> int:
    """The most memory that this process held, in bytes."""
    try:
        import resource
    except ImportError:  # Windows has none.
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def leave_after(work: Callable[[], object]) -> NoReturn:
    """Do work, then end this forked process as the interpreter does, but for its own clearing.

    That takes longer than many a run, and is of no use to a process that ends.
    """
    status = 0
    try:
        work()
    except SystemExit as error:
        status = exit_status(error)
        if not _is_status(error):
            print(error.code, file=sys.stderr)
    except BaseException as error:
        status = 128 + signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1
        sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
        sys.excepthook(type(error), error, error.__traceback__)
    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()  # pyright: ignore[reportPrivateUsage]
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):
                stream.flush()
        os._exit(status & 0xFF)


def _redirect(log: str | None) -> None:
    """Let the process read nothing, and write its output to a file."""
    path = os.devnull if log is None else log
    if log is not None:
        os.makedirs(os.path.dirname(log), exist_ok=True)
    source = os.open(os.devnull, os.O_RDONLY)
    target = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    for descriptor, standard in ((source, 0), (target, 1), (target, 2)):
        os.dup2(descriptor, standard)
    os.close(source)
    os.close(target)
