"""One module's compiled text: what the template lays out for people, and the machine half."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..forms.class_forms import layout_in_schema
from ..model.build import annotated
from ..model.facts import first_text
from ..model.names import Scope, export_key
from ..model.shapes import Shapes
from ..model.types import AnyType, ClassType, Module, Property, SettingsClass
from .bundle import Bundler
from .hints import Hints
from .literals import INDENT, WIDTH, call, literal
from .loading import LoadWriter
from .locals import with_declared_locals
from .renames import RenameCompiler
from .saving import save_function
from .simple import SimpleClassWriter, is_simple, shows_fill
from .tables import FieldTables, schema_function, value_function
from .text import (
    class_paragraphs,
    docstring,
    field_paragraphs,
    import_statements,
    wrapped_call,
)
from .types import keeps_names
from .unit import ModuleUnit

#: What of the runtime's public names a machine half may use, besides its functions.
_FROM_SETTINGS = ("UNSET", "Settings", "construct")


@dataclass
class FieldText:
    """A field as the template shows it."""

    name: str
    annotation: str
    doc: list[str]


@dataclass
class ClassText:
    """A class as the template shows it."""

    name: str
    doc: list[str]
    fields: list[FieldText]
    #: The lines of the constructor's signature and of its body.
    signature: list[str]
    body: list[str]


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


class ModuleCompiler:
    """Compiles one module. `request` asks for its checks, `text` needs all units to be finished."""

    def __init__(self, unit: ModuleUnit, shapes: Shapes, schemas: Bundler) -> None:
        self.unit = unit
        self.module: Module = unit.module
        self.shapes = shapes
        self.schemas = schemas
        self.loads = LoadWriter(unit)
        self.renames = RenameCompiler(unit)
        self.simple = SimpleClassWriter(self.loads, shapes)
        #: What type checkers import: the module, the name there, and the name here.
        self._type_imports: list[tuple[str, str, str]] = []
        self._foreign: dict[SettingsClass, str] = {}
        scope = Scope({cls.name for cls in self.module.classes} | _TYPE_NAMES)
        self.hints = Hints(scope, self._class_text)
        self._scope = scope
        #: What each class is bound to, and the row that explains it.
        self._statements: list[tuple[Any, list[str]]] = []
        self._tables: list[list[str]] = []

    def request(self) -> None:
        """Compile everything of the classes, and ask for the checks that they need."""
        if self.module.classes or self.schemas.is_neighbour(self.module):
            self._write_documents()
        self._fields = FieldTables(self.unit)
        self._tables += self._fields.shared_functions()
        for cls in self.module.classes:
            self._compile_class(cls)

    def _write_documents(self) -> None:
        """Functions that give the schema, and those that it refers to."""
        unit = self.unit
        self._tables.append(schema_function(unit.schema_function, self.module.root.schema))
        neighbours = self.schemas.neighbours(self.module)
        if not neighbours:
            return
        lines = [f"def {unit.others_function}() -> tuple[Any, ...]:", f"{INDENT}return ("]
        for found in neighbours:
            if found.module is None:
                own = unit.names.claim("schema_of_other")
                self._tables.append(schema_function(own, found.schema))
                names = [own, "None"]
            else:
                other = unit.program.units[found.module.path]
                has_others = bool(self.schemas.neighbours(found.module))
                alias = unit.import_module(found.module.path)
                names = [f"{alias}.{other.schema_function}"]
                names.append(f"{alias}.{other.others_function}" if has_others else "None")
            lines.append(f"{INDENT * 2}({', '.join([literal(found.identifier), *names])}),")
        self._tables.append([*lines, f"{INDENT})"])

    def _check(self, cls: SettingsClass) -> str:
        """The name of the check of a class."""
        unit, sites = self.unit, self.unit.sites
        checks = [unit.check(sites.enter(node)) for node in cls.shape]
        if len(checks) == 1 and self.shapes.admitted(cls.shape) == frozenset(["object"]):
            return checks[0]
        name = unit.names.claim(f"check_{unit.stem(cls)}")
        lines = [f"def {name}(v: Any) -> bool:", f"{INDENT}t = {unit.use('class_of')}(v)"]
        tests = " and ".join(["t is dict", *(f"{check}(v)" for check in checks)])
        self._tables.append([*lines, f"{INDENT}return {tests}"])
        return name

    def _compile_class(self, cls: SettingsClass) -> None:
        name = self.unit.stem(cls)
        functions = ["explanations=explanations", f"fields=fields_{name}"]
        saves = False
        if self._is_simple(cls):
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
        self._tables.append(self._fields.function(cls))
        place = self.schemas.place_of(cls)
        arguments = [
            f"schema={self.unit.schema_function}",
            f"schema_digest={literal(self.schemas.digest_of(cls))}",
        ]
        has_others = bool(self.schemas.neighbours(self.module))
        if place or has_others:
            arguments.append(f"schema_name={literal(self.schemas.name_of(self.module))}")
        if has_others:
            arguments.append(f"others={self.unit.others_function}")
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
        arguments += [f"{flag}=True" for flag in ("tracks", "ambiguous") if getattr(cls, flag)]
        rows = tuple(self.unit.row(self.unit.sites.enter(node)) for node in cls.shape)
        lines = [
            f"{cls.name}.__brevetti__ = Compiled(",
            *(f"{INDENT}{', '.join(group)}," for group in (functions, arguments)),
            ")",
            *([f"{cls.name}.__save__ = save_{name}"] if saves else []),
        ]
        self._statements.append((rows[0] if len(rows) == 1 else {"allOf": rows}, lines))

    def _bindings(self) -> list[list[str]]:
        """The statements that give the classes what was compiled for them."""
        reference = self.unit.program.explanations.reference
        return [
            [lines[0], f"{INDENT}row={reference(row)},", *lines[1:]]
            for row, lines in self._statements
        ]

    # The half that people read

    def text(self) -> ModuleText:
        """Everything, for the template."""
        module, unit = self.module, self.unit
        classes = [self._class(cls) for cls in module.classes]
        alias = self._root_alias()
        imports = self._late_imports()
        blocks = [*unit.constants_block(), *unit.functions, *self._tables]
        rows = unit.program.explanations.table(unit)
        if classes or rows:
            blocks.append(["def explanations() -> dict[str, Any]:", f"{INDENT}return {{"])
            blocks[-1] += [*(INDENT * 2 + row for row in rows), f"{INDENT}}}"]
        blocks += self._bindings()
        machine = [with_declared_locals(block) for block in blocks]
        used = unit.used - set(_FROM_SETTINGS)
        exported = {cls.name for cls in module.classes}
        settings = unit.used & {"UNSET"}
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
            alias_block=_suite([*self.hints.aliases, alias]),
            exported=sorted(exported, key=export_key),
            classes=classes,
            machine=machine,
            main=module.root_class.name if module.root_class else None,
        )

    def _type_block(self, machine: list[list[str]]) -> list[str]:
        """The suite of `if TYPE_CHECKING:`."""
        wanted = set(self.hints.typing_names) | ({"Any"} if machine else set[str]())
        typing = sorted(wanted - {"Unset"})
        heads = [block[0] for block in machine]
        names = {
            "Marks": any("marks: Marks" in head for head in heads),
            "Notes": any("notes: Notes" in head for head in heads),
            "Path": any("at: Path" in head for head in heads),
            "Renames": any("out: Renames" in head for head in heads),
        }
        types = [name for name, is_used in names.items() if is_used]
        groups = [["import builtins"] if self.hints.uses_builtins else []]
        groups[0] += [f"from typing import {', '.join(typing)}"] if typing else []
        groups.append([f"from brevettiai.compiled import {', '.join(types)}"] if types else [])
        groups[1] += ["from brevettiai.settings import Unset"] if "Unset" in wanted else []
        imports = [*self._module_imports(), *self._type_imports]
        groups.append(import_statements(imports, depth=1))
        return _suite(groups)

    def _module_imports(self) -> list[tuple[str, str, str]]:
        """Other modules whose functions are called, as `import_statements` takes them."""
        dots = "." * len(self.module.path)
        return [
            (dots + ".".join(path[:-1]), path[-1], alias)
            for path, alias in self.unit.imports.items()
        ]

    def _late_imports(self) -> list[str]:
        """The same modules at run time: each is imported when it is needed first.

        So a class costs what it uses, and files may refer to one another in chains of any length.
        """
        lines: list[str] = []
        for path, alias in sorted(self.unit.imports.items()):
            name = literal("." * len(self.module.path) + ".".join(path))
            self.unit.use("later")
            lines += wrapped_call("later", ["__package__", name], 1, before=f"{alias} = ")
        return lines

    def _class_text(self, kind: ClassType) -> str:
        """The name of a class in annotations, imported for type checkers if it is foreign."""
        cls = self.unit.of(kind)
        if cls.module == self.module.path:
            return cls.name
        if cls not in self._foreign:
            dots = "." * len(self.module.path)
            name = self._scope.claim(cls.name, "")
            path = ".".join(cls.module)
            self._type_imports.append((f"{dots}{path}", cls.name, name))
            self._foreign[cls] = name
        return self._foreign[cls]

    def _root_alias(self) -> list[str]:
        """The statement that gives a root that is no class its name."""
        module = self.module
        if module.root_class is not None or module.root_type is None:
            return []
        self.hints.typing_names.add("TypeAlias")
        text = self.hints.type(module.root_type, module.path[-1])
        before, text = f"{module.root_name}: TypeAlias = ", literal(text)
        if len(INDENT + before + text) <= WIDTH or len(INDENT * 2 + text) > WIDTH:
            return [before + text]
        return [f"{before}(", INDENT + text, ")"]

    def _class(self, cls: SettingsClass) -> ClassText:
        hints = self.hints.inside(cls)
        fields = [
            FieldText(
                prop.attribute,
                hints.attribute(prop),
                docstring(field_paragraphs(prop, row), 1),
            )
            for prop, row in zip(cls.properties, self._fields.rows[cls], strict=True)
        ]
        doc = docstring(class_paragraphs(cls, self.shapes), 1)
        return ClassText(cls.name, doc, fields, *self._constructor(cls))

    def _constructor(self, cls: SettingsClass) -> tuple[list[str], list[str]]:
        hidden = [prop for prop in cls.properties if prop.attribute.startswith("__")]
        plain = [prop for prop in cls.properties if prop not in hidden]
        required = [prop for prop in plain if prop.required]
        optional = [prop for prop in plain if not prop.required]
        signature = ["def __init__(", f"{INDENT}self,"]
        if plain:
            signature.append(f"{INDENT}*,")
        signature += [f"{INDENT}{self._parameter(cls, prop)}," for prop in [*required, *optional]]
        if hidden:
            anything = self.hints.type(AnyType(), "any")
            signature.append(f"{INDENT}**{_rest(cls)}: {anything},")
        signature.append(") -> None:")
        if not plain and not hidden:
            signature = ["def __init__(self) -> None:"]
        body = self._constructor_body(cls)
        if hidden:
            rest = _rest(cls)
            body = [f"{INDENT * 2}{rest} = {self._hidden_function(cls, hidden)}({rest})", *body]
        return signature, [line[len(INDENT) :] for line in body]

    def _constructor_body(self, cls: SettingsClass) -> list[str]:
        """The call that makes an object of the arguments: one by one, or as a dict."""
        if self._is_simple(cls):
            arguments = [self._argument(cls, prop) for prop in cls.properties]
            return wrapped_call(self.simple.constructor(cls), ["self", *arguments], 2)
        function = f"construct_{self.unit.stem(cls)}"
        given = [f"{literal(p.attribute)}: {self._argument(cls, p)}" for p in cls.properties]
        body = wrapped_call(function, ["self", f"{{{', '.join(given)}}}"], 2)
        if len(body) > 1:
            entries = [f"{INDENT * 4}{entry}," for entry in given]
            body = [*body[:2], f"{INDENT * 3}{{", *entries, f"{INDENT * 3}}},", body[-1]]
        return body

    def _is_simple(self, cls: SettingsClass) -> bool:
        return is_simple(cls, self.shapes, self.unit.sites)

    def _argument(self, cls: SettingsClass, prop: Property) -> str:
        hidden = prop.attribute.startswith("__")
        return f"{_rest(cls)}[{literal(prop.attribute)}]" if hidden else prop.attribute

    def _hidden_function(self, cls: SettingsClass, hidden: list[Property]) -> str:
        """The name of a function that checks and completes the arguments that Python mangles.

        It is a function since parameters can have the names of anything that it calls.
        """
        name = self.unit.names.claim(f"hidden_{self.unit.stem(cls)}")
        names = tuple(prop.attribute for prop in hidden)
        lines = [f"def {name}(given: dict[str, Any]) -> dict[str, Any]:"]
        lines += call(self.unit.use("only"), ["given", literal(names)], 1)
        lines.append(f"{INDENT}return {{")
        for prop in hidden:
            absent = "UNSET" if prop.nullable else "None"
            lines.append(f"{INDENT * 2}{literal(prop.attribute)}: {absent},")
        self._tables.append([*lines, f"{INDENT * 2}**given,", f"{INDENT}}}"])
        if any(prop.nullable for prop in hidden):
            self.unit.used.add("UNSET")
        return name

    def _parameter(self, cls: SettingsClass, prop: Property) -> str:
        if prop.required:
            return f"{prop.attribute}: {self.hints.parameter(prop, '')}"
        default = "None"
        if prop.fill is not None and shows_fill(cls, prop):
            default = literal(prop.fill.value)
        elif prop.nullable:
            default = self.unit.use("UNSET")
        return f"{prop.attribute}: {self.hints.parameter(prop, default)} = {default}"


def _suite(groups: list[list[str]]) -> list[str]:
    """Groups of lines as an indented suite, an empty line between them."""
    lines: list[str] = []
    for group in groups:
        lines += ["", *group] if lines and group else group
    return [INDENT + line if line else "" for line in lines]


def _rest(cls: SettingsClass) -> str:
    """The name of the parameter that takes what Python would mangle."""
    return Scope(prop.attribute for prop in cls.properties).claim("more")


_TYPE_NAMES = frozenset(
    """Any Literal TypeAlias Union Unset Marks Notes Path Renames Settings UNSET construct
    Compiled Field Pattern TYPE_CHECKING builtins""".split()
)
