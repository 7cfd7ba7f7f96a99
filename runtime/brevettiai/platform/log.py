"""What a job logs, shown to people who have not configured logging themselves."""

from __future__ import annotations

import logging
import sys

#: What a job says of itself.
job_log = logging.getLogger("brevettiai.platform.job")


class _StderrHandler(logging.Handler):
    """Prints `LEVEL:logger:message` to the stderr of the moment, so that capturing it works."""

    def emit(self, record: logging.LogRecord) -> None:
        if logging.getLogger().handlers:
            return  # The user has configured logging since; the record is shown there.
        try:
            print(self.format(record), file=sys.stderr, flush=True)
        except Exception:
            self.handleError(record)


def show_log() -> None:
    """Show the records of the logger `brevettiai` on stderr, unless the user configured logging.

    Records of other libraries are none of our business and stay as they are.
    """
    logger = logging.getLogger("brevettiai")
    if logger.hasHandlers():
        return
    handler = _StderrHandler()
    handler.setFormatter(logging.Formatter(logging.BASIC_FORMAT))
    logger.addHandler(handler)
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)
