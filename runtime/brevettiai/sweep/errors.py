"""What a sweep raises when something outside it is wrong. No text of these shows a secret."""

from __future__ import annotations


class SweepError(Exception):
    """A sweep cannot begin or go on: the text says what is wrong, where, and how to mend it.

    Attributes:
        exit_code: that of a process which it ends.
    """

    exit_code = 1


class SweepWordsError(SweepError):
    """What was asked for is wrong, or is not what the sweep was begun with."""

    exit_code = 2


class ClusterError(SweepError):
    """A cluster, or this machine, that cannot do the runs of a program."""
