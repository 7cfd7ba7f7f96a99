"""One module's text in parts, as the template lays them out; what its classes are bound to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..forms.class_forms import layout_in_schema
from ..model.build import annotated
from ..model.facts import first_text
from ..model.names import export_key
from ..model.shapes import Shapes
from ..model.types import Model, Module, SettingsClass
from .attributes import is_simple, keeps_names
from .bundle import Bundler
from .literals import INDENT, literal
from .loading import LoadWriter
from .locals import with_declared_locals
from .people import ClassText, ClassTextWriter
from .program import ModuleCode, Program
from .renames import RenameCompiler
from .saving import save_function
from .scopes import DynamicScopes
from .simple import SimpleClassWriter
from .tables import FieldTables, schema_function, value_function
from .text import (
    import_statements,
    wrapped_call,
)

#: What of the runtime's public names a machine half may use, besides its functions.
_FROM_SETTINGS = ("UNSET", "Settings", "construct")


@dataclass
class ModuleText:
    """A module as the template shows it."""

    name: str
    runtime_names: list[str]
    settings_names: list[str]
    imports: list[str]
    #: What only type checkers see: imports, and the names of long types.
    type_block: list[str]
    alias_block: list[str]
    exported: list[str]
    classes: list[ClassText]
    machine: list[list[str]]
    #: The class that `python -m` runs, if there is one.
    main: str | None


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


class ModuleCompiler:
    """Compiles one module. `request` asks for checks; `text` needs all modules' to be written."""

    def __init__(self, code: ModuleCode, shapes: Shapes, schemas: Bundler) -> None:
        self.code = code
        self.module: Module = code.module
        self.shapes = shapes
        self.schemas = schemas
        self.loads = LoadWriter(code)
        self.renames = RenameCompiler(code)
        self.simple = SimpleClassWriter(self.loads, shapes)
        self.fields = FieldTables(code)
        self.people = ClassTextWriter(code, shapes, self.fields)
        #: What each class is bound to, and the row that explains it.
        self._statements: list[tuple[Any, list[str]]] = []
        self._tables: list[list[str]] = []

    def request(self) -> None:
        """Compile everything of the classes, and ask for the checks that they need."""
        if self.module.classes or self.schemas.is_neighbour(self.module):
            self._write_documents()
        self._tables += self.fields.shared_functions()
        for cls in self.module.classes:
            self._compile_class(cls)

    def _write_documents(self) -> None:
        """Functions that give the schema, and those that it refers to."""
        code = self.code
        self._tables.append(schema_function(code.schema_function, self.module.root.schema))
        neighbours = self.schemas.neighbours(self.module)
        if not neighbours:
            return
        lines = [f"def {code.others_function}() -> tuple[Any, ...]:", f"{INDENT}return ("]
        for found in neighbours:
            if found.module is None:
                own = code.names.claim("schema_of_other")
                self._tables.append(schema_function(own, found.schema))
                names = [own, "None"]
            else:
                other = code.program.modules[found.module.path]
                has_others = bool(self.schemas.neighbours(found.module))
                alias = code.import_module(found.module.path)
                names = [f"{alias}.{other.schema_function}"]
                names.append(f"{alias}.{other.others_function}" if has_others else "None")
            lines.append(f"{INDENT * 2}({', '.join([literal(found.identifier), *names])}),")
        self._tables.append([*lines, f"{INDENT})"])

    def _check(self, cls: SettingsClass) -> str:
        """The name of the check of a class."""
        code, scopes = self.code, self.code.scopes
        checks = [code.check(scopes.enter(node)) for node in cls.shape]
        if len(checks) == 1 and self.shapes.admitted(cls.shape) == frozenset(["object"]):
            return checks[0]
        name = code.names.claim(f"check_{code.stem(cls)}")
        lines = [f"def {name}(v: Any) -> bool:", f"{INDENT}t = {code.use('class_of')}(v)"]
        tests = " and ".join(["t is dict", *(f"{check}(v)" for check in checks)])
        self._tables.append([*lines, f"{INDENT}return {tests}"])
        return name

    def _compile_class(self, cls: SettingsClass) -> None:
        name = self.code.stem(cls)
        functions = ["explanations=explanations", f"fields=fields_{name}"]
        saves = False
        if is_simple(cls, self.shapes, self.code.scopes):
            self._tables += self.simple.functions(cls)
            functions.append(f"load=load_{name}")
            saves = keeps_names(cls)
        else:
            functions.append(f"check={self._check(cls)}")
            head = f"def construct_{name}(s: Any, d: dict[str, Any]) -> None:"
            self._tables.append([head, f"{INDENT}construct(s, d)"])
        if saves:
            self._tables.append(save_function(cls, self.loads))
            functions.append(f"save=save_{name}")
        else:
            functions.append(f"properties={self.loads.properties(cls)}")
            self._tables += self.loads.take_functions()
        self._tables.append(self.fields.function(cls))
        place = self.schemas.place_of(cls)
        arguments = [
            f"schema={self.code.schema_function}",
            f"schema_digest={literal(self.schemas.digest_of(cls))}",
        ]
        has_others = bool(self.schemas.neighbours(self.module))
        if place or has_others:
            arguments.append(f"schema_name={literal(self.schemas.name_of(self.module))}")
        if has_others:
            arguments.append(f"others={self.code.others_function}")
        if place:
            arguments.append(f"place={literal(place)}")
        title = first_text(annotated(self.shapes, cls.shape), "title")
        if title:
            arguments.append(f"title={literal(title)}")
        presets = cls.node.get("x-presets") if cls.is_root else None
        if isinstance(presets, dict) and presets:
            hint = "dict[str, dict[str, Any]]"
            self._tables.append(value_function(f"presets_{name}", hint, presets))
            arguments.append(f"presets=presets_{name}")
        layout = layout_in_schema(cls)
        if layout:
            self._tables.append(value_function(f"layout_{name}", "dict[str, Any]", layout))
            arguments.append(f"layout=layout_{name}")
        if cls.renames:
            self._tables += self.renames.rename_function(cls)
            arguments.append(f"rename=rename_{name}")
        if cls.ambiguous:
            arguments.append("ambiguous=True")
        rows = tuple(self.code.row(self.code.scopes.enter(node)) for node in cls.shape)
        lines = [
            f"{cls.name}.__brevetti__ = Compiled(",
            *(f"{INDENT}{', '.join(group)}," for group in (functions, arguments)),
            ")",
            *([f"{cls.name}.__save__ = save_{name}"] if saves else []),
        ]
        self._statements.append((rows[0] if len(rows) == 1 else {"allOf": rows}, lines))

    def _bindings(self) -> list[list[str]]:
        """The statements that give the classes what was compiled for them."""
        reference = self.code.program.explanations.reference
        return [
            [lines[0], f"{INDENT}row={reference(row)},", *lines[1:]]
            for row, lines in self._statements
        ]

    def text(self) -> ModuleText:
        """Everything, for the template."""
        module, code = self.module, self.code
        classes = [self.people.class_text(cls) for cls in module.classes]
        alias = self.people.root_alias()
        imports = self._late_imports()
        blocks = [*code.constants_block(), *code.functions, *self._tables, *self.people.functions]
        rows = code.program.explanations.table(code)
        if classes or rows:
            blocks.append(["def explanations() -> dict[str, Any]:", f"{INDENT}return {{"])
            blocks[-1] += [*(INDENT * 2 + row for row in rows), f"{INDENT}}}"]
        blocks += self._bindings()
        machine = [with_declared_locals(block) for block in blocks]
        used = code.used - set(_FROM_SETTINGS)
        exported = {cls.name for cls in module.classes}
        settings = code.used & {"UNSET"}
        if classes:
            used |= {"Compiled", "Field", "require"}
            settings |= {"Settings", "construct"}
        if alias:
            exported.add(module.root_name)
        return ModuleText(
            name=module.path[-1],
            runtime_names=sorted(used, key=lambda name: (name.islower(), name)),
            settings_names=sorted(
                settings, key=lambda name: (not name.isupper(), name.islower(), name)
            ),
            imports=imports,
            type_block=self._type_block(machine),
            alias_block=_suite([*self.people.hints.aliases, alias]),
            exported=sorted(exported, key=export_key),
            classes=classes,
            machine=machine,
            main=module.root_class.name if module.root_class else None,
        )

    def _type_block(self, machine: list[list[str]]) -> list[str]:
        """The suite of `if TYPE_CHECKING:`."""
        hints = self.people.hints
        wanted = set(hints.typing_names) | ({"Any"} if machine else set[str]())
        typing = sorted(wanted - {"Unset"})
        heads = [block[0] for block in machine]
        names = {
            "Marks": any("marks: Marks" in head for head in heads),
            "Notes": any("notes: Notes" in head for head in heads),
            "Path": any("at: Path" in head for head in heads),
            "Renames": any("out: Renames" in head for head in heads),
        }
        types = [name for name, is_used in names.items() if is_used]
        groups = [["import builtins"] if hints.uses_builtins else []]
        groups[0] += [f"from typing import {', '.join(typing)}"] if typing else []
        groups.append([f"from brevettiai.compiled import {', '.join(types)}"] if types else [])
        groups[1] += ["from brevettiai.settings import Unset"] if "Unset" in wanted else []
        imports = [*self._module_imports(), *self.people.imports]
        groups.append(import_statements(imports, depth=1))
        return _suite(groups)

    def _module_imports(self) -> list[tuple[str, str, str]]:
        """Other modules whose functions are called, as `import_statements` takes them."""
        dots = "." * len(self.module.path)
        return [
            (dots + ".".join(path[:-1]), path[-1], alias)
            for path, alias in self.code.imports.items()
        ]

    def _late_imports(self) -> list[str]:
        """The same modules at run time: each is imported when it is needed first.

        So a class costs what it uses, and files may refer to one another in chains of any length.
        """
        lines: list[str] = []
        for path, alias in sorted(self.code.imports.items()):
            name = literal("." * len(self.module.path) + ".".join(path))
            self.code.use("later")
            lines += wrapped_call("later", ["__package__", name], 1, before=f"{alias} = ")
        return lines


def _suite(groups: list[list[str]]) -> list[str]:
    """Groups of lines as an indented suite, an empty line between them."""
    lines: list[str] = []
    for group in groups:
        lines += ["", *group] if lines and group else group
    return [INDENT + line if line else "" for line in lines]
