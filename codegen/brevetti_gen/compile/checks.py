"""The fast verdict: one Boolean function per subschema, which stops at the first failure.

A check exists in two modes. The plain one takes a value. The *marking* one takes a set too, and
adds to it the property names and item indices that it evaluated; it is compiled only where an
`unevaluatedProperties` or `unevaluatedItems` asks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from ..schema.keywords import LEADING, REFERENCES, Kind, about
from .array_checks import write_array
from .block import Block
from .context import Context, Target, is_atom
from .literals import literal
from .object_checks import write_object, write_other_properties
from .scopes import ScopedNode

if TYPE_CHECKING:
    from .program import ModuleCode

_CLASSES = {"string": "str", "boolean": "bool", "array": "list", "object": "dict"}
_OF_CONTAINERS = (*about("array"), *about("object"))
_CHEAPEST_FIRST = ("null", "string", "boolean", "object", "array", "integer", "number")


def check_function(code: ModuleCode, scoped: ScopedNode, name: str, *, marking: bool) -> list[str]:
    """The source lines of the check of `scoped`.

    >>> size = {"type": "number", "minimum": 1, "maximum": 9}
    >>> function({"type": "object", "properties": {"size": {"not": size}}}, "check_size_not")
    def check_size_not(v: Any) -> bool:
        return not (type(v) is not float and type(v) is not int or not 1.0 <= v <= 9.0)
    """
    block = Block()
    write_checks(code, scoped, block, Target("v", 0, "marks" if marking else None))
    block.end()
    arguments = "v: Any, marks: Marks" if marking else "v: Any"
    is_kept = not marking and scoped.node in code.program.asked_again
    head = [f"@{code.use('once')}"] if is_kept or scoped.node in code.scopes.often_met else []
    return [*head, f"def {name}({arguments}) -> bool:", *block.lines]


def check_others_function(code: ModuleCode, scoped: ScopedNode, name: str, known: str) -> list[str]:
    """The source lines of a check of what `v` has under other keys than the `known` ones.

    `known` is the name of a container of these, "" where they are not in `v`.
    """
    block = Block()
    write_other_properties(Context(code, scoped, Target("v"), write_checks, block), block, known)
    block.end()
    return [f"def {name}(v: Any) -> bool:", *block.lines]


def write_checks(code: ModuleCode, scoped: ScopedNode, block: Block, target: Target) -> None:
    """Write statements that return False where the value does not fit `scoped`."""
    if scoped.node.schema is False:
        block.add(block.refusal)
    elif scoped.node.schema is not True:
        _Writer(code, scoped, target, write_checks, block).write()


class _Writer(Context):
    def write(self) -> None:
        if self.is_own:
            self.block.add(f"seen = {self.code.use('no_marks')}()")
        container = self._write_type()
        if self.scoped.has("const"):
            self._write_enum("const", [self.scoped.node.get("const")])
        if self.scoped.has("enum"):
            self._write_enum("enum", self.scoped.node.get("enum"))
        self._group("number", self._write_numeric, container)
        self._group("string", self._write_string, container)
        if self.scoped.has_any(LEADING):
            self._write_in_place()
        if container:
            self._group("array", partial(write_array, self), container)
            self._group("object", partial(write_object, self), container)
        if self.is_own and self.outer_marks:
            self.block.add(f"{self.outer_marks} |= seen")

    # type, enum, const

    def _write_type(self) -> str | None:
        """Check `type`; the name that holds the value's class if a later check can use it."""
        name = None
        if self.scoped.has_any(_OF_CONTAINERS):
            name = "t" if self.level == 0 else f"t{self.level}"
            self.block.add(f"{name} = {self.code.use('class_of')}({self.value})")
        if self.types and not self.known:
            self.block.fail_if(*self._type_misses(name))
        return name

    def _type_misses(self, kind: str | None) -> list[str]:
        v = self.value
        has_name, kind = bool(kind), kind or f"type({v})"
        if self.types == ("boolean",) and not self.scoped.has_any(("const", "enum")):
            return [f"{v} is not True", f"{v} is not False"]
        parts: list[str] = []
        for name in sorted(self.types, key=_CHEAPEST_FIRST.index):
            if name == "null" and has_name:
                # A test by the value itself would narrow what type checkers think of it afterwards.
                parts.append(f"{kind} is not {self.code.use('null_class')}")
            elif name == "null":
                parts.append(f"{v} is not None")
            elif name == "integer":
                parts.append(f"{kind} is not int")
                if self.scoped.node.dialect.integral_floats:
                    parts.append(f"({kind} is not float or not {v}.is_integer())")
            elif name == "number":
                no_float = f"{kind} is not float"
                if None in self._limits():  # else these refuse NaN and the infinities already
                    no_float = f"({no_float} or {v} - {v} != 0.0)"
                parts += [no_float, f"{kind} is not int"]
            else:
                parts.append(f"{kind} is not {_CLASSES[name]}")
        return parts

    def _write_enum(self, keyword: str, values: list[Any]) -> None:
        v = self.value
        if values and all(isinstance(value, bool) for value in values):
            self.block.fail_if(*(f"{v} is not {value}" for value in dict.fromkeys(values)))
            return
        scalars = all(value is None or isinstance(value, (str, int, float)) for value in values)
        if not scalars or any(isinstance(value, bool) for value in values):
            name = self.code.constant(self.scoped, keyword, tuple(values))
            self.block.fail_if(f"not {self.code.use('is_one_of')}({v}, {name})")
            return
        parts = [] if self.types else self._foreign(values)
        if len(parts) > 1:
            self.block.fail_if(*parts)
            parts = []
        if self.types and any(not isinstance(x, str) and x in (0, 1) for x in values):
            parts.append(f"type({v}) is bool")
        if len(values) == 1:
            operator = "is not" if values[0] is None else "!="
            parts.append(f"{v} {operator} {literal(values[0])}")
        else:
            test = f"{v} not in {literal(tuple(values))}"
            if len(test) > 60:
                test = f"{v} not in {self.code.constant(self.scoped, keyword, tuple(values))}"
            parts.append(test)
        self.block.fail_if(*parts, joint="or")

    def _foreign(self, values: list[Any]) -> list[str]:
        """Tests that together tell values of no class that `values` have. Such a value might say
        that it equals one: Booleans as numbers, and what is no JSON at all."""
        v = self.value
        tests = [f"{v} is not None"] if None in values and values != [None] else []
        tests += [f"type({v}) is not str"] if any(isinstance(x, str) for x in values) else []
        if any(isinstance(x, (int, float)) for x in values):
            tests += [f"type({v}) is not int", f"type({v}) is not float"]
        return tests

    # Groups of keywords that concern one kind of value

    def _group(self, kind: Kind, write: Callable[[Block], None], name: str | None) -> None:
        """Let `write` check what is about a kind of values, guarded where others may come."""
        others = set(self.types) - ({"integer", "number"} if kind == "number" else {kind})
        if not self.scoped.has_any(about(kind)) or (others and len(others) == len(self.types)):
            return
        if self.types and not others:
            write(self.block)
            return
        inner = self.block.deeper()
        write(inner)
        classes = ("int", "float") if kind == "number" else (_CLASSES[kind],)
        name = name or f"type({self.value})"
        self.block.suite_if([f"{name} is {each}" for each in classes], inner)

    # Numbers

    def _limits(self) -> tuple[str | None, str | None]:
        """The lower and upper limit, each with its operator: `0 <=`, `<= 180`."""
        found: list[str | None] = []
        said = dict(self.scoped.node.limits(about("number")))
        for keyword, sign, narrower in (("minimum", ">", max), ("maximum", "<", min)):
            limit, strict = said.get(keyword), said.get(f"exclusive{keyword.title()}")
            if strict is not None and (limit is None or narrower(strict, limit) == strict):
                found.append(f"{sign} {self._number(strict)}")
            else:
                found.append(f"{sign}= {self._number(limit)}" if limit is not None else None)
        return found[0], found[1]

    def _number(self, limit: float) -> str:
        """The literal of a limit, of the class that values mostly have: comparing two of one
        class is several times faster than comparing an int with a float."""
        if self.types == ("integer",) and isinstance(limit, float) and limit.is_integer():
            return literal(int(limit))
        if "number" in self.types and isinstance(limit, int) and abs(limit) <= 2**53:
            return literal(float(limit))
        return literal(limit)

    def _write_numeric(self, block: Block) -> None:
        v = self.value
        low, high = self._limits()
        if low is not None and high is not None:
            sign, limit = low.split(" ")
            block.fail_if(f"not {limit} {sign.replace('>', '<')} {v} {high}")
        elif low is not None or high is not None:
            block.fail_if(f"not {v} {low or high}")
        if self.scoped.has("multipleOf"):
            step = self.scoped.node.get("multipleOf")
            if self.types == ("integer",) and isinstance(step, int):
                block.fail_if(f"{v} % {literal(step)}")
            else:
                name = self.code.use("is_multiple")
                block.fail_if(f"not {name}({v}, {literal(step)})")

    # Strings

    def _write_string(self, block: Block) -> None:
        v, node = self.value, self.scoped.node
        self.write_size(block, "minLength", "maxLength")
        if self.scoped.has("pattern"):
            name = self.code.pattern(self.scoped, node.get("pattern"))
            block.fail_if(f"{name}.search({v}) is None")
        if self.scoped.has("x-python-type"):
            check, name = self.code.use("is_text_of"), literal(node.get("x-python-type"))
            block.fail_if(f"not {check}({name}, {v})")
        if self.scoped.has("format") and self.code.asserts_format(self.scoped):
            check = self.code.use("matches_format")
            draft = literal(node.dialect.format_draft)
            block.fail_if(f"not {check}({v}, {literal(node.get('format'))}, {draft})")

    # In-place applicators

    def _write_in_place(self) -> None:
        scoped = self.scoped
        for keyword in REFERENCES:
            if scoped.has(keyword):
                self.block.fail_if(f"not {self.apply(scoped.target(keyword))}")
        if scoped.has("allOf"):
            for part in scoped.children("allOf"):
                if not part.accepts_all:
                    self.block.fail_if(f"not {self.apply(part)}")
        for keyword in ("anyOf", "oneOf"):
            if not scoped.has(keyword):
                continue
            constants = scoped.constants(keyword)
            if constants is not None:
                self._write_enum(keyword, constants)
            else:
                self._write_alternatives(keyword, scoped.children(keyword))
        if scoped.has("not"):
            self.block.fail_if(self.fits(scoped.child("not")))
        if scoped.has("if"):
            self._write_if()

    def _write_alternatives(self, keyword: str, branches: list[ScopedNode]) -> None:
        if not self.marks and keyword == "anyOf":
            if not any(branch.accepts_all for branch in branches):
                self.block.fail_if(*map(self._misfit, branches))
            return
        self.block.add("fits = 0")
        for branch in branches:
            if self.marks and not isinstance(branch.node.schema, bool):
                self._if_marked(branch, "fits += 1")
            else:
                self.block.add(f"fits += {self.fits(branch)}")
        self.block.fail_if("not fits" if keyword == "anyOf" else "fits != 1")

    def _misfit(self, branch: ScopedNode) -> str:
        """A test that holds where the value does not fit `branch`."""
        if is_atom(branch):
            inner = self.block.beside()
            self.inline(self.code, branch, inner, Target(self.value, self.level))
            if test := inner.as_test():
                return test
        return f"not {self.fits(branch)}"

    def _if_marked(self, scoped: ScopedNode, *first: str) -> Block:
        """A suite for where the value fits `scoped`, which keeps the marks that this makes."""
        self.block.add(f"found = {self.code.use('no_marks')}()")
        inner = self.block.under(f"if {self.code.mark(scoped)}({self.value}, found):")
        inner.add(*first, f"{self.marks} |= found")
        return inner

    def _write_if(self) -> None:
        scoped = self.scoped
        test = scoped.child("if")
        outcomes = {name: scoped.child(name) for name in ("then", "else") if scoped.has(name)}
        if self.marks and not isinstance(test.node.schema, bool):
            inner = self._if_marked(test)
        elif len(outcomes) == 1:
            chosen = self.fits(test)
            ((name, outcome),) = outcomes.items()
            when = chosen if name == "then" else f"not {chosen}"
            self.block.fail_if(when, f"not {self.apply(outcome)}")
            return
        elif outcomes:
            inner = self.block.under(f"if {self.fits(test)}:")
        else:
            return
        if "then" in outcomes:
            inner.fail_if(f"not {self.apply(outcomes['then'])}")
        if "else" in outcomes:
            refused = self.block.under(f"elif not {self.apply(outcomes['else'])}:")
            refused.add(self.block.refusal)
