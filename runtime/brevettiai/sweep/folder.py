"""The folder of a sweep, for those who look at it later: what was swept, and what came out."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from brevettiai.sweep.best import best_of_row, program_words
from brevettiai.sweep.definition import read_definition
from brevettiai.sweep.errors import SweepError, SweepWordsError
from brevettiai.sweep.goals import best_of
from brevettiai.sweep.rows import Row, read_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optuna.trial import FrozenTrial

    from brevettiai.io import Storage
    from brevettiai.search.spaces import Space
    from brevettiai.sweep.best import Best


class SweepFolder:
    """What lies in the folder of a sweep. It is read only.

    Attributes:
        path: of the folder, local or on S3.
        definition: what the sweep is.
        rows: the runs that ended, by number.
    """

    def __init__(self, path: str, io: Storage | None = None) -> None:
        """Read a folder.

        Raises:
            SweepError: there is no sweep, or it cannot be read.
        """
        if io is None:
            from brevettiai.io import Storage

            io = Storage()
        self.path = path
        self.io = io
        self.definition = read_definition(io, path)
        self.rows = read_rows(io, path)

    @cached_property
    def best(self) -> list[Row]:
        """The best run that is done; of several goals the Pareto front; empty if none is done."""
        done = [row for row in self.rows if row.state == "done"]
        return [done[i] for i in best_of(self.definition.goals, [row.values for row in done])]

    def row(self, number: int | None = None) -> Row:
        """A run that ended, by default the best.

        Raises:
            SweepError: there is none.
        """
        if number is None and self.best:
            return self.best[0]
        found = next((row for row in self.rows if row.run == number), None)
        if found is not None:
            return found
        if number is not None:
            raise SweepWordsError(f"{self.path}: no run {number} has ended")
        failed = [row for row in self.rows if row.error]
        why = f": {len(failed)} failed, the last as {failed[-1].error.strip()}" if failed else ""
        raise SweepError(f"{self.path}: no run is done yet{why}")

    @cached_property
    def owner(self) -> Any:
        """The settings class, or the adapter of one.

        Raises:
            SweepError: it cannot be imported here.
        """

        from brevettiai.adapters import owner_of

        module, _, path = self.definition.settings.partition(":")
        if module == "__main__":
            raise SweepError(
                f"{self.path} is of the settings {path} of the program itself, which only the "
                "program has: best.json there has the best settings, and with the class in a "
                "module of its own, sweeps can be asked for more"
            )
        try:
            found: Any = import_module(module)
            for name in path.split("."):
                found = getattr(found, name)
            return owner_of(found)
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            raise SweepError(
                f"{self.path} is of the settings {self.definition.settings}, which cannot be "
                f"imported here ({error}): call this where the program is started"
            ) from None

    @cached_property
    def space(self) -> Space:
        """What varied.

        Raises:
            SweepError: the settings class is not here, or is another one now.
        """
        from brevettiai.errors import SettingsError
        from brevettiai.search.spaces import space_of

        try:
            return space_of(self.owner, self.definition.space, self.definition.base)
        except SettingsError as error:
            raise SweepError(
                f"{self.path} is of an older {self.definition.settings}: {error}"
            ) from None

    def settings_of(self, row: Row) -> Best:
        """The settings of a run, without secrets, in the ways that people write them.

        Raises:
            SweepError: the settings class is not here, or does not take them.
        """
        from brevettiai.errors import SettingsError

        try:
            best = best_of_row(row, self.space.settings(dict(row.params)), self.owner)
            return replace(best, hides_secrets=best.hides_secrets or bool(self.definition.secrets))
        except SettingsError as error:
            raise SweepError(
                f"{self.path}: the settings of run {row.run} cannot be made here, perhaps as they "
                f"need a secret, which a sweep does not store: {error}"
            ) from None

    @property
    def program(self) -> Sequence[str]:
        """The words that start the program; none where it is a function."""
        return program_words(self.definition.program) if self.definition.program else []

    def trials(self, url: str = "") -> list[FrozenTrial]:
        """The runs as Optuna stores them, by number.

        Args:
            url: of the database, with its password, where the sweep is stored in one.

        Raises:
            SweepError: they cannot be read.
        """
        from brevettiai.sweep.storages import open_storage

        storage, _ = open_storage(self.io, self.path, url or self.definition.storage)
        try:
            study = storage.get_study_id_from_name(self.definition.id)
        except KeyError:
            return []
        return storage.get_all_trials(study, deepcopy=False)
