"""What a case may do on this machine: an audit hook refuses, and remembers, all else.

A hook stays as long as the process: that is why a fuzzer is a process of its own.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: Seconds of its own processor time that a case may take, and of the clock.
MOST_SECONDS = 15
MOST_CLOCK = 120
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {
    "os.mkdir": (0,),
    "os.rename": (0, 1),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.link": (0, 1),
    "os.symlink": (1,),
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.truncate": (0,),
    "os.utime": (0,),
    "os.setxattr": (0,),
    "shutil.rmtree": (0,),
    "shutil.move": (0, 1),
}
_STARTS = ("os.system", "subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork", "pty.spawn")
_CONNECTS = ("socket.connect", "socket.getaddrinfo", "socket.bind", "urllib.Request")


class Trespass(RuntimeError):
    """Something was begun that no case may do."""


class TooLong(BaseException):
    """A case took too long; nothing in between shall take it for an ordinary error."""


class Guard:
    """Watches this process while a case runs.

    Attributes:
        trespasses: what was begun and refused.
    """

    def __init__(self) -> None:
        self.trespasses: list[str] = []
        self._folders: tuple[str, ...] = ()
        self._programs: frozenset[str] = frozenset()
        signal.signal(signal.SIGALRM, _too_long)
        signal.signal(signal.SIGVTALRM, _too_long)
        sys.addaudithook(self._hear)

    @contextmanager
    def watching(self, *folders: Path, programs: frozenset[str]) -> Generator[None]:
        """Let the block change these folders only, start these programs, and end in time."""
        self.trespasses.clear()
        self._programs = programs
        # Ends of folders of our own are ends of names: `settings` is no `settings-2`.
        self._folders = tuple(
            f"{os.path.realpath(folder)}{os.sep}" for folder in (*folders, tempfile.gettempdir())
        )
        signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
        signal.alarm(MOST_CLOCK)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.alarm(0)
            self._folders = ()

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._folders:
            return
        if event == "open":
            path, mode, flags = arguments
            writes = (set(mode) & set("wax+")) if isinstance(mode, str) else flags & _WRITES
            if writes and not isinstance(path, int):
                self._ask_path(event, path)
        elif event in _CHANGES:
            for number in _CHANGES[event]:
                self._ask_path(event, arguments[number])
        elif event in _STARTS:
            program = os.path.basename(os.fsdecode(arguments[0])) if arguments else ""
            if program not in self._programs:
                self._refuse(f"{event} {arguments!r}")
        elif event in _CONNECTS:
            self._refuse(f"{event} {arguments[1:]!r}")

    def _ask_path(self, event: str, path: Any) -> None:
        if isinstance(path, int) or path is None:
            return
        # The last part may be a link that is changed itself.
        folder, name = os.path.split(os.path.abspath(os.fsdecode(path)))
        path = os.path.join(os.path.realpath(folder), name)
        is_inside = f"{path}{os.sep}".startswith(self._folders)
        if not is_inside and name not in ("null", "tty"):
            self._refuse(f"{event} {path!r}")

    def _refuse(self, what: str) -> None:
        self.trespasses.append(what[:500])
        raise Trespass(what[:500])


def _too_long(*_: object) -> None:
    raise TooLong(f"took more than {MOST_SECONDS} s")


def snapshot(folder: Path, *without: str) -> dict[str, bytes]:
    """All files below a folder and what is in them, but for those below some of its own names."""
    found: dict[str, bytes] = {}
    for top, folders, files in os.walk(folder):
        if Path(top) == folder:
            folders[:] = [name for name in folders if name not in without]
            files = [name for name in files if name not in without]
        for name in (*folders, *files):
            path = os.path.join(top, name)
            is_file = os.path.isfile(path) and not os.path.islink(path)
            found[os.path.relpath(path, folder)] = Path(path).read_bytes() if is_file else b""
    return found
