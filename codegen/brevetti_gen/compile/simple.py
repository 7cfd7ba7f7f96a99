"""Classes that are no more than their properties: checked and loaded in one pass.

`load_x` gives a new object what a config says, and has it checked: nothing else has to check the
config. `init_x` is the constructor. `check_values_x(s)` checks what attributes hold that are no
objects; `check_object_x` checks the objects inside too. What is refused goes the general way, which
explains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..json_values import is_object
from ..model.names import GENERATED_NAMES, TakenNames
from ..model.types import ClassType, ListType, MapType, Property, SettingsClass, Type
from .attributes import fill_of, holds_int, is_easy, is_int, is_simple, keeps_names, shows_fill
from .block import Block, opposite
from .checks import check_others_function, write_checks
from .context import Target, is_flat
from .literals import INDENT, literal
from .loading import LoadWriter
from .objects import Objects, ObjectsWriter, objects_of

#: What asserts something in a map that has nothing but a type of values.
_MAP = {"type", "additionalProperties"}


def has_objects(cls: SettingsClass) -> bool:
    """Whether an attribute of the simple class `cls` can hold more than easy values."""
    return not all(is_easy(prop.type) for prop in cls.properties)


def _has_values(cls: SettingsClass) -> bool:
    return any(is_easy(prop.type) for prop in cls.properties)


class SimpleClassWriter:
    """Writes the functions of simple classes."""

    def __init__(self, loads: LoadWriter) -> None:
        self.loads = loads
        self.code = loads.code
        self._pending: list[list[str]] = []
        self.objects = ObjectsWriter(self.code, self._fitting, self._loading)

    def functions(self, cls: SettingsClass) -> list[list[str]]:
        """`load_x` and the checks that it needs."""
        functions = [self._load(cls)]
        functions += [self._check_values(cls)] if _has_values(cls) else []
        functions += self._pending
        functions += [*self.objects.take_functions("load"), *self.loads.take_functions()]
        self._pending.clear()
        return functions

    def whole_checks(self, cls: SettingsClass) -> list[list[str]]:
        """The checks that only constructors need."""
        checks = [self._check_object(cls)] if has_objects(cls) else []
        return [*checks, *self.objects.take_functions("check")]

    # From a config

    def _load(self, cls: SettingsClass) -> list[str]:
        """`load_x`: the object gets its attributes first, as they are read faster then.

        >>> name = {"type": "string", "minLength": 1}
        >>> function({"type": "object", "properties": {"name": name}}, "load_root")
        def load_root(c: Any, s: Any, notes: Notes) -> bool:
            d: dict[str, Any]
            t: object
            t = class_of(c)
            if t is not dict:
                return False
            d = c if len(c) >= 1 else {**FILLS_ROOT, **c}
            try:
                s.name = d["name"]
            except KeyError:
                d = give(s, c, FILLS_ROOT)
            s.__extra__ = None
            if len(d) != 1:
                unknown_keys(c, s, FILLS_ROOT, notes, "unknown")
            return not (not check_values_root(s) or s.name is None and "name" in c)
        """
        fills, count = self.loads.fills_name(cls), len(cls.properties)
        block = Block()
        block.add(f"t = {self.code.use('class_of')}(c)")
        block.fail_if("t is not dict")
        block.add(f"d = c if len(c) >= {count} else {{**{fills}, **c}}")
        stores = (f"s.{prop.attribute} = d[{literal(prop.key)}]" for prop in cls.properties)
        block.under("try:").add(*stores)
        names = () if keeps_names(cls) else (literal(tuple(p.attribute for p in cls.properties)),)
        given = ", ".join(("s", "c", fills, *names))
        block.under("except KeyError:").add(f"d = {self.code.use('give')}({given})")
        block.add("s.__extra__ = None")
        if cls.closed:
            block.fail_if(f"len(d) != {count}")
        else:
            self._keep_others(cls, block.under(f"if len(d) != {count}:"))
        if _has_values(cls):
            block.fail_if(f"not check_values_{self.code.stem(cls)}(s)")
        easy = [(p, f"s.{p.attribute}") for p in cls.properties if is_easy(p.type)]
        block.take(self._copies(easy, _is_optional))
        for prop in cls.properties:
            self._load_property(cls, prop, block)
        block.end()
        head = f"def load_{self.code.stem(cls)}(c: Any, s: Any, notes: Notes) -> bool:"
        return [head, *block.lines]

    def _keep_others(self, cls: SettingsClass, block: Block) -> None:
        """Keep what other keys hold, and check it: objects before they are loaded."""
        check, keep = f"others_{self.code.stem(cls)}", self.loads.keep_extra(cls)
        extra = cls.node.keyword("additionalProperties")
        if not (is_object(extra) or cls.node.table("patternProperties")):
            block.add(keep)
            return
        scoped, known = self.code.scopes.at(cls.node), ""
        if cls.entries:
            known = self.loads.fills_name(cls)
            block.fail_if(f"not {check}(c)")
        block.add(keep)
        if not cls.entries:
            block.fail_if(f"not {check}(s.__extra__)")
        self._pending.append(check_others_function(self.code, scoped, check, known))

    def _load_property(self, cls: SettingsClass, prop: Property, block: Block) -> None:
        """Note what is worth a word, refuse null for absence, and load an object."""
        key, place = literal(prop.key), f"s.{prop.attribute}"
        if prop.deprecated:
            note = f"notes.append((c, {key}, {literal(prop.deprecated)}))"
            block.under(f"if {key} in c:").add(note)
        if _is_optional(prop):
            block.fail_if(f"{place} is {self._absent(prop)}", f"{key} in c")
        if is_easy(prop.type):
            return
        block.add(f"w = {place}")
        suite = block
        if _is_optional(prop):
            suite = block.under(f"if w is not {self._absent(prop)}:")
        notes = "notes"
        if prop.fill is not None and prop.fill.value:
            notes = f"notes if {key} in c else []"
        self._load_value(cls, prop, suite, notes)

    def _load_value(self, cls: SettingsClass, prop: Property, block: Block, notes: str) -> None:
        """Make of `w`, which is no easy value, what the attribute holds."""
        place, objects = f"s.{prop.attribute}", self._objects(prop)
        if objects is None:
            is_given = [] if prop.fill is None else [f"{literal(prop.key)} in c"]
            block.fail_if(*is_given, f"not {self.code.check_again(prop.nodes[0])}(w)")
            loaded = self.loads.expression(prop.type, "w", self._hint(cls, prop), notes)
            if self.code.scopes.recurs(prop.nodes[0]):
                load = self.loads.function(prop.type, self._hint(cls, prop))
                loaded = f"{self.code.use('keep_verdicts')}({load}, w, {notes})"
            block.add(f"{place} = {loaded}")
        elif objects.tag is None and not objects.container:
            inner = objects.classes[0]
            if objects.nullable:
                block = block.under("if w is not None:")
            block.add(f"{place} = x = {self.code.use('new')}({self.code.class_name(inner)})")
            block.fail_if(f"not {self._loading(inner)}(w, x, {notes})")
        else:
            function = self.objects.function("load", objects, self._hint(cls, prop))
            block.add(f"{place} = x = {function}(w, {notes})")
            block.fail_if(f"x is {self.code.use('UNSET')}")

    def _loading(self, cls: SettingsClass) -> str:
        """What checks a config and loads it into an object of `cls`."""
        if is_simple(cls, self.code):
            return self.code.function_name(cls, "load")
        for node in cls.shape:
            self.code.check_again(node)
        return f"{self.code.class_name(cls)}.__brevetti__.load"

    def _objects(self, prop: Property) -> Objects | None:
        return objects_of(prop.type, prop.shape, self.code.program.model)

    def _hint(self, cls: SettingsClass, prop: Property) -> str:
        """The part of the names of functions about a property that is its own."""
        return f"{self.code.stem(cls)}_{prop.attribute}"

    def _absent(self, prop: Property) -> str:
        return self.code.use("UNSET") if prop.nullable else "None"

    def _copies(
        self, given: Iterable[tuple[Property, str]], can_lack: Callable[[Property], bool]
    ) -> Block:
        """Statements that give the object containers of its own, copies of what was `given`."""
        block = Block()
        for prop, value in given:
            if copy := self._copy(prop.type, value):
                suite = block
                if can_lack(prop):
                    suite = block.under(f"if {value} is not {self._absent(prop)}:")
                suite.add(f"s.{prop.attribute} = {copy}")
        return block

    def _copy(self, kind: Type, value: str) -> str:
        """An expression for a container of its own, ints for floats that equal them; or ""."""
        if isinstance(kind, ListType) and is_int(kind.item):
            return f"[x if type(x) is int else int(x) for x in {value}]"
        if isinstance(kind, ListType) and holds_int(kind.item):
            return f"[{self.code.use('whole')}(x) for x in {value}]"
        if isinstance(kind, ListType):
            return f"[*{value}]"
        return f"{{**{value}}}" if isinstance(kind, MapType) else ""

    # From arguments

    def constructor(self, cls: SettingsClass) -> list[list[str]]:
        """`init_x`; where arguments have names that its body needs, all they do is in `make_x`.

        >>> name = {"type": "string", "minLength": 1}
        >>> function({"type": "object", "properties": {"name": name}}, "init_root")
        def init_root(s: Any, *, name: Any = None) -> None:
            s.__extra__ = None
            s.name = name
            if not check_values_root(s):
                return construct(s)
        """
        # Everything else that a module defines has a name that no attribute has.
        taken = TakenNames(GENERATED_NAMES | {each.name for each in self.code.classes})
        stem = self.code.stem(cls)
        named = [(prop, taken.claim(prop.attribute)) for prop in cls.properties]
        given = [f"{prop.attribute}: Any{self._if_absent(cls, prop)}" for prop in cls.properties]
        body = self._init_body(cls, named)
        if all(prop.attribute == name for prop, name in named):
            return [[f"def init_{stem}(s: Any, *, {', '.join(given)}) -> None:", *body]]
        passed = ", ".join(["self", *(prop.attribute for prop in cls.properties)])
        head = f"def init_{stem}(self: Any, *, {', '.join(given)}) -> None:"
        taken_over = ", ".join(f"{name}: Any" for _, name in named)
        return [
            [head, f"{INDENT}make_{stem}({passed})"],
            [f"def make_{stem}(s: Any, {taken_over}) -> None:", *body],
        ]

    def _if_absent(self, cls: SettingsClass, prop: Property) -> str:
        if prop.required:
            return ""
        return f" = {literal(fill_of(prop)) if shows_fill(cls, prop) else self._absent(prop)}"

    def _init_body(self, cls: SettingsClass, named: list[tuple[Property, str]]) -> list[str]:
        """What is refused is explained by what the attributes hold, or what was given for it."""
        block, after, given = Block(), Block(), ["s"]
        block.add("s.__extra__ = None")
        refused: list[str] = []
        copied: list[tuple[Property, str]] = []
        for prop, name in named:
            absent, value = self._absent(prop), name
            is_copied = is_easy(prop.type) or self._objects(prop) is not None
            copied += [(prop, name)] if is_copied else []
            if prop.deprecated or not is_copied:
                refused.append(f"{name} is not {absent}")
            if not prop.required and prop.fill is not None and not shows_fill(cls, prop):
                default = literal(fill_of(prop))
                if is_easy(prop.type):
                    value = f"{default} if {name} is {absent} else {name}"
                    given.append(f"{prop.attribute}={name}")
                else:
                    hint = self._hint(cls, prop)
                    default = self.loads.expression(prop.type, default, hint, "[]")
                    after.under(f"if {name} is {absent}:").add(f"s.{prop.attribute} = {default}")
            block.add(f"s.{prop.attribute} = {value}")
        checks = Block(refusal=f"return construct({', '.join(given)})")
        checks.fail_if(*refused, f"not {self._whole_check(cls)}(s)", joint="or")
        copies = self._copies(copied, lambda prop: not prop.required)
        return [*block.lines, *checks.lines, *copies.lines, *after.lines]

    # The checks of both

    def _whole_check(self, cls: SettingsClass) -> str:
        """The name of the function that checks an object and those in it."""
        if not has_objects(cls):
            return self.code.function_name(cls, "check_values")
        return self.code.function_name(cls, "check_object", "objects")

    def _check_values(self, cls: SettingsClass) -> list[str]:
        """`check_values_x`: the attributes that hold what a config holds (docs/architecture.md)."""
        block = Block()
        for prop in cls.properties:
            if not is_easy(prop.type):
                continue
            checks = block.deeper() if _is_optional(prop) else block.beside()
            self._check_value(prop, checks)
            if checks:
                block.add(f"w = s.{prop.attribute}")
            if _is_optional(prop):
                block.suite_if([f"w is not {self._absent(prop)}"], checks)
            else:
                block.take(checks)
        block.end()
        return [f"def check_values_{self.code.stem(cls)}(s: Any) -> bool:", *block.lines]

    def _check_value(self, prop: Property, block: Block) -> None:
        """Fail where `w` is none that the attribute can have; make it an int if it equals one.

        The attribute holds it already.
        """
        node, place = prop.nodes[0], f"s.{prop.attribute}"
        scoped = self.code.scopes.at(node)
        if set(self.code.shapes.asserting(node)) == _MAP and scoped.types == ("object",):
            value = scoped.child("additionalProperties")
            if is_flat(value):
                block.fail_if(f"{self.code.use('class_of')}(w) is not dict")
                items = block.under("for k, x in w.items():")
                items.fail_if("type(k) is not str")
                write_checks(self.code, value, items, Target("x", 2))
                return
        if not is_flat(scoped):
            block.fail_if(f"not {self.code.check_node(node)}(w)")
        elif node.keyword("type") == "integer" and node.dialect.integral_floats:
            inner = block.under("if type(w) is not int:")
            inner.fail_if("type(w) is not float", "not w.is_integer()", joint="or")
            inner.add(f"{place} = w = int(w)")
            write_checks(self.code, scoped, block, Target("w", 1, known=("integer",)))
            return
        else:
            write_checks(self.code, scoped, block, Target("w", 1))
        if holds_int(prop.type):
            block.under("if type(w) is float:").add(f"{place} = {self.code.use('whole')}(w)")
        if isinstance(prop.type, MapType):
            block.under("for k in w:").fail_if("type(k) is not str")

    def _check_object(self, cls: SettingsClass) -> list[str]:
        block = Block()
        if _has_values(cls):
            block.fail_if(f"not check_values_{self.code.stem(cls)}(s)")
        for prop in cls.properties:
            if not is_easy(prop.type):
                block.add(f"w = s.{prop.attribute}")
                self._check_objects(cls, prop, block)
        block.end()
        return [f"def check_object_{self.code.stem(cls)}(s: Any) -> bool:", *block.lines]

    def _check_objects(self, cls: SettingsClass, prop: Property, block: Block) -> None:
        """Fail where `w` is no object that fits; none at all is an absent one."""
        present = [] if prop.required else [f"w is not {self._absent(prop)}"]
        objects = self._objects(prop)
        if objects is None:
            check = self.code.check_node(prop.nodes[0])
            block.fail_if(*present, f"not {self.code.use('holds')}(w, {check})")
        elif isinstance(prop.type, ClassType):
            inner = self.code.of(prop.type)
            other_class = f"type(w) is not {self.code.class_name(inner)}"
            refused = [other_class, *self._misfits(inner, "w")]
            block.fail_if(*present, f"({' or '.join(refused)})")
        else:
            function = self.objects.function("check", objects, self._hint(cls, prop))
            block.fail_if(*present, f"not {function}(w)")

    def _misfits(self, cls: SettingsClass, name: str) -> list[str]:
        """Tests of which one holds if the object `name`, which is one of `cls`, does not fit."""
        if not is_simple(cls, self.code):
            check = f"{self.code.class_name(cls)}.__brevetti__.check"
            return [f"not {self.code.use('holds')}({name}, {check})"]
        test = f"not {self._whole_check(cls)}({name})"
        return [test] if cls.closed else [f"{name}.__extra__", test]

    def _fitting(self, cls: SettingsClass, name: str) -> str:
        """The test that the object `name`, which is one of `cls`, fits."""
        return opposite(" or ".join(self._misfits(cls, name)))


def _is_optional(prop: Property) -> bool:
    """Whether the attribute can say that the property is absent."""
    return not prop.required and prop.fill is None
