"""The fast verdict: one Boolean function per subschema, which stops at the first failure.

A check exists in two modes. The plain one takes a value. The *marking* one takes a set too, and
adds to it the property names and item indices that it evaluated; it is compiled only where an
`unevaluatedProperties` or `unevaluatedItems` asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from ..literals import INDENT, condition, literal, negated, returned
from .scope import Site, Sites

#: Values of nested inline checks, outermost first.
_NAMES = ("v", "w", "x", "y")
_UNEVALUATED = frozenset(["unevaluatedProperties", "unevaluatedItems"])
_IN_PLACE = ("$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "if")
_NUMERIC = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_STRING = ("minLength", "maxLength", "pattern", "format")
_ARRAY = (
    "minItems",
    "maxItems",
    "uniqueItems",
    "prefixItems",
    "items",
    "additionalItems",
    "contains",
    "unevaluatedItems",
)
_OBJECT = (
    "required",
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "unevaluatedProperties",
)


class Unit(Protocol):
    """What a check needs of the module that it is compiled into."""

    @property
    def sites(self) -> Sites: ...
    def check(self, site: Site) -> str:
        """The name of the plain check of `site`."""
        ...

    def mark(self, site: Site) -> str:
        """The name of the marking check of `site`."""
        ...

    def use(self, name: str) -> str:
        """The name under which a function of the runtime is at hand."""
        ...

    def pattern(self, site: Site, pattern: str) -> str:
        """The name of the compiled `pattern`."""
        ...

    def constant(self, site: Site, keyword: str, value: Any) -> str:
        """The name of a constant."""
        ...

    def asserts_format(self, site: Site) -> bool: ...


class Block:
    """Source lines of a suite, with the depth of its indentation."""

    def __init__(self, depth: int = 1) -> None:
        self.depth = depth
        self.lines: list[str] = []
        #: The last `fail_if` of this block: its lines, parts and joint.
        self._last_test: tuple[int, int, tuple[str, ...], str] = (0, -1, (), "and")

    def add(self, line: str) -> None:
        self.lines.append(INDENT * self.depth + line)

    def extend(self, lines: Iterable[str]) -> None:
        self.lines.extend(lines)

    def fail_if(self, *parts: str, joint: str = "and") -> None:
        """`return False` where all (or any) of `parts` hold."""
        start = len(self.lines)
        self.extend(condition("if", parts, joint, self.depth))
        self.add(f"{INDENT}return False")
        self._last_test = (start, len(self.lines), parts, joint)

    def end(self) -> None:
        """`return True`, or what the last test says, at the end of a function."""
        start, stop, parts, joint = self._last_test
        if stop != len(self.lines):
            if self.lines[-1:] != [INDENT * self.depth + "return False"]:
                self.add("return True")
            return
        del self.lines[start:]
        other = "or" if joint == "and" else "and"
        self.extend(returned([negated(part) for part in parts], other, self.depth))

    def inner(self) -> Block:
        """A deeper suite that writes into this one."""
        block = Block(self.depth + 1)
        block.lines = self.lines
        return block

    def take(self, other: Block) -> None:
        """Append the lines of a block of the same depth."""
        offset = len(self.lines)
        self.lines += other.lines
        start, stop, parts, joint = other._last_test
        if stop >= 0:
            self._last_test = (start + offset, stop + offset, parts, joint)


class Target(NamedTuple):
    """What is checked: the name of the value, and of the set that marks go to.

    `known` are the types that it is known to have: those need no check.
    """

    value: str
    level: int = 0
    marks: str | None = None
    known: tuple[str, ...] = ()


def check_function(unit: Unit, site: Site, name: str, *, marking: bool) -> list[str]:
    """The source lines of the check of `site`."""
    block = Block()
    write_checks(unit, site, block, Target("v", 0, "marks" if marking else None))
    block.end()
    arguments = "v: Any, marks: Marks" if marking else "v: Any"
    return [f"def {name}({arguments}) -> bool:", *block.lines]


def write_checks(unit: Unit, site: Site, block: Block, target: Target) -> None:
    """Write statements that return False where the value does not fit `site`."""
    schema = site.node.schema
    if schema is False:
        block.add("return False")
        return
    if schema is True:
        return
    writer = _Writer(unit, site, block, target)
    writer.write()


def is_flat(site: Site, level: int = 1) -> bool:
    """Whether `site` is small enough to be checked inside its parent's function."""
    schema = site.node.schema
    if isinstance(schema, bool):
        return True
    if site.has_any(_OBJECT) or site.has_any(("if", "allOf", "oneOf", "anyOf", "not")):
        return False
    lists = [keyword for keyword in _ARRAY if site.has(keyword)]
    if not lists:
        return True
    items = site.node.get("items")
    return level < len(_NAMES) - 1 and (
        not {"prefixItems", "contains", "unevaluatedItems", "additionalItems"} & set(lists)
        and not isinstance(items, list)
    )


