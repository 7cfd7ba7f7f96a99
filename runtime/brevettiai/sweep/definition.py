"""What a sweep is: its `sweep.json`, which is written once and says the same to all who drive it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from brevettiai.sweep.goals import Goal

if TYPE_CHECKING:
    from brevettiai.io import Storage

FORMAT = 1
FILE = "sweep.json"

Search = Literal["tpe", "random", "quasi", "grid"]
Prune = Literal["none", "median", "halving", "hyperband"]


@dataclass(frozen=True)
class Definition:
    """What a sweep is.

    Attributes:
        program: what a run does, in words that say it again: of a command line how it begins,
            `-m examples.train`; of a function its name.
        settings: the settings class, as `module:Class`.
        digest: of its schema; "" where it has none.
        base: the config that runs begin from, without secrets.
        space: what varies, as it was typed, a word each.
        goals: what is sought, one at least.
        runs: how many in all.
        search: who proposes.
        prune: who ends runs that promise nothing.
        seed: the same one proposes the same again.
        retries: how often a run is tried again, whatever ended it; None for once where it was lost,
            and not where the program failed.
        storage: the URL of the database that holds the runs, without a password; "" for files in
            the folder.
        brevetti: our version.
        id: of the sweep, given when it is begun.
    """

    program: str
    settings: str
    digest: str
    base: Mapping[str, Any] = field(repr=False)
    space: tuple[str, ...]
    goals: tuple[Goal, ...]
    runs: int
    search: Search = "tpe"
    prune: Prune = "none"
    seed: int = 0
    retries: int | None = None
    storage: str = ""
    brevetti: str = ""
    id: str = ""


def read_definition(io: Storage, folder: str) -> Definition:
    """What the sweep in a folder is.

    Raises:
        SweepWordsError: there is none.
        SweepError: it cannot be read, or is of a later version.
    """
    raise NotImplementedError


def begin_or_join(io: Storage, folder: str, wanted: Definition) -> Definition:
    """Make a folder a sweep's, or join the one that it holds; what all who drive it agree on.

    Of two that begin at once one begins it, and the other joins. More `runs` are noted.

    Raises:
        SweepWordsError: the folder holds another sweep; the text says what was and what is.
    """
    raise NotImplementedError
