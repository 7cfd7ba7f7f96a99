"""Classes that are no more than their properties: checked and loaded in one pass.

`settle_x(s)` checks the attributes of an object, and makes ints of floats that equal them; `fits_x`
is the same with the objects inside. Loading and the constructor put what was given into attributes
and settle it, so that all of them share one function, which also tells whether an object that
somebody hands in still fits. What it refuses goes the general way, which explains.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..json_values import is_object
from ..model.shapes import Shapes
from ..model.types import ClassType, ListType, MapType, Property, SettingsClass, Type
from ..schema.nodes import Node
from .block import Block
from .checks import check_others_function, write_checks
from .frame import Target, is_flat
from .literals import INDENT, call, lines_of, literal
from .loading import LoadCompiler
from .objects import ObjectCompiler, Objects, objects_of
from .scope import Sites
from .types import holds_int, is_int, is_scalar, keeps_names

#: Keywords of classes that are no more than their properties.
_PLAIN = frozenset("type properties required additionalProperties patternProperties".split())


def is_straight(cls: SettingsClass, shapes: Shapes, sites: Sites) -> bool:
    """Whether `cls` is no more than its properties."""
    if cls.tracks or len(cls.shape) != 1 or not cls.properties:
        return False
    if cls.renames or any(prop.deprecated and prop.required for prop in cls.properties):
        return False
    node = cls.node
    if not sites.is_static(node):
        return False
    return (
        _PLAIN.issuperset(shapes.asserting(node))
        and all(prop.unconditional and len(prop.nodes) == 1 for prop in cls.properties)
        and shapes.required(cls.shape) <= {prop.key for prop in cls.properties}
    )


def _asks_of_others(node: Node) -> bool:
    """Whether there are schemas for keys that are no properties."""
    return bool(node.table("patternProperties")) or is_object(node.keyword("additionalProperties"))


def _is_easy(kind: Type) -> bool:
    """Whether attributes hold values as they are in a config, but for ints and fresh containers."""
    if isinstance(kind, ListType):
        return not kind.prefix and is_scalar(kind.item)
    if isinstance(kind, MapType):
        return is_scalar(kind.value) and not holds_int(kind.value)
    return is_scalar(kind)


def has_objects(cls: SettingsClass) -> bool:
    """Whether an attribute of the straight class `cls` can hold more than easy values."""
    return not all(_is_easy(prop.type) for prop in cls.properties)


def _settles(cls: SettingsClass) -> bool:
    return any(_is_easy(prop.type) for prop in cls.properties)


class StraightCompiler:
    """Compiles the functions of straight classes."""

    def __init__(self, loads: LoadCompiler, shapes: Shapes) -> None:
        self.loads = loads
        self.unit = loads.unit
        self.shapes = shapes
        self._pending: list[list[str]] = []
        self.objects = ObjectCompiler(self.unit, self._accepted)

    def functions(self, cls: SettingsClass) -> list[list[str]]:
        """`take_x`, `settle_x`, `fits_x` where it is another, `load_x` and `construct_x`."""
        functions = [self._take(cls)]
        if _settles(cls):
            functions.append(self._settle(cls))
        if has_objects(cls):
            functions.append(self._fits(cls))
        functions += [self._load(cls), self._construct(cls)]
        functions += [*self._pending, *self.objects.take_functions(), *self.loads.take_functions()]
        self._pending.clear()
        return functions

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
            if _asks_of_others(cls.node):
                block.fail_if(f"len(d) != {count}", f"not {self._check_others(cls, fills)}(c)")
            block.extend(self.loads.extra_lines(cls, fills, f"len(d) != {count}"))
        for prop in cls.properties:
            self._take_property(cls, prop, block)
        copies = self._copies(
            (prop, f"s.{prop.attribute}") for prop in cls.properties if _is_easy(prop.type)
        )
        if _settles(cls) and copies:
            block.fail_if(f"not settle_{self.unit.stem(cls)}(s)")
        block.extend(copies)
        is_last = _settles(cls) and not copies
        if is_last:
            block.add(f"return settle_{self.unit.stem(cls)}(s)")
        else:
            block.end()
        return [
            f"def take_{self.unit.stem(cls)}(c: Any, s: Any, notes: Notes) -> bool:",
            *block.lines,
        ]

    def _check_others(self, cls: SettingsClass, fills: str) -> str:
        """The name of a function that checks what is under keys that are no properties."""
        name = self.unit.names.claim(f"others_{self.unit.stem(cls)}")
        site = self.unit.sites.enter(cls.node)
        self._pending.append(check_others_function(self.unit, site, name, fills))
        return name

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

    def _take_property(self, cls: SettingsClass, prop: Property, block: Block) -> None:
        """Note what is worth a word, refuse null for absence, and load an object."""
        key, place = literal(prop.key), f"s.{prop.attribute}"
        if prop.deprecated:
            block.add(f"if {key} in c:")
            block.inner().add(f'notes.append((c, {key}, "deprecated"))')
        optional = not prop.required and prop.fill is None
        if optional:
            block.fail_if(f"{place} is {self._absent(prop)}", f"{key} in c")
        if _is_easy(prop.type):
            return
        block.add(f"w = {place}")
        suite = block
        if optional:
            block.add(f"if w is not {self._absent(prop)}:")
            suite = block.inner()
        notes = "notes"
        if prop.fill is not None and prop.fill.value:
            notes = f"notes if {key} in c else []"
        self._take_value(cls, prop, suite, notes)

    def _take_value(self, cls: SettingsClass, prop: Property, block: Block, notes: str) -> None:
        """Make of `w`, which is no easy value, what the attribute holds."""
        place, objects = f"s.{prop.attribute}", self._objects(prop)
        if objects is None:
            is_given = [] if prop.fill is None else [f"{literal(prop.key)} in c"]
            block.fail_if(*is_given, f"not {self.unit.check_node(prop.nodes[0])}(w)")
            lines = self.loads.value_lines(
                prop.type, "w", f"{self.unit.stem(cls)}_{prop.attribute}", place, notes
            )
            block.extend(INDENT * block.depth + line for line in lines)
        elif isinstance(prop.type, ClassType):
            inner = self.unit.of(prop.type)
            block.add(f"{place} = x = {self.unit.use('new')}({self.unit.class_name(inner)})")
            block.fail_if(f"not {self.unit.take_name(inner)}(w, x, {notes})")
        else:
            function = self.objects.take(objects, f"{self.unit.stem(cls)}_{prop.attribute}")
            block.add(f"{place} = x = {function}(w, {notes})")
            block.fail_if(f"x is {self.unit.use('UNSET')}")

    def _objects(self, prop: Property) -> Objects | None:
        return objects_of(prop.type, prop.shape, self.unit.program.model)

    def _default_lines(self, cls: SettingsClass, prop: Property) -> list[str]:
        """Statements that give an attribute what a default, no easy value, makes."""
        assert prop.fill is not None
        block = Block(2)
        if isinstance(prop.type, ClassType) and prop.fill.value == {}:
            inner = self.unit.of(prop.type)
            arguments = ["{}", f"{self.unit.use('new')}({self.unit.class_name(inner)})", "[]"]
            function = self.unit.load_name(inner)
            block.extend(call(function, arguments, 2, before=f"s.{prop.attribute} = "))
            return block.lines
        block.extend(lines_of(prop.fill.value, "w = ", depth=2))
        hint = f"{self.unit.stem(cls)}_{prop.attribute}"
        for line in self.loads.value_lines(prop.type, "w", hint, f"s.{prop.attribute}", "[]"):
            block.add(line)
        return block.lines

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
        name = self.unit.stem(cls)
        return [
            f"def load_{name}(c: Any, s: Any, notes: Notes) -> Any:",
            f"{INDENT}take_{name}(c, s, notes)",
            f"{INDENT}return s",
        ]

    # From arguments

    def _construct(self, cls: SettingsClass) -> list[str]:
        name = self.unit.stem(cls)
        parameters = self._parameters(cls)
        block = Block()
        block.add("s.__extra__ = None")
        refused: list[str] = []
        objects: list[str] = []
        for prop, parameter in zip(cls.properties, parameters, strict=True):
            place = f"s.{prop.attribute}"
            is_easy = _is_easy(prop.type)
            if prop.deprecated or not (is_easy or self._objects(prop)):
                refused.append(f"{parameter} is not {self._absent(prop)}")
            block.add(f"{place} = {parameter}")
            if prop.required or prop.fill is None or shows_fill(cls, prop):
                continue
            if is_easy:
                block.add(f"if {parameter} is {self._absent(prop)}:")
                block.extend(lines_of(prop.fill.value, f"{place} = ", depth=2))
            else:
                objects.append(f"{INDENT}if {parameter} is {self._absent(prop)}:")
                objects += self._default_lines(cls, prop)
        tests = [*refused, f"not {'fits' if has_objects(cls) else 'settle'}_{name}(s)"]
        block.add(f"if {' or '.join(tests)}:")
        # What the attributes hold by now is what was given.
        block.add(f"{INDENT}construct(s, {{**s.__dict__}})")
        copies = self._copies(
            (prop, parameter)
            for prop, parameter in zip(cls.properties, parameters, strict=True)
            if _is_easy(prop.type) or self._objects(prop)
        )
        rest = [*copies, *objects]
        if rest:
            block.add(f"{INDENT}return")
            block.extend(rest)
        arguments = ["s: Any", *(f"{parameter}: Any" for parameter in parameters)]
        return [f"def construct_{name}({', '.join(arguments)}) -> None:", *block.lines]

    def _parameters(self, cls: SettingsClass) -> list[str]:
        """Names for the arguments of `construct_x`: the attributes', but for names it uses."""
        scope = self.unit.local_scope()
        return [scope.claim(prop.attribute) for prop in cls.properties]

    # The checks of both

    def _settle(self, cls: SettingsClass) -> list[str]:
        block = Block()
        for prop in cls.properties:
            if _is_easy(prop.type):
                self._settle_property(prop, block)
        block.end()
        return [f"def settle_{self.unit.stem(cls)}(s: Any) -> bool:", *block.lines]

    def _settle_property(self, prop: Property, block: Block) -> None:
        inner = Block(block.depth)
        optional = not prop.required and prop.fill is None
        inner.depth += optional
        self._check(prop, inner)
        if isinstance(prop.type, MapType):
            inner.add("for k in w:")
            inner.inner().fail_if("type(k) is not str")
        if not inner:
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
        if _settles(cls):
            block.fail_if(f"not settle_{self.unit.stem(cls)}(s)")
        for prop in cls.properties:
            if not _is_easy(prop.type):
                self._fits_object(cls, prop, block)
        block.end()
        return [f"def fits_{self.unit.stem(cls)}(s: Any) -> bool:", *block.lines]

    def _fits_object(self, cls: SettingsClass, prop: Property, block: Block) -> None:
        """Fail where an attribute holds no object that fits; none at all is an absent one."""
        block.add(f"w = s.{prop.attribute}")
        present = [] if prop.required else [f"w is not {self._absent(prop)}"]
        objects = self._objects(prop)
        if objects is None:
            check = self.unit.check_node(prop.nodes[0])
            block.fail_if(*present, f"not {self.unit.use('holds')}(w, {check})")
        elif isinstance(prop.type, ClassType):
            block.fail_if(
                *present, f"type(w) is not {self.unit.class_name(self.unit.of(prop.type))}"
            )
            accepted = self._accepted(self.unit.of(prop.type), "w")
            is_call = " or " not in accepted and " and " not in accepted
            block.fail_if(*present, f"not {accepted}" if is_call else f"not ({accepted})")
        else:
            function = self.objects.fits(objects, f"{self.unit.stem(cls)}_{prop.attribute}")
            block.fail_if(*present, f"not {function}(w)")

    def _accepted(self, cls: SettingsClass, name: str) -> str:
        """The test that the object `name`, which is one of `cls`, fits."""
        if not is_straight(cls, self.shapes, self.unit.sites):
            return f"{self.unit.use('holds')}({name}, {self.unit.check_node(cls.node)})"
        kind = "fits" if has_objects(cls) else "settle"
        test = f"{self.unit.function_name(cls, kind)}({name})"
        return test if cls.closed else f"not {name}.__extra__ and {test}"


def shows_fill(cls: SettingsClass, prop: Property) -> bool:
    """Whether the default of a property stands in the constructor's signature."""
    fill = prop.fill
    if prop.deprecated:
        # Giving it is worth a warning, so that giving nothing must look different.
        return False
    if fill is None or not fill.is_default or cls.tracks or isinstance(fill.value, (list, dict)):
        return False
    return fill.value is None or (is_scalar(prop.type) and len(literal(fill.value)) <= 40)
