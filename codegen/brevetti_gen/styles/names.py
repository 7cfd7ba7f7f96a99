"""The names of one module of a style: imports, and other names where attributes hide them.

Hints and defaults of these classes are evaluated, most of them in the body of the class. So no name
that they use may be that of an attribute.
"""

from __future__ import annotations

from brevettiai.formats.python_types import MODULES

from ..compile.text import import_statements
from ..model.names import TakenNames
from ..model.types import Module, ModulePath, SettingsClass

_BUILTINS = frozenset("list tuple dict str int float bool property".split())


class ModuleNames:
    """Gives names, and collects what must be imported for them."""

    def __init__(self, module: Module, attributes: frozenset[str], late: set[ModulePath]) -> None:
        self.module = module
        self.attributes = attributes
        self._late = late
        own = {cls.name for cls in module.classes}
        self._taken = TakenNames({*own, *attributes, *_BUILTINS, module.root_name})
        self._imported: dict[tuple[str, str], str] = {}
        self._classes: dict[SettingsClass, str] = {}
        #: What else the module defines, by what it is called elsewhere.
        self.defined: dict[str, str] = {}
        #: Second names of own classes, by class.
        self.aliases: dict[SettingsClass, str] = {}

    def imported(self, module: str, name: str) -> str:
        """The name of something in another module."""
        key = (module, name)
        if key not in self._imported:
            self._imported[key] = self._taken.claim(name)
            if name == "ClassVar" and name in self.attributes:
                # msgspec knows it by its name, one of these two.
                self._imported[key] = "typing.ClassVar"
        return self._imported[key]

    def own(self, name: str) -> str:
        """The name of something that the module defines beside its classes."""
        if name not in self.defined:
            self.defined[name] = self._taken.claim(name)
        return self.defined[name]

    def builtin(self, name: str) -> str:
        return self.imported("builtins", name) if name in self.attributes else name

    def of(self, cls: SettingsClass) -> str:
        """The name of a class."""
        if cls not in self._classes:
            if cls.module != self.module.path:
                self._classes[cls] = self._taken.claim(cls.name)
            elif cls.name in self.attributes:
                self._classes[cls] = self.aliases[cls] = self._taken.claim(cls.name)
            else:
                self._classes[cls] = cls.name
        return self._classes[cls]

    def class_named(self, name: str) -> SettingsClass | None:
        """The class that `of` gave this name."""
        return next((cls for cls, here in self._classes.items() if here == name), None)

    def imports(self) -> list[list[str]]:
        """Import statements: of the standard library, of others, of this package."""
        wanted = [(module, there, here) for (module, there), here in self._imported.items()]
        whole = ["import typing"] if any("." in here for *_, here in wanted) else []
        wanted = [name for name in wanted if "." not in name[2]]
        standard = [name for name in wanted if name[0] in _STANDARD]
        new = [name for name in wanted if name[0] == "typing_extensions"]
        # Python 3.10 has `NotRequired` nowhere else.
        note = "  # noqa: UP035"
        others = [name for name in wanted if name not in standard and name not in new]
        groups = [
            whole + import_statements(standard),
            import_statements(others)
            + [line + note * ("NotRequired" in line) for line in import_statements(new)],
            import_statements(self._own_imports(late=False)),
        ]
        return [group for group in groups if group]

    def late_imports(self) -> list[str]:
        """Import statements of modules that need this one, for its end."""
        lines = import_statements(self._own_imports(late=True))
        return [line + "  # noqa: E402, RUF100" * line.startswith("from ") for line in lines]

    def _own_imports(self, *, late: bool) -> list[tuple[str, str, str]]:
        dots = "." * len(self.module.path)
        return [
            (f"{dots}{'.'.join(cls.module)}", cls.name, here)
            for cls, here in self._classes.items()
            if cls.module != self.module.path and (cls.module in self._late) == late
        ]


_STANDARD = frozenset(["builtins", "dataclasses", "typing", "warnings", *MODULES.values()])
