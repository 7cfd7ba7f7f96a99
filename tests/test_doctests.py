"""The examples in the docstrings of both packages show what really comes out."""

from __future__ import annotations

import doctest
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import small_schemas

TOP = Path(__file__).resolve().parents[1]


def modules_with_examples() -> Iterator[str]:
    """The names of all modules that show a session of the interpreter."""
    for source in ("codegen", "runtime"):
        for path in sorted((TOP / source).rglob("*.py")):
            if ">>> " in path.read_text(encoding="utf-8"):
                parts = path.relative_to(TOP / source).with_suffix("").parts
                yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("name", list(modules_with_examples()))
def test_the_examples_of_a_module(name: str) -> None:
    module = importlib.import_module(name)
    # Such as `rows`, which prints the rows of a schema.
    given = {name: getattr(small_schemas, name) for name in ("function", "rows", "DRAFT_4")}
    result = doctest.testmod(module, extraglobs=given, optionflags=doctest.ELLIPSIS)
    assert result.attempted
    assert not result.failed
