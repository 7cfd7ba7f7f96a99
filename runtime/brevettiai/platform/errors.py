"""What a job raises when something outside it is wrong. No text of these shows a key."""

from __future__ import annotations


class JobError(Exception):
    """A job cannot begin or go on: the text names what, where, and how to mend it."""


class JobInfoError(JobError):
    """The job's `info.json` is absent, unreadable or broken."""


class PlatformError(JobError):
    """The platform did not answer, or refused.

    Attributes:
        status: the HTTP status of its answer, None where there was no answer.
        exit_code: that of a process which it ends.
    """

    exit_code = 1

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class CredentialsError(PlatformError, OSError):
    """The platform gave no credentials: wrong id or key, or an answer that is none.

    An OSError, as it is storage that fails for want of them.
    """
