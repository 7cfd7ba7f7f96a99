"""The tables of rows that explain, and what stands for a row in another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

from ..halves import MEND
from ..json_values import ATOMS, class_of, identity, is_one_of

Rows: TypeAlias = dict[str, dict[str, Any]]
_NEVER: dict[str, Any] = {"not": (True, "")}


class Tables:
    """Finds rows. The tables of other modules are made when they are needed."""

    def __init__(self) -> None:
        self._known: dict[Any, Rows] = {}
        self._choices: dict[int, set[Any]] = {}

    def is_choice(self, value: Any, choices: Sequence[Any]) -> bool:
        """Whether a value is JSON-equal to one of those in a row."""
        if class_of(value) not in ATOMS:
            return is_one_of(value, choices)
        if id(choices) not in self._choices:
            self._choices[id(choices)] = {*map(identity, choices)}
        return identity(value) in self._choices[id(choices)]

    def found(self, child: Any, rows: Rows) -> tuple[dict[str, Any], Rows]:
        """The row that `child` stands for in a table, and the table that it is in.

        Raises:
            ImportError: another version of the module is there than that which refers to it.
        """
        row: Any = child
        if isinstance(child, tuple):
            module, row = cast("tuple[Any, Any]", child)
            if module not in self._known:
                self._known[module] = module.machine.texts.explanations()
            rows = self._known[module]
        while type(row) is str:  # A name can stand for another one, by which others know a row.
            if row not in rows:
                raise ImportError(f"nothing explains {row!r} any more: {MEND}")
            row = rows[row]
        if type(row) is bool:
            row = {} if row else _NEVER
        return row, rows
