"""Where compiled functions live: one `ModuleCode` for each module, and a program of all of them.

A function is compiled when something first asks for its name, into the module that its schema
belongs to, so that modules share what they share.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import Any
from zlib import crc32

from ..model.names import GENERATED_NAMES, TakenNames, snake_name
from ..model.types import ClassKey, ClassType, Model, Module, ModulePath, SettingsClass
from ..patterns import slowness, translate
from ..schema.keywords import IN_PLACE, UNEVALUATED, holding
from ..schema.nodes import Node
from .checks import check_function
from .explain import Child
from .literals import literal
from .rows import Explanations
from .scopes import DynamicScopes, ScopedNode

#: So many classes are at most in one package of a machine half: who uses one compiles no more.
VOLUME = 200

#: The functions that a class has, by the first word of their names.
_CLASS_FUNCTIONS = (
    *("init", "make", "load", "loads", "check_values", "check_object", "others", "save"),
    *("fields", "rename"),
)
_SILENT = holding("map") | holding("list").intersection(IN_PLACE) | {"additionalProperties"}


class Program:
    """The code of all modules, and which of them owns the functions of a node."""

    def __init__(self, scopes: DynamicScopes, model: Model, asserts_formats: bool = False) -> None:
        self.scopes = scopes
        self.model = model
        self.asserts_formats = asserts_formats
        self.explanations = Explanations()
        #: The nodes whose verdicts loads ask for again at each level of a value.
        self.asked_again: set[Node] = set()
        self.modules = {module.path: self._volumes(module) for module in model.modules}
        #: The code that has the functions of a class, by its key.
        self.of_classes = {cls.key: code for code in self._codes() for cls in code.classes}
        self._owners = {id(m.root.document): self.modules[m.path] for m in model.modules}
        self._places = {
            (id(node.document), node.pointer): code
            for code in self._codes()
            for cls in code.classes
            for node in cls.shape
        }

    def _volumes(self, module: Module) -> list[ModuleCode]:
        """The machine half of a module, in volumes if it has so many classes."""
        classes, path = module.classes, module.path
        if len(classes) <= VOLUME:
            return [ModuleCode(self, module, classes, path)]
        parts = (classes[start : start + VOLUME] for start in range(0, len(classes), VOLUME))
        return [ModuleCode(self, module, p, (*path, f"v{n}")) for n, p in enumerate(parts)]

    def _codes(self) -> Iterator[ModuleCode]:
        return chain.from_iterable(self.modules.values())

    def owner(self, node: Node, asking: ModuleCode) -> ModuleCode:
        """The code of the schema that `node` is in, or the asking one if no module has it.

        Of several volumes it is that of the class around `node`, or of a definition any one.
        """
        codes = self._owners.get(id(node.document))
        if codes is None or len(codes) == 1:
            return asking if codes is None else codes[0]
        for end in range(len(node.pointer), 1, -1):
            code = self._places.get((id(node.document), node.pointer[:end]))
            if code is not None:
                return code
        return codes[crc32(repr(node.pointer[:2]).encode()) % len(codes)]

    def finish(self) -> None:
        """Compile until nobody asks for anything more."""
        busy = True
        while busy:
            busy = self.explanations.work()
            for code in self._codes():
                busy |= code.work()
        self.explanations.finish()


class ModuleCode:
    """The machine half of a module, or of a large one a volume of it, while it grows.

    Attributes:
        classes: whose functions it has.
        path: of its package, below the machine's folder.
    """

    def __init__(
        self, program: Program, module: Module, classes: tuple[SettingsClass, ...], path: ModulePath
    ) -> None:
        self.program = program
        self.scopes, self.shapes = program.scopes, program.model.shapes
        self.module = module
        self.classes = classes
        self.path = path
        taken = {cls.name for cls in classes}
        taken.update(prop.attribute for cls in classes for prop in cls.properties)
        self.names = TakenNames(GENERATED_NAMES | taken)
        #: The part of the names of each class's functions that is its own.
        self.stems: dict[ClassKey, str] = {}
        for cls in classes:
            self.stems[cls.key] = self._free_stem(snake_name(cls.name)[:26].rstrip("_"))
        self.functions: list[list[str]] = []
        self.constants: list[str] = []
        #: Runtime names in use, and other modules by the alias they are imported under.
        self.used: set[str] = set()
        self.imports: dict[ModulePath, str] = {}
        #: What other modules use: by part the names here by those that they know; places of rows.
        self.shared_names: dict[str, dict[str, str]] = {}
        self.shared_rows: dict[ScopedNode, str] = {}
        self._named: dict[tuple[str, ScopedNode], str] = {}
        self._constants: dict[str, str] = {}
        self._queue: deque[tuple[str, ScopedNode, str]] = deque()

    def _free_stem(self, stem: str) -> str:
        """A stem for which no name of the class's own functions is taken."""
        candidate, number = stem, 2
        while not all(self.names.is_free(f"{kind}_{candidate}") for kind in _CLASS_FUNCTIONS):
            candidate, number = f"{stem}_{number}", number + 1
        for kind in _CLASS_FUNCTIONS:
            self.names.claim(f"{kind}_{candidate}")
        return candidate

    def work(self) -> bool:
        """Compile what was asked for so far; whether there was anything."""
        was_asked = bool(self._queue)
        while self._queue:
            kind, scoped, name = self._queue.popleft()
            self.functions.append(check_function(self, scoped, name, marking=kind == "mark"))
        return was_asked

    # Functions of subschemas

    def check(self, scoped: ScopedNode) -> str:
        """The name of the plain check of `scoped`."""
        return self._function("check", scoped.followed())

    def mark(self, scoped: ScopedNode) -> str:
        """The name of the marking check of `scoped`."""
        return self._function("mark", scoped.followed())

    def mark_others(self, scoped: ScopedNode) -> str:
        """The name of the marking check of `scoped` without its `unevaluated*` keywords."""
        return self.mark(self.scopes.at(scoped.node, scoped.scope, scoped.without | UNEVALUATED))

    def row(self, scoped: ScopedNode) -> Child | bool:
        """The row of `scoped`; True or False where that is all it says."""
        if not scoped.node.is_secret:
            scoped = scoped.followed()
        if isinstance(scoped.node.schema, bool):
            return scoped.node.schema
        owner = self.program.owner(scoped.node, self)
        self.program.explanations.ask(owner, scoped)
        if owner.module is not self.module:
            owner.shared_rows[scoped] = _place(scoped.node)
        return Child(owner, scoped, "" if owner is self else self.alias_of(owner))

    def _function(self, kind: str, scoped: ScopedNode) -> str:
        owner = self.program.owner(scoped.node, self)
        name = owner._named.get((kind, scoped))
        if name is None:
            name = owner.names.claim(f"{kind}_{owner.place_name(scoped.node)}")
            owner._named[kind, scoped] = name
            owner._queue.append((kind, scoped, name))
        return self._from(owner, name, scoped.node)

    def _from(self, owner: ModuleCode, name: str, *nodes: Node, part: str = "") -> str:
        """What `name` in a part of a half is called here, which is about the place of `nodes`.

        To another module it tells the place: another version of that one has the same under it, or
        nothing.
        """
        if owner is self:
            return name
        if owner.module is not self.module:
            shared = owner.shared_names.setdefault(part, {})
            if name not in shared:
                shared[name] = owner.names.claim(f"{name}_{_place(*nodes)}")
            name = shared[name]
        return ".".join(filter(None, (self.alias_of(owner), part, name)))

    def check_node(self, node: Node) -> str:
        """The name of the check of `node` as where evaluation starts."""
        return self.check(self.scopes.at(node))

    def check_again(self, node: Node) -> str:
        """As `check_node`, for what is checked after the whole value was, and perhaps its parts."""
        scoped = self.scopes.at(node).followed()
        if scoped.node in self.scopes.recurring:
            self.program.asked_again.add(scoped.node)
        return self.check(scoped)

    def place_name(self, node: Node) -> str:
        """A short name for a place in a schema: its last telling steps."""
        steps = [str(step) for step in node.pointer if step not in _SILENT]
        if node.document is not self.module.root.document:
            steps.insert(0, "other")
        parts = [snake_name(step) for step in steps[-2:]] or [snake_name(self.module.root_name)]
        return "_".join(parts)[:22].rstrip("_")

    # Names of classes and their functions

    def of(self, kind: ClassType) -> SettingsClass:
        """The class of a type."""
        return self.program.model.of(kind)

    def stem(self, cls: SettingsClass) -> str:
        """The part of the names of a class's functions that is its own."""
        return self.program.of_classes[cls.key].stems[cls.key]

    def function_name(self, cls: SettingsClass, kind: str, part: str = "") -> str:
        name = f"{kind}_{self.stem(cls)}"
        return self._from(self.program.of_classes[cls.key], name, *cls.shape, part=part)

    def class_name(self, cls: SettingsClass) -> str:
        return self._from(self.program.of_classes[cls.key], cls.name, *cls.shape)

    # What functions use

    def alias_of(self, other: ModuleCode) -> str:
        """What another machine half is called in this one."""
        if other.path not in self.imports:
            name = "_".join((*map(snake_name, other.path), "module"))
            self.imports[other.path] = self.names.claim(name[-24:].lstrip("_"))
        return self.imports[other.path]

    def use(self, name: str) -> str:
        """The name under which a function of the runtime is at hand."""
        self.used.add(name)
        return name

    def pattern(self, scoped: ScopedNode, pattern: str) -> str:
        """The name of the compiled `pattern`: a slow one is not for what `maxLength` refuses."""
        own = slowness(pattern) and pattern == scoped.node.keyword("pattern")
        most = scoped.node.keyword("maxLength") if own else None
        parts = [pattern, translate(pattern), *([] if most is None else [most])]
        text = f"{self.use('Pattern')}({', '.join(map(literal, parts))})"
        return self._constant("PATTERN", scoped, text)

    def constant(self, scoped: ScopedNode, keyword: str, value: Any) -> str:
        kind = {"properties": "KEYS"}.get(keyword, keyword.upper())
        return self._constant(kind, scoped, literal(value), _hint(value))

    def shared(self, value: Any) -> str:
        """`value` as source text, or the name of the constant that checks have of it."""
        return self._constants.get(literal(value)) or literal(value)

    def constant_of(self, wish: str, value: Any) -> str:
        """The name of a constant that is used in one place."""
        name = self.names.claim(wish.upper()[:60])
        self.constants.append(f"{name}{_hint(value)} = {literal(value)}")
        return name

    def _constant(self, kind: str, scoped: ScopedNode, text: str, hint: str = "") -> str:
        if text not in self._constants:
            wish = f"{kind}_{self.place_name(scoped.node).upper()[:16]}".rstrip("_")
            name = self._constants[text] = self.names.claim(wish)
            self.constants.append(f"{name}{hint} = {text}")
        return self._constants[text]

    def asserts_format(self, scoped: ScopedNode) -> bool:
        return self.program.asserts_formats or scoped.node.dialect.formats_assert


def _place(*nodes: Node) -> str:
    """A short mark of where `nodes` are in their documents."""
    return f"{crc32(repr([node.pointer for node in nodes]).encode()) & 0xFFFF:04x}"


def _hint(value: Any) -> str:
    """The annotation of a constant, where type checkers would take it for something narrower."""
    if isinstance(value, dict):
        return ": dict[str, Any]"
    return ": tuple[Any, ...]" if value == () else ""
