"""The order in which classes and modules need each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from ..graphs import reached
from ..model.types import Model, Module, ModulePath, SettingsClass


def needed_first(
    module: Module, needs: Callable[[SettingsClass], Iterable[SettingsClass]]
) -> list[SettingsClass]:
    """The classes of a module, each one behind those that it needs, circles apart."""
    ordered: dict[SettingsClass, None] = {}
    seen: set[SettingsClass] = set()
    for start in module.classes:
        stack = [(start, iter(list(needs(start))))] if start not in seen else []
        seen.add(start)
        while stack:
            cls, rest = stack[-1]
            following = next((c for c in rest if c.module == module.path and c not in seen), None)
            if following is None:
                ordered[cls] = None
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(list(needs(following)))))
    return list(ordered)


#: The modules that each module imports from.
Needs: TypeAlias = Mapping[ModulePath, set[ModulePath]]


def module_needs(model: Model) -> Needs:
    """The modules that each module imports from."""
    needs: dict[ModulePath, set[ModulePath]] = {}
    for module in model.modules:
        kinds = [kind for cls in module.classes for _, kind in cls.holding]
        kinds += [module.root_type] if module.root_type is not None else []
        found = {cls.module for kind in kinds for cls in model.classes_in(kind)}
        needs[module.path] = found - {module.path}
    return needs


def in_circles(module: Module, needs: Needs) -> set[ModulePath]:
    """The modules that `module` imports from and that need it themselves, through any others."""
    return {other for other in needs[module.path] if module.path in reached([other], needs)}
