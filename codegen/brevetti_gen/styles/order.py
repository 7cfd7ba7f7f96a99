"""The order in which classes and modules need each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ..model.types import ClassType, ListType, MapType, Module, SettingsClass, Type, UnionType


def classes_in(kind: Type) -> Iterator[SettingsClass]:
    """The classes that a type names."""
    if isinstance(kind, ClassType):
        yield kind.cls
    elif isinstance(kind, ListType):
        for item in (*kind.prefix, kind.item):
            yield from classes_in(item)
    elif isinstance(kind, MapType):
        yield from classes_in(kind.value)
    elif isinstance(kind, UnionType):
        for branch in kind.branches:
            yield from classes_in(branch.type)


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
            following = next((c for c in rest if c.module is module and c not in seen), None)
            if following is None:
                ordered[cls] = None
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(list(needs(following)))))
    return list(ordered)


def module_needs(modules: Sequence[Module]) -> dict[int, dict[int, Module]]:
    """The modules that each module imports from, both by identity."""
    needs: dict[int, dict[int, Module]] = {}
    for module in modules:
        kinds = [prop.type for cls in module.classes for prop in cls.properties]
        kinds += [module.root_type] if module.root_type is not None else []
        found = {
            id(cls.module): cls.module
            for kind in kinds
            for cls in classes_in(kind)
            if cls.module is not module
        }
        needs[id(module)] = found
    return needs


def in_circles(module: Module, needs: Mapping[int, Mapping[int, Module]]) -> set[int]:
    """The modules that `module` imports from and that need it themselves, through any others."""
    return {other for other in needs[id(module)] if id(module) in _reached(other, needs)}


def _reached(start: int, needs: Mapping[int, Mapping[int, Module]]) -> set[int]:
    reached: set[int] = set()
    stack = [start]
    while stack:
        for other in needs.get(stack.pop(), {}):
            if other not in reached:
                reached.add(other)
                stack.append(other)
    return reached
