"""How a job ends before it is done: by an exception, Ctrl-C, or SIGTERM of a scheduler."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

_log = logging.getLogger(__name__)


@contextmanager
def stores_at_the_end(store: Callable[[], object]) -> Generator[None]:
    """Let `store` keep what there is when the block is left by an exception.

    In the main thread SIGTERM is one too, `SystemExit(143)`, unless somebody handles it already: so
    `finally` blocks and `with` statements end what they began, and temporary folders go.
    """
    is_main = threading.current_thread() is threading.main_thread()
    handles = is_main and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if handles:
        signal.signal(signal.SIGTERM, _end)
    try:
        yield
    except BaseException:
        try:
            store()
        except Exception as error:  # What ended the block is told, not this.
            _log.error("The output of the job was not stored: %s", error)
        raise
    finally:
        if handles:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
