"""The explanation: one function per subschema that reports every problem, run after a failure.

The functions only say which keywords apply where; the wording, and whether a keyword concerns the
value at all, is the runtime's (`brevettiai._findings.Findings`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from ..schema.nodes import Node
from ..schema.resolve import Index
from .frame import Unit
from .keywords import (
    accepts_all,
    alternative_constants,
    dependencies,
    prefix_of,
    required_names,
    rest_of,
    types_of,
)
from .literals import INDENT, call, literal
from .phrases import phrase
from .scope import Site

_SIMPLE = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
)


#: How far an explanation looks for names that were perhaps meant.
_MOST_PARTS = 100


class ExplainingUnit(Unit, Protocol):
    """A module that has explanations too."""

    def explain(self, site: Site) -> str:
        """The name of the explanation of `site`."""
        ...

    def mark_others(self, site: Site) -> str:
        """The name of the marking check of `site` without its `unevaluated*` keywords."""
        ...


def explain_function(unit: ExplainingUnit, site: Site, name: str) -> list[str]:
    """The source lines of the explanation of `site`."""
    body = _Body(unit, site)
    body.write()
    lines = body.lines or [f"{INDENT}pass"]
    return [f"def {name}(v: Any, at: Path, out: Findings) -> None:", *lines]


class _Body:
    def __init__(self, unit: ExplainingUnit, site: Site) -> None:
        self.unit = unit
        self.site = site
        self.node = site.node
        self.lines: list[str] = []

    def write(self) -> None:
        if isinstance(self.node.schema, bool):
            if not self.node.schema:
                self._say("nothing")
            return
        if self._hides():
            self._say("secret")
        types = types_of(self.site)
        if types:
            self._write_type(types)
        for keyword in ("const", "enum"):
            if self.site.has(keyword):
                self._say(_snake(keyword), self._value(keyword))
        self._write_scalars()
        self._write_in_place()
        self._write_items()
        self._write_properties()
        self._write_dependencies()
        self._write_unevaluated()

    def _hides(self) -> bool:
        """Whether values must not be shown, be it because they may fit a branch that says so."""
        index = self.unit.sites.index
        branches = [
            index.child(self.node, keyword, position)
            for keyword in ("anyOf", "oneOf")
            for position in range(len(self.site.get(keyword) or ()))
        ]
        return any(is_secret(index, node) for node in (self.node, *branches))

    def _say(self, method: str, *arguments: str) -> None:
        self.lines += call(f"out.{method}", ["at", "v", *arguments], 1)

    def _value(self, keyword: str) -> str:
        """The value of `keyword` in the schema, as an expression that is not long."""
        value = self.node.get(keyword)
        if keyword == "enum":
            return self.unit.constant(self.site, keyword, tuple(value))
        text = literal(value)
        if len(text) <= 60 and not isinstance(value, (dict, list)):
            return text
        return self.unit.constant(self.site, keyword, value)

    def _child(self, *path: str | int) -> str:
        return self.unit.explain(self.unit.sites.child(self.site, *path))

    def _check(self, *path: str | int) -> str:
        site = self.unit.sites.child(self.site, *path)
        return self.unit.check(site)

    def _tuple(self, names: Iterable[str]) -> str:
        names = list(names)
        return f"({', '.join(names)}{',' if len(names) == 1 else ''})"

    def _say_many(self, method: str, *groups: Iterable[str]) -> None:
        """A call whose arguments are tuples of names, which may be long."""
        self._say(method, *(self._tuple(group) for group in groups))

    def _write_type(self, types: tuple[str, ...]) -> None:
        arguments = [literal(name) for name in types]
        if "integer" in types and not self.node.dialect.integral_floats:
            arguments = [literal("plain integer") if a == '"integer"' else a for a in arguments]
        lines = call("out.type", ["at", "v", *arguments], 1, before="if not ")
        lines[-1] += ":"
        self.lines += [*lines, f"{INDENT * 2}return"]

    def _write_scalars(self) -> None:
        site, node = self.site, self.node
        for keyword in _SIMPLE:
            if not site.has(keyword):
                continue
            limit = node.get(keyword)
            if keyword in ("minimum", "maximum"):
                exclusive = "exclusive" + keyword.capitalize()
                strict = site.has(exclusive) and node.get(exclusive) is True
                self._say(_snake(exclusive if strict else keyword), literal(limit))
            elif not isinstance(limit, bool):
                self._say(_snake(keyword), literal(limit))
        if site.has("pattern"):
            self._say("pattern", self.unit.pattern(site, node.get("pattern")))
        if site.has("format") and self.unit.asserts_format(site):
            self._say("format", literal(node.get("format")), literal(node.dialect.format_draft))
        if site.has("uniqueItems") and node.get("uniqueItems") is True:
            self._say("unique_items")

    def _write_in_place(self) -> None:
        site, node = self.site, self.node
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            if site.has(keyword):
                name = self.unit.explain(self.unit.sites.target(site, keyword))
                self.lines += call(name, ["v", "at", "out"], 1)
        if site.has("allOf"):
            for index in range(len(node.get("allOf"))):
                self.lines += call(self._child("allOf", index), ["v", "at", "out"], 1)
        enums = [keyword for keyword in ("anyOf", "oneOf") if self._write_alternatives(keyword)]
        if site.has("anyOf") and "anyOf" not in enums:
            branches = range(len(node.get("anyOf")))
            self._say_many("any_of", [self._child("anyOf", i) for i in branches])
        if site.has("oneOf") and "oneOf" not in enums:
            branches = range(len(node.get("oneOf")))
            whats = [self._phrase("oneOf", i) or "" for i in branches]
            self._say_many(
                "one_of",
                [self._child("oneOf", i) for i in branches],
                [self._check("oneOf", i) for i in branches],
                *([[literal(what) for what in whats]] if any(whats) else []),
            )
        if site.has("not"):
            self._say_excluded("not")
        if site.has("if") and (site.has("then") or site.has("else")):
            self.lines.append(f"{INDENT}if {self._check('if')}(v):")
            for keyword, other in (("then", "else"), ("else", "")):
                if site.has(keyword):
                    self._write_outcome(keyword)
                else:
                    self.lines.append(f"{INDENT * 2}pass")
                if other and site.has(other):
                    self.lines.append(f"{INDENT}else:")
                elif other:
                    break

    def _write_alternatives(self, keyword: str) -> bool:
        """Explain alternatives that are constants with titles as the `enum` that they are."""
        if not self.site.has(keyword):
            return False
        constants = alternative_constants(self.unit.sites, self.site, keyword)
        if constants is not None:
            self._say("enum", self.unit.constant(self.site, keyword, tuple(constants)))
        return constants is not None

    def _write_outcome(self, keyword: str) -> None:
        """What `then` or `else` say; where that is "nothing", the `if` itself is at fault."""
        if self.node.get(keyword) is not False:
            self.lines += call(self._child(keyword), ["v", "at", "out"], 2)
        elif keyword == "then":
            self._say_excluded("if", depth=2)
        else:
            self.lines += call(self._child("if"), ["v", "at", "out"], 2)

    def _say_excluded(self, keyword: str, depth: int = 1) -> None:
        if accepts_all(self.unit.sites.child(self.site, keyword)):
            self.lines += call("out.nothing", ["at", "v"], depth)
            return
        what = self._phrase(keyword)
        arguments = ["at", "v", self._check(keyword), *([f"what={literal(what)}"] if what else [])]
        self.lines += call("out.excluded", arguments, depth)

    def _phrase(self, *path: str | int) -> str | None:
        """What a subschema asks for, in words."""
        return phrase(self.unit.sites.index, self.unit.sites.child(self.site, *path).node)

    def _write_items(self) -> None:
        site, node = self.site, self.node
        keyword, start = prefix_of(site)
        if start:
            self._say_many("prefix_items", [self._child(keyword, i) for i in range(start)])
        rest = rest_of(site)
        if rest is not None:
            if node.get(rest) is False:
                self._say("no_items_after", literal(start))
            elif node.get(rest) is not True:
                self._say("items", self._child(rest), *([literal(start)] if start else []))
        if site.has("contains"):
            self._write_contains()

    def _write_contains(self) -> None:
        site, node = self.site, self.node
        if accepts_all(self.unit.sites.child(site, "contains")):
            least = node.get("minContains") if site.has("minContains") else 1
            self._say("min_items", literal(least))
            if site.has("maxContains"):
                self._say("max_items", literal(node.get("maxContains")))
        else:
            limits = [
                literal(node.get(name)) if site.has(name) else default
                for name, default in (("minContains", "1"), ("maxContains", "None"))
            ]
            what = self._phrase("contains")
            if what:
                limits.append(literal(what))
            self._say("contains", self._check("contains"), *limits)

    def _write_properties(self) -> None:
        site, node = self.site, self.node
        required = required_names(site)
        if required:
            self._say_literal("required", tuple(required))
        properties = site.table("properties")
        for name in properties:
            value = self.unit.sites.child(site, "properties", name)
            self._say("property", literal(name), self.unit.explain(value))
        patterns = site.table("patternProperties")
        compiled = [self.unit.pattern(site, pattern) for pattern in patterns]
        for name, pattern in zip(compiled, patterns, strict=True):
            self._say("pattern_properties", name, self._child("patternProperties", pattern))
        if site.has("additionalProperties") and node.get("additionalProperties") is not True:
            names = self.unit.constant(site, "properties", tuple(properties))
            arguments = [names, self._tuple(compiled)]
            if node.get("additionalProperties") is False:
                self._say("no_additional_properties", *arguments)
            else:
                child = self._child("additionalProperties")
                self._say("additional_properties", *arguments, child)
        if site.has("propertyNames"):
            self._say("property_names", self._child("propertyNames"))

    def _say_literal(self, method: str, value: Any) -> None:
        self._say(method, literal(value))

    def _write_dependencies(self) -> None:
        for keyword, name, others in dependencies(self.site):
            if others is None:
                self._say("dependent_schema", literal(name), self._child(keyword, name))
                continue
            for other in others:
                self._say("dependent_required", literal(name), literal(other))

    def _write_unevaluated(self) -> None:
        keywords = [
            keyword
            for keyword in ("unevaluatedProperties", "unevaluatedItems")
            if self.site.has(keyword) and self.node.get(keyword) is not True
        ]
        if not keywords:
            return
        self.lines.append(f"{INDENT}seen = {self.unit.use('no_marks')}()")
        self.lines.append(f"{INDENT}if {self.unit.mark_others(self.site)}(v, seen):")
        for keyword in keywords:
            arguments = ["at", "v", "seen"]
            method = _snake(keyword)
            if self.node.get(keyword) is not False:
                arguments.append(self._child(keyword))
            else:
                method = f"no_{method}"
                if keyword == "unevaluatedProperties":
                    names = declared_names(self.unit.sites.index, self.node)
                    arguments.append(self.unit.constant(self.site, "properties", names))
            self.lines += call(f"out.{method}", arguments, 2)


def declared_names(index: Index, node: Node) -> tuple[str, ...]:
    """The properties that `node` knows, whatever the conditions on them are; not all of many."""
    names: dict[str, None] = {}
    stack, visited = [node], set[Node]()
    while stack and len(visited) < _MOST_PARTS and len(names) < _MOST_PARTS:
        node = stack.pop()
        if node in visited or not isinstance(node.schema, dict):
            continue
        visited.add(node)
        names.update(dict.fromkeys(node.table("properties")))
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            if node.has(keyword):
                stack.append(index.target(node, keyword))
        for keyword in ("allOf", "anyOf", "oneOf"):
            parts = range(len(node.keyword(keyword) or ()))
            stack += [index.child(node, keyword, position) for position in parts]
        stack += [index.child(node, k) for k in ("if", "then", "else") if node.has(k)]
        table = node.table("dependentSchemas")
        stack += [index.child(node, "dependentSchemas", name) for name in table]
    return tuple(names)[:_MOST_PARTS]


def is_secret(index: Index, node: Node) -> bool:
    """Whether values of `node` must not be shown, as it or what it refers to says."""
    stack, visited = [node], set[Node]()
    while stack:
        node = stack.pop()
        if node in visited or isinstance(node.schema, bool):
            continue
        visited.add(node)
        if node.get("writeOnly") is True or node.get("format") == "password":
            return True
        stack += [index.child(node, "allOf", i) for i in range(len(node.keyword("allOf") or ()))]
        if node.has("$ref"):
            stack.append(index.target(node))
    return False


def _snake(keyword: str) -> str:
    """`exclusiveMinimum` → `exclusive_minimum`."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in keyword)
