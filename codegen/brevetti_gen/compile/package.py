"""Step *compile*: a model to the texts of its modules."""

from __future__ import annotations

from ..model.types import Model, Module
from .bundle import Bundler
from .module import ModuleCompiler, ModuleText
from .program import Program
from .scopes import DynamicScopes


def module_texts(
    model: Model, scopes: DynamicScopes, assert_formats: bool
) -> list[tuple[Module, ModuleText]]:
    """Each module of `model` with its text in parts, as templates lay them out."""
    program = Program(scopes, model, assert_formats)
    bundler = Bundler(scopes.index, model.modules)
    compilers = [ModuleCompiler(code, model.shapes, bundler) for code in program.modules.values()]
    for compiler in compilers:
        compiler.request()
    program.finish()
    return [(compiler.module, compiler.text()) for compiler in compilers]
