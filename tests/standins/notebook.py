"""Runs cells of code as a notebook's kernel does, in a process of its own with words of its own.

Reads a JSON list of cells on stdin; writes a JSON list of what each showed on the real stdout:
`printed`, `logged` (stderr), and the `value` of a last line that is an expression, as its repr.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple


class Shown(NamedTuple):
    """What a cell showed."""

    printed: str
    logged: str
    value: str


def run_notebook(cells: list[str], folder: Path, environment: dict[str, str]) -> list[Shown]:
    """Run cells one after the other in one namespace, and say what each showed.

    Raises:
        AssertionError: a cell raised; the text is the traceback.
    """
    done = subprocess.run(
        [sys.executable, __file__, "-f", "kernel-1.json", "--words", "foreign"],
        input=json.dumps(cells),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return [Shown(*shown) for shown in json.loads(done.stdout)]


def _run_cell(cell: str, namespace: dict[str, Any]) -> Shown:
    body = ast.parse(cell).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    printed, logged = io.StringIO(), io.StringIO()
    value = None
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(logged):
        # The cells must not inherit the future import of this module.
        exec(compile(ast.Module(body, []), "cell", "exec", dont_inherit=True), namespace)
        if isinstance(last, ast.Expr):
            expression = compile(ast.Expression(last.value), "cell", "eval", dont_inherit=True)
            value = eval(expression, namespace)
    shown = "" if value is None else repr(value)
    return Shown(printed.getvalue(), logged.getvalue(), shown)


if __name__ == "__main__":
    sys.argv[0] = sys.orig_argv[1] = "ipykernel_launcher.py"
    cells_namespace: dict[str, Any] = {"__name__": "__main__"}
    results = [_run_cell(cell, cells_namespace) for cell in json.load(sys.stdin)]
    json.dump(results, sys.stdout)
