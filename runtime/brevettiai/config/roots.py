"""Values of schemas whose root is no object: what the `load` and `dump` of their modules do.

Generated code calls `Root`, which is frozen as `compiled` is.
"""

from __future__ import annotations

from ..json_values import keep_verdicts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..compiled import Half, Notes
    from ..errors import Problem
    from ..messages.secrets import Secrets


class Root:
    """The root of a generated module, for what warns and refuses in the stead of a class.

    Args:
        half: that of the module.
        name: what the module calls the type.
    """

    def __init__(self, half: Half, name: str) -> None:
        self.half = half.volume(0)
        self.__name__ = name
        self.__declared__: Any = (half, {})
        self.__mro__ = (self,)

    @property
    def __brevetti__(self) -> Root:
        return self

    hides = True

    @property
    def secrets(self) -> Secrets:
        """Where secrets lie in values."""
        from ..messages.secrets import secrets_in_rows

        texts = self.half.bind().machine.texts
        return secrets_in_rows(texts.__root__, texts.explanations())

    @property
    def rename(self) -> Any:
        """Gives the values of old keys their new ones, if there are any."""
        return self._functions()[2]

    def _functions(self) -> tuple[Any, Any, Any]:
        functions: tuple[Any, Any, Any] = self.half.bind().__root__
        return functions

    def load(self, value: object) -> Any:
        """The value that plain JSON stands for.

        Raises:
            SettingsError: it does not fit.
        """
        return self._unless_too_deep(self._load, value)

    def dump(self, value: object) -> Any:
        """The plain JSON of a value.

        As in configs the fills are there where all of it then fits, else only what was given.

        Raises:
            SettingsError: it does not fit.
        """
        return self._unless_too_deep(self._dump, value)

    def _unless_too_deep(self, work: Callable[[object], Any], value: object) -> Any:
        from ..errors import too_deep

        try:
            return work(value)
        except RecursionError:
            pass
        return self._refuse([too_deep()])

    def _load(self, value: object) -> Any:
        from .notices import warn

        plain, problems = self._fitting(value)
        self._refuse(problems)
        notes: Notes = []
        loaded = keep_verdicts(self._functions()[1], plain, notes)
        if notes:
            stand_in: Any = self
            warn(stand_in, plain, notes)
        return loaded

    def _dump(self, value: object) -> Any:
        from .given import given_value, same_classes

        full, problems = self._fitting(value)
        if not problems and same_classes(value, keep_verdicts(self._functions()[1], full, [])):
            return full
        given, problems_of_given = self._fitting(given_value(value))
        self._refuse(problems_of_given and problems)
        return full if problems_of_given else given

    def _fitting(self, value: object) -> tuple[Any, list[Problem]]:
        from .loading import fitting

        return fitting(self, value, self._functions()[0], self._told)

    def _refuse(self, problems: list[Problem]) -> None:
        from ..errors import SettingsError

        if problems:
            raise SettingsError(problems, self.__name__)

    def _told(self, value: Any) -> list[Problem]:
        from ..messages.findings import Findings

        texts = self.half.bind().machine.texts
        findings = Findings(texts.explanations(), self.secrets)
        findings.explain(texts.__root__, (), value)
        return findings.problems
