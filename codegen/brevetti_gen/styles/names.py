"""The names of one module of a style: imports, and other names where attributes hide them.

Hints and defaults of these classes are evaluated, most of them in the body of the class. So no name
that they use may be that of an attribute.
"""

from __future__ import annotations

from ..model import Module, SettingsClass
from ..names import Scope, isort_key, natural_order

_BUILTINS = frozenset("list dict str int float bool property".split())


class ModuleNames:
    """Gives names, and collects what must be imported for them."""

    def __init__(self, module: Module, attributes: frozenset[str], late: set[int]) -> None:
        self.module = module
        self.attributes = attributes
        self._late = late
        own = {cls.name for cls in module.classes}
        self._scope = Scope({*own, *attributes, *_BUILTINS, module.root_name})
        self._imported: dict[tuple[str, str], str] = {}
        self._classes: dict[SettingsClass, str] = {}
        #: Second names of own classes, by class.
        self.aliases: dict[SettingsClass, str] = {}

    def imported(self, module: str, name: str) -> str:
        """The name of something in another module."""
        key = (module, name)
        if key not in self._imported:
            self._imported[key] = self._scope.claim(name)
        return self._imported[key]

    def builtin(self, name: str) -> str:
        return self.imported("builtins", name) if name in self.attributes else name

    def of(self, cls: SettingsClass) -> str:
        """The name of a class."""
        if cls not in self._classes:
            if cls.module is not self.module:
                self._classes[cls] = self._scope.claim(cls.name)
            elif cls.name in self.attributes:
                self._classes[cls] = self.aliases[cls] = self._scope.claim(cls.name)
            else:
                self._classes[cls] = cls.name
        return self._classes[cls]

    def class_named(self, name: str) -> SettingsClass | None:
        """The class that `of` gave this name."""
        return next((cls for cls, here in self._classes.items() if here == name), None)

    def imports(self) -> list[list[str]]:
        """Import statements: of the standard library, of others, of this package."""
        standard: dict[str, list[str]] = {}
        others: dict[str, list[str]] = {}
        for (module, name), here in self._imported.items():
            group = standard if module in _STANDARD else others
            group.setdefault(module, []).append(name if name == here else f"{name} as {here}")
        own = self._own_imports(late=False)
        extensions = {"typing_extensions": others.pop("typing_extensions", [])}
        lines = _statements(others)
        if extensions["typing_extensions"]:  # Python 3.10 has them nowhere else
            lines += _statements(extensions, "  # noqa: UP035")
        return [group for group in (_statements(standard), lines, own) if group]

    def late_imports(self) -> list[str]:
        """Import statements of modules that need this one, for its end."""
        return self._own_imports(late=True)

    def _own_imports(self, *, late: bool) -> list[str]:
        dots = "." * len(self.module.path)
        wanted: dict[str, list[str]] = {}
        for cls, here in self._classes.items():
            if cls.module is self.module or (id(cls.module) in self._late) != late:
                continue
            path = f"{dots}{'.'.join(cls.module.path)}"
            name = cls.name if cls.name == here else f"{cls.name} as {here}"
            wanted.setdefault(path, []).append(name)
        return _statements(wanted, "  # noqa: E402" if late else "")


_STANDARD = frozenset("builtins dataclasses typing warnings".split())


def _statements(wanted: dict[str, list[str]], note: str = "") -> list[str]:
    lines: list[str] = []
    for module, names in sorted(wanted.items(), key=lambda item: natural_order(item[0])):
        names = sorted(names, key=isort_key)
        line = f"from {module} import {', '.join(names)}{note}"
        if len(line) <= 88:
            lines.append(line)
        else:
            lines += [f"from {module} import ({note}", *(f"    {name}," for name in names), ")"]
    return lines
