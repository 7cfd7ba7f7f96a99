"""Classes that are no more than their properties: checked and loaded in one pass.

`settle_x(s)` checks the attributes of an object, and makes ints of floats that equal them; `fits_x`
is the same with the objects inside. Loading and the constructor put what was given into attributes
and settle it, so that all of them share one function, which also tells whether an object that
somebody hands in still fits. What it refuses goes the general way, which explains.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..literals import INDENT, WIDTH, call, condition, lines_of, literal
from ..model import (
    ClassType,
    ListType,
    MapType,
    Property,
    SettingsClass,
    Type,
)
from ..shapes import Shapes
from .block import Block, together
from .checks import write_checks
from .frame import Target, is_flat
from .loading import LoadCompiler
from .scope import Sites
from .types import holds_int, is_int, is_scalar, keeps_names

#: Keywords of classes that are no more than their properties.
_PLAIN = frozenset(["type", "properties", "required", "additionalProperties"])


def is_straight(cls: SettingsClass, shapes: Shapes, sites: Sites) -> bool:
    """Whether `cls` is no more than its properties, all of kinds that are easy to take."""
    if cls.tracks or len(cls.shape) != 1 or not cls.properties:
        return False
    if cls.renames or any(prop.deprecated and prop.required for prop in cls.properties):
        return False
    node = cls.node
    if not sites.is_static(node):
        return False
    extra = node.keyword("additionalProperties")
    return (
        _PLAIN.issuperset(shapes.asserting(node))
        and extra in (None, True, False)
        and all(
            prop.unconditional and len(prop.nodes) == 1 and _is_easy(prop.type)
            for prop in cls.properties
        )
        and shapes.required(cls.shape) <= {prop.key for prop in cls.properties}
    )


def _is_easy(kind: Type) -> bool:
    if isinstance(kind, ClassType):
        return len(kind.cls.shape) == 1
    if isinstance(kind, ListType):
        return not kind.prefix and is_scalar(kind.item)
    if isinstance(kind, MapType):
        return is_scalar(kind.value) and not holds_int(kind.value)
    return is_scalar(kind)


def has_objects(cls: SettingsClass) -> bool:
    """Whether an attribute of the straight class `cls` holds an object."""
    return any(isinstance(prop.type, ClassType) for prop in cls.properties)


class StraightCompiler:
    """Compiles the functions of straight classes."""

    def __init__(self, loads: LoadCompiler, shapes: Shapes) -> None:
        self.loads = loads
        self.unit = loads.unit
        self.shapes = shapes

    def functions(self, cls: SettingsClass) -> list[list[str]]:
        """`take_x`, `settle_x`, `fits_x` where it is another, `load_x` and `construct_x`."""
        functions = [self._take(cls), self._settle(cls)]
        if has_objects(cls):
            functions.append(self._fits(cls))
        return [*functions, self._load(cls), self._construct(cls)]

    # From a config

    def _take(self, cls: SettingsClass) -> list[str]:
        fills, count = self.loads.fills_name(cls), len(cls.properties)
        block = Block()
        block.add(f"t = {self.unit.use('class_of')}(c)")
        block.fail_if("t is not dict")
        block.extend(self._spread(cls, fills))
        block.add("s.__extra__ = None")
        if cls.closed:
            block.fail_if(f"len(d) != {count}")
        else:
            block.extend(self.loads.extra_lines(cls, fills, f"len(d) != {count}"))
        for prop in cls.properties:
            self._take_property(prop, block)
        settled = f"settle_{cls.function_name}(s)"
        copies = self._copies((prop, f"s.{prop.attribute}") for prop in cls.properties)
        if copies:
            block.fail_if(f"not {settled}")
            block.extend(copies)
            block.add("return True")
        else:
            block.add(f"return {settled}")
        return [
            f"def take_{cls.function_name}(c: Any, s: Any, notes: Notes) -> bool:",
            *block.lines,
        ]

    def _spread(self, cls: SettingsClass, fills: str) -> list[str]:
        """Statements that lay `c` over the fills, as `d`, and make attributes of that.

        A config as long as there are properties mostly has just these.
        """
        block = Block()
        merged = f"{{**{fills}, **c}}"
        block.add(f"d = c if len(c) == {len(cls.properties)} else {merged}")
        block.add("try:")
        for prop in cls.properties:
            block.inner().add(f"s.{prop.attribute} = d[{literal(prop.key)}]")
        block.add("except KeyError:")
        block.inner().add(f"d = {merged}")
        names = fills if keeps_names(cls) else self.loads.attributes_name(cls)
        block.extend(call(self.unit.use("spread"), ["d", fills, "s", names], block.depth + 1))
        return block.lines

    def _take_property(self, prop: Property, block: Block) -> None:
        """Note what is worth a word, refuse null for absence, and load an object."""
        key, place = literal(prop.key), f"s.{prop.attribute}"
        if prop.deprecated:
            block.add(f"if {key} in c:")
            block.inner().add(f'notes.append((c, {key}, "deprecated"))')
        optional = not prop.required and prop.fill is None
        if isinstance(prop.type, ClassType):
            cls = prop.type.cls
            block.add(f"w = {place}")
            suite = block
            if optional:
                block.add("if w is not None:")
                suite = block.inner()
            notes = "notes"
            if prop.fill is not None and prop.fill.value:
                notes = f"notes if {key} in c else []"
            suite.add(f"{place} = x = {self.unit.use('new')}({self.unit.class_name(cls)})")
            suite.fail_if(f"not {self.unit.take_name(cls)}(w, x, {notes})")
        if optional:
            block.fail_if(f"{place} is {self._absent(prop)}", f"{key} in c")

    def _default_object(self, prop: Property, cls: SettingsClass, depth: int) -> list[str]:
        """Statements that give an attribute the object that its default makes."""
        assert prop.fill is not None
        new = f"{self.unit.use('new')}({self.unit.class_name(cls)})"
        arguments = [literal(prop.fill.value), new, "[]"]
        place = f"s.{prop.attribute}"
        lines = call(self.unit.load_name(cls), arguments, depth, before=f"{place} = ")
        if all(len(line) <= WIDTH for line in lines):
            return lines
        lines = lines_of(prop.fill.value, f"{place} = ", depth=depth)
        return [
            *lines,
            *call(self.unit.load_name(cls), [place, *arguments[1:]], depth, before=f"{place} = "),
        ]

    def _absent(self, prop: Property) -> str:
        return self.unit.use("UNSET") if prop.nullable else "None"

    def _copies(self, given: Iterable[tuple[Property, str]]) -> list[str]:
        """Statements that give the object containers of its own, copies of what was `given`."""
        block = Block()
        for prop, value in given:
            copy = self._copy(prop.type, value)
            if copy:
                suite = block
                if not prop.required and (prop.fill is None or value.isidentifier()):
                    block.add(f"if {value} is not {self._absent(prop)}:")
                    suite = block.inner()
                suite.add(f"s.{prop.attribute} = {copy}")
        return block.lines

    def _copy(self, kind: Type, value: str) -> str:
        """An expression for a container of its own, ints for floats that equal them; or ""."""
        if isinstance(kind, ListType) and is_int(kind.item):
            return f"[x if type(x) is int else int(x) for x in {value}]"
        if isinstance(kind, ListType) and holds_int(kind.item):
            return f"[{self.unit.use('whole')}(x) for x in {value}]"
        if isinstance(kind, ListType):
            return f"[*{value}]"
        return f"{{**{value}}}" if isinstance(kind, MapType) else ""

    def _load(self, cls: SettingsClass) -> list[str]:
        name = cls.function_name
        return [
            f"def load_{name}(c: Any, s: Any, notes: Notes) -> Any:",
            f"{INDENT}take_{name}(c, s, notes)",
            f"{INDENT}return s",
        ]

    # From arguments

    def _construct(self, cls: SettingsClass) -> list[str]:
        name = cls.function_name
        parameters = self._parameters(cls)
        block = Block()
        block.add("s.__extra__ = None")
        refused: list[str] = []
        objects: list[str] = []
        for prop, parameter in zip(cls.properties, parameters, strict=True):
            place = f"s.{prop.attribute}"
            if prop.deprecated:
                refused.append(f"{parameter} is not {self._absent(prop)}")
            if prop.required or prop.fill is None or shows_fill(cls, prop):
                block.add(f"{place} = {parameter}")
            elif isinstance(prop.type, ClassType):
                block.add(f"{place} = {parameter}")
                objects.append(f"{INDENT}if {parameter} is None:")
                objects += self._default_object(prop, prop.type.cls, 2)
            else:
                block.add(f"{place} = {parameter}")
                block.add(f"if {parameter} is {self._absent(prop)}:")
                block.extend(lines_of(prop.fill.value, f"{place} = ", depth=2))
        tests = [*refused, f"not {'fits' if has_objects(cls) else 'settle'}_{name}(s)"]
        block.extend(condition("if", tests, "or", 1))
        # What the attributes hold by now is what was given.
        block.add(f"{INDENT}construct(s, {{**s.__dict__}})")
        copies = self._copies(zip(cls.properties, parameters, strict=True))
        rest = [*copies, *objects]
        if rest:
            block.add(f"{INDENT}return")
            block.extend(rest)
        head = f"def construct_{name}("
        arguments = ["s: Any", *(f"{parameter}: Any" for parameter in parameters)]
        line = f"{head}{', '.join(arguments)}) -> None:"
        if len(line) <= WIDTH:
            return [line, *block.lines]
        return [
            head,
            *(f"{INDENT}{argument}," for argument in arguments),
            ") -> None:",
            *block.lines,
        ]

    def _parameters(self, cls: SettingsClass) -> list[str]:
        """Names for the arguments of `construct_x`: the attributes', but for names it uses."""
        scope = self.unit.local_scope()
        return [scope.claim(prop.attribute) for prop in cls.properties]

    # The checks of both

    def _settle(self, cls: SettingsClass) -> list[str]:
        block = Block()
        for prop in cls.properties:
            if not isinstance(prop.type, ClassType):
                self._settle_property(prop, block)
        block.end()
        return [f"def settle_{cls.function_name}(s: Any) -> bool:", *block.lines]

    def _settle_property(self, prop: Property, block: Block) -> None:
        inner = Block(block.depth)
        optional = not prop.required and prop.fill is None
        inner.depth += optional
        self._check(prop, inner)
        if isinstance(prop.type, MapType):
            inner.add("for k in w:")
            inner.inner().fail_if("type(k) is not str")
        if not inner.lines:
            return
        block.add(f"w = s.{prop.attribute}")
        if optional:
            block.suite_if([f"w is not {self._absent(prop)}"], inner)
        else:
            block.take(inner)

    def _check(self, prop: Property, block: Block) -> None:
        """Fail where the value `w` cannot be taken; make it an int where it equals one."""
        node = prop.nodes[0]
        site = self.unit.sites.enter(node)
        place = f"s.{prop.attribute}"
        if not is_flat(site):
            block.fail_if(f"not {self.unit.check_node(node)}(w)")
        elif node.keyword("type") == "integer" and node.dialect.integral_floats:
            block.add("if type(w) is not int:")
            inner = block.inner()
            inner.fail_if("type(w) is not float", "not w.is_integer()", joint="or")
            inner.add(f"{place} = w = int(w)")
            write_checks(self.unit, site, block, Target("w", 1, known=("integer",)))
            return
        else:
            write_checks(self.unit, site, block, Target("w", 1))
        if is_scalar(prop.type) and holds_int(prop.type):
            block.add("if type(w) is float:")
            block.inner().add(f"{place} = {self.unit.use('whole')}(w)")

    def _fits(self, cls: SettingsClass) -> list[str]:
        block = Block()
        block.fail_if(f"not settle_{cls.function_name}(s)")
        for prop in cls.properties:
            if isinstance(prop.type, ClassType):
                self._fits_object(prop, prop.type.cls, block)
        block.end()
        return [f"def fits_{cls.function_name}(s: Any) -> bool:", *block.lines]

    def _fits_object(self, prop: Property, cls: SettingsClass, block: Block) -> None:
        """Fail where an attribute holds no object that fits; none at all is an absent one."""
        block.add(f"w = s.{prop.attribute}")
        tests = [f"type(w) is not {self.unit.class_name(cls)}"]
        if is_straight(cls, self.shapes, self.unit.sites):
            kind = "fits" if has_objects(cls) else "settle"
            tests += [] if cls.closed else ["w.__extra__"]
            tests.append(f"not {self.unit.function_name(cls, kind)}(w)")
        else:
            tests.append(f"not {self.unit.check_node(prop.nodes[0])}(w.get_config())")
        if prop.required:
            block.fail_if(*tests, joint="or")
        else:
            block.fail_if("w is not None", tests[0])
            block.fail_if("w is not None", together(tests[1:], "or"))


def shows_fill(cls: SettingsClass, prop: Property) -> bool:
    """Whether the default of a property stands in the constructor's signature."""
    fill = prop.fill
    if prop.deprecated:
        # Giving it is worth a warning, so that giving nothing must look different.
        return False
    if fill is None or not fill.is_default or cls.tracks or isinstance(fill.value, (list, dict)):
        return False
    return fill.value is None or (is_scalar(prop.type) and len(literal(fill.value)) <= 40)
