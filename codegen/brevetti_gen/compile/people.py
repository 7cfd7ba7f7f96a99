"""The half of a module that people read: classes with annotations, docstrings and constructors."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.names import TakenNames
from ..model.shapes import Shapes
from ..model.types import AnyType, ClassType, Property, SettingsClass
from .attributes import constructor, is_simple, shows_fill
from .hints import Hints
from .literals import INDENT, WIDTH, call, literal
from .program import ModuleCode
from .tables import FieldTables
from .text import class_paragraphs, docstring, field_paragraphs, wrapped_call


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


#: Names that stand in classes without being attributes.
_TYPE_NAMES = frozenset(
    """Any Literal TypeAlias Union Unset Marks Notes Path Renames Settings UNSET construct
    Compiled Field Pattern TYPE_CHECKING builtins""".split()
)


class ClassTextWriter:
    """Writes the classes of one module, and collects what their annotations need."""

    def __init__(self, code: ModuleCode, shapes: Shapes, fields: FieldTables) -> None:
        self.code = code
        self.shapes = shapes
        self.fields = fields
        self._taken = TakenNames({cls.name for cls in code.module.classes} | _TYPE_NAMES)
        self.hints = Hints(self._taken, self._class_text)
        #: What type checkers import: the module, the name there, and the name here.
        self.imports: list[tuple[str, str, str]] = []
        #: Functions that constructors call.
        self.functions: list[list[str]] = []
        self._foreign: dict[SettingsClass, str] = {}

    def class_text(self, cls: SettingsClass) -> ClassText:
        hints = self.hints.inside(cls)
        fields = [
            FieldText(
                prop.attribute,
                hints.attribute(prop),
                docstring(field_paragraphs(prop, row), 1),
            )
            for prop, row in zip(cls.properties, self.fields.rows[cls], strict=True)
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
        if is_simple(cls, self.shapes, self.code.scopes):
            arguments = [self._argument(cls, prop) for prop in cls.properties]
            function = f"{constructor(cls)}_{self.code.stem(cls)}"
            return wrapped_call(function, ["self", *arguments], 2)
        function = f"construct_{self.code.stem(cls)}"
        given = [f"{literal(p.attribute)}: {self._argument(cls, p)}" for p in cls.properties]
        body = wrapped_call(function, ["self", f"{{{', '.join(given)}}}"], 2)
        if len(body) > 1:
            entries = [f"{INDENT * 4}{entry}," for entry in given]
            body = [*body[:2], f"{INDENT * 3}{{", *entries, f"{INDENT * 3}}},", body[-1]]
        return body

    def _argument(self, cls: SettingsClass, prop: Property) -> str:
        hidden = prop.attribute.startswith("__")
        return f"{_rest(cls)}[{literal(prop.attribute)}]" if hidden else prop.attribute

    def _hidden_function(self, cls: SettingsClass, hidden: list[Property]) -> str:
        """The name of a function that checks and completes the arguments that Python mangles.

        It is a function since parameters can have the names of anything that it calls.
        """
        name = self.code.names.claim(f"hidden_{self.code.stem(cls)}")
        names = tuple(prop.attribute for prop in hidden)
        lines = [f"def {name}(given: dict[str, Any]) -> dict[str, Any]:"]
        lines += call(self.code.use("only"), ["given", literal(names)], 1)
        lines.append(f"{INDENT}return {{")
        for prop in hidden:
            absent = "UNSET" if prop.nullable else "None"
            lines.append(f"{INDENT * 2}{literal(prop.attribute)}: {absent},")
        self.functions.append([*lines, f"{INDENT * 2}**given,", f"{INDENT}}}"])
        if any(prop.nullable for prop in hidden):
            self.code.used.add("UNSET")
        return name

    def _parameter(self, cls: SettingsClass, prop: Property) -> str:
        if prop.required:
            return f"{prop.attribute}: {self.hints.parameter(prop, '')}"
        default = "None"
        if prop.fill is not None and shows_fill(cls, prop):
            default = literal(prop.fill.value)
        elif prop.nullable:
            default = self.code.use("UNSET")
        return f"{prop.attribute}: {self.hints.parameter(prop, default)} = {default}"

    def _class_text(self, kind: ClassType) -> str:
        """The name of a class in annotations, imported for type checkers if it is foreign."""
        cls = self.code.of(kind)
        if cls.module == self.code.module.path:
            return cls.name
        if cls not in self._foreign:
            dots = "." * len(self.code.module.path)
            name = self._taken.claim(cls.name, "")
            path = ".".join(cls.module)
            self.imports.append((f"{dots}{path}", cls.name, name))
            self._foreign[cls] = name
        return self._foreign[cls]

    def root_alias(self) -> list[str]:
        """The statement that gives a root that is no class its name."""
        module = self.code.module
        if module.root_class is not None or module.root_type is None:
            return []
        self.hints.typing_names.add("TypeAlias")
        text = self.hints.type(module.root_type, module.path[-1])
        before, text = f"{module.root_name}: TypeAlias = ", literal(text)
        if len(INDENT + before + text) <= WIDTH or len(INDENT * 2 + text) > WIDTH:
            return [before + text]
        return [f"{before}(", INDENT + text, ")"]


def _rest(cls: SettingsClass) -> str:
    """The name of the parameter that takes what Python would mangle."""
    return TakenNames(prop.attribute for prop in cls.properties).claim("more")
