"""A package in one of the other styles: the texts of its modules, and what its classes lose."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeAlias

from ..graphs import reached
from ..model.names import export_key
from ..model.types import Model, Module, ModulePath, SettingsClass, Type
from ..problems import Problem
from ..schema.documents import Schema
from ..schema.verdicts import Judge
from ..write.render import generated_header, render_template, templates_folder
from . import dataclass, msgspec, pydantic, typeddict
from .code import statement
from .defaults import Defaults
from .hints import HintWriter
from .kinds import distinct_by_kind, without_patterns
from .library import hints_of
from .losses import losses, unkept
from .names import ModuleNames
from .schema import ROOT, LibraryInput, Slot, library_input
from .style import STYLES, Style
from .texts import from_text, plain_beside_classes
from .writer import StyledClass, Writer

_WRITERS: dict[str, type[Writer]] = {
    "pydantic": pydantic.PydanticWriter,
    "dataclass": dataclass.DataclassWriter,
    "msgspec": msgspec.MsgspecWriter,
    "typeddict": typeddict.TypedDictWriter,
}
#: What some styles say of names that they cannot have.
_NAME_PROBLEMS: dict[str, Callable[[Module], list[Problem]]] = {
    "pydantic": pydantic.name_problems,
    "msgspec": msgspec.name_problems,
}


def style_files(
    name: str, model: Model, judge: Judge, assert_formats: bool
) -> tuple[dict[str, str], list[Problem]]:
    """The texts of all modules by path, and what the style `name` cannot hold.

    Raises:
        GenerationError: the library could not make the classes.
        ModuleNotFoundError: it is not installed.
    """
    style = STYLES[name]
    given = library_input(style, model, assert_formats=assert_formats)
    hints = hints_of(given, style, templates_folder() / "styles" / "library")
    needs = _module_needs(model)
    files: dict[str, str] = {}
    problems: list[Problem] = []
    for module in model.modules:
        late = _in_circles(module, needs)
        text = _Module(style, module, given, hints, model, judge, late).text()
        files["/".join(module.path) + ".py"] = text
        problems += _NAME_PROBLEMS[style.name](module) if style.name in _NAME_PROBLEMS else []
    return files, [*problems, *losses(given.lost, style), *unkept(given.unkept, style)]


class _Module:
    """Writes one module."""

    def __init__(
        self,
        style: Style,
        module: Module,
        given: LibraryInput,
        hints: Mapping[Slot, ast.expr],
        model: Model,
        judge: Judge,
        late: set[ModulePath],
    ) -> None:
        self.style = style
        self.module = module
        self.model = model
        self.given = given
        self.late = late
        self.names = ModuleNames(module, _attributes(module, style), late)
        self.hints = HintWriter(style, given, hints, self.names)
        self.writer = _WRITERS[style.name](given, model, self.names, self.hints)
        self.writer.done = {cls for cls in given.classes if self._is_imported(cls)}
        self.writer.defaults = Defaults(
            model,
            judge,
            self._simplified,
            self.names.of,
            self.writer.arguments,
            partial(from_text, names=self.names),
        )

    def _simplified(self, kind: Type) -> Type:
        kind = without_patterns(kind)
        if self.style.tells_apart:
            return kind
        return distinct_by_kind(plain_beside_classes(kind), self.given.tags)

    def text(self) -> str:
        module = self.module
        classes: list[StyledClass] = []
        unfinished: list[SettingsClass] = []
        for cls in _needed_first(module, self._needs):
            classes.append(self.writer.write(cls))
            if any(c not in self.writer.done or c in unfinished for c in self._needs(cls)):
                unfinished.append(cls)
            self.writer.done.add(cls)
        root = self._root()
        for cls, alias in self.names.aliases.items():
            named = next(made for made in classes if made.name == cls.name)
            named.after.append(f"{alias} = {cls.name}")
        exported = [cls.name for cls in module.classes] + ([module.root_name] if root else [])
        hidden = sorted({name for cls in classes for name in cls.hides})
        warnings = self.names.imported("warnings", "catch_warnings") if hidden else ""
        ignore = self.names.imported("warnings", "simplefilter") if hidden else ""
        document = module.root.document
        assert isinstance(document, Schema)
        return render_template(
            f"styles/{self.style.name}.py.jinja",
            header=generated_header(document.source.uri_path),
            name=module.path[-1],
            classes=classes,
            imports=self.names.imports(),
            late_imports=self.names.late_imports(),
            defined=self.names.defined,
            unfinished=[self.names.of(cls) for cls in unfinished],
            exported=sorted(exported, key=export_key),
            root=root,
            catch_warnings=warnings,
            simplefilter=ignore,
        )

    def _is_imported(self, cls: SettingsClass) -> bool:
        """Whether a class is there before any class of this module."""
        return cls.module != self.module.path and cls.module not in self.late

    def _needs(self, cls: SettingsClass) -> list[SettingsClass]:
        """The classes that the fields of a class name and that are not imported before it."""
        found = [c for _, kind in cls.holding for c in self.model.classes_in(kind)]
        return [c for c in dict.fromkeys(found) if c is not cls and not self._is_imported(c)]

    def _root(self) -> list[str]:
        """The statement that names the type of a root that is no class."""
        number = self.given.roots.get(self.module.path)
        if number is None:
            return []
        hint = self.hints.hint((number, ROOT), lambda key, classes: key)
        alias = self.names.imported("typing", "TypeAlias")
        return statement(f"{self.module.root_name}: {alias} = ", hint)


def _attributes(module: Module, style: Style) -> frozenset[str]:
    """All names that stand in the bodies of the classes of a module."""
    properties = [prop for cls in module.classes for prop in cls.properties]
    if style.name == "typeddict":
        return frozenset(prop.key for prop in properties)
    return frozenset(["model_config", "extra", *(prop.attribute for prop in properties)])


def _needed_first(
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


_Needs: TypeAlias = Mapping[ModulePath, set[ModulePath]]


def _module_needs(model: Model) -> _Needs:
    """The modules that each module imports from."""
    needs: dict[ModulePath, set[ModulePath]] = {}
    for module in model.modules:
        kinds = [kind for cls in module.classes for _, kind in cls.holding]
        kinds += [module.root_type] if module.root_type is not None else []
        found = {cls.module for kind in kinds for cls in model.classes_in(kind)}
        needs[module.path] = found - {module.path}
    return needs


def _in_circles(module: Module, needs: _Needs) -> set[ModulePath]:
    """The modules that `module` imports from and that need it themselves, through any others."""
    return {other for other in needs[module.path] if module.path in reached([other], needs)}
