"""Sizes stay within their budgets: mass is a cost that everyone pays who comes after."""

from __future__ import annotations

from pathlib import Path

import pytest
from budgets import SIZES, Budget, loaded_by_a_start
from import_graph import circles, import_graph


@pytest.mark.parametrize("budget", SIZES, ids=lambda budget: budget.what)
def test_a_size_is_within_its_budget(budget: Budget) -> None:
    size = budget.measure()
    if size is None:
        pytest.skip("needs conformance/schemastore in the folder that BREVETTI_SHARED names")
    number = size if isinstance(size, int) else len(size)
    assert number <= budget.at_most, size


def test_a_start_loads_nothing_but_our_own_modules() -> None:
    tops = {name.partition(".")[0] for name in loaded_by_a_start()}
    assert tops == {"__future__", "brevettiai", "settings"}


def test_a_circle_is_found_also_where_an_import_is_lazy(tmp_path: Path) -> None:
    package = tmp_path / "house"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "above.py").write_text("from .below import x\n")
    (package / "below.py").write_text("def f():\n    from . import above\n")
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .above import x\n"
    (package / "typed.py").write_text(typed + "from .below import y\n")
    assert circles(import_graph(tmp_path)) == [{"house.above", "house.below"}]
    (package / "below.py").write_text(typed)
    assert circles(import_graph(tmp_path)) == []
