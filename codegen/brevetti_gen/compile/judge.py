"""Decides at generation time whether values fit, by running the very checks that are generated."""

from __future__ import annotations
import __future__

from collections.abc import Iterable
from itertools import chain
from typing import Any

from brevettiai import compiled
from brevettiai.errors import Problem as ValueProblem
from brevettiai.messages.findings import Findings
from brevettiai.messages.secrets import secrets_in_rows

from ..model.shapes import Shapes
from ..model.types import Model, Module
from ..patterns import found_in
from ..schema.keywords import ALONE, ANNOTATIONS
from ..schema.nodes import Node, Unfiled
from ..schema.resolve import Index
from ..schema.verdicts import TooCostly
from .program import Program
from .scopes import DynamicScopes


class _BoundedPattern(compiled.Pattern):
    """A pattern that refuses texts on which it would take long."""

    def _search_first(self, text: str) -> object:
        found = found_in(self.source, text)
        if found is None:
            raise TooCostly(self.source)
        return found or None


def judge_of(index: Index) -> CompiledJudge:
    """A judge of the schemas in `index`, to whom formats are annotations."""
    return CompiledJudge(DynamicScopes(index), asserts_formats=False)


MAX_EXPLAINED = 200
"""How many refused values are explained: each takes time in proportion to all before it."""


class CompiledJudge:
    """Compiles the checks of nodes and applies them to values: a `Judge`."""

    def __init__(self, scopes: DynamicScopes, asserts_formats: bool) -> None:
        self.asserts_formats = asserts_formats
        scratch = Module(("judge",), _NO_ROOT)
        model = Model(Shapes(scopes.index), (scratch,))
        # No schema is in this module, so that it owns the functions of all.
        (self._code,) = Program(scopes, model, asserts_formats).modules[scratch.path]
        self._names: dict[str, Any] = {name: getattr(compiled, name) for name in dir(compiled)}
        self._names["Pattern"] = _BoundedPattern
        self._done = (0, 0)
        self._explained = 0
        self._checks: dict[Node, str] = {}
        self._alike: dict[tuple[str, str], Node] = {}

    def prepare(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self._check(node)
        self._run()

    def _run(self) -> None:
        """Define the functions that were asked for since the last time."""
        self._code.program.finish()
        constants, functions = self._done
        lines = [*self._code.constants[constants:], *chain(*self._code.functions[functions:])]
        self._done = (len(self._code.constants), len(self._code.functions))
        source = "\n".join(lines)
        if source:
            flags = __future__.annotations.compiler_flag
            exec(compile(source, "<checks>", "exec", flags, dont_inherit=True), self._names)

    def fits(self, nodes: Iterable[Node], value: Any) -> bool:
        checks = [self._check(node) for node in nodes]
        if not all(map(self._names.__contains__, checks)):
            self._run()
        try:
            return all(self._names[check](value) for check in checks)
        except RecursionError:
            return False

    def problems(self, nodes: Iterable[Node], value: Any) -> list[ValueProblem]:
        nodes = list(nodes)
        if self.fits(nodes, value):
            return []
        self._explained += 1
        if self._explained > MAX_EXPLAINED:
            return [ValueProblem((), "must be what its schema says")]
        children = tuple(self._code.row(self._code.scopes.at(node)) for node in nodes)
        self._run()
        explanations = self._code.program.explanations
        row = eval(explanations.reference({"allOf": children}))
        rows = eval(f"{{{' '.join(explanations.table(self._code))}}}", self._names)
        found = Findings(rows, secrets_in_rows(row, rows))
        found.explain(row, (), value)
        return found.problems

    def _check(self, node: Node) -> str:
        """The name of the check of `node`: small schemas that say the same share one."""
        if node in self._checks:
            return self._checks[node]
        asked, asserting = node, node.keywords - ANNOTATIONS
        if asserting <= ALONE and isinstance(node.schema, dict):
            said = [(keyword, node.schema[keyword]) for keyword in sorted(asserting)]
            node = self._alike.setdefault((node.dialect.name, repr(said)), node)
        self._checks[asked] = self._code.check_node(node)
        return self._checks[asked]


_NO_ROOT = Node(True, (), Unfiled(True), None, None)  # type: ignore[arg-type]
