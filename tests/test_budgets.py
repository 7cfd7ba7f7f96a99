"""Sizes stay within their budgets: mass is a cost that everyone pays who comes after."""

from __future__ import annotations

import pytest
from budgets import SIZES, Budget, loaded_by_a_start


def of_every_run(budget: Budget) -> bool:
    """Those for which not all of SchemaStore is generated."""
    return not budget.what.startswith("SchemaStore")


@pytest.mark.parametrize(
    "budget",
    [b if of_every_run(b) else pytest.param(b, marks=pytest.mark.slow) for b in SIZES],
    ids=lambda budget: budget.what,
)
def test_a_size_is_within_its_budget(budget: Budget) -> None:
    size = budget.measure()
    if size is None:
        pytest.skip("needs conformance/schemastore in the folder that BREVETTI_SHARED names")
    number = len(size) if isinstance(size, list) else size
    assert number <= budget.at_most, size


def test_a_start_loads_nothing_but_our_own_modules() -> None:
    tops = {name.partition(".")[0] for name in loaded_by_a_start()}
    assert tops == {"__future__", "brevettiai", "settings"}
