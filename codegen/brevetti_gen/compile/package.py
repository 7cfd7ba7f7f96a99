"""Step *compile*: a model to the texts of its modules."""

from __future__ import annotations

from ..model.types import Model, Module
from .bundle import Bundler
from .module import ModuleCompiler, ModuleText
from .scope import Sites
from .unit import Program


def module_texts(
    model: Model, sites: Sites, assert_formats: bool
) -> list[tuple[Module, ModuleText]]:
    """Each module of `model` with its text in parts, as templates lay them out."""
    program = Program(sites, model, assert_formats)
    bundler = Bundler(sites.index, model.modules)
    compilers = [ModuleCompiler(unit, model.shapes, bundler) for unit in program.units.values()]
    for compiler in compilers:
        compiler.request()
    program.finish()
    return [(compiler.module, compiler.text()) for compiler in compilers]