def types_of(site: Site) -> tuple[str, ...]:
    """The names in `type`, or () where any type will do."""
    if not site.has("type"):
        return ()
    types = site.node.get("type")
    names = [types] if isinstance(types, str) else list(types)
    if "number" in names and "integer" in names:
        names.remove("integer")
    return tuple(dict.fromkeys(names))


class _Writer:
    """Writes the checks of one site into one block."""

    def __init__(self, unit: Unit, site: Site, block: Block, target: Target) -> None:
        self.unit = unit
        self.site = site
        self.block = block
        self.value = target.value
        self.level = target.level
        self.known = target.known
        #: Marks go to a set of this site's own where it must know what nobody evaluated.
        self.unevaluated = [keyword for keyword in sorted(_UNEVALUATED) if site.has(keyword)]
        self.outer_marks = target.marks
        self.marks = "seen" if self.unevaluated else target.marks
        self.types = target.known or types_of(site)

    def write(self) -> None:
        if self.unevaluated:
            self.block.add(f"seen = {self.unit.use('no_marks')}()")
        container = self._write_type()
        self._write_values()
        self._group(("integer", "number"), _NUMERIC, self._write_numeric)
        self._group(("string",), _STRING, self._write_string)
        self._write_in_place()
        self._group(("array",), _ARRAY, self._write_array, container)
        self._group(("object",), _OBJECT, self._write_object, container)
        if self.unevaluated and self.outer_marks:
            self.block.add(f"{self.outer_marks} |= seen")

    # type, enum, const

    def _write_type(self) -> str | None:
        """Check `type`; the name that holds the value's class if a later check can use it."""
        containers = {"array": _ARRAY, "object": _OBJECT}
        used = [name for name, group in containers.items() if self.site.has_any(group)]
        name = None
        if used:
            name = "t" if self.level == 0 else f"t{self.level}"
            self.block.add(f"{name} = type({self.value})")
        if self.types and not self.known:
            self.block.fail_if(*self._type_misses(name))
        return name

    def _type_misses(self, kind: str | None) -> list[str]:
        v = self.value
        kind = kind or f"type({v})"
        parts: list[str] = []
        for name in sorted(self.types, key=_CHEAPEST_FIRST.index):
            if name == "null":
                parts.append(f"{v} is not None")
            elif name == "integer":
                parts.append(f"{kind} is not int")
                if self.site.node.dialect.integral_floats:
                    parts.append(f"({kind} is not float or not {v}.is_integer())")
            elif name == "number" and self._both_limits():
                parts += [f"{kind} is not float", f"{kind} is not int"]
            elif name == "number":
                parts.append(f"({kind} is not float or {v} - {v} != 0)")
                parts.append(f"{kind} is not int")
            else:
                parts.append(f"{kind} is not {_CLASSES[name]}")
        return parts

    def _both_limits(self) -> bool:
        """Whether the range check refuses NaN and the infinities already."""
        low, high = self._limits()
        return low is not None and high is not None

    def _write_values(self) -> None:
        if self.site.has("const"):
            self._write_enum("const", [self.site.node.get("const")])
        if self.site.has("enum"):
            self._write_enum("enum", self.site.node.get("enum"))

    def _write_enum(self, keyword: str, values: list[Any]) -> None:
        v = self.value
        scalars = all(value is None or isinstance(value, (str, int, float)) for value in values)
        if not scalars or any(isinstance(value, bool) for value in values):
            self._write_mixed_enum(keyword, values)
            return
        parts: list[str] = []
        if any(not isinstance(value, str) and value in (0, 1) for value in values):
            parts.append(f"type({v}) is bool")
        if len(values) == 1:
            operator = "is not" if values[0] is None else "!="
            parts.append(f"{v} {operator} {literal(values[0])}")
        else:
            test = f"{v} not in {literal(tuple(values))}"
            if len(test) > 60:
                test = f"{v} not in {self.unit.constant(self.site, keyword, tuple(values))}"
            parts.append(test)
        self.block.fail_if(*parts, joint="or")

    def _write_mixed_enum(self, keyword: str, values: list[Any]) -> None:
        v = self.value
        if all(isinstance(value, bool) for value in values):
            self.block.fail_if(*(f"{v} is not {value}" for value in dict.fromkeys(values)))
            return
        name = self.unit.constant(self.site, keyword, tuple(values))
        self.block.fail_if(f"not {self.unit.use('is_one_of')}({v}, {name})")

    # Groups of keywords that concern one kind of value

    def _group(
        self,
        types: Sequence[str],
        keywords: Sequence[str],
        write: Callable[[Block], None],
        kind: str | None = None,
    ) -> None:
        """Let `write` check `keywords`, inside a guard where other kinds of value may come."""
        if not self.site.has_any(keywords):
            return
        inner = Block(self.block.depth)
        if self.types and all(name in types for name in self.types):
            write(inner)
            self.block.take(inner)
            return
        if self.types and not any(name in types for name in self.types):
            return
        inner.depth += 1
        write(inner)
        if not inner.lines:
            return
        v = self.value
        classes = ("int", "float") if "number" in types else (_CLASSES[types[0]],)
        kind = kind or f"type({v})"
        tests = [f"{kind} is {name}" for name in classes]
        self.block.extend(condition("if", tests, "or", self.block.depth))
        self.block.extend(inner.lines)

    # Numbers

    def _limits(self) -> tuple[str | None, str | None]:
        """The lower and upper limit, each with its operator: `0 <=`, `<= 180`."""
        node = self.site.node
        found: list[str | None] = []
        for keyword, exclusive, sign in (
            ("minimum", "exclusiveMinimum", ">"),
            ("maximum", "exclusiveMaximum", "<"),
        ):
            limit = node.get(keyword) if self.site.has(keyword) else None
            strict = node.get(exclusive) if self.site.has(exclusive) else None
            if strict is True:
                found.append(f"{sign} {literal(limit)}" if limit is not None else None)
            elif isinstance(strict, (int, float)) and not isinstance(strict, bool):
                loosest = limit is None or (strict >= limit if sign == ">" else strict <= limit)
                found.append(
                    f"{sign} {literal(strict)}" if loosest else f"{sign}= {literal(limit)}"
                )
            else:
                found.append(f"{sign}= {literal(limit)}" if limit is not None else None)
        return found[0], found[1]

    def _write_numeric(self, block: Block) -> None:
        v = self.value
        low, high = self._limits()
        if low is not None and high is not None:
            sign, limit = low.split(" ")
            block.fail_if(f"not {limit} {sign.replace('>', '<')} {v} {high}")
        elif low is not None or high is not None:
            block.fail_if(f"not {v} {low or high}")
        if self.site.has("multipleOf"):
            step = self.site.node.get("multipleOf")
            if self.types == ("integer",) and isinstance(step, int):
                block.fail_if(f"{v} % {literal(step)}")
            else:
                name = self.unit.use("is_multiple")
                block.fail_if(f"not {name}({v}, {literal(step)})")

    # Strings

    def _write_string(self, block: Block) -> None:
        v, node = self.value, self.site.node
        self._write_size(block, "minLength", "maxLength")
        if self.site.has("pattern"):
            name = self.unit.pattern(self.site, node.get("pattern"))
            block.fail_if(f"{name}.search({v}) is None")
        if self.site.has("format") and self.unit.asserts_format(self.site):
            check = self.unit.use("matches_format")
            draft = literal(node.dialect.format_draft)
            block.fail_if(f"not {check}({v}, {literal(node.get('format'))}, {draft})")

    def _write_size(self, block: Block, least: str, most: str) -> None:
        v, node = self.value, self.site.node
        low = _whole(node.get(least)) if self.site.has(least) else 0
        high = _whole(node.get(most)) if self.site.has(most) else None
        if low and high is not None:
            block.fail_if(f"not {low} <= len({v}) <= {high}")
        elif low == 1:
            block.fail_if(f"not {v}")
        elif low:
            block.fail_if(f"len({v}) < {low}")
        elif high is not None:
            block.fail_if(f"len({v}) > {high}" if high else v)

    # In-place applicators

    def _write_in_place(self) -> None:
        site, node, unit = self.site, self.site.node, self.unit
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            if site.has(keyword):
                self.block.fail_if(f"not {self._apply(unit.sites.target(site, keyword))}")
        if site.has("allOf"):
            for index in range(len(node.get("allOf"))):
                part = unit.sites.child(site, "allOf", index)
                if not _accepts_all(part):
                    self.block.fail_if(f"not {self._apply(part)}")
        for keyword in ("anyOf", "oneOf"):
            if site.has(keyword):
                branches = [
                    unit.sites.child(site, keyword, index)
                    for index in range(len(node.get(keyword)))
                ]
                write = self._write_any_of if keyword == "anyOf" else self._write_one_of
                write(branches)
        if site.has("not"):
            self.block.fail_if(self._plain(unit.sites.child(site, "not")))
        if site.has("if"):
            self._write_if()

    def _apply(self, site: Site) -> str:
        """An expression: whether the value fits `site`, which marks what it evaluates."""
        if self.marks and not isinstance(site.node.schema, bool):
            return f"{self.unit.mark(site)}({self.value}, {self.marks})"
        return self._plain(site)

    def _plain(self, site: Site) -> str:
        return self._plain_for(site, self.value)

    def _plain_for(self, site: Site, value: str) -> str:
        if isinstance(site.node.schema, bool):
            return str(site.node.schema)
        return f"{self.unit.check(site)}({value})"

    def _write_any_of(self, branches: list[Site]) -> None:
        if not self.marks:
            if not any(map(_accepts_all, branches)):
                self.block.fail_if(*(f"not {self._plain(branch)}" for branch in branches))
            return
        self._count_branches(branches)
        self.block.fail_if("not fits")

    def _write_one_of(self, branches: list[Site]) -> None:
        if self.marks:
            self._count_branches(branches)
        else:
            arguments = [self._plain(branch) for branch in branches]
            self.block.add("fits = 0")
            for argument in arguments:
                self.block.add(f"fits += {argument}")
        self.block.fail_if("fits != 1")

    def _count_branches(self, branches: list[Site]) -> None:
        """Try every branch, keep the marks of those that fit, and count these in `fits`."""
        self.block.add("fits = 0")
        for branch in branches:
            schema = branch.node.schema
            if isinstance(schema, bool):
                self.block.add(f"fits += {schema}")
                continue
            self.block.add(f"found = {self.unit.use('no_marks')}()")
            self.block.add(f"if {self.unit.mark(branch)}({self.value}, found):")
            self.block.add(f"{INDENT}fits += 1")
            self.block.add(f"{INDENT}{self.marks} |= found")

    def _write_if(self) -> None:
        site, unit = self.site, self.unit
        test = unit.sites.child(site, "if")
        outcomes = {
            name: unit.sites.child(site, name) for name in ("then", "else") if site.has(name)
        }
        if self.marks and not isinstance(test.node.schema, bool):
            self.block.add(f"found = {unit.use('no_marks')}()")
            self.block.add(f"if {unit.mark(test)}({self.value}, found):")
            inner = self.block.inner()
            inner.add(f"{self.marks} |= found")
        elif outcomes:
            self.block.add(f"if {self._plain(test)}:")
            inner = self.block.inner()
            if "then" not in outcomes:
                inner.add("pass")
        else:
            return
        if "then" in outcomes:
            inner.fail_if(f"not {self._apply(outcomes['then'])}")
        if "else" in outcomes:
            self.block.add(f"elif not {self._apply(outcomes['else'])}:")
            self.block.add(f"{INDENT}return False")

    # Arrays

    def _write_array(self, block: Block) -> None:
        site, node, v = self.site, self.site.node, self.value
        self._write_size(block, "minItems", "maxItems")
        start = self._write_prefix(block)
        rest = "additionalItems" if isinstance(node.get("items"), list) else "items"
        if site.has(rest) and (rest == "items" or site.has("items")):
            self._write_items(block, self.unit.sites.child(site, rest), start)
            if self.marks:
                block.add(f"{self.marks}.update(range(len({v})))")
        if site.has("uniqueItems") and node.get("uniqueItems") is True:
            block.fail_if(f"not {self.unit.use('all_unique')}({v})")
        if site.has("contains"):
            self._write_contains(block)
        if site.has("unevaluatedItems"):
            child = self.unit.sites.child(site, "unevaluatedItems")
            if not _accepts_all(child):
                block.add(f"for i, w in enumerate({v}):")
                block.inner().fail_if(
                    f"i not in {self.marks}", f"not {self._plain_for(child, 'w')}"
                )
            if self.outer_marks:
                block.add(f"{self.marks}.update(range(len({v})))")

    def _write_prefix(self, block: Block) -> int:
        """Check the items that have schemas of their own; give their number."""
        site, node = self.site, self.site.node
        keyword = "prefixItems" if site.has("prefixItems") else "items"
        prefix = node.get(keyword)
        if not site.has(keyword) or not isinstance(prefix, list):
            return 0
        for index in range(len(prefix)):
            child = self.unit.sites.child(site, keyword, index)
            if not _accepts_all(child):
                item = self._plain_for(child, f"{self.value}[{index}]")
                block.fail_if(f"len({self.value}) > {index}", f"not {item}")
        if self.marks:
            block.add(f"{self.marks}.update(range(min(len({self.value}), {len(prefix)})))")
        return len(prefix)

    def _write_items(self, block: Block, child: Site, start: int) -> None:
        if _accepts_all(child):
            return
        if child.node.schema is False:
            block.fail_if(f"len({self.value}) > {start}" if start else self.value)
            return
        item = _NAMES[self.level + 1] if self.level + 1 < len(_NAMES) else ""
        source = f"{self.value}[{start}:]" if start else self.value
        if item and is_flat(child, self.level + 1):
            block.add(f"for {item} in {source}:")
            inner = Block(block.depth + 1)
            write_checks(self.unit, child, inner, Target(item, self.level + 1))
            block.extend(inner.lines or [INDENT * inner.depth + "pass"])
        else:
            item = item or "z"
            block.add(f"for {item} in {source}:")
            block.inner().fail_if(f"not {self._plain_for(child, item)}")

    def _write_contains(self, block: Block) -> None:
        site, node, v = self.site, self.site.node, self.value
        child = self.unit.sites.child(site, "contains")
        least = _whole(node.get("minContains")) if site.has("minContains") else 1
        most = _whole(node.get("maxContains")) if site.has("maxContains") else None
        marks = self.marks if node.dialect.contains_evaluates else None
        if not marks and least == 0 and most is None:
            return
        block.add("hits = 0")
        block.add(f"for i, w in enumerate({v}):" if marks else f"for w in {v}:")
        inner = block.inner()
        inner.add(f"if {self._plain_for(child, 'w')}:")
        inner.add(f"{INDENT}hits += 1")
        if marks:
            inner.add(f"{INDENT}{marks}.add(i)")
        if most is not None:
            block.fail_if(f"not {least} <= hits <= {most}")
        elif least == 1:
            block.fail_if("not hits")
        elif least:
            block.fail_if(f"hits < {least}")

    # Objects

    def _write_object(self, block: Block) -> None:
        site, v = self.site, self.value
        self._write_size(block, "minProperties", "maxProperties")
        counted = self._counts_properties()
        if counted:
            block.add("n = 0")
        self._write_properties(block, counted)
        if counted:
            block.fail_if(f"len({v}) != n")
        else:
            self._write_other_properties(block)
        if site.has("propertyNames"):
            self._write_names(block)
        self._write_dependencies(block)
        if site.has("unevaluatedProperties"):
            child = self.unit.sites.child(site, "unevaluatedProperties")
            if child.node.schema is False:
                block.add(f"for k in {v}:")
                block.inner().fail_if(f"k not in {self.marks}")
            elif not _accepts_all(child):
                block.add(f"for k, w in {v}.items():")
                block.inner().fail_if(
                    f"k not in {self.marks}", f"not {self._plain_for(child, 'w')}"
                )
            if self.outer_marks:
                block.add(f"{self.marks}.update({v})")

    def _counts_properties(self) -> bool:
        """Whether unknown names can be told by counting the known ones."""
        site = self.site
        return (
            site.has("additionalProperties")
            and site.node.get("additionalProperties") is False
            and not (site.has("patternProperties") and site.node.get("patternProperties"))
        )

    def _write_properties(self, block: Block, counted: bool) -> None:
        site, v = self.site, self.value
        properties = self.site.node.get("properties") if site.has("properties") else {}
        required = _required(site)
        for name in properties:
            child = self.unit.sites.child(site, "properties", name)
            inner = Block(block.depth + 1)
            if counted:
                inner.add("n += 1")
            if self.marks:
                inner.add(f"{self.marks}.add({literal(name)})")
            present = f"{literal(name)} in {v}"
            if not inner.lines and name not in required and self._is_one_call(child):
                block.fail_if(present, f"not {self._plain_for(child, f'{v}[{literal(name)}]')}")
                continue
            self._write_property(inner, child, f"{v}[{literal(name)}]")
            if inner.lines:
                block.add(f"if {literal(name)} in {v}:")
                block.extend(inner.lines)
                if name in required:
                    block.add("else:")
                    block.add(f"{INDENT}return False")
            elif name in required:
                block.fail_if(f"{literal(name)} not in {v}")
        for name in required:
            if name not in properties:
                block.fail_if(f"{literal(name)} not in {v}")

    def _is_one_call(self, child: Site) -> bool:
        return not is_flat(child) and not isinstance(child.node.schema, bool)

    def _write_property(self, block: Block, child: Site, source: str) -> None:
        """Check the value that `source` gives, in place if `child` is small."""
        if _accepts_all(child):
            return
        name = _NAMES[self.level + 1]
        if not is_flat(child):
            block.fail_if(f"not {self._plain_for(child, source)}")
            return
        inner = Block(block.depth)
        write_checks(self.unit, child, inner, Target(name, self.level + 1))
        if inner.lines:
            if child.node.schema is not False:
                block.add(f"{name} = {source}")
            block.extend(inner.lines)

    def _write_other_properties(self, block: Block) -> None:
        site, node, v = self.site, self.site.node, self.value
        patterns = node.get("patternProperties") if site.has("patternProperties") else {}
        extra = None
        if site.has("additionalProperties"):
            extra = self.unit.sites.child(site, "additionalProperties")
        checked = [
            (self.unit.pattern(site, pattern), child)
            for pattern in patterns
            if not _accepts_all(child := self.unit.sites.child(site, "patternProperties", pattern))
            or self.marks
            or extra is not None
        ]
        checks_extra = extra is not None and not _accepts_all(extra)
        if checked or checks_extra:
            inner = block.inner()
            lines = Block(inner.depth)
            for name, child in checked:
                found = f"{name}.search(k)"
                if self.marks:
                    lines.add(f"if {found}:")
                    body = lines.inner()
                    body.add(f"{self.marks}.add(k)")
                    if not _accepts_all(child):
                        body.fail_if(f"not {self._plain_for(child, 'w')}")
                elif child.node.schema is False:
                    lines.fail_if(found)
                elif not _accepts_all(child):
                    lines.fail_if(found, f"not {self._plain_for(child, 'w')}")
            if checks_extra:
                assert extra is not None
                lines.fail_if(*self._unknown_tests([name for name, _ in checked], extra))
            if lines.lines:
                needs_key = checked or (site.has("properties") and node.get("properties"))
                head = f"for k, w in {v}.items():" if needs_key else f"for w in {v}.values():"
                block.add(head)
                block.extend(lines.lines)
        if extra is not None and self.marks:
            block.add(f"{self.marks}.update({v})")

    def _unknown_tests(self, patterns: list[str], extra: Site) -> list[str]:
        """Tests that hold for a key `k` that no other keyword knows, with a value not allowed."""
        properties = self.site.node.get("properties") if self.site.has("properties") else {}
        tests: list[str] = []
        if properties:
            names = tuple(properties)
            text = literal(names)
            if len(text) > 50:
                text = self.unit.constant(self.site, "properties", names)
            tests.append(f"k not in {text}")
        tests += [f"{name}.search(k) is None" for name in patterns]
        if extra.node.schema is not False:
            tests.append(f"not {self._plain_for(extra, 'w')}")
        return tests or ["True"]

    def _write_names(self, block: Block) -> None:
        child = self.unit.sites.child(self.site, "propertyNames")
        if _accepts_all(child):
            return
        if child.node.schema is False:
            block.fail_if(self.value)
            return
        block.add(f"for k in {self.value}:")
        block.inner().fail_if(f"not {self._plain_for(child, 'k')}")

    def _write_dependencies(self, block: Block) -> None:
        site, node, v = self.site, self.site.node, self.value
        for keyword in ("dependentRequired", "dependentSchemas", "dependencies"):
            if not site.has(keyword):
                continue
            for name, needed in node.get(keyword).items():
                present = f"{literal(name)} in {v}"
                if isinstance(needed, (list, str)):
                    names = [needed] if isinstance(needed, str) else needed
                    for other in names:
                        block.fail_if(present, f"{literal(other)} not in {v}")
                else:
                    child = self.unit.sites.child(site, keyword, name)
                    if not _accepts_all(child):
                        block.fail_if(present, f"not {self._apply(child)}")


_CLASSES = {"string": "str", "boolean": "bool", "array": "list", "object": "dict"}
_CHEAPEST_FIRST = ("null", "string", "boolean", "object", "array", "integer", "number")


def _accepts_all(site: Site) -> bool:
    return site.node.schema is True or site.node.schema == {}


def _required(site: Site) -> list[str]:
    """The names in `required`; a Boolean there is draft 3, which nobody compiles."""
    required = site.node.get("required") if site.has("required") else []
    return list(dict.fromkeys(required)) if isinstance(required, list) else []


def _whole(limit: float) -> int:
    """A size limit as an int; `2.0` is allowed by the drafts."""
    return int(limit)
