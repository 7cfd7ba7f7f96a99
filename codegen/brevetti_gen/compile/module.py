"""One module's text in parts: classes as the template lays them out, and the machine's files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..model.names import export_key, snake_name
from ..model.types import Model, Module, ModulePath, SettingsClass, Type
from ..read.find import MACHINE
from .attributes import is_simple, keeps_names
from .block import with_declared_locals
from .bundle import Bundler
from .literals import INDENT, Name, json_text, literal
from .loading import LoadWriter
from .parts import MachinePart, part_of
from .people import ClassText, ClassTextWriter, RootText
from .program import ModuleCode, Program
from .renames import RenameCompiler
from .saving import save_function
from .scopes import DynamicScopes
from .simple import SimpleClassWriter
from .tables import FieldTables
from .text import import_statements, texts_of

#: What the schema of a root says to the runtime, besides what it asks of values.
_OF_ROOTS = ("x-presets", "x-form")


class ModuleText(NamedTuple):
    """A module as the templates show it."""

    name: str
    #: Names of the field specifier and of what stands for absence, as far as classes use them.
    used: tuple[str, ...]
    #: What only type checkers see: imports, and the names of long types.
    type_block: list[str]
    alias_block: list[str]
    exported: list[str]
    classes: list[ClassText]
    #: The files by the path of their package below the machine's folder.
    machine: dict[ModulePath, list[MachinePart]]
    #: How many classes a package of a large module has, else 0.
    volume: int
    #: The class that `python -m` runs; or what stands for a root that is no class.
    main: str | RootText | None


def module_texts(
    model: Model, scopes: DynamicScopes, assert_formats: bool
) -> list[tuple[Module, ModuleText]]:
    """Each module of `model` with its text in parts, as templates lay them out."""
    program = Program(scopes, model, assert_formats)
    bundler = Bundler(scopes.index, model.modules)
    compiled = [
        [VolumeCompiler(code, bundler) for code in codes] for codes in program.modules.values()
    ]
    program.finish()
    return [(volumes[0].module, _module_text(volumes)) for volumes in compiled]


class VolumeCompiler:
    """Compiles a package of a machine half, and asks for the checks that its classes need.

    `parts` needs those of all modules to be written.
    """

    def __init__(self, code: ModuleCode, schemas: Bundler) -> None:
        self.code = code
        self.module: Module = code.module
        self.schemas = schemas
        self.loads = LoadWriter(code)
        self.renames = RenameCompiler(code)
        self.simple = SimpleClassWriter(self.loads)
        self.fields = FieldTables(code)
        self._functions: list[list[str]] = []
        self._bindings: list[str] = []
        #: What makes and saves objects, and the statements that give it to the classes.
        self._of_objects: list[list[str]] = []
        self._completions: list[str] = []
        #: By the own part of a class's names: the row that explains it, and its place.
        self._classes: dict[str, tuple[Any, tuple[str, ...]]] = {}
        for cls in code.classes:
            self._compile_class(cls)
        self._root: Any = None
        self._is_first = code is code.program.modules[self.module.path][0]
        if self._is_first and self.module.root_type is not None:
            self._compile_root(self.module.root_type)

    def _compile_class(self, cls: SettingsClass) -> None:
        stem = self.code.stem(cls)
        arguments, saves = [cls.name, literal(stem)], False
        if is_simple(cls, self.code):
            self._of_objects += [*self.simple.constructor(cls), *self.simple.whole_checks(cls)]
            self._functions += self.simple.functions(cls)
            arguments.append(f"load=load_{stem}")
            completed = [literal(stem), f"init_{stem}"]
            saves = keeps_names(cls)
            if saves:
                self._of_objects.append(save_function(cls, self.loads))
                completed.append(f"save_{stem}")
            self._completions.append(f"machine.complete({', '.join(completed)})")
        else:
            arguments += [self.code.use("construct_given"), f"check={self._check(cls)}"]
        if not saves:
            arguments.append(f"properties={self.loads.properties(cls)}")
            self._functions += self.loads.take_functions()
        if cls.growth:
            name = self.renames.growth(cls)
            self.code.constants.append(f"{name}: tuple[Any, ...] = {literal(cls.growth)}")
            arguments.append(f"growth={name}")
        if cls.renames:
            self._functions += self.renames.rename_function(cls)
            arguments.append(f"rename=rename_{stem}")
        if cls.ambiguous:
            arguments.append("ambiguous=True")
        self._bindings.append(f"machine.bind({', '.join(arguments)})")
        rows = tuple(self.code.row(self.code.scopes.at(node)) for node in cls.shape)
        row = rows[0] if len(rows) == 1 else {"allOf": rows}
        self._classes[stem] = (row, self.schemas.place_of(cls, self.module))

    def _compile_root(self, kind: Type) -> None:
        """What `brevettiai.config.roots` asks for: whether a value fits, loading it, renaming."""
        node, hint = self.code.scopes.at(self.module.root), snake_name(self.module.root_name)
        check, load = self.code.check(node), self.loads.function(kind, hint)
        rename, functions = self.renames.value_function(kind, hint)
        self._functions += [*self.loads.take_functions(), *functions]
        self._bindings.append(f"__root__ = {check}, {load}, {rename}")
        self._root = self.code.row(node)

    def _check(self, cls: SettingsClass) -> str:
        code, scopes = self.code, self.code.scopes
        checks = [code.check(scopes.at(node)) for node in cls.shape]
        if len(checks) == 1 and self.code.shapes.admitted(cls.shape) == frozenset(["object"]):
            return checks[0]
        name = code.names.claim(f"check_{code.stem(cls)}")
        lines = [f"def {name}(v: Any) -> bool:", f"{INDENT}t = {code.use('class_of')}(v)"]
        tests = " and ".join(["t is dict", *(f"{check}(v)" for check in checks)])
        self._functions.append([*lines, f"{INDENT}return {tests}"])
        return name

    def parts(self) -> list[MachinePart]:
        """The files, none if there is nothing for the machine."""
        objects = _declared(self._of_objects)
        parts = (
            ("objects", [*objects, *self._shared("objects"), *self._completions]),
            ("flags", self._flags()),
            ("texts", self._texts()),
        )
        cold = [part_of(self.code, name, body) for name, body in parts if body]
        functions = _declared([*self.code.functions, *self._functions])
        body = [*self.code.constants, *functions, *self._shared(""), *self._bindings]
        if not (body or cold):
            return []
        return [part_of(self.code, "", body, [part.name for part in cold]), *cold]

    def _shared(self, part: str) -> list[str]:
        """The names under which other modules know what is in a part."""
        shared = self.code.shared_names.get(part, {})
        return sorted(f"{shown} = {name}" for name, shown in shared.items())

    def _flags(self) -> list[str]:
        """The rows of the property table, and titles."""
        classes = self.code.classes
        functions = [*self.fields.shared_functions(), *map(self.fields.function, classes)]
        found = {self.code.stem(cls): texts_of(cls, self.code.shapes) for cls in classes}
        texts = {stem: said for stem, said in found.items() if any(said)}
        body = [line for function in functions for line in function]
        if others := {self.code.stem(c): self.fields.others(c) for c in classes if c.entries}:
            body.append(f"OTHERS: dict[str, Any] = {literal(others)}")
        hiding = self.code.scopes.hiding
        secret = [self.code.stem(cls) for cls in classes if not hiding.isdisjoint(cls.shape)]
        body += [f"SECRETS = frozenset({literal(secret)})"] if secret else []
        return [*body, f"TEXTS: dict[str, tuple[str, str]] = {literal(texts)}"] if classes else []

    def _texts(self) -> list[str]:
        """What explains, and the documents that make the schema."""
        explanations, classes = self.code.program.explanations, self.code.classes
        body: list[str] = []
        rows = [INDENT * 2 + row for row in explanations.table(self.code)]
        if classes or rows or self._root is not None:
            head = ["def explanations() -> dict[str, Any]:", f"{INDENT}return {{"]
            body += [*head, *rows, f"{INDENT}}}"]
        if classes:
            known = {s: (Name(explanations.reference(r)), p) for s, (r, p) in self._classes.items()}
            lines = (f"{INDENT}{literal(stem)}: {literal(found)}," for stem, found in known.items())
            body += ["CLASSES: dict[str, tuple[Any, tuple[str, ...]]] = {", *lines, "}"]
        if self._root is not None:
            body.append(f"__root__ = {explanations.reference(self._root)}")
        if self._is_first and (classes or self.module in self.schemas.wanted):
            body += self._documents()
        return body

    def _documents(self) -> list[str]:
        """The schema, and those that it refers to."""
        module, lines = self.module, ["OTHERS: tuple[Any, ...] = ("]
        for found in self.schemas.neighbours[module]:
            other = (
                json_text(found.schema)
                if found.module is None
                else self.code.alias_of(self.code.program.modules[found.module.path][0])
            )
            lines.append(f"{INDENT}({literal(found.identifier)}, {other}),")
        root = module.root_class
        if root is not None and root.node is not module.root:
            said = {keyword: root.node.get(keyword) for keyword in _OF_ROOTS}
            lines.insert(0, f"ANNOTATIONS: dict[str, Any] = {literal(said)}")
        document = module.root.document
        name, schema = self.schemas.identifier(document), self.schemas.stated(document)
        return [f"SCHEMA_NAME = {literal(name)}", f"SCHEMA = {json_text(schema)}", *lines, ")"]


def _module_text(volumes: list[VolumeCompiler]) -> ModuleText:
    """A module put together: classes for people, and the volumes of the machine half."""
    code, module = volumes[0].code, volumes[0].module
    rows = {cls: found for volume in volumes for cls, found in volume.fields.rows.items()}
    people = ClassTextWriter(code, rows)
    classes = [people.class_text(cls) for cls in module.classes]
    root = people.root_text()
    exported = [*(cls.name for cls in module.classes), *(root.names if root else ())]
    parts = {volume.code.path: volume.parts() for volume in volumes}
    machine = {path: found for path, found in parts.items() if found}
    return ModuleText(
        name=module.path[-1],
        used=tuple(sorted(people.used)),
        type_block=_type_block(people, machine, is_one=len(volumes) == 1),
        alias_block=_suite(people.hints.aliases),
        exported=sorted(exported, key=export_key),
        classes=classes,
        machine=machine,
        volume=len(code.classes) if len(volumes) > 1 else 0,
        main=module.root_class.name if module.root_class else root,
    )


def _type_block(people: ClassTextWriter, paths: Iterable[ModulePath], *, is_one: bool) -> list[str]:
    """What type checkers import for the classes."""
    hints = people.hints
    found = [("typing", name, name) for name in hints.typing_names - {"Unset"}]
    found += [(*place, here) for place, here in people.imports.items()]
    groups = [sorted(hints.builtins)]
    groups[0] += import_statements([each for each in found if each[0][0] != "."], depth=1)
    unset = "from brevettiai.settings import Unset"
    groups.append([unset] if "Unset" in hints.typing_names else [])
    # Literal imports, which those who pack an application see.
    dots = "." * len(people.code.module.path)
    imports = [
        (dots + ".".join((MACHINE, *above)), last, f"__machine_{'' if is_one else last + '_'}_")
        for *above, last in paths
    ]
    imports += [each for each in found if each[0][0] == "."]
    lines = import_statements(imports, depth=1)
    unused = "  # noqa: F401"
    groups.append([line + unused if line.endswith("__") else line for line in lines])
    return _suite(groups)


def _declared(blocks: Iterable[list[str]]) -> list[str]:
    """The lines of `blocks`, with the types of locals."""
    return [line for block in blocks for line in with_declared_locals(block)]


def _suite(groups: list[list[str]]) -> list[str]:
    """Groups of lines as an indented suite, an empty line between them."""
    lines: list[str] = []
    for group in groups:
        lines += ["", *group] if lines and group else group
    return [INDENT + line if line else "" for line in lines]
